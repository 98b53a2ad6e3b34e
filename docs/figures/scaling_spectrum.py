"""The eigenvalues of the curvature of the sample, for three versions of the pixels."""

import numpy as np
from matplotlib.figure import Figure

from nnlit.mnist import load_mnist
from nnlit.scaling import Standardize, curvature


def draw(fig: Figure) -> None:
    """Draw each eigenvalue as a multiple of the largest, in falling order."""
    fig.set_size_inches(6.4, 3.6)
    ax = fig.add_subplot()
    X = load_mnist().X_train.astype(float)
    versions = {
        "unit": X / 255,
        "centered": (X - X.mean(axis=0)) / 255,
        "standardized": Standardize.of(X).predict(X),
    }
    for name, A in versions.items():
        eigenvalues = np.linalg.eigvalsh(curvature(A))[::-1]
        shown = eigenvalues[eigenvalues > 1e-10 * eigenvalues[0]]
        ax.plot(np.arange(1, len(shown) + 1), shown / eigenvalues[0], label=name)
    ax.axhline(0.01, color="C5", lw=1, ls="--")
    ax.text(690, 0.013, "1/100", ha="right", color="C5")
    ax.set(
        yscale="log", ylim=(1e-7, 2), xlim=(-8, 700), xlabel="number of the eigenvalue", ylabel="share of the largest"
    )
    ax.legend(loc="lower left")
