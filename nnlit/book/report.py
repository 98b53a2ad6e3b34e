"""What the page check says of one file, with no module of nnlit in it: as a value, and printed by `check FILE.md`."""

import sys
from dataclasses import dataclass
from pathlib import Path

from nnlit.book.assembly import Assembly
from nnlit.book.checks.verdicts import EquationError, How, Result
from nnlit.book.source.chapter import Display
from nnlit.book.source.marks import Unread
from nnlit.book.source.place import BookError, Place


@dataclass(frozen=True)
class Report:
    """What was found in a file; `str(report)` is the line that sums it up.

    Attributes:
        path: the file.
        displays: its displayed equations, in order; each has a `label` (empty where its author gave none), `tex`, a
            `place` and a `mark`.
        verdicts: one for each of them. A `Result` says `how` it was checked, in how many `steps`, and the largest
            relative `error`; an `EquationError`, which is an exception that was not raised, says what is wrong.
        unread: mathematics in a form that is not read, each with `why` and `place`.
    """

    path: Path
    displays: tuple[Display, ...]
    verdicts: tuple[Result | EquationError, ...]
    unread: tuple[Unread, ...]

    @property
    def errors(self) -> list[EquationError]:
        """The verdicts on what is not true, or could not be evaluated or resolved."""
        return [verdict for verdict in self.verdicts if isinstance(verdict, EquationError)]

    @property
    def unchecked(self) -> list[Result]:
        """The verdicts on what its author marked as not to be executed."""
        return [v for v in self.verdicts if isinstance(v, Result) and v.how is How.UNCHECKED]

    def __str__(self) -> str:
        failed, unchecked = len(self.errors), len(self.unchecked)
        rest = f", {unchecked} unchecked" if unchecked else ""
        more = f"; {len(self.unread)} more not read" if self.unread else ""
        true = len(self.verdicts) - failed - unchecked
        return f"{true} of {len(self.verdicts)} displayed equations true, {failed} failed{rest}{more}"


def checked(path: Path) -> Report:
    """Execute every displayed equation of a Markdown file; what is raised is said at `nnlit.book.check`."""
    try:
        whole = Assembly.of(path)
    except UnicodeDecodeError as error:
        raise BookError(Place(path, 1), f"the file is not UTF-8 text: {error}") from error
    chapter = whole.chapter
    if not chapter.displays and not chapter.unread:
        raise BookError(Place(path, 1), "no displayed equation: one stands between two lines that hold $$ alone")
    return Report(path, chapter.displays, tuple(whole.verdicts), chapter.unread)


def check_file(path: str | Path) -> int:
    """Check a file, print what was found, and return the exit status.

    The status is 0 where every equation is true, 1 where one is not, or cannot be read, or the file has none.
    A display in a form that is not read is named and counted, and makes the status 1: it may be false.
    """
    try:
        report = checked(Path(path))
    except BookError as error:
        return _fail(str(error))
    except OSError as error:
        return _fail(f"{path}: {error.strerror or error}")
    for verdict in report.verdicts:
        print(line(verdict), file=sys.stderr if isinstance(verdict, EquationError) else sys.stdout)
    for display in report.unread:
        print(f"{display.place}: not read: {display.why}; write it between two lines $$", file=sys.stderr)
    print(report)
    return int(bool(report.unread or report.errors))


def _fail(message: str) -> int:
    print(message, file=sys.stderr)
    return 1


def line(verdict: Result | EquationError) -> str:
    """One display in one line: what was found, or what is wrong with file and line."""
    if isinstance(verdict, EquationError):
        return str(verdict)
    if verdict.how is How.UNCHECKED:
        return f"unchecked  {verdict.label}"
    if verdict.how is How.WRONG:
        return f"wrong, as it should be  {verdict.label}  (differs by {verdict.difference:.2g})"
    return f"ok  {verdict.label}  ({verdict.how}, error {verdict.error:.1e})"
