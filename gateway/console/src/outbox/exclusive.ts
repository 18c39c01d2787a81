/** One tab of a browser at a time sends (Web Locks). */

const NAME = 'roadwatch-outbox';

/**
 * Runs `work` when no other tab does. Over plain HTTP browsers have no locks: then two tabs may send one entry, which its key makes
 * one verdict all the same.
 */
export async function exclusive(work: () => Promise<void>): Promise<void> {
  if (navigator.locks === undefined) return work();
  await navigator.locks.request(NAME, work);
}
