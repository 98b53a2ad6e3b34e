"""What the symbols of one page mean: the rows of its Symbols tables, and a table of those that stand elsewhere."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement

from markdown.util import AtomicString

from nnlit.book.site.catalog import COMMON, Contents
from nnlit.book.site.explained import Meanings, marked, named
from nnlit.book.site.generated.symbols import ALL, in_order
from nnlit.book.source.chapter import HEADER, Chapter, Row, split_cells
from nnlit.book.source.place import Place

HEADING = re.compile("h[1-6]")
CELL = re.compile(r"\$(?P<tex>[^$]+)\$|`(?P<code>[^`]+)`|\[(?P<words>[^\]]*)\]\([^)]*\)|\*\*(?P<strong>[^*]+)\*\*")


Cell = Callable[[str, Place], str]  # makes the HTML of the text of a cell


@dataclass(frozen=True)
class Explained:
    """A formula as its author wrote it, the same with marks for KaTeX, and what its marks are called on the page."""

    tex: str
    marked: str
    names: tuple[str, ...] = ()

    def named(self, html: str) -> str:
        """What KaTeX made of the marked formula, with the page's names."""
        return named(html, self.tex, self.names) if self.names else html


@dataclass
class Symbols:
    """The symbols that a page's formulas use.

    Args:
        book: knows the tables of all pages.
        chapter: the page; None for a docstring, whose symbols have no table.
        rows: the lines of tables that are used or shown here, each with its number on the page.
    """

    book: Contents
    chapter: Chapter | None
    rows: dict[Place, int] = field(default_factory=dict)
    shown: set[Place] = field(default_factory=set)  # rows that the page itself has
    _used: dict[Place, Row] = field(default_factory=dict)
    _meanings: dict[tuple[object, ...], Meanings] = field(default_factory=dict)

    def number(self, place: Place) -> int:
        """The number of a line of a table on this page."""
        return self.rows.setdefault(place, len(self.rows))

    def explained(self, tex: str, *places: Place) -> Explained:
        """A formula with its symbols marked, which stands at a line of a file or speaks of what stands at others."""
        known = [place for place in places if place.path in self.book.by_path] if self.chapter else []
        if not known:
            return Explained(tex, tex)
        text, rows = marked(tex, self._at(known))
        self._used.update((row.place, row) for row in rows)
        return Explained(tex, text, tuple(str(self.number(row.place)) for row in rows))

    def _at(self, places: Iterable[Place]) -> Meanings:
        """What symbols mean at the first of these places; what they do not mean there, they mean at the next one."""
        key = tuple((p.path, self.book.implied(p.path).section(p.line)) for p in places)
        if key not in self._meanings:
            self._meanings[key] = Meanings(row for place in places for row in self._rows(place))
        return self._meanings[key]

    def _rows(self, place: Place) -> list[Row]:
        """The rows of a page's tables, the innermost first, of what its displays say, and of what always holds.

        In a text that is no chapter of the book a letter below a sum counts what that text says.
        """
        chapter, implied = self.book.by_path[place.path], self.book.implied(place.path)
        rows = [row for table in reversed(chapter.tables_at(place.line)) for row in table.rows]
        named, counted = implied.named(place.line), implied.counted(place.line)
        last = [*self.book.common, *counted] if chapter.number else [*counted, *self.book.common]
        return [*rows, *named, *last]

    def elsewhere(self) -> list[Row]:
        """The rows that are used here and stand in no table of this page."""
        return [row for place, row in self._used.items() if place not in self.shown]


def lines_of(root: Element, chapter: Chapter) -> dict[Element, int]:
    """The line of its section's heading for every formula of a page: it says which tables are valid.

    Nothing for a page whose headings are generated: its formulas come from many places.
    """
    found, line = dict[Element, int](), 1
    elements = list(_in_order(root))
    levels = [int(str(element.tag)[1]) for element in elements if HEADING.fullmatch(str(element.tag))]
    if levels != [heading.level for heading in chapter.markdown.headings]:
        return {}
    headings = iter(chapter.markdown.headings)
    for element in elements:
        if HEADING.fullmatch(str(element.tag)):
            line = next(headings).line
        elif element.get("class") == "nnlit-math":
            found[element] = line
    return found


def _in_order(element: Element) -> Iterator[Element]:
    """The elements of a page without what mkdocstrings put there for the table of contents."""
    for child in element:
        if "mkdocstrings" not in child.get("class", ""):
            yield child
            yield from _in_order(child)


def _tables(root: Element, header: tuple[str, ...]) -> Iterator[Element]:
    """The tables of a page that have this head."""
    for table in root.iter("table"):
        if tuple((cell.text or "").strip() for cell in table.iter("th")) == header:
            yield table


def number_rows(root: Element, symbols: Symbols) -> dict[Element, Place]:
    """Give the rows of the page's tables of symbols the numbers by which formulas know them; where each is written."""
    chapter, found = symbols.chapter, dict[Element, Place]()
    own = [row.place for table in (chapter.tables if chapter else ()) for row in table.rows]
    common = [row.place for row in symbols.book.common if chapter and row.place.path == chapter.path]
    for header, places in ((HEADER, own), (COMMON, common)):
        rows = [row for table in _tables(root, header) for row in _lines(table)]
        if len(rows) == len(dict.fromkeys(places)):  # a generated page has tables that are not in its file
            found |= dict(zip(rows, dict.fromkeys(places), strict=True))
    for table in _tables(root, ALL):
        found |= dict(zip(_lines(table), (row.place for _, row in in_order(symbols.book)), strict=True))
    for k, (line, place) in enumerate(found.items()):
        if place not in symbols.shown:  # of two symbols that share a row the first one's line tells of both
            line.set("data-row", str(symbols.number(place)))
        line.attrib |= {"id": f"symbol-{k}"} if place.path != (chapter.path if chapter else None) else {}
        symbols.shown.add(place)
    return found


def _lines(table: Element) -> list[Element]:
    """The rows of a table below its head."""
    return [row for row in table.iter("tr") if row.find("td") is not None]


def fold_tables(root: Element, chapter: Chapter, cell: Cell) -> None:
    """Fold a chapter's Symbols tables, those inside a note or a solution too: who wants a whole table opens it."""
    parents = {child: parent for parent in root.iter() for child in parent}
    for table, read in zip(list(_tables(root, HEADER)), chapter.tables, strict=True):
        fold, parent = Element("details", {"class": "symbols nnlit-symbols"}), parents[table]
        parent[list(parent).index(table)] = fold
        letters = ", ".join(f"${row.symbol}$" for row in read.rows)
        SubElement(fold, "summary").text = AtomicString(cell(f"Symbols: {letters}", read.place))
        fold.append(table)


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """The text of a cell in pieces: tex, code, words or strong, each with what it holds."""
    at = 0
    for found in CELL.finditer(text):
        yield "words", text[at : found.start()]
        yield from ((name, value) for name, value in found.groupdict().items() if value is not None)
        at = found.end()
    yield "words", text[at:]


def cells_of(symbols: Symbols) -> Iterator[str]:
    """The texts that `fold_tables` and `table_of` make HTML of."""
    tables = symbols.chapter.tables if symbols.chapter else ()
    yield from (f"${row.symbol}$" for table in tables for row in table.rows)
    yield from (text for row in symbols.elsewhere() for text in split_cells(row.text))


def table_of(symbols: Symbols, cell: Cell) -> Element:
    """The folded table of symbols that no table of the page explains."""
    fold = Element("details", {"class": "symbols nnlit-symbols nnlit-more", "data-search-exclude": ""})
    SubElement(fold, "summary").text = "Symbols of this page that stand in no table of it"
    table = SubElement(fold, "table", {"tabindex": "0"})
    head, body = SubElement(SubElement(table, "thead"), "tr"), SubElement(table, "tbody")
    for word in HEADER:
        SubElement(head, "th").text = word
    for place, row in {row.place: row for row in symbols.elsewhere()}.items():
        line = SubElement(body, "tr", {"data-row": str(symbols.number(place))})
        for text in split_cells(row.text):
            SubElement(line, "td").text = AtomicString(cell(text, place))
    return fold
