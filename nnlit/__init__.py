"""nnlit: a neural network from scratch, and the book that derives it.

The names stand in the order of the chapters that explain them.
"""
# ruff: noqa: I001

from nnlit import calls as _calls
from nnlit.data import one_hot, show, split
from nnlit.files import DataError
from nnlit.mnist import Mnist, fetch_mnist, load_mnist, read_idx, read_kaggle_csv
from nnlit.pictures import read_picture
from nnlit.slopes import central_difference, check_gradient
from nnlit.descent import GradientDescent, Rule
from nnlit.dense import Dense, Layer
from nnlit.losses import Loss, squared_error
from nnlit.activations import LeakyReLU, ReLU, Sigmoid, Softplus, Tanh
from nnlit.network import Network, load, save
from nnlit.gradcheck import check_layer, complex_step
from nnlit.training import Scale, accuracy, confusion_matrix, fit, full_batch, resume, whole
from nnlit.scaling import Standardize
from nnlit.softmax import binary_cross_entropy, log_sum_exp, softmax, softmax_cross_entropy
from nnlit.batches import MiniBatches, WithReplacement
from nnlit.initialization import glorot, he
from nnlit.optimizers import AdaGrad, Adam, AdamW, Cosine, Momentum, Nesterov, RMSProp, Scheduled
from nnlit.regularization import L2, Dropout, EarlyStopping, LabelSmoothing, Shift
from nnlit.diagnosis import Finding, diagnose
from nnlit.parallel import Blocks, Cluster
from nnlit.autodiff import Node, gradients, taped
from nnlit.frameworks import to_jax, to_sklearn
from nnlit.exchange import from_sklearn, from_torch, load_safetensors, save_safetensors, to_torch

__all__ = [  # noqa: RUF022 - in the order of the chapters
    "one_hot", "show", "split",
    "DataError", "Mnist", "fetch_mnist", "load_mnist", "read_idx", "read_kaggle_csv", "read_picture",
    "central_difference", "check_gradient",
    "GradientDescent", "Rule",
    "Dense", "Layer",
    "Loss", "squared_error",
    "LeakyReLU", "ReLU", "Sigmoid", "Softplus", "Tanh",
    "Network", "load", "save",
    "check_layer", "complex_step",
    "Scale", "accuracy", "confusion_matrix", "fit", "full_batch", "resume", "whole",
    "Standardize",
    "binary_cross_entropy", "log_sum_exp", "softmax", "softmax_cross_entropy",
    "MiniBatches", "WithReplacement",
    "glorot", "he",
    "AdaGrad", "Adam", "AdamW", "Cosine", "Momentum", "Nesterov", "RMSProp", "Scheduled",
    "L2", "Dropout", "EarlyStopping", "LabelSmoothing", "Shift",
    "Finding", "diagnose",
    "Blocks", "Cluster",
    "Node", "gradients", "taped",
    "to_jax", "to_sklearn",
    "from_sklearn", "from_torch", "load_safetensors", "save_safetensors", "to_torch",
]  # fmt: skip

__version__ = "0.1.0"

_calls.answer(globals(), __all__)
