r"""What is false without a condition and true with one stays false, and the message names the row and the word."""

import pytest

from nnlit.book.checks.verdicts import Verdict

from .authored import judged

ROWS = r"""
| $A$, $U$ | $n \times n$ | | |
| $x$ | $n$ | | |
| $p$, $q$ | number | | |
| $W$ | $m \times n$ | | |"""
FALSE = [
    (r"\nabla_x x^\top A x = 2 A x", "'symmetric' in the row of $A$"),
    (r"(A x)^\top = x^\top A", "'symmetric' in the row of $A$"),
    (r"x^\top A x \ge 0", "'symmetric positive definite' in the row of $A$"),
    (r"\frac{\partial \log \det A}{\partial A} = A^{-1}", "'symmetric positive definite' in the row of $A$"),
    (r"U^\top U x = x", "'orthogonal' in the row of $U$"),
    (r"\sum_j W_{ij} = 1", "'rows sum to one' in the row of $W$"),
    (r"\sum_i x_i = 1", "'entries sum to one' in the row of $x$"),
    (r"\sqrt{p^2} = p", "'positive' in the row of $p$"),
    (r"\lvert p \rvert = p", "'positive' in the row of $p$"),
    (r"\lvert p q \rvert = p q", "'positive' in the rows of $p$ and $q$"),
    (r"p^2 < p", "'between 0 and 1' in the row of $p$"),
]
OPEN = [
    (r"\sqrt{p} \sqrt{p} = p", "'positive' in the row of $p$"),
    (r"H = -q \log q - (1 - q) \log (1 - q)", "'between 0 and 1' in the row of $q$"),
    (r"\log(1 - p) + \log p = \log(p (1 - p))", "'between 0 and 1' in the row of $p$"),
    (r"\log(p q) = \log p + \log q", "'positive' in the rows of $p$ and $q$"),
    (r"L = -\sum_i x_i \log x_i", "'positive' in the row of $x$"),
]


@pytest.mark.parametrize(("claim", "said"), FALSE)
@pytest.mark.long_but_one_in(3)
def test_what_a_condition_makes_true_is_false_and_told(tmp_path, claim, said):
    """The verdict stays, since the row does not say so; with the condition written there it is true."""
    ((verdict, message),) = judged(tmp_path, claim, rows=ROWS.strip())
    assert verdict is Verdict.FALSE
    assert f"; it is true with {said}: if that is so, write it there" in message


@pytest.mark.parametrize(("claim", "said"), OPEN)
@pytest.mark.long_but_one_in(3)
def test_what_a_condition_gives_a_value_is_told(tmp_path, claim, said):
    """The message names the row, which what is said of a logarithm or a root does not."""
    ((verdict, message),) = judged(tmp_path, claim, rows=ROWS.strip())
    assert verdict is Verdict.NOT_CHECKED
    assert f"; it has a value with {said}: if that is so, write it there" in message


@pytest.mark.parametrize("claim", [r"\nabla_x x^\top A x = 3 A x", r"\sqrt{p^2} = 2 p", "p q = p + q", "A x = x"])
def test_what_no_condition_makes_true_is_false_and_no_more(tmp_path, claim):
    """No condition is named that would not help."""
    ((verdict, message),) = judged(tmp_path, claim, rows=ROWS.strip())
    assert verdict is Verdict.FALSE
    assert "it is true with" not in message


@pytest.mark.parametrize(
    ("rows", "claim", "said"),
    [
        (
            "| $p$, $q$ | $K$ | | positive |",
            r"\sum_k p_k \log \frac{p_k}{q_k} \ge 0",
            "'entries sum to one' in the rows of $p$ and $q$",
        ),
        ("| $p$ | number | | positive |", "p^2 < p", "'between 0 and 1' in the row of $p$"),
        (
            "| $A$ | $n \\times n$ | | symmetric |\n| $x$ | $n$ | | |",
            r"x^\top A x \ge 0",
            "'symmetric positive definite' in the row of $A$",
        ),
    ],
)
def test_a_stronger_condition_is_told_as_well(tmp_path, rows, claim, said):
    """A row that has a condition may need more than that."""
    ((verdict, message),) = judged(tmp_path, claim, rows=rows)
    assert verdict is Verdict.FALSE
    assert f"it is true with {said}: if that is so" in message


def test_a_guessed_row_is_told_its_condition_too(tmp_path):
    """What rests on a guess is not checked, and says with which condition it would be true."""
    ((verdict, message),) = judged(tmp_path, r"\lvert p \rvert = p", rows="| $p$ | number | | guessed: a letter |")
    assert verdict is Verdict.NOT_CHECKED
    assert "it is true with 'positive' in the row of $p$" in message


def test_no_condition_is_named_where_a_bound_had_to_be_searched(tmp_path):
    """All draws pass, so whether those of zeros and ones pass, which the search leaves as they are, says nothing."""
    claim = r"\sum_i x_i \le 0.99 \sqrt{n} \lVert x \rVert"  # false for ones, which no draw is
    ((verdict, message),) = judged(tmp_path, claim, rows=ROWS.strip())
    assert verdict is Verdict.FALSE
    assert "it is true with" not in message
