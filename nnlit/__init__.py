"""nnlit: a neural network from scratch, and the book that derives it.

The names stand in the order of the chapters that explain them. A chapter is loaded when one of its names is first used,
so `import nnlit` takes no longer than it must.
"""
# ruff: noqa: I001

import ast
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nnlit.data import one_hot, show, split
    from nnlit.files import DataError, Mnist, fetch_mnist, load_mnist, read_idx, read_kaggle_csv, read_png
    from nnlit.gradcheck import check_gradient, check_layer, central_difference, complex_step
    from nnlit.descent import GradientDescent, Rule
    from nnlit.dense import Dense, Layer
    from nnlit.losses import Loss, squared_error
    from nnlit.activations import ReLU, Sigmoid, Tanh
    from nnlit.network import Network, load, save
    from nnlit.training import Scale, accuracy, confusion_matrix, fit, full_batch
    from nnlit.scaling import Standardize
    from nnlit.softmax import log_sum_exp, softmax_cross_entropy
    from nnlit.batches import MiniBatches, WithReplacement
    from nnlit.initialization import glorot, he
    from nnlit.optimizers import AdaGrad, Adam, AdamW, Cosine, Momentum, Nesterov, RMSProp, Scheduled
    from nnlit.regularization import L2, Dropout, EarlyStopping, LabelSmoothing, Shift
    from nnlit.frameworks import to_jax, to_sklearn, to_torch

__all__ = [  # noqa: RUF022 - in the order of the chapters
    "one_hot", "show", "split",
    "DataError", "Mnist", "fetch_mnist", "load_mnist", "read_idx", "read_kaggle_csv", "read_png",
    "check_gradient", "check_layer", "central_difference", "complex_step",
    "GradientDescent", "Rule",
    "Dense", "Layer",
    "Loss", "squared_error",
    "ReLU", "Sigmoid", "Tanh",
    "Network", "load", "save",
    "Scale", "accuracy", "confusion_matrix", "fit", "full_batch",
    "Standardize",
    "log_sum_exp", "softmax_cross_entropy",
    "MiniBatches", "WithReplacement",
    "glorot", "he",
    "AdaGrad", "Adam", "AdamW", "Cosine", "Momentum", "Nesterov", "RMSProp", "Scheduled",
    "L2", "Dropout", "EarlyStopping", "LabelSmoothing", "Shift",
    "to_jax", "to_sklearn", "to_torch",
]  # fmt: skip

__version__ = "0.1.0"


def _homes() -> dict[str, str]:
    """The module of every public name, as the imports above say it."""
    with open(__file__, encoding="utf-8") as file:  # noqa: PTH123 - pathlib costs more than all the rest
        tree = ast.walk(ast.parse(file.read()))
    imports = (node for node in tree if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("nnlit."))
    return {alias.name: str(node.module) for node in imports for alias in node.names}


_HOMES = _homes()


def __getattr__(name: str) -> Any:
    """Load a public name from its chapter."""
    if name not in _HOMES:
        raise AttributeError(f"module 'nnlit' has no attribute {name!r}")
    globals()[name] = value = getattr(import_module(_HOMES[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
