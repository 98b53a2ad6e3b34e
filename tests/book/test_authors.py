# ruff: noqa: E501 (an equation stands on one line)
r"""How authors of notes and posts write: each kind with what is true, planted errors, and what is asked about."""

from functools import partial

import pytest

from nnlit.book.assembly import Assembly
from nnlit.book.checks.equations import PageCheck
from nnlit.book.checks.verdicts import EquationError, Verdict
from nnlit.book.language import tex
from nnlit.book.language.unparse import write
from nnlit.book.mutation.judge import EquationJudge
from nnlit.book.mutation.verdicts import Unnoticed
from nnlit.book.mutation.wrong_equations import equation_mutants
from nnlit.book.source.place import Place
from tests.book import authored
from tests.tiers import mostly_long

ROWS = r"""
| $X$ | $m \times n$ | | examples, one per row |
| $W_1$ | $n \times K$ | | weights |
| $b_1$ | $K$ | | biases |
| $y$ | labels, $m$ | | classes, labels 0..K-1 |
| $a$ | number | | a number |
"""
LAYER = r"\mathrm{Z_1[i,j] = \sum_p (X[i,p] \times W_1[p,j]) + b_1[j]}"
CHANCES = r"U_2[i,k] = \frac{e^{Z_1[i,k]}}{\sum_p e^{Z_1[i,p]}}"
LOSSES = r"L_i = -\log U_2[i, y_i]"


page, judged = partial(authored.page, rows=ROWS), partial(authored.judged, rows=ROWS)


def last(tmp_path, *displays, rows=ROWS):
    return judged(tmp_path, *displays, rows=rows)[-1]


def written_again(tmp_path, *displays, rows=ROWS):
    """The last display is written as it is read, and its wrong versions are noticed; how many there were."""
    whole = Assembly.of(page(tmp_path, *displays, rows=rows))
    check, display = PageCheck(whole.analysis), whole.chapter.displays[-1]
    names = whole.analysis.part(display).scope.names
    for side in (side for step in whole.analysis.equation(display).steps for side in (step.left, step.right)):
        assert tex.read(f"{write(side)} = 0", Place(tmp_path, 1), names).steps[0].left == side, write(side)
    assert not isinstance(check.outcome(display), EquationError)
    judge = EquationJudge(check, display)
    found = {m.source: judge.verdict_on(m) for m in equation_mutants(check, display)}
    assert [source for source, verdict in found.items() if isinstance(verdict, Unnoticed)] == []
    return len(found)


# a font around an equation, and square brackets below a derivative

MATRICES = [
    (r"\mathrm{Z_1 = XW_1 + b_1}", "XW_1 + b_1", "XW_1 - b_1"),
    (r"\frac{dZ_1[i,j]}{dW_1[p,q]} = \begin{cases} X[i,p], & \text{if j = q} \\ 0, & \text{if j $\ne$ q} \end{cases}", "X[i,p]", "X[i,q]"),
    (r"\frac{dZ_1[i,j]}{dW_1[p,q]} = \begin{cases} X[i,p], & \text{if j = q} \\ 0, & \text{if j $\ne$ q} \end{cases}", r"j $\ne$ q", "j = q"),
    (r"\frac{\partial L_i}{\partial Z_1[i,k]} = \begin{cases} U_2[i,k] - 1, & \text{if k = y_i} \\ U_2[i,k], & \text{if k $\ne$ y_i} \end{cases}", "- 1", "+ 1"),
    (r"\frac{\partial L_i}{\partial U_2[i,y_i]} = \frac{-1}{U_2[i,y_i]}", r"\frac{-1}", r"\frac{1}"),
    (r"\frac{dL}{dW_1[p,q]} = \sum_i \frac{dL_i}{dW_1[p,q]}", r"\sum_i \frac", r"2 \sum_i \frac"),
]  # fmt: skip
BEFORE = (LAYER, CHANCES, LOSSES, r"L = \sum_i L_i")


@pytest.mark.parametrize(("shown", "old", "new"), MATRICES)
@pytest.mark.long_but_one_in(3)
def test_equations_in_a_font_and_entries_in_brackets_are_executed(tmp_path, shown, old, new):
    found = judged(tmp_path, *BEFORE, shown)
    assert [verdict for verdict, _ in found] == [*[Verdict.DEFINED] * 4, Verdict.TRUE]
    assert last(tmp_path, *BEFORE, shown.replace(old, new))[0] is not Verdict.TRUE
    assert written_again(tmp_path, *BEFORE, shown) > 2


def test_a_font_around_an_equation_does_not_hide_that_it_is_false(tmp_path):
    assert last(tmp_path, LAYER, r"\mathrm{Z_1 = XW_1 + 2b_1}")[0] is Verdict.FALSE
    verdict, said = last(tmp_path, r"\mathrm{loss = 2 a}")
    assert verdict is Verdict.NOT_READ
    assert "is this a word or a product of letters?" in said
    assert last(tmp_path, r"z_\mathrm{a=1} = 2 a")[0] is not Verdict.TRUE


# a total and its members

TOTALS = [
    (r"L_i = X_{i1}^2", r"L = \sum_i L_i", r"L = \sum_i X_{i1}^2"),
    (r"L_i = X_{i1}^2", r"L = \frac{1}{m} \sum_{i=1}^m L_i", r"\frac{\partial L}{\partial X_{k1}} = \frac{2}{m} X_{k1}"),
    (r"\mathcal{L}_i = X_{i1}^2", r"\mathcal{L} = \frac{1}{m} \sum_i \mathcal{L}_i", r"m \mathcal{L} = \sum_i X_{i1}^2"),
]  # fmt: skip


@pytest.mark.parametrize("displays", TOTALS)
@pytest.mark.parametrize("rows", [ROWS, ROWS + "| $L$, $\\mathcal{L}$ | number | | a total |\n"])
@pytest.mark.long_but_one_in(3)
def test_a_total_has_the_letter_of_its_members(tmp_path, displays, rows):
    found = judged(tmp_path, *displays, rows=rows)
    assert [verdict for verdict, _ in found] == [Verdict.DEFINED, Verdict.DEFINED, Verdict.TRUE]
    wrong = [*displays[:2], displays[2].replace("= ", "= 2 ")]
    assert last(tmp_path, *wrong, rows=rows)[0] is Verdict.FALSE
    assert written_again(tmp_path, *displays, rows=rows) > 2


def test_a_total_is_no_vector_of_its_members(tmp_path):
    assert last(tmp_path, r"L_i = X_{i1}^2", r"L = \sum_i L_i", "L_i = L")[0] is not Verdict.TRUE
    verdict, said = last(tmp_path, r"q = 2 a_i")
    assert verdict is not Verdict.TRUE
    assert r"\cdot" not in said


def test_cases_that_leave_something_out_are_no_zero(tmp_path):
    whole = r"\max(0, a) = \begin{cases} a & a > 0 \\ 0 & a \le 0 \end{cases}"
    assert last(tmp_path, whole)[0] is Verdict.TRUE
    verdict, said = last(tmp_path, whole.replace(r"\\ 0 & a \le 0", ""))
    assert verdict is Verdict.NOT_CHECKED
    assert "none of these cases holds" in said
    assert last(tmp_path, r"\max(0, a) = \begin{cases} a & a > 0 \\ 0 & a > 1 \end{cases}")[0] is Verdict.NOT_CHECKED
    assert last(tmp_path, r"a^2 = \begin{cases} a^2 & a > 0 \end{cases} \quad \text{if } a > 0")[0] is Verdict.TRUE


# functions whose backslash was forgotten, and the name of a function without its argument

NUMBERS = r"""
| $x$, $u$ | number | | between 0 and 1 |
| $o$ | integer | | a label |
| $z$ | $n$ | | a vector |
"""
FORGOTTEN = [
    ("x log(u) + log(x) = x \\log u + \\log x", "+ \\log x", "- \\log x"),
    ("exp(2 x - 1) = e^{2x - 1}", "- 1}", "+ 1}"),
    ("sin(x)^2 + cos(x)^2 = 1", "= 1", "= 2"),
    ("max(x, u) = x + \\max(0, u - x)", "x + \\max", "u + \\max"),
    ("1 - tanh(x) = \\frac{2}{1 + exp(2x)}", "{2}", "{3}"),
    ("softmax(z) = \\frac{exp(z)}{\\sum_j exp(z_j)}", "exp(z)}{", "exp(2z)}{"),
    ("ulog(x) = u \\log x", "u \\log", "x \\log"),
]


@pytest.mark.parametrize(("shown", "old", "new"), FORGOTTEN)
@pytest.mark.long_but_one_in(4)
def test_a_forgotten_backslash_is_seen(tmp_path, shown, old, new):
    assert last(tmp_path, shown, rows=NUMBERS)[0] is Verdict.TRUE
    assert last(tmp_path, shown.replace(old, new), rows=NUMBERS)[0] is Verdict.FALSE
    assert written_again(tmp_path, shown, rows=NUMBERS) > 2


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ("argmax(x) = x", "is this a word?"),
        ("log(x) = x", "a function or a product of letters?"),
        ("l o g (x) = l o g x", ""),
    ],
)
def test_letters_that_may_be_a_product_are_no_function(tmp_path, shown, said):
    every = NUMBERS + ("| $l$, $g$ | number | | |\n" if "l" in shown else "")
    verdict, found = last(tmp_path, shown, rows=every)
    assert verdict is (Verdict.NOT_READ if said else Verdict.TRUE)
    assert said in found


def test_a_function_named_without_its_argument(tmp_path):
    named = r"\text{RBF} = \phi(u) = e^{-u^2}"
    found = judged(tmp_path, named, r"q = \text{RBF}(2 z) = e^{-4 z^2}", r"\text{RBF}(x) = e^{-x^2}", rows=NUMBERS)
    assert [verdict for verdict, _ in found] == [Verdict.TRUE] * 3
    assert last(tmp_path, named, r"q = \text{RBF}(2 z) = e^{-4 z^2}", rows=NUMBERS)[0] is Verdict.TRUE
    assert last(tmp_path, named, r"q = \text{RBF}(2 z) = e^{-2 z^2}", rows=NUMBERS)[0] is Verdict.FALSE
    assert last(tmp_path, named, r"\text{RBF}(x) = e^{x^2}", rows=NUMBERS)[0] is Verdict.FALSE
    assert written_again(tmp_path, r"q = \text{RBF}(2 z) = e^{-4 z^2}", named, rows=NUMBERS) > 2


# approximations to the order that is printed, and series whose rest is left out

NEARBY = r"""
| $x$ | number | | positive |
| $h$ | number | | a small step; positive |
| $t$ | number | | near $x$ |
| $k$ | integer | | an order |
| $f$, $g$ | function | | any smooth function |
| $q$ | function | | any smooth function from $n$ |
| $w$, $d$ | $n$ | | vectors |
"""
APPROXIMATIONS = [
    (r"f(x + h) \approx f(x) + h f'(x)", "+ h f", "- h f"),
    (r"h f'(x) \approx f(x + h) - f(x)", r"\approx f(x + h)", r"\approx f(x + 2 h)"),
    (r"f'(x) \approx \frac{f(x + h) - f(x - h)}{2 h}", "2 h", "h"),
    (r"f(x + h) g(x + h) \approx f(x) g(x) + h (f'(x) g(x) + f(x) g'(x))", "f(x) g'(x)", "f(x) f'(x)"),
    (r"f(t) \approx f(x) + f'(x) (t - x) + \frac{f''(x)}{2} (t - x)^2", "{2}", "{3}"),
    (r"\nabla q(w)^\top d \approx \frac{q(w + h d) - q(w - h d)}{2 h}", "2 h", "h"),
    (r"f(x + h) = f(x) + h f'(x) + \frac{h^2}{2} f''(x) + \frac{h^3}{3!} f^{(3)}(x) + \ldots", "3!", "3"),
    (r"f(t) \approx \sum_{i=0}^k \frac{f^{(i)}(x)}{i!} (t - x)^i", "i!", "2"),
    (r"e^h = \sum_{i=0}^\infty \frac{h^i}{i!} = 1 + h + \frac{h^2}{2} + \cdots", r"\frac{h^2}{2}", "h^2"),
    (r"\frac{d^3}{dt^3} f(t) = f^{(3)}(t)", "{(3)}", "{(2)}"),
    (r"\frac{\text{d}f(x)}{\text{d}x} = f'(x)", "= f'", "= 2 f'"),
    (r"\log(1 + h) \approx h \approx \sin h", r"\sin h", r"\cos h"),
]  # fmt: skip


@pytest.mark.parametrize(("shown", "old", "new"), APPROXIMATIONS)
@pytest.mark.long_but_one_in(8)
def test_an_approximation_holds_to_the_order_that_is_printed(tmp_path, shown, old, new):
    assert old in shown
    assert last(tmp_path, shown, rows=NEARBY) == (Verdict.TRUE, "")
    assert last(tmp_path, shown.replace(old, new), rows=NEARBY)[0] is Verdict.FALSE


ALSO_TRUE = {  # of these wrong versions the claim is true as well: to a lower order, or since t goes to x
    0: ["f(x) + h f'(t)"],
    3: [
        f"f(x) g(x) + h ({one})"
        for one in (
            "f'(t) g(x) + f(x) g'(x)",
            "f'(x) g(t) + f(x) g'(x)",
            "f'(x) g(x) + f(t) g'(x)",
            "f'(x) g(x) + f(x) g'(t)",
        )
    ],
    4: [
        f"f(x) + f'(x) (t - x){one}"
        for one in (
            "",
            r" + \frac{f''(t)}{2} (t - x)^{2}",
            r" + \frac{f''(x)}{2} (x - x)^{2}",
            r" + \frac{f''(x)}{2} (t - t)^{2}",
        )
    ],
    7: [rf"\sum_{{i=0}}^{{k}} \frac{{f^{{(i)}}(x)}}{{i!}} ({one} - {one})^{{i}}" for one in "tx"],
    11: ["h"],
}
LEFT_OUT = {  # what differs only in what the dots leave out
    6: [
        rf"f(x) + h f'(x) + \frac{{h^{{2}}}}{{2}} f''(x) {one}\cdots"
        for one in (r"+ \frac{h^{3}}{3!} f'''(x) - ", "+ ", r"+ \frac{h^{3}}{3!} f'''(t) + ")
    ],
    8: [r"1 + h + \frac{h^{2}}{2} - \cdots", r"1 + h + \cdots"],
}


@pytest.mark.parametrize("k", mostly_long(range(len(APPROXIMATIONS)), [0, 1, 2, 8, 9, 10, 11]))
@pytest.mark.long_but_one_in(8)
def test_wrong_versions_of_an_approximation_are_noticed(tmp_path, k):
    whole = Assembly.of(page(tmp_path, APPROXIMATIONS[k][0], rows=NEARBY))
    (display,) = whole.chapter.displays
    authored.read_again(whole, display)
    unnoticed, same, every = authored.survivors(whole, display)
    assert unnoticed == set(ALSO_TRUE.get(k, ()))
    assert same == set(LEFT_OUT.get(k, ()))
    assert len(every) > len(unnoticed | same) + 3


@pytest.mark.parametrize(
    ("k", "other"), mostly_long([(k, other) for k, found in ALSO_TRUE.items() for other in found], 3)
)
def test_what_is_not_noticed_is_true_as_it_stands(tmp_path, k, other):
    left = APPROXIMATIONS[k][0].split(r" \approx ")[-2]
    assert last(tmp_path, rf"{left} \approx {other}", rows=NEARBY)[0] is Verdict.TRUE


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (r"f(x) \approx g(x)", "or a small number"),
        (r"1 + h \approx 1", "to which order"),
        (r"f(x) + h f'(x) + \cdots = q(w)", ""),
        (r"e^t = 1 + t + \frac{t^2}{2} + \cdots", "all of one size"),
        (r"\sum_{i=1}^\infty \frac{1}{i^2} = \frac{\pi^2}{6}", "has not settled"),
        (r"\sum_{i=1}^\infty [i = 500] = 0", "only a plain sum"),
        (r"\sum_{i=0}^\infty f^{(i)}(x) = f(x)", "is not computed: at most 4"),
        (r"\frac{d^5}{dx^5} f(x) = 0", "of order 5 is not computed: at most 4 are"),
    ],
)
def test_what_an_approximation_leaves_open_is_asked(tmp_path, shown, said):
    verdict, found = last(tmp_path, shown, rows=NEARBY)
    assert verdict not in {Verdict.TRUE, Verdict.DEFINED}
    assert said in found


MEANS = r"""
| $a$ | number | | between 0 and 1 |
| $r$ | number | | 1 with probability $a$ |
| $z$ | number | | a number |
"""


@pytest.mark.parametrize(
    ("shown", "old", "new"),
    [
        (r"E[(r - z)^2] = E[r^2] + E\left[z^2\right] - 2 E[r z]", "- 2", "+ 2"),
        (r"E_r[r z] = a z", "a z", "a"),
        (r"E[r]^2 = a^2", "a^2", "a"),
    ],
)
@pytest.mark.long_but_one_in(3)
def test_a_mean_in_plain_letters(tmp_path, shown, old, new):
    assert last(tmp_path, shown, rows=MEANS)[0] is Verdict.TRUE
    assert last(tmp_path, shown.replace(old, new), rows=MEANS)[0] is Verdict.FALSE
    assert written_again(tmp_path, shown, rows=MEANS) > 1


def test_a_mean_needs_what_is_random(tmp_path):
    rows = MEANS.replace("1 with probability $a$", "")
    assert "nothing in the brackets of E is random" in last(tmp_path, "E[r] = r", rows=rows)[1]
    assert "nothing in the brackets of E is random" in last(tmp_path, "E[s] = E[r]", rows=MEANS)[1]
    assert last(tmp_path, "E[z] = 2 z", rows=MEANS + "| $E$ | number | | a factor |\n")[0] is Verdict.FALSE


def test_a_parameter_that_is_compared_is_no_index(tmp_path):
    bent = r"\mbox{bent}[a, z] = \begin{cases} a z & \quad z \leq 0 \\ z & \quad z > 0 \end{cases}"
    assert last(tmp_path, bent, r"q = \mbox{bent}[a, 2 z] - z", r"\mbox{bent}[1, z] = z", rows=MEANS)[0] is Verdict.TRUE
    assert last(tmp_path, bent, r"\mbox{bent}[2, z] = z", rows=MEANS.replace("| $z$", "| $z$, $s$"))[0] is Verdict.FALSE


def test_digits_are_compared_where_they_are_printed(tmp_path):
    for shown in (r"0.333 \approx \frac{1}{3}", r"3.14 \approx 3.14159", r"\pi \approx 3.14159 \approx 3.14"):
        assert last(tmp_path, shown, rows=NEARBY)[0] is Verdict.TRUE
    for shown in (r"0.334 \approx \frac{1}{3}", r"3.15 \approx 3.14159", r"\pi \approx 3.14159 \approx 3.15"):
        assert last(tmp_path, shown, rows=NEARBY)[0] is Verdict.FALSE


@pytest.mark.parametrize("shown", ["a = a - 2 z", "a = 3 z + a", "a = 0.9 a + 0.1 z", "v = v - a v"])
def test_a_new_value_is_no_false_equation(tmp_path, shown):
    rows = MEANS + "| $v$ | $n$ | | a vector |\n"
    verdict, said = last(tmp_path, shown, rows=rows)
    assert verdict is Verdict.NOT_CHECKED
    assert r"write \leftarrow" in said
    assert last(tmp_path, shown.replace("=", r"\leftarrow"), rows=rows)[0] is Verdict.DEFINED
    assert last(tmp_path, "a = a + z - z", rows=rows)[0] is Verdict.TRUE
    assert last(tmp_path, "2 a = a + z", rows=rows)[0] is Verdict.FALSE
    assert last(tmp_path, "a = 2 a", rows=rows)[0] is Verdict.FALSE


# a name that is solved for

SOLVED_ROWS = r"""
| $x$ | $n$ | | data |
| $\mu$ | number | | the mean |
| $X$ | $n \times D$ | | data |
| $M$ | $K \times D$ | | centres |
| $x_i$ | $D$ | | row $i$ of $X$ |
| $\mu_k$ | $D$ | | row $k$ of $M$ |
| $r$ | $n \times K$ | | one-hot rows |
"""
MEAN = (
    r"L = \sum_i (r_{i1} - \mu)^2",
    r"\frac{\partial L}{\partial \mu} = -2 \sum_i (r_{i1} - \mu)",
    r"\mu = \frac{1}{n} \sum_i r_{i1}",
)
CENTRES = (
    r"L = \sum_i \sum_k r_{ik} \lVert x_i - \mu_k \rVert^2",
    r"\frac{\partial L}{\partial \mu_k} = -2 \sum_i r_{ik} (x_i - \mu_k)",
    r"\mu_k = \frac{\sum_i r_{ik} x_i}{\sum_i r_{ik}}",
)  # fmt: skip


@pytest.mark.parametrize("displays", [MEAN, CENTRES])
@pytest.mark.parametrize("last_first", [False, True])
@pytest.mark.long_but_one_in(4)
def test_a_slope_that_is_zero_at_the_solution_is_compared_elsewhere(tmp_path, displays, last_first):
    rows = SOLVED_ROWS.replace("| $x$ | $n$ | | data |\n", "")
    rows = (
        rows.replace("| $\\mu$ | number | | the mean |\n", "")
        if displays is CENTRES
        else rows.split("| $x_i$")[0] + "| $r$ | $n \\times K$ | | |\n"
    )
    order = [2, 0, 1] if last_first else [0, 1, 2]
    found = judged(tmp_path, *(displays[k] for k in order), rows=rows)
    assert [found[order.index(k)][0] for k in range(3)] == [Verdict.DEFINED, Verdict.TRUE, Verdict.DEFINED]
    wrong = [displays[k].replace("= -2", "= 2") for k in order]
    verdict, said = judged(tmp_path, *wrong, rows=rows)[order.index(1)]
    assert verdict is Verdict.NOT_CHECKED
    assert "false elsewhere" in said


def test_a_row_of_a_matrix_is_defined_by_its_letter(tmp_path):
    rows = "| $A$ | $m \\times n$ | | |\n| $B$ | $m \\times n$ | | |\n"
    found = judged(tmp_path, "B_{i:} = 2 A_{i:}", "B_{ij} = 2 A_{ij}", "B = 3 A", rows=rows)
    assert [verdict for verdict, _ in found] == [Verdict.DEFINED, Verdict.TRUE, Verdict.FALSE]


CONST_ROWS = """
| $x$, $m$ | number | | numbers |
| $s$, $g$ | number | | positive |
| $w$ | $n$ | | a vector |
"""


@pytest.mark.parametrize(
    ("shown", "old", "new"),
    [
        (r"\log(s e^{-x^2}) = -x^2 + \text{const}", "= -x^2", "= -2 x^2"),
        (r"(x - 3)^2 = x^2 - 6 x + \mathrm{const}.", "- 6", "+ 6"),
        (r"-\log(e^{-\lVert w \rVert^2 / 2} g) = \frac{1}{2} \lVert w \rVert^2 + \text{constant}", r"\frac{1}{2}", "2"),
    ],
)
@pytest.mark.long_but_one_in(6)
def test_a_constant_does_not_change_with_what_stands_beside_it(tmp_path, shown, old, new):
    assert last(tmp_path, shown, rows=CONST_ROWS)[0] is Verdict.TRUE
    assert last(tmp_path, shown.replace(old, new), rows=CONST_ROWS)[0] is Verdict.FALSE
    whole = Assembly.of(page(tmp_path, shown, rows=CONST_ROWS))
    (display,) = whole.chapter.displays
    authored.read_again(whole, display)
    unnoticed, same, every = authored.survivors(whole, display)
    assert unnoticed == set()
    assert [r"- \operatorname{const" in source for source in same] == [True]  # a constant has no sign
    assert any("const" not in source for source in every)  # where it is left out that is noticed


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (r"(x - m)^2 = x^2 - 2 x m + \text{const}", "constant in what?"),
        (r"x^2 = \text{const}", "constant in what?"),
        (r"2 x = x \text{const} + x", "read as a term"),
        (r"q = x^2 + \text{const}", "const has no value"),
    ],
)
def test_a_constant_that_is_not_clear_is_asked_about(tmp_path, shown, said):
    verdict, found = last(tmp_path, shown, rows=CONST_ROWS)
    assert verdict is Verdict.NOT_CHECKED
    assert said in found


def test_what_a_constant_rests_on_may_be_displayed_elsewhere(tmp_path):
    assert (
        last(tmp_path, r"q = \lVert w \rVert^2", r"x + q + s = x + q + \text{const}", rows=CONST_ROWS)[0]
        is Verdict.TRUE
    )
    verdict, said = last(tmp_path, r"q = \lVert w \rVert^2", r"x + 2 q = x + q + \text{const}", rows=CONST_ROWS)
    assert verdict is Verdict.NOT_CHECKED
    assert "changes with w" in said
