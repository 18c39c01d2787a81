/**
 * Uniview: `/unicast/c1/s0/live`, or `/media/video1`; a description without the time that RFC 4566 5.9 asks for, payload type 105, and
 * no VPS. The realm is the camera's hardware address. From its URL documents and from what owners have shown of theirs, such as
 * AlexxIT/go2rtc issue 1663 and bluenviron/mediamtx issue 4660.
 */
import type { Maker } from './maker.ts';

export const uniview: Maker = {
  manufacturer: 'Uniview',
  model: 'IPC2122LB-SF28K-A',
  server: null,
  realm: 'c4790503a344',
  schemes: ['digest-md5'],
  saysFresh: true,
  asksFirst: true,
  gopSeconds: 2,
  channels: 99,
  payloadTypes: { h264: 105, h265: 108 },
  announcesVps: false,
  controls: { video: 'video', sound: 'audio', metadata: 'metadata' },
  isAbsolute: true,
  isBeforeQuery: false,
  pathOf: ({ channel, isSub }) => `unicast/c${channel}/s${isSub ? 1 : 0}/live`,
  pathMeant: (path) => {
    const [, channel, stream] = /^unicast\/c(\d{1,2})\/s([01])\/live$/i.exec(path) ?? [];
    if (channel !== undefined) return `unicast/c${channel}/s${stream}/live`;
    const [, number] = /^media\/video([12])$/i.exec(path) ?? [];
    return number === undefined ? null : `unicast/c1/s${Number(number) - 1}/live`;
  },
  sdp: ({ origin, video, sound, metadata, control }) => [
    `o=- 1001 1 ${origin}`,
    's=VCP IPC Realtime stream',
    `m=video 0 RTP/AVP ${video.payloadType}`,
    `c=${origin}`,
    `a=control:${control('video')}`,
    ...video.format,
    'a=recvonly',
    ...(sound === null
      ? []
      : [
          `m=audio 0 RTP/AVP ${sound.payloadType}`,
          `c=${origin}`,
          `a=control:${control('sound')}`,
          ...sound.format,
          'a=recvonly',
        ]),
    ...(metadata === null
      ? []
      : [
          `m=application 0 RTP/AVP ${metadata.payloadType}`,
          `c=${origin}`,
          `a=control:${control('metadata')}`,
          ...metadata.format,
          `a=fmtp:${metadata.payloadType} DecoderTag=h3c-v3 RTCP=0`,
          'a=recvonly',
        ]),
  ],
};
