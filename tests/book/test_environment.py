"""What names mean: values that rest on each other, ranges of letters, shapes that a table declares."""

import numpy as np
import pytest

from nnlit.book.evaluation.environment import Env, World, constant, evaluate
from nnlit.book.evaluation.expressions import evaluate as same_evaluate
from nnlit.book.evaluation.scope import Definition, Scope
from nnlit.book.evaluation.values import Mistake, Value
from nnlit.book.language import nodes as n
from nnlit.book.language import tex
from nnlit.book.language.declarations import bare
from nnlit.book.language.names import Names
from nnlit.book.language.tex import read_expression

from .conftest import HERE


def world(*rules, kinds=None, **bound):
    """A world in which some names are bound and others defined by equations."""
    names = Names({name: "array" if np.ndim(v) else "number" for name, v in bound.items()} | (kinds or {}))
    steps = [tex.read(rule, HERE, names).steps[0] for rule in rules]
    letters = {s.left.name: tuple(x.name for x in s.left.indices) for s in steps}
    found = {s.left.name: Definition(s.left.name, s.right, HERE, letters[s.left.name]) for s in steps}
    return World(Scope(names, found), {name: Value(np.asarray(v)) for name, v in bound.items()})


def test_a_defined_name_is_computed_once_and_anew_when_what_it_rests_on_changes():
    here = world("b = a^2", "c = b + 1", a=3.0)
    assert here.value("c").data == 10
    assert set(here.memo) == {"b", "c"}
    there = here.replaced("a", Value(np.array(4.0)))
    assert there.value("c").data == 17
    assert here.value("c").data == 10


def test_what_does_not_rest_on_a_name_is_kept():
    here = world("b = a^2", "c = d + 1", a=3.0, d=1.0)
    here.value("b")
    here.value("c")
    assert set(here.replaced("a", Value(np.array(4.0))).memo) == {"c"}


def test_a_copy_can_be_changed_without_changing_the_original():
    here = world("b = a^2", a=3.0)
    copied = here.copied()
    copied.bound["a"] = Value(np.array(5.0))
    assert (copied.value("b").data, here.value("b").data) == (25, 9)


def test_a_name_rests_on_all_that_its_definition_reaches():
    scope = world("b = a^2", "c = b d", a=3.0, d=1.0).scope
    assert scope.depends("c") == {"a", "b", "c", "d"}
    assert scope.uses(n.Add(n.Symbol("b"), n.Symbol("x"))) == {"a", "b", "x"}
    changed = scope.with_definition(Definition("b", n.Symbol("z"), HERE))
    assert changed.depends("c") == {"b", "c", "d", "z"}


def test_definitions_in_a_circle_are_named():
    with pytest.raises(Mistake, match="the definitions of b and c use each other"):
        world("b = c + 1", "c = b + 1").value("b")


@pytest.mark.parametrize(
    ("table", "message"),
    [(True, "it is neither in the Symbols table nor defined"), (False, "no Symbols table .* is valid here")],
)
def test_an_unknown_name_is_said(table, message):
    with pytest.raises(Mistake, match=f"^q has no value: {message}"):
        constant("q", table=table)


def test_constants():
    assert constant("e").data == pytest.approx(2.718281828459045)
    assert constant(r"\pi").data == pytest.approx(3.141592653589793)


def test_index_form_becomes_an_array_in_the_order_of_the_left_side():
    A = np.arange(6.0).reshape(2, 3)
    found = world("B_{ji} = 2 A_{ij}", kinds={"B": "array"}, A=A).value("B")
    assert (found.letters, found.shape) == ((), (3, 2))
    np.testing.assert_array_equal(found.data, 2 * A.T)


@pytest.mark.parametrize(("shape", "fits"), [(("3", "2"), True), (("2", "3"), False)])
def test_a_declared_shape_is_compared(shape, fits):
    here = world(r"B = A^\top", kinds={"B": "array"}, A=np.ones((2, 3)))
    here.scope.shapes["B"] = tuple(bare(read_expression(s, HERE)) for s in shape)
    if fits:
        assert here.value("B").shape == (3, 2)
    else:
        with pytest.raises(Mistake, match=r"B is declared with shape \(2, 3\) but its equation is of shape \(3, 2\)"):
            here.value("B")


def test_a_vector_may_be_declared_as_a_row_or_a_column():
    here = world(r"B = 2 v", kinds={"B": "array"}, v=np.array([1.0, 2.0]))
    here.scope.shapes["B"] = tuple(bare(read_expression(s, HERE)) for s in ("1", "2"))
    assert here.value("B").shape == (1, 2)


@pytest.mark.parametrize(
    ("text", "value"),
    [("3", 3), ("a + 1", 5), ("a / 2", 2), ("a / 3", None), ("v", None)],
)
def test_a_size_is_one_whole_number(text, value):
    here = world(a=4.0, v=np.ones(2))
    node = bare(read_expression(text, HERE))
    if value is None:
        with pytest.raises(Mistake, match="must be one whole number"):
            here.integer(node)
    else:
        assert here.integer(node) == value
        assert here.has_size(node)


def test_a_size_that_holds_an_unknown_name_is_known_to_be_unknown():
    assert not world(a=4.0).has_size(bare(read_expression("a + m", HERE)))


def test_a_declared_range_is_compared_with_the_axes():
    here = world(v=np.ones(3))
    here.scope.ranges["j"] = n.Number("4")
    node = tex.read("Q = v_j", HERE, here.scope.names).steps[0].right
    with pytest.raises(Mistake, match="index j"):
        Env(here, {}, (node,)).with_letters(["j"], node)


def test_a_mistake_is_marked_with_the_innermost_part_in_which_it_shows():
    here = world(A=np.ones((2, 3)))
    node = tex.read("Q = 1 + (A A + 2)", HERE, here.scope.names).steps[0].right
    with pytest.raises(Mistake) as error:
        evaluate(node, Env(here, {}, (node,)))
    assert (error.value.span.column, error.value.span.end) == (10, 13)


def test_a_node_without_a_rule_has_no_value():
    with pytest.raises(Mistake, match="Infinity has no value here"):
        same_evaluate(n.Infinity(), Env(world(), {}, ()))
