"""`python -m nnlit.book check FILE.md`: the page check for any Markdown file, with no module of nnlit in it."""

import sys
from collections.abc import Sequence
from pathlib import Path

from nnlit.book.assembly import Assembly
from nnlit.book.checks.verdicts import EquationError, How, Result
from nnlit.book.source.marks import Unread
from nnlit.book.source.place import BookError


def check_file(path: str | Path) -> int:
    """Execute every displayed equation of a Markdown file, print what was found, and return the exit status.

    The status is 0 where every equation is true, 1 where one is not, or cannot be read, or the file has none.
    A display in a form that is not read is named and counted, and makes the status 1: it may be false.
    """
    try:
        whole = Assembly.of(Path(path))
        found, unread = whole.equations.check_all(), whole.chapter.unread
    except BookError as error:
        return _fail(str(error))
    except OSError as error:
        return _fail(f"{path}: {error.strerror or error}")
    except UnicodeDecodeError:
        return _fail(f"{path}: the file is not UTF-8 text")
    if not found and not unread:
        return _fail(f"{path}: no displayed equation: one stands between two lines that hold $$ alone")
    return _told(found, unread)


def _fail(message: str) -> int:
    print(message, file=sys.stderr)
    return 1


def _told(found: list[Result | EquationError], unread: Sequence[Unread]) -> int:
    """Print what was found, display by display; 1 where one is not true, or was not read."""
    for result in found:
        print(line(result), file=sys.stderr if isinstance(result, EquationError) else sys.stdout)
    for display in unread:
        print(f"{display.place}: not read: {display.why}; write it between two lines $$", file=sys.stderr)
    print(summary(found) + (f"; {len(unread)} more not read" if unread else ""))
    return int(bool(unread) or any(isinstance(result, EquationError) for result in found))


def line(result: Result | EquationError) -> str:
    """One display in one line: what was found, or what is wrong with file and line."""
    if isinstance(result, EquationError):
        return str(result)
    if result.how is How.UNCHECKED:
        return f"unchecked  {result.label}"
    if result.how is How.WRONG:
        return f"wrong, as it should be  {result.label}  (differs by {result.difference:.2g})"
    return f"ok  {result.label}  ({result.how}, error {result.error:.1e})"


def summary(found: list[Result | EquationError]) -> str:
    """How many displays are as they should be, and how many are not."""
    failed = sum(isinstance(result, EquationError) for result in found)
    unchecked = sum(isinstance(result, Result) and result.how is How.UNCHECKED for result in found)
    rest = f", {unchecked} unchecked" if unchecked else ""
    return f"{len(found) - failed - unchecked} of {len(found)} displayed equations true, {failed} failed{rest}"
