# ruff: noqa: E501 (an equation stands on one line)
r"""What the field means by a notation: every supported reading is accepted, and an error that is planted in it is found."""

import pytest

from nnlit.book.assembly import Assembly
from nnlit.book.checks.verdicts import EquationError

HEADER = "| symbol | shape | code | meaning |\n|---|---|---|---|\n"
ROWS = {
    "r": r"$r$, $s$ | $n$ | | vectors",
    "C": r"$C$ | $m \times n$ | | a matrix",
    "u": r"$u$, $v$ | number | | positive",
}


@pytest.fixture
def checked(tmp_path):
    def make(*displays: str, rows: tuple[str, ...] = tuple(ROWS.values())) -> list[str]:
        path = tmp_path / "own.md"
        shown = "\n\n".join(f"$$\n{d}\n$$" for d in displays)
        table = "".join(f"| {row} |\n" for row in rows)
        path.write_text(f"# Own\n\n{HEADER}{table}\n{shown}\n", encoding="utf-8")
        whole = Assembly.of(path)
        found = map(whole.equations.outcome, whole.chapter.displays)
        return [str(x) if isinstance(x, EquationError) else "ok" for x in found]

    return make


# a column is no row


@pytest.mark.parametrize(
    "shown", ["q = t C", r"q = (t + t) C", "q = 2 t C", r"q = \exp(t) C", "q_j = (t C)_j", r"q = t (C + C)"]
)
def test_a_column_in_front_of_a_matrix_is_refused(checked, shown):
    rows = (ROWS["C"], "$t$ | $m$ | | a vector")
    assert "a column in front of a matrix" in checked(shown, rows=rows)[0]
    assert checked(shown, rows=(ROWS["C"], "$t$ | $m$ | | a row")) == ["ok"]
    assert checked(shown.replace("t", r"t^\top").replace("exp(t^\\top)", r"exp(t^\top)"), rows=rows) == ["ok"]


def test_a_row_does_not_stand_behind_a_matrix(checked):
    rows = (ROWS["C"], "$t$ | $n$ | | a row of weights")
    assert "matrix product" in checked("q = C t", rows=rows)[0]
    assert checked(r"q = C t^\top", rows=rows) == ["ok"]


def test_a_defined_row_keeps_being_one(checked):
    rows = (ROWS["C"], "$t$ | $m$ | | a row", "$h$ | $n$ | | ", r"$B$ | $n \times k$ | | ")
    assert checked("h = t C", r"q = h B", r"q_j = \sum_i h_i B_{ij}", rows=rows) == ["ok"] * 3
    assert checked("h = t C", r"\frac{\partial h}{\partial t} = C^\top", rows=rows) == ["ok"] * 2


# letters in labels

EXAMPLES = (
    r"$x^{(i)}$, $w$ | $d$ | | an example; weights",
    r"$X$ | $m \times d$ | | examples",
    "$y$ | $m$ | | targets",
)


@pytest.mark.parametrize("name", ["x^{(i)}", "x_i", r"\mathbf{x}_i", r"\mathbf x^{(i)}", "x^{[i]}"])
@pytest.mark.long_but_one_in(3)
def test_an_example_under_a_sum_is_a_row_of_its_array(checked, name):
    rows = (f"${name}$, $w$ | $d$ | | an example", *EXAMPLES[1:])
    loss = rf"q = \frac{{1}}{{2}} \sum_i (w^\top {name} - y_i)^2"
    assert checked(loss, r"\frac{\partial q}{\partial w} = X^\top (X w - y)", rows=rows) == ["ok", "ok"]
    assert checked(loss, r"\frac{\partial q}{\partial w} = X^\top (X w + y)", rows=rows)[1] != "ok"
    assert (
        checked(loss.replace("- y", "+ y"), r"\frac{\partial q}{\partial w} = X^\top (X w - y)", rows=rows)[1] != "ok"
    )
    assert checked(rf"h_i = w^\top {name}", "h = X w", rows=rows) == ["ok", "ok"]
    assert checked(rf"h_i = w^\top {name}", "h = 2 X w", rows=rows)[1] != "ok"


def test_the_row_says_which_array_a_family_is_taken_from(checked):
    rows = (r"$a_i$ | $d$ | | column $i$ of $B$", r"$B$ | $d \times m$ | | ", "$w$ | $d$ | | ")
    assert checked(r"h_i = w^\top a_i", r"h = B^\top w", rows=rows) == ["ok", "ok"]
    square = (r"$x_i$ | $d$ | | an example", r"$X$ | $d \times d$ | | ", "$w$ | $d$ | | ")
    assert "'row i of $X$' or 'column i of $X$'" in checked(r"h_i = w^\top x_i", rows=square)[0]
    said = (r"$x_i$ | $d$ | | row $i$ of $X$", *square[1:])
    assert checked(r"h_i = w^\top x_i", "h = X w", rows=said) == ["ok", "ok"]
    assert checked(r"h_i = w^\top x_i", r"h = X^\top w", rows=said)[1] != "ok"


@pytest.mark.parametrize(
    "shown",
    [
        r"\sum_j p_j^2 = (\sum_j p_j)^2",
        r"\prod_j p_j = p_j",
        r"\max_j p_j = \min_j p_j",
        r"q_j = 2 p_j",
        r"\sum_{j=1}^n p_j = n p_j",
    ],
)
@pytest.mark.parametrize("name", ["p_j", "p^{(j)}", r"\hat{p}_j", "p_{j+1}"])
@pytest.mark.long_but_one_in(4)
def test_one_number_under_a_sum_over_its_label_is_refused(checked, shown, name):
    rows = (f"${name}$ | number | | one price", "$n$ | size | | ")
    assert f"{name} is one of several" in checked(shown.replace("p_j", name), rows=rows)[0]


def test_a_step_is_one_step(checked):
    rows = ("$t$ | integer | | ", r"$m_t$, $m_{t-1}$, $g_t$ | $n$ | | ")
    assert checked(r"q = \sum_j m_{t,j} g_{t,j}", r"q = m_t^\top g_t", rows=rows) == ["ok", "ok"]


# functions of vectors


def test_a_function_of_vectors_takes_them_whole(checked):
    shown = r"\rho(a, b) = \frac{1}{2} \|a - b\|^2"
    assert checked(shown, r"q = \rho(r, s)", r"\frac{\partial q}{\partial r} = r - s") == ["ok"] * 3
    assert checked(shown, r"q = \rho(r, s)", r"\frac{\partial q}{\partial r} = s - r")[2] != "ok"
    assert checked(shown.replace("2}", "3}"), r"q = \rho(r, s)", r"\frac{\partial q}{\partial r} = r - s")[2] != "ok"


@pytest.mark.parametrize(
    ("shown", "value", "wrong"),
    [
        (r"f(a) = a^\top a", r"f(r) = \sum_i r_i^2", r"f(r) = r^2"),
        (r"f(a) = \langle a, a \rangle", r"f(r) = \sum_i r_i^2", r"f(r) = r^2"),
        (r"f(a) = \sum_i a_i", r"f(r) = \sum_i r_i", r"f(r) = r"),
        (r"f(a) = C a", r"f(r) = C r", r"f(r) = 2 C r"),
        (r"f(a) = \operatorname{softmax}(a)", r"f(r) = \operatorname{softmax}(r)", r"f(r) = \exp(r)"),
        (r"f(a) = \max(a)", r"f(r) = \max_i r_i", r"f(r) = r"),
        (r"f(a) = g(a) + 1, \quad g(a) = \|a\|^2", r"f(r) = r^\top r + 1", r"f(r) = r^2 + 1"),
        (r"f(a) = 1 / (1 + \exp(-a))", r"f(r)_i = \frac{1}{1 + \exp(-r_i)}", r"f(r)_i = \frac{1}{1 + \exp(r_i)}"),
        (r"f(a) = a (1 - a)", r"f(r)_i = r_i (1 - r_i)", r"f(r)_i = r_i"),
    ],
)
@pytest.mark.long_but_one_in(3)
def test_functions_without_rows_for_their_parameters(checked, shown, value, wrong):
    assert checked(shown, value) == ["ok", "ok"]
    assert checked(shown, wrong)[1] != "ok"


@pytest.mark.parametrize("body", ["a^2", "a a", "a (1 - a)", "1 + a^3"])
def test_a_power_of_a_square_matrix_is_asked_about(checked, body):
    rows = (r"$B$ | $n \times n$ | | ",)
    assert "entry by entry, or of the matrix as a whole?" in checked(f"f(a) = {body}", "q = f(B)", rows=rows)[1]
    numbers = (*rows, "$a$ | number | | ")
    assert checked(f"f(a) = {body}", "q = f(B)", rows=numbers) == ["ok", "ok"]


def test_functions_that_call_each_other_too_often_are_not_computed(checked):
    chain = [f"f_{{{k}}}(a) = f_{{{k - 1}}}(a) + f_{{{k - 1}}}(2 a)" for k in range(1, 12)]
    found = checked("f_{0}(a) = a", *chain, "q = f_{11}(u)")
    assert "more than 2,000 times" in found[-1]


# two rows


@pytest.mark.parametrize(
    "second", ["$w$ | $m$ | | again", "$w_1$ | number | | its first entry", "$w_2$ | $n$ | | another"]
)
def test_two_rows_that_would_part_are_refused(checked, second):
    found = checked("q = u", rows=(ROWS["u"], "$w$ | $n$ | | weights", second))
    assert "has a row" in found[0]


# alarms: right equations in other people's notation, and the same with an error in it


def other_than(displays: tuple[str, ...], k: int, old: str, new: str) -> tuple[str, ...]:
    """The same displays with an error planted in one."""
    assert old in displays[k]
    return (*displays[:k], displays[k].replace(old, new, 1), *displays[k + 1 :])


RIGHT = {
    "an accent over an index": (
        (r"c = \frac{1}{n} \sum_i r_i", r"\hat{r_i} = r_i - c", r"\sum_i \hat{r_i} = 0"),
        [(1, "- c", "+ c"), (2, "= 0", "= 1"), (0, "{n}", "{2}")],
    ),
    "a wide accent, and the plain one": (
        (r"\overline{r_i} = 2 r_i", r"\bar r_i = r_i + r_i", r"\bar{r}_i - r_i = r_i"),
        [(0, "2 r", "3 r"), (1, "+", "-"), (2, "-", "+")],
    ),
    "bars around a square matrix": (
        (r"q = \log |B|", r"q = \log \det(B)", r"|B B| = |B|^2"),
        [(0, "|B|", "|B B|"), (1, r"\det(B)", r"\operatorname{tr}(B)"), (2, "^2", "^3")],
    ),
    "e is the error": (
        (
            "e = C r - t",
            r"\frac{\partial e_i}{\partial r_j} = C_{ij}",
            r"q = \frac{1}{2} e^\top e",
            r"\frac{\partial q}{\partial r} = C^\top e",
        ),
        [(0, "- t", "- 2 C r"), (1, "C_{ij}", "C_{ij} + 1"), (3, "= C", "= 2 C")],
    ),
    "a function in a chain": (
        (r"h = \phi(u) = \frac{1}{1 + \exp(-u)}", r"\frac{d h}{d u} = h (1 - h)", r"\phi'(u) = h (1 - h)"),
        [(0, r"\exp(-u)", r"\exp(u)"), (1, "1 - h", "1 + h"), (2, "1 - h", "1 + h")],
    ),
    "a square as a name": (
        (
            r"c = \frac{1}{n} \sum_i r_i",
            r"\tau^2 = \frac{1}{n} \sum_i (r_i - c)^2",
            r"\frac{\partial \tau^2}{\partial r_i} = \frac{2}{n} (r_i - c)",
            r"q = u \tau",
            r"\frac{\partial q}{\partial \tau^2} = \frac{u}{2 \tau}",
        ),
        [(1, r"\frac{1}{n}", r"\frac{1}{2}"), (2, "{2}", "{3}"), (4, "2 ", "")],
    ),
    "the square of every entry as a name": (
        (r"\sigma_i^2 = t_i^2 + 1", r"q = \sum_i \sigma_i^2", r"\frac{\partial q}{\partial t_i} = 2 t_i"),
        [(0, "t_i^2", "t_i^3"), (1, r"\sigma_i^2", r"\sigma_i"), (2, "2 t", "t")],
    ),
    "vectors at two times": (
        (
            r"\mathbf{x}_k = \mathbf{x}_{k-1} - B \mathbf{x}_{k-1}",
            r"q = \mathbf{x}_k^\top \mathbf{x}_k",
            r"\frac{\partial q}{\partial \mathbf{x}_{k-1}} = 2 (I - B)^\top \mathbf{x}_k",
        ),
        [(0, "- B", "+ B"), (1, r"\mathbf{x}_k$", ""), (2, "2 (", "(")],
    ),
    "a transpose in front of a label": (
        (r"q = x_a^\top r", r"q = x^\top_a r", r"q = x^T_a r", r"\|x_a\|^2_2 = x^\top_a x_a"),
        [(0, "x_a", "2 x_a"), (1, "x", "2 x"), (2, "r", "2 r"), (3, "^2_2", "^3_2")],
    ),
    "an entry of a transpose": (
        (r"D = C^\top", r"D_{ji} = C^\top_{ji}", r"D_{ji} = C_{ij}"),
        [(1, r"C^\top_{ji}", r"2 C^\top_{ji}"), (2, "C_{ij}", "2 C_{ij}")],
    ),
    "a function without brackets": (
        (
            r"\frac{d}{d u} \sin 2 u = 2 \cos 2 u",
            r"\frac{d}{d u} \log 2 \pi u = \frac{1}{u}",
            r"\sin u \cos u = \frac{1}{2} \sin 2 u",
            r"\sin u / u = \frac{\sin(u)}{u}",
        ),
        [(0, "= 2", "="), (1, "{1}", "{2}"), (2, r"\frac{1}{2}", ""), (3, "{u}", "{2 u}")],
    ),
    "an inverse and transposed": (
        (r"D = (B^{-1})^\top", r"D = B^{-T}", r"D = B^{-\top}"),
        [(0, r"^\top", r"^2"), (1, "-T", "T"), (2, r"-\top", r"\top")],
    ),
    "functions spelled as words": (
        (
            r"a = \operatorname{exp}(u)",
            r"b = \text{tanh}(u)",
            r"c = \mathrm{log}(u)",
            r"h = \operatorname{max}(u, v)",
            r"a + b + c = \exp(u) + \tanh(u) + \log(u)",
            r"h \ge u",
        ),
        [(0, "exp", "sin"), (1, "tanh", "sinh"), (2, "log", "cos"), (3, "max", "min"), (4, "+ b", "- b")],
    ),
    "one equation follows from another": (
        (r"q = r^\top r \Rightarrow 2 q = r^\top r + \sum_i r_i^2", r"q = \sum_i r_i^2 \implies q - 1 = \|r\|^2 - 1"),
        [(0, "2 q", "3 q"), (1, "- 1 =", "+ 1 ="), (1, "r_i^2", "r_i")],
    ),
    "a box around the whole": (
        (r"\boxed{q = r^\top r}", r"\boxed{q = \sum_i r_i^2}.", r"q = \boxed{\|r\|^2}"),
        [(0, "= r", "= 2 r"), (1, "r_i^2", "r_i"), (2, "^2", "^3")],
    ),
    "for which values it holds": (
        (
            r"h_i = 2 t_i \quad (i = 1, \dots, m)",
            r"h_i = 2 t_i, \quad i = 1, \ldots, m",
            r"h_i = 2 t_i \quad \forall i",
            r"2 h = 2 t + h \quad \text{for all entries}",
        ),
        [(1, "2 t", "3 t"), (2, "2 t", "t"), (3, "2 h", "3 h")],
    ),
    "a minus behind a dot": (
        (r"q = 2 u \cdot -1", r"q = -2 u", r"q \times -v = 2 u v"),
        [(0, "-1", "1"), (1, "-2", "2"), (2, "-v", "v")],
    ),
    "one or zero in curly brackets": (
        (
            r"q = \sum_i 1\{t_i > 0\}",
            r"q = \sum_i [t_i > 0]",
            r"\sum_i 1\{t_i > 0\} + \sum_i \mathbb{1}\{t_i \le 0\} = m",
        ),
        [(0, ">", "<"), (1, ">", "<"), (2, r"\le", "<"), (2, "= m", "= 2 m")],
    ),
    "a product in bold": (
        (r"q = \mathbf{Cr}", r"q = \mathbf{C} \mathbf{r}", r"q_i = \sum_j \mathbf{C}_{ij} \mathbf{r}_j"),
        [(0, "Cr", "C"), (1, "= ", "= 2 "), (2, "_{ij}", "_{ij} 2")],
    ),
    "two equations on a line": (
        (r"\frac{d}{d u} \cos(u) = -\sin(u) \quad\quad \frac{d}{d u} \sin(u) = \cos(u)",),
        [(0, "-", ""), (0, "= \\cos", "= -\\cos")],
    ),
}
WIDE = (
    *ROWS.values(),
    r"$\mathbf{C}$ | $m \times n$ | | a matrix",
    r"$\mathbf{r}$ | $n$ | | ",
    "$t$ | $m$ | | ",
    r"$B$ | $n \times n$ | | symmetric positive definite",
    r"$I$ | $n \times n$ | | identity",
    "$k$ | integer | | ",
    r"$\mathbf{x}$, $\mathbf{x}_{k-1}$, $x_a$ | $n$ | | vectors",
)


@pytest.mark.parametrize("name", RIGHT)
@pytest.mark.long_but_one_in(4)
def test_what_the_field_writes_is_accepted(checked, name):
    displays, _ = RIGHT[name]
    assert checked(*displays, rows=WIDE) == ["ok"] * len(displays)


@pytest.mark.parametrize(
    ("name", "error"), [(name, error) for name in RIGHT for error in RIGHT[name][1] if not error[1].endswith("$")]
)
@pytest.mark.long_but_one_in(8)
def test_an_error_planted_in_it_is_found(checked, name, error):
    displays = other_than(RIGHT[name][0], *error)
    assert checked(*displays, rows=WIDE) != ["ok"] * len(displays)


# two readings


def test_what_has_two_readings_is_asked_about_in_our_own_book(checked):
    assert "does \\sin take all that follows here" in checked(r"h = \sin u v")[0]
    assert "an entry of the power, or the power of an entry?" in checked(r"D_{ij} = B^2_{ij}", rows=WIDE)[0]
    rows = ("$T$ | integer | | ", r"$B$ | $n \times n$ | | ")
    assert "a power or a transpose" in checked("D = B^T", rows=rows)[0]


@pytest.fixture
def judged(tmp_path):
    def make(*displays: str, rows: tuple[str, ...] = WIDE) -> list[str]:
        path = tmp_path / "own.md"
        shown = "\n\n".join(f"$$\n{d}\n$$" for d in displays)
        table = "".join(f"| {row} |\n" for row in rows)
        path.write_text(f"# Own\n\n{HEADER}{table}\n{shown}\n", encoding="utf-8")
        return ["ok" if not isinstance(x, EquationError) else type(x).__name__ for x in Assembly.of(path).verdicts()]

    return make


T = (
    "$T$ | integer | | ",
    r"$B$ | $n \times n$ | | ",
    r"$S$ | $n \times n$ | | symmetric",
    "$u$, $v$ | number | | positive",
)
TWO = [
    (("h = \\sin u v", "h = \\sin(u v)"), ["ok", "AmbiguityError"]),
    (("h = \\sin u v", "h = \\sin(u) v"), ["ok", "AmbiguityError"]),
    (("h = \\sin u v", "h = \\cos(u v)"), ["ok", "EquationError"]),
    (("h = \\sin u v", "h^2 = h h"), ["ok", "ok"]),
    (("h = \\sin u v", "\\frac{d h}{d u} = v \\cos(u v)"), ["ok", "AmbiguityError"]),
    (("h = \\sin u v", "v + v = 2 v"), ["ok", "ok"]),
    (("h = \\sin 2 (u + v)", "h = \\sin(2 u + 2 v)"), ["ok", "AmbiguityError"]),
    (("D_{ij} = B^2_{ij}", "D = B B"), ["ok", "AmbiguityError"]),
    (("D_{ij} = B^2_{ij}", "D_{ij} = B_{ij} B_{ij}"), ["ok", "AmbiguityError"]),
    (("D_{ij} = B^2_{ij}", "D = B"), ["ok", "EquationError"]),
    (("D_{ij} = B_{ij}^2", "D_{ij} = B_{ij} B_{ij}"), ["ok", "ok"]),
    (("D = B^T", "D = B^\\top"), ["ok", "AmbiguityError"]),
    (("D = B^T", "D = 2 B"), ["ok", "EquationError"]),
    (("h = u^T", "\\frac{d h}{d u} = T u^{T - 1}"), ["ok", "ok"]),
]


@pytest.mark.parametrize(("displays", "found"), TWO)
@pytest.mark.long_but_one_in(4)
def test_false_is_what_is_false_in_both_readings_and_true_what_is_true_in_both(judged, displays, found):
    assert judged(*displays, rows=T) == found


# what rests on what was refused


@pytest.mark.parametrize("refused", [r"h_i = \sum_j C_{il} r_j", r"h = \foo r", r"h = r + w", r"h = C t", "h = r t"])
def test_what_rests_on_a_refused_display_is_not_called_wrong(checked, refused):
    found = checked(refused, r"q = 2 h", r"u + u = 2 u", rows=WIDE)
    assert "not checked, because of line " in found[1]
    assert "not checked" not in found[0]
    assert found[2] == "ok"


def test_a_later_display_that_defines_the_name_takes_over(checked):
    found = checked(
        r"s_i = \sum_j C_{ik} r_j", r"s_i = \sum_j C_{ij} r_j", "s = C r", rows=(ROWS["C"], "$r$ | $n$ | | ")
    )
    assert "index k is free" in found[0]
    assert found[1:] == ["ok", "ok"]
    assert r"write \sum_i (a_i + b_i)" in checked(r"q = \sum_i r_i + s_i")[0]


@pytest.mark.parametrize(
    "slope",
    [
        r"\frac{\partial^2 q}{\partial u}",
        r"\frac{\partial^2 q}{\partial u \partial u \partial v}",
        r"\frac{\partial q}{\partial u \partial v^2}",
    ],
)
def test_the_order_of_a_derivative_is_the_same_above_and_below(checked, slope):
    assert "order" in checked("q = u^2 v", f"{slope} = 2 v")[1]


def test_e_of_a_page_is_not_the_base_of_the_logarithm(checked):
    assert "e is a name of this page" in checked("e = 2 u", "q = e^{u}")[1]
    assert checked(r"q = e^u", r"\frac{d q}{d u} = e^u") == ["ok", "ok"]
    assert checked(r"e = \sum_{i=0}^{20} \frac{1}{i!}") == ["ok"]
    assert checked(r"e = \sum_{i=1}^{20} \frac{1}{i!}") != ["ok"]


# derivatives with something held fixed

NODES = (r"c = \frac{1}{n} \sum_i r_i", "h_i = r_i - c", r"q = \sum_i h_i^3")
TOTAL = r"\frac{\partial q}{\partial r_i} = 3 h_i^2 - \frac{3}{n} \sum_j h_j^2"


def test_a_derivative_with_something_held_fixed_is_neither_true_nor_false(judged):
    chain = r"\frac{\partial q}{\partial r_i} = \frac{\partial q}{\partial h_i} \frac{\partial h_i}{\partial r_i} + \frac{\partial q}{\partial c} \frac{\partial c}{\partial r_i}"
    rows = ("$r$ | $n$ | | ",)
    assert judged(*NODES, r"\frac{\partial h_i}{\partial r_i} = 1", chain, TOTAL, rows=rows) == ["ok"] * 3 + [
        "ConditionError"
    ] * 2 + ["ok"]
    lost = r"\frac{\partial q}{\partial r_i} = \frac{\partial q}{\partial h_i} \frac{\partial h_i}{\partial r_i}"
    wrong = [r"\frac{\partial h_i}{\partial r_i} = 2", lost, chain.replace("+", "-"), TOTAL.replace("-", "+")]
    assert judged(*NODES, *wrong, rows=rows) == ["ok"] * 3 + ["EquationError"] * 4


def test_a_condition_says_what_is_held_fixed(checked, tmp_path):
    path = tmp_path / "own.md"
    displays = "\n\n".join(f"$$\n{d}\n$$" for d in (*NODES, r"\frac{\partial h_i}{\partial r_i} = 1"))
    path.write_text(f"# Own\n\n{HEADER}| $r$ | $n$ | | |\n\n{displays}\n", encoding="utf-8")
    assert "true if c is held fixed in the derivative in r, false for the total derivative" in str(
        Assembly.of(path).verdicts()[-1]
    )


def test_a_path_that_is_lost_never_becomes_true(judged):
    found = judged(
        "h = u^2", "q = u h", r"\frac{d q}{d u} = h", r"\frac{d q}{d u} = 3 u^2", rows=("$u$ | number | | ",)
    )
    assert found == ["ok", "ok", "ConditionError", "ok"]


def test_a_derivative_too_large_to_compute_is_said(checked):
    assert (
        "is too large"
        in checked(r"q = \sum_i w_i^2", r"\frac{\partial q}{\partial w} = 2 w", rows=("$w$ | $50000$ | | ",))[1]
    )


def test_rounding_is_neither_true_nor_false(judged):
    big = r"q = 10^{9} \sqrt{u}"
    assert judged(big, "(q + 0.1) - q = 0.1") == ["ok", "RoundingError"]
    assert judged(big, "(q + 0.1) - q = 0.101") == ["ok", "EquationError"]
    assert judged("q = u", "(q + 0.1) - q = 0.1") == ["ok", "ok"]


# numbers whose square is zero

DUAL = (r"$v$, $u$, $a$, $b$ | number | | ", r"$\epsilon$ | number | | nilpotent", "$f$ | function | | ")


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"(v + a \epsilon)(u + b \epsilon) = v u + (v b + a u) \epsilon", "v b - a u"),
        (r"f(v + a \epsilon) = f(v) + f'(v) a \epsilon", "f(v) - f'(v) a"),
        (r"(v + a \epsilon) + (u + b \epsilon) = (v + u) + (a + b) \epsilon", "(v - u)"),
    ],
)
def test_terms_with_the_square_of_a_number_may_be_left_out_where_it_is_zero(checked, right, wrong):
    f, changed = "f(v) = \\sin v", right
    for plus, minus in (("v b + a u", "v b - a u"), ("f(v) + f'(v) a", "f(v) - f'(v) a"), ("(v + u)", "(v - u)")):
        changed = changed.replace(plus, minus) if minus == wrong else changed
    assert checked(f, right, rows=DUAL) == ["ok", "ok"]
    assert "halving" in checked(f, changed, rows=DUAL)[1]


def test_with_two_such_numbers_their_product_is_not_known(checked):
    rows = (DUAL[0], r"$\epsilon$, $\delta$ | number | | nilpotent")
    assert "what is their product?" in checked(r"(v + \epsilon)(u + \delta) = v u", rows=rows)[0]
