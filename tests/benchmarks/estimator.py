"""Our classifier beside scikit-learn's own, with the same arguments: `python tests/benchmarks/estimator.py`.

One hidden layer of 100 numbers, everything else as both have it by default: Adam, 0.001, batches of 200, a penalty of
0.0001. Scikit-learn's digits are split anew for every seed; MNIST is the sample, or with --data DIRECTORY all of it.
Numbers are float32 and each process has one thread. What is compared is the accuracy on new images, and the seconds of
processor time of an epoch, which other programs on the machine disturb less than the clock. The two take turns.
--record keeps what is found in estimator.json, which the documentation of the classifier prints.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before NumPy is loaded

import argparse
import json
import platform
import warnings
from importlib.metadata import version
from pathlib import Path
from time import process_time

import numpy as np
from sklearn import neural_network
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split

from nnlit import load_mnist
from nnlit.estimator import MLPClassifier

RECORD = Path(__file__).with_suffix(".json")
KINDS = {"nnlit": MLPClassifier, "scikit-learn": neural_network.MLPClassifier}


def digits(seed):
    """Training and test part of scikit-learn's digits."""
    X, y = load_digits(return_X_y=True)
    return train_test_split((X / 16).astype(np.float32), y, test_size=0.3, random_state=seed, stratify=y)


def mnist(data):
    """Training and test images from 0 to 1."""
    X, y, X_test, y_test = data
    return (X / np.float32(255)), (X_test / np.float32(255)), y, y_test


def run(kind, parts, epochs, seed):
    """The accuracy on the test part, and the seconds of an epoch."""
    X, X_test, y, y_test = parts
    model = kind((100,), max_iter=epochs, tol=0, n_iter_no_change=epochs + 1, random_state=seed)
    begun = process_time()
    model.fit(X, y)
    seconds = (process_time() - begun) / model.n_iter_
    return float(model.score(X_test, y_test)), seconds


def compare(parts_of, epochs, seeds):
    """Accuracies and seconds of both, seed by seed."""
    found = {name: {"accuracy": [], "seconds": []} for name in KINDS}
    for seed in range(seeds):
        parts = parts_of(seed)
        for name, kind in KINDS.items():
            right, seconds = run(kind, parts, epochs, seed)
            found[name]["accuracy"].append(right)
            found[name]["seconds"].append(round(seconds, 5))
    return {"epochs": epochs, **found}


def told(name, found):
    """What was found, in a line."""
    ours, theirs = found["nnlit"], found["scikit-learn"]
    parts = [
        f"{who} {np.mean(one['accuracy']):.2%} (deviation {np.std(one['accuracy'], ddof=1):.2%})"
        for who, one in (("nnlit", ours), ("scikit-learn", theirs))
    ]
    ratio = np.median(theirs["seconds"]) / np.median(ours["seconds"])
    return f"{name}: {', '.join(parts)}, {found['epochs']} epochs; scikit-learn takes {ratio:.1f} times as long"


def main():
    options = argparse.ArgumentParser(description=__doc__.partition(":")[0])
    options.add_argument("--data", help="a directory with MNIST's files; without it, the sample")
    options.add_argument("--seeds", type=int, default=5)
    options.add_argument("--record", action="store_true")
    chosen = options.parse_args()
    warnings.simplefilter("ignore", ConvergenceWarning)
    data = load_mnist(chosen.data)
    name = "sample" if chosen.data is None else "MNIST"
    found = {"digits": compare(digits, 100, chosen.seeds), name: compare(lambda seed: mnist(data), 10, chosen.seeds)}
    for kind, one in found.items():
        print(told(kind, one), flush=True)
    if chosen.record:
        known = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {}
        versions = {package: version(package) for package in ("numpy", "scikit-learn")}
        record = known | found | {"versions": versions | {"python": platform.python_version()}}
        RECORD.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
