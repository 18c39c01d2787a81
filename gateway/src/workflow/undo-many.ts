/** Verdicts that were given together are taken back together; each by itself, and each has its outcome. */
import type { UndoOutcome } from '@roadwatch/contract/api';
import type { Actor } from '../identity/actor.ts';
import { Refusal } from '../refusal.ts';
import type { Transactions, Tx } from '../store/database.ts';
import { undoVerdict } from './confirm.ts';

/** In the order of `ids`. What cannot be taken back stays as it is and says why. */
export function undoMany(
  store: Transactions,
  config: Parameters<typeof undoVerdict>[1],
  ids: readonly string[],
  actor: Actor,
): Promise<readonly UndoOutcome[]> {
  return store.transaction(async (tx) => {
    const outcomes = new Map<string, UndoOutcome>();
    // Always in this order, so that no two transactions wait for each other.
    for (const id of ids.toSorted()) outcomes.set(id, await undoOne(tx, config, id, actor));
    return ids.map((id) => outcomes.get(id) as UndoOutcome);
  });
}

/** A refusal comes before anything is written, so what was done for the others stands. */
async function undoOne(
  tx: Tx,
  config: Parameters<typeof undoVerdict>[1],
  id: string,
  actor: Actor,
): Promise<UndoOutcome> {
  try {
    await undoVerdict(tx, config, id, actor);
    return { id, undone: true, code: null, detail: null };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { id, undone: false, code: error.code, detail: error.message };
  }
}
