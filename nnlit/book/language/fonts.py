r"""A font around a whole equation, as in `\mathrm{Z = XW}`: it says nothing, and the equation is read without it."""

from collections.abc import Sequence
from itertools import pairwise

from nnlit.book.language.spans import Source
from nnlit.book.language.spelling import SIGNS, Token, group

AROUND = frozenset({r"\mathrm", r"\mathit", r"\mathsf"})
WORD = 3  # letters side by side are a word to one reader, a product to another


def unfonted(tokens: Sequence[Token], source: Source) -> list[Token]:
    """The same without a font whose braces hold a relation; letters in it that may be a word are asked about."""
    out, k = list[Token](), 0
    while k < len(tokens):
        end = group(tokens, k + 1) if tokens[k].text in AROUND else k
        inside = tokens[k + 2 : end - 1]
        scripted = bool(out) and out[-1].text in {"_", "^"}
        if end > k and not scripted and any(t.text in SIGNS for t in inside):
            _refuse_words(inside, source)
        else:
            out.append(tokens[k])
        k += 1
    return out


def _refuse_words(tokens: Sequence[Token], source: Source) -> None:
    """Small letters without a space between them, in a font that words have."""
    first, count = tokens[0], 0
    for before, token in pairwise([tokens[0], *tokens]):
        small = len(token.text) == 1 and token.text.islower()
        goes_on = small and count and (before.span.line, before.span.end) == (token.span.line, token.span.column)
        first, count = (first, count + 1) if goes_on else (token, int(small))
        if count == WORD:
            ask = r"is this a word or a product of letters? write \mathrm around each word, not around the equation"
            raise source.error(first.span.to(token.span), ask)
