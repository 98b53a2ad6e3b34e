"""Blocks, threads, machines: the gradient of a sum is the sum of gradients."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from nnlit.data import Array
from nnlit.losses import Loss
from nnlit.network import Network
from nnlit.training import Gradient, Rows, Slopes, whole

if TYPE_CHECKING:
    from concurrent.futures import Future

    from distributed import Client
    from threadpoolctl import ThreadpoolController

Part = tuple[float, list[Array]]  # the loss of some rows, and its gradients
Work = Sequence[tuple[Rows, "np.random.Generator"]]
Run = Callable[[Slopes, Work], list[Part]]

TRIES = 3  # a cluster that has lost all its workers is given the data again, twice
WAIT = 60  # seconds until a cluster must have a worker
_LIMIT = threading.Lock()  # held while BLAS has one thread, or two fits would race
_HERE = threading.local()  # in a thread of a pool it has the mark `pool`


# --- the gradient of a sum ---


def combine(parts: Sequence[Part], sizes: Sequence[int]) -> Part:
    r"""The loss and the gradients of all rows from those of their parts.

    A loss is a mean over rows, so each part counts by its share of the rows:
    \eqref{parallel:loss} and \eqref{parallel:grad}.

    Args:
        parts: for each part its loss and its gradients, in one order.
        sizes: the rows of each part, positive.

    Returns:
        The loss, and the gradients in their order, in the dtype that they have.

    Raises:
        ValueError: if there are not as many sizes as parts, or no rows.

    Examples:
        >>> one, three = (8.0, [np.array([4.0])]), (2.0, [np.array([0.0])])
        >>> loss, grads = combine([one, three], sizes=[1, 3])
        >>> loss, grads[0].tolist()
        (3.5, [1.0])
    """
    if sum(sizes) < 1:
        expected = "expected at least one row in a batch"
        raise ValueError(f"combine: {expected}, but sizes is {list(sizes)}")
    values, gradients = zip(*parts, strict=True)
    m, shares = sum(sizes), list(zip(sizes, values, strict=True))
    L = sum(a / m * value for a, value in shares)  # eq parallel:loss
    return float(L), [_share(sizes, G) for G in zip(*gradients, strict=True)]


def _share(sizes: Sequence[int], G: Sequence[Array]) -> Array:
    """The gradient of one parameter from the parts' gradients of it."""
    m, parts = sum(sizes), list(zip(sizes, G, strict=True))
    grad = sum(a / m * g for a, g in parts)  # eq parallel:grad
    return np.asarray(grad)


def cut(rows: Rows, m: int, most: int) -> list[Array | range]:
    """The rows of a batch in pieces that follow one another.

    Args:
        rows: a slice, or row numbers in any order.
        m: how many rows there are in all; a slice is meant among these.
        most: rows of a piece, positive; the last one has what is left.

    Returns:
        The pieces, at least one; of a slice they are ranges.

    Examples:
        >>> cut(slice(1, None), 8, most=3)
        [range(1, 4), range(4, 7), range(7, 8)]
        >>> [piece.tolist() for piece in cut(np.array([5, 0, 2]), 8, most=2)]
        [[5, 0], [2]]
    """
    order = _numbers(rows, m)
    return [order[k : k + most] for k in range(0, max(len(order), 1), most)]


def _numbers(rows: Rows, m: int) -> Array | range:
    """The numbers of rows given as a slice, as numbers or as truth values."""
    if isinstance(rows, slice):
        return range(m)[rows]
    return np.flatnonzero(rows) if rows.dtype == bool else rows


def _rows(piece: Array | range) -> Rows:
    """A range as a slice, which copies nothing; numbers as they are."""
    if not isinstance(piece, range):
        return piece
    stop = piece.stop if piece.stop >= 0 else None
    return slice(piece.start, stop, piece.step) if piece else slice(0, 0)


def _work(pieces: Sequence[Array | range], rng: np.random.Generator) -> Work:
    """The pieces as rows, each with a generator of its own."""
    return list(zip(map(_rows, pieces), rng.spawn(len(pieces)), strict=True))


# --- blocks and threads ---


@dataclass(frozen=True)
class Blocks:
    r"""The gradient of a batch from blocks of its rows, added by `combine`.

    A batch of no more than `rows` rows is one block, and `whole` takes it. Of a
    larger one each block has a random generator of its own, a child of the
    batch's, and the blocks are added in their order. So neither the random
    numbers nor the order of the sums depend on the threads. A gradient is kept
    for every block until the last one is done.

    With one thread BLAS, the library that does NumPy's matrix products, is left
    alone. With more, a step of a large batch sets BLAS's limit to one thread
    and then gives it back. **That limit belongs to the whole process**:
    products in other threads of the program have one thread too while such a
    step lasts. Two such steps wait for each other, and so each gives the bits
    that it gives alone. A small batch is no such step and does not wait.

    Args:
        rows: the rows of a block, positive.
        threads: how many blocks are worked on at a time, positive;
            `blas_threads()` is a number for a quiet machine.

    Raises:
        ValueError: if rows or threads is not a whole number of at least 1.

    Examples:
        >>> from nnlit import Dense, squared_error
        >>> network = Network([Dense(W=np.array([[1.0]]), b=np.zeros(1))])
        >>> X, Y = np.array([[1.0], [2.0], [3.0]]), np.zeros((3, 1))
        >>> slopes = Blocks(rows=2)(network, X, Y, squared_error)
        >>> rng = np.random.default_rng(0)
        >>> loss, (grad_W, grad_b) = slopes(slice(0, 3), rng)
        >>> grad_W.item(), grad_b.item()  # (1 + 4 + 9) / 3 and (1 + 2 + 3) / 3
        (4.667, 2.0)
    """

    rows: int = 1000
    threads: int = 1

    def __post_init__(self) -> None:
        _check_count("Blocks", "rows", self.rows)
        _check_count("Blocks", "threads", self.threads)

    def __call__(self, network: Network, X: Array, Y: Array, loss: Loss) -> Slopes:
        """The function of rows and a generator that `fit` calls per batch."""
        one, run = whole(network, X, Y, loss), _runner(self.threads)

        def slopes(rows: Rows, rng: np.random.Generator) -> Part:
            if not isinstance(rows, slice) and len(rows) <= self.rows:
                return one(rows, rng)
            blocks = cut(rows, len(X), self.rows)
            if len(blocks) == 1:
                return one(rows, rng)
            work = _work(blocks, rng)
            return combine(run(one, work), [len(block) for block in blocks])

        return slopes


def _check_count(owner: str, name: str, count: Any) -> None:
    whole_number = type(count) is int or isinstance(count, np.integer)
    if not whole_number or count < 1:
        expected = f"expected {name} to be a whole number of at least 1"
        raise ValueError(f"{owner}: {expected}, but it is {count!r}; try {name}=1")


def _runner(threads: int) -> Run:
    """What does pieces of work: one after another, or so many at a time."""
    if threads == 1:
        return _in_turn
    from concurrent.futures import ThreadPoolExecutor

    pool = ThreadPoolExecutor(threads, "nnlit", setattr, (_HERE, "pool", True))

    def run(task: Slopes, work: Work) -> list[Part]:
        if hasattr(_HERE, "pool"):  # a fit in a fit would wait for itself
            return _in_turn(task, work)
        task = np.errstate(**np.geterr())(task)  # a thread does not inherit it
        with _LIMIT, _blas().limit(limits=1, user_api="blas"):
            return _results(pool.submit(task, *piece) for piece in work)

    return run


def _in_turn(task: Slopes, work: Work) -> list[Part]:
    return [task(*piece) for piece in work]


def _results(handed_out: Iterable[Future[Part]]) -> list[Part]:
    """The results in order; after an error or Ctrl-C nothing runs on."""
    from concurrent.futures import wait

    futures: list[Future[Part]] = []
    try:
        futures.extend(handed_out)  # also while this goes on
        return [future.result() for future in futures]
    finally:
        for future in futures:
            future.cancel()
        wait(futures)


@cache
def _blas() -> ThreadpoolController:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def blas_threads() -> int:
    """How many threads BLAS may use now.

    Returns:
        The limit of the BLAS that NumPy has loaded; 1 if there is none to ask.

    Examples:
        >>> blas_threads() >= 1
        True
    """
    found = _blas().select(user_api="blas").lib_controllers  # OpenMP is no BLAS
    return max((library.num_threads for library in found), default=1)


# --- when it pays ---


def step_time(
    rows: float,
    workers: float,
    per_row: float,
    overhead: float,
    per_worker: float,
) -> float:
    r"""The seconds of a step that workers share, \eqref{parallel:time}.

    Args:
        rows: of the batch.
        workers: threads, processes or machines.
        per_row: seconds that one worker takes for one row.
        overhead: seconds that a step costs besides, for any number of workers.
        per_worker: seconds that each worker costs, one after another.

    Returns:
        Seconds.

    Examples:
        >>> step_time(6000, 2, per_row=1e-3, overhead=0.5, per_worker=0.25)
        4.0
    """
    return (
        rows * per_row / workers + overhead + workers * per_worker
    )  # eq parallel:time


def break_even(
    workers: float, per_row: float, overhead: float, per_worker: float
) -> float:
    r"""The rows from which workers pay, \eqref{parallel:break-even}.

    Args:
        workers: how many, more than 1.
        per_row: as for `step_time`.
        overhead: as for `step_time`.
        per_worker: as for `step_time`.

    Returns:
        Rows.

    Examples:
        >>> round(break_even(2, per_row=1e-3, overhead=0.5, per_worker=0.25))
        2000
    """
    extra = overhead + workers * per_worker  # eq parallel:extra
    return workers / (workers - 1) * extra / per_row  # eq parallel:break-even


def best_workers(rows: float, per_row: float, per_worker: float) -> float:
    r"""The number of workers with the shortest step, \eqref{parallel:best}.

    Args:
        rows: of the batch.
        per_row: as for `step_time`.
        per_worker: as for `step_time`, positive.

    Returns:
        A number that need not be whole.

    Examples:
        >>> best_workers(9000, per_row=1e-3, per_worker=0.25)
        6.0
    """
    return math.sqrt(rows * per_row / per_worker)  # eq parallel:best


# --- machines ---


@dataclass(frozen=True)
class Cluster:
    r"""The gradient of a batch from a Dask cluster, added by `combine`.

    Every worker gets X and Y once, when training begins. In a step the batch is
    cut into pieces. A worker gets the network, the numbers of its rows and a
    random generator, and sends back a loss and gradients. If a worker is lost,
    Dask gives its piece to another. If all are lost, they get the data again
    and the step is repeated, three tries in all. The result depends on the
    number of pieces, not on who computes them.

    Dask starts its workers with one thread for BLAS, and with a C library that
    gives freed memory back to the system early, which large arrays pay for:
    set `MALLOC_TRIM_THRESHOLD_` in `distributed.nanny.pre-spawn-environ` of
    Dask's configuration to a gigabyte before the workers start.

    Args:
        client: a `distributed.Client`; the extra `dask` brings it.
        gradient: how a worker takes its piece.
        pieces: how many; None for one per thread of the workers that are
            there when training begins.

    Raises:
        TypeError: if client is none, such as the cluster itself.
        ValueError: if pieces is not a whole number of at least 1.
        TimeoutError: in training, if the cluster has no worker for a minute.
    """

    client: Client
    gradient: Gradient = Blocks()
    pieces: int | None = None

    def __post_init__(self) -> None:
        if self.pieces is not None:
            _check_count("Cluster", "pieces", self.pieces)
        if not hasattr(self.client, "scatter"):
            text = f"expected a client of Dask's, but it is {self.client!r}"
            mend = "from distributed import Client (pip install 'nnlit[dask]')"
            raise TypeError(f"Cluster: {text}; {mend}")

    def __call__(self, network: Network, X: Array, Y: Array, loss: Loss) -> Slopes:
        """The function of rows and a generator that `fit` calls per batch."""
        data = self._scatter(X, Y)
        n = self.pieces or sum(self.client.nthreads().values())

        def slopes(rows: Rows, rng: np.random.Generator) -> Part:
            pieces = cut(rows, len(X), _most(rows, len(X), n))
            ask = partial(self._gather, network, data, loss, _work(pieces, rng))
            parts = _steadily(ask, lambda: data.update(self._scatter(X, Y)))
            return combine(parts, [len(piece) for piece in pieces])

        return slopes

    def _scatter(self, X: Array, Y: Array) -> dict[str, Any]:
        """X and Y on every worker; returned are Dask's tickets for them."""
        try:
            self.client.wait_for_workers(1, timeout=WAIT)
            tickets = self.client.scatter([X, Y], broadcast=True, hash=False)
            return dict(zip("XY", tickets, strict=True))
        except TimeoutError as error:
            text = f"Cluster: expected a worker, but {WAIT} seconds brought none"
            repair = "start one by `dask worker ADDRESS`, or leave Cluster out"
            raise TimeoutError(f"{text}; {repair}") from error

    def _gather(
        self, network: Network, data: dict[str, Any], loss: Loss, work: Work
    ) -> list[Part]:
        """The parts that the workers find."""
        given = (self.gradient, network, data["X"], data["Y"], loss)
        submit = partial(self.client.submit, _part, pure=False)
        return list(self.client.gather([submit(*piece, *given) for piece in work]))


def _most(rows: Rows, m: int, n: int) -> int:
    """The rows of a piece where a batch is cut into n pieces; at least one."""
    return max(1, math.ceil(len(_numbers(rows, m)) / n))


def _part(
    rows: Rows, rng: np.random.Generator, gradient: Gradient, *given: Any
) -> Part:
    """What a worker does with a piece.

    Its rows are put where numbers of their size begin in memory: what comes
    through a wire may begin at any byte. NumPy would move it before each
    product, set another way, and other last bits would come out.
    """
    network, *data, loss = given
    X, Y = (np.require(A[rows], requirements="A") for A in data)
    return gradient(network, X, Y, loss)(slice(None), rng)


def _steadily(
    ask: Callable[[], list[Part]], renew: Callable[[], None], tries: int = TRIES
) -> list[Part]:
    """What `ask` gives. Where all workers are lost, `renew` and ask again."""
    from concurrent.futures import CancelledError

    try:
        return ask()
    except CancelledError:
        if tries == 1:
            raise
    renew()
    return _steadily(ask, renew, tries - 1)
