/**
 * Figures of whole days, and marks of what has changed in them since they were counted.
 *
 * The marks are written by triggers, so that nobody who writes an alert, a ticket or a clock can forget them: not a new command, nor an
 * older gateway on the same store. A mark is a row of its own instead of a flag at the day: a flag that is set by a transaction that ends
 * after the day was counted anew, from what was there before it, would be lost.
 */
import { type Kysely, SqliteAdapter, sql } from 'kysely';
import { index, table } from './schema.ts';

interface Watched {
  readonly table: string;
  /** Those of which the facts are made: a detection that is merged in again changes others all day. */
  readonly columns: readonly string[];
  /** A query for each instant at which the row counts. */
  instants(row: string): readonly string[];
}

const PLACE = ['site', 'agent', 'camera', 'damage_class', 'latitude', 'longitude'];

const WATCHED: readonly Watched[] = [
  {
    table: 'alerts',
    columns: [...PLACE, 'state', 'created_at', 'verdict_at', 'verdict_by', 'recurrence_of'],
    instants: (row) => [
      `select ${row}.created_at as at`,
      `select ${row}.verdict_at as at`,
      `select closed_at as at from tickets where alert_id = ${row}.recurrence_of`,
    ],
  },
  {
    table: 'tickets',
    columns: [
      ...PLACE,
      ...[
        'alert_id',
        'unit_id',
        'state',
        'outcome',
        'created_at',
        'dispatched_at',
        'repaired_at',
        'closed_at',
      ],
    ],
    instants: (row) => [
      `select ${row}.created_at as at`,
      `select ${row}.dispatched_at as at`,
      `select ${row}.repaired_at as at`,
      `select ${row}.closed_at as at`,
      `select deadline_at as at from clocks where ticket_id = ${row}.id and kind = 'resolution'`,
    ],
  },
  {
    table: 'clocks',
    columns: ['ticket_id', 'kind', 'state', 'deadline_at', 'breached_at'],
    instants: (row) => [
      `select ${row}.deadline_at as at where ${row}.kind = 'resolution'`,
      `select dispatched_at as at from tickets where id = ${row}.ticket_id and ${row}.kind = 'response'`,
      `select closed_at as at from tickets where id = ${row}.ticket_id and ${row}.kind = 'rework'`,
    ],
  },
  {
    table: 'inspections',
    columns: ['ticket_id', 'result', 'ended_at'],
    instants: (row) => [`select closed_at as at from tickets where id = ${row}.ticket_id`],
  },
  {
    table: 'ticket_extensions',
    columns: ['ticket_id', 'state'],
    instants: (row) => [
      `select deadline_at as at from clocks where ticket_id = ${row}.ticket_id and kind = 'resolution'`,
    ],
  },
];

export async function up(db: Kysely<unknown>): Promise<void> {
  await table(db, 'figure_days', {
    from_at: 'instant!',
    until_at: 'instant',
    id: 'text',
    counted_at: 'instant',
    good_until: 'instant',
    areas: 'text',
    rules: 'text',
  });
  await table(db, 'figure_cells', { from_at: 'instant!', detail: 'text!', cells: 'text' });
  const isSqlite = db.getExecutor().adapter instanceof SqliteAdapter;
  const id = isSqlite ? 'integer primary key' : 'bigint generated always as identity primary key';
  await sql`create table figure_marks (id ${sql.raw(id)}, at bigint not null)`.execute(db);
  await index(db, 'figure_marks', ['at']);
  for (const watched of WATCHED)
    for (const text of isSqlite ? sqliteTriggers(watched) : postgresTriggers(watched))
      await sql.raw(text).execute(db);
}

/** Each instant once; PostgreSQL knows neither `old` of what is new nor `new` of what is gone as anything but nulls. */
function marking({ instants }: Watched, rows: readonly string[]): string {
  const queries = rows.flatMap(instants).join(' union ');
  return `insert into figure_marks (at) select at from (${queries}) as instants where at is not null;`;
}

function changed({ columns }: Watched, isDistinct: string): string {
  return columns.map((column) => `old.${column} ${isDistinct} new.${column}`).join(' or ');
}

function sqliteTriggers(watched: Watched): readonly string[] {
  const { table: on, columns } = watched;
  const events = [
    ['insert', 'insert', ['new'], ''],
    ['update', `update of ${columns.join(', ')}`, ['old', 'new'], `when ${changed(watched, 'is not')}`],
    ['delete', 'delete', ['old'], ''],
  ] as const;
  return events.map(
    ([name, event, rows, condition]) =>
      `create trigger figure_marks_${on}_${name} after ${event} on ${on} ${condition} begin ${marking(watched, rows)} end`,
  );
}

function postgresTriggers(watched: Watched): readonly string[] {
  const { table: on, columns } = watched;
  const execute = `for each row`;
  const call = `execute function figure_marks_${on}()`;
  return [
    `create function figure_marks_${on}() returns trigger language plpgsql as $$ begin
      ${marking(watched, ['old', 'new'])} return null; end $$`,
    `create trigger figure_marks_${on}_rows after insert or delete on ${on} ${execute} ${call}`,
    `create trigger figure_marks_${on}_update after update of ${columns.join(', ')} on ${on} ${execute}
      when (${changed(watched, 'is distinct from')}) ${call}`,
  ];
}
