/** A camera as it is without any keys set: by TCP, nobody logs in, nothing is trusted. */
import { type CameraAccess, parseAddress } from '../../../agent/src/camera/rtsp/access.ts';

export function plainAccess(url: string, change: Partial<CameraAccess> = {}): CameraAccess {
  const address = parseAddress(url);
  if (address === null) throw new Error(`${url} is no address`);
  return {
    ...{ address, login: null, allowBasic: false, redirectTo: [], transport: 'tcp' },
    ...{ tls: { ca: null, fingerprint: null } },
    ...change,
  };
}
