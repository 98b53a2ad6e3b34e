"""One number for how wrong a batch of predictions is, and its gradient."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nnlit import doors
from nnlit.data import Array, one_hot

if TYPE_CHECKING:
    import numpy.typing as npt


class Loss:
    """A measure of error as a value: call it for the loss and its gradient together.

    A loss of one's own needs one method, `value_and_gradient`.
    """

    def value_and_gradient(self, Z: Array, Y: Array) -> tuple[Array, Array]:
        """The loss of a batch and its gradient, which often share most of the work.

        Args:
            Z: the network's outputs, shape (m, K).
            Y: the targets as rows, shape (m, K).

        Returns:
            The loss, a number, as an array without axes, complex where Z is, for the
            complex step; and its slopes in the outputs, shape (m, K).
        """
        raise NotImplementedError

    def each(self, Z: Array, Y: Array) -> Array:
        """The loss of every example alone, shape (m,).

        A loss that knows a faster way replaces this one.
        """
        one = [self.loss(Z[i : i + 1], Y[i : i + 1]) for i in range(len(Z))]
        return np.array(one)

    def loss(self, Z: Array, Y: Array) -> Array:
        """The first result of `value_and_gradient`."""
        return self.value_and_gradient(Z, Y)[0]

    def gradient(self, Z: Array, Y: Array) -> Array:
        """The second result of `value_and_gradient`."""
        return self.value_and_gradient(Z, Y)[1]

    def targets(self, y: Array, K: int, dtype: npt.DTypeLike = np.float64) -> Array:
        """What K outputs are compared with: labels as one-hot rows, rows as they are.

        Args:
            y: labels of shape (m,), or target rows of shape (m, K).
            K: the number of outputs.
            dtype: of the outputs.

        Returns:
            Y, shape (m, K), in that dtype.

        Raises:
            ValueError: if y fits neither form, or a row holds NaN or infinity; targets
                of shape (m, 1) beside outputs of shape (m, K) would broadcast to a
                wrong loss.

        Examples:
            >>> squared_error.targets(np.array([2, 0]), K=3).tolist()
            [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
        """
        if np.ndim(y) == 1 and K > 1:
            return one_hot(y, K, dtype)
        return doors.rows(type(self).__name__, y, K).astype(dtype, copy=False)

    def __call__(self, Z: Array, y: Array) -> tuple[float, Array]:
        """The loss as a number, and its gradient with respect to Z.

        Args:
            Z: the network's outputs, shape (m, K).
            y: labels of shape (m,), or target rows of shape (m, K).

        Returns:
            The loss and the gradient, whose shape is that of Z.

        Raises:
            ValueError: if Z is no matrix, is empty, or holds integers, which wrap
                around when they are subtracted, or if y is refused by `targets` or has
                another number of rows.
        """
        _check_outputs(type(self).__name__, Z, y)
        Y = self.targets(y, Z.shape[1], Z.real.dtype)
        value, grad_Z = self.value_and_gradient(Z, Y)
        return value.item(), grad_Z

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


def _check_outputs(name: str, Z: Array, y: Array) -> None:
    """Raise ValueError if Z is no floating-point matrix with a row for each of y."""
    if not isinstance(Z, np.ndarray) or Z.dtype.kind not in "fc":
        kind = Z.dtype if isinstance(Z, np.ndarray) else doors.described(Z)
        text = f"expected outputs in floating point, but they are {kind}"
        raise ValueError(f"{name}: {text}; write Z = np.array(Z, float)")
    doors.logits(name, Z, len(np.atleast_1d(y)))
    if not len(Z) or Z.shape[:1] != np.shape(y)[:1]:
        text = "expected at least one row, and a label or a target row for each"
        raise ValueError(f"{name}: {text}; Z is {Z.shape}, y is {np.shape(y)}")


class SquaredError(Loss):
    r"""Half the squared distance of predictions and targets, averaged over the batch.

    See \eqref{losses:squared-error}.

    Source:
        A. M. Legendre, Nouvelles méthodes pour la détermination des orbites des
        comètes, Paris 1805, appendix.

    Examples:
        >>> Z = np.array([[1.0, 2.0], [0.0, 4.0]])
        >>> Y = np.array([[1.0, 0.0], [0.0, 1.0]])
        >>> loss, grad = squared_error(Z, Y)
        >>> loss, grad.tolist()
        (3.25, [[0.0, 1.0], [0.0, 1.5]])
    """

    def value_and_gradient(self, Z: Array, Y: Array) -> tuple[Array, Array]:
        r"""The squared error of a batch, and its gradient, the difference divided by m.

        Args:
            Z: the predictions, shape (m, K).
            Y: the targets, shape (m, K).

        Returns:
            A number, (4 + 9) / (2 * 2) = 3.25 in the example above; and the slopes
            \eqref{losses:grad}, shape (m, K).
        """
        m, Y_hat = len(Z), Z
        L: Array = ((Y_hat - Y) ** 2).sum() / (2 * m)  # eq losses:squared-error
        grad_Y_hat: Array = (Y_hat - Y) / m  # eq losses:grad
        return L, grad_Y_hat

    def each(self, Z: Array, Y: Array) -> Array:
        """Half the squared distance of every example, shape (m,)."""
        ell: Array = ((Z - Y) ** 2).sum(axis=1) / 2  # eq losses:example
        return ell


class Weighted(Loss):
    r"""A loss in which every example has a weight of its own, \eqref{losses:weighted}.

    Its target rows have one more column, which holds the weights.

    Args:
        loss: the loss of an example.

    Examples:
        >>> Z, Y, w = np.array([[1.0], [0.0]]), np.zeros((2, 1)), np.array([3.0, 1.0])
        >>> Yw = np.column_stack([Y, w])
        >>> loss, grad = Weighted(squared_error).value_and_gradient(Z, Yw)
        >>> loss.item(), grad.tolist()
        (0.75, [[1.5], [0.0]])
    """

    def __init__(self, loss: Loss) -> None:
        self._loss = loss

    def value_and_gradient(self, Z: Array, Y: Array) -> tuple[Array, Array]:
        """The weighted loss of a batch, and its gradient.

        Args:
            Z: the outputs, shape (m, K).
            Y: the targets and, in the last column, the weights, shape (m, K + 1).

        Returns:
            A number; and the slopes, shape (m, K).
        """
        m, Y, w = len(Z), Y[:, :-1], Y[:, -1]
        ell, grad = self._loss.each(Z, Y), self._loss.gradient(Z, Y)
        L: Array = (w * ell).sum() / m  # eq losses:weighted
        grad_Z: Array = w[:, None] * grad  # eq losses:grad-weighted
        return L, grad_Z


squared_error = SquaredError()
