"""The judge is judged: on functions whose slopes are known, on wrong claims, and at its limits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from nnlit import central_difference, check_gradient, complex_step
from nnlit.slopes import GradientError
from tests.tiers import tries

QUICK = settings(max_examples=tries(50), derandomize=True, deadline=None)
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
    if np.max(abs(known)) > 2e-5:
        assert check_gradient(lambda x: sine(x, G), x, known) == "ok"
    if np.max(abs(known)) > 2e-11:
        assert check_gradient(lambda x: sine(x, G), x, known, complex_step, 1e-13) == "ok"


@QUICK
@given(ARRAYS, st.integers(0, 10**6), st.sampled_from([-1.0, 0.0, 0.5, 2.0, 1 + 1e-5]))
def test_one_wrong_entry_is_found_wherever_it_is(point, where, factor):
    x, G = point
    f, claim = (lambda x: (np.exp(x) * (2 + np.sin(G))).sum()), np.exp(x) * (2 + np.sin(G))
    i = np.unravel_index(where % x.size, x.shape)
    slope, claim[i] = claim[i], factor * claim[i]
    if abs(slope - claim[i]) <= 2e-7 * max(1, np.max(np.exp(x) * 3)):
        return
    with pytest.raises(GradientError, match=f"gradient of x: entry {' '.join(rf'.*{k}.*' for k in i)}"):
        check_gradient(f, x, claim)


def test_the_error_of_the_central_difference_is_that_of_the_chapters():
    for h in (1e-1, 1e-2, 1e-3):
        cube = central_difference(lambda x: (x**3).sum(), np.array([1.0]), h)[0] - 3
        assert cube == pytest.approx(h**2, rel=1e-6)
    for h in (1e-2, 1e-3):
        central = central_difference(lambda x: np.sin(x).sum(), np.array([1.0]), h)[0] - np.cos(1)
        assert central == pytest.approx(-np.cos(1) * h**2 / 6, rel=1e-4)


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


def test_the_message_has_the_entry_the_claim_and_the_measurement():
    with pytest.raises(GradientError) as error:
        check_gradient(lambda x: (x**2).sum(), np.array([1.0, 2.0]), np.array([2.0, -4.0]), complex_step)
    assert str(error.value) == "gradient of x: entry (1,) is claimed to be -4, but complex_step measures 4"


def test_a_measurement_of_ones_own_is_asked_and_named():
    def never(f, x):
        return np.full(np.shape(x), 7.0)

    assert check_gradient(np.sum, np.ones(2), np.array([7.0, 7.0]), slope=never) == "ok"
    with pytest.raises(GradientError, match="claimed to be 1, but never measures 7"):
        check_gradient(np.sum, np.ones(2), np.ones(2), slope=never)


def test_the_tolerance_decides():
    x = np.array([1.0])
    assert check_gradient(lambda x: (x**2).sum(), x, np.array([2.001]), tolerance=1e-3) == "ok"
    with pytest.raises(GradientError):
        check_gradient(lambda x: (x**2).sum(), x, np.array([2.001]), tolerance=1e-4)


def test_at_a_kink_central_differences_take_the_mean_of_both_sides():
    x = np.array([0.0])
    assert central_difference(lambda x: np.maximum(x, 0).sum(), x) == pytest.approx([0.5])
    for claim in (0.0, 1.0):
        with pytest.raises(GradientError, match="measures 0"):
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
        check_gradient(f, x, grad, name="b")


JUDGES = [(central_difference, 1e-7), (complex_step, 1e-13)]


@pytest.mark.parametrize(("slope", "tolerance"), JUDGES)
@pytest.mark.parametrize("size", [0.1, 1e-2, 1e-15, 1e-280, 0.0])  # in tolerances
@pytest.mark.parametrize("factor", [1.0, 0.0, -1.0, 0.5])
@pytest.mark.long_but_one_in(4)
def test_slopes_too_small_to_be_judged_are_never_ok_whatever_is_claimed(slope, tolerance, size, factor):
    x, size = np.array([1.0, 2.0]), size * tolerance
    with pytest.raises((ValueError, GradientError)):
        check_gradient(lambda x: size * (x**2).sum(), x, factor * 2 * size * x, slope, tolerance)
    if size < tolerance / 20:
        with pytest.raises(ValueError, match="gradient of x: nothing to measure: the largest slope is"):
            check_gradient(lambda x: size * (x**2).sum(), x, factor * 2 * size * x, slope, tolerance)


def test_the_number_that_the_message_names_makes_the_slopes_measurable():
    x = np.array([1.0, 2.0])
    with pytest.raises(ValueError, match=r"by a number, such as 3e\+20, or choose"):
        check_gradient(lambda x: 1e-21 * (x**2).sum(), x, 2e-21 * x)
    assert check_gradient(lambda x: 2e20 * 1e-21 * (x**2).sum(), x, 2e20 * 2e-21 * x) == "ok"
    with pytest.raises(GradientError, match="is claimed to be -0"):
        check_gradient(lambda x: 2e20 * 1e-21 * (x**2).sum(), x, 2e20 * -2e-21 * x)


@pytest.mark.parametrize(("slope", "tolerance"), JUDGES)
@pytest.mark.parametrize("factor", [-1.0, 0.0, 0.98, 1.02, 2.0])
@pytest.mark.parametrize("size", [100.0, 1e4, 1e7])  # in tolerances
@pytest.mark.long_but_one_in(4)
def test_an_error_of_two_percent_in_the_largest_slope_is_found_at_every_size_that_is_judged(
    slope, tolerance, size, factor
):
    x, size = np.array([0.5, 1.0]), size * tolerance
    with pytest.raises(GradientError):
        check_gradient(lambda x: size * (x**2).sum(), x, factor * 2 * size * x, slope, tolerance)


@pytest.mark.parametrize(("slope", "judged"), [(0.9e-5, False), (1.1e-5, True)])
def test_an_error_of_one_percent_must_be_within_reach(slope, judged):
    """With a tolerance of 1e-7 a slope of 1e-5 is the least of which one percent would be noticed."""
    point, claim = np.array([1.0]), np.array([slope])
    if judged:
        assert check_gradient(lambda x: slope * x[0], point, claim) == "ok"
        with pytest.raises(GradientError):
            check_gradient(lambda x: slope * x[0], point, 1.011 * claim)
    else:
        with pytest.raises(ValueError, match="nothing to measure: the largest slope is 9e-06"):
            check_gradient(lambda x: slope * x[0], point, claim)
