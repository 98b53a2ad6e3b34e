"""The same network in PyTorch, JAX and scikit-learn, with the same weights."""

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from nnlit import doors
from nnlit.activations import ReLU
from nnlit.data import Array
from nnlit.dense import Dense
from nnlit.files import extra
from nnlit.network import Network, leaves


def dense_layers(network: Network) -> list[Dense]:
    """The dense layers of a network that the frameworks can take over.

    Args:
        network: dense layers with a ReLU between each two, and nothing else.

    Returns:
        Its dense layers, in order.

    Raises:
        ValueError: if the network has other layers, or these in another order; scale
            the inputs before.

    Examples:
        >>> rng = np.random.default_rng(0)
        >>> first, second = Dense.start(4, 5, rng), Dense.start(5, 3, rng)
        >>> dense_layers(Network([first, ReLU(), second]))
        [Dense(4 -> 5, float32), Dense(5 -> 3, float32)]
    """
    doors.network("frameworks", network)
    found = [layer for layer in network.layers if isinstance(layer, Dense)]
    between = itertools.chain.from_iterable((layer, ReLU()) for layer in found)
    if network.layers != tuple(between)[:-1]:
        expected = "expected dense layers with a ReLU between each two"
        raise ValueError(f"frameworks: {expected}, but this is {network}")
    return found


def to_linear(layer: Dense) -> Any:
    r"""PyTorch's layer with the weights of a dense layer.

    It keeps them transposed, \eqref{frameworks:torch}.

    Args:
        layer: a dense layer.

    Returns:
        A `torch.nn.Linear` in the layer's dtype; its parameters are copies.

    Raises:
        ImportError: if PyTorch is not installed.

    Examples:
        >>> import pytest
        >>> _ = pytest.importorskip("torch")
        >>> dense = Dense(W=np.array([[1.0, 2.0], [3.0, 4.0]]), b=np.zeros(2))
        >>> to_linear(dense).weight.tolist()
        [[1.0, 3.0], [2.0, 4.0]]
    """
    torch = extra("torch", "compare")
    linear = torch.nn.Linear(*layer.W.shape)
    linear.weight.data = torch.tensor(layer.W.T)
    linear.bias.data = torch.tensor(layer.b)
    return linear


def to_jax(network: Network) -> tuple[Callable[[Any, Any], Any], list[Any]]:
    """A function of parameters and inputs, as JAX wants it, and the parameters.

    Args:
        network: dense layers with a ReLU between each two.

    Returns:
        The function, which takes the parameters and a batch and returns the outputs,
        and the parameters as a list of JAX arrays in the order of `leaves`. In float64
        only if JAX has `jax_enable_x64` set.

    Raises:
        ValueError: if the network has other layers.
        ImportError: if JAX is not installed.
    """
    dense_layers(network)
    jnp = extra("jax.numpy", "compare")

    def forward(p: Any, X: Any) -> Any:
        A = X
        for W, b in zip(p[:-2:2], p[1:-2:2], strict=True):
            A = jnp.maximum(A @ W + b, 0)
        return A @ p[-2] + p[-1]

    return forward, [jnp.asarray(p) for p in leaves(network)]


def to_sklearn(network: Network, X: Array, y: Array, learning_rate: float) -> Any:
    """A scikit-learn classifier with the same weights, ready for `partial_fit`.

    Its steps are those of plain gradient descent.

    Args:
        network: dense layers with a ReLU between each two.
        X: a batch in the network's dtype, shape (m, n_in): its whole number of rows is
            one batch.
        y: its labels, shape (m,).
        learning_rate: the learning rate of the steps to come.

    Returns:
        An `MLPClassifier` whose next `partial_fit(X, y)` takes one step from the
        network's weights.

    Raises:
        ValueError: if the network has other layers.
        ImportError: if scikit-learn is not installed.
    """
    layers = dense_layers(network)
    perceptron = extra("sklearn.neural_network", "sklearn").MLPClassifier
    plain = {"solver": "sgd", "alpha": 0, "momentum": 0, "nesterovs_momentum": False}
    batch = {"batch_size": len(X), "shuffle": False}
    hidden = tuple(layer.b.size for layer in layers[:-1])
    model = perceptron(hidden, learning_rate_init=learning_rate, **plain, **batch)
    classes = np.arange(layers[-1].b.size)
    model.partial_fit(X, y, classes=classes)  # makes the arrays that are filled now
    for W, b, layer in zip(model.coefs_, model.intercepts_, layers, strict=True):
        W[:], b[:] = layer.W, layer.b
    return model
