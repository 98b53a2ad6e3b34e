"""Measure what the chapter `parallel` speaks of: `python tests/benchmarks/parallel.py`, about two minutes.

The images are random bytes, because products take as long for one image as for another. All candidates of a table take
turns in every round, so that a disturbance hits all of them, and the shortest time counts: others can only lengthen it.
The tables go to docs/parallel.json with date, versions, processor and load. The last two need the extra `dask`.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from run import NETS, ROOT, _processor, _version
from threadpoolctl import threadpool_limits

from nnlit import Dense, Network, ReLU, Scale, softmax_cross_entropy
from nnlit.book.source.recordings import rests_on
from nnlit.network import leaves
from nnlit.parallel import Blocks, Cluster, best_workers, break_even, step_time
from nnlit.training import Slopes, whole

ROWS, BATCH = 60_000, 64
SMALL, MIDDLE, LARGE = NETS
PIECES = (1, 2, 4, 8, 16)
HUNDRED = (1, 2, 10, 100)
QUIET = 1.5  # the load of the last minute up to which the times are ours
REST = 0.1  # seconds: a thread of BLAS that has done its work spins on for a while, on a core that the next one wants
TIMED = ("activations", "dense", "losses", "network", "parallel", "softmax", "training")  # modules whose code is timed


def shortest(
    candidates: dict[str, Callable[[], Any]], rounds: int, calls: int = 1, rest: float = 0
) -> dict[str, list[float]]:
    """The seconds of a call, for each candidate and round, after so many seconds of rest; the first round warms up."""
    found: dict[str, list[float]] = {name: [] for name in candidates}
    for r in range(rounds + 1):
        for name, call in candidates.items():
            time.sleep(rest)
            started = time.perf_counter()
            for _ in range(calls):
                call()
            if r:
                found[name].append((time.perf_counter() - started) / calls)
    return found


def network(sizes: Sequence[int]) -> Network:
    rng = np.random.default_rng(0)
    layers = [layer for n in pairwise(sizes) for layer in (Dense.start(*n, rng), ReLU())]
    return Network([Scale(1 / 255), *layers[:-1]])


def examples(m: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    Y = np.eye(10, dtype=np.float32)[rng.integers(0, 10, m)]
    return rng.integers(0, 256, (m, 784), dtype=np.uint8), Y


def step(gradient: Any, sizes: Sequence[int], m: int) -> Callable[[], Any]:
    """One gradient of a batch of m rows."""
    slopes: Slopes = gradient(network(sizes), *examples(m), softmax_cross_entropy)
    return lambda: slopes(slice(0, m), np.random.default_rng(0))


# --- memory -----------------------------------------------------------------------------------------------------------


def memory(rounds: int) -> list[dict]:
    """Products and updates with both orders, 64 rows, one thread of BLAS, in microseconds."""
    with threadpool_limits(1):
        cells = {K: _orders(K, rounds) for K in (10, 128)}
    rows = [[name, *(f"{1e6 * min(cells[K][name]):.1f}" for K in cells)] for name in cells[10]]
    caption = f"Microseconds of one line for a batch of {BATCH} images, one thread, shortest of {rounds} rounds."
    return [{"name": "memory", "caption": caption, "head": ["", *(f"784 to {K}" for K in cells)], "rows": rows}]


def _orders(K: int, rounds: int) -> dict[str, list[float]]:
    rng = np.random.default_rng(0)
    X, grad_Z = (rng.random((BATCH, n), dtype=np.float32) for n in (784, K))
    W, grad_W = (rng.random((784, K), dtype=np.float32) for _ in range(2))
    W_F, grad_F = np.asfortranarray(W), np.asfortranarray(grad_W)
    candidates = {
        "`X @ W`, W row by row": lambda: X @ W,
        "`X @ W`, W column by column": lambda: X @ W_F,
        "`X.T @ grad_Z` into rows": lambda: np.matmul(X.T, grad_Z, out=grad_W),
        "`X.T @ grad_Z` into columns": lambda: np.matmul(X.T, grad_Z, out=grad_F),
        "the step, both row by row": lambda: move(W, grad_W),
        "the step, both column by column": lambda: move(W_F, grad_F),
        "the step, W in columns, its gradient in rows": lambda: move(W_F, grad_W),
    }
    return shortest(candidates, rounds, calls=200)


def move(p: np.ndarray, g: np.ndarray) -> None:
    p -= 1e-9 * g


# --- blocks -----------------------------------------------------------------------------------------------------------


def blocks(rounds: int) -> list[dict]:
    """The gradient of 60,000 images in blocks of several sizes, one thread, in milliseconds."""
    sizes = (60, 300, 1000, 3000, 10_000, 30_000)
    candidates = {f"blocks of {n:,}": step(Blocks(n), NETS[SMALL], ROWS) for n in sizes}
    candidates |= {"the whole batch": step(whole, NETS[SMALL], ROWS)}
    with threadpool_limits(1):
        found = shortest(candidates, rounds)
    megabytes = [*(n * 784 * 4 / 1e6 for n in sizes), ROWS * 784 * 4 / 1e6]
    rows = [[name, f"{mega:.1f}", ms(times)] for (name, times), mega in zip(found.items(), megabytes, strict=True)]
    caption = (
        f"The gradient of {ROWS:,} images for {SMALL}, one thread: shortest of {rounds} rounds, median in parentheses."
    )
    head = ["", "megabytes of a block's pixels", "milliseconds"]
    return [{"name": "blocks", "caption": caption, "head": head, "rows": rows}]


def ms(times: Sequence[float]) -> str:
    return f"{1e3 * min(times):.1f} ({1e3 * median(times):.1f})"


# --- threads ----------------------------------------------------------------------------------------------------------


def threads(rounds: int) -> list[dict]:
    """Products with one and two threads of BLAS, alone and beside a busy process; then a whole step."""
    shapes = [(64, 784, 10), (64, 784, 128), (1000, 784, 128), (1000, 784, 512)]
    alone = [_product(shape, rounds) for shape in shapes]
    with busy():
        beside = [_product(shape, rounds) for shape in shapes]
    rows = [
        ["{} × {} × {}".format(*shape), *(f"{1e6 * median(t):.0f}" for t in (*a.values(), *b.values()))]
        for shape, a, b in zip(shapes, alone, beside, strict=True)
    ]
    products = {
        "name": "products",
        "caption": f"Microseconds of one product, median of {rounds} rounds; on the right another process is busy.",
        "head": ["", "1 thread", "2 threads", "1 thread, busy", "2 threads, busy"],
        "rows": rows,
    }
    return [products, _full_batch(rounds)]


def _product(shape: tuple[int, int, int], rounds: int) -> dict[str, list[float]]:
    m, n, k = shape
    rng = np.random.default_rng(0)
    X, W = rng.random((m, n), dtype=np.float32), rng.random((n, k), dtype=np.float32)
    calls = max(3, 100_000_000 // (m * n * k))
    found: dict[str, list[float]] = {}
    for limit in (1, 2):
        with threadpool_limits(limit):
            found |= shortest({f"{limit}": lambda: X @ W}, rounds, min(calls, 300))
    return found


@contextmanager
def busy() -> Any:
    """Another process that never rests."""
    process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        time.sleep(0.5)
        yield
    finally:
        process.kill()
        process.wait()


def _full_batch(rounds: int) -> dict:
    ways = {
        "the whole batch, 1 thread": (whole, 1),
        "the whole batch, 2 threads of BLAS": (whole, 2),
        "blocks of 1,000, 1 thread": (Blocks(), 1),
        "blocks of 1,000, 2 threads of BLAS": (Blocks(), 2),
        "blocks of 1,000 on 2 threads": (Blocks(threads=2), 2),
    }
    cells = []
    for sizes, m in ((NETS[SMALL], ROWS), (NETS[MIDDLE], ROWS // 4)):
        made = {name: _limited(step(gradient, sizes, m), limit) for name, (gradient, limit) in ways.items()}
        cells.append(shortest(made, rounds, rest=REST))
    rows = [[name, *(ms(cell[name]) for cell in cells)] for name in ways]
    caption = f"Milliseconds of a gradient: shortest of {rounds} rounds, median in parentheses."
    head = ["", f"{SMALL}, {ROWS:,} rows", f"{MIDDLE}, {ROWS // 4:,} rows"]
    return {"name": "threads", "caption": caption, "head": head, "rows": rows}


def _limited(call: Callable[[], Any], limit: int) -> Callable[[], Any]:
    def limited() -> None:
        with threadpool_limits(limit):
            call()

    return limited


# --- machines ---------------------------------------------------------------------------------------------------------


def machines(rounds: int) -> tuple[list[dict], dict]:
    """What a step costs on a local cluster of two processes, and what follows for more of them."""
    import dask
    from distributed import Client, LocalCluster

    dask.config.set({"distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": 2**30})
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as local, Client(local) as client:
        costs = {net: _costs(client, NETS[net], rounds) for net in NETS}
        numbers = fit_costs(costs)
        with threadpool_limits(1):
            for net, sizes in NETS.items():
                m = {SMALL: ROWS, MIDDLE: ROWS // 4, LARGE: ROWS // 16}[net]
                ways = {"one": step(Blocks(), sizes, m), "threads": step(Blocks(threads=2), sizes, m)}
                ways |= {"two": step(Cluster(client, pieces=2), sizes, m)}
                found = shortest(ways, max(3, rounds // 2), rest=REST)
                numbers[net] |= {"rows": m, **{name: min(times) for name, times in found.items()}}
                numbers[net]["per row"] = numbers[net]["one"] / m
    return [_cluster_table(numbers), _law_table(numbers)], numbers


def _costs(client: Any, sizes: Sequence[int], rounds: int) -> dict[int, float]:
    """The seconds of a step that has one row for every piece."""
    ways = {str(p): step(Cluster(client, pieces=p), sizes, p) for p in PIECES}
    return {int(p): min(times) for p, times in shortest(ways, rounds, calls=3).items()}


def fit_costs(costs: dict[str, dict[int, float]]) -> dict[str, Any]:
    """Overhead h, cost of a piece and seconds per byte, by least squares: a step costs h + p (d + N s)."""
    sizes = {net: sum(p.nbytes for p in leaves(network(NETS[net]))) for net in costs}
    rows = [(1, p, p * sizes[net], seconds) for net, found in costs.items() for p, seconds in found.items()]
    A = np.array(rows)
    (h, d, s), *_ = np.linalg.lstsq(A[:, :3], A[:, 3], rcond=None)
    if min(h, d, s) <= 0:
        found = f"overhead {h:.1e} s, {d:.1e} s a piece and {s:.1e} s a byte"
        raise SystemExit(f"the costs of a step should be positive, but came out as {found}: record on a quiet machine")
    numbers: dict[str, Any] = {"overhead": h, "per piece": d, "per byte": s}
    return numbers | {net: {"bytes": n, "per worker": d + n * s, "measured": costs[net]} for net, n in sizes.items()}


def _cluster_table(numbers: dict) -> dict:
    rows = []
    for net in NETS:
        found = numbers[net]
        law = step_time(found["rows"], 2, found["per row"], numbers["overhead"], found["per worker"])
        times = (found["one"], found["threads"], found["two"], law)
        rows.append([net, f"{found['rows']:,}", *(f"{1e3 * t:.0f}" for t in times)])
    head = ["", "rows", "one thread", "two threads", "two workers", "two workers, by the law"]
    about = f"{1e3 * numbers['overhead']:.1f} milliseconds a step, {1e3 * numbers['per piece']:.1f} a worker"
    rate = 2 / numbers["per byte"] / 1e6
    caption = (
        f"Milliseconds of a gradient. Measured besides: {about}, and {rate:,.0f} megabytes a second there and back."
    )
    return {"name": "cluster", "caption": caption, "head": head, "rows": rows}


def _law_table(numbers: dict) -> dict:
    rows = []
    for net in NETS:
        found = numbers[net]
        t, h, u = found["per row"], numbers["overhead"], found["per worker"]
        times = [ROWS * t, *(step_time(ROWS, p, t, h, u) for p in HUNDRED[1:])]
        even, best = break_even(2, t, h, u), best_workers(ROWS, t, u)
        rows.append([net, f"{even:,.0f}", f"{best:.0f}", *(f"{1e3 * seconds:,.0f}" for seconds in times)])
    heads = [f"{p} worker{'s' * (p > 1)}" for p in HUNDRED]
    caption = (
        f"What the law says: the rows from which two workers pay, the best number of workers for {ROWS:,} rows, "
        "and the milliseconds of such a step."
    )
    return {"name": "law", "caption": caption, "head": ["", "pays from", "best", *heads], "rows": rows}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9, help="rounds of every table (default 9)")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "parallel.json", help="where the tables go")
    parser.add_argument("--busy", action="store_true", help="record although other programs are running")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    if load > QUIET and not options.busy:
        raise SystemExit(f"the load is {load:.1f}, so the times would be those of other programs: wait, or add --busy")
    more, numbers = machines(options.rounds)  # first, because it may end the run
    tables = [*memory(options.rounds), *blocks(options.rounds), *threads(options.rounds)]
    versions = ", ".join(map(_version, ("numpy", "distributed")))
    about = f"Measured on {datetime.now(UTC):%Y-%m-%d}, {versions}, {_processor()}, load {load:.1f} before the start."
    if load > QUIET:
        about += " Other programs were running: these times are theirs as much as ours."
    tables += more
    for table in tables:
        print(f"\n{table['caption']}", *(" | ".join(row) for row in [table["head"], *table["rows"]]), sep="\n")
    rests = rests_on(ROOT, Path(__file__).resolve())
    basis = {file: digest for file, digest in rests.items() if Path(file).stem in TIMED}
    found = {"about": about, "tables": tables, "numbers": numbers, "load": load, "rests_on": {"": basis}}
    text = json.dumps(found, indent=1)
    options.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
