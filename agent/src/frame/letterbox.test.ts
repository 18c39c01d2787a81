import { execFileSync } from 'node:child_process';
import type { Manifest } from '@roadwatch/models';
import { expect, test } from 'vitest';
import { type FrameInfo, parseFrameInfo } from '../ffmpeg/frame-info.ts';
import { contentSize, fitFilters } from './letterbox.ts';
import { displaySize } from './size.ts';

const input = { width: 640, height: 384, resize: 'letterbox', pad: 114 } as Manifest['input'];

test.each([
  [1920, 1080, '1/1'],
  [512, 512, '0/1'],
  [1279, 719, '1/1'],
  [333, 1000, '1/1'],
  [100, 7, '1/1'],
  // As sub-streams and analogue cameras have it: the picture is wider, or narrower, than its pixels are many.
  [640, 480, '4/3'],
  [960, 1080, '2/1'],
  [704, 576, '16/11'],
  [1440, 480, '1/2'],
  // Damage.
  [640, 360, '1/1000'],
])(
  'ffmpeg fits a %i x %i picture with pixels of %s into the size that the boxes are measured by',
  (width, height, sar) => {
    const source = `color=white:s=${width}x${height},format=rgb24,setsar=${sar}`;
    const white = ['-f', 'lavfi', '-i', source, '-frames:v', '1'];
    const pixels = execFileSync(
      'ffmpeg',
      ['-v', 'error', ...white, '-vf', fitFilters(input), '-f', 'rawvideo', 'pipe:1'],
      { maxBuffer: 1e7 },
    );
    const told = `[Parsed_showinfo_0 @ 0x1] [info] n: 0 pts: 0 pts_time:0 fmt:gbrp sar:${sar} s:${width}x${height} i:P`;
    const content = contentSize(displaySize(parseFrameInfo(told) as FrameInfo), input);
    const green = pixels.subarray(0, 640 * 384);
    const firstRow = [...green.subarray(0, 640)];
    const firstColumn = Array.from({ length: 384 }, (_, y) => green[y * 640] as number);
    expect(pixels.length).toBe(3 * 640 * 384);
    expect(firstRow.filter((value) => value > 200).length).toBe(content.width);
    expect(firstColumn.filter((value) => value > 200).length).toBe(content.height);
    if (content.width < 640) expect(firstRow.at(-1)).toBe(114);
  },
);
