"""The functions that the equation language knows without a displayed definition."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from nnlit.book.evaluation.matrices import exponential
from nnlit.book.evaluation.values import (
    SMALLEST,
    Array,
    Misfit,
    Mistake,
    Unknown,
    Value,
    absolute,
    combine,
    off_the_line,
    real,
    reduced,
    sized,
)
from nnlit.book.language.vocabulary import NormKind


def sigmoid(z: Array) -> Array:
    """The logistic sigmoid; no exponential of a positive number is taken."""
    small = np.exp(np.where(z.real < 0, z, -z))
    return np.asarray(np.where(z.real < 0, small, 1) / (1 + small))


PLAIN: dict[str, Callable[[Array], Array]] = {
    r"\exp": np.exp,
    r"\log": lambda z: off_the_line(z, np.log(z)),
    r"\tanh": np.tanh,
    r"\sinh": np.sinh,
    r"\cosh": np.cosh,
    r"\sin": np.sin,
    r"\cos": np.cos,
    r"\tan": np.tan,
    "ReLU": lambda z: np.where(real(z) > 0, z, 0),
    "relu": lambda z: np.where(real(z) > 0, z, 0),
    "sigmoid": sigmoid,
    "softplus": lambda z: np.where(z.real < 0, 0, z) + np.log1p(np.exp(np.where(z.real < 0, z, -z))),
    "abs": absolute,
    "sign": lambda z: np.sign(real(z)),
    "Re": lambda z: np.where(np.abs(z.imag) < SMALLEST, z, z.real),
    "Im": np.imag,
    "floor": lambda z: np.floor(real(z)),
    "ceil": lambda z: np.ceil(real(z)),
}


NOT_COMPUTED = {
    "rank": "a rank is not computed: the matrices that are drawn have the largest rank there is, which decides nothing"
}


def entrywise(name: str) -> Callable[[list[Value]], Value]:
    """A function of one number, on every entry."""
    if name not in PLAIN:
        raise Unknown(name, NOT_COMPUTED.get(name, f"the function {name} has no displayed definition"))

    def apply(arguments: list[Value]) -> Value:
        if len(arguments) != 1:
            raise Mistake(f"{name} has one argument, not {len(arguments)}")
        return replace(arguments[0], data=np.asarray(PLAIN[name](arguments[0].data)))

    return apply


def flattened(value: Value) -> Value:
    """All entries of an array as one vector."""
    return Value(value.data.reshape(*value.data.shape[: len(value.letters)], -1), value.letters)


def extreme(operator: str) -> Callable[[list[Value]], Value]:
    r"""`\max(a, b)`: at a tie the constant wins, so that the slope there is the constant's."""

    def pick(a: Array, b: Array) -> Array:
        better = real(a) > real(b) if operator == "max" else real(a) < real(b)
        tie = np.where(a.imag == 0, a, b)
        return np.where(better, a, np.where(a.real == b.real, tie, b))

    def apply(arguments: list[Value]) -> Value:
        if len(arguments) == 1:
            return reduced(operator, flattened(arguments[0]))
        result = arguments[0]
        for other in arguments[1:]:
            result = combine(pick, result, other, rf"\{operator}")
        return result

    return apply


def rows(name: str, function: Callable[[Array], Array]) -> Callable[[list[Value]], Value]:
    """A function of a vector, for every row."""

    def apply(arguments: list[Value]) -> Value:
        if len(arguments) != 1:
            raise Mistake(f"{name} has one argument, not {len(arguments)}: one vector, or a matrix of rows")
        if not arguments[0].shape:
            raise Mistake(f"{name} is that of a vector, or of every row of a matrix, and here of a number")
        data = function(arguments[0].data)
        return Value(data, arguments[0].letters, arguments[0].row and data.ndim == arguments[0].data.ndim)

    return apply


def softmax(z: Array) -> Array:
    """Exponentials over their sum, shifted by the largest entry."""
    e = np.exp(z - z.real.max(axis=-1, keepdims=True))
    return np.asarray(e / e.sum(axis=-1, keepdims=True))


def logsumexp(z: Array) -> Array:
    """The logarithm of the sum of exponentials, shifted by the largest entry."""
    top = z.real.max(axis=-1, keepdims=True)
    return np.asarray(np.log(np.exp(z - top).sum(axis=-1)) + top[..., 0])


def diagonal(arguments: list[Value]) -> Value:
    """A vector as a diagonal matrix, or the diagonal of a matrix."""
    (value,) = arguments
    if len(value.shape) == 1:
        return Value(value.data[..., :, None] * np.eye(value.shape[0]), value.letters)
    if len(value.shape) != 2:
        raise Mistake(f"the argument of diag is {sized(value.shape)}")
    return Value(np.diagonal(value.data, axis1=-2, axis2=-1), value.letters)


def square(value: Value) -> bool:
    """Whether a value is a square matrix."""
    return len(value.shape) == 2 and value.shape[0] == value.shape[1]


def trace(arguments: list[Value]) -> Value:
    """The sum of the diagonal of a square matrix."""
    (value,) = arguments
    if not square(value):
        raise Misfit(f"the argument of tr is {sized(value.shape)}: it needs a square matrix")
    return Value(np.trace(value.data, axis1=-2, axis2=-1), value.letters)


def of_matrix(arguments: list[Value]) -> Value:
    """The exponential of a square matrix as a whole."""
    (value,) = arguments
    if not square(value):
        raise Misfit(f"the argument of expm is {sized(value.shape)}: it needs a square matrix")
    return exponential(value)


def determinant(arguments: list[Value]) -> Value:
    """The determinant of a square matrix."""
    (value,) = arguments
    if not square(value):
        raise Misfit(f"the argument of det is {sized(value.shape)}: it needs a square matrix")
    return Value(np.linalg.det(value.data), value.letters)


INDUCED = "norm"  # the reading in which a norm of a matrix with a number below it is by how much that stretches at most


def induced(value: Value, kind: NormKind) -> Value:
    """By how much a matrix stretches vectors at most: its largest singular value, or the largest sum of a line."""
    if kind is NormKind.TWO:
        turned = np.swapaxes(value.data, -1, -2)
        wide = value.data.shape[-1] > value.data.shape[-2]  # the smaller product has the same largest eigenvalue
        gram = value.data @ turned if wide else turned @ value.data
        largest = eigenvalue(-1)([replace(value, data=gram)])
        return replace(largest, data=np.sqrt(largest.data))
    sums = absolute(value.data).sum(axis=-2 if kind is NormKind.SUM else -1)
    return reduced("max", Value(sums, value.letters))


def eigenvalue(which: int) -> Callable[[list[Value]], Value]:
    """The largest or smallest eigenvalue of a symmetric matrix; its slope is that of first-order perturbation."""

    def apply(arguments: list[Value]) -> Value:
        (value,) = arguments
        real = value.data.real
        if not square(value):
            raise Misfit(f"an eigenvalue is that of a square matrix, and here of what is {sized(value.shape)}")
        if not np.allclose(real, np.swapaxes(real, -1, -2)):
            raise Mistake("an eigenvalue is computed of a symmetric matrix alone: say 'symmetric' in its row")
        if not np.iscomplexobj(value.data):
            return Value(np.linalg.eigvalsh(real)[..., which], value.letters)
        found, v = np.linalg.eigh(real)
        v = v[..., which]
        slope = np.einsum("...i,...ij,...j", v, value.data.imag, v)
        return Value(found[..., which] + 1j * slope, value.letters)

    return apply


def stacked(arguments: list[Value]) -> Value:
    """The columns of a matrix below each other as one vector."""
    (value,) = arguments
    if len(value.shape) != 2:
        raise Misfit(f"vec is that of a matrix, and here of what is {sized(value.shape)}")
    return replace(flattened(Value(np.swapaxes(value.data, -1, -2), value.letters)), upright=True)


def clipped(arguments: list[Value]) -> Value:
    """A value between two others."""
    if len(arguments) != 3:
        raise Mistake(f"clip has three arguments, not {len(arguments)}: a value, the least and the largest one")
    value, low, high = arguments
    return extreme("min")([extreme("max")([value, low]), high])


BUILTIN: dict[str, Callable[[list[Value]], Value]] = {
    r"\max": extreme("max"),
    r"\min": extreme("min"),
    "softmax": rows("softmax", softmax),
    "logsumexp": rows("logsumexp", logsumexp),
    "diag": diagonal,
    "tr": trace,
    r"\det": determinant,
    "expm": of_matrix,
    "clip": clipped,
    "vec": stacked,
    r"\lambda_{\max}": eigenvalue(-1),
    r"\lambda_{\min}": eigenvalue(0),
}
