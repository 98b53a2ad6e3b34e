"""Sums between bounds, and sums without an end."""

from dataclasses import replace
from itertools import pairwise

import numpy as np

from nnlit.book.evaluation.environment import Env, Range, evaluate
from nnlit.book.evaluation.indexing import base_of, is_index
from nnlit.book.evaluation.values import Mistake, Value, combine
from nnlit.book.language import nodes as n
from nnlit.book.language.guide import see
from nnlit.book.language.unparse import write

BLOCKS = (*range(0, 161, 20), 320, 640, 1280, 2560, 5120)  # where blocks of terms of a sum without an end begin
SETTLED = 1e-17
MOST = 100_000  # terms of a sum between bounds


def endless(node: n.Big, env: Env) -> Value:
    """A sum without an end: blocks of terms are added until they no longer change it."""
    plain = node.operator == "sum" and len(node.letters) == 1
    if not plain or any(isinstance(x, n.Indicator | n.Cases | n.Relation) for x in node.body.walk()):
        raise Mistake("without an end only a plain sum is computed" + see("endless"))
    total, first = Value(np.array(0.0)), node.low or n.Number("1")
    for k, stop in pairwise(BLOCKS):
        low = n.Add(first, n.Number(str(k)))
        block = evaluate(replace(node, low=low, high=n.Add(first, n.Number(str(stop - 1)))), env)
        total = combine(np.add, total, block, "a sum")
        scale = np.max(np.abs(total.data), initial=0.0)
        if k and np.max(np.abs(block.data), initial=0.0) <= SETTLED * scale:
            return total
    raise Mistake(f"this sum has not settled after {BLOCKS[-1]:,} terms: it is not computed" + see("endless"))


def bounded(node: n.Big, env: Env) -> tuple[Env, Value]:
    """Letters from a lower to an upper bound; either may depend on letters outside."""
    if node.low is None or node.high is None:
        raise Mistake(f"the range of {', '.join(node.letters)} has a lower bound and no upper one")
    first = lowest(node.low, env)
    low, high = round(float(first.data.real.min())), evaluate(node.high, env)
    if (high.data.real != np.rint(high.data.real)).any():
        what = "a vector or a matrix" if high.shape else "a number that may be broken"
        said = f"the upper bound of {', '.join(node.letters)} must be a whole number, and {write(node.high)} is {what}"
        raise Mistake(f"{said}{'' if isinstance(node.high, n.Number) else ': give it the shape size or integer'}")
    shift = base_of(node.high, env) if is_index(node.high, env) else 1
    top = round(float(high.data.real.max())) + (min(low, 1) - shift if high.letters else 0)
    if top - low > MOST:
        ask = "write a letter with the row 'size' above the sum: it is drawn small"
        raise Mistake(f"{top - low + 1:,} terms are too many to be added: at most {MOST:,} are; {ask}")
    ranges = {**env.ranges, **{x: Range(low, top - low + 1, 0 if low == 0 else 1) for x in node.letters}}
    inner = replace(env, ranges=ranges)
    mask = Value(np.array(True))
    ends = [(r"\le", node.high)] * bool(high.letters) + [(r"\ge", node.low)] * bool(first.letters)
    for letter, (relation, end) in ((letter, end) for letter in node.letters for end in ends):
        mask = combine(np.logical_and, mask, evaluate(n.Relation(relation, n.Letter(letter), end), inner))
    return inner, mask


def lowest(node: n.Node, env: Env) -> Value:
    """A lower bound; a letter outside that it depends on must count from one, as the bounds beside it do."""
    if not any(isinstance(x, n.Letter) for x in node.walk()):
        return Value(np.array(env.world.integer(node)))
    if base_of(node, env) != 1:
        outside = next(x.name for x in node.walk() if isinstance(x, n.Letter))
        ask = f"does {outside} count from 0 or from 1? write its bounds, as in \\sum_{{{outside}=1}}"
        raise Mistake(f"this sum begins at {write(node)}: {ask}", node.span)
    return evaluate(node, env)
