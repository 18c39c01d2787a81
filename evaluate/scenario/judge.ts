/** What an agent published of a scenario, against what was true of it. */
import type { Detection } from '@roadwatch/contract';
import type { DamageTruth } from '@roadwatch/simulator';

type Box = readonly [x: number, y: number, width: number, height: number];

/** One camera's whole scenario: what was there, and what was said of it. */
export interface Played {
  readonly name: string;
  readonly seconds: number;
  /** Unix milliseconds of second 0. */
  readonly startedAtMs: number;
  truthAt(seconds: number): readonly DamageTruth[];
  readonly detections: readonly Detection[];
}

interface Found {
  readonly damage: string;
  readonly kind: string;
  readonly detection: Detection;
  readonly rightClass: boolean;
  /** Of the detection's box and the true one when its picture was taken. */
  readonly iou: number;
  /** From the first moment in which most of it could be seen until the agent was sure. */
  readonly secondsToVerify: number;
}

interface Missed {
  readonly damage: string;
  readonly kind: string;
  /** Seconds in which most of it could be seen. */
  readonly visibleSeconds: number;
}

export interface Judgement {
  readonly name: string;
  readonly seconds: number;
  readonly found: readonly Found[];
  readonly missed: readonly Missed[];
  readonly falseAlarms: readonly Detection[];
  /** Further detections of damage that was found already. */
  readonly doubled: number;
}

/** More than half of it has to be free. */
const VISIBLE = 0.5;
/**
 * Class-agnostic, as an operator judges: the boxes overlap by a third, or the middle of one lies in the other. Thin cracks
 * lead even good detectors to boxes of another extent.
 */
const MATCHING_IOU = 1 / 3;
const STEP_SECONDS = 0.2;

export function judge({ name, seconds, startedAtMs, truthAt, detections }: Played): Judgement {
  const present = timesOf(seconds, truthAt);
  const found = new Map<string, Found>();
  const falseAlarms: Detection[] = [];
  let doubled = 0;
  for (const detection of detections.filter(({ event }) => event === 'opened')) {
    const at = (Date.parse(detection.capturedAt) - startedAtMs) / 1000;
    const match = bestMatch(truthAt(at), detection.box);
    if (match === null) falseAlarms.push(detection);
    else if (found.has(match.truth.id)) doubled++;
    else {
      const { id, kind } = match.truth;
      const visibleFrom = present.get(id)?.visibleFrom ?? at;
      found.set(id, {
        damage: id,
        kind,
        detection,
        rightClass: detection.damageClass === kind,
        iou: match.iou,
        secondsToVerify: (Date.parse(detection.verifiedAt) - startedAtMs) / 1000 - visibleFrom,
      });
    }
  }
  const missed = [...present]
    .filter(([id, { visibleSeconds }]) => visibleSeconds > 0 && !found.has(id))
    .map(([damage, { kind, visibleSeconds }]) => ({ damage, kind, visibleSeconds }));
  return { name, seconds, found: [...found.values()], missed, falseAlarms, doubled };
}

interface Presence {
  readonly kind: string;
  visibleFrom: number | null;
  visibleSeconds: number;
}

function timesOf(seconds: number, truthAt: Played['truthAt']): Map<string, Presence> {
  const present = new Map<string, Presence>();
  for (let step = 0; step * STEP_SECONDS < seconds; step++) {
    const at = step * STEP_SECONDS;
    for (const { id, kind, visibility } of truthAt(at).filter(isDamage)) {
      const presence = present.get(id) ?? { kind, visibleFrom: null, visibleSeconds: 0 };
      present.set(id, presence);
      if (visibility <= VISIBLE) continue;
      presence.visibleFrom ??= at;
      presence.visibleSeconds += STEP_SECONDS;
    }
  }
  return present;
}

function bestMatch(truths: readonly DamageTruth[], box: Box): { truth: DamageTruth; iou: number } | null {
  let best: { truth: DamageTruth; iou: number } | null = null;
  for (const truth of truths.filter(isDamage)) {
    const iou = iouOf(truth.box, box);
    const matches = iou >= MATCHING_IOU || holdsMiddle(truth.box, box) || holdsMiddle(box, truth.box);
    if (matches && (best === null || iou > best.iou)) best = { truth, iou };
  }
  return best;
}

/** A patch is whole road: to call it damage is a false alarm. */
function isDamage({ kind }: DamageTruth): boolean {
  return kind !== 'repair';
}

function holdsMiddle([x, y, width, height]: Box, [otherX, otherY, otherWidth, otherHeight]: Box): boolean {
  const middleX = otherX + otherWidth / 2;
  const middleY = otherY + otherHeight / 2;
  return middleX >= x && middleX <= x + width && middleY >= y && middleY <= y + height;
}

function iouOf([ax, ay, aw, ah]: Box, [bx, by, bw, bh]: Box): number {
  const width = Math.min(ax + aw, bx + bw) - Math.max(ax, bx);
  const height = Math.min(ay + ah, by + bh) - Math.max(ay, by);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / (aw * ah + bw * bh - width * height);
}
