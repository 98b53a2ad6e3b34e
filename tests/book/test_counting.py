# ruff: noqa: E501 (an equation stands on one line)
r"""Sums that begin at another letter, letters that count from 0 or 1, orders of derivatives, numbers that are too large."""

import pytest

from nnlit.book.checks.verdicts import Verdict
from tests.book.authored import judged

T, F, N = Verdict.TRUE, Verdict.FALSE, Verdict.NOT_CHECKED
ROWS = r"""
| $a$ | $n$ | | numbers |
| $A$ | $n \times n$ | | a matrix |
| $x$ | number | | a number |
| $q$ | size | | how often |
| $f$ | function | | any smooth function |
"""
TRIANGLES = [
    (r"\sum_{i=1}^n \sum_{j=i+1}^n a_i a_j = \frac{1}{2} \left( \left( \sum_i a_i \right)^2 - \sum_i a_i^2 \right)", "j=i+1", "j=i"),
    (r"\sum_{i=1}^n \sum_{j=i}^n A_{ij} + \sum_{i=1}^n \sum_{j=1}^{i-1} A_{ij} = \sum_{i,j} A_{ij}", "i-1", "i"),
    (r"\sum_{i=1}^q \sum_{j=i}^q 1 = \frac{q (q + 1)}{2}", "q + 1", "q - 1"),
    (r"\sum_{i=1}^{n-1} \sum_{j=i+1}^n (a_j - a_i) = \sum_{j=1}^n (2 j - n - 1) a_j", "2 j", "j"),
    (r"\prod_{i=1}^n \prod_{j=i}^n e^{a_j} = \exp \left( \sum_{j=1}^n j a_j \right)", r"\sum_{j=1}^n j", r"\sum_{j=1}^n 2 j"),
    (r"\sum_{i=1}^n \sum_{k=i}^{i+1} a_i = 2 \sum_i a_i", "= 2", "= 3"),
]  # fmt: skip


@pytest.mark.parametrize(("shown", "old", "new"), TRIANGLES)
def test_a_sum_may_begin_at_a_letter_outside(tmp_path, shown, old, new):
    assert judged(tmp_path, shown, rows=ROWS)[0][0] is T
    assert judged(tmp_path, shown.replace(old, new, 1), rows=ROWS)[0][0] is F


def test_where_that_letter_has_no_bounds_it_is_asked_what_it_counts_from(tmp_path):
    verdict, said = judged(tmp_path, r"s_i = 2 a_i + \sum_{j=i}^n a_j", rows=ROWS)[0]
    assert verdict is N
    assert r"does i count from 0 or from 1? write its bounds, as in \sum_{i=1}" in said


@pytest.mark.parametrize("shown", [r"\sum_i i a_i = \sum_{j=1}^n j a_j", r"\sum_i [i = 1] a_i = a_1"])
def test_what_is_false_where_a_letter_counts_from_0_is_asked_about(tmp_path, shown):
    verdict, said = judged(tmp_path, shown, rows=ROWS)[0]
    assert verdict is N
    assert "count from 0 or from 1?" in said
    letter = shown[shown.index("_") + 1]
    rows = ROWS + f"| ${letter}$ | index | | runs over $n$, counts from 1 |\n"
    assert judged(tmp_path, shown, rows=rows)[0][0] is T
    assert judged(tmp_path, shown + " + 1", rows=rows)[0][0] is F


@pytest.mark.parametrize("shown", [r"\sum_j a_j = 2 \sum_j a_j", r"\sum_{i=1}^n i = n", r"\sum_{j=1}^n j a_j = \sum_j a_j"])
def test_a_letter_that_only_indexes_excuses_nothing(tmp_path, shown):
    assert judged(tmp_path, shown, rows=ROWS)[0][0] is F


CHANCES = "| $x$ | random, $n$ | | an outcome |"


def test_an_outcome_is_no_counting_letter(tmp_path):
    assert judged(tmp_path, r"\sum_x x p(x) = 2 \mathbb E[x]", rows=CHANCES)[0][0] is F


SAID = {
    r"\frac{\partial^{1000000000} L}{\partial x^{1000000000}} = 3": "a derivative of order 1,000,000,000 is not computed: at most 4 are; give one of them a name",
    r"f^{(7)}(x) = 3": "a derivative of order 7 is not computed: at most 4 are; give one of them a name",
    r"\frac{\partial^3 f(x)}{\partial x \partial a \partial q} = 3": "more than two derivatives in several symbols are not computed: give the first one a name",
    r"\prod_{i=1}^{1000} \prod_{j=1}^{1000} 2 = 3": r"the left side is not a finite number everywhere: \prod_{i=1}^{1000} \prod_{j=1}^{1000} 2 grows beyond 1e308",
    r"\log(-e^x) = 3": r"the left side is not a finite number everywhere: \log(-e^{x}) is the logarithm of a negative number: say 'positive' in the row",
    r"x^{} = 3": "nothing stands above this: write the exponent or the mark, or leave the ^ out",
    r"e^{} = 3": "nothing stands above this",
    r"x^{{}} = 3": "nothing stands above this",
    r"a_{1.5} = 3": "an index must be a whole number: 1.5 is 1.5",
    r"x = \lim_{x \to 0} \frac{1}{x}": r"if there is one from one side, write \lim_{x \to 0^+}",
}


@pytest.mark.parametrize(("shown", "said"), SAID.items())
def test_a_limit_of_the_checker_says_what_to_write(tmp_path, shown, said):
    verdict, found = judged(tmp_path, shown, rows=ROWS)[0]
    assert verdict in {N, Verdict.NOT_READ}
    assert said in found


def test_a_number_above_a_function_on_the_left_is_an_order(tmp_path):
    found = judged(tmp_path, r"f^{(2)}(x) = f''(x)", r"f^{(2)}(x) = f'(x)", rows=ROWS)
    assert [verdict for verdict, _ in found] == [T, F]


def test_functions_that_are_numbered_from_one_are_no_derivatives(tmp_path):
    shown = (r"f^{(1)}(x) = x^2", r"f^{(2)}(x) = x + 1", r"f(x) = f^{(2)}(f^{(1)}(x))", r"f(x) = x^2 + 1", r"f(x) = x^2")
    found = judged(tmp_path, *shown, rows="| $x$ | number | | a number |")
    assert [verdict for verdict, _ in found] == [*[Verdict.DEFINED] * 3, T, F]


NUMBERS = "| $a$, $b$ | number | | numbers |\n| $q$ | integer | | how many |\n| $x$ | $n$ | | a vector |"
BENDS = (r"\max(a, b) = b + \max(0, a - b)", r"\lvert a \rvert = \max(a, -a)", r"\lvert x_i \rvert \ge x_i")


@pytest.mark.parametrize(
    ("shown", "old", "new"),
    [
        (r"\frac{a}{b} + \frac{b}{a} = \frac{a^2 + b^2}{a b}", "a^2 +", "a^2 -"),
        (r"\frac{\partial}{\partial a} \frac{\sin a}{a} = \frac{a \cos a - \sin a}{a^2}", "- ", "+ "),
        (r"\frac{d}{da} \ln \lvert a \rvert = \frac{1}{a}", r"\frac{1}{a}", r"\frac{1}{\lvert a \rvert}"),
        (r"\sum_i \frac{x_i^2}{x_i} = \sum_i x_i", "= ", "= 2 "),
    ],
)
@pytest.mark.long_but_one_in(4)
def test_a_bend_elsewhere_does_not_keep_a_quotient_from_being_compared(tmp_path, shown, old, new):
    assert judged(tmp_path, *BENDS, shown, rows=NUMBERS)[-1] == (T, "")
    assert judged(tmp_path, *BENDS, shown.replace(old, new, 1), rows=NUMBERS)[-1][0] is F


@pytest.mark.parametrize(("shown", "said"), [("q^2 > q", F), (r"q^2 \ge q", T), ("q! > q - 1", T), ("2^q > 2", F), (r"\frac{1}{q - 1} \le 1", T)])
def test_a_whole_number_may_be_one(tmp_path, shown, said):
    assert judged(tmp_path, shown, rows=NUMBERS)[0][0] is said
