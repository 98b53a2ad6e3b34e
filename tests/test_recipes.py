"""Every choice that a recipe can make is made: it is tested by its effect."""

import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from nnlit import (
    AdaGrad,
    Adam,
    AdamW,
    Dense,
    Momentum,
    Nesterov,
    ReLU,
    RMSProp,
    Scale,
    Shift,
    load_mnist,
    log_sum_exp,
    squared_error,
)  # fmt: skip
from nnlit.batches import MiniBatches
from nnlit.descent import GradientDescent
from nnlit.optimizers import Scheduled
from nnlit.recipes import (
    ACTIVATIONS,
    BEST,
    LOSSES,
    OPTIMIZERS,
    RECIPES,
    SCALES,
    SCHEDULES,
    STARTS,
    WORDS,
    Recipe,
    one_thread,
)
from nnlit.regularization import L2, Dropout
from nnlit.scaling import Standardize
from nnlit.training import full_batch

TABLE = {  # what the chapters say their rows are: hidden, loss, optimizer, epochs, batch, rate, scale, start, schedule
    "raw": ((10,), "mse", "gd", 500, 0, 1e-5, "none", "uniform", "constant"),
    "training": ((10,), "mse", "gd", 500, 0, 0.1, "unit", "uniform", "constant"),
    "scaling": ((10,), "mse", "gd", 500, 0, 0.3, "standard", "uniform", "constant"),
    "softmax": ((10,), "softmax", "gd", 500, 0, 0.5, "standard", "uniform", "constant"),
    "batches": ((10,), "softmax", "gd", 20, 64, 0.03, "standard", "uniform", "constant"),
    "initialization": ((10,), "softmax", "gd", 20, 64, 0.03, "standard", "he", "constant"),
    "optimizers": ((10,), "softmax", "adam", 20, 64, 0.003, "standard", "he", "cosine"),
    "wide": ((128,), "softmax", "adam", 20, 64, 0.003, "standard", "he", "cosine"),
    "regularization": ((128,), "softmax", "adam", 20, 64, 0.003, "standard", "he", "cosine"),
    "deep": ((512, 512), "softmax", "adam", 30, 128, 0.001, "unit", "he", "cosine"),
}


@pytest.fixture(scope="module")
def images():
    return load_mnist().X_train[:200]


def rng():
    return np.random.default_rng(0)


def kinds(network):
    return [type(layer) for layer in network.layers]


def test_the_rows_of_the_table():
    rows = {name: Recipe(*choices) for name, choices in TABLE.items()}
    rows["regularization"] = replace(rows["regularization"], shift=1)
    rows["deep"] = replace(rows["deep"], shift=1, dropout=0.2)
    assert rows == RECIPES
    assert RECIPES[BEST].hidden == (10,)


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_makes_the_network_that_it_names(images, name):
    recipe = RECIPES[name]
    network = recipe.network(images, rng())
    assert (network.n_in, network.width(784)) == (784, 10)
    assert [layer.W.shape[1] for layer in network.layers if isinstance(layer, Dense)] == [*recipe.hidden, 10]
    assert all(layer.W.dtype == np.float32 for layer in network.layers if isinstance(layer, Dense))


def test_scales(images):
    assert set(SCALES) == {"none", "unit", "standard"}
    firsts = {name: Recipe(scale=name).network(images, rng()).layers[0] for name in SCALES}
    assert firsts == {"none": Scale(1), "unit": Scale(1 / 255), "standard": Standardize.of(images)}


def test_starts(images):
    """Each is known by the spread of its weights, here of 784 times 400."""
    spread = {"uniform": 1 / np.sqrt(3 * 784), "glorot": np.sqrt(2 / 1184), "he": np.sqrt(2 / 784)}
    assert set(STARTS) == set(spread)
    for name, sigma in spread.items():
        W = Recipe(hidden=(400,), init=name).network(images, rng()).layers[1].W
        assert W.std() == pytest.approx(sigma, rel=0.01)


def test_losses():
    Z, y = np.array([[2.0, 0.0, 1.0]]), np.array([2])
    assert set(LOSSES) == {"mse", "softmax"}
    assert LOSSES["mse"](Z, y)[0] == squared_error(Z, y)[0] == 2.0
    assert LOSSES["softmax"](Z, y)[0] == pytest.approx(float(log_sum_exp(Z)[0]) - 1)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("gd", GradientDescent), ("momentum", Momentum), ("nesterov", Nesterov), ("adagrad", AdaGrad),
     ("rmsprop", RMSProp), ("adam", Adam), ("adamw", AdamW)],
)  # fmt: skip
def test_optimizers(name, kind):
    rule = Recipe(optimizer=name, learning_rate=0.25).rule(100)
    assert type(rule) is kind is OPTIMIZERS[name]
    assert rule.learning_rate == 0.25


def test_batches_and_the_length_of_the_schedule():
    """The cosine ends with the last step: with as many steps as there are batches in all epochs."""
    assert Recipe(batch_size=0).batches() is full_batch
    assert Recipe(batch_size=32).batches() == MiniBatches(32)
    assert set(SCHEDULES) == {"constant", "cosine"}
    for batch_size, m, steps in ((0, 100, 5), (32, 100, 20), (50, 100, 10), (64, 10, 5)):
        recipe = Recipe(epochs=5, batch_size=batch_size, schedule="cosine")
        rule = recipe.rule(m)
        assert isinstance(rule, Scheduled)
        assert rule.schedule.steps == steps
        assert len(list(recipe.batches()(m, rng()))) * 5 == steps
    assert not isinstance(Recipe().rule(100), Scheduled)


@pytest.mark.parametrize(
    ("name", "word", "repair"),
    [
        ("schedule", "cosin", "cosine"),
        ("loss", "softmaxx", "softmax"),
        ("optimizer", "Adam", "adam"),
        ("scale", "", "none"),
        ("init", "hee", "he"),
        ("activation", None, "relu"),
    ],
)
def test_a_word_that_names_no_choice_is_refused(name, word, repair):
    """Above all a schedule: it would be the constant one, and nobody would notice."""
    with pytest.raises(ValueError, match=f"expected {name} to be one of .*, but it is {word!r}; try") as caught:
        Recipe(**{name: word})
    assert getattr(eval(f"Recipe({str(caught.value).rpartition('; try ')[2]})"), name) == repair  # noqa: S307


def test_activations(images):
    from nnlit import Sigmoid, Tanh

    for name, kind in (("relu", ReLU), ("sigmoid", Sigmoid), ("tanh", Tanh)):
        assert kinds(Recipe(hidden=(5,), activation=name).network(images, rng())) == [Scale, Dense, kind, Dense]
    assert set(ACTIVATIONS) == {"relu", "sigmoid", "tanh"}


def test_classes_and_sizes():
    network = Recipe().network(np.ones((3, 64)), rng(), K=26)
    assert (network.n_in, network.width(64)) == (64, 26)


def test_every_word_of_a_recipe_is_explained():
    explained = " ".join(WORDS)
    for table in (LOSSES, OPTIMIZERS, SCALES, STARTS, SCHEDULES, ACTIVATIONS):
        assert all(name in explained for name in table)


def test_the_words_that_are_explained_are_those_there_are():
    words = {word for key in WORDS for word in key.replace(",", " ").split()}
    tables = {word for table in (LOSSES, OPTIMIZERS, SCALES, STARTS, SCHEDULES, ACTIVATIONS) for word in table}
    extras = {"l2", "dropout", "smoothing", "shift"}
    assert words == tables | extras | {"784-10-10", "full", "batch", "batches", "of", "64", "epochs", "scale", "start"}


def test_what_is_added_against_learning_by_heart(images):
    assert kinds(Recipe(shift=2).network(images, rng()))[0] is Shift
    assert Recipe(shift=2).network(images, rng()).layers[0].pixels == 2
    network = Recipe(hidden=(5, 4), dropout=0.25).network(images, rng())
    assert kinds(network) == [Scale, Dense, ReLU, Dropout, Dense, ReLU, Dropout, Dense]
    assert [layer.rate for layer in network.layers if isinstance(layer, Dropout)] == [0.25, 0.25]
    rule = Recipe(l2=0.5).rule(100)
    assert (type(rule), rule.strength) == (L2, 0.5)
    y = np.arange(200) % 10
    smooth, plain = (Recipe(epochs=1, smoothing=part).train(images, y, rng()) for part in (0.9, 0.0))
    assert smooth != plain


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({}, "784-10-10, mse, gd 0.1 constant, full batch, 500 epochs, scale unit, start uniform"),
        ({"hidden": (), "batch_size": 64, "epochs": 1000}, "784-10, mse, gd 0.1 constant, batches of 64, 1,000 epochs"),
        ({"l2": 0.01, "dropout": 0.5, "smoothing": 0.1, "shift": 2}, "l2 0.01, dropout 0.5, smoothing 0.1, shift 2"),
    ],
)
def test_a_recipe_in_words(choices, words):
    assert words in str(Recipe(**choices))


THREADS = """
import sys
from nnlit import load_mnist, save
from nnlit.cli import main
from nnlit.recipes import *

X, y, *_ = load_mnist()
for number, choices in enumerate(eval(sys.argv[1])):
    trained = Recipe(**choices).train(X[:2000], y[:2000], np.random.default_rng(3))
    save(trained, f"{sys.argv[2]}-{number}.npz")
for number, words in enumerate(eval(sys.argv[3])):
    assert main(["train", *words.split(), "--out", f"{sys.argv[2]}-typed-{number}.npz"]) in (None, 0)
"""
TRAINED = (
    {"hidden": (128,), "epochs": 2, "batch_size": 64, "optimizer": "adam", "learning_rate": 0.003},
    {"hidden": (300,), "epochs": 2, "batch_size": 1000, "dropout": 0.2, "shift": 1},
    {"hidden": (100,), "epochs": 4},
)
TYPED = (
    "--hidden 300 --batch-size 1000 --epochs 2 --dropout 0.2 --shift 1 --seed 3",
    "--hidden 100 --epochs 4 --seed 3",
)


@pytest.fixture(scope="module")
def on_threads(tmp_path_factory):
    """The folder with every network of `TRAINED` and `TYPED`, trained with 1, 2 and 4 threads of BLAS."""
    folder = tmp_path_factory.mktemp("threads")
    for threads in (1, 2, 4):
        names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
        settings = os.environ | dict.fromkeys(names, str(threads))
        command = [sys.executable, "-W", "ignore", "-c", THREADS, repr(TRAINED), folder / str(threads), repr(TYPED)]
        subprocess.run(command, env=settings, check=True, stdout=subprocess.DEVNULL)
    return folder


@pytest.mark.long
@pytest.mark.parametrize("number", [*range(len(TRAINED)), *(f"typed-{k}" for k in range(len(TYPED)))])
def test_one_seed_gives_one_result_on_any_number_of_cores(number, on_threads):
    """BLAS adds in another order when it has more threads; then the last bits would be others."""
    seen = {(on_threads / f"{threads}-{number}.npz").read_bytes() for threads in (1, 2, 4)}
    assert len(seen) == 1


def test_what_a_recipe_says_of_itself():
    """Every choice is named; of what is not used nothing is said."""
    text = "784-10-10, mse, gd 0.1 constant, full batch, 500 epochs, scale unit, start uniform"
    assert str(RECIPES["training"]) == text
    many = Recipe(
        hidden=(30, 20), loss="softmax", optimizer="adam", learning_rate=0.01, schedule="cosine", batch_size=64,
        epochs=1, scale="standard", init="he", l2=1e-4, dropout=0.2, smoothing=0.1, shift=2, activation="tanh",
    )  # fmt: skip
    text = "784-30-20-3, softmax, adam 0.01 cosine, batches of 64, 1 epoch, scale standard, start he"
    assert many.told(3) == f"{text}, l2 0.0001, dropout 0.2, smoothing 0.1, shift 2, tanh"


def test_one_thread_is_said_to_blas_alone():
    """What other libraries do with OpenMP is left to them."""
    import sklearn.cluster  # noqa: F401 - brings OpenMP
    from threadpoolctl import threadpool_info, threadpool_limits

    def threads(kind):
        return [library["num_threads"] for library in threadpool_info() if library["user_api"] == kind]

    with threadpool_limits(2):
        assert set(threads("openmp")) == {2}
        with one_thread():
            assert set(threads("openmp")) == {2}
            assert set(threads("blas")) == {1}
        assert set(threads("blas")) == {2}
