r"""Constructs of the language: what is true, an error planted in it, what is asked about, the way back, mutants."""

from functools import partial

import pytest

from nnlit.book.assembly import Assembly
from nnlit.book.checks.verdicts import Verdict
from nnlit.book.evaluation import minima, values
from nnlit.book.language import nodes as n
from nnlit.book.language import tex
from nnlit.book.source.place import Place
from tests.book import authored
from tests.book.authored import read_again, survivors
from tests.tiers import mostly_long

ROWS = r"""
| $l$, $t$ | integer | | a layer, a step |
| $W^l$ | $k \times n$ | | weights of a layer |
| $h^{l-1}$ | $n$ | | what comes in |
| $A^1$ | $n \times k$ | | the first layer |
| $A^2$ | $k \times m$ | | the second layer |
| $a^0$ | $n$ | | an input |
| $x$, $y$ | number | | positive |
| $v$, $u$ | $n$ | | vectors |
| $M$, $N$ | $m \times n$ | | matrices |
| $Q$ | $n \times n$ | | square |
| $H$ | $n \times n$ | | symmetric positive definite |
| $S$ | $p$ | | every subset of size $p$ of $1..q$ |
| $R$ | $p$ | | every sequence of length $p$ from $1..q$ |
| $s$ | $q$ | | numbers |
| $B$ | $m \times n$ | | one-hot rows |
| $E$, $F$ | event | | events |
"""
LAYER = (r"z^l = W^l h^{l-1}", r"c = (z^l)^\top z^l")
NETWORK = (r"a^1 = (A^1)^\top a^0", r"a^2 = (A^2)^\top a^1")
BOWL = (r"f(v) = \frac{1}{2} v^\top H v - u^\top v",)
RIDGE = (r"c = 2 M u + 1", r"L = \lVert M v - c \rVert^2 + x \lVert v \rVert^2", r"\hat v = \arg\min_v L")
MATRIX = r"""
\begin{pmatrix} M_{11} & M_{12} & \cdots & M_{1n} \\ M_{21} & M_{22} & \cdots & M_{2n} \\
\vdots & \vdots & \ddots & \vdots \\ M_{m1} & M_{m2} & \cdots & M_{mn} \end{pmatrix}""".strip()
SHORT = r"\begin{bmatrix} M_{1,1} & \ldots & M_{1,n} \\ \vdots & & \vdots \\ M_{m,1} & \ldots & M_{m,n} \end{bmatrix}"
OUTER = r"""
\begin{pmatrix} v_1 u_1 & \cdots & v_1 u_n \\
\vdots & \ddots & \vdots \\ v_n u_1 & \cdots & v_n u_n \end{pmatrix}""".strip()
JACOBIAN = r"""
\begin{pmatrix} \frac{\partial f_1}{\partial v_1} & \cdots & \frac{\partial f_1}{\partial v_n} \\
\vdots & \ddots & \vdots \\
\frac{\partial f_m}{\partial v_1} & \cdots & \frac{\partial f_m}{\partial v_n} \end{pmatrix}""".strip()
ZEROS = r"""
\begin{bmatrix} v_1 & 0 & \cdots & 0 \\ 0 & v_2 & \cdots & 0 \\ \vdots & \vdots & \ddots & \vdots \\
0 & 0 & \cdots & v_n \end{bmatrix}""".strip()

CONSTRUCTS = [
    # layers
    (LAYER, r"\frac{\partial c}{\partial W^l} = 2 z^l (h^{l-1})^\top", "2 z", "z"),
    (LAYER, r"z^l_i = \sum_j W^l_{ij} h^{l-1}_j", "h^{l-1}_j", "h^{l-1}_i"),
    (LAYER, r"z_i^l = \sum_j W_{ij}^l h_j^{l-1}", "W_{ij}^l", "2 W_{ij}^l"),
    (LAYER, r"\frac{\partial c}{\partial W^l_{ij}} = 2 z^l_i h^{l-1}_j", "_j$", "_i"),
    ((*LAYER, r"\sigma(z) = \frac{1}{1 + e^{-z}}"), r"\sigma'(z) = \sigma(z) - \sigma(z)^2", "- ", "+ "),
    ((r"\sigma(z) = \frac{1}{1 + e^{-z}}", *LAYER), r"\sigma'(z) = \sigma(z) - \sigma(z)^2", "- ", "+ "),
    (NETWORK, r"a^2 = (A^2)^\top (A^1)^\top a^0", r"(A^1)^\top a^0", r"\tanh((A^1)^\top a^0)"),
    (("C^1 = 3 Q", "C^2 = 6 Q"), "C^2 = 2 C^1", "2 C^1", "C^1 C^1"),
    ((r"u^{\text{new}} = u - x v",), r"u^{\mathrm{new}} - u = -x v", "= -x", "= x"),
    # a star
    ((), "x * y + x = x (y + 1)", "x * y", "x * x"),
    ((), r"2 * M = M + M", "2 * M", "3 * M"),
    ((), r"\sum_j M_{ij} * v_j = (M v)_i", "* v_j", "* u_j"),
    ((), r"v_1 * v_2 * \cdots * v_n = \prod_j v_j", r"\prod_j", r"\sum_j"),
    # sets
    ((), r"\lvert S \rvert = p", "= p", "= q"),
    ((), r"|S| + \#S = 2 p", "2 p", "p"),
    ((), r"\operatorname{card}(S) - \text{card}(S) + \operatorname{card} S = p", "= p", "= 0"),
    ((), r"\mathbb E\left[\frac{1}{|S|} \sum_{j \in S} s_j\right] = \frac{1}{q} \sum_j s_j", "1}{q", "1}{p"),
    ((), r"\sum_{j \in \{1, \dots, q\}} s_j = \sum_j s_j", r"\{1", r"\{2"),
    ((), r"\sum_{j \in \{1, \dots, q\} \setminus \{i\}} s_j = \sum_j s_j - s_i", "- s_i", "+ s_i"),
    ((), r"\sum_{j \in S \setminus \{i\}} s_j = \sum_{j \in S} s_j - s_i [i \in S]", "[i", "2 [i"),
    ((), r"\sum_{j : s_j > 0} s_j = \sum_j \max(0, s_j)", r"\sum_j \max(0, s_j)", r"\sum_j s_j"),
    ((), r"\sum_{j \mid v_j > 0, u_j > 0} v_j u_j = \sum_j \max(0, v_j) \max(0, u_j)", "u_j > 0", "u_j < 0"),
    ((), r"P(E \setminus F) = P(E) - P(E \cap F)", r"E \cap F", "F"),
    ((), r"P(F \setminus E) = P(F \cap E^c)", "E^c", "E"),
    # where something lies
    ((), r"1 - B_{ij} \in \{0, 1\}", r"\{0, 1", r"\{1, 2"),
    ((), r"\sum_j B_{ij} \in \{1\}", r"{1\}", r"{0\}"),
    ((), r"\frac{x}{x + y} \in (0, 1)", "x}{", "-x}{"),
    ((), r"\tanh(x) \in [0, 1)", "[0, 1", "[1, 2"),
    ((), r"\tanh(-x) \in (-1, 0]", "(-1, 0]", "(0, 1]"),
    ((), r"M v \in \mathbb R^m", "R^m", "R^n"),
    ((), r"M \in \mathbb{R}^{m \times n}", r"m \times n", r"n \times m"),
    ((), r"\frac{l (l + 1)}{2} \in \mathbb N", "{2}", "{4}"),
    ((), r"l - t \in \mathbb Z", "l - t", r"\frac{l}{2}"),
    ((), r"B \in \{0, 1\}^{m \times n}", "m ", "k "),
    # extremes over all values
    (BOWL, r"\arg\min_v f(v) = H^{-1} u", "H^{-1}", "H"),
    (BOWL, r"\min_v f(v) = -\frac{1}{2} u^\top H^{-1} u", r"-\frac", r"\frac"),
    (BOWL, r"\operatorname*{argmax}_v (3 - f(v)) = H^{-1} u", "H^{-1} u", "u"),
    ((*BOWL, r"v^* = \underset{v}{\operatorname{argmin}} f(v)"), "H v^* = u", "= u", "= -u"),
    (RIDGE, r"(M^\top M) \hat v + x \hat v = M^\top c", r"+ x", r"+ 2 x"),
    ((), r"\arg\min_y (e^y - x y) = \log x", r"\log x", r"\log 2 x"),
    ((), r"\max_y (x y - e^y) = x \log x - x", "- x$", "+ x"),
    # derivatives in brackets
    ((), r"\left(\frac{d}{dx}\right)^2 x^4 = 12 x^2", "12 x^2", "16 x^6"),
    ((), r"(d/dx)^3 x^4 = 24 x", "24 x", "12 x^2"),
    ((), r"\left(\frac{\partial}{\partial x}\right) x^2 y = 2 x y", "2 x y", "2 x"),
    (("f(x) = x^3 y",), r"\left(\frac{d}{dx}\right)^2 f(x) = 6 x y", "6 x y", "3 x^2 y"),
    # matrices with dots
    ((), MATRIX + " = M", "= M", "= N"),
    ((), MATRIX + r"^\top = M^\top", r"M^\top", "M"),
    ((), r"2 M = 2 " + SHORT, "= 2", "= 3"),
    ((), OUTER + r" = v u^\top", r"v u^\top", r"u v^\top"),
    (("f = M v",), JACOBIAN + " = M", "= M", "= 2 M"),
    ((), r"\begin{pmatrix} v_1 & & \\ & \ddots & \\ & & v_n \end{pmatrix} u = v \odot u", r"\odot u", r"\odot v"),
    ((), ZEROS + r" = \operatorname{diag}(v)", "(v)", "(u)"),
    ((), r"\begin{vmatrix} v_1 & & \\ & \ddots & \\ & & v_n \end{vmatrix} = \prod_j v_j", r"\prod", r"\sum"),
    ((), r"\begin{pmatrix} M_{1:}^\top \\ \vdots \\ M_{m:}^\top \end{pmatrix} = M", "= M", r"= M^\top"),
    ((), r"\begin{pmatrix} M_{1:} & \cdots & M_{m:} \end{pmatrix} = M^\top", r"= M^\top", "= M"),
    ((), r"\begin{pmatrix} v_1 & \cdots & v_n \end{pmatrix} u = v^\top u", r"v^\top u", r"u^\top u"),
]  # fmt: skip


page, judged = partial(authored.page, rows=ROWS), partial(authored.judged, rows=ROWS)


def planted(shown, old, new):
    """A display with an error in it; a dollar stands for its end."""
    text = f"{shown}$"
    assert old in text
    head, _, tail = text.rpartition(old)
    return (head + new + tail).rstrip("$")


@pytest.mark.parametrize(("before", "shown", "old", "new"), CONSTRUCTS)
@pytest.mark.long_but_one_in(28)
def test_what_is_true_passes_and_an_error_in_it_is_found(tmp_path, before, shown, old, new):
    found = judged(tmp_path, *before, shown)
    assert found[-1] == (Verdict.TRUE, "")
    assert {verdict for verdict, _ in found[:-1]} <= {Verdict.TRUE, Verdict.DEFINED}
    assert judged(tmp_path, *before, planted(shown, old, new))[-1][0] is Verdict.FALSE


@pytest.mark.parametrize(("before", "shown", "old", "new"), mostly_long(CONSTRUCTS, CONSTRUCTS[::4]))
@pytest.mark.long_but_one_in(4)
def test_it_is_written_as_it_is_read_and_its_wrong_versions_are_noticed(tmp_path, before, shown, old, new):
    whole = Assembly.of(page(tmp_path, *before, shown))
    for display in whole.chapter.displays:
        read_again(whole, display)
    unnoticed, same, every = survivors(whole, whole.chapter.displays[-1])
    assert unnoticed == set()
    assert all(r"H^\top" in source for source in same)  # a symmetric matrix
    assert every or r"\in" in shown  # there are no smaller sets of whole numbers


def test_a_least_value_is_found_in_few_evaluations_of_many_points(tmp_path, monkeypatch):
    """A curvature is taken at 32 times four points or more; one evaluation has as many of them as memory allows for."""
    seen, at = [], minima.Goal.at
    monkeypatch.setattr(minima.Goal, "at", lambda goal, points: seen.append(len(points)) or at(goal, points))
    monkeypatch.setattr(minima, "MOST_POINTS", 100)
    assert judged(tmp_path, *BOWL, r"\arg\min_v f(v) = H^{-1} u")[-1] == (Verdict.TRUE, "")
    assert 50 < max(seen) <= 100
    assert len(seen) < 1000


@pytest.mark.long
def test_a_least_value_is_found_with_few_points_where_many_are_too_much(tmp_path, monkeypatch):
    monkeypatch.setattr(values, "MOST_NUMBERS", 600)
    shown = r"(M^\top M) \hat v + x \hat v = M^\top c"
    assert judged(tmp_path, *RIDGE, shown)[-1] == (Verdict.TRUE, "")
    monkeypatch.setattr(minima.Goal, "slopes", lambda goal, points: goal.slopes_of(points, 100))
    assert "numbers at once are more than" in judged(tmp_path, *RIDGE, shown)[-2][1]


ASKED = [
    ((), "Q^2 = Q Q", "| $Q^2$ | $n \\times n$ | | a layer |", "is this the power or the name?"),
    ((), "c = V^k v", "| $V^k$ | $n \\times n$ | | a layer |", "a layer or a power?"),
    ((), r"\sum_l W^l = 3 W^l", "", "l takes many"),
    ((), "c = s^l", "", "a power of s, or the s of a layer?"),
    ((), r"g = h^{l-2}", "", "h^{l-2} has no value"),
    ((), r"g = h h", "", "h has no value"),
    (NETWORK, r"g = a^3", "", "a^{3} has no value"),
    ((), r"M * N = M \odot N", "", "a matrix product, entry by entry, or a convolution?"),
    ((), r"Q * v = Q v", "", "a matrix product, entry by entry, or a convolution?"),
    ((), r"v \star v = v^\top v", "", "a matrix product, entry by entry, or a convolution?"),
    ((), "|R| = p", "", "once, or as often as it was taken?"),
    ((), r"\# x = x", "", "are not counted"),
    ((), r"\operatorname{card}(x) = x", "", "are not counted"),
    ((), "|v| = n", "", "the length of the vector"),
    ((), r"\prod_{j \in S \setminus \{i\}} s_j = 1", "", "of a maximum, a minimum or a product one condition is read"),
    ((), r"\sum_{j \in \{a, b\}} s_j = s_1 + s_3", "", "over which numbers?"),
    ((), r"P(E \setminus F \setminus E) = 0", "", "write brackets"),
    ((), r"x \setminus y = x", "", "joins events"),
    ((), MATRIX.replace("M_{22}", "M_{21}") + " = M", "", "dots of this matrix"),
    ((), MATRIX.replace("M_{mn}", "M_{nm}") + " = M", "", "dots of this matrix"),
    ((), MATRIX.replace("M_{1n}", "M_{2n}") + " = M", "", "dots of this matrix"),
    ((), MATRIX.replace(r"\ddots", "M_{33}") + " = M", "", "dots of this matrix"),
    ((), ZEROS.replace("& 0", "& 1", 1) + " = Q", "", "dots of this matrix"),
    ((), r"\begin{pmatrix} M_{11} & \cdots & M_{1n} \\ M_{21} & \cdots & M_{2n} \end{pmatrix} = M", "", "dots of this"),
    ((), r"\begin{pmatrix} 1 & & \\ & \ddots & \\ & & 1 \end{pmatrix} v = v", "", "these dots stand for"),
    ((), r"\begin{pmatrix} M_{1:} \\ \vdots \\ M_{m:} \end{pmatrix} = M", "", "do not lie side by side"),
    ((), r"(M_{1:}, \ldots, M_{m:}) = M^\top", "", "do not lie side by side"),
    ((), r"M_{ij} \in [0, 1]", "", "is this claimed, or said of M?"),
    ((), r"v_j \in [-100, 100]", "", "is this claimed, or said of v?"),
    ((), r"B \in \{0, 1\}", "", "is each of its entries meant?"),
    ((), r"o - o \in \mathbb N", "| $o$ | number | | |", "is 0 one of"),
    ((), r"g \in \mathbb R^n", "", "claims nothing"),
    ((), r"v \in \mathbb R^d", "", "claims nothing"),
    ((), r"i \in \{1, \dots, n\}", "", "claims nothing"),
    ((), r"x, y \in \mathbb R", "", "claims nothing"),
    ((), r"x \in \Omega", "", "claims nothing"),
    ((), r"\arg\min_v v^\top H v + v^\top u = u", "", "the first term alone, or all that follow?"),
    ((), r"\arg\min_v v^\top Q v = v", "", "curves up everywhere"),
    ((), r"\arg\max_v v^\top H v = v", "", "curves down everywhere"),
    ((), r"\arg\min_y (y^4 - \frac{y^2}{1000}) = x", "", "curves up everywhere"),
    ((), r"\arg\min_y y^3 = 0", "", "curves up everywhere"),
    ((), r"\min_y e^y = 0", "", "was not reached"),
    ((), r"\arg\min_y x^2 = y", "", "does not depend on y"),
    ((), r"\arg\min_y v = y", "", "does not depend on y"),
    ((), r"\arg\min_v (v \odot v) = 0", "", "must be one number"),
    (BOWL, r"\frac{\partial}{\partial x} \min_v (x f(v)) = x", "", "is not computed"),
    ((), r"\left(\frac{d}{dx}\right)^2 = x", "", "of what is this derivative taken?"),
    ((), r"\left(\frac{d}{dx}\right)^5 x = 0", "", "at most 4 are"),
    ((), r"\left(\frac{d}{dx}\right)^{n} x = 0", "", "no number of derivatives"),
    (("c = x", "f(z) = z^2", "g = f(c)"), r"\frac{\partial g}{\partial f(c)} = 1", "", "display this expression"),
    (("f[z] = z^2", "g = f[x] + 1"), r"\frac{\partial g}{\partial f[x]} = 1", "", "display this expression"),
    ((), r"\begin{Vmatrix} 1 & 2 \\ 3 & 4 \end{Vmatrix} = 3", "", "not in the equation language"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "shown", "more", "said"), ASKED)
@pytest.mark.long_but_one_in(8)
def test_what_is_not_clear_is_asked_about(tmp_path, before, shown, more, said):
    verdict, found = judged(tmp_path, *before, shown, rows=f"{ROWS.strip()}\n{more}")[-1]
    assert verdict in {Verdict.NOT_CHECKED, Verdict.NOT_READ}
    assert said in found


def test_a_layer_is_no_power(tmp_path):
    found = judged(tmp_path, "C^1 = Q", "C^2 = 2 Q", "C^2 = C^1 C^1", "Q^2 = Q Q", "C^2 = Q^2")
    assert [verdict for verdict, _ in found] == [Verdict.DEFINED] * 2 + [Verdict.FALSE, Verdict.TRUE, Verdict.FALSE]


def test_a_name_with_a_meaning_keeps_its_powers(tmp_path):
    found = judged(tmp_path, "x^1 = x", "x^t = x^{t-1} x", "x^2 = x", r"g = x", "g^2 = x x", "g^2 = x")
    expected = [Verdict.TRUE, Verdict.TRUE, Verdict.FALSE, Verdict.DEFINED, Verdict.TRUE, Verdict.FALSE]
    assert [verdict for verdict, _ in found] == expected
    assert isinstance(tex.read("q = x^2", Place(tmp_path, 1)).steps[0].right, n.Power)


LOOSE = ["g < 100", "g > -50", r"x \ge 0.001", "x < 1000", r"x y \in (0, 5000)", r"g^2 \in [0, 10^5]"]
BOUNDS = [r"\tanh(g) < 1", r"e^g > 0", r"\tanh(g) \in (-1, 1)", r"g^2 \ge 0", r"\log(1 + e^g) > g"]


@pytest.mark.parametrize("bounded", LOOSE)
@pytest.mark.long_but_one_in(3)
def test_a_bound_that_no_usual_number_meets_is_no_bound(tmp_path, bounded):
    rows = f"{ROWS.strip()}\n| $g$ | number | | any number |"
    assert judged(tmp_path, bounded, rows=rows)[-1][0] is Verdict.FALSE


@pytest.mark.parametrize("bounded", BOUNDS)
@pytest.mark.long_but_one_in(3)
def test_a_bound_that_rounding_meets_is_one(tmp_path, bounded):
    rows = f"{ROWS.strip()}\n| $g$ | number | | any number |"
    assert judged(tmp_path, bounded, rows=rows)[-1] == (Verdict.TRUE, "")
