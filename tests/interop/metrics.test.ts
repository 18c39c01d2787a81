/** What the agent and the gateway tell a monitoring system, read as Prometheus reads it. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { Metrics } from '../../agent/src/health/metrics.ts';
import { testGateway } from '../../gateway/testing/gateway.ts';
import { metricProblems } from '../support/metrics.ts';

const CAMERA = {
  camera: 'camera-1',
  lastFrameAgeSeconds: 1.5,
  staleSeconds: 2.5,
  fps: 0.5,
  drops: 3,
  analysed: 4,
  skipped: 5,
  restarts: 1,
  decodeErrors: 0,
  closerLooks: 2,
  knownDamage: 1,
  streaming: true,
};

async function ofAgent(): Promise<string> {
  const uplink = { bytesPerSecond: 20_000, waitingBytes: 6_500, sentBytes: 9_000, resentBytes: 500 };
  const counts = { outboxDepth: 7, outboxBytes: 7_000, outboxEvicted: 2, deadLetters: 1, refused: 1 };
  const metrics = new Metrics(() => ({
    cameras: [CAMERA],
    ...counts,
    brokerConnected: true,
    uplink,
    freeSlots: 12,
  }));
  try {
    metrics.observeInference(12);
    // Read twice: what was there the first time must not be added to.
    await metrics.text();
    return await metrics.text();
  } finally {
    metrics.close();
  }
}

async function ofGateway(): Promise<string> {
  const gateway = await testGateway();
  return (await fetch(new URL('/metrics', gateway.url))).text();
}

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
