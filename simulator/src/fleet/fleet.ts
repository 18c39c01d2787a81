/** Thousands of agents in one process, that load a gateway through its broker and count what becomes of every message. */
import { setTimeout as delay } from 'node:timers/promises';
import { randomFrom } from '../street/noise.ts';
import { FleetAgent, type FleetLogin } from './agent.ts';
import { type EvidenceChoice, evidenceTemplates } from './evidence.ts';
import { type FleetReport, Tally } from './tally.ts';

export interface FleetOptions {
  readonly url: string;
  readonly logins: readonly FleetLogin[];
  readonly alertsPerSecond: number;
  readonly seconds: number;
  /** How many begin to connect in a second; all at once is a storm. */
  readonly connectsPerSecond: number;
  /** At this second every line is cut, and all come back at once. */
  readonly cutAtSecond?: number;
  /** Alerts that each agent has in its outbox from the time before it connected. */
  readonly backlog: number;
  readonly evidence: EvidenceChoice;
  /** Seconds to wait, after the last alert, for what is not answered yet. */
  readonly drainSeconds: number;
  readonly seed: number;
}

/** More than this unanswered, and no new alerts are made: the memory of one process ends. */
const MAX_UNANSWERED_BYTES = 1024 ** 3;
const LOOK_EVERY_MS = 1000;

/** @throws Error when an agent is not let in, or the signal aborts */
export async function runFleet(options: FleetOptions, signal: AbortSignal): Promise<FleetReport> {
  const tally = new Tally();
  const templates = await evidenceTemplates(options.evidence, signal);
  const agents = options.logins.map((login) => new FleetAgent(login, tally));
  const repeats = setInterval(() => {
    for (const agent of agents) agent.repeatOverdue();
  }, LOOK_EVERY_MS);
  const began = performance.now();
  try {
    for (const agent of agents) for (let i = 0; i < options.backlog; i++) agent.raise(templates);
    await connectAll(agents, options, signal);
    await raiseAlerts(agents, options, tally, templates, signal);
    await answered(agents, options.drainSeconds, signal);
    return tally.report(agents.length, (performance.now() - began) / 1000, unanswered(agents));
  } finally {
    clearInterval(repeats);
    await Promise.all(agents.map((agent) => agent.stop()));
  }
}

async function connectAll(agents: readonly FleetAgent[], options: FleetOptions, signal: AbortSignal) {
  const { url, connectsPerSecond } = options;
  const began = performance.now();
  const connecting: Promise<void>[] = [];
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => {});
  for (const [i, agent] of agents.entries()) {
    const wait = began + (i / connectsPerSecond) * 1000 - performance.now();
    if (wait > 1) await Promise.race([delay(wait, undefined, { signal }), failed.promise]);
    const connected = agent.connect(url, signal);
    connected.catch(failed.reject);
    connecting.push(connected);
  }
  await Promise.all(connecting);
}

/** As a Poisson process: independent events at a mean rate, over agents by chance. */
async function raiseAlerts(
  agents: readonly FleetAgent[],
  { alertsPerSecond, seconds, cutAtSecond, seed }: FleetOptions,
  tally: Tally,
  templates: Awaited<ReturnType<typeof evidenceTemplates>>,
  signal: AbortSignal,
): Promise<void> {
  const random = randomFrom(seed);
  const began = performance.now();
  const bytesEach = templates.reduce((sum, { bytes }) => sum + bytes.length, 1024);
  let cut = cutAtSecond === undefined;
  for (let at = 0; ; ) {
    at += alertsPerSecond === 0 ? Number.POSITIVE_INFINITY : -Math.log(1 - random()) / alertsPerSecond;
    if (!cut && at >= (cutAtSecond as number)) {
      await until(began, cutAtSecond as number, signal);
      for (const agent of agents) agent.cut();
      cut = true;
    }
    if (at >= seconds) break;
    await until(began, at, signal);
    const messagesEach = templates.length + 1;
    if ((unanswered(agents) / messagesEach) * bytesEach > MAX_UNANSWERED_BYTES) tally.alertsHeldBack++;
    else (agents[Math.floor(random() * agents.length)] as FleetAgent).raise(templates);
  }
  await until(began, seconds, signal);
}

async function until(began: number, second: number, signal: AbortSignal): Promise<void> {
  const wait = began + second * 1000 - performance.now();
  if (wait > 0) await delay(wait, undefined, { signal });
}

async function answered(agents: readonly FleetAgent[], seconds: number, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  while (unanswered(agents) > 0 && performance.now() < deadline) await delay(50, undefined, { signal });
}

function unanswered(agents: readonly FleetAgent[]): number {
  return agents.reduce((sum, agent) => sum + agent.pendingCount, 0);
}
