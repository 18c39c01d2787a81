import { type Command, type Reply, sha256, timestamp } from '@roadwatch/contract';
import type { Role } from '@roadwatch/contract/api';
import { expect, test } from 'vitest';
import { noticesFor } from '../../src/clocks/notices.ts';
import { readMessage } from '../../src/ingest/message.ts';
import { receive } from '../../src/ingest/receive.ts';
import { findTicket } from '../../src/tickets/view.ts';
import { receiversOf } from '../../src/workflow/collect.ts';
import { commandTicket } from '../../src/workflow/commands.ts';
import { fireDueClocks } from '../../src/workflow/fire-clocks.ts';
import { askDueInspections } from '../../src/workflow/inspect.ts';
import { sampleDetection, type TestAgent } from '../../testing/agent.ts';
import { testGateway } from '../../testing/gateway.ts';
import { testStore } from '../../testing/store.ts';
import { ACTOR, dispatchedTicket, person, QUIET } from '../../testing/ticket.ts';

const MINUTE = 60_000;
type Inspection = NonNullable<Reply['inspection']>;
const PASS: Inspection = { result: 'pass', looked: 20, seen: 0, score: 0 };
const FAIL: Inspection = { result: 'fail', looked: 20, seen: 19, score: 0.8 };
const UNSURE: Inspection = { result: 'inconclusive', looked: 2, seen: 0, score: 0 };

async function repaired(settings: Parameters<typeof dispatchedTicket>[1] = {}) {
  const { store, time } = await testStore();
  const { id, config } = await dispatchedTicket(store, settings);
  for (const command of ['arrive', 'repair'] as const)
    await commandTicket(store, config, id, { command }, person('operator'), ACTOR);
  const asked: Command[] = [];
  const ask = () => askDueInspections(store, config, (_agent, command) => asked.push(command), QUIET);
  const reply = (
    command: Command,
    inspection: Inspection,
    { from = 'edge-1', ...besides }: { readonly from?: string } & Pick<Reply, 'missing'> = {},
  ) => {
    const said = { id: command.id, at: timestamp(time.now), outcome: 'done', inspection } as const;
    const value: Reply = { v: 1, ...said, ...besides };
    const topic = `roadwatch/v1/binjiang/${from}/replies/${command.id}`;
    const message = readMessage({ topic, payload: Buffer.from(JSON.stringify(value)) });
    return store.transaction((tx) => receive(tx, [message], receiversOf(config.alerts)));
  };
  const ticket = async () => {
    const view = await findTicket(store.db, id, person('operator'));
    if (view === null) throw new Error('no ticket');
    return view;
  };
  const give = (input: Parameters<typeof commandTicket>[3]) =>
    commandTicket(store, config, id, input, person('operator'), ACTOR);
  return { store, time, id, config, asked, ask, reply, ticket, give };
}

test('some minutes after the repair the camera that saw the damage is asked to look at that place', async () => {
  const { time, asked, ask, ticket } = await repaired();
  await ask();
  expect(asked).toEqual([]);
  time.pass(5 * MINUTE);
  await ask();
  const { box, damageClass } = sampleDetection();
  expect(asked).toMatchObject([{ kind: 'inspect', camera: 'binsheng-road', box, damageClass }]);
  expect(await ticket()).toMatchObject({
    state: 'inspecting',
    inspections: [{ state: 'asked', attempts: 1 }],
  });
});

test.each([
  ['pass', PASS],
  ['fail', FAIL],
] as const)('a look that says %s is kept for whoever decides, and closes nothing', async (result, answer) => {
  const { time, asked, ask, reply, ticket } = await repaired();
  time.pass(5 * MINUTE);
  await ask();
  await reply(asked[0] as Command, answer);
  const { state, inspections } = await ticket();
  expect(state).toBe('inspecting');
  expect(inspections).toMatchObject([{ state: 'done', result, looked: 20, endedAt: timestamp(time.now) }]);
  time.pass(60 * MINUTE);
  expect(await ask()).toBe(0);
});

test('an inspection whose pictures do not come says why', async () => {
  const { time, asked, ask, reply, ticket } = await repaired();
  time.pass(5 * MINUTE);
  await ask();
  const missing = [{ name: 'still.jpg', kind: 'still', reason: 'over_budget' } as const];
  await reply(asked[0] as Command, PASS, { missing });
  const { inspections } = await ticket();
  expect(inspections).toMatchObject([{ state: 'done', result: 'pass', evidence: [], missing }]);
});

test.each([
  ['pass', PASS, []],
  ['fail', FAIL, [{ kind: 'inspection_failed', clock: null, reason: `${FAIL.seen}/${FAIL.looked}` }]],
] as const)(
  'a look that says %s asks a person to judge in time, and one that failed is told at once',
  async (_result, answer, notices) => {
    const { store, time, config, asked, ask, reply, ticket, give } = await repaired();
    time.pass(5 * MINUTE);
    await ask();
    await reply(asked[0] as Command, answer);
    await ask();
    const told = (role: Role) => noticesFor(store.db, person(role));
    for (const role of ['operator', 'inspector'] as const) expect(await told(role)).toMatchObject(notices);
    const clock = async (kind: string) => (await ticket()).clocks.find((entry) => entry.kind === kind);
    expect(await clock('review')).toMatchObject({
      state: 'running',
      deadlineAt: timestamp(time.now + 60 * MINUTE),
    });
    time.pass(90 * MINUTE);
    await fireDueClocks(store, config, QUIET);
    expect(await told('inspector')).toMatchObject([{ kind: 'review', percent: 150 }, ...notices]);
    await give({ command: 'rework', reason: 'loose' });
    expect(await told('inspector')).toEqual([]);
    expect(await clock('review')).toMatchObject({ state: 'met' });
    expect(await ticket()).toMatchObject({ reworkReason: 'loose' });
    const start = time.now;
    expect(await clock('rework')).toMatchObject({
      state: 'running',
      deadlineAt: timestamp(start + 24 * 60 * MINUTE),
    });
    time.pass(24 * 60 * MINUTE);
    await fireDueClocks(store, config, QUIET);
    expect(await told('shift_lead')).toMatchObject([{ kind: 'rework', percent: 100 }]);
    await give({ command: 'arrive' });
    await give({ command: 'repair' });
    expect(await clock('rework')).toMatchObject({
      state: 'met',
      breachedAt: timestamp(start + 24 * 60 * MINUTE),
    });
    expect(await told('shift_lead')).toEqual([]);
  },
);

test('the time to repair again stands still while the ticket is suspended', async () => {
  const { store, time, config, ticket, give, id } = await repaired();
  await give({ command: 'rework', reason: 'loose' });
  const lead = person('shift_lead');
  const set = (command: 'suspend' | 'resume') =>
    commandTicket(
      store,
      config,
      id,
      { command, reason: 'frost', reviewAt: time.now + 6_000 * MINUTE },
      lead,
      ACTOR,
    );
  const rework = async () => (await ticket()).clocks.find(({ kind }) => kind === 'rework');
  const deadline = Date.parse((await rework())?.deadlineAt ?? '');
  await set('suspend');
  expect(await rework()).toMatchObject({ state: 'paused' });
  time.pass(100 * MINUTE);
  await set('resume');
  expect(await rework()).toMatchObject({ state: 'running', deadlineAt: timestamp(deadline + 100 * MINUTE) });
  expect(await ticket()).toMatchObject({ state: 'rework', reworkReason: 'loose' });
});

test('where no camera looks by itself, a person has the time to judge from the repair on', async () => {
  const { ticket, time } = await repaired({ inspection: { automatic: false } });
  expect((await ticket()).clocks.find(({ kind }) => kind === 'review')).toMatchObject({
    state: 'running',
    deadlineAt: timestamp(time.now + 60 * MINUTE),
  });
});

test('an inconclusive look is repeated, and at last left to a person, who is told', async () => {
  const { store, time, asked, ask, reply, ticket } = await repaired();
  time.pass(5 * MINUTE);
  for (let n = 0; n < 8; n++) {
    await ask();
    expect(asked).toHaveLength(n + 1);
    await reply(asked[n] as Command, UNSURE);
    time.pass(15 * MINUTE);
  }
  expect(await ask()).toBe(0);
  expect((await ticket()).inspections).toMatchObject([
    { state: 'done', result: 'inconclusive', attempts: 8 },
  ]);
  expect(await noticesFor(store.db, person('inspector'))).toMatchObject([
    { kind: 'inspection_undecided', percent: 0 },
  ]);
});

test('an agent that is away is asked again when it is back, and its late answer to the old question is not mixed up', async () => {
  const { time, asked, ask, reply, ticket } = await repaired();
  time.pass(5 * MINUTE);
  await ask();
  time.pass(MINUTE);
  await ask();
  expect((await ticket()).inspections).toMatchObject([
    { state: 'waiting', result: 'inconclusive', reason: 'the agent does not answer' },
  ]);
  time.pass(15 * MINUTE);
  await ask();
  await reply(asked[0] as Command, FAIL);
  expect((await ticket()).inspections).toMatchObject([{ state: 'asked' }]);
  await reply(asked[1] as Command, PASS);
  expect((await ticket()).inspections).toMatchObject([{ state: 'done', result: 'pass' }]);
});

test('an agent cannot answer for another', async () => {
  const { time, asked, ask, reply, ticket } = await repaired();
  time.pass(5 * MINUTE);
  await ask();
  await reply(asked[0] as Command, PASS, { from: 'edge-2' });
  expect((await ticket()).inspections).toMatchObject([{ state: 'asked', result: null }]);
});

test('a ticket that is closed or sent back asks no more; one that is repaired again is looked at anew', async () => {
  const { time, asked, ask, reply, ticket, give } = await repaired();
  await give({ command: 'rework', reason: 'seen from the car' });
  time.pass(60 * MINUTE);
  expect(await ask()).toBe(0);
  for (const command of ['accept', 'arrive', 'repair', 'inspect'] as const) await give({ command });
  await ask();
  await reply(asked[0] as Command, PASS);
  expect((await ticket()).inspections.map(({ state }) => state)).toEqual(['cancelled', 'done']);
  await give({ command: 'close', reason: 'holds', outcome: 'repaired' });
  expect((await ticket()).state).toBe('closed');
});

test('over the wire: an inspector asks, the agent looks, and its picture is there to be judged', async () => {
  const gateway = await testGateway();
  const agent: TestAgent = await gateway.agent();
  await agent.report();
  const operator = await gateway.operator();
  const path = await operator.dispatch();
  for (const command of ['arrive', 'repair', 'inspect'])
    await operator.post(`${path}/transitions`, { command });
  const command = await agent.command();
  const picture = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(1000, 7)]);
  const at = timestamp(Date.now());
  const still = {
    name: 'still.jpg',
    kind: 'still',
    contentType: 'image/jpeg',
    sha256: sha256(picture),
    bytes: picture.length,
    capturedAt: at,
  } as const;
  await agent.deliver(agent.topics.evidence(command.camera, command.id, 'still.jpg'), picture);
  const reply: Reply = { v: 1, id: command.id, at, outcome: 'done', inspection: PASS, evidence: [still] };
  await agent.deliver(agent.topics.reply(command.id), JSON.stringify(reply));
  const ticket = (await operator.get(path)).body;
  expect(ticket.inspections).toMatchObject([
    { state: 'done', result: 'pass', evidence: [{ sha256: sha256(picture) }] },
  ]);
  expect((await operator.get(`/api/evidence/${sha256(picture)}`)).status).toBe(200);
  expect(ticket.history.at(-1).action).toBe('inspection.pass');
});
