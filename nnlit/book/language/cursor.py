"""A place among the words of a display, and what all its parsers share."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NoReturn

from nnlit.book.language import nodes as n
from nnlit.book.language.tokens import BARS, CLOSE, OPEN, WORDS, Token, depths
from nnlit.book.source.place import BookError, Place

ACCENTS = {r"\hat", r"\bar", r"\tilde", r"\dot", r"\ddot", r"\vec", r"\check"}
FONTS = {r"\mathbf", r"\mathcal", r"\mathbb", r"\mathsf", r"\mathfrak", r"\mathit", r"\mathscr"}
WORD = re.compile(r"\\[a-zA-Z]+|[a-zA-Z]")
Known = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Names:
    """What is known of names before an equation is read: canonical name to kind.

    Kinds are `array`, `number`, `size`, `integer`, `labels`, `function`, `kronecker` and `index`.
    """

    kinds: Mapping[str, str] = field(default_factory=dict)

    def is_function(self, name: str) -> bool:
        """Whether `name(` opens an argument list."""
        return self.kinds.get(name) == "function"

    def within(self, words: frozenset[str]) -> Known:
        """The names that can be written with some words of TeX: no other one matters to an equation made of these."""
        return frozenset((name, kind) for name, kind in self.kinds.items() if words_of(name) <= words)


@lru_cache(8192)
def words_of(text: str) -> frozenset[str]:
    """The letters and commands that a text is made of."""
    return frozenset(WORD.findall(text))


class Shared:
    """What the parsers of one display share: names, letters seen as indices, and where the display stands."""

    def __init__(self, place: Place, names: Names, *, labels: bool = False) -> None:
        self.place, self.names, self.labels = place, names, labels
        self.indices: set[str] = {name for name, kind in names.kinds.items() if kind == "index"}
        self.bound: list[str] = []
        self.deep = 0

    def fail(self, message: str, line: int) -> NoReturn:
        """Raise BookError at a line."""
        raise BookError(Place(self.place.path, line), message)

    def settle(self, node: n.Node) -> n.Node:
        """Letters that are never an index of anything are names after all."""
        if isinstance(node, n.Letter) and node.name not in self.indices:
            return n.Symbol(node.name)
        return node.map(self.settle)


class Cursor:
    """Some tokens of a display, read one after the other."""

    def __init__(self, tokens: Sequence[Token], shared: Shared) -> None:
        self.tokens, self.shared, self.at = list(tokens), shared, 0

    def peek(self, ahead: int = 0) -> str:
        """The text of a token ahead, empty at the end."""
        k = self.at + ahead
        return self.tokens[k].text if k < len(self.tokens) else ""

    def next(self) -> str:
        """The text of the next token, which is consumed."""
        if self.at >= len(self.tokens):
            self.fail("the equation ends too early: something is missing here")
        self.at += 1
        return self.tokens[self.at - 1].text

    def accept(self, *words: str) -> bool:
        """Whether the next token is one of these words, which is then consumed."""
        if self.peek() not in words:
            return False
        self.at += 1
        return True

    def fail(self, message: str) -> NoReturn:
        """Raise BookError at the current line."""
        if not self.tokens:
            self.shared.fail(message, self.shared.place.line)
        self.shared.fail(message, self.tokens[min(self.at, len(self.tokens) - 1)].line)

    def group(self) -> list[Token]:
        """The tokens of `{...}`, or one token; of digits without braces TeX takes the first."""
        if self.peek() == "{":
            return self.enclosed()
        self.part_digits()
        start, word = self.at, self.next()
        if word in ACCENTS | FONTS | WORDS | {r"\frac"}:
            self.group()
        if word == r"\frac":
            self.group()
        return self.tokens[start : self.at]

    def part_digits(self) -> None:
        """Of a number that stands here, make the first digit a token of its own."""
        word = self.peek()
        if word[:1].isdigit() and len(word) > 1:
            line = self.tokens[self.at].line
            self.tokens[self.at : self.at + 1] = [Token(word[0], line), Token(word[1:], line)]

    def enclosed(self) -> list[Token]:
        """The tokens between the bracket that stands here and the one that closes it."""
        start, opening = self.at, self.next()
        rest = self.tokens[start:]
        closing = OPEN.get(opening, opening)
        ends, depth = ({closing}, 0) if opening in BARS else (CLOSE, 1)
        level = depths(rest)
        end = next((k for k in range(1, len(rest)) if level[k] == depth and rest[k].text in ends), 0)
        self.at = start + end
        if not end:
            self.fail(f"this {opening} is never closed")
        if not self.accept(closing):
            self.fail(f"{opening} is closed by {self.peek()}")
        return rest[1:end]
