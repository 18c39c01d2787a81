/** That everything arrives by lines that are as bad as they come, and in what time: figures, printed, beside what must hold. */
import { setTimeout as sleep } from 'node:timers/promises';
import { sha256 } from '@roadwatch/contract';
import { expect, onTestFinished, test } from 'vitest';
import type { LineQuality, SlowLink } from '../support/slow-link.ts';
import { clipOf, pictureOf, slowLine } from './support/slow-line.ts';

interface Case {
  readonly quality: LineQuality;
  readonly clipBytes: number;
  readonly pictureBytes: number;
  readonly detections: number;
  /** What happens to the line besides, every so often. */
  readonly every?: { readonly seconds: number; readonly happens: (link: SlowLink) => void };
}

const CASES: readonly (readonly [string, Case])[] = [
  [
    '2 kB/s',
    { quality: { bytesPerSecond: 2_000 }, clipBytes: 200_000, pictureBytes: 20_000, detections: 10 },
  ],
  [
    '20 kB/s',
    { quality: { bytesPerSecond: 20_000 }, clipBytes: 4_000_000, pictureBytes: 300_000, detections: 20 },
  ],
  [
    '1 Mbit/s',
    { quality: { bytesPerSecond: 125_000 }, clipBytes: 5_000_000, pictureBytes: 500_000, detections: 5 },
  ],
  ['30 % loss', { quality: { loss: 0.3 }, clipBytes: 500_000, pictureBytes: 50_000, detections: 10 }],
  [
    '20 kB/s, cut every 15 s',
    {
      quality: { bytesPerSecond: 20_000 },
      clipBytes: 1_000_000,
      pictureBytes: 100_000,
      detections: 10,
      every: { seconds: 15, happens: (link) => link.cut() },
    },
  ],
  [
    '20 kB/s, half open every 20 s',
    {
      quality: { bytesPerSecond: 20_000 },
      clipBytes: 450_000,
      pictureBytes: 100_000,
      detections: 10,
      every: { seconds: 20, happens: (link) => link.halfOpen() },
    },
  ],
];

const STATES = 4;
const EVERY_MS = 10_000;

test.each(CASES)('%s: all arrives, once, detections first', async (name, { quality, every, ...sizes }) => {
  const { gateway, link, box, kept } = await slowLine(quality);
  const rig = await box();
  const began = performance.now();
  const seconds = (): number => Math.round((performance.now() - began) / 100) / 10;
  const stopping = new AbortController();
  onTestFinished(() => stopping.abort());
  const { signal } = stopping;
  const repeat = async (ms: number, what: () => void): Promise<void> => {
    while (!signal.aborted) {
      await sleep(ms, undefined, { signal }).catch(() => {});
      if (!signal.aborted) what();
    }
  };
  void repeat(EVERY_MS, () => {
    for (let n = 0; n < STATES; n++)
      rig.uplink.publishState(rig.uplink.topics.cameraState(`camera-${n}`), {
        of: 'nothing',
        pad: 'x'.repeat(600),
      });
  });
  if (every !== undefined) void repeat(every.seconds * 1000, () => every.happens(link));

  const clip = clipOf(sizes.clipBytes);
  rig.file('clip', 'clip', clip);
  const picture = pictureOf(sizes.pictureBytes);
  await sleep(5_000);
  rig.file('picture', 'picture', picture);
  let pictureAt: number | null = null;
  void rig
    .until(() => rig.stored.includes('picture'))
    .then(() => {
      pictureAt = seconds();
    });
  const took: number[] = [];
  for (let n = 0; n < sizes.detections; n++) {
    const from = performance.now();
    rig.detection(`detection ${n}`);
    void rig
      .until(() => rig.stored.includes(`detection ${n}`))
      .then(() => took.push((performance.now() - from) / 1000));
    await sleep(2_000);
  }
  await rig.until(() => rig.stored.length === sizes.detections + 2);
  const { sentBytes, resentBytes, bytesPerSecond } = rig.uplink.figures;
  took.sort((a, b) => a - b);
  console.log(
    JSON.stringify({
      line: name,
      detections: sizes.detections,
      slowestDetectionSeconds: took.at(-1)?.toFixed(1),
      medianDetectionSeconds: took[Math.floor(took.length / 2)]?.toFixed(1),
      pictureSeconds: pictureAt,
      clipBytes: sizes.clipBytes,
      clipSeconds: seconds(),
      bytesPerSecond,
      sentBytes,
      resentBytes,
      carriedBytes: link.bytes.up,
      connections: link.connections,
    }),
  );
  expect(rig.stored.at(-1)).toBe('clip');
  expect(rig.outbox.depth).toBe(0);
  expect(await kept(sha256(clip))).toEqual(clip);
  expect(await kept(sha256(picture))).toEqual(picture);
  const { db } = await gateway.store();
  const messages = await db.selectFrom('detection_messages').select('detection_id').execute();
  expect(new Set(messages.map((row) => row.detection_id)).size).toBe(sizes.detections);
  expect(messages).toHaveLength(sizes.detections);
});
