"""The squared error of the gradient of a batch against its size, measured and by formula."""

import numpy as np
from matplotlib.figure import Figure

from nnlit import Dense, Network, ReLU, Scale, load_mnist, softmax_cross_entropy
from nnlit.data import Array


def draw(fig: Figure) -> None:
    """Draw dots from random batches and the two lines of the chapter."""
    g = slopes(200)
    m, rng = len(g), np.random.default_rng(1)
    sizes = np.array([1, 2, 5, 10, 20, 50, 100, 150, 190])
    mean, sigma2 = g.mean(axis=0), ((g - g.mean(axis=0)) ** 2).sum(axis=1).mean()
    ax = fig.add_subplot()
    for color, replace, name in (("C0", True, "with"), ("C1", False, "without")):
        errors = [_error(g, mean, b, rng, replace=replace) for b in sizes]
        ax.plot(sizes, errors, "o", color=color, label=f"measured, {name} replacement")
        b = np.geomspace(1, 199, 200)
        ax.plot(b, sigma2 / b * (1 if replace else (m - b) / (m - 1)), "-" if replace else "--", color=color)
    ax.set(xscale="log", yscale="log", xlabel="examples in the batch, out of 200", ylabel="mean squared error")
    ax.set_ylim(sigma2 / 20_000, sigma2 * 2)
    ax.legend()


def slopes(m: int) -> Array:
    """The gradient of the first layer's weights in the loss of each example, one row per example."""
    X, y, _, _ = load_mnist()
    rng = np.random.default_rng(0)
    network = Network([Scale(1 / 255), Dense.start(784, 10, rng), ReLU(), Dense.start(10, 10, rng)])
    rows = []
    for i in range(m):
        Z, caches = network.forward(X[i : i + 1])
        _, grad = softmax_cross_entropy(Z, y[i : i + 1].astype(int))
        rows.append(network.gradients(caches, grad)[1]["W"].ravel())
    return np.array(rows, float)


def _error(g: Array, mean: Array, b: int, rng: np.random.Generator, *, replace: bool) -> float:
    draws = [g[rng.choice(len(g), b, replace=replace)].mean(axis=0) for _ in range(100)]
    return float(np.mean([((d - mean) ** 2).sum() for d in draws]))
