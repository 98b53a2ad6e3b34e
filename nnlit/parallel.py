"""A large batch in blocks, on several threads: the gradient of a sum is the sum of the gradients."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnlit.data import Array
from nnlit.losses import Loss
from nnlit.network import Network
from nnlit.training import Rows, Slopes, whole


@dataclass(frozen=True)
class Blocks:
    """How the gradient of a batch is computed: block by block, the blocks side by side on threads.

    Args:
        rows: of one block, positive.
        threads: how many blocks are worked on at a time; with one, the matrix products are left alone.

    Examples:
        >>> Blocks(threads=2)
        Blocks(rows=1000, threads=2)
    """

    rows: int = 1000
    threads: int = 1

    def __call__(self, network: Network, X: Array, Y: Array, loss: Loss) -> Slopes:
        """The function of rows and a generator that `fit` calls for every batch; see `whole`."""
        one = whole(network, X, Y, loss)

        def slopes(rows: Rows, rng: np.random.Generator) -> tuple[float, list[Array]]:
            order = np.arange(len(X))[rows]
            blocks = [order[k : k + self.rows] for k in range(0, len(order), self.rows)]
            pieces = list(zip(blocks, rng.spawn(len(blocks)), strict=True))
            return combine(self._in_threads(one, pieces), [len(block) for block in blocks])

        return slopes

    def _in_threads(self, task: Callable[..., Any], pieces: list[tuple[Any, ...]]) -> list[Any]:
        if self.threads == 1 or len(pieces) == 1:
            return [task(*piece) for piece in pieces]
        from concurrent.futures import ThreadPoolExecutor

        from threadpoolctl import threadpool_limits

        quiet = np.errstate(over="ignore", invalid="ignore")  # a thread does not inherit its caller's
        with ThreadPoolExecutor(self.threads) as pool, threadpool_limits(1, user_api="blas"):
            return list(pool.map(quiet(lambda piece: task(*piece)), pieces))


def combine(parts: list[tuple[float, list[Array]]], sizes: list[int]) -> tuple[float, list[Array]]:
    """The loss and the gradients of a batch from those of its parts, each counted by its share of the rows.

    Args:
        parts: loss and gradients of each part.
        sizes: the rows of each part.

    Returns:
        The loss and the gradients of all rows together.

    Examples:
        >>> combine([(1.0, [np.array([4.0])]), (4.0, [np.array([1.0])])], sizes=[1, 2])
        (3.0, [array([2.])])
    """
    shares = [size / sum(sizes) for size in sizes]
    value = sum(share * value for share, (value, _) in zip(shares, parts, strict=True))
    columns = zip(*(grads for _, grads in parts), strict=True)
    return value, [sum(s * g for s, g in zip(shares, column, strict=True)) for column in columns]
