/**
 * What a desk has before it: it asks for the next alert instead of choosing from a list, so that three desks judge three times as
 * much as one and nobody judges what another has just judged. It has one to judge and one in reserve, which it shows at once.
 */
import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import type { Store, Tx } from '../store/database.ts';
import type { Tables } from '../store/tables/index.ts';
import { matches } from './filter.ts';
import { type Desk, take, tellHolder } from './lease.ts';
import { inOrder } from './list-order.ts';
import { type Asked, countOf, idsInOrder } from './on-the-map.ts';

/** The one to judge now, and one ahead. */
const AHEAD = 2;
const WAITING = ['new'] as const;
/** Another gateway may give one away in the moment in which it was read here. */
const ATTEMPTS = 5;
/** Another gateway may judge or lease some of them between two questions. */
const SPARE = 20;

/** What the desk says that it has. */
export interface Has {
  readonly holding: readonly string[];
  readonly judged?: readonly string[];
}

export interface Handed {
  /** First those that the desk keeps, in its order, then those that are next. */
  readonly ids: readonly string[];
  readonly leaseUntil: number;
  /** How many wait, also those that others have. */
  readonly waiting: number;
}

/**
 * The desk keeps what it has on screen (`holding`) and, beside it, that whose verdicts are on their way (`judged`), is given what is next of what it looks for, and gives back the rest.
 */
export function handNext(
  store: Store,
  desk: Desk,
  { holding, judged = [] }: Has,
  looksFor: Asked,
  leaseMs: number,
): Promise<Handed> {
  return store.transaction(async (tx) => {
    const until = tx.at + leaseMs;
    const asked = { ...looksFor, filter: { ...looksFor.filter, states: WAITING } };
    const before = await heldBy(tx, desk);
    const kept = await take(tx, desk, await stillWaiting(tx, [...holding, ...judged]), until);
    const underWay = judged.filter((id) => kept.includes(id));
    const ids = holding.filter((id) => kept.includes(id));
    for (let attempt = 0; attempt < ATTEMPTS && ids.length < AHEAD; attempt++) {
      const next = await nextFree(tx, desk, asked, [...ids, ...underWay], AHEAD - ids.length);
      if (next.length === 0) break;
      const taken = await take(tx, desk, next, until);
      ids.push(...next.filter((id) => taken.includes(id)));
    }
    await giveBack(tx, (lease) =>
      lease.and([
        ofDesk(desk)(lease),
        among(before.filter((id) => !ids.includes(id) && !underWay.includes(id)))(lease),
      ]),
    );
    tellHolder(
      tx,
      ids.filter((id) => !before.includes(id)),
      { holder: desk.holder, until },
    );
    return { ids, leaseUntil: until, waiting: await countOf(tx.db, asked) };
  });
}

/** Returns which of the alerts the desk still has, until when. */
export function renew(
  store: Store,
  desk: Desk,
  holding: readonly string[],
  leaseMs: number,
): Promise<Pick<Handed, 'ids' | 'leaseUntil'>> {
  return store.transaction(async (tx) => {
    const until = tx.at + leaseMs;
    const before = await heldBy(tx, desk);
    const ids = await take(tx, desk, await stillWaiting(tx, holding), until);
    // A desk that slept for longer has again what nobody has taken meanwhile.
    const again = ids.filter((id) => !before.includes(id));
    tellHolder(tx, again, { holder: desk.holder, until });
    return { ids, leaseUntil: until };
  });
}

/** The desk is left. */
export function leave(store: Store, desk: Pick<Desk, 'id' | 'holder'>): Promise<void> {
  return store.transaction((tx) => giveBack(tx, ofDesk(desk)));
}

/** Whoever had it has logged out. */
export function leaveSession(tx: Tx, session: string): Promise<void> {
  return giveBack(tx, (lease) => lease('session', '=', session));
}

/** What was not renewed is free again, and lists show it so. */
export async function endLeases(store: Store): Promise<void> {
  await store.transaction(async (tx) => {
    const due = tx.db.selectFrom('alert_leases').selectAll().where('until', '<=', tx.at).limit(500);
    const rows = await tx.lockedOrSkipped(due).execute();
    await giveBack(tx, among(rows.map((row) => row.alert_id)));
  });
}

type Which = (lease: ExpressionBuilder<Tables, 'alert_leases'>) => Expression<SqlBool>;

function ofDesk({ id, holder }: Pick<Desk, 'id' | 'holder'>): Which {
  return (lease) => lease.and([lease('desk', '=', id), lease('holder', '=', holder)]);
}

function among(ids: readonly string[]): Which {
  return (lease) => (ids.length === 0 ? lease.lit(false) : lease('alert_id', 'in', ids));
}

/** Asked of the leases as they are then: since they were read, one may have ended and its alert be with another. */
async function giveBack(tx: Tx, which: Which): Promise<void> {
  const gone = await tx.db.deleteFrom('alert_leases').where(which).returning('alert_id').execute();
  tellHolder(
    tx,
    gone.map((row) => row.alert_id),
    null,
  );
}

/** Not locked: whoever judges one of them locks the alert first and its lease then, and so does what comes after this. */
async function heldBy(tx: Tx, desk: Desk): Promise<string[]> {
  const rows = await tx.db.selectFrom('alert_leases').select('alert_id').where(ofDesk(desk)).execute();
  return rows.map((row) => row.alert_id);
}

async function stillWaiting(tx: Tx, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const query = tx.db.selectFrom('alerts').selectAll().where('id', 'in', ids).where('state', '=', 'new');
  return (await tx.locked(query.orderBy('id')).execute()).map((row) => row.id);
}

/** What no other desk has, in the order of the queue. */
async function nextFree(
  tx: Tx,
  desk: Desk,
  asked: Asked,
  without: readonly string[],
  limit: number,
): Promise<string[]> {
  if (asked.fits === null) return lockedFree(tx, desk, asked, [], without, limit);
  // Few of what waits may fit, so that those are looked for first, and only they are locked.
  const others = await leasedElsewhere(tx, desk);
  const fits = await idsInOrder(tx.db, asked, 'queue', { limit: limit + without.length + others + SPARE });
  return fits.length === 0 ? [] : lockedFree(tx, desk, asked, fits, without, limit);
}

/** `among`: of those only; empty, of all. */
async function lockedFree(
  tx: Tx,
  desk: Desk,
  { filter }: Asked,
  among: readonly string[],
  without: readonly string[],
  limit: number,
): Promise<string[]> {
  const query = tx.db
    .selectFrom('alerts')
    .selectAll()
    .where(matches(filter))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('alert_leases')
            .select('alert_id')
            .whereRef('alert_id', '=', 'alerts.id')
            .where('until', '>', tx.at)
            .where((lease) => lease.or([lease('desk', '!=', desk.id), lease('holder', '!=', desk.holder)])),
        ),
      ),
    )
    .$if(among.length > 0, (all) => all.where('id', 'in', among))
    .$if(without.length > 0, (all) => all.where('id', 'not in', without));
  return (await tx.lockedOrSkipped(inOrder(query, 'queue').limit(limit)).execute()).map((row) => row.id);
}

/** How many leases there are that are not this desk's: so many of what fits may be with others. */
async function leasedElsewhere(tx: Tx, desk: Desk): Promise<number> {
  const { count } = await tx.db
    .selectFrom('alert_leases')
    .where('desk', '!=', desk.id)
    .select((of) => of.fn.countAll().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}
