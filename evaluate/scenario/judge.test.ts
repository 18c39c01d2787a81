import { expect, test } from 'vitest';
import { sampleDetection } from '../../gateway/testing/agent.ts';
import { judge, type Played } from './judge.ts';

const START = Date.parse('2026-11-23T08:00:00.000Z');
const HOLE = [0.4, 0.6, 0.1, 0.1] as const;

/** A pothole from second 10 to 40, hidden from 10 to 12, then patched. */
function played(...detections: Played['detections']): Played {
  return {
    name: 'a-street',
    seconds: 60,
    startedAtMs: START,
    truthAt: (at) => {
      if (at < 10) return [];
      if (at >= 40) return [{ id: 'patch', kind: 'repair', box: HOLE, visibility: 1 }];
      return [{ id: 'hole', kind: 'pothole', box: HOLE, visibility: at < 12 ? 0.2 : 1 }];
    },
    detections,
  };
}

function detection(second: number, box: readonly [number, number, number, number], changes = {}) {
  const at = new Date(START + second * 1000).toISOString();
  return sampleDetection({ capturedAt: at, verifiedAt: at, box: [...box], ...changes });
}

test('damage found: its class, its box, and the time since it could be seen', () => {
  const { found, missed, falseAlarms } = judge(played(detection(17, [0.41, 0.6, 0.1, 0.1])));
  expect(found).toMatchObject([{ damage: 'hole', kind: 'pothole', rightClass: true }]);
  expect(found[0]?.iou).toBeCloseTo(0.09 / 0.11, 5);
  expect(found[0]?.secondsToVerify).toBeCloseTo(5, 1);
  expect([missed, falseAlarms]).toEqual([[], []]);
});

test('damage missed: how long it could be seen', () => {
  const { missed } = judge(played());
  expect(missed).toMatchObject([{ damage: 'hole', kind: 'pothole' }]);
  expect(missed[0]?.visibleSeconds).toBeCloseTo(28, 0);
});

test.each([
  ['elsewhere', detection(20, [0.1, 0.1, 0.1, 0.1])],
  ['before there was any', detection(5, HOLE)],
  ['on the patch', detection(50, HOLE)],
])('a detection %s is a false alarm', (_, alarm) => {
  expect(judge(played(alarm)).falseAlarms).toEqual([alarm]);
});

test('the same damage once more is doubled, not false; an update is neither', () => {
  const again = judge(
    played(detection(17, HOLE), detection(30, HOLE), detection(31, HOLE, { event: 'updated' })),
  );
  expect(again).toMatchObject({ doubled: 1, falseAlarms: [] });
  expect(again.found).toHaveLength(1);
});

test('a box of another extent around the same middle still finds it; another class is said', () => {
  const wide = detection(20, [0.2, 0.62, 0.5, 0.05], { damageClass: 'transverse_crack' });
  expect(judge(played(wide)).found).toMatchObject([{ damage: 'hole', rightClass: false }]);
});

test('damage within the extent of what was found beside it is found with it, when that is told', () => {
  const beside = { id: 'beside', kind: 'pothole', box: [0.52, 0.6, 0.1, 0.1], visibility: 1 } as const;
  const field = (...detections: Played['detections']): Played => {
    const alone = played(...detections);
    return { ...alone, truthAt: (at) => (at < 10 ? [] : [...alone.truthAt(at), beside]) };
  };
  const opened = detection(17, HOLE);
  expect(judge(field(opened)).missed.map(({ damage }) => damage)).toEqual(['beside']);
  const at = new Date(START + 30_000).toISOString();
  const extent = { event: 'updated', publishedAt: at, verifiedAt: opened.verifiedAt } as const;
  const { found, missed } = judge(field(opened, detection(28, [0.4, 0.6, 0.22, 0.1], extent)));
  expect(found.map(({ damage, secondsToVerify }) => [damage, Math.round(secondsToVerify)])).toEqual([
    ['hole', 5],
    ['beside', 20],
  ]);
  expect(missed).toEqual([]);
});
