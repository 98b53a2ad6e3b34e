"""A network of two layers of four units on forty points of the plane, and its loss over a hundred steps."""

import runpy
from pathlib import Path

import numpy as np
from matplotlib import rcParams
from matplotlib.figure import Figure

from nnlit.activations import ReLU
from nnlit.dense import Dense
from nnlit.network import Network
from nnlit.optimizers import Adam
from nnlit.softmax import softmax, softmax_cross_entropy

SCRIPT = Path(__file__).resolve().parents[1] / "interactive" / "watch.py"
LAYERS, UNITS, SEED, STEPS = 2, 4, 0, 100  # as data-state has it in the chapter on training


def draw(fig: Figure) -> None:
    """Draw what the figure that computes shows in its first state."""
    watch = runpy.run_path(str(SCRIPT))
    X, y = watch["shapes"]()["moons"]
    X = (np.clip(np.rint(40 * X + 50), 0, 100) - 50) / 40
    begun = [layer for layer in watch["start"](LAYERS, UNITS, SEED).layers if isinstance(layer, Dense)]
    dense = [Dense(layer.W.astype(float), layer.b.astype(float)) for layer in begun]
    network = Network([part for layer in dense for part in (layer, ReLU())][:-1])
    arrays, rule = [a for layer in dense for a in (layer.W, layer.b)], Adam(0.1)
    states, losses = [rule.init(a) for a in arrays], []
    for t in range(1, STEPS + 2):
        Z, caches = network.forward(X)
        loss, grad = softmax_cross_entropy(Z, y)
        losses.append(loss)
        if t <= STEPS:
            slopes = [g[name] for g in network.backward(caches, grad)[1] if g for name in ("W", "b")]
            states = [rule.update(*one, t) for one in zip(arrays, slopes, states, strict=True)]
    fig.set_size_inches(5.8, 2.9)
    left, right = fig.subplots(1, 2)
    side = np.linspace(-1.25, 1.25, 60)
    grid = np.stack(np.meshgrid(side, side), axis=-1)
    P = softmax(network.forward(grid.reshape(-1, 2))[0])[:, 1].reshape(60, 60)
    left.contourf(side, side, P, levels=[0, 0.5, 1], colors=["C0", "C1"], alpha=0.35)
    for (u, v), bias in zip(dense[0].W.T, dense[0].b, strict=True):
        left.contour(side, side, grid @ [u, v] + bias, levels=[0], colors=[rcParams["text.color"]], linewidths=0.8)
    left.scatter(*X.T, s=18, c=np.where(y == 0, "C0", "C1"), edgecolors=rcParams["figure.facecolor"], zorder=3)
    left.set(aspect="equal", xticks=[-1, 0, 1], yticks=[-1, 0, 1])
    left.grid(visible=False)
    right.plot(losses)
    right.set(xlabel="step", title="loss", ylim=(0, None))
