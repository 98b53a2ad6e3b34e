"""A page of anybody's with a table and displays, for the tests of what is said of them."""

from pathlib import Path

from nnlit.book.assembly import Assembly
from nnlit.book.checks.equations import PageCheck
from nnlit.book.checks.verdicts import Verdict
from nnlit.book.language import tex
from nnlit.book.language.unparse import write
from nnlit.book.mutation.judge import EquationJudge
from nnlit.book.mutation.verdicts import Equivalent, Unnoticed
from nnlit.book.mutation.wrong_equations import equation_mutants
from nnlit.book.report import checked
from nnlit.book.source.chapter import Display
from nnlit.book.source.place import Place

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


WANTED = {
    "+": {Verdict.TRUE, Verdict.DEFINED},
    "-": {Verdict.FALSE},
    "?": {Verdict.NOT_CHECKED, Verdict.NOT_READ, Verdict.CONDITIONAL},
}


def misjudged(folder: Path, rows: str, text: str) -> list[tuple[str, Verdict, str]]:
    """The displays of a text, one a line, of which something else is said than the sign before them says.

    `+` is right: it must be true, or define something. `-` has an error planted in it: it must be false. Of `?` nothing
    may be claimed.
    """
    lines = [line.strip() for line in text.strip().splitlines()]
    table = "\n".join(row.strip() for row in rows.strip().splitlines())
    found = judged(folder, *(line[2:] for line in lines), rows=table)
    return [(line, *one) for line, one in zip(lines, found, strict=True) if one[0] not in WANTED[line[0]]]


def read_again(whole: Assembly, display: Display) -> None:
    """Every claim of a display is written as it is read."""
    names = whole.analysis.part(display).scope.names
    for step in whole.analysis.equation(display).steps:
        text = f"{write(step.left)} {step.relation} {write(step.right)}"
        (again,) = tex.read(text, Place(display.place.path, 1), names).steps
        assert (again.left, again.right) == (step.left, step.right), text


def survivors(whole: Assembly, display: Display) -> tuple[set[str], set[str], set[str]]:
    """The wrong versions of a display that no check notices, those that mean the same, and all of them."""
    check = PageCheck(whole.analysis)
    judge = EquationJudge(check, display)
    found = {m.source: judge.verdict_on(m) for m in equation_mutants(check, display)}
    left, same = (
        {source for source, verdict in found.items() if isinstance(verdict, kind)} for kind in (Unnoticed, Equivalent)
    )
    return left, same, set(found)
