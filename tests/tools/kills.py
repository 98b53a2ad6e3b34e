"""Training that is killed at random moments: `python tests/tools/kills.py COUNT [--seed N]`.

Trainings of several kinds run in processes of their own and write checkpoints. Each is killed (SIGKILL, which no
program can heed) after a random time, resumed in a new process, killed again, and so on; in the end it must be the
training that nobody disturbed: the same network and history to the last bit, but for the column `seconds`. The folder
must then hold one file, the checkpoint.
"""

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from nnlit import (
    L2,
    Adam,
    Blocks,
    Cosine,
    Dense,
    Dropout,
    GradientDescent,
    MiniBatches,
    Momentum,
    Network,
    ReLU,
    Scheduled,
    WithReplacement,
    fit,
    full_batch,
    resume,
    softmax_cross_entropy,
)
from nnlit.results import Trained

EPOCHS, EACH = 150, 5  # of a training; how often it is killed before it may end
WAYS: dict[str, dict[str, Any]] = {
    "Adam, batches, dropout": {"rule": Adam(0.01), "batches": MiniBatches(50)},
    "full batch": {"rule": GradientDescent(0.1), "batches": full_batch},
    "momentum, drawn with replacement": {"rule": Momentum(0.01), "batches": WithReplacement(50)},
    "a schedule and a penalty": {
        "rule": L2(Scheduled(Adam(0.01), Cosine(4 * EPOCHS, warm_up=3)), 1e-3),
        "batches": MiniBatches(50),
    },
    "blocks on two threads": {
        "rule": Adam(0.01),
        "batches": full_batch,
        "gradient": Blocks(rows=60, threads=2),
    },
    "a validation part, weights": {
        "rule": Adam(0.01),
        "batches": MiniBatches(50),
        "validation": 0.25,
        "weights": {0: 2.0},
        "every": 3,
    },
}


def examples() -> tuple[Any, Any]:
    """Rows and labels."""
    return np.random.default_rng(0).normal(size=(200, 30)).astype(np.float32), np.arange(200) % 5


def start() -> Network:
    """A network with some thousand parameters, so that writing takes a while."""
    rng = np.random.default_rng(1)
    return Network([Dense.start(30, 60, rng), ReLU(), Dropout(0.3), Dense.start(60, 5, rng)])


def go(way: str, path: Path | None) -> Trained:
    """Train, or go on where the file is."""
    X, y = examples()
    choices = {"loss": softmax_cross_entropy, "epochs": EPOCHS} | WAYS[way]
    if path is not None and path.exists():
        return resume(path, X, y, **choices)
    return fit(start(), X, y, rng=np.random.default_rng(5), checkpoint=path, **choices)


def killed(way: str, path: Path, delay: float) -> str:
    """Run in a process of its own, and kill it some seconds after training begins; what was caught in the act."""
    command = [sys.executable, "-W", "ignore", __file__, "0", "--work", way, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        line = process.stdout.readline()  # training begins
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
    if line != "begins\n":
        raise RuntimeError(f"{way}: training did not begin")
    if process.returncode == 0:
        return "at its end"
    return "while it wrote" if any(path.parent.glob(".*.part")) else "while it trained"


def problem(way: str, path: Path, whole: Trained) -> str:
    """What is not as it would have been, or nothing."""
    found = go(way, path)
    if found.network != whole.network:
        return f"{way}: another network"
    if not found.history.drop(columns="seconds").equals(whole.history.drop(columns="seconds")):
        return f"{way}: another history"
    rest = sorted(p.name for p in path.parent.iterdir())
    return f"{way}: {rest} is left" if rest != [path.name] else ""


def run(count: int, seed: int) -> tuple[dict[str, int], list[str]]:
    """Kill so many times; in which act, and what went wrong."""
    rng, acts, wrong = random.Random(seed), dict[str, int](), []  # noqa: S311
    wholes, longest = {}, {}
    done = 0
    while done < count:
        way = list(WAYS)[done // EACH % len(WAYS)]
        if way not in wholes:
            with tempfile.TemporaryDirectory() as folder:
                begin = time.perf_counter()
                wholes[way] = go(way, Path(folder, "run.npz"))
                longest[way] = time.perf_counter() - begin
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "run.npz")
            for _ in range(min(EACH, count - done)):
                act = killed(way, path, rng.uniform(0, 2 * longest[way] / EACH))
                acts[act] = acts.get(act, 0) + 1
                done += act != "at its end"
                print(f"{done}: {way}, {act}", flush=True)
            try:
                fault = problem(way, path, wholes[way])
            except Exception as error:  # noqa: BLE001 - any is what is looked for
                fault = f"{way}: {error!r}"
            wrong += [fault] * bool(fault)
    return acts, wrong


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--work", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        print("begins", flush=True)
        go(options.work[0], Path(options.work[1]))
        return
    acts, wrong = run(options.count, options.seed)
    print(acts, *wrong, sep="\n")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
