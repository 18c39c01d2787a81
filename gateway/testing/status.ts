/** What an agent says of itself and of a camera, as the wire has it. */
import {
  type AgentStatus,
  type CameraState,
  newId,
  sha256,
  timestamp,
  WIRE_VERSION,
} from '@roadwatch/contract';

export function sampleStatus(changes: Partial<AgentStatus> = {}): AgentStatus {
  const now = timestamp(Date.now());
  return {
    v: WIRE_VERSION,
    site: 'binjiang',
    agent: 'edge-1',
    state: 'online',
    bootId: newId(),
    at: now,
    startedAt: now,
    version: '0.1.0',
    model: { name: 'road-damage-nano', version: '1', sha256: sha256('model') },
    cameras: 1,
    outboxDepth: 0,
    ...changes,
  };
}

export function sampleCameraState(changes: Partial<CameraState> = {}): CameraState {
  const now = timestamp(Date.now());
  return {
    v: WIRE_VERSION,
    site: 'binjiang',
    agent: 'edge-1',
    camera: 'binsheng-road',
    name: { en: 'Binsheng Road', zh: '滨盛路' },
    state: 'streaming',
    since: now,
    at: now,
    lastFrameAt: now,
    lastFrameAgeMs: 40,
    fps: 1,
    drops: 0,
    ...changes,
  };
}
