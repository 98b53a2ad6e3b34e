"""Draw the points and the random starts of the network to watch: `python docs/interactive/watch.py` writes its file.

Points lie on a grid of hundredths, which an address can hold: a whole number k from 0 to 100 stands for (k - 50) / 40.
The starts are those of nnlit's `Dense.start`, in float32, for every number of layers and units and three seeds.
"""

import base64
import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from nnlit import Dense, Network, ReLU

HERE = Path(__file__).resolve().parent
DATA = HERE / "watch-data.js"
BEGIN, END = "window.nnlit.watchData = ", ";\n"
LAYERS, UNITS, SEEDS = (1, 2), (2, 3, 4, 6, 8), 3
Array = np.ndarray[Any, Any]


def shapes() -> dict[str, tuple[Array, Array]]:
    """The sets of points, with their classes, 0 or 1."""
    rng = np.random.default_rng(0)
    t = np.linspace(0, 1, 20)
    corners = np.array([[-1.0, -1.0], [1.0, 1.0], [-1.0, 1.0], [1.0, -1.0]])
    cloud = np.concatenate([0.75 * c + 0.12 * rng.standard_normal((10, 2)) for c in corners])
    bow = np.stack([np.cos(np.pi * t), np.sin(np.pi * t)], axis=1)
    moons = np.concatenate([0.7 * bow + [-0.35, -0.15], -0.7 * bow + [0.35, 0.15]])
    ring = np.stack([np.cos(2 * np.pi * t * 0.95), np.sin(2 * np.pi * t * 0.95)], axis=1)
    circles = np.concatenate([0.35 * ring, ring])
    arm = (0.15 + 0.9 * t)[:, None] * np.stack([np.cos(3.5 * np.pi * t), np.sin(3.5 * np.pi * t)], axis=1)
    found = {"XOR": cloud, "moons": moons, "circles": circles, "spiral": np.concatenate([arm, -arm])}
    y = np.repeat([0, 1], 20)
    noise = {"XOR": 0.0, "moons": 0.06, "circles": 0.06, "spiral": 0.0}
    return {name: (X + noise[name] * rng.standard_normal(X.shape), y) for name, X in found.items()}


def start(layers: int, units: int, seed: int) -> Network:
    """A network with two inputs, layers of units with ReLU, and two outputs."""
    rng = np.random.default_rng([seed, layers, units])
    sizes = [2, *[units] * layers, 2]
    dense = [Dense.start(a, b, rng) for a, b in pairwise(sizes)]
    return Network([part for layer in dense for part in (layer, ReLU())][:-1])


def flat(network: Network) -> Array:
    """All weights and biases, layer after layer."""
    arrays = [a.ravel() for layer in network.layers if isinstance(layer, Dense) for a in (layer.W, layer.b)]
    return np.concatenate(arrays).astype("<f4")


def main() -> int:
    """Write the file."""
    points = {
        name: np.column_stack([np.clip(np.rint(40 * X + 50), 0, 100).astype(int), y]).tolist()
        for name, (X, y) in shapes().items()
    }
    starts = {
        f"{layers},{units},{seed}": base64.b64encode(flat(start(layers, units, seed)).tobytes()).decode("ascii")
        for layers in LAYERS
        for units in UNITS
        for seed in range(SEEDS)
    }
    text = json.dumps({"points": points, "starts": starts}, separators=(",", ":"))
    DATA.write_text(f"{BEGIN}{text}{END}", encoding="utf-8")
    sys.stdout.write(f"{DATA} is written, {DATA.stat().st_size:,} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
