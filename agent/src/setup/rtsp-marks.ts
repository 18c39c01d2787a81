/** What an RTSP server says of itself before anybody logs in: by its realm and its Server header makers are known. */
import { once } from 'node:events';
import { connect } from 'node:net';

const MAX_BYTES = 8 * 1024;
const WAIT_MS = 3_000;

/** Empty when nothing answers, or it is no RTSP server. */
export async function rtspMarks(host: string, port: number, signal: AbortSignal): Promise<readonly string[]> {
  const socket = connect({ host, port });
  const limit = AbortSignal.any([signal, AbortSignal.timeout(WAIT_MS)]);
  let text = '';
  try {
    socket.write(`DESCRIBE rtsp://${host}:${port}/ RTSP/1.0\r\nCSeq: 1\r\nAccept: application/sdp\r\n\r\n`);
    while (!text.includes('\r\n\r\n') && text.length < MAX_BYTES) {
      const [chunk] = (await once(socket, 'data', { signal: limit })) as [Buffer];
      text += chunk.toString('latin1');
    }
  } catch {
    signal.throwIfAborted();
  } finally {
    socket.on('error', () => {});
    socket.destroy();
  }
  if (!text.startsWith('RTSP/')) return [];
  const realm = /^WWW-Authenticate:.*\brealm="([^"\r\n]*)"/im.exec(text)?.[1];
  const server = /^Server:\s*([^\r\n]*)/im.exec(text)?.[1];
  return [realm, server].filter((mark) => mark !== undefined);
}
