"""
Damage laid on a road that has none: cut-outs of labelled damage, as small as a street camera sees them,
smaller towards the top and flatter than they were photographed. A cut-out brings what it differs from its
surroundings by, so that light and colour are the new road's and there is no seam.

Decoys are laid the same way: cut-outs of whatever is no damage. Without them, all that looks laid on is
damage.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from .classes import CLASSES, POTHOLE
from .pictures import Picture

MARGIN = 0.2
"""Of the damage's sides, cut out around it: the road that it is compared with."""
SMALLEST_CUT = 24
"""In pixels: a smaller one has nothing to show."""
LARGEST_SHARE = 0.6
"""Of its picture: a larger one has no road around it."""
SIDES = (18.0, 110.0)
"""The longer side near the camera, in pixels of the input; FAR of it is left at the top."""
FAR = 0.4
FAINTEST = 16
"""Grey levels by which the strongest twentieth must differ from the road: less nobody would have labelled."""
TRIES = 12
BRIGHTER, COLOURED, PAINT = 55, 16, 0.02
"""In CIE L*a*b* of 0 to 255, and the share of the cut-out."""
MIRROR = np.array([-1, 1, -1, 1])
DECOY_SIDES = (20.0, 150.0)
"""In pixels of its picture."""
DECOY_SHAPES = (0.4, 2.5)
"""Width by height."""


@dataclass(frozen=True)
class Cut:
    picture: Picture
    index: int
    """Of the box in the picture."""

    @property
    def damage(self) -> int:
        return int(self.picture.classes[self.index])

    def patch(self) -> tuple[np.ndarray, np.ndarray]:
        """The pixels with a margin, and the damage in them as x1 y1 x2 y2."""
        return cut_out(self.picture, self.picture.boxes[self.index])


@dataclass(frozen=True)
class Decoy:
    """A part of a picture in which no damage lies: a drain, a lane mark, a piece of car, verge or wall."""

    picture: Picture
    box: np.ndarray
    """x1 y1 x2 y2 of what is laid, with room around it."""
    damage = None

    def patch(self) -> tuple[np.ndarray, np.ndarray]:
        return cut_out(self.picture, self.box)


def cut_out(picture: Picture, box: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The pixels of the box with a margin, and the box in them."""
    x1, y1, x2, y2 = box
    wide, high = MARGIN * (x2 - x1), MARGIN * (y2 - y1)
    left, top = max(0, int(x1 - wide)), max(0, int(y1 - high))
    right, bottom = int(np.ceil(x2 + wide)), int(np.ceil(y2 + high))
    patch = picture.decode()[top:bottom, left:right]
    return patch, np.array([x1 - left, y1 - top, x2 - left, y2 - top], np.float32)


def decoy_of(picture: Picture, rng: np.random.Generator) -> Decoy | None:
    """Somewhere in a picture whose damage is all labelled; None where it has no such room."""
    for _ in range(TRIES):
        side = np.exp(rng.uniform(*np.log(DECOY_SIDES)))
        stretch = np.sqrt(np.exp(rng.uniform(*np.log(DECOY_SHAPES))))
        size = np.array([side * stretch, side / stretch])
        room = np.array([picture.width, picture.height]) - size * (1 + 2 * MARGIN)
        if (room < 0).any():
            continue
        corner = rng.uniform(0, room) + size * MARGIN
        box = np.concatenate([corner, corner + size]).astype(np.float32)
        reach = np.tile(size * MARGIN, 2) * [-1, -1, 1, 1] + box
        apart = (picture.boxes[:, :2] > reach[2:]) | (picture.boxes[:, 2:] < reach[:2])
        if apart.any(1).all():
            return Decoy(picture, box)
    return None


def cuts_of(pictures: Sequence[Picture]) -> Iterator[Cut]:
    for picture in pictures:
        sides = picture.boxes[:, 2:] - picture.boxes[:, :2]
        for index, (wide, high) in enumerate(sides):
            whole = wide < LARGEST_SHARE * picture.width and high < LARGEST_SHARE * picture.height
            if CLASSES[picture.classes[index]].alert and whole and max(wide, high) >= SMALLEST_CUT:
                yield Cut(picture, index)


@dataclass(frozen=True)
class Pasted:
    box: np.ndarray
    damage: int | None
    """None of a decoy."""


def lay(image: np.ndarray, road: np.ndarray, cut: Cut | Decoy, rng: np.random.Generator) -> Pasted | None:
    """
    Lays one damage or decoy somewhere on the road, changing the image, and takes the place from the road.
    None where no place was found, or too little of it would be seen.
    """
    patch, box = cut.patch()
    rows, columns = np.nonzero(road)
    if len(rows) == 0 or (cut.damage not in (None, POTHOLE) and painted(patch)):
        return None
    top, bottom = rows.min(), max(rows.max(), rows.min() + 1)
    near = np.exp(rng.uniform(*np.log(SIDES)))
    flatter = rng.uniform(0.45, 0.95)
    mirrored = rng.random() < 0.5
    for _ in range(TRIES):
        chosen = rng.integers(len(rows))
        x, y = columns[chosen], rows[chosen]
        side = near * (FAR + (1 - FAR) * (y - top) / (bottom - top))
        factor = side / max(box[2] - box[0], box[3] - box[1])
        factors = np.array([factor, factor * flatter], np.float32)
        width, high = np.maximum(np.round(factors * patch.shape[1::-1]), 4).astype(int)
        left, upper = x - width // 2, y - high // 2
        place = np.s_[upper : upper + high, left : left + width]
        inside = left >= 0 and upper >= 0 and left + width <= road.shape[1] and upper + high <= road.shape[0]
        if inside and road[place].all():
            small = cv2.resize(patch, (int(width), int(high)), interpolation=cv2.INTER_AREA)
            moved = box * np.tile([width / patch.shape[1], high / patch.shape[0]], 2)
            if mirrored:
                small, moved = small[:, ::-1], np.array([width, 0, width, 0]) + moved[[2, 1, 0, 3]] * MIRROR
            laid = blended(image[place], small, moved, rng.uniform(0.75, 1.15))
            if strength(image[place], laid) < FAINTEST:
                return None
            image[place] = laid
            road[place] = False
            return Pasted(moved + np.tile([left, upper], 2), cut.damage)
    return None


def painted(patch: np.ndarray) -> bool:
    """Whether a lane mark lies in it, which would lie anywhere on another road; water shines like one."""
    lab = cv2.cvtColor(patch, cv2.COLOR_BGR2LAB).astype(np.int16)
    bright = lab[..., 0] > np.median(lab[..., 0]) + BRIGHTER
    coloured = np.abs(lab[..., 1:] - np.median(lab[..., 1:], (0, 1))).max(-1) > COLOURED
    return bool((bright | coloured).mean() > PAINT)


def blended(ground: np.ndarray, patch: np.ndarray, box: np.ndarray, contrast: float) -> np.ndarray:
    """`ground` and what the patch differs by from its own road, fading out around the damage."""
    weight = fading(ground.shape[:2], box)
    around = (1 - weight) + 1e-3
    colour, own = (average(pixels, around) for pixels in (ground, patch))
    # A darker road takes a proportionally weaker damage.
    gain = contrast * (colour.mean() + 20) / (own.mean() + 20)
    differing = (patch.astype(np.float32) - own) * gain
    # Inside, the road's own grain gives way to the damage's.
    kept = ground - 0.6 * weight[..., None] * (ground - colour)
    return np.clip(kept + weight[..., None] * differing, 0, 255).astype(np.uint8)


def strength(before: np.ndarray, after: np.ndarray) -> float:
    return float(np.percentile(np.abs(after.astype(np.int16) - before).mean(-1), 95))


def average(pixels: np.ndarray, weight: np.ndarray) -> np.ndarray:
    return (pixels * weight[..., None]).sum((0, 1)) / weight.sum()


def fading(shape: tuple[int, int], box: np.ndarray) -> np.ndarray:
    """`[H, W]`, 1 within the box, 0 at the border."""
    rows, columns = np.arange(shape[0]) + 0.5, np.arange(shape[1]) + 0.5
    across = slope(columns, box[0], box[2], shape[1])
    down = slope(rows, box[1], box[3], shape[0])
    return np.minimum(across[None], down[:, None]).astype(np.float32)


def slope(places: np.ndarray, start: float, end: float, length: int) -> np.ndarray:
    before = places / max(start, 1e-3)
    after = (length - places) / max(length - end, 1e-3)
    return np.clip(np.minimum(before, after), 0, 1)
