r"""Nodes and bindings to numbers, as a reader would compute them.

Index form means what it says, entry by entry, for every value of its letters. It is computed with one array axis per
letter instead of loops: the same values.
"""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from nnlit.book.evaluation import blocks as _blocks  # noqa: F401 - it registers its rules
from nnlit.book.evaluation.bounds import bounded, endless
from nnlit.book.evaluation.builtins import BUILTIN, INDUCED, determinant, entrywise, flattened, induced, square
from nnlit.book.evaluation.calculus import differentiated
from nnlit.book.evaluation.calls import user
from nnlit.book.evaluation.environment import Env
from nnlit.book.evaluation.expectations import evaluate
from nnlit.book.evaluation.identities import of_size
from nnlit.book.evaluation.indexing import membership
from nnlit.book.evaluation.matrices import WHOLE, exponential, matrix_power
from nnlit.book.evaluation.minima import extreme, over_values
from nnlit.book.evaluation.values import (
    Array,
    Misfit,
    Mistake,
    Value,
    absolute,
    bounded_size,
    combine,
    power,
    product,
    real,
    reduced,
    sized,
    spread,
)
from nnlit.book.language import nodes as n
from nnlit.book.language.derivatives import HIGHEST
from nnlit.book.language.guide import see
from nnlit.book.language.unparse import write
from nnlit.book.language.vocabulary import NormKind

__all__ = ["evaluate"]


@evaluate.register
def _(node: n.Number, env: Env) -> Value:
    return Value(np.array(float(node.text)))


@evaluate.register
def _(node: n.Negative, env: Env) -> Value:
    value = evaluate(node.body, env)
    return replace(value, data=-value.data)


@evaluate.register
def _(node: n.Add, env: Env) -> Value:
    return combine(np.add, *terms(node, env), "+")


@evaluate.register
def _(node: n.Subtract, env: Env) -> Value:
    return combine(np.subtract, *terms(node, env), "-")


def terms(node: n.Add | n.Subtract, env: Env) -> tuple[Value, Value]:
    """Two terms; an identity beside a square matrix of another size is the one that fits."""
    left, right = evaluate(node.left, env), evaluate(node.right, env)
    if left.shape != right.shape and all(len(x.shape) == 2 and x.shape[0] == x.shape[1] for x in (left, right)):
        return evaluate(node.left, of_size(node.left, right, env)), evaluate(node.right, of_size(node.right, left, env))
    return left, right


@evaluate.register
def _(node: n.Product, env: Env) -> Value:
    left, right = evaluate(node.left, env), evaluate(node.right, env)
    return product(left, right, dot=node.dot, said=lambda: f", {write(node)}")


@evaluate.register
def _(node: n.Star, env: Env) -> Value:
    left, right = evaluate(node.left, env), evaluate(node.right, env)
    if left.shape and right.shape:
        ask = rf"is {write(node)} a matrix product, entry by entry, or a convolution? write \odot, or no sign"
        raise Mistake(ask + see("star"))
    return combine(np.multiply, left, right)


@evaluate.register
def _(node: n.Times, env: Env) -> Value:
    left, right = evaluate(node.left, env), evaluate(node.right, env)
    if len(left.shape) == len(right.shape) == 1:
        ask = rf"is {write(node)} the cross product, which is not computed? write \cdot for the inner product, or \odot"
        raise Mistake(ask + see("cross"))
    return product(left, right, dot=True, said=lambda: f", {write(node)}")


@evaluate.register
def _(node: n.Count, env: Env) -> Value:
    name = node.body.name if isinstance(node.body, n.Symbol) else ""
    if name not in env.world.scope.sets:
        raise Mistake(f"the members of {write(node.body)} are not counted: it has no row that says it is a set")
    if name in env.world.scope.repeated:
        ask = f"does {write(node)} count a member of {name} once, or as often as it was taken? write its length"
        raise Mistake(ask + see("count"))
    value = env.world.value(name)  # of every number whether it is a member
    return Value(value.data.sum(axis=-1), value.letters)


@evaluate.register
def _(node: n.Hadamard, env: Env) -> Value:
    left, right = evaluate(node.left, env), evaluate(node.right, env)
    try:
        return combine(np.multiply, left, right, r"\odot")
    except Misfit as misfit:
        if not any(isinstance(side, n.Product) for side in node.parts):
            raise
        ask = r"is the product meant before \odot, or after it? Before it, as it is read, they do not fit"
        raise Mistake(rf"{misfit}: {ask}; write (a \odot b) c", node.span) from None


@evaluate.register
def _(node: n.Fraction, env: Env) -> Value:
    return combine(np.divide, evaluate(node.top, env), evaluate(node.bottom, env), r"\frac")


@evaluate.register
def _(node: n.Power, env: Env) -> Value:
    exponent = raised_to(node, env)
    if node.base == n.Symbol("e") and env.world.knows("e"):
        raise Mistake(r"e is a name of this page, so e^{...} is a power of it: write \exp(...) for the exponential")
    if node.base == n.Symbol("e"):
        return exponential(exponent) if whole(exponent, env) else replace(exponent, data=np.exp(exponent.data))
    base = evaluate(node.base, env)
    if len(base.shape) == 2 and not node.entries:
        return matrix_power(base, exponent, write(node.exponent), rooted=node.exponent.span is None)
    return combine(power, base, exponent, "a power")


def raised_to(node: n.Power, env: Env) -> Value:
    """The value of an exponent, which is a finite number."""
    if node.exponent == n.Symbol("H") and not env.world.knows("H"):
        raise Mistake(rf"{write(node)}: of real numbers a conjugate transpose is the transpose, so write ^\top")
    exponent = evaluate(node.exponent, env)
    if not np.isfinite(exponent.data).all():
        raise Mistake(f"the exponent {write(node.exponent)} is no finite number")
    return exponent


def whole(value: Value, env: Env) -> bool:
    """Whether the exponential of something is that of a matrix."""
    return WHOLE in env.world.scope.names.second and square(value)


@evaluate.register
def _(node: n.Transpose, env: Env) -> Value:
    value = evaluate(node.body, env)
    if len(value.shape) == 1:
        return replace(value, row=not value.row, upright=value.row)
    if len(value.shape) != 2:
        raise Misfit(rf"what ^\top stands at is {sized(value.shape)}")
    return Value(np.swapaxes(value.data, -1, -2), value.letters)


@evaluate.register
def _(node: n.Norm, env: Env) -> Value:
    value = evaluate(node.body, env)
    axes = tuple(range(len(value.letters), value.data.ndim))
    real(value.data)
    if INDUCED in env.world.scope.names.second and len(value.shape) == 2 and node.kind is not NormKind.EUCLIDEAN:
        return induced(value, node.kind)
    if node.kind in {NormKind.EUCLIDEAN, NormKind.TWO}:
        return Value(np.sqrt((value.data * value.data).sum(axis=axes)), value.letters)
    size = replace(value, data=absolute(value.data))
    if node.kind is NormKind.SUM:
        return Value(size.data.sum(axis=axes), value.letters)
    return reduced("max", flattened(size))


@evaluate.register
def _(node: n.Absolute, env: Env) -> Value:
    value = evaluate(node.body, env)
    if square(value):  # bars around a square matrix are its determinant
        return determinant([value])
    if len(value.shape) == 1:
        ask = "is this the length of the vector, or the absolute value of each of its entries?"
        raise Mistake(rf"{ask} Write \lVert ... \rVert, or an index")
    return replace(value, data=absolute(value.data))


@evaluate.register
def _(node: n.Inner, env: Env) -> Value:
    value = combine(np.multiply, evaluate(node.left, env), evaluate(node.right, env), r"\langle a, b \rangle")
    return Value(value.data.sum(axis=tuple(range(len(value.letters), value.data.ndim))), value.letters)


@evaluate.register
def _(node: n.Factorial, env: Env) -> Value:
    value = evaluate(node.body, env)
    if (value.data.real > MOST_FACTORS).any():
        ask = "write a letter with the row 'integer': it is drawn small"
        what = f"{value.data.real.max():,.0f}! is larger than the largest number: at most {MOST_FACTORS}! is computed"
        raise Mistake(f"{what}; {ask}")
    return replace(value, data=np.vectorize(lambda x: math.gamma(x + 1), otypes=[float])(value.data.real))


@evaluate.register
def _(node: n.Binomial, env: Env) -> Value:
    def choose(a: Array, b: Array) -> Array:
        if (np.minimum(b.real, a.real - b.real) > MOST_CHOSEN).any():
            ask = "write letters with the row 'integer': they are drawn small"
            what = rf"\binom{{{a.real.max():.0f}}}{{{b.real.max():.0f}}} is too large: at most {MOST_CHOSEN:,} below"
            raise Mistake(f"{what}; {ask}")
        return np.asarray(np.vectorize(lambda x, y: math.comb(round(x), round(y)), otypes=[float])(a.real, b.real))

    return combine(choose, evaluate(node.top, env), evaluate(node.bottom, env), r"\binom")


# sums and their kin

LISTS = ("list", "rows", "columns")
NEUTRAL = {**dict.fromkeys((*LISTS, "sum"), 0.0), "prod": 1.0}
NEUTRAL |= {"max": -np.inf, "min": np.inf, "argmax": -np.inf, "argmin": np.inf}


@evaluate.register
def _(node: n.Big, env: Env) -> Value:
    if node.high == n.Symbol(r"\infty"):
        return endless(node, env)
    if over_values(node, env):
        return extreme(node, env)
    inner, mask = (bounded if node.low is not None else unbounded)(node, env)
    if any(inner.ranges[x].size <= 0 for x in node.letters):
        return Value(np.array(NEUTRAL[node.operator]))
    if node.condition is not None:
        mask = combine(np.logical_and, mask, evaluate(node.condition, inner), "a condition")
    value = evaluate(node.body, inner.within(mask))
    if node.condition is not None and node.condition.operator == r"\in" and node.operator == "sum":
        value = combine(np.multiply, value, membership(node.condition, inner))
    if mask.letters:
        value = combine(lambda v, m: np.where(m, v, NEUTRAL[node.operator]), value, mask)
    return folded(node, value, inner)


MOST_CHOSEN = 1000  # below a binomial coefficient: half of more is beyond the largest number
MOST_FACTORS = 170  # of a factorial


def unbounded(node: n.Big, env: Env) -> tuple[Env, Value]:
    """Letters over the whole of the axes that they index."""
    whole = n.Big(node.operator, (), node.body, condition=node.condition)
    return env.with_letters(node.letters, whole), Value(np.array(True))


def folded(node: n.Big, value: Value, env: Env) -> Value:
    """The body's values put together along the letters."""
    rest = tuple(x for x in value.letters if x not in node.letters)
    sizes = [value.size(x) for x in rest] + [env.ranges[x].size for x in node.letters]
    bounded_size(*sizes, *value.shape)
    data = np.broadcast_to(spread(value, (*rest, *node.letters), len(value.shape)), (*sizes, *value.shape))
    data = data.reshape((*sizes[: len(rest)], -1, *value.shape))
    data = np.moveaxis(data, len(rest), -1)
    if node.operator.startswith("arg"):
        first = np.argmax(data.real, axis=-1) if node.operator == "argmax" else np.argmin(data.real, axis=-1)
        return Value(first.astype(float) + env.ranges[node.letters[0]].start, rest)
    if node.operator in LISTS:
        return beside(node.operator, Value(data, rest), row=value.row)
    if node.operator == "prod" and value.shape:
        raise Mistake("a product of arrays over an index has an order, and is not computed: write it with numbers")
    return reduced(node.operator, Value(data, rest), row=value.row)


def beside(operator: str, value: Value, *, row: bool) -> Value:
    """Numbers as a vector; columns side by side, or rows one below the other, as a matrix.

    They come along the last axis. What stands in a column of dots is a row, and the other way round: of anything else
    it is not known what is meant.
    """
    rank = len(value.shape)
    if rank == 1:
        return replace(value, row=operator == "columns")
    if rank > 2 or operator == "list" or row is (operator == "columns"):
        raise Mistake("these dots stand between vectors that do not lie side by side as they are written: write X_{i:}")
    return Value(value.data if operator == "columns" else np.swapaxes(value.data, -1, -2), value.letters)


# functions


@evaluate.register
def _(node: n.Call, env: Env) -> Value:
    arguments = [evaluate(x, env) for x in node.arguments]
    definition = env.world.scope.definitions.get(node.function)
    given = env.world.function(node.function)
    apply = given or (user(definition, env) if definition else BUILTIN.get(node.function) or entrywise(node.function))
    if node.function == r"\exp" and not (given or definition or node.primes) and whole(arguments[0], env):
        return exponential(arguments[0])
    if node.order:
        return of_order(apply, arguments, node, env)
    if node.primes:
        return differentiated(apply, arguments, node, env)
    return apply(arguments)


def of_order(apply: Callable[[list[Value]], Value], arguments: list[Value], node: n.Call, env: Env) -> Value:
    """A derivative whose order is a whole number, or one for every value of a letter."""
    assert node.order is not None
    order = evaluate(node.order, env)
    counts = sorted({round(float(x)) for x in order.data.real.flat})
    if order.shape or counts[-1] > HIGHEST or counts[0] < 0:
        raise Mistake(f"a derivative of order {counts[-1]} is not computed: at most {HIGHEST}")
    total = Value(np.array(0.0))
    for k in counts:
        call = replace(node, primes=k, order=None)
        value = differentiated(apply, arguments, call, env) if k else apply(arguments)
        mask = replace(order, data=order.data == k)
        total = combine(np.add, total, combine(lambda m, v: np.where(m, v, 0), mask, value, "a derivative"), "+")
    return total
