/** The ticket whose unit has had the longest time to answer, and has not. */
import { timestamp } from '@roadwatch/contract';
import type { WallUnanswered } from '@roadwatch/contract/api';
import type { Kysely } from 'kysely';
import { cameraNameOf, cameraNames } from '../cameras/names.ts';
import type { Tables } from '../store/tables/index.ts';
import { unitNames } from './cases.ts';

export async function oldestUnanswered(db: Kysely<Tables>): Promise<WallUnanswered | null> {
  const waiting = db
    .selectFrom('clocks')
    .innerJoin('tickets', 'tickets.id', 'clocks.ticket_id')
    .where('clocks.kind', '=', 'response')
    .where('clocks.state', '=', 'running');
  const row = await waiting
    .select(['tickets.number', 'tickets.damage_class', 'tickets.site', 'tickets.agent', 'tickets.camera'])
    .select(['tickets.unit_id', 'clocks.started_at', 'clocks.deadline_at'])
    .orderBy('clocks.deadline_at')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return null;
  const [{ count }, names, units] = await Promise.all([
    waiting.select(({ fn }) => fn.countAll().as('count')).executeTakeFirstOrThrow(),
    cameraNames(db, [row]),
    unitNames(db),
  ]);
  return {
    number: row.number,
    damageClass: row.damage_class,
    place: cameraNameOf(names, row),
    unit: units.get(row.unit_id) ?? { en: row.unit_id, zh: row.unit_id },
    startedAt: timestamp(row.started_at),
    deadlineAt: timestamp(row.deadline_at),
    others: Math.max(0, Number(count) - 1),
  };
}
