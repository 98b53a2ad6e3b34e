"""What is counted: members of sets, ways to choose, orders."""

from dataclasses import dataclass

from nnlit.book.language.node import Node


@dataclass(frozen=True)
class Count(Node):
    r"""How many members a set has: `|S|`, `\#S`, `\operatorname{card}(S)`."""

    body: Node


@dataclass(frozen=True)
class Binomial(Node):
    """A binomial coefficient."""

    top: Node
    bottom: Node


@dataclass(frozen=True)
class Factorial(Node):
    """A factorial."""

    body: Node
