"""
What a cheap camera and its encoder do to a picture: blur, grain, a low resolution, blocks. Each takes and
returns `[H, W, 3]` BGR bytes.
"""

import cv2
import numpy as np


def blur(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Out of focus, or shaken by wind and traffic."""
    if rng.random() < 0.6:
        return cv2.GaussianBlur(image, (0, 0), rng.uniform(0.4, 1.4))
    length = int(rng.integers(3, 8))
    kernel = np.zeros((length, length), np.float32)
    angle = rng.uniform(0, np.pi)
    middle = (length - 1) / 2
    reach = middle * np.array([np.cos(angle), np.sin(angle)])
    start, end = (tuple(np.round(middle + side * reach).astype(int).tolist()) for side in (-1, 1))
    cv2.line(kernel, start, end, 1.0)
    return cv2.filter2D(image, -1, kernel / kernel.sum())


def low_resolution(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A sub-stream scaled up again."""
    factor = rng.uniform(0.4, 0.8)
    small = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return cv2.resize(small, image.shape[1::-1], interpolation=cv2.INTER_LINEAR)


def compress(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """
    Blocks and lost detail of a starved encoder. JPEG has H.264's block transform and quantisation; encoding
    at a reduced size gives the larger blocks and softer texture of its inter frames.
    """
    height, width = image.shape[:2]
    factor = rng.uniform(0.5, 1.0) if rng.random() < 0.5 else 1.0
    small = (
        cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA) if factor < 1 else image
    )
    quality = int(rng.integers(20, 80))
    _, encoded = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, quality])
    decoded = cv2.imdecode(encoded, cv2.IMREAD_COLOR)
    return cv2.resize(decoded, (width, height), interpolation=cv2.INTER_LINEAR) if factor < 1 else decoded
