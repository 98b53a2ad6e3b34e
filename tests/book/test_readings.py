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
        found = Assembly.of(path).equations.check_all()
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
    chain = [f"f_{{{k}}}(a) = f_{{{k - 1}}}(a) + f_{{{k - 1}}}(2 a)" for k in range(1, 16)]
    found = checked("f_{0}(a) = a", *chain, "q = f_{15}(u)")
    assert "more than 2000 times" in found[-1]


# two rows


@pytest.mark.parametrize(
    "second", ["$w$ | $m$ | | again", "$w_1$ | number | | its first entry", "$w_2$ | $n$ | | another"]
)
def test_two_rows_that_would_part_are_refused(checked, second):
    found = checked("q = u", rows=(ROWS["u"], "$w$ | $n$ | | weights", second))
    assert "has a row" in found[0]
