"""Which condition makes a display true that is false by its rows, or has no value: the message names row and word.

It stays false: what a row does not say is not so. A condition is tried in one row, the weaker ones first, then in all.
"""

import math
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import numpy as np

from nnlit.book.checks.comparison import vanishes, verdict
from nnlit.book.checks.equations import PageCheck
from nnlit.book.checks.sides import Difference
from nnlit.book.checks.verdicts import EquationError, RestsError, Result, Verdict
from nnlit.book.evaluation.analysis import Analysis
from nnlit.book.evaluation.values import UNCOMPUTED
from nnlit.book.language.declarations import Declared
from nnlit.book.language.vocabulary import Condition, Kind
from nnlit.book.source.chapter import Display
from nnlit.book.source.marks import Checked

NUMBERS = (Condition.POSITIVE, Condition.UNIT_INTERVAL)
VECTORS = (*NUMBERS, Condition.ENTRIES_SUM_TO_ONE, Condition.ONE_HOT, Condition.BINARY, Condition.SIGNS)
MATRICES = (*NUMBERS, Condition.ROWS_SUM_TO_ONE, Condition.ONE_HOT_ROWS, Condition.ORTHOGONAL, Condition.BINARY)
SQUARE = (Condition.SYMMETRIC, Condition.DEFINITE, Condition.ORTHOGONAL, Condition.POSITIVE, Condition.ROWS_SUM_TO_ONE)
SUMS = (Condition.ENTRIES_SUM_TO_ONE, Condition.ROWS_SUM_TO_ONE)
JOINT = (Condition.POSITIVE, Condition.SYMMETRIC, Condition.UNIT_INTERVAL, *SUMS)  # in all rows at once
STRONGER = {Condition.POSITIVE: (Condition.UNIT_INTERVAL, *SUMS), Condition.SYMMETRIC: (Condition.DEFINITE,)}
FAR = 1e-2  # relative to what is compared
FEW = 4  # draws on which something is not zero
MOST = 30  # displays of a text, and conditions of a display, that are tried


class Needed:
    """What is said besides of displays that are true under one more condition.

    Args:
        analysis: the chapter as read.
    """

    def __init__(self, analysis: Analysis) -> None:
        self.analysis, self.left = analysis, MOST

    def outcome(self, display: Display, found: Result | EquationError) -> Result | EquationError:
        """What is found of a display, with the condition under which it is true, if there is one."""
        if not isinstance(found, EquationError) or not self.is_asked(display, found):
            return found
        self.left -= 1
        rows, condition = next(self.needed(display), ((), None))
        if condition is None:
            return found
        names = " and ".join(f"${row.row.symbol}$" for row in rows)
        what = "it is true" if found.verdict is Verdict.FALSE else "it has a value"
        where = f"the rows of {names}" if len(rows) > 1 else f"the row of {names}"
        said = f"{found.message}; {what} with '{condition}' in {where}: if that is so, write it there"
        error = type(found)(found.label, found.place, said.removeprefix(f"{found.label}: "), found.difference)
        error.excerpt, error.also, error.infinite = found.excerpt, found.also, found.infinite
        return error.but(found.verdict, found.unknown)

    def is_asked(self, display: Display, found: EquationError) -> bool:
        """Whether a display is false by numbers, or has none, and nothing else is said of it."""
        known = type(found) is EquationError or (type(found) is RestsError and found.infinite)
        # few conditions fail where all draws pass, so one under which it passes says nothing
        plain = known and not found.searched and isinstance(display.mark, Checked) and self.left > 0
        differs = found.verdict is Verdict.FALSE and math.isfinite(found.difference)
        return plain and (differs or found.infinite) and not self.analysis.part(display).strict

    def needed(self, display: Display) -> Iterator[tuple[tuple[Declared, ...], Condition]]:
        """The rows that may have a condition with which the display is true, each with that."""
        part, used = self.analysis.part(display), self.analysis.uses(display)
        rows = [row for name, row in part.rows.items() if name in used and name not in part.scope.definitions]
        single = [((row,), condition) for row in rows for condition in candidates(row)]
        ordered = sorted(single, key=lambda pair: ORDER.index(pair[1]))
        several = [(tuple(x for x in rows if one in candidates(x)), one) for one in JOINT]
        for group, condition in [*ordered[:MOST], *(pair for pair in several if len(pair[0]) > 1)]:
            if self.is_true(display, group, condition):
                yield group, condition

    def is_true(self, display: Display, rows: tuple[Declared, ...], condition: Condition) -> bool:
        """Whether a display is true if some rows have one more condition."""
        key = self.analysis.chapter.tables_of(display)
        part = self.analysis.parts[key]
        given = {row.name: replace(row, conditions=frozenset([condition])) for row in rows}
        other = replace(part, rows={**part.rows, **given}, sizes={})
        analysis = replace(self.analysis, parts={**self.analysis.parts, key: other})
        page = PageCheck(analysis, strict=False)
        if self.is_far(display, page):
            return False
        return isinstance(page.outcome(display), Result) and not self.is_empty(display, page)

    def is_far(self, display: Display, page: PageCheck) -> bool:
        """Whether a claim is false on the first draw by more than any rounding: most are, and that is soon seen."""
        with suppress(*UNCOMPUTED), np.errstate(all="ignore"):
            world = page.data.world(display, 0)
            try:
                for step in page.analysis.equation(display).steps:
                    verdict(step, world)
            except Difference as difference:
                return difference.size > FAR
        return False

    def is_empty(self, display: Display, page: PageCheck) -> bool:
        """Whether both sides of a claim are zero on all of some draws: then that they agree says nothing."""
        worlds = [page.data.world(display, k) for k in range(FEW)]
        for step in self.analysis.equation(display).steps:
            with suppress(*UNCOMPUTED, Difference):
                if all(vanishes(step, world) for world in worlds):
                    return True
        return False


def candidates(row: Declared) -> tuple[Condition, ...]:
    """The conditions that a row without any may have, or in the place of a weaker one."""
    known = set(row.conditions)
    if known - {Condition.POSITIVE, Condition.SYMMETRIC} or row.kind not in {Kind.NUMBER, Kind.ARRAY}:
        return ()
    is_square = len(row.axes) == 2 and row.axes[0] == row.axes[1]
    every = SQUARE if is_square else {0: NUMBERS, 1: VECTORS, 2: MATRICES}.get(len(row.axes), NUMBERS)
    stronger = STRONGER[next(iter(known))] if len(known) == 1 else every
    return tuple(x for x in every if x in stronger)


ORDER = list(dict.fromkeys((Condition.POSITIVE, Condition.SYMMETRIC, *SQUARE, *VECTORS, *MATRICES)))
