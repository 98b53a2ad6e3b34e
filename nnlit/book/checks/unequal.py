r"""`x \ne 1`: that two sides differ on all draws says little, since just the right numbers are never drawn.

Where an entry of one side is larger on one draw and smaller on another, both are equal between these, but for a jump or
a pole on the way. Where it is always the larger one, it is searched as a strict bound is.
"""

from contextlib import suppress
from dataclasses import replace

import numpy as np

from nnlit.book.checks.attained import AttainedError
from nnlit.book.checks.draws import softened
from nnlit.book.checks.landscape import FAILS, MOST_COORDINATES, Landscape
from nnlit.book.checks.larger import Worlds
from nnlit.book.checks.outside import FILLS, values
from nnlit.book.checks.refutation import Refutation
from nnlit.book.checks.searched import EVEN, searched
from nnlit.book.checks.sides import Difference, checked_letters
from nnlit.book.evaluation.definitions import Part
from nnlit.book.evaluation.environment import World
from nnlit.book.evaluation.values import Array, Mistake
from nnlit.book.language import nodes as n

HALVES = 60  # of a way between two draws
NOTHING = 1e-9  # of what the sides differ by at its ends


def unequal(step: n.Step, part: Part, worlds: Worlds) -> None:
    """Search a claim that two sides differ for numbers where they are equal; behind an equation it is a condition.

    Raises:
        AttainedError: they are equal somewhere.
    """
    if step.relation != r"\ne" or step.number > 1:
        return
    if whole(step, worlds(EVEN[0], 1.0)):
        return
    for relation in ("<", ">"):
        way = replace(step, relation=relation)
        crossed(way, part, worlds)
        with suppress(Difference):
            try:
                searched(way, part, worlds)
            except AttainedError as error:
                raise AttainedError(error.where) from None
            except Mistake:
                continue


def whole(step: n.Step, world: World) -> bool:
    """Whether sides are arrays without an index: these are equal if all entries are, which is not searched."""
    anywhere = replace(step, where=())
    return len(values(anywhere, world, FILLS[0])[0].shape) > len(checked_letters(step))


def crossed(step: n.Step, part: Part, worlds: Worlds) -> None:
    """AttainedError where the sides change their order between two draws, and are equal on the way."""
    draws = [worlds(k, 1.0) for k in EVEN]
    land = Landscape(step, part, draws[0])
    points = [x for world in draws if land.size and (x := land.coordinates(world)) is not None]
    if not points or land.size > MOST_COORDINATES:
        return
    try:
        point = between(land, np.array(points))
    except FAILS:
        return
    if point is not None:
        raise AttainedError(Refutation(softened(step), land).told(land.data(point)))


def between(land: Landscape, points: Array) -> Array | None:
    """A point between two others at which sides are equal in some entry; None where there is none, or a jump."""
    left = land.differences(points)
    for entry in range(left.shape[1] if np.isfinite(left).all() else 0):
        above, below = (np.flatnonzero(sign * left[:, entry] > 0) for sign in (1, -1))
        if len(above) and len(below):
            return halved(land, entry, points[above[0]], points[below[0]])
    return None


def halved(land: Landscape, entry: int, above: Array, below: Array) -> Array | None:
    """The same between two points, for one entry."""
    ends = land.differences(np.array([above, below]))[:, entry]
    for _ in range(HALVES):
        middle = (above + below) / 2
        found = land.differences(middle[None])[0, entry]
        if abs(found) <= NOTHING * np.abs(ends).min():
            return np.asarray(middle)
        above, below = (middle, below) if found > 0 else (above, middle)
    return None
