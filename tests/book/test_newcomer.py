r"""What somebody met who checked three texts of their own for the first time, with its kin."""

import json
from pathlib import Path

import pytest

from nnlit.book import explain
from nnlit.book.assembly import Assembly
from nnlit.book.checks.verdicts import Verdict
from nnlit.book.command import line, run
from nnlit.book.drafts import draft
from nnlit.book.language.node import Node
from nnlit.book.language.parser import parse
from nnlit.book.language.spans import Source
from nnlit.book.language.tokens import lex
from nnlit.book.report import checked
from nnlit.book.source import documents
from nnlit.book.source.place import BookError, Place
from tests.book import authored
from tests.book.test_constructs import CONSTRUCTS
from tests.book.test_false_passes import HIDDEN

TRUE, FALSE, DEFINED, OPEN = Verdict.TRUE, Verdict.FALSE, Verdict.DEFINED, Verdict.NOT_CHECKED
PLACE = Place(Path("own.md"), 1)

# a gradient at a point

ROWS = r"""
| $w$, $w^{(t)}$, $c$, $w_t$, $w_0$, $u$ | $d$ | | weights |
| $H$ | $d \times d$ | | |
| $f$ | function | | any smooth function from $d$ to number |
"""
BOWL = (r"L(w) = (w - c)^\top (w - c)", r"M(w, b) = b^2 L(w)", r"J(v) = v^\top H v", "q = 3 w")


@pytest.fixture
def last(tmp_path):
    def verdict(*shown, rows=ROWS):
        return authored.judged(tmp_path, *shown, rows=rows)[-1]

    return verdict


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (r"\nabla_w L(w^{(t)})", "2 (w^{(t)} - c)"),
        (r"\nabla_w L(w_t)", "2 (w_t - c)"),
        (r"\nabla_w L(w_0)", "2 (w_0 - c)"),
        (r"\nabla_w L(u + 1)", "2 (u + 1 - c)"),
        (r"\nabla_w L(u)^\top", r"2 (u - c)^\top"),
        (r"\nabla_w^2 J(u)", r"H + H^\top"),
        (r"\nabla_w J(w_t)", r"(H + H^\top) w_t"),
        (r"\nabla_w f(u)", r"\nabla f(u)"),
        (r"\nabla_w M(u, 3)", "18 (u - c)"),
        (r"\nabla_w L(q)", "6 (q - c)"),
        (r"\left. \nabla_w L(w) \right|_{w = u}", "2 (u - c)"),
        (r"\partial_w L(u)", "2 (u - c)"),
        (r"\frac{\partial L(u)}{\partial w}", "2 (u - c)"),
        (r"\frac{\partial L(u)}{\partial w_j}", "2 (u_j - c_j)"),
        (r"\frac{\partial}{\partial w} L(u)", "2 (u - c)"),
        (r"\frac{\partial M(u, 3)}{\partial b}", "6 L(u)"),
    ],
)
@pytest.mark.long_but_one_in(4)
def test_a_gradient_of_a_function_is_that_at_its_argument(last, left, right):
    assert last(*BOWL, f"{left} = {right}")[0] is TRUE
    assert last(*BOWL, f"{left} = 2 {right}")[0] is FALSE
    assert last(*BOWL, f"{left} = 0 {right}")[0] in {FALSE, OPEN}


def test_a_step_of_newton_lands_at_the_bottom_and_does_not_stay(last):
    step = r"w^{(t+1)} = w^{(t)} - \frac{1}{2} \nabla_w L(w^{(t)})"
    assert last(*BOWL, step, "w^{(t+1)} = c")[0] is TRUE
    assert last(*BOWL, step, "w^{(t+1)} = w^{(t)}")[0] is FALSE
    assert last(*BOWL, r"\nabla_w L(w^{(t)}) = 0")[0] is FALSE


def test_a_slope_that_may_be_zero_is_asked_about(last):
    verdict, said = last(*BOWL, r"\frac{\partial L(u)}{\partial w} = 0")
    assert verdict is OPEN
    assert "is this 0, since w does not stand in L(u), or the derivative there?" in said


@pytest.mark.parametrize("slope", [r"\nabla_w g", r"\frac{\partial g}{\partial w}", r"\nabla_w \log L(u)"])
def test_what_does_not_rest_on_a_name_has_no_silent_slope(last, slope):
    verdict, said = last(*BOWL, "g = L(u)", f"{slope} = 0")
    assert verdict is OPEN
    assert "does not depend on w" in said


def test_an_entry_zero_is_said_to_be_none(last):
    verdict, said = last("L(w) = w^\\top w", "g = L(w_0)", rows="| $w$ | $d$ | | |")
    assert verdict is not FALSE
    verdict, said = last("w_0 = w", rows="| $w$ | $d$ | | |")
    assert verdict is OPEN
    assert "if w_0 is a name of its own, such as a first value, give it a row" in said


def test_a_gradient_at_a_point_is_written_as_it_is_read(tmp_path):
    shown = [*BOWL, r"\nabla_w L(w_t) = 2 (w_t - c)", r"\nabla_w^2 J(u) = H + H^\top"]
    whole = Assembly(documents.read(authored.page(tmp_path, *shown, rows=ROWS)))
    for display in whole.chapter.displays[-2:]:
        authored.read_again(whole, display)


# nothing is dropped

LIST = "| $r$ | $N$ | | positive |\n| $p$ | number | | between 0 and 1 |"


@pytest.mark.parametrize(
    "said",
    [
        r"v = (7 r_1, \ldots, 7 r_N)",
        r"v = [7 r_1, \ldots, 7 r_N]",
        r"v = (r_1, r_2, \dots, r_N)",
        r"\max(r_1, \ldots, r_N) = -1",
        r"s = 3 (r_1 + \dots + r_N)",
        r"s = r_1 + r_2 + \cdots + r_N + 1",
        r"s = \frac{r_1 + \dots + r_N}{N}",
        r"0 \le p \le 0.5",
        r"v = \begin{pmatrix} r_1 \\ \vdots \\ r_N \end{pmatrix}",
    ],
)
@pytest.mark.parametrize("joint", [r", \qquad", r" \quad \text{and} \quad", r" \\", r" \text{ where }", ", "])
@pytest.mark.long_but_one_in(4)
def test_a_wrong_claim_beside_a_right_one_is_not_dropped(last, said, joint):
    before = ("v = 2 r", r"s = \sum_i r_i")
    shown = rf"r^\top v = 2 \sum_i r_i^2{joint} {said}"
    assert last(*before, shown, rows=LIST)[0] in {FALSE, OPEN, Verdict.NOT_READ}
    assert last(*before, said, rows=LIST)[0] in {FALSE, OPEN, Verdict.NOT_READ}


@pytest.mark.parametrize(
    "beside",
    [
        r"i = 1, \dots, N",
        r"(i = 1, 2, \ldots, N)",
        r"\forall i \in \{1, \dots, N\}",
        r"\forall i = 1, \ldots, N",
        r"1 \le i \le N",
        r"r \in \mathbb R^N",
        r"i \in \{1, \dots, N\}",
    ],
)
def test_for_which_values_an_equation_holds_is_no_claim(tmp_path, beside):
    (found,) = checked(authored.page(tmp_path, rf"2 r_i = r_i + r_i, \quad {beside}", rows=LIST)).judged
    assert (found.verdict, found.found.asides) == (TRUE, ())


@pytest.mark.parametrize(
    ("shown", "aside"),
    [
        (r"2 r_i = r_i + r_i, \quad p \in (0.5, 1)", r"p \in (0.5, 1)"),
        (r"2 r_i = r_i + r_i \text{ where } r \in \{1, 2\}", r"r \in \{1, 2\}"),
        (r"\sum_i \underbrace{r_i + r_i}_{= 3 r_i} = 2 \sum_i r_i", r"\underbrace{r_i + r_i}_{= 3 r_i}"),
        (r"\overbrace{p + p}^{p = 1} = 2 p", r"\overbrace{p + p}^{p = 1}"),
    ],
)
def test_what_could_be_claimed_and_is_not_executed_is_named(tmp_path, shown, aside):
    path = authored.page(tmp_path, shown, rows=LIST)
    (found,) = checked(path).judged
    assert found.found.asides == (aside,)
    assert line(found).endswith(f"; not executed: {aside}")


def test_a_condition_beside_otherwise_counts(last):
    shown = r"\max(0, p - 2) = \begin{cases} 7 & p > 3 \\ 0 & \text{otherwise, } p > 0.5 \end{cases}"
    assert last(shown, rows=LIST)[0] is not TRUE
    assert last(shown.replace("p > 0.5", "p < 4"), rows=LIST)[0] is TRUE


DISPLAYS = [shown for before, last_one, *_ in CONSTRUCTS for shown in (*before, last_one)]
DISPLAYS += [tex for shown in HIDDEN.values() for tex in shown]
DISPLAYS += [
    r"2 r_i = r_i + r_i, \quad i = 1, \dots, N",
    r"v = 2 r, \qquad v_i = 2 r_i \quad \text{if } r_i > 0 \text{ and } p > 0 \tag{3}",
    r"\begin{aligned} v &= 2 r \\ &= r + r && \text{by definition} \end{aligned} \quad (4)",
    r"x = y \Rightarrow x^2 = y^2 \quad \text{or} \quad x > 2",
    r"x \overset{(1)}{=} \boxed{\mathrm{tr}(A)} \bigl[ k = l \bigr]",
]
BESIDE = (r"\text", r"\forall", r"\overbrace", r"\underbrace", "otherwise", "cases")


@pytest.mark.parametrize("shown", DISPLAYS)
@pytest.mark.long_but_one_in(12)
def test_every_word_of_a_display_is_read_refused_or_named(shown):
    """A name that is put anywhere into a display is in its tree, or what is beside it, or the display is refused."""
    shown = " ".join(shown.split())
    words = lex(Source.at(shown, PLACE))
    for at in sorted({word.span.column for word in words} | {word.span.end for word in words}):
        text = rf"{shown[: at - 1]} \zeta {shown[at - 1 :]}"
        try:
            read = parse(Source.at(text, PLACE))
        except BookError:
            continue
        beside = any(word in shown for word in BESIDE)
        assert beside or "zeta" in repr((read.chains, read.where, read.asides)), text


# a display is explained, whatever stands in it


def kinds(node=Node):
    """All kinds of nodes."""
    return [x for kind in node.__subclasses__() for x in (kind, *kinds(kind))]


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.__name__)
def test_every_kind_of_node_has_a_word(kind):
    assert any(base in explain.WORDS or base in explain.TELLING for base in kind.__mro__)


@pytest.mark.parametrize(
    ("shown", "word"),
    [
        (r"q = (r_1, \ldots, r_N)", "vector of entries"),
        (r"q = \max(r_1, \ldots, r_N)", "function \\max"),
        (r"q = \begin{pmatrix} r_1 & & \\ & \ddots & \\ & & r_N \end{pmatrix}", "function diag"),
        (r"q = \left. r^\top r \right|_{r = 2 r}", "with other values of r"),
        (r"p * p = p \times p", "product"),
        (r"p \in (0, 1)", "set of values"),
        (r"q = \begin{pmatrix} M_{1:} & \cdots & M_{m:} \end{pmatrix}", "columns side by side"),
        (r"q = \begin{pmatrix} M_{1:}^\top \\ \vdots \\ M_{m:}^\top \end{pmatrix}", "rows one below the other"),
        (r"\lvert S \rvert = N", "number of members"),
        (r"q = P(E \cap F)", "probability"),
        (r"q = \frac{\partial}{\partial r} \left( r^\top r \right)", "derivative in r of"),
    ],
)
@pytest.mark.long_but_one_in(3)
def test_a_display_is_explained(tmp_path, shown, word):
    rows = LIST + "\n| $M$ | $m \\times n$ | | |\n| $S$ | $3$ | | every subset of size $3$ of $1..6$ |\n"
    path = authored.page(tmp_path, shown, rows=f"{rows}| $E$, $F$ | event | | |")
    _, lines = explain.explained(documents.read(path), "12")
    assert word in "\n".join(lines)


# a column that is written out

COLUMN = "| $x$ | $d$ | | the input |\n| $A$ | $m \\times d$ | | |"


@pytest.mark.parametrize(
    ("written", "entries"),
    [
        (r"(x_1, \dots, x_d)^\top", "x_{0}"),
        (r"[x_1, \ldots, x_d]^T", "x_{0}"),
        (r"\left(2 x_1, \ldots, 2 x_d\right)^{\mathsf T}", "2 x_{0}"),
        (r"\begin{pmatrix} x_1 & \cdots & x_d \end{pmatrix}^\top", "x_{0}"),
        (r"(x_1, \dots, x_d)", "x_{0}"),
        (r"2 (x_1, \dots, x_d)^\top", "2 x_{0}"),
    ],
)
@pytest.mark.long_but_one_in(3)
def test_a_list_of_entries_with_a_transpose_is_a_column(last, written, entries):
    i, j = (entries.replace("{0}", letter) for letter in "ij")
    for right, verdict in ((f"{i} {j}", TRUE), (f"2 {i} {j}", FALSE)):
        assert last(f"u = {written}", rf"(u u^\top)_{{ij}} = {right}", rows=COLUMN)[0] is verdict
    assert last(f"u = {written}", rf"u^\top u = \sum_i ({i})^2", rows=COLUMN)[0] is TRUE


@pytest.mark.parametrize(
    ("shown", "verdict"),
    [
        (r"A (x_1, \ldots, x_d)^\top = A x", TRUE),
        (r"(x_1, \ldots, x_d)^\top x = x^\top x", TRUE),
        (r"\lVert (x_1, x_2, 3)^\top \rVert^2 = x_1^2 + x_2^2 + 9", TRUE),
        (r"\lVert [x_1, x_2, 3]^\top \rVert^2 = x_1^2 + x_2^2 + 8", FALSE),
    ],
)
def test_a_list_of_entries_stands_where_its_shape_fits(last, shown, verdict):
    assert last(shown, rows=COLUMN)[0] is verdict


# a d stuck to a letter

STUCK = r"""
| $X$ | $m \times d$ | | inputs |
| $A^{[0]}$ | $m \times d$ | | inputs of a layer |
| $dZ$, $dZ^{[1]}$ | $m \times n$ | | upstream |
| $\gamma$, $v$ | $d$ | | |
| $x$, $q$ | number | | |
| $c$ | number | | |
"""


@pytest.mark.parametrize(
    ("before", "shown", "wrong"),
    [
        (r"dW = \frac{1}{m} X^\top dZ", r"dW_{jk} = \frac{1}{m} \sum_i X_{ij} dZ_{ik}", "dZ_{ik} X_{11}"),
        (r"dW^{[1]} = A^{[0]\top} dZ^{[1]}", r"dW^{[1]}_{jk} = \sum_i A^{[0]}_{ij} dZ^{[1]}_{ik}", "2 dZ^{[1]}_{ik}"),
        (r"db_k = \sum_i dZ_{ik}", r"db^\top db = \sum_k db_k^2", "2 db_k^2"),
        (r"d\gamma = 2 \gamma", r"d\gamma_i = 2 \gamma_i", r"3 \gamma_i"),
        (r"\mathrm{d}\hat x = 3 x", r"\mathrm{d} \hat x = 3 x", "4 x"),
        (r"\mathrm{d} v = 3 v", "dv_i = 3 v_i", "4 v_i"),
        ("f(x) = x^3", r"\frac{df}{dx} = 3 x^2", "2 x^2"),
        ("f(x) = x^3", r"\frac{d}{dx} f(x) = 3 x^2", "2 x^2"),
        ("g = c v", r"g = c \cdot v", "d v"),
        ("g = n d", r"2 dn = 2 g", "g"),
    ],
)
@pytest.mark.long_but_one_in(4)
def test_a_d_stuck_to_a_letter_is_a_name(last, before, shown, wrong):
    assert last(before, shown, rows=STUCK)[0] is TRUE
    assert last(before, f"{shown.rpartition('=')[0]}= {wrong}", rows=STUCK)[0] in {FALSE, OPEN}


NAMES = [("s = dv", "dv"), ("dn = 3", "dn"), ("s = 2 dq", "dq"), ("s = dX v", "dX")]


@pytest.mark.parametrize(("shown", "name"), NAMES)
def test_a_d_that_may_be_a_factor_is_asked_about(last, shown, name):
    verdict, said = last(shown, rows=STUCK)
    assert verdict in {OPEN, Verdict.NOT_READ}
    assert f"give ${name}$ a row, or write d \\cdot {name[1:]}" in said


def test_a_stuck_d_without_a_row_is_drafted(tmp_path):
    path = tmp_path / "own.md"
    path.write_text("# Own\n\n$$ O = P V $$\n\n$$ dV_{kl} = \\sum_i P_{ik} dO_{il} $$\n", encoding="utf-8")
    assert "| $dO$ |" in draft.table(path)
    (found,) = authored.judged(tmp_path, r"dV = P^\top dO", rows="| $P$ | $n \\times n$ | | |")
    assert "dO has no value" in found[1]


# constants in words

GRADIENT = "| $G$ | $N \\times n$ | | a gradient |\n| $x$ | $n$ | | positive |\n"
ONES = [
    "the vector of ones",
    "a vector of ones",
    "ones",
    "all-ones vector",
    "the all-one vector",
    "a column vector of ones, one for each example",
    "vector of $N$ ones",
    "all ones of length $N$",
    "a vector of 1s",
    "all entries are 1",
    "every entry is one",
    "sums over the batch; the vector of all ones",
]
IDENTITIES = [
    "the identity matrix",
    "unit matrix",
    "identity of size $N$",
    "an identity matrix of size $N$",
    r"the $N \times N$ identity matrix",
    "the $N$-by-$N$ identity",
]


@pytest.mark.parametrize("meaning", ONES)
@pytest.mark.long_but_one_in(4)
def test_ones_in_words_are_ones(last, meaning):
    rows = f"{GRADIENT}| $u$ | $N$ | | {meaning} |"
    assert last("b = G^\\top u", r"b_j = \sum_i G_{ij}", rows=rows)[0] is TRUE
    assert last("b = G^\\top u", r"b_j = \sum_i 2 G_{ij}", rows=rows)[0] is FALSE


@pytest.mark.parametrize("meaning", IDENTITIES)
def test_the_identity_in_words_is_the_identity(last, meaning):
    rows = f"{GRADIENT}| $I$ | $N \\times N$ | | {meaning} |"
    assert last("I G = G", rows=rows)[0] is TRUE
    assert last("I G = 2 G", rows=rows)[0] is FALSE


@pytest.mark.parametrize("meaning", ["zeros", "the zero vector", "a vector of zeros", "all zeros of length $N$"])
def test_zeros_in_words_are_zeros(last, meaning):
    rows = f"{GRADIENT}| $u$ | $N$ | | {meaning} |"
    assert last(r"u^\top G x = 0", rows=rows)[0] is TRUE
    assert last(r"u^\top G x = 1", rows=rows)[0] is FALSE


@pytest.mark.parametrize("meaning", ["counts of ones that we made", "like an identity matrix somehow it"])
def test_what_is_not_sure_to_be_constant_is_not_drawn_in_silence(tmp_path, meaning):
    rows = f"{GRADIENT}| $I$ | $N \\times N$ | | {meaning} |"
    (fault,) = checked(authored.page(tmp_path, "I G = G", rows=rows)).faults or [None]
    sure = "near" in meaning or "like" in meaning
    assert (fault is None) is sure
    assert sure or "nearly 'all ones'" in fault.message


@pytest.mark.parametrize("one", [r"\mathbf{1}", r"\mathbb{1}", r"\vec{1}", r"\boldsymbol 1", r"\bm{1}", r"\mathbf 1"])
@pytest.mark.long_but_one_in(3)
def test_ones_with_their_size_below_have_a_value(last, one):
    assert last(rf"b = G^\top {one}_N", r"b_j = \sum_i G_{ij}", rows=GRADIENT)[0] is TRUE
    assert last(rf"b = G^\top {one}_{{N}}", r"b_j = \sum_i 2 G_{ij}", rows=GRADIENT)[0] is FALSE
    assert last(rf"{one}_N^\top {one}_N = N", rows=GRADIENT)[0] is TRUE
    assert last(rf"{one}_{{N \times n}} \odot G = G", rows=GRADIENT)[0] is TRUE
    assert last(rf"{one}_{{N \times n}} = 2", rows=GRADIENT)[0] is FALSE
    assert last(rf"{one}_{{N \times 1}}^\top G = {one}_{{1 \times N}} G", rows=GRADIENT)[0] is TRUE


def test_an_indicator_is_still_one(last):
    assert last(r"\sum_j \mathbf{1}_{x_j > 0} = n", rows=GRADIENT)[0] is TRUE
    assert last(r"\sum_j \mathbb{1}_{x_j > 0} = N", rows=GRADIENT)[0] is FALSE


@pytest.mark.parametrize(
    "one", [r"\mathbf{1}", r"\mathbb{1}", r"\vec 1", r"\boldsymbol 1", r"\bm{1}_m", r"\mathbf 1_q"]
)
def test_ones_are_drafted_as_ones(tmp_path, one):
    path = tmp_path / "own.md"
    path.write_text(f"# Own\n\n$$ b_j = \\sum_i G_{{ij}} $$\n\n$$ b = G^\\top {one} $$\n", encoding="utf-8")
    (row,) = [row for row in draft.table(path).splitlines() if "{1}" in row]
    assert row.endswith(", all ones |")


# the argument of a definition

SIGMOID = (r"\sigma(z) = \frac{1}{1 + e^{-z}}", "z = X w")
INPUTS = "| $X$ | $n \\times d$ | | |\n| $w$, $a$ | $d$ | | |"


@pytest.mark.parametrize(
    "shown",
    [
        r"\sigma'(z) = \sigma(z) (1 - \sigma(z))",
        r"\sigma(z) \sigma(-z) = \sigma'(z)",
        r"\frac{d \sigma(z)}{dz} = \sigma(z) (1 - \sigma(z))",
        r"\frac{\partial \sigma}{\partial z} = \sigma(z) (1 - \sigma(z))",
        r"\tanh'(z) = (1 - \tanh(z)) (1 + \tanh(z))",
    ],
)
@pytest.mark.long_but_one_in(3)
def test_the_argument_of_a_function_is_any_number_where_nothing_else_stands(last, shown):
    for order in (SIGMOID, SIGMOID[::-1]):
        assert last(*order, shown, rows=INPUTS)[0] is TRUE
        assert last(*order, shown.replace("= ", "= 2 "), rows=INPUTS)[0] is FALSE
    assert last(*SIGMOID, rf"{shown} + 0 a_1", rows=INPUTS)[0] is FALSE  # then it is the vector


def test_the_argument_of_a_definition_may_have_a_row_that_does_not_fit(tmp_path):
    rows = f"{INPUTS}\n| $z$ | number | | a number |"
    found = authored.judged(tmp_path, SIGMOID[0], r"\sigma'(z) = \sigma(z) (1 - \sigma(z))", SIGMOID[1], rows=rows)
    assert [verdict for verdict, _ in found] == [DEFINED, TRUE, FALSE]


# a number and a row that are written with an index


def test_a_number_that_is_written_with_an_index_is_asked_about(tmp_path):
    shown = (r"s = \sum_j w_j^2", r"s_i = \sum_j X_{ij}^2", r"\hat X_{ij} = X_{ij} / s_i")
    found = authored.judged(tmp_path, *shown, rows=INPUTS)
    assert [verdict for verdict, _ in found] == [DEFINED, OPEN, OPEN]
    assert "s is a number at line" in found[1][1]
    assert "rename one" in found[1][1]


@pytest.mark.parametrize(("name", "before"), [("X", ()), ("G", ("G = X + X",))])
def test_a_row_of_a_matrix_is_asked_for_and_then_known(last, name, before):
    shown = rf"(\sum_{{i=1}}^n {name}_i)_j = \sum_{{i=1}}^n {name}_{{ij}}"
    verdict, said = last(*before, shown, rows=INPUTS)
    assert verdict is OPEN
    assert f"give ${name}_i$ a row of its own: row $i$ of ${name}$" in said
    rows = f"{INPUTS}\n| ${name}_i$ | $d$ | | row $i$ of ${name}$ |"
    assert last(*before, shown, rows=rows)[0] is TRUE
    assert last(*before, f"{shown} + 1", rows=rows)[0] is FALSE


# what is said of a difference

SCORES = "| $s$ | $n$ | | {0} |\n| $A$ | $n \\times n$ | | |\n| $c$ | number | | |"
SOFTMAX = (
    r"p = \operatorname{softmax}(s)",
    r"\frac{\partial p}{\partial s} = \operatorname{diag}(p) - p p^\top",
)


@pytest.mark.parametrize("meaning", ["one row of scores", "scores; a row of them", "a row of $A$, say"])
def test_a_row_that_words_make_is_said(last, meaning):
    said = last(*SOFTMAX, rows=SCORES.format(meaning))[1]
    words = next(x for x in meaning.split("; ") if "row" in x).partition(",")[0].replace("$", "")
    assert f"s lies as a row, since its meaning says '{words}'" in said.replace("$", "")
    assert "the number p p^\\top is added to every entry of \\operatorname{diag}(p)" in said
    assert "s lies as a row" in last("q = A s", rows=SCORES.format(meaning))[1]


@pytest.mark.parametrize("meaning", ["", "a column of $A$", "scores of one row", "a rower"])
def test_other_words_make_no_row(last, meaning):
    assert last(*SOFTMAX, rows=SCORES.format(meaning)) == (TRUE, "")
    assert "lies as a row" not in last("A s = s", rows=SCORES.format(meaning))[1]


@pytest.mark.parametrize("shown", ["A + c = A - c", "(A - c) s = A s", r"2 A = A + A + \lVert s \rVert"])
def test_a_number_beside_a_matrix_is_said(last, shown):
    assert "is added to every entry of " in last(shown, rows=SCORES.format(""))[1]


def test_a_wrong_side_of_a_chain_is_no_second_meaning(last):
    assert "second meaning" not in last(r"\begin{aligned} y &= 2 c \\ &= 3 c \end{aligned}", rows=SCORES)[1]
    assert "second meaning" in last("y = 2 c", "y = 3 c", rows=SCORES)[1]


# tables under the headings of other files

ROW = "| symbol | shape | code | meaning |\n|---|---|---|---|\n"
WEIGHTS = "| $w$ | $n$ | | |\n| $X$ | $m \\times n$ | | |\n"
FIRST = "\\[ z = X w \\]\n\\[ \\frac{\\partial z}{\\partial w} = X \\]\n"
SECOND = "\\[ z_i = \\sum_j X_{ij} w_j + b \\]\n\\[ \\frac{\\partial z_i}{\\partial b} = 1 \\]\n"


def verdicts(path):
    """What is said of the displays of a file."""
    return [one.verdict for one in checked(path).judged]


def commented(text):
    """Lines as comments of a LaTeX file."""
    return "".join(f"% {line}\n" for line in text.splitlines())


def test_a_section_of_a_latex_file_has_a_table_of_its_own(tmp_path):
    path, inner = tmp_path / "own.tex", commented(f"{ROW}| $b$ | number | | |")
    head = commented(ROW + WEIGHTS)
    path.write_text(f"{head}\\section{{One}}\n{FIRST}\\section{{Two}}\n{inner}{SECOND}", encoding="utf-8")
    assert verdicts(path) == [DEFINED, TRUE, DEFINED, TRUE]
    path.write_text(f"{head}\\section{{One}}\n{FIRST}\\section{{Two}}\n{SECOND}", encoding="utf-8")
    assert verdicts(path)[2:] == [OPEN, OPEN]


@pytest.mark.parametrize("command", ["section", "subsection", "chapter", "section*"])
def test_a_row_of_one_section_says_nothing_of_another(tmp_path, command):
    one = (
        commented(f"{ROW}| $w$ | $n$ | | |") + "\\[ q = w^\\top w \\]\n\\[ \\frac{\\partial q}{\\partial w} = 2 w \\]\n"
    )
    two = commented(f"{ROW}| $w$ | $m \\times n$ | | |") + "\\[ p = \\sum_{ij} w_{ij}^2 \\]\n"
    two += "\\[ \\frac{\\partial p}{\\partial w} = 2 w \\]\n\\[ \\frac{\\partial p}{\\partial w} = w \\]\n"
    path = tmp_path / "own.tex"
    path.write_text(f"\\{command}{{One}}\n{one}\\{command}{{Two}}\n{two}", encoding="utf-8")
    assert verdicts(path) == [DEFINED, TRUE, DEFINED, TRUE, FALSE]


def test_the_only_table_of_a_latex_file_is_valid_for_all_of_it(tmp_path):
    path = tmp_path / "own.tex"
    head = commented(ROW + WEIGHTS)
    path.write_text(f"\\section{{One}}\n{head}{FIRST}\\section{{Two}}\n\\[ X w = z \\]\n", encoding="utf-8")
    assert verdicts(path) == [DEFINED, TRUE, TRUE]


@pytest.mark.parametrize("ending", [".tex", ".ipynb"])
def test_a_table_beside_a_file_stands_under_its_headings(tmp_path, ending):
    path = tmp_path / f"own{ending}"
    if ending == ".tex":
        path.write_text(f"\\section{{One}}\n{FIRST}\\section{{Two}}\n{SECOND}", encoding="utf-8")
    else:
        texts = [f"## {title}\n{shown}".splitlines(keepends=True) for title, shown in (("One", FIRST), ("Two", SECOND))]
        cells = [{"cell_type": "markdown", "source": text} for text in texts]
        book = {"cells": cells, "nbformat": 4, "nbformat_minor": 5}
        path.write_text(json.dumps(book, indent=1), encoding="utf-8")
    beside = tmp_path / f"own{ending}.symbols.md"
    beside.write_text(f"{ROW}{WEIGHTS}\n## Two\n\n{ROW}| $b$ | number | | |\n", encoding="utf-8")
    assert verdicts(path) == [DEFINED, TRUE, DEFINED, TRUE]
    beside.write_text(f"{ROW}{WEIGHTS}\n## Elsewhere\n\n{ROW}| $b$ | number | | |\n", encoding="utf-8")
    assert verdicts(path)[2:] == [OPEN, OPEN]


def test_two_losses_of_one_name_are_named_with_their_paths(last):
    rows = "| $x$, $\\gamma$ | $d$ | | |\n| $X$ | $N \\times d$ | | |\n"
    rows += (
        "| $\\frac{\\partial L}{\\partial y}$ | $d$ | | |\n| $\\frac{\\partial L}{\\partial Y}$ | $N \\times d$ | | |"
    )
    before = (r"y_i = \gamma_i x_i", r"Y_{ni} = \gamma_i X_{ni}")
    shown = r"\frac{\partial L}{\partial \gamma_i} = \frac{\partial L}{\partial y_i} x_i"
    assert r"L reaches \gamma through y and Y, of which rows give gradients" in last(*before, shown, rows=rows)[1]
    assert "reaches" not in last(before[0], shown + "+ 1", rows=rows)[1]


def test_numbers_are_told_where_a_claim_is_true_for_others(last):
    rows = "| $\\epsilon$, $x$ | number | | positive |\n| $k$ | integer | | |"
    assert "it is false where" not in last(r"\sqrt{x + \epsilon} = -\sqrt{x + \epsilon}", rows=rows)[1]
    assert "it is false where k = " in last("(-1)^k = 1 + 0 x", rows=rows)[1]
    assert r"it is false where x = " in last(r"\lvert x - \epsilon \rvert = x - \epsilon", rows=rows)[1]


def test_one_reason_is_told_once_and_counted(tmp_path, capsys):
    shown = (r"q = \sum_i X_i", "r = 2 q", "s = 3 q", "t = s + r")
    run([str(authored.page(tmp_path, *shown, rows="| $X$ | $m \\times n$ | | |"))])
    out = capsys.readouterr().out
    assert out.count("give $X_i$ a row of its own") == 1
    assert out.count(", as above\n") == 3
    assert "because of line 8, 3 displays are not checked\n" in out


def test_the_set_behind_a_chain_is_named_and_the_chain_is_executed(tmp_path):
    rows = "| $y$ | $n$ | | labels, 0 or 1 |"
    shown = (r"\tilde y_i = 2 y_i - 1 \in \{-1, +1\}", r"\tilde y_i^2 = 1", r"2 y_i = 3 y_i \in \{0, 2\}")
    found = checked(authored.page(tmp_path, *shown, rows=rows)).judged
    assert [one.verdict for one in found] == [DEFINED, TRUE, FALSE]
    assert found[0].found.asides == (r"\tilde y_i \in \{- 1, + 1\}",)


def test_a_command_that_cannot_be_read_is_said_as_it_is_written(last):
    assert r"cannot read '\in' here" in last(r"q = (x \in y)", rows=COLUMN)[1]


def test_one_mistake_in_all_steps_of_a_display_is_told_once(tmp_path, capsys):
    run([str(authored.page(tmp_path, r"S = 2 Q, \qquad P = S + 1, \qquad O = P", rows=COLUMN))])
    assert capsys.readouterr().out.count("Q has no value") == 1


def test_a_meaning_of_many_short_words_is_read_at_once(tmp_path):
    """A pattern that could split them in many ways took for ever."""
    rows = f"| $v$ | $n$ | | {'x ' * 400}one example |\n| $u$ | $n$ | | the {'a x b ' * 100}vector of ones |"
    assert authored.judged(tmp_path, "v + v = 2 v", rows=rows)[0][0] is Verdict.TRUE
    assert authored.judged(tmp_path, "v + u = u + v", rows=rows)[0][0] is Verdict.NOT_CHECKED
