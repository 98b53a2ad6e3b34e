"""Slopes to the last digit by a complex step, and a whole layer held against them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from nnlit import doors
from nnlit.data import Array
from nnlit.slopes import Function, GradientError, check_gradient, units

Parameter = tuple[str, Array, Array, Callable[[Array], Any]]


def complex_step(f: Function, x: Array, h: float = 1e-30) -> Array:
    r"""The gradient of f(x) by one complex step, \eqref{gradcheck:complex}.

    The step leads into the complex plane. Nothing is subtracted, so nothing cancels,
    and h can be so small that its square vanishes.

    Args:
        f: takes a complex array of the shape of x, returns a complex number; it must be
            analytic near x, and its code must not take absolute values, real parts or
            norms on the way.
        x: the point, any shape, float64.
        h: the step.

    Returns:
        The slopes, in the shape of x, exact to rounding.

    Source:
        W. Squire and G. Trapp, Using complex variables to estimate derivatives of real
        functions, SIAM Review 40 (1998), 110-112.

    Examples:
        >>> complex_step(lambda x: x[0] ** 2 * x[1], np.array([3.0, 2.0])).tolist()
        [12.0, 9.0]
    """
    grad = np.zeros(np.shape(x))
    for i, e in units(x):
        grad[i] = np.imag(f(x + 1j * h * e)) / h  # eq gradcheck:complex
    return grad


def check_layer(layer: Any, X: Array, rng: np.random.Generator | None = None) -> str:
    r"""Compare a layer's `backward` with the slopes of its `forward`.

    The output is multiplied by random numbers G and summed, \eqref{gradcheck:probe}, so
    that one number depends on everything; G is then the gradient that `backward` is
    handed. The gradients of the input and of every parameter are compared with central
    differences to 1e-7 and with complex step to 1e-13. Where layers are made of layers,
    the parameters of all of them are compared.

    Args:
        layer: a frozen dataclass with `forward`, `backward` and `parameters`.
        X: an input in float64, away from kinks; choose all sizes different.
        rng: where G comes from; seed 0 if it is not given.

    Returns:
        The word 'ok'.

    Raises:
        TypeError: if layer is no layer, or rng no generator.
        ValueError: as `check_gradient` does.
        GradientError: as `check_gradient` does, naming X or the parameter; also if a
            parameter has no gradient.

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
        >>> X = np.arange(12.0).reshape(4, 3)
        >>> check_layer(Stretch(np.array([1.0, 2.0, 3.0])), X)
        'ok'
    """
    doors.has("check_layer", "layer", layer, "forward", "backward")
    A, cache = layer.forward(X := np.asarray(X))
    rng = np.random.default_rng(0) if rng is None else rng
    G = doors.generator("check_layer", rng).normal(size=A.shape)
    grad_X, grads = layer.backward(cache, G)
    _judge(lambda x: _probe(layer.forward(x)[0], G), X, grad_X, "X")
    for name, p, grad, put in _parameters(layer, grads):

        def f(p: Array, put: Callable[[Array], Any] = put) -> Any:
            return _probe(put(p).forward(X)[0], G)

        _judge(f, p, grad, name)
    return "ok"


def _probe(A: Array, G: Array) -> Any:
    L = (G * A).sum()  # eq gradcheck:probe
    return L  # noqa: RET504


def _judge(f: Function, x: Array, grad: Array, name: str) -> None:
    """Both measurements: the rough one that measures everything, then the exact one."""
    check_gradient(f, x, grad, name=name)
    try:
        check_gradient(f, x, grad, complex_step, 1e-13, name)
    except GradientError as error:
        text = "central differences agree with the claim to 1e-7"
        hint = "is it a small mistake, an absolute value or a kink?"
        raise GradientError(f"{error}; {text}; {hint}") from None


def _parameters(layer: Any, grads: Any) -> Iterator[Parameter]:
    """Every parameter of a layer and of layers in it.

    Its name, value and gradient, and how to put another in its place.
    """
    for name in layer.parameters:
        if name not in grads:
            text = f"backward returns none, only {sorted(grads)}"
            raise GradientError(f"gradient of {name}: {text}")
        yield name, getattr(layer, name), grads[name], partial(_with, layer, name)
    for k, below in enumerate(getattr(layer, "layers", ())):
        for name, p, grad, put in _parameters(below, grads[k]):
            yield f"layers[{k}].{name}", p, grad, partial(_with_layer, layer, k, put)


def _with(layer: Any, name: str, p: Array) -> Any:
    return replace(layer, **{name: p})


def _with_layer(layer: Any, k: int, put: Callable[[Array], Any], p: Array) -> Any:
    return replace(layer, layers=(*layer.layers[:k], put(p), *layer.layers[k + 1 :]))
