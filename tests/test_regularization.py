"""Penalties, masks, targets and moved images: their laws and their edges."""

import copy

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnlit import (
    L2,
    Adam,
    Dense,
    Dropout,
    EarlyStopping,
    GradientDescent,
    LabelSmoothing,
    MiniBatches,
    Network,
    ReLU,
    Scale,
    Shift,
    check_gradient,
    complex_step,
    fit,
    full_batch,
    load,
    save,
    softmax_cross_entropy,
    squared_error,
)  # fmt: skip

RATES = st.sampled_from([0.0, 0.25, 0.5, 0.75])


def test_l2_is_the_gradient_of_the_penalized_loss():
    rng = np.random.default_rng(0)
    W, G = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
    moved = W.copy()
    L2(GradientDescent(1.0), 0.3).update(moved, G, None, 1)
    assert check_gradient(lambda w: (G * w).sum() + 0.15 * (w**2).sum(), W, W - moved, complex_step, 1e-13) == "ok"


def test_l2_leaves_biases_and_gradients_alone():
    b, g = np.ones(3), np.ones((4, 3))
    L2(GradientDescent(0.1), 5.0).update(b, np.zeros(3), None, 1)
    np.testing.assert_array_equal(b, 1)
    L2(GradientDescent(0.1), 5.0).update(np.ones((4, 3)), g, None, 1)
    np.testing.assert_array_equal(g, 1)


def test_l2_hands_the_state_through():
    rule = L2(Adam(0.1), 0.0)
    p, q, g = np.ones((2, 3)), np.ones((2, 3)), np.full((2, 3), 0.5)
    state, plain = rule.init(p), Adam(0.1).init(q)
    for t in (1, 2, 3):
        state, plain = rule.update(p, g, state, t), Adam(0.1).update(q, g, plain, t)
    np.testing.assert_array_equal(p, q)


@given(RATES, st.integers(0, 1000))
def test_dropout_loses_or_scales(rate, seed):
    X = np.arange(1.0, 13.0).reshape(4, 3)
    A, mask = Dropout(rate).forward(X, np.random.default_rng(seed))
    quotient = A / X
    assert np.isin(quotient.round(12), [0, np.round(1 / (1 - rate), 12)]).all()
    np.testing.assert_array_equal(A, mask * X)
    np.testing.assert_array_equal(Dropout(rate).backward(mask, np.ones((4, 3)))[0], mask)


def test_dropout_is_right_on_average():
    X = np.ones((1000, 400))
    A, _ = Dropout(0.3).forward(X, np.random.default_rng(0))
    assert abs(A.mean() - 1) < 5 * np.sqrt(0.3 / 0.7 / X.size)


def test_dropout_without_a_rate_is_the_identity():
    X = np.random.default_rng(0).normal(size=(4, 3)).astype(np.float32)
    A, _ = Dropout(0.0).forward(X, np.random.default_rng(0))
    np.testing.assert_array_equal(A, X)
    assert A.dtype == np.float32


@pytest.mark.parametrize("rate", [-0.1, 1.0, 2.0])
def test_a_rate_that_is_no_probability_is_refused(rate):
    with pytest.raises(ValueError, match="Dropout: expected a rate of at least 0 and below 1"):
        Dropout(rate)


def test_layers_that_draw_ask_for_a_generator():
    with pytest.raises(ValueError, match="needs a generator; predict does without"):
        Dropout(0.5).forward(np.ones((2, 2)))
    with pytest.raises(ValueError, match="Shift: expected rows of 9 pixels and a generator"):
        Shift(1, side=3).forward(np.ones((2, 9)))
    with pytest.raises(ValueError, match="Shift: expected rows of 9 pixels"):
        Shift(1, side=3).forward(np.ones((2, 8)), np.random.default_rng(0))


@given(st.integers(0, 1000), st.integers(0, 2))
def test_shifted_images_keep_their_ink_where_it_stays_inside(seed, pixels):
    X = np.zeros((3, 49), np.uint8)
    X[:, 24] = [1, 2, 3]  # the middle of 7 x 7
    A, cache = Shift(pixels, side=7).forward(X, np.random.default_rng(seed))
    assert cache is None
    assert A.dtype == np.uint8
    assert A.sum(axis=1).tolist() == [1, 2, 3]
    rows, columns = np.divmod(A.argmax(axis=1), 7)
    assert max(abs(rows - 3).max(), abs(columns - 3).max()) <= pixels


def test_every_offset_is_as_likely():
    X = np.zeros((9000, 9), np.uint8)
    X[:, 4] = 1
    A, _ = Shift(1, side=3).forward(X, np.random.default_rng(0))
    counts = A.sum(axis=0, dtype=int)
    assert (abs(counts - 1000) < 5 * np.sqrt(1000)).all()


@given(st.sampled_from([0.0, 0.1, 0.7, 1.0]))
def test_smoothed_rows_sum_to_one(epsilon):
    Y = LabelSmoothing(softmax_cross_entropy, epsilon).targets(np.array([0, 2, 1]), 4)
    np.testing.assert_allclose(Y.sum(axis=1), 1, rtol=1e-12)
    assert Y.min() >= 0


@pytest.mark.parametrize("loss", [softmax_cross_entropy, squared_error])
def test_a_smoothed_loss_has_the_right_gradient(loss):
    smoothed, y = LabelSmoothing(loss, 0.2), np.array([0, 3, 1, 2, 2])
    Z = np.random.default_rng(0).normal(size=(5, 4))
    _, grad = smoothed(Z, y)
    assert (
        check_gradient(lambda z: smoothed.loss(z, smoothed.targets(y, Z.shape[1])), Z, grad, complex_step, 1e-13)
        == "ok"
    )


def test_smoothing_refuses_what_is_no_part():
    with pytest.raises(ValueError, match="expected epsilon from 0 to 1"):
        LabelSmoothing(squared_error, 1.5)


def test_early_stopping_keeps_the_best_and_needs_validation():
    stop, networks = (
        EarlyStopping(patience=1),
        [Network([Dense(np.full((1, 1), k), np.zeros(1))]) for k in (1.0, 2.0, 3.0)],
    )
    ends = [
        stop(epoch, network, {"validation_loss": loss})
        for epoch, (network, loss) in enumerate(zip(networks, (2.0, 1.0, 1.5), strict=True), 1)
    ]
    assert ends == [False, False, True]
    assert (stop.epoch, stop.best) == (2, networks[1])
    assert stop.best is not networks[1]
    with pytest.raises(ValueError, match="expected a validation loss"):
        EarlyStopping(1)(1, networks[0], {"loss": 1.0})


def test_of_two_networks_that_are_equally_good_the_earlier_one_is_kept():
    """And an epoch that is only as good as the best is one without a better loss."""
    stop, networks = (
        EarlyStopping(patience=2),
        [Network([Dense(np.full((1, 1), k), np.zeros(1))]) for k in (1.0, 2.0, 3.0)],
    )
    ends = [stop(epoch, network, {"validation_loss": 1.0}) for epoch, network in enumerate(networks, 1)]
    assert ends == [False, False, True]
    assert (stop.epoch, stop.best) == (1, networks[0])


def test_a_network_with_all_of_it_trains_saves_and_predicts_without_chance(tmp_path):
    rng = np.random.default_rng(0)
    X, y = rng.integers(0, 256, (40, 9), dtype=np.uint8), rng.integers(0, 3, 40)
    start = Network([Shift(1, 3), Scale(1 / 255), Dense.start(9, 5, rng), ReLU(), Dropout(0.5), Dense.start(5, 3, rng)])
    options = {
        "loss": LabelSmoothing(softmax_cross_entropy, 0.1),
        "rule": L2(Adam(0.01), 1e-3),
        "batches": MiniBatches(7),
        "epochs": 3,
    }
    one, two = (fit(start, X, y, rng=np.random.default_rng(5), **options)[0] for _ in range(2))
    assert one == two
    assert one != start
    np.testing.assert_array_equal(one.predict(X), one.predict(X))
    save(one, tmp_path / "model.npz")
    assert load(tmp_path / "model.npz") == one


def test_fit_returns_the_best_network_of_early_stopping_and_one_value_serves_two_trainings():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(30, 6)), rng.integers(0, 3, 30)
    stop, seen = EarlyStopping(patience=3), []

    def watch(epoch, network, record):
        seen.append((record["validation_loss"], copy.deepcopy(network)))
        return stop(epoch, network, record)

    watch.best = None
    way = {"loss": softmax_cross_entropy, "batches": full_batch, "epochs": 60, "validation": (X[20:], y[20:])}
    for seed in (0, 1):
        seen.clear()
        start = Network([Dense.start(6, 3, np.random.default_rng(seed), float)])
        fit(start, X[:20], y[:20], rule=GradientDescent(2.0), rng=np.random.default_rng(0), **way, callback=watch)
        best = min(range(len(seen)), key=lambda k: seen[k][0])
        network, history = fit(
            start, X[:20], y[:20], rule=GradientDescent(2.0), rng=np.random.default_rng(0), **way, callback=stop
        )
        assert len(history) == len(seen) < 60
        assert stop.epoch == best + 1 < len(history)
        assert network == seen[best][1] == stop.best
        assert network != seen[-1][1]


@pytest.mark.parametrize("losses", [[5.0, 4.0], [5.0, 6.0], [1.0, 1.0]])
def test_a_new_training_begins_anew_whatever_the_last_one_reached(losses):
    stop = EarlyStopping(patience=2)
    for epoch, loss in enumerate((1.0, 0.5, 0.7), 1):
        stop(epoch, "before", {"validation_loss": loss})
    assert (stop.best, stop.epoch) == ("before", 2)
    for epoch, loss in enumerate(losses, 1):
        assert stop(epoch, "now", {"validation_loss": loss}) is False
    assert (stop.best, stop.epoch) == ("now", 2 if losses[1] < losses[0] else 1)
