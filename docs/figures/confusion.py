"""The confusion matrix of the first network on the test images."""

import numpy as np
from matplotlib import rcParams
from matplotlib.figure import Figure

from nnlit import confusion_matrix, load_mnist
from nnlit.recipes import RECIPES


def draw(fig: Figure) -> None:
    """Train the network of the training chapter; draw its counts, darker where mistakes are more frequent."""
    fig.set_size_inches(4.4, 4.2)
    data = load_mnist()
    network = RECIPES["training"].train(data.X_train, data.y_train, np.random.default_rng(0))
    C = confusion_matrix(network, data.X_test, data.y_test)
    mistakes = C * (1 - np.eye(10))
    ax = fig.add_subplot()
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    ax.imshow(np.ma.masked_equal(mistakes, 0), cmap="Oranges", vmin=-2, vmax=16, alpha=0.85)
    for k, row in enumerate(C):
        for l, count in enumerate(row):
            color = "C0" if k == l else "#000000" if count else rcParams["text.color"]
            ax.text(l, k, count or "·", ha="center", va="center", color=color, weight="bold" if k == l else "normal")
    ax.set(xticks=range(10), yticks=range(10), xlabel="the network's answer", ylabel="the label")
    ax.tick_params(length=0)
