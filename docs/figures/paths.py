"""Two paths from x to L, with the slope of every step written on it."""

from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle

NODES = {"x": (0.7, 1.4), "u": (3.1, 2.3), "v": (3.1, 0.5), "L": (5.5, 1.4)}
STEPS = {("x", "u"): "4", ("u", "L"): "7", ("x", "v"): "12", ("v", "L"): "4"}
FORMULAS = {"x": "2", "u": "x^2 = 4", "v": "x^3 = 8", "L": "uv - u = 28"}


def draw(fig: Figure) -> None:
    """Draw the nodes with their values and the arrows with their slopes."""
    fig.set_size_inches(5.0, 2.5)
    ax = fig.add_subplot()
    ax.set(xlim=(0, 6.4), ylim=(-0.1, 2.8), aspect="equal")
    ax.axis("off")
    for (start, end), slope in STEPS.items():
        _step(ax, NODES[start], NODES[end], slope, "C0" if "u" in (start, end) else "C1")
    for name, (x, y) in NODES.items():
        color = {"u": "C0", "v": "C1"}.get(name, rcParams["text.color"])
        ax.add_patch(Circle((x, y), 0.28, facecolor=rcParams["figure.facecolor"], edgecolor=color, lw=1.6, zorder=2))
        ax.text(x, y, f"${name}$", ha="center", va="center", fontsize=14, zorder=3)
        ax.text(x, y - 0.42, f"${FORMULAS[name]}$", ha="center", va="center", fontsize=10.5)
    ax.text(3.1, 1.4, "$7 \\cdot 4 + 4 \\cdot 12 = 76$", ha="center", va="center", fontsize=12.5)


def _step(ax: Axes, start: tuple[float, float], end: tuple[float, float], slope: str, color: str) -> None:
    style = {"arrowstyle": "-|>", "color": color, "lw": 1.6, "shrinkA": 16, "shrinkB": 22, "mutation_scale": 14}
    ax.annotate("", end, start, arrowprops=style, zorder=1)
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    box = {"facecolor": rcParams["figure.facecolor"], "edgecolor": "none", "pad": 1.5}
    ax.text(*middle, slope, color=color, ha="center", va="center", fontsize=13, bbox=box, zorder=3)
