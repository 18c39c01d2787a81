"""
Folders of labelled pictures in YOLO's text format: `images/NAME.jpg`, `labels/NAME.txt` with `class cx cy
width height` as fractions of the picture, `classes.txt` in the folder or above it. No label file, or an empty
one: no damage. What cannot be used is skipped, by name and reason.

A folder of other things on roads (animals, carts) says nothing of damage but where there is none: its boxes
of classes that are not ours are left out, when the caller says that it expects such.
"""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from .classes import NAMES
from .sources import Source, SourceError, source_of

PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".bmp"}


class DataError(Exception):
    """A folder that is no data set; the message names it and what was expected."""


@dataclass(frozen=True)
class Picture:
    """One labelled picture; decoded when it is used, so that a large set fits in memory."""

    name: str
    source: Source
    encoded: bytes
    width: int
    height: int
    boxes: np.ndarray
    """`[N, 4]` of x1 y1 x2 y2 in pixels."""
    classes: np.ndarray

    def decode(self) -> np.ndarray:
        """`[H, W, 3]` BGR bytes."""
        return decode(self.encoded)


@dataclass(frozen=True)
class Skipped:
    path: Path
    reason: str


def read_folder(
    folder: Path, sources: list[Source], other_things: bool = False
) -> tuple[list[Picture], list[Skipped]]:
    images = folder / "images"
    if not images.is_dir():
        raise DataError(f"{images}: no such folder; expected images/ and labels/ in {folder}")
    classes = read_classes(folder, other_things)
    pictures, skipped = [], []
    for path in sorted(images.iterdir()):
        if path.suffix.lower() not in PICTURES:
            continue
        try:
            pictures.append(read_picture(path, folder / "labels" / f"{path.stem}.txt", classes, sources))
        except (ValueError, SourceError, OSError) as error:
            skipped.append(Skipped(path, str(error)))
    if not pictures:
        raise DataError(f"{images}: no usable picture ({len(skipped)} skipped)")
    return pictures, skipped


def read_classes(folder: Path, other_things: bool = False) -> list[int | None]:
    """For each class of the folder, its index among ours; None for another thing."""
    for place in (folder, folder.resolve().parent):
        path = place / "classes.txt"
        if path.is_file():
            names = path.read_text("utf-8").split()
            for line, name in enumerate(names, 1):
                if name not in NAMES and not other_things:
                    raise DataError(
                        f"{path}:{line}: unknown class {name!r}; expected one of {', '.join(NAMES)}"
                    )
            return [NAMES.index(name) if name in NAMES else None for name in names]
    raise DataError(f"{folder}: no classes.txt in it or above it")


def read_picture(path: Path, labels: Path, classes: list[int | None], sources: list[Source]) -> Picture:
    source = source_of(path.name, sources)
    encoded = path.read_bytes()
    height, width = decode(encoded).shape[:2]
    lines = labels.read_text("utf-8").splitlines() if labels.exists() else []
    parsed = [
        parse_label(text, f"{labels.name}:{number}", classes)
        for number, text in enumerate(lines, 1)
        if text.strip()
    ]
    rows = [row for row in parsed if row[0] is not None]
    found = np.array([row[1:] for row in rows], np.float32).reshape(-1, 4)
    half = found[:, 2:] / 2
    corners = np.concatenate([found[:, :2] - half, found[:, :2] + half], 1).clip(0, 1)
    boxes = corners * np.array([width, height] * 2, np.float32)
    return Picture(
        path.name, source, encoded, width, height, boxes, np.array([row[0] for row in rows], np.int64)
    )


def decode(encoded: bytes) -> np.ndarray:
    image = cv2.imdecode(np.frombuffer(encoded, np.uint8), cv2.IMREAD_COLOR) if encoded else None
    if image is None:
        raise ValueError("not a readable picture")
    return image


def parse_label(
    text: str, where: str, classes: list[int | None]
) -> tuple[int | None, float, float, float, float]:
    fields = text.split()
    try:
        values = [float(field) for field in fields]
    except ValueError:
        values = []
    if len(values) != 5 or not np.isfinite(values).all():
        raise ValueError(f'{where}: expected "class cx cy width height", got {text[:80]!r}')
    index, cx, cy, width, height = values
    if index != int(index) or not 0 <= index < len(classes):
        raise ValueError(f"{where}: class {fields[0]} is not one of the {len(classes)} in classes.txt")
    if not (0 < width <= 1 and 0 < height <= 1 and 0 <= cx <= 1 and 0 <= cy <= 1):
        raise ValueError(f"{where}: box outside the picture: expected fractions, got {' '.join(fields[1:])}")
    return classes[int(index)], cx, cy, width, height
