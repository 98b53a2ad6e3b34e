r"""What dots stand for: `x_1 + x_2 + \cdots + x_n` is a sum if every written term is the last one at a number.

The written terms must be instances of the last one in one letter, with whole numbers that rise by one up to the dots.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from nnlit.book.language.guide import see
from nnlit.book.language.spelling import Token

DOTS = {r"\dots", r"\cdots", r"\ldots", r"\vdots", r"\dotsb", r"\dotsc", r"\dotsm"}
LETTER = r"\iota"
ASK = "what do these dots stand for? the terms before them are not the last one at 1, 2, ...: write it with its bounds"
UNCLEAR = ASK + see("other-dots")


@dataclass(frozen=True)
class Series:
    """How many written terms belong to it, the first number, the last one, and a term with the letter."""

    count: int
    low: Token
    high: list[Token]
    term: list[Token]
    letter: str

    def goes_along(self, other: "Series | None") -> bool:
        """Whether another row of a matrix has its entries at the same numbers."""
        same = other is not None and (self.low.text, self.letter) == (other.low.text, other.letter)
        return same and other is not None and texts(self.high) == texts(other.high)


def series(before: Sequence[Sequence[Token]], last: Sequence[Token]) -> Series | None:
    """The terms in front of some dots and the one behind them as instances of one; None if they are not."""
    model = braced(last)
    letter = LETTER + "'" * sum(token.text == LETTER for token in model)
    found: Series | None = None
    for count, words in enumerate(reversed(before), 1):
        read = compared(braced(words), model, letter)
        if read is None:
            return found
        low, high, term = read
        same = not found or (texts(term) == texts(found.term) and texts(high) == texts(found.high))
        if found and not (same and int(low.text) == int(found.low.text) - 1):
            return None
        found = Series(count, low, high, term, letter)
    return found


def texts(tokens: Sequence[Token]) -> list[str]:
    """The words alone."""
    return [token.text for token in tokens]


def compared(
    written: Sequence[Token], last: Sequence[Token], letter: str
) -> tuple[Token, list[Token], list[Token]] | None:
    """The number of a written term, what stands for it in the last one, and the last one with a letter there."""
    low: Token | None = None
    high: list[Token] = []
    term: list[Token] = []
    i = j = 0
    while i < len(written) and j < len(last):
        if written[i].text == last[j].text:
            term.append(last[j])
            i, j = i + 1, j + 1
            continue
        end = extent(last, j, written[i + 1].text if i + 1 < len(written) else "")
        part = list(last[j:end])
        if not written[i].text.isdigit() or not part or (low and low.text != written[i].text):
            return None
        if high and texts(part) != texts(high):
            return None
        low, high = written[i], part
        term += [Token(word, last[j].span) for word in (LETTER, *letter.removeprefix(LETTER))]
        i, j = i + 1, end
    whole = i == len(written) and j == len(last)
    return (low, high, term) if whole and low is not None else None


def extent(tokens: Sequence[Token], start: int, following: str) -> int:
    """Where what begins at a word ends: at the bracket or comma that follows, else behind the word."""
    if following not in {"}", ")", "]", ","}:
        return start + 1
    depth = 0
    for k in range(start, len(tokens)):
        word = tokens[k].text
        if word == following and not depth:
            return k
        depth += (word in {"{", "(", "["}) - (word in {"}", ")", "]"})
        if depth < 0:
            break
    return start


def braced(tokens: Sequence[Token]) -> list[Token]:
    """Words with braces around every index and exponent that is one word."""
    out: list[Token] = []
    for k, token in enumerate(tokens):
        before = tokens[k - 1].text if k else ""
        alone = before in {"_", "^"} and token.text not in {"{", r"\mathbf", r"\text", r"\mathrm", r"\hat", r"\frac"}
        if alone:
            out += [Token("{", token.span), token, Token("}", token.span)]
        else:
            out.append(token)
    return out
