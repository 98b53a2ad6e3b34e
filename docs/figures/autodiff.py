"""A graph of three operations, with the value and the slope at every node.

`graph` draws any small graph; other figures may use it.
"""

from collections.abc import Mapping, Sequence

from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from nnlit.autodiff import Node, backward

RADIUS = 0.3
Place = tuple[float, float]


def draw(fig: Figure) -> None:
    """Draw the five numbers of the chapter; their slopes come from the tape."""
    u, v = Node(2.0), Node(3.0)
    s = u * v
    t = s + u
    L = s * t
    slopes = backward(L, L.value / L.value)
    places = {"u": (0.6, 2.0), "v": (0.6, 0.6), "s": (2.3, 0.6), "t": (4.0, 2.0), "L": (5.7, 0.6)}
    nodes = dict(zip(places, (u, v, s, t, L), strict=True))
    made = {"s": "u \\cdot v", "t": "s + u", "L": "s \\cdot t"}
    fig.set_size_inches(5.0, 2.7)
    ax = fig.add_subplot()
    ax.set(xlim=(0.0, 6.5), ylim=(-0.35, 2.75), aspect="equal")
    ax.axis("off")
    arrows = [("u", "s"), ("v", "s"), ("s", "t"), ("u", "t"), ("s", "L"), ("t", "L")]
    numbers = {name: (node.value.item(), slopes[node].item()) for name, node in nodes.items()}
    graph(ax, places, arrows, numbers, made)
    ax.text(6.5, 2.62, "value", color="C0", ha="right", va="center", fontsize=10.5)
    ax.text(6.5, 2.32, "slope of $L$", color="C1", ha="right", va="center", fontsize=10.5)


def graph(
    ax: Axes,
    places: Mapping[str, Place],
    arrows: Sequence[tuple[str, str]],
    numbers: Mapping[str, tuple[float, float]],
    made: Mapping[str, str],
) -> None:
    """Draw a computational graph.

    Args:
        ax: where to; its limits and its aspect are set already.
        places: the middle of each node.
        arrows: from what is used to what is made of it.
        numbers: for each node its value, written in blue, and the slope of the result in it, written in orange.
        made: the operation of each node that is no input, as TeX.
    """
    ink, paper = rcParams["text.color"], rcParams["figure.facecolor"]
    for start, end in arrows:
        style = {"arrowstyle": "-|>", "color": ink, "lw": 1.2, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 13}
        ax.annotate("", _edge(places[end], places[start]), _edge(places[start], places[end]), arrowprops=style)
    for name, (x, y) in places.items():
        ax.add_patch(Circle((x, y), RADIUS, facecolor=paper, edgecolor=ink, lw=1.5, zorder=2))
        ax.text(x, y, f"${name}$", ha="center", va="center", fontsize=14, zorder=3)
        if name in made:
            ax.text(x, y + 0.45, f"${made[name]}$", ha="center", va="center", fontsize=11)
        value, slope = numbers[name]
        ax.text(x - 0.08, y - 0.5, f"{value:g}", color="C0", ha="right", va="center", fontsize=12)
        ax.text(x + 0.08, y - 0.5, f"{slope:g}", color="C1", ha="left", va="center", fontsize=12)


def _edge(place: Place, other: Place) -> Place:
    """The point of a node's circle that looks at another node."""
    across, up = other[0] - place[0], other[1] - place[1]
    part = (RADIUS + 0.05) / (across**2 + up**2) ** 0.5
    return place[0] + part * across, place[1] + part * up
