"""
`python -m roadwatch_training.thresholds`: chooses each class's threshold on the validation pictures,
precision first, raises it until frames without damage are quiet, writes it into the model's manifest, and
draws how far the model's confidence can be trusted.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from .data.classes import CLASSES, NAMES
from .data.pictures import DataError, Picture, read_folder
from .data.sources import DEFAULT, SourceError, read_sources
from .scoring.detect import Detect, ModelError, folder_detector
from .scoring.metrics import Curve, curve
from .scoring.predict import predict
from .scoring.reliability import draw_reliability, reliability

IOU = 0.5
STEP = 0.01
LOWEST, HIGHEST = 0.1, 0.95
FEWEST = 10
"""Of fewer boxes the precision says nothing."""
DISTINCT = 1e-4
"""A threshold is written with four digits, just above the score that it shuts out."""


def for_precision(found: Curve, precision: float) -> float:
    """
    The lowest threshold from which on, at every higher one too, the class is at least this precise; the best
    it can do, if it never is.
    """
    grid = np.arange(LOWEST, HIGHEST + STEP / 2, STEP)
    counts = np.array([(found.scores >= threshold).sum() for threshold in grid])
    values = np.where(counts >= FEWEST, [found.at(threshold)[0] for threshold in grid], np.nan)
    known = ~np.isnan(values)
    if not known.any():
        return HIGHEST
    failing = np.flatnonzero(known & (values < precision))
    if len(failing) == 0:
        return LOWEST
    above = failing[-1] + 1
    if above < len(grid) and known[above]:
        return float(grid[above])
    return float(grid[np.nanargmax(values)])


def cap_false_positives(
    thresholds: list[float], curves: list[Curve], groups: dict[str, list[np.ndarray]], cap: float
) -> list[float]:
    """
    Raises thresholds of alerting classes until each group of frames without damage (`[N, 2]` of class and
    score, a frame) has at most `cap` false boxes a frame. Each step shuts out one false box: the one that
    costs the fewest true ones.
    """
    thresholds = list(thresholds)
    alerting = [index for index, entry in enumerate(CLASSES) if entry.alert]
    for frames in groups.values():
        scores = [np.sort(np.concatenate([f[f[:, 0] == i, 1] for f in frames])) for i in range(len(CLASSES))]
        while sum((scores[i] >= thresholds[i]).sum() for i in alerting) > cap * len(frames):
            choices = []
            for index in alerting:
                standing = scores[index][scores[index] >= thresholds[index]]
                if len(standing):
                    raised = float(np.ceil(standing[0] / DISTINCT + 0.5) * DISTINCT)
                    lost = true_boxes(curves[index], thresholds[index]) - true_boxes(curves[index], raised)
                    choices.append((lost, raised, index))
            _, raised, index = min(choices)
            thresholds[index] = raised
    return [round(threshold, 4) for threshold in thresholds]


def true_boxes(found: Curve, threshold: float) -> int:
    return int(found.hits[found.scores >= threshold].sum())


def frames_of(videos: Iterable[Path], every: int) -> Iterator[np.ndarray]:
    for video in videos:
        capture = cv2.VideoCapture(str(video))
        if not capture.isOpened():
            raise DataError(f"{video}: not a readable video")
        number = 0
        while capture.grab():
            if number % every == 0:
                ok, frame = capture.retrieve()
                if ok:
                    yield frame
            number += 1
        capture.release()


def scores_on(detect: Detect, images: Iterable[np.ndarray], title: str) -> list[np.ndarray]:
    return [detect(image)[:, :2] for image in tqdm(images, desc=title, leave=False)]


def undamaged(pictures: list[Picture]) -> list[Picture]:
    """Those that are known to show no damage: without a box, from a source that labels everything."""
    return [picture for picture in pictures if len(picture.boxes) == 0 and all(picture.source.labels)]


def choose(
    detect: Detect,
    training: list[Picture],
    validation: list[Picture],
    videos: list[Path],
    every: int,
    precision: float,
    cap: float,
) -> dict:
    results = predict(detect, validation, "val")
    curves = [curve(results, index, IOU) for index in range(len(NAMES))]
    precise = [for_precision(found, precision) for found in curves]
    empty = undamaged([*training, *validation])
    groups = {
        name: scores_on(detect, (p.decode() for p in empty if p.source.name == name), name)
        for name in sorted({picture.source.name for picture in empty})
    }
    if videos:
        groups["street video"] = scores_on(detect, frames_of(videos, every), "street video")
    chosen = cap_false_positives(precise, curves, groups, cap)
    return {
        "precision": precision,
        "falseBoxesPerFrame": cap,
        "classes": {
            name: {
                "threshold": threshold,
                "forPrecision": round(wanted, 4),
                **dict(zip(("precision", "recall"), found.at(threshold), strict=True)),
            }
            for name, threshold, wanted, found in zip(NAMES, chosen, precise, curves, strict=True)
        },
        "quiet": {name: quietness(frames, chosen) for name, frames in groups.items()},
        "reliability": {name: reliability(found) for name, found in zip(NAMES, curves, strict=True)},
    }


def quietness(frames: list[np.ndarray], thresholds: list[float]) -> dict:
    alerting = {index for index, entry in enumerate(CLASSES) if entry.alert}
    false = sum(
        1
        for frame in frames
        for index, score in frame
        if index in alerting and score >= thresholds[int(index)]
    )
    return {"frames": len(frames), "falseBoxes": false, "perHundredFrames": 100 * false / len(frames)}


def write(folder: Path, manifest: dict, result: dict) -> None:
    for entry in manifest["classes"]:
        entry["threshold"] = result["classes"][entry["name"]]["threshold"]
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")
    (folder / "thresholds.json").write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    thresholds = {name: entry["threshold"] for name, entry in result["classes"].items()}
    draw_reliability(result["reliability"], thresholds, folder / "reliability.png")


def main() -> None:
    parser = argparse.ArgumentParser(prog="roadwatch_training.thresholds", description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="model folder; its manifest is rewritten")
    parser.add_argument("--data", type=Path, required=True, help="a folder with train/ and val/")
    parser.add_argument("--video", type=Path, nargs="*", default=[], help="videos of streets without damage")
    parser.add_argument("--every", type=int, default=5, help="look at each N-th frame of the videos")
    parser.add_argument(
        "--precision", type=float, default=0.8, help="wanted of each class on val, at IoU 0.5"
    )
    parser.add_argument("--cap", type=float, default=0.01, help="most false boxes a frame without damage")
    parser.add_argument("--sources", type=Path, default=DEFAULT, help="what each source labels")
    given = parser.parse_args()
    try:
        detect, manifest = folder_detector(given.model)
        sources = read_sources(given.sources)
        training, validation = (read_folder(given.data / part, sources)[0] for part in ("train", "val"))
        result = choose(detect, training, validation, given.video, given.every, given.precision, given.cap)
    except (DataError, ModelError, SourceError) as error:
        sys.exit(f"thresholds: {error}")
    write(given.model, manifest, result)
    for name, entry in result["classes"].items():
        figures = "  ".join(f"{key} {entry[key]:.3f}" for key in ("threshold", "precision", "recall"))
        print(f"{name:20} {figures}")
    for name, entry in result["quiet"].items():
        print(f"{name:20} {entry['falseBoxes']} false boxes in {entry['frames']} frames")


if __name__ == "__main__":
    main()
