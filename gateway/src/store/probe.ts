/** Writes something when nobody else does, so that a full disk or a store that is away is known before somebody's work fails. */
import type { Store } from './database.ts';
import { StoreTrouble } from './trouble.ts';

const IDLE_MS = 10_000;
const COUNTER = 'written_at';

export async function probeStore(
  store: Store,
  folders: { readonly store: string | null; readonly evidence: string | null },
): Promise<void> {
  const { health } = store;
  if (folders.store !== null) await health.measure('store', folders.store);
  if (folders.evidence !== null) {
    await health.measure('evidence', folders.evidence);
    // A picture that could not be stored comes again; without one, room is all that is needed.
    if (health.of('evidence')?.code === 'store_full') health.wrote('evidence');
  }
  if (health.of('store') === null && store.steady() - health.lastWriteAt < IDLE_MS) return;
  try {
    await store.transaction(async ({ db, at }) => {
      await db
        .insertInto('counters')
        .values({ name: COUNTER, value: at })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: at }))
        .execute();
    });
  } catch (error) {
    // The health has it already.
    if (!(error instanceof StoreTrouble)) throw error;
  }
}
