/** Where a camera may send the agent on to (RFC 2326 11.3): its own address, and what the configuration names. */
import { type CameraAccess, type CameraAddress, parseAddress } from './access.ts';
import { CameraFault } from './fault.ts';

/** One from a camera's HTTP habits, one to its stream; more are a circle. */
export const MAX_REDIRECTS = 3;

/** `from` answered with this Location, after so many redirects before. Throws CameraFault. */
export function redirected(
  access: CameraAccess,
  from: CameraAddress,
  location: string,
  before: number,
): CameraAddress {
  const to = parseAddress(location);
  if (to === null) {
    throw new CameraFault('redirect', 'the camera sends on to what is no rtsp:// address; not followed');
  }
  const { host, port } = to;
  const name = host.includes(':') ? `[${host}]` : host;
  if (!isAllowed(access, to)) {
    throw new CameraFault(
      'redirect',
      `the camera sends on to ${name}:${port}, which is not its own address; not followed. ` +
        `If that is meant, add ${JSON.stringify(`${name}:${port}`)} to redirectTo`,
    );
  }
  if (from.tls && !to.tls) {
    throw new CameraFault('redirect', 'the camera sends on from rtsps:// to rtsp://; not followed');
  }
  if (to.uri === from.uri || before >= MAX_REDIRECTS) {
    throw new CameraFault('redirect', 'the camera sends on in a circle; not followed any further');
  }
  return to;
}

function isAllowed({ address, redirectTo }: CameraAccess, { host, port, tls }: CameraAddress): boolean {
  if (host === address.host && port === address.port && tls === address.tls) return true;
  return redirectTo.some((entry) => {
    const allowed = parseAddress(`rtsp://${entry}`);
    if (allowed === null || allowed.host !== host) return false;
    return /:\d+$/.test(entry) ? allowed.port === port : port === 554 || port === 322;
  });
}
