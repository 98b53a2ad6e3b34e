r"""Bounds that hold on all draws, searched for numbers where they do not.

$\frac{1}{2} \sum_j (\mu_j^2 + \sigma_j^2 - \log \sigma_j^2 - 1) \ge \frac{1}{2} \sum_j \mu_j$ fails where all means lie
between 0 and 1 and all sigmas near 1, where no draw happens to be. So what an inequality leaves is made as small as it
can be, from several draws, in coordinates in which the conditions of rows are kept: the difference of its sides, and
the same relative to their sizes. There is no chance in it, and it ends with a number of evaluations.

What is found counts only if it is far above rounding: the sides are compared again with more digits, and beside.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nnlit.book.checks.attained import Touching
from nnlit.book.checks.comparison import differential, twice
from nnlit.book.checks.descent import LENGTHS, Descent
from nnlit.book.checks.draws import bodies, softened
from nnlit.book.checks.landscape import MOST, MOST_ALONE, MOST_COORDINATES, AloneError, Landscape, SpentError
from nnlit.book.checks.larger import Under, Worlds
from nnlit.book.checks.margins import is_bound, is_strict
from nnlit.book.checks.refutation import Refutation
from nnlit.book.evaluation.definitions import Part
from nnlit.book.evaluation.environment import World
from nnlit.book.evaluation.extremes import of_one_class
from nnlit.book.evaluation.sampling import Sizes
from nnlit.book.evaluation.values import Array
from nnlit.book.language import nodes as n

EVEN = range(2, 14, 2)  # draws of one set of sizes in which nothing is zero
BASES = 3  # so many of them with their labels and whole numbers, where a claim has such
STEPS = 60
SOME = 16  # of them, for each point where one begins, in both heights
FIRST, SECOND = 4, 20  # times as long as one without takes a point of a bound with first, and with second derivatives
CLEAR, ROUGH = 1e-6, 1e-4  # relative to its sides, by how much a bound fails where it is false; the same of what bends
LEAST = 1e-11
NEAR = 0.1  # how far from zero and one descents begin
TRIED = 12  # points that are compared again at most


def searched(step: n.Step, part: Part, worlds: Worlds) -> None:
    """Search a bound that holds on all draws for numbers where it does not.

    Raises:
        Difference: it is false there.
        Exceptional: it says that its sides are never equal, and they are.
        DoubtfulError: an order of matrices fails in one of its readings.
    """
    if is_bound(step):
        for sizes in ((), *turned(step, part)):
            search(step, part, worlds, sizes)


def turned(step: n.Step, part: Part) -> Iterator[Sizes]:
    """The sizes of a claim, the largest for the smallest: whether there are more rows than columns may matter."""
    under = Under.of(step, part)
    known = sorted(under.every, key=under.base.__getitem__)
    other = tuple((name, under.base[last]) for name, last in zip(known, reversed(known), strict=True))
    if len(known) > 1 and under.fits(other):
        yield other


def search(step: n.Step, part: Part, worlds: Worlds, sizes: Sizes) -> None:
    """Search a bound among numbers of some sizes; with labels and whole numbers among those of several draws."""
    draws = [worlds(k, 1.0, sizes) for k in EVEN]
    first = Landscape(step, part, draws[0])
    stay = any(name in part.rows and name not in first.charts for name in first.names)
    bases = (*draws[:BASES], of_one_class(draws[0], part)) if stay else draws[:1]
    if stay:
        Refutation(softened(step), Landscape(step, part, bases[-1])).refute({})
    for base in bases if 0 < first.size <= MOST_COORDINATES else ():
        Search(step, part, base, draws).run()


@dataclass
class Search:
    """The search of a bound among numbers that can be moved, while others stay as they were drawn.

    Args:
        step: the bound.
        part: where it stands.
        base: what stays.
        draws: where descents begin.
    """

    step: n.Step
    part: Part
    base: World
    draws: list[World]
    tried: int = 0

    @cached_property
    def land(self) -> Landscape:
        """The bound as a function of coordinates."""
        return Landscape(self.step, self.part, self.base)

    @cached_property
    def numbers(self) -> Refutation:
        """The numbers that refute it."""
        return Refutation(softened(self.step), self.land)

    @cached_property
    def rough(self) -> bool:
        """Whether a side is computed by differences."""
        inside = (self.step.left, self.step.right, *bodies(self.step, self.part))
        return any(isinstance(x, n.Limit) or twice(x) for node in inside for x in node.every)

    @property
    def clear(self) -> float:
        """By how much it must fail."""
        return ROUGH if self.rough else CLEAR

    @property
    def weight(self) -> int:
        """How much longer a point takes than one of a bound without derivatives."""
        inside = (self.step.left, self.step.right, *bodies(self.step, self.part))
        return SECOND if self.rough else FIRST if any(map(differential, inside)) else 1

    def run(self) -> None:
        """Go downhill from all starts; from fewer where points are evaluated one by one."""
        starts = [*self.starts()]
        self.land.left = MOST // self.weight
        try:
            self.descend(np.array(starts[: self.few]))
        except AloneError:
            self.land.alone, self.land.left = True, MOST_ALONE // self.weight
            with suppress(SpentError):
                self.descend(np.array(starts[: self.few]))
        except SpentError:
            return

    @property
    def few(self) -> int:
        """From how many points descents begin, so that each can take some steps."""
        return max(1, self.land.left // (SOME * (self.land.size + len(LENGTHS))))

    def starts(self) -> Iterator[Array]:
        """The points of the draws; some near zero, near one and where names are the same."""
        found = [x for world in self.draws if (x := self.land.coordinates(world)) is not None]
        if found:
            yield found[0]
            yield NEAR * found[0]
            yield 1 + NEAR * found[-1]
            yield self.alike(found[0]) + NEAR * found[-1]
        yield from found[1:]

    def alike(self, point: Array) -> Array:
        """A point at which all names of one shape under one condition have the same numbers."""
        out, first = point.copy(), dict[object, slice]()
        for name, part in self.land.parts.items():
            key = id(self.land.charts[name]), self.land.values[name].data.shape
            out[part] = point[first.setdefault(key, part)]
        return out

    def descend(self, starts: Array) -> None:
        """Go downhill, and look at what is found after every step."""
        both = self.land.heights(starts)
        plain = np.abs(np.abs(both[1]) - 1) > CLEAR  # else a side is zero, and nothing is relative to it
        goals = np.repeat([0, 1], len(starts))
        rows = np.concatenate([np.ones(len(starts), dtype=bool), plain])
        way = Descent(self.land.heights, self.land.within, np.concatenate([starts, starts])[rows], goals[rows])
        for _ in range(STEPS):
            self.look(way)
            if not way.step():
                break
        self.look(way)
        if is_strict(self.step):
            same = self.alike(starts[0])
            Touching(self.step, self.land, self.numbers).refuse_equal(way, same)

    def look(self, way: Descent) -> None:
        """Difference where a point refutes the bound."""
        low = np.flatnonzero((way.both[1] < -self.clear) & (way.both[0] < -LEAST))
        for row in low[np.argsort(way.both[1][low])][:2]:
            if self.tried < TRIED:
                self.tried += 1
                self.numbers.refute(self.land.data(way.points[row]), -float(way.both[1][row]))
