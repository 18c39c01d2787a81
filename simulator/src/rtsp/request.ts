/**
 * Bytes of an RTSP connection into requests and interleaved frames (RFC 2326 4, 6 and 10.12), however they are cut.
 * It never throws: what is not RTSP comes out as `bad`, after which the connection has to be closed.
 */

export const MAX_HEADER_BYTES = 16 * 1024;
const MAX_HEADERS = 100;
const MAX_BODY_BYTES = 64 * 1024;

export interface RtspRequest {
  readonly kind: 'request';
  readonly method: string;
  readonly uri: string;
  readonly version: string;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

export interface InterleavedFrame {
  readonly kind: 'interleaved';
  readonly channel: number;
  readonly payload: Buffer;
}

export interface BadInput {
  readonly kind: 'bad';
  readonly status: 400 | 413 | 505;
  readonly reason: string;
  /** Of a request that could be read all the same. */
  readonly cseq?: string;
}

export type RtspInput = RtspRequest | InterleavedFrame | BadInput;

const DOLLAR = 0x24;
/** A receiver takes lines that end with LF alone (RFC 2326 4.1). */
const LINE_END = /\r?\n/;
const HEADER_END = /\r?\n\r?\n/;

export class RtspReader {
  #pending: Buffer = Buffer.alloc(0);
  #failed = false;

  /** Whether half a message is waiting for the rest. */
  get isMidMessage(): boolean {
    return this.#pending.length > 0;
  }

  /** What is complete with these bytes, in order. Nothing comes after `bad`. */
  push(chunk: Buffer): RtspInput[] {
    if (this.#failed) return [];
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    const inputs: RtspInput[] = [];
    for (;;) {
      const input = this.#take();
      if (input === null) return inputs;
      inputs.push(input);
      if (input.kind === 'bad') {
        this.#failed = true;
        this.#pending = Buffer.alloc(0);
        return inputs;
      }
    }
  }

  #take(): RtspInput | null {
    // Empty lines before a request are to be ignored (RFC 2326 4.1).
    while (this.#pending[0] === 0x0d || this.#pending[0] === 0x0a) this.#pending = this.#pending.subarray(1);
    if (this.#pending.length === 0) return null;
    return this.#pending[0] === DOLLAR ? this.#takeInterleaved() : this.#takeRequest();
  }

  #takeInterleaved(): InterleavedFrame | null {
    const bytes = this.#pending;
    if (bytes.length < 4) return null;
    const end = 4 + bytes.readUInt16BE(2);
    if (bytes.length < end) return null;
    this.#pending = bytes.subarray(end);
    return { kind: 'interleaved', channel: bytes[1] as number, payload: bytes.subarray(4, end) };
  }

  #takeRequest(): RtspRequest | BadInput | null {
    const bytes = this.#pending;
    const text = bytes.toString('latin1', 0, MAX_HEADER_BYTES);
    const headerEnd = HEADER_END.exec(text);
    if (headerEnd === null) {
      if (bytes.length >= MAX_HEADER_BYTES) return bad(413, `header over ${MAX_HEADER_BYTES} bytes`);
      // A request begins with a method: what does not will never become one.
      return /^[A-Za-z_]{1,32}( |$)/.test(text.slice(0, 33)) ? null : bad(400, 'not an RTSP request');
    }
    const head = parseHead(text.slice(0, headerEnd.index));
    if (head.kind === 'bad') return head;
    const length = head.headers.get('content-length') ?? '0';
    if (!/^\d{1,9}$/.test(length)) return bad(400, 'Content-Length is not a number');
    if (Number(length) > MAX_BODY_BYTES) return bad(413, `body over ${MAX_BODY_BYTES} bytes`);
    const bodyStart = headerEnd.index + headerEnd[0].length;
    const end = bodyStart + Number(length);
    if (bytes.length < end) return null;
    this.#pending = bytes.subarray(end);
    return { ...head, body: bytes.subarray(bodyStart, end) };
  }
}

function parseHead(text: string): Omit<RtspRequest, 'body'> | BadInput {
  const [requestLine = '', ...lines] = text.split(LINE_END);
  const match = /^([A-Za-z_]{1,32}) (\S{1,2048}) RTSP\/(\d\.\d)$/.exec(requestLine);
  if (match === null) return bad(400, 'not an RTSP request');
  const [, method = '', uri = '', version = ''] = match;
  if (lines.length > MAX_HEADERS) return bad(413, `more than ${MAX_HEADERS} headers`);
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 1) return bad(400, 'a header line has no name');
    headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  if (version !== '1.0') {
    const cseq = headers.get('cseq');
    return { ...bad(505, `RTSP ${version} is not spoken here`), ...(cseq !== undefined && { cseq }) };
  }
  return { kind: 'request', method, uri, version, headers };
}

function bad(status: BadInput['status'], reason: string): BadInput {
  return { kind: 'bad', status, reason };
}
