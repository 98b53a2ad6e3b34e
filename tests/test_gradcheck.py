"""The judges are judged: on functions whose slopes are known, on wrong claims, and at their limits."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from nnlit import central_difference, check_gradient, check_layer, complex_step
from nnlit.gradcheck import GradientError

QUICK = settings(max_examples=50, derandomize=True, deadline=None)
FLOATS = st.floats(-3, 3, width=32)
ARRAYS = array_shapes(max_dims=3, max_side=4).flatmap(
    lambda shape: st.tuples(arrays(float, shape, elements=FLOATS), arrays(float, shape, elements=FLOATS))
)


def sine(x, G):
    return (G * np.sin(x)).sum()


@QUICK
@given(ARRAYS)
def test_both_measurements_find_a_known_gradient(point):
    x, G = point
    known = G * np.cos(x)
    assert complex_step(lambda x: sine(x, G), x) == pytest.approx(known, abs=1e-14)
    assert central_difference(lambda x: sine(x, G), x) == pytest.approx(known, abs=1e-8)
    if np.max(abs(known)) > 2e-11:
        assert check_gradient(lambda x: sine(x, G), x, known) == "ok"


@QUICK
@given(ARRAYS, st.integers(0, 10**6), st.sampled_from([-1.0, 0.0, 0.5, 2.0, 1 + 1e-6]))
def test_one_wrong_entry_is_found_wherever_it_is(point, where, factor):
    x, G = point
    f, claim = (lambda x: (np.exp(x) * (2 + np.sin(G))).sum()), np.exp(x) * (2 + np.sin(G))
    i = np.unravel_index(where % x.size, x.shape)
    slope, claim[i] = claim[i], factor * claim[i]
    if abs(slope - claim[i]) <= 2e-8 * np.max(np.exp(x) * 3):
        return
    with pytest.raises(GradientError, match=f"gradient of x: entry {' '.join(rf'.*{k}.*' for k in i)}"):
        check_gradient(f, x, claim)


def test_the_errors_of_the_measurements_are_those_of_the_chapter():
    x, third = np.array([1.0]), np.cos(1.0)  # the size of the sine's third derivative
    for h in (1e-2, 1e-3):
        central = central_difference(lambda x: np.sin(x).sum(), x, h)[0] - np.cos(1)
        into_the_plane = complex_step(lambda x: np.sin(x).sum(), x, h)[0] - np.cos(1)
        assert central == pytest.approx(-third * h**2 / 6, rel=1e-4)
        assert into_the_plane == pytest.approx(third * h**2 / 6, rel=1e-4)


def test_central_difference_of_a_square_is_exact_for_every_step():
    for h in (1e-6, 0.1, 1.0):
        assert central_difference(lambda x: (x**2).sum(), np.array([3.0, -1.0]), h) == pytest.approx([6, -2], abs=1e-9)


@pytest.mark.parametrize("measure", [central_difference, complex_step])
def test_a_measurement_changes_nothing_and_works_on_any_shape(measure):
    for shape in ((), (3,), (2, 3), (2, 1, 3)):
        x = np.full(shape, 2.0)
        grad = measure(lambda x: (x * x).sum(), x)
        assert grad.shape == shape
        assert grad == pytest.approx(np.full(shape, 4.0), abs=1e-9)
        assert (x == 2).all()


@pytest.mark.parametrize(
    "break_it",
    [
        lambda x: np.abs(x).sum(),
        lambda x: np.real(x * x).sum(),
        lambda x: (x * x.conj()).real.sum(),
        np.linalg.norm,
        np.var,
        np.std,
        lambda x: np.sign(x).sum(),
    ],
)
def test_a_function_that_breaks_complex_step_is_named_as_a_suspect(break_it):
    x = np.array([3.0, -4.0, 1.5])
    slope = central_difference(break_it, x)
    assert not np.allclose(complex_step(break_it, x), slope)
    with pytest.raises(GradientError, match="does the function take an absolute value or a real part, or is this a"):
        check_gradient(break_it, x, slope)


def test_a_plain_mistake_raises_no_suspicion_against_the_function():
    with pytest.raises(GradientError) as error:
        check_gradient(lambda x: (x**2).sum(), np.array([1.0, 2.0]), np.array([2.0, -4.0]))
    text = "entry (1,) is claimed to be -4, but complex step measures 4, central differences 4"
    assert str(error.value) == f"gradient of x: {text}"


def test_at_a_kink_the_measurements_disagree():
    x = np.array([0.0])
    assert central_difference(lambda x: np.maximum(x, 0).sum(), x) == pytest.approx([0.5])
    assert complex_step(lambda x: np.maximum(x, 0).sum(), x).tolist() == [1.0]
    for claim in (0.0, 0.5, 1.0):
        with pytest.raises(GradientError, match="kink"):
            check_gradient(lambda x: np.maximum(x, 0).sum(), x, np.array([claim]))


@pytest.mark.parametrize("nonsense", [np.nan, np.inf, -np.inf])
def test_a_claim_that_is_no_number_is_wrong(nonsense):
    with pytest.raises(GradientError, match=r"entry \(0,\) is claimed to be (nan|inf|-inf)"):
        check_gradient(lambda x: x.sum(), np.array([1.0, 2.0]), np.array([nonsense, 1.0]))


def test_a_function_that_is_no_number_has_no_slope():
    with np.errstate(invalid="ignore"), pytest.raises(GradientError, match="measures nan"):
        check_gradient(lambda x: (x * np.nan).sum(), np.array([1.0]), np.array([1.0]))


@pytest.mark.parametrize(
    ("f", "x", "grad", "kind", "message"),
    [
        (np.sum, np.ones(3), np.ones((3, 1)), GradientError, r"its shape is \(3, 1\), but b has shape \(3,\)"),
        (np.sum, np.ones(3), 1.0, GradientError, r"its shape is \(\), but b has shape \(3,\)"),
        (np.sum, np.ones(3, np.float32), np.ones(3), ValueError, r"expected float64, .* b is float32; astype\(float\)"),
        (np.sum, np.ones(3, int), np.ones(3), ValueError, "b is int64"),
        (np.sum, np.ones((0, 3)), np.ones((0, 3)), ValueError, r"expected at least one entry, .* shape \(0, 3\)"),
        (np.exp, np.ones(3), np.ones(3), ValueError, r"returns a number, but the result has shape \(3,\)"),
    ],
)
def test_what_cannot_be_compared_is_refused(f, x, grad, kind, message):
    with pytest.raises(kind, match=f"gradient of b: .*{message}"):
        check_gradient(f, x, grad, "b")


@pytest.mark.parametrize("size", [1e-12, 1e-15, 1e-30, 1e-300, 0.0])
@pytest.mark.parametrize("factor", [1.0, 0.0, -1.0, 0.5])
def test_slopes_too_small_to_be_judged_are_never_ok_whatever_is_claimed(size, factor):
    x = np.array([1.0, 2.0])
    with pytest.raises((ValueError, GradientError)):
        check_gradient(lambda x: size * (x**2).sum(), x, factor * 2 * size * x)
    if size < 1e-14:
        with pytest.raises(ValueError, match="gradient of x: nothing to measure: the largest slope is"):
            check_gradient(lambda x: size * (x**2).sum(), x, factor * 2 * size * x)


def test_the_number_that_the_message_names_makes_the_slopes_measurable():
    x = np.array([1.0, 2.0])
    with pytest.raises(ValueError, match=r"by a number, such as 3e\+20, or choose"):
        check_gradient(lambda x: 1e-21 * (x**2).sum(), x, 2e-21 * x)
    assert check_gradient(lambda x: 2e20 * 1e-21 * (x**2).sum(), x, 2e20 * 2e-21 * x) == "ok"
    with pytest.raises(GradientError, match="is claimed to be -0"):
        check_gradient(lambda x: 2e20 * 1e-21 * (x**2).sum(), x, 2e20 * -2e-21 * x)


@pytest.mark.parametrize("factor", [-1.0, 0.0, 0.98, 1.02, 2.0])
@pytest.mark.parametrize("size", [1e-11, 1e-9, 1.0, 1e9])
def test_an_error_of_two_percent_in_the_largest_slope_is_found_at_every_size_that_is_judged(size, factor):
    x = np.array([0.5, 1.0])
    with pytest.raises(GradientError):
        check_gradient(lambda x: size * (x**2).sum(), x, factor * 2 * size * x)


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
