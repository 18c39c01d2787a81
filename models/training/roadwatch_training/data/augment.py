"""
One training sample: pictures composed into a scene, seen in some light and weather, by some camera. Every
sample follows from its seed alone.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence

import cv2
import numpy as np
import torch
from torch.utils.data import Dataset

from . import camera, style, weather
from .compose import Scene, filling, fitting, random_tiles
from .paste import Cut, cuts_of, decoy_of
from .pictures import Picture
from .road import asphalt
from .targets import Targets

Effect = Callable[[np.ndarray, np.random.Generator], np.ndarray]

EFFECTS: tuple[tuple[float, Effect], ...] = (
    (0.8, weather.exposure),
    (0.06, style.snow),
    (0.08, style.haze),
    (0.1, style.glare),
    (0.12, weather.wet),
    (0.2, weather.shadow),
    (0.12, weather.night),
    (0.06, weather.rain),
    (0.2, camera.blur),
    (0.1, camera.low_resolution),
    (0.15, lambda image, rng: weather.grain(image, rng, rng.uniform(2, 10))),
    (0.25, style.tone),
    (0.25, style.sharpen),
    (0.4, camera.compress),
)
"""Probabilities, in the order in which light reaches a recording."""

STREET = 0.35
"""Of the samples: damage laid on a road that has none."""
MOSAIC = 0.7
"""Of the others."""
RECOLOURED = 0.2
MOST_LAID = 6
MOST_DECOYS = 3


class TrainingSet(Dataset[tuple[torch.Tensor, Targets]]):
    """
    As many samples an epoch as pictures, or `length`: then an epoch goes on with the pictures where the one
    before stopped. `mosaic` off (the last epochs): whole pictures, as the model will see them.
    """

    def __init__(self, pictures: Sequence[Picture], width: int, height: int, seed: int, length: int = 0):
        self.pictures = pictures
        self.length = length or len(pictures)
        self._order = np.random.default_rng(seed).permutation(len(pictures))
        self.width, self.height, self.seed = width, height, seed
        self.epoch, self.mosaic = 0, True
        by_source: dict[str, list[int]] = defaultdict(list)
        for index, picture in enumerate(pictures):
            by_source[picture.source.name].append(index)
        self._groups = list(by_source.values())
        shares = np.array([pictures[group[0]].source.share for group in self._groups])
        self._shares = shares / shares.sum()
        self._cuts = cuts_by_class(pictures)
        self._labelled = [p for p in pictures if all(p.source.labels)]
        self._streets = [p for p in self._labelled if len(p.boxes) == 0]

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, index: int) -> tuple[torch.Tensor, Targets]:
        rng = np.random.default_rng([self.seed, self.epoch, index])
        scene = self._compose(self.turn(index), rng)
        image = scene.image
        if rng.random() < RECOLOURED:
            image = style.colours_of(image, self._pick(rng).decode(), rng.uniform(0.3, 1))
        image = photograph(image, rng)
        planes = torch.from_numpy(np.ascontiguousarray(image.transpose(2, 0, 1)))
        return planes, Targets(*map(torch.from_numpy, (scene.boxes, scene.classes, scene.unlabelled)))

    def turn(self, index: int) -> int:
        """Which picture has its turn at this sample."""
        return int(self._order[(self.epoch * self.length + index) % len(self.pictures)])

    def _compose(self, index: int, rng: np.random.Generator) -> Scene:
        scene = Scene(self.width, self.height)
        picture = self.pictures[index]
        whole = (0, 0, self.width, self.height)
        if self._streets and self._cuts and rng.random() < STREET:
            self._lay_damage(scene, rng)
            return scene
        if not self.mosaic or rng.random() >= MOSAIC:
            fit = fitting(picture, whole)
            scene.place(picture, whole, rng, (0.55 * fit, 1.25 * fit))
            return scene
        for number, rect in enumerate(random_tiles(self.width, self.height, rng)):
            chosen = picture if number == 0 else self._pick(rng)
            fill = filling(chosen, rect)
            scene.place(chosen, rect, rng, (0.6 * fill, 1.6 * fill))
        return scene

    def _lay_damage(self, scene: Scene, rng: np.random.Generator) -> None:
        street = self._streets[rng.integers(len(self._streets))]
        whole = (0, 0, self.width, self.height)
        fill = filling(street, whole)
        matrix = scene.place(street, whole, rng, (0.95 * fill, 1.5 * fill))
        # Looked for in the whole picture: of a part, the sky could be mistaken for it.
        found = asphalt(street.decode())
        if found is None:
            return
        size = (self.width, self.height)
        road = cv2.warpPerspective(found.astype(np.uint8), matrix, size, flags=cv2.INTER_NEAREST).astype(bool)
        for _ in range(rng.integers(1, MOST_LAID + 1)):
            group = self._cuts[rng.integers(len(self._cuts))]
            scene.lay(group[rng.integers(len(group))], road, rng)
        for _ in range(rng.integers(0, MOST_DECOYS + 1)):
            decoy = decoy_of(self._labelled[rng.integers(len(self._labelled))], rng)
            if decoy is not None:
                scene.lay(decoy, road, rng)

    def _pick(self, rng: np.random.Generator) -> Picture:
        group = self._groups[rng.choice(len(self._groups), p=self._shares)]
        return self.pictures[group[rng.integers(len(group))]]


def cuts_by_class(pictures: Sequence[Picture]) -> list[list[Cut]]:
    """As rare a class as cracks across the road is laid as often as any."""
    groups: dict[int, list[Cut]] = defaultdict(list)
    for cut in cuts_of(pictures):
        groups[cut.damage].append(cut)
    return list(groups.values())


def photograph(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    for probability, effect in EFFECTS:
        if rng.random() < probability:
            image = effect(image, rng)
    return image


def collate(samples: list[tuple[torch.Tensor, Targets]]) -> tuple[torch.Tensor, list[Targets]]:
    return torch.stack([planes for planes, _ in samples]), [targets for _, targets in samples]
