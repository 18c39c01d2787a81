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
/** Of what is told with others that much lies within their extent. */
const TOLD = 0.5;
const STEP_SECONDS = 0.2;

export function judge({ name, seconds, startedAtMs, truthAt, detections }: Played): Judgement {
  const present = timesOf(seconds, truthAt);
  const found = new Map<string, Found>();
  const falseAlarms: Detection[] = [];
  let doubled = 0;
  const secondOf = (time: string): number => (Date.parse(time) - startedAtMs) / 1000;
  const find = ({ id, kind, box }: DamageTruth, detection: Detection, toldAt: number): void => {
    const visibleFrom = present.get(id)?.visibleFrom ?? secondOf(detection.capturedAt);
    found.set(id, {
      damage: id,
      kind,
      detection,
      rightClass: detection.damageClass === kind,
      iou: iouOf(box, detection.box),
      secondsToVerify: toldAt - visibleFrom,
    });
  };
  for (const detection of detections.filter(({ event }) => event === 'opened')) {
    const match = bestMatch(truthAt(secondOf(detection.capturedAt)), detection.box);
    if (match === null) falseAlarms.push(detection);
    else if (found.has(match.id)) doubled++;
    else find(match, detection, secondOf(detection.verifiedAt));
  }
  // Damage beside each other is told as one, whose extent may come in a later message.
  for (const detection of detections.filter(({ event }) => event !== 'cleared')) {
    for (const truth of truthAt(secondOf(detection.capturedAt)).filter(isDamage)) {
      const isTold = !found.has(truth.id) && insideShare(truth.box, detection.box) >= TOLD;
      if (isTold) find(truth, detection, secondOf(detection.publishedAt));
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

function bestMatch(truths: readonly DamageTruth[], box: Box): DamageTruth | null {
  const matches = truths.filter(
    (truth) =>
      isDamage(truth) &&
      (iouOf(truth.box, box) >= MATCHING_IOU || holdsMiddle(truth.box, box) || holdsMiddle(box, truth.box)),
  );
  return matches.toSorted((a, b) => iouOf(b.box, box) - iouOf(a.box, box))[0] ?? null;
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

function iouOf(a: Box, b: Box): number {
  const both = overlapOf(a, b);
  return both / (a[2] * a[3] + b[2] * b[3] - both);
}

/** Share of a box that lies inside another. */
function insideShare(box: Box, other: Box): number {
  return overlapOf(box, other) / (box[2] * box[3]);
}

function overlapOf([ax, ay, aw, ah]: Box, [bx, by, bw, bh]: Box): number {
  const width = Math.min(ax + aw, bx + bw) - Math.max(ax, bx);
  const height = Math.min(ay + ah, by + bh) - Math.max(ay, by);
  return width <= 0 || height <= 0 ? 0 : width * height;
}
