/** Which pictures and clips there are, and which are to be deleted: the rows beside the files. */
import type { Store, Tx } from '../store/database.ts';
import type { EvidenceStore } from './store.ts';
import { thumbnailName } from './thumbnail.ts';

const BATCH = 200;

/** Its bytes are in the evidence store already. Returns whether it was not known before. */
export async function recordEvidence(
  tx: Tx,
  entry: { readonly sha256: string; readonly contentType: string; readonly bytes: number },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows = 0n } = await tx.db
    .insertInto('evidence')
    .values({
      sha256: entry.sha256,
      content_type: entry.contentType,
      bytes: entry.bytes,
      stored_at: tx.at,
    })
    .onConflict((conflict) => conflict.column('sha256').doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows > 0n;
}

/** Says what is about to be stored: it is deleted at `since` unless somebody claims it, also when the gateway dies between. */
export async function announceEvidence(tx: Tx, names: readonly string[], since: number): Promise<void> {
  for (const sha256 of names)
    await tx.db
      .insertInto('evidence_deletions')
      .values({ sha256, since })
      .onConflict((conflict) => conflict.column('sha256').doUpdateSet({ since }))
      .execute();
}

/** What was announced belongs to something now. */
export async function claimEvidence(tx: Tx, sha256: string): Promise<void> {
  await tx.db.deleteFrom('evidence_deletions').where('sha256', '=', sha256).execute();
}

/** The rows go now, the files by `deleteForgotten`. */
export async function forgetEvidence(tx: Tx, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  await tx.db.deleteFrom('evidence').where('sha256', 'in', names).execute();
  await tx.db
    .insertInto('evidence_deletions')
    .values(names.map((sha256) => ({ sha256, since: tx.at })))
    .onConflict((conflict) => conflict.column('sha256').doNothing())
    .execute();
}

/**
 * Deletes the files whose rows are gone. Their names are kept until then, so that what could not be deleted, since the store was
 * down or the gateway died, is deleted by the next purge. Throws when the store is down.
 */
export async function deleteForgotten(store: Store, evidence: EvidenceStore): Promise<void> {
  for (;;) {
    const rows = await store.db
      .selectFrom('evidence_deletions')
      .select('sha256')
      // A photograph that is being reported is named here, too, for the case that its report never ends.
      .where('since', '<=', store.now())
      .limit(BATCH)
      .execute();
    if (rows.length === 0) return;
    const names = rows.map(({ sha256 }) => sha256);
    // The same bytes may have come anew meanwhile.
    const again = await store.db
      .selectFrom('evidence')
      .select('sha256')
      .where('sha256', 'in', names)
      .execute();
    const kept = new Set(again.map(({ sha256 }) => sha256));
    for (const name of names)
      if (!kept.has(name)) {
        await evidence.delete(thumbnailName(name));
        await evidence.delete(name);
      }
    await store.transaction(async (tx) => {
      await tx.db.deleteFrom('evidence_deletions').where('sha256', 'in', names).execute();
    });
  }
}
