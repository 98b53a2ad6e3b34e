"""The tags of a module: `# eq dense:grad-W` at the end of a line says which displayed equation the line implements.

A line with several parts names them in order: `return loss, grad  # eq losses:mse, losses:grad`; parts that are no
equation come last and have no name.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nnlit.book.source.chapter import NAME
from nnlit.book.source.digests import syntax
from nnlit.book.source.place import BookError, Place

TAGGED = re.compile(r"#\s*eq\b")
TAG = re.compile(rf"{TAGGED.pattern}(.*)$")
SIMPLE = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Return, ast.Expr)


@dataclass(frozen=True)
class Tag:
    """A tagged statement: its labels, where it begins, the function around it (`Dense.forward`) and its source."""

    labels: tuple[str, ...]
    place: Place
    function: str
    statement: ast.stmt
    source: str

    @property
    def lines(self) -> range:
        """The lines of the statement."""
        return range(self.statement.lineno, (self.statement.end_lineno or self.statement.lineno) + 1)


def read(path: Path) -> list[Tag]:
    """The tags of a module, in order; what cannot be a tag raises BookError with its file and line."""
    text = path.read_text(encoding="utf-8")
    if not TAGGED.search(text):
        return []
    statements = dict(_statements(syntax(path), ""))
    found = []
    for line, labels in _comments(path, text):
        if line not in statements:
            raise BookError(Place(path, line), "this tag ends no assignment, return or call inside a function")
        statement, function = statements[line]
        source = "\n".join(text.split("\n")[statement.lineno - 1 : line])
        found.append(Tag(labels, Place(path, statement.lineno), function, statement, source.strip()))
        parts(found[-1])
    return found


def module_path(chapter: Path) -> Path | None:
    """The module of a chapter, if it has one: `dense.py` of the package beside the folder of `04-dense.md`."""
    stem = chapter.stem.partition("-")[2]
    packages = sorted(p.parent for p in chapter.resolve().parent.parent.glob("*/__init__.py"))
    return next((p / f"{stem}.py" for p in packages if stem and (p / f"{stem}.py").is_file()), None)


def _comments(path: Path, text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Line and labels of every `# eq` comment."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        tag = TAG.search(token.string) if token.type == tokenize.COMMENT else None
        if tag:
            line = token.start[0]
            yield line, _labels(tag[1], Place(path, line))


def _labels(text: str, place: Place) -> tuple[str, ...]:
    """The labels that a tag names, each of which must belong to the module around it."""
    labels, module = tuple(label.strip() for label in text.split(",")), place.path
    bad = next((label for label in labels if not NAME.fullmatch(label)), None)
    if bad is not None:
        raise BookError(place, f"{bad!r} is no label: write # eq {module.stem}:name, or several with commas")
    strange = next((label for label in labels if label.partition(":")[0] != module.stem), None)
    if strange:
        text = f"tag {strange} stands in {module.name}: a tag's stem is its module's, {module.stem}:..."
        raise BookError(place, text)
    return labels


def _statements(tree: ast.AST, function: str, scope: str = "") -> Iterator[tuple[int, tuple[ast.stmt, str]]]:
    """The last line of every simple statement inside a function, with the statement and the function's name."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            name = f"{scope}{node.name}"
            yield from _statements(node, "" if isinstance(node, ast.ClassDef) else name, f"{name}.")
        elif isinstance(node, SIMPLE) and function:
            yield node.end_lineno or node.lineno, (node, function)
        elif not isinstance(node, ast.expr):
            yield from _statements(node, function, scope)


def parts(tag: Tag, statement: ast.stmt | None = None) -> tuple[list[ast.stmt], list[ast.expr]]:
    """What to run, and the expressions whose values then belong to the tag's labels.

    Args:
        tag: whose labels are to be given their values.
        statement: a changed version of the tag's statement, where that one is to be run instead.

    Returns:
        Statements to execute (none where the expressions alone tell), and one expression per label.

    Raises:
        BookError: if the tag names more parts than the statement has.
    """
    node = statement or tag.statement
    body, value = _target(node)
    elements = value.elts if isinstance(value, ast.Tuple) else value.values if isinstance(value, ast.Dict) else [value]
    if isinstance(value, ast.Call) and len(tag.labels) > 1:
        elements = [ast.Subscript(value, ast.Constant(k), ast.Load()) for k in range(len(tag.labels))]
    if len(elements) < len(tag.labels):
        raise BookError(tag.place, f"the tag names {len(tag.labels)} parts, the statement has {len(elements)}")
    return body, list(elements[: len(tag.labels)])


def _target(node: ast.stmt) -> tuple[list[ast.stmt], ast.expr]:
    """The statements to run and the expression that has the result: the name assigned to, or the value itself."""
    if isinstance(node, ast.AugAssign):
        return [node], _load(node.target)
    if isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        if isinstance(node.value, ast.Dict | ast.Tuple) or isinstance(target, ast.Subscript | ast.Attribute):
            return [], node.value
        return [node], _load(target)
    value = node.value if isinstance(node, ast.Return | ast.Expr) else None
    return [], value or ast.Constant(None)


def _load(target: ast.expr) -> ast.expr:
    """The same expression, to be read instead of written."""
    return ast.parse(ast.unparse(target), mode="eval").body
