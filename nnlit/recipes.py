"""The rows of the book's running table: everything that a training run chooses, by name."""

import difflib
import itertools
import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nnlit.activations import ReLU, Sigmoid, Tanh
from nnlit.batches import MiniBatches
from nnlit.data import Array
from nnlit.dense import Dense, Layer
from nnlit.descent import GradientDescent, Rule
from nnlit.initialization import glorot, he
from nnlit.losses import Loss, squared_error
from nnlit.network import Network
from nnlit.optimizers import AdaGrad, Adam, AdamW, Cosine, Momentum, Nesterov, RMSProp, Scheduled
from nnlit.parallel import Blocks, blas_threads
from nnlit.regularization import L2, Dropout, LabelSmoothing, Shift
from nnlit.scaling import Standardize
from nnlit.softmax import softmax_cross_entropy
from nnlit.training import Batches, Scale, fit, full_batch

# What can be chosen by name. A chapter that brings something new adds a line here.

SCALES: dict[str, Callable[[Array], Layer]] = {  # made from the training images
    "none": lambda _: Scale(1),
    "unit": lambda _: Scale(1 / 255),
    "standard": Standardize.of,
}
STARTS: dict[str, Callable[[int, int, np.random.Generator], Dense]] = {
    "uniform": Dense.start,
    "glorot": glorot,
    "he": he,
}
LOSSES: dict[str, Loss] = {
    "mse": squared_error,
    "softmax": softmax_cross_entropy,
}
OPTIMIZERS: dict[str, Callable[[float], GradientDescent]] = {  # made from the learning rate
    "gd": GradientDescent,
    "momentum": Momentum,
    "nesterov": Nesterov,
    "adagrad": AdaGrad,
    "rmsprop": RMSProp,
    "adam": Adam,
    "adamw": AdamW,
}
SCHEDULES: dict[str, Callable[[GradientDescent, int], Rule]] = {  # made from the rule and the number of steps
    "constant": lambda rule, _: rule,
    "cosine": lambda rule, steps: Scheduled(rule, Cosine(steps)),
}
ACTIVATIONS: dict[str, Callable[[], Layer]] = {"relu": ReLU, "sigmoid": Sigmoid, "tanh": Tanh}
CHOICES: dict[str, Iterable[str]] = {  # the words that a field of a recipe may have
    "loss": LOSSES,
    "optimizer": OPTIMIZERS,
    "scale": SCALES,
    "init": STARTS,
    "schedule": SCHEDULES,
    "activation": ACTIVATIONS,
}
WORDS = {  # what the words of a recipe mean, and the chapter that derives it
    "784-10-10": "numbers in each layer: pixels, hidden numbers, classes (network)",
    "mse": "loss: half the squared distance from the one-hot row (losses)",
    "softmax": "loss: cross-entropy of softmax, so that outputs become probabilities (softmax)",
    "gd": "optimizer: a step against the gradient (descent)",
    "momentum, nesterov": "optimizers that keep a part of the last steps (optimizers)",
    "adagrad, rmsprop, adam, adamw": "optimizers with a step length for every parameter (optimizers)",
    "constant, cosine": "schedule: the learning rate stays, or falls to zero along half a cosine (optimizers)",
    "full batch, batches of 64": "images between two steps: all, or so many (batches)",
    "epochs": "how often every image is seen (training)",
    "scale none, unit, standard": "pixels as they are, times 1/255, or each with mean 0 and deviation 1 (scaling)",
    "start uniform, glorot, he": "how the first weights are drawn (initialization)",
    "l2, dropout, smoothing, shift": "against learning by heart: smaller weights, lost numbers, softer targets, "
    "moved images (regularization)",
    "relu, sigmoid, tanh": "what is done to the hidden numbers (activations)",
}


@contextmanager
def one_thread() -> Iterator[None]:
    """BLAS on one thread: on two it adds up in another order, and another order rounds differently."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, user_api="blas"):
        yield


@dataclass(frozen=True)
class Recipe:
    """All choices of a training run, by name where they have one; batch_size 0 is the full batch."""

    hidden: tuple[int, ...] = (10,)
    loss: str = "mse"
    optimizer: str = "gd"
    epochs: int = 500
    batch_size: int = 0
    learning_rate: float = 0.1
    scale: str = "unit"
    init: str = "uniform"
    schedule: str = "constant"
    l2: float = 0.0
    dropout: float = 0.0
    smoothing: float = 0.0
    shift: int = 0
    activation: str = "relu"

    def __post_init__(self) -> None:
        """Refuse a word that names no choice."""
        for name, known in CHOICES.items():
            if (came := getattr(self, name)) not in known:
                near = difflib.get_close_matches(str(came), known, n=1) or list(known)[:1]
                text = f"Recipe: expected {name} to be one of {', '.join(known)}, but it is {came!r}"
                raise ValueError(f"{text}; try {name}={near[0]!r}")

    def network(self, X: Array, rng: np.random.Generator, K: int = 10) -> Network:
        """The network for K classes before training; the scale may depend on the training images X."""
        sizes = (X.shape[1], *self.hidden, K)
        layers = [Shift(self.shift)] * (self.shift > 0) + [SCALES[self.scale](X)]
        for n_in, n_out in itertools.pairwise(sizes):
            hidden = [ACTIVATIONS[self.activation]()] + [Dropout(self.dropout)] * (self.dropout > 0)
            layers += [STARTS[self.init](n_in, n_out, rng), *hidden]
        return Network(tuple(layers[: -2 if self.dropout else -1]))

    def batches(self) -> Batches:
        """The plan of an epoch."""
        return MiniBatches(self.batch_size) if self.batch_size else full_batch

    def rule(self, m: int) -> Rule:
        """What moves a parameter, when there are m images."""
        plain = OPTIMIZERS[self.optimizer](self.learning_rate)
        steps = self.epochs * math.ceil(m / (self.batch_size or m))
        rule = SCHEDULES[self.schedule](plain, steps)
        return L2(rule, self.l2) if self.l2 else rule

    def way(self, m: int) -> dict[str, Any]:
        """What `fit` and `resume` take beside the network and the examples, when there are m images."""
        plain = LOSSES[self.loss]
        loss = LabelSmoothing(plain, self.smoothing) if self.smoothing else plain
        gradient = {} if self.batch_size else {"gradient": Blocks(threads=blas_threads())}
        return {"loss": loss, "rule": self.rule(m), "batches": self.batches(), "epochs": self.epochs, **gradient}

    def train(self, X: Array, y: Array, rng: np.random.Generator, K: int = 10, **more: Any) -> Network:
        """The network for K classes after training; what else `fit` takes is handed on.

        Its bits depend on the seed, and not on how many cores there are.
        """
        start, way = self.network(X, rng, K), self.way(len(X))
        with one_thread():
            return fit(start, X, y, rng=rng, **way, **more).network

    def told(self, K: int = 10) -> str:
        """The choices in words, for K classes."""
        shape = "-".join(map(str, (784, *self.hidden, K)))
        batch = f"batches of {self.batch_size}" if self.batch_size else "full batch"
        epochs = f"{self.epochs:,} epoch{'s' * (self.epochs > 1)}"
        rate = f"{self.optimizer} {self.learning_rate:g} {self.schedule}, {batch}, {epochs}"
        extras = ("l2", "dropout", "smoothing", "shift")
        more = "".join(f", {name} {getattr(self, name):g}" for name in extras if getattr(self, name))
        more += f", {self.activation}" if self.activation != "relu" else ""
        return f"{shape}, {self.loss}, {rate}, scale {self.scale}, start {self.init}{more}"

    def __str__(self) -> str:
        return self.told()


FIRST = Recipe()
STANDARD = replace(FIRST, scale="standard", learning_rate=0.3)
SOFTMAX = replace(STANDARD, loss="softmax", learning_rate=0.5)
BATCHES = replace(SOFTMAX, batch_size=64, learning_rate=0.03, epochs=20)
ADAM = replace(BATCHES, init="he", optimizer="adam", learning_rate=0.003, schedule="cosine")
WIDE = replace(ADAM, hidden=(128,))
RECIPES = {  # the rows of the running table; each says there in what it differs from the row above
    "raw": replace(FIRST, scale="none", learning_rate=1e-5),
    "training": FIRST,  # the first network, as the chapter of that name trains it
    "scaling": STANDARD,
    "softmax": SOFTMAX,
    "batches": BATCHES,
    "initialization": replace(BATCHES, init="he"),
    "optimizers": ADAM,
    "wide": WIDE,
    "regularization": replace(WIDE, shift=1),
    "deep": replace(
        WIDE, hidden=(512, 512), scale="unit", learning_rate=0.001, batch_size=128, epochs=30, shift=1, dropout=0.2
    ),
}
BEST = "optimizers"  # the best 784-10-10 network that takes a few seconds
