"""The dense layer: what linear maps promise, numbers done by hand, its start, and what it refuses."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nnlit import Dense, Layer, ReLU, check_layer
from tests.tiers import tries

numbers = st.floats(-3, 3, width=32)
weights, biases = arrays(float, (4, 3), elements=numbers), arrays(float, 3, elements=numbers)
inputs, outputs = arrays(float, (5, 4), elements=numbers), arrays(float, (5, 3), elements=numbers)
checked = settings(max_examples=tries(30), derandomize=True, deadline=None)
close = {"rtol": 1e-12, "atol": 1e-11}


def layer(dtype=float, seed=0):
    return Dense.start(4, 3, np.random.default_rng(seed), dtype)


def gradients(dense, X, grad_Z):
    """All three: of the input, the weights and the biases."""
    grad_X, found = dense.backward(dense.forward(X)[1], grad_Z)
    return grad_X, found["W"], found["b"]


# --- identities -----------------------------------------------------------------------------------------------------


@checked
@given(W=weights, b=biases, X=inputs)
def test_backward_is_the_slope_of_forward(W, b, X):
    W[0, 0], X[0, 0] = 3, 2  # where all are zero there is nothing to measure
    assert check_layer(Dense(W, b), X) == "ok"


@checked
@given(W=weights, b=biases, X=inputs, G=outputs)
def test_every_output_and_every_gradient_is_its_sum(W, b, X, G):
    dense = Dense(W, b)
    Z = [[sum(X[i, j] * W[j, k] for j in range(4)) + b[k] for k in range(3)] for i in range(5)]
    grad_W = [[sum(X[i, j] * G[i, k] for i in range(5)) for k in range(3)] for j in range(4)]
    grad_X = [[sum(G[i, k] * W[j, k] for k in range(3)) for j in range(4)] for i in range(5)]
    np.testing.assert_allclose(dense.forward(X)[0], Z, **close)
    wanted = grad_X, grad_W, [sum(G[:, k]) for k in range(3)]
    for found, want in zip(gradients(dense, X, G), wanted, strict=True):
        np.testing.assert_allclose(found, want, **close)


@checked
@given(W=weights, b=biases, X=inputs, G=outputs, dW=weights, db=biases, dX=inputs)
def test_what_a_small_change_does_is_said_by_the_gradients(W, b, X, G, dW, db, dX):
    """The map of changes and the gradients are adjoint: the same number, summed over outputs or over what changed."""
    grad_X, grad_W, grad_b = gradients(Dense(W, b), X, G)
    np.testing.assert_allclose(
        ((dX @ W + X @ dW + db) * G).sum(),
        (dX * grad_X).sum() + (dW * grad_W).sum() + (db * grad_b).sum(),
        rtol=1e-10,
        atol=1e-9,
    )


@checked
@given(W=weights, b=biases, X=inputs, U=outputs, V=outputs, s=numbers, t=numbers)
def test_gradients_are_linear_in_the_gradient_from_above(W, b, X, U, V, s, t):
    dense = Dense(W, b)
    parts = zip(gradients(dense, X, U), gradients(dense, X, V), strict=True)
    for whole, (u, v) in zip(gradients(dense, X, s * U + t * V), parts, strict=True):
        np.testing.assert_allclose(whole, s * u + t * v, **close)


@checked
@given(W=weights, X=inputs, other=inputs, s=numbers)
def test_without_biases_it_is_linear_in_the_inputs_and_in_the_weights(W, X, other, s):
    plain = Dense(W, np.zeros(3))
    np.testing.assert_allclose(
        plain.forward(X + s * other)[0], plain.forward(X)[0] + s * plain.forward(other)[0], **close
    )
    np.testing.assert_allclose(Dense(s * W, np.zeros(3)).forward(X)[0], s * plain.forward(X)[0], **close)


@checked
@given(W=weights, b=biases, X=inputs, G=outputs, cut=st.integers(0, 5))
def test_a_batch_has_the_gradients_of_its_parts_added_up(W, b, X, G, cut):
    dense = Dense(W, b)
    grad_X, grad_W, grad_b = gradients(dense, X, G)
    first, second = gradients(dense, X[:cut], G[:cut]), gradients(dense, X[cut:], G[cut:])
    np.testing.assert_allclose(grad_W, first[1] + second[1], **close)
    np.testing.assert_allclose(grad_b, first[2] + second[2], **close)
    np.testing.assert_allclose(grad_X, np.concatenate([first[0], second[0]]), **close)


@checked
@given(W=weights, b=biases, X=inputs, G=outputs, order=st.permutations(range(5)))
def test_the_order_of_the_examples_matters_to_their_own_gradients_only(W, b, X, G, order):
    dense, rows = Dense(W, b), list(order)
    grad_X, grad_W, grad_b = gradients(dense, X, G)
    turned = gradients(dense, X[rows], G[rows])
    np.testing.assert_allclose(turned[0], grad_X[rows], **close)
    np.testing.assert_allclose(turned[1], grad_W, **close)
    np.testing.assert_allclose(turned[2], grad_b, **close)


# --- by hand, and at the edge ---------------------------------------------------------------------------------------


def test_by_hand():
    dense = Dense(W=np.array([[1.0, 2.0], [3.0, 4.0]]), b=np.array([0.5, -0.5]))
    X, G = np.array([[10.0, 1.0], [0.0, 2.0]]), np.array([[1.0, -1.0], [2.0, 0.0]])
    assert dense.forward(X)[0].tolist() == [[13.5, 23.5], [6.5, 7.5]]
    grad_X, grad_W, grad_b = gradients(dense, X, G)
    assert grad_X.tolist() == [[-1.0, -1.0], [2.0, 6.0]]
    assert grad_W.tolist() == [[10.0, -10.0], [5.0, -1.0]]
    assert grad_b.tolist() == [3.0, -1.0]


@pytest.mark.parametrize(("m", "n_in", "n_out"), [(0, 4, 3), (1, 1, 1), (5, 0, 3), (5, 4, 0)])
def test_no_examples_no_inputs_and_no_outputs_are_shapes_like_any_other(m, n_in, n_out):
    dense = Dense(np.ones((n_in, n_out)), np.ones(n_out))
    Z, cache = dense.forward(np.ones((m, n_in)))
    grad_X, found = dense.backward(cache, np.ones((m, n_out)))
    assert (Z.shape, grad_X.shape) == ((m, n_out), (m, n_in))
    assert (found["W"].shape, found["b"].shape) == ((n_in, n_out), (n_out,))
    assert (n_in + 1 == Z).all()
    assert (found["W"] == m).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex128])
def test_the_dtype_stays(dtype):
    dense = layer(dtype)
    X, G = np.ones((5, 4), dtype), np.ones((5, 3), dtype)
    assert {array.dtype for array in (dense.forward(X)[0], *gradients(dense, X, G))} == {np.dtype(dtype)}


def test_the_cache_is_the_input_itself_and_nothing_is_copied():
    X = np.ones((5, 4))
    assert layer().forward(X)[1] is X


@pytest.mark.parametrize("order", ["C", "F"])
def test_the_layer_keeps_the_arrays_it_is_given(order):
    rng = np.random.default_rng(0)
    W, b = np.asarray(rng.normal(size=(40, 10)), order=order), np.zeros(10)
    dense = Dense(W, b)
    assert dense.W is W
    assert dense.b is b
    X, G = rng.normal(size=(5, 40)), rng.normal(size=(5, 10))
    np.testing.assert_array_equal(dense.gradients(X, G)["W"], X.T @ G)


def test_integer_weights_are_refused():
    message = r"Dense: expected W in floating point, but it is int64; write W = W.astype\(float\)"
    with pytest.raises(ValueError, match=message):
        Dense(np.array([[1], [2]], np.int64), np.zeros(1))


def test_gradients_are_those_of_backward_without_the_input():
    dense, X, G = layer(), np.random.default_rng(1).normal(size=(5, 4)), np.random.default_rng(2).normal(size=(5, 3))
    alone, (_, found) = dense.gradients(X, G), dense.backward(X, G)
    assert list(alone) == list(found) == list(Dense.parameters) == ["W", "b"]
    assert all(np.array_equal(alone[name], found[name]) for name in alone)


# --- a value --------------------------------------------------------------------------------------------------------


def test_equal_numbers_are_an_equal_layer():
    dense = layer()
    assert dense == layer()
    assert dense == Dense(dense.W.copy(), dense.b.copy())
    assert dense != layer(seed=1)
    assert dense != layer(np.float32)
    assert dense != dataclasses.replace(dense, b=dense.b + 1e-15)
    assert dense != Dense(dense.W[:, :2], dense.b[:2])
    assert dense != ReLU()
    assert dense != dense.W.tolist()
    assert ReLU() == ReLU()


def test_equal_layers_are_two_keys_and_no_field_is_bound_again():
    dense = layer()
    assert len({dense, layer()}) == 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        dense.W = np.zeros((4, 3))


def test_it_prints_its_shape_and_its_dtype():
    assert repr(layer()) == "Dense(4 -> 3, float64)"
    assert repr(layer(np.float32)) == "Dense(4 -> 3, float32)"


def test_it_says_how_many_numbers_come_in_and_go_out():
    dense = layer()
    assert (dense.n_in, dense.width(4), dense.width(None)) == (4, 3, 3)


# --- the start ------------------------------------------------------------------------------------------------------


def test_the_start_lies_between_its_bounds_and_fills_them():
    dense = Dense.start(100, 400, np.random.default_rng(0), float)
    for array in (dense.W, dense.b):
        assert np.abs(array).max() <= 0.1
        assert np.abs(array).max() > 0.099
        assert abs(array.mean()) < 0.01
    np.testing.assert_allclose(dense.W.std(), 0.1 / np.sqrt(3), rtol=0.01)


def test_the_start_depends_on_the_generator_alone():
    assert layer() == layer()
    assert Dense.start(4, 3, np.random.default_rng(0)).W.dtype == np.float32
    np.testing.assert_array_equal(layer(np.float32).W, layer().W.astype(np.float32))


# --- errors ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("W", "b", "shapes"),
    [
        (np.ones(3), np.ones(3), r"W is \(3,\), b is \(3,\)"),
        (np.ones((4, 3)), np.ones(4), r"W is \(4, 3\), b is \(4,\); if W is as PyTorch keeps it write W = W.T"),
        (np.ones((4, 3)), np.ones((1, 3)), r"W is \(4, 3\), b is \(1, 3\); write b = np.ravel\(b\)"),
        (np.ones((4, 3)), 0.0, r"W is \(4, 3\), b is \(\)"),
        (np.ones((2, 4, 3)), np.ones(3), r"W is \(2, 4, 3\), b is \(3,\)"),
    ],
)
def test_weights_and_biases_that_do_not_fit_are_named_with_their_shapes(W, b, shapes):
    with pytest.raises(ValueError, match=rf"^Dense: expected W of shape \(n_in, n_out\) and b .*; {shapes}$"):
        Dense(W, b)


def test_a_width_that_does_not_fit_is_named_with_both_numbers():
    with pytest.raises(ValueError, match=r"5 numbers per example reach a layer that takes 4; W is \(4, 3\)"):
        layer().width(5)


def test_a_layer_that_computes_nothing_says_so():
    with pytest.raises(NotImplementedError):
        Layer().forward(np.ones((5, 4)))
    with pytest.raises(NotImplementedError):
        Layer().backward(None, np.ones((5, 4)))
    assert (Layer().n_in, Layer().width(7)) == (None, 7)
