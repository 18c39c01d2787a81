/**
 * Where a live view may be pushed: to the gateway of this box, and nowhere else, whatever a broker says. Which one that is comes
 * from the configuration or from the pairing; without either, it is taken to be on the machine that the broker is on.
 */
import { isEncrypted, isThisMachine } from '@roadwatch/contract';

export interface KnownAddresses {
  /** `http://` or `https://`, with the path under which the gateway is, if any. */
  readonly gatewayUrl?: string | undefined;
  readonly brokerUrl: string;
}

/** Why a live view is not pushed to this websocket; null when it may be. */
export function liveRefusal(url: string, { gatewayUrl, brokerUrl }: KnownAddresses): string | null {
  const target = URL.canParse(url) ? new URL(url) : null;
  if (target === null) return 'url: is not a well-formed address';
  if (target.username !== '' || target.password !== '') return 'url: has a user name or password in it';
  if (gatewayUrl !== undefined)
    return isUnder(target, gatewayUrl)
      ? null
      : `url: ${target.origin} is not the gateway of this box, ${new URL(gatewayUrl).origin} (gateway.url)`;
  const broker = new URL(brokerUrl);
  const here = isThisMachine(broker.hostname);
  if (here ? !isThisMachine(target.hostname) : target.hostname !== broker.hostname)
    return `url: ${target.origin} is not on the machine of the broker, ${broker.hostname}; gateway.url names another`;
  if (!here && isEncrypted(brokerUrl) && !isEncrypted(url))
    return `url: ${target.origin} is not encrypted, as the broker is; gateway.url allows it`;
  return null;
}

function isUnder(target: URL, gatewayUrl: string): boolean {
  const base = new URL(gatewayUrl.replace(/^http/, 'ws').replace(/\/*$/, '/'));
  return (
    target.protocol === base.protocol &&
    target.host === base.host &&
    target.pathname.startsWith(base.pathname)
  );
}
