/** What a unit's own system is told: everything that its crew needs, and where to look further. */
import { damageClass, timestamp } from '@roadwatch/contract';
import { cameraKey, cameraNames } from '../cameras/names.ts';
import { hasCamera } from '../cameras/source.ts';
import { respondBy } from '../clocks/sla.ts';
import type { Config } from '../config/config.ts';
import { addressOf } from '../config/public-url.ts';
import type { Store } from '../store/database.ts';
import type { OutboxRow } from '../store/tables/tickets.ts';

const TYPES = {
  dispatch: 'ticket.dispatched',
  recall: 'ticket.recalled',
  reminder: 'ticket.reminder',
  rework: 'ticket.rework',
} as const;

export const UNIT_CLOCKS = ['response', 'resolution', 'rework'] as const;

/** JSON, in which what is undefined is left out. */
export async function orderBody(store: Store, config: Pick<Config, 'clocks' | 'http'>, order: OutboxRow) {
  const ticket = await store.db
    .selectFrom('tickets')
    .selectAll()
    .where('id', '=', order.ticket_id)
    .executeTakeFirstOrThrow();
  const names = await cameraNames(store.db, [ticket]);
  const { code, en, zh } = damageClass(ticket.damage_class);
  const now = store.now();
  const clocks = await store.db
    .selectFrom('clocks')
    .selectAll()
    .where('ticket_id', '=', ticket.id)
    .where('state', '=', 'running')
    // The others are the operators' own.
    .where('kind', 'in', UNIT_CLOCKS)
    .orderBy('kind')
    .execute();
  /** The unit has had it for long: what counts is how long its clocks still run. */
  const isUnderWay = order.kind === 'reminder' || order.kind === 'rework';
  return {
    type: TYPES[order.kind],
    timestamp: timestamp(now),
    data: {
      assignment: order.assignment_id,
      unit: order.destination,
      reason: order.kind === 'rework' ? (ticket.rework_reason ?? undefined) : undefined,
      ticket: {
        id: ticket.id,
        number: ticket.number,
        damageClass: ticket.damage_class,
        code,
        title: { en, zh },
        note: ticket.note,
        camera: hasCamera(ticket)
          ? { id: cameraKey(ticket), name: names.get(cameraKey(ticket)) ?? null }
          : null,
        position:
          ticket.latitude === null || ticket.longitude === null
            ? null
            : { latitude: ticket.latitude, longitude: ticket.longitude },
        state: ticket.state,
        createdAt: timestamp(ticket.created_at),
        clocks: isUnderWay
          ? clocks.map(({ kind, deadline_at }) => ({
              kind: kind as (typeof UNIT_CLOCKS)[number],
              deadlineAt: timestamp(deadline_at),
            }))
          : undefined,
        respondBy: isUnderWay
          ? undefined
          : timestamp(
              // An order that comes late finds the clock running already.
              clocks.find(({ kind }) => kind === 'response')?.deadline_at ??
                respondBy(config.clocks, ticket.damage_class, now),
            ),
        url: addressOf(config.http, `/tickets/${ticket.id}`),
      },
    },
  };
}

/** Where it is, in words, for who cannot be told a position: as a person reported it, or where the camera hangs. */
export async function orderAddress(store: Store, order: OutboxRow): Promise<string | null> {
  const row = await store.db
    .selectFrom('tickets')
    .leftJoin('citizen_reports', 'citizen_reports.alert_id', 'tickets.alert_id')
    .select(['tickets.site', 'tickets.agent', 'tickets.camera', 'citizen_reports.address'])
    .where('tickets.id', '=', order.ticket_id)
    .executeTakeFirst();
  if (row === undefined || row.address !== null) return row?.address ?? null;
  return (await cameraNames(store.db, [row])).get(cameraKey(row))?.zh ?? null;
}
