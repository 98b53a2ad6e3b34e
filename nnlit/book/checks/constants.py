r"""`... + \text{const}`: what the sides differ by must not change with anything that stands on the right side."""

import zlib
from dataclasses import replace

import numpy as np

from nnlit.book.checks.sides import Difference, arrays, require_finite, side_value
from nnlit.book.evaluation.environment import World
from nnlit.book.evaluation.values import Array, Mistake
from nnlit.book.language import nodes as n
from nnlit.book.language.guide import see
from nnlit.book.language.vocabulary import Kind

NAMES = ("const", "constant")
MOVED = {Kind.ARRAY, Kind.NUMBER}
SAME = 1e-8  # relative to the largest number of a side


def constant_in(step: n.Step, world: World) -> str:
    """The name that stands for a constant on the right side of a claim; empty where none does."""
    return next((x for x in NAMES if x in step.right.names and not world.scope.kind(x) and not world.knows(x)), "")


def up_to_a_constant(step: n.Step, world: World, name: str) -> float:
    """How far the difference of the sides changes with what stands on the right; Difference where it does."""
    right = without(step.right, name)
    used = world.scope.uses(right)
    moved = sorted(x for x in used if world.scope.kind(x) in MOVED and world.lookup(x) is not None)
    before, scale = apart(step, right, world)
    changes = {x: float(np.max(np.abs(apart(step, right, elsewhere(x, world))[0] - before))) for x in moved}
    varied = [x for x, change in changes.items() if change > SAME * scale]
    if not moved:
        raise Mistake("constant in what? nothing with a row stands beside the constant" + see("constant"))
    if len(varied) == len(moved):
        raise Difference(f"what the sides differ by changes with {' and '.join(varied)}: it is no constant", 1.0)
    if varied:
        ask = f"what the sides differ by changes with {' and '.join(varied)}, not with the rest: constant in what?"
        raise Mistake(ask + see("constant"))
    return max(changes.values()) / scale


def without(node: n.Node, name: str) -> n.Node:
    """An expression in which the constant, a term of it, is zero."""
    if isinstance(node, n.Add | n.Subtract):
        return replace(node, left=without(node.left, name), right=without(node.right, name))
    if node == n.Symbol(name):
        return n.Number("0")
    if name in node.names:
        raise Mistake(f"{name} is read as a term, not within a product or a function" + see("constant"))
    return node


def apart(step: n.Step, right: n.Node, world: World) -> tuple[Array, float]:
    """What the sides differ by, and their largest number."""
    sides = side_value(step.left, step, world), side_value(right, step, world)
    for value, side in zip(sides, ("left", "right"), strict=True):
        require_finite(value, side)
    a, b = arrays(*sides)
    return a - b, float(max(np.max(np.abs(a), initial=1.0), np.max(np.abs(b), initial=1.0)))


def elsewhere(name: str, world: World) -> World:
    """A world in which one name has another value of the same sign."""
    value = world.value(name)
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    return world.replaced(name, replace(value, data=value.data * rng.uniform(1.1, 1.6, value.data.shape)))
