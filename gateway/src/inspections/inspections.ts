/**
 * Inspections: after the repair the camera that saw the damage looks at the place again. What it says is evidence for the person
 * who closes the ticket; it closes nothing by itself, and an inconclusive look is repeated.
 */
import { newId, type Reply } from '@roadwatch/contract';
import type { AgentName } from '../cameras/source.ts';
import type { Tx } from '../store/database.ts';
import type { InspectionRow } from '../store/tables/tickets.ts';

export interface InspectionRule {
  /** From the report of the repair until the first look, so that the crew is out of the picture. */
  readonly afterMinutes: number;
  readonly retryMinutes: number;
  /** Looks until a person has to decide without. */
  readonly attempts: number;
}

const MINUTE_MS = 60_000;

/** Orders the looks of a ticket from `at` on; one that is on its way already is brought forward. */
export async function scheduleInspection(
  tx: Tx,
  ticketId: string,
  rule: InspectionRule,
  order: { readonly at: number; readonly by: string },
): Promise<void> {
  const waiting = await tx.db
    .updateTable('inspections')
    .set({ due_at: order.at })
    .where('ticket_id', '=', ticketId)
    .where('state', '=', 'waiting')
    .executeTakeFirst();
  if (waiting.numUpdatedRows > 0n) return;
  const asked = tx.db.selectFrom('inspections').select('id').where('ticket_id', '=', ticketId);
  if ((await asked.where('state', '=', 'asked').executeTakeFirst()) !== undefined) return;
  await tx.db
    .insertInto('inspections')
    .values({
      id: newId(),
      ticket_id: ticketId,
      state: 'waiting',
      result: null,
      reason: null,
      looked: null,
      seen: null,
      score: null,
      evidence: '[]',
      missing: null,
      command_id: null,
      attempts: 0,
      max_attempts: rule.attempts,
      retry_ms: rule.retryMinutes * MINUTE_MS,
      due_at: order.at,
      requested_at: tx.at,
      requested_by: order.by,
      ended_at: null,
    })
    .execute();
}

/** What the ticket has come to makes further looks pointless. */
export async function cancelInspections(tx: Tx, ticketId: string): Promise<void> {
  await tx.db
    .updateTable('inspections')
    .set({ state: 'cancelled', due_at: null, ended_at: tx.at })
    .where('ticket_id', '=', ticketId)
    .where('state', 'in', ['waiting', 'asked'])
    .execute();
}

/** The question has been put to the agent, as the command `commandId`; without an answer by `until` it has gone unanswered. */
export async function inspectionAsked(
  tx: Tx,
  { id, attempts }: InspectionRow,
  commandId: string,
  until: number,
): Promise<void> {
  await tx.db
    .updateTable('inspections')
    .set({ state: 'asked', command_id: commandId, attempts: attempts + 1, due_at: until })
    .where('id', '=', id)
    .execute();
}

/** An agent's answer; one to a question that is not open, or not put to this agent, changes nothing. */
export async function recordAnswer(tx: Tx, from: AgentName, reply: Reply): Promise<void> {
  const query = tx.db
    .selectFrom('inspections')
    .selectAll()
    .where('command_id', '=', reply.id)
    .where('state', '=', 'asked');
  const inspection = await tx.locked(query).executeTakeFirst();
  if (inspection === undefined) return;
  const ticket = await tx.db
    .selectFrom('tickets')
    .select(['site', 'agent'])
    .where('id', '=', inspection.ticket_id)
    .executeTakeFirstOrThrow();
  if (ticket.site !== from.site || ticket.agent !== from.agent) return;
  const answer = reply.inspection;
  await settle(tx, inspection, {
    result: reply.outcome === 'done' && answer !== undefined ? answer.result : 'inconclusive',
    reason: reply.reason ?? (answer === undefined ? `the agent says: ${reply.outcome}` : null),
    looked: answer?.looked ?? null,
    seen: answer?.seen ?? null,
    score: answer?.score ?? null,
    evidence: JSON.stringify(reply.evidence ?? []),
    missing: reply.missing === undefined ? null : JSON.stringify(reply.missing),
    code: reply.code ?? null,
  });
}

type Answer = Pick<InspectionRow, 'reason' | 'looked' | 'seen' | 'score' | 'evidence' | 'missing'> & {
  readonly result: NonNullable<InspectionRow['result']>;
  /** For programs, why nobody can tell. */
  readonly code: string | null;
};

/** Ends the inspection, or has it repeated when nobody can tell yet. What it means for people follows, as it is due at once. */
export async function settle(tx: Tx, inspection: InspectionRow, { code, ...answer }: Answer): Promise<void> {
  const again = answer.result === 'inconclusive' && inspection.attempts < inspection.max_attempts;
  await tx.db
    .updateTable('inspections')
    .set({
      ...answer,
      state: again ? 'waiting' : 'done',
      due_at: again ? tx.at + inspection.retry_ms : tx.at,
      ended_at: again ? null : tx.at,
    })
    .where('id', '=', inspection.id)
    .execute();
  tx.changed({ kind: 'ticket', subject: inspection.ticket_id, data: { inspection: answer.result } });
  if (again) return;
  tx.audit({
    actor: 'system',
    channel: 'gateway',
    action: `inspection.${answer.result}`,
    subject: `ticket:${inspection.ticket_id}`,
    after: {
      looked: answer.looked,
      seen: answer.seen,
      reason: answer.reason,
      ...(code === null ? {} : { code }),
    },
  });
}

/** People have been asked for what is theirs. */
export async function inspectionConcluded(tx: Tx, id: string): Promise<void> {
  await tx.db.updateTable('inspections').set({ due_at: null }).where('id', '=', id).execute();
}
