"""Arrays with named axes for index letters, and the arithmetic of matrices, vectors and numbers on them."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from nnlit.book.language.guide import see
from nnlit.book.language.spans import Span

SMALLEST = 1e-20  # an imaginary part below this is the step of a derivative
Array = np.ndarray[Any, np.dtype[Any]]


class Mistake(Exception):  # noqa: N818 (it is what an author made)
    """Something in an equation does not fit; the message is for the author, `span` says where, if that is known.

    `because` is the line of another display, which was refused and on which this one rests.
    """

    def __init__(self, message: str, span: Span | None = None, because: int = 0) -> None:
        super().__init__(message)
        self.span, self.because = span, because


class OverdueError(Exception):
    """An alarm says that a display took longer than it may: nothing that goes on without a value catches this."""


UNCOMPUTED = (Mistake, ArithmeticError, ValueError)  # what is raised where an expression has no value


class Misfit(Mistake):
    """Shapes or indices that do not fit together: such an equation cannot be true, whatever its numbers are."""


class OutsideError(Mistake):
    """A name that is displayed in some ranges alone, outside of these."""


class Unknown(Mistake):
    """A name that has no value: no row of a Symbols table and no displayed definition says what it is."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


@dataclass(frozen=True)
class Value:
    """An array with named axes for index letters in front; what is left of its shape is the matrix or vector.

    A vector is a row, or upright, where what it is made of says so; a name alone may stand for both.
    """

    data: Array
    letters: tuple[str, ...] = ()
    row: bool = False
    upright: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "data", np.asarray(self.data))

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape without the letters' axes."""
        return tuple(self.data.shape[len(self.letters) :])

    def size(self, letter: str) -> int:
        """How many values a letter takes."""
        return int(self.data.shape[self.letters.index(letter)])


class Later:
    """A value that is made when it is asked for, once for all worlds that hold it."""

    def __init__(self, make: Callable[[], Value]) -> None:
        self.make = make

    @cached_property
    def value(self) -> Value:
        """It."""
        return self.make()


def spread(value: Value, letters: Sequence[str], rank: int) -> Array:
    """The data with these letters as leading axes, in this order, and a matrix part of this rank."""
    if value.letters == tuple(letters) and len(value.shape) == rank:
        return value.data
    order = [value.letters.index(x) for x in letters if x in value.letters]
    data = value.data.transpose(*order, *range(len(value.letters), value.data.ndim))
    sizes = [value.size(x) if x in value.letters else 1 for x in letters]
    return data.reshape((*sizes, *(1,) * (rank - len(value.shape)), *value.shape))


def union(*values: Value) -> tuple[str, ...]:
    """All letters of some values, each once."""
    return tuple(dict.fromkeys(x for value in values for x in value.letters))


MOST_NUMBERS = 10_000_000  # in one array, which takes 80 MB


def bounded_size(*sizes: int) -> None:
    """Raise Mistake for an array that would be too large, before it is made."""
    if math.prod(sizes) > MOST_NUMBERS:
        shown = " x ".join(map(str, sizes))
        ask = "a sum in a sum is computed at once: write letters with the row 'size' above them, which are drawn small"
        raise Mistake(f"{shown} numbers at once are more than the {MOST_NUMBERS:,} that are computed; {ask}")


def combine(operation: Callable[[Array, Array], Array], left: Value, right: Value, name: str = "") -> Value:
    """Entry by entry; a number fits everything, a row fits every row of a batch, nothing else is stretched."""
    a, b = left.shape, right.shape
    if not (a == b or not a or not b or (len(a) == 1 and b[-1:] == a) or (len(b) == 1 and a[-1:] == b)):
        refuse_beside(left, right, name)
        raise Misfit(f"shapes {a} and {b} do not fit {name}")
    letters, rank = union(left, right), max(len(a), len(b))
    if left.data.size * right.data.size > MOST_NUMBERS:
        bounded_size(*(left.size(x) if x in left.letters else right.size(x) for x in letters), *max(a, b, key=len))
    refuse_crossed(left, right, name)
    row = rank == 1 and all(v.row for v in (left, right) if v.shape)
    upright = rank == 1 and (left.upright or right.upright)
    return Value(operation(spread(left, letters, rank), spread(right, letters, rank)), letters, row, upright)


def refuse_beside(left: Value, right: Value, name: str) -> None:
    """A column that is as long as those of a matrix may be meant for each of them, as programs add it."""
    for one, other in ((left, right), (right, left)):
        if one.upright and len(other.shape) == 2 and one.shape == other.shape[:1]:
            ask = r"is the column meant for every column of the matrix? write b \mathbf{1}^\top, with a row 'all ones'"
            raise Mistake(f"shapes {left.shape} and {right.shape} do not fit {name}: {ask}")


def refuse_crossed(left: Value, right: Value, name: str = "") -> None:
    """A row and a column are not added, compared or multiplied entry by entry: a transpose is lost, or one too many."""
    crossed = (left.row and right.upright) or (left.upright and right.row)
    if crossed and len(left.shape) == len(right.shape) == 1:
        where = f" of {name}" if name else ""
        ask = r'write ^\top at one of them, or say in its row of the table that a name is "a row"'
        raise Mistake(f"on one side{where} stands a row, on the other a column: {ask}" + see("row-and-column"))


def product(left: Value, right: Value, *, dot: bool = False, said: Callable[[], str] = str) -> Value:
    """A matrix product, or a plain one where one side is a number; `said` writes it out for messages."""
    if not left.shape or not right.shape:
        return combine(np.multiply, left, right)
    ranks = len(left.shape), len(right.shape)
    if max(ranks) > 2:
        raise Mistake(f"product of shapes {left.shape} and {right.shape}: write arrays with three axes in index form")
    if ranks == (1, 1):
        return vectors(left, right, dot=dot, said=said)
    if left.shape[-1] != right.shape[0] or (ranks[1] == 1 and right.row):
        raise Misfit(f"matrix product of shapes {left.shape} and {right.shape}{said()}")
    return matrices(left, right, said)


def matrices(left: Value, right: Value, said: Callable[[], str] = str) -> Value:
    """The product of two matrices, or of a matrix and a vector."""
    letters = union(left, right)
    a, b = spread(left, letters, len(left.shape)), spread(right, letters, len(right.shape))
    if len(left.shape) == 1 and not left.row:
        ask = r'write ^\top behind it, or say in its row that it is "a row"'
        ask = f"a column in front of a matrix{said()}: {ask}"
        raise Mistake(ask + see("column-matrix"))
    if len(left.shape) == 1:
        return Value(np.matmul(a[..., None, :], b)[..., 0, :], letters, row=True)
    if len(right.shape) == 1:
        return Value(np.matmul(a, b[..., None])[..., 0], letters, upright=True)
    return Value(np.matmul(a, b), letters)


def vectors(left: Value, right: Value, *, dot: bool, said: Callable[[], str] = str) -> Value:
    """A row times a column is a number, a column times a row a matrix."""
    letters = union(left, right)
    a, b = spread(left, letters, 1), spread(right, letters, 1)
    if right.row and not left.row:
        return Value(a[..., :, None] * b[..., None, :], letters)
    if not (dot or (left.row and not right.row)):
        ask = r"write \odot, ^\top or \langle a, b \rangle" + see("two-vectors")
        raise Misfit(f"two vectors side by side{said()}: {ask}")
    if left.shape != right.shape:
        raise Misfit(f"inner product of vectors of lengths {left.shape[0]} and {right.shape[0]}")
    return Value((a * b).sum(axis=-1), letters)


def power(base: Array, exponent: Array) -> Array:
    """Powers that keep whole exponents whole, so that a negative base stays on the real line."""
    if np.iscomplexobj(exponent) or exponent.size != 1:
        return np.asarray(np.power(base, exponent))
    number = float(exponent.flat[0])
    if number == 0.5:
        return off_the_line(base, np.sqrt(base))
    if number == int(number):
        return np.asarray(np.power(base, int(number) if number >= 0 else number))
    return off_the_line(base, np.power(base, number))


def off_the_line(base: Array, value: Array) -> Array:
    """Values at numbers; where one is moved for a derivative, none at negative ones, which leave the real line."""
    small = np.abs(base.imag) < SMALLEST
    moved = small & (base.imag != 0)
    return np.asarray(np.where(small & (base.real < 0), complex(np.nan, np.nan), value) if moved.any() else value)


def absolute(data: Array) -> Array:
    """Absolute values that keep a perturbation."""
    return np.asarray(np.sign(real(data)) * data)


def real(data: Array) -> Array:
    """Numbers without the step of a derivative; complex ones have no order, and no size that is differentiated."""
    if np.iscomplexobj(data) and (np.abs(data.imag) >= SMALLEST).any():
        raise Mistake("a complex number stands in a comparison, in bars or in a maximum: this is not computed")
    return data.real


def reduced(operator: str, value: Value, *, row: bool = False) -> Value:
    """A sum, product, maximum or minimum over the last axis; of equal values the first is taken."""
    data = value.data
    if operator == "sum":
        return Value(data.sum(axis=-1), value.letters, row)
    if operator == "prod":
        return Value(data.prod(axis=-1), value.letters, row)
    first = np.argmax(data.real, axis=-1) if operator == "max" else np.argmin(data.real, axis=-1)
    return Value(np.take_along_axis(data, first[..., None], axis=-1)[..., 0], value.letters, row)


def weighed(value: Value, letter: str, weights: Array) -> Value:
    """A weighted sum along a letter."""
    rest = tuple(x for x in value.letters if x != letter)
    data = spread(value, (letter, *rest), len(value.shape))
    return Value(np.tensordot(weights, np.broadcast_to(data, (len(weights), *data.shape[1:])), axes=1), rest, value.row)


def sized(shape: tuple[int, ...]) -> str:
    """What something with a shape is, in words."""
    return f"of shape {shape}" if shape else "a number"
