r"""`x_i \in \{0, 1\}`: every entry must be one of these numbers, on every draw."""

import math

import numpy as np

from nnlit.book.checks.sides import Difference, checked_letters, environment, require_finite, side_value
from nnlit.book.evaluation.environment import Env, World
from nnlit.book.evaluation.expressions import evaluate
from nnlit.book.evaluation.values import Array, Mistake, sized
from nnlit.book.language import nodes as n
from nnlit.book.language.guide import see
from nnlit.book.language.unparse import write

SLACK = 1e-12
ELSEWHERE = 1.0  # how far apart something and a set are in which it does not lie
OF_ANOTHER_SHAPE = 2.0


def belongs(step: n.Step, world: World) -> float:
    """Whether the left side of a claim lies in the set on its right; Difference where it does not."""
    domain = step.right
    assert isinstance(domain, n.Domain)
    value, letters = side_value(step.left, step, world), checked_letters(step)
    require_finite(value, "left")
    shape = value.shape[len(letters) :]
    wanted = tuple(map(world.integer, domain.axes))
    if shape != wanted:
        if shape and not wanted and domain.kind not in {"R", "Z", "N"}:
            ask = f"{write(step.left)} is {sized(shape)}: is each of its entries meant? write an index, or a power"
            raise Mistake(ask + see("membership"))
        what = f"the left side is {sized(shape)}, and {write(domain)} holds what is {sized(wanted)}"
        raise Difference(what, OF_ANOTHER_SHAPE)
    data = value.data.real
    if domain.kind == "N" and (np.abs(data) < SLACK).any():
        raise Mistake(r"is 0 one of \mathbb N? write the numbers that are meant" + see("membership"))
    outside = ~inside(data, domain, environment(step, world, letters))
    if outside.any():
        raise Difference(f"{float(data[outside].flat[0]):.6g} does not lie in {write(domain)}", ELSEWHERE)
    return 0.0


def said_of(step: n.Step, world: World) -> str:
    """What is asked where something that is drawn does not lie in a set: that may be what is said of it, no claim."""
    left = step.left
    if step.relation != r"\in" or not isinstance(left, n.Symbol) or left.name in world.scope.definitions:
        return ""
    ask = f"is this claimed, or said of {left.name}? what is said of it stands in its row, such as 'positive'"
    return f"{ask}; as a claim it is false" + see("membership")


def inside(data: Array, domain: n.Domain, env: Env) -> Array:
    """Which numbers lie in a set."""
    if domain.kind == "R":
        return np.ones_like(data, dtype=bool)
    if domain.kind in {"Z", "N"}:
        whole = np.abs(data - np.rint(data)) < SLACK * np.maximum(1, np.abs(data))
        return np.asarray(whole & (data > 0) if domain.kind == "N" else whole)
    ends = [end(member, env) for member in domain.members]
    if domain.kind == "{}":
        near = [np.abs(data - x) <= SLACK * max(1.0, abs(x)) for x in ends]
        return np.asarray(np.logical_or.reduce(near))
    low, high = ends
    above = data >= low - SLACK if domain.kind[0] == "[" else data > low
    below = data <= high + SLACK if domain.kind[1] == "]" else data < high
    return np.asarray(above & below)


def end(node: n.Node, env: Env) -> float:
    """A number of a set."""
    if node == n.Symbol(r"\infty"):
        return math.inf
    if isinstance(node, n.Negative) and node.body == n.Symbol(r"\infty"):
        return -math.inf
    value = evaluate(node, env)
    if value.letters or value.shape:
        raise Mistake("the numbers of a set may not depend on an index: write them out" + see("membership"))
    return float(value.data.real)
