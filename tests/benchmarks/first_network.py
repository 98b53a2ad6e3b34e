"""The first network from ten different starts: `python tests/benchmarks/first_network.py`, about a minute on two cores.

784-10-10 with ReLU, squared error, full-batch gradient descent, 500 steps of learning rate 0.1, pixels from 0 to 1.
With --data DIRECTORY it takes MNIST's own files instead of the sample. --record keeps what it finds in
first_network.json, which the training chapter prints.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from nnlit import Dense, GradientDescent, Network, ReLU, Scale, accuracy, fit, full_batch, load_mnist, squared_error

RECORD = Path(__file__).with_suffix(".json")


def half(n_in, n_out, rng):
    """A popular start: every number between -1/2 and 1/2, whatever the size of the layer."""
    W, b = rng.uniform(-0.5, 0.5, (n_in, n_out)), rng.uniform(-0.5, 0.5, n_out)
    return Dense(W.astype(np.float32), b.astype(np.float32))


STARTS = {"1/sqrt(n_in)": Dense.start, "1/2": half}


def train(data, seed, start=Dense.start):
    """The trained network and its history."""
    rng = np.random.default_rng(seed)
    network = Network([Scale(1 / 255), start(784, 10, rng), ReLU(), start(10, 10, rng)])
    way = {"loss": squared_error, "rule": GradientDescent(0.1), "batches": full_batch, "epochs": 500}
    return fit(network, data.X_train, data.y_train, rng=rng, **way)


def score(data, seed, start=Dense.start):
    """The part of the test images that it gets right."""
    return accuracy(train(data, seed, start)[0], data.X_test, data.y_test)


def main():
    options = argparse.ArgumentParser(description=__doc__.partition(":")[0])
    options.add_argument("--data", help="a directory with MNIST's files; without it, the sample")
    options.add_argument("--seeds", type=int, default=10)
    options.add_argument("--starts", nargs="+", choices=STARTS, default=list(STARTS))
    options.add_argument("--record", action="store_true")
    chosen = options.parse_args()
    data, found = load_mnist(chosen.data), {}
    for name in chosen.starts:
        found[name] = [score(data, seed, STARTS[name]) for seed in range(chosen.seeds)]
        print(f"{name:>12}: {found[name]}, mean {np.mean(found[name]):.4f}", flush=True)
    if chosen.record:
        record = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {}
        record["sample" if chosen.data is None else "all of MNIST"] = found
        RECORD.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
