"""Labelled pictures in YOLO text format, and what each source's labels can be trusted for.

A data set is a folder with `train/` and `val/`, each with `images/NAME.jpg` and `labels/NAME.txt`. The beginning of NAME says
where a picture comes from, because sources label by different rules.
"""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from . import CLASSES

LONGEST_SIDE = 720


@dataclass(frozen=True)
class Source:
    """`share`: of the pictures that fill up mosaics. `potholes_only`: a crack in it is not labelled, so not false."""

    prefix: str
    share: float
    potholes_only: bool = False


SOURCES = (
    Source("rdd_", 0.48),
    Source("web_", 0.32, potholes_only=True),
    Source("neg_", 0.10),
    Source("street_", 0.10),
)


@dataclass(frozen=True)
class Picture:
    name: str
    source: Source
    image: np.ndarray
    """BGR, height x width x 3, uint8."""
    boxes: np.ndarray
    """n x 5, float32: class, left, top, right, bottom in pixels of `image`."""


def load_split(folder: Path, progress=lambda paths: paths) -> list[Picture]:
    """Reads `images/` and `labels/` of a folder. Raises ValueError naming the file for a label that is not well formed."""
    paths = sorted((folder / "images").glob("*.jpg"))
    if not paths:
        raise ValueError(f"{folder / 'images'}: no .jpg pictures")
    pictures = []
    for path in progress(paths):
        image = cv2.imread(str(path))
        if image is None:
            raise ValueError(f"{path}: not a picture")
        scale = min(1.0, LONGEST_SIDE / max(image.shape[:2]))
        if scale < 1:
            image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        label = folder / "labels" / f"{path.stem}.txt"
        pictures.append(Picture(path.stem, source_of(path.stem), image, read_boxes(label, image.shape)))
    return pictures


def source_of(name: str) -> Source:
    for source in SOURCES:
        if name.startswith(source.prefix):
            return source
    known = ", ".join(source.prefix for source in SOURCES)
    raise ValueError(f"{name}: expected a name that begins with one of {known}")


def read_boxes(label: Path, shape: tuple[int, ...]) -> np.ndarray:
    """YOLO text (`class cx cy w h`, fractions) as pixels; no file is no damage."""
    if not label.exists():
        return np.zeros((0, 5), np.float32)
    height, width = shape[:2]
    rows = []
    for number, line in enumerate(label.read_text().split("\n"), start=1):
        if not line.strip():
            continue
        try:
            kind, cx, cy, w, h = (float(value) for value in line.split())
        except ValueError:
            raise ValueError(f"{label}:{number}: expected `class cx cy w h`, got {line!r}") from None
        if int(kind) != kind or not 0 <= kind < len(CLASSES):
            raise ValueError(f"{label}:{number}: class {kind:g}, expected 0 to {len(CLASSES) - 1}")
        rows.append([kind, (cx - w / 2) * width, (cy - h / 2) * height, (cx + w / 2) * width, (cy + h / 2) * height])
    return np.array(rows, np.float32).reshape(-1, 5)
