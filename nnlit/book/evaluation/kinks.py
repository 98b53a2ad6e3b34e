"""The names at which a text bends: some of their numbers are zero, so that what holds on one side alone is told."""

from collections.abc import Mapping

from nnlit.book.evaluation.scope import Definition
from nnlit.book.language import nodes as n
from nnlit.book.source.place import BookError, Place


def at_kinks(
    definitions: Mapping[str, Definition], equations: Mapping[Place, n.Equation | BookError]
) -> frozenset[str]:
    """Names that stand directly inside a maximum, a comparison or an absolute value."""
    found: set[str] = set()
    bent = {d.name for d in definitions.values() if d.function and kinked(d.body)}
    sides = [x for e in equations.values() if isinstance(e, n.Equation) for x in e.sides]
    for node in (y for x in sides for y in x.walk()):
        if isinstance(node, n.Call) and node.function in bent | {r"\max", r"\min", "ReLU", "relu"}:
            found |= {x.name for x in node.arguments if isinstance(x, n.Symbol)}
        elif isinstance(node, n.Relation) and node.operator not in {"=", r"\in"}:
            found |= {x.name for x in (node.left, node.right) if isinstance(x, n.Symbol)}
        elif isinstance(node, n.Absolute) and isinstance(node.body, n.Symbol):
            found.add(node.body.name)
    return frozenset(found)


def kinked(node: n.Node) -> bool:
    """Whether an expression bends."""
    calls = any(isinstance(x, n.Call) and x.function in {r"\max", r"\min", "ReLU"} for x in node.walk())
    return calls or any(isinstance(x, n.Relation | n.Absolute) for x in node.walk())
