r"""What stands behind a function's equation and says for which arguments it is: `f(x) = \sqrt{x}, \quad x \ge 0`."""

from collections.abc import Iterator

from nnlit.book.language.remarks import BOUNDS, bare
from nnlit.book.language.spelling import Token
from nnlit.book.language.tokens import CONDITIONS, depths, pairs, split

INFINITE = {r"\infty", r"-\infty", r"+\infty"}
BESIDE = {"|", r"\|", r"\lvert", r"\rvert", "{", "}", "^", "+", "-", r"\cdot", "2", *BOUNDS}
ABOVE_ZERO = {r"\mathbbR_+", r"\mathbbR^+", r"\mathbbR_>0", r"\mathbbR_++", r"\mathbbR^++"}


def range_of(words: list[Token], sides: list[list[Token]]) -> list[list[Token]]:
    """The relations that say for which arguments a chain of sides holds, if words say that; else nothing.

    An inequality does, an interval, and a number that the right side does not hold the argument of.
    """
    if words and words[0].text == r"\forall":
        words = words[1:]
    names = list(arguments(sides[0]))
    level = depths(words)
    at = [k for k, token in enumerate(words) if token.text in CONDITIONS and not level[k]]
    if not names or not at:
        return []
    relations = {words[k].text for k in at}
    left, right = words[: at[0]], words[at[0] + 1 :]
    if relations <= BOUNDS:
        return [words] if is_of(words, names) else []
    if len(at) > 1 or len(left) != 1 or left[0].text not in names:
        return []
    if relations == {r"\in"}:
        return list(interval(left, words[at[0]], right))
    fixed = relations == {"="} and all(t.text.isdecimal() or t.text in {"-", "."} for t in right)
    return [words] if fixed and left[0].text not in {t.text for t in sides[-1]} else []


def arguments(side: list[Token]) -> Iterator[str]:
    """The letters that stand alone in the brackets of a side: the x and y of `f(x, y)`."""
    for k, end in enumerate(pairs(side)):
        if side[k].text == "(" and k and end > k:
            parts = (bare(part) for part in split(side[k + 1 : end], {",", ";", "|", r"\mid"}))
            yield from (part[0].text for part in parts if len(part) == 1 and part[0].text[-1].isalpha())


def is_of(words: list[Token], names: list[str]) -> bool:
    """Whether an inequality is one of an argument: it is one side, or of powers and sums of arguments and letters."""
    held = [[t.text for t in side] for side in split(words, BOUNDS)]
    if any(len(side) == 1 for side in held if set(side) & set(names)):
        return all(len(side) == 1 or not set(side) & set(names) for side in held)
    letters = {t.text for t in words if t.text not in BESIDE and not t.text.replace(".", "").isdecimal()}
    others = letters - set(names)
    return others != letters and all(x.isalpha() and x != "e" and len(x) == 1 for x in others)


def interval(name: list[Token], sign: Token, words: list[Token]) -> Iterator[list[Token]]:
    r"""`x \in [a, b)` as inequalities; the set of positive numbers as well, any other set as nothing."""
    texts = [t.text for t in words]
    inner = split(words[1:-1], {","})
    if "".join(t for t in texts if t not in {"{", "}"}) in ABOVE_ZERO:
        yield [*name, Token(">", sign.span), Token("0", words[-1].span)]
    if len(texts) < 5 or texts[0] not in {"(", "["} or texts[-1] not in {")", "]"} or len(inner) != 2:
        return
    low, high = inner
    if "".join(t.text for t in low) not in INFINITE:
        yield [*low, Token("<" if texts[0] == "(" else r"\le", sign.span), *name]
    if "".join(t.text for t in high) not in INFINITE:
        yield [*name, Token("<" if texts[-1] == ")" else r"\le", sign.span), *high]
