"""Anything at all at every door: it is taken as it is, or refused by an error that the documentation names."""

import contextlib
import io
import json
import warnings

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

import nnlit
from nnlit import (
    DataError,
    Dense,
    GradientDescent,
    MiniBatches,
    Network,
    ReLU,
    Scale,
    accuracy,
    binary_cross_entropy,
    check_gradient,
    confusion_matrix,
    fit,
    full_batch,
    load,
    one_hot,
    save,
    show,
    softmax,
    softmax_cross_entropy,
    split,
    squared_error,
)
from nnlit.cli import main
from nnlit.doors import examples, labels
from nnlit.files import read_npz, write_npz
from nnlit.recipes import CHOICES, Recipe
from tests.tiers import tries

SLOW = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
EASY = settings(deadline=None, derandomize=True, suppress_health_check=SLOW)
REFUSED = (TypeError, ValueError)  # DataError and LinAlgError are kinds of ValueError
KINDS = [np.uint8, np.int8, np.int64, np.float16, np.float32, np.float64, np.bool_, np.complex128, "U3", "S2", object]

numbers = st.one_of(st.integers(-300, 300), st.floats(width=32), st.booleans())
words = st.text(max_size=8)
odd = st.one_of(
    st.none(), numbers, words, st.binary(max_size=4), st.dictionaries(words, numbers, max_size=2),
    st.sampled_from([int, list, Dense, ReLU, np.random, len, object(), print, slice(3), ..., np.float32(2)]),
)  # fmt: skip
tables = st.sampled_from(KINDS).flatmap(
    lambda kind: arrays(
        kind,
        array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=7),
        elements=st.one_of(numbers, words) if kind is object else None,
    )
)
things = st.one_of(
    odd, tables, st.lists(st.one_of(numbers, words), max_size=7), st.lists(st.lists(numbers), max_size=5)
)


@pytest.fixture(autouse=True)
def _quiet():
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # NumPy's, about numbers that overflow, and ours, about numbers of other ranges
        yield


def network():
    rng = np.random.default_rng(0)
    return Network([Scale(1 / 255), Dense.start(4, 5, rng), ReLU(), Dense.start(5, 3, rng)])


def attempt(call):
    """What a call gives, or the error with which it refuses; any other error comes out."""
    try:
        return call(), None
    except (*REFUSED, FloatingPointError) as error:
        return None, error


X = np.random.default_rng(1).normal(size=(7, 4))
Y = np.arange(7) % 3


@settings(EASY, max_examples=tries(25))
@given(things)
@example(np.array([[0, complex(0, np.inf)]]))
def test_examples_are_a_finite_matrix_of_the_same_numbers(given_):
    finite_matrix_of_the_same_numbers(given_)


@pytest.mark.long
@settings(EASY, max_examples=300)
@given(things)
def test_many_examples_are_finite_matrices_of_the_same_numbers(given_):
    finite_matrix_of_the_same_numbers(given_)


def finite_matrix_of_the_same_numbers(given_):
    found, error = attempt(lambda: examples("test", given_))
    if error is not None:
        assert str(error).startswith("test: ") or not isinstance(given_, np.ndarray)
        return
    assert found.ndim == 2
    assert np.isfinite(found).all()
    np.testing.assert_array_equal(found, np.asarray(given_))


@EASY
@given(things, st.integers(1, 4))
def test_labels_are_whole_numbers_below_the_number_of_classes(given_, K):
    found, error = attempt(lambda: labels(given_, K))
    if error is not None:
        assert str(error).startswith("labels: ") or not isinstance(given_, np.ndarray)
        return
    assert found.dtype.kind in "iu"
    assert found.ndim == 1
    assert ((found >= 0) & (found < K)).all()
    np.testing.assert_array_equal(one_hot(given_, K).argmax(axis=1), found)


LOSSES = st.sampled_from([squared_error, softmax_cross_entropy, binary_cross_entropy])
NAMES = [
    *("network", "X", "y", "loss", "rule", "batches", "epochs", "rng", "gradient", "weights", "validation", "callback")
]


@EASY
@given(st.sampled_from(NAMES), things, LOSSES)
def test_fit_trains_or_refuses_and_changes_nothing(name, given_, loss):
    """What comes back has learned: finite parameters, and a history of finite losses."""
    start = network()
    way = {"network": start, "X": X, "y": Y, "loss": loss, "rule": GradientDescent(0.01), "batches": full_batch}
    way |= {"epochs": 2, "rng": np.random.default_rng(0), name: given_}
    if name == "epochs" and isinstance(given_, int) and given_ > 5:
        return
    trained, error = attempt(lambda: fit(way["network"], way["X"], way["y"], **{k: way[k] for k in list(way)[3:]}))
    if error is not None:
        assert len(str(error)) > 10
    else:
        found, history = trained
        assert all(np.isfinite(p).all() for p in nnlit.network.leaves(found))
        assert np.isfinite(history["loss"]).all()
        assert len(history) == way["epochs"] or name == "callback"
    assert start == network()


@EASY
@given(things)
def test_a_network_answers_or_refuses(given_):
    A, error = attempt(lambda: network().predict(given_))
    if error is None:
        assert A.shape == (len(given_), 3)
        assert np.isfinite(A).all()


@EASY
@given(things, things)
def test_measures_answer_or_refuse(one, two):
    for measure in (accuracy, confusion_matrix):
        with contextlib.suppress(*REFUSED):
            found = np.asarray(measure(network(), one, two))
            assert found.min() >= 0
    with contextlib.suppress(*REFUSED):
        parts = split(one, two, 0.4, np.random.default_rng(0))
        assert len(parts[0]) + len(parts[2]) == len(parts[1]) + len(parts[3]) == len(two)


@EASY
@given(things, things)
def test_layers_of_anything_are_sound_or_refused(one, two):
    with contextlib.suppress(*REFUSED):
        layer = Dense(one, two)
        assert layer.width(layer.W.shape[0]) == len(layer.b)
    for make in (Network, Scale, MiniBatches, GradientDescent, nnlit.Dropout, nnlit.LeakyReLU, nnlit.EarlyStopping):
        with contextlib.suppress(*REFUSED):
            assert repr(make(one))
    with contextlib.suppress(*REFUSED):
        assert repr(nnlit.Standardize(one, two))


@EASY
@given(tables)
def test_what_shows_or_compares_arrays_answers_or_refuses(A):
    with contextlib.suppress(*REFUSED):
        assert isinstance(show(A), str)
    with contextlib.suppress(*REFUSED):
        P = softmax(A)
        assert A.ndim != 2 or not P.size or np.isnan(P).any() or np.allclose(P.sum(axis=1), 1, atol=0.01)
    with contextlib.suppress(*REFUSED, AssertionError):
        assert check_gradient(lambda x: (x**2).sum(), A, 2 * A)


nodes = st.recursive(
    st.one_of(st.none(), numbers, st.sampled_from(["Dense", "W", "array", "Network", "layers", "nnlit", "x"])),
    lambda below: st.one_of(
        st.lists(below, max_size=3),
        st.dictionaries(st.sampled_from(["layer", "fields", "array", "list", "nnlit", "network", "W", "b"]), below),
    ),
    max_leaves=12,
)


@EASY
@given(nodes)
def test_a_file_that_describes_anything_is_a_network_or_refused(tmp_path, node):
    path = tmp_path / "model.npz"
    save(network(), path)
    held = read_npz(path)
    held["layout"] = np.frombuffer(json.dumps(node).encode(), np.uint8)
    write_npz(path, held)
    found, error = attempt(lambda: load(path))
    assert isinstance(found, Network) or (isinstance(error, DataError) and str(path) in str(error))


@EASY
@given(st.sampled_from(sorted(CHOICES)), words)
def test_a_recipe_of_any_word_is_one_of_ours_or_refused(name, word):
    found, error = attempt(lambda: Recipe(**{name: word}))
    if error is None:
        assert getattr(found, name) in CHOICES[name]
    else:
        assert f"expected {name} to be one of" in str(error)


OPTIONS = [
    "--epochs",
    "--seed",
    "--hidden",
    "--lr",
    "--shift",
    "--dropout",
    "--l2",
    "--loss",
    "--scale",
    "--holdout",
    "--data",
    "--json",
]


@EASY
@given(st.lists(st.one_of(st.sampled_from(OPTIONS), words), max_size=5))
@example(["\n"])
def test_any_words_to_the_command_end_in_one_line(tmp_path, more):
    """None of them can train: the images do not exist."""
    out, err = io.StringIO(), io.StringIO()
    command = ["train", *more, "--data", str(tmp_path / "nothing.csv")]
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            status = main(command)
        except SystemExit as leaving:
            status = leaving.code
    if status == 0:
        assert out.getvalue().startswith("usage: ")  # -h
        return
    assert status == 2
    assert len([line for line in err.getvalue().split("\n") if line]) == 1
    assert err.getvalue().startswith("nnlit")

def kinds():
    """All dataclasses of the library's modules."""
    import dataclasses
    import importlib
    import pkgutil

    heavy = {"book", "__main__"}
    names = [info.name for info in pkgutil.iter_modules(nnlit.__path__) if info.name not in heavy]
    modules = [importlib.import_module(f"nnlit.{name}") for name in names]
    found = {kind for module in modules for kind in vars(module).values() if isinstance(kind, type)}
    ours = [kind for kind in found if dataclasses.is_dataclass(kind) and kind.__module__.startswith("nnlit.")]
    return sorted(ours, key=lambda kind: (kind.__module__, kind.__name__))


GATHERS = {"Found", "Findings"}  # what grows while files are looked through


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_values_cannot_be_changed(kind):
    """So that a rule, a plan or a layer may be handed to several trainings."""
    value = object.__new__(kind)
    if kind.__name__ in GATHERS:
        value.name = "a"
        return
    with pytest.raises(AttributeError, match="cannot assign to field"):
        value.anything = 1
