"""A drawn digit, the image made of it, the ten hidden numbers, and the probabilities."""

import runpy
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from nnlit.pictures import prepare
from nnlit.softmax import softmax

SCRIPT = Path(__file__).resolve().parents[1] / "interactive" / "digit.py"
STROKES = [[(36, 26), (56, 18), (72, 28), (68, 46), (52, 54), (72, 62), (76, 80), (58, 96), (36, 88)]]


def draw(fig: Figure) -> None:
    """Draw what the figure that computes shows, with the same weights."""
    digit = runpy.run_path(str(SCRIPT))
    network, _ = digit["unpacked"]()
    sheet = digit["gray"](STROKES)
    pixels, _ = prepare(sheet)
    X = pixels.reshape(1, -1).astype(np.float64)
    first, last = network.layers[:3], network.layers[3:]
    A = X
    for layer in first:
        A, _ = layer.forward(A)
    Z = A
    for layer in last:
        Z, _ = layer.forward(Z)
    fig.set_size_inches(5.2, 4.4)
    (drawn, image), (hidden, chances) = fig.subplots(2, 2)
    for ax, shown, title in ((drawn, sheet, "drawn"), (image, pixels.reshape(28, 28), "28 by 28 pixels")):
        ax.imshow(shown, vmin=0, vmax=255)
        ax.set(title=title, xticks=[], yticks=[])
        ax.grid(visible=False)
    for ax, values, title in ((hidden, A[0], "ten hidden numbers"), (chances, softmax(Z)[0], "probabilities")):
        ax.barh(np.arange(10), values)
        ax.set(title=title, yticks=np.arange(10))
        ax.invert_yaxis()
    hidden.set_yticklabels([str(k + 1) for k in range(10)])
