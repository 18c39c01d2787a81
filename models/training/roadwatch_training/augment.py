"""What a street camera may see: several places at different distances, light and weather, blur, noise, compression.

Mosaics make damage small and put it into wide scenes (Bochkovskiy et al., YOLOv4, arXiv:2004.10934).
"""

import math
import random

import cv2
import numpy as np
import torch
from torch.utils.data import Dataset

from . import PAD
from .data import SOURCES, Picture

MIN_SIDE = 4
MIN_VISIBLE = 0.35
"""A box of which less than this share is left is dropped."""
IGNORE_STRIDE = 8


class Scenes(Dataset):
    """Training samples: planes (3 x height x width, uint8, RGB), boxes (n x 5), and where cracks are not labelled."""

    def __init__(self, pictures: list[Picture], width: int, height: int):
        self.pictures = pictures
        self.size = (width, height)
        self.mosaic = True
        self.by_source = [(s, [p for p in pictures if p.source == s]) for s in SOURCES]
        self.by_source = [(s, group) for s, group in self.by_source if group]

    def __len__(self) -> int:
        return len(self.pictures)

    def __getitem__(self, index: int):
        rng = random.Random(random.getrandbits(64))
        noise = np.random.default_rng(rng.getrandbits(32))
        width, height = self.size
        canvas = np.full((height, width, 3), PAD, np.uint8)
        unlabelled = np.zeros((height, width), np.uint8)
        own = self.pictures[index]
        boxes = []
        if self.mosaic and rng.random() < 0.7:
            for k, tile in enumerate(tiles(width, height, rng)):
                keep = k == 0 and own.source.prefix != "neg_" and rng.random() < 0.7
                boxes += place(canvas, unlabelled, own if keep else self.pick(rng), tile, rng, whole=False)
        else:
            boxes = place(canvas, unlabelled, own, (0, 0, width, height), rng, whole=True)
        image = weather_and_camera(canvas, rng, noise)
        planes = torch.from_numpy(np.ascontiguousarray(image[:, :, ::-1].transpose(2, 0, 1)))
        ignore = torch.from_numpy(unlabelled[::IGNORE_STRIDE, ::IGNORE_STRIDE].copy())
        return planes, torch.tensor(boxes, dtype=torch.float32).reshape(-1, 5), ignore

    def pick(self, rng: random.Random) -> Picture:
        group = rng.choices([g for _, g in self.by_source], [s.share for s, _ in self.by_source])[0]
        return rng.choice(group)


def collate(samples):
    planes, boxes, ignore = zip(*samples)
    return torch.stack(planes), list(boxes), torch.stack(ignore)


def tiles(width: int, height: int, rng: random.Random) -> list[tuple[int, int, int, int]]:
    """Four tiles, or two side by side, as left, top, right, bottom."""
    if rng.random() < 0.5:
        x, y = int(rng.uniform(0.3, 0.7) * width), int(rng.uniform(0.3, 0.7) * height)
        return [(0, 0, x, y), (x, 0, width, y), (0, y, x, height), (x, y, width, height)]
    x = int(rng.uniform(0.35, 0.65) * width)
    return [(0, 0, x, height), (x, 0, width, height)]


def place(canvas, unlabelled, picture: Picture, tile, rng: random.Random, whole: bool) -> list[list[float]]:
    """Puts a picture, scaled, sheared and perhaps mirrored, into a tile; returns its boxes there.

    `whole`: the picture is fitted into the tile, else it covers the tile.
    """
    left, top, right, bottom = tile
    tile_width, tile_height = right - left, bottom - top
    height, width = picture.image.shape[:2]
    fit = min if whole else max
    low, high = (0.55, 1.25) if whole else (0.6, 1.6)
    scale = fit(tile_width / width, tile_height / height) * math.exp(rng.uniform(math.log(low), math.log(high)))
    scale_x = scale * rng.uniform(0.85, 1.18)
    shear = rng.uniform(-0.08, 0.08)
    mirrored = rng.random() < 0.5
    spare_x, spare_y = tile_width - width * scale_x, tile_height - height * scale
    dx = rng.uniform(min(0, spare_x), max(0, spare_x))
    dy = rng.uniform(min(0, spare_y), max(0, spare_y))
    start = dx + (width * scale_x if mirrored else 0) - shear * height / 2
    affine = np.array([[-scale_x if mirrored else scale_x, shear, start], [0, scale, dy]], np.float32)
    image = picture.image
    if scale < 0.6:
        # warpAffine samples single pixels, which would alias.
        image = cv2.GaussianBlur(image, (0, 0), 0.4 / scale)
    canvas[top:bottom, left:right] = cv2.warpAffine(
        image, affine, (tile_width, tile_height), flags=cv2.INTER_LINEAR, borderValue=(PAD, PAD, PAD)
    )
    unlabelled[top:bottom, left:right] = picture.source.potholes_only
    return [[kind, l + left, t + top, r + left, b + top] for kind, l, t, r, b in moved(picture.boxes, affine, tile_width, tile_height)]


def moved(boxes: np.ndarray, affine: np.ndarray, width: int, height: int):
    """Boxes under an affine map, cut at the edges; those of which too little is left are dropped."""
    for kind, left, top, right, bottom in boxes:
        corners = np.array([[left, top, 1], [right, top, 1], [right, bottom, 1], [left, bottom, 1]], np.float32) @ affine.T
        l, t = corners.min(0)
        r, b = corners.max(0)
        cl, ct, cr, cb = max(l, 0), max(t, 0), min(r, width), min(b, height)
        if cr - cl < MIN_SIDE or cb - ct < MIN_SIDE:
            continue
        if (cr - cl) * (cb - ct) >= MIN_VISIBLE * (r - l) * (b - t):
            yield kind, cl, ct, cr, cb


def weather_and_camera(image: np.ndarray, rng: random.Random, noise: np.random.Generator) -> np.ndarray:
    height, width = image.shape[:2]
    light = image.astype(np.float32)
    if rng.random() < 0.8:
        light = light * rng.uniform(0.6, 1.35) + rng.uniform(-25, 25)
    if rng.random() < 0.3:
        grey = light.mean(2, keepdims=True)
        light = grey + (light - grey) * rng.uniform(0, 1.5)
    if rng.random() < 0.4:
        light *= np.array([rng.uniform(0.9, 1.1) for _ in range(3)], np.float32)
    if rng.random() < 0.12:
        light = night(light, rng, noise)
    if rng.random() < 0.2:
        shadow(light, rng)
    image = np.clip(light, 0, 255).astype(np.uint8)
    if rng.random() < 0.2:
        image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.4, 1.4))
    if rng.random() < 0.15:
        grain = noise.standard_normal((height, width, 3)) * rng.uniform(2, 10)
        image = np.clip(image + grain, 0, 255).astype(np.uint8)
    if rng.random() < 0.4:
        image = cv2.imdecode(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, rng.randint(25, 80)])[1], 1)
    return image


def night(light: np.ndarray, rng: random.Random, noise: np.random.Generator) -> np.ndarray:
    dark = 255 * (np.clip(light, 0, 255) / 255) ** rng.uniform(1.4, 2.4) * rng.uniform(0.5, 0.9)
    return dark + noise.standard_normal((*light.shape[:2], 1)) * rng.uniform(4, 14)


def shadow(light: np.ndarray, rng: random.Random) -> None:
    """Darkens a slanting band."""
    height, width = light.shape[:2]
    y, x = np.mgrid[:height, :width]
    band = np.abs(x + rng.uniform(-1, 1) * y - rng.uniform(0, width)) < rng.uniform(20, 250)
    light[band] *= rng.uniform(0.4, 0.8)
