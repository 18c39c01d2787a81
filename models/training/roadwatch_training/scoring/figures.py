"""
What is reported of predictions: by class and of damage as one class, at two overlaps. Labels of cracks are
loose, and a box that is half right has still found the damage.
"""

from collections.abc import Sequence

import numpy as np

from ..data.classes import CLASSES, NAMES
from .metrics import Curve, PictureResult, average_precision, curve, mean

IOU, LOOSE_IOU = 0.5, 0.3


def figures(results: list[PictureResult], thresholds: Sequence[float], labelled: Sequence[bool]) -> dict:
    """
    AP of each class at both overlaps, precision and recall at its threshold; a class that is not labelled has
    none. Then of damage as one class.
    """
    known = [index for index, label in enumerate(labelled) if label]
    classes = {
        NAMES[index]: class_figures(
            *(curve(results, index, iou) for iou in (IOU, LOOSE_IOU)), thresholds[index]
        )
        for index in known
    }
    return {
        "mAP50": mean([entry["ap50"] for entry in classes.values()]),
        "classes": classes,
        "damage": damage_figures(results, thresholds, [index for index in known if CLASSES[index].alert]),
    }


def class_figures(strict: Curve, loose: Curve, threshold: float) -> dict:
    precision, recall = strict.at(threshold)
    return {
        "truths": strict.truths,
        "ap50": average_precision(strict),
        "ap30": average_precision(loose),
        "precision": precision,
        "recall": recall if strict.truths else None,
    }


def damage_figures(results: list[PictureResult], thresholds: Sequence[float], indices: list[int]) -> dict:
    """Whatever its class: a crack that is called a pothole has been found."""
    strict, loose = (curve([as_damage(p, indices) for p in results], 0, iou) for iou in (IOU, LOOSE_IOU))
    deployed = [as_damage(at_thresholds(picture, thresholds), indices) for picture in results]
    empty = [picture for picture in deployed if len(picture.truths) == 0]
    return {
        "truths": strict.truths,
        "ap50": average_precision(strict),
        "ap30": average_precision(loose),
        "precision": curve(deployed, 0, IOU).at(0.0)[0],
        "recall": recall(deployed, IOU),
        "recall30": recall(deployed, LOOSE_IOU),
        "emptyPictures": len(empty),
        "falseBoxes": sum(len(picture.predictions) for picture in empty),
    }


def recall(
    deployed: list[PictureResult], iou: float, counted: list[np.ndarray] | None = None
) -> float | None:
    """Of what `as_damage` made; None when there is nothing to find."""
    found = curve(deployed, 0, iou, counted)
    return found.at(0.0)[1] if found.truths else None


def as_damage(picture: PictureResult, indices: list[int]) -> PictureResult:
    """Its predictions and truths of these classes, all as class 0."""
    own = [rows[np.isin(rows[:, 0], indices)].copy() for rows in (picture.predictions, picture.truths)]
    for rows in own:
        rows[:, 0] = 0
    return PictureResult(picture.name, picture.source, *own)


def at_thresholds(picture: PictureResult, thresholds: Sequence[float]) -> PictureResult:
    """What an agent passes on to its tracker."""
    found = picture.predictions
    kept = found[found[:, 1] >= np.asarray(thresholds)[found[:, 0].astype(int)]]
    return PictureResult(picture.name, picture.source, kept, picture.truths)
