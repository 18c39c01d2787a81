import { AgentStatus } from '@roadwatch/contract';
import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { writeTestModel } from '../../../tests/support/model.ts';
import { alertThresholds, loadModel, toFrame } from './model.ts';

test('a box that reaches into the padding ends at the edge of the picture; one that lies in it is none', () => {
  const content = { width: 640, height: 320 };
  expect(toFrame({ x1: 0, y1: 160, x2: 320, y2: 384, score: 1, classIndex: 0 }, content)).toEqual([
    0, 0.5, 0.5, 0.5,
  ]);
  expect(toFrame({ x1: 0, y1: 330, x2: 320, y2: 384, score: 1, classIndex: 0 }, content)).toBeNull();
});

test('a manifest that makes alerts of repairs does not make the status one that no gateway takes', async () => {
  const folder = await writeTestModel({
    kind: 'boxes',
    outputShape: [1, 1, 6],
    answer: [0, 0, 1, 1, 1, 0],
    change: ({ classes }) => {
      for (const entry of classes as { alert: boolean }[]) entry.alert = true;
    },
  });
  const thresholds = alertThresholds(await loadModel(folder));
  expect(thresholds).toEqual({ pothole: 0.5 });
  expect(Value.Check(AgentStatus.properties.thresholds, thresholds)).toBe(true);
});
