"""Probabilities from any numbers, and a loss: how improbable the right labels are."""

from __future__ import annotations

import cmath
from typing import TYPE_CHECKING

import numpy as np

from nnlit import doors
from nnlit.activations import Softplus
from nnlit.data import Array
from nnlit.losses import Loss

if TYPE_CHECKING:
    import numpy.typing as npt


def log_sum_exp(Z: Array) -> Array:
    r"""The logarithm of the sum of the exponentials of each row, without overflow.

    This is \eqref{softmax:log-sum-exp}.

    Args:
        Z: any numbers, shape (m, K).

    Returns:
        One number per row, shape (m,): between the row's maximum and that maximum plus
        the logarithm of K. A row that holds nothing but minus infinity gives minus
        infinity, the logarithm of zero.

    Raises:
        ValueError: if Z is no matrix of numbers, with an example in each row.

    Examples:
        >>> log_sum_exp(np.log([[1.0, 2.0, 5.0], [0.25, 0.25, 0.5]])).round(4).tolist()
        [2.0794, 0.0]
        >>> log_sum_exp(np.array([[1000.0, 0.0], [-1000.0, -1001.0]])).round(4).tolist()
        [1000.0, -999.6867]
    """
    Z = doors.logits("log_sum_exp", Z)
    Z = np.asfortranarray(Z)  # sums over few columns are then several times faster
    c = Z.real.max(axis=1)
    c = np.where(np.isfinite(c), c, 0)  # infinity minus infinity would be no number
    with np.errstate(divide="ignore"):
        r = np.exp(Z - c[:, None]).sum(axis=1)  # eq softmax:remainder
        s: Array = c + np.log(r)  # eq softmax:log-sum-exp-computed
    return s


def softmax(Z: Array) -> Array:
    r"""Positive numbers with sum 1 from each row, \eqref{softmax:shifted}.

    Args:
        Z: logits, shape (m, K).

    Returns:
        The probabilities P, shape (m, K). A row that holds nothing but minus infinity,
        or plus infinity, has no probabilities: it gives NaN.

    Raises:
        ValueError: if Z is no matrix of numbers, with an example in each row.

    Examples:
        >>> softmax(np.log([[1.0, 2.0, 5.0]])).round(6).tolist()
        [[0.125, 0.25, 0.625]]
        >>> softmax(np.array([[1000.0, 1000.0, -np.inf]])).tolist()
        [[0.5, 0.5, 0.0]]
    """
    return _probabilities(doors.logits("softmax", Z))[0]


def _probabilities(Z: Array) -> tuple[Array, Array]:
    """The probabilities and their logarithms, from the same exponentials."""
    Z = np.asfortranarray(Z)  # as in log_sum_exp
    S = Z - Z.real.max(axis=1, keepdims=True)  # eq softmax:below-largest
    E = np.exp(S)  # eq softmax:exponentials
    r = E.sum(axis=1, keepdims=True)
    P: Array = E / r  # eq softmax:shifted
    log_P: Array = S - np.log(r)  # eq softmax:log-P-shifted
    return P, log_P


class SoftmaxCrossEntropy(Loss):
    r"""Softmax, then the mean of minus the log-probability of the right labels.

    This is \eqref{softmax:cross-entropy}. The target rows must sum to 1, as one-hot
    rows do: for others the gradient is not what `gradient` returns.

    Source:
        J. S. Bridle, Probabilistic interpretation of feedforward classification network
        outputs, in: Neurocomputing, Springer 1990, 227-236.

    Examples:
        >>> Z = np.log([[1.0, 2.0, 5.0]])
        >>> loss, grad = softmax_cross_entropy(Z, np.array([1]))
        >>> round(loss, 4), grad.round(6).tolist()
        (1.3863, [[0.125, -0.75, 0.625]])
        >>> softmax_cross_entropy(Z, np.array([[0.0, 1.0, 0.0]]))[0] == loss
        True
    """

    @np.errstate(invalid="ignore")
    def value_and_gradient(self, Z: Array, Y: Array) -> tuple[Array, Array]:
        """The cross-entropy, and its gradient: probabilities minus targets, over m.

        The gradient is taken with respect to the logits.

        Args:
            Z: the logits, shape (m, K).
            Y: the targets, shape (m, K); every row sums to 1.

        Returns:
            A number, the logarithm of 4 in the example, where the right class has
            probability 1/4; and the slopes, shape (m, K).
        """
        m, (P, log_P) = len(Z), _probabilities(Z)
        Y = np.asfortranarray(Y)  # as P and log_P lie
        L: Array = -(Y * log_P).sum() / m  # eq softmax:cross-entropy
        if not cmath.isfinite(L):  # zero times infinity is no number
            L = self.each(Z, Y).mean()
        grad_Z: Array = (P - Y) / m  # eq softmax:grad-Z
        return L, grad_Z

    def each(self, Z: Array, Y: Array) -> Array:
        """The cross-entropy of every example, shape (m,)."""
        _, log_P = _probabilities(Z)
        log_P = np.where(Y == 0, 0, log_P)  # a class without weight adds 0
        ell: Array = -(Y * log_P).sum(axis=1)  # eq softmax:example
        return ell

    def targets(self, y: Array, K: int, dtype: npt.DTypeLike = np.float64) -> Array:
        """What the loss compares Z with, as every loss does; the rows must sum to 1.

        Args:
            y: labels of shape (m,), or target rows of shape (m, K).
            K: the number of outputs.
            dtype: of the outputs.

        Returns:
            Y, shape (m, K), in that dtype.

        Raises:
            ValueError: if y fits neither form, a target row does not sum to 1, or K is
                1.

        Examples:
            >>> softmax_cross_entropy.targets(np.array([[0.5, 0.0]]), K=2)
            Traceback (most recent call last):
            ValueError: SoftmaxCrossEntropy: expected target rows that sum to 1, but ...
        """
        doors.several(type(self).__name__, K)
        Y = super().targets(y, K, dtype)
        one_hot = np.ndim(y) == 1
        return Y if one_hot else doors.sum_to_one(type(self).__name__, Y)


class BinaryCrossEntropy(Loss):
    r"""Yes or no for every output by itself: a sigmoid, then the cross-entropy.

    This is \eqref{softmax:binary}.

    Source:
        D. R. Cox, The regression analysis of binary sequences, Journal of the Royal
        Statistical Society B 20 (1958), 215-242.

    Examples:
        >>> loss, grad = binary_cross_entropy(np.log([[3.0]]), np.array([1]))
        >>> round(loss, 4), grad.round(6).tolist()
        (0.2877, [[-0.25]])
    """

    def value_and_gradient(self, Z: Array, Y: Array) -> tuple[Array, Array]:
        """The loss of a batch, and its gradient: probabilities minus targets, over m.

        Args:
            Z: the logits, shape (m, K).
            Y: the targets, from 0 to 1, shape (m, K).

        Returns:
            A number, the logarithm of 4/3 in the example, where the right answer has
            probability 3/4; and the slopes, shape (m, K).
        """
        m, P = len(Z), (1 + np.tanh(Z / 2)) / 2
        L: Array = (Softplus().predict(Z) - Y * Z).sum() / m  # eq softmax:binary-logits
        grad_Z: Array = (P - Y) / m  # eq softmax:grad-binary
        return L, grad_Z

    def each(self, Z: Array, Y: Array) -> Array:
        """The loss of every example, shape (m,)."""
        A = Softplus().predict(Z)
        ell: Array = (A - Y * Z).sum(axis=1)  # eq softmax:binary-example
        return ell

    def targets(self, y: Array, K: int, dtype: npt.DTypeLike = np.float64) -> Array:
        """What the loss compares Z with.

        For one output labels 0 and 1, for more one-hot rows, or rows from 0 to 1.

        Args:
            y: labels of shape (m,), or target rows of shape (m, K).
            K: the number of outputs.
            dtype: of the outputs.

        Returns:
            Y, shape (m, K), in that dtype.

        Raises:
            ValueError: if y fits neither form, or leaves the interval from 0 to 1.

        Examples:
            >>> binary_cross_entropy.targets(np.array([1, 0]), K=1).tolist()
            [[1.0], [0.0]]
        """
        if K == 1 and np.ndim(y) == 1:
            y = doors.labels(y, 2)[:, None]
        return doors.from_0_to_1(type(self).__name__, super().targets(y, K, dtype))


softmax_cross_entropy = SoftmaxCrossEntropy()
binary_cross_entropy = BinaryCrossEntropy()
