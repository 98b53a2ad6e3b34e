"""Names that other libraries have, and what is to be written in their place."""

import pytest

import nnlit

OF_OTHERS = {  # a name of another library for each entry of the table, and what is to be written
    "Linear": "from nnlit import Dense; layer", "Sequential": "from nnlit import Dense, Network",
    "CrossEntropyLoss": "from nnlit import softmax_cross_entropy", "MSELoss": "from nnlit import squared_error",
    "BCELoss": "from nnlit import binary_cross_entropy", "log_softmax": "from nnlit import log_sum_exp; Z",
    "SGD": "from nnlit import GradientDescent; rule", "Optimizer": "from nnlit import Rule",
    "StandardScaler": "from nnlit import Standardize", "Rescaling": "from nnlit import Scale",
    "train_test_split": "from nnlit import split", "to_categorical": "from nnlit import one_hot",
    "DataLoader": "from nnlit import MiniBatches", "fetch_openml": "from nnlit import load_mnist",
    "imshow": "from nnlit import show", "load_model": "from nnlit import load; network",
    "save_model": "from nnlit import save; save", "load_file": "from nnlit import load_safetensors",
    "save_file": "from nnlit import save_safetensors", "Trainer": "from nnlit import MiniBatches, Adam, fit",
    "ModelCheckpoint": "from nnlit import MiniBatches, Adam, fit", "accuracy_score": "from nnlit import accuracy",
    "predict": "network.predict(X)", "predict_proba": "from nnlit import softmax; softmax(",
    "MLPClassifier": "from nnlit.estimator import MLPClassifier", "xavier_uniform": "from nnlit import glorot",
    "kaiming_normal": "from nnlit import he", "check_grad": "from nnlit import check_gradient",
    "Tensor": "from nnlit import Node", "jacobian": "from nnlit import gradients",
    "weight_decay": "from nnlit import L2", "RandomCrop": "from nnlit import Shift",
    "StepLR": "from nnlit import Cosine, Scheduled", "manual_seed": "rng = np.random.default_rng(0)",
}  # fmt: skip
SAID_OF_OTHERS = {
    "Flatten": "an example is a row already", "no_grad": "nothing is recorded", "cuda": "everything is computed where",
    "nn": "all names stand in nnlit itself", "Conv2d": "a layer of your own says what it computes",
}  # fmt: skip


@pytest.mark.parametrize("name", OF_OTHERS | SAID_OF_OTHERS)
def test_every_entry_of_the_table_of_other_names_is_said(name):
    with pytest.raises(AttributeError) as error:
        getattr(nnlit, name)
    begin = SAID_OF_OTHERS.get(name) or "write " + OF_OTHERS[name]
    assert str(error.value).startswith(f"nnlit: there is no {name}; {begin}")
