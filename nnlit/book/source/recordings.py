"""Recorded runs: tables of measurements in `docs/NAME.json`, and what code they were measured with.

A recording says under "rests_on", for each of its rows or under "" for all of them, which modules were imported, with
their hashes. When one of these has changed since, the page that shows the table says so.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nnlit.book.source.digests import digest, imported, module_digest
from nnlit.book.source.place import BookError, Place


@dataclass(frozen=True)
class Outdated:
    """Which rows of a recording rest on code that has changed, and on which files; false if none does."""

    rows: tuple[str, ...]
    files: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.files)

    def __str__(self) -> str:
        more = f" and {len(self.files) - 3} more" if len(self.files) > 3 else ""
        rows = f"rows {', '.join(self.rows)}: " if any(self.rows) else ""
        return f"{rows}measured before {', '.join(self.files[:3])}{more} changed"


def rests_on(root: Path, script: Path, *others: Path) -> dict[str, str]:
    """The hashes of the library's modules that a script imports, directly or not, by their paths below `root`.

    The machine that checks the book takes no part in a measurement and is left out, and so is the script.

    Args:
        root: the folder of the project.
        script: what measures.
        others: files besides the library's that the measurement rests on.
    """
    package, kept = root / "nnlit", set(others)
    for file in imported([script, *others], [package]):
        if file.is_relative_to(package) and not file.is_relative_to(package / "book"):
            kept.add(file)
    return {file.relative_to(root).as_posix(): module_digest(file) for file in sorted(kept)}


def read(path: Path) -> dict[str, Any]:
    """A recording; BookError where there is none, or where it does not say what it rests on."""
    if not path.exists():
        raise BookError(Place(path, 1), f"there is no recorded run: [[{path.stem}]] needs it")
    run: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if not run.get("rests_on") or not all(run["rests_on"].values()):
        raise BookError(Place(path, 1), "this recording does not say what code it rests on: record it again")
    return run


def outdated(run: Mapping[str, Any], root: Path) -> Outdated:
    """What of a recording rests on code that is no longer as it was."""
    changed = {what: [name for name in files if files[name] != _now(root / name)] for what, files in _basis(run)}
    files = dict.fromkeys(name for names in changed.values() for name in names)
    return Outdated(tuple(what for what, names in changed.items() if names), tuple(files))


def _basis(run: Mapping[str, Any]) -> list[tuple[str, dict[str, str]]]:
    return list(run["rests_on"].items())


def _now(file: Path) -> str:
    return file_digest(file) if file.exists() else ""


def file_digest(file: Path) -> str:
    """The hash of a module without its words, or of the whole text of another file."""
    return module_digest(file) if file.suffix == ".py" else digest([file.read_text(encoding="utf-8")])
