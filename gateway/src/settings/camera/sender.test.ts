import type { Reply } from '@roadwatch/contract';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { sampleCameraState, sampleStatus } from '../../../testing/status.ts';
import { testStore } from '../../../testing/store.ts';
import type { CameraOf } from '../../cameras/source.ts';
import { Refusal } from '../../refusal.ts';
import type { Store } from '../../store/database.ts';
import type { CameraSettingsRow } from '../../store/tables/field.ts';
import { CameraSettingsSender } from './sender.ts';
import { NOTHING_SET } from './versions.ts';

const T0 = Date.parse('2026-11-23T08:00:00.000Z');
const LATER = T0 + 120_000;

async function addBox(store: Store, agent: string, state: 'online' | 'offline' = 'online'): Promise<void> {
  const status = JSON.stringify(sampleStatus({ agent, state }));
  const row = { site: 'binjiang', agent, secret_hash: '', registered_at: T0, status, status_at: T0 };
  await store.transaction((tx) =>
    tx.db
      .insertInto('agents')
      .values(row as never)
      .execute(),
  );
}

/** With settings of one version that the box has not answered; `says`: which ones the camera has, and `outcome` what the box said. */
async function addCamera(
  store: Store,
  agent: string,
  camera: string,
  { says, ...answer }: Partial<CameraSettingsRow> & { readonly says?: string } = {},
): Promise<void> {
  const of = { site: 'binjiang', agent, camera };
  const settings = { id: `of-${camera}`, version: 1, at: T0, author: 'user:x', ...answer };
  const state = sampleCameraState({ ...of, ...(says === undefined ? {} : { settings: says }) });
  await store.transaction(async (tx) => {
    await tx.db
      .insertInto('cameras')
      .values({ ...of, state: JSON.stringify(state), state_at: LATER } as never)
      .execute();
    await tx.db
      .insertInto('camera_settings')
      .values({ ...of, ...settings, document: JSON.stringify(NOTHING_SET) } as never)
      .execute();
  });
}

function sender(store: Store, answer: (of: CameraOf) => Reply) {
  const asked: string[] = [];
  const ask = async ({ site, agent }: Omit<CameraOf, 'camera'>, { camera }: { readonly camera?: string }) => {
    asked.push(camera as string);
    return answer({ site, agent, camera: camera as string });
  };
  return {
    asked,
    sender: new CameraSettingsSender(store, { ask: ask as never }, pino({ level: 'silent' })),
  };
}

test('cameras of a box that does not answer leave room for those of others', async () => {
  const { store } = await testStore();
  await addBox(store, 'a');
  await addBox(store, 'b');
  for (let n = 0; n < 20; n++) await addCamera(store, 'a', `a${n}`);
  await addCamera(store, 'b', 'b0');
  const { asked, sender: it } = sender(store, ({ agent, camera }) => {
    if (agent === 'a') throw new Refusal('agent_silent', 'no answer');
    return { settings: `of-${camera}` } as Reply;
  });
  for (let turn = 0; turn < 2; turn++) {
    await it.sendOwed();
    await it.stop();
  }
  expect(asked).toContain('b0');
  expect(new Set(asked).size).toBe(21);
});

test('sent are those that the box has not answered, or has lost since', async () => {
  const { store } = await testStore();
  await addBox(store, 'a');
  await addBox(store, 'gone', 'offline');
  await addCamera(store, 'a', 'new');
  await addCamera(store, 'gone', 'away');
  await addCamera(store, 'a', 'refused', { outcome: 'refused', answered_at: T0 });
  await addCamera(store, 'a', 'applied', { outcome: 'applied', answered_at: T0, says: 'of-applied' });
  await addCamera(store, 'a', 'lost', { outcome: 'applied', answered_at: T0 });
  await addCamera(store, 'a', 'another', { outcome: 'applied', answered_at: T0, says: 'of-before' });
  await addCamera(store, 'a', 'just-applied', { outcome: 'applied', answered_at: LATER - 10_000 });
  const { asked, sender: it } = sender(store, ({ camera }) => ({ settings: `of-${camera}` }) as Reply);
  await it.sendOwed();
  await it.stop();
  expect(asked.sort()).toEqual(['another', 'lost', 'new']);
});
