/** When to strike: at some time of chance, or right after the agent has said something on its way from a pothole to an answer. */
import { setTimeout as sleep } from 'node:timers/promises';
import { between, pick, type Random } from '../../support/random.ts';
import type { AgentProcess } from './agent-process.ts';

const SAYINGS = [
  ...['agent started', 'camera streaming', 'candidate'],
  ...['detection verified', 'detection published', 'detection stored'],
];
const AT_ANY_TIME = 0.4;
const LONGEST_MS = 8_000;

/** Resolves when it is time; `from`: what the agent had said before does not count. */
export async function moment(agent: AgentProcess, from: number, random: Random): Promise<void> {
  if (random() < AT_ANY_TIME) {
    await sleep(between(random, 200, LONGEST_MS));
    return;
  }
  await agent.said(pick(random, SAYINGS), LONGEST_MS, from);
  await sleep(between(random, 0, 300));
}
