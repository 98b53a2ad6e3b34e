r"""Signs and letters of Unicode mean what TeX has for them: what is true is, and an error planted in it is found."""

import pytest

from nnlit.book.checks.verdicts import Verdict
from nnlit.book.drafts import draft
from nnlit.book.language.unicode import in_tex
from nnlit.book.report import checked
from tests.book.authored import judged

ROWS = r"""
| $x$, $y$ | number | | positive |
| $w$, $u$, $\mathbf{v}$, $\hat y$ | $n$ | | |
| $A$ | $n \times n$ | | |
| $α$, $β$ | number | | positive |
"""
SAID = [  # right, and wrong
    ("∑_{i=1}^{n} w_i u_i = w^⊤ u", "∑_{i=2}^{n} w_i u_i = w^⊤ u"),
    ("∑ᵢ₌₁ⁿ wᵢ uᵢ = wᵀ u", "∑ᵢ₌₂ⁿ wᵢ uᵢ = wᵀ u"),
    (r"\frac{∂ x²}{∂ x} = 2x", r"\frac{∂ x³}{∂ x} = 2x"),
    ("x · y = y × x", "x · y = y ÷ x"),
    ("w₁ + w₂ = w_1 + w_2", "w₁ + w₂ = w_1 + w_1"),
    ("√x √x = x", "√x x = x"),
    ("∏_{i=1}^n 2 = 2ⁿ", "∏_{i=1}^n 2 = 2 n"),
    ("‖w‖² = wᵀ w", "‖w‖ = wᵀ w"),
    ("w ⊙ u = u ⊙ w", "w ⊙ u = u ⊙ u"),
    ("⟨w, u⟩ = w^⊤ u", "⟨w, u⟩ = w^⊤ w"),
    ("A⁻¹ A w = w", "A⁻¹ w = w"),
    ("∇_w (w^⊤ w) = 2 w", "∇_w (w^⊤ w) = w"),
    ("½ x + ¼ x = ¾ x", "½ x + ½ x = ¾ x"),
    ("α + β = β + \\alpha", "α + β = β − α"),
    ("𝑥 + 𝑦 = y + x", "𝑥 + 𝑦 = y + y"),
    ("𝐯ᵀ w = ∑_i v_i w_i", "𝐯ᵀ w = ∑_i v_i"),
    ("ŷᵀ w = ∑_i ŷ_i w_i", "ŷᵀ w = ∑_i y\u0302_i"),
    ("x＋y＝y＋x", "x＋y＝y－x"),
    ("x ≤ x + y", "x ≥ x + y"),
    ("x\u200b + \u2061y\u00a0= y\u2062 + x\u00ad", "x\u200b + \u2061y\u00a0= y\u2062 - x\u00ad"),
    (r"x = x \text{ für alle}", r"x = 2x \text{ für alle}"),
    ("cos(π) = −1", "cos(π) = 1"),
]


@pytest.mark.parametrize(("right", "wrong"), SAID)
@pytest.mark.long_but_one_in(3)
def test_a_right_one_is_true_and_a_wrong_one_false(tmp_path, right, wrong):
    assert judged(tmp_path, right, rows=ROWS)[0] == (Verdict.TRUE, "")
    assert judged(tmp_path, wrong, rows=ROWS)[0][0] is Verdict.FALSE


def test_a_part_that_is_wrong_is_underlined_where_it_stands(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("# A\n\n$$½ √2 ∑ᵢ₌₁³ i² = ηα + 1$$\n", encoding="utf-8")
    (one,) = checked(path).judged
    line, marks = one.excerpt.split("\n")
    assert line[marks.index("^") : marks.rindex("^") + 1] == "η"


def test_a_draft_reads_what_is_said_in_unicode(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("# A\n\nLet $X ∈ ℝ^{m×n}$ and $λ > 0$.\n\n$$q = ∑ᵢ wᵢ (X v)ᵢ + √λ$$\n", encoding="utf-8")
    said = draft.table(path)
    assert r"| $X$ | $m \times n$ |" in said
    assert r"| $\lambda$ | number | | guessed: line 3 says so; positive |" in said
    assert "| $w$ | $m$ |" in said


@pytest.mark.parametrize("text", ["x", r"\text{für ü²} + 1", "a^2_{ij}"])
def test_what_is_no_mathematics_or_plain_stays_as_it_is(text):
    assert in_tex(text) == (text, list(range(len(text) + 1)))
