"""The training loop: forward, backward, a step for every parameter, and again."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from nnlit.data import Array, check_labels
from nnlit.dense import Layer
from nnlit.descent import Rule
from nnlit.losses import Loss
from nnlit.network import Network, check_rows, leaves

if TYPE_CHECKING:
    import pandas as pd

Rows = Array | slice
Batches = Callable[[int, "np.random.Generator"], Iterable[Rows]]
Slopes = Callable[[Rows, "np.random.Generator"], tuple[float, list[Array]]]
Gradient = Callable[[Network, Array, Array, Loss], Slopes]
Record = dict[str, float]
Callback = Callable[[int, Network, Record], bool | None]



@dataclass(frozen=True, eq=False, repr=False)
class Scale(Layer):
    r"""Every input times one constant, \eqref{training:scale}: 1/255 takes pixels to the interval from 0 to 1.

    Args:
        factor: the constant, rounded to float32, so that it is the same one for float32 and float64.

    Examples:
        >>> Scale(1 / 255).predict(np.array([[0, 51, 255]], dtype=np.uint8)).round(6).tolist()
        [[0.0, 0.2, 1.0]]
    """

    factor: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "factor", float(np.float32(self.factor)))

    def forward(self, X: Array, rng: np.random.Generator | None = None) -> tuple[Array, None]:
        """Multiply; there is nothing to remember."""
        A = X.astype(np.result_type(X, np.float32))
        A *= self.factor  # eq training:scale
        return A, None

    def backward(self, cache: None, grad_A: Array) -> tuple[Array, dict[str, Array]]:
        """Multiply the gradient by the same constant; a constant has no gradient."""
        grad_X = grad_A * self.factor  # eq training:grad-scale
        return grad_X, {}

    def __repr__(self) -> str:
        return f"Scale({self.factor:.6g})"


def full_batch(m: int, rng: np.random.Generator) -> list[slice]:
    """All examples as one batch.

    Args:
        m: the number of examples.
        rng: not used; other plans shuffle.

    Returns:
        A list of one slice.

    Examples:
        >>> full_batch(5, np.random.default_rng(0))
        [slice(0, 5, None)]
    """
    return [slice(0, m)]


def whole(network: Network, X: Array, Y: Array, loss: Loss) -> Slopes:
    """How the gradient of a batch is computed: forward, loss, backward, with all rows of the batch at once.

    Args:
        network: the network that will be trained; its parameters may change from one call of the result to the next.
        X: all examples, shape (m, n_in).
        Y: all targets, shape (m, K).
        loss: the loss.

    Returns:
        A function of the rows of a batch and a generator. It gives the loss of the batch, and the gradients of all
        parameters as a flat list in the order of `leaves`.

    Examples:
        >>> from nnlit import Dense, squared_error
        >>> network = Network([Dense(W=np.array([[3.0]]), b=np.zeros(1))])
        >>> slopes = whole(network, X=np.array([[2.0]]), Y=np.array([[4.0]]), loss=squared_error)
        >>> slopes(slice(0, 1), np.random.default_rng(0))
        (2.0, [array([[4.]]), array([2.])])
    """

    def slopes(rows: Rows, rng: np.random.Generator) -> tuple[float, list[Array]]:
        Z, caches = network.forward(X[rows], rng)
        value, grad_Z = loss.value_and_gradient(Z, Y[rows])
        return value.item(), leaves(network, network.gradients(caches, grad_Z))

    return slopes


def fit(
    network: Network,
    X: Array,
    y: Array,
    *,
    loss: Loss,
    rule: Rule,
    batches: Batches,
    epochs: int,
    rng: np.random.Generator,
    gradient: Gradient = whole,
    validation: tuple[Array, Array] | None = None,
    callback: Callback | None = None,
) -> tuple[Network, pd.DataFrame]:
    """Train a copy of a network.

    Args:
        network: where to start; unchanged.
        X: one example per row, shape (m, n_in), any number type; bytes are converted batch by batch.
        y: labels of shape (m,), or target rows of shape (m, K).
        loss: what is made small, such as `squared_error`.
        rule: how a parameter is moved by its gradient, such as `GradientDescent(0.1)`.
        batches: takes m and rng, gives the rows of each batch of one epoch, such as `full_batch`.
        epochs: how often every example is seen.
        rng: where shuffling and random layers get their numbers.
        gradient: how the gradient of a batch is computed, such as `whole`.
        validation: examples and labels that are measured after every epoch and never trained on.
        callback: called after every epoch with its number, the network (training's own copy: look, do not keep) and
            the record; training stops when it returns True.

    Returns:
        The trained network, and a pandas DataFrame with a row per epoch: `loss` (the mean over the batches, each
        before its step), `seconds` since the start and, with validation, `validation_loss` and `validation_accuracy`.

    Raises:
        ValueError: if X, y or epochs do not fit.
        FloatingPointError: if the loss is no longer finite: the learning rate is too large.
    """
    from tqdm import tqdm

    X, Y = _checked(network, X, y, loss, epochs)
    descent = _Descent(copy.deepcopy(network), rule)
    slopes = gradient(descent.network, X, Y, loss)
    records, start = [], perf_counter()
    for epoch in tqdm(range(1, epochs + 1), disable=None, leave=False):
        now = {"loss": descent.epoch(slopes, batches(len(X), rng), rng), "seconds": perf_counter() - start}
        records.append(now | _measure(descent.network, validation, loss))
        if callback is not None and callback(epoch, descent.network, records[-1]):
            break
    return descent.network, _history(records)


def _checked(network: Network, X: Array, y: Array, loss: Loss, epochs: int) -> tuple[Array, Array]:
    """The examples as they are and the targets as rows, made once, after the checks of fit's edge."""
    X = check_rows(network, X)
    _check_pairs("fit", X, y)
    if epochs < 1:
        raise ValueError(f"fit: expected at least one epoch, but epochs is {epochs}")
    K = network.width(X.shape[1]) or X.shape[1]
    return X, loss.targets(y, K, np.result_type(np.float32, X, *leaves(network)))


def _check_pairs(caller: str, X: Array, y: Array) -> None:
    """Raise ValueError if there is no row, or not one label or target for each."""
    if len(X) != len(y) or not len(X):
        text = f"expected at least one row and a label for each; X is {np.shape(X)}, y is {np.shape(y)}"
        raise ValueError(f"{caller}: {text}")


class _Descent:
    """What training keeps from step to step: the network, what the rule remembers of each parameter, the step's number.

    Attributes:
        network: training's own copy; its parameters are moved in place.
        states: what the rule remembers, one state for each parameter.
        t: the number of steps that were taken.
    """

    def __init__(self, network: Network, rule: Rule) -> None:
        self.network, self.rule, self.t = network, rule, 0
        self.states = [rule.init(p) for p in leaves(network)]

    @np.errstate(over="ignore", invalid="ignore")
    def epoch(self, slopes: Slopes, plan: Iterable[Rows], rng: np.random.Generator) -> float:
        """Take a step for every batch of the plan; the mean of their losses."""
        values = [self.step(*slopes(rows, rng)) for rows in plan]
        if not np.isfinite(values).all():
            text = f"fit: the loss is {values[-1]} after {self.t} steps, so the steps are too long"
            raise FloatingPointError(f"{text}; try a learning rate ten times smaller, or scale the inputs")
        return float(np.mean(values))

    def step(self, value: float, grads: list[Array]) -> float:
        """Move every parameter by its gradient; the loss is handed on."""
        self.t += 1
        moves = zip(leaves(self.network), grads, self.states, strict=True)
        self.states = [self.rule.update(p, g, state, self.t) for p, g, state in moves]
        return value


def _history(records: list[Record]) -> pd.DataFrame:
    """The records as a table, a row for every epoch."""
    import pandas as pd

    return pd.DataFrame(records, index=pd.RangeIndex(1, len(records) + 1, name="epoch"))


def _measure(network: Network, examples: tuple[Array, Array] | None, loss: Loss) -> Record:
    if examples is None:
        return {}
    Z = network.predict(examples[0])
    value, _ = loss(Z, examples[1])
    return {"validation_loss": value, "validation_accuracy": _hits(Z, examples[1])}


def accuracy(network: Network, X: Array, y: Array) -> float:
    r"""The part of the examples whose largest output is the right one, \eqref{training:accuracy}.

    Args:
        network: the network.
        X: one example per row, shape (m, n_in), any number type.
        y: labels, shape (m,).

    Returns:
        A number from 0 to 1.

    Raises:
        ValueError: if X does not fit the network, or y does not fit X.

    Examples:
        >>> from nnlit import Dense
        >>> network = Network([Dense(W=np.eye(2), b=np.zeros(2))])
        >>> accuracy(network, np.array([[3, 1], [0, 2], [5, 4], [1, 0]]), np.array([0, 1, 1, 0]))
        0.75
    """
    _check_pairs("accuracy", X, y)
    return _hits(network.predict(X), y)


def _hits(Z: Array, y: Array) -> float:
    y = y if np.ndim(y) == 1 else np.argmax(y, axis=1)
    return float((Z.argmax(axis=1) == y).mean())  # eq training:accuracy


def confusion_matrix(network: Network, X: Array, y: Array) -> Array:
    r"""How often each class is taken for each other: \eqref{training:confusion}.

    Args:
        network: the network.
        X: one example per row, shape (m, n_in).
        y: labels, shape (m,).

    Returns:
        Counts, shape (K, K): the row is the true class, the column the predicted one.

    Raises:
        ValueError: if X does not fit the network, y does not fit X, or a label is none of the network's classes.

    Examples:
        >>> from nnlit import Dense
        >>> network = Network([Dense(W=np.eye(2), b=np.zeros(2))])
        >>> confusion_matrix(network, np.array([[3, 1], [0, 2], [5, 4], [1, 0]]), np.array([0, 1, 1, 0])).tolist()
        [[2, 0], [1, 1]]
    """
    _check_pairs("confusion_matrix", X, y)
    Z = network.predict(X)
    K = Z.shape[1]
    y, answers = check_labels(y, K), Z.argmax(axis=1)
    C: Array = np.bincount(y * K + answers, minlength=K * K).reshape(K, K)  # eq training:confusion
    return C
