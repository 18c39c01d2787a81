/** Why a camera's connection failed, as the relay has seen it itself: a kind, and a sentence for the person who looks after it. */
import type { FaultKind, StreamFault } from '../faults.ts';

export class CameraFault extends Error implements StreamFault {
  override readonly name = 'CameraFault';
  readonly kind: FaultKind;

  constructor(kind: FaultKind, reason: string) {
    super(reason);
    this.kind = kind;
  }

  get reason(): string {
    return this.message;
  }
}

/** What an answer other than 2xx means (RFC 2326 11.3); 401 and redirects are dealt with before. */
export function faultOfStatus(status: number, phrase: string, transport: 'tcp' | 'udp'): CameraFault {
  const said = ` (${status} ${phrase})`.slice(0, 80);
  switch (status) {
    case 403:
      return new CameraFault('refused', `the camera does not allow this user to watch this stream${said}`);
    case 404:
    case 410:
      return new CameraFault('not-found', `the camera has no stream at this path${said}`);
    case 453:
      return new CameraFault(
        'busy',
        `the camera has no room for one more viewer: end others, or raise its limit${said}`,
      );
    case 461:
      return new CameraFault(
        'transport',
        transport === 'tcp'
          ? `the camera does not send inside the connection; set transport: udp${said}`
          : `the camera does not send by UDP; set transport: tcp${said}`,
      );
    default:
      return new CameraFault('unreachable', `the camera answered with an error${said}`);
  }
}

/** What the system says of a connection that was not made or did not last. */
export function faultOfSocket(error: NodeJS.ErrnoException): CameraFault {
  switch (error.code) {
    case 'ECONNREFUSED':
      return new CameraFault(
        'unreachable',
        'the camera refused the connection: nothing listens at this address and port',
      );
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return new CameraFault('unreachable', 'the network has no way to the camera');
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new CameraFault('unreachable', 'the camera’s host name cannot be resolved');
    case 'ETIMEDOUT':
      return new CameraFault('unreachable', 'the camera did not answer in time');
    case 'ECONNRESET':
    case 'EPIPE':
      return new CameraFault('ended', 'the camera closed the connection');
    default:
      return new CameraFault('unreachable', `the camera cannot be reached (${error.code ?? error.message})`);
  }
}
