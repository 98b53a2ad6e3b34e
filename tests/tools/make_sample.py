"""Make nnlit/sample.npz from MNIST's four files: `python tests/tools/make_sample.py DIRECTORY`.

The first 5,000 training and the first 1,000 test images, in the order of the originals. The archive is an ordinary .npz
with deflate: 0.97 MB, read in 25 ms by numpy.load. Tried and left: LZMA in the same archive, 0.83 MB but 60 ms and a
module that some Pythons lack; a bit mask of the ink with its values apart, 0.88 MB but a format of its own.
"""

import hashlib
import sys
from pathlib import Path

import numpy as np

from nnlit.files import write_atomically
from nnlit.mnist import SAMPLE, SOURCES, Array, find_idx, is_source, load_mnist


def check_sources(directory: str) -> None:
    """Stop unless the directory holds MNIST itself, byte for byte."""
    for name in SOURCES:
        path = find_idx(Path(directory), name)
        if path is None or not is_source(path, name):
            sys.exit(f"{directory}: {name} is missing or is not MNIST's")


def make(directory: str) -> dict[str, Array]:
    """The arrays of the sample."""
    X_train, y_train, X_test, y_test = load_mnist(directory)
    sample = {"X_train": X_train[:5000], "y_train": y_train[:5000], "X_test": X_test[:1000], "y_test": y_test[:1000]}
    return {name: array.astype(np.uint8) for name, array in sample.items()}


if __name__ == "__main__":
    check_sources(sys.argv[1])
    sample = make(sys.argv[1])
    with write_atomically(SAMPLE) as file:
        np.savez_compressed(file, **sample)
    for name, array in sample.items():
        print(name, array.shape, hashlib.sha256(array.tobytes()).hexdigest())
