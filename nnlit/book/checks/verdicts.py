"""What a check says of a display."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from nnlit.book.source.place import BookError, Place


class How(StrEnum):
    """How a display was checked."""

    DEFINITION = "definition"  # it gives a name its value, and has one
    REWRITE = "rewrite"  # its sides have one value
    COMPLEX_STEP = "complex step"  # a derivative in it is the slope of the displayed equations
    WRONG = "wrong, as it should be"  # it differs from the right one that it names
    UNCHECKED = "unchecked"


@dataclass(frozen=True)
class Result:
    """How a display was checked; `error` is the largest relative error, `difference` how far a wrong one is off."""

    label: str
    place: Place
    steps: int
    error: float
    how: How
    sizes: Mapping[str, int]
    difference: float = 0.0


class EquationError(BookError):
    """A displayed equation that is not true, or that cannot be evaluated; the message names label, file and line."""

    def __init__(self, label: str, place: Place, message: str, difference: float = math.inf, excerpt: str = "") -> None:
        super().__init__(place, f"{label}: {message}", excerpt)
        self.label, self.difference = label, difference


class AmbiguityError(EquationError):
    """A displayed equation with a notation that has two readings, which do not lead to one verdict."""


class RestsError(EquationError):
    """A displayed equation that is not checked, because it rests on another one that was refused."""


class ConditionError(EquationError):
    """A displayed equation that is true if something is held fixed in its derivatives, and false for total ones."""
