/** What ffmpeg writes, cut into whole messages however it arrives; and what is read from it. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { codecsOf, Mp4Messages } from './mp4-boxes.ts';

const run = promisify(execFile);

async function fragments(...encoder: string[]): Promise<Buffer> {
  const { stdout } = await run(
    'ffmpeg',
    [
      ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=320x240:rate=10', '-t', '2'],
      ...[...encoder, '-pix_fmt', 'yuv420p', '-g', '10', '-f', 'mp4'],
      ...['-movflags', '+empty_moov+default_base_moof+frag_every_frame+skip_trailer', 'pipe:1'],
    ],
    { encoding: 'buffer', maxBuffer: 16 * 1024 * 1024 },
  );
  return stdout;
}

test('messages are whole however the bytes arrive, and tell keyframes from the pictures between them', async () => {
  const bytes = await fragments('-c:v', 'libx264', '-profile:v', 'high', '-level', '3.1');
  const kinds: string[][] = [];
  for (const step of [1, 7, 1000, bytes.length]) {
    const cut = new Mp4Messages();
    const messages = Array.from({ length: Math.ceil(bytes.length / step) }, (_, at) =>
      cut.push(bytes.subarray(at * step, (at + 1) * step)),
    ).flat();
    kinds.push(messages.map(({ kind }) => kind));
    expect(Buffer.concat(messages.map((message) => message.bytes.subarray(1)))).toEqual(bytes);
    expect(codecsOf(messages[0]?.bytes ?? Buffer.alloc(0))).toBe('avc1.64001f');
  }
  const group = ['keyframe', ...Array(9).fill('picture')];
  expect(new Set(kinds.map(String))).toEqual(new Set([String(['init', ...group, ...group])]));
});

test('H.265 is named by profile, level and constraints', async () => {
  const bytes = await fragments('-c:v', 'libx265', '-tag:v', 'hvc1', '-x265-params', 'log-level=none');
  const [init] = new Mp4Messages().push(bytes);
  expect(codecsOf(init?.bytes ?? Buffer.alloc(0))).toMatch(/^hvc1\.1\.6\.L\d+\.90$/);
});

test('what is no MP4 is refused instead of kept', () => {
  expect(() => new Mp4Messages().push(Buffer.alloc(64, 0xff))).toThrow('a box of 4294967295 bytes');
});
