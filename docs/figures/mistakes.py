"""Test images that the first network reads wrongly."""

import numpy as np
from matplotlib import rcParams
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure

from nnlit import load_mnist
from nnlit.recipes import RECIPES


def draw(fig: Figure) -> None:
    """Train the network of the training chapter; draw the first 24 test images whose answer is not the label."""
    fig.set_size_inches(6.0, 3.4)
    data = load_mnist()
    network = RECIPES["training"].train(data.X_train, data.y_train, np.random.default_rng(0))
    answers = network.predict(data.X_test).argmax(axis=1)
    wrong = np.flatnonzero(answers != data.y_test)[:24]
    ink = LinearSegmentedColormap.from_list("ink", [(*to_rgb(rcParams["text.color"]), alpha) for alpha in (0, 1)])
    for i, ax in zip(wrong, fig.subplots(3, 8).flat, strict=True):
        ax.imshow(data.X_test[i].reshape(28, 28), cmap=ink)
        ax.axis("off")
        ax.set_title(f"{data.y_test[i]}, not {answers[i]}", fontsize=10, pad=2)
