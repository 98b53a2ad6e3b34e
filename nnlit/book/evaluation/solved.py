r"""Left sides that hold a name and something that is done with it: `\sigma^2 = a` and `\log Z = a`, solved for it."""

from dataclasses import replace

from nnlit.book.evaluation.constants import CONSTANTS
from nnlit.book.evaluation.scope import Definition
from nnlit.book.language import nodes as n


def varies(node: n.Node) -> bool:
    """Whether an expression holds a name that is no constant: then `e` on its left is a name, not 2.718..."""
    return any(name not in CONSTANTS for name in node.names)


def solved(step: n.Step) -> n.Step | None:
    """The same with the name alone on its left; None where that is not one of these."""
    left, right = step.left, step.right
    if isinstance(left, n.Power) and left.exponent == n.Number("2") and not left.entries:
        root = n.Power(right, n.Number("0.5"), entries=True, span=right.span)
        return replace(step, left=left.base, right=root) if isinstance(left.base, n.Symbol) else None
    if isinstance(left, n.Call) and left.function == r"\log" and not left.primes:
        (of,) = left.arguments[:1]
        free = isinstance(of, n.Symbol) and (of.name not in CONSTANTS or varies(right))
        return replace(step, left=of, right=n.Call(r"\exp", (right,), span=right.span)) if free else None
    return None


def diagonal(step: n.Step) -> Definition | None:
    r"""What `D_{ii} = \sum_j A_{ij}` gives D where nothing else does: a diagonal matrix with these entries."""
    left = step.left
    first = left.indices[0] if isinstance(left, n.Symbol) and left.indices else None
    if not isinstance(left, n.Symbol) or not isinstance(first, n.Letter) or left.indices != (first, first):
        return None
    other = n.Letter(f"{first.name}'")
    same = n.Indicator((n.Relation("=", first, other),))
    body = n.Product(same, step.right, span=step.right.span)
    return Definition(left.name, body, step.place, (first.name, other.name), diagonal=True)


def body_of(definition: Definition, right: n.Node) -> n.Node:
    """What a definition gives its name where another right side stands in its display."""
    if definition.diagonal and isinstance(definition.body, n.Product):
        return replace(definition.body, right=right)
    if definition.logarithm:
        return n.Call(r"\exp", (right,))
    return n.Power(right, n.Number("0.5"), entries=True) if definition.root else right
