"""What must not pass because of how data are drawn: bounds, whole numbers, chances, classes that count from 1."""

import pytest

from .authored import misjudged

ROWS = r"""
| $t$ | integer | | a step |
| $a$ | number | | between 0 and 1 |
| $p$ | $n$ | | entries sum to one |
| $P$ | $m \times K$ | | rows sum to one |
| $v$ | $m$ | | between 0 and 1 |
| $A$ | $n \times n$ | | symmetric positive definite |
| $S$ | $n \times n$ | | symmetric |
| $Q$ | $n \times n$ | | orthogonal |
| $r$ | number | | 1 with probability $a$ |
| $e$ | number | | small |
| $c$ | number | | near $2$ |
"""
CHANCES = r"""
| $x$ | random, $n$ | | |
| $y$ | random, $K$ | | labels 0..K-1 |
| $E$ | event | | |
| $q$ | distribution | | |
| $g$ | labels, $m$ | | labels 0..K-1 |
"""
TEXTS = {
    "bounds": (
        ROWS,
        r"""
        - t < 8
        - t \le 100
        + t \ge 1
        - t! \ge 2^t
        + t! \ge 2^{t - 1}
        ? n < 12
        ? n (n - 1) > 1
        ? \frac{1}{m} \ne \frac{1}{n}
        - a < 0.95
        - a > 0.05
        - a (1 - a) \ge 0.05
        + a (1 - a) \le 0.25
        + 0 < a
        - p_j < 0.9
        - p_j > 0.01
        - P_{ik} > 0.001
        - v_i < 0.95
        - -\sum_j p_j \log p_j \ge 0.5
        + -\sum_j p_j \log p_j \le \log n
        - \lambda_{\min}(A) > 0.4
        - \det(A) > 0.001
        + \lambda_{\min}(A) > 0
        - A_{ii} > 0.3
        - \lambda_{\max}(S) > 0
        - \lambda_{\min}(S) < 0
        - \operatorname{Var}(r) \ge 0.05
        - \mathbb E[r] > 0.05
        - c > 1
        - e < 0.5
        - \det(Q) = 1
        + \lvert \det(Q) \rvert = 1
        """,
    ),
    "bounds of chances": (
        CHANCES,
        r"""
        - p(x) > 0.01
        - p(x) < 0.9
        - P(E) < 0.99
        - p(x \mid y) < 0.95
        - H(x) \ge 0.3
        + H(x) \le \log n
        - D_{KL}(p(x) \| q(x)) \le 1
        + D_{KL}(p(x) \| q(x)) \ge 0
        - I(x; y) \le 0.5
        + I(x; y) \le H(x)
        - \operatorname{Var}(x) \ge 0.01
        - \mathbb E[x] > -10
        - \lvert x \rvert < 100
        """,
    ),
    "classes that count from 0": (
        CHANCES,
        r"""
        + \sum_{k=0}^{K-1} p(y = k) = 1
        ? p(y = 0) + \sum_{k=2}^{K-1} p(y = k) = 1
        ? \sum_{k=1}^{K} p(y = k) = 1
        ? \mathbb E[y] = \sum_{k=1}^{K-1} k p(y = k)
        + \sum_{k=1}^{K} [g_i = k] = 1
        ? \sum_{k=1}^{K-1} [g_i = k] = 1 - [g_i = 0]
        ? \sum_{k=2}^{K} [g_i = k] = 1 - [g_i = 0]
        - \sum_{k=0}^{K-2} [g_i = k] = 1
        """,
    ),
    "means that have names": (
        CHANCES,
        r"""
        + \mu = \mathbb E[x]
        + w = \operatorname{Var}(x)
        + \mathbb E[x - \mu] = 0
        + w = \mathbb E[x^2] - \mu^2
        - w = \mathbb E[x^2] + \mu^2
        - w = \mathbb E[x - \mu]^2
        """,
    ),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_is_judged_as_a_careful_reader_would(tmp_path, name):
    assert not misjudged(tmp_path, *TEXTS[name])
