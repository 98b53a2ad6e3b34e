"""Arithmetic of matrices, vectors and numbers: what a reader computes by hand, and what does not fit."""

import numpy as np
import pytest

from nnlit.book.evaluation.values import Mistake, Value, combine, power, product, reduced, spread, weighed

A = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
B = np.array([[1.0, 0.0], [2.0, 1.0], [0.0, 3.0]])
v, w = np.array([1.0, -2.0, 3.0]), np.array([2.0, 0.0, 1.0])


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("A B", A @ B),
        ("A v", A @ v),
        (r"v^\top B", v @ B),
        (r"v^\top w", 5.0),
        (r"v w^\top", np.outer(v, w)),
        (r"v \cdot w", 5.0),
        (r"v \odot w", v * w),
        (r"A \odot A", A * A),
        ("2 A", 2 * A),
        ("A x", 3 * A),
        ("A + v", A + v),
        ("v - A", v - A),
        (r"\frac{A}{x}", A / 3),
        ("-A", -A),
        (r"A^\top", A.T),
        (r"(v^\top)^\top w^\top", np.outer(v, w)),
        (r"B^\top B", B.T @ B),
        ("S^2", [[7, 10], [15, 22]]),
        ("S^{-1}", [[-2, 1], [1.5, -0.5]]),
        (r"S^{\odot 2}", [[1, 4], [9, 16]]),
        ("A^2", A**2),
        ("x^{0.5}", np.sqrt(3)),
        ("(-x)^3", -27.0),
        ("x^{-2}", 1 / 9),
        ("2^v", [2, 0.25, 8]),
        ("e^v", np.exp(v)),
        (r"\lVert v \rVert", np.sqrt(14)),
        (r"\lVert v \rVert_1", 6.0),
        (r"\lVert v \rVert_\infty", 3.0),
        (r"\lVert A \rVert_F^2", 91.0),
        (r"\operatorname{abs}(v)", [1, 2, 3]),
        (r"\langle v, w \rangle", 5.0),
        ("4!", 24.0),
        (r"\binom{5}{2}", 10.0),
        (r"\begin{pmatrix} 1 & x \\ 2 & 4 \end{pmatrix}", [[1, 3], [2, 4]]),
        (r"\begin{pmatrix} 1 \\ x \end{pmatrix}", [1, 3]),
        (r"\begin{pmatrix} 1 & 2 & 3 \end{pmatrix} v", 6.0),
    ],
)
def test_arithmetic(valued, expression, expected):
    found = valued(expression, A=A, B=B, v=v, w=w, x=3.0, S=np.array([[1.0, 2.0], [3.0, 4.0]]))
    np.testing.assert_allclose(found, expected, rtol=1e-14)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("A A", "matrix product of shapes (2, 3) and (2, 3)"),
        ("A + B", "shapes (2, 3) and (3, 2) do not fit +"),
        ("A + u", "shapes (2, 3) and (2,) do not fit +"),
        (r"A \odot u", r"shapes (2, 3) and (2,) do not fit \odot"),
        ("v w", "two vectors side by side"),
        (r"v \cdot u", "inner product of vectors of lengths 3 and 2"),
        (r"A v^\top", "matrix product of shapes (2, 3) and (3,)"),
        ("T A", "product of shapes (2, 2, 2) and (2, 3): write arrays with three axes in index form"),
        (r"T^\top", "is of shape (2, 2, 2)"),
        (r"x^\top", "is a number"),
        (r"\sqrt{S}", r"a square matrix to the power 0.5, which is no whole number: write ^{\odot 0.5}"),
        ("A^{-1}", "inverse of a matrix of shape (2, 3)"),
        (r"\begin{pmatrix} v & x \end{pmatrix}", "the blocks of a row are 1 and 3 high"),
    ],
)
def test_what_does_not_fit_is_said(valued, expression, message):
    given = {"A": A, "B": B, "v": v, "w": w, "x": 3.0, "S": np.eye(2), "T": np.ones((2, 2, 2)), "u": np.ones(2)}
    with pytest.raises(Mistake) as error:
        valued(expression, **given)
    assert message in str(error.value)


def test_letters_are_axes_in_front_and_are_matched_by_name():
    rows, columns = Value(A, ("i", "j")), Value(B, ("j", "i"))
    total = combine(np.add, rows, columns)
    assert (total.letters, total.shape) == (("i", "j"), ())
    np.testing.assert_array_equal(total.data, A + B.T)
    assert (total.size("i"), total.size("j")) == (2, 3)


def test_a_letter_that_one_side_lacks_is_spread():
    found = product(Value(A, ("i", "j")), Value(np.arange(4.0), ("k",)))
    np.testing.assert_array_equal(found.data, A[:, :, None] * np.arange(4.0))
    assert spread(Value(v, ("j",)), ("i", "j"), 1).shape == (1, 3, 1)


def test_of_equal_entries_the_first_counts_and_keeps_its_perturbation():
    tied = Value(np.array([2 + 1j, 2 + 5j, 1 + 0j]))
    assert reduced("max", tied).data == 2 + 1j
    assert reduced("min", Value(-tied.data)).data == -2 - 1j


@pytest.mark.parametrize(("operator", "expected"), [("sum", 2.0), ("prod", -6.0), ("max", 3.0), ("min", -2.0)])
def test_reductions(operator, expected):
    assert reduced(operator, Value(v)).data == expected


def test_weights_are_summed_along_their_letter():
    found = weighed(Value(A, ("i", "j")), "i", np.array([1.0, 10.0]))
    assert found.letters == ("j",)
    np.testing.assert_array_equal(found.data, A[0] + 10 * A[1])


@pytest.mark.parametrize(
    ("exponent", "expected"), [(3.0, -8.0), (0.0, 1.0), (-1.0, -0.5), (2.0, 4.0)], ids=["odd", "0", "inverse", "even"]
)
def test_whole_powers_of_a_negative_number_are_real(exponent, expected):
    assert power(np.array(-2.0), np.array(exponent)) == expected
