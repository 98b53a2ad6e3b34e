r"""What differs by the rounding of an intermediate result is not false; what is false beside it stays false."""

from pathlib import Path

import numpy as np
import pytest

from nnlit.book.checks.rounding import FINE
from nnlit.book.checks.verdicts import Verdict
from nnlit.book.report import checked

ROWS = r"""
| symbol | shape | code | meaning |
|---|---|---|---|
| $x$ | number | | |
| $p$ | number | | positive |
| $u$, $v$ | $n$ | | |
| $X$ | $m \times n$ | | |
| $I$ | $n \times n$ | | identity |
| $J$ | $m \times m$ | | identity |
| $\sigma$ | function | | sigmoid |

"""
T, N = Verdict.TRUE, Verdict.NOT_CHECKED
CASES = [  # a right equation, how much of it is left with more digits, what is exchanged so that it is wrong
    (r"\log(1 - \tanh(9 x)^2) = -2 \log \cosh(9 x)", T, "-2", "-"),
    (r"\log(1 - \tanh(12 p)^2) = 2 \log 2 - 24 p - 2 \log(1 + e^{-24 p})", N, "- 24 p", "- 12 p"),
    (r"\log(1 - \tanh(5 u_i)^2) = -2 \log \cosh(5 u_i)", T, "-2", "-"),
    (r"\frac{1 - \cos(10^{-4} x)}{10^{-8} x^2} = \frac{2 \sin^2(10^{-4} x / 2)}{10^{-8} x^2}", T, "2 \\sin", "\\sin"),
    (r"10^6 \log(1 + 10^{-6} p) = 10^6 (\log(10^6 + p) - \log 10^6)", N, "10^6 + p", "10^6 + 2 p"),
    (r"\frac{\sqrt{1 + 10^{-8} p} - 1}{10^{-8} p} = \frac{1}{\sqrt{1 + 10^{-8} p} + 1}", T, "{1}{", "{2}{"),
    (
        r"\sum_i (u_i + 10^4)^2 - \frac{(n 10^4 + \sum_i u_i)^2}{n} = \sum_i u_i^2 - \frac{1}{n} (\sum_i u_i)^2",
        T,
        "= ",
        "= 2",
    ),
    (r"\log(1 - \sigma(30 p)) = -\log(1 + e^{30 p})", N, "+ e^{30 p}", "+ e^{29 p}"),
    (r"\frac{\sigma(30 p) - 1}{e^{-30 p}} = -\sigma(30 p)", N, "= -", "= -2"),
    (r"\cosh(15 p)^2 - \sinh(15 p)^2 = 1", N, "= 1", "= 2"),
    (r"\operatorname{softmax}(u)_1 - \operatorname{softmax}(u + 10^8)_1 = 0", T, "u + 10^8", "2 u"),
    (r"(10^9 + p) - 10^9 = p", T, "= p", "= 1.01 p"),
    (r"(10^{12} + p) - 10^{12} = p", N, "= p", "= 1.01 p"),
    (r"\frac{d}{dx} \log(1 - \tanh(9 x)^2) = -18 \tanh(9 x)", N, "-18", "-9"),
    (r"X (X^\top X + 10^{-10} I)^{-1} = (X X^\top + 10^{-10} J)^{-1} X", N, "= ", "= 2 "),
    (r"\sum_i (u_i + 10^7)^2 - \frac{1}{n} (\sum_i (u_i + 10^7))^2 \ge 0", T, r"\ge", r"\le"),
]


@pytest.mark.parametrize(("shown", "known", "old", "new"), CASES, ids=[case[0] for case in CASES])
@pytest.mark.long_but_one_in(4)
def test_a_difference_by_rounding_is_not_false(shown, known, old, new):
    right, wrong = (checked(Path("own.md"), f"{ROWS}$${x}$$\n").judged[0] for x in (shown, shown.replace(old, new)))
    assert shown != shown.replace(old, new)
    assert right.verdict in {known, N}
    assert right.verdict is known or np.finfo(np.longdouble).eps > FINE
    assert "ill-conditioned" in right.said or right.verdict is T
    assert wrong.verdict is Verdict.FALSE


@pytest.mark.parametrize(
    "shown", ["p < p", "x + p < x + p", r"\sum_i u_i^2 > \sum_i u_i^2", r"\sum_i u_i^2 \ne \sum_i u_i^2"]
)
def test_what_fails_by_nothing_is_false(shown):
    assert checked(Path("own.md"), f"{ROWS}$${shown}$$\n").judged[0].verdict is Verdict.FALSE


def test_what_has_no_finite_number_is_true_if_it_has_one_with_more_digits():
    shown = r"\frac{e^{800 p}}{e^{799 p}} = e^p"
    right, wrong = (checked(Path("own.md"), f"{ROWS}$${x}$$\n").judged[0] for x in (shown, shown.replace("799", "798")))
    assert right.verdict is T or np.finfo(np.longdouble).eps > FINE
    assert wrong.verdict is N
    assert "not a finite number" in wrong.said
