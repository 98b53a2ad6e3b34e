"""One digit in the nine places that a shift by at most one pixel can give it."""

import numpy as np
from matplotlib import rcParams
from matplotlib.figure import Figure

from nnlit import load_mnist


def draw(fig: Figure) -> None:
    """Draw a row of nine images, made larger around the digit."""
    fig.set_size_inches(5.0, 1.0)
    image = load_mnist().X_train[7].reshape(28, 28).astype(float)
    axes = fig.subplots(1, 9)
    offsets = [(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
    dark = rcParams["text.color"] != SCHEME_INK
    for ax, offset in zip(axes, offsets, strict=True):
        ax.imshow(np.roll(image, offset, axis=(0, 1)), cmap="gray" if dark else "gray_r")
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(True)
        ax.axhline(13.5, color="C1", lw=0.6)
        ax.axvline(13.5, color="C1", lw=0.6)


SCHEME_INK = "#1d2126"
