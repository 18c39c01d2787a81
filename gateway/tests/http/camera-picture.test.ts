/** A picture of what a camera sees now. */
import { createHash } from 'node:crypto';
import { type Command, type EvidenceRef, timestamp, WIRE_VERSION } from '@roadwatch/contract';
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

/** A picture of one colour, and how a box names it. */
async function still(background: string) {
  const jpeg = await sharp({ create: { width: 64, height: 36, channels: 3, background } })
    .jpeg()
    .toBuffer();
  const sha256 = createHash('sha256').update(jpeg).digest('hex');
  const ref: EvidenceRef = {
    ...{ name: 'still.jpg', kind: 'still', contentType: 'image/jpeg' },
    ...{ sha256, bytes: jpeg.length, capturedAt: timestamp(Date.now()) },
  };
  return { jpeg, sha256, ref };
}

test('it is there once its bytes have come, and who asked is in the audit', async () => {
  const { gateway, agent, operator, take, answer } = await start();
  const { jpeg, sha256, ref } = await still('#777');
  const { capturedAt } = ref;
  const taken = take();
  const command = await answer({ evidence: [ref] });
  expect(command).toMatchObject({ kind: 'snapshot', camera: 'binsheng-road' });
  expect((await operator.get(CAMERA)).body.picture).toBeNull();
  await agent.deliver(agent.topics.evidence('binsheng-road', command.id, 'still.jpg'), jpeg);
  expect(await taken).toMatchObject({ status: 200, body: { sha256, capturedAt, arrived: true } });
  expect((await operator.get(CAMERA)).body.picture).toEqual({ sha256, capturedAt });
  const audit = await (await gateway.operator('admin')).get('/api/audit');
  expect(JSON.stringify(audit.body)).toContain('camera.picture_taken');
});

test('the one before goes, unless an alert shows it, too', async () => {
  const { agent, operator, take, answer } = await start();
  const shoot = async (background: string) => {
    const picture = await still(background);
    const taken = take();
    const { id } = await answer({ evidence: [picture.ref] });
    await agent.deliver(agent.topics.evidence('binsheng-road', id, 'still.jpg'), picture.jpeg);
    expect(await taken).toMatchObject({ body: { sha256: picture.sha256, arrived: true } });
    return picture;
  };
  const statuses = (...pictures: readonly { readonly sha256: string }[]) =>
    Promise.all(pictures.map(async ({ sha256 }) => (await operator.get(`/api/evidence/${sha256}`)).status));
  const [first, second] = [await shoot('#111'), await shoot('#222')];
  expect(await statuses(first, second)).toEqual([404, 200]);
  await agent.report({ evidence: [second.ref] });
  const third = await shoot('#333');
  expect(await statuses(first, second, third)).toEqual([404, 200, 200]);
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
