"""ReLU, sigmoid and tanh: their identities, their slopes, the kink, and numbers of every size."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nnlit import LeakyReLU, ReLU, Sigmoid, Softplus, Tanh, check_layer
from tests.tiers import tries

LAYERS = [ReLU(), Sigmoid(), Tanh()]
numbers = st.floats(-3, 3, width=32)
matrices = arrays(float, (4, 3), elements=numbers)
off_the_kink = arrays(float, (4, 3), elements=st.one_of(st.floats(0.01, 3), st.floats(-3, -0.01)))
every = pytest.mark.parametrize("layer", LAYERS, ids=repr)
checked = settings(max_examples=tries(30), derandomize=True, deadline=None)


def value(layer, Z):
    return layer.forward(Z)[0]


def slope(layer, Z):
    _, cache = layer.forward(Z)
    return layer.backward(cache, np.ones_like(Z))[0]


@every
@checked
@given(Z=off_the_kink)
def test_backward_is_the_slope_of_forward(layer, Z):
    Z[0, 0] = 2  # where all are negative, ReLU has no slope to measure
    assert check_layer(layer, Z) == "ok"


@every
@checked
@given(Z=matrices, U=matrices, V=matrices, a=numbers, b=numbers)
def test_backward_is_linear_in_the_gradient_from_above(layer, Z, U, V, a, b):
    _, cache = layer.forward(Z)
    together = layer.backward(cache, a * U + b * V)[0]
    alone = a * layer.backward(cache, U)[0] + b * layer.backward(cache, V)[0]
    np.testing.assert_allclose(together, alone, atol=1e-12)


@every
def test_each_entry_is_for_itself(layer):
    Z = np.random.default_rng(0).normal(size=(5, 4))
    other = Z.copy()
    other[2, 1] += 1
    changed = value(layer, other) != value(layer, Z)
    assert not np.delete(changed.ravel(), 2 * 4 + 1).any()


@every
@pytest.mark.parametrize("shape", [(), (3,), (5, 4), (2, 3, 4), (0, 3)])
def test_any_shape_will_do(layer, shape):
    Z = np.random.default_rng(0).normal(size=shape)
    A, cache = layer.forward(Z)
    assert A.shape == layer.backward(cache, np.ones(shape))[0].shape == shape


@every
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_stays(layer, dtype):
    Z = np.linspace(-2, 2, 12, dtype=dtype).reshape(4, 3)
    assert value(layer, Z).dtype == slope(layer, Z).dtype == dtype


@every
def test_nothing_handed_in_is_changed_and_twice_is_the_same(layer):
    rng = np.random.default_rng(0)
    Z, grad_A = rng.normal(size=(5, 4)), rng.normal(size=(5, 4))
    before = Z.copy(), grad_A.copy()
    A, cache = layer.forward(Z)
    kept = A.copy()
    first, second = layer.backward(cache, grad_A)[0], layer.backward(cache, grad_A)[0]
    np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal(A, kept)
    np.testing.assert_array_equal(Z, before[0])
    np.testing.assert_array_equal(grad_A, before[1])


@every
def test_an_activation_is_a_value_without_parameters(layer):
    Z = np.random.default_rng(0).normal(size=(5, 4))
    A, cache = layer.forward(Z)
    assert layer == type(layer)()
    assert repr(layer) == f"{type(layer).__name__}()"
    assert layer.parameters == ()
    assert layer.backward(cache, A)[1] == layer.gradients(cache, A) == {}
    assert layer.width(7) == 7
    assert layer.n_in is None
    np.testing.assert_array_equal(layer.predict(Z), A)


def test_activations_of_different_kinds_differ():
    assert ReLU() != Tanh() != Sigmoid()


# --- ReLU -----------------------------------------------------------------------------------------------------------


@checked
@given(Z=matrices)
def test_relu_has_its_identities(Z):
    A = value(ReLU(), Z)
    np.testing.assert_array_equal(value(ReLU(), A), A)
    np.testing.assert_array_equal(Z * slope(ReLU(), Z), A)
    np.testing.assert_array_equal(A - value(ReLU(), -Z), Z)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_at_the_kink_the_slope_is_zero(dtype):
    Z = np.array([0.0, -0.0, np.nextafter(dtype(0), dtype(1)), -1e-30], dtype)
    assert slope(ReLU(), Z).tolist() == [0, 0, 1, 0]


def test_asking_the_output_with_greater_or_equal_is_always_true():
    rng = np.random.default_rng(0)
    Z, grad_A = rng.normal(size=(5, 4)), rng.normal(size=(5, 4))
    A, cache = ReLU().forward(Z)
    right = ReLU().backward(cache, grad_A)[0]
    np.testing.assert_array_equal(grad_A * (A >= 0), grad_A)
    assert np.abs(grad_A * (A >= 0) - right).max() > 0.1
    np.testing.assert_array_equal(grad_A * (A > 0), right)


def test_relu_keeps_what_is_not_a_number_in_sight():
    with np.errstate(invalid="ignore"):
        A, cache = ReLU().forward(np.array([np.nan, np.inf, -np.inf]))
    assert np.isnan(A[0])
    assert A[1:].tolist() == [np.inf, 0]
    assert ReLU().backward(cache, np.ones(3))[0].tolist() == [0, 1, 0]


# --- sigmoid and tanh -----------------------------------------------------------------------------------------------


@checked
@given(Z=matrices)
def test_sigmoid_and_tanh_have_their_identities(Z):
    A = value(Sigmoid(), Z)
    np.testing.assert_allclose(A, 1 / (1 + np.exp(-Z)), rtol=1e-14)
    np.testing.assert_allclose(value(Sigmoid(), -Z), 1 - A, rtol=1e-14)
    np.testing.assert_allclose(value(Tanh(), Z), 2 * value(Sigmoid(), 2 * Z) - 1, atol=1e-15)
    np.testing.assert_allclose(value(Tanh(), -Z), -value(Tanh(), Z), rtol=1e-15)


@checked
@given(Z=arrays(float, (6,), elements=st.floats(-1e6, 1e6)))
def test_slopes_are_even_and_bounded(Z):
    for layer, most in ((Sigmoid(), 0.25), (Tanh(), 1.0)):
        found = slope(layer, Z)
        assert (found >= 0).all()
        assert (found <= most).all()
        np.testing.assert_allclose(slope(layer, -Z), found, atol=1e-15)


@pytest.mark.parametrize("layer", [Sigmoid(), Tanh()], ids=repr)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_numbers_of_every_size_give_no_warning(layer, dtype):
    Z = np.array([-np.inf, -1e30, -1000, -89, 0, 89, 1000, 1e30, np.inf], dtype)
    A = value(layer, Z)
    assert (np.diff(A) >= 0).all()
    assert A[[0, 1, -2, -1]].tolist() == [A[2], A[2], 1, 1]
    assert slope(layer, Z)[[0, 1, 2, -3, -2, -1]].tolist() == [0] * 6


def test_what_is_lost_far_below_zero_is_less_than_rounding():
    assert value(Sigmoid(), np.array([-40.0])).item() == 0
    assert abs(value(Sigmoid(), np.array([-36.0])).item() - np.exp(-36)) < 1.2e-16


@pytest.mark.parametrize("layer", [LeakyReLU(0.2), Softplus()], ids=repr)
def test_a_leak_and_a_rounded_corner_by_hand(layer):
    Z = np.array([[-1000.0, 0.0, 2.0, 1000.0]])
    A, cache = layer.forward(Z)
    grad_Z, _ = layer.backward(cache, np.ones((1, 4)))
    if layer == Softplus():
        np.testing.assert_allclose(A, [[0, np.log(2), np.log1p(np.exp(2)), 1000]])
        np.testing.assert_allclose(grad_Z, [[0, 0.5, 1 / (1 + np.exp(-2)), 1]])
    else:
        assert A.tolist() == [[-200, 0, 2, 1000]]
        assert grad_Z.tolist() == [[0.2, 0, 1, 1]]


def test_softplus_keeps_the_digits_of_what_is_small():
    assert Softplus().predict(np.array([[-40.0]])).item() == pytest.approx(np.exp(-40.0), rel=1e-14)


@pytest.mark.parametrize(("slope", "A"), [(0, [[0, 0, 3]]), (1, [[-2, 0, 3]])])
def test_the_least_leak_is_relu_and_the_largest_leaves_all_as_it_is(slope, A):
    assert LeakyReLU(slope).predict(np.array([[-2.0, 0.0, 3.0]])).tolist() == A


@pytest.mark.parametrize("slope", [-0.1, 1.1, np.nan])
def test_a_leak_that_is_none_is_refused(slope):
    with pytest.raises(ValueError, match="LeakyReLU: expected a slope from 0 to 1"):
        LeakyReLU(slope)
