"""Slopes you can check: a derivative computed from values alone, to hold every formula of the book against."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from nnlit.data import Array

Function = Callable[[Array], Any]
Route = tuple[int | str, ...]


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
    grad = np.zeros_like(x, dtype=float)
    for i in np.ndindex(*x.shape):
        e = np.zeros_like(x, dtype=float)
        e[i] = 1
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
    grad = np.zeros_like(x, dtype=float)
    for i in np.ndindex(*x.shape):
        e = np.zeros_like(x, dtype=float)
        e[i] = 1
        grad[i] = np.imag(f(x + 1j * h * e)) / h  # eq gradcheck:complex
    return grad


def check_gradient(f: Function, x: Array, grad: Array, name: str = "x") -> str:
    """Compare a claimed gradient with both measurements: complex step to 1e-13, central differences to 1e-8.

    The difference is taken relative to the largest entry of the gradient, or to 1 where that is larger.

    Args:
        f: takes an array of the shape of x, real or complex, returns a number.
        x: the point, float64, away from kinks.
        grad: the claim, in the shape of x.
        name: what the message calls x.

    Returns:
        The word 'ok'.

    Raises:
        GradientError: if a shape or a number differs; the message has the entry, both values and the difference.

    Examples:
        >>> check_gradient(lambda x: (x**2).sum(), np.array([1.0, 2.0]), np.array([2.0, 4.0]))
        'ok'
        >>> check_gradient(lambda x: (x**2).sum(), np.array([1.0, 2.0]), np.array([2.0, 2.0]))
        Traceback (most recent call last):
        nnlit.gradcheck.GradientError: gradient of x: entry (1,) is 2, but complex step measures 4, a relative difference of 0.5
    """
    if np.shape(grad) != np.shape(x):
        raise GradientError(f"gradient of {name}: its shape is {np.shape(grad)}, but {name} has shape {np.shape(x)}")
    _compare(name, grad, "complex step measures", complex_step(f, x), 1e-13)
    _compare(name, grad, "central differences measure", central_difference(f, x), 1e-8)
    return "ok"


def _compare(name: str, grad: Array, by: str, slope: Array, tolerance: float) -> None:
    error = abs(grad - slope) / max(1.0, np.max(abs(slope), initial=0.0))
    if error.size and not error.max() <= tolerance:
        i = tuple(int(k) for k in np.unravel_index(np.argmax(np.nan_to_num(error, nan=np.inf)), error.shape))
        text = f"gradient of {name}: entry {i} is {grad[i]:.10g}, but {by} {slope[i]:.10g}"
        raise GradientError(f"{text}, a relative difference of {error[i]:.2g}")


def check_layer(layer: Any, X: Array, rng: np.random.Generator | None = None) -> str:
    """Compare a layer's `backward` with the slopes of its `forward`, for its input and for every parameter.

    The output is multiplied by random numbers G and summed, so that one number depends on everything; G is then the
    gradient that `backward` is handed. Where layers are made of layers, the parameters of all of them are compared.

    Args:
        layer: anything with `forward`, `backward` and `parameters`.
        X: an input in float64, away from kinks; choose all sizes different.
        rng: where G comes from; seed 0 if it is not given.

    Returns:
        The word 'ok'.

    Raises:
        GradientError: as `check_gradient` does, naming X or the parameter.

    Examples:
        >>> from nnlit.dense import Dense
        >>> rng = np.random.default_rng(1)
        >>> check_layer(Dense.start(4, 3, rng, dtype=float), rng.normal(size=(5, 4)))
        'ok'
    """
    A, cache = layer.forward(X)
    G = (rng or np.random.default_rng(0)).normal(size=A.shape)
    grad_X, grads = layer.backward(cache, G)
    check_gradient(lambda x: (G * layer.forward(x)[0]).sum(), X, grad_X, "X")
    for path, p, grad in _parameters(layer, grads):
        name = ".".join(f"layers[{k}]" if isinstance(k, int) else k for k in path)
        check_gradient(partial(_probe, layer, path, X, G), p, grad, name)
    return "ok"


def _probe(layer: Any, path: Route, X: Array, G: Array, p: Array) -> Any:
    """The number that `check_layer` looks at, for another value p of one parameter."""
    return (G * _replace(layer, path, p).forward(X)[0]).sum()


def _parameters(layer: Any, grads: Any) -> Iterator[tuple[Route, Array, Array]]:
    """The parameters of a layer and of the layers in it: where each stands, its value and its gradient."""
    for name in layer.parameters:
        yield (name,), getattr(layer, name), grads[name]
    for k, below in enumerate(getattr(layer, "layers", ())):
        yield from (((k, *path), p, grad) for path, p, grad in _parameters(below, grads[k]))


def _replace(layer: Any, path: Route, p: Array) -> Any:
    """The same layer with another value for one parameter."""
    first, rest = path[0], path[1:]
    if isinstance(first, str):
        return replace(layer, **{first: p})
    layers = list(layer.layers)
    layers[first] = _replace(layers[first], rest, p)
    return replace(layer, layers=tuple(layers))
