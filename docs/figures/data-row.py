"""An image, a part of it with its numbers, and the image as one long row."""

from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import ConnectionPatch, Rectangle

from nnlit.data import Array
from nnlit.mnist import load_mnist

TOP, LEFT, ROWS, COLUMNS = 6, 13, 4, 6  # the part that is enlarged


def draw(fig: Figure) -> None:
    """Draw the grid on the left, the enlarged part on the right, the row of pixels below."""
    fig.set_size_inches(5.0, 3.5)
    x = load_mnist().X_train[0]
    part = x.reshape(28, 28)[TOP : TOP + ROWS, LEFT : LEFT + COLUMNS]
    axes = fig.subplot_mosaic([["grid", "part"], ["row", "row"]], height_ratios=[4.4, 1], width_ratios=[1, 1.5])
    _image(axes["grid"], x.reshape(28, 28), "28 × 28 pixels")
    axes["grid"].add_patch(Rectangle((LEFT - 0.5, TOP - 0.5), COLUMNS, ROWS, fill=False, edgecolor="C1", lw=2))
    _image(axes["part"], part, "each a number from 0 to 255")
    for (r, c), value in ((rc, part[rc]) for rc in ((r, c) for r in range(ROWS) for c in range(COLUMNS))):
        color = rcParams["figure.facecolor" if value > 127 else "text.color"]
        axes["part"].text(c, r, str(value), ha="center", va="center", color=color, fontsize=10)
    for spine in axes["part"].spines.values():
        spine.set(visible=True, edgecolor="C1", linewidth=2)
    for corner in (-0.5, ROWS - 0.5):
        start, end = (LEFT + COLUMNS - 0.5, TOP + corner), (-0.5, corner)
        line = ConnectionPatch(start, end, "data", axesA=axes["grid"], axesB=axes["part"], color="C1", lw=1)
        fig.add_artist(line)
    _row(axes["row"], x)


def _ink() -> LinearSegmentedColormap:
    return LinearSegmentedColormap.from_list("ink", [rcParams["figure.facecolor"], rcParams["text.color"]])


def _image(ax: Axes, image: Array, title: str) -> None:
    ax.imshow(image, cmap=_ink(), vmin=0, vmax=255, interpolation="nearest")
    ax.set(xticks=[], yticks=[])
    ax.set_title(title, fontsize=11)
    for spine in ax.spines.values():
        spine.set_visible(True)


def _row(ax: Axes, x: Array) -> None:
    ax.imshow(x[None, :], cmap=_ink(), vmin=0, vmax=255, aspect="auto", interpolation="nearest")
    ax.set(yticks=[], xticks=[0, 28 * 5 + 12, 28 * 14, 783], xlabel="the 784 pixels of the image as one row of $X$")
    ax.grid(visible=False)
    for spine in ax.spines.values():
        spine.set_visible(True)
