"""The error of three measurements of a slope against the step, and what the formulas predict."""

import numpy as np
from matplotlib import rcParams
from matplotlib.figure import Figure

EPS = np.finfo(float).eps


def draw(fig: Figure) -> None:
    """Measure the slope of the sine at 1 with steps from 0.1 to 1e-16, three to a decade."""
    fig.set_size_inches(5.0, 3.9)
    ax = fig.add_subplot()
    h = 10.0 ** np.arange(-1, -16.1, -1 / 3)
    value, slope = np.sin(1.0), np.cos(1.0)  # the sine's second and third derivatives have the same sizes
    measured = {
        "one-sided": (np.sin(1 + h) - np.sin(1)) / h,
        "central": (np.sin(1 + h) - np.sin(1 - h)) / (2 * h),
        "complex step": np.sin(1 + 1j * h).imag / h,
    }
    predicted = (value * h / 2 + EPS * value / h, slope * h**2 / 6 + EPS * value / (2 * h), slope * h**2 / 6 + EPS / 2)
    for k, (name, found) in enumerate(measured.items()):
        error = np.maximum(abs(found - slope), 3e-17)  # an error of zero is drawn at the lower edge
        ax.loglog(h, error, "os^"[k], color=f"C{k}", ms=4.5, mfc=f"C{k}" if k == 2 else "none", label=name)
        ax.loglog(h, predicted[k], color=f"C{k}", lw=1, alpha=0.8)
    ax.invert_xaxis()
    ax.set(xlabel="step $h$", ylabel="error of the slope", ylim=(2e-17, 3))
    ax.set_xticks(10.0 ** np.arange(-16, 0, 3))
    ax.set_yticks(10.0 ** np.arange(-16, 1, 4))
    ax.minorticks_off()
    ax.text(2e-5, 3e-1, "lines: what the formulas predict", color=rcParams["text.color"], fontsize=9.5, ha="center")
    ax.legend(loc="center right", bbox_to_anchor=(1, 0.42))
