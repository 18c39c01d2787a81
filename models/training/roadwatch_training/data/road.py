"""
Where a picture of a street shows asphalt: grey as a patch in front of the camera, without edges, and hanging
together with it. Good enough to lay damage on; cars, kerbs, lane marks and verges fall out by their colour or
their edges.
"""

import cv2
import numpy as np

from .compose import PAD

WORKING_WIDTH = 160
SEEDS = [(x, y) for y in (0.88, 0.78, 0.68) for x in (0.5, 0.35, 0.65)]
LIGHTNESS, COLOUR = 34, 9
"""How far from the patch's colour asphalt may be, in CIE L*a*b* of 0 to 255."""
EDGE = 26
"""Steeper than the texture of asphalt, in grey levels a pixel at the working width."""
FEWEST, MOST = 0.08, 0.8
"""As a share of the picture: less is a car's bonnet, more is a wall or a close-up."""
PADDING = cv2.cvtColor(np.full((1, 1, 3), PAD, np.uint8), cv2.COLOR_BGR2LAB)[0, 0].astype(np.float32)
HIGHEST = 0.3
"""Above it no road is looked for: sky is grey too."""


def asphalt(image: np.ndarray) -> np.ndarray | None:
    """`[H, W]` of whether it is road, some way from whatever is not; None where no road is told apart."""
    height, width = image.shape[:2]
    scale = WORKING_WIDTH / width
    small = cv2.resize(image, (WORKING_WIDTH, max(8, round(height * scale))), interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(small, cv2.COLOR_BGR2LAB).astype(np.float32)
    calm = steepness(lab[..., 0]) < EDGE
    best, most = None, FEWEST * calm.size
    for x, y in SEEDS:
        found = grown(lab, calm, int(x * small.shape[1]), int(y * small.shape[0]))
        if found is not None and most < found.sum() <= MOST * calm.size:
            best, most = found, found.sum()
    if best is None:
        return None
    inner = cv2.erode(best.astype(np.uint8), np.ones((5, 5), np.uint8), borderValue=0)
    return cv2.resize(inner, (width, height), interpolation=cv2.INTER_NEAREST).astype(bool)


def steepness(grey: np.ndarray) -> np.ndarray:
    kernel = np.ones((3, 3), np.uint8)
    return cv2.dilate(grey, kernel) - cv2.erode(grey, kernel)


def grown(lab: np.ndarray, calm: np.ndarray, x: int, y: int) -> np.ndarray | None:
    patch = lab[max(0, y - 3) : y + 4, max(0, x - 5) : x + 6].reshape(-1, 3)
    middle = np.median(patch, 0)
    distance = np.abs(lab - middle)
    alike = (distance[..., 0] < LIGHTNESS) & (distance[..., 1:].max(-1) < COLOUR) & calm
    alike[: int(HIGHEST * len(lab))] = False
    # A padded border is of one exact colour, and no road.
    alike &= np.abs(lab - PADDING).max(-1) > 0.5
    closed = cv2.morphologyEx(alike.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    _, labels = cv2.connectedComponents(closed, connectivity=4)
    return labels == labels[y, x] if labels[y, x] else None
