/**
 * The loop once, without a person: wait for the alert, confirm it as the operator would, and see the ticket go out. Every
 * time in the timeline is one that a program wrote itself, in its log or in its store.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type AlertView, ConsoleApi, type TicketView } from './console-api.ts';
import { LogTimes } from './log-times.ts';
import { startLoop } from './loop.ts';
import type { Outcome, Timeline } from './timeline.ts';

const LOOK_EVERY_MS = 250;

export interface OnceOptions {
  readonly folder: string;
  readonly sources: readonly string[];
  readonly model: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export async function runOnce(options: OnceOptions): Promise<Outcome> {
  const { folder, signal } = options;
  const times = new LogTimes();
  const deadline = Date.now() + options.timeoutMs;
  const loop = await startLoop({
    ...options,
    consolePort: 0,
    onLog: (program, line) => times.read(program, line),
  });
  let brokenBy: string | null = null;
  void loop.broken.then((reason) => {
    brokenBy = reason;
  });
  const cutShort = (): string | null => brokenBy ?? (signal.aborted ? 'interrupted' : null);
  /** What `look` finds, or null when time is up, a program has ended or the user has had enough. */
  const waitFor = async <T>(look: () => Promise<T | null>): Promise<T | null> => {
    while (cutShort() === null && Date.now() < deadline) {
      const found = await look();
      if (found !== null) return found;
      await delay(LOOK_EVERY_MS);
    }
    return null;
  };

  try {
    const api = new ConsoleApi(loop.consoleUrl);
    await api.login(loop.login);
    const alert = await waitFor(async () => (await api.newAlerts()).find(canBeJudged) ?? null);
    if (alert === null) {
      return {
        outcome: 'failed',
        reason: cutShort() ?? times.whyNoAlert(),
        timeline: times.timeline(null),
        evidence: [],
      };
    }
    const evidence = await saveEvidence(api, alert, join(folder, 'evidence'));
    const { ticketId } = await api.confirm(alert.id);
    const dispatched = await waitFor(async () => ifDispatched(await api.ticket(ticketId)));
    const ticket = dispatched ?? (await api.ticket(ticketId));
    const { confirmedAt } = await api.alert(alert.id);
    const timeline: Timeline = {
      ...times.timeline(alert.detectionId),
      stored: alert.storedAt,
      alert: alert.createdAt,
      ...(confirmedAt === null ? {} : { confirmed: confirmedAt }),
      ...(ticket.dispatchedAt === null ? {} : { dispatched: ticket.dispatchedAt }),
    };
    const result = { timeline, evidence, ticket: ticket.number };
    if (dispatched !== null) return { outcome: 'dispatched', reason: 'ticket dispatched', ...result };
    return {
      outcome: 'failed',
      reason: cutShort() ?? `ticket ${ticket.number} is still ${ticket.state}`,
      ...result,
    };
  } finally {
    await loop.stop();
  }
}

/** An operator judges by the pictures, so they have to be there. */
function canBeJudged(alert: AlertView): boolean {
  const pictures = alert.evidence.filter((entry) => entry.kind !== 'clip');
  return pictures.length > 0 && pictures.every((entry) => entry.available);
}

function ifDispatched(ticket: TicketView): TicketView | null {
  return ticket.dispatchedAt === null ? null : ticket;
}

/** Copies the alert's pictures and clip as the console shows them, and returns their paths. */
async function saveEvidence(api: ConsoleApi, alert: AlertView, folder: string): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const paths: string[] = [];
  for (const { name, sha256, available } of alert.evidence) {
    if (!available) continue;
    const path = join(folder, name);
    writeFileSync(path, await api.evidence(sha256));
    paths.push(path);
  }
  return paths;
}
