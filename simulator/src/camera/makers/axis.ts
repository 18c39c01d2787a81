/**
 * Axis: `/axis-media/media.amp?camera=1`, served by GStreamer, with the track's name before the query. From the VAPIX library and from
 * the answers of cameras that Axis itself publishes with its media-stream-library.
 */
import type { Maker } from './maker.ts';

const SUB_SIZE = '640x360';

export const axis: Maker = {
  manufacturer: 'AXIS',
  model: 'P3265-V',
  server: 'GStreamer RTSP server',
  realm: 'AXIS_ACCC8E012345',
  schemes: ['digest-md5', 'basic'],
  saysFresh: true,
  asksFirst: true,
  // 32 pictures at 30 a second.
  gopSeconds: 1.07,
  channels: 99,
  payloadTypes: { h264: 96, h265: 96 },
  announcesVps: true,
  controls: { video: 'stream=0', sound: 'stream=1', metadata: 'stream=2' },
  isAbsolute: true,
  isBeforeQuery: true,
  pathOf: ({ channel, isSub }) =>
    `axis-media/media.amp?camera=${channel}${isSub ? `&resolution=${SUB_SIZE}` : ''}`,
  pathMeant: (path, query) =>
    path.toLowerCase() === 'axis-media/media.amp'
      ? `axis-media/media.amp?camera=${query.get('camera') ?? 1}${query.get('resolution') === SUB_SIZE ? `&resolution=${SUB_SIZE}` : ''}`
      : null,
  sdp: ({ origin, anywhere, video, sound, metadata, control }) => [
    `o=- 12566106766544666011 1 ${origin}`,
    's=Session streamed with GStreamer',
    'i=rtsp-server',
    't=0 0',
    'a=tool:GStreamer',
    'a=type:broadcast',
    'a=range:npt=now-',
    `a=control:${control()}`,
    `m=video 0 RTP/AVP ${video.payloadType}`,
    `c=${anywhere}`,
    'b=AS:50000',
    ...video.format,
    `a=control:${control('video')}`,
    `a=framerate:${video.fps.toFixed(6)}`,
    'a=transform:1.000000,0.000000,0.000000;0.000000,1.000000,0.000000;0.000000,0.000000,1.000000',
    ...(sound === null
      ? []
      : [
          `m=audio 0 RTP/AVP ${sound.payloadType}`,
          `c=${anywhere}`,
          'b=AS:64',
          ...sound.format,
          `a=control:${control('sound')}`,
        ]),
    ...(metadata === null
      ? []
      : [
          `m=application 0 RTP/AVP ${metadata.payloadType}`,
          `c=${anywhere}`,
          ...metadata.format,
          `a=control:${control('metadata')}`,
        ]),
  ],
};
