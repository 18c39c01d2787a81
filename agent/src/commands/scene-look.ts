/**
 * Whether something new stands at the place of a damage, such as the lorry of a crew: by a few full-resolution pictures, seconds apart,
 * and the model of road users. A hint for who looks at the scene, with the picture that it was read from; nothing follows from it here.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { steadyMs } from '@roadwatch/common';
import type { CameraCommand, NormalizedBox, SceneReport } from '@roadwatch/contract';
import type { SceneUnclearCode } from '@roadwatch/contract/codes';
import type { RoadUser, RoadUsers } from '../detect/road-users.ts';
import type { EvidenceFile, EvidenceMaker, EvidenceSource } from '../evidence/evidence.ts';
import type { SceneFault } from '../gate/scene-health.ts';
import type { CameraPipeline } from '../pipeline/camera-pipeline.ts';
import { usersInPicture } from '../pipeline/users-in-picture.ts';
import { noneOf } from '../uplink/detection-message.ts';
import { standingAt } from '../verify/standing.ts';
import { mustStream, SETTLED_MS } from './must-stream.ts';
import type { CommandResult } from './receiver.ts';

export interface SceneParts {
  readonly evidence: Pick<EvidenceMaker, 'still'>;
  readonly roadUsers: Pick<RoadUsers, 'find'>;
  /** Whether the data budget of the day has room for one. */
  allowsPicture(): boolean;
  readonly signal: AbortSignal;
}

const PICTURES = 3;
/** What drives past is elsewhere by then. */
const GAP_MS = 3_000;
/** Why a picture shows nothing of the place, whatever is found in it. */
const BLIND: ReadonlySet<SceneFault> = new Set(['covered', 'frozen', 'moved', 'placeholder']);

/** Throws CommandRefusal when the camera does not stream, EvidenceError when not even one picture could be cut. */
export async function lookAtScene(
  watch: CameraPipeline,
  { detection, box }: Extract<CameraCommand, { kind: 'scene.look' }>,
  { evidence, roadUsers, allowsPicture, signal }: SceneParts,
): Promise<CommandResult> {
  const source = mustStream(watch);
  const leave = source.recording.ring.follow('asked');
  try {
    const isBlind = blindness(watch, detection, box) !== null;
    const stills = await takePictures(source, isBlind ? 1 : PICTURES, evidence, signal);
    const picture = stills.at(-1) as EvidenceFile;
    const found: (readonly RoadUser[] | null)[] = [];
    if (!isBlind) for (const still of stills) found.push(await usersInPicture(still, box, roadUsers));
    const opening = watch.known.get(detection)?.around ?? null;
    const answers = found.filter((users) => users !== null);
    // Asked again: the camera may have been turned, or covered, since.
    const blind = blindness(watch, detection, box);
    const standing = blind === null && answers.length > 1 ? standingAt(box, answers, opening) : [];
    const isNew = standing.some((thing) => thing.isNew);
    const code = blind ?? (isNew ? null : doubt(watch, stills, answers));
    const scene: SceneReport = {
      result: code !== null ? 'unclear' : isNew ? 'new' : 'nothing_new',
      ...(code === null ? {} : { code }),
      pictures: answers.length,
      comparesOpening: opening !== null,
      standing: [...standing],
    };
    return allowsPicture()
      ? { scene, evidence: [picture] }
      : { scene, missing: noneOf(['still'], 'over_budget').missing };
  } finally {
    leave();
  }
}

function blindness(watch: CameraPipeline, detection: string, box: NormalizedBox): SceneUnclearCode | null {
  const { fault } = watch.status;
  if (fault !== null && BLIND.has(fault)) return `scene_${fault}`;
  if (!watch.isInView(detection)) return 'scene_moved';
  return watch.isMasked(box) ? 'scene_masked' : null;
}

/** Why it does not follow that nothing is there from that nothing was found. */
function doubt(
  watch: CameraPipeline,
  stills: readonly EvidenceFile[],
  answers: readonly (readonly RoadUser[])[],
): SceneUnclearCode | null {
  const { fault } = watch.status;
  if (stills.length < 2) return 'scene_picture_single';
  if (answers.length < 2) return 'scene_model_away';
  return fault === null ? null : `scene_${fault}`;
}

/** One at least, each of another moment, the newest last. Throws EvidenceError when the first cannot be cut. */
async function takePictures(
  source: EvidenceSource,
  wanted: number,
  evidence: SceneParts['evidence'],
  signal: AbortSignal,
): Promise<readonly EvidenceFile[]> {
  const cut = (): Promise<EvidenceFile> => evidence.still(source, steadyMs() - SETTLED_MS, 'asked');
  const stills = [await cut()];
  for (let taken = 1; taken < wanted; taken++) {
    await sleep(GAP_MS, undefined, { signal });
    const still = await cut().catch(() => null);
    // Where the newest moment cannot be cut, the nearest one is.
    if (still !== null && stills.every(({ ref }) => ref.capturedAt !== still.ref.capturedAt))
      stills.push(still);
  }
  return stills;
}
