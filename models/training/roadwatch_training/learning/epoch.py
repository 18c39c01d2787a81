"""One pass over the training pictures: the order of samples, the learning rate, the optimiser's steps."""

import math
from collections.abc import Iterable

import cv2
import torch
from torch.utils.data import DataLoader
from tqdm import tqdm

from ..data.augment import TrainingSet, collate
from ..network.model import Detector
from .loss import detection_loss
from .state import Options, TrainingState

WARM_UP_STEPS = 200
"""Or a tenth of a short training."""
LAST_RATE = 0.05
"""The learning rate ends at this share of its height."""
WEIGHT_DECAY = 0.02
CLIP_NORM = 10.0


def learning_rate(options: Options, step: int, steps: int) -> float:
    cosine = 0.5 * (1 + math.cos(math.pi * min(1.0, step / steps)))
    warm = min(1.0, (step + 1) / min(WARM_UP_STEPS, max(1, steps // 10)))
    return options.rate * warm * (LAST_RATE + (1 - LAST_RATE) * cosine)


def make_optimizer(model: Detector, rate: float) -> torch.optim.Optimizer:
    """Only convolutions' weights decay: biases and normalisation have no reason to be small."""
    groups = [
        {"params": [p for p in model.parameters() if p.ndim > 1], "weight_decay": WEIGHT_DECAY},
        {"params": [p for p in model.parameters() if p.ndim <= 1], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=rate)


def loader(samples: TrainingSet, options: Options, workers: int) -> DataLoader:
    order = torch.Generator().manual_seed(options.seed * 1_000_003 + samples.epoch)
    return DataLoader(
        samples,
        options.batch,
        shuffle=True,
        generator=order,
        num_workers=workers,
        collate_fn=collate,
        drop_last=len(samples) >= options.batch,
        worker_init_fn=lambda _: cv2.setNumThreads(0),
    )


def train_epoch(state: TrainingState, batches: Iterable, steps: int) -> dict[str, float]:
    """One pass, of a training that takes `steps` in all; returns the mean losses."""
    options, model, optimizer, progress = state.options, state.model, state.optimizer, state.progress
    device = state.device
    model.train()
    sums = dict.fromkeys(("total", "box", "objectness", "classes"), 0.0)
    bar = tqdm(batches, desc=f"epoch {progress.epoch + 1}/{options.epochs}")
    for number, (planes, targets) in enumerate(bar, 1):
        rate = learning_rate(options, progress.step, steps)
        for group in optimizer.param_groups:
            group["lr"] = rate
        inputs = planes.to(device).float().contiguous(memory_format=torch.channels_last)
        with torch.autocast(device.type, torch.bfloat16, enabled=options.precision == "bf16"):
            maps = model(inputs)
        losses = detection_loss(maps, [type(t)(*(part.to(device) for part in t)) for t in targets])
        if not torch.isfinite(losses.total):
            raise FloatingPointError(
                f"the loss is {losses.total.item()} at step {progress.step}; lower --rate"
            )
        optimizer.zero_grad()
        losses.total.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP_NORM)
        optimizer.step()
        progress.step += 1
        state.ema.update(model, progress.step)
        for name, value in losses._asdict().items():
            sums[name] += value.item() if isinstance(value, torch.Tensor) else value
        bar.set_postfix(loss=f"{sums['total'] / number:.3f}", rate=f"{rate:.1e}")
    return {name: value / number for name, value in sums.items()}
