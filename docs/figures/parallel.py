"""The time of a step against the number of workers, in the rounded numbers of the chapter's example."""

import numpy as np
from matplotlib.figure import Figure

from nnlit.parallel import best_workers, step_time

ROWS, PER_ROW, OVERHEAD, PER_WORKER = 60_000, 1e-6, 0.010, 0.002


def draw(fig: Figure) -> None:
    """Draw work, waiting and their sum, and mark the lowest point."""
    p = np.logspace(0, 2.3, 200)
    work = 1e3 * ROWS * PER_ROW / p
    waiting = 1e3 * (OVERHEAD + p * PER_WORKER)
    ax = fig.add_subplot()
    ax.loglog(p, work, "--", color="C0", label="work")
    ax.loglog(p, waiting, "--", color="C2", label="waiting")
    ax.loglog(p, work + waiting, color="C1", label="both")
    ax.axhline(1e3 * ROWS * PER_ROW, color="C5", linewidth=1)
    ax.text(200, 0.9e3 * ROWS * PER_ROW, "one computer alone", ha="right", va="top")
    best = best_workers(ROWS, PER_ROW, PER_WORKER)
    for workers in (best, 100):
        ax.plot(workers, 1e3 * step_time(ROWS, workers, PER_ROW, OVERHEAD, PER_WORKER), "o", color="C1")
    ax.set(xlabel="computers", ylabel="milliseconds of a step", ylim=(0.3, 700))
    ax.set_xticks([1, 10, 100], ["1", "10", "100"])
    ax.set_yticks([1, 10, 100], ["1", "10", "100"])
    ax.legend(loc="lower left")
