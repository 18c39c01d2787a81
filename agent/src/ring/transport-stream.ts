/**
 * One track of video as an MPEG transport stream (ISO/IEC 13818-1), written here: a program for each camera that does nothing else
 * costs more memory than all the rest of the camera.
 */
import type { PictureCodec } from '../frame/codec.ts';

/** Of which everything consists. */
export const PACKET = 188;
const BODY = PACKET - 4;
/** With the clock of the program in its adaptation field. */
const FIRST_BODY = BODY - 8;
const PES_HEADER = 14;
const PMT_PID = 0x1000;
const VIDEO_PID = 0x100;
/** ISO/IEC 13818-1 table 2-34. */
const STREAM_TYPE = { H264: 0x1b, H265: 0x24 } as const;
const TIME_WRAP = 2 ** 33;

/** What is to be written, in order and each once, in pieces as large as there is room. */
export interface Packets {
  readonly count: number;
  /** So many of them, from the one with that number. */
  write(out: Buffer, at: number, first: number, count: number): void;
}

interface Picture {
  readonly bytes: Buffer;
  readonly time: number;
  readonly isKeyframe: boolean;
}

export class TransportStream {
  readonly #tables: Buffer;
  #tableCount = 0;
  #count = 0;

  constructor(codec: PictureCodec) {
    this.#tables = Buffer.concat([
      tablePacket(0, [0x00, 0x01, 0xc1, 0, 0, 0, 1, 0xe0 | (PMT_PID >> 8), PMT_PID & 0xff]),
      tablePacket(PMT_PID, [
        ...[0x00, 0x01, 0xc1, 0, 0, 0xe0 | (VIDEO_PID >> 8), VIDEO_PID & 0xff, 0xf0, 0],
        ...[STREAM_TYPE[codec], 0xe0 | (VIDEO_PID >> 8), VIDEO_PID & 0xff, 0xf0, 0],
      ]),
    ]);
  }

  /** What a file begins with. */
  tables(): Packets {
    const count = this.#tableCount;
    this.#tableCount = (count + 1) & 0x0f;
    return {
      count: 2,
      write: (out, at, first, packets) => {
        this.#tables.copy(out, at, first * PACKET, (first + packets) * PACKET);
        for (let packet = 0; packet < packets; packet++) out[at + packet * PACKET + 3] = 0x10 | count;
      },
    };
  }

  /** One picture, in the order of decoding, which here is that of showing. `time`: at 90 kHz, from 0. */
  picture(bytes: Buffer, time: number, isKeyframe: boolean): Packets {
    return {
      count: 1 + Math.max(0, Math.ceil((PES_HEADER + bytes.length - FIRST_BODY) / BODY)),
      write: (out, at, first, packets) => this.#write({ bytes, time, isKeyframe }, out, at, first, packets),
    };
  }

  #write(
    { bytes: picture, time, isKeyframe }: Picture,
    out: Buffer,
    from: number,
    first: number,
    packets: number,
  ): void {
    const header = pesHeader(picture.length, time % TIME_WRAP);
    const total = PES_HEADER + picture.length;
    const end = from + packets * PACKET;
    let taken = first === 0 ? 0 : FIRST_BODY + (first - 1) * BODY;
    for (let at = from; at < end; at += PACKET) {
      const isFirst = taken === 0;
      const length = Math.min(isFirst ? FIRST_BODY : BODY, total - taken);
      const adaptation = BODY - length;
      out[at] = 0x47;
      out[at + 1] = (isFirst ? 0x40 : 0) | (VIDEO_PID >> 8);
      out[at + 2] = VIDEO_PID & 0xff;
      out[at + 3] = (adaptation > 0 ? 0x30 : 0x10) | this.#count;
      this.#count = (this.#count + 1) & 0x0f;
      if (adaptation > 0) {
        out[at + 4] = adaptation - 1;
        if (adaptation > 1) out[at + 5] = isFirst ? 0x10 | (isKeyframe ? 0x40 : 0) : 0;
        if (isFirst) writeClock(out, at + 6, time % TIME_WRAP);
        if (adaptation > 2) out.fill(0xff, at + (isFirst ? 12 : 6), at + 4 + adaptation);
      }
      const to = at + PACKET - length;
      if (isFirst) header.copy(out, to);
      const inHeader = isFirst ? PES_HEADER : 0;
      picture.copy(out, to + inHeader, taken + inHeader - PES_HEADER, taken + length - PES_HEADER);
      taken += length;
    }
  }
}

/** 2.4.3.7: a time of showing alone, for it is that of decoding as well. */
function pesHeader(length: number, time: number): Buffer {
  const size = length + PES_HEADER - 6;
  const header = Buffer.from([0, 0, 1, 0xe0, 0, 0, 0x80, 0x80, 5, 0, 0, 0, 0, 0]);
  // With its length told, a picture is whole for who reads along when it is written; 0 where that does not fit.
  if (size <= 0xffff) header.writeUInt16BE(size, 4);
  const high = Math.floor(time / 2 ** 30);
  const low = time % 2 ** 30;
  header[9] = 0x21 | (high << 1);
  header.writeUInt16BE(((low >>> 15) << 1) | 1, 10);
  header.writeUInt16BE(((low & 0x7fff) << 1) | 1, 12);
  return header;
}

/** 2.4.3.5. */
function writeClock(out: Buffer, at: number, time: number): void {
  out.writeUInt32BE(Math.floor(time / 2), at);
  out[at + 4] = ((time & 1) << 7) | 0x7e;
  out[at + 5] = 0;
}

/** A table of one section (2.4.4). */
function tablePacket(pid: number, body: readonly number[]): Buffer {
  const packet = Buffer.alloc(PACKET, 0xff);
  const isMap = pid !== 0;
  const length = body.length + 4;
  const section = Buffer.from([isMap ? 2 : 0, 0xb0 | (length >> 8), length & 0xff, ...body]);
  packet.set([0x47, 0x40 | (pid >> 8), pid & 0xff, 0x10, 0]);
  section.copy(packet, 5);
  packet.writeUInt32BE(crc32(section), 5 + section.length);
  return packet;
}

/** Annex A of ISO/IEC 13818-1, which is not that of zlib. */
function crc32(bytes: Buffer): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc < 0 ? 0x04c1_1db7 : 0);
  }
  return crc >>> 0;
}
