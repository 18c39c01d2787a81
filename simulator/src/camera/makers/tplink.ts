/**
 * TP-Link (Tapo, VIGI): `/stream1` and `/stream2` of one lens, and a third medium that no client understands: its type and its format
 * are none of RFC 4566 5.14. From its support pages and from what owners have shown of theirs, such as scottlamb/moonfire-nvr issue 238
 * and koush/scrypted issue 1271.
 */
import type { Maker } from './maker.ts';

export const tplink: Maker = {
  manufacturer: 'tp-link',
  model: 'Tapo C310',
  server: null,
  realm: 'TP-LINK IP-Camera',
  schemes: ['basic', 'digest-md5'],
  saysFresh: false,
  asksFirst: true,
  gopSeconds: 4,
  channels: 1,
  payloadTypes: { h264: 96, h265: 96 },
  announcesVps: true,
  controls: { video: 'track1', sound: 'track2', private: 'track3' },
  isAbsolute: false,
  isBeforeQuery: false,
  pathOf: ({ isSub }) => (isSub ? 'stream2' : 'stream1'),
  pathMeant: (path) => (/^stream[12]$/i.test(path) ? path.toLowerCase() : null),
  sdp: ({ origin, anywhere, video, sound, control }) => [
    `o=- 14665860 31787219 1 ${origin}`,
    's=Session streamed by "TP-LINK RTSP Server"',
    't=0 0',
    `m=video 0 RTP/AVP ${video.payloadType}`,
    `c=${anywhere}`,
    'b=AS:4096',
    'a=range:npt=0-',
    `a=control:${control('video')}`,
    ...video.format,
    ...(sound === null
      ? []
      : [`m=audio 0 RTP/AVP ${sound.payloadType}`, ...sound.format, `a=control:${control('sound')}`]),
    'm=application/TP-LINK 0 RTP/AVP smart/1/90000',
    'a=rtpmap:95 TP-LINK/90000',
    `a=control:${control('private')}`,
  ],
};
