"""The running table: `python tests/benchmarks/arc.py --data DIRECTORY` trains all recipes from five seeds, an hour.

Each row is a recipe of `nnlit train --recipe`; its second column says everything in which it differs from the row
above, read from the two recipes. The table goes to docs/arc.json with dates, versions, processor, and the hashes of
the modules that each row was measured with. BLAS has one thread, and the seconds are those of the processor, so that
other work on the machine does not count.
"""

import argparse
import json
import os
import platform
import time
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean, stdev

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before NumPy is loaded

import numpy as np
from run import ROOT, _processor, _version

from nnlit import accuracy, load_mnist
from nnlit.book.source.recordings import rests_on
from nnlit.recipes import RECIPES, Recipe

WORDS = {
    "raw": "first network, raw pixels",
    "training": "pixels from 0 to 1",
    "scaling": "pixels standardized",
    "softmax": "softmax and cross-entropy",
    "batches": "batches of 64",
    "initialization": "He's start",
    "optimizers": "Adam, cosine",
    "wide": "784-128-10",
    "regularization": "images moved by a pixel",
    "deep": "784-512-512-10, dropout, images moved",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default="", help="directory with MNIST; without it the sample")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument(
        "--only", nargs="*", default=list(WORDS), choices=list(WORDS), help="rows to run; the others are kept"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "arc.json", help="where the table goes")
    arguments = parser.parse_args()
    before = json.loads(arguments.out.read_text(encoding="utf-8")) if arguments.out.exists() else {}
    kept, basis = before.get("runs", {}), before.get("rests_on", {})
    dates = before.get("dates", {})
    data = load_mnist(arguments.data or None)
    for name in arguments.only:
        kept[name] = [one(name, data, seed) for seed in range(arguments.seeds)]
        basis[name] = rests_on(ROOT, Path(__file__).resolve())
        dates[name] = f"on {datetime.now(UTC):%Y-%m-%d} on {_processor()}"
        found = table({name: kept[name] for name in WORDS if name in kept}, dates, len(data.X_train))
        print(" | ".join(found["tables"][0]["rows"][[x for x in WORDS if x in kept].index(name)]), flush=True)
        found["rests_on"] = {name: basis[name] for name in found["runs"]}
        arguments.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def one(name: str, data, seed: int) -> dict[str, float]:
    """One training run: the part of the test images that it gets right, and its seconds."""
    started = time.process_time()
    network = RECIPES[name].train(data.X_train, data.y_train, np.random.default_rng(seed))
    seconds = time.process_time() - started
    return {"test": accuracy(network, data.X_test, data.y_test), "seconds": seconds}


def table(runs: dict[str, list[dict[str, float]]], dates: dict[str, str], images: int) -> dict:
    """The runs, and the table as the book shows it."""
    days = " and ".join(sorted({dates[name] for name in runs}))
    about = f"{days}; Python {platform.python_version()}, {_version('numpy')}"
    rows = [
        [f"`{name}`", f"{WORDS[name]}: {changes(name)}".removesuffix(": "), *_numbers(found)]
        for name, found in runs.items()
    ]
    head = ["recipe", "what differs from the row above", "test accuracy", "deviation", "seconds"]
    seeds = len(next(iter(runs.values())))
    caption = (
        f"Mean and standard deviation over {seeds} seeds, in percent of the test images; "
        "seconds are the mean of a run, on one thread; not measured where the machine had other work."
    )
    text = (
        f"Measured {about}; {images:,} training images, 10,000 test images."
        if images > 5000
        else f"On the sample, measured {about}."
    )
    tables = [{"caption": caption, "head": head, "rows": rows}]
    return {"about": text, "tables": tables, "runs": runs, "dates": {name: dates[name] for name in runs}}


def changes(name: str) -> str:
    """Every choice of a recipe that is not that of the row above."""
    names = list(WORDS)
    above, here = RECIPES[names[max(names.index(name) - 1, 0)]], RECIPES[name]
    pairs = [(f.name.replace("_", " "), getattr(above, f.name), getattr(here, f.name)) for f in fields(Recipe)]
    return ", ".join(f"{what} {_shown(new)} for {_shown(old)}" for what, old, new in pairs if old != new)


def _shown(value: object) -> str:
    """A choice as the table shows it."""
    if isinstance(value, tuple):
        return "-".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _numbers(found: list[dict[str, float]]) -> list[str]:
    right = [100 * run["test"] for run in found]
    timed = all("seconds" in run for run in found)
    seconds = f"{mean(run['seconds'] for run in found):.0f}" if timed else "not measured"
    return [f"{mean(right):.2f}", f"{stdev(right):.2f}", seconds]


if __name__ == "__main__":
    main()
