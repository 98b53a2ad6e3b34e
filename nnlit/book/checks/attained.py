"""Strict bounds, `x^2 > 0`, that are right but for numbers at which their sides are equal."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from nnlit.book.checks.comparison import verdict
from nnlit.book.checks.descent import Descent
from nnlit.book.checks.landscape import FAILS, Landscape
from nnlit.book.checks.refutation import Refutation
from nnlit.book.checks.rounding import with_digits, with_more_digits
from nnlit.book.checks.sides import Difference, Exceptional
from nnlit.book.evaluation.environment import World
from nnlit.book.evaluation.values import Array
from nnlit.book.language import nodes as n

KINK = 1e-3  # how far beside a point sides that are equal there are looked at
SHARP = 1e-6  # what is left at the point, relative to that
LOWEST = 3  # points at which sides may be equal


class AttainedError(Exceptional):
    """A claim that two sides are not equal, which they are at some numbers.

    Args:
        where: these numbers.
        instead: the relation with which it is true.
    """

    def __init__(self, where: str, instead: str = "") -> None:
        place = f"where {where}" if where else "somewhere"
        write = f"write {instead}, or " if instead else ""
        super().__init__(f"its sides are not equal, and they are {place}: {write}say behind it where it holds")
        self.where = where


@dataclass
class Touching:
    """The sides of a strict bound, where they may be equal.

    Args:
        step: the bound.
        land: the names whose numbers are moved.
        numbers: what tells them.
    """

    step: n.Step
    land: Landscape
    numbers: Refutation

    def refuse_equal(self, way: Descent, same: Array) -> None:
        """AttainedError where sides are equal: at some points, where names are the same, or where descents end."""
        for point in self.special(same):
            data = self.land.data(point)
            if self.equal(data):
                self.told_equal(data)
        for row in np.argsort(way.both[0])[: 0 if self.step.where else LOWEST]:  # it may end beside a condition
            if self.touches(way.points[row], way.both[0][row]):
                self.told_equal(self.land.data(way.points[row]))

    def special(self, same: Array) -> Iterator[Array]:
        """Points at which sides are often equal: all coordinates zero or one, all names the same."""
        middle = np.zeros_like(same)
        yield middle
        yield middle + 1
        yield same

    def equal(self, data: Mapping[str, Array]) -> bool:
        """Whether the sides of a strict bound are equal, and it would be true if they might."""
        world = self.land.world(data)
        with suppress(Difference, *FAILS):
            verdict(self.numbers.claim, world)
            return not true(self.step, world) and with_more_digits(self.step, with_digits(world)) is None
        return False

    def touches(self, point: Array, left: float) -> bool:
        """Whether what a bound leaves falls to zero at a point and rises again behind it.

        Far out it may be nearly zero and fall on, as that of e^{-x} > 0 does.
        """
        if (np.abs(point) > self.land.reach / 2).any():
            return False
        steps = KINK * np.maximum(1.0, np.abs(point))[:, None] * np.eye(len(point))
        up, down = (self.land.heights(point + sign * steps)[0] for sign in (1, -1))
        return bool((np.minimum(up, down) * SHARP > max(left, 0.0)).any())

    def told_equal(self, data: Mapping[str, Array]) -> None:
        """AttainedError, with the numbers where the sides are equal."""
        raise AttainedError(self.numbers.told(data), self.numbers.claim.relation)


def true(step: n.Step, world: World) -> bool:
    """Whether a claim holds in a world."""
    try:
        verdict(step, world)
    except Difference:
        return False
    return True
