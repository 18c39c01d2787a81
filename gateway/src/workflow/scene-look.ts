/**
 * Some time after the dispatch somebody looks at the scene by its camera, and says whether the crew has come. Who is seen there has
 * responded, whatever was reported; where nobody is, the unit is pressed (催办) and the desk is asked to look again later.
 */
import { newId } from '@roadwatch/contract';
import type { SceneAnswer } from '@roadwatch/contract/api';
import { endEvents, tellOf } from '../clocks/notices.ts';
import { timesOf } from '../clocks/sla.ts';
import { type Actor, authorOf } from '../identity/actor.ts';
import type { User } from '../identity/users.ts';
import { Refusal } from '../refusal.ts';
import type { Tx } from '../store/database.ts';
import type { TicketRow } from '../store/tables/tickets.ts';
import { hasScene, TRANSITIONS } from '../tickets/machine.ts';
import { touch } from '../tickets/state.ts';
import { maySee } from '../tickets/view.ts';
import type { TransitionConfig } from './effects.ts';
import { remindUnit, type TellConfig } from './escalate.ts';
import { moveTicket } from './move.ts';
import { beginClock, moveClocks } from './ticket-clocks.ts';

/** Throws Refusal. */
export async function answerSceneLook(
  tx: Tx,
  config: TransitionConfig & TellConfig,
  id: string,
  answer: SceneAnswer,
  user: User,
  actor: Actor,
): Promise<void> {
  const query = tx.db.selectFrom('tickets').selectAll().where('id', '=', id);
  const ticket = await tx.locked(query).executeTakeFirst();
  if (ticket === undefined || !maySee(ticket, user))
    throw new Refusal('ticket_unknown', `there is no ticket ${id}`);
  if (!hasScene(ticket))
    throw new Refusal('scene_look_impossible', `there is no scene to look at: the ticket is ${ticket.state}`);
  await tx.db
    .insertInto('scene_looks')
    .values({ id: newId(), ticket_id: id, at: tx.at, by: actor.name, answer })
    .execute();
  tx.audit({
    ...authorOf(actor),
    action: 'ticket.scene_look',
    subject: `ticket:${id}`,
    after: { answer },
  });
  if (answer === 'arrived') await arrived(tx, config, ticket, actor);
  else await again(tx, config, ticket, answer);
  tx.changed({ kind: 'ticket', subject: id, data: { sceneLook: answer } });
}

async function arrived(tx: Tx, config: TransitionConfig, ticket: TicketRow, actor: Actor): Promise<void> {
  await moveClocks(tx, ticket.id, ['scene_look'], 'met', config.clocks.calendars);
  const { from, to } = TRANSITIONS.arrive;
  if (!(from as readonly string[]).includes(ticket.state)) {
    await endEvents(tx, ticket.id, ['nobody_there']);
    return touch(tx, ticket);
  }
  await moveTicket(tx, config, ticket, to, { actor, command: 'arrive', reason: null, outcome: null });
}

async function again(
  tx: Tx,
  config: TransitionConfig & TellConfig,
  ticket: TicketRow,
  answer: Exclude<SceneAnswer, 'arrived'>,
): Promise<void> {
  const time = timesOf(config.clocks, ticket.damage_class).find(({ kind }) => kind === 'scene_look');
  if (time !== undefined) await beginClock(tx, ticket.id, time, config.clocks.calendars);
  await touch(tx, ticket);
  if (answer === 'cannot_see') return;
  await tellOf(tx, config, ticket.id, 'nobody_there', null);
  await remindUnit(tx, config, ticket.id, ticket.unit_id);
}
