# ruff: noqa: E501 (an equation stands on one line)
r"""Sums, products and extremes over sets that are written out, over what is left of them, and under several conditions."""

import pytest

from nnlit.book.assembly import Assembly
from nnlit.book.checks.verdicts import Verdict
from nnlit.book.language.tex import read
from nnlit.book.language.unparse import write
from nnlit.book.report import checked
from nnlit.book.source import documents
from nnlit.book.source.place import Place

HEAD = r"""| symbol | shape | code | meaning |
|---|---|---|---|
| $x$ | $n$ | | |
| $A$ | $n \times n$ | | |
| $s$ | size | | |
| $B$, $S$ | $s$ | | every subset of size $s$ of $1..n$ |
| $z$ | $K$ | | |
| $y$ | labels, $m$ | | labels 0..K-1 |

"""
# a display that is true, and one that is not
PAIRS = [
    (r"\sum_{j \notin B} x_j = \sum_j x_j - \sum_{j \in B} x_j", r"\sum_{j \notin B} x_j = \sum_j x_j + \sum_{j \in B} x_j"),
    (r"\sum_{j \not\in B} x_j = \sum_j x_j - \sum_{j \in B} x_j", r"\sum_{j \not\in B} x_j = \sum_{j \in B} x_j"),
    (r"\sum_j x_j [j \notin B] = \sum_{j \notin B} x_j", r"\sum_j x_j [j \notin B] = \sum_{j \in B} x_j"),
    (r"\max_{j \notin B} x_j \le \max_j x_j", r"\max_{j \notin B} x_j = \max_{j \in B} x_j"),
    (r"\prod_{j \notin B} e^{x_j} = \exp(\sum_{j \notin B} x_j)", r"\prod_{j \notin B} e^{x_j} = \exp(\sum_j x_j)"),
    (r"\sum_{j \in \{1, 3\}} x_j = x_1 + x_3", r"\sum_{j \in \{1, 3\}} x_j = x_1 + x_2"),
    (r"\sum_{j \in \{1, 2, 3\}} x_j = \sum_{j=1}^3 x_j", r"\sum_{j \in \{1, 2, 4\}} x_j = \sum_{j=1}^3 x_j"),
    (r"\prod_{j \in \{2, 4\}} x_j = x_2 x_4", r"\prod_{j \in \{2, 4\}} x_j = x_2 x_3 x_4"),
    (r"\max_{j \in \{1, 2\}} x_j = \max(x_1, x_2)", r"\max_{j \in \{1, 2\}} x_j = \max(x_1, x_3)"),
    (r"\min_{k \in \{1, 4\}} x_k = \min(x_1, x_4)", r"\min_{k \in \{1, 4\}} x_k = \min(x_1, x_2)"),
    (r"\sum_{k \in \{0, 1\}} k^2 = 1", r"\sum_{k \in \{0, 1\}} k^2 = 2"),
    (r"\sum_{k \in \{-1, 1\}} k^2 = 2", r"\sum_{k \in \{-1, 1\}} k = 2"),
    (r"\sum_{j \in [n]} x_j = \sum_j x_j", r"\sum_{j \in [n]} x_j = 2 \sum_j x_j"),
    (r"\sum_{j \in \{1, \dots, n\} \setminus B} x_j = \sum_{j \notin B} x_j", r"\sum_{j \in \{1, \dots, n\} \setminus B} x_j = \sum_{j \in B} x_j"),
    (r"\sum_{j \in B \setminus S} x_j = \sum_{j \in B} x_j [j \notin S]", r"\sum_{j \in B \setminus S} x_j = \sum_{j \in B} x_j - \sum_{j \in S} x_j"),
    (r"\max_{j \in \{1, \dots, n\} \setminus \{2\}} x_j \le \max_j x_j", r"\max_{j \in \{1, \dots, n\} \setminus \{2\}} x_j = x_1"),
    (r"\sum_{i \in B, j \notin B} A_{ij} = \sum_{i \in B} \sum_{j \notin B} A_{ij}", r"\sum_{i \in B, j \notin B} A_{ij} = \sum_{i \in B} \sum_{j \in B} A_{ij}"),
    (r"\sum_{i, j \in B} A_{ij} = \sum_{i \in B} \sum_{j \in B} A_{ij}", r"\sum_{i, j \in B} A_{ij} = \sum_{i \in B} \sum_j A_{ij}"),
    (r"\sum_{i, j, i \ne j} A_{ij} = \sum_i \sum_j A_{ij} - \sum_i A_{ii}", r"\sum_{i, j, i \ne j} A_{ij} = \sum_i \sum_j A_{ij}"),
    (r"\sum_{i \in B, i \ne 2} x_i = \sum_{i \in B} x_i - \sum_{i \in B} x_i [i = 2]", r"\sum_{i \in B, i \ne 2} x_i = \sum_{i \in B} x_i"),
    (r"\sum_{\substack{j=1 \\ j \ne i}}^n A_{ij} = \sum_j A_{ij} - A_{ii}", r"\sum_{\substack{j=1 \\ j \ne i}}^n A_{ij} = \sum_j A_{ij}"),
    (r"\sum_{\substack{i \in B \\ j \in S}} A_{ij} = \sum_{i \in B} \sum_{j \in S} A_{ij}", r"\sum_{\substack{i \in B \\ j \in S}} A_{ij} = \sum_{i \in B} \sum_{j \in B} A_{ij}"),
    (r"\sum_{1 \le i < j \le n} A_{ij} = \sum_i \sum_j A_{ij} [i < j]", r"\sum_{1 \le i < j \le n} A_{ij} = \sum_i \sum_j A_{ij} [i \le j]"),
    (r"\sum_{1 \le i \le j \le n} A_{ij} = \sum_i \sum_j A_{ij} [i \le j]", r"\sum_{1 \le i \le j \le n} A_{ij} = \sum_i \sum_j A_{ij} [i < j]"),
    (r"\sum_{1 < i < j < n} A_{ij} = \sum_{i=2}^{n-1} \sum_{j=2}^{n-1} A_{ij} [i < j]", r"\sum_{1 < i < j < n} A_{ij} = \sum_{i=1}^n \sum_{j=1}^n A_{ij} [i < j]"),
    (r"\sum_{0 < i \le n} x_i = \sum_i x_i", r"\sum_{1 < i \le n} x_i = \sum_i x_i"),
    (r"\sum_{(i, j)} A_{ij} = \sum_i \sum_j A_{ij}", r"\sum_{(i, j)} A_{ij} = \sum_i A_{ii}"),
    (r"\max_{k \ne y_i} z_k \le \max_k z_k", r"\max_{k \ne y_i} z_k = \max_k z_k"),
]  # fmt: skip


def last(tmp_path, *shown):
    path = tmp_path / "own.md"
    path.write_text(HEAD + "\n\n".join(f"$${tex}$$" for tex in shown), encoding="utf-8")
    return checked(path).judged[-1]


@pytest.mark.parametrize(("right", "wrong"), PAIRS)
@pytest.mark.long_but_one_in(8)
def test_a_sum_over_a_set_is_that(tmp_path, right, wrong):
    found = last(tmp_path, right)
    assert found.verdict is Verdict.TRUE, found.said
    found = last(tmp_path, wrong)
    assert found.verdict is Verdict.FALSE, found.said


@pytest.mark.parametrize("shown", [tex for pair in PAIRS for tex in pair])
@pytest.mark.long_but_one_in(4)
def test_it_is_written_so_that_it_can_be_read_again(tmp_path, shown):
    assembly = Assembly(documents.read(tmp_path / "own.md", f"{HEAD}$${shown}$$"))
    step = assembly.analysis.equation(assembly.chapter.displays[0]).steps[0]
    again = f"{write(step.left)} {step.relation} {write(step.right)}"
    other = Assembly(documents.read(tmp_path / "own.md", f"{HEAD}$${again}$$"))
    found = other.analysis.equation(other.chapter.displays[0]).steps[0]
    assert f"{write(found.left)} {found.relation} {write(found.right)}" == again


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (r"\sum_{(i, j) \in E} A_{ij} = 1", "pairs are not read as an index: sum over i and over j"),
        (r"\sum_{i, j \ne 2} A_{ij} = 1", "is this said of each of the letters, or of the last one alone? write i \\ne"),
        (r"\sum_{k \in \{a, b\}} x_k = 1", "over which numbers?"),
        (r"\prod_{\substack{k=1 \\ k \ne 2}}^n x_k = 1", "several conditions on one letter stand below a sum alone"),
        (r"\max_{k \in B \setminus \{2\}} x_k = 1", "of a maximum, a minimum or a product one condition is read"),
        (r"\sum_{j \in \mathcal{N}(i)} x_j = 1", r"\mathcal{N}(i) is no set that is known: give it a row"),
        (r"\sum_{j \in B^c} x_j = 1", "B^{c} is no set that is known"),
    ],
)  # fmt: skip
def test_what_is_not_read_has_a_sentence_of_its_own(tmp_path, shown, said):
    found = last(tmp_path, shown)
    assert found.verdict in {Verdict.NOT_READ, Verdict.NOT_CHECKED}
    assert said in found.said


@pytest.mark.parametrize(
    "shown", [r"\sum_{j \le 2} x_j = x_1 + x_2", r"\sum_{j \ne 2} x_j = \sum_j x_j - x_2", r"\sum_j x_j [j \in \{1, 2\}] = x_1 + x_2"]
)  # fmt: skip
def test_where_a_letter_counts_from_is_asked(tmp_path, shown):
    found = last(tmp_path, shown)
    assert found.verdict is Verdict.NOT_CHECKED
    assert "does j count from 0 or from 1?" in found.said
    found = last(tmp_path, shown.replace("=", "= 2 x_3 +"))
    assert found.verdict is Verdict.FALSE, found.said


def test_a_whole_number_beyond_an_array_is_no_falsehood(tmp_path):
    path = tmp_path / "own.md"
    path.write_text(HEAD.replace("labels, $m$ | | labels 0..K-1", "integer | | ") + "$$z_y = z_y$$", encoding="utf-8")
    found = checked(path).judged[0]
    assert found.verdict is Verdict.NOT_CHECKED
    assert "y is any whole number by its row, also one beyond z" in found.said


# --- lists of entries beside their transpose ------------------------------------------------------------------------


@pytest.mark.parametrize("right", [r"x^\top x", r"\sum_i x_i^2", r"x x^\top"])
@pytest.mark.parametrize("left", [r"(x_1, \dots, x_n) (x_1, \dots, x_n)^\top", r"(x_1, \dots, x_n)^T (x_1, \dots, x_n)"])
@pytest.mark.long_but_one_in(3)
def test_a_list_beside_its_transpose_has_two_readings(tmp_path, left, right):
    found = last(tmp_path, f"{left} = {right}")
    assert found.verdict is Verdict.NOT_CHECKED
    assert "is (x_1, ..., x_n) a row here, or a column?" in found.said
    assert last(tmp_path, f"{left} = 2 {right}").verdict is Verdict.FALSE


def test_a_negated_relation_is_one_word():
    assert read(r"a \not= b", Place("own.md", 1)).steps[0].relation == r"\ne"
