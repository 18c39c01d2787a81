/** Whether an upload still flows: a telephone on a slow line has the time that it needs, one that has lost it does not. */
import type { Socket } from 'node:net';

const CHECK_MS = 250;

class UploadStalled extends Error {
  readonly statusCode = 408;
}

export interface UploadWatch {
  /** Rejects, with the status 408, once no byte has come for the time. */
  readonly stalled: Promise<never>;
  end(): void;
}

export function watchUpload(socket: Socket, idleMs: number): UploadWatch {
  const { promise: stalled, reject } = Promise.withResolvers<never>();
  stalled.catch(() => {});
  let seen = socket.bytesRead;
  let quietSince = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    if (socket.bytesRead !== seen) quietSince = now;
    else if (now - quietSince > idleMs) reject(new UploadStalled('nothing has arrived for too long'));
    seen = socket.bytesRead;
  }, CHECK_MS);
  return { stalled, end: () => clearInterval(timer) };
}
