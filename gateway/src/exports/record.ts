/** That something was exported, by whom: what has left the house cannot be called back, but can be named. */

import { type Actor, authorOf } from '../identity/actor.ts';
import type { Store } from '../store/database.ts';

/** `what`: the kind of records, or `training`; call it before anything is given out. */
export async function recordExport(store: Store, actor: Actor, what: string, how: object): Promise<void> {
  await store.transaction(async (tx) => {
    tx.audit({ ...authorOf(actor), action: 'exported', subject: `export:${what}`, after: how });
  });
}
