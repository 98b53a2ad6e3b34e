"""The page check: every displayed equation of a chapter on random data, with no code of the library."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from nnlit.book.checks.binding import CodeWorld
from nnlit.book.checks.comparison import differential
from nnlit.book.checks.conditions import FIXED, GIVEN, another_identity, condition, of_a_step, specified
from nnlit.book.checks.culprits import told
from nnlit.book.checks.draws import BOUNDS
from nnlit.book.checks.errata import wrong
from nnlit.book.checks.generic import evaluated
from nnlit.book.checks.membership import ELSEWHERE, said_of
from nnlit.book.checks.notes import behind, is_update, laid, note, step_names
from nnlit.book.checks.outside import said_of as said_of_ranges
from nnlit.book.checks.sides import Difference, Exceptional, InfiniteError, side_value
from nnlit.book.checks.sizes import for_all_sizes, is_of_sizes, is_plain
from nnlit.book.checks.supposed import fails_within, supposed
from nnlit.book.checks.verdicts import (
    AmbiguityError,
    ConditionError,
    EquationError,
    How,
    RestsError,
    Result,
    SupposedError,
    Verdict,
)
from nnlit.book.evaluation.analysis import Analysis
from nnlit.book.evaluation.data import Data
from nnlit.book.evaluation.definitions import Part, definition_of, is_definition, names_entries
from nnlit.book.evaluation.environment import World, constant
from nnlit.book.evaluation.sampling import Sizes, sizes
from nnlit.book.evaluation.scope import Scope
from nnlit.book.evaluation.values import Array, Misfit, Mistake, Unknown, refuse_crossed
from nnlit.book.language import nodes as n
from nnlit.book.language.vocabulary import Kind
from nnlit.book.source.chapter import Display
from nnlit.book.source.marks import Unchecked, Wrong
from nnlit.book.source.place import BookError, NoClaimError, line_words

UPDATE = "is this a new value of the name on its left, or a claim? As a claim it is false:"
ROUNDING = 1e-6  # a relative difference below this may be rounding


@dataclass(frozen=True)
class Exchange:
    """A right-hand side that was exchanged: of which display, in which of its claims, and the name that it defines."""

    display: Display
    number: int
    name: str = ""

    def reaches(self, display: Display, step: n.Step, scope: Scope) -> bool:
        """Whether a claim is that of the exchanged side, or rests on the name that it defines."""
        own = display.place == self.display.place and step.number == self.number
        sides = (step.left, step.right, *step.where)
        return own or (bool(self.name) and any(self.name in scope.uses(side) for side in sides))


class PageCheck:
    """Executes the displays of a chapter.

    Args:
        analysis: the chapter as read.
        data: the random data of its parts; drawn anew if it is not given.
        seed: of the data.
        strict: whether a notation with two readings is an error.
    """

    exchange: Exchange | None = None

    def __init__(self, analysis: Analysis, data: Data | None = None, seed: int = 0, *, strict: bool = True) -> None:
        self.analysis, self.data, self.seed, self.strict = analysis, data or Data(analysis), seed, strict

    def with_side(self, display: Display, number: int, node: n.Node) -> "PageCheck":
        """The same check with one right-hand side exchanged.

        Data that do not rest on it are kept, and claims that do not rest on it are as true as before: they are not
        compared again.
        """
        analysis, old = self.analysis.exchanged(display, number, node), self.analysis.defined(display, number)
        data = self.data if old is None else Data(analysis, (self.data, old.name))
        page = PageCheck(analysis, data, self.seed)
        page.exchange = Exchange(display, number, old.name if old else "")
        return page

    def reached(self, display: Display) -> list[n.Step]:
        """The claims of a display that are to be compared: all, or those that an exchanged side reaches."""
        steps = self.analysis.equation(display).steps
        if self.exchange is None:
            return list(steps)
        scope = self.analysis.part(display).scope
        return [step for step in steps if self.exchange.reaches(display, step, scope)]

    def outcome(self, display: Display) -> Result | EquationError:
        """What `check` returns or raises, as a value."""
        try:
            return self.check(display, every=True)
        except EquationError as error:
            return error
        except BookError as error:
            unread = EquationError(self.analysis.name(display), error.place, error.message, excerpt=error.excerpt)
            return unread.but(Verdict.NOT_CHECKED if isinstance(error, NoClaimError) else Verdict.NOT_READ)
        except (Mistake, ArithmeticError, RecursionError, MemoryError) as error:
            what = f"it cannot be evaluated: {error or type(error).__name__}"
            name = error.name if isinstance(error, Unknown) else ""
            return EquationError(self.analysis.name(display), display.place, what).but(Verdict.NOT_CHECKED, name)

    def check(self, display: Display, *, every: bool = False) -> Result:
        """Evaluate a display and compare its sides.

        Args:
            display: it.
            every: go on behind a wrong step, so that the error has all of them.

        Raises:
            BookError: the display or its Symbols table cannot be read.
            EquationError: it is not true, or does not fit together.
        """
        name = self.analysis.name(display)
        if isinstance(display.mark, Unchecked):
            return Result(name, display.place, 0, 0.0, How.UNCHECKED, {})
        equation = self.analysis.equation(display)
        if self.strict and equation.doubts:
            place, excerpt = self.analysis.culprit(equation.doubts[0].span, equation.steps[0])
            raise AmbiguityError(name, place, equation.doubts[0].ask, excerpt=excerpt)
        if equation.asides and self.analysis.part(display).strict:
            raise EquationError(name, equation.place, f"not executed: {'; '.join(equation.asides)}")
        self._refuse_lost(display, equation)
        world = self.data.world(display, self.seed)
        if isinstance(display.mark, Wrong):
            return wrong(display, self.analysis, self.data, self.seed)
        with np.errstate(all="ignore"):
            errors = self._steps(display, equation, every=every)
        how, worst = held_against(equation, self.analysis.part(display)), max([0.0, *errors])
        said = [said_of_ranges(x, self.analysis.part(display), partial(self._world, display)) for x in equation.steps]
        told = "; ".join(dict.fromkeys(filter(None, said)))
        return Result(name, display.place, len(errors), worst, how, sizes(world), asides=equation.asides, said=told)

    def _refuse_lost(self, display: Display, equation: n.Equation) -> None:
        """A display that needs a symbol whose row cannot be used is not checked."""
        part = self.analysis.part(display)
        for step in equation.steps if part.lost else ():
            for node in (x for side in (step.right, step.left) for x in side.walk()):
                rests = frozenset().union(*map(part.scope.depends, node.own_names()))
                for name in sorted(rests & set(part.lost)):
                    line = part.lost[name].error.place.line
                    place, excerpt = self.analysis.culprit(node.span, step)
                    what = f"not checked, because of {line_words(line)}: the row of {name} cannot be used"
                    raise RestsError(self.analysis.name(display), place, what, excerpt=excerpt)

    def _steps(self, display: Display, equation: n.Equation, *, every: bool) -> list[float]:
        """The errors of all claims; of several that are not true the first that is no matter of rounding is raised."""
        errors, wrong = list[float](), list[EquationError]()
        for step in self.reached(display):
            try:
                errors.append(self._step(display, equation, step))
            except EquationError as error:
                wrong.append(error)
                if not every or (step.assumed and error.verdict is not Verdict.FALSE):
                    break  # what follows from an assumption is claimed where that holds
        false = [error for error in wrong if error.verdict is Verdict.FALSE]
        supposed = [error for error in wrong if isinstance(error, SupposedError)]
        for first in [*supposed, *(error for error in false if error.difference > ROUNDING), *false, *wrong]:
            first.also = tuple(error for error in wrong if error is not first and not supposed)
            raise first
        return errors

    def _step(self, display: Display, equation: n.Equation, step: n.Step) -> float:
        """The error of one claim."""
        name = self.analysis.name(display) + (f", step {step.number}" if len(equation.steps) > 1 else "")
        try:
            refuse_turned(step, equation, self.data.world(display, self.seed))
            return self.compared(display, step)
        except Mistake as mistake:
            said, span = told(mistake, step, lambda: self.data.world(display, self.seed))
            place, excerpt = self.analysis.culprit(span, step)
            because = mistake.because or self.analysis.elsewhere(span, step)
            if because:
                what = f"because of {line_words(because)}: {said}"
                raise noted(RestsError(name, place, f"not checked, {what}", excerpt=excerpt), mistake) from None
            asked = another_identity(self.analysis.part(display), step) if isinstance(mistake, Misfit) else ""
            rows = laid(step, self.analysis.part(display)) if isinstance(mistake, Misfit) else ""
            error = EquationError(name, place, f"{said}: {asked}" if asked else said + rows, excerpt=excerpt)
            noted(error, mistake)
            if not isinstance(mistake, Misfit) or asked or has_unknown(self.data.world(display, self.seed), step):
                error.but(Verdict.NOT_CHECKED, mistake.name if isinstance(mistake, Unknown) else "")
            raise error from None
        except Difference as difference:
            asked = supposed(step, equation)
            if asked and not fails_within(step, equation, self.analysis.part(display), partial(self.compared, display)):
                place, excerpt = self.analysis.culprit(step.left.span, step)
                raise SupposedError(name, place, asked, excerpt=excerpt) from None
            if of_a_step(self.analysis.part(display), step):
                raise RestsError(name, step.place, f"not checked, {FIXED}") from None
            given = specified(self.analysis.part(display), step, self.data.world(display, self.seed))
            if given:
                where = "" if given == step.place.line else f"because of {line_words(given)}: "
                raise RestsError(name, step.place, f"not checked, {where}{GIVEN}") from None
            asked = self._asked(display, equation, step, difference)
            if asked:
                raise AmbiguityError(name, step.place, asked) from None
            part, world = self.analysis.part(display), self.data.world(display, self.seed)
            message = f"{difference}{note(step, part, equation)}{behind(step, part, world)}"
            place, excerpt = self.analysis.culprit(step.right.span, step)
            error = EquationError(name, place, message, difference.size, excerpt)
            error.searched = difference.searched
            raise error from None
        except (np.linalg.LinAlgError, ValueError, OverflowError, ZeroDivisionError) as error:
            raise unevaluated(name, step, error) from None

    def _asked(self, display: Display, equation: n.Equation, step: n.Step, difference: Difference) -> str:
        """What is asked where a claim is false that may be none: a new value, or what is said of something drawn."""
        if difference.size == ELSEWHERE and (asked := said_of(step, self.data.world(display, self.seed))):
            return asked
        alone = sum(other.left == step.left for other in equation.steps) == 1
        return f"{UPDATE} {step_names(step)}" if alone and is_update(step) else ""

    def condition(self, display: Display) -> str:
        """What makes a display true that is false as it stands; empty if nothing."""
        return condition(self.analysis.equation(display), self.data.world(display, self.seed))

    def compared(self, display: Display, step: n.Step) -> float:
        """How far a claim's sides are apart on random data; a definition needs only to have a value."""
        part = self.analysis.part(display)
        of_sizes = is_of_sizes(step, part)
        if of_sizes and is_plain(step):
            return for_all_sizes(step, part, self._world(display, 0, 1.0))
        refuse_size(step, part.scope)
        if step.otherwise and not is_definition(part, step):
            raise Mistake(r"it holds 'otherwise', and of what is not known: write its condition, behind \text{if}")
        defined = definition_of(step)
        if defined and defined.name in part.rows and names_entries(defined, part.scope.names.kinds):
            raise Mistake(f"it says what the entries of {defined.name} are called, and claims nothing")
        try:
            size = evaluated(step, part, partial(self._world, display))
            return max(size, for_all_sizes(step, part, self._world(display, 0, 1.0))) if of_sizes else size
        except Exceptional as mistake:
            raise ConditionError(self.analysis.name(display), step.place, f"true if {mistake}") from None

    def _world(self, display: Display, k: int, factor: float, sizes: Sizes = ()) -> World:
        return self.data.world(display, self.seed + k, factor, sizes)

    def value(self, label: str, variables: Mapping[str, object]) -> Array:
        """The last side of an equation, with its symbols bound to a code line's variables."""
        display = self.analysis.by_label[label]
        step = self.analysis.equation(display).steps[-1]
        world = CodeWorld(self.analysis.part(display), variables)
        try:
            with np.errstate(all="ignore"):
                return np.asarray(side_value(step.right, step, world).data)
        except Mistake as mistake:
            raise EquationError(label, step.place, str(mistake)) from None


def held_against(equation: n.Equation, part: Part) -> How:
    """What the sides of a display are held against."""
    if any(differential(step.left) for step in equation.steps):
        return How.COMPLEX_STEP
    given = all(is_definition(part, step) or step.relation == r"\leftarrow" for step in equation.steps)
    return How.DEFINITION if given else How.REWRITE


def noted(error: EquationError, mistake: Mistake) -> EquationError:
    """An error that knows whether a side is no finite number."""
    error.infinite = isinstance(mistake, InfiniteError)
    return error


def unevaluated(name: str, step: n.Step, error: Exception) -> EquationError:
    """What is said of a claim that cannot be evaluated; what is said of it already stays."""
    if isinstance(error, EquationError):
        return error
    return EquationError(name, step.place, f"it cannot be evaluated: {error}").but(Verdict.NOT_CHECKED)


def refuse_turned(step: n.Step, equation: n.Equation, world: World) -> None:
    """A side of a chain that is a row where the one before it is a column: the first side may be neither."""
    before = equation.steps[step.number - 2] if step.number > 1 else step
    chained = before is not step and before.left == step.left and before.relation == step.relation == "="
    if chained and not step.where and (has_row(before.right) or has_row(step.right)):
        try:
            values = side_value(before.right, before, world), side_value(step.right, step, world)
        except Mistake:
            return  # that is said of the side that has no value
        refuse_crossed(*values)


def has_row(node: n.Node) -> bool:
    """Whether something is laid down in an expression."""
    return any(isinstance(x, n.Transpose) for x in node.every)


def has_unknown(world: World, step: n.Step) -> bool:
    """Whether a name of a claim has no value, or a parameter no shape: nothing can be said of its axes."""
    defined = definition_of(step)
    if defined and defined.function and any(not world.scope.kind(name) for name in defined.parameters):
        return True
    if world.scope.refused.keys() & (world.scope.uses(step.left) | world.scope.uses(step.right)):
        return True
    every = (node for side in (step.left, step.right) for node in side.walk())
    return any(not has_value(world, node.name) for node in every if isinstance(node, n.Symbol))


def has_value(world: World, name: str) -> bool:
    """Whether a row, a definition or mathematics itself gives a name a value."""
    try:
        return bool(world.knows(name) or world.scope.kind(name) or constant(name))
    except Mistake:
        return False


def refuse_size(step: n.Step, scope: Scope) -> None:
    """The length of an axis is drawn: an equation with its letter on the left would say nothing."""
    if isinstance(step.left, n.Symbol) and scope.kind(step.left.name) == Kind.SIZE and step.relation != r"\in":
        message = f"{step.left.name} is a size, the length of an axis in the Symbols table, and has a value already"
        raise Mistake(f"{message}: take another letter on this left side")
    names = {*step.left.names, *step.right.names}
    top = step.left.numerator if isinstance(step.left, n.Derivative) else step.left
    held = [x.name for x in top.every if isinstance(x, n.Symbol)]
    of_sizes = [name for name in held if scope.kind(name) == Kind.SIZE]
    if of_sizes and len(of_sizes) == len(held) and any(map(scope.shapes.get, step.right.names)):
        what = f"{of_sizes[0]} is a size, the length of an axis in the Symbols table"
        raise Mistake(f"{what}: is it meant on this left side? take another letter for one of the two")
    if step.relation in BOUNDS - {r"\in"} and names and all(scope.kind(name) == Kind.SIZE for name in names):
        what = f"{' and '.join(sorted(names))} are lengths of axes, which are drawn small and all different"
        raise Mistake(f"{what}: of a bound on them nothing is known; take letters of the shape integer")
    for node in (x for side in (step.left, step.right) for x in side.walk() if isinstance(x, n.Power)):
        base, top = node.base, node.exponent
        if isinstance(base, n.Symbol) and isinstance(top, n.Symbol) and scope.kind(top.name) == Kind.SIZE:
            _refuse_size_above(base.name, top.name, scope)


def _refuse_size_above(base: str, top: str, scope: Scope) -> None:
    """A size above an array is a label more often than a power."""
    if scope.kind(base) == Kind.ARRAY and scope.shapes.get(base):
        message = f"{top} above {base} is a size, the length of an axis: is it a label or a power?"
        raise Mistake(f"{message} declare ${base}^{top}$, or take an integer row with another letter")
