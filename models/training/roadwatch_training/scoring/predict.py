"""Runs a detector over labelled pictures and keeps its predictions beside what is true."""

from collections.abc import Iterable

import numpy as np
from tqdm import tqdm

from ..data.pictures import Picture
from .detect import Detect
from .metrics import PictureResult


def predict(detect: Detect, pictures: Iterable[Picture], title: str) -> list[PictureResult]:
    return [predict_one(detect, picture) for picture in tqdm(pictures, desc=title, leave=False)]


def predict_one(detect: Detect, picture: Picture) -> PictureResult:
    sides = np.array([picture.width, picture.height] * 2)
    truths = np.column_stack([picture.classes, picture.boxes / sides])
    return PictureResult(picture.name, picture.source.name, detect(picture.decode()), truths.astype(float))
