/** Addresses that a device gives of itself: taken only where they are on the machine that was asked, else anyone could send us anywhere. */
import { OnvifError } from './onvif-error.ts';

/** Throws OnvifError when it is another machine, or no address with one of these schemes. */
export function onSameMachine(text: string, host: string, schemes: readonly string[]): URL {
  const url = URL.parse(text);
  if (url === null || !schemes.includes(url.protocol))
    throw new OnvifError('not_onvif', 'an address that is none');
  if (url.hostname.toLowerCase() !== host.toLowerCase()) throw new OnvifError('elsewhere', url.hostname);
  return url;
}
