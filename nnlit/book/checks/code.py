"""The code check: a tagged line, replayed on what it saw in the chapter's examples, has the value of its equation."""

import ast
import contextlib
import doctest
import importlib
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Protocol

import numpy as np

from nnlit.book.checks.binding import transliterate
from nnlit.book.checks.comparison import TOLERANCE
from nnlit.book.checks.recorder import NUMBERS, Array, Recorder, Variables, not_generic, snapshot
from nnlit.book.checks.sides import relative
from nnlit.book.evaluation.values import sized
from nnlit.book.language.declarations import Declared, declared
from nnlit.book.language.nodes import Symbol
from nnlit.book.language.vocabulary import Kind
from nnlit.book.source import tags
from nnlit.book.source.chapter import Chapter, Display
from nnlit.book.source.marks import Wrong
from nnlit.book.source.place import BookError
from nnlit.book.source.tags import Tag


class CodeError(BookError):
    """A tagged line and its equation differ, or cannot be compared."""


class Equations(Protocol):
    """What the code check asks of a page (PageCheck is one)."""

    def value(self, label: str, variables: Variables) -> Array:
        """The last side of an equation, evaluated on the variables of a tagged line."""
        ...


@dataclass(frozen=True)
class Comparison:
    """The outcome of a code check: the largest error over the calls compared, relative to max(1, value)."""

    label: str
    tag: Tag
    error: float
    calls: int


def load(path: Path) -> ModuleType:
    """Import a chapter's module; one of the same name from elsewhere is an error."""
    name = f"{path.parent.name}.{path.stem}"
    module = importlib.import_module(name)
    if not module.__file__ or not path.samefile(module.__file__):
        raise ImportError(
            f"{name} was imported from {module.__file__}, not from {path}: pip install -e . in its project"
        )
    return module


def replay(tag: Tag, variables: Variables, module: ModuleType, statement: ast.stmt | None = None) -> list[Array]:
    """Run a tagged statement, or a changed version of it, on its variables: one value per label.

    Args:
        tag: the tagged line.
        variables: what it sees; they are copied, so that nothing changes.
        module: the line's module, for the names that are not variables.
        statement: a version of the statement to run instead.

    Returns:
        The values as arrays. What the statement raises is passed on.
    """
    body, expressions = tags.parts(tag, statement)
    names = [f"_part_{k}" for k in range(len(expressions))]
    results = [ast.Assign([ast.Name(n, ast.Store())], e) for n, e in zip(names, expressions, strict=True)]
    tree = ast.fix_missing_locations(ast.Module([*body, *results], []))
    scope = {**vars(module), **snapshot(variables)}
    with np.errstate(all="ignore"):
        exec(compile(tree, str(tag.place), "exec"), scope)  # noqa: S102 - a line of the project itself
    return [np.asarray(scope[name]) for name in names]


def difference(value: Array, expected: Array) -> float:
    """How far a line's value is from its equation's; axes of length one do not count.

    A column of row maxima is the vector of the page.
    """
    return relative(np.squeeze(value), np.squeeze(expected))


class CodeCheck:
    """The code check of one chapter: its tags, its recorder, and the comparison of each tagged line.

    Args:
        chapter: the chapter.
        path: its module.
        lines: the tags of the module.

    Raises:
        CodeError: if a tag names a label that the chapter does not have, or one that is marked as wrong.
    """

    def __init__(self, chapter: Chapter, path: Path, lines: list[Tag]) -> None:
        self.chapter, self.path, self.tags = chapter, path, lines
        self.displays = {d.label: d for d in chapter.displays}
        for label, tag in self.items():
            display = self.displays.get(label)
            if not display:
                raise CodeError(tag.place, f"no displayed equation of {chapter.path.name} has the label {label}")
            if isinstance(display.mark, Wrong):
                raise CodeError(tag.place, f"{label} is marked as wrong at {display.place}: no code can implement it")
        self.module = load(path)
        self._rows = {tag: rows(chapter, self.displays[tag.labels[0]]) for tag in self.tags}
        self.recorder = Recorder(self.module, self.tags, self._refuse)

    def _refuse(self, tag: Tag, variables: Variables) -> str:
        return not_generic(self._rows[tag], variables)

    def items(self) -> list[tuple[str, Tag]]:
        """Every label with every line that carries it."""
        return [(label, tag) for tag in self.tags for label in tag.labels]

    def run_docstrings(self, flags: int = 0) -> None:
        """Run the examples in the module's docstrings, if a tagged line has had no generic call yet."""
        if all(self.recorder.calls):
            return
        runner = doctest.DocTestRunner(verbose=False, optionflags=flags)
        for test in doctest.DocTestFinder().find(self.module):
            with self.recorder, contextlib.suppress(Exception):  # pytest reports them where they stand
                runner.run(test, out=lambda _: None)

    def calls(self, tag: Tag) -> list[Variables]:
        """The generic calls of a tagged line; there must be one."""
        k = self.tags.index(tag)
        if not self.recorder.calls[k]:
            why = self.recorder.refused[k]
            seen = f"the last of its calls was refused: {why[0]}" if why else "no example calls it"
            raise CodeError(
                tag.place,
                f"{', '.join(tag.labels)}: the chapter's examples hold no generic call of this line "
                f"(float64 arrays, different sizes, under {NUMBERS:,} numbers); {seen}",
            )
        return self.recorder.calls[k]

    def compare(self, page: Equations, label: str, tag: Tag) -> Comparison:
        """Replay a line on its calls and compare with its equation on the page; CodeError where they differ."""
        part, worst = tag.labels.index(label), 0.0
        calls = self.calls(tag)
        for variables in calls:
            value = replay(tag, variables, self.module)[part]
            expected = np.asarray(page.value(label, variables))
            error = difference(value, expected)
            if not error <= TOLERANCE:
                raise CodeError(tag.place, self._message(label, tag, value, expected))
            worst = max(worst, error)
        return Comparison(label, tag, worst, len(calls))

    def fails(self, page: Equations, label: str) -> bool:
        """Is a line with this label told from its equation on a page, on any of its calls?"""
        return any(self._differs(page, label, tag) for tag in self.tags if label in tag.labels)

    def _differs(self, page: Equations, label: str, tag: Tag) -> bool:
        try:
            self.compare(page, label, tag)
        except BookError:
            return True
        return False

    def _message(self, label: str, tag: Tag, value: Array, expected: Array) -> str:
        line, display = tag.source, self.displays[label]
        shown = f"{label}: `{line}` is {_said(value)}, the equation at {display.place} is {_said(expected)}"
        if np.squeeze(value).shape != np.squeeze(expected).shape:
            return shown
        gap = np.abs(np.squeeze(value) - np.squeeze(expected)).max()
        return f"{shown}; the largest difference is {gap:.3g}"


def rows(chapter: Chapter, display: Display) -> list[tuple[str, list[str]]]:
    """Code names and sizes of the symbols at a display; an inner table overrides an outer one."""
    inner = {d.name: d for t in chapter.tables_at(display.place.line) for d in map(declared, t.rows)}
    return [(code_name(d), letters(d)) for d in inner.values()]


def letters(row: Declared) -> list[str]:
    """The letters of a row's shape, empty for axes that are no plain letter; a size is its own letter."""
    return [row.name] if row.kind == Kind.SIZE else [x.name if isinstance(x, Symbol) else "" for x in row.axes]


def code_name(row: Declared) -> str:
    """The expression over a line's variables that a row stands for."""
    return row.row.code or transliterate(row.name)


def _said(array: Array) -> str:
    return sized(array.shape) if array.shape else f"the number {array}"
