"""Better steps: rules that remember the last ones and how large the slopes were."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nnlit import doors
from nnlit.data import Array
from nnlit.descent import GradientDescent, Rule

State = tuple[Array, ...]


@dataclass(frozen=True)
class Momentum(GradientDescent):
    r"""Steps that keep a part of the last one, \eqref{optimizers:momentum}.

    Args:
        learning_rate: the step as a multiple of the velocity.
        mu: the part of the velocity that is kept, from 0 to below 1.

    Source:
        B. T. Polyak, Some methods of speeding up the convergence of iteration methods,
        USSR Computational Mathematics and Mathematical Physics 4 (1964), 1-17.

    Examples:
        >>> rule, p = Momentum(learning_rate=1.0, mu=0.5), np.array([0.0])
        >>> u = rule.update(p, np.array([8.0]), rule.init(p), t=1)
        >>> u = rule.update(p, np.array([0.0]), u, t=2)
        >>> p.tolist()
        [-12.0]
    """

    mu: float = 0.9

    def init(self, p: Array) -> Array:
        """A velocity of zero."""
        return np.zeros_like(p)

    def update(self, p: Array, g: Array, state: Array, t: int) -> Array:
        """Add the gradient to what is left of the velocity, and move p in place."""
        u = self.mu * state + g  # eq optimizers:velocity
        p -= self.learning_rate * u  # eq optimizers:momentum
        return u


@dataclass(frozen=True)
class Nesterov(Momentum):
    r"""Momentum that looks ahead: the step is taken along the velocity that comes next.

    This is \eqref{optimizers:nesterov}.

    Source:
        Y. Nesterov, A method for solving the convex programming problem with
        convergence rate O(1/k^2), 1983; in the form of I. Sutskever et al., On the
        importance of initialization and momentum in deep learning, ICML 2013.

    Examples:
        >>> rule, p = Nesterov(learning_rate=1.0, mu=0.5), np.array([0.0])
        >>> u = rule.update(p, np.array([8.0]), rule.init(p), t=1)
        >>> p.tolist()
        [-12.0]
    """

    def update(self, p: Array, g: Array, state: Array, t: int) -> Array:
        """Add g to the velocity, and move p in place along g and the new velocity."""
        u = self.mu * state + g  # eq optimizers:nesterov-velocity
        p -= self.learning_rate * (g + self.mu * u)  # eq optimizers:nesterov
        return u


@dataclass(frozen=True)
class AdaGrad(GradientDescent):
    r"""Every entry is divided by the root of the sum of its squared slopes.

    This is \eqref{optimizers:adagrad}.

    Args:
        learning_rate: the first step's length in every entry.
        epsilon: keeps the divisor from being zero.

    Source:
        J. Duchi, E. Hazan and Y. Singer, Adaptive subgradient methods, Journal of
        Machine Learning Research 12 (2011).

    Examples:
        >>> rule, p = AdaGrad(learning_rate=1.0, epsilon=0.0), np.array([0.0, 0.0])
        >>> s = rule.update(p, np.array([3.0, -0.5]), rule.init(p), t=1)
        >>> p.tolist()
        [-1.0, 1.0]
    """

    epsilon: float = 1e-8

    def init(self, p: Array) -> Array:
        """A sum of zero."""
        return np.zeros_like(p)

    def update(self, p: Array, g: Array, state: Array, t: int) -> Array:
        """Add the squared slopes to the sum, and move p in place."""
        g, eta = _squarable(g), self.learning_rate
        s: Array = state + g**2  # eq optimizers:adagrad-sum
        p -= eta * g / (np.sqrt(s) + self.epsilon)  # eq optimizers:adagrad
        return s


def _squarable(g: Array) -> Array:
    """The slopes, with 0 for those whose square is too large for their type.

    One infinite square in a sum or a running mean would freeze its entry for ever. NaN
    and infinity are handed on: they are errors, and training says so.
    """
    largest = np.sqrt(np.finfo(g.dtype).max) / 1000  # room for a million in a sum
    if np.max(abs(g), initial=0) <= largest:
        return g
    return np.where(np.isfinite(g) & (abs(g) > largest), 0, g)


@dataclass(frozen=True)
class RMSProp(AdaGrad):
    r"""Every entry is divided by the root of a running mean of its squared slopes.

    This is \eqref{optimizers:rmsprop}.

    Args:
        learning_rate: the step's length where the slope stays the same.
        epsilon: keeps the divisor from being zero.
        rho: how much of the mean is kept at every step.

    Source:
        T. Tieleman and G. Hinton, Neural networks for machine learning, lecture 6.5,
        2012.

    Examples:
        >>> rule, p = RMSProp(learning_rate=1.0, epsilon=0.0, rho=0.75), np.array([0.0])
        >>> v = rule.update(p, np.array([6.0]), rule.init(p), t=1)
        >>> v.tolist(), p.tolist()
        ([9.0], [-2.0])
    """

    rho: float = 0.9

    def update(self, p: Array, g: Array, state: Array, t: int) -> Array:
        """Let the running mean take in the squared slopes, and move p in place."""
        g, eta = _squarable(g), self.learning_rate
        v = self.rho * state + (1 - self.rho) * g**2  # eq optimizers:rmsprop-mean
        p -= eta * g / (np.sqrt(v) + self.epsilon)  # eq optimizers:rmsprop
        return v


@dataclass(frozen=True)
class Adam(GradientDescent):
    r"""Momentum and running mean of squares, both corrected for their start at zero.

    This is \eqref{optimizers:adam}.

    Args:
        learning_rate: the length of an entry's first step, and of every step while its
            slope stays the same.
        beta1: how much of the running mean of the slopes is kept.
        beta2: how much of the running mean of their squares is kept.
        epsilon: keeps the divisor from being zero.

    Source:
        D. P. Kingma and J. Ba, Adam: a method for stochastic optimization, ICLR 2015,
        algorithm 1.

    Examples:
        >>> rule, p = Adam(learning_rate=0.5, epsilon=0.0), np.array([0.0, 0.0])
        >>> state = rule.update(p, np.array([3.0, -0.01]), rule.init(p), t=1)
        >>> p.round(12).tolist()
        [-0.5, 0.5]
    """

    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8

    def init(self, p: Array) -> State:
        """Two running means of zero."""
        return np.zeros_like(p), np.zeros_like(p)

    def update(self, p: Array, g: Array, state: State, t: int) -> State:
        """Let both means take in the slopes, correct them, and move p in place."""
        g, eta, (m, v) = _squarable(g), self.learning_rate, state
        m = self.beta1 * m + (1 - self.beta1) * g  # eq optimizers:adam-m
        v = self.beta2 * v + (1 - self.beta2) * g**2  # eq optimizers:adam-v
        m_hat = m / (1 - self.beta1**t)  # eq optimizers:adam-m-hat
        v_hat = v / (1 - self.beta2**t)  # eq optimizers:adam-v-hat
        p -= eta * m_hat / (np.sqrt(v_hat) + self.epsilon)  # eq optimizers:adam
        return m, v


@dataclass(frozen=True)
class AdamW(Adam):
    r"""Adam, and beside it a decay of the parameter that the running means do not see.

    The decay is \eqref{optimizers:adamw}.

    Args:
        learning_rate: as for Adam; the decay is multiplied by it as well.
        beta1: as for Adam.
        beta2: as for Adam.
        epsilon: as for Adam.
        decay: the part of every weight that is taken away, per step and unit of
            learning rate; biases, which are vectors, do not decay.

    Source:
        I. Loshchilov and F. Hutter, Decoupled weight decay regularization, ICLR 2019,
        algorithm 2, but with the decay multiplied by the learning rate, as in PyTorch;
        the paper multiplies it by the schedule's factor alone.

    Examples:
        >>> rule, p = AdamW(learning_rate=0.5, decay=0.25), np.array([[8.0]])
        >>> state = rule.update(p, np.array([[0.0]]), rule.init(p), t=1)
        >>> p.tolist()
        [[7.0]]
    """

    decay: float = 0.01

    def update(self, p: Array, g: Array, state: State, t: int) -> State:
        """Shrink a matrix p in place, then take Adam's step."""
        if p.ndim > 1:
            p -= self.learning_rate * self.decay * p  # eq optimizers:adamw
        return super().update(p, g, state, t)


Schedule = Callable[[int], float]


@dataclass(frozen=True)
class Scheduled(Rule):
    r"""A rule whose learning rate is multiplied by a factor that depends on the step.

    Args:
        rule: any rule with a learning rate.
        schedule: takes the step's number t, from 1, and returns the factor.

    Examples:
        >>> rule, p = Scheduled(GradientDescent(1.0), lambda t: 1 / t), np.array([0.0])
        >>> for t in (1, 2, 4):
        ...     rule.update(p, np.array([1.0]), None, t)
        >>> p.tolist()
        [-1.75]
    """

    rule: GradientDescent
    schedule: Schedule

    def __post_init__(self) -> None:
        doors.has("Scheduled", "rule", self.rule, "init", "update")
        doors.has("Scheduled", "schedule", self.schedule, "__call__")

    def init(self, p: Array) -> Any:
        """What the rule itself remembers."""
        return self.rule.init(p)

    def update(self, p: Array, g: Array, state: Any, t: int) -> Any:
        """Take the rule's step with the learning rate of step t."""
        eta = self.rule.learning_rate * self.schedule(t)  # eq optimizers:scheduled
        return replace(self.rule, learning_rate=eta).update(p, g, state, t)


@dataclass(frozen=True)
class Cosine:
    r"""A schedule: rise in a straight line from 0 to 1, then fall along half a cosine.

    It falls to 0, \eqref{optimizers:cosine}.

    Args:
        steps: the number of all steps.
        warm_up: how many of them are spent on the rise.

    Source:
        I. Loshchilov and F. Hutter, SGDR: stochastic gradient descent with warm
        restarts, ICLR 2017, equation 5.

    Examples:
        >>> [round(Cosine(steps=4)(t), 3) for t in (1, 2, 3, 4)]
        [1.0, 0.854, 0.5, 0.146]
        >>> [Cosine(steps=4, warm_up=2)(t) for t in (1, 2, 3)]
        [0.5, 1.0, 1.0]
    """

    steps: int
    warm_up: int = 0

    def __post_init__(self) -> None:
        steps = doors.count("Cosine", "steps", self.steps)
        if not doors.count("Cosine", "warm_up", self.warm_up, 0) < steps:
            text = f"expected warm_up below steps, which is {steps}"
            raise ValueError(f"Cosine: {text}, but it is {self.warm_up}")

    def __call__(self, t: int) -> float:
        """The factor for step t, from 1; steps beyond the last get 0."""
        if t <= self.warm_up:
            return t / self.warm_up
        s = min((t - 1 - self.warm_up) / (self.steps - self.warm_up), 1)
        factor = (1 + np.cos(np.pi * s)) / 2  # eq optimizers:cosine
        return float(factor)
