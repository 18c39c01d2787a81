/**
 * A clip: compressed video held in memory, encoded once and shared by every camera and client that plays it.
 * Times are ticks of the 90 kHz RTP clock (RFC 6184 8.2.1) from the start of the clip.
 */
import { type Codec, isParameterSet, splitAnnexB } from './nal.ts';

export const TICKS_PER_SECOND = 90_000;

/** One coded picture with all its NAL units. */
export interface AccessUnit {
  readonly nals: readonly Buffer[];
  readonly keyframe: boolean;
  /** When it must be sent and decoded. */
  readonly dts: number;
  /** When it is shown: the time that its RTP packets carry. */
  readonly pts: number;
}

export interface Clip {
  readonly codec: Codec;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** In decoding order; the first is a keyframe, and every keyframe carries its parameter sets. */
  readonly units: readonly AccessUnit[];
  /** Length: where the next clip, or this one again, begins. */
  readonly ticks: number;
  /** In the order VPS, SPS, PPS; what the SDP announces. */
  readonly parameterSets: readonly Buffer[];
}

/** One line of the index that ffmpeg writes beside the byte stream. */
export interface PacketEntry {
  readonly dts: number | null;
  readonly pts: number | null;
  readonly duration: number;
  readonly size: number;
  readonly keyframe: boolean;
}

/**
 * Cuts a byte stream into access units by its packet index (times in ticks).
 * @throws Error when it holds no keyframe, or when index and stream do not fit.
 */
export function clipFrom(
  picture: Pick<Clip, 'codec' | 'width' | 'height' | 'fps'>,
  stream: Buffer,
  index: readonly PacketEntry[],
): Clip {
  const { codec, fps } = picture;
  const frameTicks = Math.round(TICKS_PER_SECOND / fps);
  const units: AccessUnit[] = [];
  let parameterSets: Buffer[] = [];
  let offset = 0;
  let origin: number | null = null;
  let nextDts = 0;
  for (const entry of index) {
    const bytes = stream.subarray(offset, offset + entry.size);
    if (bytes.length !== entry.size) throw new Error('the byte stream ends before its index does');
    offset += entry.size;
    const nals = splitAnnexB(bytes);
    if (nals.length === 0 || (units.length === 0 && !entry.keyframe)) continue;
    const own = nals.filter((nal) => isParameterSet(codec, nal));
    if (own.length > 0) parameterSets = own;
    const withSets = entry.keyframe && own.length === 0 ? [...parameterSets, ...nals] : nals;
    origin ??= entry.dts ?? entry.pts ?? 0;
    // Raw streams carry no times; damaged ones run backwards. Either way sending must go on evenly.
    const dts = entry.dts === null ? nextDts : Math.max(nextDts - frameTicks + 1, entry.dts - origin);
    const pts = entry.pts === null ? dts : Math.max(dts, entry.pts - origin);
    units.push({ nals: withSets, keyframe: entry.keyframe, dts, pts });
    nextDts = dts + (entry.duration > 0 ? entry.duration : frameTicks);
  }
  const first = units[0];
  if (first === undefined) throw new Error('no keyframe found');
  const announced = first.nals.filter((nal) => isParameterSet(codec, nal));
  if (announced.length < 2) throw new Error('no parameter sets found');
  return { ...picture, units, ticks: nextDts, parameterSets: announced };
}

/** A clip that came from another thread or from disk, where buffers turn into plain byte arrays. */
export function withBuffers(clip: Clip): Clip {
  const buffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const units = clip.units.map((unit): AccessUnit => ({ ...unit, nals: unit.nals.map(buffer) }));
  return { ...clip, units, parameterSets: clip.parameterSets.map(buffer) };
}
