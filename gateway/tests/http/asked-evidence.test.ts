/** A clip that a box keeps until somebody asks for it. */
import { createHash } from 'node:crypto';
import { type EvidenceRef, timestamp, WIRE_VERSION } from '@roadwatch/contract';
import { expect, test } from 'vitest';
import { testGateway } from '../../testing/gateway.ts';
import { sampleCameraState, sampleStatus } from '../../testing/status.ts';

const CLIP = Buffer.from('\0\0\0\x18ftypisom kept on the box', 'latin1');
const SHA256 = createHash('sha256').update(CLIP).digest('hex');
const REF: EvidenceRef = {
  ...{ name: 'clip.mp4', kind: 'clip', contentType: 'video/mp4', sha256: SHA256 },
  ...{ bytes: CLIP.length, capturedAt: '2026-11-23T08:15:30.250Z', onRequest: true },
};

async function kept() {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  await agent.deliver(agent.topics.cameraState('binsheng-road'), JSON.stringify(sampleCameraState()));
  const status = (state: 'online' | 'offline') =>
    agent.deliver(agent.topics.status, JSON.stringify(sampleStatus({ state })));
  await status('online');
  const detection = await agent.report({ evidence: [REF] });
  const operator = await gateway.operator('operator');
  const ask = () => operator.post(`/api/evidence/${SHA256}/ask`);
  const answer = async (what: object) => {
    const command = await agent.command();
    const reply = { v: WIRE_VERSION, id: command.id, at: timestamp(Date.now()), ...what };
    await agent.send(agent.topics.reply(command.id), JSON.stringify(reply));
    return command;
  };
  const clip = async () => {
    const [alert] = (await operator.get('/api/alerts?state=new')).body.items;
    return alert.evidence[0];
  };
  return { gateway, agent, status, detection, operator, ask, answer, clip };
}

test('an alert says that its clip is kept; asked for, the box is told which, and the clip is there once it has come', async () => {
  const { gateway, agent, detection, ask, answer, clip } = await kept();
  expect(await clip()).toMatchObject({ name: 'clip.mp4', available: false, onRequest: true });
  const asked = ask();
  expect(await answer({ outcome: 'done' })).toMatchObject({
    ...{ kind: 'evidence.send', camera: 'binsheng-road', detection: detection.id },
    ...{ name: 'clip.mp4', sha256: SHA256 },
  });
  expect(await asked).toMatchObject({ status: 200, body: { sha256: SHA256, available: false } });
  await agent.deliver(agent.topics.evidence('binsheng-road', detection.id, 'clip.mp4'), CLIP);
  expect(await clip()).toMatchObject({ available: true });
  // What is here is not asked of the box.
  expect(await ask()).toMatchObject({ status: 200, body: { available: true } });
  const audit = await (await gateway.operator('admin')).get('/api/audit');
  const entries = audit.body.items.filter(({ action }: { action: string }) => action === 'evidence.asked');
  expect(entries).toMatchObject([{ subject: `detection:${detection.id}` }]);
});

test('a clip that begins late says when, and one that does not says nothing of it', async () => {
  const { agent, detection, clip } = await kept();
  expect(await clip()).not.toHaveProperty('beginsAt');
  const beginsAt = '2026-11-23T08:15:29.000Z';
  await agent.report({ ...detection, revision: 2, event: 'updated', evidence: [{ ...REF, beginsAt }] });
  expect(await clip()).toMatchObject({ beginsAt, onRequest: true });
});

test('why a clip does not come is said: the box has it no more, is away, or nobody has heard of it; a unit may not ask', async () => {
  const { gateway, status, operator, ask, answer } = await kept();
  const asked = ask();
  await answer({ outcome: 'failed', code: 'evidence_gone', reason: 'there is none here any more' });
  expect(await asked).toMatchObject({ status: 503, body: { code: 'evidence_gone' } });
  await status('offline');
  expect(await ask()).toMatchObject({ status: 503, body: { code: 'agent_offline' } });
  expect(await operator.post(`/api/evidence/${'0'.repeat(64)}/ask`)).toMatchObject({
    ...{ status: 404, body: { code: 'evidence_unknown' } },
  });
  const unit = await gateway.operator('unit', 'ann', 'north');
  expect((await unit.post(`/api/evidence/${SHA256}/ask`)).status).toBe(403);
});
