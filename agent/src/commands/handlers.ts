/** What the gateway may ask of a camera, done. */

import { setTimeout as sleep } from 'node:timers/promises';
import { steadyMs } from '@roadwatch/common';
import type { BoxCommand, CameraCommand, UpdateCommand } from '@roadwatch/contract';
import type { MissingReason } from '@roadwatch/contract/codes';
import type { RoadUsers } from '../detect/road-users.ts';
import { type EvidenceMaker, TURN_WITHIN_MS } from '../evidence/evidence.ts';
import { EvidenceError } from '../evidence/still.ts';
import { chooseFeed } from '../live/choose-feed.ts';
import { LiveOverBudget, TooManyLiveViews } from '../live/live-sessions.ts';
import type { CameraPipeline } from '../pipeline/camera-pipeline.ts';
import { hasTurn } from '../ring/turn.ts';
import { noneOf } from '../uplink/detection-message.ts';
import { Inspection } from '../verify/inspection.ts';
import { type BoxSettingsParts, configureBox } from './box.ts';
import { CommandRefusal } from './command-refusal.ts';
import { type ConfigureParts, configure } from './configure.ts';
import { mustStream, SETTLED_MS } from './must-stream.ts';
import type { CommandHandler, CommandResult } from './receiver.ts';
import { lookAtScene } from './scene-look.ts';

const INSPECT_EXTRA_MS = 3_000;

export interface RequestOptions extends ConfigureParts {
  readonly watches: ReadonlyMap<string, CameraPipeline>;
  readonly evidence: EvidenceMaker;
  readonly boxSettings: BoxSettingsParts;
  readonly roadUsers: Pick<RoadUsers, 'find'>;
  burstSeconds(): number;
  readonly updates: { command(command: UpdateCommand): void };
  /** Whether the data budget of the day has room for one more such file. */
  allowsEvidence(kind: 'picture' | 'clip'): boolean;
  /** Whether the file is on its way now. */
  sendEvidence(command: Extract<CameraCommand, { kind: 'evidence.send' }>): 'sent' | 'gone' | 'over_budget';
  /** Why a live view is not pushed to an address; null when it may be. */
  liveRefusal(url: string): string | null;
}

export function handleCommand({
  watches,
  evidence,
  boxSettings,
  roadUsers,
  burstSeconds,
  updates,
  allowsEvidence,
  sendEvidence,
  liveRefusal,
  ...parts
}: RequestOptions): CommandHandler {
  const { lives } = parts;
  return async (command, signal) => {
    if (command.kind === 'update.offer' || command.kind === 'update.cancel') {
      updates.command(command);
      return {};
    }
    if (isAboutBox(command)) return configureBox(command, boxSettings);
    // Also of a camera that is not there any more.
    if (command.kind === 'evidence.send') {
      const outcome = sendEvidence(command);
      if (outcome === 'over_budget') throw overBudget(command.name);
      if (outcome === 'sent') return {};
      throw new CommandRefusal(
        'evidence_gone',
        `there is no ${command.name} of this detection here any more`,
      );
    }
    const watch = watches.get(command.camera);
    if (watch === undefined)
      throw new CommandRefusal(
        'agent_without_camera',
        `this agent has no camera ${JSON.stringify(command.camera)}`,
      );
    switch (command.kind) {
      case 'snapshot':
        if (!allowsEvidence('picture')) throw overBudget('a picture');
        return snapshot(watch, evidence);
      case 'inspect':
        return inspect(watch, command, {
          evidence,
          durationMs: burstSeconds() * 1000 + INSPECT_EXTRA_MS,
          allowsPictures: () => allowsEvidence('picture'),
          signal,
        });
      case 'scene.look':
        return lookAtScene(watch, command, {
          evidence,
          roadUsers,
          allowsPicture: () => allowsEvidence('picture'),
          signal,
        });
      case 'config':
        return configure(watch, command, parts);
      case 'live.start': {
        const refusal = liveRefusal(command.url);
        if (refusal !== null) throw new CommandRefusal('live_address_refused', refusal);
        mustStream(watch);
        const { session, plays = [] } = command;
        const live = await lives
          .start(session, watch.id, () => chooseFeed(watch, plays), command)
          .catch(liveFailed);
        return { live };
      }
      case 'live.stop':
        await lives.stop(command.session);
        return {};
    }
  };
}

function isAboutBox(command: BoxCommand | CameraCommand): command is BoxCommand {
  return command.kind === 'box.configure' || command.kind === 'box.confirm';
}

function liveFailed(error: Error): never {
  if (error instanceof TooManyLiveViews) throw new CommandRefusal('live_views_many', error.message);
  if (error instanceof LiveOverBudget) throw new CommandRefusal('live_over_budget', error.message);
  throw new CommandRefusal('live_failed', error.message);
}

async function snapshot(watch: CameraPipeline, evidence: EvidenceMaker): Promise<CommandResult> {
  return { evidence: [await evidence.still(mustStream(watch), steadyMs() - SETTLED_MS, 'asked')] };
}

interface Looking {
  readonly evidence: EvidenceMaker;
  readonly durationMs: number;
  /** Whether the data budget of the day has room for them. */
  allowsPictures(): boolean;
  readonly signal: AbortSignal;
}

/** What was seen is small and always told; of pictures that do not come it is said why. */
async function inspect(
  watch: CameraPipeline,
  command: Extract<CameraCommand, { kind: 'inspect' }>,
  { evidence, durationMs, allowsPictures, signal }: Looking,
): Promise<CommandResult> {
  const box = command.box as [number, number, number, number];
  const inspection = new Inspection({ box, damageClass: command.damageClass });
  const { ring } = watch.camera.recording;
  const leave = ring.follow('asked');
  try {
    await hasTurn(ring, TURN_WITHIN_MS.asked, signal);
    const end = watch.inspect(inspection);
    await sleep(durationMs, undefined, { signal }).catch(() => {});
    end();
  } finally {
    leave();
  }
  const { result } = inspection;
  const source = watch.evidenceSource();
  const atMs = inspection.lastAtMs;
  if (source === null || atMs === null) return { inspection: result };
  const mark = {
    box,
    damageClass: command.damageClass,
    ...(result.score > 0 ? { score: result.score } : {}),
  };
  if (!allowsPictures()) return { inspection: result, ...noPictures('over_budget') };
  return evidence.pictures(source, atMs, mark, 'asked').then(
    (files) => ({ inspection: result, evidence: files }),
    (error: Error) => ({
      inspection: result,
      ...noPictures(error instanceof EvidenceError ? error.reason : 'not_cut'),
    }),
  );
}

function noPictures(reason: MissingReason): Pick<CommandResult, 'missing'> {
  return { missing: noneOf(['still', 'overlay'], reason).missing };
}

function overBudget(what: string): CommandRefusal {
  return new CommandRefusal(
    'evidence_over_budget',
    `the data budget of the day (uplink.megabytesPerDay) has nothing left for ${what}; ask again after 00:00 UTC`,
  );
}
