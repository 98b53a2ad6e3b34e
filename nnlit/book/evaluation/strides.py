r"""Entries of a vector at products: `x_{2i-1}` is entry 2i - 1, where x has one axis and no comma stands below."""

from collections.abc import Mapping
from dataclasses import replace

from nnlit.book.language import nodes as n
from nnlit.book.language.declarations import Declared
from nnlit.book.language.vocabulary import Kind
from nnlit.book.source.place import BookError, Place

FACTORS = n.Number | n.Letter | n.Symbol


def strided(
    equations: Mapping[Place, n.Equation | BookError], rows: Mapping[str, Declared]
) -> Mapping[Place, n.Equation | BookError]:
    """The equations in which several factors below a name with one axis are one index."""
    vectors = {name for name, row in rows.items() if row.kind in {Kind.ARRAY, Kind.LABELS} and len(row.axes) == 1}

    def one(node: n.Node) -> n.Node:
        node = node.map(one)
        several = isinstance(node, n.Symbol) and len(node.indices) > 1 and node.name in vectors
        if not isinstance(node, n.Symbol) or not several or not all(isinstance(x, FACTORS) for x in node.indices[:-1]):
            return node
        index = node.indices[-1]
        for factor in reversed(node.indices[:-1]):
            index = times(factor, index)
        return replace(node, indices=(index,)) if is_stride(node.indices) else node

    def read(equation: n.Equation) -> n.Equation:
        steps = (replace(s, left=one(s.left), right=one(s.right)) for s in equation.steps)
        return replace(equation, steps=tuple(steps))

    if not vectors:
        return equations
    return {place: read(e) if isinstance(e, n.Equation) else e for place, e in equations.items()}


def is_stride(indices: tuple[n.Node, ...]) -> bool:
    """Whether indices are numbers or names of numbers, and a letter behind them that counts."""
    first = indices[-1]
    while isinstance(first, n.Add | n.Subtract):
        first = first.left
    return isinstance(first, n.Letter) and not any(isinstance(x, n.Letter) for x in indices[:-1])


def times(factor: n.Node, index: n.Node) -> n.Node:
    """A factor in front of an index, which takes its first term."""
    if isinstance(index, n.Add | n.Subtract):
        return replace(index, left=times(factor, index.left))
    return n.Product(factor, index, span=index.span)
