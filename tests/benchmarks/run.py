"""Measure nnlit beside its peers: `python tests/benchmarks/run.py --data DIRECTORY`, about 20 minutes on two cores.

One process per number of threads, because some libraries fix it when they start; within it every round runs all peers
one after another, so that a disturbance hits all of them. Before anything is timed, all peers must have the same
gradient and end an epoch at the same loss. The tables go to docs/benchmark.json with date, versions, processor and the
hashes of the modules that took part.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median

import numpy as np

NETS = {"784-10-10": (784, 10, 10), "784-128-10": (784, 128, 10), "784-512-512-10": (784, 512, 512, 10)}
RATE, BATCH = 0.1, 64
ROOT = Path(__file__).resolve().parents[2]


def peers(threads: int) -> list:
    """The peers that are installed, with their threads fixed."""
    from peers import PEERS, PyTorch

    found = [peer for peer in PEERS if peer.available()]
    if PyTorch in found:
        import torch

        torch.set_num_threads(threads)
    return found


def plan(m: int, batch: int) -> list:
    """Shuffled batches of equal size; the rest is left out, because a compiled scan wants equal sizes."""
    order = np.random.default_rng(1).permutation(m)
    return [order[k : k + batch] for k in range(0, m - batch + 1, batch)] if batch < m else [slice(0, m)]


def seconds(peer, batches: list) -> float:
    started = time.perf_counter()
    peer.epoch(batches)
    return time.perf_counter() - started


def rounds(kinds: list, X, y, sizes, batches: list, n: int) -> dict[str, list[float]]:
    """n interleaved rounds of one epoch each, in milliseconds; every round begins at the same weights."""
    from peers import start_weights

    times: dict[str, list[float]] = {kind.name: [] for kind in kinds}
    made = [kind(X, y, RATE) for kind in kinds]
    for r in range(n + 1):
        for peer in made:
            peer.start(start_weights(sizes))
            peer.prepare(batches)
            spent = seconds(peer, batches)
            if r:  # the first round warms up
                times[peer.name].append(1000 * spent)
    return times


def agree(kinds: list, X, y) -> dict[str, dict[str, float]]:
    """The largest relative difference of the first gradient between peers, and of the loss after an epoch."""
    from peers import Clean, pixels, start_weights

    report: dict[str, dict[str, float]] = {}
    for net, sizes in NETS.items():
        for dtype, tolerance in ((np.float32, 1e-5), (np.float64, 1e-10)):
            rows = plan(len(X), BATCH)[:1]
            weights = start_weights(sizes, np.float64)
            data = pixels(X[rows[0]], np.float64)
            reference = Clean(data, y[rows[0]], RATE, np.float64)
            reference.start(weights)
            right = reference.gradient(data, reference.Y)
            worst = max(
                _error(kind, data.astype(dtype), y[rows[0]], dtype, weights, right) for kind in kinds if not kind.bound
            )
            if worst > tolerance:
                raise SystemExit(f"{net}: the first gradients of the peers differ by {worst:.1e} in {dtype.__name__}")
            report.setdefault(net, {})[f"gradient, {dtype.__name__}"] = worst
    for net in list(NETS)[:2]:
        losses = {kind.name: _end(kind, X, y, NETS[net]) for kind in kinds if not kind.bound}
        spread = max(losses.values()) - min(losses.values())
        if spread > 1e-4:
            raise SystemExit(f"{net}: the peers end at different losses: {losses}")
        report[net]["loss after an epoch"] = spread
    return report


def _error(kind, X, y, dtype, weights, right) -> float:
    """One step of rate 1 on one batch is minus the gradient."""
    peer = kind(X, y, 1.0, dtype)
    peer.start([w.astype(dtype) for w in weights])
    rows = [np.arange(len(X))]
    peer.prepare(rows)
    peer.epoch(rows)
    steps = [w.astype(dtype) - v for w, v in zip(weights, peer.weights(), strict=True)]
    scale = max(float(abs(g).max()) for g in right)
    return max(float(abs(s - g).max()) for s, g in zip(steps, right, strict=True)) / scale


def _end(kind, X, y, sizes) -> float:
    from peers import pixels, start_weights

    batches = plan(len(X), BATCH)
    peer = kind(X, y, RATE)
    peer.start(start_weights(sizes))
    peer.prepare(batches)
    peer.epoch(batches)
    A = pixels(X, np.float64)
    p = [w.astype(np.float64) for w in peer.weights()]
    for k in range(0, len(p), 2):
        Z = A @ p[k] + p[k + 1]
        A = np.maximum(Z, 0)
    S = Z - Z.max(axis=1, keepdims=True)
    return float((np.log(np.exp(S).sum(axis=1)) - S[np.arange(len(y)), y]).mean())


def worker(threads: int, data: str, n: int, quick: bool) -> dict:
    """All measurements with one number of threads."""
    from nnlit import load_mnist
    from nnlit.book.source.recordings import rests_on

    mnist = load_mnist(data or None)
    X, y = mnist.X_train, mnist.y_train
    kinds = peers(threads)
    found: dict = {"threads": threads, "images": len(X), "agreement": agree(kinds, X, y), "epochs": {}, "scaling": {}}
    for net, sizes in NETS.items():
        found["epochs"][net] = rounds(kinds, X, y, sizes, plan(len(X), BATCH), n)
    found["full batch"] = rounds(kinds, X, y, NETS["784-10-10"], plan(len(X), len(X)), n)
    if threads == 1 and not quick:
        few, n = [kind for kind in kinds if kind.needs != "sklearn"], max(3, n // 3)
        for m in (k for k in (1_000, 4_000, 16_000, 60_000) if k <= len(X)):
            found["scaling"][f"{m} images"] = _each(rounds(few, X[:m], y[:m], NETS["784-10-10"], plan(m, BATCH), n), m)
        for batch in (1, 8, 64, 512, 4_096):
            m = min(len(X), max(2_000, 16 * batch) if batch < 4_096 else 16_384)
            found["scaling"][f"batch {batch}"] = _each(
                rounds(few, X[:m], y[:m], NETS["784-10-10"], plan(m, batch), n), m
            )
        for width in (10, 128, 512, 2_048):
            m = min(len(X), 60_000 // max(1, width // 16))
            found["scaling"][f"width {width}"] = _each(
                rounds(few, X[:m], y[:m], (784, width, 10), plan(m, BATCH), n), m
            )
    measured = Path(__file__).resolve().with_name("peers.py")
    return found | {"rests_on": rests_on(ROOT, measured, measured)}


def _each(times: dict[str, list[float]], m: int) -> dict[str, float]:
    """Microseconds per image."""
    return {name: 1000 * min(t) / m for name, t in times.items()}


def tables(runs: list[dict]) -> dict:
    """The measurements as a recorded run: what it was, and tables of captions, heads and rows."""
    from peers import PEERS

    packages = ("numpy", "scikit-learn", "torch", "jax")
    versions = ", ".join([f"Python {platform.python_version()}", *map(_version, packages)])
    about = f"{datetime.now(UTC):%Y-%m-%d}, {versions}, {_processor()}"
    names = [peer.name for peer in PEERS if peer.available()]
    found = [table for run in runs for table in _compared(run, names)]
    scaling = runs[0]["scaling"]
    if scaling:
        peers_there = list(next(iter(scaling.values())))
        rows = [[what, *(f"{row[name]:.2f}" for name in peers_there)] for what, row in scaling.items()]
        caption = (
            "Microseconds per image for 784-10-10 with batches of 64, one thread, minimum; "
            "the first column says what is changed."
        )
        found.append({"caption": caption, "head": ["", *peers_there], "rows": rows})
    return {
        "about": f"Measured on {about}; {runs[0]['images']:,} images, {len(runs[0]['full batch']['nnlit'])} rounds.",
        "tables": found,
    }


def _compared(run: dict, names: list[str]) -> list[dict]:
    """Times and ratios with one number of threads."""
    threads = f"{run['threads']} thread{'s' * (run['threads'] > 1)}"
    heads, cells = [*NETS, "full batch"], [*(run["epochs"][net] for net in NETS), run["full batch"]]
    return [
        {
            "caption": f"Milliseconds per epoch (full batch: per step), {threads}: minimum, and median in parentheses.",
            "head": ["", *heads],
            "rows": [[name, *(f"{min(c[name]):.0f} ({median(c[name]):.0f})" for c in cells)] for name in names],
        },
        {
            "caption": f"nnlit's time divided by a peer's, {threads}: ratio of the minima, and in parentheses the "
            "median of the ratios round by round.",
            "head": ["nnlit against", *heads],
            "rows": [[name, *(_ratio(c["nnlit"], c[name]) for c in cells)] for name in names[1:]],
        },
    ]


def _ratio(ours: list[float], theirs: list[float]) -> str:
    paired = median(a / b for a, b in zip(ours, theirs, strict=True))
    return f"{min(ours) / min(theirs):.2f} ({paired:.2f})"


def _version(package: str) -> str:
    try:
        return f"{package} {version(package).split('+')[0]}"
    except PackageNotFoundError:
        return f"no {package}"


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").split("\n") if info.exists() else []
    model = next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine()
    )
    return f"{model}, {os.cpu_count()} cores"


def spawn(threads: int, arguments: argparse.Namespace) -> dict:
    """Run a worker in a process of its own whose libraries all see the same number of threads."""
    names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    flags = f"--xla_cpu_multi_thread_eigen={'true' if threads > 1 else 'false'} intra_op_parallelism_threads={threads}"
    settings = os.environ | dict.fromkeys(names, str(threads)) | {"XLA_FLAGS": flags, "JAX_ENABLE_X64": "1"}
    command = [sys.executable, __file__, "--worker", str(threads), "--rounds", str(arguments.rounds)]
    command += ["--data", arguments.data] if arguments.data else []
    command += ["--quick"] if arguments.quick else []
    cores = sorted(os.sched_getaffinity(0))[:threads] if hasattr(os, "sched_setaffinity") else []
    pin = (lambda: os.sched_setaffinity(0, cores)) if cores else None
    done = subprocess.run(command, env=settings, capture_output=True, text=True, check=False, preexec_fn=pin)
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default="", help="directory with MNIST; without it the sample")
    parser.add_argument("--rounds", type=int, default=9, help="interleaved rounds (default 9)")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2], help="a column group for each (default 1 2)")
    parser.add_argument("--quick", action="store_true", help="no scaling tables")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "benchmark.json", help="where the table goes")
    parser.add_argument("--worker", type=int, default=0, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        print(json.dumps(worker(arguments.worker, arguments.data, arguments.rounds, arguments.quick)))
        return
    runs = [spawn(threads, arguments) for threads in arguments.threads]
    found = tables(runs)
    for part in found["tables"]:
        print(f"\n{part['caption']}", *(" | ".join(row) for row in [part["head"], *part["rows"]]), sep="\n")
    found |= {"agreement": runs[0]["agreement"], "rests_on": {"": runs[0]["rests_on"]}}
    arguments.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
