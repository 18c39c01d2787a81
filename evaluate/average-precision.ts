/**
 * Matching and average precision as COCO defines them (cocodataset/cocoapi, PythonAPI/pycocotools/cocoeval.py): per class and
 * picture, predictions by falling score each take the free truth with the highest IoU at or above the threshold; precision is
 * made monotone and read at 101 recalls from 0 to 1. Areas, crowds and ignored truths are not used: the labels have none.
 */
import { intersectionOverUnion, type NormalizedBox } from '@roadwatch/contract';

/** COCO looks at the 100 best boxes of a picture and class. */
const MAX_PREDICTIONS = 100;
const RECALLS = Array.from({ length: 101 }, (_, step) => step / 100);

interface Prediction {
  readonly score: number;
  readonly box: NormalizedBox;
}
/** One class's predictions and truths in one picture. */
export interface PictureOfClass {
  readonly predictions: readonly Prediction[];
  readonly truths: readonly NormalizedBox[];
}
export interface Matches {
  /** One entry a prediction, by falling score: whether it found a truth. */
  readonly hits: readonly { readonly score: number; readonly hit: boolean }[];
  readonly truths: number;
}

export function matchPicture({ predictions, truths }: PictureOfClass, iou: number): Matches {
  const best = predictions.toSorted((a, b) => b.score - a.score).slice(0, MAX_PREDICTIONS);
  const taken = new Set<number>();
  const hits = best.map(({ score, box }) => {
    let chosen = -1;
    let highest = Math.min(iou, 1 - 1e-10);
    for (const [index, truth] of truths.entries()) {
      const overlap = taken.has(index) ? -1 : intersectionOverUnion(box, truth);
      if (overlap >= highest) {
        highest = overlap;
        chosen = index;
      }
    }
    if (chosen >= 0) taken.add(chosen);
    return { score, hit: chosen >= 0 };
  });
  return { hits, truths: truths.length };
}

/** 0 to 1; null when there is nothing to find, as COCO leaves such a class out of the mean. */
export function averagePrecision(pictures: readonly PictureOfClass[], iou: number): number | null {
  const matches = pictures.map((picture) => matchPicture(picture, iou));
  const truths = matches.reduce((sum, match) => sum + match.truths, 0);
  if (truths === 0) return null;
  const hits = matches.flatMap((match) => match.hits).sort((a, b) => b.score - a.score);
  let found = 0;
  const curve = hits.map(({ hit }, index) => {
    if (hit) found++;
    return { recall: found / truths, precision: found / (index + 1) };
  });
  for (let index = curve.length - 2; index >= 0; index--) {
    const [here, after] = [curve[index] as { precision: number }, curve[index + 1] as { precision: number }];
    here.precision = Math.max(here.precision, after.precision);
  }
  const sum = RECALLS.reduce(
    (total, recall) => total + (curve.find((point) => point.recall >= recall)?.precision ?? 0),
    0,
  );
  return sum / RECALLS.length;
}
