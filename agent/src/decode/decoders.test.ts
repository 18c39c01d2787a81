/** Keyframes of several cameras through few decoders: each camera gets its own picture, whatever another has sent. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Manifest } from '@roadwatch/models';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../../tests/support/temp.ts';
import { SOFTWARE } from '../ffmpeg/hardware.ts';
import { ffmpegChildren } from '../ffmpeg/process.ts';
import type { PictureCodec } from '../frame/codec.ts';
import { FramePool, planarFormat } from '../frame/pool.ts';
import { displaySize } from '../frame/size.ts';
import { Decoders } from './decoders.ts';
import type { DecodeAs } from './keyframe-decoder.ts';

const SIZE = { width: 64, height: 32 };
const INPUT = { ...SIZE, resize: 'letterbox', pad: 114 } as Manifest['input'];
const H264: DecodeAs = { codec: 'H264', decoder: SOFTWARE, far: null, shape: null };
const ENCODERS = { H264: ['-c:v', 'libx264'], H265: ['-c:v', 'libx265', '-x265-params', 'log-level=none'] };

/** One picture of one colour. */
async function keyframe(colour: string, size = '640x320', codec: PictureCodec = 'H264'): Promise<Buffer> {
  const file = join(await temporaryFolder(), codec === 'H264' ? 'one.h264' : 'one.hevc');
  await promisify(execFile)('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', `color=${colour}:s=${size}`, '-frames:v', '1', '-bf', '0'],
    ...[...ENCODERS[codec], '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', file],
  ]);
  return readFile(file);
}

function decoders(most = 2): { readonly all: Decoders; readonly pool: FramePool } {
  const pool = new FramePool(planarFormat(SIZE), 6);
  const all = new Decoders(INPUT, pool, most);
  onTestFinished(() => all.stop());
  return { all, pool };
}

/** Green, blue and red of a point within the picture, however it is fitted in; and how large it is. */
async function look(
  { all, pool }: ReturnType<typeof decoders>,
  as: DecodeAs,
  bytes: Buffer,
): Promise<{ readonly colour: readonly number[]; readonly width: number; readonly height: number } | null> {
  const { frame } = await all.decode(as, bytes);
  if (frame === null || frame.slot === null) return null;
  const pixels = pool.pixels(frame.slot);
  const point = (SIZE.height / 2) * SIZE.width + SIZE.width / 4;
  const colour = [0, 1, 2].map((plane) =>
    Math.round((pixels[plane * SIZE.width * SIZE.height + point] ?? 0) / 255),
  );
  pool.release(frame.slot);
  return { colour, ...displaySize(frame.info) };
}

test('cameras of all sizes and both codecs get each its own picture, each decoder for all that it fits', async () => {
  const made = decoders();
  const [green, red, large, other] = await Promise.all([
    keyframe('lime'),
    keyframe('red'),
    keyframe('blue', '1280x640'),
    keyframe('red', '320x160', 'H265'),
  ]);
  const H265: DecodeAs = { ...H264, codec: 'H265' };
  for (let round = 0; round < 3; round++) {
    expect(await look(made, H264, green)).toEqual({ colour: [1, 0, 0], width: 640, height: 320 });
    expect(await look(made, H264, large)).toEqual({ colour: [0, 1, 0], width: 1280, height: 640 });
    const [a, b] = await Promise.all([look(made, H264, red), look(made, H265, other)]);
    expect(a).toEqual({ colour: [0, 0, 1], width: 640, height: 320 });
    expect(b).toEqual({ colour: [0, 0, 1], width: 320, height: 160 });
  }
  expect(ffmpegChildren()).toBe(2);
  expect(made.pool.freeSlots).toBe(6);
  await made.all.stop();
  expect(ffmpegChildren()).toBe(0);
});

test('what is no picture gives none, and the next camera sees what is its own', async () => {
  const made = decoders(1);
  const green = await keyframe('lime');
  const cut = green.subarray(0, Math.floor(green.length / 2));
  const noise = Buffer.alloc(300_000, 'no video');
  for (const wrong of [noise, Buffer.concat([cut, noise])]) {
    const seen = await look(made, H264, wrong);
    expect(seen === null || seen.width === 640).toBe(true);
    expect(await look(made, H264, green)).toEqual({ colour: [1, 0, 0], width: 640, height: 320 });
  }
  expect(made.pool.freeSlots).toBe(6);
}, 60_000);

test('a part of a picture is shown beside the whole, and a squeezed picture in the shape that is told', async () => {
  const made = decoders();
  const bytes = await keyframe('lime');
  const { frame } = await made.all.decode({ ...H264, far: [0.25, 0.25, 0.5, 0.5] }, bytes);
  expect(frame?.slot).not.toBe(frame?.farSlot);
  expect([typeof frame?.slot, typeof frame?.farSlot]).toEqual(['number', 'number']);
  for (const slot of [frame?.slot, frame?.farSlot]) made.pool.release(slot as number);
  const shaped = await look(made, { ...H264, shape: { width: 640, height: 640 } }, bytes);
  expect(shaped).toEqual({ colour: [1, 0, 0], width: 640, height: 640 });
});

test('each picture tells the processor time that it has taken', async () => {
  const { all, pool } = decoders(1);
  const bytes = await keyframe('lime', '1920x1080');
  let cpuMs = 0;
  for (let count = 0; count < 40; count++) {
    const decoded = await all.decode(H264, bytes);
    cpuMs += decoded.cpuMs ?? Number.NaN;
    pool.release(decoded.frame?.slot as number);
  }
  // It is told in steps of ten, and no picture of this size is done in less than one.
  expect(cpuMs).toBeGreaterThanOrEqual(40);
}, 60_000);
