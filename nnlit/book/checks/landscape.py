"""What a bound leaves as a function of the coordinates of its numbers, of many points at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nnlit.book.checks.draws import bodies
from nnlit.book.checks.margins import POINT, heights, pairs, with_points
from nnlit.book.checks.rounding import UNDECIDED
from nnlit.book.evaluation.charts import Chart, chart_of
from nnlit.book.evaluation.definitions import Part
from nnlit.book.evaluation.environment import World
from nnlit.book.evaluation.values import Array, Value
from nnlit.book.language import nodes as n

MOST = 30_000  # points of one search
MOST_ALONE = 240  # the same where each is an evaluation of its own
AT_ONCE = 200_000  # numbers of points that are evaluated together
MOST_COORDINATES = 400
CHANCES = n.Chance | n.Mean | n.Information | n.Event | n.Set
FAILS = (*UNDECIDED, TypeError, IndexError)


class SpentError(Exception):
    """As many points were evaluated as may be."""


class AloneError(Exception):
    """The claim has no value at many points at once."""


@dataclass
class Landscape:
    """A bound over all numbers of a world that can be moved without leaving the conditions of their rows.

    Args:
        step: the bound.
        part: where it stands.
        base: the values of all names; those that cannot be moved stay as they are there.
    """

    step: n.Step
    part: Part
    base: World
    left: int = MOST
    alone: bool = False  # whether points are evaluated one by one

    @cached_property
    def charts(self) -> dict[str, Chart]:
        """The names that are moved, with their coordinates, in the order in which they stand in the claim."""
        found = ((name, chart_of(name, self.part, self.base)) for name in self.names)
        return {name: chart for name, chart in found if chart is not None}

    @cached_property
    def names(self) -> list[str]:
        """The names of numbers on which the claim rests."""
        scope, every = self.base.scope, (self.step.left, self.step.right, *self.step.where)
        used = frozenset().union(*map(scope.uses, every))
        written = [x for side in every for x in side.names]
        inside = (*every, *bodies(self.step, self.part))
        drawn = any(isinstance(x, CHANCES) for node in inside for x in node.every)
        chances = [x for x in self.base.bound if drawn and x.startswith("chances ")]
        return [x for x in dict.fromkeys([*written, *sorted(used), *chances]) if x in self.base.bound]

    @cached_property
    def values(self) -> dict[str, Value]:
        """The values that are moved."""
        return {name: value for name in self.charts if (value := self.base.lookup(name)) is not None}

    @cached_property
    def parts(self) -> dict[str, slice]:
        """Which coordinates are those of a name."""
        ends = np.cumsum([0, *(value.data.size for value in self.values.values())])
        return {name: slice(ends[k], ends[k + 1]) for k, name in enumerate(self.values)}

    @property
    def size(self) -> int:
        """How many coordinates there are."""
        return sum(value.data.size for value in self.values.values())

    @cached_property
    def reach(self) -> Array:
        """How large the coordinates may be."""
        return np.concatenate([np.full(v.data.size, self.charts[name].reach) for name, v in self.values.items()])

    def within(self, points: Array) -> Array:
        """Points with coordinates that are not too large."""
        return np.clip(points, -self.reach, self.reach)

    def coordinates(self, world: World) -> Array | None:
        """The point of a world; None where its arrays have other shapes, are complex, or rounded out of their kind."""
        found = list[Array]()
        for name, value in self.values.items():
            other = world.lookup(name)
            if other is None or other.data.shape != value.data.shape or np.iscomplexobj(other.data):
                return None
            try:
                found.append(self.charts[name].coordinates(other.data.astype(float)).ravel())
            except np.linalg.LinAlgError:
                return None
        return self.within(np.concatenate(found))

    def data(self, points: Array) -> dict[str, Array]:
        """The numbers of all names at some points."""
        before = points.shape[:-1]
        shaped = {x: points[..., part].reshape((*before, *self.values[x].data.shape)) for x, part in self.parts.items()}
        return {name: self.charts[name].data(found) for name, found in shaped.items()}

    def world(self, data: Mapping[str, Array], letters: tuple[str, ...] = ()) -> World:
        """The world with these numbers."""
        moved = {name: Value(x, (*letters, *self.values[name].letters)) for name, x in data.items()}
        return World(self.base.scope, {**self.base.bound, **moved})

    def heights(self, points: Array) -> Array:
        """What the bound leaves at some points, and that relative to its sides; infinite where it has no value.

        Raises:
            SpentError: too many points were asked for.
            AloneError: there are no values for many points at once.
        """
        self.left -= len(points)
        if self.left < 0:
            raise SpentError
        if self.alone:
            return np.concatenate([self.one(point) for point in points], axis=1)
        few = max(1, AT_ONCE // max(1, self.size))
        try:
            parts = [self.at(points[k : k + few]) for k in range(0, len(points), few)]
        except FAILS:
            raise AloneError from None
        return np.concatenate(parts, axis=1)

    def differences(self, points: Array) -> Array:
        """By how much every entry of the larger side is larger, at some points; an error where there are no values."""
        ((less, more),) = pairs(self.step, self.world(self.data(points), (POINT,)))
        a, b = with_points(less, more)
        return np.broadcast_to((b - a).reshape(len(a), -1), (len(points), a[0].size))

    def at(self, points: Array) -> Array:
        """The same, all at once."""
        found = heights(self.step, self.world(self.data(points), (POINT,)))
        return np.broadcast_to(found, (2, len(points)))

    def one(self, point: Array) -> Array:
        """The same for one point."""
        try:
            return heights(self.step, self.world(self.data(point)))
        except FAILS:
            return np.full((2, 1), np.inf)
