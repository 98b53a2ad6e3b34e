r"""Functions of a square matrix as a whole: `A^{1/2}`, `A^{-1/2}`, and the exponential `e^{t A}`; slopes are kept."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from nnlit.book.evaluation.values import Array, Misfit, Mistake, Value, combine, power

WHOLE = "exponential"  # the reading in which the exponential of a square matrix is no matter of its entries
TERMS = 20
SMALL = 0.25  # a matrix whose series ends after so many terms
NEAR = 1e-9  # two eigenvalues that are one


def exponential(value: Value) -> Value:
    """The exponential of a square matrix: its series for a part of it, squared again and again."""
    size = float(np.abs(value.data).sum(axis=-1).max(initial=0.0))
    halvings = max(0, int(np.ceil(np.log2(size / SMALL)))) if size > SMALL and np.isfinite(size) else 0
    part = value.data / 2.0**halvings
    term = total = np.broadcast_to(np.eye(value.shape[0]), value.data.shape).astype(value.data.dtype)
    for k in range(1, TERMS):
        term = term @ part / k
        total = total + term
    for _ in range(halvings):
        total = total @ total
    return replace(value, data=total)


def matrix_power(base: Value, exponent: Value, shown: str, *, rooted: bool) -> Value:
    """Of a square matrix the product with itself or the inverse; of another one entry by entry."""
    is_square = base.shape[0] == base.shape[1]
    is_whole = exponent.data.size == 1 and float(exponent.data.real.flat[0]).is_integer()
    if not is_square and is_whole and float(exponent.data.real.flat[0]) < 0:
        raise Misfit(f"inverse of a matrix of shape {base.shape}")
    if not is_square or exponent.shape:
        return combine(power, base, exponent, "a power")
    if not is_whole:
        power_of = rf"a square matrix to the power {shown}, which is no whole number"
        ask = rf"write ^{{\odot {shown}}} if every entry is meant"
        refused = Mistake(f"{power_of}: {ask}, or say 'symmetric positive definite' in its row")
        if rooted or exponent.data.size != 1:
            raise refused
        return fractional(base, float(exponent.data.real.flat[0]), lambda: refused)
    return replace(base, data=np.linalg.matrix_power(base.data, round(float(exponent.data.real.flat[0]))))


def fractional(value: Value, exponent: float, refuse: Callable[[], Mistake]) -> Value:
    """A power of a symmetric matrix with positive eigenvalues, and its slope; of any other matrix it is refused."""
    real = value.data.real
    if not np.allclose(real, np.swapaxes(real, -1, -2)):
        raise refuse()
    values, vectors = np.linalg.eigh(real)
    if (values <= 0).any():
        raise refuse()
    turned = np.swapaxes(vectors, -1, -2)
    data = (vectors * (values**exponent)[..., None, :]) @ turned
    if np.iscomplexobj(value.data):
        slope = turned @ value.data.imag @ vectors
        data = data + 1j * (vectors @ (quotients(values, exponent) * slope) @ turned)
    return replace(value, data=data)


def quotients(values: Array, exponent: float) -> Array:
    """The differences of powers of eigenvalues over those of the eigenvalues, and slopes where two are one."""
    one, other = values[..., :, None], values[..., None, :]
    same = np.abs(one - other) < NEAR * (one + other)
    slope = exponent * ((one + other) / 2) ** (exponent - 1)
    return np.asarray(np.where(same, slope, (one**exponent - other**exponent) / np.where(same, 1.0, one - other)))
