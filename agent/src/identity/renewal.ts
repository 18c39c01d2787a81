/**
 * Renews the box's certificate a month before it ends. It asks again each hour while the gateway is away, and also when the
 * certificate has ended meanwhile, as on a box that was off for long: the gateway knows the box's key all the same.
 */
import type { Logger } from 'pino';
import { askGateway, type GatewayLine } from './ask-gateway.ts';
import { isCertificateFor, isRenewalDue } from './certificate.ts';
import { certificateRequest } from './certificate-request.ts';
import { type Identity, saveCertificate } from './identity.ts';

const LOOK_EVERY_MS = 3_600_000;

export interface RenewalOptions {
  readonly dataDir: string;
  readonly gateway: GatewayLine;
  now(): number;
  /** To be shown from the next connection on. PEM. */
  onRenewed(certificate: string): void;
}

export class Renewal {
  readonly #options: RenewalOptions;
  readonly #log: Logger;
  readonly #stopping = new AbortController();
  #identity: Identity;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> = Promise.resolve();

  constructor(identity: Identity, options: RenewalOptions, log: Logger) {
    this.#identity = identity;
    this.#options = options;
    this.#log = log;
  }

  start(): void {
    this.#looking = this.look();
    this.#timer = setInterval(() => {
      this.#looking = this.look();
    }, LOOK_EVERY_MS);
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#stopping.abort();
    await this.#looking;
  }

  /** Renews it if it is time. Never throws: it is tried again. */
  async look(): Promise<void> {
    if (!isRenewalDue(this.#identity.certificate, this.#options.now())) return;
    try {
      const certificate = await this.#ask();
      saveCertificate(this.#options.dataDir, this.#identity, certificate);
      this.#identity = { ...this.#identity, certificate };
      this.#options.onRenewed(certificate);
      this.#log.info('certificate renewed');
    } catch (error) {
      if (!this.#stopping.signal.aborted)
        this.#log.warn(
          { reason: (error as Error).message },
          'certificate not renewed; asked again in an hour',
        );
    }
  }

  async #ask(): Promise<string> {
    const { site, agent, privateKeyPem, authority } = this.#identity;
    const name = `${site}/${agent}`;
    const request = await certificateRequest(name, privateKeyPem);
    const answer = await askGateway(
      this.#options.gateway,
      '/api/agents/renew',
      { request },
      this.#stopping.signal,
    );
    const certificate = (answer as { certificate?: unknown } | null)?.certificate;
    if (typeof certificate !== 'string' || !isCertificateFor(certificate, privateKeyPem, name, authority))
      throw new Error('the answer is no certificate for this box from the authority that it was paired with');
    return certificate;
  }
}

interface Renewable {
  /** Null on a box that has not been paired. */
  readonly identity: Identity | null;
  readonly dataDir: string;
  readonly gateway: { readonly url?: string | undefined; readonly caFile?: string | undefined };
}

/** Null where there is nothing to renew, or nobody to ask. */
export function startRenewal(
  { identity, gateway, dataDir }: Renewable,
  onRenewed: RenewalOptions['onRenewed'],
  log: Logger,
): Renewal | null {
  if (identity === null || gateway.url === undefined) return null;
  const line = { url: gateway.url, caFile: gateway.caFile };
  const renewal = new Renewal(identity, { dataDir, gateway: line, now: Date.now, onRenewed }, log);
  renewal.start();
  return renewal;
}
