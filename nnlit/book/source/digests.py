"""Hashes of what a result rests on: the syntax trees of code, so that an edit of words makes nothing stale.

Docstrings and comments do not count, nor how a statement is set in lines. A hash does not depend on the version of
Python: fields that some versions add, and that are empty, are left out.
"""

import ast
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

Definitions = dict[str, list[ast.AST]]
NO_CODE = {"ctx", "kind", "type_comment"}  # fields of a node that follow from the others, or are comments


def digest(parts: Iterable[str]) -> str:
    """The hash of some texts, in their order."""
    return hashlib.sha256(json.dumps(list(parts)).encode()).hexdigest()[:16]


def module_digest(path: Path) -> str:
    """The hash of one module."""
    return digest([_kept_form(syntax(path))])


def code_digest(paths: Iterable[Path], places: Sequence[Path]) -> str:
    """The hash of some files and of all that they import from these places, directly or not."""
    return digest(_kept_form(syntax(path)) for path in imported(paths, places))


def form(node: ast.AST) -> str:
    r"""A syntax tree as text, without docstrings.

    Examples:
        >>> same = form(ast.parse("def f(x):\n    'Words.'\n    return (x + 1)  # more words"))
        >>> same == form(ast.parse("def f(x): return x + 1"))
        True
        >>> form(ast.parse("x + 1", mode="eval").body)
        'BinOp(left=Name(id="x") op=Add() right=Constant(value=1))'
    """
    text: list[str] = []
    _form(node, text)
    return "".join(text)


def _form(node: ast.AST, text: list[str]) -> None:
    """Write a syntax tree behind what is there: it has thousands of nodes, so no texts are joined on the way."""
    mark = f"{type(node).__name__}("
    for name in _coded(node._fields):
        value = getattr(node, name, None)
        if isinstance(value, ast.AST):
            text.append(f"{mark}{name}=")
            _form(value, text)
        elif value is None or value == []:
            continue
        else:
            text.append(f"{mark}{name}=")
            _value(value, text)
        mark = " "
    text.append(")" if mark == " " else f"{mark})")


@lru_cache
def _coded(fields: tuple[str, ...]) -> tuple[str, ...]:
    """The fields of a kind of node that are code."""
    return tuple(name for name in fields if name not in NO_CODE)


def _value(value: object, text: list[str]) -> None:
    """Write what is no node of its own: the nodes of a list, a text, a number."""
    if isinstance(value, list):
        mark = "["
        for item in value:
            if not _is_text(item):
                text.append(mark)
                if isinstance(item, ast.AST):
                    _form(item, text)
                else:
                    _value(item, text)
                mark = " "
        text.append("]" if mark == " " else "[]")
    else:
        text.append(json.dumps(value) if isinstance(value, str) else repr(value))


def _is_text(node: object) -> bool:
    """A docstring, or a string that stands alone: it does nothing."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def syntax(path: Path) -> ast.Module:
    """The syntax tree of a file; a text is parsed once.

    Its time would not tell: where it goes by the system's ticks, a file may change twice within one.
    """
    return _parsed(path, path.read_text(encoding="utf-8"))


@lru_cache(maxsize=512)
def _parsed(path: Path, text: str) -> ast.Module:
    return ast.parse(text, str(path))


def imported(paths: Iterable[Path], places: Sequence[Path]) -> list[Path]:
    """The files themselves and every module that they import from some places, directly or not, in the order of names.

    A package's `__init__.py` counts where its own names are asked for. `from nnlit import Dense` asks for the module
    that `nnlit/__init__.py` takes Dense from.

    Args:
        paths: the files.
        places: packages (folders with an `__init__.py`), and folders whose modules are imported by their bare names.
    """
    todo, found, tried = list(paths), set[Path](), tuple(places)
    while todo:
        path = todo.pop()
        if path not in found:
            found.add(path)
            todo += _imports(syntax(path), path, tried)
    return sorted(found)


@lru_cache(maxsize=512)
def _imports(tree: ast.Module, path: Path, places: tuple[Path, ...]) -> list[Path]:
    """The modules that the import statements of a file name."""
    return list(_named(tree, path, places))


def _named(tree: ast.Module, path: Path, places: Sequence[Path]) -> Iterator[Path]:
    for node in _statements(tree):
        if isinstance(node, ast.Import):
            yield from (file for alias in node.names if (file := _file(alias.name, places)))
        elif isinstance(node, ast.ImportFrom):
            module = ".".join([*_above(path, node.level), *(node.module or "").split(".")]).strip(".")
            yield from (file for alias in node.names if (file := _home(module, alias.name, places)))


def _statements(tree: ast.AST) -> Iterator[ast.AST]:
    """The statements of a module, and those inside of them: an expression holds none, and is most of a tree."""
    for node in ast.iter_child_nodes(tree):
        if not isinstance(node, ast.expr):
            yield node
            yield from _statements(node)


def _above(path: Path, level: int) -> list[str]:
    """The packages around a module that the dots of a relative import stand for."""
    around = [folder.name for folder in path.parents if (folder / "__init__.py").is_file()][::-1]
    return around[: len(around) + 1 - level] if level else []


def _home(module: str, name: str, places: Sequence[Path]) -> Path | None:
    """The file that `from module import name` needs."""
    file = _file(f"{module}.{name}", places) or _file(module, places)
    if file and file.name == "__init__.py":
        taken = [node for node in ast.walk(syntax(file)) if isinstance(node, ast.ImportFrom) and _gives(node, name)]
        return _home(taken[0].module or "", name, places) if taken else file
    return file


def _gives(node: ast.ImportFrom, name: str) -> bool:
    return not node.level and any((alias.asname or alias.name) == name for alias in node.names)


def _file(module: str, places: Sequence[Path]) -> Path | None:
    """The file of a module in one of the places."""
    names = module.split(".")
    for place in places:
        package = (place / "__init__.py").is_file()
        stem = (place.parent if package else place).joinpath(*names)
        for file in (stem.with_suffix(".py"), stem / "__init__.py"):
            if file.is_file() and (names[0] == place.name or not package):
                return file
    return None


def helpers(node: ast.AST, known: Definitions) -> list[str]:
    """The definitions that a statement reaches, by name and directly or not, as text.

    An attribute reaches every method of its name: which class it is asked of shows only when the code runs.
    """
    todo, found = [node], dict[str, None]()
    while todo:
        for name in sorted(_names(todo.pop())):
            for definition in known.get(name, ()):
                text = _kept_form(definition)
                todo += [] if text in found else [definition]
                found[text] = None
    return sorted(found)


@lru_cache(maxsize=4096)
def _kept_form(definition: ast.AST) -> str:
    """The form of a module that many others import, or of a definition that many statements reach."""
    return form(definition)


def definitions(paths: Iterable[Path]) -> Definitions:
    """The functions, classes and variables of modules by name; methods are among them."""
    found: Definitions = {}
    for path in paths:
        for name, node in _kept_definitions(syntax(path)):
            found.setdefault(name, []).append(node)
    return found


@lru_cache(maxsize=512)
def _kept_definitions(tree: ast.Module) -> list[tuple[str, ast.AST]]:
    """The definitions of a module that many others import."""
    return list(_defined(tree))


def _defined(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    for node in _statements(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        yield from ((target.id, node) for target in targets if isinstance(target, ast.Name))


@lru_cache(maxsize=4096)
def _names(node: ast.AST) -> set[str]:
    every = list(ast.walk(node))
    return {x.id for x in every if isinstance(x, ast.Name)} | {x.attr for x in every if isinstance(x, ast.Attribute)}
