r"""Claims of sizes alone: tried for many of them, equal ones too; what holds for some is asked about."""

import pytest

from nnlit.book.checks.verdicts import Verdict

from .authored import judged

T, F, N = Verdict.TRUE, Verdict.FALSE, Verdict.NOT_CHECKED
ROWS = r"""
| $X$ | $m \times n$ | | |
| $P$ | $n \times K$ | | |
| $w$ | $h - f + 1$ | | |"""
CLAIMS = [  # what holds for all sizes, and the same with an error planted in it
    (r"m \ge 1", r"m \ge 2"),
    ("m > 0", "m > 1"),
    ("0 < m", "1 < m"),
    (r"m n \ge m", "m n > m"),
    ("m + n > m", r"m + n > m + 1"),
    (r"m n \ge m + n - 1", r"m n \ge m + n"),
    (r"\frac{1}{m} \le 1", r"\frac{1}{m} < 1"),
    (r"m \ne 0", r"m \ne n"),
    (r"\sqrt{m n} \le \frac{m + n}{2}", r"\sqrt{m n} < \frac{m + n}{2}"),
    (r"(m - n)^2 \ge 0", "(m - n)^2 > 0"),
    ("2^m > m", "2^m > m + 1"),
    (r"\binom{m}{2} \le m^2", r"\binom{m}{2} \ge 1"),
    (r"f \le h", "f < h"),
    (r"h - f + 1 \ge 1", r"h - f \ge 1"),
    (r"m n K \ge n K", r"m n K \ge n K + 1"),
    (r"m^2 \ge m", r"m^2 \ge 2 m"),
]


@pytest.mark.parametrize(("right", "wrong"), CLAIMS)
def test_a_bound_of_sizes_is_true_where_it_holds_for_all(tmp_path, right, wrong):
    assert judged(tmp_path, right, rows=ROWS) == [(T, "")]
    ((verdict, said),) = judged(tmp_path, wrong, rows=ROWS)
    assert verdict is N
    assert "is it assumed?" in said


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"\min(m, n) \le m", r"\min(m, n) \ge m"),
        (r"\max(m, n) \ge n", r"\max(m, n) > n"),
        (r"\min(m, n) \le \max(m, n)", r"\min(m, n) < \max(m, n)"),
    ],
)
def test_a_bound_with_functions_is_tried_for_equal_sizes_too(tmp_path, right, wrong):
    assert judged(tmp_path, right, rows=ROWS) == [(T, "")]
    assert judged(tmp_path, wrong, rows=ROWS)[0][0] is F


@pytest.mark.parametrize("rank", [r"\operatorname{rank}(X) \le m", r"\text{rank}(X) = n"])
def test_ranks_are_not_computed_and_it_is_said_why(tmp_path, rank):
    ((verdict, said),) = judged(tmp_path, rank, rows=ROWS)
    assert verdict is N
    assert "have the largest rank" in said


@pytest.mark.parametrize("wrong", ["m < 1", r"m \le 0", "m + n < m", "h - f + 1 < 1"])
def test_a_bound_that_holds_for_no_sizes_is_false(tmp_path, wrong):
    assert judged(tmp_path, wrong, rows=ROWS)[0][0] is F


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"\max(m, n) + \min(m, n) = m + n", r"\max(m, n) = m"),
        (r"m n = n m", "m n = 20"),
        (r"\frac{m (m - 1)}{2} = \binom{m}{2}", r"\frac{m (m + 1)}{2} = \binom{m}{2}"),
        (r"(m + n)^2 = m^2 + 2 m n + n^2", "m + n = 9"),
    ],
)
def test_an_equation_of_sizes_holds_for_equal_ones_and_those_in_another_order(tmp_path, right, wrong):
    assert judged(tmp_path, right, rows=ROWS) == [(T, "")]
    ((verdict, said),) = judged(tmp_path, wrong, rows=ROWS)
    assert verdict is F
    assert "where m = " in said


@pytest.mark.parametrize("open_", [r"m \le 10^6", "m < 1000000", r"1 \le m \le n", r"m \le n"])
def test_a_condition_on_sizes_is_no_falsehood(tmp_path, open_):
    ((verdict, said),) = judged(tmp_path, open_, rows=ROWS)
    assert verdict is N
    assert "is it assumed?" in said


ROUNDED = [  # what only large sizes round, and the same with a term that only they show, and that is small
    r"\log(1 - \tanh(\frac{n}{5 n} \sum_i p_i)^2) = -2 \log \cosh(\frac{n}{5 n} \sum_i p_i)",
    r"\log(1 + \exp(\frac{1}{n} n \sum_i p_i)) - \sum_i p_i = \log(1 + \exp(-\sum_i p_i))",
    r"\frac{1}{n} \sum_i p_i^2 - (\frac{1}{n} \sum_i p_i)^2 = \frac{1}{n} \sum_i (p_i - \frac{1}{n} \sum_j p_j)^2",
    r"1 - \tanh(\frac{n}{n} \sum_i p_i)^2 = \frac{1}{\cosh(\frac{n}{n} \sum_i p_i)^2}",
    r"\frac{1}{n} \sum_i p_i = \frac{1}{n} \sum_i p_i",
]


@pytest.mark.parametrize("right", ROUNDED)
@pytest.mark.long_but_one_in(3)
def test_a_small_difference_at_large_sizes_is_rounding_or_an_error(tmp_path, right):
    rows = "| $p$ | $n$ | | positive |"
    assert judged(tmp_path, right, rows=rows) == [(T, "")]
    for small in (r"\frac{1}{10^5} \max(0, n - 12)", r"\frac{\max(0, n - 12)^2}{10^6}", r"10^{-5} [n > 12]"):
        assert judged(tmp_path, f"{right} + {small}", rows=rows)[0][0] is F, small


SECOND = [  # of a mean of squares, with a factor that is one for the sizes drawn first
    r"\frac{\partial^2 L}{\partial b_k \partial b_l} = [k = l]",
    r"\frac{\partial^2 L}{\partial W_{jk} \partial b_l} = \frac{1}{m} \sum_i X_{ij} [k = l]",
]


@pytest.mark.parametrize("right", SECOND)
@pytest.mark.long_but_one_in(2)
def test_a_second_derivative_is_tried_for_sizes_for_which_it_is_soon_computed(tmp_path, right):
    rows = r"""
| $X$ | $m \times n$ | | |
| $W$ | $n \times K$ | | |
| $b$ | $K$ | | |"""
    known = "Z = X W + b", r"L = \frac{1}{2 m} \sum_i \sum_k Z_{ik}^2"
    assert judged(tmp_path, *known, right, rows=rows)[-1] == (T, "")
    verdict, said = judged(tmp_path, *known, rf"{right} \min(1, \frac{{5}}{{K}})", rows=rows)[-1]
    assert verdict is F
    assert "it is false where K = " in said
