import { expect, onTestFinished, test } from 'vitest';
import { type AgentFigures, type CameraFigures, Metrics } from './metrics.ts';
import { HealthServer } from './server.ts';

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
  freeSlots: 12,
};

async function started(): Promise<{ server: HealthServer; metrics: Metrics }> {
  const metrics = new Metrics(() => figures);
  const server = await HealthServer.start({ host: '127.0.0.1', port: 0, metrics, read: () => figures });
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
  });
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
      'roadwatch_outbox_depth 7',
      'roadwatch_inference_seconds_bucket{le="0.015"} 1',
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
  const second = HealthServer.start({ host: '127.0.0.1', port, metrics, read: () => figures });
  await expect(second).rejects.toThrow(`EADDRINUSE: address already in use 127.0.0.1:${port}`);
});
