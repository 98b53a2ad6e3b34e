"""Starts: their spread, their dtype, their shape."""

import numpy as np
import pytest

from nnlit import Dense, glorot, he

SIGMA = {he: lambda n_in, n_out: (2 / n_in) ** 0.5, glorot: lambda n_in, n_out: (2 / (n_in + n_out)) ** 0.5}


@pytest.mark.parametrize("start", [he, glorot])
@pytest.mark.parametrize("sizes", [(784, 300), (300, 784)])
def test_spread_and_mean(start, sizes):
    W = start(*sizes, np.random.default_rng(0), dtype=float).W
    sigma = SIGMA[start](*sizes)
    assert abs(W.std() / sigma - 1) < 5 / np.sqrt(2 * W.size)  # five standard errors
    assert abs(W.mean()) < 5 * sigma / np.sqrt(W.size)


@pytest.mark.parametrize("start", [he, glorot, Dense.start])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_shapes_and_dtype(start, dtype):
    layer = start(4, 3, np.random.default_rng(0), dtype=dtype)
    assert (layer.W.shape, layer.b.shape) == ((4, 3), (3,))
    assert layer.W.dtype == layer.b.dtype == dtype


@pytest.mark.parametrize("start", [he, glorot])
def test_biases_are_zero(start):
    assert not start(4, 3, np.random.default_rng(0)).b.any()


@pytest.mark.parametrize("start", [he, glorot, Dense.start])
def test_one_seed_one_start(start):
    one, two, other = (start(4, 3, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert one == two
    assert one != other


def test_the_uniform_start_keeps_its_bounds():
    layer = Dense.start(16, 1000, np.random.default_rng(0), dtype=float)
    for p in (layer.W, layer.b):
        assert -0.25 <= p.min() < -0.24
        assert 0.24 < p.max() <= 0.25


def test_he_keeps_the_size_of_a_signal_through_many_layers():
    squares = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        A = rng.normal(size=(50, 200))
        for _ in range(8):
            A = np.maximum(he(200, 200, rng, dtype=float).forward(A)[0], 0)
        squares.append(np.mean(A**2))
    assert 0.8 < np.mean(squares) < 1.2
