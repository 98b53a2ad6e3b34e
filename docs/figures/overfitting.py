"""The linear classifier of the losses chapter, from one step to a million: on what it learns, and on other images."""

import numpy as np
from matplotlib import rcParams
from matplotlib.figure import Figure

from nnlit import Dense, load_mnist, one_hot


def draw(fig: Figure) -> None:
    """Go to every number of steps along the eigenvectors of the bowl, from ten starts, and draw mean and spread."""
    fig.set_size_inches(5.0, 3.1)
    ax = fig.add_subplot()
    data = load_mnist()
    X, Y = np.hstack([data.X_train / 255, np.ones((5000, 1))]), one_hot(data.y_train, 10)
    parts = {"trained on": slice(0, 4000), "held out": slice(4000, 5000)}
    learn = parts["trained on"]
    curvature, Q = np.linalg.eigh(X[learn].T @ X[learn] / 4000)
    curvature[curvature < 1e-12 * curvature.max()] = 0
    along, bent = Q.T @ (X[learn].T @ Y[learn]) / 4000, curvature > 0
    steps = np.unique(np.geomspace(1, 1e6, 37).astype(int))
    shares = {name: np.zeros((10, len(steps))) for name in parts}
    for seed in range(10):
        layer = Dense.start(784, 10, np.random.default_rng(seed))
        start = Q.T @ np.vstack([layer.W, layer.b])
        end = np.divide(along, curvature[:, None], out=start.copy(), where=bent[:, None])
        for k, t in enumerate(steps):
            W = Q @ (end + ((1 - 0.05 * curvature) ** t)[:, None] * (start - end))
            for name, rows in parts.items():
                shares[name][seed, k] = ((X[rows] @ W).argmax(axis=1) == data.y_train[rows]).mean()
    for (name, found), color in zip(shares.items(), ("C0", "C1"), strict=True):
        ax.fill_between(steps, found.min(axis=0), found.max(axis=0), color=color, alpha=0.25, lw=0)
        ax.semilogx(steps, found.mean(axis=0), color=color, label=name)
    best = int(shares["held out"].mean(axis=0).argmax())
    ax.plot(steps[best], shares["held out"].mean(axis=0)[best], "o", color=rcParams["text.color"], ms=6)
    ax.set(xlabel="steps", ylabel="share of right answers", ylim=(0.5, 1.0))
    ax.legend(loc="lower right")
