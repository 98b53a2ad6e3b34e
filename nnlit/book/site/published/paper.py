"""Pages as PDF, printed by a headless Chromium; where there is none, that is said and nothing is made."""

import functools
import http.server
import os
import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

ARGUMENTS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
ARGUMENTS += ["--no-pdf-header-footer", "--generate-pdf-document-outline"]
NAMES = ("chromium", "chromium-browser", "google-chrome")
HOST = "https://host/"
ARTICLE = re.compile(r"<article[^>]*>(.*?)</article>", re.DOTALL)
TARGET = re.compile(r'(\s(?:href|src)=")([^"]*)(")')
ID = re.compile(r'(\sid=")([^"]*)(")')
SECTION = '<section id="{name}" class="nnlit-page">{text}</section>'
WHOLE = "whole-book"  # the folder of the page that holds all pages, while it is printed
SHEET = "print.html"  # a page as it is printed, beside the page
SPOKEN = re.compile(r'<span class="katex-mathml">.*?</math></span>', re.DOTALL)
SCRIPT = re.compile(r"<script.*?</script>", re.DOTALL)
END = "</body>"


def browser() -> str:
    """The path of a Chromium, or nothing."""
    return os.environ.get("CHROMIUM") or next((path for name in NAMES if (path := shutil.which(name))), "")


def chapters(site: Path, names: Sequence[str], chromium: str, home: str) -> list[str]:
    """Print pages, each into its own folder; the names of those that became a PDF.

    Args:
        site: the folder of the built site.
        names: the folders of the pages.
        chromium: the path of the browser.
        home: the address of the site, to which links lead.
    """

    def printed(name: str, address: str) -> bool:
        page = site / name / SHEET
        page.write_text(sheet(_read(site / name), "../", home), encoding="utf-8")
        try:
            return _printed(chromium, f"{address}{name}/{SHEET}", site / name / f"{name}.pdf", 600)
        finally:
            page.unlink()

    with _served(site) as address:
        return [name for name in names if printed(name, address)]


def book(site: Path, names: Sequence[str], chromium: str, home: str) -> bool:
    """Print the pages as one file, `nnlit.pdf`; a link from one to another stays inside."""
    folder = site / WHOLE
    folder.mkdir(exist_ok=True)
    try:
        (folder / SHEET).write_text(sheet(whole(site, names), "../", home), encoding="utf-8")
        with _served(site) as address:
            return _printed(chromium, f"{address}{WHOLE}/{SHEET}", site / "nnlit.pdf", 2400)
    finally:
        shutil.rmtree(folder)


def sheet(page: str, up: str, home: str) -> str:
    """A page as it is printed: no script but that of printing, and each formula once, as it is seen.

    Args:
        page: its HTML.
        up: how its folder leads to that of the site.
        home: the address of the site.
    """
    bare = SCRIPT.sub("", SPOKEN.sub("", page))
    return bare.replace(END, f'<script src="{up}assets/nnlit/print.js" data-home="{home}"></script>{END}', 1)


def whole(site: Path, names: Sequence[str]) -> str:
    """All pages as one: the first one's head, and the articles with their links turned inward."""
    parts = []
    for name in names:
        found = ARTICLE.search(_read(site / name))
        text = found[1] if found else ""
        own = functools.partial(_inward, name, frozenset(names))
        text = ID.sub(lambda m, name=name: f"{m[1]}{_name(name)}--{m[2]}{m[3]}", text)
        parts.append(SECTION.format(name=_name(name), text=TARGET.sub(own, text)))
    first = _read(site / names[-1])
    found = ARTICLE.search(first)
    return first[: found.start(1)] + "".join(parts) + first[found.end(1) :] if found else "".join(parts)


def _read(folder: Path) -> str:
    return (folder / "index.html").read_text(encoding="utf-8")


def _name(page: str) -> str:
    return page or "home"


def _inward(page: str, pages: frozenset[str], found: re.Match[str]) -> str:
    """A link as it has to be on the page that holds all."""
    if found[2].startswith(("data:", "http:", "https:", "mailto:")):
        return found[0]
    full = urljoin(f"{HOST}{page}/" if page else HOST, found[2]).removeprefix(HOST)
    path, _, fragment = full.partition("#")
    if path.strip("/") in pages:
        name = _name(path.strip("/"))
        return f"{found[1]}#{name}{'--' + fragment if fragment else ''}{found[3]}"
    return f"{found[1]}../{full}{found[3]}"


def _printed(chromium: str, address: str, path: Path, seconds: int) -> bool:
    """Print one page; False if the browser fails or takes too long."""
    with tempfile.TemporaryDirectory() as profile:
        full = [chromium, *ARGUMENTS, f"--user-data-dir={profile}"]
        try:
            done = subprocess.run(  # noqa: S603 - the browser that was found
                [*full, f"--print-to-pdf={path}", address], capture_output=True, timeout=seconds, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            path.unlink(missing_ok=True)
            return False
    return done.returncode == 0 and path.is_file() and path.read_bytes()[:5] == b"%PDF-"


@contextmanager
def _served(site: Path) -> Iterator[str]:
    """The site at an address of this machine."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
