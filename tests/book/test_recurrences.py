r"""Recurrences over an axis: unrolled from their start and differentiated through all steps, or asked about."""

import pytest

from nnlit.book.checks.verdicts import Verdict
from nnlit.book.report import checked

ROWS = r"""
| symbol | shape | code | meaning |
|---|---|---|---|
| $r$ | $T$ | | inputs |
| $w$ | number | | a weight |
| $h_0$ | number | | the start |
| $A$ | $d \times d$ | | a matrix |
| $c$, $\mathbf{s}_0$ | $d$ | | vectors |
"""
LINEAR, BEND = "h_t = w h_{t-1} + r_t", r"h_t = \tanh(w h_{t-1} + r_t)"
VECTOR = r"\mathbf{s}_t = \tanh(A \mathbf{s}_{t-1} + r_t c)"


def words(tmp_path, *displays, rows=ROWS):
    path = tmp_path / "own.md"
    shown = "\n\n".join(f"$$\n{d}\n$$" for d in displays)
    path.write_text(f"# Own\n{rows}\n{shown}\n", encoding="utf-8")
    return [(one.verdict, one.said) for one in checked(path).judged]


@pytest.mark.parametrize(
    "displays",
    [
        (LINEAR, "h_1 = w h_0 + r_1"),
        (BEND, r"h_2 = \tanh(w \tanh(w h_0 + r_1) + r_2)"),
        (LINEAR, "h_t - w h_{t-1} = r_t"),
        (LINEAR, "y_t = 2 h_t", r"\sum_t y_t = 2 \sum_{t=1}^{T} h_t"),
        (BEND, r"\sum_{t=1}^{T} h_t = \sum_{t=0}^{T} h_t - h_0"),
        (LINEAR, "q = h_T", r"\frac{\partial q}{\partial h_0} = w^T"),
        (LINEAR, "q = h_T", r"\frac{\partial q}{\partial r_s} = \sum_{t=1}^{T} [t = s] w^{T-t}"),
        (VECTOR, r"\mathbf{s}_1 = \tanh(A \mathbf{s}_0 + r_1 c)"),
        (VECTOR, r"g = \lVert \mathbf{s}_T \rVert^2", r"g = \mathbf{s}_T^\top \mathbf{s}_T"),
    ],
)
def test_a_recurrence_is_unrolled(tmp_path, displays):
    assert words(tmp_path, *displays)[-1] == (Verdict.TRUE, "")


@pytest.mark.parametrize(
    "displays",
    [
        (LINEAR, "h_1 = w h_0 - r_1"),
        (BEND, r"h_2 = \tanh(w h_0 + r_2)"),
        (LINEAR, "h_t - w h_{t-1} = 2 r_t"),
        (LINEAR, "q = h_T", r"\frac{\partial q}{\partial h_0} = w"),
        (BEND, r"\sum_{t=1}^{T} h_t = \sum_{t=0}^{T} h_t"),
        (VECTOR, r"\mathbf{s}_1 = \tanh(A \mathbf{s}_0 - r_1 c)"),
    ],
)
def test_an_error_in_a_recurrence_is_found(tmp_path, displays):
    assert words(tmp_path, *displays)[-1][0] is Verdict.FALSE


@pytest.mark.parametrize(
    ("displays", "said"),
    [
        (("g_t = w g_{t-1} + r_t", "q = g_T"), "where does g begin?"),
        ((LINEAR, "q = h_T", r"\frac{\partial q}{\partial h_t} = w^{T-t}"), "is not computed"),
        ((LINEAR, r"\frac{\partial h_t}{\partial w} = h_{t-1}"), "is the step before held fixed?"),
        ((LINEAR, "h_{t+1} = w h_t + r_t"), "one before or behind them"),
        ((LINEAR, "h_{t-1} = h_t", "h_{t-2} = 0"), ""),
    ],
)
def test_what_a_recurrence_leaves_open_is_neither_true_nor_false(tmp_path, displays, said):
    verdict, found = words(tmp_path, *displays)[-1]
    assert verdict is Verdict.NOT_CHECKED
    assert said in found


def test_a_step_that_does_not_fit_its_start_is_found(tmp_path):
    assert words(tmp_path, "h_t = h_{t-1} c + r_t")[0][0] is Verdict.FALSE


def test_one_step_of_integer_rows_stays_what_it_was(tmp_path):
    rows = ROWS.replace("| $h_0$ | number | | the start |", "| $t$ | integer | | |\n| $h_{t-1}$, $r_t$ | number | | |")
    found = words(tmp_path, LINEAR, "h_t - r_t = w h_{t-1}", rows=rows)
    assert [verdict for verdict, _ in found] == [Verdict.DEFINED, Verdict.TRUE]
