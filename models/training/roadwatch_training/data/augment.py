"""
One training sample: pictures composed into a scene, seen in some light and weather, by some camera. Every
sample follows from its seed alone.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch.utils.data import Dataset

from . import camera, weather
from .compose import Scene, filling, fitting, random_tiles
from .pictures import Picture
from .targets import Targets

Effect = Callable[[np.ndarray, np.random.Generator], np.ndarray]

EFFECTS: tuple[tuple[float, Effect], ...] = (
    (0.8, weather.exposure),
    (0.12, weather.wet),
    (0.2, weather.shadow),
    (0.12, weather.night),
    (0.06, weather.rain),
    (0.2, camera.blur),
    (0.1, camera.low_resolution),
    (0.15, lambda image, rng: weather.grain(image, rng, rng.uniform(2, 10))),
    (0.4, camera.compress),
)
"""Probabilities, in the order in which light reaches a recording."""

MOSAIC = 0.7


class TrainingSet(Dataset[tuple[torch.Tensor, Targets]]):
    """
    As many samples an epoch as pictures. `mosaic` off (the last epochs): whole pictures, as the model will
    see them.
    """

    def __init__(self, pictures: Sequence[Picture], width: int, height: int, seed: int):
        self.pictures = pictures
        self.width, self.height, self.seed = width, height, seed
        self.epoch, self.mosaic = 0, True
        by_source: dict[str, list[int]] = defaultdict(list)
        for index, picture in enumerate(pictures):
            by_source[picture.source.name].append(index)
        self._groups = list(by_source.values())
        shares = np.array([pictures[group[0]].source.share for group in self._groups])
        self._shares = shares / shares.sum()

    def __len__(self) -> int:
        return len(self.pictures)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, Targets]:
        rng = np.random.default_rng([self.seed, self.epoch, index])
        scene = self._compose(index, rng)
        image = photograph(scene.image, rng)
        planes = torch.from_numpy(np.ascontiguousarray(image.transpose(2, 0, 1)))
        return planes, Targets(*map(torch.from_numpy, (scene.boxes, scene.classes, scene.unlabelled)))

    def _compose(self, index: int, rng: np.random.Generator) -> Scene:
        scene = Scene(self.width, self.height)
        picture = self.pictures[index]
        whole = (0, 0, self.width, self.height)
        if not self.mosaic or rng.random() >= MOSAIC:
            fit = fitting(picture, whole)
            scene.place(picture, whole, rng, (0.55 * fit, 1.25 * fit))
            return scene
        for number, rect in enumerate(random_tiles(self.width, self.height, rng)):
            chosen = picture if number == 0 else self._pick(rng)
            fill = filling(chosen, rect)
            scene.place(chosen, rect, rng, (0.6 * fill, 1.6 * fill))
        return scene

    def _pick(self, rng: np.random.Generator) -> Picture:
        group = self._groups[rng.choice(len(self._groups), p=self._shares)]
        return self.pictures[group[rng.integers(len(group))]]


def photograph(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    for probability, effect in EFFECTS:
        if rng.random() < probability:
            image = effect(image, rng)
    return image


def collate(samples: list[tuple[torch.Tensor, Targets]]) -> tuple[torch.Tensor, list[Targets]]:
    return torch.stack([planes for planes, _ in samples]), [targets for _, targets in samples]
