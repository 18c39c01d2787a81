/** Puts due inspections to the agents, and what came of them to people. Questions are rows with a time, so a gateway that was away asks when it is back. */
import { type CameraCommand, newId, timestamp, WIRE_VERSION } from '@roadwatch/contract';
import type { Logger } from 'pino';
import { boxOf } from '../alerts/dedup/image-place.ts';
import type { AgentName } from '../cameras/source.ts';
import type { Config } from '../config/config.ts';
import { inspectionAsked, settle } from '../inspections/inspections.ts';
import type { Store, Tx } from '../store/database.ts';
import type { InspectionRow } from '../store/tables/tickets.ts';
import { conclude } from './conclude-inspection.ts';
import { moveTicket } from './move.ts';
import { ANSWER_MS, askDue, BATCH, type Question } from './questions.ts';

/** Asks all that are due by now and returns how many. */
export async function askDueInspections(
  store: Store,
  config: Pick<Config, 'clocks' | 'dispatch' | 'inspection'>,
  send: (agent: AgentName, command: CameraCommand) => void,
  log: Logger,
): Promise<number> {
  const asking = {
    due,
    ask: (tx: Tx, row: InspectionRow) => ask(tx, config, row),
    said: 'inspection asked for',
  };
  return askDue(store, asking, send, log);
}

async function due(tx: Tx): Promise<readonly InspectionRow[]> {
  const query = tx.db.selectFrom('inspections').selectAll().where('due_at', '<=', tx.at);
  return tx.lockedOrSkipped(query.orderBy('due_at').limit(BATCH)).execute();
}

async function ask(
  tx: Tx,
  config: Pick<Config, 'clocks' | 'dispatch' | 'inspection'>,
  inspection: InspectionRow,
): Promise<Question | null> {
  if (inspection.state === 'done') {
    await conclude(tx, config, inspection);
    return null;
  }
  if (inspection.state === 'asked') {
    const silence = { looked: null, seen: null, score: null, evidence: '[]', missing: null };
    await settle(tx, inspection, {
      ...silence,
      ...{ result: 'inconclusive', reason: 'the agent does not answer', code: 'agent_silent' },
    });
    return null;
  }
  const query = tx.db.selectFrom('tickets').selectAll().where('id', '=', inspection.ticket_id);
  const ticket = await tx.locked(query).executeTakeFirstOrThrow();
  const detection = await tx.db
    .selectFrom('alerts')
    .innerJoin('detections', 'detections.id', 'alerts.detection_id')
    .selectAll('detections')
    .where('alerts.id', '=', ticket.alert_id)
    .executeTakeFirstOrThrow();
  const id = newId();
  await inspectionAsked(tx, inspection, id, tx.at + ANSWER_MS);
  if (ticket.state === 'repaired')
    await moveTicket(tx, config, ticket, 'inspecting', {
      actor: { name: 'system', channel: 'gateway' },
      command: 'inspect',
      reason: null,
      outcome: null,
    });
  const { site, agent, camera } = ticket;
  return {
    agent: { site, agent },
    command: {
      v: WIRE_VERSION,
      id,
      issuedAt: timestamp(tx.at),
      expiresAt: timestamp(tx.at + ANSWER_MS),
      camera,
      kind: 'inspect',
      detection: detection.id,
      damageClass: detection.damage_class,
      box: boxOf(detection),
    },
  };
}
