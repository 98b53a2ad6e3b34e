"""A page asks for few files, and for no more in them than it uses: what a built site loads is made light."""

import re
from pathlib import Path

from nnlit.book.site.published.drawings import slim_drawings
from nnlit.book.site.published.fonts import subset_fonts
from nnlit.book.site.published.lines import mark_lines
from nnlit.book.site.published.styles import purged, vocabulary

STYLES = re.compile(r'[ \t]*<link rel="stylesheet" href="([^":]*?)(assets/[^":?]*)">\n?')
JOINED = "assets/nnlit/all.css"  # beside the fonts, to which the only addresses in these files lead
SCRIPTS = re.compile(r'(?:<script src="(?:[^":]*/)?interactive/[\w-]+\.js"></script>\s*){2,}')
SCRIPT = re.compile(r'src="((?:[^":]*/)?)interactive/([\w-]+)\.js"')
UNNAMED = re.compile(r"/(?:workers|lunr)/|-(?:weights|data)\.js$")  # programs and data that name no class
FONTS = "assets/nnlit/fonts"
KEPT = re.compile(r"(<(pre|script|style|textarea)\b.*?</\2>)", re.DOTALL)  # where spaces count
BEGINNING = re.compile(r"\s*\n\s*")
REMARK = re.compile(r"^\s*(?://.*)?\n", re.MULTILINE)  # a line that is empty or a comment
ELSEWHERE = re.compile(r"""url\((?!['"]?(?:data:|#|fonts/))""")


def lighten(site: Path) -> None:
    """Make all that the pages of a site load as small as it can be: drawings, fonts, scripts of figures, styles.

    Args:
        site: the folder of the built site.
    """
    mark_lines(site)
    slim_drawings(site)
    subset_fonts(site, site / FONTS)
    join_scripts(site)
    join_styles(site)
    _purge(site)
    _tighten(site)


def _tighten(site: Path) -> None:
    """Leave out of pages the spaces in which lines begin, and of our own scripts the comments."""
    for path in sorted(site.rglob("*.html")):
        parts = KEPT.split(_read(path))  # text, what is kept, and its name, in turn
        text = "".join(BEGINNING.sub("\n", part) if k % 3 == 0 else part for k, part in enumerate(parts) if k % 3 < 2)
        path.write_text(text, encoding="utf-8")
    for path in sorted((site / "assets/nnlit").glob("*.js")):
        path.write_text(REMARK.sub("", _read(path)), encoding="utf-8")


def join_scripts(site: Path) -> None:
    """Make one script of those of a page's figures, which stand behind each other."""
    for path in sorted(site.rglob("*.html")):
        text = _read(path)
        joined = SCRIPTS.sub(lambda found: _one_script(site, found[0]), text)
        if joined != text:
            path.write_text(joined, encoding="utf-8")


def _one_script(site: Path, tags: str) -> str:
    """The tag of the script that does what those of these tags do; it is written beside them."""
    found = SCRIPT.findall(tags)
    name = f"interactive/{'+'.join(stem for _, stem in found)}.js"
    parts = [_read(site / f"interactive/{stem}.js") for _, stem in found]
    (site / name).write_text("\n".join(parts), encoding="utf-8")
    return f'<script src="{found[0][0]}{name}"></script>\n'


def _purge(site: Path) -> None:
    """Leave out of the joined styles what concerns no page and nothing that a script may make."""
    path = site / JOINED
    if path.exists():
        programs = [_read(script) for script in sorted(site.rglob("*.js")) if not UNNAMED.search(script.as_posix())]
        known = vocabulary((_read(page) for page in sorted(site.rglob("*.html"))), programs)
        path.write_text(purged(_read(path), known), encoding="utf-8")


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
