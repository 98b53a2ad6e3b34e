"""By how much a bound holds, of many points at once: which side is larger, and how large they are."""

from collections.abc import Iterator

import numpy as np

from nnlit.book.checks.inequalities import BY_EIGENVALUES, by, eigenvalues, sides
from nnlit.book.checks.membership import end
from nnlit.book.checks.sides import ORDERS, arrays, checked_letters, environment, matched, side_value
from nnlit.book.evaluation.environment import World
from nnlit.book.evaluation.values import Array, Mistake, Value, union
from nnlit.book.language import nodes as n

POINT = "point"  # the letter of an axis along which numbers are others
WAYS = {"<": 1, r"\le": 1, ">": -1, r"\ge": -1}
TINY = 1e-300


def is_bound(step: n.Step) -> bool:
    """Whether a claim says that something is not larger than something else, or lies in an interval."""
    if step.relation == r"\in":
        return isinstance(step.right, n.Domain) and step.right.kind in {"[]", "[)", "(]", "()"}
    return step.relation in WAYS or step.relation in ORDERS


def is_strict(step: n.Step) -> bool:
    """Whether the sides of a bound may not be equal."""
    return ORDERS.get(step.relation, step.relation) in {"<", ">"}


def heights(step: n.Step, world: World) -> Array:
    """What a bound leaves at every point: the least difference of its sides, and the least relative to their sizes.

    Infinite where a side is no finite number, or a condition of the claim does not hold.
    """
    found = [height(*pair, step) for pair in pairs(step, world)]
    return np.asarray(np.min(found, axis=0))


def pairs(step: n.Step, world: World) -> Iterator[tuple[Value, Value]]:
    """What must not be larger than what."""
    if step.relation in ORDERS:
        yield in_order(*sides(step, world), ORDERS[step.relation])
        return
    left = side_value(step.left, step, world)
    if isinstance(step.right, n.Domain) and step.relation == r"\in":
        env = environment(step, world, checked_letters(step))
        low, high = (Value(np.full(left.shape, end(member, env))) for member in step.right.members)
        yield low, left
        yield left, high
    else:
        yield in_order(*matched(left, side_value(step.right, step, world), step), step.relation)


def in_order(left: Value, right: Value, relation: str) -> tuple[Value, Value]:
    """The side that must not be larger, and the other one."""
    return (left, right) if WAYS[relation] > 0 else (right, left)


def height(less: Value, more: Value, step: n.Step) -> Array:
    """The same for one pair of sides."""
    a, b = with_points(less, more)
    known = np.asarray(np.isfinite(a) & np.isfinite(b))
    known = np.asarray(known & ((a != 0) | (b != 0))) if step.where else known
    if step.relation in ORDERS and by(step, less, more) == BY_EIGENVALUES:
        known = np.asarray(known.all(axis=(-1, -2)))
        left, size = eigenvalues(*(np.where(known[..., None, None], x, 0.0) for x in (a, b)))
    else:
        left, size = b - a, np.maximum(np.abs(a), np.abs(b))
    both = np.array([left, left / (size + TINY)]).reshape(2, len(a), -1)
    return np.asarray(np.where(known.reshape(1, len(a), -1), both, np.inf).min(axis=-1))


def with_points(less: Value, more: Value) -> tuple[Array, Array]:
    """Two sides with the points along the first axis; one point where there are none."""
    a, b = arrays(less, more)
    letters = union(less, more)
    if np.iscomplexobj(a) or np.iscomplexobj(b):
        raise Mistake("complex numbers have no order")
    if POINT not in letters:
        return a[None], b[None]
    at = letters.index(POINT)
    return np.moveaxis(a, at, 0), np.moveaxis(b, at, 0)
