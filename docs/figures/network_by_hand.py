"""The example of the network chapter, with the value and the slope at every node and on every weight."""

from itertools import pairwise
from typing import Any

import numpy as np
from autodiff import Pair, graph
from matplotlib.figure import Figure

from nnlit import Dense, Network, ReLU, squared_error

LAYERS = Network(
    [Dense(np.array([[1.0, 1.0], [1.0, -1.0]]), np.zeros(2)), ReLU(), Dense(np.array([[2.0], [1.0]]), np.zeros(1))]
).layers
COLUMNS = [["x_1", "x_2"], ["z_1", "z_2"], ["a_1", "a_2"], [r"\hat y"]]
NAMES = [name for column in COLUMNS for name in column] + ["L"]
PLACES = [(0.5, 2.2), (0.5, 0.6), (2.9, 2.2), (2.9, 0.6), (4.4, 2.2), (4.4, 0.6), (6.5, 1.4), (8.0, 1.4)]
MADE = {"a_1": r"\max(0, z_1)", "a_2": r"\max(0, z_2)"}


def draw(fig: Figure) -> None:
    """Draw two inputs, two sums, two hidden numbers, the output and the loss; all numbers come from the library."""
    A = np.array([[1.0, 2.0]])
    arrays, caches = [A], list[Any]()
    for layer in LAYERS:
        A, cache = layer.forward(A)
        arrays, caches = [*arrays, A], [*caches, cache]
    loss, grad = squared_error(A, np.array([[5.0]]))
    slopes = [grad]
    arrows: dict[tuple[str, str], Pair | None] = {(r"\hat y", "L"): None}
    for k, layer in reversed(list(enumerate(LAYERS))):
        grad, found = layer.backward(caches[k], grad)
        slopes = [grad, *slopes]
        arrows |= _arrows(k, getattr(layer, "W", None), found.get("W"))
    values = [*np.concatenate([a.ravel() for a in arrays]), loss]
    numbers = zip(values, [*np.concatenate([a.ravel() for a in slopes]), 1.0], strict=True)
    made = [MADE.get(name, "") for name in NAMES]
    nodes = dict(zip(NAMES, zip(PLACES, numbers, made, strict=True), strict=True))
    fig.set_size_inches(6.0, 2.6)
    ax = fig.add_subplot()
    ax.set(xlim=(0.0, 8.4), ylim=(-0.2, 3.2), aspect="equal")
    graph(ax, nodes, arrows)


def _arrows(k: int, W: np.ndarray | None, grad_W: np.ndarray | None) -> dict[tuple[str, str], Pair | None]:
    """The arrows of a layer: from each of its inputs to each output, or from one to one where there are no weights."""
    below, above = list(pairwise(COLUMNS))[k]
    if W is None or grad_W is None:
        return dict.fromkeys(zip(below, above, strict=True))
    return {(a, b): (W[i, j], grad_W[i, j]) for i, a in enumerate(below) for j, b in enumerate(above)}
