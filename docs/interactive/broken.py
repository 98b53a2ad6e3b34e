r"""Break equations of the book and record what its checks say: `python docs/interactive/broken.py` writes broken.json.

Which equations, and which versions of them, stands in broken.toml. Each version is put into the text of its chapter in
place of the right one; then the page check and the code check run as they do in pytest. The record keeps the hash of
what each equation rests on, the one of the ledger, so that a test can tell when it has to be made anew.
"""

import json
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from nnlit.book.assembly import Assembly
from nnlit.book.checks.code import CodeCheck, replay
from nnlit.book.checks.comparison import verdict
from nnlit.book.checks.equations import PageCheck
from nnlit.book.checks.sides import Difference, arrays, side_value
from nnlit.book.checks.verdicts import EquationError, Result
from nnlit.book.evaluation.sampling import sizes
from nnlit.book.mutation import ledger
from nnlit.book.source.chapter import Display, parse
from nnlit.book.source.flags import project_flags
from nnlit.book.source.marks import Checked
from nnlit.book.source.place import BookError

HERE = Path(__file__).resolve().parent
DOCS = HERE.parent
WANTED, RECORD = HERE / "broken.toml", HERE / "broken.json"
Array = np.ndarray[Any, Any]


def wanted() -> dict[str, dict[str, Any]]:
    """The equations by label, each with a name and versions: what was done, and the right side."""
    return tomllib.loads(WANTED.read_text(encoding="utf-8"))


def chapter_of(label: str) -> Path:
    """The chapter that an equation stands in."""
    return next(DOCS.glob(f"[0-9]*-{label.partition(':')[0]}.md"))


def record(labels: list[str], *, code: bool = True) -> dict[str, dict[str, Any]]:
    """What the checks say of every version of these equations.

    Args:
        labels: the equations.
        code: run the chapters' examples as well and compare the code lines, which takes most of the time.
    """
    found: dict[str, dict[str, Any]] = {}
    for path in dict.fromkeys(map(chapter_of, labels)):
        whole = Assembly.of(path, project_flags(path))
        here, hashes = [label for label in labels if chapter_of(label) == path], ledger.digests(whole)
        lines = _recorded(whole, here) if code else None
        for label in here:
            found[label] = {"hash": hashes[label], **_equation(whole, lines, label)}
    return {label: found[label] for label in labels}


def _recorded(whole: Assembly, labels: list[str]) -> CodeCheck | None:
    """The code check of a chapter, once its examples have called every line that carries one of these labels."""
    lines, k = whole.code, 0
    tags = [tag for tag in lines.tags if set(labels) & set(tag.labels)] if lines else []
    while lines and not all(lines.recorder.calls[lines.tags.index(tag)] for tag in tags):
        if k == len(whole.examples.all):
            lines.run_docstrings(whole.flags)
            break
        whole.examples.run(k)
        k += 1
    return lines if tags else None


def _equation(whole: Assembly, lines: CodeCheck | None, label: str) -> dict[str, Any]:
    """An equation as it stands, and its versions."""
    display, told = whole.analysis.by_label[label], wanted()[label]
    left = display.tex.partition(" = ")[0]
    used = sizes(whole.equations.data.world(display, whole.equations.seed))
    versions = [
        {"what": what, "tex": f"{left} = {right}", **_version(whole, lines, display, f"{left} = {right}")}
        for what, right in told["versions"]
    ]
    return {"name": told["name"], "tex": display.tex, "sizes": dict(used), "versions": versions}


def _version(whole: Assembly, lines: CodeCheck | None, display: Display, tex: str) -> dict[str, Any]:
    """What the page check and the code check say when a display has another text."""
    text = "\n".join(whole.chapter.markdown.lines)
    old = f"{display.tex}\n\\label{{{display.label}}}"
    if text.count(old) != 1:
        raise BookError(display.place, f"{display.label}: its text does not stand there once as it was read")
    changed = Assembly(parse(whole.chapter.path, text.replace(old, f"{tex}\n\\label{{{display.label}}}")))
    page, now = changed.equations, changed.analysis.by_label[display.label]
    said = page.outcome(now)
    found: dict[str, Any] = {"page": _said(said)}
    if isinstance(said, EquationError):
        found |= {"excerpt": said.excerpt, **_sides(page, now)}
    elif elsewhere := list(_elsewhere(whole, page, display)):
        found["elsewhere"] = elsewhere
    if lines and (compared := _compared(lines, page, display.label)):
        found["code"] = compared
    return found


def _said(outcome: Result | EquationError) -> str:
    """The message of the page check without the label; empty where it has nothing to say against it."""
    return outcome.message.partition(": ")[2] if isinstance(outcome, EquationError) else ""


def _sides(page: PageCheck, display: Display) -> dict[str, Any]:
    """Where both sides have one shape, the entry in which they differ most, and both values."""
    step, world = page.analysis.equation(display).steps[0], page.data.world(display, page.seed)
    try:
        verdict(step, world)
    except Difference:
        left, right = (side_value(side, step, world) for side in (step.left, step.right))
        return {"numbers": _furthest(*arrays(left, right))}
    except Exception:  # noqa: BLE001 - they do not fit together: the message says so, and there are no two numbers
        return {}
    return {}


def _furthest(left: Array, right: Array) -> dict[str, Any]:
    """The entry in which two arrays differ most, counted from 0, and what stands there in both."""
    where = tuple(int(k) for k in np.unravel_index(int(np.argmax(np.abs(left - right))), left.shape))
    return {"entry": list(where), "left": float(left[where]), "right": float(right[where])}


def _elsewhere(whole: Assembly, page: PageCheck, display: Display) -> Iterator[str]:
    """The displays of the chapter that fail while this one, a definition, has nothing to be compared with."""
    for other in page.analysis.chapter.displays:
        right = whole.analysis.by_label.get(other.label)
        failing = other.label and isinstance(other.mark, Checked) and isinstance(page.outcome(other), EquationError)
        if failing and other.label != display.label and right and isinstance(whole.equations.outcome(right), Result):
            yield other.label


def _compared(lines: CodeCheck, page: PageCheck, label: str) -> dict[str, Any]:
    """What the code check finds: the first line with this label and where it differs most from the equation."""
    for tag in (tag for tag in lines.tags if label in tag.labels):
        first = tag.source.strip().split("\n")[0].partition("  #")[0]
        for variables in lines.calls(tag):
            value = np.squeeze(replay(tag, variables, lines.module)[tag.labels.index(label)])
            try:
                expected = np.squeeze(np.asarray(page.value(label, variables)))
            except BookError as error:
                return {"line": first, "differs": True, "said": error.message.partition(": ")[2]}
            if value.shape != expected.shape:
                return {"line": first, "differs": True, "said": f"{value.shape} is not {expected.shape}"}
            if not np.abs(value - expected).max(initial=0.0) <= 1e-9 * max(1.0, np.abs(value).max(initial=0.0)):
                return {"line": first, "differs": True, "numbers": _furthest(value, expected)}
        return {"line": first, "differs": False}
    return {}


def main() -> int:
    """Write the record."""
    found = record(list(wanted()))
    RECORD.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    wrong = sum(fails(version) for equation in found.values() for version in equation["versions"])
    every = sum(len(equation["versions"]) for equation in found.values())
    sys.stdout.write(f"{RECORD} is written: {len(found)} equations, {wrong} of {every} versions fail\n")
    return 0


def fails(version: dict[str, Any]) -> bool:
    """Whether any check fails with a version."""
    return bool(version["page"] or version.get("elsewhere") or version.get("code", {}).get("differs"))


if __name__ == "__main__":
    sys.exit(main())
