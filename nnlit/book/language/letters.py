"""Which letters of an expression nothing in it binds."""

from collections.abc import Iterator

from nnlit.book.language import nodes as n
from nnlit.book.language.probability import Chances

BINDING = n.Big | n.Event | n.Mean | n.Information | n.Integral


def free(node: n.Node, bound: frozenset[str] = frozenset()) -> dict[str, None]:
    """The index letters of an expression that no sum binds, in order."""
    if isinstance(node, n.Letter):
        return {} if node.name in bound else {node.name: None}
    if isinstance(node, BINDING):
        bound |= frozenset(node.letters)
    found: dict[str, None] = {}
    for child in node.children():
        found |= free(child, bound)
    return found


def loose(node: n.Node, chances: Chances) -> Iterator[str]:
    """Those of them that are outcomes of random variables."""
    return (letter for letter in free(node) if chances.variable(letter))
