"""The values of the two sides of a claim on random data: for which letters, and where its conditions hold."""

import math

import numpy as np

from nnlit.book.evaluation.definitions import definition_of
from nnlit.book.evaluation.environment import Env, World
from nnlit.book.evaluation.indexing import conjunction
from nnlit.book.evaluation.pieces import gives
from nnlit.book.evaluation.values import Array, Misfit, Mistake, Value, refuse_crossed, sized, spread, union
from nnlit.book.language import nodes as n
from nnlit.book.language.letters import free

ORDERS = {r"\preceq": r"\le", r"\succeq": r"\ge", r"\prec": "<", r"\succ": ">"}  # and what they are between numbers
INEQUALITIES = {"<", ">", r"\le", r"\ge", r"\ne", *ORDERS}  # a claim with one of these is the same when turned round


class Nowhere(Mistake):
    """A condition that does not hold on these numbers."""


class InfiniteError(Mistake):
    """A side that is no finite number, on the numbers of a world."""

    def __init__(self, message: str, side: str) -> None:
        super().__init__(message)
        self.side = side
        self.world: World | None = None


class Exceptional(Mistake):
    """A claim that is true but for some values that the text does not exclude."""


class Difference(Exception):  # noqa: N818 (it is what two sides have)
    """Two sides that are not equal, and by how much.

    Whether that is `measured` at the numbers of one world; and whether these, or larger sizes, had to be `searched`, as
    all draws pass.
    """

    def __init__(self, message: str, size: float, *, measured: bool = False, searched: bool = False) -> None:
        super().__init__(message)
        self.size, self.measured, self.searched = size, measured, searched


def checked_letters(step: n.Step) -> list[str]:
    """The letters of the left side; the right side may not have more."""
    letters = [*dict.fromkeys([*free(step.left), *(free(step.right) if step.relation in INEQUALITIES else ())])]
    extra = [x for x in free(step.right) if x not in letters]
    refuse_pairs(step)
    if extra:
        culprits = (x.span for x in step.right.walk() if x == n.Letter(extra[0]))
        summed = any(isinstance(x, n.Big) and extra[0] in x.letters for x in step.right.walk())
        brackets = rf"\sum_{extra[0]} (a_{extra[0]} + b_{extra[0]})"
        reach = f": a sum ends at the next + or -, so write {brackets}" if summed else ""
        rows = any(isinstance(x, n.Symbol) and n.Whole() in x.indices for x in step.right.walk())
        if rows and isinstance(step.left, n.Symbol) and not reach:
            left = f"{step.left.name}_{{{''.join([*letters, extra[0]])}}}"
            reach = f": the right side is a vector for each {extra[0]}, so write {left} on the left"
        raise Misfit(f"index {extra[0]} is free on the right but not on the left{reach}", next(culprits, None))
    return list(letters)


def refuse_pairs(step: n.Step) -> None:
    r"""A sum over `i \ne j` runs over i for one j, or over all pairs: where only one side has j, that is not known."""
    for letter in set(free(step.left)) ^ set(free(step.right)):
        for node in (x for side in (step.left, step.right) for x in side.walk() if isinstance(x, n.Big)):
            of_both = node.condition is not None and n.Letter(letter) in (node.condition.left, node.condition.right)
            if of_both and letter in free(node.body):
                ask = rf"does this sum run over {node.letters[0]} alone, or over {letter} too?"
                raise Mistake(rf"{ask} for both write \sum_{{{node.letters[0]}}} \sum_{{{letter} ...}}", node.span)


def environment(step: n.Step, world: World, letters: list[str]) -> Env:
    """Ranges for the letters of a claim, from all its sides."""
    definition = definition_of(step)
    known = gives(world.scope, definition)
    context = (step.right, *step.where) if known else (step.left, step.right, *step.where)
    start = world.declared(definition) if definition else {}
    env = Env(world, start, context)
    return env.with_letters([x for x in letters if x not in env.ranges])


def side_value(node: n.Node, step: n.Step, world: World, rest: float = 0.0) -> Value:
    """One side of a claim, with the left side's letters as its first axes, and `rest` where it does not hold."""
    letters = checked_letters(step)
    env = environment(step, world, letters)
    if not step.where:
        return env.gathered(node, letters)
    mask = holding(step, env, letters)
    return masked(env.within(mask).gathered(node, letters), mask, letters, rest)


def matched(left: Value, right: Value, step: n.Step) -> tuple[Value, Value]:
    """Two sides of one shape; zero fits every shape, a written-out row or column a matrix of one row or column."""
    if left.shape == right.shape:
        refuse_crossed(left, right)
        return left, right
    thin = tuple(s for s in left.shape if s != 1) == tuple(s for s in right.shape if s != 1)
    if thin and any(isinstance(x, n.Matrix) for side in (step.left, step.right) for x in side.walk()):
        return left, Value(right.data.reshape(*right.data.shape[: len(right.letters)], *left.shape), right.letters)
    if step.right == n.Number("0"):
        return left, Value(np.zeros(left.shape))
    if step.left == n.Number("0"):
        return Value(np.zeros(right.shape)), right
    raise Misfit(f"the left side is {sized(left.shape)}, the right side {sized(right.shape)}", step.right.span)


def masked(value: Value, mask: Value, letters: list[str], fill: float) -> Value:
    """A side with another number where the conditions of its claim do not hold."""
    rest = tuple(x for x in mask.letters if x not in letters)
    shown = spread(mask, (*rest, *letters), len(value.shape) - len(letters))
    every, rank = union(value, Value(shown, rest)), len(value.shape)
    data = np.where(spread(Value(shown, rest), every, rank), spread(value, every, rank), fill)
    return Value(data, every, value.row)


def holding(step: n.Step, env: Env, letters: list[str]) -> Value:
    """Where the conditions of a claim hold, for all values of its letters."""
    for relation in step.where:
        refuse_count(relation, env)
        extra = [x for x in free(relation) if x not in letters]
        if extra:
            raise Mistake(f"index {extra[0]} of the condition does not stand in the equation", relation.span)
    mask = conjunction(step.where, env, whole=all(x.operator == r"\ne" for x in step.where))
    if mask.shape:
        raise Mistake("a condition under which an equation holds compares numbers", step.where[0].span)
    if not mask.data.any():
        raise Nowhere("the condition holds on none of the draws, so nothing was compared", step.where[0].span)
    return mask


def refuse_count(relation: n.Relation, env: Env) -> None:
    """A letter that is compared with a number counts from zero or from one, which only its author knows."""
    for one, other in ((relation.left, relation.right), (relation.right, relation.left)):
        if isinstance(one, n.Letter) and isinstance(other, n.Number) and one.name not in env.world.scope.bases:
            ask = f"does {one.name} count from 0 or from 1? give it a row: index, and 'counts from 1' in its meaning"
            raise Mistake(ask, relation.span)


def require_finite(value: Value, side: str) -> None:
    """A claim is about finite numbers."""
    if not np.isfinite(value.data).all():
        what = "something is divided by zero, has no logarithm or root, or grows beyond 1e308"
        raise InfiniteError(f"the {side} side is not a finite number everywhere: {what}", side)


def arrays(left: Value, right: Value) -> tuple[Array, Array]:
    """Both sides with the same axes; they must be of one shape."""
    if left.shape != right.shape:
        raise Misfit(f"the left side is {sized(left.shape)}, the right side {sized(right.shape)}")
    letters, rank = union(left, right), len(left.shape)
    a, b = np.broadcast_arrays(spread(left, letters, rank), spread(right, letters, rank))
    return a, b


def relative(value: Array, expected: Array) -> float:
    """The largest difference relative to max(1, largest expected number); infinite where the shapes do not fit."""
    if value.shape != expected.shape or not (np.isfinite(value) == np.isfinite(expected)).all():
        return math.inf
    with np.errstate(invalid="ignore"):
        gap = np.max(np.where(value == expected, 0.0, np.abs(value - expected)), initial=0.0)
    return float(gap / max(1.0, np.max(np.abs(expected), initial=0.0, where=np.isfinite(expected))))
