"""
The first convolution in its two forms: on the twelve planes that `Focus` makes, as it is trained, and on the
picture's three planes with six times six pixels and stride 2, as it ships.
"""

import torch

PLANES = "gbr"
"""The order of ffmpeg's `gbrp`."""
CORNERS = ((0, 0), (1, 0), (0, 1), (1, 1))
"""Row and column of the pixels, in the order in which `Focus` stacks them."""


def fold(weight: torch.Tensor) -> torch.Tensor:
    """`[N, 12, 3, 3]` on BGR corners to `[N, 3, 6, 6]` on `PLANES`."""
    folded = weight.new_zeros(len(weight), 3, 6, 6)
    for corner, (row, column) in enumerate(CORNERS):
        for plane, colour in enumerate(PLANES):
            folded[:, plane, row::2, column::2] = weight[:, 3 * corner + "bgr".index(colour)]
    return folded


def unfold(weight: torch.Tensor) -> torch.Tensor:
    """The other way round."""
    unfolded = weight.new_zeros(len(weight), 12, 3, 3)
    for corner, (row, column) in enumerate(CORNERS):
        for plane, colour in enumerate(PLANES):
            unfolded[:, 3 * corner + "bgr".index(colour)] = weight[:, plane, row::2, column::2]
    return unfolded
