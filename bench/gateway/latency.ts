/** At 20 detections a second: from publishing to the acknowledgement after the commit, and to the event in a browser. */
import { setTimeout as delay } from 'node:timers/promises';
import { percentile } from '../statistics.ts';
import { login } from './browser.ts';
import type { GatewayProcess } from './gateway-process.ts';
import { detection, LoadAgent } from './load.ts';

const PER_SECOND = 20;
const SECONDS = 30;

export interface Latency {
  readonly publishToCommitP50Ms: number;
  readonly publishToCommitP99Ms: number;
  readonly publishToSseP95Ms: number;
}

/** Every detection is at a place of its own, so that each makes an alert and an event that names it. */
export async function latency(gateway: GatewayProcess): Promise<Latency> {
  const [name, password] = [...gateway.passwords][0] as [string, string];
  const agent = await LoadAgent.connect(gateway.mqttUrl, name, password);
  const browser = await login(gateway);
  const published = new Map<string, number>();
  const commits: number[] = [];
  const events: number[] = [];
  agent.onStored = (names) => {
    for (const stored of names) commits.push(performance.now() - (published.get(stored) as number));
  };
  const sent: number[] = [];
  const listening = new AbortController();
  const heard = browser.events(listening.signal, (event) => {
    // Alerts are made in the order of publishing: one agent, one connection, one inbox.
    if (event === 'alert') events.push(performance.now() - (sent[events.length] as number));
  });
  await browser.ready;
  const count = PER_SECOND * SECONDS;
  for (let n = 0; n < count; n++) {
    const message = detection(name, `latency-${n}`, 0);
    published.set(message.sha256, performance.now());
    sent.push(performance.now());
    agent.publish(message);
    await delay(1000 / PER_SECOND);
  }
  while (commits.length < count || events.length < count) await delay(50);
  listening.abort();
  await heard;
  await agent.close();
  return {
    publishToCommitP50Ms: percentile(commits, 0.5),
    publishToCommitP99Ms: percentile(commits, 0.99),
    publishToSseP95Ms: percentile(events, 0.95),
  };
}
