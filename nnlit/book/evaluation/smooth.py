r"""Functions of which a row says only that they are smooth: one is drawn, and is the same wherever its name stands.

Sines of mixtures of all arguments beside a linear part: analytic, so that a complex step passes through it, of no
symmetry, and with derivatives of every order that differ from each other.
"""

import math
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from nnlit.book.evaluation.values import Array, Misfit, Mistake, Value, sized, spread, union
from nnlit.book.language import nodes as n
from nnlit.book.language.declarations import Signature

Sizes = Callable[[Sequence[n.Node]], tuple[int, ...]]
WAVES = 5  # sines that are mixed
STEEP = 0.7  # the largest slope of the sines of an increasing function, whose linear part has slope one


@dataclass(frozen=True)
class Smooth:
    """A function that was drawn for its name, from arguments of some sizes to a result of some shape."""

    mixing: Array
    phases: Array
    heights: Array
    linear: Array

    @classmethod
    @lru_cache(maxsize=256)
    def drawn(cls, name: str, inside: int, outside: int) -> "Smooth":
        """The function of a name between so many numbers: the same ones every time."""
        rng = np.random.default_rng((zlib.crc32(name.encode()), inside, outside))
        mixing = rng.uniform(0.5, 1.2, (WAVES, inside)) * rng.choice([-1, 1], (WAVES, inside)) / np.sqrt(inside)
        heights, linear = rng.uniform(0.2, 0.8, (outside, WAVES)), rng.uniform(0.2, 0.6, (outside, inside))
        return cls(mixing, rng.uniform(0, 6, WAVES), heights, linear * rng.choice([-1, 1], (outside, inside)))

    def at(self, x: Array) -> Array:
        """Its values; the arguments stand along the last axis, and so do the results."""
        waves = np.sin(np.einsum("wi,...i->...w", self.mixing, x) + self.phases)
        return np.asarray(np.einsum("ow,...w->...o", self.heights, waves) + np.einsum("oi,...i->...o", self.linear, x))

    def rising(self, x: Array) -> Array:
        """An increasing function of one number: its slope stays above zero."""
        waves = np.sin(self.mixing[:, 0] * x + self.phases) * np.abs(self.heights[0] / self.mixing[:, 0])
        slope = np.sum(np.abs(self.heights[0]))
        return np.asarray(x + STEEP / slope * waves.sum(axis=-1, keepdims=True))


def smooth(name: str, signature: Signature, sizes: Sizes) -> Callable[[list[Value]], Value]:
    """The function of a row, to be called with values; `sizes` gives the numbers of a shape."""

    def apply(arguments: list[Value]) -> Value:
        shapes = _shapes(name, signature, arguments, sizes)
        letters = union(*arguments)
        batch = next((a.shape[:1] for a, s in zip(arguments, shapes, strict=True) if len(a.shape) > len(s)), ())
        flat = [_flat(a, s, letters, batch) for a, s in zip(arguments, shapes, strict=True)]
        lead = np.broadcast_shapes(*(f.shape[:-1] for f in flat))
        x = np.concatenate([np.broadcast_to(f, (*lead, f.shape[-1])) for f in flat], axis=-1)
        result = sizes(signature.result)
        function = Smooth.drawn(name, x.shape[-1], math.prod(result))
        data = _bent(function, x, signature)
        return Value(data.reshape((*data.shape[:-1], *result)), letters)

    return apply


def _shapes(name: str, signature: Signature, arguments: list[Value], sizes: Sizes) -> list[tuple[int, ...]]:
    """The shape that each argument has to have."""
    if signature.arguments is None:
        wide = next((a for a in arguments if a.shape and not signature.entries), None)
        if wide is not None:
            ask = f"{name} stands before something {sized(wide.shape)}: of what is it a function?"
            ways = "'any smooth function of a number' for one on every entry, or 'from $n$ to $k$'"
            raise Mistake(f"{ask} Say in its row {ways}")
        return [() for _ in arguments]
    want = [sizes(axes) for axes in signature.arguments]
    if len(want) != len(arguments):
        raise Mistake(f"{name} has {len(want)} arguments by its row, not {len(arguments)}")
    for shape, argument in zip(want, arguments, strict=True):
        rows = len(want) == 1 and shape and argument.shape[1:] == shape
        if argument.shape != shape and not rows:
            raise Misfit(f"an argument of {name} is {sized(shape)} by its row, but {sized(argument.shape)} here")
    return want


def _flat(argument: Value, shape: tuple[int, ...], letters: Sequence[str], batch: tuple[int, ...]) -> Array:
    """An argument with its numbers along the last axis; a batch of arguments has its rows before them."""
    data = spread(argument, letters, len(argument.shape))
    own = argument.shape[len(argument.shape) - len(shape) :] if shape else ()
    lead = data.shape[: data.ndim - len(own)]
    missing = (1,) * len(batch) if batch and len(argument.shape) == len(shape) else ()
    return data.reshape((*lead, *missing, math.prod(own)))


def _bent(function: Smooth, x: Array, signature: Signature) -> Array:
    """The values under the conditions of the row."""
    if signature.rising:
        return signature.rising * function.rising(x)
    return np.asarray(np.exp(0.5 * function.at(x))) if signature.positive else function.at(x)
