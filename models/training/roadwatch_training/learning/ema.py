"""
The exponential moving average (EMA) of the weights: steadier than the last step's, and what is evaluated and
shipped.
"""

import copy
import math

import torch

from ..network.model import Detector

DECAY = 0.998
WARM_UP_STEPS = 200


class ModelEma:
    def __init__(self, model: Detector):
        self.model = copy.deepcopy(model).eval()

    @torch.no_grad()
    def update(self, model: Detector, step: int) -> None:
        """`step` from 1: at first the average follows closely, since the start is soon outdated."""
        share = 1 - DECAY * (1 - math.exp(-step / WARM_UP_STEPS))
        for mine, new in zip(self.model.state_dict().values(), model.state_dict().values(), strict=True):
            if mine.dtype.is_floating_point:
                mine.lerp_(new, share)
            else:
                mine.copy_(new)
