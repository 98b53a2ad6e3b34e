"""The two sides of a claim on random data, and what a reviewer would say where they differ."""

import math

import numpy as np

from nnlit.book.evaluation.calls import collapses
from nnlit.book.evaluation.definitions import definition_of
from nnlit.book.evaluation.environment import Env, World
from nnlit.book.evaluation.expressions import evaluate
from nnlit.book.evaluation.indexing import conjunction
from nnlit.book.evaluation.sampling import sizes
from nnlit.book.evaluation.scope import Scope
from nnlit.book.evaluation.values import Array, Misfit, Mistake, Value, sized, spread, union
from nnlit.book.language import nodes as n
from nnlit.book.language import tex
from nnlit.book.language.guide import CLAIMS_NOTHING, see
from nnlit.book.language.letters import free

TOLERANCE = 1e-10
LOOSE = 1e-6
INEQUALITIES = {"<", ">", r"\le", r"\ge", r"\ne"}


class Nowhere(Mistake):
    """A condition that does not hold on these numbers."""


class Difference(Exception):  # noqa: N818 (it is what two sides have)
    """Two sides that are not equal."""

    def __init__(self, message: str, size: float) -> None:
        super().__init__(message)
        self.size = size


def differential(node: n.Node) -> bool:
    """Whether an expression holds a derivative."""
    return any(
        isinstance(x, n.Derivative | n.Gradient) or (isinstance(x, n.Call) and x.primes > 0) for x in node.walk()
    )


def checked_letters(step: n.Step) -> list[str]:
    """The letters of the left side; the right side may not have more."""
    letters = free(step.left)
    extra = [x for x in free(step.right) if x not in letters]
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


def environment(step: n.Step, world: World, letters: list[str]) -> Env:
    """Ranges for the letters of a claim, from all its sides."""
    definition = definition_of(step)
    known = definition is not None and world.scope.definitions.get(definition.name) == definition
    context = (step.right,) if known else (step.left, step.right, *step.where)
    start = world.declared(definition) if definition else {}
    env = Env(world, start, context)
    return env.with_letters([x for x in letters if x not in env.ranges])


def side_value(node: n.Node, step: n.Step, world: World) -> Value:
    """One side of a claim, with the left side's letters as its first axes."""
    letters = checked_letters(step)
    env = environment(step, world, letters)
    if not step.where:
        return env.gathered(node, letters)
    return masked(env.within(holding(step, env, letters)).gathered(node, letters), step, env, letters)


def masked(value: Value, step: n.Step, env: Env, letters: list[str]) -> Value:
    """A side with zeros where the conditions of its claim do not hold."""
    mask = holding(step, env, letters)
    rest = tuple(x for x in mask.letters if x not in letters)
    shown = spread(mask, (*rest, *letters), len(value.shape) - len(letters))
    every, rank = union(value, Value(shown, rest)), len(value.shape)
    return Value(np.where(spread(Value(shown, rest), every, rank), spread(value, every, rank), 0), every, value.row)


def holding(step: n.Step, env: Env, letters: list[str]) -> Value:
    """Where the conditions of a claim hold, for all values of its letters."""
    for relation in step.where:
        refuse_count(relation, env)
        extra = [x for x in free(relation) if x not in letters]
        if extra:
            raise Mistake(f"index {extra[0]} of the condition does not stand in the equation", relation.span)
    mask = conjunction(step.where, env)
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


def settled(step: n.Step, world: World) -> float:
    """A definition is evaluated; what it gives must be numbers."""
    definition = definition_of(step)
    if definition and collapses(definition, world.scope):
        return 0.0  # of which shape its arguments are, only its calls say
    if definition and not definition.function:
        value = world.value(definition.name)
    else:
        value = side_value(step.right, step, world)
    require_finite(value, "right")
    return 0.0


def require_finite(value: Value, side: str) -> None:
    """A claim is about finite numbers."""
    if not np.isfinite(value.data).all():
        raise Mistake(
            f"the {side} side is not a finite number everywhere: a logarithm, root or quotient needs a condition"
        )


def verdict(step: n.Step, world: World) -> float:
    """The relative error of a claim that is true; Difference if it is not."""
    if any(isinstance(x, n.Order) for x in step.right.walk()):
        return order(step, world)
    if dual := nilpotents(step, world):
        return to_first_order(step, world, dual)
    if step.relation in CLAIMS_NOTHING:
        raise Mistake(CLAIMS_NOTHING[step.relation])
    if step.relation == r"\propto":
        return proportional(step, world)
    left, right = side_value(step.left, step, world), side_value(step.right, step, world)
    left, right = matched(left, right, step)
    require_finite(left, "left")
    require_finite(right, "right")
    if step.relation not in {"=", r"\approx"}:
        return compared(step.relation, left, right)
    size = apart(left, right)
    if size > allowed(step, left, world):
        raise Difference(report(left, right, size, world), size)
    return size


def proportional(step: n.Step, world: World) -> float:
    """The relative error of a chance that is given up to a factor, the same for all that it is the chance of."""
    of = [x.name for x in step.left.of if isinstance(x, n.Letter)] if isinstance(step.left, n.Chance) else []
    if not of:
        ask = r"proportional in what? the left side of \propto must be a chance such as p(x \mid y)"
        raise Mistake(ask + see("proportional"))
    letters = checked_letters(step)
    left, right = side_value(step.left, step, world), side_value(step.right, step, world)
    require_finite(right, "right")
    a, b = arrays(left, right)
    ratio, axes = b / a, tuple(letters.index(x) for x in of)
    mean = ratio.mean(axis=axes, keepdims=True)
    size = relative(ratio, np.broadcast_to(mean, ratio.shape))
    if size > TOLERANCE:
        raise Difference(f"the sides are not proportional: their quotient varies with {', '.join(of)}", size)
    return size


def matched(left: Value, right: Value, step: n.Step) -> tuple[Value, Value]:
    """Two sides of one shape; zero fits every shape, a written-out row or column a matrix of one row or column."""
    if left.shape == right.shape:
        return left, right
    thin = tuple(s for s in left.shape if s != 1) == tuple(s for s in right.shape if s != 1)
    if thin and any(isinstance(x, n.Matrix) for side in (step.left, step.right) for x in side.walk()):
        return left, Value(right.data.reshape(*right.data.shape[: len(right.letters)], *left.shape), right.letters)
    if step.right == n.Number("0"):
        return left, Value(np.zeros(left.shape))
    raise Misfit(f"the left side is {sized(left.shape)}, the right side {sized(right.shape)}", step.right.span)


def arrays(left: Value, right: Value) -> tuple[Array, Array]:
    """Both sides with the same axes; they must be of one shape."""
    if left.shape != right.shape:
        raise Misfit(f"the left side is {sized(left.shape)}, the right side {sized(right.shape)}")
    letters, rank = union(left, right), len(left.shape)
    a, b = np.broadcast_arrays(spread(left, letters, rank), spread(right, letters, rank))
    return a, b


def apart(left: Value, right: Value) -> float:
    """The largest difference of two sides, relative to the largest entry of the left one where that is more than one.

    A number that is not finite is infinitely far from every other.
    """
    a, b = arrays(left, right)
    return relative(b, a) if np.isfinite(a).all() else math.inf


def parted(left: Value, right: Value) -> float:
    """The largest difference of two sides relative to the largest number of both: small numbers differ as well."""
    require_finite(left, "left")
    require_finite(right, "right")
    a, b = arrays(left, right)
    scale = max(np.max(np.abs(a), initial=0.0), np.max(np.abs(b), initial=0.0))
    return float(np.max(np.abs(a - b), initial=0.0) / scale) if scale else 0.0


def relative(value: Array, expected: Array) -> float:
    """The largest difference relative to max(1, largest expected number); infinite where the shapes do not fit."""
    if value.shape != expected.shape or not (np.isfinite(value) == np.isfinite(expected)).all():
        return math.inf
    with np.errstate(invalid="ignore"):
        gap = np.max(np.where(value == expected, 0.0, np.abs(value - expected)), initial=0.0)
    return float(gap / max(1.0, np.max(np.abs(expected), initial=0.0, where=np.isfinite(expected))))


def allowed(step: n.Step, left: Value, world: World) -> float:
    """How far apart two sides may be."""
    scale = max(1.0, float(np.max(np.abs(left.data), initial=0.0)))
    if step.relation == r"\approx":
        digits = half_digit(step.right)
        if digits is None:
            raise Mistake(
                r"after \approx stand printed digits; for an approximation with a remainder write = ... + O(h^2)"
            )
        return 1.0001 * digits / scale
    used = [step.left, step.right, *(d.body for x in used_names(step, world) if (d := world.scope.definitions.get(x)))]
    loose = any(isinstance(x, n.Limit) or twice(x) for side in used for x in side.walk())
    return LOOSE if loose else TOLERANCE


def used_names(step: n.Step, world: World) -> frozenset[str]:
    """Every name that a claim rests on."""
    return world.scope.uses(step.left) | world.scope.uses(step.right)


def twice(node: n.Node) -> bool:
    """Whether a node is a second derivative or a derivative of one."""
    if isinstance(node, n.Derivative):
        return len(node.denominators) > 1 or differential(node.numerator)
    return (isinstance(node, n.Gradient) and node.order > 1) or (isinstance(node, n.Call) and node.primes > 1)


def half_digit(node: n.Node) -> float | None:
    r"""Half of the last printed digit; for a power of ten `1.5 \cdot 10^{-3}` as well, and the coarsest of a matrix."""
    if isinstance(node, n.Negative):
        return half_digit(node.body)
    if isinstance(node, n.Number):
        return 0.5 * 10.0 ** -len(node.text.partition(".")[2])
    if isinstance(node, n.Product) and isinstance(node.right, n.Power) and node.right.base == n.Number("10"):
        left, scale = half_digit(node.left), evaluate(node.right, Env(World(Scope(tex.Names()), {}), {}, ()))
        return None if left is None else left * float(scale.data)
    if isinstance(node, n.Matrix):
        halves = [half_digit(cell) for row in node.rows for cell in row]
        return None if None in halves else max(h for h in halves if h is not None)
    return None


def compared(relation: str, left: Value, right: Value) -> float:
    """An inequality, entry by entry."""
    a, b = arrays(left, right)
    gap = {"<": a - b, r"\le": a - b, ">": b - a, r"\ge": b - a, r"\ne": 1e-12 - np.abs(a - b)}[relation]
    worst = float(gap.max())
    if worst > 1e-12 or (relation in {"<", ">"} and worst >= 0):
        raise Difference(f"{relation} does not hold: it fails by {worst:.3g}", worst)
    return 0.0


def nilpotents(step: n.Step, world: World) -> frozenset[str]:
    """The numbers whose square is zero that an equation rests on."""
    if step.relation != "=" or not world.scope.nilpotent:
        return frozenset()
    names = {x for side in (step.left, step.right) for name in side.names for x in world.scope.depends(name)}
    return world.scope.nilpotent & names


def to_first_order(step: n.Step, world: World, names: frozenset[str]) -> float:
    """The sides agree but for terms that hold the square of a number, which is zero: as with a remainder O(h^2)."""
    if len(names) > 1:
        raise Mistake(f"the squares of {' and '.join(sorted(names))} are zero; what is their product?")
    return vanishing(step, world, min(names), 2)


def order(step: n.Step, world: World) -> float:
    """`... + O(h^p)`: halving h must divide the remainder by 2^p."""
    name, exponent = order_of(next(x for x in step.right.walk() if isinstance(x, n.Order)))
    return vanishing(step, world, name, exponent)


def vanishing(step: n.Step, world: World, name: str, exponent: float) -> float:
    """Halving a number must divide by a power of two what the sides differ by."""
    steps = (0.02, 0.01) if exponent < 5 else (0.2, 0.1)  # large enough for h^p to stand out from rounding
    large, small = (remainder(step, world.replaced(name, Value(np.array(h)))) for h in steps)
    if small > 1e-12 and small > 1.25 * large * 0.5**exponent:
        claim = f"O({name}^{exponent:g}) needs {2**exponent:g}"
        message = f"halving {name} divides the remainder by {large / small:.3g}, but {claim}"
        raise Difference(message, small)
    return 0.0


def remainder(step: n.Step, world: World) -> float:
    """The largest difference of the left side and the right side without its O(h^p)."""
    a, b = arrays(side_value(step.left, step, world), side_value(without_order(step.right), step, world))
    return float(np.max(np.abs(a - b)))


def order_of(node: n.Order) -> tuple[str, float]:
    """The symbol and the exponent in O(h^p)."""
    base, exponent = node.power
    if not isinstance(base, n.Symbol) or not isinstance(exponent, n.Number):
        raise Mistake("a remainder is written O(h), O(h^2), ... with a symbol h of the Symbols table")
    return base.name, float(exponent.text)


def without_order(node: n.Node) -> n.Node:
    """The same with the remainder left out."""
    return n.Number("0") if isinstance(node, n.Order) else node.map(without_order)


def report(left: Value, right: Value, size: float, world: World) -> str:
    """What a reviewer would say about two sides that differ."""
    a, b = arrays(left, right)
    gap = np.abs(a - b)
    where = np.unravel_index(int(np.argmax(gap)), gap.shape) if gap.ndim else ()
    place = f" at entry {tuple(int(i) for i in where)}" if where else ""
    text = (
        f"the two sides differ by {float(gap.max()):.3g}{place}: left {a[where]:.6g}, right {b[where]:.6g} "
        f"(left {sized(a.shape)}, right {sized(b.shape)}; relative error {size:.2g})"
    )
    return text + remark(a, b, world)


def remark(a: Array, b: Array, world: World) -> str:
    """Whether the right side is the left one up to a sign or a factor."""
    if np.iscomplexobj(a) or np.iscomplexobj(b):
        return ""
    big = np.abs(a) > 1e-9
    ratio = b[big] / a[big] if big.any() else np.array([])
    if not ratio.size or not np.allclose(ratio, ratio[0], rtol=1e-8) or not np.allclose(b[~big], 0):
        square = a.ndim == 2 and a.shape[0] == a.shape[1] and np.allclose(a.T, b)
        return "; the right side is the transpose of the left" if square else ""
    factor = float(ratio[0])
    if math.isclose(factor, -1):
        return "; only the sign is wrong"
    names = [k for k, v in sizes(world).items() if math.isclose(abs(factor), v) or math.isclose(abs(factor), 1 / v)]
    return f"; the right side is {factor:.6g} times the left" + (f": a factor {names[0]}?" if names else "")
