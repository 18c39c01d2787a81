/** What the gateway may ask of a camera, done. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from '@roadwatch/contract';
import type { EvidenceMaker } from './evidence/evidence.ts';
import type { LiveSessions } from './live/live-sessions.ts';
import type { CommandHandler, CommandResult } from './uplink/commands.ts';
import type { CameraWatch } from './watch/camera-watch.ts';
import { Inspection } from './watch/inspection.ts';

/** A still is cut from a moment that is on disk for certain. */
const SETTLED_MS = 500;
const INSPECT_EXTRA_MS = 3_000;

export interface RequestOptions {
  readonly watches: ReadonlyMap<string, CameraWatch>;
  readonly evidence: EvidenceMaker;
  readonly lives: LiveSessions;
  readonly burstSeconds: number;
  /** Why a live view is not pushed to an address; null when it may be. */
  liveRefusal(url: string): string | null;
}

export function handleCommand({
  watches,
  evidence,
  lives,
  burstSeconds,
  liveRefusal,
}: RequestOptions): CommandHandler {
  return async (command, signal) => {
    const watch = watches.get(command.camera);
    if (watch === undefined) throw new Error(`this agent has no camera ${JSON.stringify(command.camera)}`);
    switch (command.kind) {
      case 'snapshot':
        return snapshot(watch, evidence);
      case 'inspect':
        return inspect(watch, command, evidence, burstSeconds * 1000 + INSPECT_EXTRA_MS, signal);
      case 'config':
        watch.setRegion({
          ...(command.road === undefined ? {} : { road: command.road }),
          ...(command.masks === undefined ? {} : { masks: command.masks }),
        });
        return {};
      case 'live.start': {
        const refusal = liveRefusal(command.url);
        if (refusal !== null) throw new Error(refusal);
        await lives.start(command.session, watch.id, watch.pictureSource(), command);
        return {};
      }
      case 'live.stop':
        await lives.stop(command.session);
        return {};
    }
  };
}

async function snapshot(watch: CameraWatch, evidence: EvidenceMaker): Promise<CommandResult> {
  const source = watch.evidenceSource();
  const { status } = watch;
  if (source === null || status.connection !== 'streaming') {
    throw new Error(`the camera does not stream: ${status.reason ?? status.connection}`);
  }
  return { evidence: await evidence.pictures(source, Date.now() - SETTLED_MS, null) };
}

async function inspect(
  watch: CameraWatch,
  command: Extract<Command, { kind: 'inspect' }>,
  evidence: EvidenceMaker,
  durationMs: number,
  signal: AbortSignal,
): Promise<CommandResult> {
  const box = command.box as [number, number, number, number];
  const inspection = new Inspection({ box, damageClass: command.damageClass });
  const end = watch.inspect(inspection);
  await sleep(durationMs, undefined, { signal }).catch(() => {});
  end();
  const { result } = inspection;
  const source = watch.evidenceSource();
  const atMs = inspection.lastAtMs;
  if (source === null || atMs === null) return { inspection: result };
  const mark = {
    box,
    damageClass: command.damageClass,
    ...(result.score > 0 ? { score: result.score } : {}),
  };
  return { inspection: result, evidence: await evidence.pictures(source, atMs, mark).catch(() => []) };
}
