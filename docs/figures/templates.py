"""What a linear classifier adds to its weights in fifty steps."""

import numpy as np
from matplotlib import rcParams
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from nnlit.dense import Dense
from nnlit.descent import GradientDescent
from nnlit.losses import squared_error
from nnlit.mnist import load_mnist


def start() -> Dense:
    """Where the classifier of the chapter begins."""
    return Dense.start(784, 10, np.random.default_rng(0))


def trained(X: np.ndarray, y: np.ndarray) -> Dense:
    """The classifier after the fifty steps of the chapter."""
    layer, rule = start(), GradientDescent(0.05)
    for t in range(1, 51):
        Y_hat, cache = layer.forward(X)
        _, grad_Y_hat = squared_error(Y_hat, y)
        gradients = layer.gradients(cache, grad_Y_hat)
        for name in layer.parameters:
            rule.update(getattr(layer, name), gradients[name], None, t)
    return layer


def draw(fig: Figure) -> None:
    """Train as the chapter does; draw one image for each column of weights."""
    fig.set_size_inches(5.0, 2.5)
    data = load_mnist()
    added = trained(data.X_train / np.float32(255), data.y_train).W - start().W
    colors = LinearSegmentedColormap.from_list("signed", ["#d9730d", rcParams["figure.facecolor"], "#3d7fd9"])
    r = 0.6 * float(abs(added).max())  # a few pixels are clipped, the others show
    for k, ax in enumerate(fig.subplots(2, 5).flat):
        ax.imshow(added[:, k].reshape(28, 28), cmap=colors, vmin=-r, vmax=r, interpolation="nearest")
        ax.set(xticks=[], yticks=[], title=str(k))
        ax.grid(visible=False)
        for spine in ax.spines.values():
            spine.set(visible=True, alpha=0.4)
