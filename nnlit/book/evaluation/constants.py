r"""Numbers and arrays that need no row: e, pi, and arrays of ones, `\mathbf 1_N`, `\mathbf 1_{m \times n}`."""

import math
import re
from functools import lru_cache

import numpy as np

from nnlit.book.evaluation.values import Unknown, Value, bounded_size
from nnlit.book.language import nodes as n
from nnlit.book.language.totals import MEMBERS

CONSTANTS = {"e": math.e, r"\pi": math.pi}
ONES = re.compile(r"\\(?:mathbf|mathbb|vec)\{1\}_\{(.+)\}")


@lru_cache(maxsize=1000)
def ones_of(name: str) -> tuple[n.Node, ...]:
    """The axes of the array of ones that a name is; none for any other name."""
    found = ONES.fullmatch(name)
    pieces = re.split(r"\\times|,", found[1]) if found else []
    return tuple(n.Number(x) if x.isdecimal() else n.Symbol(x) for x in map(str.strip, pieces))


def ones(shape: tuple[int, ...]) -> Value:
    """An array of ones, if it is not too large; of one column or of one row a vector."""
    bounded_size(*shape)
    if len(shape) == 2 and 1 in shape:
        return Value(np.ones(max(shape)), row=shape[0] == 1)
    return Value(np.ones(shape))
WITHOUT = {  # what is said of names that look as if they had a value
    r"\delta": r"\delta has no value: give it a row with the meaning Kronecker delta, or a shape",
    r"\infty": r"\infty is no number: it stands in limits and at the ends of sums",
    r"\mathbb{1}": r"of what is this \mathbb{1}? write a relation behind it, \mathbb{1}[x > 0], or sizes below it",
}


def constant(name: str, *, table: bool = True) -> Value:
    """The value of e and of pi."""
    if name in CONSTANTS:
        return Value(np.array(CONSTANTS[name]))
    if not table:
        raise Unknown(name, f"{name} has no value: no Symbols table (symbol | shape | code | meaning) is valid here")
    if name in WITHOUT:
        raise Unknown(name, WITHOUT[name])
    name = name.replace(MEMBERS, "_i")
    text = f"{name} has no value: it is neither in the Symbols table nor defined by a displayed equation"
    raise Unknown(name, text)
