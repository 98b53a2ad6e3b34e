"""Recorded runs: tables of measurements in `docs/NAME.json`, and what code they were measured with.

A recording says under "rests_on", for each of its rows or under "" for all of them, which modules had been imported
when the run ended, with their hashes. When one of these has changed since, the page that shows the table says so.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nnlit.book.source.digests import module_digest
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


def rests_on(root: Path, *others: str) -> dict[str, str]:
    """The hashes of the library's modules that this process has imported, by their paths below `root`.

    The machine that checks the book takes no part in a measurement and is left out.

    Args:
        root: the folder of the project.
        others: modules besides those of nnlit that a measurement rests on, by name.
    """
    names = [name for name in sys.modules if name.startswith("nnlit.") and not name.startswith("nnlit.book")]
    files = [Path(str(sys.modules[name].__file__)).resolve() for name in sorted([*names, *others])]
    return {file.relative_to(root.resolve()).as_posix(): module_digest(file) for file in files}


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
    return module_digest(file) if file.exists() else ""
