r"""How authors write: each construct in several dresses, all true, each with an error that is planted in it.

Every dress is also written out and read again, and none of its wrong versions may pass.
"""

import numpy as np
import pytest

from nnlit.book.assembly import Assembly
from nnlit.book.checks.equations import PageCheck
from nnlit.book.checks.verdicts import EquationError
from nnlit.book.language import tex
from nnlit.book.language.unparse import write
from nnlit.book.mutation.judge import EquationJudge
from nnlit.book.mutation.verdicts import Unnoticed
from nnlit.book.mutation.wrong_equations import equation_mutants
from nnlit.book.source import documents
from nnlit.book.source.place import Place
from tests.tiers import mostly_long

HEADER = "| symbol | shape | code | meaning |\n|---|---|---|---|\n"
ROWS = (
    r"$r$, $s$ | $n$ | | vectors",
    r"$C$ | $m \times n$ | | a matrix",
    r"$B$ | $n \times n$ | | symmetric positive definite",
    r"$u$, $v$ | number | | positive",
    r"$t$ | $m$ | | ",
)


def page(tmp_path, displays, rows=ROWS):
    """A page of anybody's with these displays, put together."""
    path = tmp_path / "own.md"
    shown = "\n\n".join(f"$$\n{d}\n$$" for d in displays)
    table = "".join(f"| {row} |\n" for row in rows)
    path.write_text(f"# Own\n\n{HEADER}{table}\n{shown}\n", encoding="utf-8")
    return Assembly(documents.read(path))


@pytest.fixture
def words(tmp_path):
    """The verdict on each display, in one word."""

    def make(*displays: str, rows: tuple[str, ...] = ROWS) -> list[str]:
        return [str(x.verdict) for x in page(tmp_path, displays, rows).verdicts()]

    return make


@pytest.fixture
def said(tmp_path):
    """What is said of the last of some displays."""

    def make(*displays: str, rows: tuple[str, ...] = ROWS) -> str:
        found = page(tmp_path, displays, rows).verdicts()[-1]
        return str(found) if isinstance(found, EquationError) else "ok"

    return make


Q = (r"q = r^\top r",)
K = (*Q, "k = 2 q")
CUBE = ("q = u^3",)
# displays before it, the dress, and what is planted in it
DRESSES = [
    # colour, boxes, spaces, style
    (Q, r"\color{red}{q} = \textcolor{blue}{\sum_i r_i^2}", "r_i^2", "r_i"),
    (Q, r"{\color{blue} q} = \|r\|^2", "^2", "^3"),
    (Q, r"\displaystyle q = \scriptstyle \|r\|^2", "^2", "^3"),
    (Q, r"\fbox{$q = \|r\|^2$}", "^2", "^3"),
    (Q, r"\bbox[yellow,5px]{q = \|r\|^2}", "^2", "^3"),
    (Q, r"\colorbox{yellow}{$q = \|r\|^2$}", "^2", "^3"),
    (Q, r"q = \phantom{2} \|r\|^2", r"\phantom{2}", "2"),
    (Q, r"q \, = \space \smash{\mathinner{r^\top r}}", "r^", "2 r^"),
    (Q, r"q = \underbrace{r^\top r}_{\text{a square}}", "r^", "2 r^"),
    (Q, r"q = \overbrace{\sum_i r_i^2}^{n \text{ terms}}", "r_i^2", "r_i"),
    (Q, r"\large q = \sum\nolimits_i r_i^2", "r_i^2", "r_i"),
    (Q, r"\require{cancel} q = \sum\limits_i r_i^2", "r_i^2", "r_i"),
    (("q = 2 u",), r"q = 2 \ u", "2", "3"),
    (("q = 2 u",), r"q = 2 ~ ( u \ )", "2", "3"),
    (Q, r"q = {\rm tr}(r r^\top)", "tr}(", "tr}(2 "),
    ((r"\mathbf{h} = 2 r",), r"{\bf h} = r + r", "+ r", "+ 2 r"),
    (Q, r"{q \over 2} = {1 \over 2} r^\top r", r"{1 \over 2}", r"{2 \over 1}"),
    # an upright T, a prime
    (Q, r"q = r^{\mathrm T} r", "r^", "2 r^"),
    (Q, r"q = r^{\mathsf{T}} r", "r^", "2 r^"),
    (Q, r"q = r^\mathsf{T} r", "r^", "2 r^"),
    (Q, r"q = r^{\text{T}} r", "r^", "2 r^"),
    (("D = B^{-1}",), r"B^{-\mathrm{T}} = D", "-", ""),
    (("f(u) = u^3",), r"f^\prime(u) = 3 u^2", "3", "2"),
    (("f(u) = u^3",), r"f^{\prime\prime}(u) = 6 u", "6", "3"),
    # stacked signs and other spellings of operators
    (("k = \\arg\\min_j r_j",), r"k = \underset{j}{\operatorname{argmin}} \, r_j", "argmin", "argmax"),
    (("k = \\arg\\min_j r_j",), r"k = \underset{j}{\arg\min} \; r_j", r"\min", r"\max"),
    (("k = \\arg\\min_j r_j",), r"k = \operatornamewithlimits{arg\,min}_j r_j", "min", "max"),
    (("k = \\arg\\min_j r_j",), r"k = \mathop{\mathrm{argmin}}_j r_j", "min", "max"),
    (("k = \\arg\\min_j r_j",), r"k = \mathop{\arg\min}\limits_{j} r_j", r"\min", r"\max"),
    (("k = \\arg\\min_j r_j",), r"k = \text{argmin}_j \, r_j", "min", "max"),
    (("q = \\max_i r_i",), r"q = \operatornamewithlimits{max}_i r_i", "max", "min"),
    (("q = \\max_i r_i",), r"q = \underset{i}{\max} \; r_i", "max", "min"),
    (("q = \\max_i r_i",), r"q = \operatorname*{max}_{i} r_i", "max", "min"),
    (("q = \\max_i r_i",), r"q = \mathop{\max}\limits_i r_i", "max", "min"),
    # signs of a definition
    (K, r"k \triangleq 2 q", "2", "3"),
    (K, r"k \stackrel{\text{def}}{=} 2 q", "2", "3"),
    (K, r"k \overset{(a)}{=} 2 q", "2", "3"),
    (K, r"k \doteq 2 q", "2", "3"),
    (K, r"k \coloneqq 2 q", "2", "3"),
    (K, r"k \mathrel{\mathop:}= 2 q", "2", "3"),
    (K, r"k :\, = 2 q", "2", "3"),
    (K, r"2 q =: k", "2", "3"),
    # a display that goes on from the one above
    (Q, r"= \sum_i r_i^2", "r_i^2", "r_i"),
    (Q, r"\begin{aligned} &= \sum_i r_i^2 \\ &= \|r\|^2 \end{aligned}", "^2 \\end", "^3 \\end"),
    (Q, r"\ge r_1^2", "ge", "le"),
    ((*Q, r"q \ge r_1^2"), r"= r_1 r_1", "r_1 r_1", "r_1 r_2"),
    # several equations in one display
    (K, r"q = r^\top r \; \textrm{and} \; k = 2 q", "2 q", "3 q"),
    (K, r"k = 2 q \quad \text{or} \quad q = k / 2", "", ""),
    (K, r"q = r^\top r, k = 2 q", "2 q", "3 q"),
    (K, r"q = r^\top r; \; k = 2 q", "2 q", "3 q"),
    (K, r"q = k / 2 \therefore q + 1 = k / 2 + 1", "+ 1 =", "+ 2 ="),
    (K, r"k = 2 q \to k^2 = 4 q^2", "4", "2"),
    (K, r"k = 2 q \\ q = k / 2", "/ 2", "/ 3"),
    (K, "q = r^\\top r \\\\\n&= \\sum_i r_i^2", "r_i^2", "r_i"),
    (K, r"\begin{gathered} q = r^\top r \\ k = 2 q \end{gathered}", "2 q", "3 q"),
    (K, r"\begin{array}{rcl} q &=& r^\top r \\ &=& \sum_i r_i^2 \end{array}", "r_i^2", "r_i"),
    (K, r"\begin{array}{ll} 2 q = k & q = k / 2 \end{array}", "/ 2", "/ 3"),
    (K, r"\begin{aligned} q &= r^\top \left( r \right. \\ &\quad \left. + r - r \right) \end{aligned}", "+ r", "- r"),
    (K, r"\begin{aligned} q = \left( r^\top \\ r \right) \end{aligned}", "r^", "2 r^"),
    # remarks
    (("p_i = r_i^2",), r"p_i = r_i^2 \quad \text{where } r_i \text{ is an entry}", "^2", "^3"),
    (("p_i = r_i^2",), r"p_i = r_i^2, \text{ for } i = 1, \dots, n", "^2", "^3"),
    (("p_i = r_i^2",), r"p_i = r_i^2 \text{ for } i = 1, 2, \ldots, n", "^2", "^3"),
    (("p_i = r_i^2",), r"p_i = r_i^2, i = 1, \ldots, n", "^2", "^3"),
    (("p_i = r_i^2",), r"p_i = r_i^2, \; \forall i", "^2", "^3"),
    (("p_i = r_i^2",), r"p_i = r_i^2 \quad \forall i \in \{1, \dots, n\}", "^2", "^3"),
    (("p_i = r_i^2",), r"\forall i: \; p_i = r_i^2", "^2", "^3"),
    (("p_i = r_i^2",), r"\forall i, \; p_i = r_i^2", "^2", "^3"),
    (("p_i = r_i^2",), r"p_i = r_i^2 \qquad 1 \le i \le n", "^2", "^3"),
    (("p_i = r_i^2",), r"p_i = r_i^2 \quad (1 \leq i \leq n)", "^2", "^3"),
    (("p_i = r_i^2",), r"p_i = r_i^2 ~~~ \mbox{for } i=1,\ldots,n", "^2", "^3"),
    (("p_i = r_i^2",), r"p_i = r_i^2 \text{ (by definition)}", "^2", "^3"),
    (("p_i = r_i^2",), r"p_i = r_i^2 \quad \text{[chain rule]}", "^2", "^3"),
    (("p_i = r_i^2",), r"\text{Loss: } p_i = r_i^2", "^2", "^3"),
    (("p_i = r_i^2",), r"\text{so } p_i = r_i^2", "^2", "^3"),
    (("p_i = r_i^2",), r"\text{where} \quad p_i = r_i^2", "^2", "^3"),
    (("p = r \\odot r",), r"p = r \odot r, \quad p \in \mathbb R^n", "r \\odot", "2 r \\odot"),
    # under which condition
    (("p_i = \\exp(r_i)",), r"\frac{\partial p_i}{\partial r_j} = 0 \quad (i \ne j)", "\\ne", "="),
    (("p_i = \\exp(r_i)",), r"\frac{\partial p_i}{\partial r_j} = p_i \quad \text{if } i = j", "= j", "\\ne j"),
    (("p_i = \\exp(r_i)",), r"\frac{\partial p_i}{\partial r_j} = 0, \quad i \neq j", "0", "p_i"),
    (("h = \\max(0, w)",), r"h = w \quad \text{if } w > 0", ">", "<"),
    (("h = \\max(0, w)",), r"h = w \text{ for } w > 0 \text{ and } u > 0", "w > 0", "w < 0"),
    (("h = \\max(0, w)",), r"\text{if } w > 0, \quad h = w", ">", "<"),
    # square brackets: indices, arguments
    (("p = C r",), r"p[i] = \sum_j C[i,j] \, r[j]", "r[j]", "r[i]"),
    (("p = C r",), r"p[i] = \sum_j C[i][j] r[j]", "C", "2 C"),
    (("q = \\sum_{i,j} C_{ij}^2",), r"\frac{\partial q}{\partial C[i, k]} = 2 C[i,k]", "2", "3"),
    (("q = \\sum_{i,j} C_{ij}^2",), r"\frac{\partial q}{\partial C[2, 3]} = 2 C[2,3]", "C[2,3]", "C[3,2]"),
    (("q = \\sum_j C_{1j}",), r"q = \sum_j C[1,j]", "1,j", "2,j"),
    ((r"f[w] = w^2",), r"f[u] + f(v) = u^2 + v^2", "+ v", "- v"),
    (CUBE, r"q = \exp\left[3 \log[u]\right]", "3", "2"),
    # where something is evaluated
    (CUBE, r"\left. \frac{d q}{d u} \right|_{u = v} = 3 v^2", "3", "2"),
    (CUBE, r"\frac{d q}{d u} \bigg|_{u=2} = 12", "12", "3"),
    (CUBE, r"\frac{d q}{d u} \Big\rvert_{u=v} = 3 v^2", "u=v", "u=u"),
    (CUBE, r"\frac{d}{d u} u^3 |_{u=2} = 12", "12", "0"),
    (CUBE, r"\left. u^2 + q \right|_{u=v} = v^2 + v^3", "+ v^3", "+ q"),
    (CUBE, r"\left[ \frac{d q}{d u} \right]_{u=v} = 3 v^2", "v^2", "u^2"),
    ((*Q,), r"\nabla_r q |_{r = s} = 2 s", "2 s", "2 r"),
    ((*Q,), r"\left. q \right|_{r = 0} = 0", "r = 0", "r = s"),
    # derivatives on one line, and of what they are taken
    (CUBE, r"\partial q / \partial u = 3 u^2", "3", "2"),
    (CUBE, r"dq/du = 3 u^2", "3", "2"),
    (CUBE, r"{\partial q}/{\partial u} = 3 u^2", "3", "2"),
    (CUBE, r"\partial_u q = 3 u^2", "3", "2"),
    (("q = u^3", "k = q^2"), r"\partial k / \partial q \cdot \partial q / \partial u = 6 u^5", "6", "5"),
    (("f(w) = w^3",), r"\frac{d f}{d w}(u) = 3 u^2", "3", "2"),
    (("f(w) = w^3",), r"\frac{d^2 f}{d w^2}(2 u) = 12 u", "12", "6"),
    (CUBE, r"\frac{d}{d u} \left[ 1 \right] = 0", "0", "1"),
    (Q, r"\nabla q = 2 r", "2", "3"),
    (Q, r"\nabla_r r^\top r = 2 r", "2", "1"),
    (CUBE, r"\nabla_u u^2 = 2 u", "2 u", "2"),
    (Q, r"s^\top \nabla_r q^2 = 4 q r^\top s", "4 q", "2 q"),
    (Q, r"\nabla_r q^\top s = 2 r^\top s", "2", "1"),
    (Q, r"\nabla_r \frac{1}{2} r^\top r = r", r"\frac{1}{2}", "3"),
    (("q = \\log(r^\\top r)",), r"\nabla q = \frac{2}{r^\top r} r", "{2}", "{1}"),
    (
        (r"h = \max(0, w)",),
        r"h = \begin{dcases} w & \text{if w > 0} \\ 0 & \text{if w \le 0} \end{dcases}",
        "cases} w",
        "cases} 2 w",
    ),
    (
        (r"p_{ij} = r_i [i = j]",),
        r"p_{ij} = \begin{cases} r_i, & \text{if i = j} \\ 0 & \text{otherwise} \end{cases}",
        "i = j}",
        "i \\ne j}",
    ),
    # matrices and determinants, double bars
    (
        (r"A = \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}",),
        r"A = \left[ \begin{array}{cc} 1 & 2 \\ 3 & 4 \end{array} \right]",
        "3",
        "5",
    ),
    ((), r"\begin{vmatrix} 1 & 2 \\ 3 & 4 \end{vmatrix} = -2", "-2", "2"),
    (Q, r"q = \left|\left| r \right|\right|^2", "^2", "^3"),
    (Q, r"q = ||r||_2^2", "_2^2", "_1^2"),
    (Q, r"q = r^\top r \\", "= r", "= 2 r"),
    # commands that many authors define elsewhere
    ((r"k = \arg\max_j r_j",), r"k = \mathop{\rm arg\,max}\limits_{j} r_j", "max", "min"),
    ((r"k = \arg\max_j r_j",), r"k = \argmax_j r_j", "max", "min"),
    (Q, r"q = \norm{r}^2", "^2", "^3"),
    (Q, r"q = r^\T r", "r^", "2 r^"),
    (Q, r"q = \inner{r}{r}", "{r}{r}", "{r}{s}"),
    (Q, r"\pd{q}{r} = 2 r", "2", "3"),
    (Q, r"q = \tr(r r^\top)", "r(r", "r(2 r"),
    ((r"\mathbf{h} = 2 r",), r"\vh = 2 r", "2", "3"),
    # a sum to a bound
    (("q = r_1 + r_2",), r"q = \sum_i^2 r_i", "^2", "^3"),
    (("q = \\sum_i r_i",), r"q = \sum_i^n r_i", "^n", "^2"),
    # cases
    (
        ("h = \\max(0, w)",),
        r"h = \left\{ \begin{array}{ll} w & w > 0 \\ 0 & \text{otherwise} \end{array} \right.",
        "& w >",
        "& w <",
    ),
    (
        ("h = \\max(0, w)",),
        r"h = \begin{cases} w, & \text{if $w > 0$} \\ 0, & \text{if } w \leq 0 \end{cases}",
        "cases} w",
        "cases} 2 w",
    ),
]
MORE = (*ROWS, "$w$ | number | | ")


def planted(dress: str, old: str, new: str) -> str:
    """A dress with an error in it."""
    assert old in dress
    return dress.replace(old, new, 1)


@pytest.mark.parametrize(("before", "dress", "old", "new"), DRESSES)
@pytest.mark.long_but_one_in(28)
def test_a_dress_is_read_and_an_error_in_it_is_found(words, before, dress, old, new):
    found = words(*before, dress, rows=MORE)
    assert found[-1] == "true"
    assert set(found[:-1]) <= {"true", "defined"}
    if old:
        assert words(*before, planted(dress, old, new), rows=MORE)[-1] == "false"


EVERY = [*dict.fromkeys((d[0], d[1]) for d in DRESSES)]


@pytest.mark.parametrize(("before", "shown"), mostly_long(EVERY, EVERY[::4]))
@pytest.mark.long_but_one_in(8)
def test_a_dress_is_written_out_and_read_again_and_its_wrong_versions_fail(tmp_path, before, shown):
    assembly = page(tmp_path, (*before, shown), MORE)
    display = assembly.chapter.displays[-1]
    names = assembly.analysis.part(display).scope.names
    for step in assembly.analysis.equation(display).steps:
        letters = "".join(f" r_{letter}" for letter in "ij")
        (again,) = tex.read(f"z{letters} = {write(step.right)}", Place(tmp_path, 1), names).steps
        assert again.right == step.right, write(step.right)
    check = PageCheck(assembly.analysis)
    judge = EquationJudge(check, display)
    for mutant in equation_mutants(check, display):
        assert not isinstance(judge.verdict_on(mutant), Unnoticed), mutant.source


# functions of which a row says that they are smooth, or which they are

FUNCTIONS = (
    r"$r$ | $n$ | | ",
    "$u$, $v$ | number | | positive",
    "$w$ | $k$ | | ",
    r"$X$ | $m \times n$ | | ",
    "$f$, $g$ | function | | any smooth function",
    "$a$ | function | | any smooth function of a number",
    r"$F$ | function | | any smooth function from $n$ to $k$",
    "$D$ | function | | any smooth function from $n$ and number to number, positive",
    "$S$ | function | | any smooth function, increasing",
    r"$\sigma$ | function | | the sigmoid",
    r"$\psi$ | function | | softplus",
)
SMOOTH = [
    (("h(u) = f(g(u))",), "h'(u) = f'(g(u)) g'(u)", " g'(u)", ""),
    (("h(u) = f(g(u))",), "h''(u) = f''(g(u)) g'(u)^2 + f'(g(u)) g''(u)", "^2", ""),
    ((), r"\frac{d}{d u} f(u)^2 = 2 f(u) f'(u)", "2 f", "f"),
    ((), r"\frac{\partial}{\partial u} f(u, v) = \frac{\partial f(u, v)}{\partial u}", "f(u, v) =", "f(v, u) ="),
    (("b = a(r)",), r"\frac{\partial b_i}{\partial r_j} = a'(r_i) [i = j]", "a'", "a"),
    (
        (r"q = w^\top F(r)",),
        r"\frac{\partial q}{\partial r} = \frac{\partial F(r)}{\partial r}^\top w",
        "^\\top w",
        "^\\top (2 w)",
    ),
    (
        (r"q = w^\top F(r)",),
        r"\frac{\partial q}{\partial r_j} = \sum_i w_i \frac{\partial F(r)_i}{\partial r_j}",
        "w_i",
        "w_i^2",
    ),
    (("P = F(X)",), r"P_{ij} = F(X_{i:})_j", "_j", "_j^2"),
    ((), r"D(r, u) > 0", ">", "<"),
    ((), r"S(u + v) > S(u)", ">", "<"),
    ((), r"\sigma(z) = \frac{1}{1 + e^{-z}}", "-z", "z"),
    ((), r"\sigma'(u) = \sigma(u) (1 - \sigma(u))", "-", "+"),
    ((), r"\psi'(u) = \sigma(u)", r"\sigma(u)", r"\sigma(v)"),
    ((), r"\operatorname{sigmoid}(u) = \sigma(u)", r"\sigma(u)", r"\sigma(v)"),
]


@pytest.mark.parametrize(("before", "dress", "old", "new"), SMOOTH)
@pytest.mark.long_but_one_in(4)
def test_a_smooth_function_is_the_same_wherever_it_stands(words, before, dress, old, new):
    assert words(*before, dress, rows=FUNCTIONS)[-1] == "true"
    assert words(*before, planted(dress, old, new), rows=FUNCTIONS)[-1] == "false"


def test_of_what_a_function_is_one_is_asked(said):
    assert "of what is it a function?" in said("q = f(r)", rows=FUNCTIONS)
    assert "F has 1 arguments by its row, not 2" in said("q = F(r, u)", rows=FUNCTIONS)
    assert "an argument of F is of shape (5,) by its row, but of shape (4,) here" in said("q = F(w)", rows=FUNCTIONS)
    both = "$f$ | function | | any smooth function, positive, increasing"
    assert "the row of f cannot be used" in said("q = f(u)", rows=(*FUNCTIONS[:4], both))


def test_a_drawn_function_depends_on_its_name_and_on_every_argument(words):
    assert words("1 + f(u) = 1 + g(u)", rows=FUNCTIONS)[-1] == "false"
    assert words("1 + f(u, v) = 1 + f(u, u)", rows=FUNCTIONS)[-1] == "false"
    assert words("1 + f(u) = 1 + f(-u)", rows=FUNCTIONS)[-1] == "false"
    assert words("1 + f(u + v) = 1 + f(u) + f(v)", rows=FUNCTIONS)[-1] == "false"


@pytest.mark.parametrize("z", [0.0, -800.0, 800.0, 1e-8, -1e-8])
def test_the_sigmoid_and_softplus_have_their_slopes_everywhere(valued, z):
    x = float(valued("s", s=z))
    slope = float(valued(r"\operatorname{sigmoid}(s)", s=z))
    step = 1e-30j
    assert np.isclose(valued(r"\operatorname{softplus}(s)", s=x + step).imag / 1e-30, slope, rtol=1e-12)
    assert np.isclose(valued(r"\operatorname{sigmoid}(s)", s=x + step).imag / 1e-30, slope * (1 - slope), rtol=1e-12)


# what has two readings, and what is asked

ASKED = [
    ((r"q = C t",), r"\nabla q = C", "in which symbol is this gradient? it depends on C, t"),
    (CUBE, r"u^2 \frac{d q}{d u} |_{u = v} = 3 u^2 v^2", "is the last factor evaluated there, or all of them?"),
    (CUBE, r"u^2 \frac{d q}{d u} |_{u = v} = 3 v^4", "is the last factor evaluated there, or all of them?"),
    (CUBE, r"\frac{d q}{d u}(u) = 3 u^2", "is this a product, or the derivative taken there?"),
    (CUBE, r"\frac{d q}{d u}(u) = 3 u^3", "is this a product, or the derivative taken there?"),
    (Q, r"\nabla_r q (r^\top r) = 2 q r", "does this gradient take all that follows"),
    ((r"f(w) = w^2",), "f^{-1}(u) = u", "or its inverse, which is not computed?"),
    (CUBE, r"\max\{r_i\} = q", "over which index?"),
    (CUBE, r"\left. q \right|_{u=1}^{v} = 2", "the limits of an integral"),
    (CUBE, r"\left[ q \right]_{u=1}^{v} = 2", "the limits of an integral"),
    (CUBE, r"\left. q \right|_{u} = 2", "is never closed"),
    ((), "q = M(r, s)", "give it a row of the shape function with a meaning such as 'any smooth function from"),
    (CUBE, r"|r|^2 = q", "is this the length of the vector"),
    (CUBE, r"q \stackrel{?}{=} u", "claims nothing"),
    (CUBE, r"u > 2 \Rightarrow q > 8", "is it assumed for what follows"),
    (CUBE, r"q = u^2 \Rightarrow k = 3", "is it assumed for what follows"),
    (CUBE, r"p_i = 2 \quad (i > 1)", "does i count from 0 or from 1?"),
    (CUBE, r"q = u^3 \quad \text{if } u < 0", "the condition holds on none of the draws"),
    (CUBE, "q = u^3 \\\\ u", "is no product with the one above"),
]


@pytest.mark.parametrize(("before", "shown", "asked"), ASKED)
@pytest.mark.long_but_one_in(4)
def test_what_has_two_readings_is_asked_about(words, said, before, shown, asked):
    rows = (*MORE, "$p$ | $n$ | | ")
    assert asked in said(*before, shown, rows=rows)
    assert words(*before, shown, rows=rows)[-1] in {"not checked", "not read"}


def test_what_is_evaluated_at_something_of_another_shape_does_not_fit(said):
    assert "r is of shape (5,), but it is set to what is a number" in said(*Q, r"\left. q \right|_{r = u} = 2")


def test_a_conclusion_from_what_holds_is_claimed(words):
    assert words(*CUBE, r"q = u^3 \Rightarrow 2 q = 3 u^3")[-1] == "false"
    assert words(*CUBE, r"q = u^2 \quad \text{or} \quad q = u^3")[-1] == "not checked"


def test_a_display_does_not_go_on_from_one_that_is_not_there(said):
    assert "none stands above it in its section" in said("= 2 u")
    assert "goes on from the one above, at line 12, which is not read" in said(r"q = \foo", "= 2 u")


@pytest.mark.parametrize("name", [r"\text{reg}", r"\mathrm{reg}", r"\text{true positive}", r"\; \text{reg}"])
def test_a_name_in_words_at_the_end_is_no_remark(words, name):
    rows = (*ROWS, r"$\text{reg}$, $\text{true positive}$ | number | | ")
    assert words(f"q = u {name}", "q = u", rows=rows) == ["defined", "false"]
    assert words(f"q = u {name}", rf"q = {name.removeprefix(chr(92) + '; ')} u", rows=rows) == ["defined", "true"]
