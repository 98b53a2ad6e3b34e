"""How often each digit occurs among the training and among the test images of the sample."""

import numpy as np
from matplotlib.figure import Figure

from nnlit.mnist import load_mnist


def draw(fig: Figure) -> None:
    """Draw two bars for every digit, its shares in percent, and a line at a tenth."""
    fig.set_size_inches(5.0, 2.6)
    data = load_mnist()
    ax = fig.add_subplot()
    digits = np.arange(10)
    for shift, y, name in ((-0.2, data.y_train, "training"), (0.2, data.y_test, "test")):
        share = 100 * np.bincount(y, minlength=10) / len(y)
        ax.bar(digits + shift, share, width=0.38, label=f"{len(y):,} {name} images")
    ax.axhline(10, ls="--", lw=1.2, color="C5")
    ax.set(xticks=digits, xlabel="digit", ylabel="share in percent", ylim=(0, 17), yticks=[0, 5, 10, 15])
    ax.grid(visible=False, axis="x")
    ax.set_axisbelow(True)
    ax.legend(ncols=2, loc="upper center", fontsize=10)
