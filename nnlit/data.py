"""Images as rows of a matrix, labels as one-hot rows, and a look at both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nnlit import doors

if TYPE_CHECKING:
    import numpy.typing as npt

Array = np.ndarray[Any, np.dtype[Any]]
INK = " .:-=+*#%@"  # ten steps from paper to ink


def one_hot(y: Array, K: int, dtype: npt.DTypeLike = np.float64) -> Array:
    r"""Labels as rows: row i has its single one in column $y_i$, \eqref{data:one-hot}.

    Args:
        y: labels, integers from 0 to K-1, shape (m,).
        K: the number of classes.
        dtype: the type of the numbers returned.

    Returns:
        The one-hot rows Y, shape (m, K).

    Raises:
        ValueError: if y is not a vector of integers, or holds a label outside 0..K-1.

    Examples:
        >>> one_hot(np.array([2, 0]), K=3).tolist()
        [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    """
    y = check_labels(y, K)
    Y: Array = np.eye(K, dtype=dtype).take(y, axis=0)  # eq data:one-hot
    return Y


def check_labels(y: Array, K: int) -> Array:
    """The labels themselves, if they are a vector of integers from 0 to K-1.

    Args:
        y: what should be labels, shape (m,).
        K: the number of classes.

    Returns:
        y as an array, unchanged.

    Raises:
        ValueError: if y has another number of axes, is not of an integer type, or
            leaves 0..K-1. A label of -1 would silently choose the last class, and
            labels of shape (m, 1) would broadcast to m x m.

    Examples:
        >>> check_labels(np.array([1, 3]), K=3)
        Traceback (most recent call last):
        ValueError: labels: expected integers from 0 to 2, but y[1] is 3; labels from 1:
        write y = np.asarray(y) - 1
    """
    return doors.labels(y, K)


def split(
    X: Array, y: Array, fraction: float, rng: np.random.Generator
) -> tuple[Array, Array, Array, Array]:
    """Shuffle the examples and hold a fraction of them out.

    Args:
        X: one example per row, shape (m, n); a frame is taken by position.
        y: one label per example, shape (m,); a series is taken by position.
        fraction: the part that is held out, between 0 and 1; its size is rounded to
            whole examples.
        rng: where the shuffle comes from.

    Returns:
        X_train, y_train, X_held_out, y_held_out: copies; every example is in one of
        the two parts, and in one only.

    Raises:
        ValueError: if X and y differ in length, or fraction is not in [0, 1).

    Examples:
        >>> X, y = np.arange(8).reshape(4, 2), np.arange(4)
        >>> [part.shape for part in split(X, y, 0.25, np.random.default_rng(0))]
        [(3, 2), (3,), (1, 2), (1,)]
    """
    X, y = doors.array("split", "X", X), doors.array("split", "y", y)
    doors.generator("split", rng)
    if X.shape[:1] != y.shape[:1] or not X.ndim:
        text = f"X is {X.shape} and y is {y.shape}"
        raise ValueError(f"split: expected a label for every row, but {text}")
    if not 0 <= doors.number("split", "fraction", fraction) < 1:
        text = f"expected a fraction of at least 0 and below 1, but it is {fraction}"
        raise ValueError(f"split: {text}")
    order = rng.permutation(len(X))
    held_out, kept = np.split(order, [round(fraction * len(X))])
    return X[kept], y[kept], X[held_out], y[held_out]


def show(x: Array, width: int = 28) -> str:
    r"""An image as text: a character per pixel, darker for more ink; \eqref{data:grid}.

    Args:
        x: one row of the data matrix, pixels from 0 to 255, shape (height * width,).
        width: pixels per line.

    Returns:
        The lines of the image, without blanks at their ends.

    Raises:
        ValueError: if x does not fill its last line, holds a number outside 0..255, or
            none above 1 but 0.

    Examples:
        >>> print(show(np.array([0, 255, 128, 0]), width=2))
         @
        +
    """
    x = doors.lines("show", x, width)
    if not ((x >= 0) & (x <= 255)).all():
        text = f"they run from {x.min()} to {x.max()}; scale them"
        raise ValueError(f"show: expected pixels from 0 to 255, but {text}")
    if x.size and 0 < x.max() <= 1:
        text = f"show: expected pixels up to 255, but the largest is {x.max():g}"
        raise ValueError(f"{text}; write x = np.asarray(x) * 255")
    levels = x.reshape(-1, width).astype(int) * len(INK) // 256
    return "\n".join("".join(INK[k] for k in row).rstrip() for row in levels)
