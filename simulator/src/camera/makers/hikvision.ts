/**
 * Hikvision: `/Streaming/Channels/101` and `102`, tracks as whole addresses, and a `MEDIAINFO` of the maker's own. From its RTSP
 * manual and from what owners have shown of theirs, such as mpromonet/webrtc-streamer issue 138 and google/ExoPlayer issue 9800.
 */
import type { Maker, SdpParts } from './maker.ts';

const PICTURE_KBPS = 5000;
const SOUND_KBPS = 50;

export const hikvision: Maker = {
  manufacturer: 'HIKVISION',
  model: 'DS-2CD2042WD-I',
  server: null,
  realm: 'IP Camera(C2189)',
  schemes: ['digest-md5', 'basic'],
  saysFresh: true,
  asksFirst: true,
  gopSeconds: 2,
  channels: 99,
  payloadTypes: { h264: 96, h265: 96 },
  announcesVps: true,
  controls: { video: 'trackID=1', sound: 'trackID=2', metadata: 'trackID=3' },
  isAbsolute: true,
  isBeforeQuery: false,
  pathOf: ({ channel, isSub }) => `Streaming/Channels/${channel}0${isSub ? 2 : 1}`,
  pathMeant: (path) => {
    const [, channel, stream] = /^(?:ISAPI\/)?Streaming\/Channels\/(\d{1,2})0([12])$/i.exec(path) ?? [];
    if (channel !== undefined) return `Streaming/Channels/${channel}0${stream}`;
    // As its cameras had it before 2012, and still know it.
    const [, older, name] = /^h26[45]\/ch(\d{1,2})\/(main|sub)\/av_stream$/i.exec(path) ?? [];
    return older === undefined
      ? null
      : `Streaming/Channels/${older}0${name?.toLowerCase() === 'main' ? 1 : 2}`;
  },
  sdp: (parts) => {
    const { origin, anywhere, video, sound, metadata, control } = parts;
    const id = '1534930022996637';
    return [
      `o=- ${id} ${id} ${origin}`,
      's=Media Presentation',
      'e=NONE',
      `b=AS:${PICTURE_KBPS + (sound === null ? 0 : SOUND_KBPS)}`,
      't=0 0',
      `a=control:${control()}`,
      `m=video 0 RTP/AVP ${video.payloadType}`,
      `c=${anywhere}`,
      `b=AS:${PICTURE_KBPS}`,
      'a=recvonly',
      `a=x-dimensions:${video.width},${video.height}`,
      `a=control:${control('video')}`,
      ...video.format,
      ...(sound === null
        ? []
        : [
            `m=audio 0 RTP/AVP ${sound.payloadType}`,
            `c=${anywhere}`,
            `b=AS:${SOUND_KBPS}`,
            'a=recvonly',
            `a=control:${control('sound')}`,
            ...sound.format,
          ]),
      ...(metadata === null
        ? []
        : [
            `m=application 0 RTP/AVP ${metadata.payloadType}`,
            `c=${anywhere}`,
            'a=recvonly',
            `a=control:${control('metadata')}`,
            ...metadata.format,
          ]),
      `a=Media_header:MEDIAINFO=${mediaInfo(parts)};`,
      'a=appversion:1.0',
    ];
  },
};

const SOUND_CODES = { aac: 0x2001, pcma: 0x7111, pcmu: 0x7110 };
const RTP = 4;

/** The 40 bytes that begin a recording of the maker's, in hexadecimal digits. */
function mediaInfo({ video, sound }: SdpParts): string {
  const bytes = Buffer.alloc(40);
  bytes.write('IMKH', 0, 'latin1');
  bytes.writeUInt16LE(0x0201, 4);
  bytes.writeUInt16LE(RTP, 8);
  bytes.writeUInt16LE(video.codec === 'h264' ? 0x0100 : 0x0005, 10);
  if (sound !== null) {
    bytes.writeUInt16LE(SOUND_CODES[sound.codec], 12);
    bytes.writeUInt8(1, 14);
    bytes.writeUInt8(16, 15);
    bytes.writeUInt32LE(sound.rate, 16);
    bytes.writeUInt32LE(sound.codec === 'aac' ? 32_000 : 64_000, 20);
  }
  return bytes.toString('hex').toUpperCase();
}
