r"""`\arg\min_w L` over a number or an array: Newton's method, where the least value is known to be one.

The gradient is computed by complex step, its slopes by differences. What is minimized must be convex where the method
goes and at some points around: of anything else it is not known whether another value is smaller still.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from nnlit.book.evaluation.differences import OFFSETS, STEP, WEIGHTS
from nnlit.book.evaluation.environment import Env, evaluate
from nnlit.book.evaluation.values import SMALLEST, Array, Mistake, Value, spread
from nnlit.book.language import nodes as n
from nnlit.book.language.guide import see
from nnlit.book.language.vocabulary import Kind

MOST_ENTRIES = 30
MOST_STEPS = 60
MOST_POINTS = 500  # that are computed at once
FLAT = 1e-7  # of the largest curvature: less is none
ROUNDING = 1e-11  # of a difference of slopes
STILL = 1e-13  # a step relative to where it begins
AROUND = 3  # times three points at which the curvature is looked at
SIGNS = {"min": 1.0, "argmin": 1.0, "max": -1.0, "argmax": -1.0}


def over_values(node: n.Big, env: Env) -> bool:
    """Whether an extreme is one over all values of a name with a row, not over an index."""
    if node.operator not in SIGNS or len(node.letters) != 1 or node.low is not None or node.condition is not None:
        return False
    (name,) = node.letters
    declared = env.world.scope.kind(name) in {Kind.ARRAY, Kind.NUMBER} and env.world.lookup(name) is not None
    return declared and not node.body.indexed.get(name)


def extreme(node: n.Big, env: Env) -> Value:
    """The least or the largest value of an expression, or the value of a name where it is taken."""
    key = ("extreme", node)
    if key not in env.world.memo:
        goal = Goal(node, env)
        found = goal.lowest()
        env.world.memo[key] = Value(found) if node.operator.startswith("arg") else Value(np.array(goal.value(found)))
        if node.operator in {"max", "min"}:
            env.world.memo[key] = Value(SIGNS[node.operator] * env.world.memo[key].data)
    return env.world.memo[key]


@dataclass(frozen=True)
class Goal:
    """What is made as small as it can be, as a function of the numbers of one name."""

    node: n.Big
    env: Env

    def at(self, points: Array) -> Array:
        """The values at some points, which lie along the first axis."""
        world = self.env.world.replaced(self.node.letters[0], Value(points, ("point",)))
        world.depth += 1
        found = evaluate(self.node.body, replace(self.env, world=world))
        if found.shape or set(found.letters) - {"point"}:
            raise Mistake("what is made as small or as large as it can be must be one number" + see("minimizer"))
        return SIGNS[self.node.operator] * np.broadcast_to(spread(found, ("point",), 0), len(points))

    def value(self, x: Array) -> float:
        """The value at one point."""
        return float(self.at(x[None])[0].real)

    def slope(self, x: Array) -> Array:
        """The gradient, by complex step."""
        return np.asarray(self.slopes(x[None])[0])

    def slopes(self, points: Array) -> Array:
        """The gradients at some points, one a row; many at once, or one by one where that is too much."""
        try:
            return self.slopes_of(points, max(1, MOST_POINTS // math.prod(points.shape[1:])))
        except Mistake:
            return self.slopes_of(points, 1)

    def slopes_of(self, points: Array, few: int) -> Array:
        """The same, so many at once."""
        shape, size = points.shape[1:], math.prod(points.shape[1:])
        unit = np.eye(size).reshape(size, *shape)
        parts = (points[k : k + few, None] + 1j * STEP * unit for k in range(0, len(points), few))
        found = [self.at(part.reshape(-1, *shape)).imag / STEP for part in parts]
        return np.concatenate(found).reshape(len(points), size)

    def curvature(self, x: Array) -> tuple[Array, float]:
        """The Hessian, by differences of gradients, and what of it may be rounding."""
        steps = np.eye(x.size).reshape(x.size, 1, *x.shape) * OFFSETS.reshape(-1, *(1,) * x.ndim)
        slopes = self.slopes((x + steps).reshape(-1, *x.shape)).reshape(x.size, len(OFFSETS), x.size)
        found = np.tensordot(slopes, WEIGHTS, axes=(1, 0))
        return np.asarray((found + found.T) / 2), ROUNDING * float(np.max(np.abs(slopes), initial=0.0))

    def lowest(self) -> Array:
        """The point where the value is least; Mistake where that is not known."""
        name, world = self.node.letters[0], self.env.world
        start = world.value(name)
        used = (world.lookup(other) for other in world.scope.uses(self.node.body))
        moved = any(np.iscomplexobj(v.data) and (v.data.imag != 0).any() for v in used if v)
        if world.depth or moved or start.letters:
            raise Mistake(rf"a derivative of \{self.node.operator[-3:]} is not computed" + see("minimizer"))
        if start.data.size > MOST_ENTRIES:
            raise Mistake(f"{name} has {start.data.size} entries: at most {MOST_ENTRIES} are tried" + see("minimizer"))
        if name not in world.scope.uses(self.node.body) and n.Letter(name) not in self.node.body.walk():
            raise Mistake(f"what is minimized does not depend on {name}" + see("minimizer"))
        for point in self.around(start.data):
            self.curved(point)
        x = np.array(start.data, dtype=float)
        for _ in range(MOST_STEPS):
            step = np.linalg.solve(self.curved(x), self.slope(x)).reshape(x.shape)
            if np.max(np.abs(step)) <= STILL * max(1.0, float(np.max(np.abs(x)))):
                return x
            x = x - self.shorter(x, step) * step
        raise Mistake("the least value was not reached in many steps" + see("minimizer"))

    def around(self, start: Array) -> Iterator[Array]:
        """Zero, and points of all sizes, some with other signs."""
        rng = np.random.default_rng(start.size)
        yield np.zeros(start.shape)
        for k in range(AROUND):
            yield np.asarray(start * rng.uniform(0.2, 4.0, start.shape))
            far = np.asarray(rng.normal(0, 2.0**k, start.shape))
            yield far
            yield -far

    def curved(self, x: Array) -> Array:
        """The Hessian at a point where it is positive definite; Mistake where it is not."""
        with np.errstate(all="ignore"):
            found, noise = self.curvature(x)
        if not np.isfinite(found).all():
            raise Mistake("what is minimized is not finite everywhere" + see("minimizer"))
        curves = np.linalg.eigvalsh(found)
        if curves[0] <= max(FLAT * float(curves[-1]), noise):
            what = "curves up" if SIGNS[self.node.operator] > 0 else "curves down"
            ask = f"it is not known that this {what} everywhere, so another value may be better"
            raise Mistake(ask + see("minimizer"))
        return found

    def shorter(self, x: Array, step: Array) -> float:
        """How much of a step is taken: half of it as often as the value would rise."""
        before, part = self.value(x), 1.0
        while part > SMALLEST:
            after = self.value(x - part * step)
            if math.isfinite(after) and after <= before + 1e-12 * max(1.0, abs(before)):
                return part
            part /= 2
        raise Mistake("the least value was not reached: no step makes it smaller" + see("minimizer"))
