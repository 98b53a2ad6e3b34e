"""A network: layers one after another, which is a layer again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from os import PathLike
from typing import Any

import numpy as np

from nnlit import doors
from nnlit.data import Array
from nnlit.dense import Layer
from nnlit.doors import Range
from nnlit.files import DataError, one_line, read_npz, write_npz
from nnlit.layout import described, rebuilt

ROWS = 1000  # predict looks at so many examples at a time, to keep memory small
# what `load` can meet in a file that is no network
FAULTS = (
    KeyError,
    TypeError,
    ValueError,
    AttributeError,
    RecursionError,
    OverflowError,
)


@dataclass(frozen=True, eq=False, repr=False)
class Network(Layer):
    r"""Layers in order, each fed by the one before.

    For two layers: \eqref{network:first-line} to \eqref{network:last-line}. The network
    computes nothing itself. It hands arrays from layer to layer, and the equations
    stand in the layers.

    Args:
        layers: the layers; a list becomes a tuple.
        learned: the range and kind of the numbers that it was trained on; `fit` notes
            it, `predict` compares it. Equality and the printed form leave it out.

    Raises:
        TypeError: if something is no layer.
        ValueError: if there is no layer, or a layer does not take what the one before
            it gives.

    Examples:
        >>> from nnlit import Dense, ReLU
        >>> rng = np.random.default_rng(0)
        >>> Network([Dense.start(784, 10, rng), ReLU(), Dense.start(10, 10, rng)])
        Network(Dense(784 -> 10, float32), ReLU(), Dense(10 -> 10, float32))
    """

    layers: Sequence[Layer]  # kept as a tuple
    learned: Range | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "layers", doors.layers(self.layers))
        object.__setattr__(self, "learned", Range.checked(self.learned))
        if not self.layers:
            text = "expected at least one layer, but the list is empty"
            raise ValueError(f"Network: {text}")
        self.width(self.n_in)

    @property
    def n_in(self) -> int | None:
        """Numbers per example that come in, if a layer fixes it."""
        return next((n for layer in self.layers if (n := layer.n_in) is not None), None)

    def width(self, n: int | None) -> int | None:
        """Numbers per example that go out when n come in.

        Raises ValueError where two layers do not fit.
        """
        for layer in self.layers:
            n = layer.width(n)
        return n

    def forward(
        self, X: Array, rng: np.random.Generator | None = None
    ) -> tuple[Array, list[Any]]:
        """Feed a batch through all layers.

        Args:
            X: one example per row, shape (m, n_in).
            rng: where layers that draw random numbers get them; only they need it.

        Returns:
            The last layer's output, shape (m, n_out), and the list of the layers'
            caches.
        """
        A, caches = X, []
        for layer in self.layers:
            A, cache = layer.forward(A, rng)
            caches.append(cache)
        return A, caches

    def backward(self, cache: list[Any], grad_A: Array) -> tuple[Array, list[Any]]:
        """Hand the gradient of the output down through all layers.

        Args:
            cache: what `forward` returned beside the output.
            grad_A: the gradient of the output, shape (m, n_out).

        Returns:
            The gradient of X, and the list of the layers' gradients, in the layers'
            order.
        """
        return _backward(self.layers, cache, grad_A)

    def gradients(self, cache: list[Any], grad_A: Array) -> list[Any]:
        """The gradients of the parameters alone.

        The first layer that has parameters is not asked for the gradient of its input.

        Args:
            cache: what `forward` returned beside the output.
            grad_A: the gradient of the output, shape (m, n_out).

        Returns:
            The list of the layers' gradients, equal to that of `backward`.
        """
        last = len(self.layers) - 1
        first = next((k for k in range(last) if leaves(self.layers[k])), last)
        grad_A, above = _backward(self.layers[first + 1 :], cache[first + 1 :], grad_A)
        below = [_none(layer) for layer in self.layers[:first]]
        return [*below, self.layers[first].gradients(cache[first], grad_A), *above]

    def predict(self, X: Array) -> Array:
        """The output for inputs as they come from a reader, a thousand rows at a time.

        Args:
            X: one example per row, shape (m, n_in), any number type.

        Returns:
            The last layer's output, shape (m, n_out).

        Raises:
            ValueError: if X is not a matrix with n_in columns, or holds NaN or
                infinity.

        Warns:
            UserWarning: if X runs over another range than the network has learned on.
        """
        X = doors.examples("Network", X, self.n_in)
        if self.learned:
            doors.compare(X, self.learned)
        starts = range(0, max(len(X), 1), ROWS)
        return np.concatenate([self._predict(X[k : k + ROWS]) for k in starts])

    def _predict(self, A: Array) -> Array:
        for layer in self.layers:
            A = layer.predict(A)
        return A

    def __repr__(self) -> str:
        return f"Network({', '.join(map(repr, self.layers))})"


def _backward(
    layers: Sequence[Layer], caches: list[Any], grad_A: Array
) -> tuple[Array, list[Any]]:
    grads = []
    for layer, cache in zip(layers[::-1], caches[::-1], strict=True):
        grad_A, grad = layer.backward(cache, grad_A)
        grads.append(grad)
    return grad_A, grads[::-1]


def _none(layer: Layer) -> Any:
    """The gradients of a layer that has no parameters."""
    if isinstance(layer, Network):
        return [_none(below) for below in layer.layers]
    return {}


def leaves(layer: Layer, tree: Any = None) -> list[Array]:
    """The parameters of a layer or a network as a flat list, or their gradients.

    Args:
        layer: a layer or a network.
        tree: its gradients, as `gradients` returns them; without it, the parameters are
            listed.

    Returns:
        The arrays themselves, not copies; gradients in the order of the parameters.

    Examples:
        >>> from nnlit import Dense, ReLU
        >>> network = Network([Dense.start(4, 3, np.random.default_rng(0)), ReLU()])
        >>> [p.shape for p in leaves(network)]
        [(4, 3), (3,)]
    """
    if isinstance(layer, Network):
        trees = [None] * len(layer.layers) if tree is None else tree
        pairs = zip(layer.layers, trees, strict=True)
        return [p for below, grads in pairs for p in leaves(below, grads)]
    names = layer.parameters
    return [getattr(layer, name) if tree is None else tree[name] for name in names]


def save(
    network: Network, path: str | PathLike[str], more: Mapping[str, Array] | None = None
) -> None:
    """Write a network, all its layers and their constants, to one file, atomically.

    Args:
        network: what to write.
        path: where to; the usual ending is .npz.
        more: arrays to keep beside it, which `load` reads over.

    Raises:
        DataError: if the file cannot be written there.
        ValueError: if `load` would refuse the network: a parameter is not finite, or it
            is nested too deep.
    """
    doors.network("save", network)
    layout, arrays = described(network)
    arrays = {"layout": np.frombuffer(layout, np.uint8), **arrays, **(more or {})}
    write_npz(path, arrays)


def load(path: str | PathLike[str]) -> Network:
    """Read a network that `save` wrote. No code of the file is executed.

    Args:
        path: the file.

    Returns:
        The network, equal to the one saved.

    Raises:
        DataError: if the file is missing, or is no network that this version can read.
    """
    arrays = read_npz(path)
    try:
        return rebuilt(arrays.pop("layout").tobytes(), arrays, Network)
    except FAULTS as error:
        missing = isinstance(error, KeyError)
        came = f"{error.args[0]} is missing" if missing else one_line(error)
        text = "expected a network written by nnlit.save, but it cannot be read"
        hint = "train it again with `nnlit train --out`"
        raise DataError(f"{path}: {text} ({came}); {hint}") from error
