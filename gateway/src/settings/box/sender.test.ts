import type { Reply } from '@roadwatch/contract';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { sampleStatus } from '../../../testing/status.ts';
import { testStore } from '../../../testing/store.ts';
import type { AgentName } from '../../cameras/source.ts';
import type { Store } from '../../store/database.ts';
import { BoxSettingsSender } from './sender.ts';

const T0 = Date.parse('2026-11-23T08:00:00.000Z');
const REPORT = {
  version: '0'.repeat(16),
  appliedAt: '2026-11-23T08:00:00.000Z',
  refused: [],
  settings: null,
};

/** Boxes that are online, with settings of one version that they have not heard of. */
async function fleetOf(store: Store, boxes: number): Promise<readonly string[]> {
  const names = Array.from({ length: boxes }, (_, at) => `box-${at}`);
  await store.transaction(async (tx) => {
    for (const agent of names) {
      const status = JSON.stringify(sampleStatus({ agent, configuration: REPORT }));
      const of = { site: 'binjiang', agent };
      const box = { ...of, secret_hash: '', registered_at: T0, status, status_at: T0 };
      await tx.db
        .insertInto('agents')
        .values(box as never)
        .execute();
      const settings = { id: `of-${agent}`, version: 1, at: T0, author: 'user:x', document: '{}' };
      await tx.db
        .insertInto('box_settings')
        .values({ ...of, ...settings } as never)
        .execute();
    }
  });
  return names;
}

test('a fleet that is set together is told without a pause, as each has answered, and never all of it at once', async () => {
  const { store } = await testStore();
  const names = await fleetOf(store, 300);
  const told: string[] = [];
  const answers: (() => void)[] = [];
  const all = Promise.withResolvers<void>();
  const ask = ({ agent }: AgentName): Promise<Reply> => {
    told.push(agent);
    if (told.length === names.length) all.resolve();
    return new Promise((resolve) => {
      answers.push(() => resolve({} as Reply));
      // The first have to wait, so that as many are under way as ever are.
      if (told.length > 64) for (const answer of answers.splice(0)) answer();
    });
  };
  const sender = new BoxSettingsSender(store, { ask: ask as never }, pino({ level: 'silent' }));
  await sender.advance();
  expect(told.length).toBe(64);
  for (const answer of answers.splice(0)) answer();
  await all.promise;
  for (const answer of answers.splice(0)) answer();
  await sender.stop();
  expect(told.sort()).toEqual([...names].sort());
});

test('boxes that have gone while they waited for their turn keep no other waiting', async () => {
  const { store } = await testStore();
  const names = await fleetOf(store, 200);
  const told: string[] = [];
  const answers: (() => void)[] = [];
  const last = Promise.withResolvers<void>();
  const ask = ({ agent }: AgentName): Promise<Reply> => {
    told.push(agent);
    if (told.length === 65) last.resolve();
    return new Promise((resolve) => answers.push(() => resolve({} as Reply)));
  };
  const sender = new BoxSettingsSender(store, { ask: ask as never }, pino({ level: 'silent' }));
  await sender.advance();
  const waiting = names.filter((name) => !told.includes(name));
  const stays = waiting.at(-1) as string;
  await store.transaction((tx) =>
    tx.db.updateTable('agents').set({ silent_at: T0 }).where('agent', 'in', waiting.slice(0, -1)).execute(),
  );
  answers.shift()?.();
  await last.promise;
  expect(told.at(-1)).toBe(stays);
  for (const answer of answers) answer();
  await sender.stop();
});

test('what is set of one box is told to that one alone', async () => {
  const { store } = await testStore();
  await fleetOf(store, 3);
  const told: string[] = [];
  const ask = async ({ agent }: AgentName): Promise<Reply> => {
    told.push(agent);
    return {} as Reply;
  };
  const sender = new BoxSettingsSender(store, { ask: ask as never }, pino({ level: 'silent' }));
  await sender.advance({ site: 'binjiang', agent: 'box-1' });
  await sender.stop();
  expect(told).toEqual(['box-1']);
});
