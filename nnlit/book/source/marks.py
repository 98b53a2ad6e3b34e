"""What an author says of a displayed equation: nothing, that it is meant to be wrong, or that it is not checked."""

import re
from dataclasses import dataclass

from nnlit.book.source.place import BookError, Place

MARK = re.compile(r"<!--\s*(unchecked|wrong):(.*?)-->", re.DOTALL)


@dataclass(frozen=True)
class Checked:
    """It is executed, as every displayed equation is of which nothing is said."""


@dataclass(frozen=True)
class Wrong:
    """`<!-- wrong: of, source, date -->`: it has to differ from the right one, whose label is `of`."""

    of: str
    source: str
    date: str
    place: Place


@dataclass(frozen=True)
class Unchecked:
    """`<!-- unchecked: why -->`: it is not executed."""

    why: str
    place: Place


@dataclass(frozen=True)
class Unread:
    """Mathematics that is not read; `why` says what stands in the way."""

    why: str
    place: Place


Mark = Checked | Wrong | Unchecked
CHECKED = Checked()


def mark_in(comment: str, place: Place) -> Mark:
    """The mark that a comment holds, which begins at a place; Checked where it holds none."""
    found = MARK.search(comment)
    if not found:
        return CHECKED
    text = " ".join(found[2].split())
    if found[1] == "wrong":
        return _wrong(text, place)
    if not text:
        raise BookError(place, "unchecked needs a reason: <!-- unchecked: why -->")
    return Unchecked(text, place)


def _wrong(text: str, place: Place) -> Wrong:
    """The mark of a wrong equation; commas within its source belong to the source."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) < 3 or not all(parts):
        raise BookError(place, "wrong needs three things: <!-- wrong: stem:name, source, date -->")
    return Wrong(parts[0], ", ".join(parts[1:-1]), parts[-1], place)
