"""What leads to each hidden number of the first network: its 784 weights as an image."""

import numpy as np
from matplotlib import rcParams
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from nnlit import load_mnist
from nnlit.network import leaves
from nnlit.recipes import RECIPES


def draw(fig: Figure) -> None:
    """Train the network of the training chapter; draw the columns of its first matrix."""
    fig.set_size_inches(6.0, 2.7)
    data = load_mnist()
    network = RECIPES["training"].train(data.X_train, data.y_train, np.random.default_rng(0))
    W = leaves(network)[0]
    paper = rcParams["figure.facecolor"]
    colors = LinearSegmentedColormap.from_list("signs", ["#d9730d", paper, "#3d7fd9"])
    for k, ax in enumerate(fig.subplots(2, 5).flat):
        ax.imshow(W[:, k].reshape(28, 28), cmap=colors, vmin=-abs(W).max(), vmax=abs(W).max())
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(True)
        ax.set_xlabel(f"k = {k + 1}", labelpad=2)
