/** What the gateway sets of a camera: taken as a whole or refused with every reason, of that camera alone, and kept. */
import { type CameraState, newId } from '@roadwatch/contract';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/temp.ts';
import { potholeModel, startBox, streetCamera } from './support/agent-box.ts';
import { ask } from './support/ask.ts';
import { GatewayStandIn } from './support/gateway-stand-in.ts';

type Polygon = [number, number][];
const part = (left: number, top: number, right: number, bottom: number): Polygon => [
  [left, top],
  [right, top],
  [right, bottom],
  [left, bottom],
];
const ROAD = part(0.5, 0, 1, 1);
const OWN_ROAD = part(0, 0.2, 1, 1);
const NOTHING = {
  road: null,
  masks: [] as Polygon[],
  minBoxHeight: null,
  thresholds: {},
  position: null,
  headingDegrees: null,
  fieldOfViewDegrees: null,
};

/** The last that was said of the camera of now. */
function said(gateway: GatewayStandIn, camera = 'camera-1'): CameraState {
  const { payload } = gateway.received.findLast(({ topic }) =>
    topic.endsWith(`/cameras/${camera}/state`),
  ) as { payload: Buffer };
  return JSON.parse(payload.toString()) as CameraState;
}

async function box(camera: object = {}, dir?: string) {
  const gateway = await GatewayStandIn.start();
  const { url } = await streetCamera();
  const folder = dir ?? (await temporaryFolder());
  const one = { name: { en: 'Camera 1', zh: '摄像机1' }, url, road: OWN_ROAD, ...camera };
  const started = await startBox(folder, gateway.url, one, {
    model: await potholeModel(),
    cameras: [
      { id: 'camera-1', ...one },
      { id: 'camera-2', ...one, name: { en: 'Camera 2', zh: '摄像机2' } },
    ],
  });
  await started.line('camera streaming', 2);
  await gateway.until(() => ['camera-1', 'camera-2'].every((id) => gateway.states(id).includes('streaming')));
  return { gateway, started, folder };
}

test('settings are applied to their camera alone, said in its state, and outlast a restart', async () => {
  const { gateway, started, folder } = await box();
  const id = newId();
  const settings = {
    ...{ ...NOTHING, id, road: ROAD, masks: [part(0.9, 0, 1, 0.2)] },
    minBoxHeight: { top: 0.01, bottom: 0.1 },
    thresholds: { pothole: 0.9 },
    position: { latitude: 30.2, longitude: 120.2 },
    headingDegrees: 45,
  };
  expect(await ask(gateway, { kind: 'config', settings })).toMatchObject({ outcome: 'done', settings: id });
  const { id: _, fieldOfViewDegrees: __, ...shown } = settings;
  await gateway.until(() => said(gateway).settings === id);
  expect(said(gateway)).toMatchObject(shown);
  expect(said(gateway, 'camera-2')).toMatchObject({ road: OWN_ROAD });
  expect(said(gateway, 'camera-2').settings).toBeUndefined();

  await started.agent.stop();
  const again = await box({}, folder);
  expect(said(again.gateway)).toMatchObject({ ...shown, settings: id });

  // What is null is as the box has it; a mask stays.
  const none = { ...NOTHING, id: newId() };
  expect(await ask(again.gateway, { kind: 'config', settings: none })).toMatchObject({ outcome: 'done' });
  await again.gateway.until(() => said(again.gateway).settings === none.id);
  expect(said(again.gateway)).toMatchObject({ road: OWN_ROAD, masks: settings.masks });
  expect(said(again.gateway).minBoxHeight).toBeUndefined();
  await again.started.agent.stop();

  const dropped = await box({ takeSettings: false }, folder);
  expect(said(dropped.gateway)).toMatchObject({ road: OWN_ROAD, masks: settings.masks });
  expect(said(dropped.gateway).settings).toBeUndefined();
  expect(await ask(dropped.gateway, { kind: 'config', settings: none })).toMatchObject({
    outcome: 'failed',
    code: 'settings_not_taken',
  });
}, 120_000);

test('settings that cannot be meant are refused with every reason, and nothing of them is applied', async () => {
  const { gateway } = await box();
  const before = said(gateway);
  const crossed: Polygon = [
    [0, 0],
    [1, 1],
    [1, 0],
    [0, 1],
  ];
  const settings = {
    ...NOTHING,
    id: newId(),
    road: crossed,
    thresholds: { pothole: 0.01 },
    headingDegrees: 90,
  };
  const reply = await ask(gateway, {
    kind: 'config',
    settings: { ...settings, masks: [part(0, 0, 0.1, 0.1)] },
  });
  expect(reply).toMatchObject({ outcome: 'failed', code: 'settings_invalid' });
  expect(reply.reason).toMatch(/^road: its sides cross .*; thresholds\.pothole: is 0\.01; expected 0\.\d+/);
  const hidden = { ...NOTHING, id: newId(), masks: [part(0, 0, 1, 1)] };
  expect((await ask(gateway, { kind: 'config', settings: hidden })).reason).toMatch(
    /^road: lies wholly under/,
  );
  const id = newId();
  expect(await ask(gateway, { kind: 'config', settings: { ...NOTHING, id } })).toMatchObject({
    settings: id,
  });
  await gateway.until(() => said(gateway).settings === id);
  const { road, masks, headingDegrees } = said(gateway);
  expect({ road, masks, headingDegrees }).toEqual({
    ...{ road: before.road, masks: before.masks, headingDegrees: before.headingDegrees },
  });
});

test('damage outside the road that is drawn is not reported, and inside it is', async () => {
  const { gateway } = await box({ road: part(0.95, 0.95, 1, 1) });
  expect(gateway.detections).toEqual([]);
  const settings = { ...NOTHING, id: newId(), road: part(0, 0, 1, 1) };
  expect(await ask(gateway, { kind: 'config', settings })).toMatchObject({ outcome: 'done' });
  await gateway.until(() => gateway.detections.length > 0);
  expect(gateway.detections.map(({ camera }) => camera)).toEqual(['camera-1']);
});

test('the part that is looked at enlarged follows the road, by one new connection of that camera', async () => {
  const { gateway, started } = await box({ farPass: true });
  const settings = { ...NOTHING, id: newId(), road: part(0.6, 0.5, 1, 1) };
  expect(await ask(gateway, { kind: 'config', settings })).toMatchObject({ outcome: 'done' });
  const restarts = () => started.agent.figures().cameras.map(({ camera, restarts }) => [camera, restarts]);
  await expect.poll(restarts, { timeout: 30_000 }).toEqual([
    ['camera-1', 1],
    ['camera-2', 0],
  ]);
  await expect.poll(() => started.agent.figures().cameras[0]?.streaming, { timeout: 30_000 }).toBe(true);
});
