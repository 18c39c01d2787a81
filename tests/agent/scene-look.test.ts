/** The look at a scene that the gateway asks for: whether something new stands at the place, by a real camera and the shipped model. */
import { type AgentStatus, agentTopics } from '@roadwatch/contract';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/temp.ts';
import { potholeModel, startBox, streetCamera, streetPicture } from './support/agent-box.ts';
import { ask } from './support/ask.ts';
import { GatewayStandIn } from './support/gateway-stand-in.ts';
import { streetWithCar } from './support/street-with-car.ts';

/** A box with a camera on a picture, in the folder of one that was there before, or a new one. */
async function boxOn(gateway: GatewayStandIn, source: string, folder: string, roadUsers: boolean) {
  const camera = await streetCamera({ source });
  const box = await startBox(
    folder,
    gateway.url,
    { url: camera.url },
    { model: await potholeModel(), verify: { minSeconds: 1, minLooks: 3, burstSeconds: 2, roadUsers } },
  );
  return { camera, box };
}

const look = (gateway: GatewayStandIn) => {
  const [{ id, box }] = gateway.detections as [(typeof gateway.detections)[number]];
  return ask(gateway, { kind: 'scene.look', detection: id, box });
};

test('a car that has come since the damage was found stands there, with the picture that shows it; before, nothing new does', async () => {
  const gateway = await GatewayStandIn.start();
  const folder = await temporaryFolder();
  const before = await boxOn(gateway, await streetPicture(), folder, true);
  await before.box.line('detection stored');
  const quiet = await look(gateway);
  expect(quiet).toMatchObject({
    outcome: 'done',
    scene: { result: 'nothing_new', pictures: 3, comparesOpening: true, standing: [] },
  });
  await before.box.agent.stop();

  const after = await boxOn(gateway, await streetWithCar(), folder, false);
  await after.box.line('known damage seen again');
  const reply = await look(gateway);
  expect(reply).toMatchObject({
    outcome: 'done',
    scene: { result: 'new', pictures: 3, comparesOpening: true, standing: [{ kind: 'car', isNew: true }] },
    evidence: [{ name: 'still.jpg', kind: 'still' }],
  });
  const [x = 0, y = 0, width = 0] = reply.scene?.standing[0]?.box ?? [];
  expect([x, y, width].map((value) => Math.round(value * 10))).toEqual([3, 4, 2]);
  await gateway.until(() =>
    gateway.received.some(({ topic }) => topic.endsWith(`/evidence/${reply.id}/still.jpg`)),
  );
}, 120_000);

test('a car that stood there when the damage was found is not new', async () => {
  const gateway = await GatewayStandIn.start();
  const { box } = await boxOn(gateway, await streetWithCar(), await temporaryFolder(), true);
  await box.line('detection stored');
  expect((await look(gateway)).scene).toMatchObject({
    result: 'nothing_new',
    comparesOpening: true,
    standing: [{ kind: 'car', isNew: false }],
  });
}, 120_000);

test('a camera that looks elsewhere or is away is said so, and guesses nothing', async () => {
  const gateway = await GatewayStandIn.start();
  const { camera, box } = await boxOn(gateway, await streetPicture(), await temporaryFolder(), false);
  await box.line('detection stored');
  await camera.fault({ kind: 'moved' });
  await gateway.until(() => gateway.states('camera-1').at(-1) === 'moved');
  expect(await look(gateway)).toMatchObject({
    outcome: 'done',
    scene: { result: 'unclear', code: 'scene_moved', pictures: 0, standing: [] },
    evidence: [{ name: 'still.jpg' }],
  });
  await camera.stop();
  await gateway.until(() => gateway.states('camera-1').at(-1) === 'stalled');
  expect(await look(gateway)).toMatchObject({ outcome: 'failed', code: 'camera_not_streaming' });
}, 120_000);

test('a box says that it knows how to look at a scene', async () => {
  const gateway = await GatewayStandIn.start();
  const { url } = await streetCamera();
  await startBox(await temporaryFolder(), gateway.url, { url }, { model: await potholeModel() });
  const { status: topic } = agentTopics('site', 'box');
  const said = () => gateway.received.find((message) => message.topic === topic)?.payload.toString();
  await gateway.until(() => said() !== undefined);
  expect((JSON.parse(said() ?? '') as AgentStatus).commands).toEqual(['scene.look']);
});
