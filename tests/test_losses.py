"""The squared error: its value, its gradient, what it refuses, and what it cannot teach a dense layer."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nnlit import (
    Dense,
    GradientDescent,
    LabelSmoothing,
    Loss,
    binary_cross_entropy,
    check_gradient,
    complex_step,
    one_hot,
    softmax_cross_entropy,
    squared_error,
)
from nnlit.losses import Weighted
from tests.tiers import tries

numbers = st.floats(-3, 3, width=32)
pairs = st.tuples(st.integers(1, 6), st.integers(1, 4)).flatmap(
    lambda shape: st.tuples(arrays(float, shape, elements=numbers), arrays(float, shape, elements=numbers))
)
checked = settings(max_examples=tries(50), derandomize=True, deadline=None)


def test_the_value_is_the_sum_of_squares_over_twice_the_rows():
    loss, grad = squared_error(np.array([[2.0], [0.0], [5.0]]), np.array([[1.0], [3.0], [5.0]]))
    assert loss == pytest.approx((1 + 9 + 0) / 6)
    np.testing.assert_allclose(grad, [[1 / 3], [-1], [0]])


@checked
@given(pair=pairs)
def test_the_gradient_is_the_slope(pair):
    Y_hat, Y = pair
    Y_hat[0, 0] = Y[0, 0] + 1  # where the prediction is the target there is nothing to measure
    loss, grad = squared_error(Y_hat, Y)
    assert isinstance(loss, float)
    assert check_gradient(lambda Z: squared_error.loss(Z, Y), Y_hat, grad, complex_step, 1e-13) == "ok"


@checked
@given(pair=pairs)
def test_it_is_symmetric_and_never_negative(pair):
    Y_hat, Y = pair
    assert squared_error(Y_hat, Y)[0] == squared_error(Y, Y_hat)[0] >= 0
    np.testing.assert_array_equal(squared_error(Y_hat, Y)[1], -squared_error(Y, Y_hat)[1])


@checked
@given(pair=pairs)
def test_it_is_zero_only_where_every_prediction_is_right(pair):
    Y_hat, Y = pair
    assert squared_error(Y, Y)[0] == 0
    assert not squared_error(Y, Y)[1].any()
    assert squared_error(Y_hat, Y)[1].any() == (Y_hat != Y).any()


@checked
@given(pair=pairs, c=st.floats(-3, 3))
def test_it_grows_with_the_square(pair, c):
    Y_hat, Y = pair
    np.testing.assert_allclose(squared_error(c * Y_hat, c * Y)[0], c**2 * squared_error(Y_hat, Y)[0], atol=1e-12)


@checked
@given(pair=pairs, seed=st.integers(0, 10))
def test_the_order_of_the_examples_does_not_count(pair, seed):
    Y_hat, Y = pair
    order = np.random.default_rng(seed).permutation(len(Y))
    assert squared_error(Y_hat[order], Y[order])[0] == pytest.approx(squared_error(Y_hat, Y)[0], abs=1e-12)
    np.testing.assert_array_equal(squared_error(Y_hat[order], Y[order])[1], squared_error(Y_hat, Y)[1][order])


@checked
@given(pair=pairs)
def test_one_over_m_stands_in_it_once(pair):
    Y_hat, Y = pair
    m = len(Y)
    rows = [squared_error(Y_hat[[i]], Y[[i]]) for i in range(m)]
    assert squared_error(Y_hat, Y)[0] == pytest.approx(np.mean([loss for loss, _ in rows]), abs=1e-12)
    np.testing.assert_allclose(squared_error(Y_hat, Y)[1], np.vstack([grad for _, grad in rows]) / m, atol=1e-12)
    twice = squared_error(np.vstack([Y_hat, Y_hat]), np.vstack([Y, Y]))
    assert twice[0] == pytest.approx(squared_error(Y_hat, Y)[0], abs=1e-12)
    np.testing.assert_allclose(twice[1][:m], squared_error(Y_hat, Y)[1] / 2, atol=1e-12)


def test_labels_are_their_one_hot_rows():
    rng = np.random.default_rng(0)
    Z, y = rng.normal(size=(5, 3)), np.array([2, 0, 1, 1, 2], dtype=np.uint8)
    by_label, by_row = squared_error(Z, y), squared_error(Z, one_hot(y, 3))
    assert by_label[0] == by_row[0]
    np.testing.assert_array_equal(by_label[1], by_row[1])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_gradient_has_the_dtype_of_the_outputs(dtype):
    loss, grad = squared_error(np.ones((4, 3), dtype), np.array([0, 1, 2, 0]))
    assert isinstance(loss, float)
    assert grad.dtype == dtype


def test_nothing_handed_in_is_changed():
    rng = np.random.default_rng(0)
    Z, Y = rng.normal(size=(5, 3)), rng.normal(size=(5, 3))
    Z_before, Y_before = Z.copy(), Y.copy()
    squared_error(Z, Y)[1][:] = 0
    np.testing.assert_array_equal(Z, Z_before)
    np.testing.assert_array_equal(Y, Y_before)


@pytest.mark.parametrize(
    ("Z", "y", "message"),
    [
        (np.zeros((3, 2)), np.zeros((3, 1)), r"rows of shape \(m, 2\), but y is \(3, 1\)"),
        (np.zeros((3, 1)), np.zeros((1, 3)), r"Z is \(3, 1\), y is \(1, 3\)"),
        (np.zeros((3, 2)), np.array([0, 1]), r"Z is \(3, 2\), y is \(2,\)"),
        (np.zeros((0, 2)), np.zeros((0, 2)), "at least one row"),
        (np.zeros((0, 2)), np.zeros(0, int), "at least one row"),
        (np.zeros(3), np.zeros(3), r"one output alone is a column: write Z = np.reshape\(Z, \(-1, 1\)\)"),
        (np.zeros(()), np.zeros(()), r"expected Z of shape \(m, K\).*, but Z is \(\)"),
        (np.zeros((3, 2)), np.array([0, 1, 2]), r"integers from 0 to 1, but y\[2\] is 2"),
        (np.zeros((3, 2)), np.array([0, 1, -1]), r"integers from 0 to 1, but y\[2\] is -1"),
        (np.zeros((3, 1)), np.array([0.5, 1.0, 2.0]), r"rows of shape \(m, 1\), because there is one output"),
        (np.zeros((3, 2), np.uint8), np.array([0, 1, 1]), "floating point, but they are uint8"),
    ],
)
def test_what_does_not_fit_is_refused(Z, y, message):
    with pytest.raises(ValueError, match=message):
        squared_error(Z, y)


def test_the_broadcast_that_is_refused_would_have_been_wrong():
    prediction, target = np.array([1.0, 2.0, 3.0]), np.array([[1.0], [2.0], [3.0]])
    assert ((prediction - target) ** 2).mean() == pytest.approx(4 / 3)
    assert squared_error(prediction[:, None], target)[0] == 0


def test_the_base_says_that_it_has_no_loss():
    Z = np.zeros((2, 2))
    with pytest.raises(NotImplementedError):
        Loss().loss(Z, Z)
    with pytest.raises(NotImplementedError):
        Loss().gradient(Z, Z)
    assert repr(squared_error) == "SquaredError()"


def test_infinite_and_missing_numbers_are_not_hidden():
    with np.errstate(invalid="ignore"):
        assert np.isnan(squared_error(np.array([[np.nan, 0.0]]), np.zeros((1, 2)))[0])
        assert squared_error(np.array([[np.inf, 0.0]]), np.zeros((1, 2)))[0] == np.inf


# --- what the chapter derives ---------------------------------------------------------------------------------------

INPUTS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR = np.array([[0.0], [1.0], [1.0], [0.0]])


def test_the_best_constant_is_the_mean():
    y = np.array([[0.0], [0.0], [9.0]])
    at = {c: squared_error(np.full((3, 1), c), y)[0] for c in (2.9, 3.0, 3.1)}
    assert at[3.0] < min(at[2.9], at[3.1])


@pytest.mark.parametrize("seed", range(5))
def test_the_best_dense_layer_for_xor_answers_one_half(seed):
    layer, rule = Dense.start(2, 1, np.random.default_rng(seed), dtype=float), GradientDescent(1.0)
    for t in range(1, 500):
        Y_hat, cache = layer.forward(INPUTS)
        gradients = layer.gradients(cache, squared_error(Y_hat, XOR)[1])
        for name in layer.parameters:
            rule.update(getattr(layer, name), gradients[name], None, t)
    np.testing.assert_allclose(Y_hat, np.full((4, 1), 0.5), atol=1e-6)
    assert squared_error(Y_hat, XOR)[0] == pytest.approx(1 / 8)


@checked
@given(w=arrays(float, (2, 1), elements=numbers), b=arrays(float, (1,), elements=numbers))
def test_no_dense_layer_parts_xor(w, b):
    Z, _ = Dense(w, b).forward(INPUTS)
    assert not (Z[XOR == 1].min() > Z[XOR == 0].max() + 1e-12)
    assert squared_error(Z, XOR)[0] >= 1 / 8 - 1e-12


# --- examples that count for more -------------------------------------------------------------------------------------

LOSSES = [squared_error, softmax_cross_entropy, binary_cross_entropy, LabelSmoothing(softmax_cross_entropy, 0.1)]


def soft_rows(rng, m=5, K=4):
    Y = rng.random((m, K))
    return Y / Y.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("loss", LOSSES, ids=repr)
def test_the_loss_is_the_mean_of_the_losses_of_each_example(loss):
    rng = np.random.default_rng(0)
    Z, Y = rng.normal(size=(5, 4)), soft_rows(rng)
    np.testing.assert_allclose(loss.each(Z, Y), Loss.each(loss, Z, Y), rtol=1e-12)
    assert loss.each(Z, Y).mean() == pytest.approx(loss.loss(Z, Y), rel=1e-12)


@pytest.mark.parametrize("loss", LOSSES, ids=repr)
def test_the_gradient_of_a_weighted_loss_is_its_slope(loss):
    rng = np.random.default_rng(1)
    Z, Y = rng.normal(size=(5, 4)), np.column_stack([soft_rows(rng), rng.random(5) + 0.1])
    weighted = Weighted(loss)
    assert check_gradient(lambda Z: weighted.loss(Z, Y), Z, weighted.gradient(Z, Y)) == "ok"


@pytest.mark.parametrize("loss", LOSSES, ids=repr)
def test_a_weight_of_two_is_two_copies_and_a_weight_of_zero_is_none(loss):
    rng = np.random.default_rng(2)
    Z, Y = rng.normal(size=(5, 4)), soft_rows(rng)
    rows = np.array([0, 1, 1, 2, 4])  # example 1 twice, example 3 not at all
    w = np.array([1.0, 2.0, 1.0, 0.0, 1.0])
    value, grad = Weighted(loss).value_and_gradient(Z, np.column_stack([Y, w]))
    copied, grads = loss.value_and_gradient(Z[rows], Y[rows])
    assert value == pytest.approx(copied, rel=1e-12)
    np.testing.assert_allclose(grad[1], grads[1] + grads[2], rtol=1e-12)
    np.testing.assert_array_equal(grad[3], 0)


# --- yes or no --------------------------------------------------------------------------------------------------------


@checked
@given(pair=pairs)
def test_the_gradient_of_yes_or_no_is_the_slope(pair):
    Z, Y = pair[0], 1 / (1 + np.exp(-pair[1]))
    Z[0, 0] = 3 if Y[0, 0] < 0.5 else -3  # where P is Y there is nothing to measure
    _, grad = binary_cross_entropy(Z, Y)
    assert check_gradient(lambda Z: binary_cross_entropy.loss(Z, Y), Z, grad) == "ok"


def test_one_output_of_yes_or_no_is_two_classes_of_softmax():
    z, y = np.random.default_rng(0).normal(size=7) * 3, np.arange(7) % 2
    loss, grad = binary_cross_entropy(z[:, None], y)
    same, grads = softmax_cross_entropy(np.column_stack([np.zeros(7), z]), y)
    assert loss == pytest.approx(same, rel=1e-12)
    np.testing.assert_allclose(grad[:, 0], grads[:, 1], atol=1e-15)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_far_logits_of_yes_or_no_do_not_overflow(dtype):
    Z = np.array([[1000.0], [-1000.0], [1000.0], [-1000.0]], dtype)
    with np.errstate(all="raise", under="ignore"):
        loss, grad = binary_cross_entropy(Z, np.array([0, 1, 1, 0]))
    assert loss == 500
    assert grad.dtype == dtype
    assert grad[:, 0].tolist() == [0.25, -0.25, 0, 0]


def test_small_probabilities_of_yes_keep_their_digits():
    assert binary_cross_entropy(np.array([[-40.0]]), np.array([0]))[0] == pytest.approx(np.exp(-40.0), rel=1e-12)


@pytest.mark.parametrize(
    ("Z", "y", "message"),
    [
        (np.zeros((2, 1)), np.array([1, 2]), "expected integers from 0 to 1, but y.1. is 2; labels from 1"),
        (np.zeros((2, 1)), np.array([-1, 1]), "to number the 2 labels"),
        (np.zeros((2, 1)), np.array([0.5, 1]), "expected integers"),
        (np.zeros((2, 3)), np.full((2, 3), 1.5), "targets from 0 to 1, but row 0, column 0 is 1.5"),
        (np.zeros((2, 3)), np.full((2, 3), np.nan), "NaN in y"),
        (np.zeros((2, 3)), np.array([0, 3]), "from 0 to 2"),
    ],
)
def test_answers_that_are_neither_yes_nor_no_are_refused(Z, y, message):
    with pytest.raises(ValueError, match=message):
        binary_cross_entropy(Z, y)
