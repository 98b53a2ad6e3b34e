"""Where training starts: weights so large that signals keep their size on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nnlit import doors
from nnlit.dense import Dense

if TYPE_CHECKING:
    import numpy.typing as npt


def he(
    n_in: int, n_out: int, rng: np.random.Generator, dtype: npt.DTypeLike = np.float32
) -> Dense:
    r"""A dense layer to stand before a ReLU: weights of variance 2 / n_in.

    Their standard deviation is \eqref{initialization:he}; there is no bias.

    Args:
        n_in: numbers per example that come in.
        n_out: numbers per example that go out.
        rng: where the weights come from, a normal distribution.
        dtype: float32 for training, float64 for checks.

    Returns:
        The layer.

    Source:
        K. He, X. Zhang, S. Ren and J. Sun, Delving deep into rectifiers, ICCV 2015,
        section 2.2.

    Examples:
        >>> layer = he(784, 100, np.random.default_rng(0))
        >>> layer, round(float(layer.W.var()) * 784, 1)
        (Dense(784 -> 100, float32), 2.0)
    """
    doors.start("he", n_in, n_out, rng, dtype)
    sigma = np.sqrt(2 / n_in)  # eq initialization:he
    return _normal(sigma, n_in, n_out, rng, dtype)


def glorot(
    n_in: int, n_out: int, rng: np.random.Generator, dtype: npt.DTypeLike = np.float32
) -> Dense:
    r"""A dense layer for slopes near 1, with weights of variance 2 / (n_in + n_out).

    Their standard deviation is \eqref{initialization:glorot}; there is no bias.

    Args:
        n_in: numbers per example that come in.
        n_out: numbers per example that go out.
        rng: where the weights come from, a normal distribution.
        dtype: float32 for training, float64 for checks.

    Returns:
        The layer; its biases are 0.

    Source:
        X. Glorot and Y. Bengio, Understanding the difficulty of training deep
        feedforward neural networks, AISTATS 2010, section 4.2.1.

    Examples:
        >>> layer = glorot(784, 116, np.random.default_rng(0))
        >>> layer, round(float(layer.W.var()) * 450, 1)
        (Dense(784 -> 116, float32), 1.0)
    """
    doors.start("glorot", n_in, n_out, rng, dtype)
    sigma = np.sqrt(2 / (n_in + n_out))  # eq initialization:glorot
    return _normal(sigma, n_in, n_out, rng, dtype)


def _normal(
    sigma: float, n_in: int, n_out: int, rng: np.random.Generator, dtype: npt.DTypeLike
) -> Dense:
    W = rng.normal(0, sigma, (n_in, n_out))
    return Dense(W.astype(dtype), np.zeros(n_out, dtype))
