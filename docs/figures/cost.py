"""How many multiplications one example takes: forward, backpropagation, and central differences."""

import numpy as np
from matplotlib import rcParams
from matplotlib.figure import Figure

INPUTS, OUTPUTS = 784, 10


def draw(fig: Figure) -> None:
    """Draw the three counts against the number of hidden numbers."""
    h = np.logspace(0, 3, 31)
    forward = (INPUTS + OUTPUTS) * h
    backward = 2 * forward - INPUTS * h
    parameters = INPUTS * h + h + h * OUTPUTS + OUTPUTS
    ax = fig.add_subplot()
    for color, count, name, above in [
        ("C1", 2 * parameters * forward, "central differences", 0.3),
        ("C0", forward + backward, "backpropagation", 0.16),
        ("C2", forward, "forward alone", -0.28),
    ]:
        ax.loglog(h, count, color=color)
        side, paper = (
            "right" if above > 0 else "left",
            {"facecolor": rcParams["figure.facecolor"], "edgecolor": "none", "pad": 1},
        )
        ax.text(h[15], count[15] * 10 ** (2.4 * above), name, color=color, ha=side, bbox=paper)
    ax.set(xlabel="hidden numbers", ylabel="multiplications")
    ax.set_title("one example, 784 inputs, 10 outputs", fontsize=11)
