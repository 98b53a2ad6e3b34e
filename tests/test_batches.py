"""Plans of an epoch: who is in which batch."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnlit import Dense, GradientDescent, MiniBatches, Network, WithReplacement, fit, softmax_cross_entropy

SIZES = st.tuples(st.integers(1, 60), st.integers(1, 70), st.integers(0, 2**32))


@given(SIZES)
def test_every_example_is_in_exactly_one_batch(case):
    m, size, seed = case
    plan = MiniBatches(size)(m, np.random.default_rng(seed))
    assert sorted(np.concatenate(plan).tolist()) == list(range(m))
    assert [len(rows) for rows in plan[:-1]] == [size] * (len(plan) - 1)
    assert 1 <= len(plan[-1]) <= size


@given(SIZES)
def test_with_replacement_draws_as_often_as_there_are_examples(case):
    m, size, seed = case
    plan = WithReplacement(size)(m, np.random.default_rng(seed))
    drawn = np.concatenate(plan)
    assert len(drawn) == m
    assert 0 <= drawn.min() <= drawn.max() < m


@pytest.mark.parametrize("kind", [MiniBatches, WithReplacement])
def test_same_seed_same_plan(kind):
    one, two, other = (kind(7)(50, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))
    assert not all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("kind", [MiniBatches, WithReplacement])
def test_a_batch_of_nothing_is_refused(kind):
    with pytest.raises(ValueError, match=f"{kind.__name__}: expected size of at least one, but it is 0"):
        kind(0)


def test_with_replacement_repeats():
    drawn = np.concatenate(WithReplacement(10)(1000, np.random.default_rng(0)))
    assert len(np.unique(drawn)) < 700


def test_an_epoch_of_whole_batches_is_an_epoch_of_full_steps():
    """A batch that holds everything, whatever its order, gives the full gradient."""
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(30, 4)), rng.integers(0, 3, 30)
    start = Network([Dense.start(4, 3, rng, dtype=float)])
    rule = GradientDescent(0.1)
    ends = [
        fit(start, X, y, loss=softmax_cross_entropy, rule=rule, batches=plan, epochs=3, rng=np.random.default_rng(1))[0]
        for plan in (MiniBatches(30), MiniBatches(1000), lambda m, rng: [slice(0, m)])
    ]
    for end in ends[1:]:
        np.testing.assert_allclose(end.layers[0].W, ends[0].layers[0].W, rtol=1e-12)
