"""Gradient descent on one bowl with three learning rates."""

import numpy as np
from matplotlib import rcParams
from matplotlib.figure import Figure

from nnlit.descent import GradientDescent

CURVATURE = np.array([1.0, 4.0])
STEPS = 20


def draw(fig: Figure) -> None:
    """Draw level lines and a path in each of three panels."""
    fig.set_size_inches(5.8, 2.1)
    x, y = np.meshgrid(np.linspace(-1.6, 4.8, 161), np.linspace(-2.5, 2.5, 126))
    bowl = (CURVATURE[0] * x**2 + CURVATURE[1] * y**2) / 2
    lines = {"levels": [0.3, 1.2, 2.7, 4.8, 7.5, 10.8], "colors": rcParams["text.color"], "linewidths": 0.8}
    for k, (ax, learning_rate) in enumerate(zip(fig.subplots(1, 3, sharey=True), (0.1, 0.4, 0.51), strict=True)):
        p, rule = np.array([4.0, 1.0]), GradientDescent(learning_rate)
        path = [p.copy()]
        for t in range(1, STEPS + 1):
            rule.update(p, CURVATURE * p, None, t)
            path.append(p.copy())
        ax.contour(x, y, bowl, alpha=0.35, **lines)
        ax.plot(*np.transpose(path), color=f"C{k}", marker="o", ms=3.5, lw=1.3)
        ax.plot(0, 0, marker="+", color=rcParams["text.color"], ms=9)
        ax.set(aspect="equal", xlabel="$p_1$", xticks=[0, 2, 4], yticks=[-2, 0, 2])
        ax.set_title(rf"$\eta = {learning_rate}$", fontsize=12)
        ax.grid(visible=False)
    fig.axes[0].set_ylabel("$p_2$", rotation=0, labelpad=8)
