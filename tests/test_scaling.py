"""Standardize: what it makes of any numbers, what it refuses, and that the limit of the learning rate is one."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nnlit import (
    Dense,
    GradientDescent,
    Network,
    ReLU,
    Scale,
    Standardize,
    accuracy,
    check_layer,
    complex_step,
    fit,
    full_batch,
    load,
    load_mnist,
    save,
    split,
    squared_error,
)
from nnlit.network import leaves
from nnlit.scaling import BLOCK, condition_number, curvature, moments
from tests.tiers import mostly_long, tries

numbers = st.floats(-3, 3, width=32)
shapes = st.tuples(st.integers(2, 7), st.integers(1, 5))
matrices = shapes.flatmap(lambda shape: arrays(float, shape, elements=numbers))
checked = settings(max_examples=tries(60), derandomize=True, deadline=None)


@pytest.fixture
def rng():
    return np.random.default_rng(3)


# what it makes of numbers


@checked
@given(X=matrices)
def test_every_column_has_mean_zero_and_deviation_one_or_is_zero(X):
    A = Standardize.of(X).predict(X)
    varies = X.max(axis=0) > X.min(axis=0)
    np.testing.assert_allclose(A.mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose((A**2).mean(axis=0), varies, atol=1e-6)
    assert not A[:, ~varies].any() or abs(A[:, ~varies]).max() < 1e-15


@checked
@given(X=matrices, a=st.floats(0.1, 10), b=st.floats(-10, 10))
def test_neither_unit_nor_origin_of_the_inputs_matters(X, a, b):
    X = X.round(2)  # what differs shall differ after a + b as well
    left, right = Standardize.of(X).predict(X), Standardize.of(a * X + b).predict(a * X + b)
    steady = X.max(axis=0) - X.min(axis=0) > 0.005
    np.testing.assert_allclose(left[:, steady], right[:, steady], atol=1e-9)


@checked
@given(X=matrices, seed=st.integers(0, 10))
def test_the_order_of_the_examples_does_not_count(X, seed):
    order = np.random.default_rng(seed).permutation(len(X))
    one, two = Standardize.of(X), Standardize.of(X[order])
    np.testing.assert_allclose(one.shift, two.shift, atol=1e-14)
    np.testing.assert_allclose(one.factor, two.factor, rtol=1e-9)


def test_it_agrees_with_scikit_learn_also_on_new_examples_and_constant_columns(rng):
    preprocessing = pytest.importorskip("sklearn.preprocessing")
    X, new = rng.normal(5, 3, size=(50, 4)), rng.normal(5, 3, size=(7, 4))
    X[:, 2] = 14.62
    theirs = preprocessing.StandardScaler().fit(X)
    np.testing.assert_allclose(Standardize.of(X).predict(new), theirs.transform(new), rtol=1e-12)


def test_two_passes_do_not_cancel():
    _, sigma = moments(1e8 + np.array([[0.0], [1.0], [2.0]]))
    assert sigma[0] == pytest.approx(np.sqrt(2 / 3), rel=1e-12)
    _, sigma = moments((1e8 + np.array([[0.0], [8.0], [16.0]])).astype(np.float32))
    assert sigma[0] == pytest.approx(8 * np.sqrt(2 / 3), rel=1e-12)


def test_many_rows_are_summed_in_blocks_and_none_is_lost(rng):
    X = rng.integers(0, 256, (2 * BLOCK + 17, 3), dtype=np.uint8)
    mu, sigma = moments(X)
    np.testing.assert_allclose(mu, X.astype(float).mean(axis=0), rtol=1e-14)
    np.testing.assert_allclose(sigma, X.astype(float).std(axis=0), rtol=1e-14)


@pytest.mark.parametrize("value", [0.0, 14.62, 0.1, -1e8, 1e-300, 255])
@pytest.mark.parametrize("m", [1, 3, 8, 1000, 2500])
@pytest.mark.long_but_one_in(4)
def test_a_column_that_never_changes_becomes_zero_with_factor_one(value, m):
    X = np.full((m, 2), value)
    layer = Standardize.of(X)
    assert layer.factor.tolist() == [1, 1]
    assert abs(layer.predict(X)).max() <= 1e-12 * max(1, abs(value))


def test_a_new_value_in_a_constant_column_is_let_through_unscaled():
    layer = Standardize.of(np.array([[0, 3], [0, 5]], dtype=np.uint8))
    assert layer.predict(np.array([[180, 4]], dtype=np.uint8)).tolist() == [[180, 0]]


@pytest.mark.parametrize("power", mostly_long(range(-7, 0), [-5, -3]))
def test_raw_pixels_teach_the_first_network_nothing_at_any_rate(power):
    X, y, _, _ = load_mnist()
    rng = np.random.default_rng(0)
    start = Network([Scale(1), Dense.start(784, 10, rng), ReLU(), Dense.start(10, 10, rng)])
    rest = {"loss": squared_error, "batches": full_batch, "epochs": 100, "rng": rng}
    network, _ = fit(start, X[:1000], y[:1000], rule=GradientDescent(10.0**power), **rest)
    assert accuracy(network, X[:1000], y[:1000]) < 0.2


def first_network(name, rate, seed):
    """The losses of the chapter's hundred steps and the accuracy on its validation part."""
    data = load_mnist()
    X, y, X_held, y_held = split(data.X_train, data.y_train, 0.2, np.random.default_rng(0))
    layer = Standardize.of(X)
    centered = Standardize(shift=layer.shift, factor=np.full_like(layer.shift, 1 / 255))
    scale = {"unit": Scale(1 / 255), "centered": centered, "standardized": layer}[name]
    rng = np.random.default_rng(seed)
    start = Network([scale, Dense.start(784, 10, rng), ReLU(), Dense.start(10, 10, rng)])
    rest = {"loss": squared_error, "rule": GradientDescent(rate), "batches": full_batch, "epochs": 100, "rng": rng}
    network, history = fit(start, X, y, **rest)
    return history["loss"].to_numpy(), accuracy(network, X_held, y_held)


@pytest.mark.long
@pytest.mark.parametrize(("name", "rate"), [("unit", 0.2), ("centered", 1.0), ("standardized", 0.5)])
def test_the_next_larger_rate_than_the_chapters_lets_the_loss_rise(name, rate):
    try:
        losses, _ = first_network(name, rate, seed=0)
    except FloatingPointError:
        return
    assert (np.diff(losses) > 0).sum() > 1


def table_of_starts(row):
    """A row of the chapter's table: the last loss and the accuracy for each start."""
    text = (Path(__file__).parents[1] / "docs" / "10-scaling.md").read_text(encoding="utf-8")
    cells = re.search(rf"^\| {re.escape(row)} \|(.*)\|$", text, re.MULTILINE)[1].split("|")
    return [[float(number) for number in cell.split(", ")] for cell in cells]


@pytest.mark.long
@pytest.mark.parametrize(
    ("row", "seed"),
    [("unit, 0.1", 3), ("centered, 0.5", 3), ("centered, 0.3", 3), *(("standardized, 0.3", seed) for seed in range(4))],
)
def test_the_chapters_table_of_starts_can_be_repeated(row, seed):
    name, rate = row.split(", ")
    losses, right = first_network(name, float(rate), seed)
    assert [losses[-1], right] == pytest.approx(table_of_starts(row)[seed], abs=0.01)


def test_the_chapter_on_softmax_tells_the_shares_of_the_table():
    text = (Path(__file__).parents[1] / "docs" / "11-softmax.md").read_text(encoding="utf-8")
    told = re.search(r"squared = np\.mean\(\[(.*)\]\)  # from that table", text)[1]
    assert [float(share) for share in told.split(", ")] == [
        right for _, right in table_of_starts("standardized, 0.3")[:3]
    ]


def test_the_dead_pixels_of_the_sample():
    data = load_mnist()
    layer = Standardize.of(data.X_train)
    dead = data.X_train.max(axis=0) == 0
    assert dead.sum() == (layer.factor == 1).sum() == 121
    assert not layer.shift[dead].any()
    assert np.isfinite(layer.predict(data.X_test)).all()


# types, copies, files


@pytest.mark.parametrize(
    ("given", "constants"),
    [("uint8", "f4"), ("int16", "f4"), ("bool", "f4"), ("float32", "f4"), ("int64", "f8"), ("float64", "f8")],
)
def test_the_constants_hold_what_the_inputs_hold(given, constants, rng):
    X = rng.integers(0, 2, (9, 4)).astype(given)
    layer = Standardize.of(X)
    assert layer.shift.dtype == layer.factor.dtype == layer.predict(X).dtype == constants
    assert Standardize.of(X, dtype=np.float32).shift.dtype == np.float32


def test_float32_stays_float32_and_float64_float64(rng):
    layer = Standardize.of(rng.integers(0, 256, (9, 4), dtype=np.uint8))
    X = rng.normal(size=(5, 4))
    assert layer.forward(X.astype(np.float32))[0].dtype == np.float32
    assert layer.forward(X)[0].dtype == layer.backward(None, X)[0].dtype == np.float64


def test_bytes_do_not_wrap_around():
    X = np.array([[0], [255]], dtype=np.uint8)
    assert Standardize.of(X).predict(X).tolist() == [[-1], [1]]


def test_nothing_that_is_handed_in_is_changed(rng):
    X = rng.normal(size=(5, 4))
    before = X.copy()
    layer = Standardize.of(X)
    shift, factor = layer.shift.copy(), layer.factor.copy()
    A, cache = layer.forward(X)
    layer.backward(cache, A)
    np.testing.assert_array_equal(X, before)
    np.testing.assert_array_equal(layer.shift, shift)
    np.testing.assert_array_equal(layer.factor, factor)


def test_it_is_saved_with_the_network(tmp_path, rng):
    X = rng.integers(0, 256, (20, 6), dtype=np.uint8)
    network = Network([Standardize.of(X), Dense.start(6, 3, rng)])
    save(network, tmp_path / "model.npz")
    again = load(tmp_path / "model.npz")
    assert again == network
    assert again.layers[0].shift.dtype == np.float32
    np.testing.assert_array_equal(again.predict(X), network.predict(X))


def test_layers_are_equal_when_their_numbers_are(rng):
    X = rng.normal(size=(5, 4))
    assert Standardize.of(X) == Standardize.of(X.copy())
    assert Standardize.of(X) != Standardize.of(2 * X)
    assert Standardize.of(X) != Standardize.of(X, dtype=np.float32)
    assert repr(Standardize.of(X)) == "Standardize(4, float64)"


def test_training_leaves_it_alone(rng):
    X, y = rng.integers(0, 256, (30, 6), dtype=np.uint8), rng.integers(0, 3, 30)
    start = Network([Standardize.of(X), Dense.start(6, 3, rng)])
    rule = GradientDescent(0.1)
    trained, _ = fit(start, X, y, loss=squared_error, rule=rule, batches=full_batch, epochs=5, rng=rng)
    assert trained.layers[0] == start.layers[0]
    assert trained.layers[1] != start.layers[1]
    assert [p.shape for p in leaves(start)] == [(6, 3), (3,)]


# slopes


@checked
@given(X=matrices)
def test_backward_is_the_slope_of_forward(X):
    shift, factor = np.linspace(-1, 2, X.shape[1]), np.linspace(0.5, 3, X.shape[1])
    assert check_layer(Standardize(shift, factor), X) == "ok"


def test_the_imaginary_part_survives():
    layer = Standardize(np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    A, _ = layer.forward(np.array([[1 + 1e-30j, 2 + 2e-30j]]))
    np.testing.assert_allclose(A.imag, [[3e-30, 8e-30]], rtol=1e-15)


# what is refused


@pytest.mark.parametrize(
    ("X", "message"),
    [
        (np.zeros((0, 3)), r"at least one row, but X is float64 of shape \(0, 3\)"),
        (np.zeros(3), r"\(m, n\)"),
        (np.array([["a", "b"]]), "numbers"),
        (np.array([[1.0, 2.0], [np.nan, 3.0]]), "column 0 of X has mean nan"),
        (np.array([[1.0, np.inf], [2.0, -np.inf]]), "column 1 of X has mean nan"),
        (np.array([[0.0, 1e200], [0.0, -1e200]]), "column 1 of X has mean 0 and standard deviation inf"),
    ],
)
def test_what_cannot_be_standardized_is_refused(X, message):
    with pytest.raises(ValueError, match=message):
        Standardize.of(X)


@pytest.mark.parametrize(
    ("shift", "factor", "message"),
    [
        (np.zeros(3), np.ones(2), r"shift is \(3,\), factor is \(2,\)"),
        (np.zeros((1, 3)), np.ones((1, 3)), "one shape"),
        (np.zeros(2), np.array([1.0, np.inf]), "finite"),
        (np.array([np.nan, 0.0]), np.ones(2), "finite"),
        (np.zeros(2), [1.0, 2.0], r"factor to be an array, but it is a list; write factor = np.array\(factor, float\)"),
        (
            np.zeros(2, int),
            np.ones(2),
            r"shift in floating point, but it is int64; write shift = shift.astype\(float\)",
        ),
    ],
)
def test_constants_that_fit_nothing_are_refused(shift, factor, message):
    with pytest.raises((TypeError, ValueError), match=message):
        Standardize(shift, factor)


def test_it_must_fit_the_layer_behind_it(rng):
    layer = Standardize(np.zeros(5), np.ones(5))
    assert (layer.n_in, layer.width(5), layer.width(None)) == (5, 5, 5)
    with pytest.raises(ValueError, match="4 numbers per example reach a layer that takes 5"):
        Network([Dense.start(3, 4, rng), layer])
    with pytest.raises(ValueError, match="takes 6"):
        Network([layer, Dense.start(6, 2, rng)])


# curvature


def test_the_curvature_is_the_slope_of_the_gradient(rng):
    X, Y, W = rng.normal(size=(6, 4)), rng.normal(size=(6, 3)), rng.normal(size=(4, 3))
    H = curvature(X)
    for j in range(4):
        for k in range(3):
            row = complex_step(lambda W, j=j, k=k: (X.T @ squared_error.gradient(X @ W, Y))[j, k], W)
            np.testing.assert_allclose(row, np.outer(H[j], np.arange(3) == k), atol=1e-14)


def test_the_curvature_of_bytes_does_not_wrap():
    X = np.array([[200, 100], [250, 3]], dtype=np.uint8)
    np.testing.assert_array_equal(curvature(X), curvature(X.astype(float)))


@checked
@given(X=matrices)
def test_the_curvature_is_symmetric_and_nowhere_negative(X):
    H = curvature(X)
    np.testing.assert_array_equal(H, H.T)
    assert np.linalg.eigvalsh(H).min() > -1e-12


@checked
@given(c=st.floats(1e-3, 1e3), seed=st.integers(0, 20))
def test_one_factor_for_all_pixels_leaves_the_condition_number(c, seed):
    X = np.random.default_rng(seed).normal(size=(9, 4))
    assert condition_number(curvature(c * X)) == pytest.approx(condition_number(curvature(X)), rel=1e-9)


def test_the_condition_number_is_that_of_numpy_where_nothing_is_zero(rng):
    H = curvature(rng.normal(size=(9, 4)))
    assert condition_number(H) == pytest.approx(np.linalg.cond(H), rel=1e-9)
    assert isinstance(condition_number(H), float)


def test_directions_without_data_do_not_count(rng):
    X = rng.normal(size=(9, 4))
    wide = np.hstack([X, np.zeros((9, 2)), X[:, :1]])  # two dead pixels and a copy
    eigenvalues = np.linalg.eigvalsh(curvature(wide))
    assert condition_number(curvature(wide)) == pytest.approx(eigenvalues[-1] / eigenvalues[3], rel=1e-9)


def test_a_curvature_of_nothing_has_no_condition_number():
    with pytest.raises(ValueError, match="expected a positive eigenvalue, but the largest is 0"):
        condition_number(np.zeros((3, 3)))


def test_no_choice_of_factors_beats_standardizing_by_more_than_the_number_of_pixels(rng):
    X = rng.normal(size=(40, 5)) @ rng.normal(size=(5, 5))
    X -= X.mean(axis=0)
    ours = condition_number(curvature(Standardize.of(X).predict(X)))
    others = [condition_number(curvature(X * np.exp(rng.normal(0, 2, 5)))) for _ in range(300)]
    assert ours <= 5 * min(others)


@pytest.mark.parametrize(("share", "falls"), [(0.99, True), (1.01, False)])
def test_the_limit_of_the_learning_rate_is_sharp(rng, share, falls):
    X, y = rng.normal(3, [1, 4, 0.2], size=(50, 3)), rng.integers(0, 2, 50)
    with_ones = np.hstack([X, np.ones((50, 1))])
    rule = GradientDescent(share * 2 / np.linalg.eigvalsh(curvature(with_ones))[-1])
    start = Network([Dense.start(3, 2, rng, dtype=float)])
    _, history = fit(start, X, y, loss=squared_error, rule=rule, batches=full_batch, epochs=800, rng=rng)
    assert (history["loss"].iloc[-1] < history["loss"].iloc[0]) is np.bool_(falls)


def test_standardized_pixels_train_faster_than_unit_pixels(rng):
    X, y, X_test, y_test = load_mnist()
    X, y, found = X[:1000], y[:1000], []
    for scale, rate in ((Standardize(np.zeros(784), np.full(784, 1 / 255)), 0.1), (Standardize.of(X), 0.3)):
        start = Network([scale, Dense.start(784, 10, rng), ReLU(), Dense.start(10, 10, rng)])
        rule = GradientDescent(rate)
        network, _ = fit(start, X, y, loss=squared_error, rule=rule, batches=full_batch, epochs=40, rng=rng)
        found.append(accuracy(network, X_test, y_test))
    assert found[1] > found[0] + 0.05
