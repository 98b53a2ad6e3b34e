"""Activations: functions of one number, applied to every entry."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from nnlit.data import Array
from nnlit.dense import Layer


@dataclass(frozen=True, eq=False, repr=False)
class ReLU(Layer):
    r"""The rectified linear unit $\max(0, z)$, \eqref{activations:relu}; its slope at 0 is taken as 0.

    Examples:
        >>> A, cache = ReLU().forward(np.array([[-2.0, 0.0, 3.0]]))
        >>> A.tolist()
        [[0.0, 0.0, 3.0]]
        >>> ReLU().backward(cache, np.array([[5.0, 5.0, 5.0]]))[0].tolist()
        [[0.0, 0.0, 5.0]]
    """

    def forward(self, Z: Array) -> tuple[Array, Array]:
        """Keep what is positive. The cache is Z."""
        A = np.maximum(Z, 0)  # eq activations:relu
        return A, Z

    def backward(self, cache: Array, grad_A: Array) -> tuple[Array, dict[str, Any]]:
        """Let the gradient through where Z was positive; `cache` and `grad_A` have the shape of Z."""
        Z = cache
        grad_Z = grad_A * (Z > 0)  # eq activations:grad-relu
        return grad_Z, {}


@dataclass(frozen=True, eq=False, repr=False)
class Sigmoid(Layer):
    r"""The logistic function, \eqref{activations:sigmoid}, in the form that cannot overflow.

    Examples:
        >>> A, cache = Sigmoid().forward(np.array([[0.0, -1000.0]]))
        >>> A.tolist()
        [[0.5, 0.0]]
        >>> Sigmoid().backward(cache, np.array([[1.0, 1.0]]))[0].tolist()
        [[0.25, 0.0]]
    """

    def forward(self, Z: Array) -> tuple[Array, Array]:
        """Squeeze every number into the interval from 0 to 1. The cache is the result A."""
        A = (1 + np.tanh(Z / 2)) / 2  # eq activations:sigmoid-tanh
        return A, A

    def backward(self, cache: Array, grad_A: Array) -> tuple[Array, dict[str, Any]]:
        """Multiply by the slope, which the cache A gives without another exponential."""
        A = cache
        grad_Z = grad_A * A * (1 - A)  # eq activations:grad-sigmoid
        return grad_Z, {}


@dataclass(frozen=True, eq=False, repr=False)
class Tanh(Layer):
    r"""The hyperbolic tangent, \eqref{activations:tanh}.

    Examples:
        >>> A, cache = Tanh().forward(np.array([[0.0, 1000.0]]))
        >>> A.tolist()
        [[0.0, 1.0]]
        >>> Tanh().backward(cache, np.array([[1.0, 1.0]]))[0].tolist()
        [[1.0, 0.0]]
    """

    def forward(self, Z: Array) -> tuple[Array, Array]:
        """Squeeze every number into the interval from -1 to 1. The cache is the result A."""
        A = np.tanh(Z)  # eq activations:tanh
        return A, A

    def backward(self, cache: Array, grad_A: Array) -> tuple[Array, dict[str, Any]]:
        """Multiply by the slope, one minus the square of the cache A."""
        A = cache
        grad_Z = grad_A * (1 - A**2)  # eq activations:grad-tanh
        return grad_Z, {}
