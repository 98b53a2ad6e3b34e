"""Claims that hold to some order: what the sides differ by vanishes as fast as it is said, where a number shrinks."""

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from nnlit.book.checks.sides import Difference, Nowhere, arrays, side_value
from nnlit.book.evaluation.environment import Env, World
from nnlit.book.evaluation.expressions import evaluate
from nnlit.book.evaluation.values import Mistake, Value, combine
from nnlit.book.language import nodes as n
from nnlit.book.language.guide import see

SHRUNK = (0.02, 0.01, 0.002, 0.001)  # by how much what is small is made smaller
CLEAR = 0.4  # orders that differ by more than this are not the same
UNCLEAR = 0.25  # an order that is as far from a whole number as this is none
LEAST = 1e-10  # the finer steps are taken where differences are larger
NOISE = 1e-13  # a difference that may be rounding
FAST = 8.0  # the order of what is there, and is lost in rounding where it is halved
MOST_TERMS = 40
FEW = 4  # terms of a sum without an end that are looked at
IN_WHAT = r"\approx needs printed digits, or a small number: say in its row 'small', or 'near $x_0$'"


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


# approximations


class Unbounded(Mistake):
    """A number that is not finite."""


def smalls(step: n.Step, world: World) -> list[str]:
    """The small numbers that a claim rests on."""
    if not world.scope.small:
        return []
    return sorted(set(world.scope.small) & (world.scope.uses(step.left) | world.scope.uses(step.right)))


def leaves_out(step: n.Step) -> bool:
    """Whether dots stand for the terms of a series that are left out."""
    return any(isinstance(x, n.Rest) for side in (step.left, step.right) for x in side.walk())


def approximated(step: n.Step, world: World) -> float:
    r"""`f(x + h) \approx f(x) + h f'(x)`: what the sides differ by vanishes faster than every term on the right.

    A term's order is that of what its side loses without it. Terms on the left that are of the order of the difference
    leave the claim open: `1 + x \approx 1`.
    """
    names = smalls(step, world)
    if not names:
        dots = "what do these dots leave out? say of a number in its row that it is 'small', or 'near $x_0$'"
        raise Mistake(dots + see("series") if leaves_out(step) else IN_WHAT + see("approx"))
    left, right = without_rest(step.left), without_rest(step.right)
    shrinking = Shrinking(step, world, names)
    apart = shrinking.rate(left, right)
    if math.isinf(apart):
        return 0.0
    printed, before = shrinking.finest(right), shrinking.finest(left)
    if leaves_out(step) and printed <= 0:
        raise Mistake("the terms before these dots are all of one size: which of them are left out?" + see("series"))
    if apart <= printed + CLEAR:
        small = " and ".join(names)
        message = f"halving {small} divides what the sides differ by by {2**apart:.3g}"
        raise Difference(f"{message}, and a term on the right by {2**printed:.3g}: it must vanish faster", 1.0)
    if apart <= before + CLEAR:
        raise Mistake(r"a term on the left is no larger than what the sides differ by: to which order is this \approx?")
    return 0.0


def without_rest(node: n.Node) -> n.Node:
    """The same with the terms that are left out as zero."""
    return n.Number("0") if isinstance(node, n.Rest) else node.map(without_rest)


class Shrinking:
    """The values of expressions of a claim where what is small is smaller and smaller."""

    def __init__(self, step: n.Step, world: World, names: list[str]) -> None:
        self.step, self.worlds = step, [shrunk(world, names, factor) for factor in SHRUNK]
        self.found: dict[tuple[n.Node, int], Value] = {}

    def value(self, node: n.Node, k: int) -> Value:
        """An expression at one of the steps."""
        if (node, k) not in self.found:
            self.found[node, k] = side_value(node, self.step, self.worlds[k])
        return self.found[node, k]

    def rate(self, one: n.Node, other: n.Node) -> float:
        """The power with which two expressions approach each other; infinite where they are the same."""
        gaps = [self.gap(one, other, 0), self.gap(one, other, 1)]
        if not gaps[0]:
            return math.inf
        fine = [self.gap(one, other, 2), self.gap(one, other, 3)]
        large, small = fine if min(fine) > LEAST else gaps
        order = math.log2(large / small) if small else FAST
        if abs(order - round(order)) > UNCLEAR:
            raise Nowhere("how fast a term vanishes cannot be told from these numbers")
        return order

    def gap(self, one: n.Node, other: n.Node, k: int) -> float:
        """How far two expressions are apart at one of the steps; zero where that may be rounding."""
        a = self.value(one, k)
        data = combine(np.subtract, a, self.value(other, k), r"\approx").data
        if not np.isfinite(data).all():
            what = r"a side of \approx is not a finite number everywhere: a logarithm or root needs a condition"
            raise Unbounded(what)
        found, scale = float(np.max(np.abs(data), initial=0.0)), float(np.max(np.abs(a.data), initial=1.0))
        return found if found > NOISE * scale else 0.0

    def finest(self, side: n.Node) -> float:
        """The highest order of a term that a side holds, at any depth, and of the side itself."""
        others = [n.Number("0"), *thinned(side)]
        if len(others) > MOST_TERMS:
            what = f"an approximation with more than {MOST_TERMS} terms is not checked: give a part of it a name"
            raise Mistake(what)
        orders = (self.rate_if_any(side, other) for other in others)
        return max((order for order in orders if order is not None), default=-math.inf)

    def rate_if_any(self, one: n.Node, other: n.Node) -> float | None:
        """The rate of two expressions; none where one of them is not finite, or nothing is different."""
        try:
            found = self.rate(one, other)
        except Unbounded:
            return None
        return None if math.isinf(found) else found


def shrunk(world: World, names: list[str], factor: float) -> World:
    """A world in which what is small is smaller: nearer to zero, or to its point."""
    for name in names:
        point = evaluate(world.scope.small[name], Env(world, {}, ()))
        moved = combine(np.subtract, world.value(name), point, "-")
        near = combine(np.add, point, replace(moved, data=factor * moved.data), "+")
        world = world.replaced(name, near)
    return world


def thinned(node: n.Node) -> Iterator[n.Node]:
    """An expression without one of its terms, for every term of it."""
    if isinstance(node, n.Add | n.Subtract):
        yield node.left
        yield node.right if isinstance(node, n.Add) else n.Negative(node.right)
    if isinstance(node, n.Big) and node.operator == "sum" and node.low is not None and node.high is not None:
        yield from shortened(node, node.low, node.high)
    for k, part in enumerate(node.parts):
        for thin in thinned(part):
            yield exchanged(node, k, thin)


def shortened(node: n.Big, low: n.Node, high: n.Node) -> Iterator[n.Node]:
    """A sum between bounds without its first term, and without its last one or, where it has none, its first few."""
    yield replace(node, low=n.Add(low, n.Number("1")))
    if high != n.Symbol(r"\infty"):
        yield replace(node, high=n.Subtract(high, n.Number("1")))
        return
    for k in range(1, FEW):
        term = n.Big("sum", node.letters, node.body, number := n.Add(low, n.Number(str(k))), number)
        yield n.Subtract(node, term)


def exchanged(node: n.Node, place: int, other: n.Node) -> n.Node:
    """A node with another part in some place."""
    places = iter(range(len(node.parts)))
    return node.map(lambda part: other if next(places) == place else part)
