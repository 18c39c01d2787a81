"""
The pictures that go with a model: `curves.png`, how it learned, and `reliability.png`, what its confidence is
worth.
"""

from pathlib import Path

import matplotlib
import numpy as np

from .classes import NAMES
from .metrics import Curve

matplotlib.use("agg")
from matplotlib import pyplot as plt  # noqa: E402  (the backend must be chosen first: there may be no display)

BINS = np.linspace(0, 1, 11)
FEWEST = 5
"""Bins with fewer boxes say nothing and are left out."""


def draw_training(history: list[dict], path: Path) -> None:
    figure, (losses, precision) = plt.subplots(1, 2, figsize=(11, 4))
    epochs = [row["epoch"] + 1 for row in history]
    for name in ("total", "box", "objectness", "classes"):
        losses.plot(epochs, [row["loss"][name] for row in history], label=name)
    losses.set(title="loss", xlabel="epoch", yscale="log")
    judged = [row for row in history if row.get("ap50")]
    for name in (*NAMES, "mAP50"):
        values = [row["ap50"][name] for row in judged]
        if any(value is not None for value in values):
            points = [float("nan") if value is None else value for value in values]
            style = {"color": "black", "linewidth": 2} if name == "mAP50" else {"marker": ".", "linewidth": 1}
            precision.plot([row["epoch"] + 1 for row in judged], points, label=name, **style)
    precision.set(title="AP50 on val", xlabel="epoch", ylim=(0, 1))
    finish(figure, [losses, precision], path)


def reliability(curve: Curve) -> list[dict]:
    """For each tenth of the scores: how many boxes, their mean score, and how many of them are right."""
    rows = []
    for low, high in zip(BINS, BINS[1:], strict=False):
        within = (curve.scores >= low) & ((curve.scores < high) | (high == 1))
        count = int(within.sum())
        rows.append(
            {
                "from": round(float(low), 1),
                "to": round(float(high), 1),
                "boxes": count,
                "score": float(curve.scores[within].mean()) if count else None,
                "precision": float(curve.hits[within].mean()) if count else None,
            }
        )
    return rows


def draw_reliability(rows: dict[str, list[dict]], thresholds: dict[str, float], path: Path) -> None:
    figure, (precision, counts) = plt.subplots(1, 2, figsize=(11, 4))
    precision.plot([0, 1], [0, 1], color="grey", linestyle=":", label="confidence = precision")
    for name, bins in rows.items():
        shown = [row for row in bins if row["boxes"] >= FEWEST]
        (line,) = precision.plot(
            [row["score"] for row in shown], [row["precision"] for row in shown], marker="o", label=name
        )
        precision.axvline(thresholds[name], color=line.get_color(), linewidth=0.7, linestyle="--")
        counts.plot(
            [(row["from"] + row["to"]) / 2 for row in bins],
            [row["boxes"] for row in bins],
            marker=".",
            label=name,
        )
    precision.set(
        title="precision of boxes (dashed: threshold)", xlabel="confidence", xlim=(0, 1), ylim=(0, 1)
    )
    counts.set(title="number of boxes", xlabel="confidence", xlim=(0, 1), yscale="log")
    finish(figure, [precision, counts], path)


def finish(figure: plt.Figure, axes: list[plt.Axes], path: Path) -> None:
    for axis in axes:
        axis.grid(alpha=0.3)
        axis.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(path, dpi=80)
    plt.close(figure)
