/** A connection to a camera, in the clear or by TLS with a certificate that is trusted or pinned. */
import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { CameraAccess, CameraAddress } from './access.ts';
import { CameraFault, faultOfSocket } from './fault.ts';

/** With looking up the name, and with TLS. */
const CONNECT_MS = 10_000;
/**
 * Of these, until the address answers at all. The system repeats its question after 1 s, 3 s and 7 s (RFC 6298 5.5); who asks anew
 * instead finds a camera that has come back sooner.
 */
const ANSWER_MS = 3_000;

/** What any of the connections has just read: a buffer for each piece of video is more to tidy up than to read. */
const READ = Buffer.allocUnsafeSlow(64 * 1024);

/** `onBytes`: what comes; valid during the call. Throws CameraFault. */
export async function openSocket(
  { host, port, tls }: CameraAddress,
  trust: CameraAccess['tls'],
  onBytes: (bytes: Buffer) => void,
  signal?: AbortSignal,
): Promise<Socket> {
  const socket = tls
    ? connectTls({
        ...{ host, port, ...(isIP(host) === 0 ? { servername: host } : {}) },
        ...(trust.ca === null ? {} : { ca: trust.ca }),
        // Judged below, before anything is said, so that the reason can name what to set.
        rejectUnauthorized: false,
      })
    : connect({
        ...{ host, port, noDelay: true },
        onread: {
          buffer: READ,
          callback: (length) => {
            onBytes(READ.subarray(0, length));
            return true;
          },
        },
      });
  if (tls) socket.on('data', onBytes);
  const giveUp = (): void => {
    socket.destroy(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' }));
  };
  const timer = setTimeout(giveUp, CONNECT_MS);
  let asking: NodeJS.Timeout | undefined;
  const ask = (): void => {
    asking ??= setTimeout(giveUp, ANSWER_MS);
  };
  if (isIP(host) === 0) socket.once('lookup', ask);
  else ask();
  socket.once('connect', () => clearTimeout(asking));
  try {
    await once(socket, tls ? 'secureConnect' : 'connect', signal === undefined ? {} : { signal });
    if (tls) judgeCertificate(socket as TLSSocket, trust);
    return socket;
  } catch (error) {
    socket.on('error', () => {});
    socket.destroy();
    throw error instanceof CameraFault ? error : faultOfSocket(error as NodeJS.ErrnoException);
  } finally {
    clearTimeout(timer);
    clearTimeout(asking);
  }
}

function judgeCertificate(socket: TLSSocket, { fingerprint }: CameraAccess['tls']): void {
  const shown = socket.getPeerCertificate().fingerprint256 ?? '';
  if (fingerprint !== null) {
    if (normalized(shown) === normalized(fingerprint)) return;
    throw new CameraFault(
      'refused',
      `the camera’s certificate is not the one of fingerprint; it shows ${shown}`,
    );
  }
  if (socket.authorized) return;
  throw new CameraFault(
    'refused',
    `the camera’s certificate is not trusted (${socket.authorizationError}); set caFile, ` +
      `or, if you know this to be the camera, fingerprint: "${shown}"`,
  );
}

function normalized(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').toLowerCase();
}
