"""The loss over two weights before and after scaling, and the path of gradient descent on each."""

import numpy as np
from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.figure import Figure


def draw(fig: Figure) -> None:
    """Draw the four examples of the chapter: pixels as they are on the left, centered ones on the right."""
    fig.set_size_inches(6.4, 3.2)
    left, right = fig.subplots(1, 2)
    X = np.array([[2.0, 0.0], [2.0, 2.0], [4.0, 0.0], [4.0, 2.0]])
    _valley(left, X, learning_rate=1 / 6, steps=12)
    _valley(right, X - X.mean(axis=0), learning_rate=1.0, steps=1)
    left.set(title="as they are", ylabel="second weight")
    right.set(title="with mean 0, deviation 1")


def _valley(ax: Axes, X: np.ndarray, learning_rate: float, steps: int) -> None:
    H = X.T @ X / len(X)
    path = [np.zeros(2)]
    for _ in range(steps):
        path.append(path[-1] - learning_rate * H @ (path[-1] - 1))
    w1, w2 = np.meshgrid(np.linspace(-0.6, 2.6, 200), np.linspace(-0.6, 2.6, 200))
    e = np.stack([w1 - 1, w2 - 1])
    loss = np.einsum("jab,jq,qab->ab", e, H, e) / 2
    levels = [0.02, 0.15, 0.5, 1.2, 2.5, 5, 9, 14]
    ax.contour(w1, w2, loss, levels=levels, colors=[rcParams["text.color"]], linewidths=0.7, alpha=0.45)
    ax.plot(*np.array(path).T, color="C1", marker="o", markersize=4)
    ax.plot(1, 1, color="C0", marker="*", markersize=13, zorder=3)
    ax.set(aspect="equal", xlim=(-0.6, 2.6), ylim=(-0.6, 2.6), xticks=[0, 1, 2], yticks=[0, 1, 2])
    ax.set_xlabel("first weight")
    ax.grid(visible=False)
