"""Numbers that refute a bound: whether it fails there by more than rounding, and how they are told."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from nnlit.book.checks.comparison import verdict
from nnlit.book.checks.inequalities import DoubtfulError
from nnlit.book.checks.landscape import FAILS, Landscape
from nnlit.book.checks.rounding import is_rounding
from nnlit.book.checks.sides import Difference
from nnlit.book.evaluation.environment import World
from nnlit.book.evaluation.sampling import generator
from nnlit.book.evaluation.values import Array
from nnlit.book.language import nodes as n

SAMPLE = "sample"  # the letter of an axis along which an argument of a function has several values
BESIDE = 1e-7
DIGITS = (0, 1, 2)  # behind the point, of the numbers that are told
MOST_ENTRIES = 6  # of an array that is told


@dataclass
class Refutation:
    """Numbers at which a bound may fail.

    Args:
        claim: the bound; its sides may be equal.
        land: the names whose numbers are moved.
    """

    claim: n.Step
    land: Landscape

    def refute(self, data: Mapping[str, Array], relative: float = 0.0) -> None:
        """Difference where the bound is false, with the shortest numbers that show it."""
        found = self.failing(data)
        if found is None:
            return
        data, found = self.single(data, found)
        for digits in DIGITS:
            short = self.shortened(data, digits)
            other = self.failing(short) if short is not None else None
            if other is not None and other.size > found.size / 2:
                data, found = short or data, other
                break
        where = self.told(data)
        said = f"{found}{f'; it is false where {where}' if where else ''}"
        raise Difference(said, max(relative, found.size), searched=True)

    def single(self, data: Mapping[str, Array], found: Difference) -> tuple[Mapping[str, Array], Difference]:
        """The same where an argument of a function, which is several numbers at once, is one of them."""
        several = [x for x in data if self.land.values[x].letters == (SAMPLE,)]
        for k in range(min((len(data[x]) for x in several), default=0)):
            other = {**data, **{x: np.full_like(data[x], data[x][k]) for x in several}}
            size = self.failing(other)
            if size is not None and size.size > found.size / 2:
                return other, size
        return data, found

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
        several = {x: v[0] for x, v in data.items() if self.land.values[x].letters == (SAMPLE,) and np.ptp(v) == 0}
        plain = {x: v for x, v in data.items() if not self.land.values[x].letters and v.ndim < 2} | several
        shown = [f"{name} = {numbers(x)}" for name, x in plain.items() if x.size <= MOST_ENTRIES]
        return ", ".join(shown[:3])


def alike(one: Difference | DoubtfulError | None, other: Difference | DoubtfulError) -> bool:
    """Whether a bound fails in one world as in another."""
    if isinstance(one, Difference) and isinstance(other, Difference):
        return abs(one.size - other.size) <= other.size / 10
    return type(one) is type(other)


def numbers(x: Array) -> str:
    """A number or a few, with three digits."""
    if not x.ndim:
        return f"{float(x):.3g}"
    return f"({', '.join(f'{v:.3g}' for v in x)})"
