"""The page check: every displayed equation of a chapter on random data, with no code of the library."""

import math
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass

import numpy as np

from nnlit.book.checks.binding import CodeWorld
from nnlit.book.checks.comparison import (
    DRAWS,
    INEQUALITIES,
    Difference,
    apart,
    checked_letters,
    differential,
    settled,
    side_value,
    verdict,
)
from nnlit.book.evaluation.definitions import (
    Part,
    at_kinks,
    definition_of,
    definitions,
    exchanged,
    fresh,
    gradients_on_the_left,
    is_definition,
    kinds_of,
    probes,
    readings,
    scope_of,
)
from nnlit.book.evaluation.environment import Scope, World
from nnlit.book.evaluation.sampling import drawn, sizes
from nnlit.book.evaluation.values import Array, Mistake
from nnlit.book.language import nodes as n
from nnlit.book.language import tex
from nnlit.book.language.declarations import Declared, declarations, size_names
from nnlit.book.source.chapter import Chapter, Display, Table
from nnlit.book.source.place import BookError, Place

WRONG = 1e-3


class EquationError(BookError):
    """A displayed equation that is not true, or that cannot be evaluated; the message names label, file and line."""

    def __init__(self, label: str, place: Place, message: str, difference: float = math.inf) -> None:
        super().__init__(place, f"{label}: {message}")
        self.label, self.difference = label, difference


@dataclass(frozen=True)
class Result:
    """How a display was checked; `error` is the largest relative error, `difference` how far a wrong one is off."""

    label: str
    place: Place
    steps: int
    error: float
    how: str
    sizes: Mapping[str, int]
    difference: float = 0.0


class Page:
    """A chapter ready to be executed."""

    def __init__(self, chapter: Chapter, seed: int = 0) -> None:
        self.chapter, self.seed = chapter, seed
        self.parts: dict[tuple[Table, ...], Part] = {}
        self.worlds: dict[tuple[tuple[Table, ...], int], World] = {}
        self.samples: dict[tuple[tuple[Table, ...], int], World] = {}
        self.before: tuple[Page, str] | None = None
        self.by_label = {d.label: d for d in chapter.displays if d.label}

    @property
    def labels(self) -> list[str]:
        """All labels of the chapter, in order."""
        return list(self.by_label)

    def name(self, display: Display) -> str:
        """A display's label, or where it stands."""
        return display.label or f"{self.chapter.stem}, line {display.place.line}"

    def display(self, label: str) -> Display:
        """The display with a label; KeyError where there is none."""
        return self.by_label[label]

    def tables(self, display: Display) -> tuple[Table, ...]:
        """The Symbols tables that are valid for a display, the outermost first."""
        return tuple(self.chapter.tables_at(display.place.line))

    def part(self, display: Display) -> Part:
        """What is known where a display stands."""
        key = self.tables(display)
        if key not in self.parts:
            self.parts[key] = self.read(key)
        part = self.parts[key]
        if part.error:
            raise part.error
        return part

    def equation(self, display: Display) -> n.Equation:
        """A display as read, or BookError."""
        read = self.part(display).equations[display.place]
        if isinstance(read, BookError):
            raise read
        return read

    # reading

    def read(self, tables: tuple[Table, ...]) -> Part:
        """Everything that is known in the part of the chapter where these tables are valid."""
        try:
            rows = {name: d for table in tables for name, d in declarations(table).items()}
            return self.defined(tables, rows)
        except BookError as error:
            return Part(tables, {}, Scope(tex.Names()), {}, {}, error=error)

    def visible(self, tables: tuple[Table, ...]) -> list[Display]:
        """The displays whose equations hold here: those of this part and of the parts around it, innermost last."""
        found = [(len(own), d) for d in self.chapter.displays if (own := self.tables(d)) == tables[: len(own)]]
        return [d for _, d in sorted(found, key=lambda pair: (pair[0], pair[1].place))]

    def defined(self, tables: tuple[Table, ...], rows: dict[str, Declared]) -> Part:
        """What the displays define, read with all names known."""
        displays = [d for d in self.visible(tables) if not (d.mark and d.mark.kind == "unchecked")]
        right = [d for d in displays if not d.mark]
        kinds = kinds_of(rows, right)
        first = readings(displays, tex.Names(kinds))
        for name, definition in definitions(right, first, self.tables, rows)[0].items():
            kinds.setdefault(name, "function" if definition.function else "array")
        equations = readings(displays, tex.Names(kinds))
        found, sources = definitions(right, equations, self.tables, rows)
        shown = [e for d in right if isinstance(e := equations[d.place], n.Equation)]
        found |= probes(rows, found, gradients_on_the_left(shown))
        zeros = at_kinks(found, equations)
        return Part(tables, rows, scope_of(rows, kinds, found), equations, sources, zeros)

    # data

    def world(self, display: Display, seed: int) -> World:
        """Random data for the part where a display stands."""
        key = self.tables(display), seed
        if key not in self.worlds:
            part = self.part(display)
            if self.before:
                page, name = self.before
                self.worlds[key] = fresh(page.world(display, seed), part.scope, name)
            else:
                self.worlds[key] = drawn(part, seed)
        return self.worlds[key]

    def with_side(self, display: Display, number: int, node: n.Node) -> "Page":
        """The same page with one right-hand side exchanged; data and everything that does not rest on it are kept."""
        page = copy(self)
        part = self.part(display)
        step = self.equation(display).steps[number - 1]
        old = definition_of(step) if is_definition(part, step) else None
        for key in {self.tables(d) for d in self.chapter.displays} - set(self.parts):
            self.parts[key] = self.read(key)
        page.parts = {k: exchanged(p, display, number, node, old) for k, p in self.parts.items()}
        if old is not None:
            page.worlds, page.before = {}, (self, old.name)
        return page

    # checking

    def check(self, display: Display) -> Result:
        """Evaluate a display and compare its sides.

        Raises:
            BookError: the display or its Symbols table cannot be read.
            EquationError: it is not true, or does not fit together.
        """
        name = self.name(display)
        if display.mark and display.mark.kind == "unchecked":
            return Result(name, display.place, 0, 0.0, "unchecked", {})
        equation = self.equation(display)
        world = self.world(display, self.seed)
        if display.mark:
            return self.wrong(display, equation, world)
        with np.errstate(all="ignore"):
            errors = [self.step(display, equation, step, world) for step in equation.steps]
        return Result(name, display.place, len(errors), max(errors), self.how(display, equation), sizes(world))

    def check_all(self) -> list[Result | EquationError]:
        """Every display of the chapter, the failures as values."""
        found: list[Result | EquationError] = []
        for display in self.chapter.displays:
            try:
                found.append(self.check(display))
            except EquationError as error:
                found.append(error)
            except BookError as error:
                found.append(EquationError(self.name(display), error.place, error.message))
            except (Mistake, ArithmeticError, RecursionError, MemoryError) as error:
                what = f"it cannot be evaluated: {error or type(error).__name__}"
                found.append(EquationError(self.name(display), display.place, what))
        return found

    def how(self, display: Display, equation: n.Equation) -> str:
        """What the sides of a display are held against."""
        part = self.part(display)
        if any(differential(step.left) for step in equation.steps):
            return "complex step"
        return "definition" if all(is_definition(part, step) for step in equation.steps) else "rewrite"

    def step(self, display: Display, equation: n.Equation, step: n.Step, world: World) -> float:
        """The error of one claim."""
        name = self.name(display) + (f", step {step.number}" if len(equation.steps) > 1 else "")
        try:
            return self.compared(display, step, world)
        except Mistake as mistake:
            raise EquationError(name, step.place, str(mistake)) from None
        except Difference as difference:
            message = str(difference) + self.note(display, step)
            raise EquationError(name, step.place, message, difference.size) from None
        except (np.linalg.LinAlgError, ValueError, OverflowError, ZeroDivisionError) as error:
            raise EquationError(name, step.place, f"it cannot be evaluated: {error}") from None

    def compared(self, display: Display, step: n.Step, world: World) -> float:
        """How far a claim's sides are apart on random data; a definition needs only to have a value."""
        self.refuse_size(display, step)
        if is_definition(self.part(display), step) or step.relation == r"\leftarrow":
            checked_letters(step)
            return settled(step, world)
        draws = DRAWS if step.relation in INEQUALITIES else 2
        return max(verdict(step, self.world(display, self.seed + k)) for k in range(draws))

    def refuse_size(self, display: Display, step: n.Step) -> None:
        """The length of an axis is drawn: an equation with its letter on the left would say nothing."""
        scope = self.part(display).scope
        if isinstance(step.left, n.Symbol) and scope.kind(step.left.name) == "size":
            message = f"{step.left.name} is a size, the length of an axis in the Symbols table, and has a value already"
            raise Mistake(f"{message}: take another letter on this left side")
        for node in (x for side in (step.left, step.right) for x in side.walk() if isinstance(x, n.Power)):
            base, top = node.base, node.exponent
            if isinstance(base, n.Symbol) and isinstance(top, n.Symbol) and scope.kind(top.name) == "size":
                self.refuse_size_above(base.name, top.name, scope)

    def refuse_size_above(self, base: str, top: str, scope: Scope) -> None:
        """A size above an array is a label more often than a power."""
        if scope.kind(base) == "array" and scope.shapes.get(base):
            message = f"{top} above {base} is a size, the length of an axis: is it a label or a power?"
            raise Mistake(f"{message} declare ${base}^{top}$, or take an integer row with another letter")

    def note(self, display: Display, step: n.Step) -> str:
        """What may be behind a left side that is not what the equation says."""
        definition = definition_of(step)
        if definition is None:
            return ""
        other = self.part(display).scope.definitions.get(definition.name)
        if other is not None:
            where = f"; {other.name} is defined at {other.place}"
            return f"{where}: a second meaning needs a section with its own Symbols table"
        if definition.name in step.right.names:
            return rf"; {definition.name} stands on both sides: give the new value another name, or write \leftarrow"
        return ""

    def wrong(self, display: Display, equation: n.Equation, world: World) -> Result:
        """A display that is meant to be wrong has to be."""
        name = self.name(display)
        assert display.mark is not None
        right = self.by_label.get(display.mark.of)
        with np.errstate(all="ignore"):
            size = max(self.distance(step, right, world) for step in equation.steps)
        if not size > WRONG:
            message = f"is marked wrong but differs from {display.mark.of} by {size:.3g} only"
            raise EquationError(name, display.place, message, size)
        how = "wrong, as it should be"
        return Result(name, display.place, len(equation.steps), 0.0, how, sizes(world), size)

    def distance(self, step: n.Step, right: Display | None, world: World) -> float:
        """How far a wrong claim is from the right one it names, or from its own left side."""
        try:
            mine = side_value(step.right, step, world)
            if right is not None and right.label:
                good = self.equation(right).steps[-1]
                return apart(side_value(good.right, good, world), mine)
            return apart(side_value(step.left, step, world), mine)
        except Mistake:
            return math.inf

    # for the code check

    def value(self, label: str, variables: Mapping[str, object]) -> Array:
        """The last side of an equation, with its symbols bound to a code line's variables."""
        display = self.by_label[label]
        part = self.part(display)
        step = self.equation(display).steps[-1]
        world = CodeWorld(part, variables)
        try:
            with np.errstate(all="ignore"):
                return np.asarray(side_value(step.right, step, world).data)
        except Mistake as mistake:
            raise EquationError(label, step.place, str(mistake)) from None

    def dependencies(self, label: str) -> list[str]:
        """The normalized text of all that an equation rests on: itself, definitions, rows of Symbols tables."""
        display = self.by_label[label]
        part, equation = self.part(display), self.equation(display)
        names = set().union(*(part.scope.uses(s.left) | part.scope.uses(s.right) for s in equation.steps))
        names |= set(size_names({x: part.rows[x] for x in names if x in part.rows}))
        texts = [" ".join(part.sources[x].tex.split()) for x in sorted(names) if x in part.sources]
        rows = [part.rows[x].row for x in sorted(names) if x in part.rows]
        cells = [f"{r.symbol} | {r.shape} | {r.code} | {r.meaning}" for r in rows]
        return list(dict.fromkeys([" ".join(display.tex.split()), *texts, *cells]))
