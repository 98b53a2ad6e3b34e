"""Two dense layers from the batch to the loss, and the gradients on their way back."""

from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

STEP, WIDTH, TOP, BOTTOM = 1.8, 0.56, 1.75, 1.25  # from box to box; half a box; the heights of the two ways
BOXES = ["dense 1", "ReLU", "dense 2", "squared\nerror"]
FORWARD = ["$X$", "$Z^{(1)}$", "$A$", r"$\hat Y$", "$L$"]
BACKWARD = [
    r"$\frac{\partial L}{\partial Z^{(1)}}$",
    r"$\frac{\partial L}{\partial A}$",
    r"$\frac{\partial L}{\partial \hat Y}$",
]


def draw(fig: Figure) -> None:
    """Draw the boxes, the way forward through their upper half and the way back through their lower half."""
    fig.set_size_inches(5.0, 2.15)
    ax = fig.add_subplot()
    ax.set(xlim=(0.1, 4 * STEP + 0.8), ylim=(-0.05, 2.8), aspect="equal")
    ax.axis("off")
    ink = rcParams["text.color"]
    for k, name in enumerate(BOXES, start=1):
        corner, style = (k * STEP - STEP / 2 + 0.45 - WIDTH, 0.95), "round,pad=0,rounding_size=0.08"
        ax.add_patch(FancyBboxPatch(corner, 2 * WIDTH, 1.1, boxstyle=style, fill=False, lw=1.5, edgecolor=ink))
        ax.text(corner[0] + WIDTH, 1.5, name, ha="center", va="center", fontsize=10)
    for k, name in enumerate(FORWARD):
        x = k * STEP + 0.45
        _arrow(ax, (x - 0.33, TOP), (x + 0.33, TOP), "C0")
        ax.text(x, TOP + 0.14, name, ha="center", va="bottom", color="C0", fontsize=13)
    for k, name in enumerate(BACKWARD, start=1):
        x = k * STEP + 0.45
        _arrow(ax, (x + 0.33, BOTTOM), (x - 0.33, BOTTOM), "C1")
        ax.text(x, BOTTOM - 0.14, name, ha="center", va="top", color="C1", fontsize=14)
    for k in (1, 2):
        x = (2 * k - 1) * STEP - STEP / 2 + 0.45
        _arrow(ax, (x, 2.43), (x, 2.08), "C0")
        ax.text(x, 2.45, f"$W^{{({k})}}, b^{{({k})}}$", ha="center", va="bottom", color="C0", fontsize=13)
        _arrow(ax, (x, 0.92), (x, 0.57), "C1")
        text = rf"$\frac{{\partial L}}{{\partial W^{{({k})}}}}, \frac{{\partial L}}{{\partial b^{{({k})}}}}$"
        ax.text(x, 0.53, text, ha="center", va="top", color="C1", fontsize=14)


def _arrow(ax: Axes, start: tuple[float, float], end: tuple[float, float], color: str) -> None:
    ax.annotate("", end, start, arrowprops={"arrowstyle": "->", "color": color, "lw": 1.8, "shrinkA": 0, "shrinkB": 0})
