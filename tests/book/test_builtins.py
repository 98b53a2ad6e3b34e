"""The functions that the equation language knows, against NumPy and against what a hand computes."""

import numpy as np
import pytest

from nnlit.book.evaluation.builtins import BUILTIN, PLAIN, entrywise, induced
from nnlit.book.evaluation.values import Mistake, Value
from nnlit.book.language.atoms import FUNCTIONS
from nnlit.book.language.names import EIGENVALUES
from nnlit.book.language.reach import EXTREMES, NAMED
from nnlit.book.language.vocabulary import NormKind

Z = np.array([[1.0, 2.0, -1.0], [0.5, 0.0, 3.0]])
S = np.array([[2.0, 1.0], [1.0, 2.0]])  # eigenvalues 1 and 3


def rows_of_softmax(z):
    return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (r"\exp(Z)", np.exp(Z)),
        (r"\log(x)", np.log(3)),
        (r"\tanh(Z)", np.tanh(Z)),
        (r"\sinh(x)", np.sinh(3)),
        (r"\cosh(x)", np.cosh(3)),
        (r"\sin(x) + \cos(x) \tan(x)", 2 * np.sin(3)),
        (r"\operatorname{ReLU}(Z)", np.maximum(Z, 0)),
        (r"\operatorname{relu}(-x)", 0),
        (r"\operatorname{sign}(Z)", np.sign(Z)),
        (r"\operatorname{Re}(x)", 3),
        (r"\operatorname{Im}(x)", 0),
        (r"\max(Z, 1)", np.maximum(Z, 1)),
        (r"\min(Z, 1, 0.5)", np.minimum(Z, 0.5)),
        (r"\max(Z)", 3.0),
        (r"\min(Z)", -1.0),
        (r"\operatorname{softmax}(Z)", rows_of_softmax(Z)),
        (r"\operatorname{softmax}(Z + 1000)", rows_of_softmax(Z)),
        (r"\operatorname{logsumexp}(Z)", np.log(np.exp(Z).sum(axis=1))),
        (r"\operatorname{logsumexp}(Z + 1000) - 1000", np.log(np.exp(Z).sum(axis=1))),
        (r"\operatorname{diag}(v)", np.diag([1.0, 2.0])),
        (r"\operatorname{diag}(S)", [2.0, 2.0]),
        (r"\operatorname{tr}(S)", 4.0),
        (r"\det(S)", 3.0),
        (r"\lambda_{\max}(S)", 3.0),
        (r"\lambda_{\min}(S)", 1.0),
    ],
)
def test_values(valued, expression, expected):
    np.testing.assert_allclose(valued(expression, Z=Z, S=S, x=3.0, v=np.array([1.0, 2.0])), expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        (r"\exp(x, x)", r"\exp has one argument"),
        (r"\operatorname{erf}(x)", "the function erf has no displayed definition"),
        (r"\operatorname{softmax}(x)", "softmax is that of a vector, or of every row of a matrix"),
        (r"\operatorname{softmax}(Z, Z)", "softmax has one argument, not 2"),
        (r"\operatorname{diag}(x)", "the argument of diag is a number"),
        (r"\operatorname{tr}(Z)", "the argument of tr is of shape (2, 3): it needs a square matrix"),
        (r"\det(Z)", "the argument of det is of shape (2, 3): it needs a square matrix"),
        (r"\lambda_{\max}(N)", "an eigenvalue is computed of a symmetric matrix alone"),
        (r"\lambda_{\max}(Z)", "an eigenvalue is that of a square matrix"),
    ],
)
def test_what_does_not_fit_is_said(valued, expression, message):
    with pytest.raises(Mistake) as error:
        valued(expression, Z=Z, x=3.0, N=np.array([[0.0, 1.0], [0.0, 0.0]]))
    assert message in str(error.value)


def test_an_unknown_function_is_named():
    with pytest.raises(Mistake, match="the function swish has no displayed definition"):
        entrywise("swish")


@pytest.mark.parametrize(("operator", "slope"), [(r"\max", 0.0), (r"\min", 0.0)])
def test_at_a_tie_the_slope_is_the_constants(operator, slope):
    tie = BUILTIN[operator]([Value(np.array(1 + 1e-30j)), Value(np.array(1.0))])
    assert tie.data.real == 1
    assert tie.data.imag == slope
    assert BUILTIN[operator]([Value(np.array(1.0)), Value(np.array(1 + 1e-30j))]).data.imag == slope


def test_an_eigenvalue_moves_as_first_order_perturbation_says():
    push = np.array([[1.0, 0.0], [0.0, 0.0]])
    moved = BUILTIN[r"\lambda_{\max}"]([Value(S + 1e-30j * push)])
    assert moved.data.imag / 1e-30 == pytest.approx(0.5)  # the eigenvector of 3 is (1, 1) / sqrt(2)


@pytest.mark.parametrize("turned", [False, True])
def test_the_stretch_of_a_long_matrix_is_that_of_its_smaller_product(monkeypatch, turned):
    squares, real = [], np.linalg.eigvalsh
    monkeypatch.setattr(np.linalg, "eigvalsh", lambda a: squares.append(a.shape) or real(a))
    long = np.random.default_rng(0).normal(size=(400, 3))
    long = long.T if turned else long
    assert induced(Value(long), NormKind.TWO).data == pytest.approx(np.linalg.norm(long, 2))
    assert squares == [(3, 3)]
    u, _, v = np.linalg.svd(long, full_matrices=False)
    moved = induced(Value(long + 1e-30j * np.ones(long.shape)), NormKind.TWO)
    assert moved.data.imag / 1e-30 == pytest.approx(u[:, 0].sum() * v[0].sum())  # the slope of a singular value


def test_functions_keep_the_letters_in_front():
    found = BUILTIN["softmax"]([Value(np.stack([Z, 2 * Z]), ("k",))])
    assert (found.letters, found.shape) == (("k",), (2, 3))
    np.testing.assert_allclose(found.data.sum(axis=-1), 1)


def test_a_function_that_is_read_has_values_and_one_that_has_values_is_read():
    without = {"erf"}  # known as a name of several letters; a page that needs its values has to define it
    assert set(BUILTIN) | set(PLAIN) | without == NAMED | FUNCTIONS | EXTREMES | EIGENVALUES
