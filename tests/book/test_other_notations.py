r"""Notations of other fields and packages: the right form is true, and one with an error planted in it is found."""

from pathlib import Path

import pytest

from nnlit.book.checks.verdicts import Verdict
from nnlit.book.report import checked
from nnlit.book.source.macros import USUAL, expanded

from .authored import HEADER, misjudged

T, F, N, D = Verdict.TRUE, Verdict.FALSE, Verdict.NOT_CHECKED, Verdict.DEFINED
ROWS = r"""
| $A$ | $n \times n$ | | |
| $S$ | $n \times n$ | | symmetric positive definite |
| $I$ | $n \times n$ | | identity |
| $v$, $w$ | $n$ | | |
| $x$, $y$ | number | | |
| $t$ | number | | positive |
| $r$ | $2 c$ | | |
"""
SIGNS = {
    "what braces say": r"""
+ \underbrace{x + x}_{= 2 x} y = 2 x y
- \underbrace{x + x}_{= 3 x} y = 2 x y
+ \overbrace{x - x}^{0} + y = y
- \overbrace{x + x}^{0} + y = 2 x + y
+ \underbrace{x}_{0} + \underbrace{y}_{1} = y + x
+ \underbrace{3 x}_{=: q} + y = y + 3 x
- q = 2 x
+ \underbrace{x + x}_{\text{= twice}} = 2 x
+ \sum_{i=1}^2 \underbrace{x + i}_{= x + 1} = 2 x + 3
""",
    "powers of a matrix that are no whole numbers": r"""
+ S^{1/2} S^{1/2} = S
- S^{1/2} S^{1/2} = S^2
+ S^{-1/2} S S^{-\frac{1}{2}} = I
+ \frac{d}{dt} \operatorname{tr}((t S)^{1/2}) = \frac{\operatorname{tr}((t S)^{1/2})}{2 t}
- \frac{d}{dt} \operatorname{tr}((t S)^{1/2}) = \frac{\operatorname{tr}((t S)^{1/2})}{t}
+ \frac{\partial \lVert S^{-1/2} v \rVert^2}{\partial v} = 2 S^{-1} v
- \frac{\partial \lVert S^{-1/2} v \rVert^2}{\partial v} = 2 S^{-1/2} v
? A^{1/2} A^{1/2} = A
? \sqrt{S} \sqrt{S} = S
""",
    "the exponential of a matrix": r"""
? \frac{d}{dt} e^{t A} = A e^{t A}
? \frac{d}{dt} \exp(t A) = A \odot \exp(t A)
- \frac{d}{dt} e^{t A} = 2 A e^{t A}
+ \frac{d}{dt} \operatorname{expm}(t A) = A \operatorname{expm}(t A)
- \frac{d}{dt} \operatorname{expm}(t A) = A \operatorname{expm}(A)
+ P = e^{A}
+ P_{ij} = e^{A_{ij}}
""",
    "a matrix with a letter that is no index": r"""
+ S_y = S + t I
+ g = v^\top S_y^{-1} v
+ \frac{\partial g}{\partial v} = 2 S_y^{-1} v
- \frac{\partial g}{\partial v} = 2 S^{-1} v
? A_i = \sum_j A_{ij}
""",
    "entries at products": r"""
? q_i = \frac{1}{2} (r_{2i-1} + r_{2i})
+ \sum_{i=1}^c (r_{2i-1} + r_{2i}) = \sum_{j=1}^{2c} r_j
- \sum_{i=1}^c (r_{2i-1} + r_{2i}) = \sum_{j=1}^{c} r_j
""",
    "beyond the end": r"""
? \delta_k = v_k + x w_{k+1} - w_k
? \sum_{k=0}^{n-1} x^k v_{k+1} = v_1
- \sum_{k=1}^{n} v_{k+1} = \sum_{k=1}^n v_k
""",
    "an upright d": r"""
+ \frac{\mathrm{d}}{\mathrm{d} x} x^2 = 2 x
? \mathrm{d}(x^2) = 2 x \mathrm{d}
""",
    "numbers that are cut": r"""
+ \operatorname{clip}(x, -t, t) = \max(-t, \min(x, t))
- \operatorname{clip}(x, -t, t) = \min(x, t)
+ \operatorname{ceil}(x) = -\operatorname{floor}(-x)
- \operatorname{ceil}(x) = \operatorname{floor}(x)
""",
    "dress": r"""
+ \frac{\cancel{x} y}{\cancel{x}} = y
- \frac{\cancel{x} y}{\cancel{x}} = x
+ \htmlStyle{color: red;}{x + y} = \htmlId{a}{y + x}
- \htmlStyle{color: red;}{x + y} = \htmlId{a}{y - x}
+ \enclose{circle}{x} \bcancel{y} = y x
""",
}


@pytest.mark.parametrize("name", SIGNS)
@pytest.mark.long_but_one_in(3)
def test_right_is_true_and_what_is_planted_is_found(tmp_path, name):
    rows = ROWS + ("| $d$ | number | | |\n" if "upright" in name else "")
    assert not misjudged(tmp_path, rows, SIGNS[name])


PACKAGES = r"""
+ \dv[2]{x^3}{x} = 6 x
- \dv[2]{x^3}{x} = 3 x^2
+ \dv{x} \qty[ x^2 ] = 2 x
- \dv{x} \qty[ x^2 ] = x
+ \pdv{(x^2 y)}{x}{y} = 2 x
- \pdv{(x^2 y)}{x}{y} = 2 y
+ \pdv[2]{(v^\top S v)}{v} = 2 S
- \pdv[2]{(v^\top S v)}{v} = S
+ \eval{\dv{x^2}{x}}_{x = y} = 2 y
- \eval{\dv{x^2}{x}}_{x = y} = 2 x
+ \nicefrac{1}{2} x + \flatfrac{x}{2} = x
- \nicefrac{1}{2} x + \flatfrac{x}{2} = 2 x
+ \diff{x^3}{x} = 3 x^2
+ \odv[order=2]{x^3}{x} = 6 x
+ \pmqty{x & 0 \\ 0 & y} \pmqty{1 \\ 1} = \pmqty{x \\ y}
- \pmqty{x & 0 \\ 0 & y} \pmqty{1 \\ 1} = \pmqty{y \\ x}
+ \frac{\dd}{\dd x} x^2 = 2 x
"""


def test_commands_of_packages_that_a_text_does_not_define(tmp_path):
    assert not misjudged(tmp_path, ROWS, PACKAGES)


def test_a_command_for_a_lone_d_is_no_derivative():
    assert expanded(r"\frac{\diff y}{\diff x}", USUAL) == r"\frac{\diff y}{\diff x}"


CONVENTION = HEADER + r"""| $X$ | $m \times n$ | | |
| $W$ | $n \times k$ | | |
| $\frac{\partial L}{\partial O}$ | $m \times k$ | | upstream |

$$O_{bc} = X_{bi} W_{ic}$$

$$\frac{\partial L}{\partial W_{ic}} = X_{bi} \frac{\partial L}{\partial O_{bc}}$$

$$\frac{\partial L}{\partial X_{bi}} = 2 \frac{\partial L}{\partial O_{bc}} W_{ic}$$
"""


@pytest.mark.parametrize(
    ("said", "verdicts"),
    [
        ("Repeated indices are summed.", [D, T, F]),
        ("We use the Einstein summation convention.", [D, T, F]),
        ("", [N, N, N]),
    ],
)
def test_the_summation_convention_counts_where_a_text_may_keep_to_it(said, verdicts):
    found = [one.verdict for one in checked(Path("own.md"), f"# Own\n\n{said}\n\n{CONVENTION}").judged]
    assert found == verdicts


@pytest.mark.parametrize(("before", "verdict"), [("", N), (r"$$\sum_{i=1}^n i = \frac{n (n + 1)}{2}$$", F)])
def test_a_lost_sum_is_false_where_others_are_written(before, verdict):
    rows = "| $X$ | $m \\times n$ | | |\n| $W$ | $n \\times k$ | | |\n"
    text = f"# Own\n\n{HEADER}{rows}\n{before}\n\n$$(X W)_{{bc}} = X_{{bi}} W_{{ic}}$$\n"
    assert checked(Path("own.md"), text).judged[-1].verdict is verdict
