"""Everything that can be checked of a chapter: equations, tagged lines, and wrong versions of both."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from nnlit.book.assembly import Assembly
from nnlit.book.checks.verdicts import How, Result
from nnlit.book.evaluation.introduced import introduced
from nnlit.book.evaluation.noted import Introduced
from nnlit.book.evaluation.uses import uses_of
from nnlit.book.mutation import ledger
from nnlit.book.mutation.judge import EquationJudge, LineJudge
from nnlit.book.mutation.ledger import Entry, Line
from nnlit.book.mutation.reviewed import Reviewed
from nnlit.book.mutation.verdicts import Counts, Rejected, Subject, Survivor, Verdict
from nnlit.book.mutation.wrong_code import CodeMutant
from nnlit.book.mutation.wrong_equations import Mutant, equation_mutants
from nnlit.book.source.chapter import Display
from nnlit.book.source.flags import project_flags
from nnlit.book.source.marks import Checked, Unchecked, Wrong
from nnlit.book.source.place import BookError, Place
from nnlit.book.source.tags import Tag


@dataclass
class Verified:
    """The outcome of one file."""

    path: Path
    failures: list[str] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)
    digest: str = ""  # of the page, for the ledger
    introduced: tuple[tuple[Introduced, ...], ...] = ()  # by each of its displays, for the ledger
    survivors: list[Survivor] = field(default_factory=list)
    displays: int = 0
    executed: int = 0
    lines: int = 0
    equations_tried: int = 0
    lines_tried: int = 0


class Work:
    """One Markdown file under verification."""

    def __init__(self, path: Path) -> None:
        self.whole, self.report = Assembly.of(path, project_flags(path)), Verified(path)
        self.page = self.whole.equations
        self.report.displays = len(self.whole.chapter.displays)
        self.hashes = ledger.digests(self.whole)

    def run(self) -> Verified:
        """Run the examples under the recorder, then check every display and what carries its label."""
        self.code = self.whole.recorded()
        for place in self.whole.examples.failed if self.code else ():
            self.report.failures.append(f"{place}: this example fails: pytest says why")
        for display in self.whole.chapter.displays:
            self._display(display)
        self.report.lines = len(self.whole.tags)
        self.report.digest = ledger.page_digest(self.whole, self.hashes.values())
        self.report.introduced = tuple(introduced(self.whole.analysis, d) for d in self.whole.chapter.displays)
        return self.report

    def _display(self, display: Display) -> None:
        try:
            result = self.page.check(display)
            lines = tuple(self._line(display.label, tag) for tag in self.whole.lines(display.label))
        except BookError as error:
            self.report.failures.append(str(error))
            return
        self.report.executed += result.how is not How.UNCHECKED
        counts = self._mutants(display, result) if isinstance(display.mark, Checked) else Counts()
        if display.label:
            entry = _entry(self.hashes[display.label], display, result, counts, lines)
            uses = uses_of(self.whole.analysis, display)
            self.report.entries[display.label] = replace(entry, uses=uses)

    def _line(self, label: str, tag: Tag) -> Line:
        """Compare a tagged line; the wrong versions of a line with several labels are counted with the first."""
        assert self.code
        found = self.code.compare(self.page, label, tag)
        counts = self._line_mutants(label, tag) if label == tag.labels[0] else Counts()
        return Line(tag.function, ast.unparse(tag.statement), ledger.decade(found.error), counts)

    def _line_mutants(self, label: str, tag: Tag) -> Counts:
        """Try the wrong versions of a tagged line."""
        assert self.code
        judge = LineJudge(self.code, self.page, tag)
        verdicts = [self._told(m, label, tag.place, judge.verdict_on(m)) for m in judge.mutants()]
        self.report.lines_tried += len(verdicts)
        return Counts.of(verdicts)

    def _mutants(self, display: Display, result: Result) -> Counts:
        """Try the wrong versions of an equation; a definition that can be changed unnoticed is a failure."""
        fails = self.code.fails if self.whole.lines(display.label) and self.code else None
        judge, mutants = EquationJudge(self.page, display, fails), equation_mutants(self.page, display)
        verdicts = [self._told(m, result.label, display.place, judge.verdict_on(m)) for m in mutants]
        counts = Counts.of(verdicts)
        if result.how is How.DEFINITION and not counts.seen:
            text = f"{result.label}: nothing fails when this definition is changed, so it is not executed"
            self.report.failures.append(f"{display.place}: {text}")
        self.report.equations_tried += len(verdicts)
        return counts

    def _told(self, mutant: Mutant | CodeMutant, label: str, place: Place, verdict: Verdict) -> Verdict:
        """The verdict; a version that no check rejects is reported."""
        if not isinstance(verdict, Rejected):
            subject = Subject.EQUATION if isinstance(mutant, Mutant) else Subject.CODE
            self.report.survivors.append(Survivor(subject, label, place, mutant.kind, mutant.source, verdict))
        return verdict


def _entry(hashed: str, display: Display, result: Result, counts: Counts, lines: tuple[Line, ...]) -> Entry:
    """What the ledger keeps of an equation."""
    why = display.mark.why if isinstance(display.mark, Unchecked) else ""
    return Entry(hashed, result.how, _exactness(display, result), counts, lines, why)


def _exactness(display: Display, result: Result) -> str:
    """How exactly an equation is true, or how far off a wrong one is, as the ledger says it."""
    if isinstance(display.mark, Wrong):
        fits = result.difference < float("inf")
        return f"off by {result.difference:.1e}" if fits else "its shapes do not fit"
    return "" if isinstance(display.mark, Unchecked) else ledger.decade(result.error)


def verify(path: Path) -> Verified:
    """Check one Markdown file; a file that cannot be read is a failure in its report."""
    try:
        return Work(path).run()
    except BookError as error:
        return Verified(path, failures=[str(error)])


ALLOWED = 0.01  # at most this part of the wrong equations may go unnoticed, each with its reason


def complaints(report: Verified, reviewed: Reviewed) -> Iterator[str]:
    """What is wrong in a report: failures, and wrong versions that survive without a reviewed reason."""
    yield from report.failures
    same: dict[tuple[str, str], list[Survivor]] = {}
    for survivor in report.survivors:
        if reviewed.reason(survivor):
            continue
        if survivor.equivalent:
            same.setdefault((survivor.label, survivor.kind), []).append(survivor)
        else:
            yield f"{survivor}: no check rejects this"
    for versions in same.values():
        more = f" (and {len(versions) - 1} more)" if len(versions) > 1 else ""
        yield f"{versions[0]}{more}: means the same; the reason is missing in {reviewed.path.name}"


def unnoticed(reports: list[Verified]) -> tuple[int, int]:
    """How many wrong equations survive that do not mean the same, of how many."""
    survivors = [s for r in reports for s in r.survivors if s.subject is Subject.EQUATION]
    same = sum(s.equivalent for s in survivors)
    return len(survivors) - same, sum(r.equations_tried for r in reports) - same
