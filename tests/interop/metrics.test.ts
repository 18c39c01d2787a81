/** What the agent and the gateway tell a monitoring system, read as Prometheus reads it. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { metricProblems } from '../support/metrics.ts';
import { ofAgent, ofGateway } from './support/metrics-text.ts';

test.each([
  ['agent', ofAgent],
  ['gateway', ofGateway],
])('what only grows is a counter and ends in _total, in base units, with a help: %s', async (_name, read) => {
  const text = await read();
  expect(metricProblems(text)).toEqual([]);
  // Debian's package prometheus brings it.
  const promtool = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
  if (promtool.error === undefined) expect(promtool.stderr + promtool.stdout).toBe('');
});

test('a count is what it is, however often it is read', async () => {
  const lines = (await ofAgent()).split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      '# TYPE roadwatch_camera_drops_total counter',
      'roadwatch_camera_drops_total{camera="camera-1"} 3',
      'roadwatch_outbox_evicted_total 2',
      '# TYPE roadwatch_outbox_depth gauge',
      'roadwatch_outbox_depth 7',
    ]),
  );
});
