"""Complex step at its best and at its limits, and the check of a whole layer."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from nnlit import central_difference, check_gradient, check_layer, complex_step
from nnlit.slopes import GradientError


def test_the_error_of_the_complex_step_is_that_of_the_chapter():
    x, third = np.array([1.0]), np.cos(1.0)  # the size of the sine's third derivative
    for h in (1e-2, 1e-3):
        into_the_plane = complex_step(lambda x: np.sin(x).sum(), x, h)[0] - np.cos(1)
        assert into_the_plane == pytest.approx(third * h**2 / 6, rel=1e-4)
    assert complex_step(lambda x: np.sin(x).sum(), x)[0] == pytest.approx(np.cos(1), abs=1e-16)


BREAKING = [
    lambda x: np.abs(x).sum(),
    lambda x: np.real(x * x).sum(),
    lambda x: (x * x.conj()).real.sum(),
    np.linalg.norm,
    np.var,
    np.std,
    lambda x: np.sign(x).sum() + np.abs(x).sum(),
]


@pytest.mark.parametrize("break_it", BREAKING)
def test_a_function_that_breaks_complex_step_is_not_judged_right_by_it(break_it):
    x = np.array([3.0, -4.0, 1.5])
    slope = central_difference(break_it, x)
    assert check_gradient(break_it, x, slope) == "ok"
    with pytest.raises(GradientError):
        check_gradient(break_it, x, slope, complex_step, 1e-13)
    with pytest.raises((GradientError, ValueError)):
        check_gradient(break_it, x, complex_step(break_it, x))


def test_at_a_kink_no_claim_satisfies_both_measurements():
    x = np.array([0.0])
    assert complex_step(lambda x: np.maximum(x, 0).sum(), x).tolist() == [1.0]
    for claim in (0.0, 0.5, 1.0):
        right = [
            claim == pytest.approx(slope(lambda x: np.maximum(x, 0).sum(), x)[0], abs=1e-7)
            for slope in (central_difference, complex_step)
        ]
        assert not all(right)


def test_check_layer_says_what_may_be_wrong_where_the_measurements_disagree():
    @dataclass(frozen=True)
    class Size:
        """The absolute value, with the right backward: complex step cannot see that."""

        parameters = ()

        def forward(self, X):
            return np.abs(X), X

        def backward(self, X, grad_A):
            return grad_A * np.sign(X), {}

    with pytest.raises(GradientError, match="complex_step measures 0; central differences agree with the claim"):
        check_layer(Size(), X)


def test_check_layer_finds_a_mistake_that_central_differences_do_not_see():
    @dataclass(frozen=True)
    class Nearly:
        """Wrong in the tenth digit."""

        parameters = ()

        def forward(self, X):
            return np.tanh(X), X

        def backward(self, X, grad_A):
            return grad_A * (1 - np.tanh(X) ** 2) * (1 + 1e-10), {}

    with pytest.raises(GradientError, match="is it a small mistake"):
        check_layer(Nearly(), X)


def test_check_layer_says_of_a_layer_whose_outputs_never_move_that_nothing_was_measured():
    @dataclass(frozen=True)
    class Dead:
        """Gives zeros, as a ReLU does whose inputs are all negative; its backward was never looked at."""

        parameters = ()

        def forward(self, X):
            return np.maximum(X - 100, 0), X

        def backward(self, X, grad_A):
            return np.where(X > 100, -grad_A, 0), {}  # wrong where it is on

    with pytest.raises(ValueError, match="gradient of X: nothing to measure"):
        check_layer(Dead(), X)
    with pytest.raises(GradientError, match="gradient of X: entry"):
        check_layer(Dead(), X + 200)


@dataclass(frozen=True)
class Affine:
    """W stretches and turns, b shifts; `fault` says which gradient is to be wrong."""

    W: np.ndarray
    b: np.ndarray
    fault: str = ""
    parameters = ("W", "b")

    def forward(self, X):
        return X @ self.W + self.b, X

    def backward(self, X, grad_Z):
        grads = {"W": X.T @ grad_Z, "b": grad_Z.sum(axis=0)}
        if self.fault == "missing":
            del grads["b"]
        elif self.fault in grads:
            grads[self.fault] = grads[self.fault] * 1.001
        return grad_Z @ self.W.T * (1.001 if self.fault == "X" else 1), grads


@dataclass(frozen=True)
class Chain:
    """Layers one after another."""

    layers: tuple
    parameters = ()

    def forward(self, X):
        caches = []
        for layer in self.layers:
            X, cache = layer.forward(X)
            caches.append(cache)
        return X, caches

    def backward(self, caches, grad):
        grads = []
        for layer, cache in zip(self.layers[::-1], caches[::-1], strict=True):
            grad, own = layer.backward(cache, grad)
            grads.append(own)
        return grad, grads[::-1]


def affine(n_in, n_out, fault="", seed=0):
    rng = np.random.default_rng(seed)
    return Affine(rng.normal(size=(n_in, n_out)), rng.normal(size=n_out), fault)


X = np.random.default_rng(1).normal(size=(5, 4))


def test_check_layer_accepts_a_right_layer_and_changes_nothing():
    layer = affine(4, 3)
    before = [layer.W.copy(), layer.b.copy(), X.copy()]
    assert check_layer(layer, X) == "ok"
    assert all((a == b).all() for a, b in zip(before, (layer.W, layer.b, X), strict=True))


@pytest.mark.parametrize("fault", ["X", "W", "b"])
@pytest.mark.parametrize("seed", [None, 3])
def test_check_layer_reaches_the_input_and_every_parameter(fault, seed):
    rng = np.random.default_rng(seed) if seed else None
    with pytest.raises(GradientError, match=f"gradient of {fault}: entry"):
        check_layer(affine(4, 3, fault), X, rng)


def test_a_parameter_without_a_gradient_is_an_error():
    with pytest.raises(GradientError, match=r"gradient of b: backward returns none, only \['W'\]"):
        check_layer(affine(4, 3, "missing"), X)


def test_check_layer_reaches_the_parameters_of_layers_in_layers():
    inner = Chain((affine(3, 6, seed=1), affine(6, 2, seed=2)))
    chain = Chain((affine(4, 3), inner))
    assert check_layer(chain, X) == "ok"
    for place, name in (((0,), "layers[0].W"), ((1, 0), "layers[1].layers[0].W"), ((1, 1), "layers[1].layers[1].W")):
        with pytest.raises(GradientError) as error:
            check_layer(with_fault(chain, place), X)
        assert str(error.value).startswith(f"gradient of {name}: entry (0, 0)")


def with_fault(chain, place):
    """The chain with a wrong gradient of W in the layer at a place."""
    first, *rest = place
    below = with_fault(chain.layers[first], rest) if rest else replace(chain.layers[first], fault="W")
    return Chain((*chain.layers[:first], below, *chain.layers[first + 1 :]))


def test_check_layer_wants_float64_everywhere():
    layer = affine(4, 3)
    with pytest.raises(ValueError, match="gradient of X: expected float64"):
        check_layer(layer, X.astype(np.float32))
    with pytest.raises(ValueError, match="gradient of W: expected float64"):
        check_layer(replace(layer, W=layer.W.astype(np.float32)), X)


def test_the_random_probe_sees_what_a_probe_of_ones_does_not():
    @dataclass(frozen=True)
    class Reversed:
        """Turns the columns around forward, and forgets to do so backward."""

        parameters = ()

        def forward(self, X):
            return X[:, ::-1], None

        def backward(self, _, grad_A):
            return grad_A, {}

    ones = np.ones_like(X)
    claim, _ = Reversed().backward(None, ones)
    assert check_gradient(lambda x: (ones * Reversed().forward(x)[0]).sum(), X, claim) == "ok"
    with pytest.raises(GradientError, match="gradient of X"):
        check_layer(Reversed(), X)
