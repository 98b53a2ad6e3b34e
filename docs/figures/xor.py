"""The four points of XOR, and three lines that do not part them."""

from matplotlib import rcParams
from matplotlib.figure import Figure

LINES = (((-0.4, 0.8), (0.8, -0.4)), ((-0.4, 0.42), (1.4, 0.6)), ((0.25, 1.4), (1.4, 0.25)))


def draw(fig: Figure) -> None:
    """Draw the corners of a square, filled where the target is 1, and three lines."""
    fig.set_size_inches(4.2, 3.6)
    ax = fig.add_subplot()
    ink, paper = rcParams["text.color"], rcParams["figure.facecolor"]
    for start, end in LINES:
        ax.plot(*zip(start, end, strict=True), ls="--", zorder=1)
    for x1 in (0, 1):
        for x2 in (0, 1):
            ax.plot(x1, x2, "o", ms=17, color=ink, mfc=ink if x1 != x2 else paper, mew=1.8, zorder=2)
            ax.annotate(f"({x1}, {x2})", (x1, x2), (0, 14), textcoords="offset points", ha="center", fontsize=10)
    ax.set(aspect="equal", xlim=(-0.4, 1.4), ylim=(-0.4, 1.4), xticks=[0, 1], yticks=[0, 1])
    ax.set_xlabel("first input")
    ax.set_ylabel("second input")
    ax.grid(visible=False)
