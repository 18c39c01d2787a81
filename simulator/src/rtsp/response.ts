/** RTSP responses as bytes (RFC 2326 7). */

const PHRASES = {
  200: 'OK',
  302: 'Moved Temporarily',
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  413: 'Request Entity Too Large',
  453: 'Not Enough Bandwidth',
  454: 'Session Not Found',
  455: 'Method Not Valid in This State',
  461: 'Unsupported Transport',
  501: 'Not Implemented',
  503: 'Service Unavailable',
  505: 'RTSP Version Not Supported',
  551: 'Option not supported',
} as const;
type RtspStatus = keyof typeof PHRASES;

export interface RtspResponse {
  readonly status: RtspStatus;
  /** A header with several values stands as often. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
}

/** @param server the Server header; null for none */
export function formatResponse(
  { status, headers = {}, body = '' }: RtspResponse,
  server: string | null,
  cseq?: string,
): Buffer {
  const lines = [`RTSP/1.0 ${status} ${PHRASES[status]}`];
  // CSeq is the client's own text coming back: anything but a number could carry a line of its own.
  if (cseq !== undefined && /^\d{1,10}$/.test(cseq)) lines.push(`CSeq: ${cseq}`);
  if (server !== null) lines.push(`Server: ${server}`);
  for (const [name, values] of Object.entries(headers)) {
    for (const value of [values].flat()) lines.push(`${name}: ${value}`);
  }
  if (body !== '') lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`);
}
