r"""Layouts of derivatives: a text that is in one here and in another there is told so, and nothing is false for it."""

import pytest

from nnlit.book.checks.verdicts import Verdict

from .authored import judged

D, T, F, N = Verdict.DEFINED, Verdict.TRUE, Verdict.FALSE, Verdict.NOT_CHECKED
ROWS = r"""
| $W$ | $m \times n$ | | |
| $x$ | $n$ | | |
| $y$ | $m$ | | |
| $A$ | $n \times n$ | | |
| $Q$ | $n \times n$ | | symmetric |"""
CHAIN = [r"z = W x", r"L = \frac{1}{2} \| z - y \|^2"]
NUMERATOR = [
    r"\frac{\partial z}{\partial x} = W",
    r"\frac{\partial (A x)}{\partial x} = A",
    r"\frac{\partial (x^\top A)}{\partial x} = A^\top",
    r"\frac{\partial \tanh(z)}{\partial x} = \operatorname{diag}(1 - \tanh(z) \odot \tanh(z)) W",
]
DENOMINATOR = [
    r"\frac{\partial z}{\partial x} = W^\top",
    r"\frac{\partial (A x)}{\partial x} = A^\top",
    r"\frac{\partial (x^\top A)}{\partial x} = A",
    r"\frac{\partial \tanh(z)}{\partial x} = W^\top \operatorname{diag}(1 - \tanh(z) \odot \tanh(z))",
    r"\frac{\partial L}{\partial x} = \frac{\partial z}{\partial x} \frac{\partial L}{\partial z}",
]
LYING = [
    r"\frac{\partial L}{\partial x} = (z - y)^\top W",
    r"\frac{\partial (x^\top A x)}{\partial x} = x^\top (A + A^\top)",
]
STANDING = [
    r"\frac{\partial L}{\partial x} = W^\top (z - y)",
    r"\frac{\partial (x^\top A x)}{\partial x} = (A + A^\top) x",
]


@pytest.mark.parametrize("other", DENOMINATOR)
@pytest.mark.long_but_one_in(4)
def test_a_jacobian_in_the_other_layout_is_not_false(tmp_path, other):
    verdict, said = judged(tmp_path, *CHAIN, other, rows=ROWS)[-1]
    assert verdict is N
    assert "which layout is meant?" in said
    assert "line" not in said
    assert judged(tmp_path, *CHAIN, other.replace("= ", "= -"), rows=ROWS)[-1][0] is F
    assert judged(tmp_path, *CHAIN, other.replace("= ", "= 2 "), rows=ROWS)[-1][0] is F


@pytest.mark.parametrize("one", NUMERATOR)
@pytest.mark.parametrize("other", DENOMINATOR)
@pytest.mark.long_but_one_in(3)
def test_two_layouts_of_jacobians_name_each_other(tmp_path, one, other):
    *_, (first, _), (second, said) = judged(tmp_path, *CHAIN, one, other, rows=ROWS)
    assert (first, second) == (T, N)
    assert "line 19: two layouts" in said
    *_, (first, _), (second, said) = judged(tmp_path, *CHAIN, other, one, rows=ROWS)
    assert (first, second) == (N, T)
    assert "line 19: two layouts" in said


@pytest.mark.parametrize("one", LYING)
@pytest.mark.parametrize("other", STANDING)
@pytest.mark.long_but_one_in(4)
def test_rows_and_columns_in_one_text_are_told(tmp_path, one, other):
    for pair, said in (((one, other), "a column here and a row at line"), ((other, one), "a row here and a column at")):
        *_, first, second = judged(tmp_path, *CHAIN, *pair, rows=ROWS)
        assert first == (T, "")
        assert second[0] is T
        assert said in second[1]


@pytest.mark.parametrize("shown", [LYING, STANDING, NUMERATOR, [*NUMERATOR, *STANDING], [*NUMERATOR, *LYING]])
@pytest.mark.long_but_one_in(3)
def test_one_layout_is_no_mixture(tmp_path, shown):
    assert judged(tmp_path, *CHAIN, *shown, rows=ROWS)[2:] == [(T, "")] * len(shown)


@pytest.mark.parametrize(
    "shown",
    [
        r"\frac{\partial (Q x)}{\partial x} = Q^\top",
        r"\frac{\partial L}{\partial W} = (z - y) x^\top",
        r"\frac{\partial L}{\partial x} = (\frac{\partial z}{\partial x})^\top \frac{\partial L}{\partial z}",
        r"\frac{\partial L}{\partial x_j} = \sum_i W_{ij} (z_i - y_i)",
        r"\nabla_x L = W^\top (z - y)",
        r"\frac{\partial L}{\partial z} = \frac{\partial L}{\partial z}",
    ],
)
@pytest.mark.long_but_one_in(3)
def test_what_is_the_same_in_both_says_nothing(tmp_path, shown):
    assert judged(tmp_path, *CHAIN, NUMERATOR[0], shown, rows=ROWS)[-1] == (T, "")


def test_the_transposed_gradient_in_a_matrix_is_false_unless_gradients_are_rows(tmp_path):
    laid = r"\frac{\partial L}{\partial W} = x (z - y)^\top"
    assert judged(tmp_path, *CHAIN, laid, rows=ROWS)[-1][0] is F
    assert judged(tmp_path, *CHAIN, STANDING[0], laid, rows=ROWS)[-1][0] is F
    verdict, said = judged(tmp_path, *CHAIN, LYING[0], laid, rows=ROWS)[-1]
    assert verdict is N
    assert "the derivative of a number in a vector is a row" in said
    assert judged(tmp_path, *CHAIN, LYING[0], laid.replace("= ", "= -"), rows=ROWS)[-1][0] is F


BENT = r"\lvert a \rvert = \max(a, -a)"
QUOTIENT = r"\frac{\partial}{\partial a} \frac{\sin a}{a} = \frac{a \cos a - \sin a}{a^2}"


@pytest.mark.filterwarnings("error")
def test_layouts_are_looked_at_without_a_warning_where_a_quotient_is_zero_over_zero(tmp_path):
    found = judged(tmp_path, BENT, QUOTIENT, rows="| $a$ | number | | a number |")
    assert found == [(Verdict.TRUE, "")] * 2


DECLARING = {
    "denominator": [
        "<!-- layout: denominator -->",
        "In what follows we use the *denominator layout*.",
        "We adopt denominator-layout.",
    ],
    "numerator": [
        "<!-- layout: numerator -->",
        "All derivatives are in numerator layout.",
        r"The numerator layout is used throughout.",
    ],
}
INTO = r"\frac{\partial L}{\partial x} = \frac{\partial z}{\partial x} \frac{\partial L}{\partial z}"
GIVEN = r"J = \frac{\partial z}{\partial x}"


@pytest.mark.parametrize("said", DECLARING["denominator"])
@pytest.mark.long_but_one_in(3)
def test_a_text_that_declares_the_denominator_layout_is_read_in_it(tmp_path, said):
    rows = f"{ROWS}\n\n{said}"
    right = [*CHAIN, GIVEN, "J = W^\\top", *DENOMINATOR, *STANDING]
    assert judged(tmp_path, *right, rows=rows) == [(D, "")] * 3 + [(T, "")] * (len(right) - 3)
    for other in NUMERATOR:
        verdict, told = judged(tmp_path, *CHAIN, other, rows=rows)[-1]
        assert verdict is F
        assert "it is true in the numerator layout, but line 11 declares the denominator layout" in told
    assert judged(tmp_path, *CHAIN, GIVEN, "J = W", rows=rows)[-1][0] is F


@pytest.mark.parametrize("said", DECLARING["numerator"])
@pytest.mark.long_but_one_in(3)
def test_a_text_that_declares_the_numerator_layout_is_read_in_it(tmp_path, said):
    rows = f"{ROWS}\n\n{said}"
    laid = r"\frac{\partial L}{\partial W} = x (z - y)^\top"
    right = [*CHAIN, GIVEN, "J = W", *NUMERATOR, *LYING, laid]
    assert judged(tmp_path, *right, rows=rows) == [(D, "")] * 3 + [(T, "")] * (len(right) - 3)
    for other in (x for x in DENOMINATOR if x != INTO):
        verdict, told = judged(tmp_path, *CHAIN, other, rows=rows)[-1]
        assert verdict is F
        assert "it is true in the denominator layout, but line 11 declares the numerator layout" in told
    verdict, told = judged(tmp_path, *CHAIN, r"\frac{\partial L}{\partial W} = (z - y) x^\top", rows=rows)[-1]
    assert verdict is N
    assert "which is meant?" in told


@pytest.mark.parametrize("said", [one for both in DECLARING.values() for one in both])
@pytest.mark.parametrize(
    "shown", [*NUMERATOR, *DENOMINATOR, *STANDING, r"\frac{\partial L}{\partial W} = (z - y) x^\top"]
)
@pytest.mark.long_but_one_in(12)
def test_what_is_wrong_in_both_layouts_is_false_under_any_declaration(tmp_path, said, shown):
    for wrong in (shown.replace("= ", "= -"), shown.replace("= ", "= 2 ")):
        verdict, told = judged(tmp_path, *CHAIN, wrong, rows=f"{ROWS}\n\n{said}")[-1]
        assert verdict is F
        assert "layout" not in told


@pytest.mark.parametrize(
    "said",
    [
        "Other texts use the denominator layout.",
        "We do not use the denominator layout.",
        "We use the denominator layout. Here we use the numerator layout.",
        "`we use the denominator layout`",
        "Is the denominator layout better?",
    ],
)
def test_what_declares_nothing_leaves_the_question(tmp_path, said):
    verdict, told = judged(tmp_path, *CHAIN, DENOMINATOR[0], rows=f"{ROWS}\n\n{said}")[-1]
    assert verdict is N
    assert "say for the whole text 'we use the denominator layout', or <!-- layout: denominator -->" in told
