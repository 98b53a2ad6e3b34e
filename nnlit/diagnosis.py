"""When a network does not learn: what to look at, and what each number means."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nnlit import doors
from nnlit.activations import ReLU, Sigmoid, Tanh
from nnlit.data import Array
from nnlit.dense import Dense, Layer
from nnlit.losses import Loss
from nnlit.network import Network, leaves

ROWS = 1000  # examples that are looked at
FLAT = 0.98  # of the way to the end of its curve, a unit passes hardly any gradient

ADVICE = {  # by kind: the usual cause, the cure, the section that derives it
    "infinite": (
        "the steps were too long",
        "start anew with a learning rate ten times smaller",
        "diagnosis#a-sweep-of-learning-rates",
    ),
    "scale": (
        "the inputs are not scaled, or scaled twice",
        "feed numbers of a size near 1, and scale once",
        "diagnosis#the-scale",
    ),
    "lost": (
        "the signal is lost on the way: dead units, or weights that are too small",
        "look at the units, and start with He's weights",
        "diagnosis#a-signal-that-is-lost",
    ),
    "dead": (
        "a step threw them below 0, or nothing that varies reaches them",
        "start anew with a smaller learning rate, or smaller weights",
        "diagnosis#dead-units",
    ),
    "saturated": (
        "the weights below, or the inputs, are too large",
        "start with Glorot's weights, and scale the inputs",
        "diagnosis#saturated-units",
    ),
    "alike": (
        "they started alike and get the same gradients",
        "draw the weights at random",
        "initialization#all-weights-alike",
    ),
    "far": (
        "the last weights are too large, or a step was too long",
        "start with smaller weights, or lower the learning rate",
        "diagnosis#the-number-to-expect",
    ),
    "nothing": (
        "before training this is right; after it, nothing was learned",
        "learn twenty examples by heart, then sweep the learning rates",
        "diagnosis#the-number-to-expect",
    ),
    "one": (
        "the outputs hardly depend on the example",
        "compare the outputs of two examples, layer by layer",
        "diagnosis#a-signal-that-is-lost",
    ),
}


@dataclass(frozen=True)
class Finding:
    """Something that a number shows, why it may be so, and what to do.

    Attributes:
        symptom: what was found.
        number: what shows it.
        cause: what it usually comes from.
        cure: what to try.
        section: where the book shows it: a chapter's stem and a section's anchor.
    """

    symptom: str
    number: float
    cause: str
    cure: str
    section: str

    def __str__(self) -> str:
        text = f"{self.symptom}: {self.number:.3g}\n   cause: {self.cause}"
        return f"{text}\n   cure: {self.cure}\n   see: {self.section}"


class Findings(tuple[Finding, ...]):
    """Findings, the worst first; printed, they are a list to read.

    Examples:
        >>> Findings()
        nothing found
    """

    __slots__ = ()

    def __repr__(self) -> str:
        listed = (f"{k}. {finding}" for k, finding in enumerate(self, 1))
        return "\n".join(listed) or "nothing found"


def frequencies(Y: Array) -> Array:
    r"""How often each class is the right one, \eqref{diagnosis:frequencies}.

    Args:
        Y: target rows that sum to one, shape (m, K).

    Returns:
        The mean row, shape (K,).

    Examples:
        >>> frequencies(np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0], [0.0, 1.0]]))
        array([0.25, 0.75])
    """
    f: Array = Y.mean(axis=0)  # eq diagnosis:frequencies
    return f


def uninformed(loss: Loss, Y: Array) -> float:
    r"""The smallest loss of a network that answers every example alike.

    Behind softmax it is \eqref{diagnosis:uninformed}, and log K where all classes are
    equally frequent.

    Args:
        loss: `softmax_cross_entropy`, or a loss whose best constant is the mean target.
        Y: target rows, shape (m, K).

    Returns:
        The loss of the best constant output.

    Examples:
        >>> from nnlit import one_hot, softmax_cross_entropy
        >>> Y = one_hot(np.arange(10), 10, float)
        >>> round(uninformed(softmax_cross_entropy, Y), 4)
        2.3026
    """
    f = frequencies(Y)
    answers = [f]
    if doors.are_probabilities(Y):
        answers += [np.log(np.maximum(f, np.finfo(float).tiny))]
    return min(float(loss.loss(np.tile(Z, (len(Y), 1)), Y)) for Z in answers)


def update_ratio(W: Array, step: Array) -> float:
    r"""How far a step moves weights, measured by the weights, \eqref{diagnosis:ratio}.

    Args:
        W: the weights before the step, not all 0.
        step: what is added to them, in the shape of W.

    Returns:
        The root of the sum of squares of the step, divided by that of W.

    Examples:
        >>> round(update_ratio(np.array([[3.0, 4.0]]), np.array([[0.03, -0.04]])), 6)
        0.01
    """
    ratio = np.sqrt((step**2).sum() / (W**2).sum())  # eq diagnosis:ratio
    return float(ratio)


@dataclass(frozen=True, eq=False)
class Look:
    """A network, examples and targets, and what the network makes of them."""

    network: Network
    X: Array
    Y: Array
    loss: Loss

    @cached_property
    def signals(self) -> list[tuple[Layer, Array, Array]]:
        """Every layer with what goes in and what comes out."""
        layers, arrays = list(_flat(self.network)), [self.X]
        for layer in layers:
            arrays.append(layer.predict(arrays[-1]))
        return list(zip(layers, arrays[:-1], arrays[1:], strict=True))

    @cached_property
    def value(self) -> float:
        """The loss."""
        return float(self.loss.loss(self.signals[-1][2], self.Y))

    @cached_property
    def nothing(self) -> float:
        """The loss of a network that knows nothing."""
        return uninformed(self.loss, self.Y)


Check = Callable[[Look], Iterator[Finding]]


def diagnose(network: Network, X: Array, y: Array, loss: Loss) -> Findings:
    """What is wrong with a network that does not learn, as far as numbers show it.

    It looks at the first thousand examples and changes nothing.

    Args:
        network: the network, before or after training.
        X: examples, shape (m, n_in).
        y: labels, shape (m,), or target rows, shape (m, K).
        loss: the loss that it is, or will be, trained with.

    Returns:
        The findings, the worst first. That nothing was found proves nothing.

    Raises:
        ValueError: if X or y does not fit the network.

    Examples:
        >>> from nnlit import squared_error
        >>> off = Dense(np.ones((2, 3)), np.full(3, -9.0))
        >>> dead = Network([off, ReLU(), Dense(np.eye(3, 2), np.zeros(2))])
        >>> diagnose(dead, np.eye(2), np.array([0, 1]), squared_error)[0].symptom
        'how much outputs differ between examples, by their size'
    """
    doors.network("diagnose", network)
    doors.has("diagnose", "loss", loss, "value_and_gradient", "targets")
    X = doors.examples("diagnose", X, network.n_in)
    doors.pairs("diagnose", X, y)
    K = network.width(X.shape[1]) or X.shape[1]
    Y = loss.targets(y, K, np.result_type(np.float32, X, *leaves(network)))
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        look = Look(network, X[:ROWS], Y[:ROWS], loss)
        return Findings(finding for check in CHECKS for finding in check(look))


def _flat(layer: Layer) -> Iterator[Layer]:
    """The layers that are no networks, in order."""
    if isinstance(layer, Network):
        for below in layer.layers:
            yield from _flat(below)
    else:
        yield layer


def _finding(kind: str, symptom: str, number: float) -> Finding:
    return Finding(symptom, float(number), *ADVICE[kind])


def _infinite(look: Look) -> Iterator[Finding]:
    odd = sum(int((~np.isfinite(p)).sum()) for p in leaves(look.network))
    if odd:
        yield _finding("infinite", "parameters that are not finite", odd)
    elif not np.isfinite(look.value):
        yield _finding("infinite", "the loss is not finite", look.value)


def _scale(look: Look) -> Iterator[Finding]:
    A = next((A for layer, A, _ in look.signals if leaves(layer)), look.X)
    size = np.sqrt(np.mean(A.astype(float) ** 2))
    if not 0.02 <= size <= 10:
        yield _finding("scale", "the size of what the first weights are fed", size)


def _lost(look: Look) -> Iterator[Finding]:
    Z = look.signals[-1][2].astype(float)
    size = np.sqrt(np.mean(Z**2))
    share = np.sqrt(Z.var(axis=0).mean()) / size if size else 0.0
    if len(Z) > 1 and share < 0.01:
        symptom = "how much outputs differ between examples, by their size"
        yield _finding("lost", symptom, share)


def _dead(look: Look) -> Iterator[Finding]:
    for k, (layer, Z, _) in enumerate(look.signals, 1):
        share = (Z <= 0).all(axis=0).mean() if isinstance(layer, ReLU) else 0
        if share >= 0.5:
            symptom = f"the part of layer {k}'s units that no example turns on"
            yield _finding("dead", symptom, share)


def _saturated(look: Look) -> Iterator[Finding]:
    for k, (layer, _, A) in enumerate(look.signals, 1):
        if isinstance(layer, Sigmoid | Tanh):
            height = 2 * A - 1 if isinstance(layer, Sigmoid) else A
            share = (np.abs(height) > FLAT).mean()
            if share >= 0.5:
                symptom = f"the part of layer {k}'s outputs where the curve is flat"
                yield _finding("saturated", symptom, share)


def _alike(look: Look) -> Iterator[Finding]:
    for k, (layer, _, _) in enumerate(look.signals[:-1], 1):
        if isinstance(layer, Dense) and layer.W.shape[1] > 1:
            spread = np.ptp(layer.W, axis=1).max()
            if spread <= 1e-5 * np.abs(layer.W).max():
                symptom = f"the units of layer {k} have the same weights, up to"
                yield _finding("alike", symptom, spread)


def _loss(look: Look) -> Iterator[Finding]:
    share = look.value / look.nothing if look.nothing else 0.0
    if share > 2:
        symptom = "the loss, divided by that of the best constant answer"
        yield _finding("far", symptom, share)
    elif share > 0.98:
        symptom = "the loss is no better than that of the best constant answer"
        yield _finding("nothing", symptom, look.value)


def _one_class(look: Look) -> Iterator[Finding]:
    if doors.are_probabilities(look.Y):
        answers = look.signals[-1][2].argmax(axis=1)
        counts = np.bincount(answers)
        most, share = counts.argmax(), counts.max() / len(answers)
        if share > 0.9 and share > 1.5 * frequencies(look.Y).max():
            yield _finding("one", f"the part of the answers that are {most}", share)


CHECKS: tuple[Check, ...] = (  # the worst first
    _infinite, _scale, _lost, _dead, _saturated, _alike, _loss, _one_class,
)  # fmt: skip
