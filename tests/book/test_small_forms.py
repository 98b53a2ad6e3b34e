r"""Percents, commands with words between their arguments, comments of Obsidian, and ranges behind a display."""

from pathlib import Path

import pytest

from nnlit.book.checks.verdicts import Verdict
from nnlit.book.report import checked

ROWS = "| symbol | shape | code | meaning |\n|---|---|---|---|\n| $x$, $y$ | number | | |\n| $u$ | $n$ | | |\n\n"
T, F, N = Verdict.TRUE, Verdict.FALSE, Verdict.NOT_CHECKED
PAIR = r"\def\pair(#1,#2){#1 - #2} "
PAIRS = [  # what is right, and what is exchanged in it so that it is wrong
    (r"$$50\% x = \frac{x}{2}$$", r"50\%", r"5\%"),
    (r"$$20\% x + 80 \% x = x$$", r"20\%", r"20"),
    (r"$$12.5\% = \frac{1}{8}$$", "12.5", "12"),
    (r"$$\tanh(0.5) \approx 46.2\%$$", "46.2", "46.3"),
    (PAIR + r"$$\pair(x, y) + y = x$$", "x, y", "y, x"),
    (PAIR + r"$$\pair ({(x + y)},{2 y}) = x - y$$", "2 y", "y"),
    (r"\def\half#1;{\frac{#1}{2}} $$\half x + y; = 0.5 x + 0.5 y$$", "+ y;", ";"),
    (r"\def\twice[#1]{2 (#1)} $$\twice[x + y] = 2 x + 2 y$$", "[x + y]", "[x]"),
    (r"\def\less#1#2{#1 - #2} $$\less x y = x - y$$", "x y", "y x"),
    (r"\def\to(#1)#2{#1 - #2} $$\to(x) y = x - y$$", "= x", "= -x"),
    (r"$$\sqrt{x^2} = x$$ for $x > 0$", "= x", "= 2 x"),
    (r"$$\sqrt{x^2} = -x$$, where $x < 0$.", "< 0", "> 0"),
    (r"$$\sqrt{x^2 y^2} = x y$$ for all $x > 0$ and $y > 0$", "= x", "= -x"),
    (r"$$\sqrt{u_i^2} = u_i$$ whenever $u_i \ge 0$", r"\ge", r"\le"),
    (r"\[\log(x^2) = 2 \log x\] if $x > 0$", "= 2", "= 3"),
    (r"$$\begin{aligned} \sqrt{x^2} &= x \\ &= 2 x - x \end{aligned}$$ with $0 < x < 3$", "- x", "+ x"),
    (r"$$\begin{aligned} \sqrt{x^2} &= x \\ &= 2 x - x \end{aligned}$$ with $0 < x < 3$", r"&= x", r"&= 3 x"),
]


@pytest.mark.parametrize(("shown", "old", "new"), PAIRS, ids=[one[0] for one in PAIRS])
@pytest.mark.long_but_one_in(4)
def test_the_right_form_is_true_and_the_wrong_one_is_false(shown, old, new):
    assert shown.replace(old, new, 1) != shown
    found = [checked(Path("own.md"), f"{ROWS}{one}\n").judged for one in (shown, shown.replace(old, new, 1))]
    assert [one.verdict for judged in found for one in judged] == [T, F]


@pytest.mark.parametrize(
    ("shown", "verdict"),
    [
        (r"$$\sqrt{x^2} = x$$ for $x = 2$", F),
        (r"$$\sqrt{x^2} = x$$ for $x \in \mathbb R$", F),
        (r"$$\sqrt{x^2} = x$$ and $x > 0$", F),
        (r"$$\sqrt{x^2} = x$$ For $x > 0$ we get more.", F),
        (r"$$\sqrt{x^2} = x$$. for $x > 0$ we get more.", F),
        ("$$\\sqrt{x^2} = x.$$ for $x > 0$ we get more.", F),
        ("$$\\sqrt{x^2} = x$$\n\nfor $x > 0$ we get more.", F),
        ("$$\n\\sqrt{x^2} = x,\n$$\nfor $x > 0$", T),
        ("> $$\n> \\sqrt{x^2} = x\n> $$\n> for $x > 0$", T),
        (r"$$\sqrt{x^2} = x$$ We shall need it for $x > 0$", F),
        (r"$$\sqrt{x^2} = x$$ for $x > 10^{12}$", N),
        (r"$$x + x = 2 x$$ for $x < \text{most}$", T),
    ],
)
def test_only_a_range_right_behind_a_display_counts(shown, verdict):
    assert checked(Path("own.md"), f"{ROWS}{shown}\n").judged[0].verdict is verdict


def test_a_range_behind_a_definition_leaves_it_one():
    shown = "$$q = x^2$$ for $x > 0$\n\n$$\\frac{d q}{d x} = 2 x$$\n\n$$\\frac{d q}{d x} = 3 x$$\n"
    verdicts = [one.verdict for one in checked(Path("own.md"), ROWS + shown).judged]
    assert verdicts == [Verdict.DEFINED, T, F]


def test_what_a_range_has_decided_is_told():
    (one,) = checked(Path("own.md"), f"{ROWS}$$\\sqrt{{x^2}} = x$$ for $x > 0$\n").judged
    assert one.said == "where $x > 0$, as the text behind it says"


def test_a_command_without_the_words_that_belong_to_it_is_not_read():
    (one,) = checked(Path("own.md"), f"{ROWS}{PAIR}$$\\pair x = y - x$$\n").judged
    assert one.verdict is Verdict.NOT_READ
    assert r"\pair" in one.said


HIDDEN = ["%% $$x = 2 x$$ %%", "a %% $$x = 2 x$$ %% b", "%%\n$$x = 2 x$$\n%%", "%% a\n\n$$x = 2 x$$\nb %%"]
SEEN = ["100%% $$x = 2 x$$ 50%%", "%% $$x = 2 x$$", "# %%\n$$x = 2 x$$\n# %%", "%%\n\n$$x = 2 x$$"]


@pytest.mark.parametrize("text", [*HIDDEN, *SEEN])
def test_comments_of_obsidian_are_no_text(text):
    found = [one.verdict for one in checked(Path("own.md"), f"{ROWS}{text}\n\n$$x + x = 2 x$$\n").judged]
    assert found == ([T] if text in HIDDEN else [F, T])
    others = [one.verdict for one in checked(Path("own.rst"), f"{ROWS}{text}\n\n$$x + x = 2 x$$\n").judged]
    assert others[0] is F
