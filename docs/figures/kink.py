"""At the kink of ReLU, many lines lie below the function and touch it."""

import numpy as np
from matplotlib.figure import Figure


def draw(fig: Figure) -> None:
    """Draw ReLU and lines through 0 with slopes between 0 and 1."""
    fig.set_size_inches(5.0, 2.8)
    ax = fig.add_subplot()
    z = np.array([-2.0, 0.0, 2.0])
    ax.plot(z, np.maximum(z, 0), color="C0", lw=3, label=r"$\max(0, z)$")
    for slope in (0, 0.25, 0.5, 0.75, 1):
        ax.plot(z, slope * z, color="C1", lw=1.1, ls="--", label="slopes from 0 to 1" if slope == 0.5 else None)
    ax.set(xlabel="$z$", ylim=(-2.1, 2.1), yticks=[-2, -1, 0, 1, 2])
    ax.legend(loc="upper left")
