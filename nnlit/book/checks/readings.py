"""Notations that have two readings: false is what is false in both, true what is true in both."""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from itertools import chain, combinations

import numpy as np

from nnlit.book.checks.comparison import TOLERANCE
from nnlit.book.checks.draws import bodies
from nnlit.book.checks.equations import ROUNDING, PageCheck
from nnlit.book.checks.exponentials import Exponentials
from nnlit.book.checks.guesses import undecided
from nnlit.book.checks.late import asked, is_late
from nnlit.book.checks.late import told as told_of
from nnlit.book.checks.layouts import Layouts, read_as
from nnlit.book.checks.meanings import Meanings
from nnlit.book.checks.needed import Needed
from nnlit.book.checks.ranges import within
from nnlit.book.checks.repeated import Repeated
from nnlit.book.checks.rounding import ILL_CONDITIONED
from nnlit.book.checks.stuck import claimed
from nnlit.book.checks.stuck import judged as judged_claim
from nnlit.book.checks.verdicts import (
    AmbiguityError,
    ConditionError,
    EquationError,
    How,
    RestsError,
    Result,
    RoundingError,
    Verdict,
)
from nnlit.book.evaluation.analysis import Analysis, analysed
from nnlit.book.evaluation.builtins import INDUCED
from nnlit.book.evaluation.definitions import Part, definition_of
from nnlit.book.evaluation.places import ZERO
from nnlit.book.evaluation.scope import Definition
from nnlit.book.evaluation.values import OverdueError
from nnlit.book.language import nodes as n
from nnlit.book.language.tex import Formulas
from nnlit.book.language.unparse import write
from nnlit.book.language.vocabulary import Kind, NormKind
from nnlit.book.source.chapter import Display
from nnlit.book.source.marks import Checked
from nnlit.book.source.place import line_words

Around = Callable[[Iterable[Display]], Iterable[Display]]
CLAIMED = 4  # draws on which a definition is compared that may be a claim
MOST_KINDS = 3  # of doubtful notation in one file; each doubles the work


def doubts_of(analysis: Analysis) -> dict[str, n.Doubt]:
    """The kinds of notation in a chapter that have two readings, each with where it stands first."""
    parts = analysis.parts.values()
    read = (e for part in parts for e in part.equations.values() if isinstance(e, n.Equation))
    return {doubt.kind: doubt for doubt in reversed([doubt for equation in read for doubt in equation.doubts])}


class Readings:
    """The page check of a chapter under each reading of the notations that have two.

    Args:
        analysis: the chapter as read.
        formulas: its displays as trees without names.

    Attributes:
        checks: one for each reading, by the kinds of notation that are taken in their second reading.
    """

    def __init__(self, analysis: Analysis, formulas: Formulas) -> None:
        self.analysis = analysis
        kinds = sorted(doubts_of(analysis))
        self.checks = {frozenset[str](): PageCheck(analysis)}
        if 0 < len(kinds) <= MOST_KINDS:
            subsets = chain.from_iterable(combinations(kinds, count) for count in range(len(kinds) + 1))
            read = {x: analysed(analysis.chapter, formulas, x) for x in map(frozenset, subsets)}
            self.checks = {x: PageCheck(second, strict=False) for x, second in read.items()}
        first = self.checks[frozenset()]
        self.repeated, self.layouts, self.meanings = Repeated(analysis, first.data), Layouts(first), Meanings(analysis)
        self.needed = Needed(analysis)
        self.exponentials = Exponentials(first)

    def outcome(self, display: Display) -> Result | EquationError:
        """What is found of a display: one verdict from those of its readings."""
        found = [check.outcome(display) for check in self.checks.values()]
        if len(found) > 1:
            one = judged(display, found, self.analysis)
        else:
            one = conditional(display, found[0], self.checks[frozenset()], self.meanings)
        one = self.said(display, self.elsewhere(display, self.general(display, one)))
        one = self.exponentials.outcome(display, self.measured(display, one))
        one = self.layouts.outcome(display, self.repeated.outcome(display, one))
        one = self.meanings.outcome(display, counted(display, one, self.analysis))
        one = within(display, one, self.analysis.chapter, Readings)
        return undecided(display, self.after(display, self.needed.outcome(display, one)), self.analysis)

    def after(self, display: Display, found: Result | EquationError) -> Result | EquationError:
        """What is found of a display; a second meaning of a name is not false where the first one is asked about."""
        if not _is_false(found) or self.analysis.part(display).strict:
            return found
        part, steps = self.analysis.part(display), self.analysis.equation(display).steps
        made = [own for step in steps if (d := definition_of(step)) and (own := part.scope.definitions.get(d.name))]
        places = {own.place for own in made} - {step.place for step in steps}
        for first in (x for x in self.analysis.chapter.displays if x.place != display.place and places):
            equation = part.equations.get(first.place)
            if isinstance(equation, n.Equation) and any(step.place in places for step in equation.steps):
                other = self.outcome(first)
                if isinstance(other, EquationError) and other.verdict is Verdict.NOT_CHECKED:
                    because = f"not checked, because of {line_words(first.place.line)}: what it says is asked about"
                    return RestsError(found.label, display.place, because)
        return found

    def said(self, display: Display, found: Result | EquationError) -> Result | EquationError:
        """What is found of a display; one that only defines may claim something by the names in it, or by its place."""
        if not isinstance(found, Result) or found.verdict is not Verdict.DEFINED or self.analysis.part(display).strict:
            return found
        part, steps = self.analysis.part(display), self.analysis.equation(display).steps
        worlds = [self.checks[frozenset()].data.world(display, k) for k in range(CLAIMED)]
        told = list[str]()
        for step in steps:
            gradient = judged_claim(step, part, claimed(step, part, worlds[0]), worlds)
            late = asked(step, part) if not gradient.is_true else ""
            if late and not isinstance(other := self.unset.outcome(display), EquationError):
                return other
            if late or gradient.ask:
                return AmbiguityError(found.label, step.place, late or gradient.ask)
            found = replace(found, how=How.COMPLEX_STEP, error=gradient.error) if gradient.is_true else found
            told.append(gradient.said or told_of(step, part))
        return replace(found, said="; ".join(filter(None, told)))

    def elsewhere(self, display: Display, found: Result | EquationError) -> Result | EquationError:
        r"""What is found of a display; false as `\frac{\partial L(u)}{\partial w}` at u, it may be true with 0."""
        if not _is_false(found) or not isinstance(found, EquationError):
            return found
        sides = (side for step in self.analysis.equation(display).steps for side in (step.left, step.right))
        slopes = [x for side in sides for x in side.walk() if isinstance(x, n.Derivative) and not x.nabla]
        node = next((x for x in slopes if isinstance(x.numerator, n.Call)), None)
        if node is None or isinstance(self.zero.outcome(display), EquationError):
            return found
        name, top = node.denominators[-1].name, write(node.numerator)
        ask = f"is this 0, since {name} does not stand in {top}, or the derivative there?"
        place, excerpt = self.analysis.culprit(node.span, self.analysis.equation(display).steps[0])
        message = rf"true in one reading of a notation and false in another: {ask} write 0, or a bar |_{{{name} = ...}}"
        return AmbiguityError(found.label, place, message, excerpt=excerpt)

    def general(self, display: Display, found: Result | EquationError) -> Result | EquationError:
        """What is found of a display; of one that is true for the number alone that a name is set to, that it is."""
        if not self.settings or not (_is_false(found) or found.verdict is Verdict.TRUE):
            return found
        steps, used = self.analysis.equation(display).steps, self.analysis.uses(display)
        if isinstance(found, EquationError):
            return self.before(display, found, used)
        for name in sorted(used & set(self.settings)):
            set_to, other = self.settings[name], self.unset.outcome(display)
            if _is_false(other) and set_to.place not in {step.place for step in steps}:
                what = f"true where {name} = {write(set_to.body)}, as {line_words(set_to.place.line)} says"
                message = f"{what}, and false for other values: if it has no other, drop its row in the Symbols table"
                return ConditionError(found.label, display.place, message)
        return found

    def before(self, display: Display, found: EquationError, used: frozenset[str]) -> Result | EquationError:
        """What is found of a display; one that is false by a value which a name gets further down, without that."""
        part = self.analysis.part(display)
        late = [d for name, d in self.settings.items() if name in used and is_late(d, part)]
        if not any(display.place < d.place for d in late):
            return found
        other = self.unset.outcome(display)
        return found if isinstance(other, EquationError) else other

    def measured(self, display: Display, found: Result | EquationError) -> Result | EquationError:
        """What is found of a display; with a norm of a matrix that is another to others, what is so in both."""
        is_true = isinstance(found, Result) and found.verdict is Verdict.TRUE
        if not (is_true or _is_false(found)) or self.analysis.part(display).strict:
            return found
        part, steps = self.analysis.part(display), self.analysis.equation(display).steps
        nodes = [x for step in steps for side in (step.left, step.right, *bodies(step, part)) for x in side.every]
        norm = next((x for x in nodes if isinstance(x, n.Norm) and x.kind is not NormKind.EUCLIDEAN), None)
        if is_true and any(isinstance(x, n.Derivative | n.Gradient) for x in nodes):
            return found  # a penalty on weights: such a slope is that of the entries
        if norm is None or isinstance(self.induced.outcome(display), EquationError) is not is_true:
            return found
        ask = f"is {write(norm)} made of all entries, or by how much the matrix stretches a vector at most?"
        message = rf"true in one reading of a notation and false in another: {ask} write \|X\|_F, or give it a name"
        return AmbiguityError(self.analysis.name(display), display.place, message)

    @cached_property
    def settings(self) -> dict[str, Definition]:
        """The names with a row, drawn at random, that a display sets to one number, or late to another name."""
        found: dict[str, Definition] = {}
        for part in self.analysis.parts.values():
            own = {name: d for name, d in part.scope.definitions.items() if name in part.rows and not d.function}
            found |= {name: d for name, d in own.items() if not d.body.names or is_late(d, part)}
        return found

    @cached_property
    def induced(self) -> PageCheck:
        """The page check in the reading in which the norms of matrices are those of maps."""
        parts = {key: read_as(part, INDUCED) for key, part in self.analysis.parts.items()}
        return PageCheck(replace(self.analysis, parts=parts), strict=False)

    @cached_property
    def zero(self) -> PageCheck:
        """The page check in the reading in which a derivative in a name that no argument holds is zero."""
        parts = {key: read_as(part, ZERO) for key, part in self.analysis.parts.items()}
        return PageCheck(replace(self.analysis, parts=parts), strict=False)

    @cached_property
    def unset(self) -> PageCheck:
        """The page check without these settings."""
        parts = {key: without(part, self.settings) for key, part in self.analysis.parts.items()}
        return PageCheck(replace(self.analysis, parts=parts), strict=False)


def without(part: Part, names: Iterable[str]) -> Part:
    """A part without the definitions of some names."""
    kept = {name: d for name, d in part.scope.definitions.items() if name not in set(names)}
    return replace(part, scope=part.scope.but(definitions=kept))


def verdicts(analysis: Analysis, formulas: Formulas, around: Around = iter) -> list[Result | EquationError]:
    """What is found of every display; `around` is what they are handed through, such as a progress bar."""
    readings = Readings(analysis, formulas)
    return [in_time(readings, display) for display in around(analysis.chapter.displays)]


def in_time(readings: Readings, display: Display) -> Result | EquationError:
    """What is found of a display; that it took too long, if an alarm says so."""
    try:
        with np.errstate(all="ignore"):  # a quotient at zero is found, not warned of
            return readings.outcome(display)
    except OverdueError as overdue:
        message = f"it cannot be evaluated: {overdue}"
        return EquationError(readings.analysis.name(display), display.place, message).but(Verdict.NOT_CHECKED)


def judged(display: Display, found: list[Result | EquationError], analysis: Analysis) -> Result | EquationError:
    """One verdict on a display from those of its readings."""
    errors = [x for x in found if isinstance(x, EquationError)]
    if not errors or len(errors) == len(found):
        return found[0]
    equation = analysis.equation(display)
    doubts = [*equation.doubts, *doubts_of(analysis).values()]
    place, excerpt = analysis.culprit(doubts[0].span, equation.steps[0])
    message = f"true in one reading of a notation and false in another: {doubts[0].ask}"
    return AmbiguityError(analysis.name(display), place, message, excerpt=excerpt)


def conditional(
    display: Display, found: Result | EquationError, check: PageCheck, meanings: Meanings
) -> Result | EquationError:
    """What is found of a display; of one that is false for total derivatives, what held fixed would make it true."""
    differs = isinstance(found, EquationError) and math.isfinite(found.difference)
    if isinstance(found, EquationError) and TOLERANCE < found.difference < ROUNDING:
        message = f"not checked, {ILL_CONDITIONED.format(found.difference)}"
        return RoundingError(check.analysis.name(display), found.place, message, found.difference)
    asked = meanings.asked(display) if _is_false(found) else ""
    if asked:
        return AmbiguityError(check.analysis.name(display), display.place, asked)
    held = check.condition(display) if differs and isinstance(display.mark, Checked) else ""
    if not held:
        return found
    message = f"true if {held}"
    return ConditionError(check.analysis.name(display), found.place, message)


def counted(display: Display, found: Result | EquationError, analysis: Analysis) -> Result | EquationError:
    """What is found of a display; one that is false where a letter counts from 0 may be true where it counts from 1."""
    if not _is_false(found) or not isinstance(found, EquationError):
        return found
    scope = analysis.part(display).scope
    known = frozenset(scope.bases) | frozenset(scope.chances.variables)
    known |= {name for name in scope.shapes if scope.kind(name) in {Kind.ARRAY, Kind.NUMBER}}  # below an extreme
    steps, part = analysis.equation(display).steps, analysis.part(display)
    sides = [side for step in steps for side in (step.left, step.right, *bodies(step, part))]
    numbers = frozenset(name for name, row in part.rows.items() if row.kind in COUNTED)
    letters = list(dict.fromkeys(x for side in sides for x in values_of(side, known, numbers)))
    if not math.isfinite(found.difference):  # an index may run outside of an array
        letters = list(dict.fromkeys(x for side in sides for x in added_to(side, known)))
    if not letters:
        return found
    parts = {tables: from_one(part, letters) for tables, part in analysis.parts.items()}
    if _is_false(PageCheck(replace(analysis, parts=parts), strict=False).outcome(display)):
        return found  # wherever they count from
    letter = letters[0]
    said = found.message.removeprefix(f"{found.label}: ")
    ask = f"does {letter} count from 0 or from 1? Write its bounds, or give it a row: index, 'counts from 1'"
    return AmbiguityError(found.label, found.place, f"false where {letter} counts from 0 ({said}): {ask}")


def from_one(part: Part, letters: Iterable[str]) -> Part:
    """A part in which some letters count from 1."""
    bases = {**part.scope.bases, **dict.fromkeys(letters, 1)}
    return replace(part, scope=part.scope.but(bases=bases))


def added_to(node: n.Node, bound: frozenset[str]) -> Iterator[str]:
    """The letters without bounds that stand in an index beside another letter, as the i of `x_{i+a-1}`."""
    if isinstance(node, n.Big):
        bound |= frozenset(node.letters) if node.low is not None else frozenset()
    indices = node.indices if isinstance(node, n.Symbol | n.Entry) else ()
    for index in indices:
        letters = [x.name for x in index.every if isinstance(x, n.Letter)]
        yield from (x for x in letters if len(letters) > 1 and x not in bound)
    for part in node.parts:
        yield from added_to(part, bound)


COUNTED = {Kind.INTEGER, Kind.NUMBER, Kind.SIZE}


def values_of(node: n.Node, bound: frozenset[str], numbers: frozenset[str]) -> Iterator[str]:
    """The letters without bounds that stand in arithmetic, or beside a number in a comparison, not in an index."""
    if isinstance(node, n.Letter):
        yield from () if node.name in bound else (node.name,)
    elif isinstance(node, n.Big):
        inner = bound | (frozenset(node.letters) if node.low is not None else frozenset())
        yield from values_of(node.body, inner, numbers)
        yield from values_of(node.condition, inner, numbers) if node.condition is not None else ()
    elif isinstance(node, n.Relation):
        named = any(isinstance(side, n.Symbol) and side.name in numbers for side in node.parts)
        beside = named or any(isinstance(side, n.Number | n.Domain) for side in node.parts)
        yield from (x.name for x in node.parts if beside and isinstance(x, n.Letter) and x.name not in bound)
    elif not isinstance(node, n.Symbol | n.Derivative | n.Chance | n.Mean | n.Information | n.Event):
        inside = (node.body,) if isinstance(node, n.Entry) else node.parts
        yield from (letter for part in inside for letter in values_of(part, bound, numbers))


def _is_false(found: Result | EquationError) -> bool:
    return isinstance(found, EquationError) and found.verdict is Verdict.FALSE
