r"""What an author is told: what to write where there are two readings. What else fails test_guide.py compares."""

from pathlib import Path

import pytest

from nnlit.book.report import checked
from tests.book.test_false_passes import HIDDEN, judged

TABLE = r"""| symbol | shape | code | meaning |
|---|---|---|---|
| $X$ | $m \times n$ | | |
| $W$ | $n \times k$ | | |
| $v$, $w$ | $n$ | | |
| $b$, $q$ | number | | |
| $A$ | $n \times n$ | | |
| $t$ | labels, $m$ | | labels 0..K-1 |

"""


def said(tex):
    """The verdict on a display, what is said of it, and its excerpt."""
    one = checked(Path("own.md"), f"{TABLE}$${tex}$$\n").judged[0]
    return str(one.verdict), one.said, one.excerpt


@pytest.mark.parametrize("wide", [r"\quad", r"\qquad", r"\hfill", r"\hspace{2em}"])
def test_a_declared_letter_in_brackets_behind_a_wide_space_is_no_number(wide):
    verdict, message, excerpt = said(rf"c = q {wide} (b)")
    assert verdict == "not read"
    assert message == r"is (b) a factor or this equation's number? b is declared: write \tag or \cdot"
    assert excerpt.endswith("^^^")
    assert said(rf"c = q {wide} (a)")[0] == "defined"
    assert said(rf"c = q {wide} (qb)")[0] == "not read"
    assert said(r"\begin{aligned} c &= q \\ &= q " + wide + r" [b] \end{aligned}")[0] == "not read"
    assert said(r"c = q \cdot (b)")[0] == "defined"


def test_a_row_of_a_matrix_on_the_right_names_the_index_that_the_left_lacks():
    assert said("z = X_{i:} W")[1].endswith("the right side is a vector for each i, so write z_{i} on the left")
    assert r"write ^\top behind it" in said("z_i = X_{i:} W")[1]
    assert said(r"z_i = X_{i:}^\top W")[0] == "defined"
    assert "two vectors side by side" in said("z_{ic} = X_{i:} W_{:c}")[1]


@pytest.mark.parametrize(
    "bars", [r"\lvert v \rvert", "|v|", r"\left| v \right|", r"\vert v \vert", r"\lvert A v \rvert"]
)
def test_bars_around_a_vector_have_two_readings(bars):
    verdict, message, _ = said(f"a = {bars}")
    assert verdict == "not checked"
    assert "is this the length of the vector, or the absolute value of each of its entries?" in message
    assert r"Write \lVert ... \rVert, or an index" in message
    assert (
        said(r"a_i = \lvert v_i \rvert")[0]
        == said(r"a = \lVert v \rVert")[0]
        == said(r"a = \lvert b \rvert")[0]
        == "defined"
    )


FAILURES = [
    "c = ",
    "= b",
    "c = (b",
    "c = b)",
    "c = b +",
    "c b",
    r"c = \foo b",
    r"c = \dots",
    "c = b, q",
    r"c = \frac{b}",
    "c = X_{ij}",
    r"c = \sum_i X_{jk}",
    "c = v w",
    "c = v X",
    "c = X X",
    r"c = v \odot X^\top W",
    "c = X + W",
    "c = h",
    "c = f'(b)",
    r"c = \frac{\partial b}{\partial q}",
    r"c = \frac{\partial h}{\partial q}",
    "c = v_{1,2}",
    "c = v_9",
    r"c = \log(-1)",
    r"b + 1 = b + 2",
    "X = W",
    "b = -b",
    r"A = A^\top",
    r"b < b",
    r"b \approx q",
    r"c = \lim b",
    r"c = \sum b",
    r"c = \max_i b",
    r"c = \mathbb E[b]",
    r"c = |v|",
    r"c = \begin{pmatrix} 1 & 2 \\ 3 \end{pmatrix}",
    r"c = \begin{cases} 1 \end{cases}",
    r"c = q \quad (b)",
    r"c = q \, (3)",
    r"c = \sum_{i=1}^{10^9} i",
    r"c = \binom{10^9}{10^8}",
    r"c = \sum_{i=1} i",
    "c = b / q b",
    r"c = X_{m}",
    "m = 3",
    "c = v^m",
    r"c = \lVert v \rVert_3",
    r"c = X^{-1}",
    "c = A^{0.5}",
    "c = {b",
    "c = b}",
    "c & = b",
    "c = x_{}",
    r"c = b^{[2]}",
    r"c = \partial",
    r"c = \int b",
    r"c = v \quad w",
    r"\frac{\partial c}{\partial b} = 1",
    "c = d \\ d = b",
    "c = ?",
]


def failures(step):
    """Displays that fail: of those of this file one in `step`, those of test_false_passes.py; what is said of each."""
    for tex in FAILURES[::step]:
        verdict, message, _ = said(tex)
        assert verdict not in {"true", "defined"}, tex
        yield tex, message
    for tex in (tex for shown in HIDDEN.values() for tex in shown):
        yield from ((tex, one.said) for one in judged(tex) if one.said)


FAILURES += [
    "c = 171!",
    "c = (10^9)!",
    r"c = \log(b - b - 1)",
    r"c = \sqrt{-1}",
    "c = (-2)^{0.3}",
    "c = 0 / 0",
    "c = 1 / 0",
    "c = 0^{-1}",
    "c = e^{1000}",
    r"c = \log 0",
    r"c = 10^{200} \cdot 10^{200}",
    r"c = \exp(1000) - \exp(1000)",
    r"c = \sin",
    r"c = \frac{d}{d b}",
    r"c = \nabla",
    r"c = \hat",
    r"c = \sqrt",
    "c = b_",
    "c = b^",
    r"c = \frac{\partial b^2}{\partial b b}",
    r"c = \frac{\partial b^2}{\partial (b + 1)}",
    r"c = \frac{\partial b^2}{\partial 2}",
    r"c = \frac{\partial b}{\partial b \partial q \partial b}",
    r"c = \frac{\partial^5 b^6}{\partial b^5}",
    r"c = \frac{d^2 b}{d b^3}",
    "c = f(b, b)",
    "c = h(b, b)",
    "c = (b, b)",
    "b(2) = 8",
    r"c = \operatorname{softmax}(b)",
    r"c = \operatorname{logsumexp}(b)",
    r"c = \operatorname{softmax}(v, v)",
    r"c = \operatorname{softplus}(v, v)",
    r"c = \lambda_{\max}(X)",
    r"c = \lambda_{\max}(A)",
    r"c = \operatorname{tr}(X)",
    r"c = \det(X)",
    r"c = \operatorname{diag}(b)",
    r"c = \binom{10^9}{10^7}",
    r"c = \sum_{i=1}^{10^8} i",
    r"c = \sum_{i=1}^{0.5} i",
    "c = v_{b}",
    "c = v_{v}",
    "c = X_{1,2,3}",
    r"c = v^\top X X",
    r"c = b^\top",
    r"c = \langle v \rangle",
    "c = b : b",
    r"c = \operatorname{foo}(b)",
    r"c = \mathbb R",
    r"c = \infty",
    r"c = \lim_{h \to 0} 1/h",
    r"c = \lim_{h \to 0} \frac{|h|}{h}",
    r"c = \sum_{k=0}^\infty 1",
    r"c = \min_b \log(b)",
    r"c = \max\{v_i\}",
    r"c = b + \cdots",
    r"c = v \times v",
    "c = X * X",
    r"c \propto b",
    r"c = \operatorname{Var}(b)",
    r"c = \operatorname{Cov}(b)",
    "c = p(b)",
    r"c = \begin{foo} b \end{foo}",
    r"c = \begin{pmatrix} v & 1 \\ 1 & 2 \end{pmatrix}",
    r"c = \begin{cases} 1 & b \end{cases}",
    r"b = b \quad \text{if } b > 10^9",
    r"b = b \quad \text{if } v > 0",
    r"b = b \quad \text{if } i > 0",
    r"c = b \over q",
    "c = b_1_2",
    r"c = \delta",
    "c = d",
    r"c = \left. b^2 \right|_{b}",
    r"c = \left. b^2 \right|_{b = v}",
    r"c = b \mid q",
    "c = b ; q",
    r"c \in",
    r"b \in b",
    r"v \in [0, 1]",
    r"c = \# b",
    r"b \le",
    r"c = b \text{ subject to } b > 0",
    r"c = \stackrel{?}{=} b",
]

FAILURES += [
    "b = = q",
    "c = 1,000",
    r"c = \sum^n v_i",
    r"c = \sum_i",
    r"c = \lim_{b} b",
    r"c = \max_i b",
    r"c_i = v_{i+1}",
    r"c = \begin{cases} b & \text{if } \end{cases}",
    r"c = \sum_{i=1}^b v_i",
    r"c = \sum_{i=1}^{v} v_i",
    r"\langle v, w, v \rangle = 1",
    r"c = \lim_{b \to} b",
    r"c = \sum_{i : } v_i",
    r"c = \sum_{i \in} v_i",
    r"c = \sum_{i<} v_i",
    r"c = \sum_{i=}^n v_i",
    r"c = \sum_{i=1}^{} v_i",
    r"c = \sum_{=1}^n v_i",
    r"c = \sum_{\in B} v_i",
    r"c = \binom{b}",
    r"c = \log_2 b",
    "c = _2",
    "c = ^2",
    r"c = \mathbb{1}[b]",
    "c = .5.",
    r"c = b \boxtimes q",
    r"c = \boxed{u}",
    "c = i",
    r"\sum_{(i, j) \in E} X_{ij} = 1",
    r"\sum_{i, j \ne 2} X_{ij} = 1",
    r"\sum_{k \in \{a, b\}} v_k = 1",
    r"\prod_{\substack{k=1 \\ k \ne 2}}^n v_k = 1",
    r"\sum_{j \notin B} v_j = 1",
    r"\sum_{j \in \mathcal{N}(i)} v_j = 1",
    r"\max_{k \in B \setminus \{2, 3\}} v_k = 1",
    r"D_{KL}(p \| q) = b",
    "c_{ij} = v_i",
    "c_{iii} = v_i",
]

FAILURES += [  # of these many shared a sentence
    "c = A^b",
    "c = A^{-0.5}",
    "c = A^H",
    "c = H",
    r"c = \sqrt[0]{b}",
    "c = 2^{2^{2^{20}}}",
    r"c = \nabla \cdot v",
    r"c = \nabla \times v",
    r"c = \frac{\partial b}{\partial}",
    r"c = \frac{\partial b}{q}",
    r"c = \frac{b}{\partial q}",
    r"c = \frac{\partial^0 b}{\partial b^0}",
    "c = v_{1:}",
    "c = X_{1:2}",
    r"c = \begin{pmatrix} \end{pmatrix}",
    r"c = \begin{vmatrix} 1 & 2 \end{vmatrix}",
    r"c = \begin{cases} b, b > 0 \\ q, b < 0 \end{cases}",
    r"\text{hello}",
    r"\label{a}",
    r"c = \sum_{i=1}^{99} v_i",
    r"c = v_{n+1}",
]
