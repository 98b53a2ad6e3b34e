"""`docs/equivalent.toml`: the reasons, reviewed one by one, why some wrong versions survive."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from nnlit.book.mutation.verdicts import Subject, Survivor
from nnlit.book.source.place import BookError, Place

UNNOTICED = "unnoticed"
LISTS = (*Subject, UNNOTICED)


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
    if "kind" in entry and entry["what"] != UNNOTICED:
        return True
    return "label" in entry and ("mutant" in entry or "kind" in entry)


def _named(entry: Mapping[str, object]) -> str:
    return ", ".join(f"{key} = {value!r}" for key, value in entry.items() if key not in ("what", "reason"))


def _concerns(entry: Mapping[str, object], survivor: Survivor) -> bool:
    """Only what means the same may be listed as that, and a wrong code line may not survive at all."""
    what = survivor.subject if survivor.equivalent else UNNOTICED
    if entry["what"] != what or (what == UNNOTICED and survivor.subject is Subject.CODE):
        return False
    same_label = entry.get("label", survivor.label) == survivor.label
    same_kind = entry.get("kind", survivor.kind) == survivor.kind
    return (
        same_label and same_kind and _squeezed(str(entry.get("mutant", survivor.source))) == _squeezed(survivor.source)
    )


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
