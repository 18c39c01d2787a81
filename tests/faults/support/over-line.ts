/**
 * Two potholes over a bad line. The second comes into view when the clip of the first fills the line already, so its detection must
 * not wait behind that. Everything must arrive, and how long that took is recorded.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { LogLine } from '../../../scripts/demo/child.ts';
import { streetCamera } from '../../agent/support/agent-box.ts';
import type { LineQuality } from '../../support/slow-link.ts';
import type { CameraEntry } from './agent-process.ts';
import { record } from './outcome.ts';
import { comes } from './patience.ts';
import { chance } from './run.ts';
import { startWorld } from './world.ts';

const ARRIVES_MS = 60 * 60_000;
/** A clip is cut 7 s after its pothole was seen. */
const CLIP_CUT_MS = 20_000;

export async function overLine(fault: string, extent: string, quality: LineQuality): Promise<void> {
  const line = { quality, random: chance(fault) };
  const { agent, ledger, link, freshCameras } = await startWorld({ streets: 1, line });
  const later = await streetCamera({ faults: [{ kind: 'refuse' }] });
  const [first] = freshCameras('first') as [CameraEntry];
  const second = { id: 'second', url: later.url };
  ledger.shows(second.id);
  agent.watch([first, second]);
  agent.start();
  /** Seconds from verified to stored. */
  const arrives = async (camera: string): Promise<number> => {
    const verified = (): LogLine | undefined =>
      agent.book.all('agent', 'detection verified').find((said) => said.camera === camera);
    const came = await comes(ARRIVES_MS, () => verified() !== undefined && ledger.hasAny(camera));
    return came ? (Date.now() - Date.parse(String(verified()?.time))) / 1000 : Number.POSITIVE_INFINITY;
  };
  const firstS = await arrives(first.id);
  await sleep(CLIP_CUT_MS);
  const startedAt = performance.now();
  later.endFault('refuse');
  const secondS = await arrives(second.id);
  const all = await comes(ARRIVES_MS, () => ledger.hasAll([first.id, second.id], true), 500);
  const allS = (performance.now() - startedAt) / 1000;
  const { up, down } = link?.bytes ?? { up: 0, down: 0 };
  await agent.end('SIGTERM');
  ledger.note();
  const balance = await ledger.balance();
  record({
    fault,
    extent,
    detections: balance,
    notes: [
      `detections were stored ${firstS.toFixed(1)} s and, behind a clip, ${secondS.toFixed(1)} s after they were verified`,
      `all pictures and clips were stored ${allS.toFixed(0)} s after the second pothole came into view`,
      `${(up / 1000).toFixed(0)} kB went up and ${(down / 1000).toFixed(0)} kB down, in ${link?.connections} connections`,
      ...balance.notes,
    ],
  });
  expect({ all, wrong: balance.wrong }).toEqual({ all: true, wrong: [] });
}
