/**
 * An RTSP connection's bytes, told apart: messages (RFC 2326 4) and interleaved frames (10.12). Frames are handed on as they
 * came, in pieces as large as they came: this runs over every byte of every camera.
 */

export interface RtspMessage {
  readonly startLine: string;
  /** Names in lower case; a header that stands twice has two values. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: string;
}

export interface ScannerEvents {
  onMessage(message: RtspMessage): void;
  /** Interleaved frames; `atEnd` when the last of them is whole. Valid during this call, unless copied. */
  onFrames(bytes: Buffer, atEnd: boolean): void;
  /** The first bytes of a frame, its header of 4 bytes included; returns whether the frame is to be handed on. */
  onFrame?(bytes: Buffer, at: number): boolean;
}

export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}

const DOLLAR = 0x24;
const CR = 0x0d;
const LF = 0x0a;
const MAX_HEADER_BYTES = 16 * 1024;
const MAX_BODY_BYTES = 64 * 1024;
/** Of each frame: its header, the RTP header and as much as tells what the picture is. */
const PEEK_BYTES = 48;
const START_LINE = /^(?:RTSP\/1\.\d \d{3}(?: |$)|[A-Z_]{3,20} \S{1,2048} RTSP\/1\.\d$)/;
/** Of a start line that has not come whole. */
const BEGINNING = /^[A-Z_][\x20-\x7e]{0,2090}\r?$/;
const EMPTY = Buffer.alloc(0);

export class RtspScanner {
  readonly #events: ScannerEvents;
  /** Of the frame that has begun. */
  #missing = 0;
  #held: Buffer = EMPTY;
  #framed = false;
  #passes = true;

  constructor(events: ScannerEvents) {
    this.#events = events;
  }

  /** Throws ProtocolError when it is not RTSP, or more than a message may hold. */
  push(chunk: Buffer): void {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    this.#held = EMPTY;
    let from = 0;
    let at = Math.min(this.#missing, bytes.length);
    this.#missing -= at;
    while (at < bytes.length) {
      if (bytes[at] !== DOLLAR) {
        if (at > from) this.#handOn(bytes.subarray(from, at), true);
        const end = this.#message(bytes, at);
        if (end === null) {
          this.#hold(bytes, at);
          return;
        }
        at = end;
        from = end;
        continue;
      }
      const available = bytes.length - at;
      const size = available < 4 ? Number.POSITIVE_INFINITY : 4 + bytes.readUInt16BE(at + 2);
      if (available < Math.min(size, PEEK_BYTES)) break;
      this.#framed = true;
      const passes = this.#events.onFrame?.(bytes, at) ?? true;
      if (passes !== this.#passes) {
        if (at > from) this.#handOn(bytes.subarray(from, at), true);
        from = at;
        this.#passes = passes;
      }
      const taken = Math.min(size, available);
      this.#missing = size - taken;
      at += taken;
    }
    if (at > from) this.#handOn(bytes.subarray(from, at), this.#missing === 0);
    this.#hold(bytes, at);
  }

  /** Where the message that begins here ends; null while it is not whole. */
  #message(bytes: Buffer, at: number): number | null {
    // Cameras put empty lines between frames (RFC 2326 4.1 wants them passed over).
    if (bytes[at] === CR || bytes[at] === LF) return at + 1;
    const headerEnd = bytes.indexOf('\r\n\r\n', at);
    const lineEnd = bytes.indexOf('\r\n', at);
    const startLine = bytes.toString('latin1', at, lineEnd < 0 ? Math.min(bytes.length, at + 2100) : lineEnd);
    if (!(lineEnd < 0 ? BEGINNING : START_LINE).test(startLine)) {
      if (!this.#framed) throw new ProtocolError('not RTSP');
      // Bytes were lost between frames: on with what looks like the next one.
      const next = bytes.indexOf(DOLLAR, at + 1);
      return next < 0 ? bytes.length : next;
    }
    if (headerEnd < 0) {
      if (bytes.length - at > MAX_HEADER_BYTES) throw new ProtocolError('an endless header');
      return null;
    }
    if (headerEnd - at > MAX_HEADER_BYTES) throw new ProtocolError('an endless header');
    const headers = parseHeaders(bytes.toString('utf8', lineEnd + 2, headerEnd));
    const length = Number(headers.get('content-length')?.[0] ?? 0);
    if (!Number.isInteger(length) || length < 0 || length > MAX_BODY_BYTES) {
      throw new ProtocolError('a body that is too long');
    }
    const end = headerEnd + 4 + length;
    if (bytes.length < end) return null;
    this.#events.onMessage({ startLine, headers, body: bytes.toString('utf8', headerEnd + 4, end) });
    return end;
  }

  #handOn(bytes: Buffer, atEnd: boolean): void {
    if (this.#passes) this.#events.onFrames(bytes, atEnd);
  }

  #hold(bytes: Buffer, at: number): void {
    // A copy: what is left over is small, and the piece that it came in is large.
    if (at < bytes.length) this.#held = Buffer.from(bytes.subarray(at));
  }
}

function parseHeaders(text: string): ReadonlyMap<string, readonly string[]> {
  const headers = new Map<string, string[]>();
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    const values = headers.get(name);
    const value = line.slice(colon + 1).trim();
    if (values === undefined) headers.set(name, [value]);
    else values.push(value);
  }
  return headers;
}

/** An answer's number and phrase; null when it is a request. */
export function statusOf({
  startLine,
}: RtspMessage): { readonly status: number; readonly phrase: string } | null {
  const found = /^RTSP\/1\.\d (\d{3}) ?(.*)$/.exec(startLine);
  // The phrase is the camera's own words and goes into a log.
  return found === null
    ? null
    : { status: Number(found[1]), phrase: (found[2] ?? '').replace(/[^\x20-\x7e]/g, '').slice(0, 60) };
}
