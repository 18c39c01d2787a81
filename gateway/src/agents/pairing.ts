/** Pairing: a code made for one box, which the box uses once to have its own key certified; and later certificates for that key. */
import { keyIdOf, type PairAnswer, PairRequest, seal, unseal, writePairingCode } from '@roadwatch/contract';
import type { AgentName } from '../cameras/source.ts';
import { type Actor, authorOf } from '../identity/actor.ts';
import { newSecret, secretHash } from '../identity/secret.ts';
import type { Authority } from '../pki/authority.ts';
import { readBoxRequest } from '../pki/box-request.ts';
import { Refusal } from '../refusal.ts';
import type { Store } from '../store/database.ts';
import { currentKey, recordCertificate, registerKey } from './keys.ts';
import { accessChanged } from './registry.ts';

const CODE_MINUTES = 60;
/** Of one key at a time: a box asks for one in two months. */
const MAX_CERTIFICATES = 50;

export interface PairingParts {
  readonly store: Store;
  readonly authority: Authority;
  /** What a box is told of its broker. */
  readonly broker: Pick<PairAnswer, 'brokerUrl' | 'brokerAuthority'> & {
    /** Whether it takes the certificate; otherwise the box is given a password. */
    readonly certificates: boolean;
  };
}

export interface OpenedPairing {
  readonly code: string;
  /** From when on it is of no use; ms since 1970. */
  readonly expiresAt: number;
}

/** A code for one box, in place of any earlier one. `gateway`: the address at which the box reaches us. */
export async function createPairing(
  store: Store,
  { site, agent }: AgentName,
  { gateway, authority }: { readonly gateway: string; readonly authority: string },
  actor: Actor = { name: 'system', channel: 'cli' },
): Promise<OpenedPairing> {
  const secret = newSecret();
  const expiresAt = await store.transaction(async (tx) => {
    const fresh = { secret, expires_at: tx.at + CODE_MINUTES * 60_000, key_id: null };
    await tx.db
      .insertInto('agent_pairings')
      .values({ site, agent, ...fresh })
      .onConflict((conflict) => conflict.columns(['site', 'agent']).doUpdateSet(fresh))
      .execute();
    tx.audit({ ...authorOf(actor), action: 'agent.pairing_opened', subject: `agent:${site}/${agent}` });
    return fresh.expires_at;
  });
  return { code: writePairingCode({ gateway, site, agent, secret, authority }), expiresAt };
}

/** The box's request and our answer, both sealed. Throws Refusal. */
export async function pair(
  parts: PairingParts,
  name: AgentName,
  sealed: string,
  source?: string,
): Promise<string> {
  const { store, authority, broker } = parts;
  const { site, agent } = name;
  const secret = await openSecret(store, name);
  const asked = secret === null ? null : unseal(PairRequest, sealed, secret, 'request');
  if (secret === null || asked === null)
    throw new Refusal(
      'pairing_code_unknown',
      `there is no such code for ${site}/${agent}, or it has been used or is too old`,
    );
  const issued = await authority.issueBox(`${site}/${agent}`, asked.request, store.now());
  const keyId = keyIdOf(issued.publicKey);
  const password = newSecret();
  await store.transaction(async (tx) => {
    const { numUpdatedRows } = await tx.db
      .updateTable('agent_pairings')
      .set({ key_id: keyId })
      .where('site', '=', site)
      .where('agent', '=', agent)
      .where('secret', '=', secret)
      .where((where) => where.or([where('key_id', 'is', null), where('key_id', '=', keyId)]))
      .executeTakeFirst();
    if (numUpdatedRows === 0n)
      throw new Refusal('pairing_code_used', 'the code has been used for another box');
    const known = await tx.db
      .selectFrom('agent_keys')
      .selectAll()
      .where('key_id', '=', keyId)
      .executeTakeFirst();
    if (
      known !== undefined &&
      (known.site !== site || known.agent !== agent || known.revoked_at !== null || known.valid_to !== null)
    )
      throw new Refusal('box_key_used', 'this key was of a box before; a new one is needed');
    const fresh = { secret_hash: secretHash(password), registered_at: tx.at, revoked_at: null };
    await tx.db
      .insertInto('agents')
      .values({ site, agent, ...fresh, status: null, status_at: null })
      .onConflict((conflict) => conflict.columns(['site', 'agent']).doUpdateSet(fresh))
      .execute();
    await registerKey(tx, name, keyId, issued);
    accessChanged(tx, name);
    const after = { key: keyId };
    tx.audit({
      actor: `agent:${site}/${agent}`,
      channel: 'api',
      ...(source === undefined ? {} : { source }),
      action: 'agent.paired',
      subject: `agent:${site}/${agent}`,
      after,
    });
  });
  const answer: PairAnswer = {
    certificate: issued.certificate,
    authority: authority.certificate,
    ...(broker.brokerUrl === undefined ? {} : { brokerUrl: broker.brokerUrl }),
    ...(broker.brokerAuthority === undefined ? {} : { brokerAuthority: broker.brokerAuthority }),
    ...(broker.certificates ? {} : { password }),
  };
  return seal(answer, secret, 'answer');
}

/**
 * A further certificate for a key that is registered, also when the last one has ended, as on a box that was off for months. Whoever
 * asks has signed the request with that key; for anybody else the certificate is of no use. Throws Refusal.
 */
export async function renew({ store, authority }: PairingParts, request: string): Promise<string> {
  const keyId = keyIdOf(await readBoxRequest(request));
  const key = await currentKey(store.db, keyId);
  if (key === undefined) throw new Refusal('box_key_unknown', 'this key is not, or no longer, that of a box');
  const { issued: count } = await store.db
    .selectFrom('agent_certificates')
    .select((select) => select.fn.countAll<number>().as('issued'))
    .where('key_id', '=', keyId)
    .where('not_after', '>', store.now())
    .executeTakeFirstOrThrow();
  if (Number(count) >= MAX_CERTIFICATES)
    throw new Refusal('certificates_many', `this key has ${MAX_CERTIFICATES} valid certificates already`);
  const issued = await authority.issueBox(`${key.site}/${key.agent}`, request, store.now());
  await store.transaction((tx) => recordCertificate(tx, keyId, issued));
  return issued.certificate;
}

async function openSecret(store: Store, { site, agent }: AgentName): Promise<string | null> {
  const row = await store.db
    .selectFrom('agent_pairings')
    .select('secret')
    .where('site', '=', site)
    .where('agent', '=', agent)
    .where('expires_at', '>', store.now())
    .executeTakeFirst();
  return row?.secret ?? null;
}
