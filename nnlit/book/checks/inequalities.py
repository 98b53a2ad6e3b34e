r"""Inequalities on the numbers of one world: entry by entry, or of matrices by eigenvalues, as `A \preceq B` says.

Between vectors $\preceq$ is $\le$ in every entry. Between symmetric matrices it is Loewner's order, in which $B - A$
has no negative eigenvalue; some mean the entries there, too. So what fails by eigenvalues and holds in every entry is
not called false, but asked about.
"""

import numpy as np

from nnlit.book.checks.sides import ORDERS, Difference, arrays, checked_letters, require_finite, side_value
from nnlit.book.evaluation.environment import World
from nnlit.book.evaluation.values import Array, Mistake, Value
from nnlit.book.language import nodes as n
from nnlit.book.language.guide import see

SLACK = 1e-12  # of the largest number of both sides: by so much an inequality may fail, which is rounding
SINGULAR = 1e-13  # an eigenvalue that is as small beside the largest number may be zero
ALIKE = 1e-9  # of a matrix and its transpose
BY_EIGENVALUES, BY_ENTRIES = "by eigenvalues (Loewner's order)", "entry by entry"


class DoubtfulError(Mistake):
    """An order of matrices that is read in two ways, of which one holds."""


def compared(relation: str, left: Value, right: Value, own: int = 0) -> float:
    """An inequality, entry by entry; arrays, which have so many axes of their `own`, differ if one entry does."""
    a, b = arrays(left, right)
    slack = SLACK * scale_of(a, b)
    if relation == r"\ne":
        if np.abs(a - b).max(axis=tuple(range(a.ndim - own, a.ndim))).min() <= slack:
            raise Difference("the two sides are equal", 1.0)
        return 0.0
    worst = float((a - b if relation in {"<", r"\le"} else b - a).max())
    if worst > slack or (relation in {"<", ">"} and worst >= 0):
        raise Difference(f"{relation} does not hold: it fails by {worst:.3g}", worst, measured=True)
    return 0.0


def scale_of(a: Array, b: Array) -> float:
    """The largest number of two sides; one, where that is less."""
    return max(1.0, float(np.max(np.abs(a), initial=0.0)), float(np.max(np.abs(b), initial=0.0)))


def ordered(step: n.Step, world: World) -> float:
    r"""A claim with `\preceq`, `\succeq`, `\prec` or `\succ`; Difference where no reading of it holds."""
    left, right = sides(step, world)
    relation = ORDERS[step.relation]
    if by(step, left, right) == BY_EIGENVALUES:
        return by_eigenvalues(relation, left, right)
    try:
        return compared(relation, left, right)
    except Difference as difference:
        said = str(difference).removeprefix(relation)
        raise Difference(f"{step.relation}, read {BY_ENTRIES},{said}", difference.size, measured=True) from None


def sides(step: n.Step, world: World) -> tuple[Value, Value]:
    """Both sides; zero fits every shape, another number none but its own."""
    left, right = side_value(step.left, step, world), side_value(step.right, step, world)
    require_finite(left, "left")
    require_finite(right, "right")
    zero = n.Number("0")
    left = Value(np.zeros(right.shape)) if step.left == zero else left
    right = Value(np.zeros(left.shape)) if step.right == zero else right
    refuse_number(step.relation, left, right)
    arrays(left, right)
    return left, right


def refuse_number(relation: str, left: Value, right: Value) -> None:
    """A number and an array are compared in a way that only their author knows."""
    shapes = {left.shape, right.shape}
    if len(shapes) > 1 and () in shapes:
        shape = max(left.shape, right.shape, key=len)
        matrix = relation in ORDERS and len(shape) == 2 and shape[0] == shape[1]
        meant = "times the identity? write c I, with a row 'identity'" if matrix else "for every entry? write an index"
        raise Mistake(f"{relation} compares a number and an array: is the number meant {meant}" + see("order"))


def by(step: n.Step, left: Value, right: Value) -> str:
    """How two sides are compared: square matrices by eigenvalues, all else entry by entry."""
    shape = max(left.shape, right.shape, key=len)[len(checked_letters(step)) :]
    return BY_EIGENVALUES if len(shape) == 2 and shape[0] == shape[1] else BY_ENTRIES


def read_as(step: n.Step, world: World) -> str:
    """How an order is read, in words; empty for other claims."""
    return f"{step.relation} is read {by(step, *sides(step, world))}" if step.relation in ORDERS else ""


def eigenvalues(less: Array, more: Array) -> tuple[Array, Array]:
    """The smallest eigenvalue of a difference of matrices, and the largest number of each pair of them."""
    gap = more - less
    halves = (gap + np.swapaxes(gap, -1, -2)) / 2
    size = np.maximum(np.abs(less), np.abs(more)).max(axis=(-1, -2))
    return np.linalg.eigvalsh(halves)[..., 0], size


def by_eigenvalues(relation: str, left: Value, right: Value) -> float:
    """An inequality of square matrices; Difference where it also fails entry by entry."""
    less, more = arrays(left, right)[:: 1 if relation in {"<", r"\le"} else -1]
    least, size = eigenvalues(less, more)
    lost = least <= SINGULAR * size if relation in {"<", ">"} else -least > SLACK * np.maximum(1.0, size)
    gap, fails = more - less, bool(lost.any())
    crooked = bool((np.abs(gap - np.swapaxes(gap, -1, -2)).max(axis=(-1, -2)) > ALIKE * np.maximum(1.0, size)).any())
    if not fails and not crooked:
        return 0.0
    if fails and not holds(relation, left, right):
        far = -float(least.min()) > SLACK * float(np.max(size, initial=1.0))
        what = f"the smallest eigenvalue of the difference is {float(least.min()) if far else 0:.3g}"
        said = f"it does not hold {BY_EIGENVALUES}, where {what}, nor {BY_ENTRIES}"
        raise Difference(said, -float(least.min()) if far else 1.0, measured=far)
    if crooked:
        what = "the difference of these matrices is not symmetric"
        raise DoubtfulError(f"{what}: is every entry meant? write indices and {relation}{see('order')}")
    ask = f"it holds {BY_ENTRIES}, and not {BY_EIGENVALUES}: if entries are meant, write indices and {relation}"
    raise DoubtfulError(ask + see("order"))


def holds(relation: str, left: Value, right: Value) -> bool:
    """Whether an inequality holds in every entry."""
    try:
        compared(relation, left, right)
    except Difference:
        return False
    return True
