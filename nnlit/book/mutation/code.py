"""Wrong versions of tagged lines, to see whether the code check rejects them."""

import ast
import copy
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import singledispatch
from typing import Any

import numpy as np

from nnlit.book.checks.binding import transliterate
from nnlit.book.checks.code import CodeCheck, code_name, difference, replay
from nnlit.book.checks.comparison import TOLERANCE
from nnlit.book.checks.equations import PageCheck
from nnlit.book.checks.recorder import Array, Variables, snapshot
from nnlit.book.evaluation.environment import World
from nnlit.book.evaluation.sampling import NO_DATA
from nnlit.book.evaluation.values import Mistake
from nnlit.book.language.declarations import size_names
from nnlit.book.mutation.equations import SAME
from nnlit.book.source.place import BookError
from nnlit.book.source.tags import Tag

OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.Pow: ast.Mult,
}
COMMUTATIVE = ast.Add | ast.Mult
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
}
OPPOSITES = {"maximum": "minimum", "max": "min", "argmax": "argmin", "sum": "mean", "mean": "sum", "real": "imag"}
OPPOSITES |= {other: name for name, other in OPPOSITES.items()}
CASTS = {  # these keep the value
    *("array", "asarray", "ascontiguousarray", "astype", "copy", "item"),
    *("float", "int", "float32", "float64"),
}

Dimensions = Callable[[ast.expr], int]
Change = tuple[str, ast.AST]


@dataclass(frozen=True)
class CodeMutant:
    """A wrong version of a tagged statement; `source` is what the line would say."""

    kind: str
    statement: ast.stmt
    source: str


def code_mutants(tag: Tag, dimensions: Dimensions) -> Iterator[CodeMutant]:
    """Every wrong version of a tagged line, each once.

    Args:
        tag: the line.
        dimensions: how many axes an expression of the line has in a recorded call; a transpose is added only to what
            has two or more.
    """
    seen = {ast.unparse(tag.statement)}
    for index, node in enumerate(ast.walk(tag.statement)):
        if index not in _looked_at(tag):
            continue
        for kind, changed in _changes(node, dimensions):
            statement = _replaced(tag.statement, index, changed)
            source = ast.unparse(statement)
            if source not in seen:
                seen.add(source)
                yield CodeMutant(kind, statement, source)


def _looked_at(tag: Tag) -> set[int]:
    """Which nodes of the statement are part of a value that has a label."""
    statement = tag.statement
    value = getattr(statement, "value", None)
    inside: set[int] = {id(statement)}
    if isinstance(value, ast.Tuple):
        roots: list[ast.AST] = list(value.elts[: len(tag.labels)])
    elif isinstance(value, ast.Dict):
        roots = list(value.values[: len(tag.labels)])
    else:
        roots = [value] if value else []
    for root in roots:
        inside |= {id(node) for node in ast.walk(root)}
    return {index for index, node in enumerate(ast.walk(statement)) if id(node) in inside}


def _replaced(statement: ast.stmt, index: int, changed: ast.AST) -> ast.stmt:
    """A copy of the statement with the node at an index of its walk replaced."""
    fresh = copy.deepcopy(statement)
    target = list(ast.walk(fresh))[index]

    class Swap(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> Any:
            return changed if node is target else self.generic_visit(node)

    swapped: ast.stmt = Swap().visit(fresh)
    return ast.fix_missing_locations(swapped)


def _changes(node: ast.AST, dimensions: Dimensions) -> Iterator[Change]:
    """What can be wrong at one node, and what stands there then."""
    yield from _wrong(node)
    if isinstance(node, ast.expr):
        yield from _transpose(node, dimensions)


@singledispatch
def _wrong(node: ast.AST) -> Iterator[Change]:
    """What can be wrong at a node of its kind."""
    yield from ()


@_wrong.register
def _(node: ast.AugAssign) -> Iterator[Change]:
    other = OPERATORS.get(type(node.op))
    if other:
        yield "operator", ast.AugAssign(node.target, other(), node.value)
    yield "dropped term", ast.Assign([node.target], node.value, lineno=node.lineno)


@_wrong.register
def _(node: ast.BinOp) -> Iterator[Change]:
    left, op, right = node.left, node.op, node.right
    other = OPERATORS.get(type(op))
    if other:
        yield "operator", ast.BinOp(left, other(), right)
    if not isinstance(op, COMMUTATIVE):
        yield "operand order", ast.BinOp(right, op, left)
    dropped = "dropped term" if isinstance(op, ast.Add | ast.Sub) else "dropped factor"
    yield dropped, left
    yield dropped, right


@_wrong.register
def _(node: ast.UnaryOp) -> Iterator[Change]:
    yield "sign" if isinstance(node.op, ast.USub) else "dropped not", node.operand


@_wrong.register
def _(node: ast.Compare) -> Iterator[Change]:
    for other in COMPARISONS.get(type(node.ops[0]), ()):
        yield "comparison", ast.Compare(node.left, [other(), *node.ops[1:]], node.comparators)


@_wrong.register
def _(node: ast.Constant) -> Iterator[Change]:
    value = node.value
    if isinstance(value, bool | str | bytes) or value is None or value is Ellipsis:
        return
    steps = (1j, -1j) if isinstance(value, complex) else (1, -1)
    for step in steps:
        yield "constant", ast.Constant(value + step)


@_wrong.register
def _(node: ast.Call) -> Iterator[Change]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name not in CASTS:
        for argument in _arguments(node):
            yield "dropped function", argument
    if name in OPPOSITES and isinstance(node.func, ast.Attribute):
        other = ast.Attribute(node.func.value, OPPOSITES[name], ast.Load())
        yield "function", ast.Call(other, node.args, node.keywords)
    yield from _axis(node)


def _arguments(node: ast.Call) -> list[ast.expr]:
    """What a function is applied to: a method without arguments to its object."""
    if node.args or not isinstance(node.func, ast.Attribute) or _is_module(node.func.value):
        return node.args
    return [node.func.value]


def _is_module(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("np", "numpy", "math")


def _axis(node: ast.Call) -> Iterator[Change]:
    """A call along another axis, and along none."""
    for keyword in node.keywords:
        if keyword.arg == "axis" and isinstance(keyword.value, ast.Constant):
            rest = [k for k in node.keywords if k is not keyword]
            axis = ast.keyword("axis", ast.Constant(0 if keyword.value.value in (1, -1) else 1))
            yield "axis", ast.Call(node.func, node.args, [axis, *rest])
            yield "axis", ast.Call(node.func, node.args, rest)


@_wrong.register
def _(node: ast.IfExp) -> Iterator[Change]:
    yield "condition", ast.IfExp(node.test, node.orelse, node.body)


@_wrong.register
def _(node: ast.Subscript) -> Iterator[Change]:
    yield "dropped index", node.value
    if isinstance(node.slice, ast.Tuple) and len(node.slice.elts) > 1:
        turned = ast.Tuple(node.slice.elts[::-1], ast.Load())
        yield "index", ast.Subscript(node.value, turned, ast.Load())


def _transpose(node: ast.expr, dimensions: Dimensions) -> Iterator[Change]:
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield "dropped transpose", node.value
    elif isinstance(node, ast.Name | ast.Attribute | ast.Subscript | ast.Call) and dimensions(node) > 1:
        yield "added transpose", ast.Attribute(node, "T", ast.Load())


class Judge:
    """Decides over the wrong versions of one tagged line, on the calls that were recorded of it.

    Args:
        check: the chapter's code check, after its examples have run.
        page: the chapter's equations.
        tag: the line.
    """

    def __init__(self, check: CodeCheck, page: PageCheck, tag: Tag) -> None:
        self.check, self.page, self.tag = check, page, tag
        self.calls = check.calls(tag)
        self.expected = [[np.asarray(page.value(label, call)) for label in tag.labels] for call in self.calls]

    def mutants(self) -> Iterator[CodeMutant]:
        """The wrong versions of the line."""
        return code_mutants(self.tag, self._dimensions)

    def _dimensions(self, node: ast.expr) -> int:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                scope = {**vars(self.check.module), **snapshot(self.calls[0])}
                return int(np.ndim(eval(ast.unparse(node), scope)))  # noqa: S307 - a part of the project's own line
            except Exception:  # noqa: BLE001 - what has no value by itself has no transpose
                return 0

    def rejected(self, mutant: CodeMutant) -> bool:
        """Does the code check notice? What cannot be run is noticed."""
        for call, expected in zip(self.calls, self.expected, strict=True):
            values = self._replay(call, mutant)
            if values is None or not all(difference(v, e) <= TOLERANCE for v, e in zip(values, expected, strict=True)):
                return True
        return False

    def equivalent(self, mutant: CodeMutant) -> bool:
        """Does a version mean the same? It has to agree on twenty draws, at two sets of sizes.

        The draws are those of the equations: exact zeros at kinks, rows a thousand apart, conditions kept. A draw on
        which the line itself has no finite value says nothing; when none says anything, the version is not the same.
        """
        agreed = 0
        for variables in self._draws():
            right = self._replay(variables, None)
            if right is None or not all(np.isfinite(value).all() for value in right):
                continue
            values = self._replay(variables, mutant)
            if values is None or not all(_same(v, r) for v, r in zip(values, right, strict=True)):
                return False
            agreed += 1
        return agreed > 0

    def _draws(self) -> Iterator[Variables]:
        """The variables of a recorded call, with new numbers for every symbol of the Symbols tables."""
        display = self.page.analysis.by_label[self.tag.labels[0]]
        part = self.page.analysis.part(display)
        for world in self.page.data.draws(display):
            variables = snapshot(self.calls[0])
            names = {name: transliterate(name) for name in size_names(part.rows)}
            names |= {n: code_name(r) for n, r in part.rows.items() if r.kind not in NO_DATA}
            for name, variable in names.items():
                value = _value(world, name)
                if value is not None:
                    _assign(variables, variable, value)
            yield variables

    def _replay(self, variables: Variables, mutant: CodeMutant | None) -> list[Array] | None:
        """The values of the line or of a version of it; None where it raises."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                values = replay(self.tag, variables, self.check.module, mutant.statement if mutant else None)
                return [value.astype(complex if value.dtype.kind == "c" else float) for value in values]
            except Exception:  # noqa: BLE001 - a wrong version may do anything
                return None


def _same(value: Array, right: Array) -> bool:
    return value.shape == right.shape and difference(value, right) <= SAME


def _value(world: World, name: str) -> Array | None:
    with np.errstate(all="ignore"):
        try:
            value = world.value(name)
        except (Mistake, BookError):
            return None
    return None if value.letters else value.data


def _assign(variables: Variables, code: str, data: Array) -> None:
    """Give an expression over the variables a value, if it is a variable or a field of one."""
    node = ast.parse(code, mode="eval").body
    if isinstance(node, ast.Name) and node.id in variables:
        variables[node.id] = _like(variables[node.id], data)
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in variables:
        owner = variables[node.value.id]
        if hasattr(owner, node.attr):
            object.__setattr__(owner, node.attr, _like(getattr(owner, node.attr), data))


def _like(old: object, data: Array) -> object:
    """A value in the form of the one it replaces: a whole number, a number, an array of its dtype."""
    if isinstance(old, int | float):
        return type(old)(data)
    if isinstance(old, np.ndarray):
        shape = data.shape if old.ndim == data.ndim else (*data.shape, *[1] * (old.ndim - data.ndim))
        return data.astype(old.dtype).reshape(shape)
    return data.copy()
