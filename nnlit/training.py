"""The training loop: forward, backward, a step for every parameter, and again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from os import PathLike
from time import perf_counter
from typing import Any

import numpy as np

from nnlit import doors
from nnlit.checkpoints import Checkpoint, read_checkpoint
from nnlit.data import Array, split
from nnlit.dense import Layer
from nnlit.descent import Rule
from nnlit.losses import Loss, Weighted
from nnlit.network import Network, leaves
from nnlit.results import DivergenceError, Trained, copied, history, progress, stops

Rows = Array | slice
Batches = Callable[[int, "np.random.Generator"], Iterable[Rows]]
Slopes = Callable[[Rows, "np.random.Generator"], tuple[float, list[Array]]]
Gradient = Callable[[Network, Array, Array, Loss], Slopes]
Record = dict[str, float]
Callback = Callable[[int, Network, Record], bool | None]


@dataclass(frozen=True, eq=False, repr=False)
class Scale(Layer):
    r"""Every input times one constant, \eqref{training:scale}.

    The constant 1/255 takes pixels to the interval from 0 to 1.

    Args:
        factor: the constant, rounded to float32, so that it is the same one for float32
            and float64.

    Examples:
        >>> X = np.array([[0, 51, 255]], dtype=np.uint8)
        >>> Scale(1 / 255).predict(X).round(6).tolist()
        [[0.0, 0.2, 1.0]]
    """

    factor: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "factor", doors.factor(self.factor))

    def forward(
        self, X: Array, rng: np.random.Generator | None = None
    ) -> tuple[Array, None]:
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
    """How the gradient of a batch is computed: forward, loss, backward.

    All rows of the batch go through at once.

    Args:
        network: the network that will be trained; its parameters may change from one
            call of the result to the next.
        X: all examples, shape (m, n_in).
        Y: all targets, shape (m, K).
        loss: the loss.

    Returns:
        A function of the rows of a batch and a generator. It gives the loss of the
        batch, and the gradients of all parameters as a flat list in the order of
        `leaves`.

    Examples:
        >>> from nnlit import Dense, squared_error
        >>> network = Network([Dense(W=np.array([[3.0]]), b=np.zeros(1))])
        >>> X, Y = np.array([[2.0]]), np.array([[4.0]])
        >>> slopes = whole(network, X, Y, loss=squared_error)
        >>> slopes(slice(0, 1), np.random.default_rng(0))
        (2.0, [array([[4.]]), array([2.])])
    """

    def slopes(rows: Rows, rng: np.random.Generator) -> tuple[float, list[Array]]:
        Z, caches = network.forward(_pick(X, rows), rng)
        value, grad_Z = loss.value_and_gradient(Z, _pick(Y, rows))
        return value.item(), leaves(network, network.gradients(caches, grad_Z))

    return slopes


def _pick(X: Array, rows: Rows) -> Array:
    """The rows of a batch; `take` is quicker than brackets, a slice copies nothing."""
    if isinstance(rows, slice):
        return X[rows]
    rows = np.asarray(rows)
    return X[rows] if rows.dtype == bool else X.take(rows, axis=0)


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
    weights: Array | dict[int, float] | None = None,
    validation: tuple[Array, Array] | float | None = None,
    checkpoint: str | PathLike[str] | Checkpoint | None = None,
    every: int = 1,
    callback: Callback | None = None,
) -> Trained:
    """Train a copy of a network.

    Args:
        network: where to start; unchanged.
        X: one example per row, shape (m, n_in), any number type; bytes are converted
            batch by batch.
        y: labels of shape (m,), or target rows of shape (m, K).
        loss: what is made small, such as `squared_error`.
        rule: how a parameter is moved by its gradient, such as `GradientDescent(0.1)`.
        batches: takes m and rng, gives the rows of each batch of one epoch, such as
            `full_batch`.
        epochs: how often every example is seen.
        rng: where shuffling and random layers get their numbers.
        gradient: how the gradient of a batch is computed, such as `whole`.
        weights: how much each example counts, shape (m,); or a dictionary with the
            weights of classes, in which 1 may be left out.
        validation: examples and labels that are measured after every epoch and never
            trained on; or the fraction of X and y that is split off for that, by rng.
        checkpoint: a file in which training is kept, so that `resume` can go on.
        every: after how many epochs it is written anew.
        callback: called after every epoch with its number, the network (training's own
            copy: look, do not keep) and the record; training stops when it returns
            True.

    Returns:
        The trained network, and a pandas DataFrame with a row per epoch: `loss` (the
        mean over the batches, each before its step), `seconds` since the start and,
        with validation, `validation_loss` and, where there are classes,
        `validation_accuracy`.

    Raises:
        TypeError: if a class, a word or a number stands where a value belongs.
        ValueError: if X, y or epochs do not fit, or X holds NaN or infinity.
        DivergenceError: a FloatingPointError, if the loss or a parameter is no longer
            finite: the learning rate is too large.
        Interrupted: a KeyboardInterrupt, if Ctrl-C was pressed.

    Warns:
        UserWarning: if X runs over another range than the network has learned on, or is
            scaled twice, or if the loss did not fall or all answers are the same class.
    """
    doors.fit(network, (loss, rule, batches, gradient, callback), epochs, rng)
    kept = Checkpoint.of(checkpoint, every, rng, loss, batches)
    X, Y, pair, goal = _examples(network, X, y, loss, weights, validation, rng)
    run = kept.begin(_Descent(copied(network, X), rule, callback), X, Y, pair)
    slopes = gradient(run.network, X, Y, goal)
    with stops(run):
        for _ in progress(run.records, kept.left(run, epochs)):
            if run.note(run.epoch(slopes, batches(len(X), rng), rng), pair, loss):
                break
        run.end(X, Y, goal)
    return Trained(run.chosen(), history(run.records))


def resume(
    checkpoint: str | PathLike[str],
    X: Array,
    y: Array,
    *,
    every: int = 1,
    **choices: Any,
) -> Trained:
    """Go on with a training that was stopped: it ends where it would have ended.

    Args:
        checkpoint: the file that `fit(..., checkpoint=...)` wrote; it is written on.
        X: the same examples.
        y: the same labels or target rows.
        every: after how many epochs it is written anew.
        **choices: what `fit` was given beside network, rng and checkpoint: loss, rule,
            batches, epochs and more. A callback that keeps the best network, such as
            `EarlyStopping`, goes on where it was; any other begins anew.

    Returns:
        What `fit` returns; but for `seconds` it is the same to the last bit.

    Raises:
        DataError: if the file is missing or is no checkpoint.
        ValueError: if the examples, the loss, the rule or the batches are others, or
            more epochs have ended than there shall be.
    """
    network, saved, rng = read_checkpoint(checkpoint)
    kept = Checkpoint(checkpoint, every, saved)
    return fit(network, X, y, rng=rng, checkpoint=kept, **choices)


def _examples(
    network: Network,
    X: Array,
    y: Array,
    loss: Loss,
    weights: Array | dict[int, float] | None,
    validation: tuple[Array, Array] | float | None,
    rng: np.random.Generator,
) -> tuple[Array, Array, tuple[Array, Array] | None, Loss]:
    """What is trained on, a pair that is only measured, and the loss to make small."""
    w = None if weights is None else doors.example_weights(weights, y)
    X, Y = _targets("fit", network, X, y, loss)
    pair = doors.pair("validation", validation, len(X))
    if w is not None:
        Y = np.column_stack([Y, w.astype(Y.dtype)])
    if isinstance(pair, float):
        X, Y, *pair = split(X, Y, pair, rng)
        pair[1] = pair[1] if w is None else pair[1][:, :-1]
    elif pair is not None:
        pair = _targets("validation", network, pair[0], pair[1], loss)
    return X, Y, pair, loss if w is None else Weighted(loss)


def _targets(
    caller: str, network: Network, X: Array, y: Array, loss: Loss
) -> tuple[Array, Array]:
    """The examples as they are and the targets as rows, after the edge's checks."""
    X = doors.examples(caller, X, network.n_in)
    doors.pairs(caller, X, y)
    K = network.width(X.shape[1]) or X.shape[1]
    return X, loss.targets(y, K, np.result_type(np.float32, X, *leaves(network)))


class _Descent:
    """What training keeps from step to step.

    Attributes:
        network: training's own copy; its parameters are moved in place.
        parameters: these arrays as a flat list.
        states: what the rule remembers, one state for each parameter.
        t: the number of steps that were taken.
        last: the rows of the last step.
        first: the loss before the first step.
        values: the losses of the last epoch's batches.
        good: the parameters at the last place whose loss is known to be finite.
        records: of the epochs that ended.
    """

    def __init__(self, network: Network, rule: Rule, callback: Any = None) -> None:
        self.network, self.rule, self.callback = network, rule, callback
        self.parameters = leaves(network)
        self.t, self.first = 0, 0.0
        self.states = [rule.init(p) for p in self.parameters]
        self.last: Rows = slice(0, 1)
        self.values: list[float] = []
        self.good = [p.copy() for p in self.parameters]
        self.records: list[Record] = []
        self.start, self.kept = perf_counter(), Checkpoint(None, 1)

    @np.errstate(over="ignore", invalid="ignore")
    def epoch(self, slopes: Slopes, plan: Iterable[Rows], rng: Any) -> float:
        """Take a step for every batch of the plan; the mean of their losses."""
        here = [p.copy() for p in self.parameters]
        values = [self.step(slopes, rows, rng) for rows in plan]
        if not values:
            text = "expected batches, but batches gave no batch for an epoch"
            raise ValueError(f"fit: {text}")
        if np.isfinite(values[0]):
            self.good = here
        self.values, self.first = values, self.first or values[0]
        self.check(values)
        return float(np.mean(values))

    def step(self, slopes: Slopes, rows: Rows, rng: Any) -> float:
        """Move every parameter by its gradient; the loss before the step."""
        value, grads = slopes(rows, rng)
        self.t, self.last = self.t + 1, rows
        moves = zip(self.parameters, grads, self.states, strict=True)
        self.states = [self.rule.update(p, g, s, self.t) for p, g, s in moves]
        return value

    def check(self, values: list[float]) -> None:
        """Raise DivergenceError unless all losses and all parameters are finite."""
        odd = [value for value in values if not np.isfinite(value)]
        if odd or not self.is_finite():
            what = f"the loss is {odd[0]}" if odd else "a parameter is not finite"
            text = f"fit: {what} after {self.t} steps, so the steps are too long"
            hint = "try a learning rate ten times smaller, or scale the inputs"
            raise DivergenceError(f"{text}; {hint}")

    def is_finite(self) -> bool:
        """Whether all parameters are finite."""
        return all(bool(np.isfinite(p).all()) for p in self.parameters)

    def note(self, value: float, pair: tuple[Array, Array] | None, loss: Loss) -> bool:
        """Keep the record of an epoch; whether the callback ends training."""
        now = {"loss": value, "seconds": perf_counter() - self.start}
        self.records.append(now | _measure(self.network, pair, loss))
        self.kept(self)
        if self.callback is None:
            return False
        return bool(self.callback(len(self.records), self.network, self.records[-1]))

    def chosen(self) -> Network:
        """The network of the last step or, if the callback keeps the best one, that."""
        return getattr(self.callback, "best", None) or self.network

    def end(self, X: Array, Y: Array, loss: Loss) -> None:
        """Look at the loss after the last step, too, for rows of that step."""
        few = None if self.t == 1 else 1000  # all, if that step is all there is
        examples = X[self.last][:few], Y[self.last][:few]
        after = _measure(self.network, examples, loss)["validation_loss"]
        self.check([after])
        self.kept(self, end=True)
        doors.learned_something(self, X, Y, after)


@np.errstate(over="ignore", invalid="ignore")
def _measure(network: Network, pair: tuple[Array, Array] | None, loss: Loss) -> Record:
    """The loss of examples and targets and, where there are classes, the accuracy."""
    if not pair:
        return {}
    Z, Y = network.predict(pair[0]), pair[1]
    value, _ = loss.value_and_gradient(Z, Y)
    if not doors.are_probabilities(Y):
        return {"validation_loss": value.item()}
    right = _hits(Z, Y.argmax(axis=1))
    return {"validation_loss": value.item(), "validation_accuracy": right}


def accuracy(network: Network, X: Array, y: Array) -> float:
    r"""The part of the answers that are right, \eqref{training:accuracy}.

    The answer to an example is the class of its largest output.

    Args:
        network: the network.
        X: one example per row, shape (m, n_in), any number type.
        y: labels, shape (m,), or one-hot rows, shape (m, K).

    Returns:
        A number from 0 to 1.

    Raises:
        ValueError: if X does not fit the network, y does not fit X, a label is none of
            the network's classes, or the network has one output only.

    Examples:
        >>> from nnlit import Dense
        >>> network = Network([Dense(W=np.eye(2), b=np.zeros(2))])
        >>> X, y = np.array([[3, 1], [0, 2], [5, 4], [1, 0]]), np.array([0, 1, 1, 0])
        >>> accuracy(network, X, y)
        0.75
    """
    doors.network("accuracy", network)
    Z = network.predict(X)
    doors.pairs("accuracy", X, y)
    return _hits(Z, doors.classes("accuracy", y, Z.shape[1]))


def _hits(Z: Array, y: Array) -> float:
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
        ValueError: if X does not fit the network, y does not fit X, or a label is none
            of the network's classes.

    Examples:
        >>> from nnlit import Dense
        >>> network = Network([Dense(W=np.eye(2), b=np.zeros(2))])
        >>> X, y = np.array([[3, 1], [0, 2], [5, 4], [1, 0]]), np.array([0, 1, 1, 0])
        >>> confusion_matrix(network, X, y).tolist()
        [[2, 0], [1, 1]]
    """
    doors.network("confusion_matrix", network)
    Z = network.predict(X)
    doors.pairs("confusion_matrix", X, y)
    K = Z.shape[1]
    y, answers = doors.classes("confusion_matrix", y, K), Z.argmax(axis=1)
    pairs = y * K + answers
    C: Array = np.bincount(pairs, minlength=K**2).reshape(K, K)  # eq training:confusion
    return C
