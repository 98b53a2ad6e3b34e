"""Bounds that hold on most numbers and fail on some are found false; those that are tight stay true."""

import re

import numpy as np
import pytest

from nnlit.book.checks.descent import Descent
from nnlit.book.checks.verdicts import Verdict
from nnlit.book.evaluation.differences import STEP, step_slopes

from .authored import judged, misjudged

ROWS = r"""
| $x$, $y$ | number | | |
| $s$, $t$ | number | | positive |
| $a$ | number | | between 0 and 1 |
| $k$ | integer | | a step |
| $u$, $w$, $\mu$ | $n$ | | |
| $v$, $\omega$ | $n$ | | positive |
| $p$, $q$ | $n$ | | entries sum to one |
| $X$ | $m \times n$ | | |
| $A$, $B$ | $n \times n$ | | symmetric positive definite |
| $S$, $T$ | $n \times n$ | | symmetric |
| $Q$ | $n \times n$ | | orthogonal |
| $y'$ | labels, $m$ | | labels 0..n-1 |
| $\sigma$ | function | | sigmoid |
"""
CORNER = r"\frac{1}{2} \sum_j (\mu_j^2 + v_j^2 - \log v_j^2 - 1) \ge \frac{1}{2} \sum_j \mu_j"
TEXTS = {
    "two numbers": r"""
        - x^2 + y^2 \ge 2.001 x y
        + x^2 + y^2 \ge 2 x y
    """,
    "two normal distributions": rf"""
        - {CORNER}
        + {CORNER}^2
    """,
    "constants of inner products and norms": r"""
        + \left( \sum_j u_j w_j \right)^2 \le \left( \sum_j u_j^2 \right) \left( \sum_j w_j^2 \right)
        - \left( \sum_j u_j w_j \right)^2 \le 0.99 \left( \sum_j u_j^2 \right) \left( \sum_j w_j^2 \right)
        + \sum_j u_j w_j \le \|u\|_1 \|w\|_\infty
        - \sum_j u_j w_j \le 0.98 \|u\|_1 \|w\|_\infty
        + \|u + w\| \le \|u\| + \|w\|
        - \|u + w\| \le 0.999 (\|u\| + \|w\|)
        + \|u + w\|^2 \le 2 \|u\|^2 + 2 \|w\|^2
        - \|u + w\|^2 \le 1.99 \|u\|^2 + 1.99 \|w\|^2
        + \bigl\lvert \|u\| - \|w\| \bigr\rvert \le \|u - w\|
    """,
    "means": r"""
        + \frac{1}{n} \sum_j v_j \ge \left( \prod_j v_j \right)^{1/n}
        - \frac{0.999}{n} \sum_j v_j \ge \left( \prod_j v_j \right)^{1/n}
        + \log \sum_j p_j v_j \ge \sum_j p_j \log v_j
        - \log \sum_j p_j v_j \ge \sum_j p_j \log v_j + 0.001
        + \left( \sum_j p_j v_j \right)^2 \le \sum_j p_j v_j^2
        + s t \le \frac{s^3}{3} + \frac{2}{3} t^{3/2}
        - s t \le \frac{s^3}{3} + \frac{3}{5} t^{3/2}
        + s + \frac{1}{s} \ge 2
        - s + \frac{1}{s} \ge 2.001
    """,
    "distributions": r"""
        + \sum_j p_j \log \frac{p_j}{q_j} \ge 0
        - \sum_j p_j \log \frac{p_j}{q_j} \ge 0.01
        + \sum_j p_j \log \frac{p_j}{q_j} \ge \frac{1}{2} \left( \sum_j \lvert p_j - q_j \rvert \right)^2
        - \sum_j p_j \log \frac{p_j}{q_j} \ge 0.6 \left( \sum_j \lvert p_j - q_j \rvert \right)^2
        + \sum_j \sqrt{p_j q_j} \le 1
        - \sum_j \sqrt{p_j q_j} \le 0.9999
        + -\sum_j p_j \log p_j \le \log n
        + 1 - \sum_j \sqrt{p_j q_j} \le \frac{1}{2} \sum_j \lvert p_j - q_j \rvert
        + a (1 - a) \le \frac{1}{4}
        - a (1 - a) \le 0.2499
        - \sum_j p_j^2 \in [0.2005, 1]
    """,
    "logarithms and exponentials": r"""
        + \log s \le s - 1
        - \log s \le s - 1.001
        + \log(1 + s) \le s
        - \log(1 + s) \le 0.999 s
        + 1 - \frac{1}{s} \le \log s
        - 1 - \frac{0.9}{s} \le \log s
        + e^x \ge 1 + x
        - e^x \ge 1.01 + x
        + \log \sum_j e^{u_j} \le \max_j u_j + \log n
        + \max_j u_j \le \log \sum_j e^{u_j}
        + (1 + s)^3 \ge 1 + 3 s
        - (1 + x)^3 \ge 1 + 3 x
    """,
    "slopes of activations": r"""
        + \sigma(x) (1 - \sigma(x)) \le \frac{1}{4}
        - \sigma(x) (1 - \sigma(x)) \le 0.2499
        + \lvert \tanh x - \tanh y \rvert \le \lvert x - y \rvert
        - \lvert \tanh x - \tanh y \rvert \le 0.99 \lvert x - y \rvert
        + \lvert \sigma(x) - \sigma(y) \rvert \le \frac{1}{4} \lvert x - y \rvert
        - \lvert \sigma(x) - \sigma(y) \rvert \le 0.249 \lvert x - y \rvert
        + \log(1 + e^x) \ge \frac{x}{2} + \log 2
        - \log(1 + e^x) \ge \frac{x}{2} + 0.694
        + \sin x + \cos x \le \sqrt{2}
        - \sin x + \cos x \le 1.414
        + x^4 - 3 x^2 + 2 \ge -\frac{1}{4}
        - x^4 - 3 x^2 + 2 \ge -0.249
    """,
    "matrices": r"""
        + \det A \le \prod_j A_{jj}
        - \det A \le 0.99 \prod_j A_{jj}
        + \operatorname{tr}(A) \ge n (\det A)^{1/n}
        - \operatorname{tr}(A) \ge 1.01 n (\det A)^{1/n}
        + u^\top S u \le \lambda_{\max}(S) \|u\|^2
        - u^\top S u \le 0.98 \lambda_{\max}(S) \|u\|^2
        + \|X u\| \le \|X\|_2 \|u\|
        - \|X u\| \le 0.99 \|X\|_2 \|u\|
        + \|X\|_F^2 \le n \lambda_{\max}(X^\top X)
        - \|X\|_F^2 \le 0.99 n \lambda_{\max}(X^\top X)
        + \lambda_{\max}(S + T) \le \lambda_{\max}(S) + \lambda_{\max}(T)
        + \|Q u\| \le \|u\|
        - \lvert Q_{11} \rvert \le 0.99
        + \operatorname{tr}(A B) \le \operatorname{tr}(A) \operatorname{tr}(B)
    """,
    "sides that may not be equal": r"""
        ? x^2 > 0
        ? \lvert x \rvert > 0
        ? \max(x, y) > x
        - \max(x, y) > x + 1
        - x < x
        ? (x - 3)^2 > 0
        ? \|u\| > 0
        ? \|u - w\| > 0
        ? u^\top A u > 0
        ? s + \frac{1}{s} > 2
        ? \log s < s - 1
        ? \sigma(x) (1 - \sigma(x)) < \frac{1}{4}
        + x^2 > 0 \quad \text{if } x \ne 0
        + 1 + u^\top A u > 0
        + \lambda_{\min}(A) > 0
        + \det A > 0
        + e^{-x^2} > 0
        + 0 < \sigma(x) < 1
        + 0 < p_j
        - x^2 - 0.01 > 0
    """,
    "sides that differ": r"""
        ? x \ne 1
        ? x \ne y
        ? x^2 \ne 2
        ? (x - 1)^2 \ne 0
        ? u_j \ne w_j
        ? \|u\| \ne \|w\|
        ? a \ne \frac{1}{2}
        ? \det X^\top X \ne 0
        - k \ne 3
        + a \ne 1
        + e^x \ne 0
        + \frac{1}{x} \ne 0
        + \det A \ne 0
        + x^2 + 1 \ne 0
        + x \ne x + s
        + x \ne -e^y \quad \text{if } x > 0
        + x y = y x \quad x \ne 0
        + A B \ne B A
        + u \ne \max(0, u) - 1
        - A \ne A^\top
        - u_j \ne \max(0, u_j)
    """,
    "chains": r"""
        + x^2 \le x^2 + s = s + x^2 < x^2 + 2 s
        - x^2 \le x^2 + s = s + x^2 < x^2 + 0.999 s
        - x^2 + s = s + x^2 \le x^2 + 0.999 s
        + \|u + w\|^2 = \|u\|^2 + 2 u^\top w + \|w\|^2 \le 2 \|u\|^2 + 2 \|w\|^2
        - \|u + w\|^2 = \|u\|^2 + 2 u^\top w + \|w\|^2 \le 1.99 \|u\|^2 + 2 \|w\|^2
        ? x^2 + s = s + x^2 \quad s + x^2 < 3
    """,
    "under conditions, and with numbers that are not moved": r"""
        + x^2 \ge x \quad \text{if } x > 1
        - x^2 \ge 1.1 x \quad \text{if } x > 1
        - x^2 \ge x
        + s^k \ge 1 + k (s - 1)
        + \sum_i X_{i y'_i}^2 \le \sum_{i,j} X_{ij}^2
        - \sum_i X_{i y'_i}^2 \le 0.9 \sum_{i,j} X_{ij}^2
        - \sum_i [y'_i = 0] \le m - 1
    """,
}

CHANCES = r"""
| $x$ | random, $n$ | | |
| $y$ | random, $K$ | | labels 0..K-1 |
| $q$ | distribution | | |
| $E$ | event | | |
| $g$ | labels, $m$ | | labels 0..K-1 |
| $a$ | number | | between 0 and 1 |
| $r$ | number | | 1 with probability $a$ |
| $z$ | number | | |
| $Z$ | $m \times K$ | | |
| $X$ | $m \times n$ | | |
| $w$, $u$ | $n$ | | |
"""
OF_CHANCES = {
    "chances": r"""
        + D_{KL}(p(x) \| q(x)) \ge 0
        - D_{KL}(p(x) \| q(x)) \ge 0.001
        + H(x) \le \log n
        - H(x) \le \log n - 0.001
        + H(x, y) \le H(x) + H(y)
        + I(x; y) \ge 0
        - P(E) \le 0.999
        + \operatorname{Var}(r) \le \frac{1}{4}
        - \operatorname{Var}(r) \le 0.2499
        + \mathbb E[e^x] \ge e^{\mathbb E[x]}
        - \mathbb E[e^x] \ge 1.001 e^{\mathbb E[x]}
        + \log \sum_k e^{Z_{ik}} - Z_{i g_i} \ge 0
    """,
    "slopes": r"""
        + \frac{d}{d z} \tanh z \le 1
        - \frac{d}{d z} \tanh z \le 0.9999
        + \frac{d^2}{d z^2} \log(1 + e^z) \le \frac{1}{4}
        - \frac{d^2}{d z^2} \log(1 + e^z) \le 0.249
        + u^\top \left( \nabla_w^2 \sum_i \log(1 + e^{\sum_j X_{ij} w_j}) \right) u \ge 0
        + \nabla_w^2 \sum_i \log(1 + e^{\sum_j X_{ij} w_j}) \preceq \frac{1}{4} X^\top X
        - \nabla_w^2 \sum_i \log(1 + e^{\sum_j X_{ij} w_j}) \preceq \frac{1}{5} X^\top X
        + \begin{cases} z^2 & z \ge 0 \\ -z & z < 0 \end{cases} \ge \lvert z \rvert - 0.25
        - \begin{cases} z^2 & z \ge 0 \\ -z & z < 0 \end{cases} \ge \lvert z \rvert - 0.249
    """,
}


@pytest.mark.parametrize("name", OF_CHANCES)
@pytest.mark.long
def test_a_bound_of_chances_or_of_slopes_is_searched(tmp_path, name):
    assert not misjudged(tmp_path, CHANCES, OF_CHANCES[name])


def test_a_derivative_where_a_value_overflows_has_no_value():
    with np.errstate(all="ignore"):
        values = np.log(1 + np.exp(np.array([2.0, 800.0, 1426.0]) + 1j * STEP))
    found = step_slopes(values)
    assert np.isclose(found[0], 1 / (1 + np.exp(-2)))
    assert np.isnan(found[1:]).all()


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.long_but_one_in(20)
def test_a_bound_that_fails_in_a_corner_is_false_and_a_tight_one_true(tmp_path, name):
    assert not misjudged(tmp_path, ROWS, TEXTS[name])


def test_there_are_bounds_of_both_kinds():
    every = [line.strip()[0] for text in TEXTS.values() for line in text.strip().splitlines()]
    assert every.count("+") > 30
    assert every.count("-") > 30


def test_what_is_found_is_told_in_few_digits(tmp_path):
    ((verdict, said),) = judged(tmp_path, CORNER, rows=ROWS)
    assert verdict is Verdict.FALSE
    size, where = said.split("; ")[:2]
    assert re.fullmatch(r"\\ge does not hold: it fails by 0\.\d+", size)
    assert re.fullmatch(r"it is false where \\mu = \(.*\), v = \(.*\)", where)
    assert not re.search(r"\.\d\d\d", where)


def test_a_bound_whose_sides_are_equal_somewhere_says_where(tmp_path):
    ((verdict, said),) = judged(tmp_path, r"(x - 3)^2 > 0", rows=ROWS)
    assert verdict is Verdict.CONDITIONAL
    assert r"where x = 3: write \ge" in said


@pytest.mark.long
def test_a_search_finds_the_same_each_time(tmp_path):
    assert judged(tmp_path, CORNER, rows=ROWS) == judged(tmp_path, CORNER, rows=ROWS)


def bowl(points):
    """Two heights: one whose least value is -2, at (1, 2), and one that is the same everywhere."""
    x, y = points.T
    return np.array([(x - 1) ** 2 + 100 * (y - 2 * x**2) ** 2 - 2, np.ones(len(points))])


def test_a_descent_ends_at_the_bottom_of_a_bent_valley():
    starts = np.array([[-1.0, 1.0], [3.0, -2.0], [0.0, 0.0]])
    descent = Descent(bowl, lambda points: points, starts, np.array([0, 0, 1]))
    steps = next(k for k in range(200) if not descent.step())
    assert steps < 60
    assert np.allclose(descent.points[:2], [1, 2], atol=1e-3)
    assert np.array_equal(descent.points[2], starts[2])  # where nothing goes down, nothing moves
