"""Wrong versions of the library outside the book's machine: what a slip of the hand could make of every line.

`nnlit.book.mutation.wrong_code` makes wrong versions of lines that carry an equation. These here are of all lines: of
conditions, limits, names of choices, what is caught, what is done and what is handed over. Not changed are
docstrings, annotations, and the words of messages.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, singledispatch
from pathlib import Path

from nnlit.book.mutation.wrong_code import CASTS, COMPARISONS, OPERATORS, OPPOSITES

MORE_OPERATORS = {ast.FloorDiv: ast.Div, ast.Mod: ast.Mult, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr}
MORE_COMPARISONS = {ast.In: (ast.NotIn,), ast.NotIn: (ast.In,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,)}
WORD = re.compile(r"[A-Za-z_][\w.-]*")  # a string that names something
UNUSED = {"help", "metavar", "description", "epilog", "stacklevel"}  # arguments that are words to a person, or a place
KEPT = {*CASTS, "bool", "str", "list", "tuple"}  # the value of what they are applied to stays
Change = tuple[str, str]  # the kind, and what stands there instead


@dataclass(frozen=True)
class Wrong:
    """One wrong version of a module.

    Attributes:
        path: the module, below the folder of the project.
        line: where the change begins.
        function: the qualified name of the function or class around it; empty at the module's level.
        kind: the slip.
        was: what stands there.
        becomes: what stands there then.
        span: where, in bytes of the file.
    """

    path: str
    line: int
    function: str
    kind: str
    was: str
    becomes: str
    span: tuple[int, int]

    def applied(self, raw: bytes) -> bytes:
        """The module with the change; what stands below keeps its line."""
        start, stop = self.span
        text, breaks = self.becomes.encode(), b"\n" * raw[start:stop].count(b"\n")
        text = text[:-1] + breaks + b")" if text.startswith(b"(") else text + breaks
        return raw[:start] + text + raw[stop:]

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" + f" in {self.function}" * bool(self.function)
        return f"{place}, {self.kind}: {self.was[:120]} -> {self.becomes[:120]}"


def wrong_versions(root: Path, path: Path) -> Iterator[Wrong]:
    """All wrong versions of a module; some cannot be parsed, or say the same in other words: see `is_real`."""
    raw = path.read_bytes()
    name, seen, starts = path.relative_to(root).as_posix(), set(), [0]
    for line in raw.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    text = cache(lambda place: _short(ast.unparse(place)))  # several changes may happen at one place
    for node, function in _nodes(ast.parse(raw)):
        for place, kind, becomes in _changes(node):
            span = starts[place.lineno - 1] + place.col_offset, starts[place.end_lineno - 1] + place.end_col_offset
            if (span, becomes) not in seen:
                seen.add((span, becomes))
                yield Wrong(name, place.lineno, function, kind, text(place), becomes, span)


def is_real(wrong: Wrong, raw: bytes) -> bool:
    """Whether the module with the change is Python, and another program than before."""
    try:
        return ast.dump(ast.parse(wrong.applied(raw))) != ast.dump(ast.parse(raw))
    except SyntaxError:
        return False


def _short(text: str) -> str:
    return " ".join(text.split())


def _nodes(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    """Every node that a slip can happen to, with the function around it."""

    def walk(node: ast.AST, function: str) -> Iterator[tuple[ast.AST, str]]:
        for child in _children(node):
            named = isinstance(child, ast.FunctionDef | ast.ClassDef)
            inside = f"{function}.{child.name}".lstrip(".") if named else function
            if hasattr(child, "lineno"):
                yield child, inside
            yield from walk(child, inside)

    return walk(tree, "")


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """What is below a node without docstrings, annotations, types, and the words of messages."""
    if isinstance(node, ast.JoinedStr | ast.Import | ast.ImportFrom) or _is_type(node):
        return
    if isinstance(node, ast.If) and _is_of_types(node):
        return
    for name, field in ast.iter_fields(node):
        for child in field if isinstance(field, list) else [field]:
            if isinstance(child, ast.AST) and not _is_words(node, name, child):
                yield child


def _is_of_types(node: ast.If) -> bool:
    """Whether a condition asks if only types are checked; no running program goes there."""
    return "TYPE_CHECKING" in ast.unparse(node.test)


def _is_type(node: ast.AST) -> bool:
    """Whether a node only says of what type something is."""
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        text = ast.unparse(node.value)
        kinds = r"(Callable|tuple|dict|list|np\.ndarray)\["
        return bool(re.match(rf"{kinds}|\w+( \| \w+)+$", text)) and node.targets[0].id[0].isupper()
    return False


def _is_words(node: ast.AST, name: str, child: ast.AST) -> bool:
    """Whether a child is a docstring, an annotation, or words to a person."""
    if name in ("annotation", "returns") or (isinstance(node, ast.keyword) and node.arg in UNUSED):
        return True
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "cast" and child is node.args[0]:
        return True
    text = isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
    return text or isinstance(child, ast.Raise)


def _changes(node: ast.AST) -> Iterator[tuple[ast.AST, str, str]]:
    """What can be wrong at one node: where, the kind, and what stands there then."""
    for kind, other in _wrong(node):
        yield node, kind, other if isinstance(other, str) else f"({ast.unparse(ast.fix_missing_locations(other))})"
    for test in _tests(node):
        yield from ((test, "condition", f"({answer})") for answer in (True, False))
    for decorator in getattr(node, "decorator_list", ()):
        yield decorator, "dropped decorator", "(lambda decorated: decorated)"
    place = isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute | ast.Subscript)
    if place or isinstance(node, ast.Expr | ast.AugAssign | ast.Continue | ast.Break):
        yield node, "dropped statement", "pass"


def _tests(node: ast.AST) -> list[ast.expr]:
    """The conditions that a statement or a comprehension asks; an endless loop is none of the slips."""
    if isinstance(node, ast.If):
        return [] if _is_of_types(node) else [node.test]
    return [test for generator in getattr(node, "generators", ()) for test in generator.ifs]


@singledispatch
def _wrong(node: ast.AST) -> Iterator[tuple[str, ast.AST | str]]:
    """What can be wrong at a node of its kind."""
    yield from ()


@_wrong.register
def _(node: ast.BinOp) -> Iterator[tuple[str, ast.AST]]:
    other = (OPERATORS | MORE_OPERATORS).get(type(node.op))
    if other:
        yield "operator", ast.BinOp(node.left, other(), node.right)
    if not isinstance(node.op, ast.BitOr):
        yield "dropped operand", node.left
        yield "dropped operand", node.right


@_wrong.register
def _(node: ast.BoolOp) -> Iterator[tuple[str, ast.AST]]:
    other = ast.Or if isinstance(node.op, ast.And) else ast.And
    yield "and, or", ast.BoolOp(other(), node.values)
    for k in range(len(node.values)):
        rest = node.values[:k] + node.values[k + 1 :]
        yield "dropped condition", rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)


@_wrong.register
def _(node: ast.UnaryOp) -> Iterator[tuple[str, ast.AST]]:
    yield "sign" if isinstance(node.op, ast.USub) else "dropped not", node.operand


@_wrong.register
def _(node: ast.Compare) -> Iterator[tuple[str, ast.AST]]:
    for k, op in enumerate(node.ops):
        others = (COMPARISONS | MORE_COMPARISONS).get(type(op), ())
        if len(others) == 2 and any(map(_is_fraction, (node.left, *node.comparators))):
            others = others[1:]  # the first one differs at one real number only, which no computation meets
        for other in others:
            yield "comparison", ast.Compare(node.left, [*node.ops[:k], other(), *node.ops[k + 1 :]], node.comparators)


def _is_fraction(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, float) and not node.value.is_integer()


@_wrong.register
def _(node: ast.Constant) -> Iterator[tuple[str, ast.AST]]:
    value = node.value
    if isinstance(value, bool):
        yield "flag", ast.Constant(not value)
    elif isinstance(value, str) and WORD.fullmatch(value):
        yield "name", ast.Constant(f"{value}_")
    elif isinstance(value, int) and abs(value) < 100:
        yield "number", ast.Constant(value + 1)
        yield "number", ast.Constant(value - 1)
    elif isinstance(value, int | float):
        yield "number", ast.Constant(2 * value)
        yield "number", ast.Constant(value / 2 if isinstance(value, float) else value // 2)


@_wrong.register
def _(node: ast.Call) -> Iterator[tuple[str, ast.AST]]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if len(node.args) == 1 and not node.keywords and name not in KEPT and not isinstance(node.args[0], ast.Starred):
        yield "dropped function", node.args[0]
    for keyword in node.keywords:
        if keyword.arg not in UNUSED:
            yield "dropped argument", ast.Call(node.func, node.args, [k for k in node.keywords if k is not keyword])
    if name in OPPOSITES and isinstance(node.func, ast.Attribute):
        yield "function", ast.Call(ast.Attribute(node.func.value, OPPOSITES[name]), node.args, node.keywords)


@_wrong.register
def _(node: ast.IfExp) -> Iterator[tuple[str, ast.AST]]:
    yield "condition", node.body
    yield "condition", node.orelse


@_wrong.register
def _(node: ast.Slice) -> Iterator[tuple[str, ast.AST | str]]:
    for name in ("lower", "upper", "step"):
        if getattr(node, name) is not None:
            yield "slice", ast.unparse(ast.Slice(**{n: getattr(node, n) for n in node._fields if n != name}))


@_wrong.register
def _(node: ast.Attribute) -> Iterator[tuple[str, ast.AST]]:
    if node.attr in ("T", "mT"):
        yield "dropped transpose", node.value


@_wrong.register
def _(node: ast.Dict) -> Iterator[tuple[str, ast.AST]]:
    for k in range(len(node.keys)):
        yield "dropped entry", ast.Dict(node.keys[:k] + node.keys[k + 1 :], node.values[:k] + node.values[k + 1 :])


@_wrong.register(ast.Tuple | ast.List | ast.Set)
def _(node: ast.Tuple | ast.List | ast.Set) -> Iterator[tuple[str, ast.AST]]:
    if len(node.elts) > 1 and isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        for k in range(len(node.elts)):
            rest = node.elts[:k] + node.elts[k + 1 :]
            yield "dropped entry", type(node)(rest, ast.Load()) if hasattr(node, "ctx") else ast.Set(rest)
