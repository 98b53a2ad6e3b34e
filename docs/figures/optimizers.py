"""Paths of three rules through the valley of the chapter, momentum with Polyak's numbers."""

import numpy as np
from matplotlib.figure import Figure

from nnlit import Adam, GradientDescent, Momentum, Rule
from nnlit.data import Array

CURVATURE = np.array([1.0, 25.0])
RULES: dict[str, Rule] = {
    "gradient descent": GradientDescent(2 / 26),
    "momentum": Momentum(1 / 9, mu=4 / 9),
    "Adam": Adam(0.3),
}


def draw(fig: Figure) -> None:
    """Draw the contours and forty steps of each rule."""
    fig.set_size_inches(5.0, 3.4)
    ax = fig.add_subplot()
    x, y = np.meshgrid(np.linspace(-1, 5.4, 200), np.linspace(-2.2, 2.2, 200))
    height = (CURVATURE[0] * x**2 + CURVATURE[1] * y**2) / 2
    ax.contour(x, y, height, levels=[0.3, 2, 5, 10, 20, 40], colors="C5", linewidths=0.7)
    for marker, (name, rule) in zip("osv", RULES.items(), strict=True):
        path = walk(rule, 40)
        ax.plot(*path.T, marker=marker, markersize=3.5, lw=1.2, label=name)
    ax.set(xlabel="first parameter", ylabel="second parameter", xlim=(-1, 5.4), ylim=(-2.2, 2.2))
    ax.grid(visible=False)
    fig.legend(loc="outside upper center", ncols=3)


def walk(rule: Rule, steps: int) -> Array:
    """The points that a rule visits, from (5, 1), shape (steps + 1, 2)."""
    p = np.array([5.0, 1.0])
    state, path = rule.init(p), [p.copy()]
    for t in range(1, steps + 1):
        state = rule.update(p, CURVATURE * p, state, t)
        path.append(p.copy())
    return np.array(path)
