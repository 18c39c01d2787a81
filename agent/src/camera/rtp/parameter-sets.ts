/** What a decoder must know before the first picture: from the description of the stream, and from the stream where it says more. */
import type { PictureCodec } from '../../frame/codec.ts';

/** By the type of the unit, in the order in which a decoder wants them. */
const WANTED = { H264: [7, 8], H265: [32, 33, 34] } as const;
/** RFC 6184 8.1, RFC 7798 7.1. */
const SPROP = {
  H264: ['sprop-parameter-sets'],
  H265: ['sprop-vps', 'sprop-sps', 'sprop-pps'],
} as const;
/** H.265 allows 64 sets of pictures' parameters; a camera has two or three. */
const MAX_SETS = 72;
const MAX_SET_BYTES = 4_096;

export function unitType(codec: PictureCodec, first: number): number {
  return codec === 'H264' ? first & 0x1f : (first >> 1) & 0x3f;
}

export class ParameterSets {
  readonly #codec: PictureCodec;
  /** By type and bytes, the one told last at the end. */
  #sets: { readonly type: number; readonly unit: Buffer }[] = [];

  /** `parameters`: the `fmtp` attribute of the track. */
  constructor(codec: PictureCodec, parameters: string) {
    this.#codec = codec;
    for (const name of SPROP[codec]) {
      const list = new RegExp(`(?:^|;)\\s*${name}\\s*=\\s*([^;\\s]+)`, 'i').exec(parameters)?.[1] ?? '';
      for (const text of list.split(',')) this.keep(Buffer.from(text, 'base64'));
    }
  }

  isOne(type: number): boolean {
    return (WANTED[this.#codec] as readonly number[]).includes(type);
  }

  /** A set of its stream; the bytes are copied. */
  keep(unit: Buffer): void {
    const type = unitType(this.#codec, unit[0] ?? 0);
    if (!this.isOne(type) || unit.length > MAX_SET_BYTES || unit.length < 2) return;
    if (this.#sets.some((known) => known.unit.equals(unit))) return;
    const id = idOf(this.#codec, unit);
    this.#sets = [
      ...this.#sets.filter((known) => known.type !== type || idOf(this.#codec, known.unit) !== id),
      { type, unit: Buffer.from(unit) },
    ].slice(-MAX_SETS);
  }

  /** All that is known. */
  get units(): readonly Buffer[] {
    return WANTED[this.#codec].flatMap((type) =>
      this.#sets.filter((known) => known.type === type).map(({ unit }) => unit),
    );
  }
}

/** Which of its kind it is. Of a set whose id stands behind what is not read here the first bytes, so that sets that differ are kept apart. */
function idOf(codec: PictureCodec, unit: Buffer): string {
  const type = unitType(codec, unit[0] ?? 0);
  if (codec === 'H264' && type === 7) return `${firstGolomb(unit, 4)}`;
  if (codec === 'H264') return `${firstGolomb(unit, 1)}`;
  if (type === 32) return `${(unit[2] ?? 0) >> 4}`;
  if (type === 34) return `${firstGolomb(unit, 2)}`;
  // The id follows a profile of 12 bytes or more; cameras have one.
  return '';
}

/** The unsigned Exp-Golomb number at the beginning of a byte (ITU-T H.264 9.1); null where there is none. */
function firstGolomb(bytes: Buffer, at: number): number | null {
  return golombsAt(bytes, at, 1)[0] ?? null;
}

/** The first so many of them. */
export function golombsAt(bytes: Buffer, at: number, count: number): readonly number[] {
  let bit = at * 8;
  const next = (): number | undefined => {
    const byte = bytes[bit >> 3];
    return byte === undefined ? undefined : (byte >> (7 - (bit++ & 7))) & 1;
  };
  const numbers: number[] = [];
  while (numbers.length < count) {
    let zeros = 0;
    for (let one = next(); one !== 1; one = next()) {
      if (one === undefined || ++zeros > 31) return numbers;
    }
    let value = 1;
    for (let n = 0; n < zeros; n++) {
      const more = next();
      if (more === undefined) return numbers;
      value = value * 2 + more;
    }
    numbers.push(value - 1);
  }
  return numbers;
}
