/**
 * Hints for whoever looks at the scene of a ticket: whether the camera sees something new stand there. A hint changes nothing of its
 * ticket, and each question is put once: what is not answered in time has gone unanswered.
 */
import { newId, type Reply, type SceneReport } from '@roadwatch/contract';
import type { AgentName } from '../cameras/source.ts';
import type { Tx } from '../store/database.ts';
import type { SceneHintRow } from '../store/tables/tickets.ts';

/** Asks for a hint as soon as may be; one at a time for each ticket. */
export async function wantSceneHint(tx: Tx, ticketId: string): Promise<void> {
  const open = tx.db
    .selectFrom('scene_hints')
    .select('id')
    .where('ticket_id', '=', ticketId)
    .where('state', 'in', ['waiting', 'asked']);
  if ((await open.executeTakeFirst()) !== undefined) return;
  await tx.db
    .insertInto('scene_hints')
    .values({
      ...{ id: newId(), ticket_id: ticketId, state: 'waiting', due_at: tx.at, command_id: null },
      ...{ requested_at: tx.at, ended_at: null, ...NOTHING, result: null, code: null, reason: null },
    })
    .execute();
}

/** The question has been put to the agent, as the command `commandId`; without an answer by `until` it has gone unanswered. */
export async function sceneHintAsked(
  tx: Tx,
  { id, ticket_id }: SceneHintRow,
  commandId: string,
  until: number,
): Promise<void> {
  await tx.db
    .updateTable('scene_hints')
    .set({ state: 'asked', command_id: commandId, due_at: until })
    .where('id', '=', id)
    .execute();
  tx.changed({ kind: 'ticket', subject: ticket_id, data: { sceneHint: 'asked' } });
}

/** There is nothing left to look for. */
export async function cancelSceneHint(tx: Tx, { id }: SceneHintRow): Promise<void> {
  await tx.db
    .updateTable('scene_hints')
    .set({ state: 'cancelled', due_at: null, ended_at: tx.at })
    .where('id', '=', id)
    .execute();
}

/** Nobody can tell, and why. */
export function sceneUnclear(tx: Tx, hint: SceneHintRow, code: string, reason: string): Promise<void> {
  return settle(tx, hint, { ...NOTHING, result: 'unclear', code, reason });
}

/** An agent's answer; one to a question that is not open, or not put to this agent, changes nothing. */
export async function recordSceneHint(tx: Tx, from: AgentName, reply: Reply): Promise<void> {
  const query = tx.db
    .selectFrom('scene_hints')
    .selectAll()
    .where('command_id', '=', reply.id)
    .where('state', '=', 'asked');
  const hint = await tx.locked(query).executeTakeFirst();
  if (hint === undefined) return;
  const ticket = await tx.db
    .selectFrom('tickets')
    .select(['site', 'agent'])
    .where('id', '=', hint.ticket_id)
    .executeTakeFirstOrThrow();
  if (ticket.site !== from.site || ticket.agent !== from.agent) return;
  const { outcome, scene, code = 'command_failed', reason = `the agent says: ${outcome}` } = reply;
  if (outcome !== 'done' || scene === undefined) return sceneUnclear(tx, hint, code, reason);
  await settle(tx, hint, { ...answerOf(scene), ...pictureOf(reply), reason: null });
}

const NOTHING = {
  ...{ pictures: 0, compares_opening: 0, standing: '[]', sha256: null, captured_at: null, missing: null },
} as const;

type Answer = Pick<
  SceneHintRow,
  'code' | 'reason' | 'pictures' | 'compares_opening' | 'standing' | 'sha256' | 'captured_at' | 'missing'
> & { readonly result: NonNullable<SceneHintRow['result']> };

function answerOf({ result, code, pictures, comparesOpening, standing }: SceneReport) {
  return {
    ...{ result, code: code ?? null, pictures, standing: JSON.stringify(standing) },
    compares_opening: comparesOpening ? 1 : 0,
  };
}

function pictureOf({ evidence = [], missing = [] }: Reply) {
  const still = evidence.find(({ kind }) => kind === 'still');
  return {
    sha256: still?.sha256 ?? null,
    captured_at: still === undefined ? null : Date.parse(still.capturedAt),
    missing: missing[0]?.reason ?? null,
  };
}

async function settle(tx: Tx, { id, ticket_id }: SceneHintRow, answer: Answer): Promise<void> {
  await tx.db
    .updateTable('scene_hints')
    .set({ ...answer, state: 'done', due_at: null, ended_at: tx.at })
    .where('id', '=', id)
    .execute();
  const { result, code, reason } = answer;
  tx.audit({
    ...{ actor: 'system', channel: 'gateway', subject: `ticket:${ticket_id}` },
    action: `scene_hint.${result}`,
    after: { pictures: answer.pictures, reason, ...(code === null ? {} : { code }) },
  });
  tx.changed({ kind: 'ticket', subject: ticket_id, data: { sceneHint: result } });
}
