r"""Names that stand for derivatives and are used again; columns and rows as shapes say; bends between differences."""

import pytest

from nnlit.book.checks.verdicts import Verdict

from .authored import judged, misjudged

ARRAYS = r"""
| $w$, $u$ | $n$ | | |
| $A$ | $n \times n$ | | symmetric positive definite |
| $I$ | $n \times n$ | | identity |
"""
TEXTS = {
    "mixed second derivatives of numbers": (
        "| $x$, $y$ | number | | |",
        r"""
        + f = x^2 y^3
        + g = \frac{\partial f}{\partial x}
        + h = \frac{\partial g}{\partial y}
        + h = 6 x y^2
        - h = 6 x^2 y
        + h = \frac{\partial^2 f}{\partial y \partial x}
        + \frac{\partial h}{\partial x} = 6 y^2
        - \frac{\partial h}{\partial x} = 6 y
        + \frac{\partial^2 h}{\partial x \partial y} = 12 y
        - \frac{\partial^2 h}{\partial x \partial y} = 12 x
        + \frac{\partial^2 g}{\partial y^2} = 12 x y
        - \frac{\partial^2 g}{\partial y^2} = 12 x
        """,
    ),
    "mixed second derivatives of arrays": (
        ARRAYS,
        r"""
        + L = u^\top A w + (u^\top w)^2
        + g = \nabla_w L
        + g = A u + 2 (u^\top w) u
        - g = A w + 2 (u^\top w) u
        + \frac{\partial g_i}{\partial u_j} = A_{ij} + 2 (u^\top w) [i = j] + 2 u_i w_j
        - \frac{\partial g_i}{\partial u_j} = A_{ij} + 2 (u^\top w) [i = j] + 2 w_i u_j
        + H = \frac{\partial^2 L}{\partial w \partial u}
        + H_{ij} = \frac{\partial g_i}{\partial u_j}
        - H_{ij} = \frac{\partial g_j}{\partial u_i}
        + \frac{\partial H_{ij}}{\partial w_l} = 2 u_l [i = j] + 2 u_i [j = l]
        - \frac{\partial H_{ij}}{\partial w_l} = 2 u_l [i = j] + 2 u_i [i = l]
        """,
    ),
    "Hessians as gradients of gradients": (
        ARRAYS,
        r"""
        + q = w^\top A w + (w^\top w)^2
        + g = \nabla_w q
        + H = \nabla_w g
        + H = 2 A + 4 (w^\top w) I + 8 w w^\top
        - H = 2 A + 2 (w^\top w) I + 8 w w^\top
        + H^\top = \nabla_w^2 q
        + s = w^\top g
        + \nabla_w s = g + H w
        - \nabla_w s = g + 2 H w
        + T = \nabla_w H
        + T_{ijl} = 8 w_l [i = j] + 8 [i = l] w_j + 8 w_i [j = l]
        - T_{ijl} = 4 w_l [i = j] + 8 [i = l] w_j + 8 w_i [j = l]
        + \frac{\partial T_{ijl}}{\partial w_m} = 8 [l = m] [i = j] + 8 [i = l] [j = m] + 8 [i = m] [j = l]
        - \frac{\partial T_{ijl}}{\partial w_m} = 8 [l = m] [i = j] + 8 [i = l] [j = m]
        """,
    ),
    "Jacobians with names, transposed": (
        ARRAYS,
        r"""
        + z = A w + (u^\top w) w
        + J = \frac{\partial z}{\partial w}
        + J = A + (u^\top w) I + w u^\top
        - J = A + (u^\top w) I + u w^\top
        + K = (\nabla_w z)^\top
        - K = J
        + \nabla_w (z^\top z) = 2 K z
        - \nabla_w (z^\top z) = 2 J z
        + \frac{\partial J_{ij}}{\partial w_l} = u_l [i = j] + [i = l] u_j
        - \frac{\partial J_{ij}}{\partial w_l} = u_l [i = j] + [j = l] u_i
        """,
    ),
    "in sums, with indices": (
        "| $X$ | $m \\times n$ | | |\n| $w$ | $n$ | | |\n| $y$ | $m$ | | |",
        r"""
        + r_i = \sum_j X_{ij} w_j - y_i
        + L = \frac{1}{2} \sum_i r_i^2
        + g_j = \frac{\partial L}{\partial w_j}
        + H_{jk} = \frac{\partial g_j}{\partial w_k}
        + H = X^\top X
        - H = X X^\top
        + s = \sum_j g_j^2
        + \frac{\partial s}{\partial w_k} = 2 \sum_j H_{jk} g_j
        - \frac{\partial s}{\partial w_k} = \sum_j H_{jk} g_j
        + \frac{\partial g_j}{\partial X_{kl}} = X_{kj} w_l + r_k [j = l]
        - \frac{\partial g_j}{\partial X_{kl}} = X_{kl} w_j + r_k [j = l]
        + B = \frac{\partial g}{\partial y}
        + \frac{\partial^2 L}{\partial y \partial w} = B^\top
        - \frac{\partial^2 L}{\partial y \partial w} = -B^\top
        """,
    ),
    "displayed after their use": (
        "| $x$, $y$ | number | | |",
        r"""
        + \frac{\partial h}{\partial x} = 12 x^2
        - \frac{\partial h}{\partial x} = 12 x
        + h = \frac{\partial f}{\partial x}
        + f = x^4 + y
        """,
    ),
    "functions that are derivatives": (
        "| $x$ | number | | |\n| $a$ | number | | positive |",
        r"""
        + f(x) = \sin(a x)
        + g(x) = f'(x)
        + g'(x) = -a^2 f(x)
        - g'(x) = a^2 f(x)
        + h = g(2 a)
        + \frac{d h}{d a} = \cos(2 a^2) - 4 a^2 \sin(2 a^2)
        - \frac{d h}{d a} = -4 a^2 \sin(2 a^2)
        + u(x) = \frac{d}{d x} f(x^2)
        + u'(x) = 2 g(x^2) + 4 x^2 g'(x^2)
        - u'(x) = 2 g(x^2) + 2 x g'(x^2)
        """,
    ),
    "of several numbers": (
        "| $x$, $y$ | number | | |",
        r"""
        + F(x, y) = x^2 y + y^3
        + F_x = \frac{\partial F}{\partial x}
        + F_{xy} = \frac{\partial F_x}{\partial y}
        + F_{xy} = 2 x
        - F_{xy} = 2 y
        + Q(x, y) = \frac{\partial}{\partial y} F(x, y)
        + Q(y, x) = y^2 + 3 x^2
        - Q(y, x) = x^2 + 3 y^2
        """,
    ),
    "in recurrences": (
        "| $x$ | $T$ | | |\n| $w$, $h_0$ | number | | |",
        r"""
        + h_t = w h_{t-1} + x_t
        + L = h_T^2
        + g = \frac{d L}{d h_0}
        + \frac{d g}{d h_0} = 2 w^{2 T}
        - \frac{d g}{d h_0} = 2 w^{T}
        + d = \frac{d h_T}{d w}
        + \frac{d g}{d w} = 2 w^T d + 2 h_T T w^{T-1}
        - \frac{d g}{d w} = 2 w^T d + h_T T w^{T-1}
        """,
    ),
    "near a bend": (
        "| $x$ | number | | |\n| $a$ | number | | positive |",
        r"""
        + f(x) = \begin{cases} x^3 & x > 0 \\ a x & x \le 0 \end{cases}
        + g(x) = f'(x)
        + g'(x) = \begin{cases} 6 x & x > 0 \\ 0 & x \le 0 \end{cases}
        - g'(x) = 6 x
        - g'(x) = 0
        """,
    ),
    "behind ReLU": (
        "| $X$ | $m \\times n$ | | |\n| $W$ | $n \\times k$ | | |\n| $V$ | $k \\times p$ | | |",
        r"""
        + Z = X W
        + A = \max(0, Z)
        + S = A V
        + L = \frac12 \sum_{i,j} S_{ij}^2
        + G = \frac{\partial L}{\partial W}
        + \frac{\partial G_{ij}}{\partial V_{lq}} = \sum_r X_{ri} \mathbb 1[Z_{rj} > 0] (A_{rl} V_{jq} + S_{rq} [j = l])
        - \frac{\partial G_{ij}}{\partial V_{lq}} = \sum_r X_{ri} \mathbb 1[Z_{rj} > 0] (A_{rl} V_{jq} - S_{rq} [j = l])
        """,
    ),
    "steep": (
        "| $\\sigma$ | number | | positive |\n| $\\mu$ | number | | |\n| $x$ | $n$ | | |",
        r"""
        + \ell = -\frac{n}{2} \log \sigma^2 - \frac{1}{2 \sigma^2} \sum_i (x_i - \mu)^2
        + t = \frac{\partial \ell}{\partial \sigma^2}
        + \frac{\partial t}{\partial \mu} = -\frac{1}{\sigma^4} \sum_i (x_i - \mu)
        - \frac{\partial t}{\partial \mu} = \frac{1}{\sigma^4} \sum_i (x_i - \mu)
        + \frac{\partial t}{\partial \sigma^2} = \frac{n}{2 \sigma^4} - \frac{1}{\sigma^6} \sum_i (x_i - \mu)^2
        - \frac{\partial t}{\partial \sigma^2} = \frac{n}{2 \sigma^4} - \frac{1}{2 \sigma^6} \sum_i (x_i - \mu)^2
        """,
    ),
    "of what is known by its gradient alone": (
        r"""
        | $X$ | $m \times n$ | | |
        | $W$ | $n \times p$ | | |
        | $\frac{\partial L}{\partial Z}$ | $m \times p$ | | |
        """,
        r"""
        + Z = X W
        + \delta = \frac{\partial L}{\partial Z}
        + G = \frac{\partial L}{\partial W}
        + G = X^\top \delta
        - G = \delta^\top X
        ? \frac{\partial^2 L}{\partial Z^2} = 0
        ? \frac{\partial \delta}{\partial W} = 0
        ? \nabla_W G = 0
        ? \nabla_Z^2 L = 0
        ? \frac{\partial G_{ij}}{\partial X_{ql}} = \delta_{qj} [i = l]
        ? \left. \frac{\partial L}{\partial W} \right|_{W = 0} = G
        - L - \sum_{i,j} \delta_{ij} Z_{ij} = 0
        """,
    ),
    "columns and rows by their shapes": (
        r"""
        | $x$, $c$ | $n \times 1$ | | |
        | $A$ | $n \times n$ | | symmetric |
        | $b$ | $k \times 1$ | | |
        | $W$ | $k \times n$ | | |
        | $r$ | $1 \times n$ | | |
        | $a$ | $1 \times 1$ | | |
        """,
        r"""
        + f = x^\top A x
        + f = \sum_i \sum_j x_{i1} A_{ij} x_j
        + \frac{\partial f}{\partial x} = 2 A x
        - \frac{\partial f}{\partial x} = A x
        + \nabla_x^2 f = 2 A
        + z = W x + b
        + L = \frac{1}{2} z^\top z
        + \frac{\partial L}{\partial W} = z x^\top
        - \frac{\partial L}{\partial W} = 2 z x^\top
        + \frac{\partial L}{\partial b} = z
        + c^\top x = \sum_i c_i x_{i1}
        + s = r x
        + s = \sum_j r_{1j} x_{j1}
        - s = \sum_j r_{1j} c_{j1}
        + \frac{\partial s}{\partial x} = r^\top
        + a s = s a
        ? x + r = r + x
        ? A x = x^\top A
        """,
    ),
    "layers of rows": (
        r"""
        | $h$ | $1 \times n$ | | hidden |
        | $W$ | $n \times k$ | | |
        | $b$ | $1 \times k$ | | |
        | $y$ | $1 \times k$ | | one-hot |
        """,
        r"""
        + \theta = h W + b
        + p = \operatorname{softmax}(\theta)
        + J = -\sum_i y_i \log p_i
        + \delta = \frac{\partial J}{\partial \theta}
        + \delta = p - y
        - \delta = y - p
        + \frac{\partial J}{\partial W} = h^\top \delta
        - \frac{\partial J}{\partial W} = \delta^\top h
        + \frac{\partial J}{\partial h} = \delta W^\top
        - \frac{\partial J}{\partial h} = W \delta
        """,
    ),
    "examples in columns": (
        r"""
        | $X$ | $n \times m$ | | |
        | $W$ | $k \times n$ | | |
        | $b$ | $k \times 1$ | | |
        | $\mathbf{1}$ | $m \times 1$ | | all ones |
        """,
        r"""
        ? Z = W X + b
        + Q = W X + b \mathbf{1}^\top
        + Q_{ij} = b_i + \sum_l W_{il} X_{lj}
        - Q_{ij} = b_j + \sum_l W_{il} X_{lj}
        """,
    ),
    "a row is no column": (
        "| $w$ | $n$ | | |\n| $A$ | $n \\times n$ | | |",
        r"""
        + (A w)^\top = w^\top A^\top
        ? A w = w^\top A^\top
        ? w^\top A = A^\top w
        ? A w + w^\top A = w^\top A + A w
        + q = w^\top A w
        + g = \nabla_w q = A w + A^\top w
        ? g = A w + A^\top w = w^\top A^\top + w^\top A
        """,
    ),
    "primes": (
        "| $x$ | number | | |",
        r"""
        + y = x^3
        + y' = \frac{d y}{d x}
        + y'' = \frac{d y'}{d x}
        + y'' = 6 x
        - y'' = 6
        ? y''(x) = 6 x
        """,
    ),
    "systems of equations": (
        "| $x$, $d$ | number | | |",
        r"""
        + \begin{cases} x + x = 2 x \\ x x = x^2 \end{cases}
        - \begin{cases} x + x = 2 x \\ x x = x \end{cases}
        ? \begin{cases} x & x > 0 \\ 0 & x \le 0 \end{cases}
        + \frac{d}{d - 1} (d - 1) = d
        - \frac{d}{d - 1} = d
        """,
    ),
    "a name that is set to another one at the end": (
        "| $x$, $y$ | number | | |\n| $w$ | $n$ | | |",
        r"""
        + b_j = w_j x
        ? b_j = w_j y
        + x w = b
        ? x = y
        """,
    ),
}


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.long_but_one_in(12)
def test_a_text_is_judged_as_a_careful_reader_would(tmp_path, name):
    assert not misjudged(tmp_path, *TEXTS[name])


def test_a_second_index_of_a_column_is_one(tmp_path):
    found = judged(tmp_path, r"\sum_{i,j} x_{ij} = 0", rows=r"| $x$ | $n \times 1$ | | |")
    assert found[0][0] is Verdict.NOT_READ
    assert "x is a column by its shape: write its entries with one index" in found[0][1]
