"""Which letters of an expression nothing in it binds."""

from collections.abc import Iterator
from functools import lru_cache

from nnlit.book.language import nodes as n
from nnlit.book.language.probability import Chances

BINDING = n.Big | n.Event | n.Mean | n.Information | n.Integral


@lru_cache(maxsize=8192)
def free(node: n.Node) -> tuple[str, ...]:
    """The index letters of an expression that no sum binds, in order."""
    if isinstance(node, n.Letter):
        return (node.name,)
    bound = node.letters if isinstance(node, BINDING) else ()
    found = dict.fromkeys(letter for child in node.children() for letter in free(child))
    return tuple(letter for letter in found if letter not in bound)


def loose(node: n.Node, chances: Chances) -> Iterator[str]:
    """Those of them that are outcomes of random variables."""
    return (letter for letter in free(node) if chances.variable(letter))
