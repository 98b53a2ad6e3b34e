"""Index form means what it says, entry by entry: against loops, and what does not fit."""

import numpy as np
import pytest

from nnlit.book.evaluation.values import Mistake
from nnlit.book.language.declarations import bare
from nnlit.book.language.tex import read_expression

from .conftest import HERE

A = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
B = np.array([[1.0, -1.0], [2.0, 0.5], [0.0, 3.0]])
v = np.array([7.0, -8.0, 9.0])


@pytest.mark.parametrize(
    ("expression", "letters", "expected"),
    [
        (r"\sum_j A_{ij} v_j", "i", A @ v),
        (r"\sum_j A_{ij} B_{jk}", "ik", A @ B),
        (r"\sum_{i,j} A_{ij}", "", 21.0),
        (r"\sum_i A_{ij}", "j", A.sum(axis=0)),
        (r"A_{ij} v_j", "ji", (A * v).T),
        (r"\prod_j v_j", "", -504.0),
        (r"\max_j A_{ij}", "i", [3.0, 6.0]),
        (r"\min_{i,j} A_{ij}", "", 1.0),
        (r"\arg\max_j v_j", "", 2.0),
        (r"\arg\min_j v_j", "", 1.0),
        (r"A_{12}", "", 2.0),
        (r"A_{i1}", "i", [1.0, 4.0]),
        (r"A_{i,:}", "i", A),
        (r"A_{:,2}", "", [2.0, 5.0]),
        (r"(A B)_{ik}", "ki", (A @ B).T),
        (r"\sum_i B_{ii}", "", None),
        (r"\sum_{j=1}^{2} v_j", "", -1.0),
        (r"\sum_{j=1}^{2} v_{j+1}", "", 1.0),
        (r"\sum_{j=1}^{0} v_j", "", 0.0),
        (r"\prod_{j=1}^{0} v_j", "", 1.0),
        (r"\sum_{k \le j} v_k + 0 v_j", "j", np.cumsum(v)),
        (r"\sum_{k \ne j} v_k + 0 v_j", "j", 8.0 - v),
        (r"[i = j] A_{ij}", "ij", A * np.eye(2, 3)),
        (r"[A_{ij} > 2, A_{ij} < 6]", "ij", (A > 2) & (A < 6)),
        (r"\mathbb{1}[v \ge 7]", "", [1.0, 0.0, 1.0]),
        (r"\begin{cases} v_j & v_j > 0 \\ 0 & \text{otherwise} \end{cases}", "j", [7.0, 0.0, 9.0]),
        (r"\begin{cases} 1 & v_j > 8 \\ 2 & 0 < v_j \le 8 \\ 3 & \text{otherwise} \end{cases}", "j", [2.0, 3.0, 1.0]),
        (r"\begin{cases} x & x > 0 \\ v_9 & \text{otherwise} \end{cases}", "", 3.0),
    ],
)
def test_entries(valued, expression, letters, expected):
    if expected is None:
        with pytest.raises(Mistake, match=r"index i ranges over \d but axis \d of B has \d"):
            valued(expression, tuple(letters), A=A, B=B, v=v, x=3.0)
        return
    np.testing.assert_allclose(valued(expression, tuple(letters), A=A, B=B, v=v, x=3.0), expected)


@pytest.mark.parametrize(
    ("expression", "letters", "message"),
    [
        ("A_i", "i", "A has 2 axes but is written with 1 indices"),
        ("(A B)_i", "i", "the expression has 2 axes but is written with 1 indices"),
        ("v_4", "", "an index runs outside axis 0 of v, which has 3 entries"),
        (r"\sum_{j=1}^{4} v_j", "", "an index runs outside axis 0 of v"),
        ("v_A", "", "an index must be a number"),
        (r"\sum_k v_j", "j", "the range of index k cannot be inferred"),
        (r"\sum_j A_{ij} v_i", "i", "index i ranges over 2 but axis 0 of v has 3"),
        (r"\sum_{j=1} v_j", "", "has a lower bound and no upper one"),
        (r"\sum_{j=1}^{x} v_j", "", "the upper bound of j must be a whole number"),
        (r"\sum_{j=x}^{2} v_j", "", "a size or a bound must be one whole number"),
        (r"\sum_{k \in v} v_k", "", "v is no set that is known: give it a row"),
    ],
)
def test_what_does_not_fit_is_said(valued, expression, letters, message):
    with pytest.raises(Mistake) as error:
        valued(expression, tuple(letters), A=A, B=B, v=v, x=1.5)
    assert message in str(error.value)


def test_labels_pick_a_column_and_count_from_zero(valued):
    y = np.array([2.0, 0.0])
    found = valued("A_{i y_i}", ("i",), kinds={"y": "labels"}, A=A, y=y)
    np.testing.assert_array_equal(found, [3.0, 4.0])


def test_a_letter_that_is_compared_with_a_label_ranges_over_the_classes(valued):
    classes = {"y": bare(read_expression("3", HERE))}
    found = valued("[k = y_i]", ("i", "k"), kinds={"y": "labels"}, scope={"classes": classes}, y=np.array([2.0, 0.0]))
    np.testing.assert_array_equal(found, [[0, 0, 1], [1, 0, 0]])


def test_outside_a_padded_array_stand_zeros(valued):
    found = valued("v_{j+1} + 0 v_j", ("j",), scope={"padded": frozenset({"v"})}, v=v)
    np.testing.assert_array_equal(found, [-8.0, 9.0, 0.0])


def test_a_condition_keeps_an_index_inside(valued):
    assert valued(r"\sum_{j < 3} v_j v_{j+1}", scope={"bases": {"j": 1}}, v=v) == 7 * -8.0 + -8 * 9.0
    with pytest.raises(Mistake, match="an index runs outside axis 0 of v"):
        valued(r"\sum_j v_j v_{j+1}", scope={"bases": {"j": 1}}, v=v)


def test_a_kronecker_delta_compares_its_two_indices(valued):
    kinds = {r"\delta": "kronecker"}
    np.testing.assert_array_equal(valued(r"\delta_{ij} A_{ij}", ("i", "j"), kinds=kinds, A=A), A * np.eye(2, 3))
    with pytest.raises(Mistake, match="has two indices"):
        valued(r"\delta_i v_i", ("i",), kinds=kinds, v=v)


def test_letters_that_count_from_one_and_from_zero_give_the_same_entries(valued):
    expected = [1 * 7.0, 2 * -8.0, 3 * 9.0]
    np.testing.assert_array_equal(valued("j v_j", ("j",), scope={"bases": {"j": 1}}, v=v), expected)
    np.testing.assert_array_equal(valued("(j + 1) v_j", ("j",), v=v), expected)
