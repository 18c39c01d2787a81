import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { steadyMs } from '@roadwatch/common';
import { expect, onTestFinished, test } from 'vitest';
import { CaptureClock } from '../ring/capture-clock.ts';
import { SegmentRing } from '../ring/segments.ts';
import { cutStill, untilRecorded } from './still.ts';

test('a picture of a camera that was stopped before it recorded anything is not waited for', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'roadwatch-still-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const ring = new SegmentRing(dir, { seconds: 60, maxBytes: 2 ** 20 });
  ring.begin();
  ring.isOver = true;
  const recording = { ring, clock: new CaptureClock() };
  const { signal } = new AbortController();
  await untilRecorded(recording, steadyMs(), 60_000, signal);
  await expect(cutStill(recording, steadyMs(), [], signal)).rejects.toMatchObject({ reason: 'not_recorded' });
}, 8_000);
