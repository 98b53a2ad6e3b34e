r"""Dots: what they stand for where every written term is the last one at a number, and that it is asked where not."""

import pytest

from nnlit.book.assembly import Assembly
from nnlit.book.checks.equations import PageCheck
from nnlit.book.checks.verdicts import Verdict
from nnlit.book.language import nodes as n
from nnlit.book.language import tex
from nnlit.book.language.unparse import write
from nnlit.book.mutation.judge import EquationJudge
from nnlit.book.mutation.wrong_equations import equation_mutants
from nnlit.book.report import checked
from nnlit.book.source.place import Place

ROWS = r"""
| symbol | shape | code | meaning |
|---|---|---|---|
| $w$, $r$ | $n$ | | vectors |
| $X$ | $n \times m$ | | an array |
| $u$ | number | | positive |
"""


def page(tmp_path, shown):
    path = tmp_path / "own.md"
    path.write_text(f"# Own\n{ROWS}\n$$\n{shown}\n$$\n", encoding="utf-8")
    return path


def judged(tmp_path, shown):
    (one,) = checked(page(tmp_path, shown)).judged
    return one.verdict, one.said


TRUE = [
    r"w_1 r_1 + w_2 r_2 + \cdots + w_n r_n = w^\top r",
    r"w_1 + \dots + w_n = \sum_i w_i",
    r"w_{1} + w_{2} + \ldots + w_{n} = \sum_i w_i",
    r"u + w_1 + w_2 + w_3 + \cdots + w_n - u = \sum_i w_i",
    r"-w_1 - w_2 - \cdots - w_n = -\sum_i w_i",
    r"u - w_1 - \cdots - w_n = u - \sum_i w_i",
    r"w_2 + \cdots + w_n = \sum_i w_i - w_1",
    r"w_1 + \cdots + w_{n-1} = \sum_{i=1}^{n-1} w_i",
    r"1 + 2 + \cdots + n = \frac{n (n + 1)}{2}",
    r"1 + u + u^2 = u^0 + u^1 + \cdots + u^2",
    r"w_1 r_1^2 + \cdots + w_n r_n^2 = \sum_i w_i r_i^2",
    r"X_{1,1} r_1 + \cdots + X_{n,1} r_n = \sum_i X_{i,1} r_i",
    r"\exp(w_1) + \cdots + \exp(w_n) = \sum_i \exp(w_i)",
    r"\frac{w_1 + \cdots + w_n}{n} = \frac{1}{n} \sum_i w_i",
    r"w_1 w_2 \cdots w_n = \prod_i w_i",
    r"w_1 \cdot w_2 \cdot \cdots \cdot w_n = \prod_i w_i",
    r"u w_1 \cdots w_n = u \prod_i w_i",
    r"w_1 r_1 \cdots w_n r_n = \prod_i w_i r_i",
    r"(1 + w_1) (1 + w_2) \cdots (1 + w_n) = \prod_i (1 + w_i)",
    r"1 \cdot 2 \cdots n = n!",
    r"(w_1, w_2, \ldots, w_n)^\top r = w^\top r",
    r"\max(w_1, \ldots, w_n) = \max_i w_i",
    r"\operatorname{diag}(w_1, \ldots, w_n) r = w \odot r",
    r"\begin{pmatrix} w_1 \\ w_2 \\ \vdots \\ w_n \end{pmatrix} = w",
    r"\begin{bmatrix} w_1 & \cdots & w_n \end{bmatrix} r = w^\top r",
]
FALSE = [
    r"w_1 r_1 + w_2 r_2 + \cdots + w_n r_n = \sum_i w_i",
    r"w_1 + \cdots + w_{n-1} = \sum_i w_i",
    r"w_2 + \cdots + w_n = \sum_i w_i",
    r"1 + 2 + \cdots + n = \frac{n (n - 1)}{2}",
    r"u - w_1 - \cdots - w_n = u + \sum_i w_i",
    r"u w_1 \cdots w_n = u^n \prod_i w_i",
    r"(w_1, \ldots, w_n)^\top r = \sum_i w_i",
    r"\max(w_1, \ldots, w_n) = \min_i w_i",
]
ASKED = [
    r"w_1 + w_3 + \cdots + w_n = 0",
    r"w_1 r_1 + w_2 r_1 + \cdots + w_n r_n = 0",
    r"w_1 - w_2 + \cdots + w_n = 0",
    r"w_1 + r_2 + \cdots + w_n = 0",
    r"w_1 w_2 \cdots = 0",
    r"w_n + \cdots + w_1 = 0",
    r"w_1 / w_2 \cdots w_n = 0",
    r"(w_1, \ldots) = w",
    r"(w_1, \ldots, w_2, \ldots, w_n) = w",
    r"\begin{pmatrix} X_{11} & \cdots \\ \vdots & \ddots \end{pmatrix} = X",
    r"w_1 < \cdots < w_n",
]


@pytest.mark.parametrize("shown", TRUE)
@pytest.mark.long_but_one_in(4)
def test_what_dots_stand_for(tmp_path, shown):
    assert judged(tmp_path, shown)[0] is Verdict.TRUE


@pytest.mark.parametrize("shown", FALSE)
def test_an_error_beside_dots_is_found(tmp_path, shown):
    assert judged(tmp_path, shown)[0] is Verdict.FALSE


@pytest.mark.parametrize("shown", ASKED)
def test_other_dots_are_asked_about(tmp_path, shown):
    verdict, said = judged(tmp_path, shown)
    assert verdict is Verdict.NOT_READ
    assert "dots" in said


def test_dots_at_the_end_of_a_sum_leave_something_out(tmp_path):
    verdict, said = judged(tmp_path, r"w_1 + \cdots = 0")
    assert verdict is Verdict.NOT_CHECKED
    assert "what do these dots leave out?" in said


def test_a_product_of_arrays_over_an_index_is_not_computed(tmp_path):
    verdict, said = judged(tmp_path, r"u = \prod_i X_{i:}")
    assert verdict is Verdict.NOT_CHECKED
    assert "has an order" in said


@pytest.mark.parametrize("shown", TRUE)
@pytest.mark.long_but_one_in(4)
def test_dots_are_written_as_they_are_read(tmp_path, shown):
    whole = Assembly.of(page(tmp_path, shown))
    (display,) = whole.chapter.displays
    (step,) = whole.analysis.equation(display).steps
    assert any(
        isinstance(x, n.Big) and x.letters[0].startswith(r"\iota") for x in (*step.left.walk(), *step.right.walk())
    )
    names = whole.analysis.part(display).scope.names
    again = tex.read(f"{write(step.left)} = {write(step.right)}", Place(display.place.path, 1), names).steps[0]
    assert (again.left, again.right) == (step.left, step.right)


def test_every_wrong_version_of_dots_is_rejected(tmp_path):
    whole = Assembly.of(page(tmp_path, r"w^\top r = w_1 r_1 + \cdots + w_n r_n"))
    check, (display,) = PageCheck(whole.analysis), whole.chapter.displays
    judge = EquationJudge(check, display)
    found = [judge.verdict_on(m) for m in equation_mutants(check, display)]
    assert len(found) > 3
    assert {type(x).__name__ for x in found} == {"Rejected"}
