"""The dense layer: every output is a weighted sum of all inputs, plus a bias."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from nnlit import doors
from nnlit.data import Array

if TYPE_CHECKING:
    import numpy.typing as npt

Gradients = dict[str, Array]


class Layer:
    """A value with `forward` and `backward`; nothing is stored between calls.

    A layer is a frozen dataclass. `parameters` names the fields that training may
    change; all others are constants. Layers compare by value and print their shapes.
    """

    parameters: ClassVar[tuple[str, ...]] = ()

    @property
    def n_in(self) -> int | None:
        """Numbers per example that come in; None where any number will do."""
        return None

    def width(self, n: int | None) -> int | None:
        """Numbers per example that go out when n come in.

        Raises ValueError if the layer cannot take n.
        """
        return n

    def forward(
        self, X: Array, rng: np.random.Generator | None = None
    ) -> tuple[Array, Any]:
        """The layer's output, and the cache: what `backward` needs to remember.

        `rng` is for layers that draw.
        """
        raise NotImplementedError(doors.lacking(self, "forward"))

    def backward(self, cache: Any, grad_A: Array) -> tuple[Array, Any]:
        """From the gradient of the output those of the input and of the parameters."""
        raise NotImplementedError(doors.lacking(self, "backward"))

    def gradients(self, cache: Any, grad_A: Array) -> Any:
        """The gradients of the parameters alone.

        For a first layer, whose input nobody asks about.
        """
        return self.backward(cache, grad_A)[1]

    def predict(self, X: Array) -> Array:
        """The output alone, as it is used after training."""
        return self.forward(X)[0]

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and all(
            _same(getattr(self, f.name), getattr(other, f.name))
            for f in fields(self)  # type: ignore[arg-type]
            if f.compare
        )

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return a.dtype == b.dtype and np.array_equal(a, b)
    return bool(a == b)


@dataclass(frozen=True, eq=False, repr=False)
class Dense(Layer):
    r"""The layer $Z = XW + b$, \eqref{dense:forward}.

    Args:
        W: weights, shape (n_in, n_out), floating point.
        b: biases, shape (n_out,), of the same dtype.

    Raises:
        TypeError: if W or b is a number or a list.
        ValueError: if W is not a matrix, b does not have one number per column of W, or
            they are not of one floating-point type.

    Examples:
        >>> Dense(W=np.array([[1.0, 2.0], [3.0, 4.0]]), b=np.array([0.5, -0.5]))
        Dense(2 -> 2, float64)
    """

    parameters: ClassVar[tuple[str, ...]] = ("W", "b")

    W: Array  # (n_in, n_out)
    b: Array  # (n_out,)

    def __post_init__(self) -> None:
        doors.weights(self.W, self.b)

    @classmethod
    def start(
        cls,
        n_in: int,
        n_out: int,
        rng: np.random.Generator,
        dtype: npt.DTypeLike = np.float32,
    ) -> Self:
        r"""A layer to begin training from.

        Every number is drawn between plus and minus $1/\sqrt{n_{in}}$.

        Args:
            n_in: numbers per example that come in.
            n_out: numbers per example that go out.
            rng: where the numbers come from.
            dtype: float32 for training, float64 for checks.

        Returns:
            The layer, with weights of shape (n_in, n_out).

        Raises:
            TypeError: if a size is no whole number, or rng is no generator.
            ValueError: if a size is below 1, or dtype is no floating-point type.

        Examples:
            >>> Dense.start(784, 10, np.random.default_rng(0))
            Dense(784 -> 10, float32)
        """
        doors.start("Dense.start", n_in, n_out, rng, dtype)
        r = 1 / np.sqrt(n_in)
        W, b = rng.uniform(-r, r, (n_in, n_out)), rng.uniform(-r, r, n_out)
        return cls(W.astype(dtype), b.astype(dtype))

    @property
    def n_in(self) -> int:
        """Numbers per example that come in: the rows of W."""
        return int(self.W.shape[0])

    def width(self, n: int | None) -> int:
        """Numbers per example that go out: the columns of W.

        Raises ValueError if n is not the number of the rows of W.
        """
        if n not in (None, self.n_in):
            text = f"a layer that takes {self.n_in}; W is {self.W.shape}"
            raise ValueError(f"Network: {n} numbers per example reach {text}")
        return int(self.W.shape[1])

    def forward(
        self, X: Array, rng: np.random.Generator | None = None
    ) -> tuple[Array, Array]:
        """A weighted sum for every output, plus its bias.

        Args:
            X: a batch, one example per row, shape (m, n_in).
            rng: not used.

        Returns:
            Z of shape (m, n_out), and the cache, which is X itself.

        Examples:
            >>> W, b = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([0.5, -0.5])
            >>> layer = Dense(W, b)
            >>> Z, cache = layer.forward(np.array([[10.0, 1.0]]))
            >>> Z.tolist()
            [[13.5, 23.5]]
        """
        Z = X @ self.W + self.b  # eq dense:forward
        return Z, X

    def gradients(self, cache: Array, grad_Z: Array) -> Gradients:
        """The gradients of the parameters.

        Args:
            cache: the X that `forward` was given, shape (m, n_in).
            grad_Z: the gradient of the output, shape (m, n_out).

        Returns:
            A dict with the keys and the shapes of the parameters.

        Examples:
            >>> W, b = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([0.5, -0.5])
            >>> layer = Dense(W, b)
            >>> layer.gradients(np.array([[10.0, 1.0]]), np.array([[1.0, -1.0]]))
            {'W': array([[ 10., -10.], [  1.,  -1.]]), 'b': array([ 1., -1.])}
        """
        X = cache
        grad_W = X.T @ grad_Z  # eq dense:grad-W
        grad_b = grad_Z.sum(axis=0)  # eq dense:grad-b
        return {"W": grad_W, "b": grad_b}

    def backward(self, cache: Array, grad_Z: Array) -> tuple[Array, Gradients]:
        """The gradient of the input, and those of the parameters.

        Args:
            cache: the X that `forward` was given, shape (m, n_in).
            grad_Z: the gradient of the output, shape (m, n_out).

        Returns:
            grad_X of shape (m, n_in), and what `gradients` returns.

        Examples:
            >>> W, b = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([0.5, -0.5])
            >>> layer = Dense(W, b)
            >>> X, grad_Z = np.array([[10.0, 1.0]]), np.array([[1.0, -1.0]])
            >>> grad_X, grads = layer.backward(X, grad_Z)
            >>> grad_X.tolist()
            [[-1.0, -1.0]]
        """
        grad_X = grad_Z @ self.W.T  # eq dense:grad-X
        return grad_X, self.gradients(cache, grad_Z)

    def __repr__(self) -> str:
        return f"Dense({self.W.shape[0]} -> {self.W.shape[1]}, {self.W.dtype})"
