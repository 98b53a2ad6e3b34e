r"""Displays that are false as they stand and true where the text behind them says so: "for $0 < x < 1$"."""

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from nnlit.book.checks.verdicts import AmbiguityError, EquationError, Result, Verdict
from nnlit.book.evaluation.analysis import Analysis, analysed
from nnlit.book.language.tex import Formulas, parsed
from nnlit.book.source.chapter import Chapter, Display
from nnlit.book.source.place import BookError


class Judge(Protocol):
    """What says what is found of a display."""

    def outcome(self, display: Display) -> Result | EquationError:
        """What is found of it."""


Judges = Callable[[Analysis, Formulas], Judge]


def within(display: Display, found: Result | EquationError, chapter: Chapter, of: Judges) -> Result | EquationError:
    """What is found of a display; of one that is false or has no value, in the range that the text behind it gives."""
    is_open = type(found) is EquationError and found.verdict is Verdict.NOT_CHECKED and not found.unknown
    if not display.range or not (found.verdict is Verdict.FALSE or is_open):
        return found
    narrowed = replace(display, tex=rf"{display.tex.rstrip(' .,;')} \quad \text{{if }} {display.range}", range="")
    displays = tuple(narrowed if one is display else one for one in chapter.displays)
    try:
        formulas = parsed(displays)
        other = of(analysed(replace(chapter, displays=displays), formulas), formulas).outcome(narrowed)
    except BookError:
        return found
    said = f"where ${display.range}$, as the text behind it says"
    if isinstance(other, Result):
        return replace(other, said="; ".join(filter(None, [other.said, said])))
    if is_open:
        return other if other.verdict is Verdict.FALSE else found
    if other.verdict is Verdict.FALSE:
        return found
    ask = rf"does it hold {said}, alone? write it into the display, behind \quad \text{{if }}"
    return AmbiguityError(found.label, found.place, f"false as it stands: {ask}")
