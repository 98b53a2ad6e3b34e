"""Measure what the tape costs beside the derived gradients: `python tests/benchmarks/autodiff.py`, about ten seconds.

Both ways take turns in every round, so that a disturbance hits both, and the shortest time counts: others can only
lengthen it. BLAS has one thread. The table goes to docs/autodiff.json with date, versions, processor and load.
"""

import argparse
import json
import os
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
from parallel import QUIET, shortest
from run import NETS, ROOT, _processor, _version
from threadpoolctl import threadpool_limits

from nnlit import Dense, Network, ReLU, squared_error
from nnlit.autodiff import taped
from nnlit.book.source.recordings import rests_on
from nnlit.training import whole

BATCHES = (1, 64)  # short calls: the shortest of many finds a moment in which nobody disturbs
WAYS = {"derived": whole, "tape": taped}
TIMED = ("activations", "autodiff", "dense", "losses", "network", "training")  # modules whose code is timed


def costs(sizes: tuple[int, ...], m: int, rounds: int) -> tuple[float, float]:
    """The shortest milliseconds of one gradient, derived and by the tape."""
    rng = np.random.default_rng(0)
    layers = [layer for n in pairwise(sizes) for layer in (Dense.start(*n, rng), ReLU())]
    network = Network(layers[:-1])
    X, Y = (rng.uniform(size=(m, n)).astype(np.float32) for n in (sizes[0], sizes[-1]))
    ways = {name: way(network, X, Y, squared_error) for name, way in WAYS.items()}
    calls = {name: (lambda slopes=slopes: slopes(slice(0, m), rng)) for name, slopes in ways.items()}
    derived, tape = (1e3 * min(times) for times in shortest(calls, rounds).values())
    return derived, tape


def table(rounds: int) -> dict:
    """One row for every network, two numbers and their ratio for every batch."""
    rows = []
    with threadpool_limits(1):
        for net, sizes in NETS.items():
            pairs = [costs(tuple(sizes), m, rounds) for m in BATCHES]
            rows.append([net, *(cell for a, b in pairs for cell in (f"{a:.2f}", f"{b:.2f}", f"{b / a:.1f}"))])
    head = ["", *(f"{word}, {m} row{'s' * (m > 1)}" for m in BATCHES for word in ("derived", "tape", "ratio"))]
    caption = f"Milliseconds of one gradient, one thread, shortest of {rounds} rounds, and the tape's over the derived."
    return {"name": "costs", "caption": caption, "head": head, "rows": rows}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=300, help="rounds of every cell (default 300)")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "autodiff.json", help="where the table goes")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    about = f"Measured on {today}, {_version('numpy')}, {_processor()}, load {load:.1f} before the start."
    if load > QUIET:
        about += " Other programs were running: the ratios, of times taken in turns, say more than the times."
    found = table(options.rounds)
    print(found["caption"], *(" | ".join(row) for row in [found["head"], *found["rows"]]), sep="\n")
    rests = rests_on(ROOT, Path(__file__).resolve())
    basis = {file: digest for file, digest in rests.items() if Path(file).stem in TIMED}
    text = json.dumps({"about": about, "tables": [found], "load": load, "rests_on": {"": basis}}, indent=1)
    options.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
