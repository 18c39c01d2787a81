/** What cannot be read as a request at all, or takes too long to be one: answered in words, since a person may be behind it. */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

const STATUS: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};
const WORDS: Readonly<Record<number, string>> = {
  400: 'The request could not be read.\n无法识别该请求。\n',
  408: 'This took too long to arrive. Check the connection and send it again.\n发送超时，请检查网络后重试。\n',
  431: 'The header of the request is too large.\n请求头过大。\n',
};

export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const status = STATUS[error.code ?? ''] ?? 400;
  const words = WORDS[status] as string;
  if (socket.writable)
    socket.write(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: text/plain; charset=utf-8\r\n` +
        `Content-Length: ${Buffer.byteLength(words)}\r\nConnection: close\r\n\r\n${words}`,
    );
  socket.destroy(error);
}
