"""An image, the gradient of the loss in its pixels, and the image moved a little along the signs of that gradient."""

import numpy as np
from matplotlib import rcParams
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from templates import trained

from nnlit.losses import squared_error
from nnlit.mnist import load_mnist

WAY = np.float32(0.05)


def draw(fig: Figure) -> None:
    """Train as the chapter does; draw a four three times."""
    fig.set_size_inches(5.4, 2.2)
    data = load_mnist()
    X = data.X_train / np.float32(255)
    layer = trained(X, data.y_train)
    four, label = X[2:3], data.y_train[2:3]
    Y_hat, cache = layer.forward(four)
    grad_X, _ = layer.backward(cache, squared_error(Y_hat, label)[1])
    moved = four + WAY * np.sign(grad_X)
    ink = LinearSegmentedColormap.from_list("ink", ["#ffffff", "#1d2126"])
    signed = LinearSegmentedColormap.from_list("signed", ["#d9730d", rcParams["figure.facecolor"], "#3d7fd9"])
    r = 0.8 * float(abs(grad_X).max())
    panels = (
        (four, ink, -0.05, 1.05, f"read as {int(Y_hat.argmax())}"),
        (grad_X, signed, -r, r, "slopes of the loss"),
        (moved, ink, -0.05, 1.05, f"read as {int(layer.forward(moved)[0].argmax())}"),
    )
    for ax, (image, colors, low, high, title) in zip(fig.subplots(1, 3), panels, strict=True):
        ax.imshow(image.reshape(28, 28), cmap=colors, vmin=low, vmax=high, interpolation="nearest")
        ax.set(xticks=[], yticks=[])
        ax.set_title(title, fontsize=12)
        ax.grid(visible=False)
        for spine in ax.spines.values():
            spine.set(visible=True, alpha=0.4)
