r"""Whether two sides differ by rounding: a difference that other digits, or numbers right beside, make another one.

Of $\log(1 - \tanh^2 x)$ few digits are left where $x$ is ten, and of $1 - \cos x$ where it is a millionth. What is
false differs by as much with more digits, and right beside.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from nnlit.book.checks.comparison import apart, verdict
from nnlit.book.checks.outside import both
from nnlit.book.checks.sides import Difference, require_finite
from nnlit.book.evaluation.environment import World
from nnlit.book.evaluation.values import UNCOMPUTED, Later, Mistake, Value
from nnlit.book.language import nodes as n
from nnlit.book.source.place import BookError

ROUGH = 1e-3  # of an equation that holds for small sizes, what large ones may round where no more digits tell
FINE = 1e-18  # numbers with more digits round by less than this, where the machine has such
EXTENDED = (np.longdouble, np.clongdouble)
BESIDE = (1 + 1e-13, 1 - 1e-13, 1 + 3e-13)  # factors of numbers for some right beside
Draw = Callable[[float], World]
UNDECIDED = (*UNCOMPUTED, MemoryError, BookError)
ILL_CONDITIONED = "ill-conditioned: the sides differ by {:.1e}, which may be rounding"


class RoundedError(Mistake):
    """Two sides that differ by what may be rounding."""

    def __init__(self, size: float) -> None:
        super().__init__(ILL_CONDITIONED.format(size))


def rounds(step: n.Step, world: World, size: float) -> bool:
    """Whether a difference may be rounding: with more digits it is another one; without these, if it is small."""
    finer = with_digits(world)
    if finer is None:
        return size < ROUGH
    try:
        sides = both(step, finer)
        for side in sides:
            require_finite(side, "left")
        known = all(side.data.dtype in EXTENDED for side in sides)
        return abs(apart(*sides) - size) > size / 2 if known else size < ROUGH
    except (*UNDECIDED, TypeError):  # not everything is computed with more digits
        return size < ROUGH


def with_digits(world: World) -> World | None:
    """A world whose numbers have more digits, which are zero; None where the machine has none."""
    if np.finfo(np.longdouble).eps > FINE:
        return None
    return World(world.scope, {name: Later(partial(extended, value)) for name, value in world.bound.items()})


def extended(bound: Value | Later) -> Value:
    """A value with more digits, which are zero."""
    value = bound.value if isinstance(bound, Later) else bound
    return replace(value, data=value.data.astype(np.longdouble)) if value.data.dtype == float else value


def settled(step: n.Step, worlds: Draw, size: float) -> float | None:
    """The error of a claim that is true with more digits; None if its difference is none of rounding.

    Args:
        step: the claim.
        worlds: its draw, the numbers in it times a factor.
        size: by how much its sides differ there.

    Raises:
        RoundedError: by how much they differ is another number with more digits, or right beside.
    """
    finer = with_digits(worlds(1.0))
    if finer and (error := with_more_digits(step, finer)) is not None:
        return error
    other = differing(step, finer) if finer else None
    if other is not None and abs(other - size) > size / 2:
        raise RoundedError(size)
    if finer is None or other is None or not has_digits(step, finer):
        near = [x for factor in BESIDE if (x := differing(step, worlds(factor))) is not None]
        if any(abs(x - size) > size / 10 for x in near):
            raise RoundedError(size)
    return None


def is_rounding(step: n.Step, worlds: Draw, size: float) -> bool:
    """Whether a difference is one of rounding, or may be."""
    try:
        return settled(step, worlds, size) is not None
    except RoundedError:
        return True


def with_more_digits(step: n.Step, finer: World | None) -> float | None:
    """The error of a claim that is true in a world with more digits; None if it is not, or has no value."""
    try:
        return verdict(step, finer) if finer else None
    except (Difference, *UNDECIDED, TypeError):  # not everything is computed with more digits
        return None


def has_digits(step: n.Step, finer: World) -> bool:
    """Whether both sides of a claim have more digits in a world that has them, as far as names stand in them."""
    sides = zip((step.left, step.right), both(step, finer), strict=True)
    return all(value.data.dtype in EXTENDED or not side.names for side, value in sides)


def differing(step: n.Step, world: World) -> float | None:
    """By how much the sides of a claim differ in a world, if it is true its error; None where that is not known."""
    try:
        return verdict(step, world)
    except Difference as difference:
        return difference.size
    except (*UNDECIDED, TypeError):  # not everything is computed with more digits
        return None
