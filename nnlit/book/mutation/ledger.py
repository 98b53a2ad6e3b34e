"""The ledger: what was checked of every equation, and a hash of what that rests on.

`python -m nnlit.book verify` writes `docs/ledger.json`, which is committed. The site and a test read it and compare
the hashes: an equation that was changed since is stale, and has to be verified again. One hash at the head is that of
the machine itself, which all entries rest on. One for each page says whether any of its equations can have changed at
all: as long as it holds, the site is built without reading them.
"""

import json
import math
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nnlit.book.assembly import Assembly
from nnlit.book.checks.verdicts import How
from nnlit.book.evaluation.noted import Introduced, Uses
from nnlit.book.mutation.verdicts import Counts
from nnlit.book.source.chapter import Display, Row
from nnlit.book.source.digests import Definitions, code_digest, definitions, digest, form, helpers, imported
from nnlit.book.source.marks import Mark, Unchecked, Wrong
from nnlit.book.source.place import BookError, Place
from nnlit.book.source.tags import Tag

if TYPE_CHECKING:
    from nnlit.book.evaluation.analysis import Analysis  # a page that has not changed is not analysed

VERSION = 2
BOOK = Path(__file__).resolve().parents[1]
END = Row("", "", "", "", Place(BOOK, 0))  # between the tables, in the hash of a page
FINEST = 1e-13  # errors below are written as this, so that machines agree


@dataclass(frozen=True)
class Line:
    """A tagged line: the function it stands in, what it says, the error of its comparison, and its wrong versions."""

    function: str
    source: str
    error: str
    mutants: Counts


@dataclass(frozen=True)
class Entry:
    """What is known of one equation.

    Args:
        hash: of everything that the checks rest on.
        how: how the page check was done.
        error: the largest difference found, as a decade; empty for an unchecked equation.
        mutants: the wrong versions of the equation.
        lines: the tagged lines that carry its label.
        why: the reason why an unchecked equation is not executed.
        uses: what it has to do with the Symbols tables, for the pages that list them; None where it was not noted.
    """

    hash: str
    how: How
    error: str
    mutants: Counts = field(default_factory=Counts)
    lines: tuple[Line, ...] = ()
    why: str = ""
    uses: Uses | None = None


@dataclass(frozen=True)
class Ledger:
    """All entries by label, the hash of the machine that made them, and what tells that nothing has changed.

    As long as no file of the package has changed (`files`), the machine has not, and need not be read. The hash of a
    page is that of all that the hashes of its entries are computed from, and of these. Where it has not changed they
    have not, and the page's equations need not be read to know it: nor to know what each of its displays, in their
    order, defines (`introduced`), with a label or without.
    """

    machine: str = ""
    entries: Mapping[str, Entry] = field(default_factory=dict)
    pages: Mapping[str, str] = field(default_factory=dict)
    files: str = ""
    introduced: Mapping[str, tuple[tuple[Introduced, ...], ...]] = field(default_factory=dict)


NEW = Ledger()


@dataclass(frozen=True)
class Stale:
    """What a ledger no longer knows: whether the machine has changed, and labels whose equations have; false if none.

    As text it says what to do about it, in one line.
    """

    machine: bool
    labels: tuple[str, ...]

    def __bool__(self) -> bool:
        return self.machine or bool(self.labels)

    def __str__(self) -> str:
        more = f" and {len(self.labels) - 3} more" if len(self.labels) > 3 else ""
        parts = ["what checks the equations has changed"] if self.machine else []
        parts += [", ".join(self.labels[:3]) + more] if self.labels else []
        return f"not verified as it stands: {'; '.join(parts)}: run python -m nnlit.book verify"


def load(path: Path) -> Ledger:
    """Read a ledger. A missing file is an empty ledger, one that cannot be read a BookError."""
    if not path.exists():
        return NEW
    try:
        return _ledger(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        text = f"this ledger cannot be read ({error}): run python -m nnlit.book verify"
        raise BookError(Place(path, 1), text) from error


def _ledger(data: dict[str, Any]) -> Ledger:
    if data["version"] != VERSION:
        raise ValueError(f"version {data['version']}, not {VERSION}")
    entries = {label: _entry(values) for label, values in data["equations"].items()}
    pages = {str(k): str(v) for k, v in data.get("pages", {}).items()}
    names = {str(k): tuple(map(_introduced, v)) for k, v in data.get("introduced", {}).items()}
    return Ledger(str(data["machine"]), entries, pages, str(data.get("files", "")), names)


def _introduced(values: list[dict[str, Any]]) -> tuple[Introduced, ...]:
    return tuple(Introduced(**{**one, "arguments": tuple(one["arguments"])}) for one in values)


def _entry(values: dict[str, Any]) -> Entry:
    lines = tuple(Line(**{**line, "mutants": Counts(**line["mutants"])}) for line in values["lines"])
    known = {"how": How(values["how"]), "mutants": Counts(**values["mutants"]), "lines": lines}
    if values.get("uses"):
        known["uses"] = Uses(**{**values["uses"], "rows": tuple(values["uses"]["rows"])})
    return Entry(**{**values, **known})


def write(path: Path, ledger: Ledger) -> None:
    """Write a ledger; what stood there before is kept until the new one is complete."""
    equations = {label: asdict(entry) for label, entry in ledger.entries.items()}
    head = {"version": VERSION, "machine": ledger.machine, "files": ledger.files, "pages": dict(ledger.pages)}
    names = {page: [[asdict(one) for one in own] for own in found] for page, found in ledger.introduced.items()}
    data = {**head, "equations": equations, "introduced": names}
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(json.dumps(data, indent=1, ensure_ascii=False) + "\n")
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def decade(error: float) -> str:
    """The power of ten above an error: 3e-12 is `< 1e-11`; nothing is finer than 1e-13."""
    if not error < math.inf:
        return "infinite"
    return f"< 1e{max(math.floor(math.log10(max(error, 1e-300))) + 1, round(math.log10(FINEST)))}"


def machine(known: Ledger = NEW) -> str:
    """The present hash of what verifies: the modules that `verify` rests on; the site is not among them.

    Where no file has changed since a ledger was written, this ledger knows it.
    """
    if known.files and known.files == files():
        return known.machine
    return code_digest([BOOK / "mutation" / "verify.py"], [BOOK.parent])


def files() -> str:
    """The present hash of all modules of the package, letter by letter: it takes in more than that of the machine."""
    paths = sorted(BOOK.parent.rglob("*.py"))
    return digest(f"{path.relative_to(BOOK.parent).as_posix()}\n{path.read_text(encoding='utf-8')}" for path in paths)


def digests(whole: Assembly) -> dict[str, str]:
    """The present hash of every labelled equation of a chapter.

    It changes with the equation's TeX and mark, the equations that it rests on, their Symbols rows, the tagged lines
    that carry its label, and the functions that these lines call, in their module and in the modules that it imports.
    """
    known = definitions(imported([whole.module], [whole.module.parent])) if whole.module else {}
    labelled = [d for d in whole.chapter.displays if d.label]
    return {d.label: digest(_rests_on(whole.analysis, d) + _lines(whole.lines(d.label), known)) for d in labelled}


def page_digest(whole: Assembly, hashes: Iterable[str]) -> str:
    """The hash of all that the hashes of a page's equations are computed from by one machine, and of these.

    It takes in more than they do, and needs no equation to be read: every display with its mark and its tables, every
    row, the tags, and the code of the module and of all that it imports.
    """
    page = whole.chapter
    number = {table: str(k) for k, table in enumerate(page.tables)}
    rows = [f"{r.symbol} | {r.shape} | {r.code} | {r.meaning}" for table in page.tables for r in (*table.rows, END)]
    faults = [f.error.message for f in (*page.faults, *(f for table in page.tables for f in table.faults))]
    shown = [
        [d.label, d.tex, d.heading, type(d.mark).__name__, _marked(d.mark), *(number[t] for t in page.tables_of(d))]
        for d in page.displays
    ]
    tags = [[tag.function, *tag.labels, form(tag.statement)] for tag in whole.tags]
    code = code_digest([whole.module], [whole.module.parent]) if whole.module else ""
    words = ["\n".join(parts) for parts in (rows, faults, *shown, *tags)]
    return digest([page.stem, code, *words, *hashes])


def present(wholes: Iterable[Assembly], known: Ledger, machine: str) -> dict[str, str]:
    """The present hash of every labelled equation of some pages; for a page that has not changed, the ledger knows."""
    found = dict[str, str]()
    for whole in wholes:
        same = unchanged(whole, known, machine)
        found |= digests(whole) if same is None else same
    return found


def unchanged(whole: Assembly, known: Ledger, machine: str) -> dict[str, str] | None:
    """The hash of every labelled equation of a page, if the ledger knows that nothing of the page has changed."""
    labels = [d.label for d in whole.chapter.displays if d.label]
    entries = [known.entries[label].hash for label in labels if label in known.entries]
    same = len(entries) == len(labels) and known.machine == machine
    if same and known.pages.get(whole.chapter.path.name) == page_digest(whole, entries):
        return dict(zip(labels, entries, strict=True))
    return None


def _lines(lines: list[Tag], known: Definitions) -> list[str]:
    """Tagged lines as text, and what they call."""
    found = []
    for tag in lines:
        found += [f"{tag.function}: {', '.join(tag.labels)}", form(tag.statement), *helpers(tag.statement, known)]
    return found


def _rests_on(page: "Analysis", display: Display) -> list[str]:
    """The mark of an equation and the equations and rows that it and the right version of a wrong one rest on."""
    parts = [_marked(display.mark), *_equations(page, display)]
    if isinstance(display.mark, Wrong) and display.mark.of in page.by_label:
        parts += _equations(page, page.by_label[display.mark.of])
    return parts


def _marked(mark: Mark) -> str:
    """What an author says of an equation, as text."""
    if isinstance(mark, Wrong):
        return f"{mark.of}, {mark.source}, {mark.date}"
    return mark.why if isinstance(mark, Unchecked) else ""


def _equations(page: "Analysis", display: Display) -> list[str]:
    """All that an equation rests on, as text; of one that is not or cannot be read, its TeX."""
    if isinstance(display.mark, Unchecked):
        return [" ".join(display.tex.split())]
    try:
        return page.dependencies(display.label)
    except BookError:
        return [" ".join(display.tex.split())]


def pages(docs: Path) -> list[Path]:
    """The Markdown files of a book whose equations are checked."""
    return sorted(docs.rglob("*.md"))


def stale(docs: Path) -> Stale:
    """What the ledger of a folder, `ledger.json`, no longer knows: labels missing, out of date or no longer needed."""
    known = load(docs / "ledger.json")
    now = machine(known)
    return compared(known, present(map(Assembly.of, pages(docs)), known, now), now)


def compared(ledger: Ledger, hashes: Mapping[str, str], machine: str) -> Stale:
    """What a ledger does not know of the present hashes of equations and machine."""
    entries = ledger.entries
    changed = [label for label, now in hashes.items() if label not in entries or entries[label].hash != now]
    gone = [label for label in entries if label not in hashes]
    return Stale(ledger.machine != machine, (*changed, *gone))
