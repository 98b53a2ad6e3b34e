r"""Displays that claim something and would only define: gradients by their names, `x = y` below a use of x."""

import pytest

from nnlit.book.checks.verdicts import Verdict

from .authored import judged

ATTENTION = [
    r"S = Q K^\top",
    r"P_{ij} = \frac{e^{S_{ij}}}{\sum_k e^{S_{ik}}}",
    r"O = P V",
    r"dV = P^\top dO",
    r"dP = dO V^\top",
    r"D_i = \sum_j P_{ij} dP_{ij}",
    r"dS_{ij} = P_{ij} (dP_{ij} - D_i)",
    r"dQ = dS K",
    r"dK = dS^\top Q",
]
COURSE = [
    r"Z^{[1]} = W^{[1]} X + b^{[1]} \mathbf{1}^\top",
    r"A^{[1]} = \tanh(Z^{[1]})",
    r"Z^{[2]} = W^{[2]} A^{[1]}",
    r"J = \frac{1}{2 m} \| Z^{[2]} - Y \|^2",
    r"dZ^{[2]} = Z^{[2]} - Y",
    r"dW^{[2]} = \frac{1}{m} dZ^{[2]} A^{[1]\top}",
    r"dZ^{[1]} = W^{[2]\top} dZ^{[2]} \odot (1 - A^{[1]} \odot A^{[1]})",
    r"dW^{[1]} = \frac{1}{m} dZ^{[1]} X^\top",
    r"db^{[1]} = \frac{1}{m} dZ^{[1]} \mathbf{1}",
]
RESIDUAL = [r"h = \tanh(W x)", r"y = x + h", r"dh = dy", r"dx = dy + W^\top ((1 - h \odot h) \odot dh)"]
FORWARD = [r"Y = X W", r"dY = dX W"]
SPREAD = [r"q = \frac{x}{s}", r"dx = \frac{dq}{s}"]
ROWS = {
    "attention": r"| $Q$, $K$ | $m \times k$ | | |" "\n" r"| $V$, $dO$ | $m \times n$ | | |",
    "course": r"""
| $X$ | $n \times m$ | | |
| $Y$ | $k \times m$ | | |
| $W^{[1]}$ | $p \times n$ | | |
| $b^{[1]}$ | $p$ | | |
| $W^{[2]}$ | $k \times p$ | | |
| $\mathbf{1}$ | $m$ | | all ones |""",
    "residual": r"| $x$, $dy$ | $n$ | | |" "\n" r"| $W$ | $n \times n$ | | |",
    "forward": r"| $X$, $dX$ | $m \times n$ | | |" "\n" r"| $W$ | $n \times k$ | | |",
    "spread": r"| $x$, $dq$ | $n$ | | |" "\n" r"| $s$ | number | | positive |",
}
D, T, N = Verdict.DEFINED, Verdict.TRUE, Verdict.NOT_CHECKED
TEXTS = {  # displays, what is said of each, and errors planted in some: which line, what is put in which place
    "attention": (
        ATTENTION,
        "DDDTTDTTT",
        [(3, r"P^\top", "P"), (6, "- D", "+ D"), (8, r"^\top", ""), (7, "dS", "2 dP")],
    ),
    "course": (COURSE, "DDDDDTDTT", [(5, "= ", "= -"), (6, "1 - ", "1 + "), (8, "dZ^{[1]}", "A^{[1]}")]),
    "residual": (RESIDUAL, "DDTT", [(3, "dy +", ""), (3, r"^\top", "")]),
    "forward": (FORWARD, "DD", []),
    "spread": (SPREAD, "DT", [(1, r"\frac{dq}{s}", r"dq \cdot s^2")]),
}
WORDS = {"D": D, "T": T}


@pytest.mark.parametrize("name", TEXTS)
def test_a_gradient_by_its_name_is_compared(tmp_path, name):
    shown, wanted, _ = TEXTS[name]
    found = judged(tmp_path, *shown, rows=ROWS[name])
    assert [x[0] for x in found] == [WORDS[x] for x in wanted], found


@pytest.mark.parametrize(
    ("name", "line", "old", "new"), [(name, *error) for name, (_, _, errors) in TEXTS.items() for error in errors]
)
@pytest.mark.long_but_one_in(4)
def test_a_gradient_that_its_name_does_not_fit_is_asked_about(tmp_path, name, line, old, new):
    shown = TEXTS[name][0]
    assert old in shown[line]
    wrong = [*shown[:line], shown[line].replace(old, new, 1), *shown[line + 1 :]]
    found = judged(tmp_path, *wrong, rows=ROWS[name])[line]
    assert found[0] in {N, Verdict.FALSE}, found


def test_a_multiple_of_a_gradient_is_said_to_be_one(tmp_path):
    found = judged(tmp_path, *[x.replace(r"\frac{1}{m} d", "d") for x in COURSE], rows=ROWS["course"])
    assert found[5][0] is D
    assert "it is m times that" in found[5][1]


SCORES = r"""
| $Q$, $K$ | $m \times d$ | | |
| $dS$, $d_S$, $\bar{S}$, $\mathrm{grad}_S$, $g_S$ | $m \times m$ | | |"""
SCALED = r"S = \frac{Q K^\top}{\sqrt{d}}"


@pytest.mark.parametrize(
    ("named", "is_sure"),
    [
        ("dQ = dS", True),
        ("d_Q = d_S", True),
        (r"\mathrm{grad}_Q = \mathrm{grad}_S", True),
        (r"\bar{Q} = \bar{S}", False),
        ("g_Q = g_S", False),
    ],
)
@pytest.mark.long_but_one_in(3)
def test_a_gradient_from_a_given_one_is_the_vector_jacobian_product(tmp_path, named, is_sure):
    for right in (r"K / \sqrt{d}", r"\frac{K}{\sqrt{d}}", r"K d^{-1/2}"):
        assert judged(tmp_path, SCALED, f"{named} {right}", rows=SCORES)[1] == (T, "")
    for wrong in (r"K \sqrt{d}", "K", "K / d", r"K / (m \sqrt{d})", r"Q / \sqrt{d}"):
        verdict, said = judged(tmp_path, SCALED, f"{named} {wrong}", rows=SCORES)[1]
        assert verdict is (N if is_sure else D), wrong
        assert "it is not right" in said


def test_what_its_row_calls_a_gradient_is_asked_about(tmp_path):
    rows = SCORES.replace(", $g_S$ | $m \\times m$ | | |", ", $g_S$ | $m \\times m$ | | adjoints |")
    assert judged(tmp_path, SCALED, r"\bar{Q} = \bar{S} K", rows=rows)[1][0] is N


@pytest.mark.parametrize(
    "shown",
    [
        ["y = W x", r"\bar{y} = W \bar{x}"],  # means
        ["y = W x", r"\bar{x} = \frac{1}{2} x"],
        ["L = x^\\top x", r"\bar{x} = \frac{1}{2} x"],
        ["L = x^\\top x", "g_x = x + 1"],
        ["y = W x", "dy = W dx"],  # differentials
    ],
)
def test_means_and_differentials_are_no_gradients(tmp_path, shown):
    rows = r"| $x$, $dx$, $\bar{x}$ | $n$ | | |" "\n" r"| $W$ | $n \times n$ | | |"
    if shown[1].startswith(r"\bar{x}"):
        rows = rows.replace(r", $\bar{x}$", "")
    assert judged(tmp_path, *shown, rows=rows)[1] == (D, "")


def test_a_gradient_that_follows_rightly_from_a_wrong_one_is_not_blamed(tmp_path):
    wrong = [*ATTENTION[:6], ATTENTION[6].replace("- D", "+ D"), *ATTENTION[7:]]
    found = judged(tmp_path, *wrong, rows=ROWS["attention"])
    assert [x[0] for x in found[6:]] == [N, N, N]
    assert "something else?" in found[6][1]
    assert all("because of line" in said for _, said in found[7:])
    both = judged(tmp_path, *wrong[:7], wrong[7].replace("K", "K K^\\top Q"), rows=ROWS["attention"])
    assert "something else?" in both[-1][1]


def test_a_mean_over_examples_may_be_meant_in_another_line_and_a_size_of_the_gradient_itself_not(tmp_path):
    rows = "| $X$ | $m \\times n$ | | |\n| $W$ | $n \\times k$ | | |\n| $dZ$ | $m \\times k$ | | |"
    for right, verdict in ((r"X^\top dZ", T), (r"\frac{1}{m} X^\top dZ", D), (r"\frac{1}{n} X^\top dZ", N)):
        assert judged(tmp_path, "Z = X W", f"dW = {right}", rows=rows)[1][0] is verdict
    assert judged(tmp_path, "Z = X W", r"dW = m X^\top dZ", rows=rows)[1][0] is N


def test_a_name_that_begins_with_d_stays_one_in_front_of_a_size_d(tmp_path):
    rows = "| $dS$, $S$ | number | | |\n| $x$ | $d$ | | |"
    assert judged(tmp_path, r"\frac{dS x}{d} = dS x / d", rows=rows)[0][0] is T
    assert judged(tmp_path, r"\frac{d S x}{d} = dS x / d", rows=rows)[0][0] is not T


NORMAL = [
    r"p(x) = \frac{1}{\sqrt{2 \pi} \sigma} e^{-(x - \mu)^2 / (2 \sigma^2)}",
    r"q(x) = \frac{1}{\sqrt{2 \pi} \tau} e^{-(x - \nu)^2 / (2 \tau^2)}",
]
DENSITY = r"| $\mu$, $\nu$ | number | | |" "\n" r"| $\sigma$, $\tau$ | number | | positive |"
CLOSED = r"K = \log \frac{\tau}{\sigma} + \frac{\sigma^2 + (\mu - \nu)^2}{2 \tau^2} - \frac{1}{2}"


def test_entropies_and_divergences_of_densities_are_said_to_be_compared_with_nothing(tmp_path):
    verdict, said = judged(tmp_path, *NORMAL, r"H(p) = \frac{1}{2} \log(2 \pi e \sigma^2)", rows=DENSITY)[-1]
    assert verdict is D
    assert "p does not stand on the right" in said
    verdict, said = judged(tmp_path, *NORMAL, CLOSED.replace("K", r"D_{KL}(p \| q)"), rows=DENSITY)[-1]
    assert verdict is Verdict.NOT_READ
    assert "display its closed form under a name of its own" in said
    assert judged(tmp_path, *NORMAL, r"H(x) = p(x)^2", rows=DENSITY)[-1] == (D, "")


def test_the_closed_form_of_a_divergence_is_checked_by_its_derivatives(tmp_path):
    slope = r"\frac{\partial K}{\partial \mu} = \frac{\mu - \nu}{\tau^2}"
    assert judged(tmp_path, CLOSED, slope, rows=DENSITY)[1][0] is T
    assert judged(tmp_path, CLOSED, slope.replace(r"\tau^2", r"\sigma^2"), rows=DENSITY)[1][0] is Verdict.FALSE


LATE = {
    "x = y": N,
    "x = -y": N,
    "x = 2 y": N,
    r"A = B^\top": N,
    "u_i = v_i": N,
    r"x = \frac{y}{2}": N,
    "x = y + z": D,
    "x = 3": D,
    "w = y": D,
}
FIRST = [r"(x + y)^2 = x^2 + 2 x y + y^2", r"\operatorname{tr}(A) = \sum_i A_{ii}", r"u^\top v = \sum_i u_i v_i"]
GIVEN = r"""
| $x$, $y$, $z$ | number | | |
| $A$, $B$ | $n \times n$ | | |
| $u$, $v$ | $n$ | | |"""


@pytest.mark.parametrize("late", LATE)
def test_a_late_equation_of_two_names_is_asked_about(tmp_path, late):
    found = judged(tmp_path, *FIRST, late, rows=GIVEN)
    assert [x[0] for x in found] == [T, T, T, LATE[late]]
    assert ("stands at line" in found[-1][1]) == (late in {"x = y + z", "x = 3"})


@pytest.mark.parametrize("early", ["x = y", "x = 2 y", r"A = B^\top"])
def test_one_that_comes_first_is_a_definition(tmp_path, early):
    assert judged(tmp_path, early, *FIRST, rows=GIVEN)[0] == (D, "")


def test_a_late_equation_makes_nothing_true_above_it_or_false(tmp_path):
    found = judged(tmp_path, "(x + y)^2 = 4 x^2", "Z = X W", "x = y", "W = X", rows=GIVEN + "\n" + BESIDE)
    assert [x[0] for x in found] == [Verdict.CONDITIONAL, D, N, Verdict.FALSE]


BESIDE = r"| $X$ | $m \times n$ | | |" "\n" r"| $W$ | $n \times k$ | | |"


@pytest.mark.parametrize(
    ("last", "verdict"),
    [
        (r"\delta^L = (a^L - y) \odot \tanh'(z^L)", T),
        (r"\delta^L = (y - a^L) \odot \tanh'(z^L)", Verdict.FALSE),
        (r"\delta^L_j = (a^L_j - y_j) \tanh'(z^L_j)", T),
        (r"\delta^L_j = a^L_j - y_j \tanh'(z^L_j)", Verdict.FALSE),
    ],
)
def test_the_gradient_in_a_of_a_cost_of_the_last_layer_is_taken_there(tmp_path, last, verdict):
    shown = [r"C = \frac{1}{2} \| y - a^L \|^2", r"\delta^L = \nabla_a C \odot \tanh'(z^L)", last]
    rows = "| $L$ | integer | | the last layer |\n| $a^L$, $z^L$, $y$ | $n$ | | |"
    assert [x[0] for x in judged(tmp_path, *shown, rows=rows)] == [D, D, verdict]


@pytest.mark.parametrize(
    ("right", "verdict"),
    [
        (r"\nabla_w L = 2 X^\top (X w - y)", T),
        (r"\nabla_w L = 2 (X w - y)^\top X", N),
        (r"\frac{\partial L}{\partial w} = 2 (X w - y)^\top X", T),
        (r"(\nabla_w L)^\top = 2 (X w - y)^\top X", T),
        (r"\nabla_w L^\top = 2 (X w - y)^\top X", T),
        (r"\nabla L = 2 (X w - y)^\top X", N),
    ],
)
def test_what_is_written_with_nabla_is_a_column(tmp_path, right, verdict):
    rows = "| $X$ | $m \\times n$ | | |\n| $w$ | $n$ | | |\n| $y$ | $m$ | | |"
    assert judged(tmp_path, r"L = \| X w - y \|^2", right, rows=rows)[1][0] is verdict
