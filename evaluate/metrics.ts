/** From the boxes of every picture to the figures that a model is judged by. */
import { DAMAGE_CLASSES, type DamageClass } from '@roadwatch/contract';
import { averagePrecision, matchPicture, type PictureOfClass } from './average-precision.ts';
import type { Truth } from './dataset.ts';

export interface PredictedBox extends Truth {
  readonly score: number;
}
export interface EvaluatedPicture {
  readonly truths: readonly Truth[];
  /** Every box down to a low score: for the precision-recall curve. */
  readonly all: readonly PredictedBox[];
  /** The boxes at the deployed thresholds. */
  readonly deployed: readonly PredictedBox[];
}

export interface Metrics {
  readonly mAP50: number;
  readonly mAP50_95: number;
  /** By class; null for one without a truth in the data. */
  readonly ap50: Readonly<Record<string, number | null>>;
  /** Over all classes, at the deployed thresholds, IoU 0.5; null when there was nothing to divide by. */
  readonly precision: number | null;
  readonly recall: number | null;
  /** Share of damage (not repairs) that a damage box of any class covers, at the deployed thresholds, by IoU. */
  readonly damageRecall: Readonly<Record<'0.3' | '0.5', number | null>>;
  /** Average precision at IoU 0.5 of damage as one class. */
  readonly damageAp50: number | null;
  /** Damage boxes at the deployed thresholds in pictures that show none, over the number of such pictures. */
  readonly falseBoxesPerEmptyPicture: number | null;
  readonly emptyPictures: number;
  readonly pictures: number;
}

const IOUS = Array.from({ length: 10 }, (_, step) => 0.5 + step * 0.05);
const alerting = new Set<DamageClass>(
  DAMAGE_CLASSES.filter((entry) => entry.alerts).map((entry) => entry.name),
);
const isDamage = (box: Truth): boolean => alerting.has(box.damageClass);

export function computeMetrics(
  pictures: readonly EvaluatedPicture[],
  classes: readonly DamageClass[],
): Metrics {
  const byClass = new Map(classes.map((name) => [name, pictures.map((picture) => ofClass(picture, name))]));
  const ap50 = Object.fromEntries([...byClass].map(([name, cases]) => [name, averagePrecision(cases, 0.5)]));
  const ap50To95 = [...byClass.values()].flatMap((cases) => IOUS.map((iou) => averagePrecision(cases, iou)));
  const deployed = pictures.flatMap((picture) =>
    classes.map((name) => matchPicture(ofClass(picture, name, 'deployed'), 0.5)),
  );
  const boxes = deployed.flatMap((match) => match.hits);
  const hits = boxes.filter((box) => box.hit).length;
  const empty = pictures.filter((picture) => picture.truths.length === 0);
  return {
    mAP50: mean(Object.values(ap50)) ?? 0,
    mAP50_95: mean(ap50To95) ?? 0,
    ap50,
    precision: ratio(hits, boxes.length),
    recall: ratio(hits, sum(deployed.map((match) => match.truths))),
    damageRecall: { '0.3': damageRecall(pictures, 0.3), '0.5': damageRecall(pictures, 0.5) },
    damageAp50: averagePrecision(
      pictures.map((picture) => anyDamage(picture, 'all')),
      0.5,
    ),
    falseBoxesPerEmptyPicture: ratio(
      sum(empty.map((picture) => picture.deployed.filter(isDamage).length)),
      empty.length,
    ),
    emptyPictures: empty.length,
    pictures: pictures.length,
  };
}

function damageRecall(pictures: readonly EvaluatedPicture[], iou: number): number | null {
  const matches = pictures.map((picture) => matchPicture(anyDamage(picture, 'deployed'), iou));
  const found = sum(matches.map((match) => match.hits.filter((box) => box.hit).length));
  return ratio(found, sum(matches.map((match) => match.truths)));
}

function ofClass(
  picture: EvaluatedPicture,
  name: DamageClass,
  which: 'all' | 'deployed' = 'all',
): PictureOfClass {
  return {
    predictions: picture[which].filter((box) => box.damageClass === name),
    truths: picture.truths.filter((truth) => truth.damageClass === name).map((truth) => truth.box),
  };
}

function anyDamage(picture: EvaluatedPicture, which: 'all' | 'deployed'): PictureOfClass {
  return {
    predictions: picture[which].filter(isDamage),
    truths: picture.truths.filter(isDamage).map((truth) => truth.box),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly (number | null)[]): number | null {
  const given = values.filter((value) => value !== null);
  return ratio(sum(given), given.length);
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
