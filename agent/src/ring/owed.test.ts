import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { sweepRings } from './files.ts';
import { keepOwed, owedFolder } from './owed.ts';

const FROM = Date.parse('2026-01-01T00:00:00Z') / 1000;

/** The folder of a ring whose segments of two seconds ended at these seconds, as an agent leaves it that is killed. */
function left(...ends: readonly number[]): string {
  const root = mkdtempSync(join(tmpdir(), 'roadwatch-owed-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const folder = join(root, 'camera-1');
  mkdirSync(folder);
  for (const [index, end] of ends.entries()) {
    const file = join(folder, `roadwatch-0123abcd-${String(index).padStart(6, '0')}.ts`);
    writeFileSync(file, 'x');
    utimesSync(file, FROM + end, FROM + end);
  }
  return folder;
}

test('segments around the moments are set aside, in order, and the rest is left to the next recording', () => {
  const folder = left(2, 4, 6, 8, 10, 12, 14, 16, 18, 20);
  const owed = keepOwed([folder], [(FROM + 11) * 1000]);
  expect(readdirSync(owedFolder(folder))).toHaveLength(5);
  expect(readdirSync(folder)).toHaveLength(5);
  expect(owed.holding((FROM + 11) * 1000)).toMatchObject({ startSeconds: FROM + 10, endSeconds: FROM + 12 });
  const ends = owed.ring.between(FROM + 7, FROM + 15).map(({ endSeconds }) => endSeconds - FROM);
  expect(ends).toEqual([8, 10, 12, 14, 16]);
  owed.end();
  expect(existsSync(owedFolder(folder))).toBe(false);
});

test('what was set aside is there after another start, and goes when nothing is owed of it', () => {
  const folder = left(2, 4);
  keepOwed([folder], [(FROM + 3) * 1000]);
  sweepRings(join(folder, '..'), ['camera-1', owedFolder('camera-1')]);
  expect(keepOwed([folder], [(FROM + 3) * 1000]).holding((FROM + 3) * 1000)).toBeDefined();
  expect(keepOwed([folder], [(FROM + 300) * 1000]).holding((FROM + 300) * 1000)).toBeUndefined();
  expect(readdirSync(owedFolder(folder))).toEqual([]);
});

test('a pause in what was recorded holds nothing, nor does a folder that is not there', () => {
  const folder = left(2, 60);
  expect(keepOwed([folder, '/nonexistent/ring'], [(FROM + 30) * 1000]).holding((FROM + 30) * 1000)).toBe(
    undefined,
  );
});
