"""The same predictions cut into parts: by the source of the pictures, by the size of the damage."""

from collections.abc import Sequence

import numpy as np

from ..data.classes import CLASSES, NAMES
from ..data.letterbox import content_size
from ..data.pictures import Picture
from .figures import IOU, LOOSE_IOU, as_damage, at_thresholds, class_figures, figures, recall
from .metrics import Curve, PictureResult, curve, mean

SIZES = {"small": (0.0, 32.0**2), "medium": (32.0**2, 96.0**2), "large": (96.0**2, np.inf)}
"""COCO's areas in square pixels, here of the model's input: what a camera's distance leaves of the damage."""

Size = tuple[int, int]


def by_source(
    results: list[PictureResult], pictures: list[Picture], thresholds: Sequence[float], size: Size
) -> dict:
    """Also the recall of damage by its size; `size`: width and height of the input."""
    contents = contents_of(pictures, size)
    parts = {}
    for source in sorted({picture.source for picture in pictures}, key=lambda source: source.name):
        own = [index for index, picture in enumerate(pictures) if picture.source == source]
        found = [results[index] for index in own]
        alerting = [i for i, entry in enumerate(CLASSES) if entry.alert and source.labels[i]]
        deployed = [as_damage(at_thresholds(picture, thresholds), alerting) for picture in found]
        parts[source.name] = {
            "pictures": len(own),
            **figures(found, thresholds, source.labels),
            "recallBySize": recall_by_size(deployed, [contents[index] for index in own]),
        }
    return parts


def recall_by_size(deployed: list[PictureResult], contents: list[Size]) -> dict:
    parts = {}
    for name, (low, high) in SIZES.items():
        counted = [
            between(areas(picture.truths[:, 1:], content), low, high)
            for picture, content in zip(deployed, contents, strict=True)
        ]
        parts[name] = {
            "truths": int(sum(mask.sum() for mask in counted)),
            "recall": recall(deployed, IOU, counted),
            "recall30": recall(deployed, LOOSE_IOU, counted),
        }
    return parts


def by_size(
    results: list[PictureResult], pictures: list[Picture], thresholds: Sequence[float], size: Size
) -> dict:
    """
    Truths of one size only; predictions that find others are neither right nor wrong. A false box counts in
    the size that it has, as in COCO.
    """
    contents = contents_of(pictures, size)
    parts = {}
    for name, (low, high) in SIZES.items():
        strict, loose = (curves_of_size(results, contents, low, high, iou) for iou in (IOU, LOOSE_IOU))
        classes = {
            NAMES[index]: class_figures(strict[index], loose[index], thresholds[index])
            for index in range(len(NAMES))
        }
        parts[name] = {"mAP50": mean([entry["ap50"] for entry in classes.values()]), "classes": classes}
    return parts


def curves_of_size(
    results: list[PictureResult], contents: list[Size], low: float, high: float, iou: float
) -> list[Curve]:
    counted, within = [], []
    for picture, content in zip(results, contents, strict=True):
        counted.append(between(areas(picture.truths[:, 1:], content), low, high))
        fits = between(areas(picture.predictions[:, 2:], content), low, high)
        keep = fits | near_truth(picture, counted[-1], iou)
        within.append(PictureResult(picture.name, picture.source, picture.predictions[keep], picture.truths))
    return [curve(within, index, iou, counted) for index in range(len(NAMES))]


def contents_of(pictures: list[Picture], size: Size) -> list[Size]:
    return [content_size((picture.width, picture.height), size) for picture in pictures]


def areas(boxes: np.ndarray, content: Size) -> np.ndarray:
    return (boxes[:, 2] - boxes[:, 0]) * content[0] * (boxes[:, 3] - boxes[:, 1]) * content[1]


def between(values: np.ndarray, low: float, high: float) -> np.ndarray:
    return (values >= low) & (values < high)


def near_truth(picture: PictureResult, counted: np.ndarray, iou: float) -> np.ndarray:
    """Predictions of another size that may still find a counted truth."""
    keep = np.zeros(len(picture.predictions), bool)
    for number, row in enumerate(picture.predictions):
        same = picture.truths[counted & (picture.truths[:, 0] == row[0]), 1:]
        low = np.maximum(same[:, :2], row[2:4])
        high = np.minimum(same[:, 2:], row[4:])
        shared = (high - low).clip(0).prod(1)
        union = (same[:, 2:] - same[:, :2]).prod(1) + (row[4:] - row[2:4]).prod() - shared
        keep[number] = bool((shared >= iou * union).any())
    return keep
