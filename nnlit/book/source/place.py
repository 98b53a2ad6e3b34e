"""Where something stands, and the error that says so."""

from dataclasses import dataclass
from pathlib import Path


class BookError(ValueError):
    """Something an author wrote cannot be read or is not true; the message begins with file and line."""

    def __init__(self, place: "Place", message: str) -> None:
        super().__init__(f"{place}: {message}")
        self.place, self.message = place, message


@dataclass(frozen=True, order=True)
class Place:
    """A line of a file; prints as `docs/04-dense.md:57`, which editors and terminals can open."""

    path: Path
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"
