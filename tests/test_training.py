"""Training: the loop, blocks, what is left unchanged, what is refused, and the first network."""

import copy
import json
import re
import runpy
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnlit import (
    Dense,
    GradientDescent,
    Network,
    ReLU,
    Rule,
    Scale,
    accuracy,
    confusion_matrix,
    fit,
    full_batch,
    squared_error,
)
from nnlit.doors import NothingLearnedWarning
from nnlit.network import leaves
from nnlit.results import DivergenceError
from nnlit.training import _Descent, _measure, whole
from tests.tiers import tries

ROOT = Path(__file__).parents[1]
WAY = {"loss": squared_error, "rule": GradientDescent(0.1), "batches": full_batch}


def small(seed=0, dtype=float):
    rng = np.random.default_rng(seed)
    return Network([Dense.start(4, 6, rng, dtype), ReLU(), Dense.start(6, 3, rng, dtype)])


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture(name="X")
def inputs(rng):
    return rng.normal(size=(12, 4))


@pytest.fixture
def y(rng):
    return rng.permutation(12) % 3


# --- the loop ---------------------------------------------------------------------------------------------------------


def test_fit_takes_the_steps_of_the_loop_written_out(X, y, rng):
    by_hand = small()
    losses = []
    for _ in range(5):
        Z, caches = by_hand.forward(X)
        loss, grad_Z = squared_error(Z, y)
        losses.append(loss)
        for p, g in zip(leaves(by_hand), leaves(by_hand, by_hand.gradients(caches, grad_Z)), strict=True):
            p[:] -= 0.1 * g
    network, history = fit(small(), X, y, epochs=5, rng=rng, **WAY)
    assert network == by_hand
    assert history["loss"].tolist() == losses


def test_the_loss_falls_with_every_small_step(X, y, rng):
    _, history = fit(small(), X, y, epochs=100, rng=rng, **WAY)
    assert (history["loss"].diff().dropna() < 0).all()


def test_targets_may_be_labels_or_rows(X, y, rng):
    labels, _ = fit(small(), X, y, epochs=3, rng=rng, **WAY)
    rows, _ = fit(small(), X, np.eye(3)[y], epochs=3, rng=rng, **WAY)
    assert labels == rows


def test_the_history_is_a_table_with_a_row_per_epoch(X, y, rng):
    _, history = fit(small(), X, y, epochs=4, rng=rng, **WAY)
    assert isinstance(history, pd.DataFrame)
    assert history.index.name == "epoch"
    assert history.index.tolist() == [1, 2, 3, 4]
    assert list(history) == ["loss", "seconds"]
    assert (history["seconds"].diff().dropna() >= 0).all()


def test_validation_is_measured_after_each_epoch_and_never_trained_on(X, y, rng):
    seen = []
    watch = lambda _, network, record: seen.append((accuracy(network, X[8:], y[8:]), record))  # noqa: E731
    network, history = fit(small(), X[:8], y[:8], epochs=3, rng=rng, **WAY, validation=(X[8:], y[8:]), callback=watch)
    alone, _ = fit(small(), X[:8], y[:8], epochs=3, rng=rng, **WAY)
    assert network == alone
    assert history["validation_accuracy"].tolist() == [found for found, _ in seen]
    assert [set(record) for _, record in seen] == [set(history)] * 3
    assert history["validation_loss"].iloc[-1] == squared_error(network.predict(X[8:]), y[8:])[0]


def test_a_callback_that_returns_true_ends_the_training(X, y, rng):
    network, history = fit(small(), X, y, epochs=9, rng=rng, **WAY, callback=lambda epoch, *_: epoch == 2)
    assert len(history) == 2
    assert network == fit(small(), X, y, epochs=2, rng=rng, **WAY)[0]


def test_a_rule_gets_its_states_and_the_number_of_the_step(X, y, rng):
    class Counting(Rule):
        def init(self, p):
            return [p.shape]

        def update(self, p, g, state, t):
            assert g.shape == p.shape == state[0]
            return [*state, t]

    seen = []

    class Spy(Counting):
        def update(self, p, g, state, t):
            seen.append((len(state), t))
            return super().update(p, g, state, t)

    def two_batches(m, _):
        return [slice(0, m // 2), slice(m // 2, m)]

    fit(small(), X, y, loss=squared_error, rule=Spy(), batches=two_batches, epochs=2, rng=rng)
    assert seen == [(t, t) for t in (1, 2, 3, 4) for _ in range(4)]


def test_the_recorded_loss_is_the_mean_over_all_batches(X, y, rng):
    standing = {"loss": squared_error, "rule": GradientDescent(0.0), "epochs": 1, "rng": rng}
    batches = [slice(k % 12, k % 12 + 1) for k in range(36)]
    _, history = fit(small(), X, y, batches=lambda *_: batches, **standing)
    recorded = [squared_error(small().predict(X[b]), y[b])[0] for b in batches]
    assert history["loss"].item() == pytest.approx(np.mean(recorded), rel=1e-12)


# --- a loss that does not fall ----------------------------------------------------------------------------------------


SIXTHS = [slice(k, k + 2) for k in range(0, 12, 2)]


@pytest.mark.parametrize(
    ("rate", "epochs", "plan"),
    [(0.0, 2, SIXTHS[:1]), (0.0, 1, [slice(0, 12)]), (8.0, 3, [slice(0, 12)]), (8.0, 1, SIXTHS), (8.0, 1, SIXTHS[:1])],
)
def test_a_loss_that_does_not_fall_is_said(rate, epochs, plan, X, y, rng):
    way = {"loss": squared_error, "rule": GradientDescent(rate), "batches": lambda *_: plan}
    with pytest.warns(UserWarning, match=r"the loss did not fall: it was .*; diagnose\(network, X, y, loss\)"):
        fit(small(), X, y, epochs=epochs, rng=rng, **way)


def test_a_loss_that_grew_in_the_first_epoch_and_then_fell_a_little_did_not_fall(X, y, rng):
    """Of the first step's length everything is lost; later the loss of the epochs falls."""
    way = {"loss": squared_error, "rule": Shrinking(1e4), "batches": lambda *_: SIXTHS, "epochs": 3}
    with pytest.warns(NothingLearnedWarning, match="the loss did not fall") as heard:
        _, history = fit(small(), X, y, rng=rng, **way)
    assert history["loss"].iloc[-1] < history["loss"].iloc[0]
    assert heard[0].message.growth > 10


class Shrinking(GradientDescent):
    """One long step, and then short ones."""

    def update(self, p, g, state, t):
        p -= (self.learning_rate if t == 1 else 1e-9) * g
        return state


def test_one_answer_for_every_example_is_said(rng):
    """A layer whose numbers are all negative before ReLU: the loss falls to that of the classes' frequencies."""
    X, y = rng.random((200, 4)), rng.integers(3, size=200)
    dead = Dense(W=-np.ones((4, 5)), b=np.zeros(5))
    start = Network([dead, ReLU(), Dense(W=rng.normal(size=(5, 3)), b=np.array([1.0, 0, 0]))])
    way = {"loss": squared_error, "rule": GradientDescent(0.1), "batches": lambda *_: [slice(0, 200)]}
    with pytest.warns(NothingLearnedWarning, match=r"the answer to every example is class \d; diagnose"):
        _, history = fit(start, X, y, epochs=60, rng=rng, **way)
    assert history["loss"].iloc[-1] < history["loss"].iloc[0]
    with pytest.warns(NothingLearnedWarning, match="the answer to every example"):
        fit(start, X, y, epochs=60, rng=rng, weights={0: 2.0}, **way)
    fit(start, X, np.zeros(200, int), epochs=60, rng=rng, **way)  # there is one class only
    fit(start, X, y, epochs=3, rng=rng, **way)  # it has hardly begun


@pytest.mark.parametrize(
    ("rate", "epochs", "plan"), [(0.1, 2, SIXTHS), (0.1, 1, [slice(0, 12)]), (0.001, 1, SIXTHS[:4])]
)
def test_a_loss_that_falls_or_cannot_be_judged_is_not(rate, epochs, plan, X, y, rng):
    way = {"loss": squared_error, "rule": GradientDescent(rate), "batches": lambda *_: plan}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fit(small(), X, y, epochs=epochs, rng=rng, **way)


# --- what is left as it was -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("batches", "last"), [(full_batch, 1200), (lambda m, rng: [np.arange(5), slice(None)], 1000)])
def test_after_the_last_step_at_most_a_thousand_of_its_rows_are_looked_at_again(batches, last):
    """All of them where it was the only step: its loss is then all that is known."""

    class Counting(type(squared_error)):
        def value_and_gradient(self, Z, Y):
            sizes.append(len(Z))
            return super().value_and_gradient(Z, Y)

    sizes, X = [], np.random.default_rng(0).normal(size=(1200, 4))
    fit(small(), X, np.arange(1200) % 3, loss=Counting(), rule=GradientDescent(0.01), batches=batches, epochs=1,
        rng=np.random.default_rng(0))  # fmt: skip
    assert sizes[-1] == last


def test_what_the_caller_handed_in_is_unchanged(X, y, rng):
    start, data, targets = small(), X.copy(), y.copy()
    kept = copy.deepcopy(start)
    network, _ = fit(start, data, targets, epochs=3, rng=rng, **WAY, validation=(data, targets))
    assert start == kept
    assert network != start
    assert not any(np.shares_memory(p, q) for p in leaves(start) for q in leaves(network))
    assert (data == X).all()
    assert (targets == y).all()


def test_what_cannot_be_written_can_be_trained_on(X, y, rng):
    start = small()
    for array in (X, y, *leaves(start)):
        array.flags.writeable = False
    network, _ = fit(start, X, y, epochs=1, rng=rng, **WAY)
    assert network != start


def test_the_network_is_left_alone_when_training_fails(X, y, rng):
    start = small()
    with pytest.raises(FloatingPointError):
        fit(start, X, y, loss=squared_error, rule=GradientDescent(1e9), batches=full_batch, epochs=50, rng=rng)
    assert start == small()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_type_of_the_weights_is_kept(dtype, X, y, rng):
    network, _ = fit(small(dtype=dtype), X.astype(dtype), y, epochs=2, rng=rng, **WAY)
    assert {p.dtype for p in leaves(network)} == {np.dtype(dtype)}


def test_bytes_are_trained_on_as_they_are(y, rng):
    X = rng.integers(0, 256, (12, 4)).astype(np.uint8)
    network, _ = fit(Network([Scale(1 / 255), *small(dtype=np.float32).layers]), X, y, epochs=2, rng=rng, **WAY)
    scaled, _ = fit(small(dtype=np.float32), X * np.float32(1 / 255), y, epochs=2, rng=rng, **WAY)
    assert network.layers[1:] == scaled.layers
    assert leaves(network)[0].dtype == np.float32


def test_the_same_seed_gives_the_same_bits(rng):
    X, y = rng.normal(size=(2500, 4)).astype(np.float32), rng.integers(0, 3, 2500)
    runs = [fit(small(dtype=np.float32), X, y, epochs=3, rng=np.random.default_rng(1), **WAY)[0] for _ in range(3)]
    assert runs[0] == runs[1] == runs[2]


# --- the gradient of a batch ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [slice(0, 12), slice(3, 8), np.array([7, 0, 7, 2])])
def test_whole_gives_loss_and_gradients_of_the_rows_it_is_asked_for(rows, X, rng):
    network, Y = small(), rng.normal(size=(12, 3))
    value, grads = whole(network, X, Y, squared_error)(rows, rng)
    Z, caches = network.forward(X[rows])
    loss, grad_Z = squared_error(Z, Y[rows])
    assert (type(value), value) == (float, loss)
    for g, expected in zip(grads, leaves(network, network.gradients(caches, grad_Z)), strict=True):
        np.testing.assert_array_equal(g, expected)


def test_fit_asks_once_how_a_gradient_is_computed_and_then_for_every_batch(X, y, rng):
    asked = []

    def watched(network, X, Y, loss):
        asked.append((network, X.shape, Y.tolist(), loss))
        slopes = whole(network, X, Y, loss)
        return lambda rows, rng: (asked.append((rows, rng)), slopes(rows, rng))[1]

    start, plan = small(), [slice(0, 5), slice(5, 12)]
    way = {**WAY, "batches": lambda *_: plan, "epochs": 2, "rng": rng}
    network, history = fit(start, X, y, **way, gradient=watched)
    assert asked[0] == (network, (12, 4), np.eye(3)[y].tolist(), squared_error)
    assert asked[1:] == [(rows, rng) for rows in plan * 2]
    plain, plain_history = fit(start, X, y, **way)
    assert network == plain
    assert history["loss"].tolist() == plain_history["loss"].tolist()


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"X": np.zeros((12, 5))}, r"expected X of shape \(m, 4\).*\(12, 5\)"),
        ({"X": np.zeros(12)}, "expected X of shape"),
        ({"X": np.zeros((0, 4)), "y": np.zeros(0, int)}, "at least one row"),
        ({"y": np.zeros(11, int)}, r"a label for each; X is \(12, 4\), y is \(11,\)"),
        ({"y": np.full(12, 3)}, "from 0 to 2"),
        ({"y": np.full(12, -1)}, "from 0 to 2"),
        ({"y": np.zeros(12)}, "expected integers"),
        ({"y": np.zeros((12, 1))}, r"y is \(12, 1\)"),
        ({"y": np.zeros((12, 4))}, r"y is \(12, 4\)"),
        ({"epochs": 0}, "epochs of at least one"),
        ({"validation": (np.zeros((5, 4)), np.zeros(4, int))}, "a label for each|a label or a target row"),
    ],
)
def test_what_does_not_fit_is_refused(change, message, X, y, rng):
    given = {"X": X, "y": y, "epochs": 1, "rng": rng, **WAY} | change
    with pytest.raises(ValueError, match=message):
        fit(small(), **given)


def test_a_learning_rate_that_is_too_large_is_named(X, y, rng):
    rule = GradientDescent(1e6)
    with pytest.raises(FloatingPointError, match=r"the loss is (inf|nan) after \d+ steps.*learning rate"):
        fit(small(), X, y, loss=squared_error, rule=rule, batches=full_batch, epochs=100, rng=rng)


DIVERGING = {
    "one step that is far too long": ({"rule": GradientDescent(1e200), "epochs": 1}, 0),
    "one step to infinity": ({"rule": GradientDescent(1e300), "epochs": 1}, 0),
    "a step too long in the last batch": ({"batches": lambda *_: [slice(0, 6), slice(6, 12)], "rule": "late"}, 0),
    "some epochs that are good": ({"rule": "late", "epochs": 9}, 1),
    "in the middle of an epoch": ({"rule": "late", "batches": lambda *_: [slice(k, k + 2) for k in (0, 2, 4, 6)]}, 0),
    "a rule that gives NaN": ({"rule": "nan", "epochs": 3}, 0),
    "a loss that is NaN from the start": ({"loss": "nan"}, 0),
    "a gradient that is NaN": ({"gradient": "nan"}, 0),
}


class Late(GradientDescent):
    """A rule whose second step is far too long."""

    def update(self, p, g, state, t):
        p -= (1e200 if t == 2 else 0.01) * g


class NoNumber(Rule):
    def update(self, p, g, state, t):
        p[...] = np.nan


class NoLoss(type(squared_error)):
    def value_and_gradient(self, Z, Y):
        return np.float64(np.nan), super().value_and_gradient(Z, Y)[1]


def no_gradient(network, X, Y, loss):
    return lambda rows, rng: (1.0, [np.full_like(p, np.nan) for p in leaves(network)])


@pytest.mark.parametrize("name", DIVERGING)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_what_diverges_is_an_error_that_carries_the_last_good_network(name, dtype, X, y):
    changes, good = DIVERGING[name]
    way = {**WAY, "epochs": 1, "rng": np.random.default_rng(0)} | changes
    way["rule"] = {"late": Late(0.1), "nan": NoNumber()}.get(way["rule"], way["rule"])
    way["loss"] = NoLoss() if way["loss"] == "nan" else way["loss"]
    way["gradient"] = no_gradient if way.pop("gradient", None) == "nan" else whole
    start = small(dtype=dtype)
    with pytest.raises(DivergenceError, match=r"after \d+ steps, so the steps are too long") as error:
        fit(start, X.astype(dtype), y, **way)
    found = error.value.network
    expected = start
    for _ in range(good):
        expected, _ = fit(expected, X.astype(dtype), y, **{**way, "rule": GradientDescent(0.01), "epochs": 1})
    assert found == expected
    assert start == small(dtype=dtype)
    assert isinstance(error.value, FloatingPointError)
    assert len(error.value.history) >= good


def test_an_interruption_carries_what_was_learned(X, y, rng):
    def stop(epoch, network, record):
        if epoch == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as error:
        fit(small(), X, y, epochs=9, rng=rng, **WAY, callback=stop)
    assert error.value.network == fit(small(), X, y, epochs=3, rng=rng, **WAY)[0]
    assert len(error.value.history) == 3


def test_an_interruption_within_a_step_gives_finite_parameters(X, y, rng):
    class Pressed(GradientDescent):
        def update(self, p, g, state, t):
            if t == 2:
                p[...] = np.nan
                raise KeyboardInterrupt
            return super().update(p, g, state, t)

    with pytest.raises(KeyboardInterrupt) as error:
        fit(small(), X, y, loss=squared_error, rule=Pressed(0.1), batches=full_batch, epochs=9, rng=rng)
    assert error.value.network == small()
    assert len(error.value.history) == 1


def test_no_batch_at_all_is_an_error(X, y, rng):
    with pytest.raises(ValueError, match="batches gave no batch"):
        fit(small(), X, y, loss=squared_error, rule=GradientDescent(0.1), batches=lambda *_: [], epochs=1, rng=rng)


@pytest.mark.parametrize("measure", [accuracy, confusion_matrix])
def test_measures_refuse_labels_that_do_not_fit(measure, X):
    with pytest.raises(ValueError, match="a label for each"):
        measure(small(), X, np.zeros(1, int))
    with pytest.raises(ValueError, match="at least one row"):
        measure(small(), X[:0], np.zeros(0, int))
    with pytest.raises(ValueError, match="expected X of shape"):
        measure(small(), X[:, :3], np.zeros(12, int))


def test_a_confusion_matrix_refuses_other_classes(X):
    with pytest.raises(ValueError, match="from 0 to 2"):
        confusion_matrix(small(), X, np.full(12, 3))


# --- measures ---------------------------------------------------------------------------------------------------------


@settings(max_examples=tries(50), deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=30))
def test_the_confusion_matrix_counts_every_example_once(pairs):
    labels, answers = np.array(pairs).T
    network = Network([Dense(np.eye(3), np.zeros(3))])
    X = np.eye(3)[answers]
    C = confusion_matrix(network, X, labels)
    assert C.sum() == len(pairs)
    assert C.sum(axis=1).tolist() == np.bincount(labels, minlength=3).tolist()
    assert C.sum(axis=0).tolist() == np.bincount(answers, minlength=3).tolist()
    assert C.trace() / len(pairs) == accuracy(network, X, labels) == accuracy(network, X, np.eye(3)[labels])


def test_of_two_equal_outputs_the_first_is_the_answer():
    network = Network([Dense(np.eye(2), np.zeros(2))])
    assert accuracy(network, np.array([[1.0, 1.0]]), np.array([0])) == 1


# --- scale ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        *((kind, np.float32) for kind in (np.uint8, np.float32)),
        *((kind, np.float64) for kind in (np.float64, np.int64)),
        (np.complex128, np.complex128),
    ],
)
def test_scale_makes_bytes_float32_and_keeps_the_rest(given, expected):
    assert Scale(1 / 255).predict(np.ones((2, 3), given)).dtype == expected


def test_scale_does_not_wrap_around_in_bytes():
    assert Scale(2).predict(np.array([[200]], np.uint8)).item() == 400


def test_scale_compares_and_prints_its_factor():
    assert Scale(1 / 255) == Scale(np.float32(1 / 255)) != Scale(1)
    assert repr(Scale(1 / 255)) == "Scale(0.00392157)"


# --- the first network ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def first():
    return runpy.run_path(str(ROOT / "tests" / "benchmarks" / "first_network.py"))


EVERY_RECORD = json.loads((ROOT / "tests" / "benchmarks" / "first_network.json").read_text(encoding="utf-8"))


RECORD, WHOLE = EVERY_RECORD["sample"], EVERY_RECORD["all of MNIST"]


def test_every_recorded_start_learns_and_the_popular_one_does_not():
    assert all(len(RECORD[start]) == 10 for start in ("1/sqrt(n_in)", "1/2", "no hidden layer"))
    assert min(RECORD["1/sqrt(n_in)"]) >= 0.7
    assert max(RECORD["1/2"]) < 0.35
    assert min(RECORD["no hidden layer"]) >= 0.84
    assert min(WHOLE["1/sqrt(n_in)"]) >= 0.7


@pytest.mark.long
@pytest.mark.parametrize(("seed", "start"), [(1, "1/sqrt(n_in)"), (0, "1/2"), (4, "no hidden layer")])
def test_the_record_can_be_repeated(seed, start, first):
    right, silent = first["score"](first["parts"](), seed, start)
    assert right == pytest.approx(RECORD[start][seed], abs=0.02)
    if start == "1/sqrt(n_in)":
        assert silent == RECORD["1/sqrt(n_in), silent"][seed]


def test_the_chapter_prints_the_record():
    text = (ROOT / "docs" / "09-training.md").read_text(encoding="utf-8")
    rows = [("1/sqrt(n_in)", r"between $\pm 1/\sqrt{n_{\mathrm{in}}}$"), ("1/2", r"between $\pm 1/2$")]
    for start, name in [*rows, ("no hidden layer", "no hidden layer")]:
        assert row(text, name) == [round(100 * found, 1) for found in RECORD[start]]
        assert spread(RECORD[start], "held-out") in text
    assert row(text, "silent, of ten") == RECORD["1/sqrt(n_in), silent"]
    assert spread(WHOLE["1/sqrt(n_in)"], "test") in text


def row(text, name):
    found = re.search(rf"^\| {re.escape(name)} \|(.*)\|$", text, re.MULTILINE)
    return [float(cell) for cell in found[1].split("|")]


def spread(found, images):
    low, high, mean = (f"{100 * f(found):.1f}" for f in (min, max, np.mean))
    return f"between {low} and {high} percent of the {images} images rightly, {mean} on average"


@pytest.mark.parametrize(("row", "finite"), [(1, True), (0, False)])
def test_where_no_step_was_taken_one_example_is_looked_at(row, finite):
    """A training that goes on and is at its end already; the loss of the second example is not finite."""
    run = _Descent(Network([Dense(np.full((1, 1), 10.0), np.zeros(1))]), GradientDescent(0.1))
    X, Y = np.ones((3, 1)), np.zeros((3, 1))
    X[row] = 1e308
    if finite:
        run.end(X, Y, squared_error)
    else:
        with pytest.raises(DivergenceError):
            run.end(X, Y, squared_error)


@pytest.mark.parametrize(
    ("layers", "x", "value"),
    [
        ([np.full((1, 1), 10.0)], 1e308, np.inf), ([np.full((1, 1), 10.0)], 1e200, np.inf),
        ([np.array([[1e308, -1e308]]), np.ones((2, 1))], 10.0, np.nan),
    ],
)  # fmt: skip
def test_a_validation_that_is_not_finite_is_measured_without_a_warning(layers, x, value):
    network = Network([Dense(W, np.zeros(W.shape[1])) for W in layers])
    found = _measure(network, (np.array([[x]]), np.zeros((1, 1))), squared_error)
    np.testing.assert_equal(found, {"validation_loss": value})
    assert _measure(network, None, squared_error) == {}
