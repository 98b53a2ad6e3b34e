"""What the page check says of anybody's file, with no module of nnlit in it, as a value."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from nnlit.book.assembly import Assembly
from nnlit.book.checks.readings import Around
from nnlit.book.checks.verdicts import EquationError, Result, Verdict
from nnlit.book.drafts.said import said
from nnlit.book.language.tex import Names
from nnlit.book.source import documents
from nnlit.book.source.chapter import Chapter, Display
from nnlit.book.source.marks import Unchecked, Unread
from nnlit.book.source.place import BookError, Place, line_words


@dataclass(frozen=True)
class Judged:
    """One display and what is said of it.

    Attributes:
        place: where it begins.
        label: its label, or file and line.
        verdict: the word.
        said: the reason where it is not true: what is wrong, or why nothing can be said.
        excerpt: the author's words with the culprit underlined, if there is one.
        tex: the display's TeX.
        found: how it was checked, or the error.
        also: what is said of the other steps that are not true.
    """

    place: Place
    label: str
    verdict: Verdict
    said: str = ""
    excerpt: str = ""
    tex: str = ""
    found: Result | EquationError | None = None
    also: "tuple[Judged, ...]" = ()


@dataclass(frozen=True)
class Report:
    """What was found in a file; `str(report)` is the line that sums it up.

    Attributes:
        path: the file.
        judged: every displayed equation in order, also those that cannot be read, each with a `verdict`, its `place`,
            its `label` and what is `said` of it.
        faults: what is wrong with rows of Symbols tables, each once, with its place.
        guessed: the symbols whose rows come from a draft and that nobody has confirmed.
        spoken: of names without a value the formula of running text, which is not executed, that gives them one.
    """

    path: Path
    judged: tuple[Judged, ...]
    faults: tuple[BookError, ...] = ()
    guessed: tuple[str, ...] = ()
    spoken: Mapping[str, tuple[str, Place]] = field(default_factory=dict)

    def of(self, *verdicts: Verdict) -> list[Judged]:
        """The displays of which one of these is said."""
        return [one for one in self.judged if one.verdict in verdicts]

    @property
    def false(self) -> list[Judged]:
        """The displays that are not true."""
        return self.of(Verdict.FALSE)

    @property
    def undeclared(self) -> list[str]:
        """The names that have no value, in the order in which they are met."""
        errors = (one.found for one in self.judged if isinstance(one.found, EquationError))
        return list(dict.fromkeys(error.unknown for error in errors if error.unknown))

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many displays have each verdict."""
        counted = Counter(one.verdict for one in self.judged)
        return {verdict: counted[verdict] for verdict in Verdict}

    def __str__(self) -> str:
        lost = len(self.faults)
        return summary(self.counts) + (f"; {lost} row{'s' * (lost > 1)} of a table cannot be used" if lost else "")


def summary(counts: dict[Verdict, int]) -> str:
    """A line that adds up; a verdict that nothing has is left out, but for true and false."""
    shown = [v for v in Verdict if counts[v] or v in (Verdict.TRUE, Verdict.FALSE)]
    total = sum(counts.values())
    said = ", ".join(f"{counts[verdict]} {verdict}" for verdict in shown)
    return f"{total} display{'' if total == 1 else 's'}: {said}"


def checked(path: Path, text: str | None = None, around: Around = iter) -> Report:
    """Execute every displayed equation of a file.

    Args:
        path: the file; its ending says how it is read.
        text: its text, if it is not to be read from there.
        around: what the displays are handed through, such as a progress bar.

    Raises:
        BookError: the file is no text, or of no kind that is read.
        OSError: it cannot be opened.
    """
    return judged(documents.read(path, text), around)


def judged(chapter: Chapter, around: Around = iter) -> Report:
    """The same of a text that is read."""
    path, assembly = chapter.path, Assembly(chapter)
    found = assembly.verdicts(around)
    every = [said_of(chapter, display, result) for display, result in zip(chapter.displays, found, strict=True)]
    unread = [unread_as(chapter, one) for one in chapter.unread]
    ordered = sorted([*every, *unread], key=lambda one: (one.place.path != path, one.place.line))
    guessed = dict.fromkeys(row.symbol for table in chapter.tables for row in table.rows if row.is_guessed)
    report = Report(path, tuple(ordered), tuple(assembly.analysis.faults), tuple(guessed))
    if not report.undeclared:
        return report
    return replace(report, spoken=said(chapter, Names()).spoken(report.undeclared))


def _name(chapter: Chapter, place: Place) -> str:
    return f"{chapter.stem}, {line_words(place.line)}"


def unread_as(chapter: Chapter, one: Unread) -> Judged:
    """What is said of a display that has no form that is read."""
    return Judged(one.place, _name(chapter, one.place), Verdict.NOT_READ, one.why)


def said_of(chapter: Chapter, display: Display, result: Result | EquationError) -> Judged:
    """What is said of one display."""
    name = display.label or _name(chapter, display.place)
    if isinstance(result, Result):
        why = display.mark.why if isinstance(display.mark, Unchecked) else result.said
        return Judged(display.place, name, result.verdict, why, "", display.tex, result)
    label = result.label if display.label else name
    said = result.message.removeprefix(f"{result.label}: ").removeprefix("not checked, ")
    step = "" if display.label else result.label.removeprefix(name).removeprefix(", ")
    said = f"{step}: {said}" if step else said
    also = tuple(said_of(chapter, display, other) for other in result.also)
    return Judged(result.place, label, result.verdict, said, result.excerpt, display.tex, result, also)
