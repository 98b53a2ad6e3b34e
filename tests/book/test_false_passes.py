"""Equations that a hasty checker takes for true: what would hide the error in each is named; none may be true."""

from pathlib import Path

import pytest

from nnlit.book.checks.verdicts import Verdict
from nnlit.book.report import Judged, checked

HEAD = "# t\n\n| symbol | shape | code | meaning |\n|---|---|---|---|\n"
TABLE = r"""
| $x$, $y$, $z$ | number | | |
| $s$ | number | | positive |
| $u$ | number | | between 0 and 1 |
| $b$ | number | | 0 or 1 |
| $g$ | number | | -1 or 1 |
| $k$ | integer | | a step |
| $A$ | $n \times n$ | | |
| $v$ | $n$ | | |
| $a_{k,j}$, $w_{ij}$ | number | | |
| $m_k$ | $n$ | | a name with a step |
| $q_t$ | $n$ | | a name with a time |
| $t$ | number | | a time |
| $\mathrm{i}$ | number | | the imaginary unit |
"""


def judged(*shown: str, rows: str = TABLE) -> list[Judged]:
    """What is said of displays under one table."""
    text = HEAD + rows.strip() + "\n\n" + "\n\n".join(f"$$\n{tex}\n$$" for tex in shown) + "\n"
    return list(checked(Path("t.md"), text).judged)


def verdict(*shown: str, rows: str = TABLE) -> Verdict:
    """The verdict on the last of some displays."""
    return judged(*shown, rows=rows)[-1].verdict


HIDDEN = {
    "positive numbers alone are drawn": [
        r"\lvert x \rvert = x",
        r"\sqrt{x^2} = x",
        r"\sqrt{x y} = \sqrt{x} \sqrt{y}",
        r"\max(x, y) = x",
        r"\lvert \det(A) \rvert = \det(A)",
        r"\max_j \lvert v_j \rvert = \max_j v_j",
        r"\lVert v \rVert_1 = \sum_j v_j",
        r"\operatorname{sign}(u - 0.5) = 1",
    ],
    "one parity is drawn": [
        r"(-1)^k = 1",
        r"(-1)^k = -1",
        r"(-x)^k = x^k",
        r"\det(-A) = -\det(A)",
        r"(-1)^n = -1",
        r"\sum_{i=1}^k i = 3",
        r"(k - 2) (k - 3) (k - 4) = 0",
        r"x^b (1 - x)^{1 - b} = x",
        r"x^b (1 - x)^{1 - b} = 1 - x",
        r"-b \log u - (1 - b) \log(1 - u) = -\log(1 - u)",
        r"b x = 0",
        r"g x = x",
        r"g x = -x",
    ],
    "all numbers are near one": [
        r"\max(x, 5) = 5",
        r"\max(0, x + 10) = x + 10",
        r"\min(x, 2) = x",
        r"x < 5",
        r"s < 10",
        r"s \ge 0.1",
        r"\lvert x \rvert > 0.001",
        r"x^2 < 100",
    ],
    "a letter runs that a name carries": [
        r"\sum_{j=1}^n a_{k,j}^2 = \frac{1}{n} \left( \sum_{j=1}^n a_{k,j} \right)^2",
        r"\sum_{i=1}^n w_{ij} = n w_{ij}",
        r"\sum_{k=1}^3 m_k = 3 m_k",
        r"\frac{d q_t}{d t} = 0",
        r"\lim_{t \to \infty} q_t = q_t",
    ],
    "equal sides are unequal": [r"x \ne x", r"2 x = x + x \ne 2 x"],
    "an exponent has two readings": [
        r"2^x^y = 2^{x y}",
        r"s^2^3 = s^6",
        r"\sin^{-1} x = \frac{1}{\sin x}",
        r"\sin^{-1}(x) = \frac{1}{\sin x}",
    ],
    "cases overlap or leave a hole": [
        r"\lvert x \rvert = \begin{cases} x & x > 0 \\ -x & x < 1 \end{cases}",
        r"\max(0, x - 1) = \begin{cases} x - 1 & x > 1 \\ 0 & x < 0 \end{cases}",
        r"\max(0, x) = \begin{cases} x & \text{unless } x > 0 \\ 0 & \text{otherwise} \end{cases}",
        r"\max(0, x) = \begin{cases} x & x > 0 \text{ or } x < 0 \\ 0 & \text{otherwise} \end{cases}",
    ],
    "a complex number has no sign": [
        r"\lvert e^{\mathrm{i} x} \rvert = e^{\mathrm{i} x}",
        r"\frac{d}{dx} \operatorname{Re}(e^{\mathrm{i} x}) = 0",
        r"\frac{d}{dx} e^{\mathrm{i} x} = e^{\mathrm{i} x}",
        r"\frac{d}{dx} \operatorname{Re}(x) = 0",
    ],
    "what is only supposed is taken for granted": [
        r"x^2 = y^2 \Rightarrow x = y",
        r"x = y \iff x^2 = y^2",
        r"\lvert x \rvert = x \quad \text{since } x > 0",
        r"\begin{aligned} 2 x &= x + x \\ &= 3 x && \text{since } x = 0 \end{aligned}",
        r"\lvert x \rvert = -x \quad \text{unless } x < 0",
        r"\lvert x \rvert = -x \qquad (x > 0)",
    ],
    "a sum over pairs": [r"\sum_{i \ne j} A_{ij} = \sum_{i, j} A_{ij} - \operatorname{tr}(A)"],
}


@pytest.mark.parametrize("tex", [tex for shown in HIDDEN.values() for tex in shown])
@pytest.mark.long_but_one_in(4)
def test_what_hides_an_error_does_not_make_it_true(tex: str) -> None:
    assert verdict(tex) not in {Verdict.TRUE, Verdict.DEFINED}


@pytest.mark.parametrize(
    "tex",
    [
        r"\lvert x \rvert = \max(x, -x)",
        r"\sqrt{x^2} = \lvert x \rvert",
        r"(-1)^{2 k} = 1",
        r"\det(-A) = (-1)^n \det(A)",
        r"k! = k (k - 1)!",
        r"\operatorname{sigmoid}(x) < 1",
        r"\tanh(x) < 1",
        r"e^x \ge 1 + x",
        r"\lVert v \rVert_1 \ge \lVert v \rVert",
        r"x \ne x + 1",
        r"\max(0, \min(1, x)) = \begin{cases} 0 & x \le 0 \\ x & 0 < x < 1 \\ 1 & x \ge 1 \end{cases}",
        r"\lvert x \rvert = \begin{cases} x & x > 0 \\ -x & x < 0 \end{cases}",
        r"\lvert x \rvert = x \qquad (x > 0)",
        r"\lvert x \rvert = x \quad \text{if } x > 0",
        r"2 x = x + x \qquad (x \in \mathbb{R})",
        r"\frac{d}{dx} \operatorname{Re}(x) = 1",
        r"e^{\mathrm{i} x} = \cos x + \mathrm{i} \sin x",
        r"{A^\top}^2 = {A^2}^\top",
        r"\cosh^2 x - \sinh^2 x = 1",
        r"\log(1 + e^{\lvert x \rvert}) = \lvert x \rvert + \log(1 + e^{-\lvert x \rvert})",
    ],
)
@pytest.mark.long_but_one_in(4)
def test_what_is_right_is_true_on_all_draws(tex: str) -> None:
    assert verdict(tex) is Verdict.TRUE


@pytest.mark.parametrize("word", ["", r"\text{where }"])
def test_what_is_false_where_a_condition_behind_it_holds_is_false(word: str) -> None:
    """Whether what stands behind the space is a claim or a condition, the claim before it is false."""
    assert verdict(rf"2 x = 3 x, \quad {word} x > 0") is Verdict.FALSE
    assert verdict(rf"\lvert x \rvert = -x, \quad {word} x > 0") is Verdict.FALSE


@pytest.mark.parametrize("tex", [r"\lvert x \rvert = x, \quad x > 0", r"2 x = x + x, \quad x > 0"])
def test_a_condition_behind_a_space_is_asked_about(tex: str) -> None:
    assert verdict(tex) is Verdict.NOT_CHECKED


@pytest.mark.parametrize(
    "supposed",
    [
        r"2 x = x + x \qquad \text{since } x = 0",
        r"x = 0 \Rightarrow x^2 = 0",
        r"x = y \Rightarrow x^2 = y^2",
        r"2 x = 3 x \quad \text{if } x = 0",
        r"2 x = 3 x \quad \text{at } x = 0",
    ],
)
def test_what_is_supposed_in_one_display_defines_nothing_in_others(supposed: str) -> None:
    assert verdict(supposed, r"x^2 = x y") is Verdict.FALSE


def test_what_is_true_for_one_number_alone_is_conditional() -> None:
    found = judged("x = 2", "x^2 = x + 2", "x + x = 2 x", "x^2 = 5")
    assert [one.verdict for one in found] == [Verdict.DEFINED, Verdict.CONDITIONAL, Verdict.TRUE, Verdict.FALSE]
    assert found[1].said.startswith("true where x = 2, as line")


def test_a_false_claim_says_on_which_numbers() -> None:
    (found,) = judged(r"(-1)^k = 1 + 0 x")
    assert "it is false where k = " in found.said


def test_the_argument_of_a_function_is_no_index_where_it_is_compared() -> None:
    shown = r"h(c) = \begin{cases} c^2 & c < 1 \\ 2 c - 1 & c \ge 1 \end{cases}"
    assert [one.verdict for one in judged(shown, "h(3 x) = 9 x^2")] == [Verdict.DEFINED, Verdict.FALSE]
