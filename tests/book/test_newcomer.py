r"""What somebody met who checked three texts of their own for the first time, with its kin."""

import pytest

from nnlit.book.assembly import Assembly
from nnlit.book.checks.verdicts import Verdict
from nnlit.book.source import documents
from tests.book import authored

TRUE, FALSE, DEFINED, OPEN = Verdict.TRUE, Verdict.FALSE, Verdict.DEFINED, Verdict.NOT_CHECKED

# a gradient at a point

ROWS = r"""
| $w$, $w^{(t)}$, $c$, $w_t$, $w_0$, $u$ | $d$ | | weights |
| $H$ | $d \times d$ | | |
| $f$ | function | | any smooth function from $d$ to number |
"""
BOWL = (r"L(w) = (w - c)^\top (w - c)", r"M(w, b) = b^2 L(w)", r"J(v) = v^\top H v", "q = 3 w")


@pytest.fixture
def last(tmp_path):
    def verdict(*shown, rows=ROWS):
        return authored.judged(tmp_path, *shown, rows=rows)[-1]

    return verdict


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (r"\nabla_w L(w^{(t)})", "2 (w^{(t)} - c)"),
        (r"\nabla_w L(w_t)", "2 (w_t - c)"),
        (r"\nabla_w L(w_0)", "2 (w_0 - c)"),
        (r"\nabla_w L(u + 1)", "2 (u + 1 - c)"),
        (r"\nabla_w L(u)^\top", r"2 (u - c)^\top"),
        (r"\nabla_w^2 J(u)", r"H + H^\top"),
        (r"\nabla_w J(w_t)", r"(H + H^\top) w_t"),
        (r"\nabla_w f(u)", r"\nabla f(u)"),
        (r"\nabla_w M(u, 3)", "18 (u - c)"),
        (r"\nabla_w L(q)", "6 (q - c)"),
        (r"\left. \nabla_w L(w) \right|_{w = u}", "2 (u - c)"),
        (r"\partial_w L(u)", "2 (u - c)"),
        (r"\frac{\partial L(u)}{\partial w}", "2 (u - c)"),
        (r"\frac{\partial L(u)}{\partial w_j}", "2 (u_j - c_j)"),
        (r"\frac{\partial}{\partial w} L(u)", "2 (u - c)"),
        (r"\frac{\partial M(u, 3)}{\partial b}", "6 L(u)"),
    ],
)
def test_a_gradient_of_a_function_is_that_at_its_argument(last, left, right):
    assert last(*BOWL, f"{left} = {right}")[0] is TRUE
    assert last(*BOWL, f"{left} = 2 {right}")[0] is FALSE
    assert last(*BOWL, f"{left} = 0 {right}")[0] in {FALSE, OPEN}


def test_a_step_of_newton_lands_at_the_bottom_and_does_not_stay(last):
    step = r"w^{(t+1)} = w^{(t)} - \frac{1}{2} \nabla_w L(w^{(t)})"
    assert last(*BOWL, step, "w^{(t+1)} = c")[0] is TRUE
    assert last(*BOWL, step, "w^{(t+1)} = w^{(t)}")[0] is FALSE
    assert last(*BOWL, r"\nabla_w L(w^{(t)}) = 0")[0] is FALSE


def test_a_slope_that_may_be_zero_is_asked_about(last):
    verdict, said = last(*BOWL, r"\frac{\partial L(u)}{\partial w} = 0")
    assert verdict is OPEN
    assert "is this 0, since w does not stand in L(u), or the derivative there?" in said


@pytest.mark.parametrize("slope", [r"\nabla_w g", r"\frac{\partial g}{\partial w}", r"\nabla_w \log L(u)"])
def test_what_does_not_rest_on_a_name_has_no_silent_slope(last, slope):
    verdict, said = last(*BOWL, "g = L(u)", f"{slope} = 0")
    assert verdict is OPEN
    assert "does not depend on w" in said


def test_an_entry_zero_is_said_to_be_none(last):
    verdict, said = last("L(w) = w^\\top w", "g = L(w_0)", rows="| $w$ | $d$ | | |")
    assert verdict is not FALSE
    verdict, said = last("w_0 = w", rows="| $w$ | $d$ | | |")
    assert verdict is OPEN
    assert "if w_0 is a name of its own, such as a first value, give it a row" in said


def test_a_gradient_at_a_point_is_written_as_it_is_read(tmp_path):
    shown = [*BOWL, r"\nabla_w L(w_t) = 2 (w_t - c)", r"\nabla_w^2 J(u) = H + H^\top"]
    whole = Assembly(documents.read(authored.page(tmp_path, *shown, rows=ROWS)))
    for display in whole.chapter.displays[-2:]:
        authored.read_again(whole, display)
