"""The page of symbols: every row of the chapters' Symbols tables, and the equations that use it."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress

from nnlit.book.assembly import Assembly
from nnlit.book.language import nodes as n
from nnlit.book.language.declarations import Declared
from nnlit.book.site.catalog import Contents
from nnlit.book.site.generated.cells import link, shape
from nnlit.book.source.chapter import Display, Row
from nnlit.book.source.marks import Unchecked
from nnlit.book.source.place import BookError

HEAD = "| symbol | meaning | shape | declared in | used in |\n|---|---|---|---|---|"


def symbols(book: Contents) -> str:
    """Every symbol of every chapter's Symbols tables, with its place and the equations that hold it."""
    rows = []
    for whole in (whole for whole in book.assemblies if whole.chapter.number):
        held = {d: _rows_in(whole, d) for d in whole.chapter.displays if d.label}
        rows += [(row, _line(whole, row, held)) for table in whole.chapter.tables for row in table.rows]
    rows.sort(key=lambda pair: (_letter(pair[0].symbol).lower(), pair[0].symbol, pair[0].place))
    return "\n".join([HEAD, *(text for _, text in rows)])


def _line(whole: Assembly, row: Row, held: Mapping[Display, set[Row]]) -> str:
    used = " ".join(rf"\eqref{{{display.label}}}" for display in held if row in held[display])
    return f"| ${row.symbol}$ | {row.meaning} | {shape(row)} | {link(whole.chapter)} | {used} |"


def _letter(symbol: str) -> str:
    """The letter that a symbol is sorted by: the last name in a derivative, the letter below an accent."""
    plain = re.sub(r"\\(?:frac|partial|hat|bar|tilde|mathrm|mathbf|mathcal)(?![a-zA-Z])|[{}\s]", "", symbol)
    return plain.lstrip("\\")


def _rows_in(whole: Assembly, display: Display) -> set[Row]:
    """The rows whose symbols a display holds; what is not executed, or cannot be read, is not looked into."""
    if isinstance(display.mark, Unchecked):
        return set()
    with suppress(BookError):
        rows, sides = whole.analysis.part(display).rows, whole.analysis.equation(display).sides
        return {rows[name].row for side in sides for name in _names(side, rows) if name in rows}
    return set()


def _names(node: n.Node, rows: Mapping[str, Declared]) -> Iterator[str]:
    """The names in an expression; a derivative that has a row of its own is one name."""
    own = node.own_names() if not isinstance(node, n.Letter) else (node.name,)
    yield from own
    if not (isinstance(node, n.Derivative) and any(name in rows for name in own)):
        for part in node.parts:
            yield from _names(part, rows)
