# ruff: noqa: E501 (an equation stands on one line)
r"""Letters below a name that running text declares, plain entries of a layer's bold letter, remarks behind an equation."""

import pytest

from nnlit.book.checks.verdicts import Verdict
from nnlit.book.drafts import draft
from nnlit.book.report import checked

HEAD = "| symbol | shape | code | meaning |\n|---|---|---|---|\n"


@pytest.fixture
def judged(tmp_path):
    def judging(*shown, rows=()):
        path = tmp_path / "own.md"
        path.write_text(f"{HEAD if rows else ''}{chr(10).join(rows)}\n\n" + "\n\n".join(f"$${x}$$" for x in shown), encoding="utf-8")
        return checked(path).judged

    return judging


@pytest.fixture
def rows(tmp_path):
    def drafting(text):
        path = tmp_path / "own.md"
        path.write_text(text, encoding="utf-8")
        cells = (line.split("|") for line in draft.table(path).split("\n") if line.startswith("| $"))
        return {cell[1].strip(" $"): (cell[2].strip(), cell[4].strip()) for cell in cells}

    return drafting


LAYER = [r"| $\mathbf{W}^{(1)}$ | $h \times d$ | | |", r"| $\mathbf{x}$ | $d$ | | |", r"| $\mathbf{b}^{[2]}$ | $h$ | | |"]


@pytest.mark.parametrize(
    "shown",
    [
        r"\mathbf{z}^{(1)} = \mathbf{W}^{(1)} \mathbf{x}; z^{(1)}_i = \sum_j W^{(1)}_{ij} x_j",
        r"\mathbf{z}^{(1)} = \mathbf{W}^{(1)} \mathbf{x}; \frac{\partial z^{(1)}_i}{\partial x_j} = W^{(1)}_{ij}",
        r"\hat{\mathbf{y}}^{[2]} = 2 \mathbf{b}^{[2]}; \hat{y}^{[2]}_i = 2 b^{[2]}_i",
    ],
)
def test_plain_entries_of_a_layer_are_those_of_the_bold_letter(judged, shown):
    first, second = shown.split("; ")
    assert [x.verdict for x in judged(first, second, rows=LAYER)] == [Verdict.DEFINED, Verdict.TRUE]
    assert judged(first, f"{second} + 1", rows=LAYER)[-1].verdict is Verdict.FALSE


def test_a_plain_letter_with_a_row_of_its_own_is_another_name(judged):
    found = judged(r"2 z^{(1)}_i = 2 \mathbf{z}^{(1)}_i", rows=[*LAYER, r"| $z^{(1)}$ | $d$ | | |", r"| $\mathbf{z}^{(1)}$ | $d$ | | |"])
    assert found[-1].verdict is Verdict.FALSE


@pytest.mark.parametrize("remark", ["l = 1, 2", "k = 1, 2, 3", "i = 0, 1."])
def test_which_numbers_a_letter_is_claims_nothing(judged, remark):
    rows = [r"| $a$ | number | | |"]
    assert judged(rf"2 a = a + a, \quad {remark}", rows=rows)[-1].verdict is Verdict.TRUE
    assert judged(rf"2 a = 3 a, \quad {remark}", rows=rows)[-1].verdict is Verdict.FALSE


@pytest.mark.parametrize("law", [r"\mathcal{N}(0, I)", r"\text{Uniform}(0, 1)", "p(e)"])
def test_how_something_is_distributed_is_named_and_not_executed(judged, law):
    rows = [r"| $m$, $s$, $r$ | $J$ | | |"]
    true = judged(rf"z_j = m_j + s_j r_j, \quad r \sim {law}", r"\frac{\partial z_j}{\partial s_j} = r_j", rows=rows)
    assert [x.verdict for x in true] == [Verdict.DEFINED, Verdict.TRUE]
    assert r"r \sim" in true[0].found.asides[0]
    alone = judged(rf"r \sim {law}", rows=rows)[0]
    assert alone.verdict in {Verdict.NOT_CHECKED, Verdict.NOT_READ}


# --- what running text declares -------------------------------------------------------------------------------------


def test_letters_below_a_name_that_running_text_declares_as_a_matrix_are_labels(rows):
    text = (
        r"With $W_{hx} \in \mathbb{R}^{n \times d}$, $W_{hh} \in \mathbb{R}^{n \times n}$ and $W_s \in \mathbb{R}^{k \times n}$"
        "\n\n" + r"$$z = W_{hx} x + W_{hh} h$$" + "\n\n" + "$$o = W_s h$$"
    )
    found = rows(text)
    assert found["W_{hx}"][0] == r"$n \times d$"
    assert found["W_{hh}"][0] == r"$n \times n$"
    assert found["W_{s}"][0] == r"$k \times n$"
    assert "W" not in found


def test_labels_beside_each_other_are_labels_also_where_one_of_them_is_an_index_elsewhere(rows):
    text = (
        r"The $U_f, U_i, U_o \in \mathbb{R}^{n \times n}$ are weights."
        "\n\n" + r"$$a = U_f r + U_i r + U_o r$$" + "\n\n" + r"$$q = \sum_i r_i$$"
    )
    found = rows(text)
    assert [found[x][0] for x in ("U_{f}", "U_{i}", "U_{o}")] == [r"$n \times n$"] * 3


@pytest.mark.parametrize("letter", ["i", "n", "c"])
def test_a_letter_that_a_sum_runs_over_stays_an_index(rows, letter):
    text = rf"Let $x_{letter} \in \mathbb{{R}}^d$ be data." + "\n\n" + rf"$$q = \sum_{letter} w^\top x_{letter}$$"
    assert any(f"row ${letter}$ of" in why for _, why in rows(text).values())


def test_a_size_with_a_letter_below_is_a_size(rows):
    text = r"For $Q \in \mathbb{R}^{m \times d_k}$, $V \in \mathbb{R}^{m \times d_v}$" + "\n\n" + r"$$S = \frac{Q Q^\top}{\sqrt{d_k}} V$$"
    found = rows(text)
    assert found["Q"][0] == r"$m \times d_{k}$"
    assert found["V"][0] == r"$m \times d_{v}$"
    assert set(found) == {"Q", "V"}


@pytest.mark.parametrize("words", ["positive definite", "symmetric positive definite matrices", "symmetric", "orthogonal"])
def test_conditions_may_stand_before_a_list_of_names(rows, words):
    text = rf"With {words} $A, B \in \mathbb{{R}}^{{d \times d}}$" + "\n\n" + r"$$q = \operatorname{tr}(A B)$$"
    said = "symmetric positive definite" if "positive" in words else words
    assert all(why.endswith(said) for _, why in rows(text).values())
    assert not any(said in why for _, why in rows(text.replace("With ", "With not ")).values())


def test_a_letter_below_a_density_is_no_function(rows):
    assert r"\phi" not in rows(r"$$a = q_\phi(z) + 1$$")


def test_labels_of_rows_stay_labels_where_a_sum_binds_one_of_them_elsewhere(judged):
    own = [rf"| $b_{x}$ | $n$ | | |" for x in "fio"] + [r"| $r$ | $n$ | | |"]
    found = judged(r"a = b_f + b_i", r"a = b_i + b_f", r"q = \sum_i r_i", rows=own)
    assert [x.verdict for x in found] == [Verdict.DEFINED, Verdict.TRUE, Verdict.DEFINED]
    assert judged(r"q = \sum_i r_i", r"q = \sum_i b_i", rows=own)[-1].verdict is not Verdict.TRUE


# --- densities ------------------------------------------------------------------------------------------------------


def test_the_argument_of_a_density_that_has_an_index_elsewhere_is_asked_about(judged):
    found = judged(r"f(\mu) = \mu^2", r"q = \mu_1 + \mu_j", r"\frac{\partial f(\mu)}{\partial \mu_j} = 2 \mu_j")
    assert {x.verdict for x in found[1:]} == {Verdict.NOT_CHECKED}
    assert r"\mu is a number of its own as the argument of f at line 3" in found[-1].said


def test_sections_in_which_a_letter_is_another_thing_get_a_table_of_their_own(tmp_path):
    path = tmp_path / "own.md"
    one = r"$$p(x \mid \mu) = e^{-(x - \mu)^2}$$"
    path.write_text("# T\n\n## One\n\n" + one + "\n\n## Two\n\n" + r"$$R = \sum_{j=1}^J \mu_j^2$$" + "\n", encoding="utf-8")
    said = draft.table(path)
    assert "And this below the heading 'Two', where $\\mu$ is another thing than above:" in said
    assert "| $\\mu$ | $J$ | | guessed: written as $\\mu_{j}$ |" in said
    path.write_text("# T\n\n" + one + "\n\n" + r"$$R = \sum_{i=1}^n \log p(x_i \mid \mu)$$" + "\n", encoding="utf-8")
    assert "And this" not in draft.table(path)


@pytest.mark.parametrize("shown", [r"D_{KL}(p \,\|\, q)", r"\mathrm{KL}(p(x) \| q(x))", r"D_{\mathrm{KL}}[q(z \mid x) \| p(z)]"])
def test_a_divergence_of_densities_has_a_sentence_of_its_own(judged, shown):
    found = judged(f"{shown} = K", "D = 3 K", rows=["| $K$ | number | | |"])
    assert "a divergence is computed of two distributions over finite outcomes" in found[0].said


def test_a_determinant_that_may_be_negative_asks_for_a_definite_matrix(judged):
    found = judged(r"\log \frac{\det A}{\det B} = \log \det A - \log \det B", rows=[r"| $A$, $B$ | $n \times n$ | | |"])
    assert "say 'symmetric positive definite' in the row of the matrix whose determinant it is" in found[0].said
