"""Softmax, log-sum-exp and their loss: properties, far and infinite logits, and targets that are refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nnlit import (
    Dense,
    GradientDescent,
    Loss,
    Network,
    Sigmoid,
    accuracy,
    check_gradient,
    complex_step,
    fit,
    full_batch,
    one_hot,
    softmax_cross_entropy,
    squared_error,
)
from nnlit.softmax import SoftmaxCrossEntropy, log_sum_exp, softmax
from tests.tiers import tries

numbers = st.floats(-3, 3, width=32)
far = st.floats(-1000, 1000)
shapes = st.tuples(st.integers(1, 6), st.integers(2, 5))
logits = shapes.flatmap(lambda shape: arrays(float, shape, elements=numbers))
far_logits = shapes.flatmap(lambda shape: arrays(float, shape, elements=far))
pairs = shapes.flatmap(
    lambda shape: st.tuples(arrays(float, shape, elements=numbers), arrays(float, shape, elements=numbers))
)
checked = settings(max_examples=tries(60), derandomize=True, deadline=None)
APART = np.array([[1000.0, 0.0, -1000.0], [0.0, 0.0, 0.0], [-1000.0, -1000.0, -1001.0]])


@pytest.fixture
def rng():
    return np.random.default_rng(11)


def test_the_name_softmax_is_the_function():
    import nnlit.softmax

    assert nnlit.softmax is softmax
    assert isinstance(softmax_cross_entropy, SoftmaxCrossEntropy)


# softmax


@checked
@given(Z=far_logits)
def test_rows_are_probabilities_however_far_the_logits(Z):
    P = softmax(Z)
    assert np.isfinite(P).all()
    assert (P >= 0).all()
    np.testing.assert_allclose(P.sum(axis=1), 1, rtol=1e-14)


@checked
@given(Z=logits, c=st.floats(-500, 500))
def test_only_differences_of_logits_count(Z, c):
    np.testing.assert_allclose(softmax(Z + c), softmax(Z), rtol=1e-10)
    np.testing.assert_allclose(log_sum_exp(Z + c), log_sum_exp(Z) + c, rtol=1e-12, atol=1e-12)


@checked
@given(Z=far_logits, seed=st.integers(0, 5))
def test_classes_may_be_permuted(Z, seed):
    order = np.random.default_rng(seed).permutation(Z.shape[1])
    np.testing.assert_allclose(softmax(Z[:, order]), softmax(Z)[:, order], rtol=1e-13)


@checked
@given(Z=logits)
def test_the_logarithms_of_the_odds_are_the_differences(Z):
    P = softmax(Z)
    np.testing.assert_allclose(np.log(P[:, :1] / P), Z[:, :1] - Z, atol=1e-13)


@checked
@given(Z=logits)
def test_the_jacobian_is_symmetric_nowhere_negative_and_blind_to_a_common_rise(Z):
    K = Z.shape[1]
    p = softmax(Z[:1])[0]
    J = np.array([complex_step(lambda z, k=k: softmax(z[None])[0, k], Z[0]) for k in range(K)])
    np.testing.assert_allclose(J, p[:, None] * (np.eye(K) - p), atol=1e-14)
    np.testing.assert_allclose(J, J.T, atol=1e-14)
    np.testing.assert_allclose(J.sum(axis=0), 0, atol=1e-14)
    assert np.linalg.eigvalsh(J).min() > -1e-14


@checked
@given(z=st.floats(-30, 30))
def test_of_two_classes_it_is_a_sigmoid(z):
    p = softmax(np.array([[z, 0.0]]))[0, 0]
    assert p == pytest.approx(Sigmoid().predict(np.array([[z]])).item(), abs=1e-15)


def test_rows_a_thousand_apart_do_not_disturb_each_other():
    for row, alone in zip(softmax(APART), APART, strict=True):
        np.testing.assert_array_equal(row, softmax(alone[None])[0])
    np.testing.assert_array_equal(softmax(APART)[0], [1, 0, 0])


@pytest.mark.parametrize(("dtype", "edge"), [(np.float32, 88.8), (np.float64, 709.8)])
def test_where_the_exponential_overflows_softmax_does_not(dtype, edge):
    Z = np.array([[edge, 0.0], [-edge, -edge - 1]], dtype)
    with np.errstate(over="ignore"):
        assert np.isinf(np.exp(Z[0, 0]))
    assert np.isfinite(softmax(Z)).all()
    np.testing.assert_allclose(log_sum_exp(Z), Z[:, 0] + np.log1p(np.exp(Z[:, 1] - Z[:, 0])), rtol=1e-6)


def test_a_class_that_is_ruled_out_gets_nothing():
    P = softmax(np.array([[0.0, -np.inf, 0.0], [-np.inf, 5.0, -np.inf]]))
    assert P.tolist() == [[0.5, 0, 0.5], [0, 1, 0]]


def test_a_row_without_any_class_has_no_probabilities():
    with np.errstate(invalid="ignore"):
        P = softmax(np.array([[-np.inf, -np.inf], [0.0, np.inf], [0.0, np.nan]]))
        assert np.isnan(P).any(axis=1).all()
        assert softmax(np.array([[-np.inf, -np.inf], [0.0, 0.0]]))[1].tolist() == [0.5, 0.5]


# log-sum-exp


@checked
@given(Z=far_logits)
def test_it_is_a_maximum_with_rounded_corners(Z):
    s, K = log_sum_exp(Z), Z.shape[1]
    assert s.shape == Z.shape[:1]
    assert (s >= Z.max(axis=1)).all()
    assert (s <= Z.max(axis=1) + np.log(K) + 1e-12).all()
    np.testing.assert_allclose(s, np.logaddexp.reduce(Z, axis=1), rtol=1e-13, atol=1e-12)


@checked
@given(Z=logits)
def test_softmax_is_its_gradient(Z):
    assert check_gradient(lambda Z: log_sum_exp(Z).sum(), Z, softmax(Z), complex_step, 1e-13) == "ok"


def test_infinite_logits_have_their_limits():
    Z = np.array([[-np.inf, -np.inf], [-np.inf, 3.0], [np.inf, 0.0], [np.inf, -np.inf]])
    assert log_sum_exp(Z).tolist() == [-np.inf, 3.0, np.inf, np.inf]
    assert np.isnan(log_sum_exp(np.array([[np.nan, 0.0]]))[0])


# the loss


def rows(Z):
    """Target rows from any numbers."""
    return np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)


@checked
@given(pair=pairs)
def test_the_gradient_is_the_slope_for_any_rows_that_sum_to_one(pair):
    Z, Y = pair[0], rows(pair[1])
    Z[0, 0] = np.log(Y[0, 0] / Y[0, 1]) + Z[0, 1] + 1  # where P is Y there is nothing to measure
    loss, grad = softmax_cross_entropy(Z, Y)
    assert isinstance(loss, float)
    assert check_gradient(lambda Z: softmax_cross_entropy.loss(Z, Y), Z, grad, complex_step, 1e-13) == "ok"


@checked
@given(Z=logits, seed=st.integers(0, 5))
def test_labels_and_their_one_hot_rows_are_one_and_the_same(Z, seed):
    y = np.random.default_rng(seed).integers(0, Z.shape[1], len(Z))
    loss, grad = softmax_cross_entropy(Z, y)
    same, grad_rows = softmax_cross_entropy(Z, one_hot(y, Z.shape[1]))
    assert loss == same == pytest.approx(-np.log(softmax(Z)[np.arange(len(Z)), y]).mean(), rel=1e-12)
    np.testing.assert_array_equal(grad, grad_rows)


@checked
@given(pair=pairs)
def test_the_gradient_of_every_row_sums_to_zero(pair):
    np.testing.assert_allclose(softmax_cross_entropy(pair[0], rows(pair[1]))[1].sum(axis=1), 0, atol=1e-15)


@checked
@given(pair=pairs)
def test_it_is_never_below_the_entropy_of_the_targets(pair):
    Z, Y = pair[0], rows(pair[1])
    entropy = softmax_cross_entropy(np.log(Y), Y)[0]
    assert softmax_cross_entropy(Z, Y)[0] >= entropy - 1e-12 >= -1e-12


@checked
@given(pair=pairs, seed=st.integers(0, 5))
def test_the_order_of_the_examples_does_not_count(pair, seed):
    Z, Y = pair[0], rows(pair[1])
    order = np.random.default_rng(seed).permutation(len(Z))
    loss, grad = softmax_cross_entropy(Z, Y)
    again, grad_again = softmax_cross_entropy(Z[order], Y[order])
    assert again == pytest.approx(loss, rel=1e-12)
    np.testing.assert_allclose(grad_again, grad[order], atol=1e-16)


@checked
@given(pair=pairs)
def test_a_batch_twice_has_the_same_loss_and_half_the_gradient_in_each_row(pair):
    Z, Y = pair[0], rows(pair[1])
    loss, grad = softmax_cross_entropy(Z, Y)
    twice, grad_twice = softmax_cross_entropy(np.tile(Z, (2, 1)), np.tile(Y, (2, 1)))
    assert twice == pytest.approx(loss, rel=1e-12)
    np.testing.assert_allclose(grad_twice, np.tile(grad / 2, (2, 1)), atol=1e-16)


@pytest.mark.parametrize("K", [2, 3, 10])
def test_a_network_that_knows_nothing_has_the_logarithm_of_the_number_of_classes(K):
    loss, grad = softmax_cross_entropy(np.full((3, K), 7.0), np.zeros(3, int))
    assert loss == pytest.approx(np.log(K), abs=1e-15)
    np.testing.assert_allclose(grad[:, 0], (1 / K - 1) / 3)


@checked
@given(pair=pairs)
def test_loss_and_gradient_come_from_the_same_exponentials(pair):
    Z, Y = pair[0], rows(pair[1])
    L, grad_Z = softmax_cross_entropy.value_and_gradient(Z, Y)
    assert pytest.approx((log_sum_exp(Z) - (Y * Z).sum(axis=1)).mean(), rel=1e-12, abs=1e-12) == L
    np.testing.assert_array_equal(grad_Z, (softmax(Z) - Y) / len(Z))
    assert softmax_cross_entropy.loss(Z, Y) == L
    np.testing.assert_array_equal(softmax_cross_entropy.gradient(Z, Y), grad_Z)


def test_the_loss_is_right_where_the_probability_underflows():
    loss, grad = softmax_cross_entropy(APART, np.array([2, 0, 1]))
    assert loss == pytest.approx((2000 + np.log(3) + np.log(2 + np.exp(-1))) / 3, rel=1e-14)
    np.testing.assert_array_equal(grad[0], np.array([1, 0, -1]) / 3)


def test_a_class_that_is_ruled_out_adds_nothing_and_cannot_be_the_target():
    Z = np.array([[0.0, -np.inf, 0.0]])
    loss, grad = softmax_cross_entropy(Z, np.array([0]))
    assert loss == pytest.approx(np.log(2))
    assert grad.tolist() == [[-0.5, 0, 0.5]]
    assert softmax_cross_entropy(Z, np.array([1]))[0] == np.inf


def test_numbers_that_are_none_are_not_hidden():
    assert np.isnan(softmax_cross_entropy(np.array([[np.nan, 0.0]]), np.array([0]))[0])
    assert np.isnan(softmax_cross_entropy(np.array([[np.nan, 0.0]]), np.array([0]))[1]).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_type_of_the_logits_stays(dtype, rng):
    Z = rng.normal(size=(64, 10)).astype(dtype)
    y = rng.integers(0, 10, 64)
    loss, grad = softmax_cross_entropy(Z, y)
    assert grad.dtype == softmax(Z).dtype == log_sum_exp(Z).dtype == dtype
    exact, exact_grad = softmax_cross_entropy(Z.astype(float), y)
    assert loss == pytest.approx(exact, rel=1e-6)
    np.testing.assert_allclose(grad, exact_grad, atol=1e-8)


def test_nothing_that_is_handed_in_is_changed_and_twice_is_the_same(rng):
    Z, Y = rng.normal(size=(5, 4)), rows(rng.normal(size=(5, 4)))
    before = Z.copy(), Y.copy()
    loss, grad = softmax_cross_entropy(Z, Y)
    again, grad_again = softmax_cross_entropy(Z, Y)
    np.testing.assert_array_equal(Z, before[0])
    np.testing.assert_array_equal(Y, before[1])
    assert loss == again
    np.testing.assert_array_equal(grad, grad_again)


@pytest.mark.parametrize("order", ["C", "F"])
def test_rows_and_columns_in_memory_give_the_same(order, rng):
    Z = rng.normal(size=(7, 4))
    np.testing.assert_allclose(softmax(np.array(Z, order=order)[::-1]), softmax(Z[::-1].copy()), rtol=1e-15)


# what is refused


@pytest.mark.parametrize(
    ("Z", "y", "message"),
    [
        (np.zeros((0, 3)), np.zeros(0, int), "at least one row"),
        (np.zeros((2, 3)), np.array([[0], [1]]), r"y is \(2, 1\)"),
        (np.zeros((2, 3)), np.array([0, 3]), "from 0 to 2, but y.1. is 3"),
        (np.zeros((2, 3)), np.array([-1, 0]), "y.0. is -1"),
        (np.zeros((2, 3)), np.array([0.0, 1.0]), "expected integers"),
        (np.zeros((2, 3)), np.array([0, 1, 2]), r"y is \(3,\)"),
        (np.zeros((2, 2)), np.array([[1.0, 0.0], [0.0, 0.0]]), "row 1 sums to 0"),
        (np.zeros((2, 2)), np.array([[1.0, 1.0], [0.5, 0.5]]), "row 0 sums to 2"),
        (np.zeros((1, 2)), np.array([[np.nan, 1.0]]), "NaN in y, row 0, column 0"),
    ],
)
def test_targets_that_do_not_fit_are_refused(Z, y, message):
    with pytest.raises(ValueError, match=message):
        softmax_cross_entropy(Z, y)


def test_rows_of_float32_may_miss_one_by_rounding(rng):
    Y = rows(rng.normal(size=(50, 10))).astype(np.float32)
    assert np.isfinite(softmax_cross_entropy(np.zeros((50, 10), np.float32), Y)[0])


def test_for_rows_that_do_not_sum_to_one_the_difference_is_not_the_slope(rng):
    Z, Y = rng.normal(size=(5, 4)), rng.uniform(0.5, 1, size=(5, 4))
    with pytest.raises(AssertionError):
        check_gradient(lambda Z: softmax_cross_entropy.loss(Z, Y), Z, softmax_cross_entropy.gradient(Z, Y))
    right = (Y.sum(axis=1, keepdims=True) * softmax(Z) - Y) / len(Z)
    assert check_gradient(lambda Z: softmax_cross_entropy.loss(Z, Y), Z, right, complex_step, 1e-13) == "ok"


# training


def test_it_forgets_a_bad_start_that_the_squared_error_does_not():
    class SquaredProbabilities(Loss):
        def value_and_gradient(self, Z, Y):
            P = softmax(Z)
            grad_Z = P * ((P - Y) - ((P - Y) * P).sum(axis=1, keepdims=True)) / len(Z)
            return squared_error.loss(P, Y), grad_Z

    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 5)).astype(np.float32)
    y = (X @ rng.normal(size=(5, 3))).argmax(axis=1)
    found = []
    for loss in (SquaredProbabilities(), softmax_cross_entropy):
        layer = Dense.start(5, 3, np.random.default_rng(1))
        layer.b[0] += 15
        network, _ = fit(
            Network([layer]), X, y, loss=loss, rule=GradientDescent(1), batches=full_batch, epochs=150, rng=rng
        )
        found.append(accuracy(network, X, y))
    assert found[0] == (y == 0).mean()
    assert found[1] > 0.9
