r"""Names of one family, `h_t` and `h_{t+1}`, and what an equation of one member says of another.

A family is what is left of a name without the letter that counts: `h_t`, `h_{t-1}` and `h_n` are of one,
`x_{k \mid k-1}` and `x_{k \mid k}` are not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from nnlit.book.evaluation.values import Mistake
from nnlit.book.language import nodes as n

LABEL = re.compile(r"[_^]\{[^{}]*\}")
PIECE = r"(?<![A-Za-z\\+\-*/\d]){letter}([+-]\d+)?(?![A-Za-z\d*/^_])"
LETTERS = r"([a-z]|\\[a-z]+)"


@dataclass(frozen=True)
class Member:
    """A name as one of a family: the letter that counts, and how far it is from that letter."""

    family: str
    letter: str
    offset: int


@lru_cache(maxsize=4096)
def members(name: str) -> tuple[Member, ...]:
    """A name as a member of families, one for each letter in its labels."""
    return tuple(members_of(name))


def members_of(name: str) -> Iterator[Member]:
    """The same, one after the other."""
    pieces = re.compile(PIECE.format(letter=LETTERS))
    found = [match for label in LABEL.findall(name) for match in pieces.finditer(label)]
    for letter in dict.fromkeys(match[1] for match in found):
        offset = next(int(match[2] or 0) for match in found if match[1] == letter)
        yield Member(Move(letter, "*", -offset).name(name), letter, offset)


@dataclass(frozen=True)
class Move:
    """Another letter for one that counts, and a number added to it."""

    letter: str
    to: str
    by: int

    def name(self, name: str) -> str:
        """A name with its labels moved."""
        piece = re.compile(PIECE.format(letter=re.escape(self.letter)))
        return LABEL.sub(lambda label: piece.sub(lambda at: self._counted(int(at[1] or 0)), label[0]), name)

    def _counted(self, offset: int) -> str:
        moved = offset + self.by
        return f"{self.to}{moved:+d}" if moved else self.to

    def node(self, node: n.Node) -> n.Node:
        """An expression moved; Mistake where the letter takes many values in it."""
        refuse_bound(node, self.letter)
        if isinstance(node, n.Symbol | n.Letter) and node.name == self.letter:
            other = replace(node, name=self.to)
            return n.Add(other, n.Number(str(self.by))) if self.by else other
        node = node.map(self.node)
        if isinstance(node, n.Symbol):
            return replace(node, name=self.name(node.name))
        return replace(node, function=self.name(node.function)) if isinstance(node, n.Call) else node


def refuse_bound(node: n.Node, letter: str) -> None:
    """Mistake where a letter takes many values in an expression, as that of a sum does."""
    if letter in (*getattr(node, "letters", ()), *getattr(node, "places", ()), getattr(node, "symbol", "")):
        raise Mistake(f"{letter} takes many values in it")


def families(node: n.Node) -> frozenset[str]:
    """What an expression is made of: the names in it, of members their families."""
    return frozenset(next((one.family for one in members(name)), name) for name in node.names)


def at_a_number(node: n.Node, letter: str, number: int) -> n.Node:
    """An expression with a number for a letter; Mistake where the letter takes many values in it."""
    refuse_bound(node, letter)
    if node == n.Letter(letter):
        return n.Number(str(number)) if number >= 0 else n.Negative(n.Number(str(-number)))
    return node.map(lambda part: at_a_number(part, letter, number))


def shifted(index: n.Node) -> tuple[str, int] | None:
    """The letter of an index and the number that is added to it; None of any other index, and of the letter alone."""
    if not isinstance(index, n.Add | n.Subtract) or not isinstance(index.left, n.Letter):
        return None
    if not isinstance(index.right, n.Number) or not index.right.text.isdecimal():
        return None
    return index.left.name, int(index.right.text) * (1 if isinstance(index, n.Add) else -1)
