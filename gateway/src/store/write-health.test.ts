import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, expect, test } from 'vitest';
import { StoreTrouble } from './trouble.ts';
import { WriteHealth } from './write-health.ts';

const folder = mkdtempSync(join(tmpdir(), 'roadwatch-health-'));
afterAll(() => rmSync(folder, { recursive: true }));

const full = new StoreTrouble('store_full', new Error('no space left'));

test('a full disk stays full, though a small entry is saved by luck, until there was room again', async () => {
  const health = new WriteHealth(pino({ level: 'silent' }), () => 0);
  await health.measure('store', folder);
  health.failed('store', full);
  health.wrote('store');
  expect(health.of('store')).toMatchObject({ code: 'store_full' });
  await health.measure('store', folder);
  expect(health.of('store')).toMatchObject({ code: 'store_full' });
  health.wrote('store');
  expect(health.of('store')).toBeNull();
});

test('a store whose room cannot be looked at is well again with the first entry that it saves', () => {
  const health = new WriteHealth(pino({ level: 'silent' }), () => 0);
  health.failed('store', full);
  health.wrote('store');
  expect(health.of('store')).toBeNull();
});
