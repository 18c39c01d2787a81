"""
How a picture is fitted into the model's input, as the agent does it: keeping its shape, at the top left,
padded at the right and bottom.
"""

import cv2
import numpy as np

from .compose import PAD


def content_size(source: tuple[int, int], size: tuple[int, int]) -> tuple[int, int]:
    """Width and height of the picture inside an input of `size` (width, height)."""
    scale = min(size[0] / source[0], size[1] / source[1])
    # Half rounds up, as in the agent; Python's round() would go to the even number.
    return tuple(
        max(1, min(side, int(length * scale + 0.5))) for length, side in zip(source, size, strict=True)
    )


def letterbox(image: np.ndarray, size: tuple[int, int]) -> tuple[np.ndarray, tuple[int, int]]:
    """`[H, W, 3]` bytes of the input's size, and the size of the picture in it."""
    content = content_size((image.shape[1], image.shape[0]), size)
    shrinks = content[0] < image.shape[1]
    fitted = cv2.resize(image, content, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    padded = np.full((size[1], size[0], 3), PAD, np.uint8)
    padded[: content[1], : content[0]] = fitted
    return padded, content
