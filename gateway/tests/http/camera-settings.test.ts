/** What people set of a camera: checked, kept as versions, brought to its box, and what the box says to it. */
import { type CameraState, type Command, timestamp, WIRE_VERSION } from '@roadwatch/contract';
import { expect, test } from 'vitest';
import type { TestAgent } from '../../testing/agent.ts';
import { testGateway } from '../../testing/gateway.ts';
import { call, type TestOperator } from '../../testing/operator.ts';
import { sampleCameraState, sampleStatus } from '../../testing/status.ts';

const CAMERA = '/api/cameras/binjiang/edge-1/binsheng-road';
const PATH = `${CAMERA}/settings`;
const NOTHING = {
  ...{ road: null, masks: [], minBoxHeight: null, thresholds: {}, position: null },
  ...{ headingDegrees: null, fieldOfViewDegrees: null },
};
const ROAD = [
  [0.1, 1],
  [0.4, 0.3],
  [0.6, 0.3],
  [0.9, 1],
];
const MASK = [
  [0, 0],
  [0.2, 0],
  [0.2, 0.2],
];

async function start() {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  await agent.deliver(agent.topics.cameraState('binsheng-road'), JSON.stringify(sampleCameraState()));
  const thresholds = { pothole: 0.4, alligator_crack: 0.5 };
  const status = (state: 'online' | 'offline') =>
    agent.deliver(agent.topics.status, JSON.stringify(sampleStatus({ state, thresholds })));
  await status('online');
  const lead = await gateway.operator('shift_lead');
  const set = (version: number, document: object, as: TestOperator = lead) =>
    call(as.base, 'PUT', PATH, {
      headers: as.headers,
      body: { version, document: { ...NOTHING, ...document } },
    });
  return { gateway, agent, lead, set, status };
}

type Config = Extract<Command, { kind: 'config' }>;

/** The box answers; an empty `reply` is that of an agent from before. */
async function answer(agent: TestAgent, reply: object): Promise<Config> {
  const command = (await agent.command()) as Config;
  const said = { v: WIRE_VERSION, id: command.id, at: timestamp(Date.now()), outcome: 'done', ...reply };
  await agent.send(agent.topics.reply(command.id), JSON.stringify(said));
  return command;
}

test('what is set reaches the box, is applied once it says so, and is in the audit', async () => {
  const { gateway, agent, lead, set } = await start();
  expect((await lead.get(PATH)).body).toMatchObject({
    version: 0,
    document: NOTHING,
    delivery: { state: 'none' },
  });
  const position = { latitude: 30.205, longitude: 120.213, datum: 'gcj02' };
  const { status, body } = await set(0, { road: ROAD, masks: [MASK], position });
  expect([status, body.version, body.delivery.state]).toEqual([200, 1, 'waiting']);
  // What comes in GCJ-02 is never kept so.
  expect(body.document.position).toEqual({
    latitude: expect.closeTo(30.2074, 3),
    longitude: expect.closeTo(120.2083, 3),
  });
  const { settings, camera } = await answer(agent, { settings: body.id });
  expect({ camera, settings }).toEqual({
    camera: 'binsheng-road',
    settings: { id: body.id, ...body.document },
  });
  const applied = await lead.until(PATH, ({ delivery }) => delivery.state !== 'waiting');
  expect(applied).toMatchObject({ by: 'user:shift_lead', delivery: { state: 'applied' } });
  const audit = await (await gateway.operator('admin')).get('/api/audit');
  expect(JSON.stringify(audit.body)).toContain('camera.settings_changed');
});

test('what cannot be meant is refused by the field, and a mask cannot be taken away', async () => {
  const { set, gateway } = await start();
  const crossed = [
    [0, 0],
    [1, 1],
    [1, 0],
    [0, 1],
  ];
  const wrong = await set(0, { road: crossed, thresholds: { pothole: 0.1 } });
  expect([wrong.status, wrong.body.code]).toEqual([422, 'fields_invalid']);
  expect(wrong.body.fields).toMatchObject([
    { path: 'road', zh: expect.stringContaining('交叉') },
    { path: 'thresholds.pothole', en: "is 0.1; expected 0.4, the model's own, or more" },
  ]);
  expect(
    (
      await set(0, {
        road: [
          [0, 0],
          [1, 1],
        ],
      })
    ).status,
  ).toBe(422);
  expect((await set(0, { masks: [MASK] })).status).toBe(200);
  expect((await set(1, { masks: [] })).body.fields).toMatchObject([{ path: 'masks' }]);
  // Somebody else was faster; and who judges alerts sets no cameras.
  expect((await set(0, { headingDegrees: 3 })).status).toBe(409);
  expect((await set(1, { masks: [MASK] }, await gateway.operator())).status).toBe(403);
});

test.each([
  ['refuses', { outcome: 'failed', code: 'settings_invalid', reason: 'road: too small' }, 'settings_invalid'],
  ['is too old to know of settings', {}, 'agent_too_old'],
])('a box that %s is shown with its reason, and can be sent them again', async (_, reply, code) => {
  const { agent, lead, set } = await start();
  const { body } = await set(0, { road: ROAD });
  await answer(agent, reply);
  const refused = await lead.until(PATH, ({ delivery }) => delivery.state !== 'waiting');
  expect(refused.delivery).toMatchObject({ state: 'refused', code, reason: expect.stringMatching(/\w/) });
  expect((await lead.post(`${PATH}/send`)).body.delivery.state).toBe('waiting');
  expect((await answer(agent, { settings: body.id })).settings?.road).toEqual(ROAD);
  await lead.until(PATH, ({ delivery }) => delivery.state === 'applied');
});

test('an earlier version is put back as a new one, while the masks stay', async () => {
  const { lead, set } = await start();
  await set(0, { road: ROAD });
  await set(1, { road: null, masks: [MASK], headingDegrees: 90 });
  const { body } = await lead.post(`${PATH}/undo`, { version: 2, to: 1 });
  expect(body).toMatchObject({ version: 3, document: { ...NOTHING, road: ROAD, masks: [MASK] } });
  const { items } = (await lead.get(`${PATH}/versions`)).body;
  expect(
    items.map(({ version, undoOf, changed }: Record<string, unknown>) => [version, undoOf, changed]),
  ).toEqual([
    [3, 1, ['road', 'headingDegrees']],
    [2, null, ['road', 'masks', 'headingDegrees']],
    [1, null, ['road']],
  ]);
  expect((await lead.post(`${PATH}/undo`, { version: 3, to: 9 })).status).toBe(404);
});

test('a box that was away gets what was set when it is back', async () => {
  const { agent, lead, set, status } = await start();
  await status('offline');
  const { body } = await set(0, { headingDegrees: 45 });
  // A command would have come before the answer to this.
  await agent.deliver(agent.topics.cameraState('binsheng-road'), JSON.stringify(sampleCameraState()));
  expect(agent.commands).toEqual([]);
  await status('online');
  await answer(agent, { settings: body.id });
  await lead.until(PATH, ({ delivery }) => delivery.state === 'applied');
}, 60_000);

test('cameras are listed with how well they see and are right, page by page and by what is sought', async () => {
  const { agent, lead } = await start();
  const say = (camera: string, zh: string, change: Partial<CameraState> = {}) =>
    agent.deliver(
      agent.topics.cameraState(camera),
      JSON.stringify(sampleCameraState({ camera, name: { en: camera, zh }, ...change })),
    );
  await say('dark-lane', '暗巷', { state: 'dark', thresholds: { pothole: 0.7 } });
  await say('wentao-road', '闻涛路 100%', { state: 'stalled', reason: 'no picture' });
  const list = async (query: string) => (await lead.get(`/api/camera-health?${query}`)).body;
  const cameras = (page: { items: { camera: string }[] }) => page.items.map(({ camera }) => camera);

  const first = await list('limit=2');
  expect(first.counts).toEqual({ all: 3, streaming: 1, good: 1, warn: 1, bad: 1 });
  expect(cameras(first)).toEqual(['binsheng-road', 'dark-lane']);
  expect(cameras(await list(`limit=2&after=${first.next}`))).toEqual(['wentao-road']);
  expect(cameras(await list('tone=bad'))).toEqual(['wentao-road']);
  expect(cameras(await list(`q=${encodeURIComponent('0%')}`))).toEqual(['wentao-road']);
  expect(cameras(await list('q=EDGE-1/dark'))).toEqual(['dark-lane']);
  expect(first.items[1]).toMatchObject({
    ...{ state: 'dark', thresholds: { pothole: 0.7, alligator_crack: 0.5 }, settings: 'none' },
    figures: { uptimeDay: 1, judged: 0, rejected: 0 },
  });

  await agent.report();
  const [alert] = (await lead.get('/api/alerts?state=new')).body.items;
  await lead.post(`/api/alerts/${alert.id}/reject`, { reason: 'no_damage' });
  expect((await list('q=binsheng')).items[0].figures).toMatchObject({ judged: 1, rejected: 1 });
  expect((await lead.get('/api/camera-health?after=x')).status).toBe(422);
});
