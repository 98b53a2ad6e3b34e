"""Gradient descent: the step itself, and what the chapter says of it on bowls."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nnlit import Dense, GradientDescent, Rule, squared_error
from tests.tiers import tries

numbers = st.floats(-3, 3, width=32)
shapes = st.sampled_from([(), (1,), (5,), (4, 3), (2, 3, 4)])
bowls = pytest.mark.parametrize("seed", range(5))


def bowl(seed, n=5):
    """A symmetric matrix with positive eigenvalues, and a point that has a part in every direction."""
    rng = np.random.default_rng(seed)
    Q, _ = np.linalg.qr(rng.normal(size=(n, n)))
    curvatures = rng.uniform(0.5, 8, size=n)
    return (Q * curvatures) @ Q.T, Q @ rng.uniform(1, 2, size=n), curvatures


def descend(p, gradient, learning_rate, steps):
    p, rule, state = p.copy(), GradientDescent(learning_rate), None
    for t in range(1, steps + 1):
        state = rule.update(p, gradient(p), state, t)
    return p


@settings(max_examples=tries(50), derandomize=True, deadline=None)
@given(data=st.data(), shape=shapes, learning_rate=st.floats(0, 2))
def test_a_step_is_the_learning_rate_times_the_gradient_downhill(data, shape, learning_rate):
    p = data.draw(arrays(float, shape, elements=numbers))
    g = data.draw(arrays(float, shape, elements=numbers))
    moved, used = p.copy(), g.copy()
    assert GradientDescent(learning_rate).update(moved, used, None, 1) is None
    np.testing.assert_allclose(p - moved, learning_rate * g, atol=1e-14)
    np.testing.assert_array_equal(used, g)  # the gradient is left as it was


def test_the_array_itself_is_moved():
    p = np.zeros(3)
    view = p[1:]
    GradientDescent(1.0).update(p, np.ones(3), None, 1)
    assert view.tolist() == [-1, -1]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_stays(dtype):
    p = np.ones(3, dtype)
    GradientDescent(np.float64(0.1)).update(p, np.ones(3), None, 1)
    assert p.dtype == dtype


def test_every_step_is_alike_and_every_parameter_alone():
    rng, rule = np.random.default_rng(0), GradientDescent(0.3)
    p, slopes = rng.normal(size=7), rng.normal(size=7)
    whole, late, left, right = p.copy(), p.copy(), p[:3].copy(), p[3:].copy()
    rule.update(whole, slopes.copy(), rule.init(p), 1)
    rule.update(late, slopes.copy(), None, 1000)
    rule.update(left, slopes[:3].copy(), None, 1)
    rule.update(right, slopes[3:].copy(), None, 1)
    np.testing.assert_array_equal(whole, late)
    np.testing.assert_array_equal(whole, np.concatenate([left, right]))


@pytest.mark.parametrize("g", [np.ones(2), np.ones(2, int)])
def test_integers_cannot_take_a_step(g):
    p = np.array([4, 1])
    with pytest.raises(TypeError, match="Cannot cast"):
        GradientDescent(0.1).update(p, g, None, 1)
    assert p.tolist() == [4, 1]


@pytest.mark.parametrize("learning_rate", [-0.1, np.nan, np.inf, -np.inf])
def test_a_learning_rate_that_is_none_is_refused(learning_rate):
    with pytest.raises(ValueError, match=f"GradientDescent: expected a learning rate .* it is {learning_rate}"):
        GradientDescent(learning_rate)


def test_a_rule_is_a_value():
    assert GradientDescent(0.1) == GradientDescent(0.1) != GradientDescent(0.2)
    assert len({GradientDescent(0.1), GradientDescent(0.1)}) == 1
    assert repr(GradientDescent(0.1)) == "GradientDescent(learning_rate=0.1)"
    with pytest.raises(AttributeError):
        GradientDescent(0.1).learning_rate = 0.2


def test_the_base_remembers_nothing_and_says_that_it_has_no_step():
    p = np.zeros(2)
    assert Rule().init(p) is None
    with pytest.raises(NotImplementedError):
        Rule().update(p, p, None, 1)


# --- what the chapter derives ---------------------------------------------------------------------------------------


@bowls
@pytest.mark.parametrize("share", [0.3, 0.9, 1.4, 1.9, 2.1])
@pytest.mark.long_but_one_in(4)
def test_each_direction_has_its_factor(seed, share):
    A, p, curvatures = bowl(seed)
    learning_rate, steps = share / curvatures.max(), 9
    found, Q = np.linalg.eigh(A)
    after = descend(p, lambda p: A @ p, learning_rate, steps)
    np.testing.assert_allclose(Q.T @ after, (1 - learning_rate * found) ** steps * (Q.T @ p), rtol=1e-9, atol=1e-12)


@bowls
@pytest.mark.long_but_one_in(3)
def test_the_bound_is_exact(seed):
    A, p, curvatures = bowl(seed)
    bound = 2 / curvatures.max()
    assert np.abs(descend(p, lambda p: A @ p, 0.999 * bound, 20_000)).max() < 1e-6
    assert np.abs(descend(p, lambda p: A @ p, 1.001 * bound, 20_000)).max() > 1e6


@bowls
def test_the_best_learning_rate_is_the_best(seed):
    A, p, curvatures = bowl(seed)
    low, high = curvatures.min(), curvatures.max()
    best = 2 / (low + high)

    def left(learning_rate):
        return np.linalg.norm(descend(p, lambda p: A @ p, learning_rate, 300))

    q = (high - low) / (high + low)
    assert left(best) <= q**300 * np.linalg.norm(p) * (1 + 1e-9)
    assert left(best) < min(left(0.98 * best), left(1.02 * best))


def test_below_the_bound_every_step_lowers_the_squared_error_of_a_dense_layer():
    rng = np.random.default_rng(0)
    X, Y, layer = rng.normal(size=(9, 4)), rng.normal(size=(9, 3)), Dense.start(4, 3, rng, dtype=float)
    ones = np.hstack([X, np.ones((9, 1))])
    rule = GradientDescent(0.999 * 2 / np.linalg.eigvalsh(ones.T @ ones / 9).max())
    losses = []
    for t in range(1, 60):
        Y_hat, cache = layer.forward(X)
        loss, grad_Y_hat = squared_error(Y_hat, Y)
        gradients = layer.gradients(cache, grad_Y_hat)
        for name in layer.parameters:
            rule.update(getattr(layer, name), gradients[name], None, t)
        losses.append(loss)
    assert (np.diff(losses) < 0).all()
