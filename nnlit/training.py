"""The training loop: forward, backward, a step for every parameter, and again."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from nnlit.data import Array, check_labels
from nnlit.dense import Layer
from nnlit.descent import Rule
from nnlit.losses import Loss
from nnlit.network import Network, check_rows, leaves

if TYPE_CHECKING:
    import pandas as pd
    from threadpoolctl import ThreadpoolController

Rows = Array | slice
Batches = Callable[[int, "np.random.Generator"], Iterable[Rows]]
Record = dict[str, float]
Callback = Callable[[int, Network, Record], bool | None]

BLOCK = 1000  # rows; a larger batch is taken in blocks, on as many threads as BLAS may use
EVERY = 32  # batches; the loss is recorded at every thirty-second: it takes time, and a step does not need it


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

    def forward(self, X: Array) -> tuple[Array, None]:
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
        validation: examples and labels that are measured after every epoch and never trained on.
        callback: called after every epoch with its number, the network (training's own copy: look, do not keep) and
            the record; training stops when it returns True.

    Returns:
        The trained network, and a pandas DataFrame with a row per epoch: `loss` (the mean over the batches it was
        recorded at, each before its step), `seconds` since the start and, with validation, `validation_loss` and
        `validation_accuracy`.

    Raises:
        ValueError: if X, y or epochs do not fit.
        FloatingPointError: if the loss is no longer finite: the learning rate is too large.
    """
    from tqdm import tqdm

    X, Y = _checked(network, X, y, loss, epochs)
    network = copy.deepcopy(network)
    states, steps = [rule.init(p) for p in leaves(network)], itertools.count(1)
    records, start = [], perf_counter()
    for epoch in tqdm(range(1, epochs + 1), disable=None, leave=False):
        value = _epoch(network, X, Y, loss, rule, batches(len(X), rng), rng, states, steps)
        records.append({"loss": value, "seconds": perf_counter() - start} | _measure(network, validation, loss))
        if callback is not None and callback(epoch, network, records[-1]):
            break
    return network, _history(records)


def _checked(network: Network, X: Array, y: Array, loss: Loss, epochs: int) -> tuple[Array, Array]:
    """The examples as they are and the targets as rows, made once, after the checks of fit's edge."""
    X = check_rows(network, X)
    _check_pairs("fit", X, y)
    if epochs < 1:
        raise ValueError(f"fit: expected at least one epoch, but epochs is {epochs}")
    Z = network.predict(X[:1])
    return X, loss.targets(y, np.broadcast_to(Z, (len(X), Z.shape[1])))


def _check_pairs(caller: str, X: Array, y: Array) -> None:
    """Raise ValueError if there is no row, or not one label or target for each."""
    if len(X) != len(y) or not len(X):
        text = f"expected at least one row and a label for each; X is {np.shape(X)}, y is {np.shape(y)}"
        raise ValueError(f"{caller}: {text}")


@np.errstate(over="ignore", invalid="ignore")
def _epoch(
    network: Network,
    X: Array,
    Y: Array,
    loss: Loss,
    rule: Rule,
    plan: Iterable[Rows],
    rng: np.random.Generator,
    states: list[Any],
    steps: Iterator[int],
) -> float:
    """Take a step for every batch of the plan; the mean of the losses that were recorded."""
    values, parameters = [], leaves(network)
    for k, rows in enumerate(plan):
        value, grads = slopes(network, *_pick(X, Y, rows), loss, rng, with_loss=k % EVERY == 0)
        values.append(value)
        t = next(steps)
        states[:] = [rule.update(p, g, s, t) for p, g, s in zip(parameters, grads, states, strict=True)]
    values = values[::EVERY]
    if not np.isfinite(values).all():
        text = f"fit: the loss is {values[-1]} after {t} steps, so the steps are too long"
        raise FloatingPointError(f"{text}; try a learning rate ten times smaller, or scale the inputs")
    return float(np.mean(values))


def _pick(X: Array, Y: Array, rows: Rows) -> tuple[Array, Array]:
    """The rows of one batch; `take` is a little faster than brackets, and a slice copies nothing."""
    return (X[rows], Y[rows]) if isinstance(rows, slice) else (X.take(rows, axis=0), Y.take(rows, axis=0))


def slopes(
    network: Network, X: Array, Y: Array, loss: Loss, rng: np.random.Generator, *, with_loss: bool = True
) -> tuple[float, list[Array]]:
    r"""The loss of one batch, and the gradients of all parameters.

    A batch of more than a thousand rows is taken in blocks, because the numbers of a block stay in the processor's
    cache: the gradient of a sum is the sum of the gradients, \eqref{training:blocks}.

    Args:
        network: the network.
        X: the batch, shape (m, n_in).
        Y: its targets, shape (m, K).
        loss: the loss.
        rng: for layers that draw random numbers.
        with_loss: whether the loss is wanted; NaN stands in its place when it is not.

    Returns:
        The loss, and the gradients as a flat list in the order of `leaves`.
    """
    m = len(X)
    if m <= BLOCK:
        return _block(network, X, Y, loss, rng, m, with_loss=with_loss)
    blocks = [slice(k, k + BLOCK) for k in range(0, m, BLOCK)]
    work = [(X[rows], Y[rows], r) for rows, r in zip(blocks, rng.spawn(len(blocks)), strict=True)]
    parts = _in_threads(lambda X, Y, r: _block(network, X, Y, loss, r, m, with_loss=with_loss), work)
    grads = [sum(shares[1:], start=shares[0]) for shares in zip(*(g for _, g in parts), strict=True)]
    return sum(value for value, _ in parts), grads


def _in_threads(task: Callable[..., Any], work: list[tuple[Any, ...]]) -> list[Any]:
    """The results of a task for all pieces of work, in their order; each thread takes an equal run of the pieces."""
    from concurrent.futures import ThreadPoolExecutor

    n, m = _threads(), len(work)
    runs = [work[m * i // n : m * (i + 1) // n] for i in range(n)]
    quiet = np.errstate(over="ignore", invalid="ignore")  # a thread does not inherit its caller's
    with ThreadPoolExecutor(n) as pool, _blas().limit(limits=1, user_api="blas"):
        done = list(pool.map(quiet(lambda run: [task(*piece) for piece in run]), runs))
    return [result for results in done for result in results]


def _block(
    network: Network, X: Array, Y: Array, loss: Loss, rng: np.random.Generator, m: int, *, with_loss: bool
) -> tuple[float, list[Array]]:
    """The share that some rows have in the loss and the gradients of a batch of m rows."""
    Z, caches = network.forward(X, rng)
    share = len(X) / m
    value = share * float(loss.loss(Z, Y)) if with_loss else np.nan  # eq training:share-loss
    grad_Z = loss.gradient(Z, Y)
    if share < 1:
        grad_Z = share * grad_Z  # eq training:share
    return value, leaves(network, network.gradients(caches, grad_Z))


@cache
def _blas() -> ThreadpoolController:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def _threads() -> int:
    """How many threads BLAS may use; inside the pool it uses one, and the pool as many as this."""
    return max((library.num_threads for library in _blas().lib_controllers), default=1)


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
