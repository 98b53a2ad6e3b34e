"""What helps against learning by heart.

Smaller weights, lost activations, softer targets, moved images, an earlier end.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from nnlit import doors
from nnlit.data import Array
from nnlit.dense import Layer
from nnlit.descent import Rule
from nnlit.losses import Loss
from nnlit.network import Network
from nnlit.training import Record

if TYPE_CHECKING:
    import numpy.typing as npt


@dataclass(frozen=True)
class L2(Rule):
    r"""A rule that also pulls every weight toward zero; biases are left alone.

    The pull is in \eqref{regularization:l2-gradient}.

    Args:
        rule: the rule that takes the step.
        strength: how strong the pull is, at least 0.

    Examples:
        >>> from nnlit import GradientDescent
        >>> rule, p = L2(GradientDescent(0.5), strength=0.25), np.array([[8.0]])
        >>> rule.update(p, g=np.array([[2.0]]), state=None, t=1)
        >>> p.tolist()
        [[6.0]]
    """

    rule: Rule
    strength: float

    def __post_init__(self) -> None:
        doors.has("L2", "rule", self.rule, "init", "update")
        if not 0 <= doors.number("L2", "strength", self.strength) < np.inf:
            expected = "expected a strength of at least 0"
            raise ValueError(f"L2: {expected}, but it is {self.strength}")

    def init(self, p: Array) -> Any:
        """What the rule itself remembers."""
        return self.rule.init(p)

    def update(self, p: Array, g: Array, state: Any, t: int) -> Any:
        """Add the slope of the penalty to that of the loss.

        Vectors, which are biases, get none.
        """
        if p.ndim > 1:
            g = g + self.strength * p  # eq regularization:l2-gradient
        return self.rule.update(p, g, state, t)


@dataclass(frozen=True, eq=False, repr=False)
class Dropout(Layer):
    r"""In training every number is lost with probability `rate`.

    The others grow to make up for it. Forward is \eqref{regularization:dropout};
    `predict` loses nothing.

    Args:
        rate: the probability to be lost, from 0 to below 1.

    Raises:
        ValueError: if rate is not a probability below 1.

    Source:
        N. Srivastava et al., Dropout: a simple way to prevent neural networks from
        overfitting, Journal of Machine Learning Research 15 (2014), section 10 for the
        form that rescales in training.

    Examples:
        >>> A, cache = Dropout(0.5).forward(np.ones((1, 6)), np.random.default_rng(0))
        >>> sorted(set(A.ravel().tolist()))
        [0.0, 2.0]
        >>> Dropout(0.5).predict(np.ones((1, 6))).tolist()
        [[1.0, 1.0, 1.0, 1.0, 1.0, 1.0]]
    """

    rate: float

    def __post_init__(self) -> None:
        if not 0 <= doors.number("Dropout", "rate", self.rate) < 1:
            expected = "expected a rate of at least 0 and below 1"
            raise ValueError(f"Dropout: {expected}, but it is {self.rate}")

    def forward(
        self, X: Array, rng: np.random.Generator | None = None
    ) -> tuple[Array, Array]:
        """Multiply by a mask that is 0 or 1 / (1 - rate). The cache is the mask.

        Args:
            X: any shape.
            rng: where the mask comes from.

        Returns:
            The output, in the shape of X, and the mask.

        Raises:
            ValueError: if there is no generator; `predict` needs none.
        """
        if rng is None:
            text = "forward draws a mask and needs a generator; predict does without"
            raise ValueError(f"Dropout: {text}")
        doors.generator("Dropout", rng)
        M = np.greater_equal(rng.random(X.shape), self.rate).astype(X.real.dtype)
        M /= 1 - self.rate  # eq regularization:mask
        A = M * X  # eq regularization:dropout
        return A, M

    def backward(self, cache: Array, grad_A: Array) -> tuple[Array, dict[str, Array]]:
        """Multiply by the same mask; `cache` and `grad_A` have the shape of X."""
        M = cache
        grad_X = M * grad_A  # eq regularization:grad-dropout
        return grad_X, {}

    def predict(self, X: Array) -> Array:
        """X itself: the mean over all masks."""
        return X

    def __repr__(self) -> str:
        return f"Dropout({self.rate})"


@dataclass(frozen=True, eq=False, repr=False)
class Shift(Layer):
    """In training every image moves by a few pixels in a random direction.

    What enters at the edge is empty. The layer stands first in a network, before any
    parameter, and has no backward.

    Args:
        pixels: how far at most, in both directions, at least 0.
        side: the image's height and width.

    Examples:
        >>> X = np.arange(1, 10, dtype=np.uint8).reshape(1, 9)
        >>> A, _ = Shift(pixels=1, side=3).forward(X, np.random.default_rng(9))
        >>> A.reshape(3, 3).tolist()
        [[2, 3, 0], [5, 6, 0], [8, 9, 0]]
    """

    pixels: int
    side: int = 28

    def __post_init__(self) -> None:
        doors.count("Shift", "pixels", self.pixels, 0)
        doors.count("Shift", "side", self.side)

    def forward(
        self, X: Array, rng: np.random.Generator | None = None
    ) -> tuple[Array, None]:
        """Move every image by its own offset; there is nothing to remember.

        Args:
            X: images as rows, shape (m, side * side), any number type.
            rng: where the offsets come from.

        Returns:
            The moved images, in the shape and type of X.

        Raises:
            ValueError: if there is no generator, or X does not hold square images of
                this side.
        """
        if rng is None or X.shape[1:] != (self.side**2,):
            expected = f"expected rows of {self.side**2} pixels and a generator"
            raise ValueError(f"Shift: {expected}; X is {X.shape}, rng is {rng}")
        m, d, s = len(X), self.pixels, self.side
        padded = np.zeros((m, s + 2 * d, s + 2 * d), X.dtype)
        padded[:, d : d + s, d : d + s] = X.reshape(m, s, s)
        windows = np.lib.stride_tricks.sliding_window_view(padded, (s, s), axis=(1, 2))
        rng = doors.generator("Shift", rng)
        rows, columns = rng.integers(0, 2 * d + 1, (2, m))
        return windows[np.arange(m), rows, columns].reshape(m, s * s), None

    def predict(self, X: Array) -> Array:
        """X itself."""
        return X

    def __repr__(self) -> str:
        return f"Shift({self.pixels})"


class LabelSmoothing(Loss):
    r"""A loss against softened targets: a small part is shared by all classes.

    The targets are \eqref{regularization:smoothing}.

    Args:
        loss: the loss of the softened targets.
        epsilon: the part that is shared, from 0 to 1.

    Source:
        C. Szegedy et al., Rethinking the Inception architecture for computer vision,
        CVPR 2016, section 7.

    Examples:
        >>> from nnlit import squared_error
        >>> loss = LabelSmoothing(squared_error, 0.3)
        >>> loss.targets(np.array([1]), K=3).round(3).tolist()
        [[0.1, 0.8, 0.1]]
    """

    def __init__(self, loss: Loss, epsilon: float) -> None:
        doors.has("LabelSmoothing", "loss", loss, "value_and_gradient", "targets")
        if not 0 <= doors.number("LabelSmoothing", "epsilon", epsilon) <= 1:
            text = f"expected epsilon from 0 to 1, but it is {epsilon}"
            raise ValueError(f"LabelSmoothing: {text}")
        self._loss, self.epsilon = loss, epsilon

    def targets(self, y: Array, K: int, dtype: npt.DTypeLike = np.float64) -> Array:
        """The softened target rows, shape (m, K), for labels or rows y."""
        Y, epsilon = self._loss.targets(y, K, dtype), self.epsilon
        Y_soft: Array = (1 - epsilon) * Y + epsilon / K  # eq regularization:smoothing
        return Y_soft

    def value_and_gradient(self, Z: Array, Y: Array) -> tuple[Array, Array]:
        """The loss of outputs Z against softened rows Y, and its gradient."""
        return self._loss.value_and_gradient(Z, Y)

    def each(self, Z: Array, Y: Array) -> Array:
        """The loss of every example against its softened row, shape (m,)."""
        return self._loss.each(Z, Y)


class EarlyStopping:
    """A callback for `fit` that keeps the best network seen.

    It ends training when that network is no longer bettered.

    Args:
        patience: how many epochs without a better validation loss are waited for.

    Attributes:
        best: a copy of the best network, None before the first epoch.
        epoch: its epoch, 0 before the first.

    Examples:
        >>> stop, network = EarlyStopping(patience=2), None
        >>> records = [{"validation_loss": loss} for loss in (3.0, 1.0, 2.0, 2.0)]
        >>> [stop(epoch, network, record) for epoch, record in enumerate(records, 1)]
        [False, False, False, True]
        >>> stop.epoch
        2
    """

    def __init__(self, patience: int) -> None:
        self.patience = doors.count("EarlyStopping", "patience", patience)
        self.epoch = 0
        self.best: Network | None = None
        self._loss = np.inf

    def __call__(self, epoch: int, network: Network, record: Record) -> bool:
        """Look at one epoch; True ends training."""
        if "validation_loss" not in record:
            text = "expected a validation loss; hand fit validation=(X, y)"
            raise ValueError(f"EarlyStopping: {text}")
        if epoch == 1:  # of a new training
            self.best, self.epoch, self._loss = None, 0, np.inf
        loss = record["validation_loss"]
        if loss < self._loss:
            self.best, self.epoch, self._loss = copy.deepcopy(network), epoch, loss
        return epoch - self.epoch >= self.patience
