r"""Where something lies: `x_i \in \{0, 1\}`, `p \in [0, 1)`, `X \in \mathbb R^{m \times n}`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nnlit.book.language import syntax as s
from nnlit.book.language.node import Node
from nnlit.book.language.remarks import trimmed
from nnlit.book.language.spans import Source
from nnlit.book.language.spelling import Token, bare
from nnlit.book.language.tokens import GAP, depths, lex, split
from nnlit.book.source.place import BookError

NUMBERS = {"R", "Z", "N"}
OPENINGS, CLOSINGS = {"(", "["}, {")", "]"}


@dataclass(frozen=True)
class Domain(Node):
    """Listed numbers (`{}`), an interval by its brackets, or real or whole numbers (`R`, `Z`, `N`); arrays of such."""

    kind: str
    members: tuple[Node, ...] = ()
    axes: tuple[Node, ...] = ()


def membership(source: Source, read: Callable[[Sequence[Token]], s.Tree]) -> tuple[s.Tree, s.Tree] | None:
    """The two sides of a display that says of one thing in which set it lies; None for any other, and other sets.

    Args:
        source: the display.
        read: reads some words as an expression.
    """
    words = trimmed(list(lex(source)))
    level = depths(words)
    cuts = [k for k, token in enumerate(words) if token.text == r"\in" and not level[k]]
    outer = {token.text for token, depth in zip(words, level, strict=True) if not depth}
    if len(cuts) != 1 or outer & {GAP, r"\\", "&"} or any(t.text.startswith((r"\begin", r"\text")) for t in words):
        return None
    left, right = words[: cuts[0]], words[cuts[0] + 1 :]
    if not left or not right or len(split(left, {",", ";"})) > 1:
        return None
    try:
        found, one = domain(right, read), read(left)
    except BookError:
        return None
    several = isinstance(one, s.Group) and len(one.parts) > 1
    return (one, found) if found and not several else None


def domain(words: list[Token], read: Callable[[Sequence[Token]], s.Tree]) -> s.Tree | None:
    """A set as it is written; None for one that is not known."""
    span = words[0].span.to(words[-1].span)
    end = next((k for k in range(len(words)) if words[k].text == "^" and not depths(words)[k]), len(words))
    if words[0].text in OPENINGS:  # a half-open interval has brackets that do not fit together
        end = max((k + 1 for k, token in enumerate(words) if token.text in CLOSINGS), default=0)
    base, above = words[:end], words[end:]
    if above and (above[0].text != "^" or len(above) < 2):
        return None
    pieces = split(bare(above[1:]), {r"\times"}) if above else []
    axes = tuple(map(read, pieces))
    texts = [token.text for token in base if token.text not in {"{", "}"}]
    if texts[:1] == [r"\mathbb"] and len(texts) == 2 and texts[1] in NUMBERS:
        return s.Domain(texts[1], (), axes, span=span)
    inner = split(base[1:-1], {","})
    if (base[0].text, base[-1].text) == (r"\{", r"\}"):
        return s.Domain("{}", tuple(map(read, inner)), axes, span=span)
    if base[0].text in OPENINGS and base[-1].text in CLOSINGS and len(inner) == 2:
        return s.Domain(base[0].text + base[-1].text, tuple(map(read, inner)), axes, span=span)
    return None
