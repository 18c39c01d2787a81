"""Runs a detector over labelled pictures and keeps what it found beside what is true."""

from collections.abc import Iterable

import numpy as np
from tqdm import tqdm

from .data import Picture
from .detect import Detect
from .metrics import Judged


def judge(detect: Detect, pictures: Iterable[Picture], title: str) -> list[Judged]:
    return [judge_one(detect, picture) for picture in tqdm(pictures, desc=title, leave=False)]


def judge_one(detect: Detect, picture: Picture) -> Judged:
    sides = np.array([picture.width, picture.height] * 2)
    truths = np.column_stack([picture.classes, picture.boxes / sides])
    return Judged(picture.name, picture.source.name, detect(picture.decode()), truths.astype(float))
