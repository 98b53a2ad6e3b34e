"""Where something stands, and the error that says so."""

from dataclasses import dataclass
from pathlib import Path


class BookError(ValueError):
    """Something an author wrote cannot be read or is not true; the message begins with file and line.

    `excerpt` are the author's words with the culprit underlined, on lines of their own.
    """

    def __init__(self, place: "Place", message: str, excerpt: str = "") -> None:
        super().__init__(f"{place}: {message}" + (f"\n{excerpt}" if excerpt else ""))
        self.place, self.message, self.excerpt = place, message, excerpt


class NoClaimError(BookError):
    """A display that is read but claims nothing: a name or an expression that the text speaks of, or where it lies."""


@dataclass(frozen=True, order=True)
class Place:
    """A line of a file, and a column where it is known; prints as `docs/04-dense.md:57:3`, which editors can open.

    Where no column is known, `order` tells apart what begins in one line.
    """

    path: Path
    line: int
    column: int = 0
    order: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" + (f":{self.column}" if self.column else "")
