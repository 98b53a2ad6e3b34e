"""A page asks for few files, and for no more in them than it uses: what a built site loads is made light."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from nnlit.book.site.published.drawings import slim_drawings, with_shared_signs
from nnlit.book.site.published.fonts import subset_fonts
from nnlit.book.site.published.lines import with_lines
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

    Every page is read once and written once.

    Args:
        site: the folder of the built site.
    """
    found = sorted(site.rglob("*.html"))
    pages = {path: with_one_script(site, with_shared_signs(with_lines(_read(path)))) for path in found}
    pages = with_one_style(site, pages)
    slim_drawings(site)
    subset_fonts(pages.values(), site / FONTS)
    _purge(site, pages.values())
    for path, text in pages.items():
        path.write_text(tightened(text), encoding="utf-8")
    for path in sorted((site / "assets/nnlit").glob("*.js")):
        path.write_text(REMARK.sub("", _read(path)), encoding="utf-8")


def tightened(page: str) -> str:
    r"""A page without the spaces in which lines begin.

    Examples:
        >>> tightened("<p>\n   one\n\n   two </p>\n<pre>a\n   b</pre>\n  <b>c</b>")
        '<p>\none\ntwo </p>\n<pre>a\n   b</pre>\n<b>c</b>'
    """
    parts = KEPT.split(page)  # text, what is kept, and its name, in turn
    return "".join(BEGINNING.sub("\n", part) if k % 3 == 0 else part for k, part in enumerate(parts) if k % 3 < 2)


def with_one_script(site: Path, page: str) -> str:
    """A page with one script for all its figures, whose scripts stand behind each other; it is written beside them."""
    return SCRIPTS.sub(lambda found: _one_script(site, found[0]), page)


def _one_script(site: Path, tags: str) -> str:
    """The tag of the script that does what those of these tags do; it is written beside them."""
    found = SCRIPT.findall(tags)
    name = f"interactive/{'+'.join(stem for _, stem in found)}.js"
    parts = [_read(site / f"interactive/{stem}.js") for _, stem in found]
    (site / name).write_text("\n".join(parts), encoding="utf-8")
    return f'<script src="{found[0][0]}{name}"></script>\n'


def _purge(site: Path, pages: Iterable[str]) -> None:
    """Leave out of the joined styles what concerns no page and nothing that a script may make."""
    path = site / JOINED
    if path.exists():
        programs = [_read(script) for script in sorted(site.rglob("*.js")) if not UNNAMED.search(script.as_posix())]
        path.write_text(purged(_read(path), vocabulary(pages, programs)), encoding="utf-8")


def with_one_style(site: Path, pages: Mapping[Path, str]) -> dict[Path, str]:
    """The pages with one style for several: every page that has the same ones as the home page, in their order.

    Args:
        site: the folder of the built site, where the joined style is written.
        pages: its pages by their files.

    Returns:
        The pages as they have to be now; where styles lead to other files all pages are left as they are.
    """
    names = [found[2] for found in STYLES.finditer(pages[site / "index.html"])]
    texts = [_read(site / name) for name in names]
    if len(names) < 2 or any(ELSEWHERE.search(text) for text in texts):
        return dict(pages)
    (site / JOINED).write_text("\n".join(text.removeprefix("\ufeff") for text in texts), encoding="utf-8")
    return {path: _joined(text, names) for path, text in pages.items()}


def _joined(text: str, names: list[str]) -> str:
    """A page that asks for the joined style, if it asked for these."""
    found = list(STYLES.finditer(text))
    if [one[2] for one in found] != names:
        return text
    for one in found[:0:-1]:
        text = text[: one.start()] + text[one.end() :]
    first = f'<link rel="stylesheet" href="{found[0][1]}{JOINED}">\n'
    return text[: found[0].start()] + first + text[found[0].end() :]


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
