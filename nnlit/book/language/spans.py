"""Which characters of a file a word or an expression is made of, and an excerpt that underlines them."""

from dataclasses import dataclass
from pathlib import Path

from nnlit.book.source.place import BookError, Place

WIDEST = 100  # characters of a line that an excerpt shows


@dataclass(frozen=True)
class Span:
    """From a line and a column to a line and a column, both counted from one; `end` is the column behind."""

    line: int
    column: int
    last: int
    end: int

    def to(self, other: "Span") -> "Span":
        """From where this one begins to where another one ends."""
        return Span(self.line, self.column, other.last, other.end)


@dataclass(frozen=True)
class Source:
    """The TeX of a display or of a table's cell; `origins` are line and column in the file where its lines begin.

    Where columns of the file are not known, `exact` is false and a message names the line alone.
    """

    path: Path
    tex: str
    origins: tuple[tuple[int, int], ...]
    exact: bool = True

    @classmethod
    def at(cls, tex: str, place: Place, origins: tuple[tuple[int, int], ...] = ()) -> "Source":
        """TeX whose first line stands below a place, unless its origins are known."""
        below = tuple((place.line + 1 + k, 1) for k in range(tex.count("\n") + 1))
        return cls(place.path, tex, origins or below, exact=bool(origins))

    @classmethod
    def on(cls, tex: str, place: Place) -> "Source":
        """TeX that stands on the line of a place."""
        return cls(place.path, tex, tuple((place.line, 1) for _ in range(tex.count("\n") + 1)), exact=False)

    @property
    def lines(self) -> list[str]:
        """The lines of the TeX."""
        return self.tex.split("\n")

    @property
    def place(self) -> Place:
        """The first line."""
        return Place(self.path, self.origins[0][0])

    def error(self, span: Span | None, message: str) -> BookError:
        """An error at a span, with the excerpt; at the first line where there is none."""
        if span is None:
            return BookError(self.place, message)
        place = Place(self.path, span.line, span.column if self.exact else 0)
        return BookError(place, message, self.excerpt(span))

    def excerpt(self, span: Span) -> str:
        """The line of a span with its characters underlined; empty where it is not here."""
        found = [
            (text, column) for text, (line, column) in zip(self.lines, self.origins, strict=True) if line == span.line
        ]
        if not found or not found[0][0]:
            return ""
        text, first = found[0]
        start = span.column - first
        stop = span.end - first if span.last == span.line else len(text)
        left = max(0, min(start - WIDEST // 2, len(text) - WIDEST))
        shown = text[left : left + WIDEST]
        carets = "^" * max(1, min(stop - left, len(shown)) - (start - left))
        return f"    {shown}\n    {' ' * (start - left)}{carets}"
