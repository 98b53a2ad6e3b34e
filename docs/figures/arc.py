"""The arc of the book: how many of a hundred test images each recipe reads wrongly, as recorded in arc.json."""

import json
from pathlib import Path

from matplotlib import rcParams
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

RUN = Path("docs/arc.json")


def draw(fig: Figure) -> None:
    """Draw a dot for every recipe, best below, on a scale where half as many mistakes are always the same way."""
    rows = json.loads(RUN.read_text(encoding="utf-8"))["tables"][0]["rows"]
    names = [row[0].strip("`") for row in rows]
    wrong = [100 - float(row[2]) for row in rows]
    fig.set_size_inches(5.0, 3.4)
    ax = fig.add_subplot()
    ax.plot(wrong, range(len(rows)), color="C0", lw=1.2, alpha=0.5)
    ax.plot(wrong, range(len(rows)), "o", color="C0", gid=mark([row[2] for row in rows]))
    for k, x in enumerate(wrong):
        right = x > 30
        ax.annotate(f"{x:.1f}", (x, k), (-9 if right else 9, 0), textcoords="offset points", va="center",
                    ha="right" if right else "left", color=rcParams["text.color"])  # fmt: skip
    ax.set_yticks(range(len(rows)), names)
    ax.invert_yaxis()
    ax.set(xscale="log", xlim=(0.7, 130), xticks=[1, 2, 5, 10, 20, 50, 100])
    ax.set_xlabel("wrong of 100 test images")
    ax.minorticks_off()
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))


def mark(accuracies: list[str]) -> str:
    """What the drawing says that it was drawn from."""
    return "-".join(["arc", *accuracies])
