"""The slope in a direction is the length of the gradient times the cosine of the angle between them."""

import numpy as np
from matplotlib import rcParams
from matplotlib.figure import Figure
from matplotlib.patches import Arc

ALPHA, BETA = np.radians(45), np.radians(100)
G = np.sqrt(32)


def draw(fig: Figure) -> None:
    """Draw a direction's shadow on the gradient, and the slope for every direction."""
    fig.set_size_inches(5.8, 2.6)
    left, right = fig.subplots(1, 2, width_ratios=[1, 1.35])
    ink = rcParams["text.color"]
    g, u = 1.9 * np.array([np.cos(ALPHA), np.sin(ALPHA)]), np.array([np.cos(BETA), np.sin(BETA)])
    shadow = np.cos(ALPHA - BETA) * g / 1.9
    for end, color in ((g, "C1"), (u, "C0")):
        left.annotate(
            "", end, (0, 0), arrowprops={"arrowstyle": "->", "color": color, "lw": 2, "shrinkA": 0, "shrinkB": 0}
        )
    left.plot(*np.transpose([u, shadow]), color=ink, lw=1, ls=":")
    left.plot(*np.transpose([(0, 0), shadow]), color="C0", lw=5, alpha=0.35)
    left.add_patch(Arc((0, 0), 0.7, 0.7, theta1=45, theta2=100, color=ink))
    left.text(*(g + np.array([0.06, -0.06])), "$g$", color="C1", fontsize=13)
    left.text(*(u + np.array([-0.3, 0.02])), "$u$", color="C0", fontsize=13)
    left.text(0.5, 0.16, r"$\cos$", color="C0", fontsize=12)
    left.set(aspect="equal", xlim=(-0.55, 1.75), ylim=(-0.25, 1.6))
    left.axis("off")
    beta = np.arange(361)
    right.plot(beta, G * np.cos(np.radians(beta) - ALPHA), color="C0")
    right.axhline(0, color=ink, lw=0.8)
    for x, y, text, place in ((45, G, "along $g$", (75, 4.9)), (225, -G, "against $g$", (250, -5.9))):
        right.plot(x, y, "o", color="C1")
        right.annotate(text, (x, y), place, fontsize=10)
    right.set(xlabel=r"direction $\beta$, in degrees", ylabel="slope", xticks=[0, 45, 135, 225, 315], ylim=(-7, 6.6))
