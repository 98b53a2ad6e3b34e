"""Activations: functions of one number, applied to every entry."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnlit import doors
from nnlit.data import Array
from nnlit.dense import Gradients, Layer


@dataclass(frozen=True, eq=False, repr=False)
class ReLU(Layer):
    r"""The rectified linear unit $\max(0, z)$, \eqref{activations:relu}.

    Its slope at 0 is taken as 0.

    Source:
        V. Nair and G. Hinton, Rectified linear units improve restricted Boltzmann
        machines, ICML 2010.

    Examples:
        >>> A, cache = ReLU().forward(np.array([[-2.0, 0.0, 3.0]]))
        >>> A.tolist()
        [[0.0, 0.0, 3.0]]
        >>> ReLU().backward(cache, np.array([[5.0, 5.0, 5.0]]))[0].tolist()
        [[0.0, 0.0, 5.0]]
    """

    def forward(
        self, Z: Array, rng: np.random.Generator | None = None
    ) -> tuple[Array, Array]:
        """Keep what is positive.

        Args:
            Z: any shape.
            rng: not used.

        Returns:
            A in the shape of Z, and the cache, which is Z itself.
        """
        A = np.maximum(Z, 0)  # eq activations:relu
        return A, Z

    def backward(self, cache: Array, grad_A: Array) -> tuple[Array, Gradients]:
        r"""Let the gradient through where Z > 0: \eqref{activations:grad-relu}.

        Args:
            cache: the Z that `forward` was given.
            grad_A: the gradient of the output, in the shape of Z.

        Returns:
            The gradient of Z, in its shape, and an empty dict: there are no parameters.
        """
        Z = cache
        grad_Z = grad_A * (Z > 0)  # eq activations:grad-relu
        return grad_Z, {}


@dataclass(frozen=True, eq=False, repr=False)
class Sigmoid(Layer):
    r"""The logistic function, \eqref{activations:sigmoid}.

    Computed in a form that cannot overflow.

    Source:
        P. F. Verhulst, Recherches mathématiques sur la loi d'accroissement de la
        population, 1845.

    Examples:
        >>> A, cache = Sigmoid().forward(np.array([[0.0, -1000.0]]))
        >>> A.tolist()
        [[0.5, 0.0]]
        >>> Sigmoid().backward(cache, np.array([[1.0, 1.0]]))[0].tolist()
        [[0.25, 0.0]]
    """

    def forward(
        self, Z: Array, rng: np.random.Generator | None = None
    ) -> tuple[Array, Array]:
        r"""Squeeze every number between 0 and 1: \eqref{activations:sigmoid-tanh}.

        Args:
            Z: any shape.
            rng: not used.

        Returns:
            A in the shape of Z, and the cache, which is A itself. Below about -37 in
            float64 the result is exactly 0.
        """
        A = (1 + np.tanh(Z / 2)) / 2  # eq activations:sigmoid-tanh
        return A, A

    def backward(self, cache: Array, grad_A: Array) -> tuple[Array, Gradients]:
        r"""Multiply by the slope: \eqref{activations:grad-sigmoid}.

        A gives it without another exponential.

        Args:
            cache: the A that `forward` returned.
            grad_A: the gradient of the output, in the shape of A.

        Returns:
            The gradient of Z, in its shape, and an empty dict: there are no parameters.
        """
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

    def forward(
        self, Z: Array, rng: np.random.Generator | None = None
    ) -> tuple[Array, Array]:
        """Squeeze every number into the interval from -1 to 1.

        Args:
            Z: any shape.
            rng: not used.

        Returns:
            A in the shape of Z, and the cache, which is A itself.
        """
        A = np.tanh(Z)  # eq activations:tanh
        return A, A

    def backward(self, cache: Array, grad_A: Array) -> tuple[Array, Gradients]:
        r"""Multiply by the slope: \eqref{activations:grad-tanh}.

        It is one minus the square of A.

        Args:
            cache: the A that `forward` returned.
            grad_A: the gradient of the output, in the shape of A.

        Returns:
            The gradient of Z, in its shape, and an empty dict: there are no parameters.
        """
        A = cache
        grad_Z = grad_A * (1 - A**2)  # eq activations:grad-tanh
        return grad_Z, {}


@dataclass(frozen=True, eq=False, repr=False)
class LeakyReLU(Layer):
    r"""A ReLU that lets a part of what is negative through, \eqref{activations:leaky}.

    Args:
        slope: the part, from 0 to 1; at 0 itself the gradient is taken as 0, as for
            ReLU.

    Raises:
        ValueError: if slope is no number from 0 to 1.

    Source:
        A. L. Maas, A. Y. Hannun and A. Y. Ng, Rectifier nonlinearities improve neural
        network acoustic models, ICML 2013.

    Examples:
        >>> A, cache = LeakyReLU(0.25).forward(np.array([[-2.0, 0.0, 3.0]]))
        >>> A.tolist()
        [[-0.5, 0.0, 3.0]]
        >>> LeakyReLU(0.25).backward(cache, np.array([[4.0, 4.0, 4.0]]))[0].tolist()
        [[1.0, 0.0, 4.0]]
    """

    slope: float = 0.01

    def __post_init__(self) -> None:
        if not 0 <= doors.number("LeakyReLU", "slope", self.slope) <= 1:
            text = f"expected a slope from 0 to 1, but it is {self.slope}"
            raise ValueError(f"LeakyReLU: {text}")

    def forward(
        self, Z: Array, rng: np.random.Generator | None = None
    ) -> tuple[Array, Array]:
        """Keep what is positive, and a part of what is negative.

        Args:
            Z: any shape.
            rng: not used.

        Returns:
            A in the shape of Z, and the cache, which is Z itself.
        """
        A = np.maximum(Z, 0) + self.slope * np.minimum(Z, 0)  # eq activations:leaky
        return A, Z

    def backward(self, cache: Array, grad_A: Array) -> tuple[Array, Gradients]:
        r"""Multiply by 1 or by the slope: \eqref{activations:grad-leaky}.

        Args:
            cache: the Z that `forward` was given.
            grad_A: the gradient of the output, in the shape of Z.

        Returns:
            The gradient of Z, in its shape, and an empty dict: there are no parameters.
        """
        Z = cache
        up, down = Z > 0, Z < 0
        grad_Z = grad_A * up + self.slope * grad_A * down  # eq activations:grad-leaky
        return grad_Z, {}

    def __repr__(self) -> str:
        return f"LeakyReLU({self.slope:g})"


@dataclass(frozen=True, eq=False, repr=False)
class Softplus(Layer):
    r"""A ReLU with a rounded corner, \eqref{activations:softplus}.

    Computed in a form that cannot overflow.

    Source:
        C. Dugas, Y. Bengio, F. Bélisle, C. Nadeau and R. Garcia, Incorporating
        second-order functional knowledge for better option pricing, NIPS 2000.

    Examples:
        >>> A, cache = Softplus().forward(np.array([[-1000.0, 0.0, 1000.0]]))
        >>> A.round(4).tolist()
        [[0.0, 0.6931, 1000.0]]
        >>> Softplus().backward(cache, np.ones((1, 3)))[0].tolist()
        [[0.0, 0.5, 1.0]]
    """

    def forward(
        self, Z: Array, rng: np.random.Generator | None = None
    ) -> tuple[Array, Array]:
        """The logarithm of one plus the exponential; no exponent is positive.

        Args:
            Z: any shape.
            rng: not used.

        Returns:
            A in the shape of Z, and the cache, which is Z itself.
        """
        A = np.maximum(Z, 0)  # eq activations:relu
        A = A + np.log1p(np.exp(np.minimum(Z, -Z)))  # eq activations:softplus-stable
        return A, Z

    def backward(self, cache: Array, grad_A: Array) -> tuple[Array, Gradients]:
        r"""Multiply by the slope, the sigmoid: \eqref{activations:grad-softplus}.

        Args:
            cache: the Z that `forward` was given.
            grad_A: the gradient of the output, in the shape of Z.

        Returns:
            The gradient of Z, in its shape, and an empty dict: there are no parameters.
        """
        Z = cache
        grad_Z = grad_A * (1 + np.tanh(Z / 2)) / 2  # eq activations:grad-softplus
        return grad_Z, {}
