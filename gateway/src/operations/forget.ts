/** What was wrong long ago is let go of, with its pictures that nothing else shows. */
import { purgeIncidents } from '../cameras/incidents.ts';
import { forgetEvidence } from '../evidence/records.ts';
import { isReferenced } from '../evidence/references.ts';
import type { Store } from '../store/database.ts';

export async function forgetIncidents(store: Store): Promise<void> {
  await store.transaction(async (tx) => {
    for (const sha256 of await purgeIncidents(tx))
      if (!(await isReferenced(tx, sha256))) await forgetEvidence(tx, [sha256]);
  });
}
