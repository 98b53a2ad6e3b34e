"""What a check says of a display."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from nnlit.book.source.place import BookError, Place


class How(StrEnum):
    """How a display was checked."""

    DEFINITION = "definition"  # it gives a name its value, and has one
    REWRITE = "rewrite"  # its sides have one value
    COMPLEX_STEP = "complex step"  # a derivative in it is the slope of the displayed equations
    WRONG = "wrong, as it should be"  # it differs from the right one that it names
    UNCHECKED = "unchecked"


class Verdict(StrEnum):
    """What a reader wants to know of a display."""

    TRUE = "true"
    DEFINED = "defined"  # it gives a name its value; nothing is compared
    FALSE = "false"
    CONDITIONAL = "conditional"  # true under a condition that the text does not state
    NOT_READ = "not read"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True)
class Result:
    """How a display was checked; `error` is the largest relative error, `difference` how far a wrong one is off.

    `asides` are the words of the display that say something and were not executed; `said` is what is to be known of it.
    """

    label: str
    place: Place
    steps: int
    error: float
    how: How
    sizes: Mapping[str, int]
    difference: float = 0.0
    asides: tuple[str, ...] = ()
    said: str = ""

    @property
    def verdict(self) -> Verdict:
        """The same in one word."""
        special = {How.DEFINITION: Verdict.DEFINED, How.UNCHECKED: Verdict.NOT_CHECKED}
        return special.get(self.how, Verdict.TRUE)


class EquationError(BookError):
    """A displayed equation that is not true, or that cannot be evaluated; the message names label, file and line."""

    verdict: Verdict = Verdict.FALSE
    unknown: str = ""  # the name without a value that stands in the way
    infinite: bool = False  # whether a side is no finite number
    searched: bool = False  # whether it is true on all draws, and false elsewhere
    also: "tuple[EquationError, ...]" = ()  # the other steps of the same display that are not true

    def __init__(self, label: str, place: Place, message: str, difference: float = math.inf, excerpt: str = "") -> None:
        super().__init__(place, f"{label}: {message}", excerpt)
        self.label, self.difference = label, difference

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *map(str, self.also)])

    def but(self, verdict: Verdict, unknown: str = "") -> Self:
        """The same, not false but undecided for a reason."""
        self.verdict, self.unknown = verdict, unknown
        return self


class AmbiguityError(EquationError):
    """A displayed equation with a notation that has two readings, which do not lead to one verdict."""

    verdict = Verdict.NOT_CHECKED


class SupposedError(AmbiguityError):
    """A displayed equation with an assumption that does not always hold, on which the rest of it depends."""


class RestsError(EquationError):
    """A displayed equation that is not checked, because it rests on another one that was refused."""

    verdict = Verdict.NOT_CHECKED


class GuessError(EquationError):
    """A displayed equation that is false with rows of the Symbols table that nobody has confirmed."""

    verdict = Verdict.NOT_CHECKED


class ConditionError(EquationError):
    """A displayed equation that is true if something is held fixed in its derivatives, and false for total ones."""

    verdict = Verdict.CONDITIONAL


class RoundingError(EquationError):
    """A displayed equation whose sides differ by so little that rounding may be behind it: neither true nor false."""

    verdict = Verdict.NOT_CHECKED
