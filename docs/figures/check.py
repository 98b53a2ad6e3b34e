"""The three-way check: an equation of the page, the slope measured through the page, and the line of code agree."""

from typing import Any

from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

GRADIENT = r"$\frac{\partial L}{\partial W} = X^{\mathsf{T}} \frac{\partial L}{\partial Z}$"
BOXES: list[
    tuple[float, float, float, str, str, dict[str, Any]]
] = [  # left, bottom, width, what it is, what it says, its style
    (0, 2.6, 4.9, "the page: the forward equation", r"$Z = XW + b$", {"fontsize": 15}),
    (7.2, 2.6, 3.7, "the truth: a measured slope", r"$\mathrm{Im}\, L(W + ih) / h$", {"fontsize": 14}),
    (7.2, 0, 3.7, "the page: the gradient", GRADIENT, {"fontsize": 16}),
    (0, 0, 4.9, "the code", "grad_W = X.T @ grad_Z  # eq dense:grad-W", {"fontsize": 8, "family": "monospace"}),
]
ARROWS = [  # from, to, kind, color, where the text stands, its words
    ((4.95, 3.2), (7.15, 3.2), "->", "C0", (6.05, 3.35, "center"), "executed"),
    ((10.4, 2.55), (10.4, 1.25), "<->", "C1", (10.25, 1.8, "right"), "agree?"),
    ((4.95, 0.6), (7.15, 0.6), "<->", "C1", (6.05, 0.75, "center"), "agree?"),
]


def draw(fig: Figure) -> None:
    """Draw the forward equation, the slope measured through it, the derived gradient and the line of code."""
    fig.set_size_inches(7.0, 2.8)
    ax = fig.add_subplot()
    ax.set(xlim=(-0.1, 11.1), ylim=(-0.1, 4.3), aspect="equal")
    ax.axis("off")
    for x, y, width, head, text, style in BOXES:
        _frame(ax, x, y, width)
        ax.text(x + width / 2, y + 0.6, text, ha="center", va="center", **style)
        ax.text(x + 0.06, y + 1.3, head, ha="left", va="bottom", fontsize=10)
    for start, end, kind, color, (x, y, side), text in ARROWS:
        arrow = {"arrowstyle": kind, "color": color, "lw": 1.8, "shrinkA": 0, "shrinkB": 0}
        ax.annotate("", end, start, arrowprops=arrow)
        ax.text(x, y, text, ha=side, va="bottom", color=color, fontsize=10)


def _frame(ax: Axes, x: float, y: float, width: float) -> None:
    ink = rcParams["text.color"]
    shape = "round,pad=0,rounding_size=0.12"
    ax.add_patch(FancyBboxPatch((x, y), width, 1.2, boxstyle=shape, fill=False, lw=1.4, edgecolor=ink))
