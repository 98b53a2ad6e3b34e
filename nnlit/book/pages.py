"""Pages that are made from the chapters: ledger, errata, symbols, formulas, exercises."""

from collections.abc import Callable

from nnlit.book.contents import Contents

PAGES: dict[str, Callable[[Contents], str]] = {}
