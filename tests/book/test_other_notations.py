# ruff: noqa: E501 (an equation stands on one line)
r"""Notations of other fields and packages: the right form is true, and one with an error planted in it is found."""

from pathlib import Path

import pytest

from nnlit.book.checks.verdicts import Verdict
from nnlit.book.report import checked
from nnlit.book.source.macros import USUAL, expanded

from .authored import HEADER, misjudged

T, F, N, D = Verdict.TRUE, Verdict.FALSE, Verdict.NOT_CHECKED, Verdict.DEFINED
ROWS = r"""
| $A$ | $n \times n$ | | |
| $S$ | $n \times n$ | | symmetric positive definite |
| $I$ | $n \times n$ | | identity |
| $v$, $w$ | $n$ | | |
| $x$, $y$ | number | | |
| $t$ | number | | positive |
| $r$ | $2 c$ | | |
"""
SIGNS = {
    "what braces say": r"""
+ \underbrace{x + x}_{= 2 x} y = 2 x y
- \underbrace{x + x}_{= 3 x} y = 2 x y
+ \overbrace{x - x}^{0} + y = y
- \overbrace{x + x}^{0} + y = 2 x + y
+ \underbrace{x}_{0} + \underbrace{y}_{1} = y + x
+ \underbrace{3 x}_{=: q} + y = y + 3 x
- q = 2 x
+ \underbrace{x + x}_{\text{= twice}} = 2 x
+ \sum_{i=1}^2 \underbrace{x + i}_{= x + 1} = 2 x + 3
""",
    "powers of a matrix that are no whole numbers": r"""
+ S^{1/2} S^{1/2} = S
- S^{1/2} S^{1/2} = S^2
+ S^{-1/2} S S^{-\frac{1}{2}} = I
+ \frac{d}{dt} \operatorname{tr}((t S)^{1/2}) = \frac{\operatorname{tr}((t S)^{1/2})}{2 t}
- \frac{d}{dt} \operatorname{tr}((t S)^{1/2}) = \frac{\operatorname{tr}((t S)^{1/2})}{t}
+ \frac{\partial \lVert S^{-1/2} v \rVert^2}{\partial v} = 2 S^{-1} v
- \frac{\partial \lVert S^{-1/2} v \rVert^2}{\partial v} = 2 S^{-1/2} v
? A^{1/2} A^{1/2} = A
? \sqrt{S} \sqrt{S} = S
""",
    "the exponential of a matrix": r"""
? \frac{d}{dt} e^{t A} = A e^{t A}
? \frac{d}{dt} \exp(t A) = A \odot \exp(t A)
- \frac{d}{dt} e^{t A} = 2 A e^{t A}
+ \frac{d}{dt} \operatorname{expm}(t A) = A \operatorname{expm}(t A)
- \frac{d}{dt} \operatorname{expm}(t A) = A \operatorname{expm}(A)
+ P = e^{A}
+ P_{ij} = e^{A_{ij}}
""",
    "a matrix with a letter that is no index": r"""
+ S_y = S + t I
+ g = v^\top S_y^{-1} v
+ \frac{\partial g}{\partial v} = 2 S_y^{-1} v
- \frac{\partial g}{\partial v} = 2 S^{-1} v
? A_i = \sum_j A_{ij}
""",
    "entries at products": r"""
? q_i = \frac{1}{2} (r_{2i-1} + r_{2i})
+ \sum_{i=1}^c (r_{2i-1} + r_{2i}) = \sum_{j=1}^{2c} r_j
- \sum_{i=1}^c (r_{2i-1} + r_{2i}) = \sum_{j=1}^{c} r_j
""",
    "beyond the end": r"""
? \delta_k = v_k + x w_{k+1} - w_k
? \sum_{k=0}^{n-1} x^k v_{k+1} = v_1
- \sum_{k=1}^{n} v_{k+1} = \sum_{k=1}^n v_k
""",
    "an upright d": r"""
+ \frac{\mathrm{d}}{\mathrm{d} x} x^2 = 2 x
? \mathrm{d}(x^2) = 2 x \mathrm{d}
""",
    "numbers that are cut": r"""
+ \operatorname{clip}(x, -t, t) = \max(-t, \min(x, t))
- \operatorname{clip}(x, -t, t) = \min(x, t)
+ \operatorname{ceil}(x) = -\operatorname{floor}(-x)
- \operatorname{ceil}(x) = \operatorname{floor}(x)
""",
    "dress": r"""
+ \frac{\cancel{x} y}{\cancel{x}} = y
- \frac{\cancel{x} y}{\cancel{x}} = x
+ \htmlStyle{color: red;}{x + y} = \htmlId{a}{y + x}
- \htmlStyle{color: red;}{x + y} = \htmlId{a}{y - x}
+ \enclose{circle}{x} \bcancel{y} = y x
""",
}


@pytest.mark.parametrize("name", SIGNS)
@pytest.mark.long_but_one_in(3)
def test_right_is_true_and_what_is_planted_is_found(tmp_path, name):
    rows = ROWS + ("| $d$ | number | | |\n" if "upright" in name else "")
    assert not misjudged(tmp_path, rows, SIGNS[name])


PACKAGES = r"""
+ \dv[2]{x^3}{x} = 6 x
- \dv[2]{x^3}{x} = 3 x^2
+ \dv{x} \qty[ x^2 ] = 2 x
- \dv{x} \qty[ x^2 ] = x
+ \pdv{(x^2 y)}{x}{y} = 2 x
- \pdv{(x^2 y)}{x}{y} = 2 y
+ \pdv[2]{(v^\top S v)}{v} = 2 S
- \pdv[2]{(v^\top S v)}{v} = S
+ \eval{\dv{x^2}{x}}_{x = y} = 2 y
- \eval{\dv{x^2}{x}}_{x = y} = 2 x
+ \nicefrac{1}{2} x + \flatfrac{x}{2} = x
- \nicefrac{1}{2} x + \flatfrac{x}{2} = 2 x
+ \diff{x^3}{x} = 3 x^2
+ \odv[order=2]{x^3}{x} = 6 x
+ \pmqty{x & 0 \\ 0 & y} \pmqty{1 \\ 1} = \pmqty{x \\ y}
- \pmqty{x & 0 \\ 0 & y} \pmqty{1 \\ 1} = \pmqty{y \\ x}
+ \frac{\dd}{\dd x} x^2 = 2 x
"""


def test_commands_of_packages_that_a_text_does_not_define(tmp_path):
    assert not misjudged(tmp_path, ROWS, PACKAGES)


def test_a_command_for_a_lone_d_is_no_derivative():
    assert expanded(r"\frac{\diff y}{\diff x}", USUAL) == r"\frac{\diff y}{\diff x}"


CONVENTION = HEADER + r"""| $X$ | $m \times n$ | | |
| $W$ | $n \times k$ | | |
| $\frac{\partial L}{\partial O}$ | $m \times k$ | | upstream |

$$O_{bc} = X_{bi} W_{ic}$$

$$\frac{\partial L}{\partial W_{ic}} = X_{bi} \frac{\partial L}{\partial O_{bc}}$$

$$\frac{\partial L}{\partial X_{bi}} = 2 \frac{\partial L}{\partial O_{bc}} W_{ic}$$
"""


@pytest.mark.parametrize(
    ("said", "verdicts"),
    [
        ("Repeated indices are summed.", [D, T, F]),
        ("We use the Einstein summation convention.", [D, T, F]),
        ("", [N, N, N]),
    ],
)
def test_the_summation_convention_counts_where_a_text_may_keep_to_it(said, verdicts):
    found = [one.verdict for one in checked(Path("own.md"), f"# Own\n\n{said}\n\n{CONVENTION}").judged]
    assert found == verdicts


@pytest.mark.parametrize(("before", "verdict"), [("", N), (r"$$\sum_{i=1}^n i = \frac{n (n + 1)}{2}$$", F)])
def test_a_lost_sum_is_false_where_others_are_written(before, verdict):
    rows = "| $X$ | $m \\times n$ | | |\n| $W$ | $n \\times k$ | | |\n"
    text = f"# Own\n\n{HEADER}{rows}\n{before}\n\n$$(X W)_{{bc}} = X_{{bi}} W_{{ic}}$$\n"
    assert checked(Path("own.md"), text).judged[-1].verdict is verdict


MORE = {
    "several conditions of one row": (
        r"""
| $A$ | $n \times n$ | | symmetric, positive |
| $B$ | $n \times n$ | | symmetric, 0 or 1 |
| $H$ | $n \times n$ | | orthogonal, symmetric |
| $C$ | $n \times n$ | | orthogonal, positive |
| $x$ | $n$ | | |
""",
        r"""
+ A_{ij} > 0
+ A = A^\top
- A_{ij} < 2
+ B_{ij}^2 = B_{ji}
- 2 B_{ij} = 2
+ H H x = x
- H x = x
? C C^\top x = x
+ d_i = \sum_j A_{ij}
+ N = \operatorname{diag}(d)^{-1/2} A \operatorname{diag}(d)^{-1/2}
+ N_{ij} = \frac{A_{ij}}{\sqrt{d_i d_j}}
- N_{ij} = \frac{A_{ij}}{d_i d_j}
""",
    ),
    "arrays that are put together": (
        r"""
| $W$ | $d \times (p + q)$ | | |
| $h$, $k$ | $p$ | | |
| $x$ | $q$ | | |
| $b$ | $d$ | | |
| $U$ | $d \times p$ | | |
| $V$ | $d \times q$ | | |
| $A$ | $d \times d$ | | |
| $c$ | number | | |
| $\frac{\partial L}{\partial z}$ | $d$ | | |
""",
        r"""
+ z = W [h, x] + b
+ \frac{\partial L}{\partial W} = \frac{\partial L}{\partial z} [h; x]^\top
- \frac{\partial L}{\partial W} = [h; x] \frac{\partial L}{\partial z}^\top
+ W [h; x] = W \begin{bmatrix} h \\ x \end{bmatrix}
+ [U, V] [h; x] = U h + V x
- [U, V] [h; x] = U h - V x
? [h, k] = [h; k]
? [c, 2] = c + 2
+ \begin{bmatrix} A & b \\ 0 & c \end{bmatrix} \begin{bmatrix} b \\ c \end{bmatrix} = \begin{bmatrix} A b + b c \\ c^2 \end{bmatrix}
+ \det \begin{bmatrix} A & b \\ b^\top & c \end{bmatrix} = \det(A) (c - b^\top A^{-1} b)
- \det \begin{bmatrix} A & b \\ b^\top & c \end{bmatrix} = \det(A) (c + b^\top A^{-1} b)
- \begin{bmatrix} A & h \end{bmatrix} b = b
""",
    ),
    "Kronecker products": (
        r"""
| $A$ | $n \times n$ | | |
| $B$ | $k \times k$ | | |
| $X$ | $k \times n$ | | |
| $u$, $v$ | $n$ | | |
""",
        r"""
+ \operatorname{vec}(B X A) = (A^\top \otimes B) \operatorname{vec}(X)
- \operatorname{vec}(B X A) = (A \otimes B) \operatorname{vec}(X)
+ \operatorname{tr}(A \otimes B) = \operatorname{tr}(A) \operatorname{tr}(B)
- \operatorname{tr}(A \otimes B) = \operatorname{tr}(A) + \operatorname{tr}(B)
+ (A \otimes B)^\top = A^\top \otimes B^\top
- (A \otimes B)^\top = B^\top \otimes A^\top
+ \mathrm{vec}(X)^\top \mathrm{vec}(X) = \lVert X \rVert_F^2
? u \otimes v = v \otimes u
? A \otimes A^\top = A^\top \otimes A
""",
    ),
    "bases, parts and whole numbers": (
        r"""
| $x$, $y$ | number | | |
| $p$ | $n$ | | positive |
| $w$ | $n$ | | |
| $S$ | $n \times n$ | | symmetric positive definite |
""",
        r"""
+ \log_2 8 = 3
- \log_{10} 100 = 3
+ h = -\sum_k p_k \log_2 p_k
+ \frac{\partial h}{\partial p_k} = -\log_2 p_k - \frac{1}{\ln 2}
- \frac{\partial h}{\partial p_k} = -\log_2 p_k - 1
+ f = [1 - x y]_+
+ f = \max(0, 1 - x y)
- f = \max(0, x y - 1)
+ \frac{\partial f}{\partial x} = -y \mathbb{I}(x y < 1)
+ \frac{\partial f}{\partial x} = -y \mathbf{1}_{\{x y < 1\}}
- \frac{\partial f}{\partial x} = y \mathbb{I}\{x y < 1\}
+ \lceil x \rceil = -\lfloor -x \rfloor
- \lfloor x \rfloor = \lceil x \rceil
+ \lVert w \rVert_S^2 = w^\top S w
+ \lVert w \rVert_{S^{-1}}^2 = w^\top S^{-1} w
- \lVert w \rVert_S = w^\top S w
+ v_\star = S^{-1} w
+ S v_* = w
- S v_\star = 2 w
+ \left.\begin{aligned} x + y &= y + x \\ 2 x &= x + x \end{aligned}\right\}
- \left.\begin{aligned} x + y &= y + x \\ 2 x &= 3 x \end{aligned}\right\}
""",
    ),
    "names in two fonts, and alone": (
        r"""
| $\mu$, $\theta$ | $n$ | | |
| $\mathbf{y}_t$ | $n$ | | |
| $t$ | integer | | |
| $A$ | $n \times n$ | | symmetric positive definite |
| $p$ | size | | |
""",
        r"""
+ \boldsymbol{\mu}^\top \boldsymbol{\mu} = \sum_j \mu_j^2
- \boldsymbol{\mu}^\top \boldsymbol{\mu} = \sum_j \mu_j
+ \sum_k y_{t,k}^2 = \mathbf{y}_t^\top \mathbf{y}_t
- \sum_k y_{t,k} = \mathbf{y}_t^\top \mathbf{y}_t
+ J(\theta) = \theta^\top A \theta
+ \theta^\top \nabla_\theta J = 2 J
- \theta^\top \nabla_\theta J = J
+ \log Z = \mu^\top \mu
+ \frac{\partial Z}{\partial \mu} = 2 Z \mu
- \frac{\partial Z}{\partial \mu} = 2 \mu
? \log p = -\frac{1}{2} \mu^\top \mu
? \frac{\partial \log p}{\partial \mu} = -\mu
""",
    ),
}


@pytest.mark.parametrize("name", MORE)
@pytest.mark.long_but_one_in(3)
def test_more_notations_are_true_where_they_are_right_and_false_where_not(tmp_path, name):
    assert not misjudged(tmp_path, *MORE[name])


COUNTING = {
    "functions with a letter": (
        "| $a$ | $K$ | | |\n| $t$, $x$ | number | | positive |\n| $W$ | $K \\times n$ | | |\n| $u$, $w$ | $n$ | | |",
        r"""
+ p_k(t) = \frac{\exp(a_k / t)}{\sum_j \exp(a_j / t)}
+ \sum_k p_k(x) = 1
- \sum_k p_k(x) = 2
+ E(t) = \sum_k p_k(t) a_k
+ \frac{d E}{dt} = -\frac{1}{t^2} \left( \sum_k p_k(t) a_k^2 - E(t)^2 \right)
- \frac{d E}{dt} = -\frac{1}{t^2} \left( \sum_k p_k(t) a_k^2 - E(t) \right)
+ \frac{\partial p_k(t)}{\partial a_l} = \frac{1}{t} p_k(t) ([k = l] - p_l(t))
- \frac{\partial p_k(t)}{\partial a_l} = p_k(t) ([k = l] - p_l(t))
+ g_i(u) = \sum_j W_{ij} u_j
+ g_2(w) = W_{2:}^\top w
- g_2(w) = W_{1:}^\top w
+ f_w(x) = x^2 w^\top w
- f_w(2) = 2 w^\top w
+ h_1(x) = x^2
+ h_2(x) = x^3
- h_2'(x) = 2 x
""",
    ),
    "a diagonal": (
        "| $A$ | $n \\times n$ | | symmetric, positive |\n| $x$ | $n$ | | |\n| $S$ | $n \\times n$ | | |",
        r"""
+ D_{ii} = \sum_j A_{ij}
+ L = D - A
+ x^\top L x = \frac{1}{2} \sum_{i,j} A_{ij} (x_i - x_j)^2
- x^\top L x = \sum_{i,j} A_{ij} (x_i - x_j)^2
+ N = D^{-1/2} A D^{-1/2}
+ N_{ij} = \frac{A_{ij}}{\sqrt{D_{ii} D_{jj}}}
- N_{ij} = \frac{A_{ij}}{D_{ii} D_{jj}}
- S_{ii} = 1
+ C_{ij} = x_i x_j
+ C_{ii} = x_i^2
- C_{ii} = x_i
""",
    ),
    "where a letter begins": (
        "| $x$ | $n$ | | |\n| $s$ | number | | |",
        r"""
+ c_i = \frac{x_i}{s}
+ c_2 = \frac{x_2}{s}
- c_3 = x_3
+ b_i = i x_i
? b_2 = 2 x_2
- b_2 = 7 x_2
+ q = \sum_j j x_j
? \sum_{k=1}^n k x_k = q
- \sum_{k=1}^n k x_k = 2 q
+ e_i = 3 x_i
+ e_2 = 5
""",
    ),
    "where it begins in other sums": (
        r"""
| $x$ | $h \times g$ | | |
| $w$ | $k \times l$ | | |
| $i$, $j$ | index | | counts from 1 |
| $\frac{\partial E}{\partial y}$ | $(h-k+1) \times (g-l+1)$ | | upstream |
""",
        r"""
+ y_{ij} = \sum_{a=1}^{k} \sum_{b=1}^{l} w_{ab} x_{i+a-1,j+b-1}
+ \frac{\partial E}{\partial w_{ab}} = \sum_{i,j} \frac{\partial E}{\partial y_{ij}} x_{i+a-1,j+b-1}
- \frac{\partial E}{\partial w_{ab}} = \sum_{i,j} \frac{\partial E}{\partial y_{ij}} x_{i+a,j+b}
""",
    ),
    "where it is not said": (
        "| $x$ | $h$ | | |\n| $w$ | $k$ | | |\n| $u$ | $h - k + 1$ | | |",
        r"""
? y_i = \sum_{a=1}^{k} w_a x_{i+a-1} + u_i
- z_i = \sum_{a=1}^{k} w_a x_{i+a-3} + u_i
""",
    ),
    "a gradient that is displayed twice": (
        "| $Q$ | $m \\times d$ | | |\n| $K$ | $n \\times d$ | | |\n| $dS$ | $m \\times n$ | | gradient from above |",
        r"""
+ S = \frac{1}{2} Q K^\top
? dQ = dS K
? dQ = \frac{1}{2} dS K
""",
    ),
}


@pytest.mark.parametrize("name", COUNTING)
def test_a_letter_counts_from_what_the_text_says_and_else_it_is_asked(tmp_path, name):
    assert not misjudged(tmp_path, *COUNTING[name])
