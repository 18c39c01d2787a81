import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test, vi } from 'vitest';
import { steadyMs, steadyOf, wallMs } from './steady-clock.ts';

afterEach(() => void vi.useRealTimers());

function setClock(byMs: number): void {
  const now = Date.now();
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(now + byMs);
}

test.each([-3_600_000, 3_600_000, 50 * 365 * 86_400_000])(
  'a wall clock that is set by %i ms moves what is said of a moment, and not how long it is ago',
  (byMs) => {
    const moment = steadyMs();
    const said = wallMs(moment);
    setClock(byMs);
    expect(steadyMs() - moment).toBeLessThan(1_000);
    expect(Math.abs(wallMs(moment) - said - byMs)).toBeLessThan(1_000);
    expect(steadyOf(wallMs(moment))).toBe(moment);
  },
);

/** Where the wall clock may be read, and why: everywhere else it measures what it must not (use `steadyMs`). */
const WALL: Readonly<Record<string, string>> = {
  'common/steady-clock.ts': 'converts between the two',
  'common/log-record.ts': 'when a line was written',
  'agent/src/box-commands.ts': 'in the name of a file',
  'agent/src/reload/reloads.ts': 'when settings were taken, in an answer',
  'agent/src/support/bundle.ts': 'when it was made',
  'agent/src/camera/camera.ts': 'says to a person when it will try again',
  'agent/src/camera/direct-stream.ts': 'how far the clock of this box and the camera’s are apart',
  'agent/src/camera/full-streams.ts': 'since when, in a status',
  'agent/src/look/looks.ts': 'since when, in a status',
  'agent/src/reload/box-layer.ts': 'when settings were taken, in an answer',
  'agent/src/doctor/lines.ts': 'how far the clock of this box and the gateway’s are apart',
  'agent/src/setup/onvif/camera.ts': 'how far the clock of this box and the camera’s are apart',
  'agent/src/setup/onvif/soap.ts': 'when a login was made, by the clock of the camera',
  'agent/src/updates/jobs.ts': 'since when a job runs, over restarts',
  'agent/src/identity/renewal.ts': 'how long a certificate is good',
  'agent/src/ring/room.ts': 'since when, in a status',
  'agent/src/health/verdict.ts': 'since when, in the answer to a health check',
  'agent/src/main.ts': 'when it started, when a status was said',
  'agent/src/status/home-assistant.ts': 'since when, in a status',
  'agent/src/store/store.ts': 'since when, in a status, and names of files',
  'agent/src/commands/gateway-clock.ts': 'until the gateway has said what time it is',
  'agent/src/commands/receiver.ts': 'when a reply was said',
  'agent/src/uplink/sender.ts': 'when a message was refused',
  'agent/src/uplink/outbox.ts': 'when a message was set aside',
  'agent/src/uplink/line-troubles.ts': 'since when, in a status',
  'agent/src/uplink/held-back.ts': 'since when, in a status',
  'agent/src/uplink/durable-writer.ts': 'when a message was written',
  'gateway/src/agents/commands.ts': 'until when a command holds, for another machine',
  'gateway/src/alerts/read/view.ts': 'whether a claim, which is a deadline in the store, is over',
  'gateway/src/outbound/http-call.ts': 'Retry-After may be a date (RFC 9110 10.2.3)',
  'gateway/src/store/database.ts': 'time stamps and deadlines in the store',
};

test('nothing measures with the wall clock, which anybody may set', () => {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const readers = ['common', 'contract', 'agent/src', 'gateway/src']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true }).map((name) => join(folder, String(name))),
    )
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.includes('node_modules'))
    .filter((name) => /\bDate\.now\b|\bnew Date\(\)/.test(readFileSync(join(root, name), 'utf8')));
  expect(readers.sort()).toEqual(Object.keys(WALL).sort());
});
