"""Squared error: each difference is the side of a square."""

import numpy as np
from matplotlib import rcParams
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

X = np.array([0.6, 2.4, 4.4, 5.6])
TARGETS = np.array([2.1, 0.8, 3.9, 2.5])


def draw(fig: Figure) -> None:
    """Draw a line of predictions, the targets, and a square between each pair."""
    fig.set_size_inches(5.4, 3.2)
    ax = fig.add_subplot()
    predictions = 0.5 * X + 0.7
    ax.plot([0, 7], [0.7, 4.2], color="C0", label="predictions")
    for x, y_hat, y in zip(X, predictions, TARGETS, strict=True):
        side = abs(y_hat - y)
        ax.add_patch(Rectangle((x, min(y_hat, y)), side, side, facecolor="C1", alpha=0.3, edgecolor="C1"))
        ax.text(x + side / 2, (y_hat + y) / 2, f"${side**2:.2f}$", ha="center", va="center", fontsize=11)
    ax.plot(X, predictions, "o", color="C0", ms=6)
    ax.plot(X, TARGETS, "D", color=rcParams["text.color"], ms=6, label="targets")
    ax.set(aspect="equal", xlim=(0, 7.4), ylim=(0, 4.4), xticks=[], xlabel="input")
    ax.legend(loc="upper left")
    ax.grid(visible=False)
