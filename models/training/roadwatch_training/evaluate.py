"""
`python -m roadwatch_training.evaluate`: how good a model folder is, also by source and by size of the damage.
The figures that are quoted come from `npm run evaluate`, which runs the agent's own code; this command cuts
the same data into parts, and differs by the scaling of pictures only.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np

from .data.classes import NAMES
from .data.letterbox import content_size
from .data.pictures import DataError, Picture, read_folder
from .data.sources import DEFAULT, SourceError, read_sources
from .scoring.detect import ModelError, folder_detector
from .scoring.metrics import Curve, PictureResult, average_precision, match, mean, merge, truths_of
from .scoring.predict import predict

IOU = 0.5
SIZES = {"small": (0.0, 32.0**2), "medium": (32.0**2, 96.0**2), "large": (96.0**2, np.inf)}
"""COCO's areas in square pixels, here of the model's input: what a camera's distance leaves of the damage."""


def figures(curves: list[Curve], thresholds: list[float], labelled: list[bool]) -> dict:
    """
    AP50 of each class, and precision and recall at the thresholds; a class that is not labelled has none.
    """
    classes = {}
    for name, found, threshold, known in zip(NAMES, curves, thresholds, labelled, strict=True):
        if known:
            precision, recall = found.at(threshold)
            classes[name] = {
                "truths": found.truths,
                "ap50": average_precision(found),
                "precision": precision,
                "recall": recall if found.truths else None,
            }
    return {"mAP50": mean([entry["ap50"] for entry in classes.values()]), "classes": classes}


def curves_of(results: list[PictureResult], counted: list[np.ndarray] | None = None) -> list[Curve]:
    """`counted`: for each picture, which of its truths are looked for."""
    curves = []
    for index in range(len(NAMES)):
        pairs, truths = [], 0
        for number, picture in enumerate(results):
            own = picture.truths[:, 0] == index
            wanted = np.ones(own.sum(), bool) if counted is None else counted[number][own]
            found = picture.predictions[picture.predictions[:, 0] == index, 1:]
            pairs.append(match(found, truths_of(picture, index), IOU, wanted))
            truths += int(wanted.sum())
        curves.append(merge(pairs, truths))
    return curves


def by_source(results: list[PictureResult], pictures: list[Picture], thresholds: list[float]) -> dict:
    sources = {picture.source.name: picture.source for picture in pictures}
    return {
        name: {
            "pictures": sum(picture.source == name for picture in results),
            **figures(curves_of([p for p in results if p.source == name]), thresholds, list(source.labels)),
        }
        for name, source in sorted(sources.items())
    }


def by_size(
    results: list[PictureResult], pictures: list[Picture], thresholds: list[float], size: tuple[int, int]
) -> dict:
    """
    Truths of one size only; predictions that find others are neither right nor wrong. A false box counts in
    the size that it has, as in COCO.
    """
    contents = [content_size((picture.width, picture.height), size) for picture in pictures]
    result = {}
    for name, (low, high) in SIZES.items():
        counted, within = [], []
        for picture, content in zip(results, contents, strict=True):
            counted.append(between(areas(picture.truths[:, 1:], content), low, high))
            keep = between(areas(picture.predictions[:, 2:], content), low, high) | near_truth(
                picture, counted[-1]
            )
            within.append(
                PictureResult(picture.name, picture.source, picture.predictions[keep], picture.truths)
            )
        result[name] = figures(curves_of(within, counted), thresholds, [True] * len(NAMES))
    return result


def areas(boxes: np.ndarray, content: tuple[int, int]) -> np.ndarray:
    return (boxes[:, 2] - boxes[:, 0]) * content[0] * (boxes[:, 3] - boxes[:, 1]) * content[1]


def between(values: np.ndarray, low: float, high: float) -> np.ndarray:
    return (values >= low) & (values < high)


def near_truth(picture: PictureResult, counted: np.ndarray) -> np.ndarray:
    """Predictions of another size that may still find a counted truth."""
    keep = np.zeros(len(picture.predictions), bool)
    for number, row in enumerate(picture.predictions):
        same = picture.truths[counted & (picture.truths[:, 0] == row[0]), 1:]
        low = np.maximum(same[:, :2], row[2:4])
        high = np.minimum(same[:, 2:], row[4:])
        shared = (high - low).clip(0).prod(1)
        union = (same[:, 2:] - same[:, :2]).prod(1) + (row[4:] - row[2:4]).prod() - shared
        keep[number] = bool((shared >= IOU * union).any())
    return keep


def table(title: str, result: dict) -> str:
    lines = [f"{title}: mAP50 {percent(result['mAP50'])}"]
    for name, entry in result["classes"].items():
        if entry["truths"] == 0:
            continue
        figures = "  ".join(f"{key} {percent(entry[key])}" for key in ("ap50", "precision", "recall"))
        lines.append(f"  {name:20} {entry['truths']:5} boxes  {figures}")
    return "\n".join(lines)


def percent(value: float | None) -> str:
    return "    -" if value is None else f"{100 * value:5.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="roadwatch_training.evaluate", description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="model folder")
    parser.add_argument("--data", type=Path, required=True, help="folder with images/ and labels/")
    parser.add_argument("--by", choices=("source", "size"), nargs="*", default=[], help="also cut into parts")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--sources", type=Path, default=DEFAULT, help="what each source labels")
    given = parser.parse_args()
    try:
        detect, manifest = folder_detector(given.model)
        pictures, skipped = read_folder(given.data, read_sources(given.sources))
    except (DataError, ModelError, SourceError) as error:
        sys.exit(f"evaluate: {error}")
    results = predict(detect, pictures, "evaluate")
    thresholds = [entry["threshold"] for entry in manifest["classes"]]
    result = {"pictures": len(pictures), "skipped": len(skipped)}
    result["all"] = figures(curves_of(results), thresholds, [True] * len(NAMES))
    if "source" in given.by:
        result["source"] = by_source(results, pictures, thresholds)
    if "size" in given.by:
        entry = manifest["input"]
        result["size"] = by_size(results, pictures, thresholds, (entry["width"], entry["height"]))
    if given.json:
        print(json.dumps(result))
        return
    print(table(f"{len(pictures)} pictures, {len(skipped)} skipped", result["all"]))
    for part in given.by:
        for name, cut in result[part].items():
            print(table(f"{part} {name}", cut))


if __name__ == "__main__":
    main()
