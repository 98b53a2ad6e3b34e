"""The plane of XOR before and after two hidden units: folded along a diagonal, and flattened."""

import numpy as np
from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nnlit.activations import ReLU
from nnlit.dense import Dense

FIRST = Dense(W=np.array([[1.0, -1.0], [-1.0, 1.0]]), b=np.zeros(2))
CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


def hidden(X: np.ndarray) -> np.ndarray:
    """The two hidden numbers of each point."""
    A, _ = ReLU().forward(FIRST.forward(X)[0])
    return A


def corners(ax: Axes, places: np.ndarray, names: list[str], shift: list[tuple[int, int]]) -> None:
    """Draw the four points, filled where the target is 1."""
    ink, paper = rcParams["text.color"], rcParams["figure.facecolor"]
    for (x, y), corner in zip(places, CORNERS, strict=True):
        ax.plot(x, y, "o", ms=14, color=ink, mfc=ink if corner.sum() == 1 else paper, mew=1.8, zorder=3)
    box = {"boxstyle": "square,pad=0.15", "fc": paper, "ec": "none"}  # no dot crosses a name
    for (x, y), name, offset in zip(places, names, shift, strict=True):
        ax.annotate(name, (x, y), offset, textcoords="offset points", ha="center", fontsize=9, bbox=box)


def draw(fig: Figure) -> None:
    """Draw points of the square in the colour of their side of the fold, and where the hidden units put them."""
    fig.set_size_inches(5.8, 2.9)
    left, right = fig.subplots(1, 2)
    side = np.linspace(-0.25, 1.25, 16)
    grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    color = np.where(grid[:, 0] > grid[:, 1], "C0", np.where(grid[:, 0] < grid[:, 1], "C1", "C5"))
    left.scatter(*grid.T, s=7, c=color)
    left.plot([-0.3, 1.3], [-0.3, 1.3], color=rcParams["text.color"], ls="--", lw=1.2)
    corners(left, CORNERS, ["(0, 0)", "(0, 1)", "(1, 0)", "(1, 1)"], [(18, -14), (0, 11), (0, -19), (-18, 8)])
    right.scatter(*hidden(grid).T, s=7, c=color)
    right.plot([-0.2, 0.7], [0.7, -0.2], color="C2")
    corners(
        right, hidden(CORNERS), ["(0, 0) and (1, 1)", "(0, 1)", "(1, 0)", ""], [(38, -24), (26, -4), (0, 11), (0, 0)]
    )
    left.set(title="two inputs", xlabel="$x_1$", ylabel="$x_2$", xticks=[0, 1], yticks=[0, 1])
    right.set(title="two hidden numbers", xlabel="first", ylabel="second", xticks=[0, 1], yticks=[0, 1])
    for ax in (left, right):
        ax.set(aspect="equal", xlim=(-0.35, 1.6), ylim=(-0.35, 1.6))
        ax.grid(visible=False)
