# ruff: noqa: E501 (an equation stands on one line)
r"""How authors of notes and posts write: each kind with what is true, planted errors, and what is asked about."""

import pytest

from nnlit.book.assembly import Assembly
from nnlit.book.checks.equations import PageCheck
from nnlit.book.checks.verdicts import EquationError, Verdict
from nnlit.book.language import tex
from nnlit.book.language.unparse import write
from nnlit.book.mutation.judge import verdict_on
from nnlit.book.mutation.verdicts import Unnoticed
from nnlit.book.mutation.wrong_equations import equation_mutants
from nnlit.book.report import checked
from nnlit.book.source.place import Place

HEADER = "| symbol | shape | code | meaning |\n|---|---|---|---|\n"
ROWS = r"""
| $X$ | $m \times n$ | | examples, one per row |
| $W_1$ | $n \times K$ | | weights |
| $b_1$ | $K$ | | biases |
| $y$ | labels, $m$ | | classes, labels 0..K-1 |
| $a$ | number | | a number |
"""
LAYER = r"\mathrm{Z_1[i,j] = \sum_p (X[i,p] \times W_1[p,j]) + b_1[j]}"
CHANCES = r"U_2[i,k] = \frac{e^{Z_1[i,k]}}{\sum_p e^{Z_1[i,p]}}"
LOSSES = r"L_i = -\log U_2[i, y_i]"


def page(tmp_path, *displays, rows=ROWS):
    path = tmp_path / "own.md"
    shown = "\n\n".join(f"$$\n{d}\n$$" for d in displays)
    path.write_text(f"# Own\n\n{HEADER}{rows.strip()}\n\n{shown}\n", encoding="utf-8")
    return path


def judged(tmp_path, *displays, rows=ROWS):
    return [(one.verdict, one.said) for one in checked(page(tmp_path, *displays, rows=rows)).judged]


def last(tmp_path, *displays, rows=ROWS):
    return judged(tmp_path, *displays, rows=rows)[-1]


def written_again(tmp_path, *displays, rows=ROWS):
    """The last display is written as it is read, and its wrong versions are noticed; how many there were."""
    whole = Assembly.of(page(tmp_path, *displays, rows=rows))
    check, display = PageCheck(whole.analysis), whole.chapter.displays[-1]
    names = whole.analysis.part(display).scope.names
    for side in (side for step in whole.analysis.equation(display).steps for side in (step.left, step.right)):
        assert tex.read(f"{write(side)} = 0", Place(tmp_path, 1), names).steps[0].left == side, write(side)
    assert not isinstance(check.outcome(display), EquationError)
    found = {m.source: verdict_on(check, display, m) for m in equation_mutants(check, display)}
    assert [source for source, verdict in found.items() if isinstance(verdict, Unnoticed)] == []
    return len(found)


# a font around an equation, and square brackets below a derivative

MATRICES = [
    (r"\mathrm{Z_1 = XW_1 + b_1}", "XW_1 + b_1", "XW_1 - b_1"),
    (r"\frac{dZ_1[i,j]}{dW_1[p,q]} = \begin{cases} X[i,p], & \text{if j = q} \\ 0, & \text{if j $\ne$ q} \end{cases}", "X[i,p]", "X[i,q]"),
    (r"\frac{dZ_1[i,j]}{dW_1[p,q]} = \begin{cases} X[i,p], & \text{if j = q} \\ 0, & \text{if j $\ne$ q} \end{cases}", r"j $\ne$ q", "j = q"),
    (r"\frac{\partial L_i}{\partial Z_1[i,k]} = \begin{cases} U_2[i,k] - 1, & \text{if k = y_i} \\ U_2[i,k], & \text{if k $\ne$ y_i} \end{cases}", "- 1", "+ 1"),
    (r"\frac{\partial L_i}{\partial U_2[i,y_i]} = \frac{-1}{U_2[i,y_i]}", r"\frac{-1}", r"\frac{1}"),
    (r"\frac{dL}{dW_1[p,q]} = \sum_i \frac{dL_i}{dW_1[p,q]}", r"\sum_i \frac", r"2 \sum_i \frac"),
]  # fmt: skip
BEFORE = (LAYER, CHANCES, LOSSES, r"L = \sum_i L_i")


@pytest.mark.parametrize(("shown", "old", "new"), MATRICES)
def test_equations_in_a_font_and_entries_in_brackets_are_executed(tmp_path, shown, old, new):
    found = judged(tmp_path, *BEFORE, shown)
    assert [verdict for verdict, _ in found] == [*[Verdict.DEFINED] * 4, Verdict.TRUE]
    assert last(tmp_path, *BEFORE, shown.replace(old, new))[0] is not Verdict.TRUE
    assert written_again(tmp_path, *BEFORE, shown) > 2


def test_a_font_around_an_equation_does_not_hide_that_it_is_false(tmp_path):
    assert last(tmp_path, LAYER, r"\mathrm{Z_1 = XW_1 + 2b_1}")[0] is Verdict.FALSE
    verdict, said = last(tmp_path, r"\mathrm{loss = 2 a}")
    assert verdict is Verdict.NOT_READ
    assert "is this a word or a product of letters?" in said
    assert last(tmp_path, r"z_\mathrm{a=1} = 2 a")[0] is not Verdict.TRUE


# a total and its members

TOTALS = [
    (r"L_i = X_{i1}^2", r"L = \sum_i L_i", r"L = \sum_i X_{i1}^2"),
    (r"L_i = X_{i1}^2", r"L = \frac{1}{m} \sum_{i=1}^m L_i", r"\frac{\partial L}{\partial X_{k1}} = \frac{2}{m} X_{k1}"),
    (r"\mathcal{L}_i = X_{i1}^2", r"\mathcal{L} = \frac{1}{m} \sum_i \mathcal{L}_i", r"m \mathcal{L} = \sum_i X_{i1}^2"),
]  # fmt: skip


@pytest.mark.parametrize("displays", TOTALS)
@pytest.mark.parametrize("rows", [ROWS, ROWS + "| $L$, $\\mathcal{L}$ | number | | a total |\n"])
def test_a_total_has_the_letter_of_its_members(tmp_path, displays, rows):
    found = judged(tmp_path, *displays, rows=rows)
    assert [verdict for verdict, _ in found] == [Verdict.DEFINED, Verdict.DEFINED, Verdict.TRUE]
    wrong = [*displays[:2], displays[2].replace("= ", "= 2 ")]
    assert last(tmp_path, *wrong, rows=rows)[0] is Verdict.FALSE
    assert written_again(tmp_path, *displays, rows=rows) > 2


def test_a_total_is_no_vector_of_its_members(tmp_path):
    assert last(tmp_path, r"L_i = X_{i1}^2", r"L = \sum_i L_i", "L_i = L")[0] is not Verdict.TRUE
    verdict, said = last(tmp_path, r"q = 2 a_i")
    assert verdict is not Verdict.TRUE
    assert r"\cdot" not in said


def test_cases_that_leave_something_out_are_no_zero(tmp_path):
    whole = r"\max(0, a) = \begin{cases} a & a > 0 \\ 0 & a \le 0 \end{cases}"
    assert last(tmp_path, whole)[0] is Verdict.TRUE
    verdict, said = last(tmp_path, whole.replace(r"\\ 0 & a \le 0", ""))
    assert verdict is Verdict.NOT_CHECKED
    assert "none of these cases holds" in said
    assert last(tmp_path, r"\max(0, a) = \begin{cases} a & a > 0 \\ 0 & a > 1 \end{cases}")[0] is Verdict.NOT_CHECKED
    assert last(tmp_path, r"a^2 = \begin{cases} a^2 & a > 0 \end{cases} \quad \text{if } a > 0")[0] is Verdict.TRUE


# functions whose backslash was forgotten, and the name of a function without its argument

NUMBERS = r"""
| $x$, $u$ | number | | between 0 and 1 |
| $o$ | integer | | a label |
| $z$ | $n$ | | a vector |
"""
FORGOTTEN = [
    ("x log(u) + log(x) = x \\log u + \\log x", "+ \\log x", "- \\log x"),
    ("exp(2 x - 1) = e^{2x - 1}", "- 1}", "+ 1}"),
    ("sin(x)^2 + cos(x)^2 = 1", "= 1", "= 2"),
    ("max(x, u) = x + \\max(0, u - x)", "x + \\max", "u + \\max"),
    ("1 - tanh(x) = \\frac{2}{1 + exp(2x)}", "{2}", "{3}"),
    ("ulog(x) = u \\log x", "u \\log", "x \\log"),
]


@pytest.mark.parametrize(("shown", "old", "new"), FORGOTTEN)
def test_a_forgotten_backslash_is_seen(tmp_path, shown, old, new):
    assert last(tmp_path, shown, rows=NUMBERS)[0] is Verdict.TRUE
    assert last(tmp_path, shown.replace(old, new), rows=NUMBERS)[0] is Verdict.FALSE
    assert written_again(tmp_path, shown, rows=NUMBERS) > 2


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ("softmax(x) = x", "is this a word?"),
        ("log(x) = x", "a function or a product of letters?"),
        ("l o g (x) = l o g x", ""),
    ],
)
def test_letters_that_may_be_a_product_are_no_function(tmp_path, shown, said):
    every = NUMBERS + ("| $l$, $g$ | number | | |\n" if "l" in shown else "")
    verdict, found = last(tmp_path, shown, rows=every)
    assert verdict is (Verdict.NOT_READ if said else Verdict.TRUE)
    assert said in found


def test_a_function_named_without_its_argument(tmp_path):
    named = r"\text{RBF} = \phi(u) = e^{-u^2}"
    found = judged(tmp_path, named, r"q = \text{RBF}(2 z) = e^{-4 z^2}", r"\text{RBF}(x) = e^{-x^2}", rows=NUMBERS)
    assert [verdict for verdict, _ in found] == [Verdict.TRUE] * 3
    assert last(tmp_path, named, r"q = \text{RBF}(2 z) = e^{-2 z^2}", rows=NUMBERS)[0] is Verdict.FALSE
    assert last(tmp_path, named, r"\text{RBF}(x) = e^{x^2}", rows=NUMBERS)[0] is Verdict.FALSE
    assert written_again(tmp_path, r"q = \text{RBF}(2 z) = e^{-4 z^2}", named, rows=NUMBERS) > 2
