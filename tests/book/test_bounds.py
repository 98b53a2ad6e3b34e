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
SIZED = r"""
| $x$, $y$ | number | | |
| $s$ | number | | positive |
| $t$ | integer | | a step |
| $X$ | $m \times n$ | | |
| $u$, $w$ | $n$ | | |
| $p$, $q$ | $n$ | | entries sum to one |
| $A$ | $n \times n$ | | symmetric positive definite |
| $v$ | $m$ | | positive |
| $P$ | $m \times K$ | | rows sum to one |
"""
MIXED = r"""
| $\lambda$ | number | | positive |
| $h$ | $m$ | | |
| $D$ | $n$ | | between 0 and 1 |
"""
TEXTS = {
    "bounds for small sizes": (
        SIZED,
        r"""
        - \sum_j p_j^2 \ge 0.1
        - 0.1 \le \sum_j p_j^2 \le 1
        - \max_j p_j \ge 0.1
        - \|u\|_1 \le 4 \|u\|_2
        - -\sum_j p_j \log p_j \le 2.4
        - \ln n \le 2.5
        - \ln n \le 20
        - \ln n \le 200
        - \sum_j p_j^2 \in [0.1, 1]
        - \operatorname{tr}(A) \le 20 \lambda_{\max}(A) - n
        - \sum_{i=1}^m v_i \le 20
        ? \ln n \le 2000
        ? \sum_j p_j^2 \ge 0.0005
        ? 20 + \sum_j p_j \log p_j \ge 0
        ? \|u\|_1 \le 40 \|u\|_2
        ? n \le 12
        ? m < 20
        ? \frac{1}{m} \ge 0.05
        ? 1 - \frac{1}{m} \ge 0.5
        ? \ln m \ge 0.1
        ? \frac{\ln m}{m} \le 0.35
        + \sum_j p_j^2 \ge \frac{1}{n}
        + \sum_j p_j^2 \le 1
        + -\sum_j p_j \log p_j \le \log n
        + \|u\|_1 \le \sqrt{n} \|u\|_2
        + \|u\|_2 \le \|u\|_1
        + \|X u\| \le \|X\|_F \|u\|
        + \log \left( \frac{1}{m} \sum_i v_i \right) \ge \frac{1}{m} \sum_i \log v_i
        + \left( \sum_i v_i \right)^2 \le m \sum_i v_i^2
        + \log \sum_j e^{u_j} \le \max_j u_j + \log n
        + \sum_j p_j \log \frac{p_j}{q_j} \ge 0
        + \lambda_{\max}(A) \le \operatorname{tr}(A)
        + \sum_{i=1}^n \frac{1}{i^2} \le \frac{\pi^2}{6}
        + 0 < p_j < 1
        + 0 \le P_{ik} \le 1
        """,
    ),
    "bounds for numbers that are not far": (
        SIZED,
        r"""
        - x < 10000
        - x > -10^{20}
        - x^2 \le 10^9
        - t \le 1000
        - t \le 10^5
        ? s \ge 10^{-6}
        + x < x + 1
        + 2 x y \le x^2 + y^2
        + \ln(1 + s) \le s
        + \sqrt{1 + s} \le 1 + \frac{s}{2}
        + \ln s \le s - 1
        + \tanh(x) \le 1
        + \log(1 + e^x) \le \max(0, x) + \log 2
        + \sum_{i=1}^t \frac{1}{i} \le 1 + \ln t
        """,
    ),
    "bounds that all numbers keep together": (
        SIZED.rstrip() + MIXED,
        r"""
        + J = \frac{\lambda}{2} \|u\|^2 + \frac{1}{m} \sum_i \max(0, 1 - h_i \sum_j X_{ij} u_j)
        - J \ge 1
        + J \ge 0
        + C = \sum_j p_j \log D_j + \sum_j q_j \log (1 - D_j)
        - C \le -1
        + C \le 0
        - x^2 + y^2 \ge 3 x y
        - \lambda x^2 \ge x
        + s + \frac{1}{s} \ge 2
        - s + \frac{1}{s} \ge 2.1
        """,
    ),
    "entries of which the nearest comes nearer": (
        CHANCES,
        r"""
        + \log p(x) \ge \sum_y q(y \mid x) \log \frac{p(x, y)}{q(y \mid x)}
        - \log p(x) \le \sum_y q(y \mid x) \log \frac{p(x, y)}{q(y \mid x)}
        """,
    ),
    "equations of sizes": (
        SIZED,
        r"""
        - (m - 5) (m - 6) u_j = 0
        - \max(m, 20) = 20
        - \min(1, \frac{m}{12}) = \frac{m}{12}
        + \max(m, 1) = m
        """,
    ),
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


@pytest.mark.parametrize("name", list(reversed(TEXTS)))
@pytest.mark.long_but_one_in(16)
def test_a_text_is_judged_as_a_careful_reader_would(tmp_path, name):
    assert not misjudged(tmp_path, *TEXTS[name])


NORMS = r"""
| $X$ | $m \times n$ | | |
| $A$ | $n \times n$ | | symmetric |
| $u$ | $n$ | | |
"""


def test_a_norm_of_a_matrix_that_is_another_one_to_others_is_asked_about(tmp_path):
    shown = r"""
        ? \|X\|_2 = \|X\|_F
        ? \|A\|_1 = \sum_{i,j} \lvert A_{ij} \rvert
        ? \|X\|_\infty = \max_{i,j} \lvert X_{ij} \rvert
        ? \|X\|_2^2 = \operatorname{tr}(X^\top X)
        ? \|X\|_2^2 = \lambda_{\max}(X^\top X)
        - \|X\|_2 = 2 \|X\|_F
        - \|X u\|_2 = \|X\|_2 \|u\|_2
        + \|X u\|_2 \le \|X\|_2 \|u\|_2
        + \|X\|_F^2 = \operatorname{tr}(X^\top X)
        + \|X\|^2 = \operatorname{tr}(X^\top X)
        + \|u\|_2^2 = u^\top u
        + \|u\|_1 = \sum_i \lvert u_i \rvert
        + \|u\|_\infty \le \|u\|_2
        + \|X\|_2 \le \|X\|_F
    """
    assert not misjudged(tmp_path, NORMS, shown)


def test_the_slope_of_a_penalty_on_weights_is_that_of_its_entries(tmp_path):
    table = r"""
        | $W$ | $m \times n$ | | |
        | $b$ | $n$ | | |
        | $\lambda$ | number | | |
        | $R$ | number | | |
    """.replace(" " * 8, "")
    shown = r"""
        + R = \frac{\lambda}{2} \|W\|_2^2 + \frac{\lambda}{2} \|b\|_2^2
        + \frac{\partial R}{\partial W} = \lambda W
        - \frac{\partial R}{\partial W} = 2 \lambda W
        + \frac{\partial R}{\partial b} = \lambda b
        + \nabla_W \frac{1}{2} \|W\|_2^2 = W
        - \nabla_W \|W\|_2^2 = W
        - \frac{\partial}{\partial W} \frac{\lambda}{2} \|W\|_2^2 = -\lambda W
        + \frac{\partial}{\partial W_{ij}} \|W\|_1 = \operatorname{sign}(W_{ij})
    """
    assert not misjudged(tmp_path, table, shown)
