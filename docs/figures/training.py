"""The first network in training: loss and accuracy over 500 steps, from the book's start and from a popular one."""

import numpy as np
from matplotlib.figure import Figure

from nnlit import Dense, GradientDescent, Network, ReLU, Scale, fit, full_batch, load_mnist, squared_error


def half(n_in: int, n_out: int, rng: np.random.Generator) -> Dense:
    """Every number between -1/2 and 1/2."""
    W, b = rng.uniform(-0.5, 0.5, (n_in, n_out)), rng.uniform(-0.5, 0.5, n_out)
    return Dense(W.astype(np.float32), b.astype(np.float32))


def draw(fig: Figure) -> None:
    """Train twice, draw the two curves in two panels."""
    fig.set_size_inches(5.4, 2.7)
    left, right = fig.subplots(1, 2)
    data = load_mnist()
    for start, color, name in [(Dense.start, "C0", r"$\pm 1/\sqrt{n_{\mathrm{in}}}$"), (half, "C1", r"$\pm 1/2$")]:
        rng = np.random.default_rng(0)
        network = Network((Scale(1 / 255), start(784, 10, rng), ReLU(), start(10, 10, rng)))
        _, history = fit(
            network,
            data.X_train[:4000],
            data.y_train[:4000],
            loss=squared_error,
            rule=GradientDescent(0.1),
            batches=full_batch,
            epochs=500,
            rng=rng,
            validation=(data.X_train[4000:], data.y_train[4000:]),
        )
        left.semilogy(history.index, history["loss"], color=color)
        right.plot(history.index, history["validation_accuracy"], color=color, label=f"start {name}")
    left.set(
        title="loss", xlabel="steps", yticks=[0.2, 0.5, 1, 2, 5, 10], yticklabels=["0.2", "0.5", "1", "2", "5", "10"]
    )
    left.minorticks_off()
    right.set(title="new images read rightly", xlabel="steps", ylim=(0, 1))
    right.legend(loc="center right", bbox_to_anchor=(1, 0.52))
