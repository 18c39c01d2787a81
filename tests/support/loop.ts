/** The whole of Roadwatch for one test, and an operator who is logged in. */
import { setTimeout as delay } from 'node:timers/promises';
import { shippedModel } from '@roadwatch/models';
import { onTestFinished } from 'vitest';
import { type Loop, startLoop } from '../../scripts/demo/loop.ts';
import { LogBook } from './log-book.ts';
import { temporaryFolder } from './temp.ts';

export async function startedLoop(sources: readonly string[]): Promise<{ loop: Loop; book: LogBook }> {
  const folder = await temporaryFolder();
  const book = new LogBook();
  const loop = await startLoop({ folder, sources, consolePort: 0, model: shippedModel(), onLog: book.onLog });
  // Hooks run in reverse: the programs end before their folder goes.
  onTestFinished(async () => {
    await loop.stop();
  });
  return { loop, book };
}

/** Headers of a session, as a browser sends them. */
export async function loggedIn(loop: Loop): Promise<Record<string, string>> {
  const response = await fetch(new URL('/api/session', loop.consoleUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(loop.login),
  });
  const { csrfToken } = (await response.json()) as { csrfToken: string };
  const cookie = response.headers.getSetCookie().map((entry) => entry.split(';')[0]);
  return { cookie: cookie.join('; '), 'x-csrf-token': csrfToken, 'content-type': 'application/json' };
}

/** Resolves once the gateway has heard of the first camera. */
export async function firstCamera(loop: Loop, headers: Record<string, string>): Promise<void> {
  for (;;) {
    const answer = await fetch(new URL('/api/cameras', loop.consoleUrl), { headers });
    const { items } = (await answer.json()) as { items: readonly { state: string }[] };
    if (items.some(({ state }) => state === 'streaming')) return;
    await delay(100);
  }
}
