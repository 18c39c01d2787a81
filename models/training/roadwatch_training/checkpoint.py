"""
The state of a training at the end of an epoch: written whole or not at all, and taken up only by a training
with the same options.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path

import torch

from .average import Average
from .classes import NAMES
from .model import Detector
from .weights import WeightsError, load_parameters, read_checkpoint


@dataclass
class Progress:
    """`epoch` and `step` are the next ones; `history` has a row for each finished epoch."""

    epoch: int = 0
    step: int = 0
    best: float = -1.0
    history: list[dict] = field(default_factory=list)


def save(
    path: Path,
    model: Detector,
    average: Average,
    optimizer: torch.optim.Optimizer,
    progress: Progress,
    options: dict,
) -> None:
    state = {
        "size": model.size.name,
        "classes": list(NAMES),
        "options": options,
        "model": model.state_dict(),
        "ema": average.model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "progress": vars(progress),
    }
    unfinished = path.with_suffix(".tmp")
    torch.save(state, unfinished)
    os.replace(unfinished, path)


def resume(
    path: Path, model: Detector, average: Average, optimizer: torch.optim.Optimizer, options: dict
) -> Progress:
    """Raises WeightsError when the checkpoint is of another training; the message names the option."""
    state = read_checkpoint(path)
    if "optimizer" not in state or "progress" not in state:
        raise WeightsError(f"{path}: holds weights only; a training can start from it (--start), not resume")
    for name, value in options.items():
        before = state["options"].get(name)
        if before != value:
            raise WeightsError(
                f"{path}: was trained with {name} = {before!r}, not {value!r}; choose another --out"
            )
    load_parameters(model, state["model"], str(path))
    load_parameters(average.model, state["ema"], str(path))
    optimizer.load_state_dict(state["optimizer"])
    return Progress(**state["progress"])
