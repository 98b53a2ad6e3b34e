"""Drawings without what nobody sees, metadata, comments, a thousandth of a point, and none of them twice on a page."""

import re
from collections import Counter
from pathlib import Path

UNSEEN = re.compile(r"<\?xml.*?\?>|<!DOCTYPE.*?>|<metadata>.*?</metadata>|<!--.*?-->", re.DOTALL)
GROUP = re.compile(r'(<g\b[^>]*?) id="([^"]*)"')
USED = re.compile(r'(?:href="#|url\(#)([^")]*)')
PLACE = re.compile(r'(?<= )(d|x|y|points|transform)="([^"]*)"')
SHIFT = re.compile(r"translate\([^)]*\)")
NUMBER = re.compile(r"-?\d+\.\d{3,}(?![\d.e])")
SPACE = re.compile(r"\s+")
BETWEEN = re.compile(r">\s+<")
SIGN = re.compile(r'(<svg\b[^>]*\bwidth="[\d.]+em"[^>]*>)<path d="([^"]*)"\s*(?:/>|></path>)</svg>')  # by KaTeX
ARTICLE = re.compile(r"<article\b[^>]*>")
SHARED = '<svg aria-hidden="true" width="0" height="0" style="position:absolute">{paths}</svg>'


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


def with_shared_signs(page: str) -> str:
    """A page on which a path that stands in several formulas is written once, at the head of the article.

    Examples:
        >>> root = '<svg width="400em"><path d="M95,702"/></svg>'
        >>> print(with_shared_signs(f"<article>{root} {root}</article>"))  # doctest: +NORMALIZE_WHITESPACE
        <article><svg aria-hidden="true" width="0" height="0" style="position:absolute"><path
        id="nnlit-sign-1" d="M95,702"/></svg><svg width="400em"><use href="#nnlit-sign-1"/></svg>
        <svg width="400em"><use href="#nnlit-sign-1"/></svg></article>
        >>> with_shared_signs(f"<article>{root}</article>") == f"<article>{root}</article>"
        True
    """
    head = ARTICLE.search(page)
    drawn = [found[2] for found in SIGN.finditer(page)]
    often = [path for path, times in Counter(drawn).items() if times > 1]
    if not head or not often:
        return page
    names = {path: f"nnlit-sign-{k}" for k, path in enumerate(often, 1)}
    paths = "".join(f'<path id="{name}" d="{path}"/>' for path, name in names.items())
    text = SIGN.sub(lambda m: f'{m[1]}<use href="#{names[m[2]]}"/></svg>' if m[2] in names else m[0], page)
    return text[: head.end()] + SHARED.format(paths=paths) + text[head.end() :]
