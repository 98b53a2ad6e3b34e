"""Rows for the symbols that no Symbols table has: what a display defines, arguments, lengths, letters below a sum.

They are read off the displays and the tables themselves, and a formula under the same heading finds them. What running
text alone names, such as the r of an interval between -r and r, has a line in `docs/letters.toml`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress

from nnlit.book.assembly import Assembly
from nnlit.book.evaluation.analysis import Analysis
from nnlit.book.evaluation.definitions import Part, definition_of
from nnlit.book.evaluation.sampling import drawn, sizes_of
from nnlit.book.evaluation.scope import Definition
from nnlit.book.evaluation.values import Mistake
from nnlit.book.language.unparse import write
from nnlit.book.site.explained import items
from nnlit.book.source.chapter import Chapter, Display, Row
from nnlit.book.source.markdown import last_line
from nnlit.book.source.marks import Checked
from nnlit.book.source.place import BookError, Place

Letters = Mapping[str, Mapping[str, tuple[str, str]]]
BOUND = re.compile(r"\\(?:sum|prod|max|min)(?![a-zA-Z])\s*(?:\\limits)?\s*_\s*(?:\{([^{}]*)\}|([a-zA-Z]))")
LETTER = re.compile(r"(?<![a-zA-Z\\])[a-zA-Z](?![a-zA-Z])")
WORD = re.compile(r"(?<![\\a-zA-Z])[a-zA-Z]{2,}")
BELOW = re.compile(r"_\{([a-zA-Z]{2,})\}")
TIMES = r" \times "
LONGEST = 90  # characters of a definition that is shown; a longer one is only named
AXES = {1: ("the length of",), 2: ("rows of", "columns of")}


class Implied:
    """What the symbols of one page mean beside its Symbols tables.

    Args:
        whole: the page, with its displays as equations.
        letters: for some of its headings, what letters mean that running text alone names: shape and meaning.
    """

    def __init__(self, whole: Assembly, letters: Letters) -> None:
        self.chapter = whole.chapter
        self.headings = [section(self.chapter, heading.line) for heading in self.chapter.markdown.headings]
        self.displays = [(*section(self.chapter, d.place.line), d) for d in self.chapter.displays]
        self.spoken = tuple(_spoken(self.chapter, letters))
        self.defined = {d.place: tuple(_rows(d, _defined(whole, d), 1)) for d in self.chapter.displays}
        found = {d: [*_arguments(whole, d), *_bound(d)] for d in self.chapter.displays}
        self.letters = {d.place: tuple(_rows(d, made, 50)) for d, made in found.items()}

    def named(self, line: int) -> list[Row]:
        """The rows for a line that say what a name is: of the letters of the text, and of what displays define."""
        spoken = [row for row in self.spoken if self.valid(row.place.line, line)]
        return [*spoken, *(row for d in self._near(line) for row in self.defined[d.place])]

    def counted(self, line: int) -> list[Row]:
        """The rows for a line of arguments, of letters that count, and of lengths."""
        letters = [row for d in self._near(line) for row in self.letters[d.place]]
        return [*letters, *_lengths(self.chapter, line)]

    def _near(self, line: int) -> list[Display]:
        """The displays that hold at a line, those under the innermost heading first."""
        near = [(-first, d.place.line, d) for first, last, d in self.displays if first <= line <= last]
        return [d for *_, d in sorted(near, key=lambda found: found[:2])]

    def valid(self, of: int, line: int) -> bool:
        """Whether what stands at a line holds at another: to the next heading of the same level, as for a table."""
        first, last = section(self.chapter, of)
        return first <= line <= last

    def section(self, line: int) -> tuple[int, ...]:
        """The headings under which a line stands: what is valid at two lines with the same ones is the same."""
        return tuple(first for first, last in self.headings if first <= line <= last)


def section(chapter: Chapter, line: int) -> tuple[int, int]:
    """The first and last line of what stands under the heading above a line."""
    above = [heading for heading in chapter.markdown.headings if heading.line <= line]
    if not above:
        return 1, len(chapter.markdown.lines)
    own = above[-1]
    return own.line, last_line(chapter.markdown.headings, own.line, own.level, len(chapter.markdown.lines))


def _spoken(chapter: Chapter, letters: Letters) -> Iterator[Row]:
    """The rows of the letters that running text names; under no heading they hold on the whole page."""
    order = 200
    for title, rows in letters.items():
        lines = [heading.line for heading in chapter.markdown.headings if heading.title.startswith(title)]
        if not lines:
            raise BookError(Place(chapter.path, 1), f"letters.toml names the heading {title!r}, which is not here")
        for symbol, (shape, meaning) in rows.items():
            order += 1
            yield made(symbol, shape, meaning, Place(chapter.path, lines[0], order=order))


def _rows(display: Display, found: Iterable[tuple[str, str, str]], order: int) -> Iterator[Row]:
    """The rows that a display gives, each with a place of its own."""
    for symbol, shape, meaning in found:
        yield made(symbol, shape, meaning, Place(display.place.path, display.place.line, order=order))
        order += 1


def made(symbol: str, shape: str, meaning: str, place: Place) -> Row:
    """A row that stands in no table, with the line that it would be."""
    return Row(symbol, shape, "", meaning, place, f"| ${symbol}$ | {shape} | | {meaning} |")


def _defined(whole: Assembly, display: Display) -> Iterator[tuple[str, str, str]]:
    """Symbol, shape and meaning of the names that a display defines and no row explains."""
    with suppress(BookError):
        part = whole.analysis.part(display)
        for found, text in _definitions(whole.analysis, part, display):
            where = f", equation ({display.number})" if display.label else ""
            meaning = f"${text}${where}" if len(text) <= LONGEST else f"defined by equation ({display.number})"
            if found.name not in part.rows:
                yield spelling(found.name, display), shape_of(found, part), meaning


def _arguments(whole: Assembly, display: Display) -> Iterator[tuple[str, str, str]]:
    """Symbol, shape and meaning of the arguments of the functions that a display defines."""
    with suppress(BookError):
        part = whole.analysis.part(display)
        for found, _ in _definitions(whole.analysis, part, display):
            arguments = (x for x in found.parameters if x not in part.rows)
            yield from ((x, "number", f"the argument of ${found.name}$") for x in arguments)


def _definitions(analysis: Analysis, part: Part, display: Display) -> Iterator[tuple[Definition, str]]:
    """What a display defines, each with the equation that does it."""
    for step in analysis.equation(display).steps if isinstance(display.mark, Checked) else ():
        found = definition_of(step)
        if found and part.scope.definitions.get(found.name) == found:
            yield found, f"{write(step.left)} = {write(step.right)}"


def spelling(name: str, display: Display) -> str:
    r"""A name as its display writes it: the reader of equations calls both of `w^*` and `w^\star` `w^{*}`."""
    return name.replace("^{*}", r"^\star") if r"^\star" in display.tex else name


def shape_of(definition: Definition, part: Part) -> str:
    """The shape of a defined name in the letters of its tables; nothing if that cannot be seen."""
    if definition.function:
        return "function"
    try:
        names = {size: BELOW.sub(r"_{\\mathrm{\1}}", name) for name, size in sizes_of(part, 0).items()}
        axes = [names.get(size, "") for size in drawn(part, 0).value(definition.name).shape]
    except (BookError, Mistake, ArithmeticError, LookupError):
        return ""
    return "" if "" in axes else rf"${TIMES.join(axes)}$" if axes else "number"


def _bound(display: Display) -> Iterator[tuple[str, str, str]]:
    """The letters below sums, products and extremes."""
    below = (more or one for more, one in BOUND.findall(display.tex))
    letters = dict.fromkeys(x for text in below for x in LETTER.findall(text.split("=")[0]))
    yield from ((letter, "an index", "counts what the sum, product or extreme goes over") for letter in letters)


def _lengths(chapter: Chapter, line: int) -> Iterator[Row]:
    """The sizes that the tables valid at a line use and do not explain."""
    for row in (row for table in reversed(chapter.tables_at(line)) for row in table.rows):
        axes = _axes(row.shape)
        for k, (axis, words) in enumerate(zip(axes, AXES.get(len(axes), ()), strict=False)):
            if len(axis) == 1 and axis.isalpha():
                place = Place(row.place.path, row.place.line, order=100 + k)
                yield made(axis, "a size", f"{words} ${row.symbol}$", place)


def _axes(shape: str) -> Sequence[str]:
    """The axes of a shape, as they are written; none of a word."""
    bare = shape.replace("$", "")
    if WORD.search(bare):
        return ()
    return ["".join(item.text or item.norm for item in items(axis)).strip() for axis in bare.split(TIMES.strip())]
