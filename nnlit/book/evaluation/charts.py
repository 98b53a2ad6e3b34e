"""Numbers under a condition as smooth functions of coordinates without one, along which a bound is searched.

A positive number is the exponential of any number, a row that sums to one the softmax of any row, an orthogonal matrix
what is orthogonal in any matrix. Labels, one-hot rows, zeros and ones, whole numbers, outcomes and numbers whose square
is zero have no such coordinates: they stay as they were drawn.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nnlit.book.evaluation.definitions import Part
from nnlit.book.evaluation.environment import World
from nnlit.book.evaluation.sampling import CONDITIONS
from nnlit.book.evaluation.values import Array
from nnlit.book.language.vocabulary import Condition, Kind

MOVED = {Kind.NUMBER, Kind.ARRAY, Kind.GRADIENT, Kind.RANDOM}
STAY = {Condition.NILPOTENT, Condition.HOLDS_ZEROS}
TINY = 1e-300
Change = Callable[[Array], Array]


@dataclass(frozen=True)
class Chart:
    """Coordinates of some data, and back; both take many of these along axes in front.

    Args:
        coordinates: from the data.
        data: from the coordinates.
        reach: the size of coordinates at most. Numbers that are far larger, or nearer to an end, are tried elsewhere.
        scales: whether multiples of the data are under the same condition.
        rounds: whether data with fewer digits are under it; None where they never are.
    """

    coordinates: Change
    data: Change
    reach: float
    scales: bool = False
    rounds: Callable[[Array], bool] | None = None


def softmax(x: Array) -> Array:
    """Rows that sum to one."""
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return np.asarray(e / e.sum(axis=-1, keepdims=True))


def symmetric(x: Array) -> Array:
    """The symmetric half of a matrix."""
    return np.asarray((x + np.swapaxes(x, -1, -2)) / 2)


def orthonormal(x: Array) -> Array:
    """The columns of a matrix made orthonormal, one after the other; such columns stay what they are."""
    q, r = np.linalg.qr(x)
    return np.asarray(q * np.where(np.diagonal(r, axis1=-2, axis2=-1) < 0, -1.0, 1.0)[..., None, :])


def below(x: Array) -> Array:
    """The entries below the diagonal, with the exponentials of those on it."""
    steep = np.exp(np.diagonal(x, axis1=-2, axis2=-1))
    return np.asarray(np.tril(x, -1) + steep[..., None] * np.eye(x.shape[-1]))


def definite(x: Array) -> Array:
    """A matrix below the diagonal times its transpose: all symmetric positive definite ones are such products."""
    low = below(x)
    return np.asarray(low @ np.swapaxes(low, -1, -2))


def root(data: Array) -> Array:
    """The coordinates of a symmetric positive definite matrix."""
    low = np.linalg.cholesky(data)
    steep = np.log(np.diagonal(low, axis1=-2, axis2=-1))
    return np.asarray(np.tril(low, -1) + steep[..., None] * np.eye(data.shape[-1]))


def same(x: Array) -> Array:
    """Itself."""
    return x


def logarithm(x: Array) -> Array:
    """The logarithm of what may be so small that it is zero."""
    return np.asarray(np.log(np.maximum(x, TINY)))


def logit(x: Array) -> Array:
    """The coordinates of numbers between 0 and 1."""
    return logarithm(x) - logarithm(1 - x)


def sigmoid(x: Array) -> Array:
    """Numbers between 0 and 1."""
    return np.asarray(1 / (1 + np.exp(-x)))


PLAIN = Chart(same, same, 1e3, scales=True, rounds=lambda _: True)
SIMPLEX = Chart(logarithm, softmax, 15.0)
SYMMETRIC = Chart(same, symmetric, 1e3, scales=True)
CHARTS = {
    Condition.ROWS_SUM_TO_ONE: SIMPLEX,
    Condition.ENTRIES_SUM_TO_ONE: SIMPLEX,
    Condition.DEFINITE: Chart(root, definite, 3.0, scales=True),
    Condition.SYMMETRIC: SYMMETRIC,
    Condition.SYMMETRIC_MATRIX: SYMMETRIC,
    Condition.A_SYMMETRIC_MATRIX: SYMMETRIC,
    Condition.ORTHOGONAL: Chart(same, orthonormal, 1e3),
    Condition.POSITIVE: Chart(logarithm, np.exp, 12.0, scales=True, rounds=lambda x: bool((x > 0).all())),
    Condition.UNIT_INTERVAL: Chart(logit, sigmoid, 15.0, rounds=lambda x: bool(((x > 0) & (x < 1)).all())),
}


def chart_of(name: str, part: Part, world: World) -> Chart | None:
    """The coordinates of the numbers of a name; None where these stay as they were drawn."""
    if name in world.scope.random or world.scope.kind(name) == Kind.SIZE:
        return None
    row, value = part.rows.get(name), world.lookup(name)
    if row is None or value is None or len(row.axes) != len(value.shape):
        return PLAIN  # the argument of a function, or numbers from which chances are made
    if row.kind not in MOVED or name in world.scope.chances.valued or STAY & row.conditions:
        return None
    found = [x for x in CONDITIONS if x in row.conditions]
    if len(found) > 1:
        return None  # coordinates of one condition leave another
    return CHARTS.get(found[0]) if found else PLAIN
