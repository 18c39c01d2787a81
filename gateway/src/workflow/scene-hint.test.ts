import { type Command, type Reply, type SceneReport, sha256, timestamp } from '@roadwatch/contract';
import { expect, test } from 'vitest';
import { sampleDetection } from '../../testing/agent.ts';
import { sampleStatus } from '../../testing/status.ts';
import { testStore } from '../../testing/store.ts';
import { ACTOR, dispatchedTicket, person, QUIET } from '../../testing/ticket.ts';
import { readMessage } from '../ingest/message.ts';
import { receive } from '../ingest/receive.ts';
import { findTicket, ticketHistory } from '../tickets/view.ts';
import { receiversOf } from './collect.ts';
import { commandTicket } from './commands.ts';
import { fireDueClocks } from './fire-clocks.ts';
import { askDueSceneHints } from './scene-hint.ts';
import { answerSceneLook } from './scene-look.ts';

const MINUTE = 60_000;
const OPERATOR = person('operator');
const LORRY: SceneReport = {
  result: 'new',
  pictures: 3,
  comparesOpening: true,
  standing: [{ kind: 'truck', score: 0.8, box: [0.4, 0.4, 0.2, 0.2], isNew: true }],
};

/** A ticket whose scene is to be looked at now; `commands`: what its box says that it knows; null: it says nothing. */
async function atTheScene(
  commands: readonly string[] | null = ['scene.look'],
  state: 'online' | 'offline' = 'online',
) {
  const { store, time } = await testStore();
  const { config, id } = await dispatchedTicket(store);
  const take = (topic: string, value: object, from = 'edge-1') => {
    const message = readMessage({
      topic: `roadwatch/v1/binjiang/${from}/${topic}`,
      payload: Buffer.from(JSON.stringify(value)),
    });
    return store.transaction((tx) => receive(tx, [message], receiversOf(config.alerts)));
  };
  if (commands !== null) await take('status', sampleStatus({ state, commands: [...commands] }));
  const asked: Command[] = [];
  const ask = () => askDueSceneHints(store, (_agent, command) => asked.push(command), QUIET);
  const twentyMinutesOn = async () => {
    time.pass(20 * MINUTE);
    await fireDueClocks(store, config, QUIET);
    await ask();
  };
  const reply = (said: Partial<Reply>, from = 'edge-1') => {
    const { id: command } = asked.at(-1) as Command;
    return take(
      `replies/${command}`,
      { v: 1, id: command, at: timestamp(time.now), outcome: 'done', ...said },
      from,
    );
  };
  const ticket = async (viewer = OPERATOR) => {
    const found = await findTicket(store.db, id, viewer);
    if (found === null) throw new Error('no ticket');
    return found;
  };
  return { store, time, config, id, asked, ask, reply, ticket, twentyMinutesOn };
}

test('when somebody is asked to look at the scene, its camera is asked what stands there, once', async () => {
  const { asked, ask, ticket, twentyMinutesOn } = await atTheScene();
  expect((await ticket()).sceneHint).toBeNull();
  await twentyMinutesOn();
  await ask();
  const { box } = sampleDetection();
  expect(asked).toMatchObject([{ kind: 'scene.look', camera: 'binsheng-road', box }]);
  expect((await ticket()).sceneHint).toMatchObject({ state: 'asked', result: null });
});

test('what it says is there for whoever looks, with its picture, and changes nothing of the ticket', async () => {
  const { store, id, reply, ticket, twentyMinutesOn } = await atTheScene();
  await twentyMinutesOn();
  const before = await ticket();
  const still = {
    name: 'still.jpg',
    kind: 'still',
    contentType: 'image/jpeg',
    sha256: sha256('p'),
    bytes: 1,
  } as const;
  const capturedAt = '2026-11-23T08:36:00.000Z';
  await reply({ scene: LORRY, evidence: [{ ...still, capturedAt }] });
  const { sceneHint, ...after } = await ticket();
  expect(sceneHint).toMatchObject({
    ...LORRY,
    ...{ state: 'done', code: null, reason: null },
    picture: { sha256: sha256('p'), capturedAt, available: false },
  });
  expect(after).toEqual({ ...before, sceneHint: undefined });
  expect((await ticketHistory(store.db, id)).at(-1)).toMatchObject({
    action: 'scene_hint.new',
    actor: 'system',
  });
});

test('its unit is not shown who stands there', async () => {
  const { reply, ticket, twentyMinutesOn } = await atTheScene();
  await twentyMinutesOn();
  await reply({ scene: LORRY });
  const { unit } = await ticket();
  expect((await ticket(person('unit', unit.id))).sceneHint).toBeNull();
});

test.each<[string, readonly string[] | null, 'online' | 'offline', string]>([
  ['knows no such look', [], 'online', 'scene_agent_old'],
  ['is offline', ['scene.look'], 'offline', 'agent_offline'],
  ['never said anything', null, 'online', 'agent_offline'],
])('a box that %s is not asked, and that is said', async (_, commands, state, code) => {
  const { asked, ticket, twentyMinutesOn } = await atTheScene(commands, state);
  await twentyMinutesOn();
  expect(asked).toEqual([]);
  expect((await ticket()).sceneHint).toMatchObject({ state: 'done', result: 'unclear', code });
});

test('a camera that is away is said so, in the words of its box', async () => {
  const { reply, ticket, twentyMinutesOn } = await atTheScene();
  await twentyMinutesOn();
  const reason = 'the camera does not stream: stalled';
  await reply({ outcome: 'failed', code: 'camera_not_streaming', reason });
  expect((await ticket()).sceneHint).toMatchObject({
    result: 'unclear',
    code: 'camera_not_streaming',
    reason,
  });
});

test('a question without an answer ends as that, is not put again, and a late answer changes nothing', async () => {
  const { time, asked, ask, reply, ticket, twentyMinutesOn } = await atTheScene();
  await twentyMinutesOn();
  time.pass(MINUTE);
  await ask();
  await ask();
  expect(asked).toHaveLength(1);
  expect((await ticket()).sceneHint).toMatchObject({
    state: 'done',
    result: 'unclear',
    code: 'agent_silent',
  });
  await reply({ scene: LORRY });
  expect((await ticket()).sceneHint).toMatchObject({ result: 'unclear' });
});

test('an agent cannot answer for another', async () => {
  const { reply, ticket, twentyMinutesOn } = await atTheScene();
  await twentyMinutesOn();
  await reply({ scene: LORRY }, 'edge-2');
  expect((await ticket()).sceneHint).toMatchObject({ state: 'asked' });
});

test('when the desk is asked again later so is the camera, and the newest counts', async () => {
  const { store, config, id, asked, reply, ticket, twentyMinutesOn } = await atTheScene();
  await twentyMinutesOn();
  await reply({ scene: { ...LORRY, result: 'nothing_new', standing: [] } });
  await store.transaction((tx) => answerSceneLook(tx, config, id, 'not_arrived', OPERATOR, ACTOR));
  await twentyMinutesOn();
  expect(asked).toHaveLength(2);
  await reply({ scene: LORRY });
  expect((await ticket()).sceneHint).toMatchObject({ result: 'new' });
});

test('a look that could not be asked for in time is not asked for late, nor one where no crew is awaited any more', async () => {
  const late = await atTheScene();
  late.time.pass(20 * MINUTE);
  await fireDueClocks(late.store, late.config, QUIET);
  late.time.pass(11 * MINUTE);
  expect(await late.ask()).toBe(0);
  const over = await atTheScene();
  over.time.pass(20 * MINUTE);
  await fireDueClocks(over.store, over.config, QUIET);
  for (const command of ['arrive', 'repair'] as const)
    await commandTicket(over.store, over.config, over.id, { command }, OPERATOR, ACTOR);
  expect(await over.ask()).toBe(0);
  expect((await over.ticket()).sceneHint).toBeNull();
});
