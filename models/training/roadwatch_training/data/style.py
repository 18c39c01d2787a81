"""
How another camera would render the same scene: its tone curve, white balance and sharpening; the colours of
another picture; haze, snow and glare. Each takes and returns `[H, W, 3]` BGR bytes.
"""

import cv2
import numpy as np

from .weather import blend


def tone(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A gamma, lifted blacks and lowered whites, for each plane a little different."""
    levels = np.arange(256)[:, None] / 255
    curve = levels ** (rng.uniform(0.65, 1.5) * rng.uniform(0.93, 1.07, 3))
    low, high = rng.uniform(0, 0.18), rng.uniform(0.8, 1)
    return cv2.LUT(image, (255 * (low + (high - low) * curve)).astype(np.uint8)[None])


def sharpen(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The halos of a cheap camera's signal processor."""
    blurred = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.8, 2))
    amount = rng.uniform(0.4, 1.8)
    return cv2.addWeighted(image, 1 + amount, blurred, -amount, 0)


def haze(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Fog, or a dirty window: brighter and paler towards the top, where it is far."""
    height = image.shape[0]
    far = np.linspace(rng.uniform(0.35, 0.8), rng.uniform(0.05, 0.35), height)
    mask = np.repeat((255 * far).astype(np.uint8)[:, None], image.shape[1], 1)
    return blend(image, np.full_like(image, rng.integers(150, 225)), mask)


def snow(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """White along blotches, thin enough that the road shows in places, and flakes in the air."""
    height, width = image.shape[:2]
    noise = cv2.resize(rng.random((7, 11)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    mask = np.clip((noise - rng.uniform(0.5, 0.8)) * 500, 0, 210).astype(np.uint8)
    covered = blend(image, np.full_like(image, 225), mask)
    for x, y in rng.uniform(0, [width, height], (rng.integers(20, 150), 2)):
        cv2.circle(covered, (int(x), int(y)), int(rng.integers(1, 3)), (235, 235, 235), -1, cv2.LINE_AA)
    return covered


def glare(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The sun, or its mirror image on the road, shining into the lens."""
    height, width = image.shape[:2]
    x, y = rng.uniform(0, width), rng.uniform(0, height)
    wide, high = rng.uniform(0.05, 0.35, 2) * width
    columns, rows = (np.arange(width) - x) / wide, (np.arange(height) - y) / high
    light = np.exp(-(columns[None] ** 2) - rows[:, None] ** 2) * rng.uniform(80, 230)
    return np.clip(image + light[..., None], 0, 255).astype(np.uint8)


def colours_of(image: np.ndarray, other: np.ndarray, share: float) -> np.ndarray:
    """
    The image with the mean and spread of the other's colours (Reinhard et al., 2001, "Color transfer between
    images"), to a share of 0 to 1.
    """
    lab, model = (cv2.cvtColor(part, cv2.COLOR_BGR2LAB).astype(np.float32) for part in (image, other))
    mean, spread = lab.mean((0, 1)), lab.std((0, 1)) + 1
    wanted, wide = model.mean((0, 1)), model.std((0, 1)) + 1
    gain = np.clip(wide / spread, 0.5, 2)
    moved = lab + share * ((lab - mean) * gain + wanted - lab)
    return cv2.cvtColor(np.clip(moved, 0, 255).astype(np.uint8), cv2.COLOR_LAB2BGR)
