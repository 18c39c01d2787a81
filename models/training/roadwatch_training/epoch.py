"""One pass over the training pictures: the order of samples, the learning rate, the optimiser's steps."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import torch
from torch.utils.data import DataLoader
from tqdm import tqdm

from .augment import TrainingSet, collate
from .average import Average
from .checkpoint import Progress
from .loss import detection_loss
from .model import Detector

WARM_UP_STEPS = 200
"""Or a tenth of a short training."""
LAST_RATE = 0.05
"""The learning rate ends at this share of its height."""
WEIGHT_DECAY = 0.02
CLIP_NORM = 10.0


@dataclass(frozen=True)
class Options:
    """What decides the result, and so must be the same when a training is taken up again."""

    size: str = "nano"
    width: int = 640
    height: int = 384
    epochs: int = 30
    calm_epochs: int = 4
    batch: int = 16
    rate: float = 1e-3
    seed: int = 1
    precision: str = "bf16"


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


def train_epoch(
    model: Detector,
    average: Average,
    optimizer: torch.optim.Optimizer,
    batches: Iterable,
    progress: Progress,
    options: Options,
    steps: int,
) -> dict[str, float]:
    """One pass; returns the mean losses."""
    device = next(model.parameters()).device
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
        average.update(model, progress.step)
        for name, value in losses._asdict().items():
            sums[name] += value.item() if isinstance(value, torch.Tensor) else value
        bar.set_postfix(loss=f"{sums['total'] / number:.3f}", rate=f"{rate:.1e}")
    return {name: value / number for name, value in sums.items()}
