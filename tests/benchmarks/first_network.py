"""The first network from ten different starts: `python tests/benchmarks/first_network.py`, a minute or two.

784-10-10 with ReLU, squared error, full-batch gradient descent, 500 steps of learning rate 0.1, pixels from 0 to 1; the
same from another start; and without the hidden layer, with 0.05, for which 0.1 is too much. Each learns from the first
4,000 training images of the sample and is asked about the other 1,000. With --data DIRECTORY it learns from all
training images of MNIST's own files and is asked about their test images. --record keeps what it finds in
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


def two(dense, rng):
    """The layers of the first network, each dense one made by `dense`."""
    return [dense(784, 10, rng), ReLU(), dense(10, 10, rng)]


STARTS = {
    "1/sqrt(n_in)": lambda rng: two(Dense.start, rng),
    "1/2": lambda rng: two(half, rng),
    "no hidden layer": lambda rng: [Dense.start(784, 10, rng)],
}


def parts(directory=None):
    """The images and labels to learn from, and those to be asked about."""
    data = load_mnist(directory)
    if directory is not None:
        return (data.X_train, data.y_train), (data.X_test, data.y_test)
    return (data.X_train[:4000], data.y_train[:4000]), (data.X_train[4000:], data.y_train[4000:])


def train(learn, seed, start):
    """The trained network and its history."""
    rng = np.random.default_rng(seed)
    network = Network([Scale(1 / 255), *STARTS[start](rng)])
    rule = GradientDescent(0.05 if start == "no hidden layer" else 0.1)
    return fit(network, *learn, loss=squared_error, rule=rule, batches=full_batch, epochs=500, rng=rng)


def silent(network, X):
    """How many hidden numbers are positive for less than one in twenty images."""
    Z1 = network.forward(X)[1][2]  # ReLU remembers what it was given
    return int(((Z1 > 0).mean(axis=0) < 1 / 20).sum())


def score(data, seed, start):
    """The part of the images it is asked about that it reads rightly, and how many of its hidden numbers are silent."""
    learn, asked = data
    network, _ = train(learn, seed, start)
    return accuracy(network, *asked), 0 if start == "no hidden layer" else silent(network, learn[0])


def main():
    options = argparse.ArgumentParser(description=__doc__.partition(":")[0])
    options.add_argument("--data", help="a directory with MNIST's files; without it, the sample")
    options.add_argument("--seeds", type=int, default=10)
    options.add_argument("--starts", nargs="+", choices=STARTS, default=list(STARTS))
    options.add_argument("--record", action="store_true")
    chosen = options.parse_args()
    data, found = parts(chosen.data), {}
    for name in chosen.starts:
        scores = [score(data, seed, name) for seed in range(chosen.seeds)]
        found[name], found[f"{name}, silent"] = map(list, zip(*scores, strict=True))
        print(f"{name:>16}: {found[name]}, mean {np.mean(found[name]):.4f}", flush=True)
    if chosen.record:
        record = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {}
        record["sample" if chosen.data is None else "all of MNIST"] = found
        RECORD.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
