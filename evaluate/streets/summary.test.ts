import { expect, test } from 'vitest';
import { sampleDetection } from '../../gateway/testing/agent.ts';
import type { PlayedStreet } from './play.ts';
import { summarizeStreets } from './summary.ts';

function played(name: string, seconds: number, alarms: number): PlayedStreet {
  const falseAlarms = Array.from({ length: alarms }, () => ({
    detection: sampleDetection({}),
    second: 1,
    picture: null,
  }));
  return { name, kind: 'clip', seconds, analysed: 100, closerLooks: 2, refused: 1, falseAlarms };
}

test('rates are of the camera time that was played, for each street and over all', () => {
  const { streets, all } = summarizeStreets(
    [played('crossing', 3600, 1), played('bridge', 1800, 0)],
    [
      { frames: 10, boxes: 5 },
      { frames: 30, boxes: 1 },
    ],
  );
  expect(streets.map(({ name, falseAlarmsPerCameraDay: rate }) => [name, rate])).toEqual([
    ['crossing', 24],
    ['bridge', 0],
  ]);
  expect(streets[0]).toMatchObject({ rawBoxesPerFrame: 0.5, falseAlarms: 1 });
  expect(all).toMatchObject({
    rawFrames: 40,
    rawBoxesPerFrame: 0.15,
    seconds: 5400,
    refused: 2,
    falseAlarms: 1,
  });
  expect(all.falseAlarmsPerCameraDay).toBeCloseTo(16, 6);
});

test('of what was not played there is no rate', () => {
  const { all } = summarizeStreets([played('crossing', 0, 0)], [{ frames: 0, boxes: 0 }]);
  expect(all).toMatchObject({ rawBoxesPerFrame: null, falseAlarmsPerCameraDay: null });
});
