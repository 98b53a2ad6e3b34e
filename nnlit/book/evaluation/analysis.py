"""A chapter's displays as equations, and what is known where each of them stands."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property

from nnlit.book.evaluation.definitions import (
    Part,
    definition_of,
    definitions,
    exchanged,
    gradients_on_the_left,
    is_definition,
    loose,
    probes,
    refusals,
    scope_of,
)
from nnlit.book.evaluation.families import with_families
from nnlit.book.evaluation.kinds import kinds_of
from nnlit.book.evaluation.kinks import at_kinks
from nnlit.book.evaluation.pieces import with_rest
from nnlit.book.evaluation.resolutions import Resolutions
from nnlit.book.evaluation.sampling import tried
from nnlit.book.evaluation.scope import Definition, Scope
from nnlit.book.evaluation.starts import counted_from_one
from nnlit.book.evaluation.strides import strided
from nnlit.book.evaluation.values import Mistake
from nnlit.book.language import nodes as n
from nnlit.book.language import tex
from nnlit.book.language.chances import chances_of
from nnlit.book.language.contracted import SUMMED
from nnlit.book.language.declarations import Declared, Lost, declarations, probably, size_names
from nnlit.book.language.spans import Span
from nnlit.book.source.chapter import Chapter, Display, RowError, Table
from nnlit.book.source.marks import Checked, Mark, Unchecked, Unread
from nnlit.book.source.place import BookError, Place, line_words


@dataclass(frozen=True)
class Rows:
    """The rows of the tables that are valid somewhere, by name: those that are used, and those that cannot be."""

    used: dict[str, Declared]
    lost: dict[str, Lost]


@dataclass(frozen=True)
class Analysis:
    """A chapter as read; `parts` has what is known under each set of Symbols tables. Nothing of it ever changes."""

    chapter: Chapter
    parts: Mapping[tuple[Table, ...], Part]

    @cached_property
    def by_label(self) -> dict[str, Display]:
        """The displays that have a label, in order."""
        return {d.label: d for d in self.chapter.displays if d.label}

    def name(self, display: Display) -> str:
        """A display's label, or where it stands."""
        return display.label or f"{self.chapter.stem}, {line_words(display.place.line)}"

    @property
    def faults(self) -> list[BookError]:
        """What is wrong with the rows of the tables, each once."""
        errors = [fault.error for fault in self.chapter.faults]
        errors += [one.error for part in self.parts.values() for one in part.lost.values()]
        found = {(error.place.path, error.place.line, error.message): error for error in errors}
        return [found[key] for key in sorted(found)]

    def part(self, display: Display) -> Part:
        """What is known where a display stands."""
        part = self.parts[self.chapter.tables_of(display)]
        if part.error:
            raise part.error
        return part

    def uses(self, display: Display) -> frozenset[str]:
        """The names that the sides of a display use, and what these rest on."""
        scope, steps = self.part(display).scope, self.equation(display).steps
        return frozenset().union(*(scope.uses(side) for step in steps for side in (step.left, step.right)))

    def equation(self, display: Display) -> n.Equation:
        """A display as read, or BookError."""
        read = self.part(display).equations[display.place]
        if isinstance(read, BookError):
            raise read
        return read

    def culprit(self, span: Span | None, step: n.Step) -> tuple[Place, str]:
        """Where a mistake shows, and the words underlined; in another display they are shown with their line."""
        every = [d for d in self.chapter.displays if span and span.line in {line for line, _ in d.origins}]
        behind = [d for d in every if span and any(k == span.line and c <= span.column for k, c in d.origins)]
        display = next(iter([*reversed(behind), *every]), None)  # several may stand on a line
        if span is None or display is None:
            return step.place, ""
        excerpt = tex.Source.at(display.tex, display.place, display.origins).excerpt(span)
        if step.place.line in {line for line, _ in display.origins}:
            return Place(step.place.path, span.line, span.column), excerpt
        return step.place, f"    {line_words(span.line)}:\n{excerpt}"

    def elsewhere(self, span: Span | None, step: n.Step) -> int:
        """The line of a mistake that shows in another display than a claim's, else zero."""
        lines = ({line for line, _ in d.origins} for d in self.chapter.displays)
        here = next((found for found in lines if step.place.line in found), set())
        return span.line if span and here and span.line not in here else 0

    def status(self, display: Display) -> Mark | Unread:
        """What a display is: as its author marked it, or one that cannot be read."""
        if isinstance(display.mark, Unchecked):
            return display.mark
        try:
            self.equation(display)
        except BookError as error:
            return Unread(error.message, error.place)
        return display.mark

    def defined(self, display: Display, number: int) -> Definition | None:
        """What the claim with a number defines in a display, if it is the definition of its left side."""
        step = self.equation(display).steps[number - 1]
        return definition_of(step) if is_definition(self.part(display), step) else None

    def exchanged(self, display: Display, number: int, node: n.Node) -> "Analysis":
        """The same with one right-hand side exchanged, also where it is a definition that others rest on."""
        old = self.defined(display, number)
        return replace(self, parts={k: exchanged(p, display, number, node, old) for k, p in self.parts.items()})

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


def analysed(chapter: Chapter, formulas: tex.Formulas, second: frozenset[str] = frozenset()) -> Analysis:
    """Resolve the displays of a chapter, which are parsed; an error is kept, and raised when its display is asked for.

    Every set of Symbols tables has its own names: a display is resolved once under each set that it is valid under.
    Of the kinds of notation in `second`, which have two readings, the second one is taken.
    """
    resolutions = Resolutions(formulas, second | ({SUMMED} if chapter.summed else set()))
    resolutions.without_sums = not (chapter.strict or chapter.summed) and not has_sums(chapter)
    return Analysis(chapter, {tables: _part(chapter, tables, resolutions) for tables in chapter.under})


def has_sums(chapter: Chapter) -> bool:
    """Whether a sum, or dots, stand in a display: then an index that is repeated is not summed over by itself."""
    return any(sign in display.tex for display in chapter.displays for sign in SIGNS)


SIGNS = (r"\sum", r"\dots", r"\cdots", r"\ldots", "\u2211")


def layouts_of(chapter: Chapter) -> frozenset[str]:
    """The layout of derivatives that a text declares, as a kind of notation that is taken in its second reading."""
    return frozenset([str(chapter.layout.layout)] if chapter.layout else [])


def _part(chapter: Chapter, tables: tuple[Table, ...], resolutions: Resolutions) -> Part:
    """Everything that is known in the part of the chapter where these tables are valid."""
    rows = Rows({}, {})
    for table in tables:
        found, bad = declarations(table)
        used = {name: row for name, row in rows.used.items() if name not in bad} | found
        rows = Rows(used, {name: one for name, one in rows.lost.items() if name not in found} | bad)
    try:
        if chapter.strict and rows.lost:
            raise next(iter(rows.lost.values())).error
        return _usable(chapter, tables, rows, resolutions)
    except BookError as error:
        return Part(tables, {}, Scope(tex.Names()), {}, {}, error=error, lost=rows.lost)


def _usable(chapter: Chapter, tables: tuple[Table, ...], rows: Rows, resolutions: Resolutions) -> Part:
    """What is known with the rows that can be used; in a chapter of the book all of them must be."""
    while True:
        try:
            part = _defined(chapter, tables, rows, resolutions)
            drawable(part)
        except BookError as error:
            bad = {name: row for name, row in rows.used.items() if is_of(error, row)}
            if chapter.strict or not bad:
                raise
            lost = rows.lost | {name: Lost(error, probably(row.row)) for name, row in bad.items()}
            rows = Rows({name: row for name, row in rows.used.items() if name not in bad}, lost)
        else:
            return part


def drawable(part: Part) -> None:
    """Raise BookError for a row for which there are no data."""
    for seed in (0, 1):
        with suppress(Mistake, ArithmeticError, RecursionError, MemoryError):  # these are said of each display
            tried(part, seed)


def is_of(error: BookError, row: Declared) -> bool:
    """Whether an error is that of a row."""
    if isinstance(error, RowError):
        return error.row == row.row
    return (error.place.path, error.place.line) == (row.row.place.path, row.row.place.line)


def _visible(chapter: Chapter, tables: tuple[Table, ...]) -> list[Display]:
    """The displays whose equations hold here: those of this part and of the parts around it, innermost last."""
    found = [(k, d) for k in range(len(tables) + 1) for d in chapter.under.get(tables[:k], [])]
    return [d for _, d in sorted(found, key=lambda pair: (pair[0], pair[1].place))]


def _defined(chapter: Chapter, tables: tuple[Table, ...], given: Rows, resolutions: Resolutions) -> Part:
    """What the displays define, once all names are known."""
    rows, formulas = given.used, resolutions.formulas
    displays = [d for d in _visible(chapter, tables) if not isinstance(d.mark, Unchecked)]
    right = [d for d in displays if isinstance(d.mark, Checked)]
    kinds = kinds_of(rows, given.lost, resolutions, right)
    names = tex.Names(kinds, chances_of(rows), resolutions.second, resolutions.without_sums)
    equations = with_rest(strided(with_families(resolutions.equations(displays, names), rows, formulas), rows))
    found, sources = definitions(right, equations, chapter.tables_of, rows, kinds)
    shown = [e for d in right if isinstance(e := equations[d.place], n.Equation)]
    probed = probes(rows, found, gradients_on_the_left(shown))
    found |= probed
    zeros = at_kinks(found, equations)
    refused = refusals(right, formulas, names) if len(shown) < len(right) or any(map(loose, shown)) else {}
    known = {name: line for name, line in refused.items() if name not in found and name not in rows}
    scope = scope_of(rows, kinds, found).but(refused=known, probes=frozenset(probed))
    scope = scope.but(names=replace(scope.names, second=layouts_of(chapter)))
    if not chapter.strict:
        scope = scope.but(bases={**dict.fromkeys(counted_from_one(equations.values()), 1), **scope.bases})
    return Part(tables, rows, scope, equations, sources, zeros, strict=chapter.strict, lost=given.lost)
