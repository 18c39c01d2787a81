/** What has changed, numbered in the order of commits: browsers that were away ask for all since the last they saw. */
import type { Kysely } from 'kysely';
import { reserve } from './counters.ts';
import type { Tables } from './tables/index.ts';

/** `access`: somebody may no longer, or not the same; for the gateways only. */
type ChangeKind =
  | 'alert'
  | 'ticket'
  | 'camera'
  | 'agent'
  | 'fleet'
  | 'refused-message'
  | 'settings'
  | 'access';

export interface Change {
  readonly kind: ChangeKind;
  /** The id of what changed. */
  readonly subject: string;
  readonly data: object;
}

/** Call it last in the transaction: it waits for every other writer. */
export async function appendChanges(
  db: Kysely<Tables>,
  changes: readonly Change[],
  at: number,
): Promise<void> {
  if (changes.length === 0) return;
  const first = await reserve(db, 'changes', changes.length);
  const rows = changes.map(({ kind, subject, data }, index) => ({
    seq: first + index,
    at,
    kind,
    subject,
    data: JSON.stringify(data),
  }));
  await db.insertInto('changes').values(rows).execute();
}
