"""
What light and weather do to a street: night, shadow, rain, a wet road. Each takes and returns `[H, W, 3]` BGR
bytes.
"""

import cv2
import numpy as np


def exposure(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Brightness, contrast, saturation and the colour of the light."""
    gain = rng.uniform(0.6, 1.35) * rng.uniform(0.92, 1.08, 3)
    offset = rng.uniform(-25, 25)
    levels = np.arange(256)[:, None] * gain + offset
    table = np.clip(levels, 0, 255).astype(np.uint8)[None]
    image = cv2.LUT(image, table)
    if rng.random() < 0.3:
        grey = cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
        amount = rng.uniform(0, 1.5)
        image = cv2.addWeighted(image, amount, grey, 1 - amount, 0)
    return image


def night(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Dark, amplified by the camera: raised gamma and grain that is stronger than by day."""
    levels = 255 * (np.arange(256) / 255) ** rng.uniform(1.4, 2.4) * rng.uniform(0.5, 0.9)
    return grain(cv2.LUT(image, levels.astype(np.uint8)), rng, rng.uniform(4, 14), coloured=False)


def shadow(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A dark band with a soft edge, as poles, trees and houses throw it."""
    height, width = image.shape[:2]
    x, slope, half = rng.uniform(0, width), rng.uniform(-1, 1) * height, rng.uniform(10, 160)
    band = np.array([[x - half, 0], [x + half, 0], [x + half + slope, height], [x - half + slope, height]])
    mask = np.zeros((height, width), np.uint8)
    cv2.fillConvexPoly(mask, band.astype(np.int32), 255)
    mask = cv2.GaussianBlur(mask, (0, 0), rng.uniform(0.8, 6))
    return blend(image, cv2.convertScaleAbs(image, alpha=rng.uniform(0.4, 0.8)), mask)


def wet(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Darker patches that mirror what stands above them."""
    height, width = image.shape[:2]
    noise = rng.random((6, 10)).astype(np.float32)
    mask = cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC)
    mask = np.clip((mask - rng.uniform(0.3, 0.6)) * 500, 0, 200).astype(np.uint8)
    mirrored = cv2.blur(cv2.flip(image, 0), (3, 25))
    shine = cv2.addWeighted(image, 0.6, mirrored, rng.uniform(0.1, 0.35), 0)
    return blend(image, shine, mask)


def rain(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Bright streaks of one direction, and less contrast."""
    height, width = image.shape[:2]
    streaks = np.zeros((height, width), np.uint8)
    lean, length = rng.uniform(-0.4, 0.4), rng.uniform(6, 24)
    starts = rng.uniform([0, -length], [width, height], (rng.integers(60, 400), 2))
    for x, y in starts:
        end = (int(x + lean * length), int(y + length))
        cv2.line(streaks, (int(x), int(y)), end, int(rng.integers(40, 160)), 1, cv2.LINE_AA)
    veiled = cv2.convertScaleAbs(image, alpha=rng.uniform(0.75, 0.95), beta=rng.uniform(5, 25))
    return cv2.add(veiled, cv2.cvtColor(cv2.blur(streaks, (1, 3)), cv2.COLOR_GRAY2BGR))


def grain(image: np.ndarray, rng: np.random.Generator, strength: float, coloured: bool = True) -> np.ndarray:
    noise = rng.standard_normal((*image.shape[:2], 3 if coloured else 1), np.float32) * strength
    return np.clip(image + noise, 0, 255).astype(np.uint8)


def blend(image: np.ndarray, other: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """`other` where the mask is 255, `image` where it is 0."""
    share = (mask.astype(np.float32) / 255)[..., None]
    return (image + (other.astype(np.float32) - image) * share).astype(np.uint8)
