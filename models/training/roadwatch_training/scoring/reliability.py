"""`reliability.png`: what a model's confidence is worth."""

from pathlib import Path

import numpy as np

from ..plot import finish, plt
from .metrics import Curve

BINS = np.linspace(0, 1, 11)
FEWEST = 5
"""Bins with fewer boxes say nothing and are left out."""


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
