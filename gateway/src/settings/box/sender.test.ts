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
