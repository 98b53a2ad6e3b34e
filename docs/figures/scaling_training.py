"""The loss of the first network over a hundred steps, for three versions of the pixels."""

import numpy as np
from matplotlib.figure import Figure

from nnlit.activations import ReLU
from nnlit.dense import Dense
from nnlit.descent import GradientDescent
from nnlit.losses import squared_error
from nnlit.mnist import load_mnist
from nnlit.network import Network
from nnlit.scaling import Standardize
from nnlit.training import Scale, fit, full_batch


def draw(fig: Figure) -> None:
    """Train on the sample from one seed, each version at the learning rate that the chapter gives it."""
    fig.set_size_inches(6.4, 3.4)
    ax = fig.add_subplot()
    X, y, _, _ = load_mnist()
    layer = Standardize.of(X)
    centered = Standardize(shift=layer.shift, factor=np.full_like(layer.shift, 1 / 255))
    for name, scale, rate in (("unit", Scale(1 / 255), 0.1), ("centered", centered, 0.5), ("standardized", layer, 0.3)):
        rng = np.random.default_rng(0)
        start = Network((scale, Dense.start(784, 10, rng), ReLU(), Dense.start(10, 10, rng)))
        rule = GradientDescent(rate)
        _, history = fit(start, X, y, loss=squared_error, rule=rule, batches=full_batch, epochs=100, rng=rng)
        ax.plot(history.index, history["loss"], label=f"{name}, learning rate {rate}")
    ax.set(xlim=(0, 100), ylim=(0, 0.7), xlabel="step", ylabel="loss")
    ax.legend()
