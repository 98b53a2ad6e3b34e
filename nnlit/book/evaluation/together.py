"""Rows with several conditions on their numbers: such arrays are drawn where it is known how; else the row is lost."""

from collections.abc import Callable, Collection

import numpy as np

from nnlit.book.evaluation.values import Array
from nnlit.book.language.vocabulary import Condition

SYMMETRIC = {Condition.SYMMETRIC, Condition.SYMMETRIC_MATRIX, Condition.A_SYMMETRIC_MATRIX}
ENTRIES = (Condition.BINARY, Condition.UNIT_INTERVAL, Condition.POSITIVE)  # of each entry, the narrowest first
CLOSE = 1e-9


def is_symmetric(data: Array) -> bool:
    """Whether a matrix is its transpose."""
    return data.ndim == 2 and data.shape[0] == data.shape[1] and bool(np.allclose(data, data.T))


def sums_to_one(data: Array) -> bool:
    """Whether positive rows sum to one."""
    return bool(data.ndim and (data >= 0).all() and np.allclose(data.sum(axis=-1), 1))


def is_binary(data: Array) -> bool:
    """Whether every entry is 0 or 1."""
    return bool(np.isin(data, (0, 1)).all())


HOLDS: dict[Condition, Callable[[Array], bool]] = {
    **dict.fromkeys(SYMMETRIC, is_symmetric),
    **dict.fromkeys((Condition.ROWS_SUM_TO_ONE, Condition.ENTRIES_SUM_TO_ONE), sums_to_one),
    **dict.fromkeys((Condition.ONE_HOT_ROWS, Condition.ONE_HOT), lambda x: sums_to_one(x) and is_binary(x)),
    Condition.DEFINITE: lambda x: is_symmetric(x) and bool((np.linalg.eigvalsh(x) > 0).all()),
    Condition.ORTHOGONAL: lambda x: x.ndim == 2 and bool(np.allclose(x.T @ x, np.eye(x.shape[1]))),
    Condition.POSITIVE: lambda x: bool((x > 0).all()),
    Condition.UNIT_INTERVAL: lambda x: bool(((x >= 0) & (x <= 1)).all()),
    Condition.BINARY: is_binary,
    Condition.HOLDS_ZEROS: lambda x: bool((x == 0).any()),
    Condition.ONES: lambda x: bool((x == 1).all()),
    Condition.ZEROS: lambda x: bool((x == 0).all()),
}


def mirrored(data: Array) -> Array:
    """A symmetric matrix with the upper half of another one."""
    return np.asarray(np.triu(data) + np.triu(data, 1).T)


def reflection(size: int, rng: np.random.Generator) -> Array:
    """A symmetric orthogonal matrix."""
    v = rng.normal(size=size)
    return np.asarray(np.eye(size) - 2 * np.outer(v, v) / (v @ v))


def broken(conditions: Collection[Condition], data: Array) -> Condition | None:
    """A condition of a row that its data do not meet; None where they meet all that are known."""
    return next((c for c in sorted(conditions) if c in HOLDS and not HOLDS[c](data.real)), None)
