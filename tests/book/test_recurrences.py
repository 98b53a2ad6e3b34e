r"""Recurrences over an axis: unrolled from their start and differentiated through all steps, or asked about."""

import pytest

from nnlit.book.assembly import Assembly
from nnlit.book.checks.verdicts import Verdict
from nnlit.book.report import checked
from tests.book.authored import read_again, survivors

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
@pytest.mark.long_but_one_in(3)
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
        ((LINEAR, "h_{t+1} - w h_t = r_t"), "one before or behind them"),
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


# a start that is displayed, and steps that stand above the name

ABOVE = r"""
| symbol | shape | code | meaning |
|---|---|---|---|
| $X$ | $T \times d$ | | inputs |
| $x^{(t)}$ | $d$ | | row $t$ of $X$ |
| $W$ | $k \times k$ | | weights |
| $U$ | $k \times d$ | | weights |
| $r$ | $T$ | | inputs |
| $w$, $b$ | number | | numbers |
"""
START, BEFORE = (r"h_0 = \tanh(b)", LINEAR), ("h_0 = 0", LINEAR)
RAISED = (r"g^{(0)} = b", "g^{(t)} = w g^{(t-1)} + r_t")
BARE = ("g^0 = b", "g^t = w g^{t-1} + r_t")
NET = (r"s^{(0)} = W U X_{1:}", r"s^{(t)} = \tanh(W s^{(t-1)} + U x^{(t)})")
STARTED = [
    (START, r"h_1 = w \tanh(b) + r_1", "+ r_1", "- r_1"),
    ((*START, "q = h_1"), r"\frac{\partial q}{\partial b} = w (1 - \tanh(b)^2)", "w (1", "(1"),
    (BEFORE[::-1], "h_2 = w r_1 + r_2", "w r_1", "r_1"),
    ((*START, "q = h_T"), r"\frac{\partial q}{\partial b} = w^T (1 - h_0^2)", "w^T", "w"),
    ((*BEFORE, "q = h_T"), r"q = \sum_{s=1}^T w^{T-s} r_s", "{T-s}", "{T-s+1}"),
    (RAISED, "g^{(2)} = w^2 b + w r_1 + r_2", "w^2", "w"),
    (RAISED, "g^{(t)} - r_t = w g^{(t-1)}", "r_t", "r_1"),
    ((*RAISED, "q = g^{(T)}"), r"\frac{\partial q}{\partial b} = w^T", "w^T", "T w"),
    (BARE, "g^2 = w^2 b + w r_1 + r_2", "w^2", "w"),
    (BARE, "g^t - r_t = w g^{t-1}", "w g", "g"),
    (NET, r"s^{(1)} = \tanh(W s^{(0)} + U X_{1:})", "1:", "2:"),
    (NET, r"s^{(t)}_j = \tanh(\sum_i W_{ji} s^{(t-1)}_i + \sum_c U_{jc} X_{tc})", "W_{ji}", "W_{ij}"),
]


@pytest.mark.parametrize(("before", "shown", "old", "new"), STARTED)
@pytest.mark.long_but_one_in(4)
def test_a_displayed_start_and_steps_above_the_name(tmp_path, before, shown, old, new):
    assert old in shown
    found = words(tmp_path, *before, shown, rows=ABOVE)
    assert found[-1] == (Verdict.TRUE, "")
    assert {verdict for verdict, _ in found[:-1]} == {Verdict.DEFINED}
    assert words(tmp_path, *before, shown.replace(old, new), rows=ABOVE)[-1][0] is Verdict.FALSE


@pytest.mark.parametrize(("before", "shown", "old", "new"), STARTED)
@pytest.mark.long_but_one_in(9)
def test_a_recurrence_is_written_as_it_is_read(tmp_path, before, shown, old, new):
    words(tmp_path, *before, shown, rows=ABOVE)
    whole = Assembly.of(tmp_path / "own.md")
    for display in whole.chapter.displays:
        read_again(whole, display)
    unnoticed, same, every = survivors(whole, whole.chapter.displays[-1])
    assert unnoticed | same == set()
    assert every


@pytest.mark.parametrize("recurrence", [LINEAR, BEND, "h_t = w h_{t-1}^2 - r_t h_{t-1}"])
def test_wrong_versions_of_a_recurrence_are_noticed_by_what_rests_on_it(tmp_path, recurrence):
    second = recurrence.replace("{t-1}", "1").replace("_t", "_2")
    words(tmp_path, recurrence, second, "q = h_T + h_1")
    whole = Assembly.of(tmp_path / "own.md")
    unnoticed, same, every = survivors(whole, whole.chapter.displays[0])
    assert unnoticed | same == set()
    assert {x for x in every if "h_{t + 1}" in x}
    assert {x for x in every if "h_{t}" in x}
    assert {x for x in every if "h_{t - 2}" in x}
    unnoticed, same, every = survivors(whole, whole.chapter.displays[1])
    assert unnoticed | same == set()


@pytest.mark.parametrize(
    ("displays", "said"),
    [
        ((*START, "h_0 = 0"), "h_{0} is defined at"),
        (("h_1 = b", LINEAR, "q = h_T"), "where does h begin?"),
        (("h^{(0)} = b", *START, "q = h_T"), "with which of"),
        ((r"h_0 = h_1", LINEAR, "h_1 = w"), ""),
        (("g^{(t)} = w g^{(t-1)} + r_t", "q = g^{(T)}"), "where does g begin?"),
    ],
)
def test_a_start_that_is_missing_or_said_twice_is_never_true(tmp_path, displays, said):
    verdict, found = words(tmp_path, *displays, rows=ABOVE)[-1]
    assert verdict not in {Verdict.TRUE, Verdict.DEFINED}
    assert said in found


def test_what_stands_above_a_name_with_a_row_stays_its_power(tmp_path):
    found = words(tmp_path, "w^2 = w w", "w^t = w w^{t-1}", rows=ABOVE)
    assert found[0][0] is Verdict.TRUE
    assert found[1][0] is Verdict.NOT_CHECKED
    one = words(tmp_path, "w^p = w w^{p-1}", "w^p = w^{p-1}", rows=ABOVE + "| $p$ | integer | | |\n")
    assert [verdict for verdict, _ in one] == [Verdict.TRUE, Verdict.FALSE]
