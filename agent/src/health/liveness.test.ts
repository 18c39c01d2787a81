import { expect, test } from 'vitest';
import { liveness } from './liveness.ts';
import type { AgentFigures, CameraFigures } from './metrics.ts';

const camera: CameraFigures = {
  ...{ camera: 'camera-1', lastFrameAgeSeconds: 1, staleSeconds: 1, fps: 1, drops: 0, analysed: 1 },
  ...{
    skipped: 0,
    restarts: 0,
    decodeErrors: 0,
    closerLooks: 0,
    refused: 0,
    knownDamage: 0,
    streaming: true,
  },
};
const figures: AgentFigures = {
  ...{ cameras: [camera, { ...camera, camera: 'camera-2', streaming: false }], outboxDepth: 3 },
  ...{ outboxBytes: 0, outboxEvicted: 0, deadLetters: 0, refused: 0, brokerConnected: true, freeSlots: 1 },
  ...{ lookEverySeconds: 2, lookLateSeconds: 0, fullStreams: 0, fullStreamsWaiting: 0 },
  reloads: { applied: 0, refused: 0, isCurrent: true },
  machine: { load: 0, processors: 1, memory: { freeBytes: 1, totalBytes: 1 }, disks: [] },
  uplink: {
    bytesPerSecond: null,
    waitingBytes: 0,
    sentBytes: 0,
    resentBytes: 0,
    dayBytes: 0,
    dayBudgetBytes: null,
  },
  inference: { provider: 'cpu', threads: 1 },
};
const away: AgentFigures = { ...figures, cameras: [], outboxDepth: 0, brokerConnected: false };

test.each([
  ['all goes on', figures, 5_000, '1 of 2 cameras stream, broker connected, 3 messages wait', null],
  ['everything else is away', away, 0, '0 of 0 cameras stream, broker not connected', null],
  [
    'the model hangs',
    figures,
    61_500,
    '1 of 2 cameras stream, broker connected, 3 messages wait',
    'a picture has waited for 61 s to be analysed',
  ],
])(
  'an agent is stuck when what it sees is not looked at, and then only: %s',
  (_, of, waitMs, status, stuck) => {
    expect(liveness(of, waitMs)).toEqual({ status, stuck });
  },
);
