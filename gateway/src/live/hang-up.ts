/** Closing a WebSocket in words (RFC 6455, 7.1.2), and for good when the other end does not answer. */
import type { WebSocket } from 'ws';

/** Without it a peer that reads no more keeps the connection for half a minute. */
const ANSWER_MS = 1_000;

export function hangUp(socket: WebSocket, code: number, reason = ''): void {
  const timer = setTimeout(() => socket.terminate(), ANSWER_MS);
  socket.once('close', () => clearTimeout(timer));
  if (socket.readyState === socket.CLOSED) clearTimeout(timer);
  socket.close(code, reason);
}
