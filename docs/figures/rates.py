"""How much of each direction a step leaves, for every learning rate."""

import numpy as np
from matplotlib import rcParams
from matplotlib.figure import Figure


def draw(fig: Figure) -> None:
    """Draw the size of the two factors, the slower one thick, with the best and the largest learning rate."""
    fig.set_size_inches(5.0, 3.0)
    ax = fig.add_subplot()
    eta = np.linspace(0, 0.58, 291)
    flat, steep = abs(1 - eta), abs(1 - 4 * eta)
    ax.plot(eta, np.maximum(flat, steep), color=rcParams["text.color"], lw=7, alpha=0.2, label="the slower one")
    ax.plot(eta, flat, color="C0", label=r"flat, $\lambda = 1$")
    ax.plot(eta, steep, color="C1", label=r"steep, $\lambda = 4$")
    ax.axhline(1, color=rcParams["text.color"], lw=0.8, ls=":")
    for x, y, text, place in ((0.4, 0.6, "best", (0.4, 0.42)), (0.5, 1.0, "largest", (0.4, 1.06))):
        ax.plot(x, y, "o", color=rcParams["text.color"], ms=6)
        ax.annotate(f"{text}: {x}", (x, y), place)
    ax.set(xlabel=r"learning rate $\eta$", ylabel="size of the factor", xlim=(0, 0.58), ylim=(0, 1.35))
    ax.legend(loc="lower right", fontsize=10)
