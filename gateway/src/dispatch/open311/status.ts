/** What a unit's Open311 system says of its requests, asked for at intervals, moves the tickets on. */
import type { TicketState } from '@roadwatch/contract/api';
import type { Logger } from 'pino';
import type { Config } from '../../config/config.ts';
import type { Open311Target } from '../../config/units.ts';
import type { Store, Tx } from '../../store/database.ts';
import type { OutboxRow, RemoteRequestRow } from '../../store/tables/tickets.ts';
import { moveByCommand } from '../../workflow/commands.ts';
import type { UnitUpdate } from '../webhook/update.ts';
import type { RemoteRequest } from './answer.ts';
import { getRequests } from './client.ts';

type StatusConfig = Pick<Config, 'clocks' | 'dispatch' | 'inspection' | 'units'>;
type Command = UnitUpdate['command'];

const LEASE_MS = 60_000;
const AT_ONCE = 200;
/** Of one call, so that the address does not become too long. */
const IDS_AT_ONCE = 40;
const LONGEST_WAIT_MS = 3_600_000;
/** A ticket that came to this was not repaired. */
const NOT_REPAIRED: readonly (string | null)[] = ['no_damage_found', 'duplicate', 'not_ours'];

/** In the transaction that notes that the order was sent. */
export async function remember(
  tx: Tx,
  { assignment_id, ticket_id, destination: unit_id }: OutboxRow,
  { id: request_id, token }: Pick<RemoteRequest, 'id' | 'token'>,
): Promise<void> {
  const fresh = { request_id, token, posted_at: tx.at, state: null, failures: 0, check_at: tx.at };
  await tx.db
    .insertInto('remote_requests')
    .values({ assignment_id, ticket_id, unit_id, ...fresh })
    .onConflict((conflict) => conflict.column('assignment_id').doUpdateSet(fresh))
    .execute();
}

/** Asks for every request that is due by now, once, and returns how many. */
export async function askForStatus(
  store: Store,
  config: StatusConfig,
  log: Logger,
  signal: AbortSignal,
): Promise<number> {
  const targets = new Map(config.units.flatMap(({ id, open311 }) => (open311 ? [[id, open311]] : [])));
  if (targets.size === 0) return 0;
  const rows = await lease(store, [...targets.keys()]);
  await Promise.all(
    [...targets].map(async ([unit, target]) => {
      const own = rows.filter((row) => row.unit_id === unit);
      for (let first = 0; first < own.length && !signal.aborted; first += IDS_AT_ONCE)
        await askUnit(store, config, target, own.slice(first, first + IDS_AT_ONCE), log, signal);
    }),
  );
  return rows.length;
}

async function askUnit(
  store: Store,
  config: StatusConfig,
  target: Open311Target,
  rows: readonly RemoteRequestRow[],
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  const numbered = rows.flatMap(({ request_id }) => (request_id === null ? [] : [request_id]));
  const answer =
    numbered.length === 0
      ? []
      : await getRequests(target, 'requests', { service_request_id: numbered.join(',') }, signal);
  for (const row of rows) {
    if (signal.aborted) return;
    const found = row.request_id === null ? await numberOf(target, row, signal) : answer;
    const request = 'ok' in found ? undefined : found.find(({ id }) => id !== null && isOf(row, id));
    if (request === undefined) {
      const reason = 'ok' in found ? found.error : 'the system does not know the request';
      log.warn({ unit: row.unit_id, request: row.request_id ?? row.token, reason }, 'no status');
    }
    await store.transaction((tx) => apply(tx, config, target, row.assignment_id, request));
  }
}

/** "GET service_request_id from a token": the only thing that such an answer says is the number. */
function numberOf(target: Open311Target, { token }: RemoteRequestRow, signal: AbortSignal) {
  return getRequests(target, `tokens/${encodeURIComponent(token ?? '')}`, {}, signal);
}

function isOf({ request_id }: RemoteRequestRow, id: string): boolean {
  return request_id === null || request_id === id;
}

/** `request` undefined: nothing was learnt. */
async function apply(
  tx: Tx,
  config: StatusConfig,
  { pollSeconds }: Open311Target,
  assignmentId: string,
  request: RemoteRequest | undefined,
): Promise<void> {
  const rows = tx.db.selectFrom('remote_requests').selectAll().where('assignment_id', '=', assignmentId);
  const row = await tx.locked(rows).executeTakeFirstOrThrow();
  const assignment = await tx.db
    .selectFrom('assignments')
    .select('id')
    .where('id', '=', assignmentId)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  const failures = request === undefined ? row.failures + 1 : 0;
  const wait = Math.min(pollSeconds * 1000 * 2 ** failures, Math.max(LONGEST_WAIT_MS, pollSeconds * 1000));
  const target = request === undefined ? null : targetOf(request);
  const isOver = assignment === undefined || target === 'repaired' || target === 'returned';
  await tx.db
    .updateTable('remote_requests')
    .set({
      failures,
      check_at: isOver ? null : tx.at + wait,
      request_id: row.request_id ?? request?.id ?? null,
      ...(request === undefined ? {} : { state: request.state ?? request.status }),
    })
    .where('assignment_id', '=', assignmentId)
    .execute();
  if (request === undefined || assignment === undefined) return;
  const state = request.state ?? request.status;
  // Into the history of the ticket, also where it moves nothing.
  if (state !== null && state !== row.state)
    tx.audit({
      actor: `unit:${row.unit_id}`,
      channel: 'open311',
      action: 'ticket.remote_state',
      subject: `ticket:${row.ticket_id}`,
      after: { state, reason: saidBy(request) },
    });
  if (target !== null) await move(tx, config, row, target, request);
}

async function move(
  tx: Tx,
  config: StatusConfig,
  { ticket_id: id, unit_id: unitId }: RemoteRequestRow,
  target: Target,
  request: RemoteRequest,
): Promise<void> {
  const query = tx.db.selectFrom('tickets').selectAll().where('id', '=', id);
  const read = () => tx.locked(query).executeTakeFirstOrThrow();
  const user = { id: unitId, username: unitId, role: 'unit', unitId } as const;
  const actor = { name: `unit:${unitId}`, channel: 'open311' };
  for (const command of commandsTo(target, (await read()).state)) {
    const input = command === 'return' ? { command, reason: saidBy(request) } : { command };
    await moveByCommand(tx, config, await read(), id, input, user, actor);
  }
}

function saidBy({ id, state, status, notes }: RemoteRequest): string {
  return `${id}: ${notes ?? state ?? status}`.slice(0, 1000);
}

type Target = 'accepted' | 'on_site' | 'made_safe' | 'repaired' | 'returned';
const TARGETS: Readonly<Record<string, Target>> = {
  accepted: 'accepted',
  on_site: 'on_site',
  made_safe: 'made_safe',
  repaired: 'repaired',
  inspecting: 'repaired',
};

/**
 * Open and closed are all that the specification has; a gateway also says the state. Closed means repaired, which the camera
 * checks, unless the system says that it was not.
 */
function targetOf({ status, state, outcome }: RemoteRequest): Target | null {
  if (status !== 'closed') return TARGETS[state ?? ''] ?? null;
  const isRefused = state === 'rejected' || state === 'cancelled' || NOT_REPAIRED.includes(outcome ?? '');
  return isRefused ? 'returned' : 'repaired';
}

/** What leads there, forwards only; nothing when the ticket is there, beyond it or elsewhere already. */
function commandsTo(target: Target, state: TicketState): readonly Command[] {
  const begins = state === 'dispatched' || state === 'accepted' || state === 'rework';
  switch (target) {
    case 'accepted':
      return state === 'dispatched' || state === 'rework' ? ['accept'] : [];
    case 'on_site':
      return begins ? ['arrive'] : [];
    case 'made_safe':
      return begins ? ['arrive', 'make_safe'] : state === 'on_site' ? ['make_safe'] : [];
    case 'repaired':
      return begins ? ['arrive', 'repair'] : state === 'on_site' || state === 'made_safe' ? ['repair'] : [];
    case 'returned':
      return state === 'dispatched' || state === 'accepted' ? ['return'] : [];
  }
}

function lease(store: Store, units: readonly string[]): Promise<RemoteRequestRow[]> {
  return store.transaction(async (tx) => {
    const due = tx.db
      .selectFrom('remote_requests')
      .selectAll()
      .where('check_at', 'is not', null)
      .where('check_at', '<=', tx.at)
      .where('unit_id', 'in', units)
      .orderBy('check_at')
      .limit(AT_ONCE);
    const rows = await tx.lockedOrSkipped(due).execute();
    if (rows.length > 0)
      await tx.db
        .updateTable('remote_requests')
        .set({ check_at: tx.at + LEASE_MS })
        .where(
          'assignment_id',
          'in',
          rows.map((row) => row.assignment_id),
        )
        .execute();
    return rows;
  });
}
