import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { steadyMs } from '@roadwatch/common';
import { expect, onTestFinished, test } from 'vitest';
import { testStore } from '../../testing/store.ts';
import type { KnownDamage } from '../verify/known-damage.ts';
import { KnownStore } from './known-damage.ts';

const YEAR_MS = 365 * 86_400_000;

function damageSeenAt(atMs: number): KnownDamage {
  return {
    id: 'd1',
    camera: 'camera-1',
    view: 'view-1',
    damageClass: 'pothole',
    score: 0.8,
    box: [0.4, 0.6, 0.1, 0.1],
    firstSeenAtMs: atMs - 60_000,
    verifiedAtMs: atMs,
    lastSeenAtMs: atMs,
    capturedAtMs: atMs,
    revision: 1,
    publishedBox: [0.4, 0.6, 0.1, 0.1],
    publishedAtMs: atMs,
    seen: 9,
    looked: 9,
    frame: { width: 1920, height: 1080 },
    evidence: [],
  };
}

function store(): KnownStore {
  const path = mkdtempSync(join(tmpdir(), 'roadwatch-known-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return new KnownStore(testStore(path));
}

test('damage comes back with the times at which it was seen', () => {
  const known = store();
  const damage = damageSeenAt(steadyMs() - YEAR_MS);
  known.save(damage);
  expect(known.load('camera-1')).toEqual([damage]);
});

test('damage seen by a clock that was years ahead can be seen and grow from now on', () => {
  const known = store();
  known.save(damageSeenAt(steadyMs() + 70 * YEAR_MS));
  const [loaded] = known.load('camera-1');
  expect(loaded?.lastSeenAtMs).toBeLessThanOrEqual(steadyMs());
  expect(loaded?.publishedAtMs).toBeLessThanOrEqual(steadyMs());
  expect(loaded?.firstSeenAtMs).toBeLessThanOrEqual(loaded?.lastSeenAtMs ?? 0);
});

test('what was told as a part of damage goes with it, and nothing else', () => {
  const known = store();
  const damage = damageSeenAt(steadyMs());
  for (const change of [{}, { id: 'd2', partOf: 'd1' }, { id: 'd3' }, { id: 'd4', partOf: 'd3' }])
    known.save({ ...damage, ...change });
  known.remove('d1');
  expect(known.load('camera-1').map(({ id }) => id)).toEqual(['d3', 'd4']);
});
