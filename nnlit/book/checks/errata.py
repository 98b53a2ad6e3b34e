"""Displays that are meant to be wrong: each has to differ from the right one that it names."""

import math

import numpy as np

from nnlit.book.checks.comparison import parted
from nnlit.book.checks.sides import side_value
from nnlit.book.checks.verdicts import EquationError, How, Result, Verdict
from nnlit.book.evaluation.analysis import Analysis
from nnlit.book.evaluation.data import Data
from nnlit.book.evaluation.environment import World
from nnlit.book.evaluation.sampling import sizes
from nnlit.book.evaluation.values import Misfit, Mistake
from nnlit.book.language import nodes as n
from nnlit.book.source.chapter import Display
from nnlit.book.source.marks import Wrong
from nnlit.book.source.place import BookError

LEAST = 1e-3  # a display that is meant to be wrong differs by more


def wrong(display: Display, analysis: Analysis, data: Data, seed: int) -> Result:
    """Compare a wrong display with the right one where that stands, if it can be read there.

    Raises:
        BookError: it cannot be read.
        EquationError: it does not differ, or one of the two has no value.
    """
    right = analysis.by_label.get(display.mark.of) if isinstance(display.mark, Wrong) else None
    where = right if right is not None and display.place in analysis.part(right).equations else display
    worlds = [data.world(where, seed + k) for k in range(3)]  # two may be alike by chance
    name, equation = analysis.name(display), analysis.part(where).equations[display.place]
    if isinstance(equation, BookError):
        raise equation
    good = analysis.equation(right).steps[-1] if right is not None else None
    try:
        with np.errstate(all="ignore"):
            size = max(distance(step, good, world) for step in equation.steps for world in worlds)
    except Mistake as mistake:
        message = f"is marked wrong, but cannot be compared where {analysis.name(where)} stands: {mistake}"
        raise EquationError(name, display.place, message).but(Verdict.NOT_CHECKED) from None
    if not size > LEAST:
        message = f"is marked wrong but differs from {analysis.name(right or display)} by {size:.3g} only"
        raise EquationError(name, display.place, message, size)
    return Result(name, display.place, len(equation.steps), 0.0, How.WRONG, sizes(worlds[0]), size)


def distance(step: n.Step, good: n.Step | None, world: World) -> float:
    """How far a wrong claim is from the right one, or from its own left side; infinitely where shapes do not fit."""
    other = side_value(good.right, good, world) if good else None
    try:
        mine = side_value(step.right, step, world)
        return parted(side_value(step.left, step, world) if other is None else other, mine)
    except Misfit:
        return math.inf
