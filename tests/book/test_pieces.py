r"""Definitions in a range, `f(x) = \sqrt{x}, \quad x > 0`, and by pieces: what rests on them is decided."""

import pytest

from nnlit.book.assembly import Assembly
from nnlit.book.checks.verdicts import Verdict
from nnlit.book.report import checked
from nnlit.book.source import documents

from .authored import judged, misjudged, page

X = "| $x$ | number | | |"
NOTHING = "| $q$ | number | | |"
D, T, F, N = Verdict.DEFINED, Verdict.TRUE, Verdict.FALSE, Verdict.NOT_CHECKED
RANGES = [  # in which it is said for which arguments an equation is
    r"\quad \text{if } x > 0",
    r"\quad \text{for all } x > 0",
    r"\quad \text{for every } x > 0",
    r", \quad \text{where } x > 0",
    r"\quad \text{whenever } x > 0",
    r"\quad \forall x > 0",
    r", \quad x > 0",
    r"\qquad x > 0",
    r"\quad (x > 0)",
    r", \quad 0 < x < 1",
    r", \quad x \in (0, 1]",
    r", \quad x \in [0, \infty)",
    r"\quad \text{for } x \in \mathbb{R}_{+}",
]


@pytest.mark.parametrize("rows", [X, NOTHING])
@pytest.mark.parametrize("behind", RANGES)
@pytest.mark.long_but_one_in(8)
def test_a_definition_in_a_range_defines_there(tmp_path, behind, rows):
    """What is right in the range is true, with what it was compared on; what is wrong there is false."""
    claims = ["f'(x) = 2 x", "f'(x) = 3 x", rf"f'(x) = 2 x {behind}", rf"f'(x) = 3 x {behind}", "f(-2) = 4"]
    found = judged(tmp_path, f"f(x) = x^2 {behind}", *claims, rows=rows)
    assert [verdict for verdict, _ in found] == [D, T, F, T, F, N]
    assert found[1][1].startswith("compared where it has a value: line 8 gives f where ")
    assert found[3][1] == ""


@pytest.mark.long
def test_outside_of_the_range_nothing_is_compared(tmp_path):
    """Neither through a maximum nor through a comparison or a slope; where nothing is left, that is said."""
    told = r"""
        + f(x) = x^3 \quad \text{if } x > 0
        + \max(0, f(x)) = f(x)
        - \max(0, f(x)) = 0
        + [f(x) > 1] = [x > 1]
        - [f(x) > 1] = 0
        + f''(x) = 6 x
        - f''(x) = 5 x
        + f(x) \ge 0
        - f(x) \le 0
        + f(2) = 8
        - f(2) = 9
        ? f(-2) = -8
        ? f(-x) = -f(x)"""
    assert not misjudged(tmp_path, X, told)
    said = judged(tmp_path, r"f(x) = x^3 \quad \text{if } x > 0", "f(-x) = -f(x)", rows=X)[1][1]
    assert "line 8 gives f where x > 0 alone, and no numbers that were drawn lie there" in said


PIECES = {
    "two displays": [r"f(x) = x, \quad x > 0", r"f(x) = 0, \quad x \le 0"],
    "with words": [r"f(x) = x \quad \text{if } x > 0", r"f(x) = 0 \quad \text{if } x \le 0"],
    "other letters": [r"f(x) = x \quad \text{if } x > 0", r"f(z) = 0 \quad \text{if } 0 \ge z"],
    "one display": [r"\begin{aligned} f(x) &= x, & x > 0 \\ f(x) &= 0, & x \le 0 \end{aligned}"],
    "one line": [r"f(x) = x \quad (x > 0), \qquad f(x) = 0 \quad (x \le 0)"],
    "otherwise": [r"f(x) = x \quad \text{if } x > 0", r"f(x) = 0 \quad \text{otherwise}"],
    "otherwise in one": [
        r"\begin{aligned} f(x) &= x && \text{if } x > 0 \\ f(x) &= 0 && \text{otherwise} \end{aligned}"
    ],
    "a point": [r"f(x) = x, \quad x > 0", r"f(x) = 0, \quad x < 0", r"f(x) = 0, \quad x = 0"],
    "intervals": [r"f(x) = x, \quad x \in (0, \infty)", r"f(x) = 0, \quad x \in (-\infty, 0]"],
}


@pytest.mark.parametrize("rows", [X, NOTHING])
@pytest.mark.parametrize("pieces", PIECES)
@pytest.mark.long_but_one_in(6)
def test_pieces_with_ranges_that_exclude_each_other_are_one_definition(tmp_path, pieces, rows):
    """What follows from them is true with nothing said of where, and what does not is false."""
    shown = PIECES[pieces]
    claims = ["g = f(3) + f(-3)", "g = 3", "g = 6", "f'(x) = [x > 0] \\quad (x \\ne 0)", "f'(x) = 1 \\quad (x \\ne 0)"]
    found = judged(tmp_path, *shown, *claims, rows=rows)
    assert [verdict for verdict, _ in found] == [*[D] * len(shown), D, T, F, T, F]
    assert found[-2][1] == ""


@pytest.mark.parametrize("pieces", PIECES)
@pytest.mark.long_but_one_in(4)
def test_where_the_whole_is_displayed_it_defines_and_the_pieces_are_claims(tmp_path, pieces):
    """A wrong piece is then false; so is a wrong whole, by its pieces."""
    shown = PIECES[pieces]
    right = judged(tmp_path, *shown, r"f(x) = \max(0, x)", rows=X)
    assert [verdict for verdict, _ in right] == [*[T] * len(shown), D]
    wrong = judged(tmp_path, *shown, r"f(x) = \max(0, 2 x)", rows=X)
    assert F in [verdict for verdict, _ in wrong]


OTHERS = {
    "a name": (
        "| $y$ | number | | 0 or 1 |\n| $p$ | number | | between 0 and 1 |",
        r"""
        + L = -\log p \quad \text{if } y = 1
        + L = -\log(1 - p) \quad \text{if } y = 0
        + \frac{\partial L}{\partial p} = \frac{p - y}{p (1 - p)}
        - \frac{\partial L}{\partial p} = \frac{p + y}{p (1 - p)}""",
    ),
    "a root": (
        X,
        r"""
        + y = \sqrt{x} \quad \text{if } x > 0
        + y^2 = x
        - y^2 = 2 x""",
    ),
    "entries": (
        "| $a$ | $n$ | | |\n| $b$ | $n$ | | |",
        r"""
        + c_i = a_i \quad \text{if } a_i > b_i
        + c_j = b_j \quad \text{if } a_j \le b_j
        + \sum_i c_i = \sum_i \max(a_i, b_i)
        - \sum_i c_i = \sum_i \min(a_i, b_i)""",
    ),
    "Huber": (
        "| $\\delta$ | number | | positive |",
        r"""
        + \ell(r) = \frac{1}{2} r^2 \quad \text{if } |r| \le \delta
        + \ell(r) = \delta (|r| - \frac{1}{2} \delta) \quad \text{otherwise}
        + \ell'(r) = r \quad \text{if } |r| \le \delta
        + \ell'(r) = \delta \operatorname{sign}(r) \quad \text{otherwise}
        - \ell'(r) = 2 \delta \operatorname{sign}(r) \quad \text{otherwise}
        - \ell(r) = \delta |r| \quad \text{if } |r| > \delta""",
    ),
    "two arguments": (
        NOTHING,
        r"""
        + f(x, y) = \sqrt{1 - x^2 - y^2}, \quad x^2 + y^2 < 1
        + f(x, y)^2 = 1 - x^2 - y^2
        - f(x, y)^2 = 1 - x^2 + y^2""",
    ),
    "a vector": (
        "| $x$ | $n$ | | |",
        r"""
        + f(x) = \lVert x \rVert, \quad x \ne 0
        + \nabla f(x) = \frac{x}{\lVert x \rVert}, \quad x \ne 0
        - \nabla f(x) = \frac{2 x}{\lVert x \rVert}, \quad x \ne 0
        + f(2 x) = 2 f(x)
        + s = f(x)^2
        + s = x^\top x
        - s = 2 x^\top x""",
    ),
    "a logarithm": (
        X,
        r"""
        + f(x) = \log x, \quad x > 0
        + f(x^2) = 2 f(x)
        - f(x^2) = 3 f(x)
        + f(x y) = f(x) + f(y)
        - f(x y) = f(x) f(y)""",
    ),
}


@pytest.mark.parametrize("kind", OTHERS)
@pytest.mark.long_but_one_in(3)
def test_names_entries_and_several_arguments_have_ranges_too(tmp_path, kind):
    """All that a display can define may have a range, or be in pieces."""
    assert not misjudged(tmp_path, *OTHERS[kind])


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (r"f(x) = x^2 + 1, \quad f(x) \ge 0", T),
        (r"f(x) = x^2 + 1, \quad f(x) > x", T),
        (r"f(x) = x^2 + 1, \quad f(x) \ge 2", N),
        (r"f(x) = x^2 + 2, \quad f(x) \ge 2", F),
    ],
)
def test_what_is_claimed_behind_a_function_is_no_range(tmp_path, claim, verdict):
    """An inequality of the function's own value is a claim: it is not dropped."""
    assert judged(tmp_path, "f(x) = x^2 + 1", claim, rows=NOTHING)[1][0] is verdict


def test_a_number_behind_a_function_of_it_sets_the_number(tmp_path):
    """Where the right side does not hold x, `x = 0` behind it is where the function has that value."""
    shown = [r"f(x) = 1, \quad x = 0", r"f(x) = \frac{\sin x}{x}, \quad x \ne 0"]
    found = judged(tmp_path, *shown, r"x f(x) = \sin x", "x f(x) = x", "f(0) = 1", rows=X)
    assert [verdict for verdict, _ in found] == [D, D, T, F, T]


def test_otherwise_alone_says_nothing(tmp_path):
    """Of what is not known is neither a definition nor a claim."""
    (first, _), (second, said) = judged(tmp_path, "f(x) = x^2", r"f(x) = 0 \quad \text{otherwise}", rows=X)
    assert (first, second) == (D, N)
    assert "it holds 'otherwise', and of what is not known" in said


def test_a_range_in_the_text_behind_is_one(tmp_path):
    """Also behind an empty line, where nothing but the range follows."""
    text = "$$f(x) = x$$\n\nfor $x > 0$ and\n\n$$f(x) = 0$$ for $x \\le 0$.\n\n"
    text += "$$g = f(3) + f(-3)$$\n\n$$g = 3$$\n\n$$g = 6$$\n"
    report = checked(tmp_path / "own.md", text)
    assert [one.verdict for one in report.judged] == [D, D, D, T, F]
    text = "$$f(x) = x^2$$\n\nfor $x > 0$ we get more.\n\n$$f(-2) = 4$$\n"
    assert [one.verdict for one in checked(tmp_path / "own.md", text).judged] == [D, T]


def test_a_wrong_version_of_a_piece_is_noticed(tmp_path):
    """Where one piece has another right side, what rests on the whole is compared with that."""
    shown = [*PIECES["two displays"], "f(3) = 3", "f(-3) = 0"]
    whole = Assembly(documents.read(page(tmp_path, *shown, rows=X)))
    piece, *_, third, fourth = whole.chapter.displays
    other = whole.analysis.equation(fourth).steps[0].right
    changed = whole.equations.with_side(piece, 1, other)
    assert changed.outcome(third).verdict is F
    assert changed.outcome(fourth).verdict is T


def test_a_logarithm_of_other_entries_has_no_slope_where_they_are_negative(tmp_path):
    """A sum of logarithms is no number there, whichever entry it is differentiated in."""
    claim = r"\frac{\partial \sum_j \log x_j}{\partial x_i} = \frac{1}{x_i} \quad \text{if } x_i > 0"
    ((verdict, said),) = judged(tmp_path, claim, rows="| $x$ | $n$ | | |")
    assert verdict is N
    assert "is the logarithm of a negative number" in said


@pytest.mark.parametrize("rows", ["| $x$ | number | | |", "| $w$ | $n$ | | |"])
@pytest.mark.parametrize("relation", ["<", r"\ne"])
def test_a_strict_claim_says_nothing_where_its_condition_does_not_hold(tmp_path, rows, relation):
    """Where it does not hold nothing is compared, also no zero with a zero."""
    name = "x" if "x" in rows else "w_i"
    behind = rf"\quad \text{{if }} {name} > 0"
    claims = [f"{name} {relation} {name} + 1 {behind}", f"{name} < 0 {behind}"]
    assert [verdict for verdict, _ in judged(tmp_path, *claims, rows=rows)] == [T, F]
    bounded = judged(tmp_path, r"f(z) = \log z, \quad z > 0", rf"f(z) {relation} z", "f(z) < z - 2", rows=rows)
    assert [verdict for verdict, _ in bounded] == [D, T, F]


IN_ONE_SENTENCE = [
    r"f(x) = x \text{ if } x > 0 \text{ and } 0 \text{ otherwise}",
    r"f(x) = x \text{ if } x > 0 \text{ else } 0",
    r"f(x) = x \text{ if } x > 0, \; 0 \text{ otherwise}",
    r"f(x) = x \text{ if } x > 0, 0 \text{ if } x \le 0",
    r"f(x) = x \quad \text{if } x > 0, \quad 0 \quad \text{otherwise}",
    r"f(x) = x \text{ for } x > 0 \text{ and } 0 \text{ for } x \le 0",
    r"f(x) = x \text{ for } x > 0 \text{ and } f(x) = 0 \text{ for } x \le 0",
    r"f(x) = x \quad \text{if } x > 0, \quad 0 \quad \text{if } x \le 0",
]


@pytest.mark.parametrize("shown", IN_ONE_SENTENCE)
@pytest.mark.long_but_one_in(3)
def test_values_in_one_sentence_are_pieces(tmp_path, shown):
    """No value is dropped: what stands behind the first condition has the same left side."""
    found = judged(tmp_path, shown, "g = f(3) + f(-3)", "g = 3", "g = 6", rows=X)
    assert [verdict for verdict, _ in found] == [D, D, T, F]
    wrong = shown.replace(" 0 ", " 1 ").replace("else } 0", "else } 1").replace("= 0", "= 1")
    claims = [r"f(x) = \max(0, x)", shown, wrong]
    assert [verdict for verdict, _ in judged(tmp_path, *claims, rows=X)] == [D, T, F]


def test_otherwise_is_what_the_conditions_of_its_own_display_leave(tmp_path):
    """Conditions of other displays of the same side say nothing of it, where its own has some."""
    before = r"\lvert x \rvert = x \text{ for } x > 0 \text{ and } -x \text{ for } x \le 0"
    right = r"\lvert x \rvert = x \text{ for } x > 0 \text{ and } -x \text{ otherwise}"
    wrong = r"\lvert x \rvert = x \text{ for } x > 0 \text{ and } 2 x \text{ otherwise}"
    assert [verdict for verdict, _ in judged(tmp_path, before, right, wrong, rows=X)] == [T, T, F]


def test_a_piece_for_one_index_is_not_that_of_all(tmp_path):
    """From where an index counts is not known: a value for one of them defines nothing; a range of all of them does."""
    rows = "| $a$ | $n$ | | |"
    shown = [r"c_k = 1 \quad \text{if } k = 1", r"c_k = a_k \quad \text{if } k > 1", r"\sum_k c_k = 1"]
    assert not {verdict for verdict, _ in judged(tmp_path, *shown, rows=rows)} & {D, T, F}
    shown = [r"c_k = a_k \quad \text{if } k \le r", r"c_k = 0 \quad \text{if } k > r"]
    assert not {verdict for verdict, _ in judged(tmp_path, *shown, rows=f"{rows}\n| $r$ | integer | | |")} & {D, T, F}
    whole = [r"c_k = 2 a_k \quad \text{for } k \ge 1", r"\sum_k c_k = 2 \sum_k a_k", r"\sum_k c_k = \sum_k a_k"]
    assert [verdict for verdict, _ in judged(tmp_path, *whole, rows=rows)] == [D, T, F]
