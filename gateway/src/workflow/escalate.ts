/** Who is told at a step of a clock, and whether the unit's own system is reminded. */
import type { ClockKind, Role } from '@roadwatch/contract/api';
import type { Step } from '../clocks/clock.ts';
import { writeNotices } from '../clocks/notices.ts';
import { channelOf, REMINDS } from '../config/channels.ts';
import type { Config } from '../config/config.ts';
import { placeOrder } from '../orders/outbox.ts';
import type { Tx } from '../store/database.ts';
import type { ClockRow } from '../store/tables/clocks.ts';
import { presentAssignment } from '../tickets/assignments.ts';

export type TellConfig = Pick<Config, 'clocks' | 'units'>;

/**
 * In the transaction in which the steps fire, so that everybody is told once, however many gateways watch. Of steps that fire at once, as
 * after a long stop, only the last that anybody hears of is told, for it says all that the others would.
 */
export async function tell(
  tx: Tx,
  { clocks: { escalation }, units }: TellConfig,
  clock: ClockRow,
  steps: readonly Step[],
): Promise<void> {
  const ladder = escalation[LADDERS[clock.kind]] as Readonly<Record<string, readonly Role[]>>;
  const toldAt = (percent: number): readonly Role[] => ladder[String(percent)] ?? [];
  const step = steps.findLast(({ percent }) => toldAt(percent).length > 0);
  if (step === undefined) return;
  const { percent, at } = step;
  const told = toldAt(percent);
  const { ticket_id, kind } = clock;
  const unitId = await writeNotices(tx, told, {
    ticket_id,
    clock_id: clock.id,
    kind,
    percent,
    reason: null,
    at,
  });
  if (told.includes('unit') && THEIRS.has(kind)) await remindUnit(tx, { units }, ticket_id, unitId);
  tx.audit({
    actor: 'system',
    channel: 'gateway',
    action: 'ticket.escalated',
    subject: `ticket:${ticket_id}`,
    after: { clock: kind, percent, told },
  });
}

const LADDERS = {
  handover: 'handover',
  response: 'deadline',
  scene_look: 'sceneLook',
  resolution: 'deadline',
  rework: 'deadline',
  review: 'review',
  suspension: 'suspension',
} as const satisfies Record<ClockKind, keyof Config['clocks']['escalation']>;

/** What the unit itself is late with. */
const THEIRS: ReadonlySet<ClockKind> = new Set(['response', 'scene_look', 'resolution', 'rework']);

/** The unit's own system is told, too, where it takes reminders. What it says is written when it is sent, so that it says what is so then. */
export async function remindUnit(
  tx: Tx,
  { units }: Pick<TellConfig, 'units'>,
  ticketId: string,
  unitId: string,
): Promise<void> {
  const unit = units.find(({ id }) => id === unitId);
  if (!REMINDS[channelOf(unit ?? {})]) return;
  const assignmentId = await presentAssignment(tx, ticketId);
  if (assignmentId === null) return;
  await placeOrder(tx, { ticketId, assignmentId, unitId, kind: 'reminder', at: tx.at });
}
