"""Three activations and their slopes."""

import numpy as np
from matplotlib.figure import Figure

from nnlit.activations import ReLU, Sigmoid, Tanh


def draw(fig: Figure) -> None:
    """Draw the functions on the left and, from `backward`, their slopes on the right."""
    fig.set_size_inches(5.2, 2.6)
    left, right = fig.subplots(1, 2)
    z = np.linspace(-4, 4, 400)  # an even number of points: none of them is the kink
    for layer, name, dashes in ((ReLU(), "ReLU", "-"), (Sigmoid(), "sigmoid", "--"), (Tanh(), "tanh", "-.")):
        a, cache = layer.forward(z)
        slope, _ = layer.backward(cache, np.ones_like(z))
        left.plot(z, a, ls=dashes, label=name)
        right.plot(z, slope, ls=dashes)
    left.set(title="value", xlabel="$z$", ylim=(-1.15, 2.4))
    right.set(title="slope", xlabel="$z$", ylim=(-0.05, 1.15))
    left.legend(loc="upper left", fontsize=10)
