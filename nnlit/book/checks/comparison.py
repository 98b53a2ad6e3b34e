"""The two sides of a claim against each other, and what a reviewer would say where they differ."""

import math
from dataclasses import replace
from functools import partial, reduce

import numpy as np

from nnlit.book.checks.constants import constant_in, elsewhere, up_to_a_constant
from nnlit.book.checks.inequalities import compared, ordered, refuse_number
from nnlit.book.checks.membership import belongs
from nnlit.book.checks.orders import approximated, leaves_out, nilpotents, order, smalls, to_first_order
from nnlit.book.checks.outside import FILLS, both, everywhere
from nnlit.book.checks.sides import (
    INEQUALITIES,
    ORDERS,
    Difference,
    arrays,
    checked_letters,
    relative,
    require_finite,
    side_value,
)
from nnlit.book.evaluation.calls import collapses
from nnlit.book.evaluation.definitions import definition_of
from nnlit.book.evaluation.environment import Env, World
from nnlit.book.evaluation.expressions import evaluate
from nnlit.book.evaluation.sampling import sizes
from nnlit.book.evaluation.scope import Scope
from nnlit.book.evaluation.values import Array, Mistake, Value, sized
from nnlit.book.language import nodes as n
from nnlit.book.language import tex
from nnlit.book.language.guide import CLAIMS_NOTHING, see

TOLERANCE = 1e-10
LOOSE = 1e-6
SOLVED = "is this a derivative at any value? then give the solution a name of its own"


def differential(node: n.Node) -> bool:
    """Whether an expression holds a derivative."""
    return any(
        isinstance(x, n.Derivative | n.Gradient) or (isinstance(x, n.Call) and x.primes > 0) for x in node.walk()
    )


def settled(step: n.Step, world: World) -> float:
    """A definition is evaluated; what it gives must be numbers."""
    definition = definition_of(step)
    if definition and collapses(definition, world.scope):
        return 0.0  # of which shape its arguments are, only its calls say
    if definition and (definition.where or definition.otherwise):
        side_value(step.right, replace(step, where=()), world)
        return 0.0  # it need be no number outside of its range
    if definition and not definition.function:
        value = world.value(definition.name)
    else:
        value = side_value(step.right, step, world)
    require_finite(value, "right")
    return 0.0


def verdict(step: n.Step, world: World) -> float:
    """The relative error of a claim that is true; Difference if it is not.

    A derivative in a name that is solved for further down, or one that is zero there, is compared at another value too.
    """
    size = error(step, world)
    moved = solved_for(step, world)
    if moved:
        try:
            return max(size, error(step, reduce(lambda w, x: elsewhere(x, w), moved, world)))
        except Difference:
            names = " and ".join(moved)
            what = f"true where {names} has the value that is displayed for it, false elsewhere"
            raise Mistake(f"{what}: {SOLVED}") from None
    return size


def solved_for(step: n.Step, world: World) -> list[str]:
    """The names of derivatives in a claim whose value is displayed further down, or makes the sides zero."""
    if step.relation != "=":
        return []
    slopes = [x for side in (step.left, step.right) for x in side.walk() if isinstance(x, n.Derivative)]
    taken = {symbol.name for slope in slopes for symbol in slope.denominators}
    known = {name: d for name in taken if (d := world.scope.definitions.get(name)) and not d.function}
    later = {x for x, d in known.items() if d.place.path == step.place.path and d.place.line > step.place.line}
    return sorted(known if known and vanishes(step, world) else later)


def vanishes(step: n.Step, world: World) -> bool:
    """Whether both sides are zero although neither is written so."""
    if n.Number("0") in {step.left, step.right}:
        return False
    inner = everywhere(step, world, FILLS[0])
    return all(np.abs(side_value(x, step, inner).data).max(initial=0.0) < TOLERANCE for x in (step.left, step.right))


def error(step: n.Step, world: World) -> float:
    """The relative error of a claim on the values of a world; Difference if it is too large."""
    if step.relation == "=" and (name := constant_in(step, world)):
        return up_to_a_constant(step, world, name)
    return compared_sides(step, world)


def compared_sides(step: n.Step, world: World) -> float:
    """The same for a claim that holds no constant without a value."""
    if any(isinstance(x, n.Order) for x in step.right.walk()):
        return order(step, world)
    if dual := nilpotents(step, world):
        return to_first_order(step, world, dual)
    if step.relation in CLAIMS_NOTHING:
        raise Mistake(CLAIMS_NOTHING[step.relation])
    if step.relation in RELATED:
        return RELATED[step.relation](step, world)
    if leaves_out(step) or (step.relation == r"\approx" and (smalls(step, world) or printed_half(step) is None)):
        return approximated(step, world)
    asked = step.relation in INEQUALITIES and n.Number("0") not in {step.left, step.right}
    left, right = both(step, world, partial(refuse_number, step.relation) if asked else None)
    require_finite(left, "left")
    require_finite(right, "right")
    if step.relation not in {"=", r"\approx"}:
        own = len(left.shape) - len(checked_letters(step))
        return compared(step.relation, left, right, own)
    size = apart(left, right)
    if size > allowed(step, left, world):
        raise Difference(report(left, right, size, world), size, measured=True)
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
    if (b < 0).any():
        raise Difference("the right side is negative somewhere, but a chance is not", float(np.abs(b).max()))
    ratio, axes = b / a, tuple(letters.index(x) for x in of)
    mean = ratio.mean(axis=axes, keepdims=True)
    size = relative(ratio, np.broadcast_to(mean, ratio.shape))
    if size > TOLERANCE:
        raise Difference(f"the sides are not proportional: their quotient varies with {', '.join(of)}", size)
    return size


RELATED = {r"\propto": proportional, r"\in": belongs, **dict.fromkeys(ORDERS, ordered)}


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


def allowed(step: n.Step, left: Value, world: World) -> float:
    """How far apart two sides may be."""
    scale = max(1.0, float(np.max(np.abs(left.data), initial=0.0)))
    if step.relation == r"\approx":
        return 1.0001 * (printed_half(step) or 0.0) / scale
    used = [step.left, step.right, *(d.body for x in used_names(step, world) if (d := world.scope.definitions.get(x)))]
    slopes = {x for x in used_names(step, world) if (d := world.scope.definitions.get(x)) and differential(d.body)}
    loose = any(isinstance(x, n.Limit) or twice(x) or again(x, slopes, world) for side in used for x in side.walk())
    return LOOSE if loose else TOLERANCE


def used_names(step: n.Step, world: World) -> frozenset[str]:
    """Every name that a claim rests on."""
    return world.scope.uses(step.left) | world.scope.uses(step.right)


def twice(node: n.Node) -> bool:
    """Whether a node is a second derivative or a derivative of one."""
    if isinstance(node, n.Derivative):
        return len(node.denominators) > 1 or differential(node.numerator)
    return (isinstance(node, n.Gradient) and node.order > 1) or (isinstance(node, n.Call) and node.primes > 1)


def again(node: n.Node, slopes: set[str], world: World) -> bool:
    """Whether a node is a derivative of what rests on a name for another one, of `slopes`."""
    one = isinstance(node, n.Derivative | n.Gradient) or (isinstance(node, n.Call) and node.primes > 0)
    return bool(slopes) and one and not slopes.isdisjoint(world.scope.uses(node))


def printed_half(step: n.Step) -> float | None:
    r"""Half of the last digit that is printed behind `\approx`, or before it; of two such numbers the coarser."""
    right, left = half_digit(step.right), half_digit(step.left)
    pointed = all(isinstance(x, n.Number) and "." in x.text for x in (step.left, step.right))
    return max(left, right) if pointed and left and right else right if right is not None else left


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


def report(left: Value, right: Value, size: float, world: World) -> str:
    """What a reviewer would say about two sides that differ."""
    a, b = arrays(left, right)
    gap = np.abs(a - b)
    where = np.unravel_index(int(np.argmax(gap)), gap.shape) if gap.ndim else ()
    place = f" at entry {tuple(int(i) for i in where)}" if where else ""
    text = f"the two sides differ by {float(gap.max()):.3g}{place}: left {a[where]:.6g}, right {b[where]:.6g} "
    text += f"(left {sized(a.shape)}, right {sized(b.shape)}; relative error {size:.2g})"
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
