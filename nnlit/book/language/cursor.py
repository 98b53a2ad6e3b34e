"""A place among the words of a display."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NoReturn, Self

from nnlit.book.language.spans import Source, Span
from nnlit.book.language.spelling import Token
from nnlit.book.language.tokens import (
    ACCENTS,
    BARS,
    FONTS,
    OPEN,
    WORDS,
    depths,
    pairs,
    text_of,
)

DEEPEST = 50  # expressions inside each other that a parser follows


@dataclass(eq=False)
class Words:
    """Some words of a display, with what closes what."""

    tokens: Sequence[Token]
    source: Source

    @cached_property
    def match(self) -> list[int]:
        """For every opening word the position of the closing one."""
        return pairs(self.tokens)

    @cached_property
    def depth(self) -> list[int]:
        """How deep in brackets every word stands."""
        return depths(self.tokens)


class Cursor:
    """A range of words, read one after the other.

    `level` is how deep in brackets the range stands, `deep` how many expressions are being read around it.
    """

    def __init__(self, words: Words, start: int = 0, stop: int | None = None, level: int = 0, *, deep: int = 0) -> None:
        self.words, self.at, self.level, self.deep = words, start, level, deep
        self.start, self.stop = start, len(words.tokens) if stop is None else stop

    def sub(self, start: int, stop: int, level: int | None = None) -> Self:
        """A range inside this one."""
        return type(self)(self.words, start, stop, self.level if level is None else level, deep=self.deep)

    def anew(self, tokens: Sequence[Token]) -> Self:
        """Some of the words, without the others."""
        return type(self)(Words(tokens, self.words.source), deep=self.deep)

    @property
    def texts(self) -> tuple[str, ...]:
        """The words of the whole range."""
        return tuple(t.text for t in self.words.tokens[self.start : self.stop])

    @property
    def text(self) -> str:
        """The whole range as a label."""
        return text_of(self.texts)

    def span(self, start: int | None = None) -> Span | None:
        """From a word to the last one that was read."""
        first = self.start if start is None else start
        last = max(self.at - 1, first)
        if first >= len(self.words.tokens):
            return None
        return self.words.tokens[first].span.to(self.words.tokens[min(last, len(self.words.tokens) - 1)].span)

    def peek(self, ahead: int = 0) -> str:
        """The text of a word ahead, empty at the end."""
        k = self.at + ahead
        return self.words.tokens[k].text if k < self.stop else ""

    def next(self) -> str:
        """The text of the next word, which is consumed."""
        if self.at >= self.stop:
            self.ended_early()
        self.at += 1
        return self.words.tokens[self.at - 1].text

    def ended_early(self) -> NoReturn:
        """Say that nothing stands behind the last word of the range."""
        before = self.words.tokens[self.at - 1].text if self.at else "the relation"
        self.fail(f"the equation ends too early: something is missing behind {before}")

    def accept(self, *words: str) -> bool:
        """Whether the next word is one of these, which is then consumed."""
        if self.peek() not in words:
            return False
        self.at += 1
        return True

    def fail(self, message: str, at: int | None = None) -> NoReturn:
        """Raise BookError at a word: the one that is next, the last one at the end."""
        tokens = self.words.tokens
        k = min(self.at if at is None else at, len(tokens) - 1)
        raise self.words.source.error(tokens[k].span if tokens else None, message)

    def group(self) -> Self:
        """The words of `{...}`, or one word with the arguments that it takes itself."""
        if self.peek() == "{":
            return self.enclosed()
        start, missing = self.at, 1
        while missing:
            if self.at > start and self.peek() == "{":
                self.enclosed()
            else:
                word = self.next()
                missing += 2 if word in {r"\frac", r"\binom"} else int(word in ACCENTS | FONTS | WORDS | {r"\sqrt"})
            missing -= 1
        return self.sub(start, self.at)

    def enclosed(self) -> Self:
        """The words between the bracket that stands here and the one that closes it."""
        start, opening = self.at, self.next()
        end = self.bar(opening) if opening in BARS else self.words.match[start]
        if not start < end < self.stop:
            self.fail(f"this {opening} is never closed", start)
        closing = self.words.tokens[end].text
        if opening not in BARS and closing != OPEN.get(opening, closing):
            self.fail(f"{opening} is closed by {closing}", end)
        self.at = end + 1
        return self.sub(start + 1, end, self.words.depth[start])

    def bar(self, opening: str) -> int:
        """Where the bar that was just read is closed: by the next one of its kind outside all brackets."""
        depth = self.words.depth[self.at - 1]
        ends = (k for k in range(self.at, self.stop) if self.words.tokens[k].text == opening)
        return next((k for k in ends if self.words.depth[k] == depth), -1)

    def split(self, at: set[str]) -> list[Self]:
        """The pieces of what is left, between separators outside all brackets."""
        return self.parted(self.cuts(at))

    def cuts(self, at: set[str]) -> list[int]:
        """Where words stand outside all brackets."""
        left = range(self.at, self.stop)
        return [k for k in left if self.words.tokens[k].text in at and self.words.depth[k] == self.level]

    def parted(self, cuts: Iterable[int]) -> list[Self]:
        """The pieces between some words."""
        kept = sorted(cuts)
        return [self.sub(a, b) for a, b in zip([self.at, *(k + 1 for k in kept)], [*kept, self.stop], strict=True)]

    def given(self) -> dict[int, str]:
        r"""The signs besides commas that part the pieces of brackets: `;`, `\mid`, a bar that closes nothing, two bars.

        Two bars side by side are one joint, which stands where the first of them does.
        """
        found = dict.fromkeys(self.cuts({";"}), ";") | dict.fromkeys(self.cuts({r"\parallel"}), "||")
        mids = self.cuts({r"\mid"})
        found |= {k: "||" if k + 1 in mids else "|" for k in mids if k - 1 not in mids}
        double = self.cuts({r"\|"})
        found |= {k: "||" for k in double if len(double) == 1}
        bars = [k for k in self.cuts({"|"}) if k + 1 >= self.stop or self.words.tokens[k + 1].text not in {"_", "^"}]
        if len(bars) == 2 and bars[1] == bars[0] + 1:
            return found | {bars[0]: "||"}
        if len(bars) % 2 and len(bars) > 1:
            self.fail(r"which of these bars means 'given'? write \mid for that one", bars[1])
        return found | {k: "|" for k in bars if len(bars) == 1}
