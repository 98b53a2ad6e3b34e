# ruff: noqa: E501 (an equation stands on one line)
r"""What a display defines for every example, as `\hat y^{(i)}`; counts `N_k` beside a size N; factors before brackets."""

import pytest

from nnlit.book.checks.verdicts import Verdict
from tests.book.authored import judged

D, T, F = Verdict.DEFINED, Verdict.TRUE, Verdict.FALSE
EXAMPLES = r"""
| $w$ | $n$ | | weights |
| $X$ | $m \times n$ | | examples |
| $x^{(i)}$ | $n$ | | row $i$ of $X$ |
| $y$ | $m$ | | 0 or 1 |
| $y^{(i)}$ | number | | entry $i$ of $y$ |
| $b$ | number | | a bias |
"""
LAYER = r"""
| $W$ | $k \times n$ | | weights |
| $X$ | $m \times n$ | | examples |
| $x^{(i)}$ | $n$ | | row $i$ of $X$ |
| $T$ | $m \times k$ | | targets |
| $t^{(i)}$ | $k$ | | row $i$ of $T$ |
"""
COUNTS = r"""
| $r$ | $N \times K$ | | rows sum to one |
| $X$ | $N \times D$ | | examples |
| $x_n$ | $D$ | | row $n$ of $X$ |
"""
VECTOR = "| $z$ | $n$ | | a vector |"
ONE = "| $x$ | number | | a number |\n| $t$ | integer | | a step |"
SIGMOID = r"\sigma(z) = \frac{1}{1 + e^{-z}}"
PREDICTED = r"\hat y^{(i)} = \sigma(w^\top x^{(i)} + b)"
CROSS = r"J = -\frac{1}{m} \sum_{i=1}^m \left( y^{(i)} \log \hat y^{(i)} + (1 - y^{(i)}) \log(1 - \hat y^{(i)}) \right)"
LOGISTIC = (SIGMOID, PREDICTED, CROSS)
FORWARD = (r"z^{(i)} = W x^{(i)}", r"a^{(i)} = \tanh(z^{(i)})", r"J = \frac{1}{2} \sum_{i=1}^m \lVert a^{(i)} - t^{(i)} \rVert^2")
SOFTMAX = (r"p_i = \frac{e^{z_i}}{\sum_j e^{z_j}}",)
CLAIMS = [
    (EXAMPLES, LOGISTIC, r"\frac{\partial J}{\partial w} = \frac{1}{m} \sum_{i=1}^m (\hat y^{(i)} - y^{(i)}) x^{(i)}", r"\frac{1}{m}", "2"),
    (EXAMPLES, LOGISTIC, r"\frac{\partial J}{\partial w_j} = \frac{1}{m} \sum_i (\hat y^{(i)} - y^{(i)}) x^{(i)}_j", "- y", "+ y"),
    (EXAMPLES, LOGISTIC, r"\frac{\partial J}{\partial \hat y^{(i)}} = \frac{1}{m} \left( \frac{1 - y^{(i)}}{1 - \hat y^{(i)}} - \frac{y^{(i)}}{\hat y^{(i)}} \right)", r"} - \frac", r"} + \frac"),
    (EXAMPLES, LOGISTIC, r"\hat y^{(i)} (1 - \hat y^{(i)}) = \hat y^{(i)} - (\hat y^{(i)})^2", "- (", "+ ("),
    (EXAMPLES, LOGISTIC, r"\hat y^{(i)} = \sigma(b + w^\top x^{(i)})", "b +", "b -"),
    (LAYER, FORWARD, r"\frac{\partial J}{\partial z^{(i)}} = (a^{(i)} - t^{(i)}) \odot (1 - a^{(i)} \odot a^{(i)})", "1 -", "1 +"),
    (LAYER, FORWARD, r"\frac{\partial J}{\partial W} = \sum_{i=1}^m \left( (a^{(i)} - t^{(i)}) \odot (1 - a^{(i)} \odot a^{(i)}) \right) (x^{(i)})^\top", "- t", "+ t"),
    (LAYER, FORWARD, r"a^{(i)}_c = \tanh \left( \sum_j W_{cj} x^{(i)}_j \right)", r"\sum_j", r"2 \sum_j"),
    (COUNTS, (r"N_k = \sum_{n=1}^N r_{nk}",), r"\sum_{k=1}^K N_k = N", "= N", "= 2 N"),
    (COUNTS, (r"N_k = \sum_{n=1}^N r_{nk}", r"\pi_k = \frac{N_k}{N}"), r"\sum_k \pi_k = 1", "= 1", "= 2"),
    (VECTOR, SOFTMAX, r"p_i (1 - p_i) = p_i - p_i^2", "- p", "+ p"),
    (VECTOR, SOFTMAX, r"\frac{\partial p_i}{\partial z_i} = p_i (1 - p_i) = p_i - p_i^2", "- p_i^2", "+ p_i^2"),
    (VECTOR, SOFTMAX, r"q = p_1 (1 - p_2) = p_1 - p_1 p_2", "- p_1", "+ p_1"),
    (ONE, (r"s = \frac{1}{1 + e^{-x}}",), r"s(1 - s) = s - s^2", "- s^2", "+ s^2"),
    (ONE, (r"\hat p_t = \frac{1}{1 + e^{-x}}",), r"\hat p_t (1 - \hat p_t) = \hat p_t - \hat p_t^2", "- \\hat p_t^2", ""),
    (ONE, (r"f(x) = x^2",), r"f(1 - x) = 1 - 2 x + x^2", "- 2", "+ 2"),
]  # fmt: skip


ROWS_OF = r"""
| $X$ | $n \times d$ | | data |
| $\mathbf{x}_i$ | $d$ | | row $i$ of $X$ |
| $w$ | $d$ | | weights |
| $y$ | $n$ | | targets |
"""
LOSS = r"L = \frac{1}{n} \sum_{i=1}^n (w^\top \mathbf{x}_i - y_i)^2"
DEFINED_ROWS = r"""
| $X$ | $N \times d$ | | the batch |
| $g^{(n)}$ | $d$ | | row $n$ of $G$ |
"""
ONE_NAME = [  # an entry of a row, an array of displayed entries, a row of an array that a display defines
    (ROWS_OF, (LOSS,), r"\frac{\partial L}{\partial w_j} = \frac{2}{n} \sum_{i=1}^n (w^\top \mathbf{x}_i - y_i) x_{ij}", "x_{ij}", "x_{ij}^2"),
    (ROWS_OF, (LOSS,), r"\frac{\partial L}{\partial w_k} = \frac{2}{n} \sum_i (w^\top \mathbf{x}_i - y_i) x_{i,k}", "- y", "+ y"),
    (ROWS_OF, (), r"\sum_{m=1}^n y_m \mathbf{x}_m = X^\top y", r"X^\top y", r"2 X^\top y"),
    (ROWS_OF, (LOSS,), r"\nabla_w L = \frac{2}{n} \sum_k (w^\top \mathbf{x}_k - y_k) \mathbf{x}_k", "- y", "+ y"),
    (ROWS_OF, (r"g_i = 2 y_i",), r"y^\top \mathbf{g} = 2 \sum_i y_i^2", "2 ", "3 "),
    (ROWS_OF, (r"\hat{y}_i = w^\top \mathbf{x}_i",), r"\hat{\mathbf{y}} = X w", "X w", "2 X w"),
    (ROWS_OF, (r"\hat{\mathbf{y}} = X w",), r"\hat{y}_i = \sum_j x_{ij} w_j", "w_j", "w_j^2"),
    (DEFINED_ROWS, (r"G = X \odot X",), r"\sum_{n=1}^N g^{(n)}_j = \sum_{n=1}^N X_{nj}^2", "^2", "^3"),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "before", "shown", "old", "new"), [*CLAIMS, *ONE_NAME])
@pytest.mark.long_but_one_in(4)
def test_it_is_checked_and_an_error_is_found(tmp_path, rows, before, shown, old, new):
    found = judged(tmp_path, *before, shown, rows=rows)
    said = [text for _, text in found]
    assert [verdict for verdict, _ in found] == [*[D] * len(before), T], said
    wrong = shown.replace("=", "@", 1).replace(old, new, 1).replace("@", "=", 1) if not old.startswith("=") else shown.replace(old, new)
    assert wrong != shown
    assert judged(tmp_path, *before, wrong, rows=rows)[-1][0] is F


def test_a_name_that_stands_beside_its_members_is_another(tmp_path):
    found = judged(tmp_path, *LOGISTIC, r"\hat y = 3", r"\hat y = 2 + 1", rows=EXAMPLES)
    assert [verdict for verdict, _ in found] == [D, D, D, D, T]


def test_without_a_sum_a_member_is_one_vector(tmp_path):
    rows = "| $W$ | $k \\times n$ | | |\n| $x^{(i)}$ | $n$ | | one example |"
    found = judged(tmp_path, r"z^{(i)} = W x^{(i)}", r"z^{(i)} = 2 W x^{(i)}", rows=rows)
    assert [verdict for verdict, _ in found] == [D, F]


def test_a_chance_is_not_proportional_to_what_is_negative(tmp_path):
    rows = "| $x$ | random, $n$ | | |\n| $y$ | random, $K$ | | |"
    assert judged(tmp_path, r"p(y \mid x) \propto 3 p(x \mid y) p(y)", rows=rows)[0][0] is T
    verdict, said = judged(tmp_path, r"p(y \mid x) \propto -p(x \mid y) p(y)", rows=rows)[0]
    assert verdict is F
    assert "a chance is not" in said


def test_a_product_behind_a_product_entry_by_entry_is_asked_about(tmp_path):
    rows = "| $u$, $v$ | $m$ | | |\n| $x$ | $n$ | | |\n| $M$ | $m \\times n$ | | |"
    verdict, said = judged(tmp_path, r"M = u \odot v x^\top", rows=rows)[0]
    assert verdict is Verdict.NOT_CHECKED
    assert r"write (a \odot b) c" in said
    assert judged(tmp_path, r"M_{ij} = u_i v_i x_j", r"M = (u \odot v) x^\top", rows=rows)[1][0] is T
    assert judged(tmp_path, r"u \odot x = v", rows=rows)[0][0] is F


NORMAL = "| $a$ | number | | a number |\n| $b$ | number | | positive |\n| $\\sigma$ | number | | positive |\n| $x$ | $n$ | | data |\n| $\\mu$ | number | | a mean |"
DENSITY = r"f(a, \sigma^2) = \frac{1}{\sqrt{2 \pi \sigma^2}} \exp \left( -\frac{a^2}{2 \sigma^2} \right)"
LIKELIHOOD = r"\ell(\mu, \sigma^2) = -\frac{n}{2} \log(2 \pi \sigma^2) - \frac{1}{2 \sigma^2} \sum_i (x_i - \mu)^2"
SQUARED = [
    (DENSITY, r"f(a, b) = \frac{1}{\sqrt{2 \pi b}} \exp \left( -\frac{a^2}{2 b} \right)", r"\sqrt{2 \pi b}", r"\sqrt{2 \pi} b"),
    (DENSITY, r"f(a, b^2) = \frac{1}{\sqrt{2 \pi} b} \exp \left( -\frac{a^2}{2 b^2} \right)", "b^2} ", "b} "),
    (LIKELIHOOD, r"\frac{\partial \ell}{\partial \mu} = \frac{1}{\sigma^2} \sum_i (x_i - \mu)", r"\sigma^2", r"\sigma"),
    (LIKELIHOOD, r"\frac{\partial \ell}{\partial \sigma^2} = \frac{1}{2 \sigma^4} \sum_i (x_i - \mu)^2 - \frac{n}{2 \sigma^2}", r"2 \sigma^4", r"2 \sigma^2"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "shown", "old", "new"), SQUARED)
def test_a_parameter_may_be_displayed_as_its_square(tmp_path, before, shown, old, new):
    found = judged(tmp_path, before, shown, rows=NORMAL)
    assert [verdict for verdict, _ in found] == [D, T], found
    assert old in shown
    assert judged(tmp_path, before, shown.replace(old, new), rows=NORMAL)[-1][0] is F


def test_a_sum_without_an_end_may_take_thousands_of_terms(tmp_path):
    rows = "| $a$ | number | | between 0 and 1 |"
    assert judged(tmp_path, r"\sum_{k=0}^\infty a^k = \frac{1}{1 - a}", rows=rows)[0][0] is T
    assert judged(tmp_path, r"\sum_{k=1}^\infty a^k = \frac{1}{1 - a}", rows=rows)[0][0] is F
    verdict, said = judged(tmp_path, r"\sum_{k=1}^\infty \frac{1}{k^2} = \frac{\pi^2}{6}", rows=rows)[0]
    assert verdict is Verdict.NOT_CHECKED
    assert "not settled after 5,120 terms" in said


BOLD = r"""
| $\mathbf{W}$ | $m \times n$ | | weights |
| $\mathbf{x}$ | $n$ | | inputs |
| $\mathbf{b}$ | $m$ | | biases |
| $a$, $c$ | number | | numbers |
"""
ENTRIES = [
    (r"y_i = \sum_j W_{ij} x_j + b_i", "+ b", "- b"),
    (r"\frac{\partial y_i}{\partial x_j} = W_{ij}", "= W_{ij}", "= 2 W_{ij}"),
    (r"\mathbf{b}^\top \mathbf{y} = \sum_i b_i y_i", "b_i y_i", "y_i y_i"),
    (r"\lVert \mathbf{x} \rVert^2 = x_1^2 + x_2^2 + \dots + x_n^2", "x_2^2", "x_2"),
    (r"|a c| = |a||c|", "||", "|+|"),
    (r"||\mathbf{x}||^2 = \sum_j x_j^2", "x_j^2", "2 x_j^2"),
]


@pytest.mark.parametrize(("shown", "old", "new"), ENTRIES)
def test_a_plain_letter_with_an_index_is_an_entry_of_the_bold_one(tmp_path, shown, old, new):
    layer = r"\mathbf{y} = \mathbf{W} \mathbf{x} + \mathbf{b}"
    assert judged(tmp_path, layer, shown, rows=BOLD) == [(D, ""), (T, "")]
    assert judged(tmp_path, layer, shown.replace(old, new), rows=BOLD)[-1][0] not in {T, D}


@pytest.mark.parametrize("more", ["| $x$ | number | | another |", "| $x$ | $m$ | | another |", r"| $\vec{x}$ | $n$ | | another |"])
def test_a_plain_letter_with_a_meaning_of_its_own_is_none(tmp_path, more):
    assert judged(tmp_path, r"\lVert \mathbf{x} \rVert^2 = \sum_j x_j^2", rows=BOLD + more)[0][0] is not T
    assert judged(tmp_path, "x = 2 a", r"\lVert \mathbf{x} \rVert^2 = \sum_j x_j^2", rows=BOLD)[1][0] is not T


def test_a_cross_between_vectors_is_asked_about(tmp_path):
    rows = "| $u$, $v$ | 3 | | |\n| $a$ | number | | |".replace("| 3 |", "| $3$ |")
    verdict, said = judged(tmp_path, r"u \times v = -v \times u", rows=rows)[0]
    assert verdict is Verdict.NOT_CHECKED
    assert "the cross product, which is not computed?" in said
    assert judged(tmp_path, r"2 \times a \times u = 2 a u", rows=rows)[0][0] is T
    assert judged(tmp_path, r"2 \times a \times u = a \times u", rows=rows)[0][0] is F


def test_a_bold_letter_beside_a_plain_one_of_its_own_is_another(tmp_path):
    """The plain letter stands without an index, too: then it is no entry of the bold one."""
    found = judged(tmp_path, r"g_i = 2 y_i", r"q = g^\top g", r"y^\top \mathbf{g} = 2 \sum_i y_i^2", rows=ROWS_OF)
    assert found[-1][0] is Verdict.NOT_CHECKED
    assert r"\mathbf{g} has no value" in found[-1][1]


def test_an_identity_that_is_added_is_as_large_as_what_it_is_added_to(tmp_path):
    r"""`I` in $X^\top X + \lambda I$ and in $X X^\top + \lambda I$: a right text is not called false for its letter."""
    rows = "| $X$ | $n \\times p$ | | |\n| $I$ | $p \\times p$ | | identity |\n| $\\lambda$ | number | | positive |"
    through = r"(X^T X + \lambda I)^{-1} X^T = X^T (X X^T + \lambda I)^{-1}"
    woodbury = r"(I + X X^T)^{-1} = I - X (I + X^T X)^{-1} X^T"
    for change, right in [(("= X^T", "= -X^T"), through), (("X X^T +", "X^T X +"), through), (("= I -", "= I +"), woodbury)]:
        assert judged(tmp_path, right, rows=rows)[0][0] is Verdict.TRUE
        assert judged(tmp_path, right.replace(*change), rows=rows)[0][0] is Verdict.FALSE
    verdict, said = judged(tmp_path, r"X^T X = X X^T I", rows=rows)[0]
    assert verdict is Verdict.NOT_CHECKED
    assert said.endswith(r"I is the identity of size p \times p: if one of another size is meant here, give it a name and a row")
    assert judged(tmp_path, r"X^T X + I = X X^T + I", rows=rows)[0][0] is Verdict.FALSE
    more = rows + "\n| $I_n$ | $n \\times n$ | | identity |"
    named = r"(X^T X + \lambda I)^{-1} X^T = X^T (X X^T + \lambda I_n)^{-1}"
    assert judged(tmp_path, named, rows=more)[0][0] is Verdict.TRUE
    assert judged(tmp_path, named.replace("= X^T", "= -X^T"), rows=more)[0][0] is Verdict.FALSE
    assert judged(tmp_path, r"X^T X = X^T X + I", rows=rows)[0][0] is Verdict.FALSE
    assert judged(tmp_path, r"X^T X = X X^T", rows=rows)[0][0] is Verdict.FALSE
