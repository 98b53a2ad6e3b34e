"""What the hidden numbers of ten layers look like, as histograms layer by layer, for three starts."""

import itertools
from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nnlit import Dense, Scale, glorot, load_mnist
from nnlit.data import Array

Start = Callable[[int, int, np.random.Generator], Dense]
LAYERS, UNITS, IMAGES = 10, 100, 500
EDGES = np.linspace(-1, 1, 42)


def half(n_in: int, n_out: int, rng: np.random.Generator) -> Dense:
    """Every weight and bias between minus and plus one half."""
    return Dense(rng.uniform(-0.5, 0.5, (n_in, n_out)), rng.uniform(-0.5, 0.5, n_out))


def draw(fig: Figure) -> None:
    """Draw a column per start, and in it a histogram per layer, the first on top."""
    fig.set_size_inches(5.0, 4.2)
    starts = {"uniform start": Dense.start, "Glorot": glorot, "-1/2 to 1/2": half}
    axes = fig.subplots(1, 3, sharey=True)
    for ax, (name, start), color in zip(axes, starts.items(), ("C0", "C2", "C1"), strict=True):
        for k, A in enumerate(_hidden(start)):
            _ridge(ax, A, -k, color)
        ax.set(title=name, xticks=[-1, 0, 1], ylim=(-LAYERS + 0.8, 1.1))
        ax.grid(visible=False)
        ax.spines["left"].set_visible(False)
        ax.tick_params(left=False)
    axes[0].set(yticks=range(0, -LAYERS, -1), yticklabels=[str(k + 1) for k in range(LAYERS)], ylabel="hidden layer")
    axes[1].set(xlabel="the hidden numbers, from -1 to 1")


def _hidden(start: Start) -> list[Array]:
    rng, A, found = np.random.default_rng(0), Scale(1 / 255).predict(load_mnist().X_train[:IMAGES]), []
    for n_in, n_out in itertools.pairwise([784] + [UNITS] * LAYERS):
        A = np.tanh(start(n_in, n_out, rng).predict(A))
        found.append(A)
    return found


def _ridge(ax: Axes, A: Array, height: int, color: str) -> None:
    counts, _ = np.histogram(A, EDGES)
    ax.stairs(height + 0.95 * counts / counts.max(), EDGES, baseline=height, fill=True, color=color, alpha=0.8)
