r"""What is printed beside an equation, and what must never pass in silence: each kind with an error that is planted."""

import pytest

from nnlit.book.assembly import Assembly
from nnlit.book.checks.verdicts import EquationError
from nnlit.book.command import run
from nnlit.book.source import chapter
from nnlit.book.source.place import BookError
from tests.pace import within

HEADER = "| symbol | shape | code | meaning |\n|---|---|---|---|\n"
ROWS = r"""
| $a$, $b$ | number | | numbers |
| $r$, $s$ | $n$ | | vectors |
| $C$ | $n \times n$ | | a matrix |
| $D$ | $m \times k$ | | another |
"""


@pytest.fixture
def checked(tmp_path):
    def make(*displays: str, rows: str = ROWS) -> list[str]:
        path = tmp_path / "own.md"
        shown = "\n\n".join(f"$$\n{d}\n$$" for d in displays)
        path.write_text(f"# Own\n\n{HEADER}{rows.strip()}\n\n{shown}\n", encoding="utf-8")
        whole = Assembly.of(path)
        found = map(whole.equations.outcome, whole.chapter.displays)
        return [str(x) if isinstance(x, EquationError) else "ok" for x in found]

    return make


NUMBERED = (
    r"q = 2 a \qquad (3)",
    r"q = 2 a \quad (2.1)",
    r"q = 2 a, \qquad (3)",
    r"q = 2 a. \qquad (3)",
    r"q = 2 a \qquad (3).",
    r"q = 2 a \quad\quad {(3)}",
    r"q = 2 a \qquad \mathrm{(3)}",
    r"q = 2 a \qquad \text{(3)}",
    r"q = 2 a \qquad [3]",
    r"q = 2 a \qquad (3a)",
    r"q = 2 a \qquad (A.3)",
    r"q = 2 a \qquad (*)",
    r"q = 2 a \hfill (3)",
    r"q = 2 a \hspace{2cm} (3)",
    r"q = 2 a \hspace*{2cm} (3)",
    r"q = 2 a \hskip 2cm (3)",
    r"q = 2 a \ \ \ (3)",
    r"q = 2 a ~~~~ (3)",
    r"q = 2 a \eqno (3)",
    r"q = 2 a \eqno{(3)}",
    r"q = 2 a \leqno (3)",
    r"(3) \qquad q = 2 a",
    r"q = 2 a \tag{3}",
    r"q = 2 a \tag*{(3)}",
    r"q = 2 a \tag 3",
    r"\begin{aligned} q &= 2 a && (3) \end{aligned}",
    r"\begin{aligned} q &= a + a \qquad (2) \\ &= 2 a \qquad (3) \end{aligned}",
)


@pytest.mark.parametrize("shown", NUMBERED)
@pytest.mark.long_but_one_in(4)
def test_a_number_typed_beside_an_equation_is_no_factor(checked, shown):
    assert checked(shown, r"\frac{d q}{d a} = 2") == ["ok", "ok"]
    assert checked(shown, r"\frac{d q}{d a} = 6")[1] != "ok"
    assert checked(shown.replace("2 a", "4 a"), r"\frac{d q}{d a} = 2") != ["ok", "ok"]


@pytest.mark.parametrize("space", [r"\,", r"\;", r"\:", "~", r"\ "])
def test_a_number_behind_a_narrow_space_is_asked_about(checked, space):
    assert "is " in checked(f"q = 2 a {space} (3)")[0]
    assert "a factor or this equation's number?" in checked(f"q = 2 a {space} (3)")[0]
    assert checked(r"q = 2 (3) a", r"\frac{d q}{d a} = 6") == ["ok", "ok"]


@pytest.mark.parametrize("gap", [r"\quad", r"\qquad", r"\hfill", r"\hspace{1em}", r"\ \ "])
def test_a_wide_space_is_no_product(checked, gap):
    assert "wide space" in checked(f"q = 2 a {gap} b")[0]
    assert "wide space" in checked(f"q = 2 a, {gap} b")[0]
    assert "wide space" in checked(f"q = 2 (a {gap} b)")[0]
    assert checked(f"q = 2 a {gap} + b", r"\frac{d q}{d b} = 1") == ["ok", "ok"]


TWO = (
    r"\frac{d}{d a} a^2 = 2 a \quad\quad \frac{d}{d b} b^2 = 2 b",
    r"\frac{d}{d a} a^2 = 2 a, \quad \frac{d}{d b} b^2 = 2 b",
    r"\frac{d}{d a} a^2 = 2 a \quad \text{and} \quad \frac{d}{d b} b^2 = 2 b",
    r"\frac{d}{d a} a^2 = 2 a \; \textrm{and} \; \frac{d}{d b} b^2 = 2 b",
    r"\begin{aligned} \frac{d}{d a} a^2 &= 2 a & \frac{d}{d b} b^2 &= 2 b \end{aligned}",
)


@pytest.mark.parametrize("shown", TWO)
def test_two_equations_on_a_line_are_two_claims(checked, shown):
    assert checked(shown) == ["ok"]
    assert checked(shown.replace("2 a", "3 a")) != ["ok"]
    assert "step 2" in checked(shown.replace("2 b", "3 b"))[0]


MARKS = (
    "[2]",
    "(2)",
    r"\langle 2 \rangle",
    "<2>",
    r"\{2\}",
    "{[2]}",
    r"\left[2\right]",
    "[l]",
    "(n)",
    r"[2]\top",
    "[1][2]",
    "[n/2]",
    r"[\ell]",
    "[a]",
)


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("base", ["C", r"\mathbf{C}", r"\hat C", "(C C)", "C_{ij}"])
@pytest.mark.long_but_one_in(5)
def test_a_superscript_in_brackets_is_no_power(checked, mark, base):
    rows = ROWS + r"| $\mathbf{C}$, $\hat C$ | $n \times n$ | | matrices |"
    left = "q_{ij}" if "_" in base else "q"
    assert checked(f"{left} = {base}^{{{mark}}}", rows=rows) != ["ok"]


def test_a_marked_name_may_be_declared(checked):
    rows = ROWS + r"| $C^{[2]}$, $C^{(2)}$, $r^{\langle t \rangle}$, $r^{<1>}$ | $n$ | | marked |"
    shown = r"q = r^\top C^{[2]} + r^\top C^{(2)} + r^\top r^{\langle t \rangle} + r^\top r^{<1>}"
    slope = r"\frac{\partial q}{\partial r} = C^{[2]} + C^{(2)} + r^{\langle t \rangle} + r^{<1>}"
    assert checked(shown, slope, rows=rows) == ["ok", "ok"]
    assert checked(shown, slope.replace("[2]", "(2)"), rows=rows)[1] != "ok"


def test_brackets_that_hold_a_relation_may_be_an_exponent(checked):
    assert checked(r"2^{[a = a]} = 2", r"2^{[a > a]} = 1") == ["ok", "ok"]
    assert checked(r"2^{[a = a]} = 1") != ["ok"]


@pytest.mark.parametrize("mark", ["(2)", "[2]", "(i)", "(i-1)"])
def test_a_subscript_in_brackets_is_no_index(checked, mark):
    left = "q_i" if "i" in mark else "q"
    assert checked(f"{left} = r_{{{mark}}}") != ["ok"]


@pytest.mark.parametrize("shown", ["n = 2", r"n = r^\top r", "n = 2 a", r"k = \sum_i r_i", r"n \leftarrow 3", "m := 4"])
def test_the_length_of_an_axis_cannot_be_given_a_value(checked, shown):
    assert "is a size, the length of an axis in the Symbols table, and has a value already" in checked(shown)[0]


def test_a_size_above_an_array_is_asked_about(checked):
    assert "is it a label or a power?" in checked(r"q = C^n r")[0]
    assert checked(r"q = a^n", r"\frac{d q}{d a} = n a^{n-1}") == ["ok", "ok"]


@pytest.mark.parametrize(
    "text",
    [
        "`$$x$$` in code",
        "```python\n$$\n```",
        "see \\[1\\]",
        "`\\begin{align}x\\end{align}`",
        "```text\n\\[ x = 1 \\]\n```",
    ],
)
def test_what_is_no_display_is_not_counted(tmp_path, capsys, text):
    path = tmp_path / "own.md"
    path.write_text(f"# Own\n\n{HEADER}{ROWS.strip()}\n\n{text}\n\n$$\nq = r^\\top r\n$$\n", encoding="utf-8")
    assert run([str(path)]) == 3
    assert "1 display: 0 true, 1 defined, 0 false" in capsys.readouterr().out


def test_a_chapter_keeps_to_one_form():
    with pytest.raises(BookError, match="stands between two lines"):
        chapter.parse(chapter.Path("01-own.md"), "# Own\n\n$$x = 1$$\n")


SLIPS = {
    "| $d$ | $n$ | | 1 with probability $p$ |": "$p$ in the meaning of d: p has no value",
    "| $d$ | $n$ | | $-p$ or $p$ with equal chances |": "$-p$ in the meaning of d: p has no value",
    "| $d$ | $n$ | | 1 with probability $r$ |": "in the meaning of d",
    "| $d$ | $n$ | | 1 with probability $1/0$ |": "is no finite number",
    "| $d$ | $n^9$ | | a vector |": "more than 100000 entries",
    "| $d$ | $n^{n^n}$ | | a vector |": "shape of d",
    "| $d$ | $10^{10^{10}}$ | | a vector |": "shape of d",
    "| $d$ | $200 \\times 200 \\times 200$ | | an array |": "more than 100000 entries",
    "| $d$ | $" + r" \times ".join("n" * 40) + "$ | | an array |": "12 axes",
    "| $d$ | $60$ | | 1 with probability $0.5$ |": "more than 200000 outcomes",
    "| $d$ | $9000$ | | 1 with probability $0.5$ |": "more than 200000 outcomes",
    "| $d$ | $30$ | | every subset of size $30$ of $1..60$ |": "more than 200000 outcomes",
    "| $d$ | $30$ | | every sequence of length $30$ from $1..60$ |": "more than 200000 outcomes",
    "| $d$ | labels, $60$ | | labels 0..K-1 with equal chances |\n| $K$ | size | | |": "more than 200000 outcomes",
    "| $d$ | labels, $n$ | | labels 0..w-1 |": "classes of d: w has no value",
    "| $d$ | $n$ | | a vector |\n| $d$ | $n \\times n$ | | a matrix |": "d has a row already",
}


@pytest.mark.parametrize("row", SLIPS)
@pytest.mark.long_but_one_in(4)
def test_a_slip_in_one_row_is_a_message_with_its_line(checked, row):
    (found,) = within(5, lambda: checked(r"q = r^\top r", rows=ROWS + row))
    assert SLIPS[row] in found
    assert "own.md:" in found


LARGE = {
    "300 terms": "q = " + " + ".join(["r_1^2"] * 300),
    "10,000 terms": "q = " + " + ".join(["r_{1}^{2}"] * 10_000),
    "300 factors": "q = " + " ".join(["a"] * 300),
    "300 Hadamard products": "q = " + r" \odot ".join(["r"] * 300),
    "300 exponents": "q = " + "a^{" * 300 + "2" + "}" * 300,
    "200 fractions": "q = " + r"\frac{1}{1 + " * 200 + "a" + "}" * 200,
    "2,000 fractions": "q = " + r"\frac{1}{1 + " * 2000 + "a" + "}" * 2000,
    "200 parentheses": "q = " + "(" * 200 + "a" + ")" * 200,
    "200 roots": "q = " + r"\sqrt{" * 200 + "a" + "}" * 200,
    "200 hats": "q = " + r"\hat{" * 200 + "a" + "}" * 200,
    "200 subscripts": "q = " + "a_{" * 200 + "a" + "}" * 200,
    "200 cases": "q = " + r"\begin{cases} " * 200 + "a" + r"\end{cases}" * 200,
    "200 sums": "q = " + r"\sum_i " * 200 + "r_i",
    "200 norms without braces": "q = " + r"\lvert " * 200 + "a" + r"\rvert " * 200,
    "200 functions": "q = " + r"\exp " * 200 + "a",
    "200 transposes": "q = r" + r"^\top" * 200,
    "a million characters": "q = " + "a + " * 250_000 + "a",
}


@pytest.mark.parametrize("name", LARGE)
@pytest.mark.long_but_one_in(4)
def test_a_large_formula_is_executed_or_refused_in_seconds(checked, name):
    found = within(5, lambda: checked(LARGE[name], r"a + a = 2 a"))
    assert found[1] == "ok"
    assert found[0] == "ok" or ("own.md:" in found[0] and len(found[0]) < 500)
