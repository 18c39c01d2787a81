"""A data set of drawn roads, small enough to train on in a moment, and models with random weights."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
# ruff: noqa: E402
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from roadwatch_training.data.classes import NAMES
from roadwatch_training.network.model import SIZES, Detector

torch.set_num_threads(1)
cv2.setNumThreads(0)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """train/ with two pictures of each source, val/ with one; grey roads with a dark pothole."""
    root = tmp_path / "data"
    for part, prefixes in (("train", ("rdd_cn_a", "rdd_cn_b", "web_a", "web_b")), ("val", ("rdd_cn_c",))):
        for folder in ("images", "labels"):
            (root / part / folder).mkdir(parents=True)
        for number, name in enumerate(prefixes):
            draw_road(root / part, name, number)
    (root / "classes.txt").write_text("\n".join(NAMES))
    return root


def draw_road(folder: Path, name: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    image = rng.normal(120, 8, (96, 128, 3)).clip(0, 255).astype(np.uint8)
    cv2.ellipse(image, (64, 48), (20, 12), 0, 0, 360, (30, 30, 30), -1)
    cv2.imwrite(str(folder / "images" / f"{name}.png"), image)
    (folder / "labels" / f"{name}.txt").write_text("3 0.5 0.5 0.32 0.26\n")


@pytest.fixture
def lively_model() -> Detector:
    """Random weights whose scores spread over 0 to 1, and normalisation that is not the identity."""
    torch.manual_seed(0)
    model = Detector(SIZES["nano"], len(NAMES))
    with torch.no_grad():
        for module in model.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.running_mean.normal_(0, 0.2)
                module.running_var.uniform_(0.5, 1.5)
                module.weight.uniform_(0.8, 1.6)
                module.bias.normal_(0, 0.2)
        for head in model.heads:
            head.classes.bias.normal_(0, 0.1)
            head.objectness.bias.normal_(0, 0.1)
            head.classes.weight.mul_(20)
            head.objectness.weight.mul_(20)
    return model.eval()
