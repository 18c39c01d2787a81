/** The agent's memory in a folder, silent, and closed when the test is over. */
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { AgentStore } from '../src/store/store.ts';

export function testStore(folder: string): AgentStore {
  const store = AgentStore.open(folder, pino({ enabled: false }));
  onTestFinished(() => void store.close());
  return store;
}
