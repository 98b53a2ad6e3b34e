r"""`nnlit check FILE --explain LABEL`: what a reader is told of one display."""

import io
import sys
from pathlib import Path

import pytest

from nnlit.book import explain
from nnlit.book.assembly import Assembly
from nnlit.book.checks.readings import Readings
from nnlit.book.source import documents
from nnlit.cli import main
from tests.tiers import mostly_long

TABLE = r"""| symbol | shape | code | meaning |
|---|---|---|---|
| $X$ | $m \times n$ | | |
| $w$ | $n$ | | |
| $y$ | $m$ | | |
| $A$ | $n \times n$ | | |
| $T$ | integer | | |
| $\frac{\partial L}{\partial Z}$ | $m \times n$ | | |
"""

TEXT = (
    TABLE
    + r"""
$$J = \frac{1}{2m} \sum_i \left( \sum_j X_{ij} w_j - y_i \right)^2 \label{my:loss}$$

$$\frac{\partial J}{\partial w} = X^\top (X w - y) \label{my:slip}$$

$$\begin{aligned} Q &= A^T w \\ &= A w \end{aligned}$$

$$Z = X W$$

$$\frac{\partial L}{\partial W} = X^\top \frac{\partial L}{\partial Z}$$

$$f(x) = x^2 + 1$$

$$q = \beta w + X$$

$$r = ( w$$

$$g(u) = u^\top w$$

$$h = \lvert A \rvert$$
"""
)


@pytest.fixture
def told(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def telling(wanted, text=TEXT):
        Path("own.md").write_text(text, encoding="utf-8")
        status = main(["check", "own.md", "--explain", wanted])
        printed = capsys.readouterr()
        return status, printed.out + printed.err

    return telling


def test_a_reader_sees_tree_shapes_indices_numbers_and_names(told):
    status, out = told("my:loss")
    assert status == 0
    assert out == (
        r"""own.md:10:3: defined my:loss

One draw of random data: m = 5, n = 4

Understood as: J = \frac{1}{2 m} \sum_{i} (\sum_{j} X_{i,j} w_{j} - y_{i})^{2}
  name                  number                J
  product               number                \frac{1}{2 m} \sum_{i} (\sum_{j} X_{i,j} w_{j} - y_{i})^{2}
    quotient            number                \frac{1}{2 m}
      written number    number                1
      product           number                2 m
        written number  number                2
        name            number                m
    sum over i          number                \sum_{i} (\sum_{j} X_{i,j} w_{j} - y_{i})^{2}
      power             number for each i     (\sum_{j} X_{i,j} w_{j} - y_{i})^{2}
        difference      number for each i     \sum_{j} X_{i,j} w_{j} - y_{i}
          sum over j    number for each i     \sum_{j} X_{i,j} w_{j}
            product     number for each i, j  X_{i,j} w_{j}
              entry     number for each i, j  X_{i,j}
              entry     number for each j     w_{j}
          entry         number for each i     y_{i}
        written number  number                2
  index i runs from 0 to 4, axis 0 of X and axis 0 of y
  index j runs from 0 to 3, axis 1 of X and axis 0 of w
  left  = 2.130031
  right = 2.130031
  largest difference 0

Names:
  J  defined at line 10
  m  a size, 5 in this draw
  X  row at line 3, m x n, drawn at random
  w  row at line 4, n, drawn at random
  y  row at line 5, m, drawn at random
"""
    )


def test_a_false_display_shows_both_sides_and_through_what_its_derivative_goes(told):
    status, out = told("12")
    assert status == 0
    assert out == told("my:slip")[1]
    assert "false my:slip" in out
    assert "  derivative in w: computed through J at line 10\n" in out
    left, right, gap = [line for line in out.splitlines() if line.startswith(("  left", "  right", "  largest"))]
    assert left == "  left  = [ 0.646159  1.070563 -0.59693  -1.207369]"
    assert right == "  right = [ 3.230796  5.352813 -2.984648 -6.036845]"
    assert gap == "  largest difference 4.83"


def test_every_step_and_both_readings_are_shown(told):
    out = told("14")[1]
    assert "Step 1, line 14: Q = A^{T} w" in out
    assert "Step 2, line 14: Q = A w" in out
    assert r"  1. Q = A^{T} w; Q = A w: false" in out
    assert r"  2. Q = A^\top w; Q = A w: false" in out
    assert "Two readings:\n  is T a power or a transpose here?" in out


TOLD = {
    "a gradient from above": ("18", "L                      any function that has the gradients of the table, line 8"),
    "what it is computed through": ("18", "derivative in W: computed through L at line 8, Z at line 16"),
    "a definition without numbers": ("20", "f is a function that is defined here: it has a value where it is called"),
    "bars around a square matrix": ("28", r"  determinant  number  \lvert A \rvert"),
    "an argument": ("20", "x  the argument of a function: several numbers at once, drawn at random"),
    "an argument of any shape": ("26", "u  the argument of a function: its calls say what it is"),
    "a name without a value": ("22", r"  \beta  no value: no row and no display gives it one"),
    "what could not be computed": ("22", r"    product  not computed  \beta w"),
    "a display that is not read": ("24", "There is no tree: this display, or the table that it needs, cannot be read."),
    "why it is not read": ("24", "own.md:24:7: not read: this ( is never closed"),
}


@pytest.mark.parametrize(("wanted", "said"), TOLD.values(), ids=TOLD)
@pytest.mark.long_but_one_in(4)
def test_what_is_said_of_parts_and_names(told, wanted, said):
    text = TEXT.replace("| $T$", "| $W$ | $n \\times n$ | | |\n| $T$") if wanted == "18" else TEXT
    if wanted == "18":
        wanted, said = "19", said.replace("line 8", "line 9").replace("16", "17")
    status, out = told(wanted, text)
    assert status == 0
    assert said in out


def test_what_is_not_there_is_named_with_what_is(told):
    status, out = told("my:los")
    assert status == 2
    assert (
        "expected the label or the line of a display, got 'my:los'; it has displays at my:loss, my:slip, line 14" in out
    )
    assert told("99")[0] == 2
    assert "it has no display" in told("1", "no mathematics\n")[1]


def test_one_file_or_standard_input(told, capsys, monkeypatch):
    told("my:loss")
    assert main(["check", "own.md", "own.md", "--explain", "my:loss"]) == 2
    assert "--explain takes one FILE" in capsys.readouterr().err
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    assert main(["check", "-", "--explain", "my:loss"]) == 0
    assert "standard-input.md:10:3: defined my:loss" in capsys.readouterr().out


def test_marked_and_foreign_displays_are_told_of(told):
    marked = "<!-- unchecked: a picture -->\n$$a = b$$\n\n::: {math}\n\n$$\\unclosed"
    assert "It is marked unchecked and is not read." in told("2", marked)[1]


@pytest.mark.parametrize("name", mostly_long(["15-regularization.md", "02-slopes.md", "11-softmax.md"]))
def test_every_display_of_a_chapter_is_explained_with_both_sides(name):
    assembly = Assembly(documents.read(Path(__file__).parents[2] / "docs" / name))
    readings = Readings(assembly.analysis, assembly.formulas)
    for display in assembly.chapter.displays:
        lines = explain.explanation(assembly, display, readings)
        assert any(line.startswith(("Understood as: ", "Step 1", "It is marked")) for line in lines), display.place


def test_a_long_tree_is_cut_off_and_says_so(told):
    long = "$$q = " + " + ".join(["2 T" for k in range(60)] + ["(T + T + T)"] * 20) + "$$"
    out = told("10", TABLE + "\n" + long + "\n")[1]
    assert out.count("\n") < explain.MOST_PARTS + 30
    assert "more parts" in out
