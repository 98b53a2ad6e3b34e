"""Train the network that reads drawings: `python docs/interactive/digit.py FOLDER` writes digit-weights.js.

FOLDER holds the four files of MNIST. The network is the book's, 784-10-10 with ReLU and softmax; its numbers are
written as they were learned, in float32, and how many of MNIST's test images it reads, which are looked at once, here.
"""

import base64
import json
import sys
from pathlib import Path

import numpy as np

from nnlit import (
    Adam,
    Dense,
    MiniBatches,
    Network,
    ReLU,
    Scale,
    accuracy,
    confusion_matrix,
    fit,
    load_mnist,
    softmax_cross_entropy,
)

HERE = Path(__file__).resolve().parent
WEIGHTS = HERE / "digit-weights.js"
BEGIN, END = "window.nnlit.digitWeights = ", ";\n"
EPOCHS = 20
SHEET, PEN, HALF = 112, 4.5, 0.5 + 1e-9  # pixels; the pen's radius; as in digit-read.js


def trained(folder: Path) -> tuple[Network, dict[str, object]]:
    """The network, and what is known of it."""
    X, y, X_test, y_test = load_mnist(folder)
    rng = np.random.default_rng(0)
    start = Network([Scale(1 / 255), Dense.start(784, 10, rng), ReLU(), Dense.start(10, 10, rng)])
    network, _ = fit(
        start, X, y, loss=softmax_cross_entropy, rule=Adam(0.001), batches=MiniBatches(64), epochs=EPOCHS, rng=rng
    )
    C = confusion_matrix(network, X_test, y_test)
    read = np.diag(C) / C.sum(axis=1)
    known = {
        "trained": len(y),
        "tested": len(y_test),
        "accuracy": round(accuracy(network, X_test, y_test), 4),
        "worst": int(read.argmin()),
        "worstRead": round(float(read.min()), 4),
    }
    return network, known


def packed(network: Network) -> str:
    """The weights and biases of both layers, one after the other, as float32 in base64."""
    arrays = [array for layer in network.layers if isinstance(layer, Dense) for array in (layer.W, layer.b)]
    return base64.b64encode(b"".join(np.asarray(a, "<f4").tobytes() for a in arrays)).decode("ascii")


def unpacked(path: Path = WEIGHTS) -> tuple[Network, dict[str, object]]:
    """The network of the file, in float64, and what is known of it."""
    file = json.loads(path.read_text(encoding="utf-8").removeprefix(BEGIN).removesuffix(END))
    flat = np.frombuffer(base64.b64decode(file["weights"]), "<f4").astype(np.float64)
    W1, b1, W2, b2 = np.split(flat, np.cumsum([7840, 10, 100]))
    first, second = Dense(W1.reshape(784, 10), b1), Dense(W2.reshape(10, 10), b2)
    return Network([Scale(1 / 255), first, ReLU(), second]), file


def gray(strokes: list[list[tuple[float, float]]]) -> np.ndarray:
    """The gray levels of a sheet, as digit-read.js makes them: 112 by 112, the distance to the pen's path decides."""
    y, x = np.mgrid[0:SHEET, 0:SHEET] + 0.5
    levels = np.zeros((SHEET, SHEET))
    for stroke in strokes:
        for (ax, ay), (bx, by) in zip(stroke[:-1] or stroke, stroke[1:] or stroke, strict=True):
            dx, dy = bx - ax, by - ay
            t = np.clip(((x - ax) * dx + (y - ay) * dy) / ((dx * dx + dy * dy) or 1), 0, 1)
            near = np.clip(PEN + 0.5 - np.hypot(x - ax - t * dx, y - ay - t * dy), 0, 1)
            levels = np.maximum(levels, np.floor(255 * near + HALF))
    return levels.astype(np.uint8)


def main(arguments: list[str]) -> int:
    """Train, and write the file."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        sys.stderr.write("usage: python docs/interactive/digit.py FOLDER, where the four files of MNIST are\n")
        return 2
    network, known = trained(Path(arguments[0]))
    WEIGHTS.write_text(f"{BEGIN}{json.dumps({**known, 'weights': packed(network)})}{END}", encoding="utf-8")
    sys.stdout.write(f"{WEIGHTS} is written: {known}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
