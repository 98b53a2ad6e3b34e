"""Derivatives measured from values alone, to hold every formula of the book against."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from nnlit import doors
from nnlit.data import Array

Function = Callable[[Array], Any]
Slope = Callable[[Function, Array], Array]


class GradientError(AssertionError):
    """A gradient that is claimed and the slope that is measured differ."""


def central_difference(f: Function, x: Array, h: float = 6e-6) -> Array:
    r"""The gradient of f(x), by two values of f per entry of x: \eqref{slopes:central}.

    Args:
        f: takes an array of the shape of x, returns a number.
        x: the point, any shape, float64.
        h: the step; the default is near the cube root of the smallest relative spacing
            of float64.

    Returns:
        The slopes, in the shape of x. Their error falls with the square of h until
        rounding takes over.

    Examples:
        >>> x = np.array([3.0, 2.0])
        >>> central_difference(lambda x: x[0] ** 2 * x[1], x).round(6).tolist()
        [12.0, 9.0]
    """
    grad = np.zeros(np.shape(x))
    for i, e in units(x):
        grad[i] = (f(x + h * e) - f(x - h * e)) / (2 * h)  # eq slopes:central
    return grad


def units(x: Array) -> Iterator[tuple[tuple[int, ...], Array]]:
    """Every position in x, each with an array that is 1 there and 0 elsewhere.

    Args:
        x: an array of any shape.

    Returns:
        Pairs of a position and an array of the shape of x.

    Examples:
        >>> [(i, e.tolist()) for i, e in units(np.zeros(2))]
        [((0,), [1.0, 0.0]), ((1,), [0.0, 1.0])]
    """
    for i in np.ndindex(*np.shape(x)):
        e = np.zeros(np.shape(x))
        e[i] = 1
        yield i, e


def check_gradient(  # noqa: PLR0913 - two only word the message and set the measure
    f: Function,
    x: Array,
    grad: Array,
    slope: Slope = central_difference,
    tolerance: float = 1e-7,
    name: str = "x",
) -> str:
    r"""Compare a claimed gradient with a measured one.

    The difference is taken relative to the largest slope, or to 1 where that is
    larger: \eqref{slopes:error}.

    Args:
        f: takes an array of the shape of x, returns a number.
        x: the point, float64, away from kinks.
        grad: the claim, in the shape of x.
        slope: how the gradient of f at x is measured.
        tolerance: how large the relative error may be.
        name: what the message calls x.

    Returns:
        The word 'ok'.

    Raises:
        TypeError: if f is no function.
        ValueError: if x is not in float64 or has no entry, if f does not return a
            number, or if all slopes are so small that the comparison would let an error
            of one percent in the largest of them pass.
        GradientError: if a shape or a number differs; the message has the entry, the
            claim and the measurement.

    Examples:
        >>> x = np.array([1.0, 2.0])
        >>> check_gradient(lambda x: (x**2).sum(), x, np.array([2.0, 4.0]))
        'ok'
        >>> check_gradient(lambda x: (x**2).sum(), x, np.array([2.0, 2.0]))
        Traceback (most recent call last):
        nnlit.slopes.GradientError: gradient of x: entry (1,) is claimed to be 2, but
        central_difference measures 4
    """
    x, grad = np.asarray(x), np.asarray(grad)
    _check_call(doors.function(name, f), x, grad, name)
    measured = slope(f, x)
    wrong = ~(_error(grad, measured) <= tolerance)
    if wrong.any():
        i = tuple(int(k) for k in np.argwhere(wrong)[0])
        text = f"{getattr(slope, '__name__', 'slope')} measures {measured[i]:.10g}"
        text = f"entry {i} is claimed to be {grad[i]:.10g}, but {text}"
        raise GradientError(f"gradient of {name}: {text}")
    _check_size(measured, tolerance, name)
    return "ok"


@np.errstate(invalid="ignore")
def _error(grad: Array, slope: Array) -> Array:
    error: Array = abs(grad - slope) / max(1.0, np.max(abs(slope)))  # eq slopes:error
    return error


def _check_call(f: Function, x: Array, grad: Array, name: str) -> None:
    of, but = f"gradient of {name}: expected", f"but {name} has shape {np.shape(x)}"
    if (kind := np.asarray(x).dtype) != np.float64:
        text = f"float64, because other numbers are too short, but {name} is {kind}"
        raise ValueError(f"{of} {text}; astype(float) converts it")
    if not np.size(x):
        raise ValueError(f"{of} at least one entry, {but}")
    if shape := np.shape(f(x)):
        text = f"the result has shape {shape}; multiply it by random numbers and sum"
        raise ValueError(f"{of} a function that returns a number, but {text}")
    if np.shape(grad) != np.shape(x):
        raise GradientError(f"gradient of {name}: its shape is {np.shape(grad)}, {but}")


def _check_size(slope: Array, tolerance: float, name: str) -> None:
    """Refuse slopes where an error of one percent would be within the tolerance."""
    largest = float(np.max(abs(slope)))
    if largest < 100 * tolerance:
        text = f"nothing to measure: the largest slope is {largest:.0g}, "
        text += f"and claims are compared to {tolerance:.0g}; "
        if largest > 1e-300:
            text += "multiply the function and the claim by a number, "
            text += f"such as {1 / largest:.0g}, or "
        raise ValueError(f"gradient of {name}: {text}choose another point")
