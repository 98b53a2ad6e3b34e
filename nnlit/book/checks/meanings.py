"""Whether a definition that is false as a claim of another one may be a second meaning of its name.

Behind such a display the name has the one meaning or the other: what is true in one of them alone is not checked.
"""

from dataclasses import replace

from nnlit.book.checks.equations import PageCheck
from nnlit.book.checks.verdicts import EquationError, RestsError, Result, Verdict
from nnlit.book.evaluation.analysis import Analysis
from nnlit.book.evaluation.definitions import Part, definition_of
from nnlit.book.evaluation.scope import Definition
from nnlit.book.language import nodes as n
from nnlit.book.source.chapter import Display
from nnlit.book.source.marks import Checked
from nnlit.book.source.place import Place, line_words

ASK = "it is false as a claim; give one of the two another name, or its section a Symbols table of its own"


class Meanings:
    """The second meanings that names of a text may have, from a display on.

    Args:
        analysis: the chapter as read.
    """

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.second: dict[str, tuple[Definition, Place]] = {}
        self.checks: dict[Place, PageCheck] = {}

    def asked(self, display: Display) -> str:
        """What is asked of a display whose left side another one defines, where that may be another thing.

        It may be under another heading, and where the words before the display define it anew.
        """
        other = other_definition(display, self.analysis)
        if other is None:
            return ""
        if display.is_anew:
            where = f"which {line_words(other.place.line)} defines and the words before this may define anew"
        elif display.heading not in headings_of(other, display, self.analysis):
            where = f"which is defined under another heading, at {other.place}"
        else:
            return ""
        own = definition_of(self.analysis.equation(display).steps[0])
        if own is not None:
            self.second[other.name] = own, display.place
        return f"a claim, or a second meaning of {other.name}, {where}? {ASK}"

    def outcome(self, display: Display, found: Result | EquationError) -> Result | EquationError:
        """What is found of a display; of one behind a second meaning of a name in it, what is so in both."""
        if not self.second or found.verdict not in {Verdict.TRUE, Verdict.FALSE}:
            return found
        for name in sorted(self.analysis.uses(display) & set(self.second)):
            definition, place = self.second[name]
            if place.path == display.place.path and place < display.place:
                other = self.check(definition, place).outcome(display)
                if other.verdict not in {found.verdict, Verdict.DEFINED}:
                    where = f"not checked, because of {line_words(place.line)}"
                    what = f"it may give {name} another meaning, with which this is not {found.verdict}"
                    return RestsError(found.label, display.place, f"{where}: {what}")
        return found

    def check(self, definition: Definition, place: Place) -> PageCheck:
        """The page check in which a name has its second meaning."""
        if place not in self.checks:
            parts = {key: exchanged(part, definition) for key, part in self.analysis.parts.items()}
            self.checks[place] = PageCheck(replace(self.analysis, parts=parts), strict=False)
        return self.checks[place]


def exchanged(part: Part, definition: Definition) -> Part:
    """A part in which a name that has a definition has another one."""
    known = definition.name in part.scope.definitions
    return replace(part, scope=part.scope.with_definition(definition)) if known else part


def other_definition(display: Display, analysis: Analysis) -> Definition | None:
    """The definition in another display of the name that a display's left side is; None where there is none."""
    part, steps = analysis.part(display), analysis.equation(display).steps
    definition = definition_of(steps[0])
    other = part.scope.definitions.get(definition.name) if definition and isinstance(display.mark, Checked) else None
    return None if other is None or any(step.place == other.place for step in steps) else other


def headings_of(definition: Definition, display: Display, analysis: Analysis) -> set[str]:
    """The headings under which a definition stands; that of the display itself where it cannot be told."""
    read = analysis.part(display).equations.items()
    homes = {place for place, e in read if isinstance(e, n.Equation) and holds(e, definition.place)}
    return {shown.heading for shown in analysis.chapter.displays if shown.place in homes} or {display.heading}


def holds(equation: n.Equation, place: Place) -> bool:
    """Whether a claim of an equation stands at a place."""
    return any(step.place == place for step in equation.steps)
