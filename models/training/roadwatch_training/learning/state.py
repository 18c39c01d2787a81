"""What a training holds between two epochs: the options that decide its result, and all that it changes."""

from dataclasses import dataclass, field

import torch

from ..network.model import Detector
from .ema import ModelEma


@dataclass(frozen=True)
class Options:
    """What decides the result, and so must be the same when a training is taken up again."""

    size: str = "nano"
    width: int = 640
    height: int = 384
    epochs: int = 30
    samples: int = 0
    """An epoch; 0: as many as there are pictures. Few let a training on a slow machine be stopped often."""
    calm_epochs: int = 4
    batch: int = 16
    rate: float = 1e-3
    seed: int = 1
    precision: str = "bf16"


@dataclass
class Progress:
    """`epoch` and `step` are the next ones; `history` has a row for each finished epoch."""

    epoch: int = 0
    step: int = 0
    best: float = -1.0
    history: list[dict] = field(default_factory=list)


@dataclass
class TrainingState:
    """Written to a checkpoint as a whole, and taken up from one; see `checkpoint`."""

    options: Options
    model: Detector
    ema: ModelEma
    """The weights that are evaluated and shipped."""
    optimizer: torch.optim.Optimizer
    progress: Progress = field(default_factory=Progress)

    @property
    def epochs_left(self) -> int:
        return self.options.epochs - self.progress.epoch

    @property
    def device(self) -> torch.device:
        return next(self.model.parameters()).device
