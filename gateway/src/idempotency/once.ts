/**
 * A command whose answer was lost on the way is sent again with the same key, and must not be carried out again. The first answer is
 * kept in the transaction that carries the command out, so that there is never one without the other, and a repeat is given it. What
 * is refused changes nothing and is not kept: sent again, it is judged again. (IETF draft-ietf-httpapi-idempotency-key-header.)
 */
import { sha256 } from '@roadwatch/contract';
import { Refusal } from '../refusal.ts';
import type { Store, Transactions, Tx } from '../store/database.ts';

/** Longer than a browser is away that keeps its operator's verdicts over a shift. */
const KEPT_MS = 24 * 3_600_000;
const FORGOTTEN_AT_ONCE = 5_000;

export interface Asked {
  /** Who asks, as the audit names them: the keys of others mean nothing for them. */
  readonly by: string;
  readonly key: string;
  /** All that was asked, as text: under a key that has been used, only the same is a repeat. */
  readonly request: string;
}

/** Does the work unless it has been done; either way returns its answer, which JSON must be able to hold. Throws Refusal. */
export function once<T>(
  store: Transactions,
  { by, key, request }: Asked,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const fingerprint = sha256(request);
  return store.transaction(async (tx) => {
    if (!(await tx.alone(`answer:${by}:${key}`))) throw underWay();
    const kept = await tx.db
      .selectFrom('kept_answers')
      .selectAll()
      .where('asked_by', '=', by)
      .where('key', '=', key)
      .executeTakeFirst();
    if (kept !== undefined && kept.at > tx.at - KEPT_MS) {
      if (kept.request === fingerprint) return JSON.parse(kept.answer) as T;
      throw new Refusal('idempotency_key_used', 'idempotency-key: was used for another request already');
    }
    const answer = await work(tx);
    const row = { asked_by: by, key, request: fingerprint, answer: JSON.stringify(answer), at: tx.at };
    await tx.db
      .insertInto('kept_answers')
      .values(row)
      .onConflict((conflict) => conflict.columns(['asked_by', 'key']).doUpdateSet(row))
      .execute();
    return answer;
  });
}

/** What it was answered, for whoever would refuse a repeat before the work begins; undefined when nothing is kept. */
export async function keptAnswer<T>(
  { db, now }: Pick<Store, 'db' | 'now'>,
  { by, key, request }: Asked,
): Promise<T | undefined> {
  const kept = await db
    .selectFrom('kept_answers')
    .select('answer')
    .where('asked_by', '=', by)
    .where('key', '=', key)
    .where('request', '=', sha256(request))
    .where('at', '>', now() - KEPT_MS)
    .executeTakeFirst();
  return kept === undefined ? undefined : (JSON.parse(kept.answer) as T);
}

export function underWay(): Refusal {
  return new Refusal('request_under_way', 'the same request is being carried out at this moment', 1);
}

/** Forgets answers that nobody can ask for any more. */
export async function forgetAnswers(store: Store): Promise<void> {
  await store.transaction(async (tx) => {
    const old = tx.db
      .selectFrom('kept_answers')
      .select('at')
      .where('at', '<=', tx.at - KEPT_MS)
      .orderBy('at')
      .limit(1)
      .offset(FORGOTTEN_AT_ONCE);
    const until = (await old.executeTakeFirst())?.at ?? tx.at - KEPT_MS;
    await tx.db.deleteFrom('kept_answers').where('at', '<=', until).execute();
  });
}
