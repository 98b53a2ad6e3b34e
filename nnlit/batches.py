"""Mini-batches: a few examples at a time, whose gradient is right on average."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnlit import doors
from nnlit.data import Array


@dataclass(frozen=True)
class MiniBatches:
    r"""Shuffle the examples, then deal them out.

    Every example is in exactly one batch of an epoch. A batch of distinct examples has
    the mean gradient on average, \eqref{batches:unbiased}, and the variance
    \eqref{batches:variance-without}. The last batch holds what is left.

    Args:
        size: examples per batch, positive.

    Raises:
        ValueError: if size is not positive.

    Examples:
        >>> plan = MiniBatches(2)(5, np.random.default_rng(0))
        >>> [len(rows) for rows in plan], sorted(np.concatenate(plan).tolist())
        ([2, 2, 1], [0, 1, 2, 3, 4])
    """

    size: int

    def __post_init__(self) -> None:
        _check_size(self)

    def __call__(self, m: int, rng: np.random.Generator) -> list[Array]:
        """The rows of each batch of one epoch over m examples."""
        order = doors.generator("MiniBatches", rng).permutation(m)
        return [order[k : k + self.size] for k in range(0, m, self.size)]


@dataclass(frozen=True)
class WithReplacement:
    r"""Draw every example of every batch anew: some come twice, some not at all.

    The mean slope of such a batch has the variance \eqref{batches:variance-with}.

    Args:
        size: examples per batch, positive.

    Raises:
        ValueError: if size is not positive.

    Examples:
        >>> plan = WithReplacement(2)(5, np.random.default_rng(0))
        >>> [len(rows) for rows in plan], max(int(rows.max()) for rows in plan) < 5
        ([2, 2, 1], True)
    """

    size: int

    def __post_init__(self) -> None:
        _check_size(self)

    def __call__(self, m: int, rng: np.random.Generator) -> list[Array]:
        """The rows of each batch; together as many draws as there are examples."""
        draws = doors.generator("WithReplacement", rng).integers(0, m, m)
        return [draws[k : k + self.size] for k in range(0, m, self.size)]


def _check_size(plan: MiniBatches | WithReplacement) -> None:
    doors.count(type(plan).__name__, "size", plan.size)
