import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { sweepRings } from './files.ts';
import { RING_SHIFT_SECONDS, SegmentRing } from './segments.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'roadwatch-ring-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A ring in which segments of two seconds and 1000 bytes are finished, one after the other. */
function recorded(
  limits: { seconds: number; maxBytes: number },
  count: number,
): { dir: string; ring: SegmentRing } {
  const dir = join(folder(), 'camera-1');
  const ring = new SegmentRing(dir, limits);
  ring.begin();
  for (let i = 0; i < count; i++) {
    const { file } = ring.open;
    writeFileSync(file, Buffer.alloc(1000));
    ring.finish(`${basename(file)},${2 * i + RING_SHIFT_SECONDS},${2 * i + 2 + RING_SHIFT_SECONDS}`);
  }
  return { dir, ring };
}

test('a moment is found in the segment that holds it, the one being written included', () => {
  const { ring } = recorded({ seconds: 60, maxBytes: 100_000 }, 3);
  writeFileSync(ring.open.file, Buffer.alloc(10));
  const held = ring.between(3, 7).map(({ startSeconds }) => startSeconds);
  expect(held).toEqual([2, 4, 6]);
});

test('the keyframe that begins a segment is not looked for in the one before, whose end is rounded up', () => {
  const { ring } = recorded({ seconds: 60, maxBytes: 100_000 }, 0);
  for (const [start, end] of [
    [0, 2.000022],
    [2.00002, 4.000011],
  ] as const) {
    const { file } = ring.open;
    writeFileSync(file, Buffer.alloc(10));
    ring.finish(`${basename(file)},${start + RING_SHIFT_SECONDS},${end + RING_SHIFT_SECONDS}`);
  }
  expect(ring.holding(2.00002)?.endSeconds).toBeCloseTo(4, 3);
  expect(ring.holding(1.96)?.endSeconds).toBeCloseTo(2, 3);
  expect(ring.holding(4.00001)).toBeUndefined();
});

test.each([
  ['seconds', { seconds: 10, maxBytes: 1_000_000 }, 6],
  ['bytes', { seconds: 1_000, maxBytes: 5_000 }, 4],
])('it keeps no more than its %s, on disk too, however long it runs', (_, limits, kept) => {
  const { dir, ring } = recorded(limits, 50);
  expect(readdirSync(dir)).toHaveLength(kept);
  expect(ring.bytes).toBe(kept * 1000);
  expect(ring.between(0, 1_000).at(-1)?.endSeconds).toBe(100);
});

test('what is being written counts: older files go as it grows, and it may not fill all of the ring', () => {
  const { dir, ring } = recorded({ seconds: 1_000, maxBytes: 8_000 }, 6);
  const onDisk = (): number =>
    readdirSync(dir).reduce((sum, name) => sum + statSync(join(dir, name)).size, 0);
  const roomy: unknown[] = [];
  for (let bytes = 0; bytes <= 4_000; bytes += 1_000) {
    writeFileSync(ring.open.file, Buffer.alloc(bytes));
    roomy.push(ring.makeRoom());
    expect(onDisk()).toBeLessThanOrEqual(8_000);
  }
  expect(roomy).toEqual([null, null, null, null, 'segment too large']);
  expect(ring.maxFileBytes).toBe(4_000);
});

test('a new connection begins anew, and a late line of the old one is passed over', () => {
  const { dir, ring } = recorded({ seconds: 60, maxBytes: 100_000 }, 3);
  const late = `${basename(ring.open.file)},7,9`;
  ring.begin();
  expect(readdirSync(dir)).toEqual([]);
  expect(ring.finish(late)).toBeNull();
  expect(ring.between(0, 100)).toEqual([]);
});

test.each(['', 'nonsense', '../../etc/passwd,1,3', '1-0.ts'])(
  'a line that is no segment (%j) is passed over',
  (line) => {
    const { ring } = recorded({ seconds: 60, maxBytes: 100_000 }, 1);
    const before = ring.bytes;
    ring.finish(line);
    expect(ring.bytes).toBe(before);
  },
);

test('what a killed agent left of cameras that are no more is deleted; what is not its own never is', () => {
  const dir = folder();
  const left = recordedIn(join(dir, 'gone'));
  const strange = [
    'gone/1-000001.ts',
    'gone/roadwatch.ts',
    'others/film.ts',
    'others/deep/roadwatch-00000000-1.ts',
  ];
  for (const name of ['others', 'others/deep', 'empty']) mkdirSync(join(dir, name));
  for (const name of strange) writeFileSync(join(dir, name), 'x');
  const elsewhere = folder();
  const linked = recordedIn(join(elsewhere, 'linked'));
  symlinkSync(join(elsewhere, 'linked'), join(dir, 'link'));
  const kept = recordedIn(join(dir, 'kept'));
  expect(sweepRings(dir, ['kept', 'new'])).toEqual([]);
  expect([left, kept, linked].map((file) => existsSync(file))).toEqual([false, true, true]);
  expect([...strange, 'empty'].filter((name) => !existsSync(join(dir, name)))).toEqual([]);
  expect(sweepRings(join(dir, 'not-there'), [])).toEqual([]);
  expect(sweepRings(join(dir, 'others/film.ts'), [])).toEqual([]);
});

test('a recording in a folder that holds other things begins and ends without touching them', () => {
  const dir = join(folder(), 'camera-1');
  const left = recordedIn(dir);
  writeFileSync(join(dir, '1-000000.ts'), 'x');
  const ring = new SegmentRing(dir, { seconds: 60, maxBytes: 100_000 });
  ring.begin();
  writeFileSync(ring.open.file, 'y');
  expect(existsSync(left)).toBe(false);
  ring.end();
  expect(readdirSync(dir)).toEqual(['1-000000.ts']);
});

test('a folder that cannot be had is an error that names it and the keys', () => {
  const file = join(folder(), 'file');
  writeFileSync(file, 'x');
  const ring = new SegmentRing(join(file, 'camera-1'), { seconds: 60, maxBytes: 100_000 });
  expect(() => ring.begin()).toThrow(
    `the video ring cannot be written: ${file}/camera-1 (ENOTDIR); see ring.dir`,
  );
  expect(() => ring.end()).not.toThrow();
});

/** A file as an agent leaves it that is killed. */
function recordedIn(dir: string): string {
  const ring = new SegmentRing(dir, { seconds: 60, maxBytes: 100_000 });
  ring.begin();
  writeFileSync(ring.open.file, 'x');
  return ring.open.file;
}
