"""`nnlit check FILE...`: executes the displayed equations of anybody's text and says what is true of them."""

import json
import re
import signal
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import process_time
from types import FrameType
from typing import Any

from tqdm import tqdm

from nnlit.book.checks.verdicts import EquationError, How, Result, Verdict
from nnlit.book.drafts import draft
from nnlit.book.evaluation.values import OverdueError
from nnlit.book.explain import explained
from nnlit.book.report import Judged, Report, judged, summary
from nnlit.book.source import documents
from nnlit.book.source.chapter import Chapter, Display
from nnlit.book.source.formats import READERS
from nnlit.book.source.lines import MOST, plain
from nnlit.book.source.place import BookError, Place, line_fields, line_words

SECONDS = 10  # for one display
READING = 10  # seconds to read a file
A_SECOND = 50  # displays that may take one more before the first of them is executed
STANDARD_INPUT = Path("standard-input.md")
SKIPPED = {"node_modules", "site", "build", "dist", "__pycache__"}  # folders in which nobody looks for a text of theirs
TRUE, WRONG, USAGE, NOTHING = 0, 1, 2, 3  # exit statuses
NONE = (
    r"no displayed formula in it: one stands between $$ and $$ or \[ and \], in an environment such as align, "
    "or in a fence ```math; what stands in a line, between single dollars, is not executed"
)
STEP = re.compile(r"^step \d+: ")
BECAUSE = re.compile(r"(because of (?:cell \d+, )?line \d+): ")
OPEN = (Verdict.CONDITIONAL, Verdict.NOT_READ, Verdict.NOT_CHECKED)


def run(
    paths: list[str], *, strict: bool = False, quiet: bool = False, as_json: bool = False, nothing: bool = False
) -> int:
    """Check files, folders, or what comes from standard input (`-`, as Markdown), and say what was found.

    Returns:
        0 if something is true and nothing false; 1 if something is false; 2 if a file cannot be read; 3 if nothing
        was decided. With `strict` also 1 where something is conditional, not read or not checked; with `nothing` 0
        in place of 3.
    """
    reports, unreadable = list[Report](), False
    for path in _files(paths):
        try:
            reports.append(_checked(path))
        except (BookError, OSError) as error:
            unreadable = True
            sys.stderr.write(f"{error if isinstance(error, BookError) else f'{path}: {error.strerror or error}'}\n")
            continue
        if not reports[-1].judged and str(path) not in paths:
            reports.pop()  # a file of a folder that has no mathematics
        elif not as_json:
            _tell(reports[-1], quiet=quiet)
    counts = sum((Counter(report.counts) for report in reports), Counter[Verdict]())
    if as_json:
        print(json.dumps({"files": [_plain(report) for report in reports], "counts": _by_word(counts)}))
    elif len(reports) > 1:
        print(f"{len(reports)} files, {summary(counts)}")
    if not reports and not unreadable:
        sys.stderr.write(f"{', '.join(paths)}: no file with a displayed formula in it\n")
    is_open = any(counts[verdict] for verdict in OPEN) or any(report.faults for report in reports)
    status = USAGE if unreadable else _status(counts, strict=strict and is_open)
    return TRUE if nothing and status == NOTHING else status


def _status(counts: Counter[Verdict], *, strict: bool) -> int:
    if counts[Verdict.FALSE] or strict:
        return WRONG
    return TRUE if counts[Verdict.TRUE] else NOTHING


def init(path: str) -> int:
    """Print a Symbols table for the names of a file that nothing declares; 0, or 2 if the file cannot be read."""
    try:
        chapter = _read(Path(path))
        with _limited(chapter.path, READING + len(chapter.displays) / A_SECOND, "draft its table"):
            print(draft.table_of(chapter))
    except (BookError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return USAGE
    return TRUE


def explain(path: str, wanted: str) -> int:
    """Print how the display with a label, or at a line, is understood; 0, or 2 where there is none."""
    try:
        chapter = _read(Path(path))
        with _limited(chapter.path, READING + len(chapter.displays) / A_SECOND, "tell what its displays say"):
            found, lines = explained(chapter, wanted, _timed)
    except (BookError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return USAGE
    print("\n".join([*steps(found), *([""] if lines else []), *lines]))
    return TRUE


def _files(paths: list[str]) -> Iterator[Path]:
    """The files that are named, and those in folders that may hold displays; hidden folders are left out."""
    for path in map(Path, paths):
        if path.is_dir():
            inside = (p for p in sorted(path.rglob("*")) if p.suffix.lower() in READERS and p.is_file())
            yield from (p for p in inside if not _is_skipped(p.relative_to(path)))
        else:
            yield path


def _is_skipped(path: Path) -> bool:
    return any(part.startswith(".") or part in SKIPPED for part in path.parts[:-1])


def _read_input() -> str:
    return plain(STANDARD_INPUT, sys.stdin.buffer.read(MOST + 1))


def _read(path: Path) -> Chapter:
    """A file, or what comes from standard input, as long as that takes no longer than it may."""
    path, text = (STANDARD_INPUT, _read_input()) if str(path) == "-" else (path, None)
    with _limited(path, READING, "read it"):
        return documents.read(path, text)


def _checked(path: Path) -> Report:
    chapter = _read(path)
    with _limited(chapter.path, READING + len(chapter.displays) / A_SECOND, "tell what its displays say"):
        return judged(chapter, _timed)


# Time


def _overdue(number: int, frame: FrameType | None) -> None:
    ask = "display a part of it with a name of its own, or write smaller numbers"
    raise OverdueError(f"it takes more than {SECONDS} s: {ask}")


@contextmanager
def _limited(path: Path, seconds: float, what: str) -> Iterator[None]:
    """A stretch of work on a file that ends in an error if it takes too long, where the system has a clock.

    Displays have budgets of their own: from the first one on `_timed` sets the clock.
    """
    if not hasattr(signal, "setitimer"):
        yield
        return
    signal.signal(signal.SIGPROF, _overdue)
    signal.setitimer(signal.ITIMER_PROF, seconds, seconds)  # the processor's time: others may be at work beside it
    try:
        yield
    except OverdueError:
        raise BookError(Place(path, 1), f"it takes more than {seconds:.0f} s to {what}; split the file") from None
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _timed(displays: Iterable[Display]) -> Iterator[Display]:
    """The displays with a bar where somebody looks at it, each with its budget of time where the system has a clock.

    It is the processor's time, as that of reading is: a display that is in time here is in time on a busy machine.
    """
    bar, budget = tqdm(displays, disable=None, leave=False, delay=2, unit=" displays"), float(SECONDS)
    if not hasattr(signal, "setitimer"):
        yield from bar
        return
    signal.signal(signal.SIGPROF, _overdue)
    try:
        for display in bar:
            signal.setitimer(signal.ITIMER_PROF, budget, budget)
            start = process_time()
            yield display
            signal.setitimer(signal.ITIMER_PROF, 0)
            if process_time() - start >= 0.9 * budget:  # the alarm's clock goes by the system's ticks
                budget = max(budget / 2, 0.1)  # a file full of such displays ends as well
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


# Telling


def _tell(report: Report, *, quiet: bool) -> None:
    """What was found in one file, display by display, and the line that adds up."""
    for error in () if quiet else report.faults:
        print(f"{error.place}: not used: {error.message}\n{error.excerpt}".rstrip())
    for one in () if quiet else once(report.judged):
        print("\n".join(steps(one)))
    reasons = Counter(found[1] for one in report.judged if (found := BECAUSE.match(one.said)))
    for reason, count in () if quiet else reasons.items():
        if count > 1:
            print(f"{reason}, {count} displays are not checked")
    for one in report.false if quiet else ():
        print("\n".join(steps(one)))
    if not report.judged:
        print(f"{report.path}: {NONE}")
    if report.undeclared and not quiet:
        names = ", ".join(report.undeclared[:20])
        for tex, place in dict.fromkeys(report.spoken.values()):
            print(f"{place}: ${tex}$ stands in running text, which is not executed: display it")
        print(f"without a value: {names}; `nnlit check --init {report.path}` drafts their rows")
    if report.guessed and not quiet:
        many = f" and {len(report.guessed) - 20} more" if len(report.guessed) > 20 else ""
        names = ", ".join(report.guessed[:20]) + many
        print(f"guessed: {names}; what rests on these rows holds only if they are right, and is not called false")
    print(f"{report.path}: {report}")


def once(judged: Iterable[Judged]) -> Iterator[Judged]:
    """Displays of which the words that one and the same line is the reason for stand under the first alone."""
    told = set[str]()
    for one in judged:
        because = BECAUSE.match(one.said)
        if because and one.said in told:
            yield replace(one, said=f"{because[1]}, as above", excerpt="")
        else:
            told |= {one.said, f"because of {line_words(one.place.line)}: {one.said}"}
            yield one


def steps(one: Judged) -> list[str]:
    """One display; of a chain every step that is not true, in order."""
    every = sorted((one, *one.also), key=lambda step: step.place.line)
    told = {(step.place, STEP.sub("", step.said)): step for step in reversed(every)}  # of several the first
    return [line(step) for step in every if told[step.place, STEP.sub("", step.said)] is step]


def line(one: Judged) -> str:
    """One display: where, the word, what is said, and the culprit underlined."""
    said = f": {one.said}" if one.said else _how(one.found)
    excerpt = f"\n{one.excerpt}" if one.excerpt else ""
    label = "" if ", line " in one.label else f" {one.label}"
    return f"{one.place}: {one.verdict}{label}{said}{excerpt}"


def _how(found: Result | EquationError | None) -> str:
    """How a display was checked, in brackets, and what of it was not executed."""
    if not isinstance(found, Result):
        return ""
    how = "" if found.how is How.DEFINITION else f" ({found.how}, error {found.error:.1e})"
    return how + "".join(f"; not executed: {words}" for words in found.asides)


def _plain(report: Report) -> dict[str, Any]:
    """A report as JSON has it."""
    shown = [
        {
            "file": str(one.place.path),
            **line_fields(one.place.line),
            "column": one.place.column or None,
            "label": one.label,
            "verdict": str(one.verdict),
            "said": one.said,
            "not executed": one.found.asides if isinstance(one.found, Result) else (),
            "tex": one.tex,
            "also": [{**line_fields(other.place.line), "said": other.said} for other in one.also],
        }
        for one in report.judged
    ]
    counts = _by_word(Counter(report.counts))
    faults = [{**line_fields(e.place.line), "column": e.place.column or None, "said": e.message} for e in report.faults]
    spoken = {name: {**line_fields(place.line), "tex": tex} for name, (tex, place) in report.spoken.items()}
    found = {"undeclared": report.undeclared, "spoken": spoken, "guessed": report.guessed, "faults": faults}
    return {"file": str(report.path), "counts": counts, **found, "displays": shown}


def _by_word(counts: Counter[Verdict]) -> dict[str, int]:
    return {str(verdict): counts[verdict] for verdict in Verdict}
