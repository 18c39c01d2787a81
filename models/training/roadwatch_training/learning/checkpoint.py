"""
The state of a training at the end of an epoch: written whole or not at all, and taken up only by a training
with the same options.
"""

import os
from dataclasses import asdict
from pathlib import Path

import torch

from ..data.classes import NAMES
from ..network.errors import WeightsError
from ..network.weights import load_parameters, read_checkpoint
from .state import Progress, TrainingState


def save(path: Path, state: TrainingState) -> None:
    whole = {
        "size": state.model.size.name,
        "classes": list(NAMES),
        "options": asdict(state.options),
        "model": state.model.state_dict(),
        "ema": state.ema.model.state_dict(),
        "optimizer": state.optimizer.state_dict(),
        "progress": vars(state.progress),
    }
    unfinished = path.with_suffix(".tmp")
    torch.save(whole, unfinished)
    os.replace(unfinished, path)


def resume(path: Path, state: TrainingState) -> None:
    """
    Brings the state to where the checkpoint left it. Raises WeightsError when that is of another training;
    the message names the option.
    """
    saved = read_checkpoint(path)
    if "optimizer" not in saved or "progress" not in saved:
        raise WeightsError(f"{path}: holds weights only; a training can start from it (--start), not resume")
    for name, value in asdict(state.options).items():
        before = saved["options"].get(name)
        if before != value:
            raise WeightsError(
                f"{path}: was trained with {name} = {before!r}, not {value!r}; choose another --out"
            )
    load_parameters(state.model, saved["model"], str(path))
    load_parameters(state.ema.model, saved["ema"], str(path))
    state.optimizer.load_state_dict(saved["optimizer"])
    state.progress = Progress(**saved["progress"])
