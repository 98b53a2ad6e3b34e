r"""Orders of matrices and vectors: `A \preceq B` by eigenvalues or by entries, and what is asked where these differ."""

import pytest

from nnlit.book.checks.verdicts import Verdict
from nnlit.book.explain import explained
from nnlit.book.source import documents

from .authored import judged, misjudged, page

ROWS = r"""
| $A$, $B$ | $n \times n$ | | symmetric positive definite |
| $S$ | $n \times n$ | | symmetric |
| $G$, $H$ | $n \times n$ | | |
| $I$ | $n \times n$ | | identity |
| $O$ | $n \times n$ | | all zeros |
| $X$, $Y$ | $m \times n$ | | |
| $u$, $w$ | $n$ | | |
| $v$ | $n$ | | positive |
| $p$ | $n$ | | entries sum to one |
| $s$ | number | | positive |
| $c$ | number | | |
| $y_w$, $y_l$ | number | | |
"""
TEXTS = {
    "two matrices": r"""
        + A \preceq A + B
        - A \preceq A - B
    """,
    "matrices": r"""
        + 0 \preceq A
        + O \preceq A
        - A \preceq 0
        + A \succ 0
        - A \succ s I
        + u u^\top \preceq \|u\|^2 I
        - u u^\top \preceq 0.99 \|u\|^2 I
        + S \preceq \lambda_{\max}(S) I
        + \lambda_{\min}(S) I \preceq S \preceq \lambda_{\max}(S) I
        - \lambda_{\min}(S) I \preceq S \preceq 0.99 \lambda_{\max}(S) I
        + X^\top X \succeq 0
        + A \preceq \operatorname{tr}(A) I
        - A \preceq \frac{1}{2} \operatorname{tr}(A) I
        - A \preceq A^2
        + (A + B)^{-1} \preceq A^{-1}
        - (A + B)^{-1} \succeq \frac{1}{2} A^{-1}
        + \operatorname{diag}(p) - p p^\top \succeq 0
        + \operatorname{diag}(p) - p p^\top \preceq \frac{1}{2} I
        + u w^\top + w u^\top \preceq u u^\top + w w^\top
        - u w^\top + w u^\top \preceq 0.9 u u^\top + 1.1 w w^\top
    """,
    "vectors and other arrays, entry by entry": r"""
        + 0 \preceq v
        + u \preceq \max(u, w)
        - u \preceq w
        + v \succ 0
        + -\lvert X \rvert \preceq X
        - \lvert X \rvert \preceq X
        ? p \preceq 1
        ? u \le 1
        + 0 \le v
        + u_j \preceq \lvert u_j \rvert
        - u_j \prec w_j
        + 2 \preceq 3
    """,
    "what is asked": r"""
        ? A \preceq s
        ? G \preceq \max(G, H)
        ? G \succeq G - v v^\top + H - H^\top
        - G \preceq H
        ? v v^\top \preceq 2 v v^\top + \frac{1}{100} I - u u^\top + u u^\top + \operatorname{diag}(v) v v^\top + v v^\top \operatorname{diag}(v)
        ? \operatorname{diag}(p) - p p^\top \preceq \frac{2}{5} I
        - X^\top X \succ 0
        - A + X^\top X \succ B
        ? \operatorname{tr}(X^\top X) I \succ 0
        - u u^\top \succ 0
        ? \sum_{j \prec 3} u_j = u_1
        ? c \ge 0 \quad \text{if } S \succeq 0
    """,  # noqa: E501 - a display stands on one line
    "chains": r"""
        + 0 \preceq A \preceq A + B = B + A
        - 0 \preceq A \preceq A - B = A - B
        + A = A \preceq A + B \prec A + 2 B
        - A = A \preceq A + B \prec A
        + 0 ⪯ A ≼ A + B
        - A ⪰ A + B
        + B ≻ 0
        + A \preccurlyeq A + B
    """,
}


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.long_but_one_in(20)
def test_an_order_is_read_as_a_careful_reader_would(tmp_path, name):
    assert not misjudged(tmp_path, ROWS, TEXTS[name])


SAID = {
    r"A \preceq B": "by eigenvalues (Loewner's order), where the smallest eigenvalue of the difference is -",
    r"u \preceq w": r"\preceq, read entry by entry, does not hold: it fails by",
    r"A \preceq s": "is the number meant times the identity?",
    r"G \preceq \max(G, H)": "is not symmetric: is every entry meant?",
}


@pytest.mark.parametrize("shown", SAID)
def test_a_message_says_how_an_order_was_read(tmp_path, shown):
    ((verdict, said),) = judged(tmp_path, shown, rows=ROWS)
    assert verdict is (Verdict.FALSE if "where" in SAID[shown] or "read" in SAID[shown] else Verdict.NOT_CHECKED)
    assert SAID[shown] in said


def test_an_explanation_says_how_an_order_was_read(tmp_path):
    path = page(tmp_path, r"A \preceq A + B", r"u \preceq \max(u, w)", r"\lvert c \rvert \ge 0", rows=ROWS)
    for line, words in ((19, "by eigenvalues (Loewner's order)"), (23, "entry by entry"), (27, "")):
        _, lines = explained(documents.read(path), str(line))
        assert [x.strip() for x in lines if "is read" in x] == [rf"\preceq is read {words}"] * bool(words)


def test_a_preference_is_no_order_of_arrays(tmp_path):
    ((verdict, said),) = judged(tmp_path, r"p(y_w \succ y_l) = \frac{1}{1 + e^{-c}}", rows=ROWS)
    assert verdict in {Verdict.NOT_READ, Verdict.NOT_CHECKED}
    assert said
