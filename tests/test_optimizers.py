"""Rules: their laws, what they leave alone, and the traps."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nnlit import AdaGrad, Adam, AdamW, Cosine, GradientDescent, Momentum, Nesterov, RMSProp, Scheduled

RULES = [
    GradientDescent(0.1), Momentum(0.1), Nesterov(0.1), AdaGrad(0.1), RMSProp(0.1), Adam(0.1), AdamW(0.1),
    Scheduled(Adam(0.1), Cosine(10)),
]  # fmt: skip
SLOPES = arrays(np.float64, (4, 3), elements=st.floats(-3, 3, width=32))


def walk(rule, slopes, p=None, dtype=float):
    """Where a rule leads from p through some gradients."""
    p = np.zeros((4, 3), dtype) if p is None else p.copy()
    state = rule.init(p)
    for t, g in enumerate(slopes, start=1):
        state = rule.update(p, np.array(g, dtype), state, t)
    return p


@pytest.mark.parametrize("rule", RULES, ids=repr)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.long_but_one_in(4)
def test_dtype_is_kept(rule, dtype):
    g, p = np.random.default_rng(0).normal(size=(4, 3)).astype(dtype), np.ones((4, 3), dtype)
    state = rule.init(p)
    for t in (1, 2):
        state = rule.update(p, g, state, t)
    assert p.dtype == dtype
    assert all(
        part.dtype == dtype for part in (state if isinstance(state, tuple) else () if state is None else (state,))
    )


@pytest.mark.parametrize("rule", RULES, ids=repr)
def test_every_entry_goes_its_own_way(rule):
    slopes = np.random.default_rng(0).normal(size=(5, 4, 3))
    whole = walk(rule, slopes)
    for i, j in np.ndindex(4, 3):
        alone = walk(rule, slopes[:, i : i + 1, j : j + 1], np.zeros((1, 1)))
        np.testing.assert_allclose(alone[0, 0], whole[i, j], rtol=1e-12)


@pytest.mark.parametrize("rule", RULES, ids=repr)
def test_a_bowl_is_descended(rule):
    p = np.array([[2.0, -1.0]])
    state, start = rule.init(p), np.abs(p).max()
    for t in range(1, 10):
        state = rule.update(p, p.copy(), state, t)
    assert np.abs(p).max() < start


@given(st.lists(SLOPES, min_size=1, max_size=4))
def test_without_memory_momentum_is_gradient_descent(slopes):
    expected = walk(GradientDescent(0.1), slopes)
    np.testing.assert_allclose(walk(Momentum(0.1, mu=0.0), slopes), expected, rtol=1e-12)
    np.testing.assert_allclose(walk(Nesterov(0.1, mu=0.0), slopes), expected, rtol=1e-12)


@given(st.lists(SLOPES, min_size=1, max_size=6))
def test_the_velocity_is_the_weighted_sum_of_all_slopes(slopes):
    rule, state = Momentum(0.1, mu=0.8), np.zeros((4, 3))
    for t, g in enumerate(slopes, start=1):
        state = rule.update(np.zeros((4, 3)), g, state, t)
    weights = 0.8 ** np.arange(len(slopes))[::-1]
    np.testing.assert_allclose(state, np.tensordot(weights, np.array(slopes), 1), atol=1e-12)


@given(SLOPES)
def test_the_first_step_of_adam_is_the_sign(g):
    np.testing.assert_allclose(walk(Adam(0.1, epsilon=1e-300), [g]), -0.1 * np.sign(g), rtol=1e-12)


@given(st.lists(SLOPES, min_size=1, max_size=4), st.floats(0.5, 100))
def test_adam_does_not_see_the_scale(slopes, c):
    rule = Adam(0.1, epsilon=1e-300)
    np.testing.assert_allclose(walk(rule, [c * g for g in slopes]), walk(rule, slopes), rtol=1e-9, atol=1e-12)


def test_bias_correction_makes_a_constant_slope_exact():
    g, rule = np.full((4, 3), 0.5), Adam(0.1)
    state = rule.init(g)
    for t in range(1, 8):
        state = rule.update(np.zeros((4, 3)), g, state, t)
        np.testing.assert_allclose(state[0] / (1 - rule.beta1**t), g, rtol=1e-12)
        np.testing.assert_allclose(state[1] / (1 - rule.beta2**t), g**2, rtol=1e-10)


def test_an_entry_without_slope_stays():
    for rule in (AdaGrad(0.1), RMSProp(0.1), Adam(0.1)):
        assert not walk(rule, [np.zeros((4, 3))] * 3).any()


def test_decay_shrinks_matrices_and_leaves_vectors():
    rule = AdamW(0.5, decay=0.25)
    np.testing.assert_allclose(walk(rule, [np.zeros((4, 3))], np.ones((4, 3))), 0.875)
    vector = np.ones(3)
    rule.update(vector, np.zeros(3), rule.init(vector), 1)
    np.testing.assert_array_equal(vector, 1)


def test_cosine_rises_falls_and_ends():
    factors = [Cosine(steps=10, warm_up=4)(t) for t in range(1, 14)]
    assert factors[:5] == [0.25, 0.5, 0.75, 1.0, 1.0]
    assert all(a > b for a, b in itertools.pairwise(factors[4:11]))
    assert factors[10:] == [0.0, 0.0, 0.0]


def test_a_scheduled_rule_is_the_rule_with_another_rate():
    g = np.random.default_rng(0).normal(size=(4, 3))
    np.testing.assert_array_equal(walk(Scheduled(Adam(0.1), lambda t: 0.5), [g, g]), walk(Adam(0.05), [g, g]))


@pytest.mark.parametrize("rule", [AdaGrad(0.1), RMSProp(0.1), Adam(0.1), AdamW(0.1)], ids=repr)
@pytest.mark.parametrize(("dtype", "large"), [(np.float32, 1e25), (np.float32, -3e38), (np.float64, 1e160)])
def test_an_entry_recovers_from_a_slope_whose_square_is_infinite(rule, dtype, large):
    p, ones = np.zeros((2, 2), dtype), np.ones((2, 2), dtype)
    spike = np.where(np.eye(2) == 1, dtype(large), dtype(1))
    state, places = rule.init(p), []
    with np.errstate(over="raise", invalid="raise"):
        for t in range(1, 40):
            state = rule.update(p, spike if t == 5 else ones, state, t)
            places.append(p.copy())
    assert np.isfinite(p).all()
    late = places[-10] - places[-1]
    assert (late > 0.05).all()
    assert late[0, 0] > 0.3 * late[0, 1]


@pytest.mark.parametrize("rule", [AdaGrad(0.1), RMSProp(0.1), Adam(0.1), AdamW(0.1)], ids=repr)
@pytest.mark.parametrize("odd", [np.nan, np.inf])
def test_slopes_that_are_no_numbers_are_not_hidden(rule, odd):
    p = np.zeros(2)
    with np.errstate(invalid="ignore"):
        rule.update(p, np.array([odd, 1.0]), rule.init(p), 1)
    assert np.isfinite(p).tolist() == [False, True]


def test_a_large_slope_whose_square_is_a_number_counts():
    p = np.zeros(1, np.float32)
    AdaGrad(0.1).update(p, np.array([1e15], np.float32), np.zeros(1, np.float32), 1)
    assert p.item() == pytest.approx(-0.1)


@pytest.mark.parametrize(("slope", "counts"), [(1.7e16, True), (-1.7e16, True), (1.95e16, False), (-1.95e16, False)])
def test_from_where_on_a_slope_is_too_large_to_be_squared(slope, counts):
    """A thousandth of the root of the largest number of float32, 1.84e16, so that a million of them can be summed."""
    p = np.zeros(2, np.float32)
    AdaGrad(0.1).update(p, np.array([slope, 1], np.float32), np.zeros(2, np.float32), 1)
    assert p.tolist() == pytest.approx([-0.1 * np.sign(slope) if counts else 0, -0.1])


def test_the_numbers_of_a_rule_that_are_usual():
    assert (Momentum(1.0).mu, Nesterov(1.0).mu, RMSProp(1.0).rho, AdamW(1.0).decay) == (0.9, 0.9, 0.9, 0.01)
    assert (Adam(1.0).beta1, Adam(1.0).beta2, Adam(1.0).epsilon) == (0.9, 0.999, 1e-8)
    assert (AdaGrad(1.0).epsilon, RMSProp(1.0).epsilon, Cosine(5).warm_up) == (1e-8, 1e-8, 0)


@pytest.mark.parametrize(("steps", "warm_up"), [(1, 0), (2, 1), (3, 2)])
def test_a_schedule_may_rise_for_all_but_one_step(steps, warm_up):
    assert Cosine(steps, warm_up)(steps) == 1.0
    with pytest.raises(ValueError, match=f"Cosine: expected warm_up below steps, which is {steps}, but it is {steps}"):
        Cosine(steps, steps)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_slopes_whose_squares_are_too_large_count_as_nothing(dtype):
    from nnlit.optimizers import _squarable

    largest = np.sqrt(np.finfo(dtype).max) / 1000
    g = np.array([largest, -largest, 1.0, 0.0], dtype)
    assert _squarable(g) is g
    beyond = np.nextafter(largest, np.inf).astype(dtype) * dtype(1.001)
    for far in (beyond, -beyond, dtype(3) * largest):
        found = _squarable(np.array([far, largest, -2.0], dtype))
        assert found.tolist() == [0.0, float(largest), -2.0]
        assert found.dtype == dtype
    assert _squarable(np.array([np.inf, beyond], dtype)).tolist() == [np.inf, 0.0]
    assert np.isnan(_squarable(np.array([np.nan, 1.0], dtype))).tolist() == [True, False]
    empty = np.zeros(0, dtype)
    assert _squarable(empty) is empty
