/** A camera of no maker: what the standards ask for and no more (RFC 4566, RFC 2326 C.1). */
import type { Maker } from './maker.ts';

export const roadwatch: Maker = {
  manufacturer: 'Roadwatch',
  model: 'Simulator',
  server: 'Roadwatch-Simulator',
  realm: 'Roadwatch Simulator',
  schemes: ['digest-md5'],
  saysFresh: false,
  asksFirst: false,
  gopSeconds: null,
  channels: Number.POSITIVE_INFINITY,
  payloadTypes: { h264: 96, h265: 96 },
  announcesVps: true,
  controls: { video: 'trackID=0', sound: 'trackID=1', metadata: 'trackID=2' },
  isAbsolute: false,
  isBeforeQuery: false,
  pathOf: ({ name, isSub }) => (isSub ? `${name}/sub` : name),
  pathMeant: (path) => path,
  sdp: ({ name, origin, anywhere, video, sound, metadata, control }) => [
    `o=- 0 0 ${origin}`,
    `s=${name.replaceAll(/[\r\n]/g, ' ')}`,
    `c=${anywhere}`,
    't=0 0',
    `a=control:${control()}`,
    'a=range:npt=now-',
    `m=video 0 RTP/AVP ${video.payloadType}`,
    ...video.format,
    `a=framerate:${Number(video.fps.toFixed(3))}`,
    `a=control:${control('video')}`,
    ...(sound === null
      ? []
      : [`m=audio 0 RTP/AVP ${sound.payloadType}`, ...sound.format, `a=control:${control('sound')}`]),
    ...(metadata === null
      ? []
      : [
          `m=application 0 RTP/AVP ${metadata.payloadType}`,
          ...metadata.format,
          `a=control:${control('metadata')}`,
        ]),
  ],
};
