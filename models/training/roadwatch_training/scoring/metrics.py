"""
Matching and average precision as COCO defines them (cocodataset/cocoapi, PythonAPI/pycocotools/cocoeval.py):
predictions by falling score each take the free truth with the highest IoU at or above the threshold;
precision is made monotone and read at 101 recalls from 0 to 1.
"""

from dataclasses import dataclass

import numpy as np
import torch

from ..data.classes import NAMES
from ..network.boxes import pairwise_iou

MAX_PREDICTIONS = 100
RECALLS = np.linspace(0, 1, 101)


@dataclass(frozen=True)
class PictureResult:
    """
    One picture. `predictions` `[N, 6]` of class, score, box; `truths` `[M, 5]` of class, box; boxes as
    fractions of the picture.
    """

    name: str
    source: str
    predictions: np.ndarray
    truths: np.ndarray


@dataclass(frozen=True)
class Curve:
    """
    One class over all pictures: scores by falling order, whether each found a truth, and how many truths
    there are.
    """

    scores: np.ndarray
    hits: np.ndarray
    truths: int

    def at(self, threshold: float) -> tuple[float, float]:
        """Precision and recall; precision is 1 when nothing is found."""
        count = int((self.scores >= threshold).sum())
        right = int(self.hits[:count].sum())
        return right / count if count else 1.0, right / self.truths if self.truths else 0.0


def match(
    found: np.ndarray, truths: np.ndarray, iou: float, counted: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """
    One class in one picture: scores and hits of its best predictions, `found` `[N, 5]` of score and box,
    `truths` `[M, 4]`. A prediction that takes a truth that is not `counted` `[M]` is left out, as COCO
    ignores truths outside the size range it looks at.
    """
    order = np.argsort(-found[:, 0], kind="stable")[:MAX_PREDICTIONS]
    found = found[order]
    overlaps = pairwise_iou(torch.from_numpy(found[:, 1:]), torch.from_numpy(truths)).numpy().copy()
    wanted = np.ones(len(truths), bool) if counted is None else counted
    hits = np.zeros(len(found), bool)
    left_out = np.zeros(len(found), bool)
    for row, overlap in enumerate(overlaps):
        # Counted truths first, as COCO does: an ignored one is taken only when no counted one fits.
        for group in (wanted, ~wanted):
            fitting = np.where(group, overlap, -1)
            best = int(fitting.argmax()) if len(fitting) else 0
            if len(fitting) and fitting[best] >= iou - 1e-9:
                overlaps[row + 1 :, best] = -1
                hits[row], left_out[row] = group is wanted, group is not wanted
                break
    return found[~left_out, 0], hits[~left_out]


def curve(
    results: list[PictureResult], index: int, iou: float, counted: list[np.ndarray] | None = None
) -> Curve:
    """One class of all pictures. `counted`: for each picture, which of its truths are looked for."""
    pairs, truths = [], 0
    for number, picture in enumerate(results):
        own = picture.truths[:, 0] == index
        wanted = np.ones(own.sum(), bool) if counted is None else counted[number][own]
        found = picture.predictions[picture.predictions[:, 0] == index, 1:]
        pairs.append(match(found, truths_of(picture, index), iou, wanted))
        truths += int(wanted.sum())
    return merge(pairs, truths)


def truths_of(picture: PictureResult, index: int) -> np.ndarray:
    return picture.truths[picture.truths[:, 0] == index, 1:]


def merge(pairs: list[tuple[np.ndarray, np.ndarray]], truths: int) -> Curve:
    scores = np.concatenate([scores for scores, _ in pairs]) if pairs else np.zeros(0)
    hits = np.concatenate([hits for _, hits in pairs]) if pairs else np.zeros(0, bool)
    order = np.argsort(-scores, kind="stable")
    return Curve(scores[order], hits[order], truths)


def average_precision(curve: Curve) -> float | None:
    """0 to 1; None when there is nothing to find."""
    if curve.truths == 0:
        return None
    right = np.cumsum(curve.hits)
    recall = right / curve.truths
    precision = right / np.arange(1, len(right) + 1)
    precision = np.maximum.accumulate(precision[::-1])[::-1]
    places = np.searchsorted(recall, RECALLS - 1e-12)
    return float(np.append(precision, 0.0)[places].mean())


def mean(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def ap50(results: list[PictureResult]) -> dict[str, float | None]:
    """Of each class, and of all as `mAP50`."""
    found = {name: average_precision(curve(results, index, 0.5)) for index, name in enumerate(NAMES)}
    return {**found, "mAP50": mean(list(found.values()))}
