"""Everything that can be checked of a chapter: equations, tagged lines, and wrong versions of both."""

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nnlit.book.assembly import Assembly
from nnlit.book.checks.verdicts import How, Result
from nnlit.book.mutation import equations, ledger
from nnlit.book.mutation.code import Judge
from nnlit.book.mutation.ledger import Counts, Entry, Line
from nnlit.book.source.chapter import Display
from nnlit.book.source.marks import Checked, Unchecked, Wrong
from nnlit.book.source.place import BookError, Place
from nnlit.book.source.tags import Tag


@dataclass(frozen=True)
class Survivor:
    """A wrong version that no check rejects: of which label and where, what was changed, what it says then."""

    what: str
    label: str
    place: Place
    kind: str
    source: str
    equivalent: bool

    def __str__(self) -> str:
        return f"{self.place}: {self.label}: {self.kind}: {self.source}"


@dataclass
class Verified:
    """The outcome of one file."""

    path: Path
    failures: list[str] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)
    survivors: list[Survivor] = field(default_factory=list)
    displays: int = 0
    executed: int = 0
    lines: int = 0
    equations_tried: int = 0
    lines_tried: int = 0


class Work:
    """One Markdown file under verification."""

    def __init__(self, path: Path) -> None:
        self.whole, self.report = Assembly.of(path), Verified(path)
        self.page = self.whole.equations
        self.report.displays = len(self.whole.chapter.displays)
        self.hashes = ledger.digests(self.whole)

    def run(self) -> Verified:
        """Run the examples under the recorder, then check every display and what carries its label."""
        self.code = self.whole.recorded()
        for display in self.whole.chapter.displays:
            self._display(display)
        self.report.lines = len(self.whole.tags)
        return self.report

    def _display(self, display: Display) -> None:
        try:
            result = self.page.check(display)
            lines = tuple(self._line(display.label, tag) for tag in self.whole.lines(display.label))
        except BookError as error:
            self.report.failures.append(str(error))
            return
        self.report.executed += result.how != How.UNCHECKED
        counts = self._mutants(display, result) if isinstance(display.mark, Checked) else Counts()
        if display.label:
            how, exact = _words(display, result)
            self.report.entries[display.label] = Entry(self.hashes[display.label], how, exact, counts, lines)

    def _line(self, label: str, tag: Tag) -> Line:
        """Compare a tagged line; the wrong versions of a line with several labels are counted with the first."""
        assert self.code
        found = self.code.compare(self.page, label, tag)
        counts = self._line_mutants(label, tag) if label == tag.labels[0] else Counts()
        return Line(tag.function, ast.unparse(tag.statement), ledger.decade(found.error), counts)

    def _line_mutants(self, label: str, tag: Tag) -> Counts:
        assert self.code
        judge, made, rejected, same = Judge(self.code, self.page, tag), 0, 0, 0
        for mutant in judge.mutants():
            made += 1
            if judge.rejected(mutant):
                rejected += 1
                continue
            equivalent = judge.equivalent(mutant)
            same += equivalent
            self.report.survivors.append(Survivor("code", label, tag.place, mutant.kind, mutant.source, equivalent))
        self.report.lines_tried += made
        return Counts(made, {"code line": rejected}, same)

    def _mutants(self, display: Display, result: Result) -> Counts:
        """Try the wrong versions of an equation; a definition that can be changed unnoticed is a failure."""
        verdicts = self._verdicts(display, result)
        rejected = Counter(_by(verdict) for verdict in verdicts if verdict.startswith("rejected"))
        if result.how == How.DEFINITION and not set(rejected) - {"shape", "reading"}:
            text = f"{result.label}: nothing fails when this definition is changed, so it is not executed"
            self.report.failures.append(f"{display.place}: {text}")
        self.report.equations_tried += len(verdicts)
        return Counts(len(verdicts), dict(rejected), verdicts.count("equivalent"))

    def _verdicts(self, display: Display, result: Result) -> list[str]:
        """The verdict on every wrong version of an equation; the versions that no check rejects are reported."""
        fails = self.code.fails if self.whole.lines(display.label) and self.code else None
        verdicts = []
        for mutant in equations.equation_mutants(self.page, display):
            verdict = equations.judge(self.page, display, mutant, fails)
            verdicts.append(verdict)
            if not verdict.startswith("rejected"):
                same = verdict == "equivalent"
                survivor = Survivor("equation", result.label, display.place, mutant.kind, mutant.description, same)
                self.report.survivors.append(survivor)
        return verdicts


def _by(verdict: str) -> str:
    """Which check rejected, in the ledger's words."""
    by = verdict.removeprefix("rejected by ").removeprefix("the ")
    return "another equation" if " in " in by else by


def _words(display: Display, result: Result) -> tuple[str, str]:
    """How an equation was checked and how exactly, for the ledger."""
    if isinstance(display.mark, Unchecked):
        return f"unchecked: {display.mark.why}", ""
    if isinstance(display.mark, Wrong):
        fits = result.difference < float("inf")
        return result.how, f"off by {result.difference:.1e}" if fits else "its shapes do not fit"
    return result.how, ledger.decade(result.error)


def verify(path: Path) -> Verified:
    """Check one Markdown file; a file that cannot be read is a failure in its report."""
    try:
        return Work(path).run()
    except BookError as error:
        return Verified(path, failures=[str(error)])


LISTS = ("equation", "code", "unnoticed")
ALLOWED = 0.01  # at most this part of the wrong equations may go unnoticed, each with its reason


class Reviewed:
    """`docs/equivalent.toml`: why wrong versions survive, one reviewed reason for each.

    `[[equation]]` and `[[code]]` list what means the same as the right version, which the tool has found out itself.
    `[[unnoticed]]` lists wrong equations that no check can reject, such as a weaker bound in an inequality. An entry
    has a `reason` and a `label`, or a list of them, with a `mutant` (one version) or a `kind` (all of this kind there).
    A `kind` alone is a rule for all labels, such as the order of factors that are numbers.
    """

    def __init__(self, path: Path) -> None:
        self.path, self.used = path, set[int]()
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
            self.entries = [{"what": what, **one} for what in data for entry in data[what] for one in _each(entry)]
        except (tomllib.TOMLDecodeError, TypeError) as error:
            raise BookError(Place(path, 1), f"this list cannot be read: {error}") from error
        for entry in self.entries:
            if entry["what"] not in LISTS or not entry.get("reason") or not _sharp(entry):
                form = f"[[{']], [['.join(LISTS)}]] with label and mutant, or kind, and a reason"
                raise BookError(Place(path, 1), f"an entry is {form}; this one is {entry}")

    def reason(self, survivor: Survivor) -> str:
        """The reviewed reason; empty if there is none."""
        for k, entry in enumerate(self.entries):
            if _concerns(entry, survivor):
                self.used.add(k)
                return str(entry["reason"])
        return ""

    def unused(self) -> list[str]:
        """Entries that no version needs any more."""
        rest = [entry for k, entry in enumerate(self.entries) if k not in self.used]
        return [f"{self.path}: no longer needed: {_named(entry)}" for entry in rest]


def _each(entry: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """An entry for each of its labels; one without a label is itself."""
    labels = entry.get("label", [])
    yield from ({**entry, "label": label} for label in labels) if isinstance(labels, list) and labels else (entry,)


def _sharp(entry: Mapping[str, object]) -> bool:
    """Whether it is clear what an entry is about; a kind alone is not enough for what goes unnoticed."""
    if "kind" in entry and entry["what"] != "unnoticed":
        return True
    return "label" in entry and ("mutant" in entry or "kind" in entry)


def _named(entry: Mapping[str, object]) -> str:
    return ", ".join(f"{key} = {value!r}" for key, value in entry.items() if key not in ("what", "reason"))


def _concerns(entry: Mapping[str, object], survivor: Survivor) -> bool:
    """Only what means the same may be listed as that, and a wrong code line may not survive at all."""
    what = survivor.what if survivor.equivalent else "unnoticed"
    if entry["what"] != what or (what == "unnoticed" and survivor.what == "code"):
        return False
    same_label = entry.get("label", survivor.label) == survivor.label
    same_kind = entry.get("kind", survivor.kind) == survivor.kind
    return (
        same_label and same_kind and _squeezed(str(entry.get("mutant", survivor.source))) == _squeezed(survivor.source)
    )


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


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
    survivors = [s for r in reports for s in r.survivors if s.what == "equation"]
    same = sum(s.equivalent for s in survivors)
    return len(survivors) - same, sum(r.equations_tried for r in reports) - same
