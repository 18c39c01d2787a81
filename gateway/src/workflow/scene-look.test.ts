import type { Role, SceneAnswer } from '@roadwatch/contract/api';
import { expect, test } from 'vitest';
import { testStore } from '../../testing/store.ts';
import { ACTOR, dispatchedTicket, person, QUIET } from '../../testing/ticket.ts';
import { findTicket, ticketHistory } from '../tickets/view.ts';
import { commandTicket } from './commands.ts';
import { fireDueClocks } from './fire-clocks.ts';
import { answerSceneLook } from './scene-look.ts';

const MINUTE = 60_000;
const OPERATOR = person('operator');

async function twentyMinutesOn() {
  const { store, time } = await testStore();
  const { config, id } = await dispatchedTicket(store);
  time.pass(20 * MINUTE);
  await fireDueClocks(store, config, QUIET);
  const look = (answer: SceneAnswer) =>
    store.transaction((tx) => answerSceneLook(tx, config, id, answer, OPERATOR, ACTOR));
  const ticket = async () => {
    const found = await findTicket(store.db, id, OPERATOR);
    if (found === null) throw new Error('no ticket');
    return found;
  };
  const clock = async (kind: string) => (await ticket()).clocks.find((each) => each.kind === kind);
  const told = async () => {
    const rows = await store.db.selectFrom('notices').selectAll().where('ended_at', 'is', null).execute();
    return rows.map(({ kind, audience }) => `${kind} ${audience}`).sort();
  };
  const give = (command: 'accept' | 'arrive' | 'repair', role: Role = 'operator') =>
    commandTicket(store, config, id, { command }, person(role), ACTOR);
  return { store, time, config, id, look, ticket, clock, told, give };
}

test('a crew that is seen 20 minutes after the dispatch has arrived, which is the response of its unit', async () => {
  const { id, store, time, look, ticket, clock } = await twentyMinutesOn();
  await look('arrived');
  expect(await ticket()).toMatchObject({
    state: 'on_site',
    onSiteAt: new Date(time.now).toISOString(),
    sceneLooks: [{ answer: 'arrived', by: 'user:ann', at: new Date(time.now).toISOString() }],
  });
  expect(await clock('response')).toMatchObject({ state: 'met', breachedAt: null });
  expect(await clock('scene_look')).toMatchObject({ state: 'met' });
  expect(await ticketHistory(store.db, id)).toContainEqual(
    expect.objectContaining({
      action: 'ticket.scene_look',
      actor: 'user:ann',
      detail: { answer: 'arrived' },
    }),
  );
});

test('when nobody is there the unit is pressed and its time runs on, and the desk is to look again later', async () => {
  const { config, store, time, look, ticket, clock, told } = await twentyMinutesOn();
  const before = await clock('response');
  await look('not_arrived');
  expect((await ticket()).state).toBe('dispatched');
  expect(await clock('response')).toEqual(before);
  expect(await clock('scene_look')).toMatchObject({
    state: 'running',
    deadlineAt: new Date(time.now + 20 * MINUTE).toISOString(),
  });
  expect(await told()).toEqual(expect.arrayContaining(['nobody_there shift_lead', 'nobody_there unit']));
  time.pass(20 * MINUTE);
  await fireDueClocks(store, config, QUIET);
  expect(await told()).toContain('scene_look operator');
});

test('a camera that shows nothing accuses nobody: the desk looks again later', async () => {
  const { look, ticket, clock, told } = await twentyMinutesOn();
  await look('cannot_see');
  expect((await ticket()).state).toBe('dispatched');
  expect(await clock('scene_look')).toMatchObject({ state: 'running' });
  expect((await told()).filter((each) => each.startsWith('nobody_there'))).toEqual([]);
});

test('a crew that says it is there and is not seen is told of, and once it is seen no longer', async () => {
  const { look, ticket, told, give } = await twentyMinutesOn();
  await give('arrive');
  await look('not_arrived');
  expect((await ticket()).state).toBe('on_site');
  expect(await told()).toContain('nobody_there shift_lead');
  await look('arrived');
  expect((await told()).filter((each) => each.startsWith('nobody_there'))).toEqual([]);
  expect((await ticket()).sceneLooks.map(({ answer }) => answer)).toEqual(['not_arrived', 'arrived']);
});

test('after the repair there is no crew to look for', async () => {
  const { look, give } = await twentyMinutesOn();
  await give('arrive');
  await give('repair');
  await expect(look('arrived')).rejects.toThrow('the ticket is repaired');
});

test('while a ticket is suspended nobody is asked to look for a crew', async () => {
  const { config, store, id, time, give, clock, told } = await twentyMinutesOn();
  await give('accept');
  expect(await told()).toContain('scene_look operator');
  const suspend = { command: 'suspend', reason: 'rain', reviewAt: time.now + 600 * MINUTE } as const;
  await commandTicket(store, config, id, suspend, person('shift_lead'), ACTOR);
  expect(await clock('scene_look')).toMatchObject({ state: 'cancelled' });
  expect(await told()).not.toContain('scene_look operator');
});
