"""Names that `nnlit` has not, as other libraries have them: what to import and to write instead."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from difflib import get_close_matches
from importlib.util import find_spec
from typing import NoReturn

from nnlit.calls import letters

_FIT = "from nnlit import MiniBatches, Adam, fit, softmax_cross_entropy; network, history = fit(network, X, y, "
_FIT += "loss=softmax_cross_entropy, rule=Adam(0.001), batches=MiniBatches(64), epochs=10, rng=np.random.default_rng(0)"

CODE = {  # names of others, and code that gives the same here
    "Linear FullyConnected DenseLayer Affine": (
        "from nnlit import Dense; layer = Dense.start(784, 10, np.random.default_rng(0))"
    ),
    "Sequential Model NeuralNetwork NN MLP Module make_pipeline Pipeline": (
        "from nnlit import Dense, Network; network = Network([Dense.start(784, 10, np.random.default_rng(0))])"
    ),
    "CrossEntropyLoss CrossEntropy cross_entropy SparseCategoricalCrossentropy CategoricalCrossentropy "
    "categorical_crossentropy sparse_categorical_crossentropy NLLLoss nll_loss log_loss SoftmaxCrossEntropy": (
        "from nnlit import softmax_cross_entropy"
    ),
    "MSE MSELoss mse_loss mean_squared_error MeanSquaredError SquaredError": "from nnlit import squared_error",
    "BCE BCELoss BCEWithLogitsLoss BinaryCrossentropy BinaryCrossEntropy binary_crossentropy": (
        "from nnlit import binary_cross_entropy"
    ),
    "logsumexp": "from nnlit import log_sum_exp",
    "log_softmax LogSoftmax": "from nnlit import log_sum_exp; Z - log_sum_exp(Z)[:, None]",
    "SGD GD gradient_descent": "from nnlit import GradientDescent; rule = GradientDescent(0.1)",
    "Optimizer": "from nnlit import Rule",
    "Normalization StandardScaler scale": "from nnlit import Standardize; layer = Standardize.of(X)",
    "Rescaling MinMaxScaler": "from nnlit import Scale; layer = Scale(1 / 255)",
    "train_test_split random_split": (
        "from nnlit import split; X_train, y_train, X_test, y_test = split(X, y, 0.2, np.random.default_rng(0))"
    ),
    "to_categorical OneHotEncoder get_dummies LabelBinarizer": "from nnlit import one_hot; Y = one_hot(y, 10)",
    "DataLoader BatchSampler": "from nnlit import MiniBatches; batches = MiniBatches(64)",
    "MNIST load_data fetch_openml load_digits load_dataset": "from nnlit import load_mnist; data = load_mnist()",
    "imshow plot matshow": "from nnlit import show; print(show(X[0], 28))",
    "load_model load_weights load_state_dict": 'from nnlit import load; network = load("network.npz")',
    "save_model save_weights dump": 'from nnlit import save; save(network, "network.npz")',
    "load_file": 'from nnlit import load_safetensors; network = load_safetensors("network.safetensors")',
    "save_file": 'from nnlit import save_safetensors; save_safetensors(network, "network.safetensors")',
    "train learn compile Trainer": f"{_FIT})",
    "ModelCheckpoint Checkpoint": f'{_FIT}, checkpoint="training.npz")',
    "accuracy_score evaluate score": "from nnlit import accuracy; accuracy(network, X, y)",
    "predict": "network.predict(X)",
    "predict_proba": "from nnlit import softmax; softmax(network.predict(X))",
    "MLPClassifier Classifier": "from nnlit.estimator import MLPClassifier",
    "xavier Xavier xavier_uniform xavier_uniform_ xavier_normal GlorotUniform GlorotNormal": "from nnlit import glorot",
    "kaiming Kaiming kaiming_uniform kaiming_normal kaiming_normal_ HeNormal HeUniform": "from nnlit import he",
    "gradient_check check_grad grad_check": "from nnlit import check_gradient",
    "Variable Tensor tensor Parameter Value": "from nnlit import Node; x = Node(2.0)",
    "grad backward jacobian": "from nnlit import gradients",
    "weight_decay l2_regularizer": "from nnlit import L2; rule = L2(rule, 0.0001)",
    "RandomCrop RandomAffine RandomTranslation": "from nnlit import Shift; layer = Shift(1)",
    "CosineAnnealingLR CosineDecay MultiStepLR StepLR ExponentialLR OneCycleLR ReduceLROnPlateau schedule": (
        "from nnlit import Cosine, Scheduled; rule = Scheduled(rule, Cosine(1000))"
    ),
    "seed set_seed manual_seed set_random_seed random": "rng = np.random.default_rng(0)",
}
ROOMS = "nn optim layers models loss metrics functional F datasets keras linear_model preprocessing"
LATER = "Conv1D Conv2D Conv2d Conv1d Conv MaxPooling2D MaxPool2d BatchNormalization BatchNorm1d BatchNorm2d BatchNorm "
LATER += "LayerNorm LayerNormalization Embedding RNN LSTM GRU Attention MultiHeadAttention Transformer GELU ELU"
SAID = {  # names of what is not needed here, or not there
    "Flatten Reshape": "an example is a row already; for arrays of images write X = X.reshape(len(X), -1)",
    "no_grad inference_mode": "nothing is recorded, so there is nothing to switch off; write network.predict(X)",
    "device cuda to": "everything is computed where NumPy is; leave it out",
    ROOMS: "all names stand in nnlit itself; write from nnlit import Dense, ReLU, Network, Adam",
    LATER: "a layer of your own says what it computes in forward, gradients and backward, as nnlit.ReLU does; "
    "check_layer compares them",
}
WAYS = {name: way for ways in (CODE, SAID) for names, way in ways.items() for name in names.split()}


def instead(name: str, public: Sequence[str]) -> str:
    """What to write for a name that is not there.

    Args:
        name: the name.
        public: the names that are there.

    Examples:
        >>> instead("relu", ["ReLU", "Tanh"])
        'write from nnlit import ReLU'
        >>> instead("SGD", ["ReLU"])
        'write from nnlit import GradientDescent; rule = GradientDescent(0.1)'
    """
    if name in WAYS:
        way = WAYS[name]
        return f"write {way}" if way in CODE.values() else way
    plain = {letters(known): known for known in public}
    close = get_close_matches(letters(name), plain, 1, 0.75)
    found = plain.get(letters(name)) or (plain[close[0]] if close else None)
    return f"write from nnlit import {found}" if found else "dir(nnlit) lists what there is"


def missing(name: str, public: Sequence[str]) -> NoReturn:
    """Raise AttributeError for a name of `nnlit` that is not there; ImportError where it was to be imported."""
    if name.startswith("_") or not name.isidentifier() or find_spec(f"nnlit.{name}"):  # a module that is not loaded yet
        raise AttributeError(f"module 'nnlit' has no attribute {name!r}")
    text = f"nnlit: there is no {name}; {instead(name, public)}"
    if sys._getframe(2).f_code.co_name == "_handle_fromlist":  # noqa: SLF001 - an import drops an AttributeError's words
        raise ImportError(text, name="nnlit")
    raise AttributeError(text, name=name)
