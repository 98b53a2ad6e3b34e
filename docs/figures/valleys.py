"""The loss of two weights in a row: two bent valleys, a saddle between them, and three walks."""

import numpy as np
from matplotlib import rcParams
from matplotlib.figure import Figure

from nnlit.descent import GradientDescent

WALKS = (((-0.9, 1.0), 0.1, 80), ((-1.0, 0.9), 0.1, 80), ((4.0, 0.3), 0.2, 60))


def draw(fig: Figure) -> None:
    """Draw level lines, the two lines of lowest points, the saddle and the walks."""
    fig.set_size_inches(5.6, 3.9)
    ax, ink = fig.subplots(), rcParams["text.color"]
    v, w = np.meshgrid(np.linspace(-2.4, 4.5, 139), np.linspace(-2.3, 2.3, 93))
    levels = [0.06, 0.25, 0.5, 1.2, 2.5, 5.0, 10.0, 20.0]
    ax.contour(v, w, (v * w - 1) ** 2 / 2, levels=levels, colors=ink, alpha=0.35, linewidths=0.8)
    for floor in (np.linspace(0.435, 4.5, 200), np.linspace(-2.4, -0.435, 200)):
        ax.plot(floor, 1 / floor, color=ink, lw=1.1, ls=(0, (4, 3)))
    for k, (start, learning_rate, steps) in enumerate(WALKS):
        p, rule = np.array(start), GradientDescent(learning_rate)
        path = [p.copy()]
        for t in range(1, steps + 1):
            rule.update(p, (p[0] * p[1] - 1) * p[::-1], None, t)
            path.append(p.copy())
        ax.plot(*np.transpose(path), color=f"C{k}", marker="o", ms=3, lw=1.3)
    ax.plot(0, 0, marker="+", color=ink, ms=9)
    ax.text(0.12, -0.12, "saddle", va="top", fontsize=10)
    ax.set(aspect="equal", xlabel="$v$", xticks=[-2, 0, 2, 4], yticks=[-2, 0, 2], xlim=(-2.4, 4.5), ylim=(-2.3, 2.3))
    ax.set_ylabel("$w$", rotation=0, labelpad=8)
    ax.grid(visible=False)
