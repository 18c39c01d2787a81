/** RTP packets (RFC 3550 5.1) out of an RTSP connection's interleaved frames (RFC 2326 10.12). */

export interface RtpPacket {
  readonly payloadType: number;
  /** In video: the last packet of a picture. */
  readonly marker: boolean;
  readonly sequence: number;
  /** At 90 kHz, 32 bits. */
  readonly timestamp: number;
  readonly payload: Buffer;
}

const HEADER = 12;

/** Null for what is no packet of version 2, or shorter than it says. */
export function parseRtp(bytes: Buffer): RtpPacket | null {
  const first = bytes[0] ?? 0;
  const second = bytes[1] ?? 0;
  if (bytes.length < HEADER || first >> 6 !== 2) return null;
  let from = HEADER + 4 * (first & 0x0f);
  if ((first & 0x10) !== 0) {
    if (bytes.length < from + 4) return null;
    from += 4 + 4 * bytes.readUInt16BE(from + 2);
  }
  const padding = (first & 0x20) === 0 ? 0 : (bytes[bytes.length - 1] ?? 0);
  const to = bytes.length - padding;
  if (to <= from) return null;
  return {
    payloadType: second & 0x7f,
    marker: (second & 0x80) !== 0,
    sequence: bytes.readUInt16BE(2),
    timestamp: bytes.readUInt32BE(4),
    payload: bytes.subarray(from, to),
  };
}

const FRAME_HEADER = 4;
const MAX_FRAME = FRAME_HEADER + 65_535;

/** Interleaved frames, put together where they came in pieces. */
export class InterleavedFrames {
  readonly #onFrame: (channel: number, bytes: Buffer) => void;
  readonly #part = Buffer.allocUnsafe(MAX_FRAME);
  #held = 0;

  /** `onFrame`: its bytes are valid during the call. */
  constructor(onFrame: (channel: number, bytes: Buffer) => void) {
    this.#onFrame = onFrame;
  }

  /** Nothing but frames, as RtspScanner hands them on. */
  push(bytes: Buffer): void {
    let at = this.#held === 0 ? 0 : this.#complete(bytes);
    while (bytes.length - at >= FRAME_HEADER) {
      const size = FRAME_HEADER + bytes.readUInt16BE(at + 2);
      if (bytes.length - at < size) break;
      this.#onFrame(bytes[at + 1] as number, bytes.subarray(at + FRAME_HEADER, at + size));
      at += size;
    }
    if (at < bytes.length) this.#hold(bytes, at, bytes.length);
  }

  /** The frame that has begun before, as far as it has come; how many bytes are its. */
  #complete(bytes: Buffer): number {
    let at = 0;
    if (this.#held < FRAME_HEADER) {
      at = Math.min(FRAME_HEADER - this.#held, bytes.length);
      this.#hold(bytes, 0, at);
      if (this.#held < FRAME_HEADER) return at;
    }
    const size = FRAME_HEADER + this.#part.readUInt16BE(2);
    const end = at + Math.min(size - this.#held, bytes.length - at);
    this.#hold(bytes, at, end);
    if (this.#held < size) return end;
    this.#held = 0;
    this.#onFrame(this.#part[1] as number, this.#part.subarray(FRAME_HEADER, size));
    return end;
  }

  #hold(bytes: Buffer, from: number, to: number): void {
    bytes.copy(this.#part, this.#held, from, to);
    this.#held += to - from;
  }
}
