import type { Detection } from '@roadwatch/contract';
import type { RejectReason } from '@roadwatch/contract/api';
import { expect, test } from 'vitest';
import { HELD } from '../../src/alerts/dedup/rejected-places.ts';
import { findAlert, listAlerts } from '../../src/alerts/read/list.ts';
import { rejectAlert, returnAlerts } from '../../src/alerts/verdicts.ts';
import { sampleDetection } from '../../testing/agent.ts';
import { testConfig } from '../../testing/config.ts';
import { testGateway } from '../../testing/gateway.ts';
import { testStore } from '../../testing/store.ts';
import { ACTOR, alertOf } from '../../testing/ticket.ts';

const DAY = 86_400_000;
const COVER = [0.4, 0.6, 0.1, 0.05] as const;

/** An operator who sees the same thing at the same place again and again. */
async function street(rejectedPlaces: object = {}) {
  const { store, time } = await testStore();
  const config = testConfig({ alerts: { rejectedPlaces } });
  const seen = (changes: Partial<Detection> = {}) =>
    alertOf(store, config.alerts, sampleDetection({ box: COVER, ...changes }));
  const view = async (id: string) => findAlert(store.db, id);
  const rejectOne = async (reason: RejectReason, changes: Partial<Detection> = {}) => {
    const id = await seen(changes);
    await rejectAlert(store, id, { reason }, ACTOR);
    return id;
  };
  return { store, time, config, seen, view, rejectOne };
}

test('what comes again where it was rejected says so, and after the third time is held back, counted and listed', async () => {
  const { store, seen, view, rejectOne } = await street();
  const first = await rejectOne('manhole_or_patch');
  const second = await seen();
  expect(await view(second)).toMatchObject({
    state: 'new',
    rejectedBefore: { count: 1, alertId: first, reason: 'manhole_or_patch' },
  });
  await rejectAlert(store, second, { reason: 'manhole_or_patch' }, ACTOR);
  await rejectOne('manhole_or_patch');
  const held = await seen();
  expect(await seen()).toBe(held);
  expect(await view(held)).toMatchObject({
    state: 'shelved',
    heldBack: true,
    count: 2,
    rejectedBefore: { count: 3 },
  });
  const listed = await listAlerts(store.db, testConfig(), HELD, { order: 'newest', limit: 10 });
  expect(listed.items.map(({ id }) => id)).toEqual([held]);
});

test('it comes back by itself once the memory has faded', async () => {
  const { store, time, seen, view, rejectOne } = await street({ days: 10, holdAfter: 1 });
  await rejectOne('marking');
  time.pass(4 * DAY);
  const held = await seen();
  time.pass(6 * DAY - 1);
  await returnAlerts(store);
  expect(await view(held)).toMatchObject({ state: 'shelved' });
  time.pass(1);
  await returnAlerts(store);
  expect(await view(held)).toMatchObject({ state: 'new', heldBack: false });
  expect(await view(await seen({ camera: 'another' }))).toMatchObject({ state: 'new', rejectedBefore: null });
});

test.each<[string, RejectReason, Partial<Detection>]>([
  ['an object was removed', 'object_on_road', {}],
  ['it was too small yet', 'too_small', {}],
  ['it is of another class', 'marking', { damageClass: 'alligator_crack' }],
  ['it is elsewhere in the picture', 'marking', { box: [0.1, 0.8, 0.1, 0.05] }],
  ['it is seen by another camera', 'marking', { camera: 'wentao-road' }],
  ['it is clearly larger', 'marking', { box: [0.36, 0.58, 0.18, 0.09] }],
])('nothing is held back when %s', async (_name, reason, changes) => {
  const { seen, view, rejectOne } = await street({ holdAfter: 1 });
  await rejectOne(reason);
  expect(await view(await seen(changes))).toMatchObject({ state: 'new', rejectedBefore: null });
});

test('what is held back and then grows goes to the operators', async () => {
  const { config, store, seen, view, rejectOne } = await street({ holdAfter: 1 });
  await rejectOne('shadow_or_water');
  const detection = sampleDetection({ box: COVER });
  const held = await alertOf(store, config.alerts, detection);
  expect(await view(held)).toMatchObject({ state: 'shelved' });
  await alertOf(store, config.alerts, {
    ...detection,
    revision: 2,
    event: 'updated',
    box: [0.36, 0.58, 0.18, 0.09],
  });
  expect(await view(held)).toMatchObject({ state: 'new', rejectedBefore: { count: 1 } });
  expect(await seen()).toBe(held);
});

test('an operator takes it out of there, and the monitoring counts what is left', async () => {
  const gateway = await testGateway({ alerts: { rejectedPlaces: { holdAfter: 1 } } });
  const agent = await gateway.agent();
  const operator = await gateway.operator();
  await agent.report();
  const [{ id }] = (await operator.get('/api/alerts')).body.items;
  await operator.post(`/api/alerts/${id}/reject`, { reason: 'marking' });
  await agent.report();
  const held = async () => (await operator.get('/api/alerts?held=true')).body.items;
  const count = async () => {
    const text = await (await fetch(new URL('/metrics', gateway.url))).text();
    return Number(/^roadwatch_open\{what="alerts_held_back"\} (\d+)$/m.exec(text)?.[1]);
  };
  expect([(await held()).length, await count()]).toEqual([1, 1]);
  const [alert] = await held();
  expect((await operator.post(`/api/alerts/${alert.id}/undo`)).body).toMatchObject({ state: 'new' });
  expect([(await held()).length, await count()]).toEqual([0, 0]);
});
