"""A dense layer with three inputs and two outputs: every line is a weight."""

from matplotlib import rcParams
from matplotlib.figure import Figure
from matplotlib.patches import Circle


def draw(fig: Figure) -> None:
    """Draw inputs on the left, outputs on the right, and the weights between them."""
    fig.set_size_inches(5.0, 2.6)
    ax = fig.add_subplot()
    ax.set(xlim=(0, 6.4), ylim=(0, 3.2), aspect="equal")
    ax.axis("off")
    inputs, outputs = [(1.0, 2.75), (1.0, 1.6), (1.0, 0.45)], [(4.6, 2.2), (4.6, 1.0)]
    for k, (x2, y2) in enumerate(outputs):
        for j, (x1, y1) in enumerate(inputs):
            ax.plot([x1, x2], [y1, y2], color=f"C{k}", lw=1.6, zorder=1)
            t = 0.27
            place = (x1 + t * (x2 - x1), y1 + t * (y2 - y1))
            box = {"facecolor": rcParams["figure.facecolor"], "edgecolor": "none", "pad": 1.2}
            ax.text(*place, f"$W_{{{j + 1}{k + 1}}}$", color=f"C{k}", ha="center", va="center", bbox=box, fontsize=12)
        ax.annotate(f"$b_{k + 1}$", (x2, y2 + 0.3), (x2, y2 + 0.72), ha="center", arrowprops={"arrowstyle": "->"})
    for j, (x, y) in enumerate(inputs):
        _node(ax, x, y, f"$X_{{i{j + 1}}}$", rcParams["text.color"])
    for k, (x, y) in enumerate(outputs):
        _node(ax, x, y, f"$Z_{{i{k + 1}}}$", f"C{k}")


def _node(ax, x: float, y: float, text: str, color: str) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    ax.add_patch(Circle((x, y), 0.3, facecolor=rcParams["figure.facecolor"], edgecolor=color, lw=1.6, zorder=2))
    ax.text(x, y, text, ha="center", va="center", fontsize=13, zorder=3)
