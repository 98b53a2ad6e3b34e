"""Slopes you can check: a derivative measured from values alone, to hold every formula of the book against."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from nnlit.data import Array

Function = Callable[[Array], Any]
Parameter = tuple[str, Array, Array, Callable[[Array], Any]]


class GradientError(AssertionError):
    """A gradient that is claimed and the slope that is measured differ."""


def central_difference(f: Function, x: Array, h: float = 6e-6) -> Array:
    r"""The gradient of a number f(x), measured by two values of f per entry of x, see \eqref{gradcheck:central}.

    Args:
        f: takes an array of the shape of x, returns a number.
        x: the point, any shape, float64.
        h: the step; the default is near the cube root of the smallest relative spacing of float64.

    Returns:
        The slopes, in the shape of x. Their error falls with the square of h until rounding takes over.

    Examples:
        >>> central_difference(lambda x: x[0] ** 2 * x[1], np.array([3.0, 2.0])).round(6).tolist()
        [12.0, 9.0]
    """
    grad = np.zeros(np.shape(x))
    for i, e in _units(x):
        grad[i] = (f(x + h * e) - f(x - h * e)) / (2 * h)  # eq gradcheck:central
    return grad


def complex_step(f: Function, x: Array, h: float = 1e-30) -> Array:
    r"""The gradient of a number f(x), measured by one step into the complex plane, see \eqref{gradcheck:complex}.

    Nothing is subtracted, so nothing cancels, and h can be so small that its square vanishes.

    Args:
        f: takes a complex array of the shape of x, returns a complex number; it must not take absolute values, real
            parts or norms on the way.
        x: the point, any shape, float64.
        h: the step.

    Returns:
        The slopes, in the shape of x, exact to rounding.

    Source:
        W. Squire and G. Trapp, Using complex variables to estimate derivatives of real functions, SIAM Review 40
        (1998), 110-112.

    Examples:
        >>> complex_step(lambda x: x[0] ** 2 * x[1], np.array([3.0, 2.0])).tolist()
        [12.0, 9.0]
    """
    grad = np.zeros(np.shape(x))
    for i, e in _units(x):
        grad[i] = np.imag(f(x + 1j * h * e)) / h  # eq gradcheck:complex
    return grad


def _units(x: Array) -> Iterator[tuple[tuple[int, ...], Array]]:
    """For every entry of x: where it stands, and an array that is 1 there and 0 elsewhere."""
    for i in np.ndindex(*np.shape(x)):
        e = np.zeros(np.shape(x))
        e[i] = 1
        yield i, e


def check_gradient(f: Function, x: Array, grad: Array, name: str = "x") -> str:
    r"""Compare a claimed gradient with both measurements: complex step to 1e-13, central differences to 1e-8.

    The difference is taken relative to the largest slope, or to 1 where that is larger: \eqref{gradcheck:error}.

    Args:
        f: takes an array of the shape of x, real or complex, returns a number.
        x: the point, float64, away from kinks.
        grad: the claim, in the shape of x.
        name: what the message calls x.

    Returns:
        The word 'ok'.

    Raises:
        ValueError: if x is not in float64 or has no entry, if f does not return a number, or if all slopes are so
            small that the comparison would let an error of one percent in the largest of them pass.
        GradientError: if a shape or a number differs; the message has the entry, the claim and both measurements.

    Examples:
        >>> check_gradient(lambda x: (x**2).sum(), np.array([1.0, 2.0]), np.array([2.0, 4.0]))
        'ok'
        >>> check_gradient(lambda x: (x**2).sum(), np.array([1.0, 2.0]), np.array([2.0, 2.0]))
        Traceback (most recent call last):
        nnlit.gradcheck.GradientError: gradient of x: entry (1,) is claimed to be 2, but complex step measures 4, ...
    """
    _check_call(f, x, name)
    if np.shape(grad) != np.shape(x):
        raise GradientError(f"gradient of {name}: its shape is {np.shape(grad)}, but {name} has shape {np.shape(x)}")
    exact, rough = complex_step(f, x), central_difference(f, x)
    wrong = ~((_error(grad, exact) <= 1e-13) & (_error(grad, rough) <= 1e-8))
    if wrong.any():
        i = tuple(int(k) for k in np.argwhere(wrong)[0])
        raise GradientError(f"gradient of {name}: entry {i} is claimed to be {_words(grad[i], exact[i], rough[i])}")
    _check_size(exact, name)
    return "ok"


def _check_call(f: Function, x: Array, name: str) -> None:
    if np.asarray(x).dtype != np.float64:
        text = f"{name} is {np.asarray(x).dtype}; astype(float) converts it"
        raise ValueError(f"gradient of {name}: expected float64, because the comparison is to 1e-13, but {text}")
    if not np.size(x):
        raise ValueError(f"gradient of {name}: expected at least one entry, but {name} has shape {np.shape(x)}")
    if np.shape(f(x)):
        text = f"the result has shape {np.shape(f(x))}; multiply it by random numbers and sum"
        raise ValueError(f"gradient of {name}: expected a function that returns a number, but {text}")


def _check_size(slope: Array, name: str) -> None:
    """Refuse slopes among which an error of one percent would be within the tolerance."""
    largest = float(np.max(abs(slope)))
    if largest < 1e-11:
        text = f"the largest slope is {largest:.0g}, and claims are compared to 1e-13; "
        if largest > 1e-300:
            text += f"multiply the function and the claim by a number, such as {1 / largest:.0g}, or "
        raise ValueError(f"gradient of {name}: nothing to measure: {text}choose another point")


def _error(grad: Array, slope: Array) -> Array:
    with np.errstate(invalid="ignore"):
        error: Array = abs(grad - slope) / max(1.0, np.max(abs(slope)))  # eq gradcheck:error
    return error


def _words(grad: Any, exact: Any, rough: Any) -> str:
    """The claim and both measurements of one entry, and what is to be thought of it if they differ themselves."""
    text = f"{grad:.10g}, but complex step measures {exact:.10g}, central differences {rough:.6g}"
    apart = not abs(exact - rough) <= 1e-5 * max(1.0, abs(rough))
    return text + ("; does the function take an absolute value or a real part, or is this a kink?" if apart else "")


def check_layer(layer: Any, X: Array, rng: np.random.Generator | None = None) -> str:
    r"""Compare a layer's `backward` with the slopes of its `forward`, for its input and for every parameter.

    The output is multiplied by random numbers G and summed, \eqref{gradcheck:probe}, so that one number depends on
    everything; G is then the gradient that `backward` is handed. Where layers are made of layers, the parameters of
    all of them are compared.

    Args:
        layer: a frozen dataclass with `forward`, `backward` and `parameters`.
        X: an input in float64, away from kinks; choose all sizes different.
        rng: where G comes from; seed 0 if it is not given.

    Returns:
        The word 'ok'.

    Raises:
        ValueError: as `check_gradient` does.
        GradientError: as `check_gradient` does, naming X or the parameter; also if a parameter has no gradient.

    Examples:
        >>> from dataclasses import dataclass
        >>> @dataclass(frozen=True)
        ... class Stretch:
        ...     w: Array
        ...     parameters = ("w",)
        ...     def forward(self, X):
        ...         return X * self.w, X
        ...     def backward(self, X, grad_A):
        ...         return grad_A * self.w, {"w": (grad_A * X).sum(axis=0)}
        >>> check_layer(Stretch(np.array([1.0, 2.0, 3.0])), np.arange(12.0).reshape(4, 3))
        'ok'
    """
    A, cache = layer.forward(X)
    G = (rng or np.random.default_rng(0)).normal(size=A.shape)
    grad_X, grads = layer.backward(cache, G)
    check_gradient(lambda x: _probe(layer.forward(x)[0], G), X, grad_X, "X")
    for name, p, grad, put in _parameters(layer, grads):
        check_gradient(lambda p, put=put: _probe(put(p).forward(X)[0], G), p, grad, name)  # type: ignore[misc]
    return "ok"


def _probe(A: Array, G: Array) -> Any:
    L = (G * A).sum()  # eq gradcheck:probe
    return L  # noqa: RET504


def _parameters(layer: Any, grads: Any) -> Iterator[Parameter]:
    """Every parameter of a layer and of layers in it: name, value, gradient, and how to put another in its place."""
    for name in layer.parameters:
        if name not in grads:
            raise GradientError(f"gradient of {name}: backward returns none, only {sorted(grads)}")
        yield name, getattr(layer, name), grads[name], partial(_with, layer, name)
    for k, below in enumerate(getattr(layer, "layers", ())):
        for name, p, grad, put in _parameters(below, grads[k]):
            yield f"layers[{k}].{name}", p, grad, partial(_with_layer, layer, k, put)


def _with(layer: Any, name: str, p: Array) -> Any:
    return replace(layer, **{name: p})


def _with_layer(layer: Any, k: int, put: Callable[[Array], Any], p: Array) -> Any:
    return replace(layer, layers=(*layer.layers[:k], put(p), *layer.layers[k + 1 :]))
