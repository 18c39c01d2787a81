/** Tickets at each of their steps: opened, with the unit, due, repaired, closed. */
import type { TicketOutcome } from '@roadwatch/contract/api';
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../../store/tables/index.ts';
import { CLOSED, DISPATCHED, DUE, FILED, RECURRENCE_MS, REPAIRED, TURNS } from '../definitions.ts';
import { type FactFilter, PAGE, PLACE, type Source, within } from './fact.ts';

const COLUMNS = [
  ...PLACE.map((name) => `tickets.${name}` as const),
  'tickets.id',
  'tickets.unit_id as unit',
] as const;

const filed: Source = async (db, window, filter) => {
  const rows = await tickets(db, filter)
    .select([...COLUMNS, 'state', 'dispatched_at', 'created_at as at'])
    .where(within('created_at', 'id', window))
    .orderBy('created_at')
    .orderBy('id')
    .limit(PAGE)
    .execute();
  return rows.map(({ state, dispatched_at, ...row }) => ({
    ...row,
    turnsAt: null,
    counts: { filed: FILED.filed({ state, dispatchedAt: dispatched_at }) },
  }));
};

const dispatched: Source = async (db, window, filter, now) => {
  const rows = await tickets(db, filter)
    .leftJoin('clocks', (join) =>
      join.onRef('clocks.ticket_id', '=', 'tickets.id').on('clocks.kind', '=', 'response'),
    )
    .select([...COLUMNS, 'clocks.state as clock', 'clocks.deadline_at', 'clocks.breached_at'])
    .select((select) => select.ref('tickets.dispatched_at').$notNull().as('at'))
    .where(within('tickets.dispatched_at', 'tickets.id', window))
    .orderBy('tickets.dispatched_at')
    .orderBy('tickets.id')
    .limit(PAGE)
    .execute();
  return rows.map(({ clock, deadline_at, breached_at, ...row }) => {
    const response =
      clock === null ? null : { state: clock, deadlineAt: deadline_at as number, breachedAt: breached_at };
    const counts = {
      dispatched: DISPATCHED.dispatched(),
      answeredInTime: DISPATCHED.answeredInTime({ response }, now),
    };
    return { ...row, turnsAt: TURNS.dispatched({ response }, now), counts };
  });
};

const due: Source = async (db, window, filter, now) => {
  const rows = await tickets(db, filter)
    .innerJoin('clocks', 'clocks.ticket_id', 'tickets.id')
    .select([...COLUMNS, 'tickets.state', 'clocks.id as clockId'])
    .select(['clocks.state as clock', 'clocks.deadline_at as at', 'clocks.breached_at'])
    .select((select) =>
      select
        .selectFrom('ticket_extensions')
        .select(sql<number>`count(*)`.as('n'))
        .whereRef('ticket_extensions.ticket_id', '=', 'tickets.id')
        .where('ticket_extensions.state', '=', 'given')
        .as('extensions'),
    )
    .where('clocks.kind', '=', 'resolution')
    .where(within('clocks.deadline_at', 'clocks.id', window))
    .orderBy('clocks.deadline_at')
    .orderBy('clocks.id')
    .limit(PAGE)
    .execute();
  return rows.map(({ state, clock, clockId, breached_at, extensions, ...row }) => {
    const resolution = { state: clock, deadlineAt: row.at, breachedAt: breached_at };
    const fact = { state, resolution, extended: Number(extensions) > 0 };
    const counts = { closedOnTime: DUE.closedOnTime(fact, now), extended: DUE.extended(fact) };
    return { ...row, id: clockId, turnsAt: TURNS.due(fact, now), counts };
  });
};

const repaired: Source = async (db, window, filter) => {
  const rows = await tickets(db, filter)
    .select([...COLUMNS, 'dispatched_at'])
    .select((select) => select.ref('repaired_at').$notNull().as('at'))
    .where(within('repaired_at', 'id', window))
    .orderBy('repaired_at')
    .orderBy('id')
    .limit(PAGE)
    .execute();
  return rows.map(({ dispatched_at, ...row }) => ({
    ...row,
    turnsAt: null,
    counts: { timeToRepair: REPAIRED.timeToRepair({ dispatchedAt: dispatched_at, repairedAt: row.at }) },
  }));
};

const closed: Source = async (db, window, filter, now) => {
  const rows = await tickets(db, filter)
    .select([...COLUMNS, 'state', 'outcome'])
    .select((select) => [
      select.ref('closed_at').$notNull().as('at'),
      select
        .selectFrom('clocks')
        .select(sql<number>`count(*)`.as('n'))
        .whereRef('clocks.ticket_id', '=', 'tickets.id')
        .where('clocks.kind', '=', 'rework')
        .as('reworks'),
      select
        .selectFrom('inspections')
        .select(sql<number>`count(*)`.as('n'))
        .whereRef('inspections.ticket_id', '=', 'tickets.id')
        .where('inspections.result', '=', 'pass')
        .whereRef('inspections.ended_at', '>=', 'tickets.repaired_at')
        .as('passes'),
      select
        .selectFrom('alerts')
        // A condition of its own for each would have SQLite read every confirmed alert instead.
        .select(
          sql<
            number | null
          >`sum(case when alerts.state = 'confirmed' and alerts.created_at > tickets.closed_at
            and alerts.created_at <= tickets.closed_at + ${sql.lit(RECURRENCE_MS)} then 1 else 0 end)`.as(
            'n',
          ),
        )
        .whereRef('alerts.recurrence_of', '=', 'tickets.alert_id')
        .as('recurrences'),
    ])
    .where(within('closed_at', 'id', window))
    .orderBy('closed_at')
    .orderBy('id')
    .limit(PAGE)
    .execute();
  return rows.map(({ state, outcome, reworks, passes, recurrences, ...row }) => {
    const fact = {
      state,
      outcome: outcome as TicketOutcome | null,
      closedAt: row.at,
      reworked: Number(reworks) > 0,
      passed: Number(passes) > 0,
      recurred: Number(recurrences) > 0,
    };
    const counts = {
      closed: CLOSED.closed(fact),
      reworked: CLOSED.reworked(fact),
      cameraProven: CLOSED.cameraProven(fact),
      recurred: CLOSED.recurred(fact, now),
    };
    return { ...row, turnsAt: TURNS.closed(fact, now), counts };
  });
};

export const TICKET_SOURCES: readonly Source[] = [filed, dispatched, due, repaired, closed];

function tickets(db: Kysely<Tables>, { unit, damageClass, camera }: FactFilter) {
  let query = db.selectFrom('tickets');
  if (unit !== undefined) query = query.where('tickets.unit_id', '=', unit);
  if (damageClass !== undefined) query = query.where('tickets.damage_class', '=', damageClass);
  if (camera !== undefined)
    query = query
      .where('tickets.site', '=', camera.site)
      .where('tickets.agent', '=', camera.agent)
      .where('tickets.camera', '=', camera.camera);
  return query;
}
