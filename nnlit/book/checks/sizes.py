r"""Claims of sizes alone, `m \ge 1` or `\min(m, n) \le m`: they are tried for many sizes at once, equal ones too.

Those that are drawn are small and all different, so that an `m \ne n` would hold for them. What holds for some sizes
and not for others is no claim but a condition, and is asked about.
"""

import itertools

import numpy as np

from nnlit.book.checks.sides import INEQUALITIES, ORDERS, Difference
from nnlit.book.evaluation.definitions import Part, is_definition
from nnlit.book.evaluation.environment import CONSTANTS, Env, World
from nnlit.book.evaluation.expressions import evaluate
from nnlit.book.evaluation.values import UNCOMPUTED, Array, Mistake, Value, spread
from nnlit.book.language import nodes as n
from nnlit.book.language.vocabulary import Kind

GRID = "sizes"  # an axis along which sizes are others
TRIED = (1, 2, 3, 4, 5, 6, 7, 8, 12, 30, 100, 1e4, 1e6, 1e9, 1e12, 1e30)
FEWER = {1: TRIED, 2: TRIED, 3: TRIED, 4: (1, 2, 3, 4, 7, 30, 1e6, 1e12), 5: (1, 2, 3, 7, 1e6)}
SMALL = 30
EXACT = 1e4  # sizes up to here are told apart from those that are larger by one
CLOSE = 1e-10
OTHER = n.Letter | n.Big | n.Derivative | n.Limit | n.Matrix
RELATIONS = {"<": np.less, r"\le": np.less_equal, ">": np.greater, r"\ge": np.greater_equal}


def names_of(step: n.Step) -> frozenset[str]:
    """The names of numbers in a claim."""
    every = [x for side in (step.left, step.right) for x in side.every]
    return frozenset(x.name for x in every if isinstance(x, n.Symbol) and x.name not in CONSTANTS)


def is_of_sizes(step: n.Step, part: Part) -> bool:
    """Whether a claim holds sizes and numbers alone."""
    names, every = names_of(step), [x for side in (step.left, step.right) for x in side.every]
    if step.where or not names or any(part.scope.kind(x) != Kind.SIZE for x in names):
        return False
    is_said = isinstance(step.left, n.Symbol) or is_definition(part, step)
    if any(isinstance(x, OTHER) for x in every) or len(names) > max(FEWER):
        return False
    return step.relation in INEQUALITIES or (step.relation == "=" and not is_said)


def is_plain(step: n.Step) -> bool:
    """Whether a claim is made of sums, products and powers: such a bound may as well be a condition."""
    return not any(isinstance(x, n.Call) for side in (step.left, step.right) for x in side.every)


def for_all_sizes(step: n.Step, part: Part, world: World) -> float:
    """Zero if a claim holds for all sizes; those that functions are taken of are small ones.

    Raises:
        Difference: it does not; if it is a bound without functions, for no sizes.
        Mistake: it is such a bound, and holds for some sizes.
    """
    own, plain = names_of(step), is_plain(step)
    every = own | sizes_beside(own, part)
    names = sorted(every if len(every) <= max(FEWER) else own)
    lengths = [x for x in FEWER[len(names)] if plain or x <= SMALL]
    grid = np.array(list(itertools.product(lengths, repeat=len(names)))).T
    tried = World(part.scope, {**world.bound, **{x: Value(grid[k], (GRID,)) for k, x in enumerate(names)}})
    with np.errstate(all="ignore"):
        left, right = (numbers(side, tried, grid.shape[1]) for side in (step.left, step.right))
        known = allowed(names, part, tried, grid.shape[1]) & np.isfinite(left) & np.isfinite(right)
        exact = grid.max(axis=0) <= EXACT
        holds = compared(step.relation, left, right, exact) | ~known
    if holds.all():
        return 0.0
    at = int(np.argmin(holds))
    where = ", ".join(f"{x} = {grid[k][at]:.0f}" for k, x in enumerate(names) if x in own)
    if not (plain and step.relation != "=" and (holds & known & exact).any()):
        raise Difference(f"it does not hold where {where}: left {left[at]:.6g}, right {right[at]:.6g}", 1.0)
    ask = r"is it assumed? say so in words, as in \text{where } ..., or in front of what follows from it"
    raise Mistake(f"of sizes it holds for some and not for others, such as {where}: {ask}")


def numbers(side: n.Node, world: World, count: int) -> Array:
    """The values of a side for all sizes."""
    value = evaluate(side, Env(world, {}, (side,)))
    if value.shape:
        raise Mistake("a claim of sizes is one of numbers, and here stands an array")
    return np.asarray(np.broadcast_to(spread(value, (GRID,), 0).real, (count,)))


def compared(relation: str, left: Array, right: Array, exact: Array) -> Array:
    """Where a claim holds; large numbers that are as near as rounding may be the same."""
    relation = ORDERS.get(relation, relation)
    same = np.abs(left - right) <= CLOSE * np.maximum(1.0, np.maximum(np.abs(left), np.abs(right)))
    if relation == "=":
        return np.asarray(same)
    if relation == r"\ne":
        return np.asarray(~same | ~exact)
    where_same = ~exact | (relation in {r"\le", r"\ge"})
    return np.asarray(np.where(same, where_same, RELATIONS[relation](left, right)))


def sizes_beside(names: frozenset[str], part: Part) -> frozenset[str]:
    """The sizes that stand with some others in an axis: the h of an axis h - f + 1 beside an f."""
    axes = [axis for row in part.rows.values() for axis in row.axes if not isinstance(axis, n.Symbol)]
    own = (frozenset(x for x in axis.names if part.scope.kind(x) == Kind.SIZE) for axis in axes)
    return frozenset().union(*(held for held in own if held & names)) - names


def allowed(names: list[str], part: Part, world: World, count: int) -> Array:
    """Which sizes all axes of the tables allow: each is a whole number, and not zero."""
    found = np.ones(count, dtype=bool)
    for axis in {axis for row in part.rows.values() for axis in row.axes if not isinstance(axis, n.Symbol)}:
        if set(axis.names) & set(names):
            try:
                value = numbers(axis, world, count)
            except UNCOMPUTED:
                continue
            found &= (value >= 1) & (value == np.round(value))
    return found
