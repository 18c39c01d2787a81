/**
 * When somebody is asked to look at a scene, its camera is asked, too, whether something new stands there. Questions are rows with a
 * time, so that none is put twice, and one that could not be put in time is not put late.
 */
import {
  type AgentStatus,
  type CameraCommand,
  newId,
  SCENE_LOOK,
  timestamp,
  WIRE_VERSION,
} from '@roadwatch/contract';
import type { Logger } from 'pino';
import { boxOf } from '../alerts/dedup/image-place.ts';
import type { AgentName } from '../cameras/source.ts';
import { cancelSceneHint, sceneHintAsked, sceneUnclear } from '../inspections/scene-hints.ts';
import type { Store, Tx } from '../store/database.ts';
import type { SceneHintRow, TicketRow } from '../store/tables/tickets.ts';
import { hasScene } from '../tickets/machine.ts';
import { ANSWER_MS, askDue, BATCH, type Question } from './questions.ts';

/** Whoever was asked to look has looked by then. */
const STALE_MS = 10 * 60_000;

/** Asks all that are due by now and returns how many. */
export async function askDueSceneHints(
  store: Store,
  send: (agent: AgentName, command: CameraCommand) => void,
  log: Logger,
): Promise<number> {
  return askDue(store, { due, ask, said: 'look at a scene asked for' }, send, log);
}

async function due(tx: Tx): Promise<readonly SceneHintRow[]> {
  const query = tx.db.selectFrom('scene_hints').selectAll().where('due_at', '<=', tx.at);
  return tx.lockedOrSkipped(query.orderBy('due_at').limit(BATCH)).execute();
}

async function ask(tx: Tx, hint: SceneHintRow): Promise<Question | null> {
  if (hint.state === 'asked') {
    await sceneUnclear(tx, hint, 'agent_silent', 'the agent does not answer');
    return null;
  }
  const ticket = await tx.db
    .selectFrom('tickets')
    .selectAll()
    .where('id', '=', hint.ticket_id)
    .executeTakeFirstOrThrow();
  if (!hasScene(ticket) || tx.at - hint.requested_at > STALE_MS) {
    await cancelSceneHint(tx, hint);
    return null;
  }
  const cannot = await whyNot(tx, ticket);
  if (cannot !== null) {
    await sceneUnclear(tx, hint, cannot.code, cannot.reason);
    return null;
  }
  const detection = await tx.db
    .selectFrom('alerts')
    .innerJoin('detections', 'detections.id', 'alerts.detection_id')
    .selectAll('detections')
    .where('alerts.id', '=', ticket.alert_id)
    .executeTakeFirstOrThrow();
  const id = newId();
  await sceneHintAsked(tx, hint, id, tx.at + ANSWER_MS);
  const { site, agent, camera } = ticket;
  return {
    agent: { site, agent },
    command: {
      ...{ v: WIRE_VERSION, id, issuedAt: timestamp(tx.at), expiresAt: timestamp(tx.at + ANSWER_MS) },
      ...{ camera, kind: SCENE_LOOK, detection: detection.id, box: boxOf(detection) },
    },
  };
}

/** Why its box need not be asked; an older one would not even answer. */
async function whyNot(tx: Tx, { site, agent }: TicketRow) {
  const row = await tx.db
    .selectFrom('agents')
    .select(['status', 'silent_at'])
    .where('site', '=', site)
    .where('agent', '=', agent)
    .executeTakeFirst();
  const status = row?.status == null ? null : (JSON.parse(row.status) as AgentStatus);
  if (status === null || status.state === 'offline' || row?.silent_at != null)
    return { code: 'agent_offline', reason: `agent ${site}/${agent} is offline` } as const;
  if (status.commands?.includes(SCENE_LOOK) !== true)
    return {
      code: 'scene_agent_old',
      reason: `agent ${site}/${agent} knows nothing of looks at scenes: install a newer one`,
    } as const;
  return null;
}
