"""`curves.png`: how a model learned."""

from pathlib import Path

from ..data.classes import NAMES
from ..plot import finish, plt


def draw_training(history: list[dict], path: Path) -> None:
    figure, (losses, precision) = plt.subplots(1, 2, figsize=(11, 4))
    epochs = [row["epoch"] + 1 for row in history]
    for name in ("total", "box", "objectness", "classes"):
        losses.plot(epochs, [row["loss"][name] for row in history], label=name)
    losses.set(title="loss", xlabel="epoch", yscale="log")
    evaluated = [row for row in history if row.get("ap50")]
    for name in (*NAMES, "mAP50"):
        values = [row["ap50"][name] for row in evaluated]
        if any(value is not None for value in values):
            points = [float("nan") if value is None else value for value in values]
            style = {"color": "black", "linewidth": 2} if name == "mAP50" else {"marker": ".", "linewidth": 1}
            precision.plot([row["epoch"] + 1 for row in evaluated], points, label=name, **style)
    precision.set(title="AP50 on val", xlabel="epoch", ylim=(0, 1))
    finish(figure, [losses, precision], path)
