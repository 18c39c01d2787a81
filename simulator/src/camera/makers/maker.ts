/**
 * How the cameras of one maker show themselves by RTSP: where their streams are, how they ask for the login, how they describe
 * their streams, and how often they send a keyframe.
 */
import type { Codec } from '../../media/nal.ts';
import type { Sound } from '../../media/sound.ts';
import type { LoginScheme } from '../access.ts';

/** The tracks of a session. `private`: one that no standard knows, and on which nothing is sent. */
export type TrackKind = 'video' | 'sound' | 'metadata' | 'private';

/** One stream of one camera. */
interface StreamPlace {
  /** Of the camera. */
  readonly name: string;
  /** Of the cameras of this maker at one address, from 1. */
  readonly channel: number;
  readonly isSub: boolean;
}

/** What a session description is made of; each maker puts it together in its own way. */
export interface SdpParts {
  readonly name: string;
  /** Of the server, as `IN IP4 127.0.0.1`. */
  readonly origin: string;
  /** Where nothing is said of an address: `IN IP4 0.0.0.0`. */
  readonly anywhere: string;
  readonly video: {
    readonly codec: Codec;
    readonly payloadType: number;
    /** `a=rtpmap` and, where there is something to say, `a=fmtp`. */
    readonly format: readonly string[];
    readonly width: number;
    readonly height: number;
    readonly fps: number;
  };
  readonly sound: (Pick<Sound, 'codec' | 'rate'> & MediaFormat) | null;
  /** What it tells of its picture, by ONVIF. */
  readonly metadata: MediaFormat | null;
  /** The value of `a=control` of a track; of all of them without one. */
  control(track?: TrackKind): string;
}

interface MediaFormat {
  readonly payloadType: number;
  readonly format: readonly string[];
}

export interface Maker {
  /** As ONVIF tells it. */
  readonly manufacturer: string;
  readonly model: string;
  /** The Server header; null where there is none. */
  readonly server: string | null;
  readonly realm: string;
  /** How the login is asked for unless something else is said. */
  readonly schemes: readonly LoginScheme[];
  /** Says `stale="FALSE"` of a nonce that is new. */
  readonly saysFresh: boolean;
  /** Whether it asks for the login before it says that there is no such stream. */
  readonly asksFirst: boolean;
  /** Seconds from keyframe to keyframe as it is sold; null leaves the video as it is. */
  readonly gopSeconds: number | null;
  /** Cameras that one address can have. */
  readonly channels: number;
  readonly payloadTypes: Readonly<Record<Codec, number>>;
  /** Whether the VPS of H.265 is in the description, too. */
  readonly announcesVps: boolean;
  /** The last part of the address of each track. */
  readonly controls: Readonly<Partial<Record<TrackKind, string>>>;
  /** Whether they stand in the description as whole addresses. */
  readonly isAbsolute: boolean;
  /** Whether they go before the query of an address that has one, rather than behind it all. */
  readonly isBeforeQuery: boolean;
  /** Path and query of a stream, without the leading slash: what its URL is told as. */
  pathOf(place: StreamPlace): string;
  /** The same of the stream that a request means, which may call it by another name; null for none of this maker's. */
  pathMeant(path: string, query: URLSearchParams): string | null;
  /** The lines, from `o=` on. */
  sdp(parts: SdpParts): readonly string[];
}

/** The address of a track of the stream at `url`, which has no slash at its end. */
export function trackUrl({ controls, isBeforeQuery }: Maker, url: string, track: TrackKind): string {
  const at = isBeforeQuery ? url.indexOf('?') : -1;
  return at < 0 ? `${url}/${controls[track]}` : `${url.slice(0, at)}/${controls[track]}${url.slice(at)}`;
}
