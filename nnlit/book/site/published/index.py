"""The index of the search: equations by their labels and symbols by their meaning, which stand in no text of a page."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from nnlit.book.site import katex
from nnlit.book.site.catalog import Contents, anchor
from nnlit.book.site.generated.symbols import in_order
from nnlit.book.site.meanings import pieces

Entry = dict[str, str]
SPOKEN = re.compile(r"<math.*?</math>", re.DOTALL)
UNREAD = re.compile(r"<annotation.*?</annotation>|<[^>]*>", re.DOTALL)


def add_entries(site: Path, book: Contents) -> None:
    """Let the search of a built site find labels and symbols; what it finds already stays.

    Args:
        site: the folder of the site.
        book: knows both.
    """
    path = site / "search" / "search_index.json"
    if not path.exists():
        return
    index = json.loads(path.read_text(encoding="utf-8"))
    there = {entry["location"] for entry in index["docs"]}
    new = [entry for entry in (*equations(book), *symbols(book)) if entry["location"] not in there]
    pages = {entry["location"].partition("#")[0] for entry in index["docs"]}
    index["docs"] += [entry for entry in new if entry["location"].partition("#")[0] in pages]
    path.write_text(json.dumps(index, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def equations(book: Contents) -> Iterator[Entry]:
    """Every label, with its number, its section and the lines of code that carry it."""
    for label, display in book.displays.items():
        lines = "; ".join(f"{tag.source.partition('#')[0].strip()} ({tag.place})" for tag in book.tags.get(label, ()))
        location = f"{display.place.path.stem}/#{anchor(label)}"
        yield {"location": location, "title": f"{label} ({display.number})", "text": f"{display.heading}. {lines}"}


def symbols(book: Contents) -> Iterator[Entry]:
    """Every row of the page of symbols."""
    rows = in_order(book)
    katex.prepare((row.symbol, False) for _, row in rows)
    for k, (whole, row) in enumerate(rows):
        meaning = "".join(value for _, value in pieces(row.meaning))
        text = f"{whole.chapter.title}; {row.code}" if row.code else whole.chapter.title
        yield {"location": f"symbols/#symbol-{k}", "title": f"{_letters(row.symbol)}: {meaning}", "text": text}


def _letters(tex: str) -> str:
    """A symbol as text."""
    found = SPOKEN.search(katex.render(tex))
    return UNREAD.sub("", found[0]) if found else tex
