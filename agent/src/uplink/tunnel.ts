/** Through an HTTP proxy (CONNECT, RFC 9110 9.3.6), also where the line is not encrypted. */
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import type { SecretUrl } from '@roadwatch/common';
import { HttpsProxyAgent } from 'https-proxy-agent';

type Connect = HttpsProxyAgent<string>['connect'];

export class Tunnel extends HttpsProxyAgent<string> {
  readonly #host: string;

  /** `proxy`: with its login. */
  constructor(proxy: SecretUrl, broker: SecretUrl) {
    super(proxy.reveal());
    this.#host = new URL(broker.reveal()).hostname.replace(/^\[(.*)\]$/, '$1');
  }

  /** The library gives TLS the tunnel alone, so that a certificate of an address would be compared with `localhost`. */
  override connect(...[request, options]: Parameters<Connect>): ReturnType<Connect> {
    if (!options.secureEndpoint) return super.connect(request, options);
    const host = this.#host;
    return super.connect(request, {
      ...options,
      checkServerIdentity: (_: string, certificate: PeerCertificate) =>
        checkServerIdentity(host, certificate),
    });
  }
}
