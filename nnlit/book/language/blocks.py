r"""Arrays that are put together: `[h, x]` and `[h; x]` side by side or below each other, and Kronecker products."""

from dataclasses import dataclass

from nnlit.book.language.node import Node


@dataclass(frozen=True)
class Stack(Node):
    """Arrays in square brackets: with semicolons they stand below each other, with commas side by side.

    Vectors with commas between them are one long vector where their lengths differ.
    """

    items: tuple[Node, ...]
    below: bool


@dataclass(frozen=True)
class Kronecker(Node):
    r"""The Kronecker product `A \otimes B`; of two vectors it has several readings."""

    left: Node
    right: Node
