"""The same training in seven spellings: one epoch of plain stochastic gradient descent on softmax and cross-entropy.

Every peer has the same three verbs. `start` takes over weights, `epoch` trains on given batches, `weights` hands the
result back. The first gradient is read off the first step. Nothing here is used by the library.
"""

import itertools
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

import numpy as np

Weights = list[np.ndarray]  # W, b of the first layer, W, b of the second, ...


def start_weights(sizes: Sequence[int], dtype: type = np.float32, seed: int = 0) -> Weights:
    """The start that all peers share: U(-1/sqrt(n_in), 1/sqrt(n_in))."""
    rng, weights = np.random.default_rng(seed), []
    for n_in, n_out in itertools.pairwise(sizes):
        r = n_in**-0.5
        weights += [rng.uniform(-r, r, (n_in, n_out)).astype(dtype), rng.uniform(-r, r, n_out).astype(dtype)]
    return weights


class Peer:
    """One implementation: the data are bytes X (m, 784) and labels y; rate is the learning rate."""

    name = ""
    needs = "numpy"
    bound = False  # True: only a bound, whose result means nothing

    def __init__(self, X: np.ndarray, y: np.ndarray, rate: float, dtype: type = np.float32) -> None:
        self.X, self.y, self.rate, self.dtype = X, y, dtype(rate), dtype

    @classmethod
    def available(cls) -> bool:
        return find_spec(cls.needs) is not None

    def start(self, weights: Weights) -> None:
        self.p = [w.copy() for w in weights]

    def prepare(self, batches: list[np.ndarray]) -> None:
        """What may be done before the clock starts."""

    def epoch(self, batches: list[Any]) -> None:
        raise NotImplementedError

    def weights(self) -> Weights:
        return self.p


class Nnlit(Peer):
    """This library, called as its users call it; images stay bytes until their batch comes."""

    name = "nnlit"

    def start(self, weights: Weights) -> None:
        from nnlit import Dense, Network, ReLU, Scale

        layers = [layer for W, b in zip(weights[::2], weights[1::2], strict=True) for layer in (Dense(W, b), ReLU())]
        factor = 1 / 255 if self.X.dtype == np.uint8 else 1.0
        self.network = Network([Scale(factor), *layers[:-1]])

    def epoch(self, batches: list[Any]) -> None:
        from nnlit import Blocks, GradientDescent, fit
        from nnlit.parallel import blas_threads
        from nnlit.softmax import softmax_cross_entropy

        rule, rng = GradientDescent(float(self.rate)), np.random.default_rng(0)
        gradient = Blocks(threads=blas_threads())
        self.network, _ = fit(self.network, self.X, self.y, loss=softmax_cross_entropy, rule=rule,
                              batches=lambda m, rng: batches, epochs=1, rng=rng, gradient=gradient)  # fmt: skip

    def weights(self) -> Weights:
        from nnlit.network import leaves

        return leaves(self.network)


def pixels(X: np.ndarray, dtype: type) -> np.ndarray:
    """Bytes to numbers from 0 to 1, as every peer but nnlit does once, before the clock starts."""
    return X * dtype(1 / 255) if X.dtype == np.uint8 else X.astype(dtype)


class Clean(Peer):
    """NumPy as a careful textbook writes it: no classes, no buffers."""

    name = "clean NumPy"

    def __init__(self, X: np.ndarray, y: np.ndarray, rate: float, dtype: type = np.float32) -> None:
        super().__init__(pixels(X, dtype), y, rate, dtype)
        self.Y = np.eye(10, dtype=dtype)[y]

    def epoch(self, batches: list[Any]) -> None:
        for rows in batches:
            for p, g in zip(self.p, self.gradient(self.X[rows], self.Y[rows]), strict=True):
                p -= self.rate * g  # noqa: PLW2901 - in place

    def gradient(self, X: np.ndarray, Y: np.ndarray) -> Weights:
        inputs, A = [], X
        for k in range(0, len(self.p), 2):
            inputs.append(A)
            Z = A @ self.p[k] + self.p[k + 1]
            A = np.maximum(Z, 0)
        E = np.exp(Z - Z.max(axis=1, keepdims=True))
        G, grads = (E / E.sum(axis=1, keepdims=True) - Y) / len(X), []
        for k in range(len(self.p) - 2, -1, -2):
            grads += [G.sum(axis=0), inputs[k // 2].T @ G]
            if k:
                G = (G @ self.p[k].T) * (inputs[k // 2] > 0)
        return grads[::-1]


class Optimised(Clean):
    """NumPy with everything preallocated and folded: fast, and no longer an equation a line."""

    name = "hand-optimized NumPy"

    def prepare(self, batches: list[Any]) -> None:
        rows = range(self.X.shape[0])[batches[0]] if isinstance(batches[0], slice) else batches[0]
        B, f = len(rows), self.dtype
        self.x, self.t = np.empty((B, self.X.shape[1]), f), np.empty((B, 10), f)
        self.z = [np.empty((B, b.size), f) for b in self.p[1::2]]
        self.d, self.on = [np.empty_like(z) for z in self.z], [np.empty(z.shape, bool) for z in self.z]
        self.g, self.s, self.fold = [np.empty_like(p) for p in self.p], np.empty((B, 1), f), self.rate / f(B)

    def epoch(self, batches: list[Any]) -> None:
        for rows in batches:
            if isinstance(rows, slice):
                np.copyto(self.t, self.Y[rows])
                self.step(self.X[rows])
                continue
            if len(rows) != len(self.x):
                self.prepare([rows])
            np.take(self.X, rows, axis=0, out=self.x, mode="clip")
            np.take(self.Y, rows, axis=0, out=self.t, mode="clip")
            self.step(self.x)

    def step(self, x: np.ndarray) -> None:
        p, z, last = self.p, self.z, len(self.z) - 1
        below = x
        for k in range(last + 1):
            np.dot(below, p[2 * k], out=z[k])
            z[k] += p[2 * k + 1]
            if k < last:
                np.maximum(z[k], 0, out=z[k])
            below = z[k]
        out = z[last]
        np.maximum.reduce(out, axis=1, keepdims=True, out=self.s)
        out -= self.s
        np.exp(out, out=out)
        np.add.reduce(out, axis=1, keepdims=True, out=self.s)
        out /= self.s
        out -= self.t
        out *= self.fold
        delta = out
        for k in range(last, -1, -1):
            below = z[k - 1] if k else x
            if k:
                np.dot(delta, p[2 * k].T, out=self.d[k - 1])
                np.greater(below, 0, out=self.on[k - 1])
                self.d[k - 1] *= self.on[k - 1]
            np.dot(below.T, delta, out=self.g[2 * k])
            p[2 * k] -= self.g[2 * k]
            p[2 * k + 1] -= np.add.reduce(delta)
            delta = self.d[k - 1]


class Products(Optimised):
    """The matrix products alone: what no NumPy that makes these products can beat."""

    name = "matrix products alone"
    bound = True

    def epoch(self, batches: list[Any]) -> None:
        p, last = self.p, len(self.z) - 1
        for _ in batches:
            for k in range(last + 1):
                np.dot(self.z[k - 1] if k else self.x, p[2 * k], out=self.z[k])
            for k in range(last, -1, -1):
                np.dot((self.z[k - 1] if k else self.x).T, self.d[k], out=self.g[2 * k])
                if k:
                    np.dot(self.d[k], p[2 * k].T, out=self.d[k - 1])

    def prepare(self, batches: list[Any]) -> None:
        super().prepare(batches)
        for a in (self.x, *self.z, *self.d):
            a[:] = 0.5  # uninitialized memory may hold denormal numbers, which are slow


class ScikitLearn(Clean):
    """MLPClassifier, one `partial_fit` per epoch; its batches are consecutive, so the rows are put in order before."""

    name = "scikit-learn"
    needs = "sklearn"

    def prepare(self, batches: list[Any]) -> None:
        from sklearn.neural_network import MLPClassifier

        whole = isinstance(batches[0], slice)
        order = np.arange(len(self.X))[batches[0]] if whole else np.concatenate(batches)
        self.rows, self.labels = (self.X, self.y) if whole else (self.X[order], self.y[order])
        size = len(order) if whole else len(batches[0])
        self.model = MLPClassifier(
            tuple(b.size for b in self.p[1:-1:2]), solver="sgd", alpha=0, batch_size=size, momentum=0,
            learning_rate_init=float(self.rate), nesterovs_momentum=False, shuffle=False, random_state=0,
        )  # fmt: skip
        self.model.partial_fit(self.rows[:size][:10], self.labels[:size][:10], classes=np.arange(10))
        self.model.coefs_ = [W.copy() for W in self.p[::2]]
        self.model.intercepts_ = [b.copy() for b in self.p[1::2]]
        del self.model._optimizer  # it holds the arrays that were replaced
        self.model.t_ = 0

    def epoch(self, batches: list[Any]) -> None:
        self.model.partial_fit(self.rows, self.labels)
        self.p = [p for pair in zip(self.model.coefs_, self.model.intercepts_, strict=True) for p in pair]


class PyTorch(Clean):
    """Eager PyTorch with its own layers, loss and optimizer."""

    name = "PyTorch"
    needs = "torch"

    def start(self, weights: Weights) -> None:
        import torch

        super().start(weights)
        layers: list[Any] = []
        for W, b in zip(weights[::2], weights[1::2], strict=True):
            linear = torch.nn.Linear(*W.shape)
            linear.weight.data, linear.bias.data = torch.from_numpy(W.T.copy()), torch.from_numpy(b.copy())
            layers += [linear, torch.nn.ReLU()]
        self.model = torch.nn.Sequential(*layers[:-1])
        self.optimizer = torch.optim.SGD(self.model.parameters(), float(self.rate))
        self.loss = torch.nn.CrossEntropyLoss()

    def prepare(self, batches: list[Any]) -> None:
        import torch

        self.rows, self.labels = torch.from_numpy(self.X), torch.from_numpy(self.y.astype(np.int64))
        self.plan = [rows if isinstance(rows, slice) else torch.from_numpy(rows) for rows in batches]

    def epoch(self, batches: list[Any]) -> None:
        for rows in self.plan:
            self.optimizer.zero_grad()
            self.loss(self.model(self.rows[rows]), self.labels[rows]).backward()
            self.optimizer.step()

    def weights(self) -> Weights:
        found = [p.detach().numpy() for p in self.model.parameters()]
        return [p.T if p.ndim == 2 else p for p in found]


class Jax(Clean):
    """JAX, the whole epoch as one compiled scan; compiled before the clock starts."""

    name = "JAX, one scan"
    needs = "jax"

    def prepare(self, batches: list[Any]) -> None:
        import jax
        import jax.numpy as jnp

        self.rows, self.labels = jnp.asarray(self.X), jnp.asarray(self.y.astype(np.int32))
        self.p = [jnp.asarray(p) for p in self.p]
        whole = isinstance(batches[0], slice)
        rate = self.rate

        def loss(p: Any, X: Any, y: Any) -> Any:
            A = X
            for k in range(0, len(p), 2):
                Z = A @ p[k] + p[k + 1]
                A = jnp.maximum(Z, 0)
            return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(Z), y[:, None], 1))

        def step(p: Any, rows: Any, X: Any, y: Any) -> tuple[Any, None]:
            g = jax.grad(loss)(p, X, y) if whole else jax.grad(loss)(p, X[rows], y[rows])
            return [a - rate * b for a, b in zip(p, g, strict=True)], None

        self.plan = jnp.zeros((len(batches), 1), int) if whole else jnp.asarray(np.stack(batches))
        scan = jax.jit(lambda p, plan, X, y: jax.lax.scan(lambda p, rows: step(p, rows, X, y), p, plan)[0])
        self.run = scan.lower(self.p, self.plan, self.rows, self.labels).compile()

    def epoch(self, batches: list[Any]) -> None:
        import jax

        self.p = jax.block_until_ready(self.run(self.p, self.plan, self.rows, self.labels))

    def weights(self) -> Weights:
        return [np.asarray(p) for p in self.p]


PEERS = [Nnlit, Products, Optimised, Clean, ScikitLearn, PyTorch, Jax]
