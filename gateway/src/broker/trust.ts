/** The line between boxes and broker: what the embedded broker shows and asks for, and what a box is told of it when it pairs. */
import { readFileSync } from 'node:fs';
import type { PairAnswer } from '@roadwatch/contract';
import type { Config } from '../config/config.ts';
import type { Authority } from '../pki/authority.ts';
import { type ServerKeys, serverKeys } from '../pki/server-certificate.ts';
import type { BrokerTls } from './listener.ts';

export interface ShownKeys {
  /** Null: in the clear. */
  readonly tls: BrokerTls | null;
  /** The keys to show from now on, if they are others than those before. Throws one sentence when the city's cannot be used. */
  fresh(nowMs: number): Promise<ServerKeys | null>;
}

export async function openShownKeys(config: Config, authority: Authority, nowMs: number): Promise<ShownKeys> {
  const { tls, requireCertificates } = config.broker;
  if (tls === null) return { tls: null, fresh: async () => null };
  const read = (now: number) => serverKeys({ dataDir: config.dataDir, authority, ...tls }, now);
  let keys = await read(nowMs);
  return {
    tls: { keys, authority: authority.certificate, requireCertificates },
    async fresh(now) {
      const fresh = await read(now);
      if (fresh.cert === keys.cert && fresh.key === keys.key) return null;
      keys = fresh;
      return fresh;
    },
  };
}

/** `url`: where the embedded broker listens; null when there is another. */
export function toldToBoxes({ broker, http }: Config, authority: Authority, url: string | null) {
  const brokerUrl = broker.publicUrl ?? (url === null ? undefined : reachable(url, http.publicUrl));
  const vouching = url === null ? cityOf(broker.caFile) : embeddedAuthority(broker.tls, authority);
  return {
    ...(brokerUrl === undefined ? {} : { brokerUrl }),
    ...(vouching === undefined ? {} : { brokerAuthority: vouching }),
    certificates: url === null || broker.tls !== null,
  } satisfies Partial<PairAnswer> & { certificates: boolean };
}

function embeddedAuthority(tls: Config['broker']['tls'], authority: Authority): string | undefined {
  if (tls === null) return undefined;
  return tls.files === null ? authority.certificate : (tls.cityAuthority ?? undefined);
}

function cityOf(caFile: string | undefined): string | undefined {
  return caFile === undefined ? undefined : readFileSync(caFile, 'utf8');
}

/** An address that stands for all of the machine's is none to connect to: the machine's name is that of the console. */
function reachable(url: string, consoleUrl: string | undefined): string | undefined {
  const { protocol, hostname, port } = new URL(url);
  if (hostname !== '0.0.0.0' && hostname !== '[::]') return url;
  return consoleUrl === undefined ? undefined : `${protocol}//${new URL(consoleUrl).hostname}:${port}`;
}
