"""A page of anybody's with a table and displays, for the tests of what is said of them."""

from pathlib import Path

from nnlit.book.checks.verdicts import Verdict
from nnlit.book.report import checked

HEADER = "| symbol | shape | code | meaning |\n|---|---|---|---|\n"


def page(folder: Path, *displays: str, rows: str) -> Path:
    """A file with the rows and the displays."""
    path = folder / "own.md"
    shown = "\n\n".join(f"$$\n{d}\n$$" for d in displays)
    path.write_text(f"# Own\n\n{HEADER}{rows.strip()}\n\n{shown}\n", encoding="utf-8")
    return path


def judged(folder: Path, *displays: str, rows: str) -> list[tuple[Verdict, str]]:
    """What is said of every display."""
    return [(one.verdict, one.said) for one in checked(page(folder, *displays, rows=rows)).judged]
