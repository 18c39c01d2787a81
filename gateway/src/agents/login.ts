/** How a box comes in: by a certificate for its key, or where none is asked for by its password; and whether it may stay. */
import { TLSSocket } from 'node:tls';
import { keyIdOf } from '@roadwatch/contract';
import { type AgentName, formatAgentName } from '../cameras/source.ts';
import { secretMatches } from '../identity/secret.ts';
import type { Store } from '../store/database.ts';
import { isKeyOf } from './keys.ts';
import { credentialOf } from './registry.ts';

/** Whom a certificate names, and by which key. `refused`: there is one, but our authority does not vouch for it. */
export type Peer = 'none' | 'refused' | { readonly name: string; readonly keyId: string };

/** What a connection was made with, as the store knows it. */
export type Credential =
  | { readonly kind: 'password'; readonly hash: string }
  | { readonly kind: 'key'; readonly keyId: string };

export interface Login {
  readonly username: string | undefined;
  readonly password: string;
  readonly peer: Peer;
  /** Whether a password is not enough. */
  readonly certificatesOnly: boolean;
}

export function peerOf(connection: unknown): Peer {
  if (!(connection instanceof TLSSocket)) return 'none';
  const certificate = connection.getPeerX509Certificate();
  if (certificate === undefined) return 'none';
  if (!connection.authorized) return 'refused';
  const { CN } = certificate.toLegacyObject().subject;
  return { name: String(CN), keyId: keyIdOf(certificate.publicKey) };
}

/** What it came in with; `reason` when it may not. */
export async function logIn(
  store: Store,
  name: AgentName,
  { username, password, peer, certificatesOnly }: Login,
): Promise<{ readonly credential: Credential } | { readonly reason: string }> {
  const id = formatAgentName(name);
  if (peer === 'refused') return { reason: 'the certificate is not one of our authority' };
  if (peer !== 'none') {
    if (peer.name !== id) return { reason: `the certificate is that of ${peer.name.slice(0, 130)}` };
    if (!(await isKeyOf(store, name, peer.keyId)))
      return { reason: "the certificate's key is not, or no longer, that of the agent" };
    return { credential: { kind: 'key', keyId: peer.keyId } };
  }
  if (certificatesOnly) return { reason: 'no certificate' };
  if (username !== id) return { reason: 'the user name is not the client id' };
  const hash = await credentialOf(store, name);
  if (hash === null) return { reason: 'not registered, or revoked' };
  return secretMatches(password, hash)
    ? { credential: { kind: 'password', hash } }
    : { reason: 'wrong password' };
}

/** Why who came in with this may not stay; null when it may. */
export async function whyShutOut(
  store: Store,
  name: AgentName,
  credential: Credential | undefined,
): Promise<string | null> {
  const hash = await credentialOf(store, name);
  if (hash === null) return 'the agent is revoked';
  if (credential?.kind === 'key')
    return (await isKeyOf(store, name, credential.keyId)) ? null : 'the agent has a new key';
  return hash === credential?.hash ? null : 'the agent has a new password';
}
