"""Derivatives, limits and expectations, against values that a hand computes."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from nnlit.book import check
from nnlit.book.evaluation.environment import Env, World
from nnlit.book.evaluation.expressions import evaluate
from nnlit.book.evaluation.scope import Definition, Outcomes, Scope
from nnlit.book.evaluation.values import Mistake, Value
from nnlit.book.language import tex
from nnlit.book.language.names import Names
from tests.tiers import mostly_long

from .conftest import HERE

A = np.array([[2.0, 1.0], [0.0, 3.0]])
w = np.array([1.0, -2.0])


@pytest.mark.parametrize(
    ("expression", "rules", "expected"),
    [
        (r"\frac{\partial f}{\partial x}", ["f = x^3"], 27.0),
        (r"\frac{\partial}{\partial x} x^3", [], 27.0),
        (r"\frac{\partial^2 f}{\partial x^2}", ["f = x^3"], 18.0),
        (r"\frac{\partial f}{\partial x}", ["f = u^2", "u = 3 x"], 54.0),
        (r"\frac{\partial q}{\partial w}", [r"q = w^\top A w"], (A + A.T) @ w),
        (r"\frac{\partial q}{\partial w_2}", [r"q = w^\top A w"], ((A + A.T) @ w)[1]),
        (r"\frac{\partial^2 q}{\partial w_1 \partial w_2}", [r"q = w^\top A w"], 1.0),
        (r"\frac{\partial q}{\partial A}", [r"q = w^\top A w"], np.outer(w, w)),
        (r"\frac{\partial f}{\partial x}", [r"f = \lVert w \rVert x"], np.sqrt(5)),
        (r"\lim_{h \to 0} \frac{(x + h)^2 - x^2}{h}", [], 6.0),
        (r"\lim_{h \to 0^+} \frac{|h|}{h}", [], 1.0),
        (r"\lim_{h \to 0^-} \frac{|h|}{h}", [], -1.0),
        (r"\lim_{t \to \infty} \frac{2 t + 1}{t}", [], 2.0),
    ],
)
def test_values(valued, expression, rules, expected):
    np.testing.assert_allclose(valued(expression, rules=rules, A=A, w=w, x=3.0), expected, rtol=1e-9, atol=1e-9)


def test_a_first_derivative_is_exact_to_the_last_digits(valued):
    found = valued(r"\frac{\partial f}{\partial x}", rules=[r"f = \exp(x) \sin(x)"], x=0.7)
    assert found == pytest.approx(np.exp(0.7) * (np.sin(0.7) + np.cos(0.7)), rel=1e-15)


@pytest.mark.parametrize(
    ("expression", "rules", "message"),
    [
        (r"\frac{\partial L}{\partial x}", [], "L has no displayed definition, and no row gives an upstream gradient"),
        (r"\frac{\partial f}{\partial x}", ["f = y^2"], "f does not depend on x through the displayed equations"),
        (r"\frac{\partial}{\partial x} y^2", [], "the expression does not depend on x"),
        (r"\frac{\partial q}{\partial w_{11}}", [r"q = w^\top w"], "w has 1 axes but is written with 2 indices"),
        (r"\lim_{h \to 0} \frac{|h|}{h}", [], "the limit from the right and the limit from the left differ by 2"),
        (r"\mathbb E[x]", [], "nothing in the brackets of E is random"),
    ],
)
def test_what_cannot_be_computed_is_said(valued, expression, rules, message):
    with pytest.raises(Mistake) as error:
        valued(expression, rules=rules, w=w, x=3.0, y=2.0)
    assert message in str(error.value)


def test_a_given_gradient_is_taken_and_not_computed(valued):
    given = {r"\partial L/\partial W": A}
    np.testing.assert_array_equal(valued(r"\frac{\partial L}{\partial W}", W=A, **given), A)
    assert valued(r"\frac{\partial L}{\partial W_{12}}", W=A, **given) == 1.0


def function_world(rule, kinds, **bound):
    """A world with one function of one number that an equation defines."""
    names = Names({"f": "function", **kinds})
    step = tex.read(rule, HERE, names).steps[0]
    definition = Definition("f", step.right, HERE, parameters=("x",), function=True)
    return World(Scope(names, {"f": definition}), {k: Value(np.asarray(v)) for k, v in bound.items()}), names


def test_functions_have_derivatives_of_any_order_and_gradients(valued):
    world, names = function_world("f(x) = x^4", {"x": "number", "v": "array"}, x=2.0, v=[1.0, -1.0])

    def value(expression):
        node = tex.read(f"Q = {expression}", HERE, names).steps[0].right
        return evaluate(node, Env(world, {}, (node,))).data

    assert value("f'(x)") == pytest.approx(32)
    assert value("f''(x)") == pytest.approx(48)
    assert value("f'''(x)") == pytest.approx(48, rel=1e-6)
    np.testing.assert_allclose(value("f(v)"), [1, 1])
    np.testing.assert_allclose(value("f'(v)"), [4, -4])
    assert value(r"\frac{d f}{d x}") == pytest.approx(32)
    assert value(r"\nabla f(x)") == pytest.approx(32)
    assert value(r"\nabla^2 f(x)") == pytest.approx(48)
    with pytest.raises(Mistake, match="f has 1 argument, not 2"):
        value("f(x, x)")
    with pytest.raises(Mistake, match="f' needs a function of one number"):
        value("f'(x, x)")
    assert world.value("f").data == pytest.approx(16)  # at what its argument is called
    with pytest.raises(Mistake, match="f is a function: write its argument"):
        function_world("f(y) = y^4", {})[0].value("f")


def test_a_function_that_uses_itself_comes_to_an_end():
    world, names = function_world("f(x) = f(x) + 1", {"x": "number"}, x=2.0)
    node = tex.read("Q = f(x)", HERE, names).steps[0].right
    with pytest.raises(Mistake, match="the definition of f uses itself"):
        evaluate(node, Env(world, {}, (node,)))


def coin(values, chances):
    return lambda _: Outcomes(np.array(values), np.array(chances))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (r"\mathbb E[r]", 0.25),
        (r"\mathbb E[r + s]", 0.25 + 2.0),
        (r"\operatorname{Var}(r)", 0.1875),
        (r"\operatorname{Var}(r + s)", 0.1875 + 1.0),
        (r"\operatorname{Cov}(r, s)", 0.0),
        (r"\operatorname{Cov}(r, r)", 0.1875),
        (r"\mathbb E_r[r s]", 0.25 * 7),
        (r"\mathbb E[r^2 x]", 0.75),
    ],
)
def test_expectations_go_through_all_outcomes(valued, expression, expected):
    random = {"r": coin([0.0, 1.0], [0.75, 0.25]), "s": coin([1.0, 3.0], [0.5, 0.5])}
    found = valued(expression, scope={"random": random}, r=0.0, s=7.0, x=3.0)
    np.testing.assert_allclose(found, expected, atol=1e-14)


def test_too_many_outcomes_are_refused_before_they_are_listed(valued):
    many = coin(np.arange(1000.0), np.full(1000, 1e-3))
    with pytest.raises(Mistake, match="1000000 outcomes are too many to enumerate"):
        valued(r"\mathbb E[r s]", scope={"random": {"r": many, "s": many}}, r=0.0, s=0.0)


def test_an_expectation_over_what_is_not_random_is_said(valued):
    with pytest.raises(Mistake, match="x is not random: say in the Symbols table what is"):
        valued(r"\mathbb E_x[r]", scope={"random": {"r": coin([0.0, 1.0], [0.5, 0.5])}}, r=0.0, x=1.0)


def claims(tmp_path: Path, *lines: str) -> list[tuple[str, str]]:
    """Verdicts on displays of one number x."""
    path = tmp_path / "text.md"
    table = "| symbol | shape | code | meaning |\n|---|---|---|---|\n| $x$ | number | | a number |\n"
    path.write_text(table + "".join(f"\n$$\n{line}\n$$\n" for line in lines), encoding="utf-8")
    return [(one.verdict.value, one.said) for one in check(path).judged]


def test_a_second_derivative_that_has_a_name_is_differentiated_again(tmp_path):
    lines = [r"a = \sin x", r"b = \frac{\partial^2 a}{\partial x^2}"]
    right = [r"\frac{\partial b}{\partial x} = -\cos x", r"\frac{\partial^2 b}{\partial x^2} = \sin x"]
    wrong = [r"\frac{\partial b}{\partial x} = \cos x", r"\frac{\partial^2 b}{\partial x^2} = -\sin x"]
    found = [word for word, _ in claims(tmp_path, *lines, *right, *wrong)]
    assert found == ["defined", "defined", "true", "true", "false", "false"]


@pytest.mark.parametrize("order", mostly_long([1, 2]))
def test_derivatives_of_derivatives_are_right_or_not_computed(tmp_path, order):
    slope = [r"\frac{\partial %s}{\partial x}", r"\frac{\partial^2 %s}{\partial x^2}"][order - 1]
    above = [r"\sin x", r"\cos x", r"-\sin x", r"-\cos x"]
    verdicts = []
    for n in range(1, 9):
        names = "abcghkpqruvwz"[: n + 1]
        lines = [rf"{now} = {slope % before}" for before, now in pairwise(names)]
        word, said = claims(tmp_path, r"a = \sin x", *lines, rf"{names[-1]} = {above[n * order % 4]}")[-1]
        verdicts.append(word)
        assert word == "true" or "derivatives within each other" in said
    assert verdicts == sorted(verdicts, reverse=True)
    assert verdicts[1] == "true"
    assert verdicts[-1] == "not checked"


@pytest.mark.parametrize(
    "formula",
    [
        r"\nabla " * 30 + "f",
        r"\nabla x " * 30 + "f",
        r"\nabla_x (" * 30 + "f" + ") x" * 30,
        r"\nabla \frac{" * 30 + "f" + "}{2} x" * 30,
        r"(d/dx)^2 (" * 14 + "f" + ") x" * 14,
    ],
)
def test_derivatives_in_each_other_end_at_once(tmp_path, formula):
    word, said = claims(tmp_path, "f = x^2", f"f = {formula}")[1]
    assert word in {"not read", "not checked"}
    assert "derivative" in said
