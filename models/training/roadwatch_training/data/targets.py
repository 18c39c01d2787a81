"""What is true of one training sample, for the loss."""

from typing import NamedTuple

import torch


class Targets(NamedTuple):
    """
    Of one picture: `boxes` `[N, 4]` in input pixels, `classes` `[N]`, `unlabelled` `[H/8, W/8, C]`: what its
    sources leave unlabelled, and where.
    """

    boxes: torch.Tensor
    classes: torch.Tensor
    unlabelled: torch.Tensor
