/** A picture of what a camera sees now. */
import { createHash } from 'node:crypto';
import { type Command, timestamp, WIRE_VERSION } from '@roadwatch/contract';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { testGateway } from '../../testing/gateway.ts';
import { call } from '../../testing/operator.ts';
import { sampleCameraState, sampleStatus } from '../../testing/status.ts';

const CAMERA = '/api/cameras/binjiang/edge-1/binsheng-road';

async function start() {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  await agent.deliver(agent.topics.cameraState('binsheng-road'), JSON.stringify(sampleCameraState()));
  const status = (state: 'online' | 'offline') =>
    agent.deliver(agent.topics.status, JSON.stringify(sampleStatus({ state })));
  await status('online');
  const operator = await gateway.operator('operator');
  const take = () =>
    call(operator.base, 'POST', `${CAMERA}/picture`, { headers: operator.headers, body: {} });
  const answer = async (what: object): Promise<Command> => {
    const command = await agent.command();
    const reply = { v: WIRE_VERSION, id: command.id, at: timestamp(Date.now()), outcome: 'done', ...what };
    await agent.send(agent.topics.reply(command.id), JSON.stringify(reply));
    return command;
  };
  return { gateway, agent, operator, status, take, answer };
}

test('it is there once its bytes have come, and who asked is in the audit', async () => {
  const { gateway, agent, operator, take, answer } = await start();
  const jpeg = await sharp({ create: { width: 64, height: 36, channels: 3, background: '#777' } })
    .jpeg()
    .toBuffer();
  const sha256 = createHash('sha256').update(jpeg).digest('hex');
  const capturedAt = timestamp(Date.now());
  const taken = take();
  const still = {
    name: 'still.jpg',
    kind: 'still',
    sha256,
    bytes: jpeg.length,
    capturedAt,
    contentType: 'image/jpeg',
  };
  const command = await answer({ evidence: [still] });
  expect(command).toMatchObject({ kind: 'snapshot', camera: 'binsheng-road' });
  expect((await operator.get(CAMERA)).body.picture).toBeNull();
  await agent.deliver(agent.topics.evidence('binsheng-road', command.id, 'still.jpg'), jpeg);
  expect(await taken).toMatchObject({ status: 200, body: { sha256, capturedAt, arrived: true } });
  expect((await operator.get(CAMERA)).body.picture).toEqual({ sha256, capturedAt });
  const audit = await (await gateway.operator('admin')).get('/api/audit');
  expect(JSON.stringify(audit.body)).toContain('camera.picture_taken');
});

test('why there is none is said: the box is away, or says itself what is wrong', async () => {
  const { status, take, answer } = await start();
  const taken = take();
  await answer({
    outcome: 'failed',
    code: 'camera_not_streaming',
    reason: 'the camera does not stream: stalled',
  });
  expect(await taken).toMatchObject({ status: 503, body: { code: 'camera_not_streaming' } });
  await status('offline');
  expect(await take()).toMatchObject({ status: 503, body: { code: 'agent_offline' } });
});
