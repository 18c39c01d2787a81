"""What every drawing has in common; no display is needed."""

from pathlib import Path

import matplotlib

matplotlib.use("agg")
from matplotlib import pyplot as plt  # noqa: E402  (the backend must be chosen first: there may be no display)

__all__ = ["finish", "plt"]


def finish(figure: plt.Figure, axes: list[plt.Axes], path: Path) -> None:
    for axis in axes:
        axis.grid(alpha=0.3)
        axis.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(path, dpi=80)
    plt.close(figure)
