/** Fragmented MP4 as ffmpeg writes it, cut into the messages of a live view; and what the boxes say of the video in them. */
import { LIVE_MESSAGE, MAX_LIVE_MESSAGE_BYTES } from '@roadwatch/contract';

export interface Mp4Message {
  readonly kind: keyof typeof LIVE_MESSAGE;
  /** With the byte before it that says its kind. */
  readonly bytes: Buffer;
}

const HEADER = 8;
/** With the boxes beside it. */
const MAX_BOX_BYTES = MAX_LIVE_MESSAGE_BYTES - 64 * 1024;

/** Boxes (ISO/IEC 14496-12, 4.2) in, messages out: ftyp and moov are one, then a moof with its mdat each. */
export class Mp4Messages {
  #chunks: Buffer[] = [];
  #bytes = 0;
  #held: Buffer[] = [];

  /** Throws when it is not what ffmpeg writes. */
  push(chunk: Buffer): readonly Mp4Message[] {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    const messages: Mp4Message[] = [];
    for (let box = this.#take(); box !== null; box = this.#take()) {
      const type = box.toString('latin1', 4, HEADER);
      this.#held.push(box);
      if (type === 'moov') messages.push(this.#message('init'));
      if (type === 'mdat')
        messages.push(this.#message(isKeyframe(this.#held[0] as Buffer) ? 'keyframe' : 'picture'));
    }
    return messages;
  }

  #message(kind: Mp4Message['kind']): Mp4Message {
    const bytes = Buffer.concat([Buffer.from([LIVE_MESSAGE[kind]]), ...this.#held]);
    this.#held = [];
    return { kind, bytes };
  }

  /** The next whole box; null while it has not come. */
  #take(): Buffer | null {
    if (this.#bytes < HEADER) return null;
    if ((this.#chunks[0] as Buffer).length < HEADER) this.#join();
    const length = (this.#chunks[0] as Buffer).readUInt32BE(0);
    if (length < HEADER || length > MAX_BOX_BYTES) throw new Error(`a box of ${length} bytes`);
    if (this.#bytes < length) return null;
    this.#join();
    const all = this.#chunks[0] as Buffer;
    this.#chunks = all.length === length ? [] : [all.subarray(length)];
    this.#bytes -= length;
    return all.subarray(0, length);
  }

  #join(): void {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)];
  }
}

const TFHD = { baseOffset: 0x1, description: 0x2, duration: 0x8, size: 0x10, flags: 0x20 } as const;
const TRUN = { dataOffset: 0x1, firstFlags: 0x4, duration: 0x100, size: 0x200, flags: 0x400 } as const;
/** sample_is_non_sync_sample (8.8.3.1). */
const NON_SYNC = 0x00010000;

/** Whether a fragment begins with a picture that needs no other (ISO/IEC 14496-12, 8.8.7 and 8.8.8). */
function isKeyframe(moof: Buffer): boolean {
  const tfhd = moof.indexOf('tfhd');
  const trun = moof.indexOf('trun');
  if (tfhd < 0 || trun < 0) return false;
  const header = moof.readUInt32BE(tfhd + 4) & 0xffffff;
  const run = moof.readUInt32BE(trun + 4) & 0xffffff;
  const sizeIf = (flags: number, flag: number, bytes: number): number => ((flags & flag) !== 0 ? bytes : 0);
  const first = trun + 12 + sizeIf(run, TRUN.dataOffset, 4);
  if ((run & TRUN.firstFlags) !== 0) return (moof.readUInt32BE(first) & NON_SYNC) === 0;
  if ((run & TRUN.flags) !== 0) {
    const at = first + sizeIf(run, TRUN.duration, 4) + sizeIf(run, TRUN.size, 4);
    return (moof.readUInt32BE(at) & NON_SYNC) === 0;
  }
  if ((header & TFHD.flags) === 0) return false;
  const at =
    tfhd +
    12 +
    sizeIf(header, TFHD.baseOffset, 8) +
    sizeIf(header, TFHD.description, 4) +
    sizeIf(header, TFHD.duration, 4) +
    sizeIf(header, TFHD.size, 4);
  return (moof.readUInt32BE(at) & NON_SYNC) === 0;
}

/** The video's profile and level as browsers are asked for it (RFC 6381 3.3; ISO/IEC 14496-15 E.3); null when it is neither H.264 nor H.265. */
export function codecsOf(init: Buffer): string | null {
  const avc = init.indexOf('avcC');
  if (avc >= 0 && init.length >= avc + 8) return `avc1.${init.toString('hex', avc + 5, avc + 8)}`;
  const hevc = init.indexOf('hvcC');
  if (hevc < 0 || init.length < hevc + 17) return null;
  const at = hevc + 5;
  const first = init[at] as number;
  const space = ['', 'A', 'B', 'C'][first >> 6];
  const tier = (first & 0x20) === 0 ? 'L' : 'H';
  const constraints = [...init.subarray(at + 5, at + 11)];
  while (constraints.at(-1) === 0) constraints.pop();
  return [
    'hvc1',
    `${space}${first & 0x1f}`,
    reversed(init.readUInt32BE(at + 1)).toString(16),
    `${tier}${init[at + 11]}`,
    ...constraints.map((byte) => byte.toString(16)),
  ].join('.');
}

/** The bits of 32 in the other order. */
function reversed(bits: number): number {
  let result = 0;
  for (let i = 0; i < 32; i++) result = ((result << 1) | ((bits >>> i) & 1)) >>> 0;
  return result;
}
