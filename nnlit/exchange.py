"""Networks that come from elsewhere or go there: PyTorch modules, scikit-learn's models, safetensors files."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from functools import cache, singledispatch
from typing import Any

import numpy as np

from nnlit import doors
from nnlit.activations import LeakyReLU, ReLU, Sigmoid, Softplus, Tanh
from nnlit.data import Array
from nnlit.dense import Dense, Layer
from nnlit.files import DataError, FilePath, extra, one_line, opened, something_else, write_atomically
from nnlit.frameworks import to_linear
from nnlit.layout import described, rebuilt
from nnlit.network import Network
from nnlit.regularization import Dropout, Shift
from nnlit.scaling import Standardize
from nnlit.training import Scale

# PyTorch, there


def to_torch(network: Network) -> Any:
    r"""A PyTorch module that computes what the network computes, from the same weights.

    PyTorch keeps the weights of a dense layer transposed, \eqref{frameworks:torch}. It has no layers for constants and
    for moved images; two small modules stand for them, so that the result takes what the network takes: raw pixels,
    if it begins with `Scale`. In training mode, dropout and moved images draw from PyTorch's own random numbers.

    Args:
        network: a network of the library's layers; networks inside are opened.

    Returns:
        A `torch.nn.Sequential` in the network's dtype, in training mode; its parameters and constants are copies.

    Raises:
        ValueError: if a layer is none of the library's.
        ImportError: if PyTorch is not installed.
    """
    doors.network("to_torch", network)
    torch = extra("torch", "compare")
    return torch.nn.Sequential(*(_module(layer) for layer in flat(network)))


def flat(network: Network) -> Iterator[Layer]:
    """The layers of a network in order, those of networks inside it included.

    Examples:
        >>> [type(layer).__name__ for layer in flat(Network([Network([ReLU()]), Tanh()]))]
        ['ReLU', 'Tanh']
    """
    for layer in network.layers:
        yield from flat(layer) if isinstance(layer, Network) else [layer]


@singledispatch
def _module(layer: Layer) -> Any:
    taken = ", ".join(sorted(kind.__name__ for kind in _module.registry if kind is not object))
    raise ValueError(f"to_torch: expected layers of the library ({taken}), but the network holds {layer}")


_module.register(Dense)(to_linear)


@_module.register
def _(layer: ReLU) -> Any:
    return extra("torch", "compare").nn.ReLU()


@_module.register
def _(layer: Sigmoid) -> Any:
    return extra("torch", "compare").nn.Sigmoid()


@_module.register
def _(layer: Tanh) -> Any:
    return extra("torch", "compare").nn.Tanh()


@_module.register
def _(layer: LeakyReLU) -> Any:
    return extra("torch", "compare").nn.LeakyReLU(layer.slope)


@_module.register
def _(layer: Softplus) -> Any:
    return extra("torch", "compare").nn.Softplus(threshold=700)  # exact as far as numbers go


@_module.register
def _(layer: Dropout) -> Any:
    return extra("torch", "compare").nn.Dropout(layer.rate)


@_module.register
def _(layer: Scale) -> Any:
    return torch_modules()["Affine"](np.float32(0), np.float32(layer.factor))


@_module.register
def _(layer: Standardize) -> Any:
    return torch_modules()["Affine"](layer.shift, layer.factor)


@_module.register
def _(layer: Shift) -> Any:
    return torch_modules()["Moved"](layer.pixels, layer.side)


@cache
def torch_modules() -> dict[str, Any]:
    """The two modules that PyTorch lacks; made when they are first asked for, because PyTorch is optional.

    Returns:
        `Affine(shift, factor)`, which computes (X - shift) * factor, and `Moved(pixels, side)`, which moves images in
        training. Pickles find them as `nnlit.exchange.Affine` and `nnlit.exchange.Moved`.

    Raises:
        ImportError: if PyTorch is not installed.
    """
    torch = extra("torch", "compare")

    class Affine(torch.nn.Module):  # type: ignore[misc, name-defined]
        """X minus `shift`, times `factor`; both are buffers, so they are saved and not trained."""

        def __init__(self, shift: Array, factor: Array) -> None:
            super().__init__()
            self.register_buffer("shift", torch.tensor(shift))
            self.register_buffer("factor", torch.tensor(factor))

        def forward(self, X: Any) -> Any:
            return (X - self.shift) * self.factor

    class Moved(torch.nn.Module):  # type: ignore[misc, name-defined]
        """In training every image moves by up to `pixels` in both directions; what enters at the edge is 0."""

        def __init__(self, pixels: int, side: int) -> None:
            super().__init__()
            self.pixels, self.side = pixels, side

        def forward(self, X: Any) -> Any:
            if not self.training:
                return X
            m, d, s = len(X), self.pixels, self.side
            padded = torch.nn.functional.pad(X.reshape(m, s, s), (d, d, d, d))
            windows = padded.unfold(1, s, 1).unfold(2, s, 1)
            rows, columns = torch.randint(0, 2 * d + 1, (2, m), device=X.device)
            return windows[torch.arange(m), rows, columns].reshape(m, s * s)

    made = {"Affine": Affine, "Moved": Moved}
    for name, kind in made.items():
        kind.__module__, kind.__qualname__ = __name__, name
    return made


def __getattr__(name: str) -> Any:
    """The PyTorch modules by name, for pickles that hold one."""
    if name in ("Affine", "Moved"):
        return torch_modules()[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


# PyTorch, back


def from_torch(module: Any) -> Network:
    """The network that a PyTorch module computes in evaluation, with copies of its weights.

    Args:
        module: a `torch.nn.Sequential`, or one of its layers: Linear, ReLU, LeakyReLU, Sigmoid, Softplus, Tanh,
            Dropout, Identity, Flatten (an image is a row already), and what `to_torch` made. Sequentials inside are
            opened.

    Returns:
        The network, in the dtype of the weights.

    Raises:
        ValueError: if a layer has no counterpart here, or its numbers are neither float32 nor float64.

    Examples:
        >>> import pytest
        >>> torch = pytest.importorskip("torch")
        >>> from_torch(torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.ReLU(), torch.nn.Linear(3, 2)))
        Network(Dense(4 -> 3, float32), ReLU(), Dense(3 -> 2, float32))
    """
    return Network([layer for one in _opened(module) for layer in _layers_of(one)])


def _opened(module: Any) -> Iterator[Any]:
    if type(module).__name__ == "Sequential":
        for inner in module:
            yield from _opened(inner)
    else:
        yield module


def _layers_of(module: Any) -> list[Layer]:
    """One PyTorch layer as layers of the library; none for those that change nothing."""
    name = type(module).__name__
    if name not in BACK:
        known = ", ".join(BACK)
        repair = (
            "end at the logits: from_torch(module[:-1])" if "oftmax" in name else "build that part with nnlit's layers"
        )
        raise ValueError(f"from_torch: expected a Sequential of {known}, but it holds {module}; {repair}")
    return BACK[name](module)


def _numbers(tensor: Any) -> Array:
    """A copy of a tensor as an array."""
    dtype = str(tensor.dtype).removeprefix("torch.")
    if dtype not in ("float32", "float64"):
        raise ValueError(f"from_torch: expected float32 or float64, but a weight is {dtype}; use module.float()")
    return np.array(tensor.detach().cpu().numpy())


def _dense(module: Any) -> list[Layer]:
    W = _numbers(module.weight).T.copy()
    b = np.zeros(W.shape[1], W.dtype) if module.bias is None else _numbers(module.bias)
    return [Dense(W, b)]


def _affine(module: Any) -> list[Layer]:
    shift, factor = _numbers(module.shift), _numbers(module.factor)
    return [Standardize(shift, factor) if factor.ndim else Scale(float(factor))]


def _flattened(module: Any) -> list[Layer]:
    if (module.start_dim, module.end_dim) != (1, -1):
        raise ValueError(f"from_torch: expected Flatten() from axis 1 to the last, but it is {module}")
    return []


def _softplus(module: Any) -> list[Layer]:
    if module.beta != 1:
        raise ValueError(f"from_torch: expected Softplus with beta=1, but it is {module}")
    return [Softplus()]


BACK: dict[str, Callable[[Any], list[Layer]]] = {
    "Linear": _dense,
    "ReLU": lambda module: [ReLU()],
    "Sigmoid": lambda module: [Sigmoid()],
    "Tanh": lambda module: [Tanh()],
    "LeakyReLU": lambda module: [LeakyReLU(module.negative_slope)],
    "Softplus": _softplus,
    "Dropout": lambda module: [Dropout(module.p)],
    "Identity": lambda module: [],
    "Flatten": _flattened,
    "Affine": _affine,
    "Moved": lambda module: [Shift(module.pixels, module.side)],
}


# scikit-learn


def from_sklearn(model: Any) -> Network:
    """The network of a fitted scikit-learn model, with copies of its weights.

    A classifier's outputs are logits, and column k stands for `model.classes_[k]`: softmax of them is what
    `predict_proba` gives. Where scikit-learn has one output for two classes, the network has two, 0 and that one.
    Where a row may have several labels, `predict_proba` is the sigmoid of the outputs.

    Args:
        model: a fitted `MLPClassifier`, scikit-learn's or ours, `MLPRegressor` or `LogisticRegression`, or a pipeline
            that ends in one and begins with `StandardScaler`, `MinMaxScaler` or `MaxAbsScaler`.

    Returns:
        The network, in the dtype of the weights.

    Raises:
        ValueError: if the model is not fitted, or of another kind.

    Examples:
        >>> import pytest
        >>> LogisticRegression = pytest.importorskip("sklearn.linear_model").LogisticRegression
        >>> from_sklearn(LogisticRegression().fit(np.eye(3), [0, 1, 2]))
        Network(Dense(3 -> 3, float64))
    """
    steps = [step for _, step in model.steps] if hasattr(model, "steps") else [model]
    return Network([layer for step in steps if step not in ("passthrough", None) for layer in _learned(step)])


def _learned(step: Any) -> list[Layer]:
    """The layers of one fitted step."""
    name = type(step).__name__
    if name not in FITTED:
        raise ValueError(f"from_sklearn: expected a fitted {', '.join(FITTED)} or a pipeline of them, but it is {step}")
    try:
        return FITTED[name](step)
    except AttributeError as error:
        raise ValueError(f"from_sklearn: expected a fitted model, but {name} is not: call fit first") from error


def _perceptron(model: Any) -> list[Layer]:
    """Dense layers with the model's activation between each two; the network itself of `nnlit.estimator`."""
    if hasattr(model, "network_"):
        return list(copy.deepcopy(model.network_).layers)
    activation: dict[str, list[Layer]] = {"relu": [ReLU()], "logistic": [Sigmoid()], "tanh": [Tanh()], "identity": []}
    *hidden, (W, b) = zip(model.coefs_, model.intercepts_, strict=True)
    below = [layer for V, c in hidden for layer in (Dense(V.copy(), c.copy()), *activation[model.activation])]
    return [*below, _logits(W, b, getattr(model, "classes_", ()))]


def _logits(W: Array, b: Array, classes: Any) -> Dense:
    """The last layer; the one output of two classes becomes two, 0 and itself, so that their softmax is the sigmoid."""
    if W.shape[1] == 1 and len(classes) == 2:
        W, b = np.hstack([np.zeros_like(W), W]), np.append(np.zeros_like(b), b)
    return Dense(W.copy(), b.copy())


def _scaled(shift: Array | float, factor: Array | float, step: Any) -> list[Layer]:
    n = step.n_features_in_
    return [Standardize(np.broadcast_to(shift, n).astype(float), np.broadcast_to(factor, n).astype(float))]


def _standard(step: Any) -> list[Layer]:
    shift, scale = step.mean_ if step.with_mean else 0.0, step.scale_ if step.with_std else 1.0
    return _scaled(shift, 1 / scale, step)


def _between(step: Any) -> list[Layer]:
    if step.clip:
        raise ValueError("from_sklearn: expected MinMaxScaler(clip=False): nothing here cuts off at a bound")
    return _scaled(-step.min_ / step.scale_, step.scale_, step)


FITTED: dict[str, Callable[[Any], list[Layer]]] = {
    "MLPClassifier": _perceptron,
    "MLPRegressor": _perceptron,
    "LogisticRegression": lambda model: [_logits(model.coef_.T, model.intercept_, model.classes_)],
    "StandardScaler": _standard,
    "MinMaxScaler": _between,
    "MaxAbsScaler": lambda step: _scaled(0.0, 1 / step.scale_, step),
}


# safetensors


def save_safetensors(network: Network, path: FilePath) -> None:
    """Write a network to a safetensors file, atomically: its numbers by name, its layers as the file's metadata.

    Args:
        network: what to write.
        path: where to; the usual ending is .safetensors.

    Raises:
        DataError: if the file cannot be written there.
        ValueError: if a number of the network is not finite, or it is nested too deep.
        ImportError: if safetensors is not installed.
    """
    doors.network("save_safetensors", network)
    packed = extra("safetensors.numpy", "exchange").save
    layout, arrays = described(network)
    with write_atomically(path) as file:
        file.write(packed({name: np.ascontiguousarray(a) for name, a in arrays.items()}, {"nnlit": layout.decode()}))


def load_safetensors(path: FilePath) -> Network:
    """Read a network that `save_safetensors` wrote. No code of the file is executed.

    Args:
        path: the file.

    Returns:
        The network, equal to the one saved.

    Raises:
        DataError: if the file is missing, too large, damaged, or holds weights without the layers they belong to.
        ImportError: if safetensors is not installed.
    """
    safetensors = extra("safetensors.numpy", "exchange")
    with opened(path) as source:
        what = something_else(source) or "an archive of arrays; nnlit.load and nnlit.resume read such files"
        if not what.startswith("a safetensors file"):
            raise DataError(f"{path}: expected a safetensors file of nnlit, but it is {what}")
        content = b"".join(source.pieces())
    try:
        arrays = safetensors.load(content)
        layout = _metadata(content)
        return rebuilt(layout.encode(), arrays, Network)
    except Exception as error:
        raise DataError(f"{path}: expected a safetensors file of nnlit, but {one_line(error)}") from error


def _metadata(content: bytes) -> str:
    """The layers, from the header that safetensors has read and found sound."""
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    if "nnlit" not in header.get("__metadata__", {}):
        repair = "load them into the PyTorch module they come from, then use nnlit.from_torch(module)"
        raise ValueError(f"it holds weights alone and not the layers they belong to; {repair}")
    return str(header["__metadata__"]["nnlit"])
