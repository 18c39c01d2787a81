"""
Puts one or several pictures into one training scene of the model's input size. Street cameras see damage
small and far away, at the side of a wide scene: tiles, scaling and a perspective that narrows towards the top
make that of close pictures.
"""

import cv2
import numpy as np

from .classes import CLASSES
from .paste import Cut, Decoy, lay
from .pictures import Picture

PAD = 114
CELL = 8
SMALLEST_SIDE = 4
ROTATED = 0.3
STEEPEST = 15
"""Degrees; more would make boxes around long cracks mostly road, and one class of crack the other."""
VISIBLE = 0.35
"""A damage of which less is left is no longer asked for, nor denied."""

Rect = tuple[int, int, int, int]
"""x1 y1 x2 y2 in the scene."""


class Scene:
    """The picture that is being made, its boxes, and where which class is not labelled (`[H/8, W/8, C]`)."""

    def __init__(self, width: int, height: int):
        self.image = np.full((height, width, 3), PAD, np.uint8)
        self.unlabelled = np.zeros((height // CELL, width // CELL, len(CLASSES)), bool)
        self._boxes: list[np.ndarray] = []
        self._classes: list[int] = []

    @property
    def boxes(self) -> np.ndarray:
        return np.array(self._boxes, np.float32).reshape(-1, 4)

    @property
    def classes(self) -> np.ndarray:
        return np.array(self._classes, np.int64)

    def place(
        self, picture: Picture, rect: Rect, rng: np.random.Generator, scale: tuple[float, float]
    ) -> np.ndarray:
        """
        Warps the picture into the rectangle, `scale` times as large as would just fill (mosaic) or fit it;
        returns the homography.
        """
        x1, y1, x2, y2 = rect
        size = (x2 - x1, y2 - y1)
        image = picture.decode()
        matrix = random_warp(image.shape[1], image.shape[0], size, rng, scale)
        self.image[y1:y2, x1:x2] = warp(image, matrix, size)
        cells = np.s_[y1 // CELL : -(-y2 // CELL), x1 // CELL : -(-x2 // CELL)]
        self.unlabelled[cells] = ~np.array(picture.source.labels)
        for box, index in zip(picture.boxes, picture.classes, strict=True):
            whole = warp_box(box, matrix)
            seen = np.clip(whole, 0, [*size, *size])
            sides = seen[2:] - seen[:2]
            if sides.min() <= 0:
                continue
            moved = seen + [x1, y1, x1, y1]
            if sides.min() < SMALLEST_SIDE or sides.prod() < VISIBLE * (whole[2:] - whole[:2]).prod():
                self._leave_open(moved, index)
            else:
                self._boxes.append(moved)
                self._classes.append(int(index))
        return matrix

    def lay(self, cut: Cut | Decoy, road: np.ndarray, rng: np.random.Generator) -> None:
        """Puts a damage, or what is none, on the road where there is room for it."""
        pasted = lay(self.image, road, cut, rng)
        if pasted is None or pasted.damage is None:
            return
        if (pasted.box[2:] - pasted.box[:2]).min() < SMALLEST_SIDE:
            self._leave_open(pasted.box, pasted.damage)
        else:
            self._boxes.append(pasted.box)
            self._classes.append(pasted.damage)

    def _leave_open(self, box: np.ndarray, index: int) -> None:
        x1, y1 = (box[:2] // CELL).astype(int)
        x2, y2 = np.ceil(box[2:] / CELL).astype(int)
        self.unlabelled[y1:y2, x1:x2, index] = True


def random_warp(
    width: int, height: int, size: tuple[int, int], rng: np.random.Generator, scale: tuple[float, float]
) -> np.ndarray:
    """
    A homography: random scale, stretch, mirror, shear, position, a narrower top as a camera looking down a
    road sees it, and a turn as of a camera that looks across it.
    """
    factor = np.exp(rng.uniform(*np.log(scale)))
    wide, high = width * factor * rng.uniform(0.85, 1.18), height * factor
    left, top = (rng.uniform(min(0, room), max(0, room)) for room in (size[0] - wide, size[1] - high))
    shear = rng.uniform(-0.08, 0.08) * high
    narrow = rng.uniform(0, 0.25) * wide / 2 if rng.random() < 0.4 else 0.0
    corners = np.array(
        [
            [left - shear / 2 + narrow, top],
            [left + wide - shear / 2 - narrow, top],
            [left + wide + shear / 2, top + high],
            [left + shear / 2, top + high],
        ],
        np.float32,
    )
    if rng.random() < ROTATED:
        corners = rotated(corners, np.deg2rad(rng.uniform(-STEEPEST, STEEPEST)))
    if rng.random() < 0.5:
        corners = corners[[1, 0, 3, 2]]
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    return cv2.getPerspectiveTransform(source, corners)


def rotated(corners: np.ndarray, angle: float) -> np.ndarray:
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    middle = corners.mean(0)
    return ((corners - middle) @ turn.T + middle).astype(np.float32)


def warp(image: np.ndarray, matrix: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    shrink = np.sqrt(abs(np.linalg.det(matrix[:2, :2])))
    if shrink < 0.6:
        # Interpolation alone would skip pixels: a far camera's sensor averages them.
        image = cv2.GaussianBlur(image, (0, 0), 0.4 / shrink)
    return cv2.warpPerspective(image, matrix, size, flags=cv2.INTER_LINEAR, borderValue=(PAD, PAD, PAD))


def warp_box(box: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """The upright box around the warped one."""
    x1, y1, x2, y2 = box
    corners = np.array([[[x1, y1]], [[x2, y1]], [[x2, y2]], [[x1, y2]]], np.float32)
    moved = cv2.perspectiveTransform(corners, matrix)[:, 0]
    return np.concatenate([moved.min(0), moved.max(0)])


def filling(picture: Picture, rect: Rect) -> float:
    return max((rect[2] - rect[0]) / picture.width, (rect[3] - rect[1]) / picture.height)


def fitting(picture: Picture, rect: Rect) -> float:
    return min((rect[2] - rect[0]) / picture.width, (rect[3] - rect[1]) / picture.height)


def random_tiles(width: int, height: int, rng: np.random.Generator) -> list[Rect]:
    """Two side by side, four around a point, or a dozen small ones."""
    kind = rng.choice(3, p=[0.35, 0.4, 0.25])
    if kind == 0:
        xs, ys = [int(rng.uniform(0.35, 0.65) * width)], []
    elif kind == 1:
        xs, ys = [int(rng.uniform(0.3, 0.7) * width)], [int(rng.uniform(0.3, 0.7) * height)]
    else:
        xs = [int((i + rng.uniform(-0.2, 0.2)) * width / 4) for i in (1, 2, 3)]
        ys = [int((i + rng.uniform(-0.2, 0.2)) * height / 3) for i in (1, 2)]
    columns, rows = [0, *xs, width], [0, *ys, height]
    return [
        (x1, y1, x2, y2)
        for y1, y2 in zip(rows, rows[1:], strict=False)
        for x1, x2 in zip(columns, columns[1:], strict=False)
    ]
