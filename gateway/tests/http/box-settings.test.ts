/** What people set of a box as a whole: checked, kept as versions, brought to the box, and confirmed once the box was seen with it. */
import {
  type AgentStatus,
  type BoxCommand,
  type ConfigurationReport,
  newId,
  timestamp,
  WIRE_VERSION,
} from '@roadwatch/contract';
import { expect, test } from 'vitest';
import { testGateway } from '../../testing/gateway.ts';
import { call, type TestOperator } from '../../testing/operator.ts';
import { sampleCameraState, sampleStatus } from '../../testing/status.ts';

const PATH = '/api/agents/binjiang/edge-1/settings';
const OWN: ConfigurationReport = {
  ...{ version: '0123456789abcdef', appliedAt: timestamp(Date.now()), refused: [], settings: null },
  own: {
    ...{ gate: {}, verify: {}, ring: { seconds: 30 }, outbox: {}, log: { level: 'info' }, updates: {} },
    ...{ takeSettings: true, logins: ['street'] },
  },
};

async function start(configuration: ConfigurationReport = OWN) {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  const bootId = newId();
  const status = (change: Partial<AgentStatus> = {}) =>
    agent.deliver(agent.topics.status, JSON.stringify(sampleStatus({ bootId, configuration, ...change })));
  await status();
  const own = { enabled: true, farPass: false, transport: 'tcp' };
  const state = sampleCameraState({ bootId, own });
  await agent.deliver(agent.topics.cameraState('binsheng-road'), JSON.stringify(state));
  const lead = await gateway.operator('shift_lead');
  const set = (version: number, document: object, as: TestOperator = lead) =>
    call(as.base, 'PUT', PATH, { headers: as.headers, body: { version, document } });
  /** The box answers the next command about it. */
  const answer = async (reply: (command: BoxCommand) => object): Promise<BoxCommand> => {
    const command = await agent.boxCommand();
    const said = {
      v: WIRE_VERSION,
      id: command.id,
      at: timestamp(Date.now()),
      outcome: 'done',
      ...reply(command),
    };
    await agent.send(agent.topics.reply(command.id), JSON.stringify(said));
    return command;
  };
  const says = (change: Partial<ConfigurationReport>) =>
    status({ configuration: { ...configuration, ...change } });
  const until = (state: string) => lead.until(PATH, ({ delivery }) => delivery.state === state);
  /** Set, taken on trial, seen and confirmed. */
  const setAndConfirm = async (version: number, document: object): Promise<string> => {
    const { id } = (await set(version, document)).body as { id: string };
    await answer(() => ({ settings: id }));
    await says({ settings: id, trial: { id, until: timestamp(Date.now() + 60_000) } });
    await answer(() => ({ settings: id }));
    await until('applied');
    await says({ settings: id });
    return id;
  };
  return { gateway, agent, lead, set, answer, says, status, until, setAndConfirm };
}

test('what is set is sent, on trial once the box says so, and confirmed once its status has been seen', async () => {
  const { gateway, lead, set, answer, says, until, agent } = await start();
  expect((await lead.get(PATH)).body).toMatchObject({
    ...{ version: 0, document: {}, running: 0, takesSettings: true, delivery: { state: 'none' } },
    configuration: { own: { logins: ['street'] } },
    cameras: [{ camera: 'binsheng-road', state: 'streaming', own: { transport: 'tcp' } }],
  });
  const document = { ring: { seconds: 60 }, cameras: [{ id: 'binsheng-road', enabled: false }] };
  const { status, body } = await set(0, document);
  expect([status, body.version, body.delivery.state]).toEqual([200, 1, 'waiting']);
  const sent = await answer(() => ({ settings: body.id }));
  expect(sent).toMatchObject({ kind: 'box.configure', settings: { id: body.id, values: document } });
  expect(await until('trial')).toMatchObject({ running: 0 });
  // Nothing is confirmed before the box has been seen with it.
  expect(agent.commands).toEqual([]);
  await says({ settings: body.id, trial: { id: body.id, until: timestamp(Date.now() + 60_000) } });
  expect(await answer(() => ({ settings: body.id }))).toMatchObject({
    kind: 'box.confirm',
    settings: body.id,
  });
  expect(await until('applied')).toMatchObject({ by: 'user:shift_lead', running: 1 });
  const audit = await (await gateway.operator('admin')).get('/api/audit');
  expect(JSON.stringify(audit.body)).toContain('agent.settings_changed');
});

test('a box that refuses is shown with every problem, and one that went back with why; both keep what they had', async () => {
  const { lead, set, answer, says, until, setAndConfirm } = await start();
  const first = await setAndConfirm(0, { ring: { seconds: 40 } });
  const second = await set(1, { cameras: [{ id: 'nowhere', enabled: false }] });
  const problems = [{ path: 'cameras[0].id', en: 'not there', zh: '没有' }];
  await answer(() => ({ outcome: 'failed', code: 'box_settings_invalid', reason: 'no', problems }));
  expect(await until('refused')).toMatchObject({
    ...{ version: 2, running: 1 },
    delivery: { code: 'box_settings_invalid', reason: 'no', problems },
  });

  const third = (await set(2, { ring: { seconds: 50 } })).body;
  await answer(() => ({ settings: third.id }));
  await until('trial');
  const refusedSettings = { id: third.id, code: 'box_settings_not_confirmed', problems: [] };
  await says({ settings: first, refusedSettings });
  expect(await until('refused')).toMatchObject({
    ...{ version: 3, running: 1 },
    delivery: { code: 'box_settings_not_confirmed' },
  });
  expect((await lead.post(`${PATH}/send`)).body.delivery.state).toBe('waiting');
  expect((await answer(() => ({ settings: third.id }))).settings).toMatchObject({ id: third.id });
  expect(second.body.version).toBe(2);
});

test('what cannot be meant is told field by field, in both languages, and only some may set', async () => {
  const { set, gateway } = await start();
  const wrong = await set(0, {
    ...{ ring: { seconds: 1 }, verify: { minLooks: 'six' }, colour: 'red' },
  });
  expect([wrong.status, wrong.body.code]).toEqual([422, 'fields_invalid']);
  expect(wrong.body.fields).toEqual(
    expect.arrayContaining([
      {
        path: 'ring.seconds',
        en: 'expected a whole number from 6 to 600',
        zh: '应为 6 至 600 的整数',
      },
      expect.objectContaining({ path: 'verify.minLooks' }),
      expect.objectContaining({ path: 'colour' }),
    ]),
  );
  const name = { en: 'Added', zh: '新增' };
  const secret = await set(0, { added: [{ id: 'added', name, url: 'rtsp://admin:pass@10.0.0.9/1' }] });
  expect(secret.body.fields).toMatchObject([{ path: 'added[0].url', zh: expect.stringContaining('口令') }]);
  expect(JSON.stringify(secret.body)).not.toContain('pass@');
  expect((await set(0, { ring: { seconds: 40 } })).status).toBe(200);
  expect((await set(0, { ring: { seconds: 50 } })).status).toBe(409);
  expect((await set(1, { ring: { seconds: 50 } }, await gateway.operator())).status).toBe(403);
  const { base, headers } = await gateway.operator('shift_lead', 'another');
  expect((await call(base, 'GET', '/api/agents/binjiang/nowhere/settings', { headers })).status).toBe(404);
});

test('an earlier version is put back as a new one, and what the box had not got yet is never sent', async () => {
  const { agent, lead, set, status, answer, until, setAndConfirm } = await start();
  const first = await setAndConfirm(0, { ring: { seconds: 40 } });
  await status({ state: 'offline', configuration: { ...OWN, settings: first } });
  await set(1, { ring: { seconds: 50 } });
  const { body } = await lead.post(`${PATH}/undo`, { version: 2, to: 0 });
  expect(body).toMatchObject({ version: 3, document: {}, delivery: { state: 'waiting' } });
  expect((await lead.post(`${PATH}/undo`, { version: 3, to: 9 })).status).toBe(404);
  expect(agent.commands).toEqual([]);
  await status({ configuration: { ...OWN, settings: first } });
  expect(await answer(() => ({ settings: body.id }))).toMatchObject({
    settings: { id: body.id, values: {} },
  });
  await until('trial');
  const { items } = (await lead.get(`${PATH}/versions`)).body;
  expect(
    items.map(({ version, undoOf, changes, delivery }: Record<string, { state: string }>) => [
      ...[version, undoOf, changes, delivery?.state],
    ]),
  ).toEqual([
    [3, 0, [{ path: 'ring.seconds', before: '50', after: null }], 'trial'],
    [2, null, [{ path: 'ring.seconds', before: '40', after: '50' }], 'superseded'],
    [1, null, [{ path: 'ring.seconds', before: null, after: '40' }], 'applied'],
  ]);
});

test('a box that has lost what it had is sent it again, and one from before is told to be too old', async () => {
  const { answer, says, set, setAndConfirm, gateway, lead, status, until } = await start();
  const id = await setAndConfirm(0, { ring: { seconds: 40 } });
  // Its disk is another: so long after it had taken them it knows nothing of them.
  const store = await gateway.store();
  await store.transaction(async (tx) => {
    await tx.db.updateTable('box_settings').set({ answered_at: 0 }).execute();
  });
  await says({ settings: null });
  expect((await answer(() => ({ settings: id }))).settings).toMatchObject({
    id,
    values: { ring: { seconds: 40 } },
  });

  const { settings: _, own: __, ...old } = OWN;
  await status({ configuration: old });
  expect((await lead.get(PATH)).body).toMatchObject({ takesSettings: false, running: null });
  await set(1, { ring: { seconds: 50 } });
  expect(await until('refused')).toMatchObject({ delivery: { code: 'agent_too_old' } });
});
