"""The ledger: what was checked of every equation, and a hash of what that rests on.

`python -m nnlit.book verify` writes `docs/ledger.json`, which is committed. The site and a test read it and compare
the hashes: an equation that was changed since is stale, and has to be verified again.
"""

import hashlib
import json
import math
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from nnlit.book.checks import code
from nnlit.book.checks.equations import Page
from nnlit.book.source import chapter, tags
from nnlit.book.source.chapter import Chapter, Display
from nnlit.book.source.place import BookError, Place
from nnlit.book.source.tags import Tag

VERSION = 1
FINEST = 1e-13  # errors below are written as this, so that machines agree


@dataclass(frozen=True)
class Counts:
    """Wrong versions: how many were made, which check rejected how many, how many mean the same as the right one."""

    made: int = 0
    rejected: Mapping[str, int] = field(default_factory=dict)
    equivalent: int = 0


@dataclass(frozen=True)
class Line:
    """A tagged line: the function it stands in, its source, the error of its comparison, and its wrong versions."""

    function: str
    source: str
    error: str
    mutants: Counts


@dataclass(frozen=True)
class Entry:
    """What is known of one equation.

    Args:
        hash: of everything that the checks rest on.
        how: how the page check was done, "unchecked: why", or "wrong: source, date".
        error: the largest difference found, as a decade; empty for an unchecked equation.
        mutants: the wrong versions of the equation.
        lines: the tagged lines that carry its label.
    """

    hash: str
    how: str
    error: str
    mutants: Counts = field(default_factory=Counts)
    lines: tuple[Line, ...] = ()


def load(path: Path) -> dict[str, Entry]:
    """Read a ledger: an entry per label. A missing file is an empty ledger, one that cannot be read a BookError."""
    if not path.exists():
        return {}
    try:
        return _entries(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        text = f"this ledger cannot be read ({error}): run python -m nnlit.book verify"
        raise BookError(Place(path, 1), text) from error


def _entries(data: dict[str, Any]) -> dict[str, Entry]:
    if data["version"] != VERSION:
        raise ValueError(f"version {data['version']}, not {VERSION}")
    return {label: _entry(values) for label, values in data["equations"].items()}


def _entry(values: dict[str, Any]) -> Entry:
    lines = tuple(Line(**{**line, "mutants": Counts(**line["mutants"])}) for line in values["lines"])
    return Entry(**{**values, "mutants": Counts(**values["mutants"]), "lines": lines})


def write(path: Path, entries: Mapping[str, Entry]) -> None:
    """Write a ledger; what stood there before is kept until the new one is complete."""
    data = {"version": VERSION, "equations": {label: asdict(entry) for label, entry in entries.items()}}
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


def digest(page: Page, display: Display, lines: list[Tag]) -> str:
    """The hash of an equation: its TeX and mark, the equations it rests on, their Symbols rows, its tagged lines."""
    parts = [display.mark.text if display.mark else "", *_rests_on(page, display)]
    if display.mark and display.mark.of in page.by_label:
        parts += _rests_on(page, page.display(display.mark.of))
    parts += [f"{tag.function}: {tag.source}" for tag in lines if display.label in tag.labels]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def _rests_on(page: Page, display: Display) -> list[str]:
    """All that an equation rests on, as text; of one that is not or cannot be read, its TeX."""
    if display.mark and display.mark.kind == "unchecked":
        return [" ".join(display.tex.split())]
    try:
        return page.dependencies(display.label)
    except BookError:
        return [" ".join(display.tex.split())]


def digests(read: Chapter) -> dict[str, str]:
    """The present hash of every labelled equation of a chapter."""
    path = code.module_path(read.path)
    lines, page = tags.read(path) if path else [], Page(read)
    return {d.label: digest(page, d, lines) for d in read.displays if d.label}


def pages(docs: Path) -> list[Path]:
    """The Markdown files of a book whose equations are checked."""
    return sorted(docs.rglob("*.md"))


def stale(docs: Path, path: Path | None = None) -> list[str]:
    """The labels whose entries are missing, out of date or no longer needed; empty if the ledger is up to date.

    Args:
        docs: the folder of the Markdown files.
        path: the ledger, `docs/ledger.json` if it is not given.
    """
    entries = load(path or docs / "ledger.json")
    present = {label: h for page in pages(docs) for label, h in digests(chapter.read(page)).items()}
    changed = [label for label, now in present.items() if label not in entries or entries[label].hash != now]
    return changed + [label for label in entries if label not in present]


def advice(changed: list[str]) -> str:
    """What to do about stale labels, in one line."""
    names = ", ".join(changed[:3]) + (f" and {len(changed) - 3} more" if len(changed) > 3 else "")
    return f"not verified as it stands: {names}: run python -m nnlit.book verify"
