"""The random data of a chapter: drawn once for every part and seed, and kept."""

from nnlit.book.evaluation.analysis import Analysis
from nnlit.book.evaluation.definitions import fresh
from nnlit.book.evaluation.environment import World
from nnlit.book.evaluation.extremes import far, scaled
from nnlit.book.evaluation.sampling import DRAWS, Sizes, drawn
from nnlit.book.source.chapter import Display, Table

LATEST = 32  # worlds with other sizes that are kept


class Data:
    """Random data for the parts of a chapter.

    Args:
        analysis: the chapter as read.
        before: the data of a version of the chapter in which one name has another definition; everything that does
            not rest on this name is taken from there.
    """

    def __init__(self, analysis: Analysis, before: "tuple[Data, str] | None" = None) -> None:
        self.analysis, self.before = analysis, before
        self._worlds: dict[tuple[tuple[Table, ...], int, float], World] = {}
        self._latest: dict[tuple[tuple[Table, ...], int, float, Sizes], World] = {}  # those asked for last stand last
        self._draws: dict[tuple[Table, ...], list[World]] = {}

    def world(self, display: Display, seed: int, factor: float = 1.0, sizes: Sizes = ()) -> World:
        """The values of all names where a display stands; those without a condition times a factor.

        With some other sizes, which may be large, the last few are kept: many displays of a text ask for the same.
        """
        if sizes:
            return self._large(display, seed, factor, sizes)
        key = self.analysis.chapter.tables_of(display), seed, factor
        if key not in self._worlds:
            self._worlds[key] = self._made(display, seed, factor)
        return self._worlds[key]

    def _large(self, display: Display, seed: int, factor: float, sizes: Sizes) -> World:
        key = self.analysis.chapter.tables_of(display), seed, factor, sizes
        found = self._latest.pop(key, None) or self._made(display, seed, factor, sizes)
        self._latest[key] = found
        if len(self._latest) > LATEST:
            del self._latest[next(iter(self._latest))]
        return found

    def _made(self, display: Display, seed: int, factor: float, sizes: Sizes = ()) -> World:
        part = self.analysis.part(display)
        if self.before is None:
            return scaled(drawn(part, seed, sizes), part, factor, seed)
        data, name = self.before
        return fresh(data.world(display, seed, factor, sizes), part.scope, name)

    def draws(self, display: Display) -> list[World]:
        """Twenty draws at two sets of sizes; in every fourth, rows without a condition are 1000 apart."""
        tables = self.analysis.chapter.tables_of(display)
        if tables not in self._draws:
            part = self.analysis.part(display)
            self._draws[tables] = [far(drawn(part, 1000 + k), part, k) for k in range(DRAWS)]
        return self._draws[tables]
