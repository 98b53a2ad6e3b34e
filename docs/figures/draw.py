"""Draw the book's figures: `python docs/figures/draw.py` draws all, `python docs/figures/draw.py dense relu` these two.

Every other file here is one figure: a function `draw(fig)` that fills a matplotlib Figure. It is called twice, once
with dark ink for the light scheme and once with light ink for the dark one; the colors are the same. A figure asks
`matplotlib.rcParams["text.color"]` where it needs the ink, and `rcParams["figure.facecolor"]` for the color of the
paper, to cover something; apart from that the background is transparent. `hashes.json` keeps the hash of what each
figure was drawn from: its source, this file, and the modules that it imports from here and from nnlit, directly or not.
"""

import json
import runpy
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl
from cycler import cycler
from matplotlib.figure import Figure

from nnlit.book.source.digests import code_digest, digest, module_digest

HERE = Path(__file__).resolve().parent
PACKAGE = HERE.parents[1] / "nnlit"
HASHES = HERE / "hashes.json"
SCHEMES = {"light": ("#1d2126", "#ffffff"), "dark": ("#e4e6eb", "#1e2129")}  # ink and paper
COLORS = ["#3d7fd9", "#d9730d", "#1f9a8a", "#c2589c", "#8a8a1f", "#808080"]  # at least 3 to 1 on white and on slate
STYLE: dict[Any, Any] = {
    "axes.prop_cycle": cycler(color=COLORS),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.grid": True,
    "figure.figsize": (5.0, 3.0),  # 360 points wide: on a small phone the letters are still 10 pixels high
    "font.size": 11.0,
    "grid.alpha": 0.25,
    "image.cmap": "gray",
    "legend.frameon": False,
    "lines.linewidth": 1.8,
    "mathtext.fontset": "cm",  # as on the pages
    "savefig.transparent": True,
    "svg.fonttype": "path",  # the same letters on every machine
    "svg.hashsalt": "nnlit",
}
INKED: tuple[Any, ...] = (
    "axes.edgecolor",
    "axes.labelcolor",
    "axes.titlecolor",
    "patch.edgecolor",
    "lines.color",
    "grid.color",
    "text.color",
    "xtick.color",
    "ytick.color",
)
PAPERED: tuple[Any, ...] = ("figure.facecolor", "axes.facecolor")


def sources() -> list[Path]:
    """The files that draw a figure."""
    return sorted(path for path in HERE.glob("*.py") if path != Path(__file__).resolve())


def rests_on(path: Path) -> str:
    """What a figure depends on, as a hash: the code that draws it, wherever it stands; words in it do not count."""
    return digest([code_digest([path], [PACKAGE, HERE]), module_digest(Path(__file__).resolve())])


def draw(path: Path) -> None:
    """Write a figure's two files, `NAME-light.svg` and `NAME-dark.svg`."""
    for scheme, (ink, paper) in SCHEMES.items():
        with mpl.rc_context({**STYLE, **dict.fromkeys(INKED, ink), **dict.fromkeys(PAPERED, paper)}):
            fig = Figure(layout="constrained")
            runpy.run_path(str(path))["draw"](fig)
            target = HERE / f"{path.stem}-{scheme}.svg"
            fig.savefig(target, format="svg", metadata={"Date": None, "Creator": None})


def main(names: list[str]) -> int:
    """Draw the named figures, or all, and note what they were drawn from."""
    unknown = set(names) - {path.stem for path in sources()}
    if unknown:
        sys.stderr.write(f"no figure is called {', '.join(sorted(unknown))}: there is no such file in {HERE}\n")
        return 2
    noted = json.loads(HASHES.read_text(encoding="utf-8")) if HASHES.exists() else {}
    hashes = {path.stem: noted.get(path.stem, "") for path in sources()}
    for path in sources():
        if not names or path.stem in names:
            draw(path)
            hashes[path.stem] = rests_on(path)
    HASHES.write_text(json.dumps(hashes, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
