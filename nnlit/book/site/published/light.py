"""A page asks for one file of styles instead of five: they are joined once the site is built."""

import re
from pathlib import Path

STYLES = re.compile(r'[ \t]*<link rel="stylesheet" href="([^":]*?)(assets/[^":?]*)">\n?')
JOINED = "assets/nnlit/all.css"  # beside the fonts, to which the only addresses in these files lead
ELSEWHERE = re.compile(r"""url\((?!['"]?(?:data:|#|fonts/))""")


def join_styles(site: Path) -> int:
    """Join the styles of every page that has the same ones as the home page, in their order.

    Args:
        site: the folder of the built site.

    Returns:
        How many pages ask for the joined file now; a site whose styles lead to other files is left as it is.
    """
    names = [found[2] for found in STYLES.finditer(_read(site / "index.html"))]
    texts = [_read(site / name) for name in names]
    if len(names) < 2 or any(ELSEWHERE.search(text) for text in texts):
        return 0
    (site / JOINED).write_text("\n".join(text.removeprefix("\ufeff") for text in texts), encoding="utf-8")
    return sum(_joined(path, names) for path in sorted(site.rglob("*.html")))


def _joined(path: Path, names: list[str]) -> bool:
    """Whether a page has these styles, and now has one."""
    text = _read(path)
    found = list(STYLES.finditer(text))
    if [one[2] for one in found] != names:
        return False
    for one in found[:0:-1]:
        text = text[: one.start()] + text[one.end() :]
    first = f'<link rel="stylesheet" href="{found[0][1]}{JOINED}">\n'
    path.write_text(text[: found[0].start()] + first + text[found[0].end() :], encoding="utf-8")
    return True


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
