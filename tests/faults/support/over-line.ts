/**
 * Two potholes over a bad line. The second comes into view when the clip of the first fills the line already, so its detection must
 * not wait behind that. Everything must arrive, and how long that took is recorded.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import { streetCamera } from '../../agent/support/agent-box.ts';
import { type LineQuality, SlowLink } from '../../support/slow-link.ts';
import type { CameraEntry } from './agent-process.ts';
import { record } from './outcome.ts';
import { comes } from './patience.ts';
import { chance } from './run.ts';
import { startWorld } from './world.ts';

const ARRIVES_MS = 60 * 60_000;
/** A clip is cut 7 s after its pothole was seen. */
const CLIP_CUT_MS = 20_000;

export async function overLine(fault: string, extent: string, quality: LineQuality): Promise<void> {
  const links: SlowLink[] = [];
  onTestFinished(async () => {
    for (const link of links) await link.stop();
  });
  const { agent, gateway, ledger, freshCameras } = await startWorld({
    streets: 1,
    line: async (port) => {
      const link = await SlowLink.start(port, quality, chance(fault));
      links.push(link);
      return link.port;
    },
  });
  const later = await streetCamera({ faults: [{ kind: 'refuse' }] });
  const [first] = freshCameras('first') as [CameraEntry];
  const second = { id: 'second', url: later.url };
  ledger.shows(second.id);
  agent.watch([first, second]);
  agent.start();
  const stored = async (camera: string): Promise<boolean> =>
    (await gateway.store.db.selectFrom('detections').select('id').where('camera', '=', camera).execute())
      .length > 0;
  const arrives = async (camera: string): Promise<number> => {
    const verified = await verifiedAt(camera);
    if (!(await comes(ARRIVES_MS, () => stored(camera)))) return Number.POSITIVE_INFINITY;
    return (Date.now() - verified) / 1000;
  };
  const verifiedAt = async (camera: string): Promise<number> => {
    for (let from = 0; ; ) {
      const line = await agent.book.next('agent', 'detection verified', from);
      if (line.camera === camera) return Date.parse(String(line.time));
      from = agent.book.end;
    }
  };
  const firstS = await arrives(first.id);
  await sleep(CLIP_CUT_MS);
  const startedAt = performance.now();
  later.endFault('refuse');
  const secondS = await arrives(second.id);
  const all = await comes(ARRIVES_MS, () => ledger.hasAll([first.id, second.id], true), 500);
  const allS = (performance.now() - startedAt) / 1000;
  const [link] = links as [SlowLink];
  const { up, down } = link.bytes;
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
      `${(up / 1000).toFixed(0)} kB went up and ${(down / 1000).toFixed(0)} kB down, in ${link.connections} connections`,
      ...balance.notes,
    ],
  });
  expect({ all, wrong: balance.wrong }).toEqual({ all: true, wrong: [] });
}
