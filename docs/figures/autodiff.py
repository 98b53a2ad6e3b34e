"""A graph of three operations, with the value and the slope at every node.

`graph` draws any small graph; other figures use it.
"""

from collections.abc import Mapping

from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from nnlit.autodiff import Node, backward

RADIUS = 0.3
Pair = tuple[float, float]


def draw(fig: Figure) -> None:
    """Draw the five numbers of the chapter; their slopes come from the tape."""
    u, v = Node(2.0), Node(3.0)
    s = u * v
    t = s + u
    L = s * t
    slopes = backward(L, L.value / L.value)
    places = {"u": (0.6, 2.0), "v": (0.6, 0.6), "s": (2.3, 0.6), "t": (4.0, 2.0), "L": (5.7, 0.6)}
    numbers = [(node.value.item(), slopes[node].item()) for node in (u, v, s, t, L)]
    made = ["", "", r"u \cdot v", "s + u", r"s \cdot t"]
    nodes = dict(zip(places, zip(places.values(), numbers, made, strict=True), strict=True))
    arrows = dict.fromkeys([("u", "s"), ("v", "s"), ("s", "t"), ("u", "t"), ("s", "L"), ("t", "L")])
    fig.set_size_inches(5.0, 2.7)
    ax = fig.add_subplot()
    ax.set(xlim=(0.0, 6.5), ylim=(-0.35, 2.75), aspect="equal")
    graph(ax, nodes, arrows)


def graph(
    ax: Axes, nodes: Mapping[str, tuple[Pair, Pair, str]], arrows: Mapping[tuple[str, str], Pair | None]
) -> None:
    """Draw a computational graph, with values in blue and the slopes of the result in orange.

    Args:
        ax: where to; its limits and its aspect are set already.
        nodes: by their names in TeX: the middle of each, its value and slope, and how it was made, if that is to be
            said.
        arrows: from what is used to what is made of it; where there is a weight on it, its value and slope.
    """
    ax.axis("off")
    ink, paper = rcParams["text.color"], rcParams["figure.facecolor"]
    for (start, end), weight in arrows.items():
        a, b = nodes[start][0], nodes[end][0]
        style = {"arrowstyle": "-|>", "color": ink, "lw": 1.2, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 13}
        ax.annotate("", _edge(b, a), _edge(a, b), arrowprops=style)
        if weight:  # before the middle, where arrows may cross
            _pair(ax, (a[0] + 0.36 * (b[0] - a[0]), a[1] + 0.36 * (b[1] - a[1])), weight, paper)
    for name, ((x, y), numbers, made) in nodes.items():
        ax.add_patch(Circle((x, y), RADIUS, facecolor=paper, edgecolor=ink, lw=1.5, zorder=2))
        ax.text(x, y, f"${name}$", ha="center", va="center", fontsize=14, zorder=3)
        ax.text(x, y + 0.45, f"${made}$" if made else "", ha="center", va="center", fontsize=11)
        _pair(ax, (x, y - 0.5), numbers, "none")
    for height, word, color in ((0.97, "value", "C0"), (0.86, "slope of $L$", "C1")):
        ax.text(1.0, height, word, color=color, ha="right", va="center", fontsize=10.5, transform=ax.transAxes)


def _pair(ax: Axes, place: Pair, numbers: Pair, paper: str) -> None:
    """A value and a slope side by side, on a patch of paper where a line would cross them."""
    if paper != "none":
        ax.text(*place, "  ", ha="center", va="center", bbox={"facecolor": paper, "edgecolor": "none", "pad": 3.0})
    for shift, side, color, number in ((-0.06, "right", "C0", numbers[0]), (0.06, "left", "C1", numbers[1])):
        text = f"{number:g}".replace("-", "\N{MINUS SIGN}")
        box = {"facecolor": paper, "edgecolor": "none", "pad": 1.5}
        ax.text(place[0] + shift, place[1], text, color=color, ha=side, va="center", fontsize=12, bbox=box, zorder=4)


def _edge(place: Pair, other: Pair) -> Pair:
    """The point of a node's circle that looks at another node."""
    across, up = other[0] - place[0], other[1] - place[1]
    part = (RADIUS + 0.05) / (across**2 + up**2) ** 0.5
    return place[0] + part * across, place[1] + part * up
