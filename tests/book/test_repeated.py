r"""Two definitions of one family: the second one must be the first one, moved from step to step."""

import pytest

from nnlit.book.checks.verdicts import Verdict
from nnlit.book.report import checked

from .authored import judged, page

D, T, F, N = Verdict.DEFINED, Verdict.TRUE, Verdict.FALSE, Verdict.NOT_CHECKED

CELL = r"""
| $t$ | integer | | |
| $W$ | $d \times d$ | | |
| $U$ | $d \times p$ | | |
| $x_t$ | $p$ | | |
| $h_{t-1}$ | $d$ | | |"""
COUNTS = CELL + "\n| $n$ | integer | | |"
ADAM = r"""
| $t$ | integer | | |
| $m_{t-1}$, $v_{t-1}$, $g_t$, $\theta_{t-1}$ | $d$ | | |
| $\beta_1$, $\eta$ | number | | |"""
STEPS = r"""
| $k$ | integer | | |
| $\theta_k$, $p_k$ | $d$ | | |
| $A$ | $d \times d$ | | |
| $b$ | $d$ | | |
| $\eta$ | number | | |"""
RAISED = STEPS.replace(r"\theta_k", r"\theta^{(k)}")
LAYERS = r"""
| $l$ | integer | | |
| $\delta^{l+1}$ | $p$ | | |
| $W^{l+1}$ | $p \times q$ | | |
| $z^l$ | $q$ | | |
| $W^l$ | $q \times r$ | | |
| $z^{l-1}$ | $r$ | | |"""
FORWARD = r"""
| $l$ | integer | | |
| $a^{(l-1)}$ | $p$ | | |
| $W^{(l)}$ | $q \times p$ | | |
| $b^{(l)}$ | $q$ | | |
| $W^{(l+1)}$ | $r \times q$ | | |
| $b^{(l+1)}$ | $r$ | | |"""
AXIS = r"""
| $X$ | $T \times p$ | | |
| $x_t$ | $p$ | | row $t$ of $X$ |
| $r$ | $T$ | | |
| $w$ | number | | |
| $W$ | $d \times d$ | | |
| $U$ | $d \times p$ | | |
| $h_0$ | $d$ | | |
| $s_0$ | number | | |"""
RNN, SUM, RATE = (
    r"h_t = \tanh(W h_{t-1} + U x_t)",
    r"m_t = \beta_1 m_{t-1} + (1 - \beta_1) g_t",
    "s_t = w s_{t-1} + r_t",
)
DESCENT, BACK = r"\theta_{k+1} = \theta_k - \eta p_k", r"\delta^l = (W^{l+1})^\top \delta^{l+1} \odot \tanh'(z^l)"
GRU = [r"u_t = \tanh(U x_t)", r"h_t = u_t \odot h_{t-1} + (1 - u_t) \odot \tanh(W h_{t-1})"]
LAYER = [r"z^{(l)} = W^{(l)} a^{(l-1)} + b^{(l)}", r"a^{(l)} = \tanh(z^{(l)})"]
NEXT = r"z^{(l+1)} = W^{(l+1)} a^{(l)} + b^{(l+1)}"

PAIRS = [  # rows, what is displayed before, a right second form, what is exchanged in it so that it is wrong
    (CELL, [RNN], r"h_{t+1} = \tanh(W h_t + U x_{t+1})", "x_{t+1}", "x_t"),
    (CELL, [RNN], r"h_{t+1} = \tanh(W h_t + U x_{t+1})", "+", "-"),
    (CELL, [RNN], r"h_{t+1} = \tanh(U x_{t+1} + W h_t)", "h_t", "h_{t-1}"),
    (CELL, [RNN], r"h_{t+1} = \tanh(W \tanh(W h_{t-1} + U x_t) + U x_{t+1})", "x_t)", "x_{t-1})"),
    (COUNTS, [RNN], r"h_{n+1} = \tanh(W h_n + U x_{n+1})", "x_{n+1}", "x_n"),
    (COUNTS, [RNN], r"h_n = \tanh(W h_{n-1} + U x_n)", "x_n", "x_{n-1}"),
    (CELL, [r"a_t = W h_{t-1} + U x_t", r"h_t = \tanh(a_t)"], r"h_{t+1} = \tanh(W h_t + U x_{t+1})", "x_{t+1}", "x_t"),
    (CELL, GRU, r"h_{t+1} = u_{t+1} \odot h_t + (1 - u_{t+1}) \odot \tanh(W h_t)", "1 - u_{t+1}", "1 - u_t"),
    (ADAM, [SUM], r"m_{t+1} = \beta_1 m_t + (1 - \beta_1) g_{t+1}", "g_{t+1}", "g_t"),
    (ADAM, [SUM], r"m_{t+1} = \beta_1 m_t + (1 - \beta_1) g_{t+1}", "m_t", "m_{t-1}"),
    (ADAM, [SUM, r"c_t = m_t / (1 - \beta_1^t)"], r"c_{t+1} = \frac{m_{t+1}}{1 - \beta_1^{t+1}}", "^{t+1}}", "^t}"),
    (ADAM, [r"\theta_t = \theta_{t-1} - \eta g_t"], r"\theta_{t+1} = \theta_t - \eta g_{t+1}", "g_{t+1}", "g_t"),
    (STEPS, [DESCENT], r"\theta_k = \theta_{k-1} - \eta p_{k-1}", "p_{k-1}", "p_k"),
    (STEPS, [DESCENT], r"\theta_{k+2} = \theta_{k+1} - \eta p_{k+1}", "-", "+"),
    (STEPS, [r"\theta_{k+1} = A \theta_k + b"], r"\theta_{k+2} = A (A \theta_k + b) + b", "A (A", "(A"),
    (RAISED, [r"\theta^{(k+1)} = A \theta^{(k)} + b"], r"\theta^{(k)} = A \theta^{(k-1)} + b", "A", r"A^\top"),
    (LAYERS, [BACK], r"\delta^{l-1} = (W^l)^\top \delta^l \odot \tanh'(z^{l-1})", "= ", "= -"),
    (LAYERS, [BACK], r"\delta^{l-1} = \tanh'(z^{l-1}) \odot (W^l)^\top \delta^l", r"\tanh'(z", r"\tanh(z"),
    (FORWARD, LAYER, NEXT, "+ b", "- b"),
    (FORWARD, [*LAYER, NEXT], r"a^{(l+1)} = \tanh(W^{(l+1)} a^{(l)} + b^{(l+1)})", "a^{(l)}", "z^{(l)}"),
    (AXIS, [RATE], "s_{t+1} = w s_t + r_{t+1}", "r_{t+1}", "r_t"),
    (AXIS, [RATE], "s_{n+1} = w s_n + r_{n+1}", "s_n", "s_{n-1}"),
    (AXIS, [RNN], r"h_{t+1} = \tanh(W h_t + U x_{t+1})", "x_{t+1}", "x_t"),
    (AXIS, [RNN], r"h_{t-1} = \tanh(W h_{t-2} + U x_{t-1})", "x_{t-1}", "x_t"),
]


@pytest.mark.parametrize(("rows", "before", "right", "old", "new"), PAIRS)
@pytest.mark.long_but_one_in(4)
def test_the_same_at_another_step_is_true_and_with_an_error_it_is_not(tmp_path, rows, before, right, old, new):
    assert old in right
    assert judged(tmp_path, *before, right, rows=rows)[-1] == (T, "")
    verdict, said = judged(tmp_path, *before, right.replace(old, new, 1), rows=rows)[-1]
    assert verdict in {F, N}, said
    assert "gives" in said


@pytest.mark.parametrize(
    ("rows", "before", "wrong"),
    [
        (CELL, [RNN], r"h_{t+1} = \tanh(W h_t + U x_t)"),
        (AXIS, [RNN], r"h_{t+1} = \tanh(W h_t + U x_t)"),
        (COUNTS, [RNN], r"h_{n+1} = \tanh(W h_n + U x_n)"),
        (ADAM, [SUM], r"m_{t+1} = \beta_1 m_t + (1 - \beta_1) g_t"),
        (LAYERS, [BACK], r"\delta^{l-1} = W^l{}^\top \delta^l \odot \tanh(z^{l-1})".replace("W^l{}", "(W^l)")),
    ],
)
def test_the_wrong_time_is_false_and_both_lines_are_named(tmp_path, rows, before, wrong):
    verdict, said = judged(tmp_path, *before, wrong, rows=rows)[-1]
    assert verdict in {F, N}
    assert "line" in said
    if "tanh(z" not in wrong:
        assert verdict is F


def test_another_method_is_asked_about(tmp_path):
    other = r"\theta_k = \theta_{k-1} - b"
    verdict, said = judged(tmp_path, DESCENT, other, rows=STEPS)[-1]
    assert verdict is N
    assert "or a second meaning?" in said


def test_under_another_heading_it_is_asked_about(tmp_path):
    path = page(tmp_path, RNN, r"h_{t+1} = \tanh(W h_t + U x_t)", rows=CELL)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("$$\nh_{t+1}", "## Another\n\n$$\nh_{t+1}"), encoding="utf-8")
    verdict, said = ((one := checked(path).judged[-1]).verdict, one.said)
    assert verdict is N
    assert "or a second meaning?" in said


def test_a_third_form_is_compared_with_the_first(tmp_path):
    wrong, right = r"h_{t+1} = \tanh(W h_t + U x_t)", r"h_{t+1} = \tanh(W h_t + U x_{t+1})"
    found = judged(tmp_path, RNN, wrong, right, rows=CELL)
    assert [verdict for verdict, _ in found] == [D, F, T]
    assert [x for x, _ in judged(tmp_path, RNN, right, right.replace("+ U", "- U"), rows=CELL)] == [D, T, F]


def test_what_rests_on_a_wrong_form_is_not_checked(tmp_path):
    wrong = r"h_{t+1} = \tanh(W h_t + U x_t)"
    rest = r"\frac{\partial h_{t+1}}{\partial h_t} = \operatorname{diag}(1 - h_{t+1} \odot h_{t+1}) W"
    *_, (verdict, said) = judged(tmp_path, RNN, wrong, rest, rows=CELL)
    assert verdict is N
    assert "because of line" in said


@pytest.mark.parametrize(
    ("rows", "shown"),
    [  # what no other display says: each only defines
        (CELL, [RNN, r"y_{t+1} = W h_{t-1}"]),
        (FORWARD, [*LAYER, r"a^{(L)} = W^{(l)} a^{(l-1)}"]),
        (CELL, [RNN, r"h_T = W h_{t-1}"]),
        (CELL, [r"h_t = U x_t", r"g_{t+1} = W h_{t-1}"]),
        (CELL, [r"P_{t \mid t-1} = W h_{t-1}", r"P_{t \mid t} = W P_{t \mid t-1}"]),
    ],
)
def test_other_names_are_no_second_form(tmp_path, rows, shown):
    assert [verdict for verdict, _ in judged(tmp_path, *shown, rows=rows)] == [D] * len(shown)


def test_where_shapes_change_from_layer_to_layer_it_is_said_that_nothing_was_compared(tmp_path):
    first, second = r"a^{(l)} = W^{(l)} a^{(l-1)}", r"a^{(l+1)} = W^{(l+1)} a^{(l)} + V^{(l+1)} a^{(l-1)}"
    rows = FORWARD + "\n| $V^{(l+1)}$ | $r \\times p$ | | |"
    assert judged(tmp_path, first, second, rows=rows)[-1][0] is N


def test_guesses_are_not_called_false(tmp_path):
    rows = CELL.replace(r"d \times d$ | | |", r"d \times d$ | | guessed: square |")
    assert judged(tmp_path, RNN, r"h_{t+1} = \tanh(W h_t + U x_t)", rows=rows)[-1][0] is N


def test_several_lines_in_one_display(tmp_path):
    first = r"\begin{aligned} a_t &= W h_{t-1} + U x_t \\ h_t &= \tanh(a_t) \end{aligned}"
    second = r"\begin{aligned} a_{t+1} &= W h_t + U x_{t+1} \\ h_{t+1} &= \tanh(a_{t+1}) \end{aligned}"
    assert judged(tmp_path, first, second, rows=CELL)[-1][0] is T
    assert judged(tmp_path, first, second.replace("x_{t+1}", "x_t"), rows=CELL)[-1][0] is F
    assert judged(tmp_path, first, second.replace(r"\tanh(a_{t+1})", r"\tanh(a_t)"), rows=CELL)[-1][0] is F
