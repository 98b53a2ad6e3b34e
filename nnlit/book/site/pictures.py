"""Pictures keep their place while they load, and are loaded when the reader comes near them."""

import re
from functools import lru_cache
from pathlib import Path
from xml.etree.ElementTree import Element

import markdown
from markdown.treeprocessors import Treeprocessor

SIZE = re.compile(r"<svg\b[^>]*?\bviewBox=\"0 0 ([\d.]+) ([\d.]+)\"")
HEAD = 2000  # letters of a file in which its size stands
PIXELS = 4 / 3  # of a point, in which the figures are measured


class Pictures(Treeprocessor):
    """Width and height of every figure of the folder; of a pair only the one that is seen is ever loaded."""

    def __init__(self, md: markdown.Markdown, docs: Path) -> None:
        super().__init__(md)
        self.docs = docs

    def run(self, root: Element) -> None:
        """Every picture of the page."""
        for picture in root.iter("img"):
            path = self.docs / picture.get("src", "").partition("#")[0]
            size = _size(path, path.stat().st_mtime_ns) if path.suffix == ".svg" and path.is_file() else None
            if size:
                picture.set("width", str(size[0]))
                picture.set("height", str(size[1]))
            picture.set("loading", "lazy")


@lru_cache(maxsize=256)
def _size(path: Path, _time: int) -> tuple[int, int] | None:
    """Width and height of a drawing in pixels, if its first lines tell them."""
    with path.open(encoding="utf-8") as file:
        found = SIZE.search(file.read(HEAD))
    return (round(float(found[1]) * PIXELS), round(float(found[2]) * PIXELS)) if found else None
