/** What /metrics of an agent and of a gateway say. */
import { Metrics } from '../../../agent/src/health/metrics.ts';
import { testGateway } from '../../../gateway/testing/gateway.ts';

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
  refused: 0,
  knownDamage: 1,
  streaming: true,
};

export async function ofAgent(): Promise<string> {
  const uplink = {
    bytesPerSecond: 20_000,
    waitingBytes: 6_500,
    sentBytes: 9_000,
    resentBytes: 500,
    dayBytes: 0,
    dayBudgetBytes: null,
  };
  const counts = { outboxDepth: 7, outboxBytes: 7_000, outboxEvicted: 2, deadLetters: 1, refused: 1 };
  const metrics = new Metrics(() => ({
    cameras: [CAMERA],
    ...counts,
    brokerConnected: true,
    uplink,
    freeSlots: 12,
    lookEverySeconds: 2,
    fullStreams: 16,
    fullStreamsWaiting: 3,
    lookLateSeconds: 0,
    reloads: { applied: 2, refused: 1, isCurrent: true },
    // One that tells nothing of its temperature.
    machine: {
      ...{ load: 3.5, processors: 4, memory: { freeBytes: 1e9, totalBytes: 8e9 } },
      disks: [{ what: 'data', freeBytes: 2e9, totalBytes: 3e10 }],
    },
    inference: { provider: 'cpu', threads: 1 },
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

export async function ofGateway(): Promise<string> {
  const gateway = await testGateway();
  return (await fetch(new URL('/metrics', gateway.url))).text();
}
