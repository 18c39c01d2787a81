/** Which box asks for a file over HTTP: one that signs with the key of its pairing, or one that shows its password. */
import { isSignedBy, readFileRequest } from '@roadwatch/contract';
import { type AgentName, parseAgentName } from '../cameras/source.ts';
import { secretMatches } from '../identity/secret.ts';
import { Refusal } from '../refusal.ts';
import type { Store } from '../store/database.ts';
import { currentKey, publicKeyOf } from './keys.ts';
import { credentialOf } from './registry.ts';

/** What a box has signed is good for so long, before and after, since its clock is never quite ours. */
const GOOD_FOR_MS = 300_000;
const MAX_HEADER = 8192;

/** Throws Refusal. `authorization`: the header; `sha256`: of the file that is asked for. */
export async function boxOfRequest(
  store: Store,
  authorization: string | undefined,
  sha256: string,
): Promise<AgentName> {
  const [, scheme = '', credentials = ''] =
    /^(Basic|Roadwatch) +([A-Za-z0-9+/=_-]+)$/i.exec((authorization ?? '').slice(0, MAX_HEADER)) ?? [];
  const name =
    scheme.toLowerCase() === 'roadwatch'
      ? await ofSigned(store, credentials, sha256)
      : await ofPassword(store, credentials);
  if (name === null) throw new Refusal('box_login_wrong', 'the box is not known here, or its login is wrong');
  return name;
}

async function ofSigned(store: Store, credentials: string, sha256: string): Promise<AgentName | null> {
  const asked = readFileRequest(credentials);
  if (asked === null || asked.sha256 !== sha256) return null;
  if (Math.abs(Date.parse(asked.at) - store.now()) > GOOD_FOR_MS) return null;
  const key = await currentKey(store.db, asked.signature.key);
  if (key === undefined || key.site !== asked.site || key.agent !== asked.agent) return null;
  return isSignedBy(asked, asked.signature, publicKeyOf(key)) ? { site: key.site, agent: key.agent } : null;
}

/** RFC 7617: the name may hold no colon, the password may. */
async function ofPassword(store: Store, credentials: string): Promise<AgentName | null> {
  const text = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  const name = colon < 0 ? null : parseAgentName(text.slice(0, colon));
  if (name === null) return null;
  const hash = await credentialOf(store, name);
  return hash !== null && secretMatches(text.slice(colon + 1), hash) ? name : null;
}
