/** How a rollout goes through a fleet: who is told when, what halts it, and what is told again. */
import { timestamp, type UpdateReport, type UpdateState } from '@roadwatch/contract';
import { expect, test } from 'vitest';
import { testFleet } from '../../../tests/fleet/support/fleet.ts';
import { signedModel } from '../../../tests/fleet/support/release.ts';
import type { TestAgent } from '../../testing/agent.ts';
import { sampleStatus } from '../../testing/status.ts';

const SITE = 'binjiang';

async function fleetOf(...names: readonly string[]) {
  const fleet = await testFleet();
  const boxes = new Map<string, TestAgent>();
  for (const name of names) boxes.set(name, await fleet.gateway.agent(SITE, name));
  const box = (name: string) => boxes.get(name) as TestAgent;
  const say = async (name: string, rollout: string | null, state: UpdateState, change: object = {}) => {
    const report: UpdateReport | null =
      rollout === null
        ? null
        : {
            ...{ rollout, state, since: timestamp(Date.now()), receivedBytes: 10, totalBytes: 10 },
            release: { kind: 'model', name: 'test-model', version: '2' },
            ...change,
          };
    const status = sampleStatus({ site: SITE, agent: name, updates: report === null ? [] : [report] });
    await box(name).deliver(box(name).topics.status, JSON.stringify(status));
  };
  const release = await fleet.upload(await signedModel(fleet.key, { version: '2' }));
  return { fleet, box, say, release };
}

test('so many boxes at a time are told; a failure halts it, and who goes on accepts the failures so far', async () => {
  const { fleet, box, say, release } = await fleetOf('a', 'b', 'c', 'd');
  for (const name of ['a', 'b', 'c']) await say(name, null, 'waiting');
  const rollout = await fleet.rollout(release, { targets: [`${SITE}/*`], percentAtOnce: 50 });
  const offer = await box('a').update();
  expect(offer).toMatchObject({ kind: 'update.offer', rollout, mode: 'switch' });
  await box('b').update();
  const states = async () =>
    ((await fleet.admin.get(`/api/rollouts/${rollout}`)).body.agents as { state: string }[]).map(
      ({ state }) => state,
    );
  expect(await states()).toEqual(['told', 'told', 'waiting', 'waiting']);
  await say('a', rollout, 'running');
  await box('c').update();
  await say('b', rollout, 'rolled_back', { code: 'too_slow', detail: '90 ms for\u0000a frame' });
  await say('c', rollout, 'running');
  const halted = await fleet.until(rollout, ({ state }) => state === 'halted');
  expect(halted.agents[1]).toMatchObject({
    state: 'rolled_back',
    code: 'too_slow',
    detail: '90 ms for a frame',
  });
  await fleet.admin.post(`/api/rollouts/${rollout}/resume`);
  // It was away all the time.
  await say('d', null, 'waiting');
  await box('d').update();
  await say('d', rollout, 'running');
  const { counts } = await fleet.until(rollout, ({ state }) => state === 'done');
  expect(counts).toEqual({ waiting: 0, under_way: 0, done: 3, failed: 1, cancelled: 0 });
});

test('a box that is there and says nothing of what it was told fails after a quarter of an hour, and holds up nobody', async () => {
  const { fleet, box, say, release } = await fleetOf('a', 'b', 'c');
  for (const name of ['a', 'b', 'c']) await say(name, null, 'waiting');
  const rollout = await fleet.rollout(release, { targets: [`${SITE}/*`], atOnce: 2, maxFailures: 1 });
  for (const name of ['a', 'b']) await box(name).update();
  const store = await fleet.gateway.store();
  const longAgo = Date.now() - 16 * 60_000;
  // Both were told long ago; b was away until now.
  await store.transaction(async ({ db }) => {
    await db
      .updateTable('agent_history')
      .set({ at: longAgo })
      .where((where) => where.and({ site: SITE, agent: 'a' }))
      .execute();
    await db
      .updateTable('rollout_agents')
      .set({ changed_at: longAgo })
      .where((where) => where.and({ rollout_id: rollout, state: 'told' }))
      .execute();
  });
  await box('c').update();
  const { agents } = await fleet.until(rollout, ({ counts }) => counts.failed === 1);
  expect(agents).toMatchObject([
    { state: 'refused', code: 'not_answered' },
    { state: 'told', code: null },
    { state: 'told', code: null },
  ]);
  // It was only slow.
  await say('a', rollout, 'running');
  await fleet.until(rollout, ({ counts }) => counts.done === 1 && counts.failed === 0);
});

test('a rollout that is taken back is so for boxes that wait at once, and told to those that are at it until they let go', async () => {
  const { fleet, box, say, release } = await fleetOf('a', 'b');
  for (const name of ['a', 'b']) await say(name, null, 'waiting');
  const rollout = await fleet.rollout(release, { targets: [`${SITE}/*`] });
  await box('a').update();
  await say('a', rollout, 'trial');
  expect((await fleet.admin.post(`/api/rollouts/${rollout}/cancel`)).body.counts).toMatchObject({
    cancelled: 1,
  });
  expect(await box('a').update()).toMatchObject({ kind: 'update.cancel', rollout });
  await say('a', rollout, 'rolled_back', { code: 'update_cancelled' });
  await fleet.until(rollout, ({ counts }) => counts.failed === 1 && counts.under_way === 0);
  expect((await fleet.admin.post(`/api/rollouts/${rollout}/resume`)).status).toBe(409);
});

test('who waits for an earlier release is told of the later one only, and what a box says of others is not kept', async () => {
  const { fleet, box, say, release } = await fleetOf('a', 'b');
  const first = await fleet.rollout(release, { targets: [`${SITE}/a`] });
  const second = await fleet.rollout(release, { targets: [`${SITE}/a`] });
  await say('a', null, 'waiting');
  expect(await box('a').update()).toMatchObject({ rollout: second });
  const [waited] = (await fleet.admin.get(`/api/rollouts/${first}`)).body.agents;
  expect(waited).toMatchObject({ state: 'cancelled', code: 'superseded' });
  await say('b', second, 'running');
  expect((await fleet.admin.get(`/api/rollouts/${second}`)).body.agents).toHaveLength(1);
});

test('what cannot be ordered is refused by name', async () => {
  const { fleet, release } = await fleetOf('a');
  const order = (change: object) =>
    fleet.admin.post('/api/rollouts', { releaseId: release, mode: 'switch', targets: ['*/*'], ...change });
  expect((await order({ targets: ['nowhere/*'] })).body).toMatchObject({ code: 'rollout_without_boxes' });
  expect((await order({ targets: ["x'/*"] })).body.detail).toMatch(/^targets/);
  expect((await order({ atOnce: 1, percentAtOnce: 10 })).body.detail).toMatch(/not both/);
  expect((await order({ terms: { trialMinutes: 0 } })).body.detail).toMatch(/trialMinutes/);
  expect((await order({ releaseId: '01a21db9-a054-73a7-803b-99e2203cc8b4' })).status).toBe(404);
  const lead = await fleet.gateway.operator('shift_lead');
  expect(
    (await lead.post('/api/rollouts', { releaseId: release, mode: 'switch', targets: ['*/*'] })).status,
  ).toBe(403);
  expect((await lead.get('/api/rollouts')).status).toBe(200);
});
