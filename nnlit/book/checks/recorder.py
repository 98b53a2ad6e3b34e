"""What tagged lines see in the calls of them: kept where a call is generic, which says why it proves something."""

import ast
import copy
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import CellType, CodeType, FunctionType, ModuleType, TracebackType
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from nnlit.book.checks.binding import evaluated
from nnlit.book.source import tags
from nnlit.book.source.tags import Tag

CALLS = 3  # generic calls kept of a tagged line
NUMBERS = 1000  # numbers in all arrays of a generic call together
HOOK = "_nnlit_book_record"  # the recorder's name among a module's globals

Variables = dict[str, Any]
Array = npt.NDArray[Any]


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
    return _unfit(arrays(variables)) or _alike(rows, variables)


def _unfit(found: Iterable[Array]) -> str:
    """What is wrong with the arrays of a call: their type, or how many numbers they hold.

    Most calls are those of a training in float32: they are known by the first array that is looked at.
    """
    size = 0
    for a in found:
        if a.dtype.kind not in "fiub" or (a.dtype.kind == "f" and a.dtype != float):
            return f"an array is {a.dtype}, not float64"
        size += a.size
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
