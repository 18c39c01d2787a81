/**
 * Dahua: `/cam/realmonitor?channel=1&subtype=0`, with the track's name behind the query. From its RTSP documents and from what owners
 * have shown of theirs, such as bluenviron/gortsplib issue 479.
 */
import type { Maker } from './maker.ts';

export const dahua: Maker = {
  manufacturer: 'Dahua',
  model: 'IPC-HFW1431S',
  server: null,
  realm: 'Login to 3E00A7EF4DC8055',
  schemes: ['digest-md5'],
  saysFresh: false,
  asksFirst: true,
  gopSeconds: 2,
  channels: 99,
  payloadTypes: { h264: 96, h265: 98 },
  announcesVps: true,
  controls: { video: 'trackID=0', sound: 'trackID=1', metadata: 'trackID=4' },
  isAbsolute: false,
  isBeforeQuery: false,
  pathOf: ({ channel, isSub }) => `cam/realmonitor?channel=${channel}&subtype=${isSub ? 1 : 0}`,
  // Clients that were told of it by ONVIF add `unicast=true&proto=Onvif`.
  pathMeant: (path, query) =>
    path.toLowerCase() === 'cam/realmonitor'
      ? `cam/realmonitor?channel=${query.get('channel') ?? 1}&subtype=${query.get('subtype') ?? 0}`
      : null,
  sdp: ({ video, sound, metadata, control }) => [
    'o=- 2273421142 2273421142 IN IP4 0.0.0.0',
    's=Media Server',
    'c=IN IP4 0.0.0.0',
    't=0 0',
    `a=control:${control()}`,
    'a=packetization-supported:DH',
    'a=rtppayload-supported:DH',
    'a=range:npt=now-',
    'a=x-packetization-supported:IV',
    'a=x-rtppayload-supported:IV',
    `m=video 0 RTP/AVP ${video.payloadType}`,
    `a=control:${control('video')}`,
    `a=framerate:${video.fps.toFixed(6)}`,
    ...video.format,
    'a=recvonly',
    ...(sound === null
      ? []
      : [
          `m=audio 0 RTP/AVP ${sound.payloadType}`,
          `a=control:${control('sound')}`,
          ...sound.format,
          'a=recvonly',
        ]),
    ...(metadata === null
      ? []
      : [
          `m=application 0 RTP/AVP ${metadata.payloadType}`,
          `a=control:${control('metadata')}`,
          ...metadata.format,
          'a=recvonly',
        ]),
  ],
};
