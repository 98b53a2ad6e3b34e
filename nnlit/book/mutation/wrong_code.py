"""Wrong versions of tagged lines: for every kind of expression what can go wrong there.

A new kind of slip is a function here, registered for the node of Python's syntax tree that it happens to.
"""

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import singledispatch
from typing import Any

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
