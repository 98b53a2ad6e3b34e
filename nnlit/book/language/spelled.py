r"""Functions whose backslash was forgotten: `log(y)` is the logarithm of y, no product of l, o, g and y."""

from collections.abc import Sequence
from itertools import pairwise

from nnlit.book.language import syntax as s
from nnlit.book.language.names import NameResolver

FORGOTTEN = (
    *("softmax", "sigmoid", "softplus", "ReLU", "relu", "sign", "tanh", "sinh", "cosh"),
    *("log", "exp", "ln", "sin", "cos", "tan", "max", "min", "det"),
)
MOST_BEFORE = 1  # letters right before a function's name: of more it is part of another word


def spelled(items: Sequence[s.Tree], joints: Sequence[str], resolver: NameResolver) -> tuple[list[s.Tree], list[str]]:
    """Factors in which letters that spell a function, right before brackets, are that function."""
    out, between, k = list[s.Tree](), list[str](), 0
    while k < len(items):
        count = _letters(items, joints, k)
        if k:
            between.append(joints[k - 1])
        out.append(_function(items, k, count, resolver) if count else items[k])
        k += count or 1
    return out, between


def _letters(items: Sequence[s.Tree], joints: Sequence[str], start: int) -> int:
    """How many letters spell a function here; none where they do not, or no brackets follow."""
    for word in FORGOTTEN:
        end = start + len(word)
        if end < len(items) and not any(joints[start:end]) and _text(items[start:end]) == word:
            behind = items[end].base if isinstance(items[end], s.Scripted) else items[end]  # type: ignore[attr-defined]
            if isinstance(behind, s.Group) and behind.opening == "(" and _side_by_side(items[start:end]):
                return len(word)
    return 0


def _text(items: Sequence[s.Tree]) -> str:
    """Single letters as a word, nothing where there are others."""
    letters = [x.text if isinstance(x, s.Name) and len(x.text) == 1 else " " for x in items]
    return "".join(letters)


def _side_by_side(items: Sequence[s.Tree]) -> bool:
    """Whether no space stands between letters."""
    spans = pairwise(x.span for x in items)
    return all(a and b and (a.line, a.end) == (b.line, b.column) for a, b in spans)


def _function(items: Sequence[s.Tree], start: int, count: int, resolver: NameResolver) -> s.Tree:
    """The function that letters spell, unless they mean something else to one reader."""
    first, last = items[start], items[start + count - 1]
    word, before = _text(items[start : start + count]), start
    while before and _text(items[before - 1 : before]) != " " and _side_by_side(items[before - 1 : before + 1]):
        before -= 1
    if start - before > MOST_BEFORE:
        resolver.fail(rf"is this a word? write \operatorname{{{_text(items[before:start])}{word}}}", first)
    if all(letter in resolver.names.kinds or letter in resolver.bound or letter == "e" for letter in word):
        resolver.fail(rf"is {word} a function or a product of letters? write \{word}, or spaces between them", first)
    span = first.span.to(last.span) if first.span and last.span else None
    return s.Word(word, operator=True, span=span)
