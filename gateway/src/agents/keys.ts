/** The keys of the boxes: registered when a box is paired, and kept after their end, so that what they signed can still be proven. */
import { X509Certificate } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { AgentName } from '../cameras/source.ts';
import type { Issued } from '../pki/authority.ts';
import type { Store, Tx } from '../store/database.ts';
import type { AgentKeyRow } from '../store/tables/field.ts';
import type { Tables } from '../store/tables/index.ts';

/** From now on the box has this key and no other. Its earlier ones have signed what they have signed. */
export async function registerKey(
  tx: Tx,
  { site, agent }: AgentName,
  keyId: string,
  issued: Issued,
): Promise<void> {
  await tx.db
    .updateTable('agent_keys')
    .set({ valid_to: tx.at })
    .where('site', '=', site)
    .where('agent', '=', agent)
    .where('key_id', '!=', keyId)
    .where('valid_to', 'is', null)
    .execute();
  const { certificate } = issued;
  await tx.db
    .insertInto('agent_keys')
    .values({ key_id: keyId, site, agent, certificate, valid_from: tx.at, valid_to: null, revoked_at: null })
    .onConflict((conflict) => conflict.column('key_id').doNothing())
    .execute();
  await recordCertificate(tx, keyId, issued);
}

export async function recordCertificate(tx: Tx, keyId: string, issued: Issued): Promise<void> {
  const { serial, notAfter } = issued;
  await tx.db.deleteFrom('agent_certificates').where('not_after', '<', tx.at).execute();
  await tx.db
    .insertInto('agent_certificates')
    .values({ serial, key_id: keyId, not_after: notAfter })
    .execute();
}

/** What they sign from now on is refused, as are they themselves. */
export async function revokeKeys(tx: Tx, { site, agent }: AgentName): Promise<void> {
  await tx.db
    .updateTable('agent_keys')
    .set({ revoked_at: tx.at })
    .where('site', '=', site)
    .where('agent', '=', agent)
    .where('revoked_at', 'is', null)
    .execute();
  await tx.db.deleteFrom('agent_pairings').where('site', '=', site).where('agent', '=', agent).execute();
}

/** The key with which this box may come in now, if it is one. */
export async function currentKey(db: Kysely<Tables>, keyId: string): Promise<AgentKeyRow | undefined> {
  return db
    .selectFrom('agent_keys')
    .innerJoin('agents', (join) =>
      join.onRef('agents.site', '=', 'agent_keys.site').onRef('agents.agent', '=', 'agent_keys.agent'),
    )
    .selectAll('agent_keys')
    .where('agent_keys.key_id', '=', keyId)
    .where('agent_keys.valid_to', 'is', null)
    .where('agent_keys.revoked_at', 'is', null)
    .where('agents.revoked_at', 'is', null)
    .executeTakeFirst();
}

/** Whether the box of this name may come in with a certificate for this key. */
export async function isKeyOf({ db }: Store, { site, agent }: AgentName, keyId: string): Promise<boolean> {
  const row = await currentKey(db, keyId);
  return row !== undefined && row.site === site && row.agent === agent;
}

export function publicKeyOf({ certificate }: Pick<AgentKeyRow, 'certificate'>): X509Certificate['publicKey'] {
  return new X509Certificate(certificate).publicKey;
}

/** Certificates that may still be shown although their keys may not come in any more. */
export async function endedCertificates({ db, now }: Store): Promise<{ serial: string; at: number }[]> {
  const rows = await db
    .selectFrom('agent_certificates')
    .innerJoin('agent_keys', 'agent_keys.key_id', 'agent_certificates.key_id')
    .select(['agent_certificates.serial', 'agent_keys.revoked_at', 'agent_keys.valid_to'])
    .where('agent_certificates.not_after', '>=', now())
    .where((where) =>
      where.or([
        where('agent_keys.revoked_at', 'is not', null),
        where('agent_keys.valid_to', 'is not', null),
      ]),
    )
    .orderBy('agent_certificates.serial')
    .execute();
  return rows.map(({ serial, revoked_at, valid_to }) => ({ serial, at: Number(revoked_at ?? valid_to) }));
}
