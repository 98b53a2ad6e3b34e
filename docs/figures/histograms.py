"""What the hidden numbers of ten layers look like, as histograms layer by layer, for three starts."""

import itertools
from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nnlit import Dense, Scale, glorot, load_mnist
from nnlit.data import Array

Start = Callable[[int, int, np.random.Generator], Dense]
LAYERS, UNITS, IMAGES = 10, 100, 500
EDGES = np.linspace(-1, 1, 42)
COLORS = ("C0", "C2", "C1")


def half(n_in: int, n_out: int, rng: np.random.Generator) -> Dense:
    """Every weight and bias between minus and plus one half."""
    return Dense(rng.uniform(-0.5, 0.5, (n_in, n_out)), rng.uniform(-0.5, 0.5, n_out))


STARTS: dict[str, Start] = {"uniform start": Dense.start, "Glorot": glorot, "-1/2 to 1/2": half}


def draw(fig: Figure) -> None:
    """Draw a column per start, and in it a histogram per layer, the first on top."""
    axes = columns(fig, "the hidden numbers, from -1 to 1", [-1, 0, 1])
    for ax, start, color in zip(axes, STARTS.values(), COLORS, strict=True):
        for k, A in enumerate(_hidden(start)):
            counts, _ = np.histogram(A, EDGES)
            ax.stairs(-k + 0.95 * counts / counts.max(), EDGES, baseline=-k, fill=True, color=color, alpha=0.8)


def columns(fig: Figure, below: str, ticks: Sequence[float]) -> list[Axes]:
    """A column for each start, with a place for each layer."""
    fig.set_size_inches(5.0, 4.2)
    axes = list(fig.subplots(1, len(STARTS), sharey=True))
    for ax, name in zip(axes, STARTS, strict=True):
        ax.set(title=name, xticks=ticks, ylim=(-LAYERS + 0.8, 1.1))
        ax.grid(visible=False)
        ax.spines["left"].set_visible(False)
        ax.tick_params(left=False)
    axes[0].set(yticks=range(0, -LAYERS, -1), yticklabels=[str(k + 1) for k in range(LAYERS)], ylabel="hidden layer")
    axes[1].set(xlabel=below)
    return axes


def _hidden(start: Start) -> list[Array]:
    rng, A, found = np.random.default_rng(0), Scale(1 / 255).predict(load_mnist().X_train[:IMAGES]), []
    for n_in, n_out in itertools.pairwise([784] + [UNITS] * LAYERS):
        A = np.tanh(start(n_in, n_out, rng).predict(A))
        found.append(A)
    return found
