"""A network's inputs, moved and stretched so that one learning rate suits them all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from nnlit import doors
from nnlit.data import Array
from nnlit.dense import Layer

if TYPE_CHECKING:
    import numpy.typing as npt

BLOCK = 1000  # rows; the squares are summed block by block, to keep memory small


def curvature(X: Array) -> Array:
    r"""How fast the slopes of a squared error change, \eqref{scaling:curvature}.

    They change with the weights that read X.

    Args:
        X: one example per row, shape (m, n), any number type.

    Returns:
        H, shape (n, n), float64. Its largest eigenvalue limits the learning rate,
        \eqref{scaling:limit}.

    Examples:
        >>> curvature(np.array([[3.0, 1.0], [1.0, 3.0]])).tolist()
        [[5.0, 3.0], [3.0, 5.0]]
    """
    m, X = len(X), np.asarray(X, dtype=np.float64)
    H: Array = X.T @ X / m  # eq scaling:curvature
    return H


def condition_number(H: Array) -> float:
    r"""The largest eigenvalue of a curvature over its smallest one that is not zero.

    This is \eqref{scaling:condition}.

    Args:
        H: a symmetric matrix without negative eigenvalues, shape (n, n), not all zero.

    Returns:
        A number of at least 1. What is below the rounding error of the largest
        eigenvalue counts as zero.

    Raises:
        ValueError: if H has no positive eigenvalue.

    Examples:
        >>> condition_number(np.array([[5.0, 3.0], [3.0, 5.0]]))
        4.0
        >>> condition_number(np.array([[5.0, 0.0], [0.0, 0.0]]))
        1.0
    """
    eigenvalues = np.linalg.eigvalsh(H)
    rounding = len(H) * np.finfo(H.dtype).eps * abs(eigenvalues).max()
    positive = eigenvalues[eigenvalues > rounding]
    if not positive.size:
        text = f"expected a positive eigenvalue, but the largest is {eigenvalues[-1]:g}"
        raise ValueError(f"condition_number: {text}")
    lambda_max, lambda_min = positive[-1], positive[0]
    kappa = lambda_max / lambda_min  # eq scaling:condition
    return float(kappa)


@dataclass(frozen=True, eq=False, repr=False)
class Standardize(Layer):
    r"""Every input minus a number of its own, times a number of its own.

    This is \eqref{scaling:forward}. Both are constants: training does not change them,
    and `save` writes them with the network.

    Args:
        shift: what is subtracted, shape (n,).
        factor: what is multiplied with, shape (n,), of the same dtype.

    Raises:
        TypeError: if one of them is no array.
        ValueError: if shift and factor are not two vectors of one length, or hold
            anything but finite numbers in floating point.

    Examples:
        >>> layer = Standardize.of(np.array([[1.0, 7.0, 0.0], [5.0, 7.0, 6.0]]))
        >>> layer.shift.tolist(), layer.factor.round(4).tolist()
        ([3.0, 7.0, 3.0], [0.5, 1.0, 0.3333])
        >>> layer.predict(np.array([[1.0, 7.0, 0.0], [7.0, 9.0, 3.0]])).tolist()
        [[-1.0, 0.0, -1.0], [2.0, 2.0, 0.0]]
    """

    shift: Array  # (n,)
    factor: Array  # (n,)

    def __post_init__(self) -> None:
        doors.constants(self.shift, self.factor)

    @classmethod
    def of(cls, X: Array, dtype: npt.DTypeLike | None = None) -> Self:
        r"""The layer that takes every column of X to mean 0 and standard deviation 1.

        This is \eqref{scaling:standardize}. A column that never changes becomes 0 in
        every row; its factor is 1.

        Args:
            X: the training examples, one per row, shape (m, n), any number type.
            dtype: of the constants; float64 if X is of a type that float32 cannot hold,
                else float32.

        Returns:
            The layer. Mean and standard deviation are computed in float64, in two
            passes.

        Raises:
            ValueError: if X is not a matrix with at least one row, or holds anything
                but finite numbers.

        Examples:
            >>> Standardize.of(np.array([[0, 0], [255, 0]], dtype=np.uint8))
            Standardize(2, float32)
        """
        X = np.asarray(X)
        if X.ndim != 2 or not len(X) or X.dtype.kind not in "biuf":
            expected = "expected numbers of shape (m, n) with at least one row"
            text = f"X is {X.dtype} of shape {X.shape}"
            raise ValueError(f"Standardize.of: {expected}, but {text}")
        dtype = np.result_type(X, np.float32) if dtype is None else np.dtype(dtype)
        mu, sigma = moments(X)
        varies = X.max(axis=0) > X.min(axis=0)  # sigma may be a rounding error, not 0
        sigma = np.where(varies, sigma, 0)
        factor = 1 / np.where(sigma > 0, sigma, 1)  # eq scaling:factor
        return cls(mu.astype(dtype), factor.astype(dtype))

    @property
    def n_in(self) -> int:
        """Numbers per example that come in: the length of shift."""
        return len(self.shift)

    def width(self, n: int | None) -> int:
        """Numbers per example that go out, as many as come in.

        Raises:
            ValueError: if n is not the length of shift.
        """
        if n not in (None, self.n_in):
            text = f"{n} numbers per example reach a layer that takes {self.n_in}"
            raise ValueError(f"Network: {text}; it is {self}")
        return self.n_in

    def forward(
        self, X: Array, rng: np.random.Generator | None = None
    ) -> tuple[Array, None]:
        """Subtract and multiply; there is nothing to remember.

        Args:
            X: a batch, one example per row, shape (m, n), any number type.
            rng: not used.

        Returns:
            A of shape (m, n), and no cache.

        Examples:
            >>> layer = Standardize(shift=np.array([2.0]), factor=np.array([10.0]))
            >>> A, cache = layer.forward(np.array([[2.5]]))
            >>> A.tolist()
            [[5.0]]
        """
        A = (X - self.shift) * self.factor  # eq scaling:forward
        return A, None

    def backward(self, cache: None, grad_A: Array) -> tuple[Array, dict[str, Any]]:
        """The gradient of the input: every column of `grad_A` times its factor.

        `grad_A` has the shape (m, n).

        Examples:
            >>> layer = Standardize(shift=np.array([2.0]), factor=np.array([10.0]))
            >>> layer.backward(None, np.array([[3.0]]))[0].tolist()
            [[30.0]]
        """
        grad_X = grad_A * self.factor  # eq scaling:grad-X
        return grad_X, {}

    def __repr__(self) -> str:
        return f"Standardize({self.n_in}, {self.shift.dtype})"


def moments(X: Array) -> tuple[Array, Array]:
    r"""The mean and the standard deviation of every column.

    They are \eqref{scaling:mean} and \eqref{scaling:deviation}. The mean is known
    before the first square is taken. The mean of the squares minus the square of the
    mean would cancel.

    Args:
        X: one example per row, shape (m, n), any number type.

    Returns:
        mu and sigma, shape (n,), float64.

    Raises:
        ValueError: if a column has no finite mean or deviation, because it holds NaN or
            infinity.

    Source:
        T. F. Chan, G. H. Golub and R. J. LeVeque, Algorithms for computing the sample
        variance, The American Statistician 37 (1983), 242-247.

    Examples:
        >>> mu, sigma = moments(np.array([[1e9], [1e9 + 1], [1e9 + 2]]))
        >>> mu.tolist(), (sigma**2).round(4).tolist()
        ([1000000001.0], [0.6667])
    """
    m = len(X)
    with np.errstate(over="ignore", invalid="ignore"):
        mu = X.sum(axis=0, dtype=np.float64) / m  # eq scaling:mean
        blocks = (X[k : k + BLOCK] - mu for k in range(0, m, BLOCK))
        squares = sum((block**2).sum(axis=0) for block in blocks)
        sigma = np.sqrt(squares / m)  # eq scaling:deviation
    for j in np.flatnonzero(~np.isfinite(mu + sigma)):
        text = f"column {j} of X has mean {mu[j]:g} and standard deviation {sigma[j]:g}"
        raise ValueError(f"Standardize.of: expected finite numbers, but {text}")
    return mu, sigma
