r"""Second forms of a definition with other letters, and second meanings: `\sigma(x)` below `\sigma(z)`."""

import pytest

from nnlit.book.checks.verdicts import Verdict
from nnlit.book.report import checked

from .authored import judged, misjudged

LOSS = r"""
| $X$ | $m \times n$ | | |
| $y$ | $m$ | | |
| $\theta$ | $n$ | | |"""
AGAIN = {
    "sigmoid": (
        "",
        r"""
        + \sigma(z) = \frac{1}{1 + e^{-z}}
        - \sigma(x) = \frac{e^{-x}}{1 + e^{-x}}
        + \sigma(x) = \frac{e^x}{1 + e^x}
        + \sigma(-x) = 1 - \sigma(x)
        - \sigma(-a) = 1 + \sigma(a)
        - \sigma'(x) = \sigma(x) (1 + \sigma(x))
        + \sigma'(x) = \sigma(x) (1 - \sigma(x))""",
    ),
    "loss": (
        LOSS,
        r"""
        + J(\theta) = \frac{1}{2} \lVert X \theta - y \rVert^2
        - J(w) = \lVert X w - y \rVert^2
        + J(w) = \frac{1}{2} (X w - y)^\top (X w - y)
        - J(w) = \frac{1}{2} \sum_i (\sum_j X_{ij} w_j + y_i)^2
        - \frac{\partial J(w)}{\partial w} = X^\top (X w + y)
        + \nabla J(w) = X^\top (X w - y)""",
    ),
    "several arguments": (
        "",
        r"""
        + f(x, y) = x^2 y
        - f(u, v) = u^2 v^2
        + f(a, b) = a^2 b
        - \frac{\partial f(a, y)}{\partial a} = 3 a y""",
    ),
    "positive argument": (
        r"| $s$ | number | | positive |",
        r"""
        + f(s) = \log s
        + f(u) = 2 \log \sqrt{u}
        - f(u) = 3 \log \sqrt{u}""",
    ),
    "of the language": (
        "",
        r"""
        - \tanh'(u) = 1 + \tanh(u)^2
        + \tanh'(u) = 1 - \tanh(u)^2
        - \text{ReLU}(a) = \max(0, 2 a)
        + \operatorname{softplus}(a) = \log(1 + e^a)""",
    ),
    "one value": (
        "| $r$, $x$ | number | | |",
        r"""
        + f(x) = x^2 - x
        ? f(c) = c
        ? f'(c) = 0
        ? f'(c) = \frac{f(b) - f(a)}{b - a}
        ? f'(x^*) = 2 f(x^*)
        ? \cos(\theta) = \frac{x}{r}
        ? \cos(t) = 2 t""",
    ),
}


@pytest.mark.parametrize("kind", AGAIN)
def test_another_letter_is_any_argument(tmp_path, kind):
    """A wrong second form of a function is false with other letters, too; what is said of one value is none."""
    assert not misjudged(tmp_path, *AGAIN[kind])


def test_it_is_said_what_the_letter_stands_for_and_where_the_first_form_is(tmp_path):
    """The message names the line of the first form and the letter without a value."""
    _, (verdict, said) = judged(tmp_path, "f(z) = z^2", "f(x) = x^3", rows="| $q$ | number | | |")
    assert verdict is Verdict.FALSE
    assert "x, without a value, stands for any argument" in said
    assert f"f is defined at {tmp_path / 'own.md'}:8" in said


def text_of(tmp_path, text):
    """The verdicts on a text without a table."""
    (tmp_path / "own.md").write_text(text, encoding="utf-8")
    return [one.verdict for one in checked(tmp_path / "own.md").judged]


D, T, F, N = Verdict.DEFINED, Verdict.TRUE, Verdict.FALSE, Verdict.NOT_CHECKED


@pytest.mark.parametrize(
    "words",
    ["Now let", "We now consider instead", "We redefine the function as", "Let us use a cube instead,"],
)
@pytest.mark.parametrize("letter", ["x", "y"])
def test_words_that_define_anew_are_a_second_meaning(tmp_path, words, letter):
    """Behind them the name has one meaning or the other: what is true in one of them alone is not checked."""
    second = f"$$f({letter}) = {letter}^3$$\n\n$$f'(x) = 3 x^2$$\n\n$$f'(x) = 2 x$$\n\n$$f'(x) = 4 x$$\n"
    assert text_of(tmp_path, f"$$f(x) = x^2$$\n\n{words}\n\n{second}") == [D, N, N, N, F]
    assert text_of(tmp_path, f"$$f(x) = x^2$$\n\nSo\n\n{second}") == [D, F, F, T, F]


@pytest.mark.parametrize("words", ["Now we see that", "It is now plain that", "Now let us go on. It is"])
def test_other_words_define_nothing_anew(tmp_path, words):
    """A sentence that gives no name a meaning makes a wrong second form no second meaning."""
    assert text_of(tmp_path, f"$$f(x) = x^2$$\n\n{words}\n\n$$f(x) = x^3$$\n") == [D, F]


def test_under_another_heading_what_follows_is_so_in_both_meanings(tmp_path):
    """A definition under another heading is asked about, and what rests on it is not decided by the first one."""
    text = "# A\n\n$$f(x) = x^2$$\n\n$$f(2 x) = 4 f(x)$$\n\n# B\n\n$$f(x) = x^3$$\n\n"
    claims = "$$f(2 x) = 8 f(x)$$\n\n$$f(2 x) = 4 f(x)$$\n\n$$f(2 x) = 2 f(x)$$\n"
    assert text_of(tmp_path, text + claims) == [D, T, N, N, N, F]
