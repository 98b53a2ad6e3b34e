"""From three logits over their exponentials to three probabilities."""

import numpy as np
from matplotlib.figure import Figure


def draw(fig: Figure) -> None:
    """Draw the three steps of the chapter's first example as bars."""
    fig.set_size_inches(6.4, 2.6)
    Z = np.log([1.0, 2.0, 5.0])
    E = np.exp(Z)
    steps = (("logits", Z, "{:.2f}"), ("exponentials", E, "{:.0f}"), ("probabilities", E / E.sum(), "{:.3f}"))
    for ax, (title, heights, form) in zip(fig.subplots(1, 3), steps, strict=True):
        bars = ax.bar(["1", "2", "3"], heights, color=["C0", "C1", "C2"], width=0.6)
        ax.bar_label(bars, [form.format(h) for h in heights], padding=2)
        ax.set(title=title, yticks=[], ylim=(0, 1.18 * heights.max()), xlabel="class")
        ax.spines["left"].set_visible(False)
        ax.grid(visible=False)
