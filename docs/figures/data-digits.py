"""Seven examples of each digit, and the mean of all examples of it."""

import numpy as np
from matplotlib import rcParams
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from nnlit.data import Array, one_hot
from nnlit.mnist import load_mnist

EXAMPLES = 7


def draw(fig: Figure) -> None:
    """Draw a column for every digit: the first examples of the sample, then the mean of the class."""
    fig.set_size_inches(5.0, 4.2)
    X, y, _, _ = load_mnist()
    Y = one_hot(y, 10)
    M = Y.T @ X / Y.sum(axis=0)[:, None]
    rows = [np.hstack([_framed(X[np.flatnonzero(y == k)[i]]) for k in range(10)]) for i in range(EXAMPLES)]
    means = np.hstack([_framed(M[k]) for k in range(10)])
    ink = LinearSegmentedColormap.from_list("ink", [rcParams["figure.facecolor"], rcParams["text.color"]])
    examples, mean = fig.subplots(2, height_ratios=[EXAMPLES, 1])
    for ax, image, name in ((examples, np.vstack(rows), "seven examples of each"), (mean, means, "mean")):
        ax.imshow(image, cmap=ink, vmin=0, vmax=255, interpolation="nearest")
        ax.set(xticks=[15 + 30 * k for k in range(10)], xticklabels=range(10), yticks=[], ylabel=name)
        ax.tick_params(length=0)
        ax.grid(visible=False)
        for spine in ax.spines.values():
            spine.set_visible(False)
    examples.set_xticklabels([])


def _framed(x: Array) -> Array:
    """The image with an empty line around it."""
    return np.pad(x.reshape(28, 28), 1)
