"""`python -m nnlit.book publish SITE`: what is made of a built site, and the links to it on the pages."""

import json
import re
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from nnlit.book.site.catalog import load
from nnlit.book.site.published import paper
from nnlit.book.site.published.index import add_entries
from nnlit.book.site.published.light import lighten
from nnlit.book.site.published.notebook import notebook
from nnlit.book.site.published.plain import plain
from nnlit.book.source.chapter import Chapter

PLACE = "<!-- what is published beside this page -->"  # theme/main.html has it at the end of an article
NAVIGATION = re.compile(r"^ +- .+: ([\w-]+)\.md$", re.MULTILINE)
ADDRESS = re.compile(r"^site_url: (\S+)$", re.MULTILINE)
ARCHIVE = "nnlit-site.zip"
TWICE = {"exercises"}  # pages that say once more what stands in the chapters
PRELOAD = re.compile(r'<link rel="preload"[^>]*>\n?')  # a disk has no right to give fonts to a page before it asks
FOLDER = re.compile(r'((?:href|src)="(?!https?:|data:|mailto:)(?:[^"#?]*/)?)(#[^"]*)?"')


def publish(site: Path, config: Path, *, commit: str = "", paged: bool = True) -> list[str]:
    """Write plain Markdown of every page, notebooks of the chapters, PDF, an archive, and `llms.txt`.

    Args:
        site: the folder of the site, as MkDocs or Zensical has built it.
        config: its `mkdocs.yml`.
        commit: what the checks of this day were run on; named at the foot of every page.
        paged: print PDF, if there is a browser.

    Returns:
        What could not be made, in words.

    Raises:
        BookError: if the book cannot be read.
    """
    lighten(site)
    settings = config.read_text(encoding="utf-8")
    names, address = NAVIGATION.findall(settings), ADDRESS.findall(settings)[0]
    docs = Path("docs")
    book = load(docs, Path("nnlit"), preview=True)
    add_entries(site, book)
    pages = [book.by_path[docs / f"{name}.md"] for name in names]
    texts = [plain(book, page, address) for page in pages]
    for page, text in zip(pages, texts, strict=True):
        _folder(site, page).joinpath("index.md").write_text(text, encoding="utf-8")
        if page.number:
            file = _folder(site, page) / f"{page.path.stem}.ipynb"
            file.write_text(notebook(book, page, address), encoding="utf-8")
    (site / "llms.txt").write_text(_overview(pages, texts, address), encoding="utf-8")
    missing = _print(site, pages, address) if paged else []
    _archive(site)
    for page in pages:
        _link(site, page, commit)
    return missing


def _folder(site: Path, page: Chapter) -> Path:
    return site if page.path.stem == "index" else site / page.path.stem


def _print(site: Path, pages: list[Chapter], address: str) -> list[str]:
    """Print the chapters and the whole; what went wrong."""
    chromium = paper.browser()
    if not chromium:
        return ["no PDF: there is no Chromium here (apt-get install chromium, or set CHROMIUM to the path of one)"]
    wanted = [page.path.stem for page in pages if page.number]
    whole = ["" if page.path.stem == "index" else page.path.stem for page in pages if page.path.stem not in TWICE]
    with ThreadPoolExecutor(1) as other:  # the book takes as long as its chapters
        book = other.submit(paper.book, site, whole, chromium, address)
        made = paper.chapters(site, wanted, chromium, address)
    missing = [f"no PDF of {name}: the browser failed" for name in wanted if name not in made]
    return missing if book.result() else [*missing, "no PDF of the book: the browser failed"]


def _overview(pages: list[Chapter], texts: list[str], address: str) -> str:
    """`llms.txt`: what there is to read, with the first sentence of every page."""
    head = ["# nnlit", "", f"> {_first(texts[0])}", "", "## Pages", ""]
    return "\n".join([*head, *(_entry(*one, address) for one in zip(pages, texts, strict=True))]) + "\n"


def _entry(page: Chapter, text: str, address: str) -> str:
    folder = "" if page.path.stem == "index" else f"{page.path.stem}/"
    return f"- [{page.title}]({address}{folder}index.md): {_first(text)}"


def _first(text: str) -> str:
    """The first sentence of a page."""
    paragraphs = (part for part in text.split("\n\n") if part[:1] not in {"#", "!", "<", "|", "$", "`", ""})
    words = " ".join(next(paragraphs, "").split())
    return re.split(r"(?<=[.?!])\s", words, maxsplit=1)[0]


def _archive(site: Path) -> None:
    """The site as one file that works from a disk: a folder's page is named in full; PDF stay outside."""
    target = site / ARCHIVE
    target.unlink(missing_ok=True)
    files = [path for path in sorted(site.rglob("*")) if path.is_file() and path.suffix != ".pdf"]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            name = f"nnlit/{path.relative_to(site).as_posix()}"
            if path.suffix == ".html" and path.name != "404.html":
                text = PRELOAD.sub("", _read(path))
                text = FOLDER.sub(lambda m: f'{m[1]}index.html{m[2] or ""}"' if m[1][-1] != '"' else m[0], text)
                archive.writestr(
                    name, text.replace('href="."', 'href="index.html"').replace('href=".."', 'href="../index.html"')
                )
            elif path.name != "404.html":
                archive.write(path, name)
            if path.name == "search_index.json":  # from a disk Material reads the index as a script
                archive.writestr(name.removesuffix("on"), f"var __index = {_named_in_full(_read(path))}")


def _named_in_full(index: str) -> str:
    """The index of the search, which leads to the page of a folder by the page's name."""
    found = json.loads(index)
    for entry in found.get("docs", ()):
        folder, mark, place = entry["location"].partition("#")
        entry["location"] = f"{folder}index.html{mark}{place}"
    return json.dumps(found, ensure_ascii=False)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _link(site: Path, page: Chapter, commit: str) -> None:
    """Name at the foot of a page what stands beside it, and when the book was checked."""
    folder, stem = _folder(site, page), page.path.stem
    up = "" if folder == site else "../"
    here = [("index.md", "Markdown"), (f"{stem}.ipynb", "notebook"), (f"{stem}.pdf", "PDF")]
    links = [f'<a href="{file}">{word}</a>' for file, word in here if (folder / file).exists()]
    rest = [("nnlit.pdf", "PDF"), (ARCHIVE, "archive for a disk")]
    links_of_all = [f'<a href="{up}{file}">{word}</a>' for file, word in rest if (site / file).exists()]
    checked = f" Checked on {datetime.now(UTC):%-d %B %Y} at <code>{commit}</code>." if commit else ""
    text = f"This page as {', '.join(links)}. The whole book as {', '.join(links_of_all)}.{checked}"
    path = folder / "index.html"
    whole = _read(path)
    if PLACE in whole:
        path.write_text(whole.replace(PLACE, f'<p class="nnlit-published nnlit-noprint">{text}</p>'), encoding="utf-8")


def run(site: Path, config: Path, commit: str, *, paged: bool = True) -> int:
    """The command; 0 also where something could not be printed, which is said."""
    if not (site / "index.html").exists():
        sys.stderr.write(f"{site}: there is no site here: run mkdocs build --site-dir {site} first\n")
        return 2
    for line in publish(site, config, commit=commit, paged=paged):
        sys.stderr.write(f"{line}\n")
    size = sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
    sys.stdout.write(f"published in {site}: {size / 1e6:.0f} MB\n")
    return 0
