"""Forty steps from the same weights: the loss in nnlit and in the frameworks that are installed."""

from importlib.util import find_spec

import numpy as np
from matplotlib.figure import Figure

from nnlit import Dense, GradientDescent, Network, ReLU, fit, full_batch, load_mnist, softmax_cross_entropy
from nnlit.data import Array
from nnlit.exchange import to_torch
from nnlit.frameworks import to_jax, to_sklearn

STEPS, RATE = 40, 0.1


def draw(fig: Figure) -> None:
    """Draw every curve with its own line, wide ones below."""
    data = load_mnist()
    X, y = data.X_train[:64] / 255, data.y_train[:64].astype(int)
    rng = np.random.default_rng(0)
    network = Network([Dense.start(784, 10, rng, dtype=float), ReLU(), Dense.start(10, 10, rng, dtype=float)])
    curves = {"nnlit": _nnlit, "PyTorch": _torch, "JAX": _jax, "scikit-learn": _sklearn}
    missing = [name for name in ("torch", "jax", "sklearn") if find_spec(name) is None]
    if missing:
        raise ImportError(f"this figure needs {', '.join(missing)}: pip install nnlit[compare]")
    ax = fig.add_subplot()
    for (name, curve), width, style in zip(curves.items(), (9, 6, 3, 1.2), ("-", "-", "-", "--"), strict=True):
        ax.plot(range(1, STEPS + 1), curve(network, X, y), style, lw=width, label=name)
    ax.set(xlabel="step", ylabel="loss on 64 images", ylim=(0, None))
    ax.legend()


def _nnlit(network: Network, X: Array, y: Array) -> list[float]:
    rule, rng = GradientDescent(RATE), np.random.default_rng(0)
    _, history = fit(network, X, y, loss=softmax_cross_entropy, rule=rule, batches=full_batch, epochs=STEPS, rng=rng)
    return list(history["loss"])


def _torch(network: Network, X: Array, y: Array) -> list[float]:
    import torch

    module, losses = to_torch(network), []
    optimizer = torch.optim.SGD(module.parameters(), lr=RATE)
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = torch.nn.CrossEntropyLoss()(module(torch.tensor(X)), torch.tensor(y))
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def _jax(network: Network, X: Array, y: Array) -> list[float]:
    import jax

    jax.config.update("jax_enable_x64", True)  # type: ignore[no-untyped-call]
    forward, p = to_jax(network)
    slopes = jax.value_and_grad(lambda p: -jax.nn.log_softmax(forward(p, X))[np.arange(len(y)), y].mean())
    losses = []
    for _ in range(STEPS):
        loss, grads = slopes(p)
        p = [a - RATE * g for a, g in zip(p, grads, strict=True)]
        losses.append(float(loss))
    return losses


def _sklearn(network: Network, X: Array, y: Array) -> list[float]:
    model = to_sklearn(network, X, y, RATE)
    return [float(model.partial_fit(X, y).loss_) for _ in range(STEPS)]
