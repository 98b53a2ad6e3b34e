r"""Bounds that hold on all draws, searched for numbers where they do not.

$\frac{1}{2} \sum_j (\mu_j^2 + \sigma_j^2 - \log \sigma_j^2 - 1) \ge \frac{1}{2} \sum_j \mu_j$ fails where all means lie
between 0 and 1 and all sigmas near 1, where no draw happens to be. So what an inequality leaves is made as small as it
can be, from several draws, in coordinates in which the conditions of rows are kept: the difference of its sides, and
the same relative to their sizes. There is no chance in it, and it ends with a number of evaluations.

What is found counts only if it is far above rounding: the sides are compared again with more digits, and beside.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nnlit.book.checks.comparison import twice, verdict
from nnlit.book.checks.descent import Descent
from nnlit.book.checks.draws import bodies, softened
from nnlit.book.checks.inequalities import DoubtfulError
from nnlit.book.checks.landscape import FAILS, MOST_ALONE, MOST_COORDINATES, AloneError, Landscape, SpentError
from nnlit.book.checks.larger import Under, Worlds
from nnlit.book.checks.margins import is_bound, is_strict
from nnlit.book.checks.rounding import is_rounding, with_digits, with_more_digits
from nnlit.book.checks.sides import Difference, Exceptional
from nnlit.book.evaluation.definitions import Part
from nnlit.book.evaluation.environment import World
from nnlit.book.evaluation.sampling import Sizes, generator
from nnlit.book.evaluation.values import Array
from nnlit.book.language import nodes as n

EVEN = range(2, 14, 2)  # draws of one set of sizes in which nothing is zero
BASES = 3  # so many of them with their labels and whole numbers, where a claim has such
STEPS = 60
CLEAR, ROUGH = 1e-6, 1e-4  # relative to its sides, by how much a bound fails where it is false; the same of what bends
LEAST = 1e-11
NEAR = 0.1  # how far from zero and one descents begin
TRIED = 12  # points that are compared again at most
BESIDE = 1e-7
DIGITS = (0, 1, 2)  # behind the point, of the numbers that are told
MOST_ENTRIES = 6  # of an array that is told
KINK = 1e-3
SHARP = 1e-6
LOWEST = 3  # points at which sides may be equal


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
    if 0 < first.size <= MOST_COORDINATES:
        stay = any(name in part.rows and name not in first.charts for name in first.names)
        for base in draws[: BASES if stay else 1]:
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
    def claim(self) -> n.Step:
        """The bound with its sides equal, too: what is strict is looked at by itself."""
        return softened(self.step)

    @cached_property
    def clear(self) -> float:
        """By how much it must fail."""
        inside = (self.step.left, self.step.right, *bodies(self.step, self.part))
        rough = any(isinstance(x, n.Limit) or twice(x) for node in inside for x in node.every)
        return ROUGH if rough else CLEAR

    def run(self) -> None:
        """Go downhill from all starts; from fewer where points are evaluated one by one."""
        starts = [*self.starts()]
        try:
            self.descend(np.array(starts), STEPS)
        except AloneError:
            self.land.alone, self.land.left = True, MOST_ALONE
            try:
                self.descend(np.array(starts[:2]), STEPS)
            except SpentError:
                return
        except SpentError:
            return

    def starts(self) -> Iterator[Array]:
        """The points of the draws; some near zero, near one and where names are the same."""
        found = [x for world in self.draws if (x := self.land.coordinates(world)) is not None]
        yield from found
        if found:
            yield NEAR * found[0]
            yield 1 + NEAR * found[-1]
            yield self.alike(found[0]) + NEAR * found[-1]

    def alike(self, point: Array) -> Array:
        """A point at which all names of one shape under one condition have the same numbers."""
        out, first = point.copy(), dict[object, slice]()
        for name, part in self.land.parts.items():
            key = id(self.land.charts[name]), self.land.values[name].data.shape
            out[part] = point[first.setdefault(key, part)]
        return out

    def descend(self, starts: Array, steps: int) -> None:
        """Go downhill, and look at what is found after every step."""
        both = self.land.heights(starts)
        plain = np.abs(np.abs(both[1]) - 1) > CLEAR  # else a side is zero, and nothing is relative to it
        goals = np.repeat([0, 1], len(starts))
        rows = np.concatenate([np.ones(len(starts), dtype=bool), plain])
        way = Descent(self.land.heights, self.land.within, np.concatenate([starts, starts])[rows], goals[rows])
        for _ in range(steps):
            self.look(way)
            if not way.step():
                break
        self.look(way)
        if is_strict(self.step):
            self.refuse_equal(way, starts)

    def look(self, way: Descent) -> None:
        """Difference where a point refutes the bound."""
        low = np.flatnonzero((way.both[1] < -self.clear) & (way.both[0] < -LEAST))
        for row in low[np.argsort(way.both[1][low])][:2]:
            if self.tried < TRIED:
                self.tried += 1
                self.refute(self.land.data(way.points[row]), -float(way.both[1][row]))

    def refute(self, data: Mapping[str, Array], relative: float) -> None:
        """Difference where the bound is false, with the shortest numbers that show it."""
        found = self.failing(data)
        if found is None:
            return
        for digits in DIGITS:
            short = self.shortened(data, digits)
            other = self.failing(short) if short is not None else None
            if other is not None and other.size > found.size / 2:
                data, found = short or data, other
                break
        where = self.told(data)
        raise Difference(f"{found}{f'; it is false where {where}' if where else ''}", max(relative, found.size))

    def failing(self, data: Mapping[str, Array]) -> Difference | None:
        """By how much the bound fails; None where it does not, or that may be rounding.

        Raises:
            DoubtfulError: it is an order of matrices and fails in one reading.
        """
        found = self.outcome(self.land.world(data))
        if found is None or not all(alike(self.outcome(world), found) for world in self.beside(data)):
            return None
        if isinstance(found, DoubtfulError):
            raise found
        rounded = is_rounding(self.claim, lambda factor: self.land.world(self.times(data, factor)), found.size)
        return None if rounded else found

    def outcome(self, world: World) -> Difference | DoubtfulError | None:
        """How the bound fails in a world; None where it holds, or has no value."""
        try:
            verdict(self.claim, world)
        except (Difference, DoubtfulError) as found:
            return found
        except FAILS:
            return None
        return None

    def times(self, data: Mapping[str, Array], factor: float) -> dict[str, Array]:
        """Numbers that are multiplied, as far as their conditions allow that."""
        return {name: factor * x if self.land.charts[name].scales else x for name, x in data.items()}

    def beside(self, data: Mapping[str, Array]) -> Iterator[World]:
        """Worlds right beside, where everything rounds in another way."""
        charts = self.land.charts
        points = {name: charts[name].coordinates(x) for name, x in data.items()}
        for k in range(2):
            moved = {x: p + BESIDE * generator(x, k).uniform(-1, 1, p.shape) * np.abs(p) for x, p in points.items()}
            yield self.land.world({name: charts[name].data(p) for name, p in moved.items()})

    def shortened(self, data: Mapping[str, Array], digits: int) -> dict[str, Array] | None:
        """Numbers with few digits; None where one would be no number of its kind any more."""
        charts, out = self.land.charts, dict(data)
        for name, x in data.items():
            rounds = charts[name].rounds
            if rounds is not None:
                out[name] = np.round(x, digits) + 0.0  # no -0
                if not rounds(out[name]):
                    return None
        return out

    def told(self, data: Mapping[str, Array]) -> str:
        """The numbers where something is so, of the first few names."""
        plain = {x: v for x, v in data.items() if not self.land.values[x].letters and v.ndim < 2}
        shown = [f"{name} = {numbers(x)}" for name, x in plain.items() if x.size <= MOST_ENTRIES]
        return ", ".join(shown[:3])

    # sides that may not be equal

    def refuse_equal(self, way: Descent, starts: Array) -> None:
        """Exceptional where the sides of a strict bound are equal."""
        for point in self.special(starts):
            data = self.land.data(point)
            if self.equal(data):
                self.told_equal(data)
        for row in np.argsort(way.both[0])[: 0 if self.step.where else LOWEST]:  # it may end beside a condition
            if self.touches(way.points[row], way.both[0][row]):
                self.told_equal(self.land.data(way.points[row]))

    def special(self, starts: Array) -> Iterator[Array]:
        """Points at which sides are often equal: all coordinates zero or one, all names the same."""
        middle = np.zeros_like(starts[0])
        yield middle
        yield middle + 1
        yield self.alike(starts[0])

    def equal(self, data: Mapping[str, Array]) -> bool:
        """Whether the sides of a strict bound are equal, and it would be true if they might."""
        world = self.land.world(data)
        with suppress(Difference, *FAILS):
            verdict(self.claim, world)
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
        """Exceptional, with the numbers where the sides are equal."""
        where = self.told(data)
        place = f" where {where}" if where else " somewhere"
        what = f"its sides are not equal, and they are{place}"
        raise Exceptional(f"{what}: write {self.claim.relation}, or say behind it where it holds")


def alike(one: Difference | DoubtfulError | None, other: Difference | DoubtfulError) -> bool:
    """Whether a bound fails in one world as in another."""
    if isinstance(one, Difference) and isinstance(other, Difference):
        return abs(one.size - other.size) <= other.size / 10
    return type(one) is type(other)


def true(step: n.Step, world: World) -> bool:
    """Whether a claim holds in a world."""
    try:
        verdict(step, world)
    except Difference:
        return False
    return True


def numbers(x: Array) -> str:
    """A number or a few, with three digits."""
    if not x.ndim:
        return f"{float(x):.3g}"
    return f"({', '.join(f'{v:.3g}' for v in x)})"
