"""The code check: a tagged line, replayed on what it saw in the chapter's examples, has the value of its equation."""

import ast
import contextlib
import copy
import doctest
import importlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CellType, CodeType, FunctionType, ModuleType, TracebackType
from typing import Any, Protocol, Self

import numpy as np
import numpy.typing as npt

from nnlit.book.checks.binding import evaluated, transliterate
from nnlit.book.language.declarations import Declared, declared
from nnlit.book.language.nodes import Symbol
from nnlit.book.source import tags
from nnlit.book.source.chapter import Chapter, Display
from nnlit.book.source.marks import Wrong
from nnlit.book.source.place import BookError
from nnlit.book.source.tags import Tag

CALLS = 3  # generic calls kept of a tagged line
NUMBERS = 1000  # numbers in all arrays of a generic call together
TOLERANCE = 1e-10
HOOK = "_nnlit_book_record"  # the recorder's name among a module's globals

Variables = dict[str, Any]
Array = npt.NDArray[Any]


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


class Recorder:
    """Keeps what tagged lines saw in their first generic calls.

    While it is active (`with recorder:`), the functions with tagged lines run a copy of their code that hands over
    its variables before each tagged line. Nothing else is traced: debuggers and coverage work as ever, and all other
    code runs at its own speed. With three calls of every line it switches itself off.
    """

    def __init__(self, module: ModuleType, lines: list[Tag], refuse: Callable[[Tag, Variables], str]) -> None:
        self.tags = lines
        self.calls: list[list[Variables]] = [[] for _ in lines]
        self.refused: list[list[str]] = [[] for _ in lines]
        self._refuse, self._active = refuse, 0
        self._functions = list(_recorded(module, lines))
        module.__dict__[HOOK] = self._record

    @property
    def complete(self) -> bool:
        """Does every tagged line have all its calls?"""
        return all(len(calls) >= CALLS for calls in self.calls)

    def __enter__(self) -> Self:
        self._active += 1
        if not self.complete:
            for function, _, recording in self._functions:
                function.__code__ = recording
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._active -= 1
        self._restore()

    def _restore(self) -> None:
        for function, plain, _ in self._functions:
            function.__code__ = plain

    def _record(self, k: int, variables: Variables) -> None:
        if not self._active or len(self.calls[k]) >= CALLS:
            return
        why = self._refuse(self.tags[k], variables)
        if why:
            self.refused[k][:] = [*self.refused[k], why][-1:]
            return
        self.calls[k].append(snapshot(variables))
        if self.complete:
            self._restore()


def _recorded(module: ModuleType, lines: list[Tag]) -> Iterator[tuple[FunctionType, CodeType, CodeType]]:
    """Every function with a tagged line, with its own code and the recording copy of it."""
    path = str(module.__file__)
    tree = _Insert(lines).visit(ast.parse(Path(path).read_text(encoding="utf-8")))
    compiled = compile(ast.fix_missing_locations(tree), path, "exec", dont_inherit=True)
    recording = {(c.co_qualname, c.co_firstlineno): c for c in _codes(compiled) if HOOK in _names(c)}
    for function in _functions(list(vars(module).values()), path):
        copied = recording.get((function.__code__.co_qualname, function.__code__.co_firstlineno))
        if copied:
            yield function, function.__code__, copied


def _functions(things: list[Any], path: str) -> Iterator[FunctionType]:
    """The functions of a module, once each: its own, its classes', and those that these enclose or wrap."""
    seen: set[int] = set()
    while things:
        thing = things.pop()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        things += _held(thing)
        if isinstance(thing, FunctionType) and thing.__code__.co_filename == path:
            yield thing


def _held(thing: object) -> Iterable[Any]:
    """What a function encloses, a class defines, a decorator wraps."""
    if isinstance(thing, FunctionType):
        return [*(cell.cell_contents for cell in thing.__closure__ or () if _filled(cell)), *vars(thing).values()]
    if isinstance(thing, type):
        return vars(thing).values()
    if isinstance(thing, staticmethod | classmethod):
        return [thing.__func__]
    if isinstance(thing, property):
        return [thing.fget, thing.fset]
    return [getattr(thing, "__wrapped__", None)] if callable(thing) else []


def _filled(cell: CellType) -> bool:
    try:
        cell.cell_contents  # noqa: B018 - an empty cell raises
    except ValueError:
        return False
    return True


class _Insert(ast.NodeTransformer):
    """Puts a call of the recorder before each tagged statement, on the statement's own line."""

    def __init__(self, lines: list[Tag]) -> None:
        self.places = {(t.statement.lineno, t.statement.col_offset): k for k, t in enumerate(lines)}

    def visit(self, node: ast.AST) -> Any:
        """The node, with the call before it where it is a tagged statement."""
        node = self.generic_visit(node)
        place = (getattr(node, "lineno", 0), getattr(node, "col_offset", 0))
        if not isinstance(node, tags.SIMPLE) or place not in self.places:
            return node
        call = ast.parse(f"{HOOK}({self.places[place]}, locals())").body[0]
        for part in ast.walk(call):
            ast.copy_location(part, node)
        return [call, node]


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _codes(inner)


def _names(code: CodeType) -> set[str]:
    """The global names in a code object and in those inside it."""
    return {name for inner in _codes(code) for name in inner.co_names}


def snapshot(variables: Variables) -> Variables:
    """A deep copy that keeps what is shared shared; what cannot be copied is kept as it is."""
    memo: dict[int, Any] = {}
    copied = {}
    for name, value in variables.items():
        try:
            copied[name] = copy.deepcopy(value, memo)
        except Exception:  # noqa: BLE001 - a generator, a file, a module: nothing that an equation reads
            copied[name] = value
    return copied


def arrays(value: object, seen: set[int] | None = None) -> Iterator[Array]:
    """The arrays in a value: itself, and those in its items and its fields, each once."""
    seen = set() if seen is None else seen
    if id(value) in seen or isinstance(value, str | bytes | type | ModuleType | np.random.Generator):
        return
    seen.add(id(value))
    if isinstance(value, np.ndarray | np.generic):
        yield np.asarray(value)
        return
    for item in _items(value):
        yield from arrays(item, seen)


def _items(value: object) -> Iterable[object]:
    """The items of a container; of another object the dictionary of its fields."""
    if isinstance(value, dict):
        return value.values()
    if isinstance(value, list | tuple):
        return value
    return [vars(value)] if hasattr(value, "__dict__") and not callable(value) else []


def not_generic(rows: list[tuple[str, list[str]]], variables: Variables) -> str:
    """Why a call of a tagged line proves little; empty if it is generic.

    Args:
        rows: expressions over the variables, and the letters of their shapes (`("X", ["m", "n"])`); of a size, which
            is a number itself, its own letter (`("n_in", ["n_in"])`).
        variables: the variables the line sees.

    Returns:
        A reason such as "W is float32" or "n and K are both 3", for the author to read.
    """
    return _unfit(list(arrays(variables))) or _alike(rows, variables)


def _unfit(found: list[Array]) -> str:
    """What is wrong with the arrays of a call: their type, or how many numbers they hold."""
    odd = (a.dtype for a in found if a.dtype.kind not in "fiub" or (a.dtype.kind == "f" and a.dtype != float))
    if (dtype := next(odd, None)) is not None:
        return f"an array is {dtype}, not float64"
    size = sum(a.size for a in found)
    return f"its arrays hold {size:,} numbers, a generic call has fewer than {NUMBERS:,}" if size >= NUMBERS else ""


def _alike(rows: list[tuple[str, list[str]]], variables: Variables) -> str:
    """Which sizes of a call do not fit together, are the same, or one."""
    sizes: dict[str, int] = {}
    for name, letters in rows:
        value = evaluated(name, variables)
        lengths = () if value is None else value.shape or value.flat
        for letter, size in zip(letters, map(int, lengths), strict=True) if len(lengths) == len(letters) else ():
            if letter and sizes.setdefault(letter, size) != size:
                return f"{letter} is {sizes[letter]} and {size}"
    same = next(((a, b) for a in sizes for b in sizes if a < b and sizes[a] == sizes[b]), None)
    if same:
        return f"{same[0]} and {same[1]} are both {sizes[same[0]]}"
    one = next((letter for letter, size in sizes.items() if size < 2), None)
    return f"{one} is {sizes[one]}" if one else ""


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
    """The largest difference relative to max(1, largest expected number); infinite where the shapes do not fit.

    Axes of length one do not count: a column of row maxima is the vector of the page.
    """
    if np.squeeze(value).shape != np.squeeze(expected).shape:
        return np.inf
    a, b = np.squeeze(value), np.squeeze(expected)
    if not a.size:
        return 0.0
    if not (np.isfinite(a) == np.isfinite(b)).all():
        return np.inf
    with np.errstate(invalid="ignore"):
        gap = np.where(a == b, 0, np.abs(a - b)).max()
    return float(gap / max(1.0, float(np.abs(np.where(np.isfinite(b), b, 0)).max())))


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
        shown = f"{label}: `{line}` gives {_size(value)}, the equation at {display.place} gives {_size(expected)}"
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
    return [row.name] if row.kind == "size" else [x.name if isinstance(x, Symbol) else "" for x in row.axes]


def code_name(row: Declared) -> str:
    """The expression over a line's variables that a row stands for."""
    return row.row.code or transliterate(row.name)


def _size(array: Array) -> str:
    return " x ".join(map(str, array.shape)) if array.shape else f"the number {array}"
