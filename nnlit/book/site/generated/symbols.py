"""The page of symbols: every row of the chapters' Symbols tables, and the equations that use it."""

import re
from collections.abc import Mapping

from nnlit.book.assembly import Assembly
from nnlit.book.site.catalog import Contents
from nnlit.book.site.generated.cells import link, shape
from nnlit.book.source.chapter import Display, Row

HEAD = "| symbol | meaning | shape | declared in | used in |\n|---|---|---|---|---|"


def symbols(book: Contents) -> str:
    """Every symbol of every chapter's Symbols tables, with its place and the equations that hold it."""
    rows = []
    for whole in (whole for whole in book.assemblies if whole.chapter.number):
        labelled = (d for d in whole.chapter.displays if d.label)
        held = {d: {whole.chapter.row(d, symbol) for symbol in book.uses(whole, d).rows} for d in labelled}
        rows += [(row, _line(whole, row, held)) for table in whole.chapter.tables for row in table.rows]
    rows.sort(key=lambda pair: (_letter(pair[0].symbol).lower(), pair[0].symbol, pair[0].place))
    return "\n".join([HEAD, *(text for _, text in rows)])


def _line(whole: Assembly, row: Row, held: Mapping[Display, set[Row | None]]) -> str:
    used = " ".join(rf"\eqref{{{display.label}}}" for display in held if row in held[display])
    return f"| ${row.symbol}$ | {row.meaning} | {shape(row)} | {link(whole.chapter)} | {used} |"


def _letter(symbol: str) -> str:
    """The letter that a symbol is sorted by: the last name in a derivative, the letter below an accent."""
    plain = re.sub(r"\\(?:frac|partial|hat|bar|tilde|mathrm|mathbf|mathcal)(?![a-zA-Z])|[{}\s]", "", symbol)
    return plain.lstrip("\\")
