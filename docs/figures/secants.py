"""Lines through two points of the curve of x^3, which approach the tangent at 1."""

import numpy as np
from matplotlib import rcParams
from matplotlib.figure import Figure


def draw(fig: Figure) -> None:
    """Draw the curve, three secants with their slopes, and the tangent."""
    fig.set_size_inches(5.0, 3.4)
    ax = fig.add_subplot()
    x = np.linspace(0.35, 2.1, 200)
    ax.plot(x, x**3, color=rcParams["text.color"], lw=2.2, zorder=3)
    for k, h in enumerate((1.0, 0.5, 0.25)):
        slope = ((1 + h) ** 3 - 1) / h
        ends = np.array([0.75, 1 + h + 0.12])
        ax.plot(ends, 1 + slope * (ends - 1), color=f"C{k}", lw=1.4, label=f"step {h:g}: slope {slope:g}")
        ax.plot(1 + h, (1 + h) ** 3, "o", color=f"C{k}", zorder=4)
    ends = np.array([0.55, 2.1])
    ax.plot(ends, 1 + 3 * (ends - 1), "--", color=rcParams["text.color"], lw=1.2, label="tangent: slope 3")
    ax.plot(1, 1, "o", color=rcParams["text.color"], zorder=4)
    ax.set(xlim=(0.35, 2.15), ylim=(-0.9, 9), xlabel="$x$", ylabel="$x^3$")
    ax.legend(loc="upper left", fontsize=10)
