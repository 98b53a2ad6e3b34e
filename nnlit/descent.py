"""Gradient descent: a rule that takes one array a step downhill."""

from dataclasses import dataclass
from typing import Any

from nnlit.data import Array


@dataclass(frozen=True)
class Rule:
    """How one array is moved by its gradient; the base of every optimizer of the book.

    A rule knows nothing of networks. What it remembers between steps is a value it returns and is handed back.
    """

    def init(self, p: Array) -> Any:
        """What the rule remembers before the first step: here nothing.

        Args:
            p: the array that will be updated.

        Returns:
            The state for `update`.
        """
        return None

    def update(self, p: Array, g: Array, state: Any, t: int) -> Any:
        """Move p in place.

        Args:
            p: the parameter, any shape; changed.
            g: its gradient, same shape; not changed.
            state: what `init` or the last `update` returned.
            t: the number of this step, from 1.

        Returns:
            The state for the next step.
        """
        raise NotImplementedError


@dataclass(frozen=True)
class GradientDescent(Rule):
    r"""One step against the gradient, of learning rate $\eta$: \eqref{descent:update}.

    Args:
        learning_rate: the step as a multiple of the gradient, positive.

    Source:
        A. Cauchy, Methode generale pour la resolution des systemes d'equations simultanees, Comptes rendus 25 (1847).

    Examples:
        >>> import numpy as np
        >>> p = np.array([3.0, -1.0])
        >>> GradientDescent(learning_rate=0.5).update(p, g=np.array([2.0, 4.0]), state=None, t=1)
        >>> p.tolist()
        [2.0, -3.0]
    """

    learning_rate: float

    def update(self, p: Array, g: Array, state: Any, t: int) -> Any:
        """Move p in place by the learning rate times its gradient."""
        p -= self.learning_rate * g  # eq descent:update
        return state
