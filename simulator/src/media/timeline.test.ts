import { describe, expect, test } from 'vitest';
import { type Clip, clipFrom } from './clip.ts';
import { splitAnnexB } from './nal.ts';
import { parseIndex } from './packet-index.ts';
import { Timeline } from './timeline.ts';

const FRAME = 7200;

/** A clip of single-byte pictures with a keyframe every `gop`. */
function clip(frames: number, gop: number): Clip {
  const units = Array.from({ length: frames }, (_, i) => ({
    nals: [Buffer.from([0x65, i])],
    keyframe: i % gop === 0,
    dts: i * FRAME,
    pts: i * FRAME,
  }));
  return { codec: 'h264', width: 64, height: 64, fps: 12.5, units, ticks: frames * FRAME, parameterSets: [] };
}

function take(timeline: Timeline, from: number, count: number): { picture: number; dts: number }[] {
  const reader = timeline.readFrom(from);
  return Array.from({ length: count }, () => {
    const { unit, dts } = reader.next();
    return { picture: unit.nals[0]?.[1] ?? -1, dts: dts / FRAME };
  });
}

describe('what a camera shows over time', () => {
  test('a loop goes on without a jump in time', () => {
    const shown = take(Timeline.looping(clip(3, 3)), 0, 7);
    expect(shown.map(({ picture }) => picture)).toEqual([0, 1, 2, 0, 1, 2, 0]);
    expect(shown.map(({ dts }) => dts)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test('who comes late begins with the keyframe of the picture that is on', () => {
    expect(take(Timeline.looping(clip(10, 5)), (1000 * 10 + 8) * FRAME, 2)).toEqual([
      { picture: 5, dts: 10_005 },
      { picture: 6, dts: 10_006 },
    ]);
  });

  test('what comes first is shown once, cut where it ends, then the rest for ever', () => {
    const timeline = new Timeline(
      [{ clip: clip(2, 2), ticks: 2 * FRAME }],
      [{ clip: clip(4, 4), ticks: 6 * FRAME }],
    );
    const pictures = [0, 1, 2, 3, 0, 1, 0, 1, 0, 1];
    expect(take(timeline, 0, 10)).toEqual(pictures.map((picture, dts) => ({ picture, dts })));
    expect(take(timeline, 7 * FRAME, 2)).toEqual([
      { picture: 0, dts: 6 },
      { picture: 1, dts: 7 },
    ]);
  });
});

describe('cutting a byte stream into pictures', () => {
  const sps = [0, 0, 0, 1, 0x67, 9, 9];
  const pps = [0, 0, 0, 1, 0x68, 8];
  const idr = [0, 0, 1, 0x65, 1, 1];
  const slice = [0, 0, 1, 0x41, 2, 2];
  const picture = { codec: 'h264', width: 64, height: 64, fps: 25 } as const;

  test('start codes of either length and trailing zeros are left out', () => {
    expect(splitAnnexB(Buffer.from([...sps, 0, 0, ...idr]))).toEqual([
      Buffer.from([0x67, 9, 9]),
      Buffer.from([0x65, 1, 1]),
    ]);
  });

  test('every keyframe carries its parameter sets, and what comes before the first is left out', () => {
    const stream = Buffer.from([...slice, ...sps, ...pps, ...idr, ...slice, ...idr]);
    const index = parseIndex(
      [
        '#tb 0: 1/25',
        '0, 0, 0, 1, 6, 0x0, F=0x0',
        '0, 1, 1, 1, 19, 0x0',
        '0, 2, 2, 1, 6, 0x0, F=0x0',
        '0, 3, 3, 1, 6, 0x0',
      ].join('\n'),
    );
    const { units, ticks } = clipFrom(picture, stream, index);
    expect(units.map(({ keyframe, dts, nals }) => [keyframe, dts, nals.map((nal) => nal[0])])).toEqual([
      [true, 0, [0x67, 0x68, 0x65]],
      [false, 3600, [0x41]],
      [true, 7200, [0x67, 0x68, 0x65]],
    ]);
    expect(ticks).toBe(10_800);
  });

  test('a stream without a keyframe is refused', () => {
    const index = parseIndex('#tb 0: 1/25\n0, 0, 0, 1, 6, 0x0, F=0x0');
    expect(() => clipFrom(picture, Buffer.from(slice), index)).toThrow('no keyframe');
  });
});
