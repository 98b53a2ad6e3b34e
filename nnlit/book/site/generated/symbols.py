"""The page of symbols: every row of the chapters' Symbols tables, and the equations that use it."""

import re
from collections.abc import Mapping

from nnlit.book.assembly import Assembly
from nnlit.book.site.catalog import Contents
from nnlit.book.site.generated.cells import link, shape
from nnlit.book.source.chapter import Chapter, Display, Row

ALL = ("symbol", "meaning", "shape", "in code", "declared in", "used in")


def symbols(book: Contents) -> str:
    """Every symbol of every chapter's Symbols tables, with its place and the equations that hold it."""
    rows = in_order(book)
    held = {whole: _held(book, whole) for whole in dict.fromkeys(whole for whole, _ in rows)}
    lines = [_line(whole, row, held[whole]) for whole, row in rows]
    return "\n".join([f"| {' | '.join(ALL)} |", "|---" * len(ALL) + "|", *lines])


def in_order(book: Contents) -> list[tuple[Assembly, Row]]:
    """The rows of all chapters' tables, by their letters."""
    rows = [(whole, row) for whole in book.assemblies if whole.chapter.number for row in _rows(whole.chapter)]
    return sorted(rows, key=lambda pair: (_letter(pair[1].symbol).lower(), pair[1].symbol, pair[1].place))


def _held(book: Contents, whole: Assembly) -> dict[Display, set[Row | None]]:
    """The rows that every labelled equation of a chapter uses."""
    labelled = (d for d in whole.chapter.displays if d.label)
    return {d: {whole.chapter.row(d, symbol) for symbol in book.uses(whole, d).rows} for d in labelled}


def _rows(chapter: Chapter) -> list[Row]:
    return [row for table in chapter.tables for row in table.rows]


def _line(whole: Assembly, row: Row, held: Mapping[Display, set[Row | None]]) -> str:
    """A symbol, with those that share its row behind it."""
    used = " ".join(rf"\eqref{{{display.label}}}" for display in held if row in held[display])
    shared = [other.symbol for other in _rows(whole.chapter) if other.place == row.place and other != row]
    names = ", ".join(f"${symbol}$" for symbol in [row.symbol, *shared])
    code = f"`{row.code}`" if row.code else ""
    return f"| {names} | {row.meaning} | {shape(row)} | {code} | {link(whole.chapter)} | {used} |"


def _letter(symbol: str) -> str:
    """The letter that a symbol is sorted by: the last name in a derivative, the letter below an accent."""
    plain = re.sub(r"\\(?:frac|partial|hat|bar|tilde|mathrm|mathbf|mathcal)(?![a-zA-Z])|[{}\s]", "", symbol)
    return plain.lstrip("\\")
