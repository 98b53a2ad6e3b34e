# ruff: noqa: E501, PT012 (an equation stands on one line)
r"""The page check: what it says when something is wrong, what a name means where, and a code line's value."""

import re
from pathlib import Path

import numpy as np
import pytest

from nnlit.book.assembly import Assembly
from nnlit.book.checks.equations import PageCheck
from nnlit.book.checks.verdicts import EquationError, Result
from nnlit.book.evaluation.sampling import CONDITIONS
from nnlit.book.language import tex
from nnlit.book.language.declarations import PHRASES
from nnlit.book.mutation.judge import EquationJudge
from nnlit.book.mutation.verdicts import By, Equivalent, Rejected, Unnoticed
from nnlit.book.mutation.wrong_equations import equation_mutants
from nnlit.book.source import chapter

HEADER = "| symbol | shape | code | meaning |\n|---|---|---|---|\n"
ROWS = r"""
| $X$ | $m \times n$ | `X` | a batch |
| $W$ | $n \times K$ | `self.W` | weights |
| $V$ | $m \times d$ | | another array |
| $u$, $v$ | $n$ | | vectors |
| $x$, $h$ | number | | numbers |
| $t$ | integer | | a step |
| $y$ | labels, $m$ | | labels 0..K-1 |
"""


def outcomes(check):
    """What is found of every display of a page."""
    return [check.outcome(display) for display in check.analysis.chapter.displays]


@pytest.fixture
def made(tmp_path):
    def make(text: str) -> PageCheck:
        path = tmp_path / "own.md"
        path.write_text(text, encoding="utf-8")
        return Assembly.of(path).equations

    return make


@pytest.fixture
def one(made):
    def make(equation: str, rows: str = ROWS) -> Result:
        checked = made(f"# Own\n\n{HEADER}{rows.strip()}\n\n$$\n{equation}\n\\label{{own:last}}\n$$\n")
        return checked.check(checked.analysis.by_label["own:last"])

    return make


STATIC = {
    r"u_j = \sum_i X_{ij} W_{jl}": "index l is free on the right but not on the left",
    r"c = \sum_j X_{ij} W_{jk}": "index i is free on the right but not on the left",
    r"c_{ik} = \sum_j X_{ij} W_{kj}": "index j ranges over 4 but axis 1 of W has 3",
    r"C = X V": "matrix product of shapes (5, 4) and (5, 6)",
    r"C = X + V": "shapes (5, 4) and (5, 6) do not fit +",
    r"C = X \odot W": r"shapes (5, 4) and (4, 3) do not fit \odot",
    r"c = u v": r"two vectors side by side, u v: write \odot, ^\top or \langle a, b \rangle",
    r"c_i = X_i": "X has 2 axes but is written with 1 indices",
    r"c = \sum_s x": "the range of index s cannot be inferred",
    r"c = \sum_{i=1}^{7} X_{ij} X_{ij}": "index j is free on the right",
    r"c_j = \sum_{i=1}^{7} X_{ij}": "an index runs outside axis 0 of X, which has 5 entries",
    r"C = X^{-1}": "inverse of a matrix of shape (5, 4)",
    r"c = x^\top": r"what ^\top stands at is a number",
    r"C = q X": "q has no value: it is neither in the Symbols table nor defined by a displayed equation",
    r"\frac{\partial L}{\partial W} = X": "L has no displayed definition, and no row gives an upstream gradient",
    r"\frac{\partial x}{\partial W} = W": "x does not depend on W through the displayed equations",
    r"c = g(x)": "g has no value",
    r"c = \operatorname{tr}(X)": "the argument of tr is of shape (5, 4): it needs a square matrix",
    r"c = \log(0 - 1 - x^2)": r"the right side is not a finite number everywhere: \log(0 - 1 - x^{2}) is the logarithm of a negative number",
    r"x \approx h": r"\approx needs printed digits, or a small number",
    r"\mathbb E[x] = x": "nothing in the brackets of E is random",
    r"c = \lim_{h \to 0} \frac{|h|}{h}": "the limit from the right and the limit from the left differ by 2",
}


@pytest.mark.parametrize("equation", STATIC)
@pytest.mark.long_but_one_in(4)
def test_what_does_not_fit_is_said(one, equation):
    with pytest.raises(EquationError) as error:
        one(equation)
    assert STATIC[equation] in str(error.value)
    assert re.search(r"own\.md:14(:\d+)?: own:last: ", str(error.value))


READING = {
    r"c = \foo x": r"unknown command \foo: it is not in the equation language",
    r"c = \frac{1}{x": "unbalanced braces: this { is never closed",
    r"c = x}": "} closes nothing: unbalanced braces",
    r"c = (x + 1": "this ( is never closed",
    r"c = (x + 1]": "( is closed by ]",
    r"c = x +": "the equation ends too early",
    r"c = 1/2 x": r"is 1 divided by 2 alone, or by what follows too? write \frac{a}{b} or parentheses",
    r"c = x + \cdots + h": "what do these dots stand for?",
    r"c = x \cdots": "what do these dots stand for?",
    r"c = \cdots": r"\cdots cannot be executed here",
    r"c = x \\ d h": "is no product with the one above",
    r"x + h": "this display states no relation",
    r"= x": "this display begins with =, and none stands above it in its section",
    r"c = \sum x": r"\sum needs an index: \sum_i",
    r"c = \begin{pmatrix} 1 & 2 \\ 3 \end{pmatrix}": "the rows of this matrix have different lengths",
    r"c = \lVert x \rVert_3": "norm of kind 3",
    r"c = \nabla y": r"in which symbol is this gradient? it depends on no symbol with a row",
    r"c_m = \sum_i X_{im}": "m is a size in the Symbols table: take another letter for the index",
    r"c = \frac{\partial^5 x}{\partial x^5}": "a derivative of order 5 is not computed: at most 4 are",
    r"c = \begin{cases} 1 & \end{cases}": r"a line of cases needs a condition or \text{otherwise}",
    r"c = \lim x": r"\lim needs its variable",
    r"c = \mathbb E x": "write the argument of E in brackets",
    r"c = x \in h": r"not executed: c \in h",
    r"c = \begin{cases} ( 1 & x > 0 \end{cases}": "this ( is never closed",
    r"c = \nabla^{W} x": "W is no number of derivatives",
    r"c = \frac{\partial x}{\partial x^{k}}": "k is no number of derivatives",
    r"c = x_{}": "this subscript is empty",
    r"c = \operatorname{argmax} x": "argmax needs an index: argmax_i",
    r"c = \sum^3 x": r"\sum has an upper bound and no index: write \sum_{i=1}^3",
    "c = x \\": "cannot read '\\' here",
}


@pytest.mark.parametrize("equation", READING)
@pytest.mark.long_but_one_in(4)
def test_what_cannot_be_read_is_said(one, equation):
    with pytest.raises(chapter.BookError) as error:
        one(equation)
    assert READING[equation] in str(error.value)
    assert "own.md:1" in str(error.value)


ROW_ERRORS = {
    r"| $X$ | a nice matrix | | |": "shape 'a nice matrix' is neither mathematics nor one of number",
    r"| $X$ | $m \times$ | | |": "cannot be read",
    r"| $X$ | $\foo$ | | |": r"unknown command \foo",
    r"| $y$ | labels | | labels 0..K-1 |": "labels need a shape: labels, $m$",
    r"| $y$ | labels, $m$ | | the answers |": "how many classes has y? write labels 0..K-1 in its meaning",
    r"| $m$ | size | | |" + "\n" + r"| $y$ | labels, $m$ | | labels 0..K-1 |": "classes of y: K has no value",
    r"| $X Y$ | $m$ | | |": "is neither a symbol nor a derivative",
    r"| $A$ | $m \times n$ | | symmetric |": "cannot be symmetric",
    r"| $m$ | size | | |" + "\n" + r"| $X$ | $m - 20$ | | |": "no sizes fit the shape of X",
}


@pytest.mark.parametrize("row", ROW_ERRORS)
def test_a_row_that_cannot_be_read_is_said(one, row):
    with pytest.raises(chapter.BookError) as error:
        one("c = 1 + 1", row + "\n| $x$ | number | | |")
    assert ROW_ERRORS[row] in str(error.value)
    assert ":5: " in str(error.value) or ":6: " in str(error.value)


@pytest.mark.parametrize(
    ("meaning", "near"),
    [
        ("one-hot row", "one-hot rows"),
        ("targets, rows sum to 1", "rows sum to one"),
        ("a rate, postive", "positive"),
        ("Between 0 and one.", "between 0 and 1"),
        ("identiti", "identity"),
        ("three times the identity matrix, or so", "identity"),
        ("holds exact zero", "holds exact zeros"),
        ("counts from one", "counts from 1"),
    ],
)
def test_a_condition_that_is_misspelt_is_no_prose(made, meaning, near):
    checked = made(f"# Own\n\n{HEADER}| $X$ | $n \\times n$ | | {meaning} |\n\n$$\nC = X\n\\label{{own:last}}\n$$\n")
    with pytest.raises(chapter.BookError, match=rf"own.md:5: X: '.*' is no condition, but nearly '{near}'"):
        checked.check(checked.analysis.by_label["own:last"])


def test_every_condition_is_among_the_phrases():
    assert set(CONDITIONS) <= set(PHRASES)


def test_a_display_without_a_symbols_table(made):
    checked = made("# Own\n\n$$\n2 + 2 = 4\n$$\n\n$$\nZ = X W\n$$\n")
    numbers, letters = outcomes(checked)
    assert numbers.how == "rewrite"
    assert "no Symbols table (symbol | shape | code | meaning) is valid here" in str(letters)


DENSE = r"""# Own

| symbol | shape | code | meaning |
|---|---|---|---|
| $X$ | $m \times n$ | `X` | a batch |
| $W$ | $n \times K$ | `self.W` | weights |
| $b$ | $K$ | `self.b` | biases |
| $\frac{\partial L}{\partial Z}$ | $m \times K$ | `grad_Z` | the gradient from above |

$$
Z = X W + b
\label{own:forward}
$$

$$
RIGHT
\label{own:grad}
$$
"""


@pytest.mark.parametrize(
    ("right", "message"),
    [
        (r"\frac{\partial L}{\partial W} = - X^\top \frac{\partial L}{\partial Z}", "only the sign is wrong"),
        (
            r"\frac{\partial L}{\partial W} = X \frac{\partial L}{\partial Z}",
            "matrix product of shapes (5, 4) and (5, 3)",
        ),
        (r"\frac{\partial L}{\partial W} = \frac{1}{m} X^\top \frac{\partial L}{\partial Z}", "a factor m?"),
        (
            r"\frac{\partial L}{\partial X} = \frac{\partial L}{\partial Z} W",
            "matrix product of shapes (5, 3) and (4, 3)",
        ),
        (
            r"\frac{\partial L}{\partial W} = \left(\frac{\partial L}{\partial Z}\right)^\top X",
            "the left side is of shape (4, 3), the right side of shape (3, 4)",
        ),
        (r"\frac{\partial L}{\partial b_k} = \sum_i \frac{\partial L}{\partial Z_{ik}} X_{i1}", "left of shape (3,)"),
    ],
)
def test_a_wrong_gradient_fails_with_label_line_sizes_and_difference(made, right, message):
    checked = made(DENSE.replace("RIGHT", right))
    with pytest.raises(EquationError) as error:
        checked.check(checked.analysis.by_label["own:grad"])
    assert message in str(error.value)
    assert re.search(r"own\.md:16(:\d+)?: own:grad: ", str(error.value))
    assert error.value.label == "own:grad"


def test_a_difference_is_reported_with_entry_values_and_shapes(made):
    right = r"\frac{\partial L}{\partial W_{jk}} = \sum_i X_{ij} \frac{\partial L}{\partial Z_{ik}} + [j = 2, k = 1]"
    checked = made(DENSE.replace("RIGHT", right))
    with pytest.raises(
        EquationError, match=r"the two sides differ by 1 at entry \(2, 1\): left .*, right .*; relative error"
    ):
        checked.check(checked.analysis.by_label["own:grad"])


def test_a_wrong_step_is_named_with_its_line(made):
    lines = (
        "\\begin{aligned}\n\\frac{\\partial L}{\\partial W} &= X^\\top \\frac{\\partial L}{\\partial Z} \\\\\n"
        "&= 2 X^\\top \\frac{\\partial L}{\\partial Z}\n\\end{aligned}"
    )
    checked = made(DENSE.replace("RIGHT", lines))
    with pytest.raises(EquationError, match=r"own.md:18:4: own:grad, step 2: .* 2 times the left"):
        checked.check(checked.analysis.by_label["own:grad"])


def test_the_result_says_how_and_on_which_sizes(made):
    checked = made(
        DENSE.replace("RIGHT", r"\frac{\partial L}{\partial b_k} = \sum_i \frac{\partial L}{\partial Z_{ik}}")
    )
    forward, gradient = outcomes(checked)
    assert (forward.how, forward.error) == ("definition", 0.0)
    assert (gradient.how, gradient.steps) == ("complex step", 1)
    assert gradient.error < 1e-13
    assert len(set(gradient.sizes.values())) == len(gradient.sizes) == 3


def test_a_concrete_loss_and_an_upstream_gradient_exclude_each_other(made):
    checked = made(DENSE.replace("RIGHT", r"L = \sum_i \sum_k Z_{ik}^2"))
    with pytest.raises(
        chapter.BookError, match=r"own.md:8: .* is an upstream gradient, but L has a displayed definition"
    ):
        checked.check(checked.analysis.by_label["own:grad"])


# what a name means where

SCOPES = r"""# Own

## Symbols

| symbol | shape | code | meaning |
|---|---|---|---|
| $x$ | number | | a number |

## Squares

$$
f(x) = x^2
\label{own:square}
$$

$$
f'(x) = 2 x
\label{own:square-slope}
$$

## Cubes

| symbol | shape | code | meaning |
|---|---|---|---|
| $f$ | function | | another function |

$$
f(x) = x^3
\label{own:cube}
$$

$$
f'(x) = 3 x^2
\label{own:cube-slope}
$$

## Again

$$
f(x + 1) = x^2 + 2 x + 1
\label{own:again}
$$
"""


def test_a_section_with_its_own_table_has_its_own_definitions(made):
    checked = made(SCOPES)
    assert all(isinstance(result, Result) for result in outcomes(checked))
    swapped = made(SCOPES.replace("= 3 x^2", "= 2 x"))
    assert [r.label for r in outcomes(swapped) if isinstance(r, EquationError)] == ["own:cube-slope"]


def test_a_display_is_resolved_once_where_its_names_are_of_the_same_kinds(made, monkeypatch):
    read, resolve = [], tex.resolve
    monkeypatch.setattr(tex, "resolve", lambda formula, names: read.append(formula) or resolve(formula, names))
    part = f"\n### Part\n\n{HEADER}| $w$ | number | | a number |\n\n$$\nv = w + 1\n$$\n"
    text = f"# Own\n\n{HEADER}| $f$ | number | | |\n| $x$ | number | | |\n\n$$\na = f(x + 1) + x\n$$\n{part}{part}"
    found = made(text).analysis
    assert len(found.parts) == 3
    assert len(read) == 3  # one of the whole, one of each part
    assert len({id(part.equations[found.chapter.displays[0].place]) for part in found.parts.values()}) == 1


def test_a_display_is_resolved_anew_where_a_name_of_it_is_of_another_kind(made):
    part = f"\n### Part\n\n{HEADER}| $f$ | function | | a function |\n\n$$\nb = f(x)\n$$\n"
    text = f"# Own\n\n{HEADER}| $f$ | number | | |\n| $x$ | number | | |\n\n$$\na = f(x + 1) + x\n$$\n{part}"
    found = made(text).analysis
    product, called = (part.equations[found.chapter.displays[0].place] for part in found.parts.values())
    assert [type(e.steps[0].right.left).__name__ for e in (product, called)] == ["Product", "Call"]


def test_a_second_meaning_without_a_table_is_explained(made):
    text = f"# Own\n\n{HEADER}| $x$ | number | | |\n\n$$\na = x^2\n$$\n\n$$\na = x^3\n$$\n"
    result = outcomes(made(text))[1]
    assert "a is defined at" in str(result)
    assert "a second meaning needs a section with its own Symbols table" in str(result)


def test_a_symbol_on_both_sides_is_explained(one):
    with pytest.raises(EquationError, match="a new value of the name on its left"):
        one(r"W = W - x W")
    assert one(r"W \leftarrow W - x W").how == "definition"
    assert one(r"W := W - x W").how == "definition"


def test_definitions_that_use_each_other(made):
    text = f"# Own\n\n{HEADER}| $x$ | number | | |\n\n$$\na = b + x\n$$\n\n$$\nb = a - x\n$$\n"
    assert "use each other" in str(outcomes(made(text))[0])


def test_an_equation_solved_for_a_random_symbol_is_a_consequence(made):
    text = f"# Own\n\n{HEADER}| $x$ | number | | positive |\n\n$$\na = x^2\n$$\n\n$$\nx = \\sqrt{{a}}\n$$\n"
    assert [r.how for r in outcomes(made(text))] == ["definition", "rewrite"]


def test_unlabelled_displays_are_checked_and_named_by_line(made):
    text = f"# Own\n\n{HEADER}| $x$ | number | | |\n\n$$\nx + x = 3 x\n$$\n"
    assert "own.md:8:9: own, line 7: the two sides differ" in str(outcomes(made(text))[0])


# marks


def marked(mark: str, equation: str) -> str:
    right = "$$\n(x + 1)^2 = x^2 + 2 x + 1\n\\label{own:right}\n$$"
    return f"# Own\n\n{HEADER}| $x$ | number | | |\n\n{right}\n\n{mark}\n$$\n{equation}\n\\label{{own:marked}}\n$$\n"


def test_a_display_marked_wrong_has_to_be_wrong(made):
    mark = "<!-- wrong: own:right, somewhere, 2020 -->"
    wrong = outcomes(made(marked(mark, "(x + 1)^2 = x^2 + 1")))[1]
    assert wrong.how == "wrong, as it should be"
    assert wrong.difference > 1e-3
    right = outcomes(made(marked(mark, "(x + 1)^2 = x (x + 2) + 1")))[1]
    assert "is marked wrong but differs from own:right by" in str(right)


def test_a_display_marked_wrong_must_still_be_readable(made):
    mark = "<!-- wrong: own:right, somewhere, 2020 -->"
    assert "unknown command" in str(outcomes(made(marked(mark, r"(x + 1)^2 = \foo x")))[1])


def elsewhere(wrong: str) -> str:
    """A right display in a section that has its own table, and a wrong one outside of it."""
    right = f"## Right\n\n{HEADER}| $u$ | $n$ | | |\n| $v$ | $n$ | | |\n\n$$\nq = u^\\top v\n\\label{{own:right}}\n$$\n"
    mark = "<!-- wrong: own:right, somewhere, 2020 -->"
    return f"# Own\n\n{HEADER}| $x$ | number | | |\n\n{right}\n## Wrong\n\n{mark}\n$$\n{wrong}\n$$\n"


def test_a_display_marked_wrong_is_compared_where_the_right_one_stands(made):
    wrong = outcomes(made(elsewhere("q = 2 u^\\top v")))[1]
    assert wrong.difference == pytest.approx(0.5)
    same = outcomes(made(elsewhere("q = v^\\top u")))[1]
    assert "is marked wrong but differs from own:right by" in str(same)
    assert outcomes(made(elsewhere("q = u v^\\top")))[1].difference == float("inf")  # its shapes do not fit


def test_a_display_marked_wrong_that_has_no_value_does_not_pass(made):
    error = outcomes(made(elsewhere("q = w^\\top v")))[1]
    assert "is marked wrong, but cannot be compared where own:right stands: w has no value" in str(error)
    assert str(error.verdict) == "not checked"


def test_small_numbers_that_differ_are_wrong_as_well(made):
    text = marked("<!-- wrong: own:right, somewhere, 2020 -->", "10^{-9} x = 0").replace(
        "(x + 1)^2 = x^2 + 2 x + 1", "a = 10^{-9}"
    )
    assert outcomes(made(text.replace("10^{-9} x = 0", "a = 2 \\cdot 10^{-9}")))[1].difference == pytest.approx(0.5)


def test_an_unchecked_display_is_not_read(made):
    result = outcomes(made(marked("<!-- unchecked: drawn by hand -->", r"x = \foo \cdots")))[1]
    assert (result.how, result.steps) == ("unchecked", 0)


# the code check's side


class Layer:
    """Two parameters, as a tagged line sees them."""

    W = np.arange(6.0).reshape(2, 3)
    b = np.array([1.0, 2.0, 3.0])


def test_value_binds_symbols_to_a_code_line(made):
    checked = made(
        DENSE.replace("RIGHT", r"\frac{\partial L}{\partial W_{jk}} = \sum_i X_{ij} \frac{\partial L}{\partial Z_{ik}}")
    )
    X, grad_Z = np.ones((4, 2)), np.arange(12.0).reshape(4, 3)
    variables = {"self": Layer(), "X": X, "grad_Z": grad_Z}
    np.testing.assert_array_equal(checked.value("own:forward", variables), X @ Layer.W + Layer.b)
    np.testing.assert_array_equal(checked.value("own:grad", variables), X.T @ grad_Z)


def test_value_computes_what_the_code_does_not_hold(made):
    checked = made(DENSE.replace("RIGHT", r"S = \sum_i \sum_k Z_{ik}"))
    assert checked.value("own:grad", {"self": Layer(), "X": np.ones((4, 2))}) == pytest.approx(4 * (15 + 6))


def test_value_says_what_is_missing(made):
    checked = made(DENSE.replace("RIGHT", r"S = \sum_i \sum_k Z_{ik}"))
    with pytest.raises(EquationError, match=r"own:forward: X has no value"):
        checked.value("own:forward", {"self": Layer()})


def test_value_of_labels_sizes_and_transliterated_names(made):
    rows = "| $Z$ | $m \\times K$ | | |\n| $y$ | labels, $m$ | | labels 0..K-1 |\n| $\\hat p$ | $K$ | | |"
    text = f"# Own\n\n{HEADER}{rows}\n\n$$\nL = -\\frac{{1}}{{m}} \\sum_{{i=1}}^m Z_{{i y_i}} + \\sum_k \\hat p_k\n\\label{{own:l}}\n$$\n"
    Z = np.arange(6.0).reshape(2, 3)
    value = made(text).value("own:l", {"Z": Z, "y": np.array([2, 0]), "p_hat": np.ones(3)})
    assert value == pytest.approx(-(2 + 3) / 2 + 3)


def test_the_imaginary_unit_and_a_function_of_the_code(made):
    rows = "| $x$, $h$ | number | | numbers |\n| $f$ | function | `f` | a function |\n| $\\mathrm i$ | number | `1j` | the imaginary unit |"
    text = f"# Own\n\n{HEADER}{rows}\n\n$$\nf(x) = x^3\n$$\n\n$$\nRIGHT\n\\label{{own:last}}\n$$\n"
    true = text.replace("RIGHT", r"\frac{\operatorname{Im} f(x + h \mathrm i)}{h} = 3 x^2 - h^2")
    assert made(true).check(made(true).analysis.by_label["own:last"]).error < 1e-12
    with pytest.raises(EquationError, match=r"differ by .* left .*j, right .*j"):
        made(text.replace("RIGHT", r"f(h \mathrm i) = h^3 \mathrm i")).check(made(text).analysis.by_label["own:last"])
    line = made(text.replace("RIGHT", r"s = \frac{\operatorname{Im} f(x + h \mathrm i)}{h}"))
    variables = {"x": 2.0, "h": 1e-30, "f": lambda x: x**2}
    assert line.value("own:last", variables) == pytest.approx(4, rel=1e-14)
    assert line.value("own:last", {"x": 2.0, "h": 1e-30}) == pytest.approx(12, rel=1e-14)
    with pytest.raises(EquationError, match="f is a function of the code: it has no index form"):
        indexed = made(text.replace("RIGHT", r"s_j = f(u_j)").replace("| $f$", "| $u$ | $n$ | | numbers |\n| $f$"))
        indexed.value("own:last", {"u": np.ones(3), "f": lambda x: x})


def test_dependencies_name_equation_definitions_and_rows(made):
    checked = made(DENSE.replace("RIGHT", r"S = \sum_i \sum_k Z_{ik}"))
    found = checked.analysis.dependencies("own:grad")
    assert found[:2] == [r"S = \sum_i \sum_k Z_{ik}", "Z = X W + b"]
    assert r"X | m \times n | X | a batch" in found
    assert not any("from above" in text for text in found)


# reading


def test_subscripts_are_labels_or_indices():
    names = tex.Names({"W_{x}": "array", "X": "array", "t": "integer", "y": "labels"})
    place = chapter.Place(Path("a.md"), 0)

    def read(text: str) -> str:
        return repr(tex.read(f"q = {text}", place, names).steps[0].right)

    assert read("W_x") == "Symbol(name='W_{x}', indices=())"
    assert read("X_{ij}") == "Symbol(name='X', indices=(Letter(name='i'), Letter(name='j')))"
    assert read("m_{t-1}") == "Symbol(name='m_{t-1}', indices=())"
    assert read("m_{t,j}") == "Symbol(name='m_{t}', indices=(Letter(name='j'),))"
    assert read(r"n_{\text{in}}") == "Symbol(name='n_{in}', indices=())"
    assert read("p_{i y_i}").count("Letter(name='i')") == 2
    assert read(r"\hat W^{(2)}_{jk}") == r"Symbol(name='\\hat{W}^{(2)}', indices=(Letter(name='j'), Letter(name='k')))"


def test_aligned_lines_are_steps_against_the_first_side():
    text = "\\begin{aligned}\na &= b \\\\\n&= c \\\\\n&\\le d \\\\\n&= e\n\\end{aligned}"
    steps = tex.read(text, chapter.Place(Path("a.md"), 10)).steps
    assert [(s.left.name, s.relation, s.right.name, s.place.line) for s in steps] == [
        ("a", "=", "b", 12),
        ("a", "=", "c", 13),
        ("c", r"\le", "d", 14),
        ("d", "=", "e", 15),
    ]


# wrong versions


def test_a_wrong_definition_is_rejected_by_another_check_or_by_the_code(made):
    checked = made(DENSE.replace("RIGHT", r"\frac{\partial L}{\partial W} = X^\top \frac{\partial L}{\partial Z}"))
    forward = checked.analysis.by_label["own:forward"]
    judge = EquationJudge(checked, forward)
    verdicts = {m.source: judge.verdict_on(m) for m in equation_mutants(checked, forward)}
    assert verdicts["X + b"] == Rejected(By.SHAPE)
    assert verdicts["X W - b"] == Unnoticed()
    minus = next(m for m in equation_mutants(checked, forward) if m.source == "X W - b")
    by_code = EquationJudge(checked, forward, lambda _, label: label == "own:forward").verdict_on(minus)
    assert by_code == Rejected(By.CODE)
    assert EquationJudge(checked, forward, lambda _, label: label != "own:forward").verdict_on(minus) == Unnoticed()


CHAIN = r"""$$
\begin{aligned}
s &= \sum_j x_j \\
2 s + 1 &= 1 + 2 s
\end{aligned}
\label{own:s}
$$

$$
x_j + x_j = 2 x_j
\label{own:apart}
$$

$$
3 s = s + s + s
\label{own:true}
$$

$$
s - x_1 = \sum_{j=2}^n x_j
\label{own:false}
$$
"""


def test_only_claims_that_an_exchanged_side_reaches_are_compared_again(made):
    checked = made(f"# Own\n\n{HEADER}| $x$ | $n$ | | a vector |\n\n{CHAIN}")
    shown = checked.analysis.by_label
    half = tex.read_expression(r"\frac{1}{2}", shown["own:s"].place)

    def reached(label: str, number: int) -> dict[str, list[int]]:
        changed = checked.with_side(shown[label], number, half)
        return {name: [step.number for step in changed.reached(display)] for name, display in shown.items()}

    assert reached("own:s", 1) == {"own:s": [1, 2], "own:apart": [], "own:true": [1], "own:false": [1]}
    assert reached("own:s", 2) == {"own:s": [2], "own:apart": [], "own:true": [], "own:false": []}
    changed = checked.with_side(shown["own:s"], 2, half)
    assert changed.check(shown["own:true"]).error == 0.0
    with pytest.raises(EquationError, match="step 2"):
        changed.check(shown["own:s"])


def test_what_noticed_a_wrong_definition_is_asked_first_about_the_next_one(made, monkeypatch):
    checked = made(f"# Own\n\n{HEADER}| $x$ | $n$ | | a vector |\n\n{CHAIN}")
    judge, asked, check = EquationJudge(checked, checked.analysis.by_label["own:s"]), [], PageCheck.check
    monkeypatch.setattr(PageCheck, "check", lambda page, display: asked.append(display.label) or check(page, display))
    *_, minus = [m for m in equation_mutants(checked, judge.display) if m.step == 1]
    assert minus.kind == "sign"
    assert judge.verdict_on(minus) == judge.verdict_on(minus) == Rejected(By.ELSEWHERE)
    assert asked == ["own:s", "own:true", "own:false", "own:s", "own:false"]


def test_a_wrong_definition_fails_where_it_is_used(made):
    checked = made(SCOPES)
    square = checked.analysis.by_label["own:square"]
    judge = EquationJudge(checked, square)
    verdicts = {m.source: judge.verdict_on(m) for m in equation_mutants(checked, square)}
    assert {"x", "x^{3}", "x^{1}"} <= set(verdicts)
    assert set(verdicts.values()) == {Rejected(By.ELSEWHERE)}


def test_a_true_version_is_equivalent(made):
    rows = "| $S$ | $n \\times n$ | | symmetric |\n| $x$ | $n$ | | a vector |"
    checked = made(
        f"# Own\n\n{HEADER}{rows}\n\n$$\n\\sum_j S_{{ij}} x_j = \\sum_j x_j S_{{ji}}\n\\label{{own:a}}\n$$\n"
    )
    display = checked.analysis.by_label["own:a"]
    judge = EquationJudge(checked, display)
    verdicts = {m.source: judge.verdict_on(m) for m in equation_mutants(checked, display)}
    assert verdicts[r"\sum_{j} x_{j} S_{i,j}"] == Equivalent()
    assert verdicts[r"\sum_{j} x_{i} S_{j,i}"] == Rejected(By.VALUE)


def test_what_is_the_same_by_its_form_is_no_wrong_version(made):
    shown = r"C = 0 + \max(x, h) X W + \sum_i [i = i] \|X\| h"
    checked = made(
        f"# Own\n\n{HEADER}{ROWS.strip()}\n\n$$\n{shown}\n\\label{{own:a}}\n$$\n\n$$\n0 = 0\n\\label{{own:b}}\n$$\n"
    )
    first, second = (checked.analysis.by_label[label] for label in ("own:a", "own:b"))
    kinds = [(m.kind, m.source) for m in equation_mutants(checked, first)]
    assert [kind for kind, _ in kinds].count("swapped factors") == 1, "only the product of two matrices has an order"
    assert [kind for kind, _ in kinds].count("entrywise for a product") == 1
    assert "swapped arguments" not in dict(kinds)
    assert [m.source for m in equation_mutants(checked, second)] == ["1", "-1"]


def test_a_remainder_is_only_mistaken_for_a_smaller_one(made):
    rows = "| $x$, $h$ | number | | numbers |\n| $f$ | function | | a function |"
    shown = r"f(x + h) = f(x) + f'(x) h + O(h^2)"
    checked = made(f"# Own\n\n{HEADER}{rows}\n\n$$\nf(x) = \\exp(x)\n$$\n\n$$\n{shown}\n\\label{{own:last}}\n$$\n")
    display = checked.analysis.by_label["own:last"]
    judge = EquationJudge(checked, display)
    verdicts = {m.source: judge.verdict_on(m) for m in equation_mutants(checked, display)}
    assert verdicts["f(x) + f'(x) h + O(h^{3})"] == Rejected(By.VALUE)
    assert verdicts["f(x) - f'(x) h + O(h^{2})"] == Rejected(By.VALUE)
    assert not [text for text in verdicts if "- O" in text or "O(h)" in text or "O(h^{1})" in text]
