"""Cross-entropy and squared error behind a softmax, when the wrong class leads: losses and slopes."""

import numpy as np
from matplotlib.figure import Figure

from nnlit.softmax import softmax, softmax_cross_entropy


def draw(fig: Figure) -> None:
    """Draw both losses of two classes, and the size of the slope in the logit of the right one."""
    fig.set_size_inches(6.4, 3.0)
    left, right = fig.subplots(1, 2)
    z = np.linspace(-5, 8, 261)
    P = softmax(np.stack([np.zeros_like(z), z], axis=1))
    D = P - [1.0, 0.0]
    entropy = [softmax_cross_entropy(np.array([[0.0, lead]]), np.array([0]))[0] for lead in z]
    slopes = P * (D - (D * P).sum(axis=1, keepdims=True))
    for ax, curves in ((left, (entropy, (D**2).sum(axis=1) / 2)), (right, (abs(D[:, 0]), abs(slopes[:, 0])))):
        ax.plot(z, curves[0], label="cross-entropy")
        ax.plot(z, curves[1], label="squared error")
        ax.set(xlabel="lead of the wrong class", xlim=(-5, 8))
    left.set(title="loss", ylim=(0, 5))
    right.set(title="size of the slope", ylim=(0, 1.1))
    left.legend(loc="upper left")
