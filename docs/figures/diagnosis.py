"""A sweep of learning rates: the loss after one epoch, and the loss of a network that knows nothing."""

import numpy as np
from matplotlib.figure import Figure

from nnlit.activations import ReLU
from nnlit.batches import MiniBatches
from nnlit.descent import GradientDescent
from nnlit.initialization import he
from nnlit.mnist import load_mnist
from nnlit.network import Network
from nnlit.softmax import softmax_cross_entropy
from nnlit.training import Scale, fit


def draw(fig: Figure) -> None:
    """Train one epoch on the sample from one seed, at rates that are three apart for each power of ten."""
    ax = fig.add_subplot()
    X, y, _, _ = load_mnist()
    rates = np.logspace(-4, 1, 16)
    losses = []
    for rate in rates:
        rng = np.random.default_rng(0)
        start = Network((Scale(1 / 255), he(784, 64, rng), ReLU(), he(64, 10, rng)))
        network, _ = fit(
            start,
            X,
            y,
            loss=softmax_cross_entropy,
            rule=GradientDescent(float(rate)),
            batches=MiniBatches(64),
            epochs=1,
            rng=rng,
        )
        losses.append(softmax_cross_entropy(network.predict(X), y)[0])
    ax.plot(rates, losses, marker="o", markersize=4)
    ax.axhline(np.log(10), linestyle="--", linewidth=1.2, color="C1")
    ax.annotate("log 10: knows nothing", (6e-3, np.log(10)), (0, 5), textcoords="offset points", color="C1")
    ax.set(xscale="log", xlabel="learning rate", ylabel="loss after one epoch", ylim=(0, 3))
