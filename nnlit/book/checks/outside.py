r"""Claims of what is displayed in some ranges alone, such as `f(x) = \sqrt{x}, \quad x > 0`: elsewhere nothing is said.

Where a range does not hold, several values are put in the place of the missing one. A number that changes with them
rests on it, and is not compared.
"""

import math
from collections.abc import Callable
from contextlib import suppress

import numpy as np

from nnlit.book.checks.sides import Difference, Nowhere, arrays, matched, side_value
from nnlit.book.evaluation.definitions import Part
from nnlit.book.evaluation.differences import BentError
from nnlit.book.evaluation.environment import World
from nnlit.book.evaluation.scope import Definition
from nnlit.book.evaluation.values import UNCOMPUTED, Array, Value, union
from nnlit.book.language import nodes as n
from nnlit.book.language.unparse import write
from nnlit.book.source.place import line_words

FILLS = (0.37, -1.91)  # of both signs, so that a maximum or a comparison changes
LOST = complex(math.nan, math.nan)  # of which every slope is lost as well
UNLIKE = {"<": -1.0, ">": 1.0, r"\ne": 1.0}  # beside zero, where a claim that needs two numbers says nothing
TRIED = 3  # draws on which it is seen whether a claim goes beyond a range


def both(step: n.Step, world: World, refuse: Callable[[Value, Value], None] | None = None) -> tuple[Value, Value]:
    """The two sides of a claim, of one shape; zero where they rest on what has no value there.

    Args:
        step: the claim.
        world: its data.
        refuse: is handed both sides before they are of one shape.
    """
    found = values(step, world, FILLS[0])
    if refuse is not None:
        refuse(*found)
    sides = matched(*found, step)
    if not partial(step, world):
        return sides
    mask, letters = beyond(step, world, sides), union(*sides)
    if mask.all():
        raise Nowhere(told(step, world))
    one, other = arrays(*sides)
    rest = UNLIKE.get(step.relation, 0.0)
    return Value(np.where(mask, rest, one), letters), Value(np.where(mask, 0.0, other), letters)


def beyond(step: n.Step, world: World, sides: tuple[Value, Value]) -> Array:
    """Which numbers of the two sides, seen with one value in the place of what is missing, change with another one."""
    try:
        runs = [arrays(*filled(step, world, value)) for value in (FILLS[1], LOST)]
    except BentError:
        raise Nowhere(told(step, world)) from None
    found = [rests(data, *(run[k] for run in runs)) for k, data in enumerate(arrays(*sides))]
    return np.asarray(found[0] | found[1])


def filled(step: n.Step, world: World, value: complex) -> tuple[Value, Value]:
    """The two sides, of one shape, with a value in the place of what is missing."""
    return matched(*values(step, world, value), step)


def values(step: n.Step, world: World, value: complex) -> tuple[Value, Value]:
    """The two sides with a value in the place of what is missing."""
    inner, rest = everywhere(step, world, value), UNLIKE.get(step.relation, 0.0)
    return side_value(step.left, step, inner, rest), side_value(step.right, step, inner)


def everywhere(step: n.Step, world: World, value: complex) -> World:
    """The data of a claim with a value in the place of what is missing."""
    if not partial(step, world):
        return world
    inner = world.copied()
    inner.memo, inner.outside = {}, value
    return inner


def rests(values: Array, others: Array, lost: Array) -> Array:
    """Which numbers change with what is put in the place of a missing value."""
    changed = (values != others) & ~(np.isnan(values) & np.isnan(others))
    return np.asarray(changed | (np.isnan(lost) & ~np.isnan(values)))


def partial(step: n.Step, world: World) -> list[Definition]:
    """What a claim rests on that is displayed in some ranges alone."""
    scope = world.scope
    used = scope.uses(step.left) | scope.uses(step.right) if scope.partial else frozenset[str]()
    return [scope.definitions[name] for name in sorted(used & scope.partial)]


def told(step: n.Step, world: World) -> str:
    """Where what a claim rests on is displayed, and that no numbers lie there."""
    said = " and ".join(map(range_of, partial(step, world)))
    return f"{said}, and no numbers that were drawn lie there: say so in a row, or write it into the display"


def range_of(definition: Definition) -> str:
    """In which range something is displayed, and where."""
    rows = definition.body.rows if isinstance(definition.body, n.Cases) else ()
    ranges = " or ".join(", ".join(map(write, row.condition)) for row in rows)
    return f"{line_words(definition.place.line)} gives {definition.name} where {ranges} alone"


def said_of(step: n.Step, part: Part, world: Callable[[int, float], World]) -> str:
    """What is said of a true claim that goes beyond the range in which what it rests on is displayed."""
    for k in range(TRIED if part.scope.partial else 0):
        with suppress(*UNCOMPUTED, Difference):
            draw = world(k, 1.0)
            if partial(step, draw) and beyond(step, draw, filled(step, draw, FILLS[0])).any():
                return f"compared where it has a value: {' and '.join(map(range_of, partial(step, draw)))}"
    return ""
