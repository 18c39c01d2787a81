/**
 * What a camera says of its stream (SDP, RFC 8866), and what of that ffmpeg is told: one track of video in a form written
 * here, so that nothing that a camera writes reaches ffmpeg's parser but the parameters of its codec.
 */
import { CameraFault } from './fault.ts';

const CODECS = ['H264', 'H265', 'JPEG', 'MP4V-ES'] as const;
export type VideoCodec = (typeof CODECS)[number];

export interface VideoTrack {
  readonly codec: VideoCodec;
  /** To be set up, absolute. */
  readonly uri: string;
  /** To be played: the whole presentation (RFC 2326 C.1.1). */
  readonly playUri: string;
  /** Of its packets (RFC 3550 5.1). */
  readonly payloadType: number;
  /** The `fmtp` attribute: what the codec must know. */
  readonly parameters: string;
  /** For ffmpeg; its track is `trackID=0`. */
  readonly description: string;
}

interface Media {
  readonly kind: string;
  readonly payloadTypes: readonly number[];
  readonly attributes: readonly string[];
}

/** Static payload types of video (RFC 3551 6). */
const STATIC: Readonly<Record<number, string>> = {
  25: 'CelB',
  26: 'JPEG',
  28: 'nv',
  31: 'H261',
  32: 'MPV',
  34: 'H263',
};
const MAX_PARAMETERS = 8_192;

/** `base`: the Content-Base of the answer, or where the question went. Throws CameraFault. */
export function chooseVideo(sdp: string, base: string): VideoTrack {
  const { session, media } = parse(sdp);
  const videos = media.filter(({ kind }) => kind === 'video');
  if (videos.length === 0) throw new CameraFault('not-video', 'the stream carries no video');
  const names: string[] = [];
  for (const { payloadTypes, attributes } of videos) {
    for (const payloadType of payloadTypes) {
      const name = encodingOf(payloadType, attributes);
      const codec = CODECS.find((known) => known === name.toUpperCase());
      names.push(name);
      if (codec === undefined) continue;
      const parameters = safe(attribute(attributes, `fmtp:${payloadType} `) ?? '');
      return {
        codec,
        uri: resolve(base, attribute(attributes, 'control:')),
        playUri: resolve(base, attribute(session, 'control:')),
        payloadType,
        parameters,
        description: describe(codec, payloadType, parameters),
      };
    }
  }
  const sent = (names[0] ?? 'nothing known').replace(/[^\w.-]/g, '').slice(0, 30);
  throw new CameraFault('not-video', `the camera sends ${sent}; set it to H.264 or H.265`);
}

function parse(sdp: string): { readonly session: readonly string[]; readonly media: readonly Media[] } {
  const session: string[] = [];
  const media: (Media & { readonly attributes: string[] })[] = [];
  for (const line of sdp.split(/\r\n|\r|\n/)) {
    if (line.startsWith('m=')) {
      const [kind = '', , , ...formats] = line.slice(2).trim().split(/\s+/);
      const payloadTypes = formats
        .map(Number)
        .filter((type) => Number.isInteger(type) && type >= 0 && type < 128);
      media.push({ kind, payloadTypes, attributes: [] });
    } else if (line.startsWith('a=')) {
      (media.at(-1)?.attributes ?? session).push(line.slice(2).trim());
    }
  }
  return { session, media };
}

function encodingOf(payloadType: number, attributes: readonly string[]): string {
  const map = attribute(attributes, `rtpmap:${payloadType} `);
  return map?.split('/')[0]?.trim() ?? STATIC[payloadType] ?? `payload type ${payloadType}`;
}

function attribute(attributes: readonly string[], prefix: string): string | null {
  return (
    attributes
      .find((attribute) => attribute.startsWith(prefix))
      ?.slice(prefix.length)
      .trim() ?? null
  );
}

/** As ffmpeg and others join them, for cameras are made to work with these: a query stays before the track's name. */
function resolve(base: string, control: string | null): string {
  if (control === null || control === '' || control === '*') return base;
  const uri = /^rtsps?:\/\//i.test(control) ? control : `${base.replace(/\/$/, '')}/${control}`;
  if (!/^[\x21-\x7e]{1,2048}$/.test(uri)) {
    throw new CameraFault('not-video', 'the camera describes its stream in a way that cannot be read');
  }
  return uri;
}

function safe(parameters: string): string {
  return parameters.replace(/[^\x20-\x7e]/g, '').slice(0, MAX_PARAMETERS);
}

function describe(codec: VideoCodec, payloadType: number, parameters: string): string {
  return [
    ...['v=0', 'o=- 0 0 IN IP4 127.0.0.1', 's=camera', 'c=IN IP4 0.0.0.0', 't=0 0'],
    `m=video 0 RTP/AVP ${payloadType}`,
    // Video over RTP counts at 90 kHz, whatever a camera says (RFC 6184 5.1, RFC 7798 4.1, RFC 2435 3.1).
    `a=rtpmap:${payloadType} ${codec}/90000`,
    ...(parameters === '' ? [] : [`a=fmtp:${payloadType} ${parameters}`]),
    'a=control:trackID=0',
    '',
  ].join('\r\n');
}
