"""How large the gradients of the weights are before the first step, layer by layer, for three starts."""

import itertools

import numpy as np
from histograms import COLORS, LAYERS, STARTS, UNITS, Start, columns
from matplotlib.figure import Figure

from nnlit import Network, Scale, Tanh, load_mnist, softmax_cross_entropy
from nnlit.data import Array

IMAGES = 500
EDGES = np.linspace(-8, 0, 42)


def draw(fig: Figure) -> None:
    """Draw a column per start, and in it a histogram per layer, the first on top."""
    axes = columns(fig, "size of the gradient of a weight", range(-8, 1, 4))
    for ax, start, color in zip(axes, STARTS.values(), COLORS, strict=True):
        ax.set_xticklabels([r"$10^{-8}$", r"$10^{-4}$", "1"])
        for k, grad in enumerate(_gradients(start)):
            sizes = np.abs(grad[grad != 0])
            counts, _ = np.histogram(np.log10(sizes), EDGES)
            ax.stairs(-k + 0.95 * counts / counts.max(), EDGES, baseline=-k, fill=True, color=color, alpha=0.8)


def _gradients(start: Start) -> list[Array]:
    X, y = load_mnist()[:2]
    rng, layers = np.random.default_rng(0), []
    for n_in, n_out in itertools.pairwise([784] + [UNITS] * LAYERS + [10]):
        layers += [start(n_in, n_out, rng), Tanh()]
    network = Network([Scale(1 / 255), *layers[:-1]])
    Z, caches = network.forward(X[:IMAGES])
    _, grad_Z = softmax_cross_entropy(Z, y[:IMAGES])
    return [found["W"].astype(float) for found in network.gradients(caches, grad_Z) if found][:LAYERS]
