r"""How far a function without brackets reaches: `\sin 2 u + 1`, `\log 2 \pi v`, and where two readers would differ."""

from collections.abc import Sequence

from nnlit.book.language import syntax as s
from nnlit.book.language.atoms import FUNCTIONS
from nnlit.book.language.names import Names
from nnlit.book.language.vocabulary import Moment

NAMED = {"softmax", "ReLU", "relu", "diag", "tr", "sign", "logsumexp", "erf", "Re", "Im", "sigmoid", "softplus", "abs"}
NAMED |= {"expm", "clip", "floor", "ceil", "vec"}
COUNTS = {"card", "Card"}
SPELLED = {name.removeprefix("\\"): name for name in FUNCTIONS | {r"\max", r"\min"}} | {
    "ln": r"\log",
    "sgn": "sign",
    "sig": "sigmoid",
    "Softmax": "softmax",
    "Tr": "tr",
    "trace": "tr",
    "clamp": "clip",
}
MOMENTS = {str(moment): moment for moment in Moment}
EXTREMES = {r"\max", r"\min"}


def reach(items: Sequence[s.Tree], joints: Sequence[str], first: int, names: Names) -> tuple[int, bool]:
    """Where the numbers and names that begin at a factor end, and whether a reader may stop at the first of them.

    Numbers in front of one name belong to it. Behind a name, and in front of brackets, a factor has two readings.
    """
    last = first
    while last < len(items) and (last == first or not joints[last - 1]) and is_plain(items[last], names):
        last += 1
    constant = [is_constant(x) for x in items[first:last]]
    behind = any(constant[constant.index(False) + 1 :]) if False in constant else False
    bracket = 0 < last < len(items) and not joints[last - 1] and isinstance(items[last], s.Group)
    numbers = bool(constant) and all(constant) and bracket
    return last + int(numbers), constant.count(False) > 1 or behind or numbers


def is_plain(item: s.Tree, names: Names) -> bool:
    """Whether a factor is a number or a name with its scripts, no function and nothing in brackets."""
    base = item.base if isinstance(item, s.Scripted) else item
    if isinstance(base, s.Name):
        known = base.text in FUNCTIONS | EXTREMES | {r"\nabla", r"\partial"}
        return not known and not names.is_function(base.text)
    if isinstance(base, s.Word):
        return base.text not in NAMED | set(MOMENTS) | set(SPELLED) and not names.is_function(base.text)
    return isinstance(base, s.Numeral) or (isinstance(base, s.Accent) and base.command != r"\mathbb")


def is_constant(item: s.Tree) -> bool:
    """Whether a factor is a number, also with an exponent."""
    base = item.base if isinstance(item, s.Scripted) else item
    return isinstance(base, s.Numeral) or (isinstance(base, s.Name) and base.text == r"\pi")
