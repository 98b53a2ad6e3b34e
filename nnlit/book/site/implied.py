"""Rows for the symbols that no Symbols table has: what a display defines, arguments, lengths, letters below a sum.

They are read off the displays and the tables themselves, and a formula under the same heading finds them. What running
text alone names, such as the r of an interval between -r and r, has a line in `docs/letters.toml`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from nnlit.book.evaluation.noted import Introduced
from nnlit.book.language.running import run_over
from nnlit.book.site.explained import items
from nnlit.book.source.chapter import Chapter, Display, Row
from nnlit.book.source.markdown import last_line
from nnlit.book.source.place import BookError, Place

Letters = Mapping[str, Mapping[str, tuple[str, str]]]
WORD = re.compile(r"(?<![\\a-zA-Z])[a-zA-Z]{2,}")
TIMES = r"\times"
LONGEST = 90  # characters of a definition that is shown; a longer one is only named
AXES = {1: ("the length of",), 2: ("rows of", "columns of")}


class Implied:
    """What the symbols of one page mean beside its Symbols tables.

    Args:
        chapter: the page.
        introduced: what each of its displays defines, in their order.
        letters: for some of its headings, what letters mean that running text alone names: shape and meaning.
    """

    def __init__(self, chapter: Chapter, introduced: Sequence[Sequence[Introduced]], letters: Letters) -> None:
        self.chapter = chapter
        self.headings = [section(chapter, heading.line) for heading in chapter.markdown.headings]
        self.displays = [(*section(chapter, d.place.line), d) for d in chapter.displays]
        self.spoken = tuple(_spoken(chapter, letters))
        both = list(zip(chapter.displays, introduced, strict=True))
        self.defined = {d.place: tuple(_rows(d, _defined(d, own), 1)) for d, own in both}
        self.letters = {d.place: tuple(_rows(d, [*_arguments(own), *_bound(d)], 50)) for d, own in both}

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


def _defined(display: Display, introduced: Iterable[Introduced]) -> Iterator[tuple[str, str, str]]:
    """Symbol, shape and meaning of the names that a display defines and no row explains."""
    for one in introduced:
        where = f", equation ({display.number})" if display.label else ""
        short = len(one.equation) <= LONGEST
        if one.shape is not None:
            meaning = f"${one.equation}${where}" if short else f"defined by equation ({display.number})"
            yield spelling(one.name, display), one.shape, meaning


def _arguments(introduced: Iterable[Introduced]) -> Iterator[tuple[str, str, str]]:
    """Symbol, shape and meaning of the arguments of the functions that a display defines."""
    for one in introduced:
        yield from ((x, "number", f"the argument of ${one.name}$") for x in one.arguments)


def spelling(name: str, display: Display) -> str:
    r"""A name as its display writes it: the reader of equations calls both of `w^*` and `w^\star` `w^{*}`."""
    return name.replace("^{*}", r"^\star") if r"^\star" in display.tex else name


def _bound(display: Display) -> Iterator[tuple[str, str, str]]:
    """The letters below sums, products and extremes."""
    said = "counts what the sum, product or extreme goes over"
    yield from ((letter, "an index", said) for letter in run_over(display.tex))


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
    return ["".join(item.text or item.norm for item in items(axis)).strip() for axis in bare.split(TIMES)]
