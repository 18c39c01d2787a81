import { expect, onTestFinished, test } from 'vitest';
import { type AgentFigures, type CameraFigures, Metrics } from './metrics.ts';
import { type Readiness, readiness } from './readiness.ts';
import { HealthServer } from './server.ts';
import { HealthVerdict, type Verdict } from './verdict.ts';

const camera: CameraFigures = {
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
  refused: 4,
  knownDamage: 1,
  streaming: true,
};
const figures: AgentFigures = {
  cameras: [
    camera,
    { ...camera, camera: 'camera-2', lastFrameAgeSeconds: null, staleSeconds: null, streaming: false },
  ],
  outboxDepth: 7,
  outboxBytes: 7_000,
  outboxEvicted: 0,
  deadLetters: 1,
  refused: 1,
  brokerConnected: false,
  uplink: {
    bytesPerSecond: 20_000,
    waitingBytes: 6_500,
    sentBytes: 9_000,
    resentBytes: 500,
    dayBytes: 0,
    dayBudgetBytes: null,
  },
  freeSlots: 12,
  lookEverySeconds: 2,
  fullStreams: 16,
  fullStreamsWaiting: 3,
  lookLateSeconds: 0,
  reloads: { applied: 2, refused: 1, isCurrent: true },
  machine: {
    ...{ temperatureCelsius: 61.5, throttled: true, clockShare: 0.5, busyShare: 0.8, load: 3.5 },
    processors: 4,
    memory: { freeBytes: 1e9, totalBytes: 8e9 },
    disks: [{ what: 'data', freeBytes: 2e9, totalBytes: 3e10 }],
  },
  inference: { provider: 'cpu', threads: 2 },
};

const well: Verdict = { status: 'ok', troubles: [] };

const ready: Readiness = { ready: true, reasons: [] };

async function started(
  verdict = well,
  progress = ready,
): Promise<{ server: HealthServer; metrics: Metrics }> {
  const metrics = new Metrics(() => figures);
  const [read, judge] = [() => figures, () => verdict];
  const server = await HealthServer.start({
    host: '127.0.0.1',
    port: 0,
    metrics,
    read,
    judge,
    readiness: () => progress,
    tell: () => ({}),
  });
  onTestFinished(async () => {
    await server.stop();
    metrics.close();
  });
  return { server, metrics };
}

test('/healthz tells how many cameras stream and what waits to be sent', async () => {
  const { server } = await started();
  const response = await fetch(`${server.url}/healthz`);
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({
    status: 'ok',
    cameras: 2,
    streaming: 1,
    brokerConnected: false,
    outboxDepth: 7,
    uplink: { bytesPerSecond: 20_000, waitingBytes: 6_500 },
    troubles: [],
  });
});

test('/healthz is 503 with the reasons while something is wrong with the box', async () => {
  const trouble = {
    code: 'disk_full',
    detail: 'the disk of /data is full',
    since: '2026-01-01T00:00:00.000Z',
  };
  const { server } = await started({ status: 'degraded', troubles: [trouble] });
  const response = await fetch(`${server.url}/healthz`);
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ status: 'degraded', cameras: 2, troubles: [trouble] });
});

test('/readyz is 503 with the reasons until the agent does its work', async () => {
  const { server } = await started();
  const response = await fetch(`${server.url}/readyz`);
  expect([response.status, await response.json()]).toEqual([200, { ready: true, reasons: [] }]);
  const waits = readiness({ stage: 'started', isModelLoaded: true, cameras: 1, streaming: 0 });
  const other = await started(well, waits);
  const refused = await fetch(`${other.server.url}/readyz`);
  expect([refused.status, await refused.json()]).toEqual([503, waits]);
});

test('no camera that streams, for longer than a line takes to begin anew, is not well', () => {
  const box = new HealthVerdict(0);
  const codes = (now: number) => box.judge(2, [], now).troubles.map(({ code }) => code);
  expect(codes(29_000)).toEqual([]);
  expect(codes(30_000)).toEqual(['no_camera_streams']);
  box.note(1, 31_000);
  expect([codes(31_000), codes(500_000)]).toEqual([[], []]);
  box.note(0, 500_000);
  box.note(0, 520_000);
  expect([codes(529_000), codes(530_000)]).toEqual([[], ['no_camera_streams']]);
  expect(new HealthVerdict(0).judge(0, [], 99_000).status).toBe('ok');
});

test('a memory that was begun anew is told and is no reason to wake anybody', () => {
  const trouble = (code: string) => ({ code, detail: 'x', since: '2026-01-01T00:00:00.000Z' });
  const judge = (...codes: string[]) => new HealthVerdict(0).judge(1, codes.map(trouble), 0);
  expect(judge('store_replaced')).toEqual({ status: 'ok', troubles: [trouble('store_replaced')] });
  expect(judge('store_replaced', 'ring_in_memory').status).toBe('degraded');
});

test('/metrics is in the text format of Prometheus, a line for each camera, none for what is not known', async () => {
  const { server, metrics } = await started();
  metrics.observeInference(12);
  const response = await fetch(`${server.url}/metrics`);
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  const lines = (await response.text()).split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      'roadwatch_camera_stale_seconds{camera="camera-1"} 2.5',
      'roadwatch_camera_streaming{camera="camera-2"} 0',
      'roadwatch_camera_drops_total{camera="camera-1"} 3',
      'roadwatch_camera_candidates_refused_total{camera="camera-1",reason="road_user"} 4',
      'roadwatch_outbox_depth 7',
      'roadwatch_machine_temperature_celsius 61.5',
      'roadwatch_machine_throttled 1',
      'roadwatch_machine_disk_free_bytes{what="data"} 2000000000',
      'roadwatch_inference_seconds_bucket{le="0.015"} 1',
      'roadwatch_inference_info{provider="cpu",threads="2"} 1',
    ]),
  );
  expect(lines.filter((line) => line.startsWith('roadwatch_camera_stale_seconds{'))).toHaveLength(1);
  expect(lines.some((line) => line.startsWith('roadwatch_event_loop_delay_p99_seconds '))).toBe(true);
});

test.each([
  ['POST', '/healthz', 405],
  ['GET', '/', 404],
  ['GET', '/../etc/passwd', 404],
])('%s %s is answered with %i', async (method, path, status) => {
  const { server } = await started();
  expect((await fetch(`${server.url}${path}`, { method })).status).toBe(status);
});

test('a port that is taken is an error that names it', async () => {
  const { server, metrics } = await started();
  const port = Number(new URL(server.url).port);
  const second = HealthServer.start({
    ...{ host: '127.0.0.1', port, metrics },
    ...{ read: () => figures, judge: () => well, readiness: () => ready, tell: () => ({}) },
  });
  await expect(second).rejects.toThrow(`EADDRINUSE: address already in use 127.0.0.1:${port}`);
});
