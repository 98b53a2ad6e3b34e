"""The tables of recorded runs, `docs/NAME.json`."""

from collections.abc import Callable
from typing import Any

from nnlit.book.site.catalog import Contents
from nnlit.book.source import recordings
from nnlit.book.source.place import BookError, Place


def recorded(name: str, part: str = "") -> Callable[[Contents], str]:
    """The tables of a recorded run, `docs/NAME.json`: a sentence about it, then captions, heads and rows.

    With a part, the table of that name alone; the sentence stands above the first one of the run. Where the code has
    changed since, a warning stands above the sentence.
    """

    def page(book: Contents) -> str:
        path = book.docs / f"{name}.json"
        run = recordings.read(path)
        tables = [table for table in run["tables"] if part in ("", table.get("name"))]
        if not tables:
            raise BookError(Place(path, 1), f"the recorded run has no table {part}: record it again")
        above = _about(run, book) if tables[0] is run["tables"][0] else []
        return "\n\n".join([*above, *(text for table in tables for text in _table(table))])

    return page


def _about(run: dict[str, Any], book: Contents) -> list[str]:
    """The sentence about a recorded run, below a warning where the run is of earlier code."""
    late = recordings.outdated(run, book.docs.parent)
    notice = f'!!! warning "Recorded with earlier code"\n    These numbers were {late}.'
    return [notice, run["about"]] if late else [run["about"]]


def _table(table: dict[str, Any]) -> list[str]:
    """The caption of a recorded table and its Markdown."""
    marks = ["---:" if cell[:1].isdigit() else "---" for cell in table["rows"][0]]  # numbers to the right
    lines = [table["head"], marks, *table["rows"]]
    return [table["caption"], "\n".join(f"| {' | '.join(cells)} |" for cells in lines)]
