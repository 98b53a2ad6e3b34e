r"""What parts the pieces of brackets: commas, semicolons, and the bar behind which stands what is given."""

from pathlib import Path

import pytest

from nnlit.book.language import syntax as s
from nnlit.book.language import tex
from nnlit.book.language.names import Names
from nnlit.book.language.parser import parse_expression
from nnlit.book.language.spans import Source
from nnlit.book.language.vocabulary import Kind
from nnlit.book.source.place import BookError, Place

HERE = Place(Path("test.md"), 1)


@pytest.mark.parametrize(
    ("written", "joints"),
    [
        ("p(y | x)", ("|",)),
        (r"p(y \mid x, z)", ("|", ",")),
        (r"p(y, x; \theta)", (",", ";")),
        ("D(q || p)", ("||",)),
        (r"D(q \,\|\, p)", ("||",)),
        (r"D(q \parallel p)", ("||",)),
        (r"D(q \mid\mid p)", ("||",)),
        (r"p(\cdot | x)", ("|",)),
        ("f(|x|, y)", ()),
        ("f(|a| + |b|)", ()),
        (r"f(\|x\|)", ()),
        ("f(a, b)", ()),
    ],
)
def test_a_bar_that_closes_nothing_parts_what_stands_in_brackets(written, joints):
    read = parse_expression(Source.on(written, HERE))
    assert isinstance(read, s.Run)
    group = read.items[-1]
    assert isinstance(group, s.Group)
    assert group.joints == joints
    assert not joints or len(group.parts) == len(joints) + 1


def test_three_bars_are_asked_about():
    with pytest.raises(BookError, match="which of these bars means 'given'"):
        parse_expression(Source.on("p(|x| | y)", HERE))


@pytest.mark.parametrize(
    "side", ["(a | b)", "[i = j | k = l]", r"\max(a | b)", r"\mathbb 1[i = j; k = l]", r"\operatorname{Cov}(a | b)"]
)
def test_only_functions_have_arguments_with_bars(side):
    with pytest.raises(BookError, match="joins the arguments of a function"):
        tex.read(f"q = {side}", HERE, Names({"a": Kind.NUMBER, "b": Kind.NUMBER}))


def test_a_function_of_the_page_has_arguments_with_bars():
    names = Names({"f": Kind.FUNCTION, "a": Kind.NUMBER, "b": Kind.NUMBER})
    shown = [tex.read(f"q = {x}", HERE, names).steps[0].right for x in ("f(a, b)", "f(a; b)", r"f(a \mid b)", "f(a|b)")]
    assert shown[0] == shown[1] == shown[2] == shown[3]
