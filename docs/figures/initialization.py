"""The size of a signal after each of ten layers, for four starts."""

from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure

from nnlit import Dense, glorot, he

Start = Callable[[int, int, np.random.Generator], Dense]


def half(n_in: int, n_out: int, rng: np.random.Generator) -> Dense:
    """Every weight and bias between minus and plus one half."""
    return Dense(rng.uniform(-0.5, 0.5, (n_in, n_out)), rng.uniform(-0.5, 0.5, n_out))


STARTS: dict[str, Start] = {"-1/2 to 1/2": half, "He": he, "Glorot": glorot, "uniform start": Dense.start}


def draw(fig: Figure) -> None:
    """Draw one line per start."""
    ax = fig.add_subplot()
    for marker, (name, start) in zip("sovd", STARTS.items(), strict=True):
        ax.plot(range(11), _sizes(start), marker=marker, markersize=5, label=name)
    ax.set(yscale="log", xlabel="layers passed", ylabel="size of the signal", xticks=range(0, 11, 2))
    ax.legend(loc="upper left")


def _sizes(start: Start) -> list[float]:
    rng = np.random.default_rng(0)
    A = rng.normal(size=(500, 100))
    sizes = [1.0]
    for _ in range(10):
        A = np.maximum(start(100, 100, rng).forward(A)[0], 0)
        sizes.append(float(np.sqrt(np.mean(A**2))))
    return sizes
