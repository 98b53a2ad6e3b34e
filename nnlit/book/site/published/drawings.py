"""Drawings without what nobody sees: metadata, comments, names of groups, a thousandth of a point."""

import re
from pathlib import Path

UNSEEN = re.compile(r"<\?xml.*?\?>|<!DOCTYPE.*?>|<metadata>.*?</metadata>|<!--.*?-->", re.DOTALL)
GROUP = re.compile(r'(<g\b[^>]*?) id="([^"]*)"')
USED = re.compile(r'(?:href="#|url\(#)([^")]*)')
PLACE = re.compile(r'(?<= )(d|x|y|points|transform)="([^"]*)"')
SHIFT = re.compile(r"translate\([^)]*\)")
NUMBER = re.compile(r"-?\d+\.\d{3,}(?![\d.e])")
SPACE = re.compile(r"\s+")
BETWEEN = re.compile(r">\s+<")


def slim(svg: str) -> str:
    """A drawing that looks the same: places to a hundredth of a point, and no more words than it takes.

    Examples:
        >>> slim('<svg> <g id="a"><path d="M 1.23456 2 z" transform="scale(0.015625)"/></g></svg>')
        '<svg><g><path d="M1.23 2z" transform="scale(0.015625)"/></g></svg>'
    """
    used = set(USED.findall(svg))
    text = GROUP.sub(lambda m: m[0] if m[2] in used else m[1], UNSEEN.sub("", svg))
    text = PLACE.sub(lambda m: f'{m[1]}="{_rounded(m[1], m[2])}"', text)
    return BETWEEN.sub("><", text).strip()


def _rounded(name: str, value: str) -> str:
    """An attribute that says where something is."""
    if name == "transform":  # a factor keeps its digits
        return SHIFT.sub(lambda m: NUMBER.sub(_short, m[0]), value)
    text = SPACE.sub(" ", NUMBER.sub(_short, value)).strip()
    return re.sub(r" ?([A-Za-z]) ?", r"\1", text) if name == "d" else text


def _short(found: re.Match[str]) -> str:
    """A number to two decimals."""
    short = f"{float(found[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if short == "-0" else short


def slim_drawings(site: Path) -> None:
    """Every drawing of a built site."""
    for path in sorted(site.rglob("*.svg")):
        path.write_text(slim(path.read_text(encoding="utf-8")), encoding="utf-8")
