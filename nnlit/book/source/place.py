"""Where something stands, and the error that says so."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self


class BookError(ValueError):
    """Something an author wrote cannot be read or is not true; the message begins with file and line.

    `excerpt` are the author's words with the culprit underlined, on lines of their own.
    """

    def __init__(self, place: "Place", message: str, excerpt: str = "") -> None:
        super().__init__(f"{place}: {message}" + (f"\n{excerpt}" if excerpt else ""))
        self.place, self.message, self.excerpt = place, message, excerpt


class NoClaimError(BookError):
    """A display that is read but claims nothing: a name or an expression that the text speaks of, or where it lies."""


class CellLine(int):
    """A line of a notebook's text: its number among the lines of all cells, which knows its cell and its line there.

    Cells are counted from 1, those with code too, as the usual linters of notebooks count them; prints as
    `cell 7:3`.
    """

    cell: int
    within: int

    def __new__(cls, number: int, cell: int, within: int) -> Self:
        """The line with a number among all, and with another one in its cell."""
        made = super().__new__(cls, number)
        made.cell, made.within = cell, within
        return made

    def __getnewargs__(self) -> tuple[int, int, int]:  # type: ignore[override]
        """What a copy of it is made of."""
        return int(self), self.cell, self.within

    def __add__(self, lines: int) -> "CellLine":
        """A line below it."""
        return CellLine(int(self) + lines, self.cell, self.within + lines)

    def __str__(self) -> str:
        return f"cell {self.cell}:{self.within}"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


def line_words(line: int) -> str:
    """A line in a sentence: `line 12`, or `cell 7, line 3` in a notebook."""
    return f"cell {line.cell}, line {line.within}" if isinstance(line, CellLine) else f"line {line}"


def line_fields(line: int) -> dict[str, int | None]:
    """A line as JSON has it: the cell, in a notebook, and the line."""
    if isinstance(line, CellLine):
        return {"cell": line.cell, "line": line.within}
    return {"cell": None, "line": line}


@dataclass(frozen=True, order=True)
class Place:
    """A line of a file, and a column where it is known; prints as `docs/04-dense.md:57:3`, which editors can open.

    In a notebook it prints as `own.ipynb:cell 7:3:1`.

    Where no column is known, `order` tells apart what begins in one line.
    """

    path: Path
    line: int
    column: int = 0
    order: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" + (f":{self.column}" if self.column else "")
