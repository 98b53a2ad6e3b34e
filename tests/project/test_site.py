"""The built site: links, anchors, hosts, MathML, letters that tell; and that MkDocs and Zensical build the same book.

`python tests/project/test_site.py FOLDER` checks these of a site that stands in a folder.
"""

import html
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree as ET

import pytest
from mkdocstrings import Inventory

from nnlit.book.mutation import ledger
from nnlit.book.site import generated

ROOT = Path(__file__).parents[2]
HOME = "https://nnlit.github.io/nnlit/"
LEDGER = "docs/ledger.json"


class Reader(HTMLParser):
    """The ids of a page, what it links to, and what it loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.ids += [found["id"]] if "id" in found else []
        loads = tag in {"script", "img", "iframe", "source"} or (
            tag == "link" and "canonical" not in found.get("rel", "")
        )
        links = self.loads if loads else self.links
        links += [found[name] for name in ("href", "src") if name in found]


def problems(site: Path) -> list[str]:
    """Links that lead nowhere, ids and hosts that should not be there, and formulas that are no MathML."""
    readers = {path: Reader(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}
    return [
        f"{path.relative_to(site).as_posix()}: {text}" for path in readers for text in _of_page(site, path, readers)
    ]


def _of_page(site: Path, path: Path, readers: dict[Path, Reader]) -> Iterator[str]:
    page = readers[path]
    yield from _of_formulas(path)
    yield from (f"two elements have the id {name}" for name in sorted({i for i in page.ids if page.ids.count(i) > 1}))
    hidden = (name for name in page.ids if re.search(r"\.__(?!call__)\w+__$", name))
    yield from (f"{name} is told of, but nobody calls it by its name" for name in hidden)
    for link in page.loads + page.links:
        to = urlsplit(urljoin(HOME + path.relative_to(site).as_posix(), link))
        if re.match("L0(?!\\d)", to.fragment):
            yield f"{link} leads to a line that no file has"
        if not to.geturl().startswith(HOME):
            if link in page.loads and to.scheme != "data":
                yield f"{link} is loaded from another host"
            continue
        file = site / unquote(to.path).removeprefix(urlsplit(HOME).path)
        file = file / "index.html" if file.is_dir() else file
        if not file.exists():
            yield f"{link} leads nowhere"
        elif to.fragment and file in readers and unquote(to.fragment) not in readers[file].ids:
            yield f"{link} leads to no place on its page"


CHILDREN = {
    "mfrac": 2,
    "mroot": 2,
    "msub": 2,
    "msup": 2,
    "munder": 2,
    "mover": 2,
    "msubsup": 3,
    "munderover": 3,
    "mi": 0,
    "mn": 0,
    "mo": 0,
    "mtext": 0,
}
"""How many children an element of MathML has, where their number is fixed."""
INSIDE = {"mtable": {"mtr"}, "mtr": {"mtd"}}  # and which ones, where there is one kind
KNOWN = {*CHILDREN, "math", "semantics", "annotation", "mrow", "mstyle", "mspace", "msqrt", "mtable", "mtr", "mtd"}
WORDED = {"mi", "mn", "mo", "mtext", "annotation"}  # elements that hold text


def _of_formulas(path: Path) -> Iterator[str]:
    for math in re.findall(r"<math .*?</math>", path.read_text(encoding="utf-8"), re.DOTALL):
        for element in ET.fromstring(math).iter():  # noqa: S314 - it is our own page
            name, inner = element.tag.rpartition("}")[2], [child.tag.rpartition("}")[2] for child in element]
            wrong = [f"{name} with {len(inner)} children"] if len(inner) != CHILDREN.get(name, len(inner)) else []
            wrong += [f"{child} in {name}" for child in inner if child not in INSIDE.get(name, KNOWN)]
            words = [element.text, *(child.tail for child in element)]
            wrong += [f"text in {name}"] if name not in WORDED and "".join(filter(None, words)).strip() else []
            for problem in wrong:
                tex = re.search(r"<annotation[^>]*>(.*?)</annotation>", math, re.DOTALL)
                yield f"{problem} in {tex[1] if tex else math}"


VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "path", "source", "track", "wbr"}
WORDS = {"text", "mop", "mathrm"}  # classes of KaTeX for words such as max, in and if
FONTS = {"mathnormal", "mathbb", "mathbf", "mathcal", "mathit"}  # and for letters, also inside of these


class Formulas(HTMLParser):
    """The letters of a page's formulas that tell nothing when they are pointed at.

    One place is left out: a table of symbols, whose rows are what the others tell.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.heading, self.count = "", 0
        self.mute: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append((tag, dict(attrs)))
        if re.fullmatch("h[1-6]", tag):
            self.heading = dict(attrs).get("id") or ""

    def handle_endtag(self, tag: str) -> None:
        while self.open and tag not in VOID and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        classes = [(attrs.get("class") or "").split() for _, attrs in self.open]
        outside = ["katex-html" in one for one in classes]
        if True not in outside or not any(letter.isalpha() for letter in data):
            return
        inside = {name for one in classes[outside.index(True) :] for name in one}
        if any("nnlit-symbols" in one for one in classes) or (inside & WORDS and not inside & FONTS):
            return
        self.count += 1
        if not any("data-s" in attrs for _, attrs in self.open):
            self.mute.append(f"under {self.heading}: {data} tells nothing")


def mute(site: Path) -> list[str]:
    """The letters of formulas that tell nothing, each once for a heading of a page."""
    pages = {path: Formulas(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}
    if not sum(page.count for page in pages.values()):
        return [f"there is no formula in {site}"]
    named = ((path.relative_to(site).as_posix(), text) for path, page in pages.items() for text in page.mute)
    return list(dict.fromkeys(f"{name}: {text}" for name, text in named))


PAGES = {
    "index.md": "# Book\n\nSee [one](01-one.md) and \\eqref{one:grad-A}.\n",
    "01-one.md": r"""# One

## Symbols

| symbol | shape | code | meaning |
|---|---|---|---|
| $A$ | $m \times n$ | | a table |
| $\frac{\partial L}{\partial B}$ | $m \times n$ | `grad_B` | from above |

The letter $A$ is a table, and $\frac{\partial L}{\partial B}$ comes from above. Its largest eigenvalue is
$\lambda_{\max}$, with $\kappa = \frac{\lambda_{\max}^2}{\lambda_{\min}}$ and $\hat{\log} x^{\operatorname{in}}$.

$$
B = 2 A
\label{one:double}
$$

!!! note
    $$
    \frac{\partial L}{\partial A} = 2 \frac{\partial L}{\partial B}
    \label{one:grad-A}
    $$

::: small.one.Doubling

<!-- wrong: one:grad-A, somebody/notes issue 3, autumn 2026 -->
$$
\frac{\partial L}{\partial A} = \frac{\partial L}{\partial B}
\label{one:grad-A-wrong}
$$

## Exercises

### 1. Half

What is \eqref{one:double} of a half?

??? success "Solution"
    One.
""",
    **{f"{name}.md": f"# {name}\n\n[[{name}]]\n" for name in generated.PAGES},
}

MODULE = r'''"""A module of one class."""


class Doubling:
    r"""Twice, \eqref{one:double}.

    Examples:
        >>> Doubling().forward(2)
        4
    """

    def forward(self, A: float) -> float:
        """Twice a number $A$."""
        return 2 * A  # eq one:double

    def backward(self, grad_B: float) -> float:
        """Twice a slope."""
        return 2 * grad_B  # eq one:grad-A
'''


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small book with the project's own mkdocs.yml."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "docs").mkdir()
    (folder / "small").mkdir()
    for name, text in PAGES.items():
        (folder / "docs" / name).write_text(text, encoding="utf-8")
    run_of = {"about": "Measured.", "tables": [{"caption": "Times", "head": ["", "ms"], "rows": [["ours", "2"]]}]}
    run_of["rests_on"] = {"": {"small/one.py": "another"}}
    run_of["tables"] += [{**run_of["tables"][0], "name": part} for part in generated.PARALLEL]
    for name in (*generated.RUNS, "parallel"):
        (folder / "docs" / f"{name}.json").write_text(json.dumps(run_of), encoding="utf-8")
    (folder / "docs" / "interactive").mkdir()
    (folder / "docs" / "interactive" / "broken.json").write_text("{}", encoding="utf-8")
    (folder / "small" / "__init__.py").touch()
    (folder / "small" / "one.py").write_text(MODULE, encoding="utf-8")
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    config = re.sub(r"(?ms)^nav:.*?\n\n", "nav: [" + ", ".join(PAGES) + "]\n\n", config)
    config = config.replace("nnlit/book/site", (ROOT / "nnlit/book/site").as_posix())
    extension = "  - nnlit.book.site.extension:\n"
    config = config.replace(extension, f"{extension}      package: small\n")
    (folder / "mkdocs.yml").write_text(config, encoding="utf-8")
    ledger.write(folder / LEDGER, ledger.Ledger(files=ledger.files()))  # so that no build looks whether nnlit changed
    return folder


def run(folder: Path, *command: str, preview: str = "1") -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "NNLIT_PREVIEW": preview, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(folder)}
    return subprocess.run(
        [sys.executable, *command], cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=300
    )


@pytest.mark.parametrize("way", ["draw()", "ThreadPoolExecutor().submit(draw).result()"])
def test_a_process_that_has_drawn_a_formula_comes_to_its_end(way: str) -> None:
    """In whichever thread it was drawn; Zensical has one of its own for that."""
    draw = "from concurrent.futures import ThreadPoolExecutor\nfrom nnlit.book.site.katex import render\n"
    draw += f"draw = lambda: print(len(render('x')))\n{way}"
    done = subprocess.run([sys.executable, "-c", draw], capture_output=True, text=True, check=True, timeout=300)
    assert int(done.stdout) > 100


@pytest.fixture(scope="module")
def site(project: Path) -> Path:
    """What MkDocs makes of it."""
    done = run(project, "-m", "mkdocs", "build", "-d", "by-mkdocs")
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    return project / "by-mkdocs"


BUILDS = """
import os, runpy, sys
from nnlit.book.site import halves  # loads MkDocs, once for both

def alone():
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})

def dying():
    halves.Second.convert = lambda self, page: os._exit(3)

for change in (alone, dying):
    if (child := os.fork()) == 0:
        said = os.open(f"{change.__name__}.txt", os.O_WRONLY | os.O_CREAT)
        os.dup2(said, 1), os.dup2(said, 2)
        change()
        sys.argv = ["mkdocs", "build", "--strict", "-d", change.__name__]
        runpy.run_module("mkdocs", run_name="__main__")
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
two_cores = pytest.mark.skipif(
    sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2, reason="pages are shared out on Linux with two cores"
)


@pytest.fixture(scope="module")
def builds(project: Path) -> dict[str, tuple[int, str]]:
    """What comes of a build on one core, and of one whose second process dies: how it ended, and what it said."""
    done = run(project, "-c", BUILDS)
    assert done.returncode == 0, done.stderr
    ends = zip(("alone", "dying"), done.stdout.split(), strict=True)
    return {name: (int(end), (project / f"{name}.txt").read_text(encoding="utf-8")) for name, end in ends}


@two_cores
@pytest.mark.long
def test_two_processes_make_the_same_site_as_one(project: Path, site: Path, builds: dict[str, tuple[int, str]]) -> None:
    status, said = builds["alone"]
    assert status == 0, said
    alone = {path.relative_to(project / "alone"): path for path in (project / "alone").rglob("*") if path.is_file()}
    assert set(alone) == {path.relative_to(site) for path in site.rglob("*") if path.is_file()}
    dated = {"sitemap.xml", "sitemap.xml.gz"}
    differ = [str(name) for name, path in alone.items() if path.read_bytes() != (site / name).read_bytes()]
    assert set(differ) <= dated


@two_cores
@pytest.mark.long
def test_a_build_whose_second_process_dies_fails(builds: dict[str, tuple[int, str]]) -> None:
    status, said = builds["dying"]
    assert status != 0
    assert "the second process, which converts pages from the last one on, has died" in said
    assert "Traceback" not in said


def text_of(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", page))


def test_every_link_leads_somewhere(site: Path) -> None:
    assert problems(site) == []


def test_equations_are_complete_without_javascript(site: Path) -> None:
    page = (site / "01-one" / "index.html").read_text(encoding="utf-8")
    assert page.count('class="katex-display"') == 3
    assert "\\label" not in page
    assert "$$" not in page


def test_docstrings_have_their_mathematics_and_links(site: Path) -> None:
    page = (site / "reference" / "index.html").read_text(encoding="utf-8")
    assert 'Twice, <a class="nnlit-ref" href="../01-one/#eq-one-double">(1.1)</a>.' in page
    assert 'Twice a number <span class="nnlit-tied"><span class="nnlit-math">' in page


def test_a_table_of_earlier_code_says_so(site: Path) -> None:
    page = text_of((site / "arc" / "index.html").read_text(encoding="utf-8"))
    assert "These numbers were measured before small/one.py changed." in page


def test_the_listing_is_the_text_of_the_file(site: Path) -> None:
    page = (site / "01-one" / "index.html").read_text(encoding="utf-8")
    listing = page.split('class="nnlit-listing ')[1].split("<figure")[0]
    code = text_of("".join(re.findall(r"<code tabindex[^>]*>(.*?)</code></pre>", listing, re.DOTALL)))
    assert re.sub(r"(# eq \S+) \(1\.\d\)", r"\1", code) == MODULE.split("\n\n\n", 1)[1]
    assert 'href="../reference/#small.one.Doubling"' in listing
    assert 'href="./#eq-one-double"' in listing or 'href="#eq-one-double"' in listing


def test_the_inventory_is_complete(site: Path) -> None:
    with (site / "objects.inv").open("rb") as file:
        names = set(Inventory.parse_sphinx(file))
    own = {"Doubling", "Doubling.forward", "Doubling.backward"}
    assert {"small.one", *(f"small.one.{name}" for name in own)} <= names


def test_the_search_index_holds_a_formula_once(site: Path) -> None:
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    text = " ".join(doc["text"] for doc in index["docs"])
    assert "The letter A is a table, and ∂L∂B comes from above." in re.sub(r"\s+", " ", text)
    assert "katex" not in text
    assert "\\frac" not in text


@pytest.mark.long
def test_zensical_builds_the_same_equations_numbers_and_links(project: Path, site: Path) -> None:
    pytest.importorskip("zensical", reason="Zensical is not installed: pip install zensical")
    done = run(project, "-m", "zensical", "build", "--clean", "--strict")
    assert done.returncode == 0, done.stderr
    pages = [page.relative_to(site) for page in sorted(site.rglob("*/index.html"))]
    assert len(pages) == len(PAGES) - 1
    assert len(facts(site, Path("01-one/index.html"))) > 20
    for name in pages:
        assert facts(project / "site", name) == facts(site, name)
    assert problems(project / "site") == []


def facts(site: Path, name: Path) -> list[str]:
    """Equations, numbers, code lines and resolved links of a page, in order."""
    page = (site / name).read_text(encoding="utf-8")
    article = page[page.index("<article") : page.index("</article")]
    links = re.findall(r'<a[^>]*class="nnlit-[^>]*>.*?</a>', article)
    where = [urljoin(HOME + name.as_posix(), href) for link in links for href in re.findall(r'href="([^"]*)"', link)]
    maths = re.findall(r"<math.*?</math>", article, re.DOTALL)
    captions = re.findall(r"<figcaption>.*?</figcaption>", article, re.DOTALL)
    numbers = re.findall(r"\(\d+\.\d+\)", text_of(article))
    return [w.replace("index.html", "") for w in where] + maths + [text_of(c) for c in captions] + numbers


@pytest.mark.long
@pytest.mark.parametrize("name", ["index.md", max(PAGES)])  # the first page of the first process and of the second one
def test_an_unknown_label_stops_the_build_with_file_and_line(project: Path, name: str) -> None:
    page = project / "docs" / name
    page.write_text(f"{PAGES[name]}\n\\eqref{{one:grad-a}}\n", encoding="utf-8")
    try:
        done = run(project, "-m", "mkdocs", "build", "-d", "broken")
    finally:
        page.write_text(PAGES[name], encoding="utf-8")
    assert done.returncode != 0
    assert f"docs/{name}:5: no displayed equation has the label 'one:grad-a'" in done.stderr.replace("\\", "/")
    assert "Traceback" not in done.stderr


@pytest.mark.long
def test_without_a_ledger_a_build_stops(project: Path) -> None:
    kept = (project / LEDGER).rename(project / "ledger.json")
    done = run(project, "-m", "mkdocs", "build", "-d", "unverified", preview="")
    kept.rename(project / LEDGER)
    assert done.returncode != 0
    assert "run python -m nnlit.book verify" in done.stderr
    assert "Traceback" not in done.stderr


class TestMute:
    def found(self, folder: Path, *letters: str) -> list[str]:
        inner = "".join(letters)
        formula = f'<span class="katex"><span class="katex-html">{inner}</span></span>'
        body = f'<h2 id="a">A</h2><p><img src="x">{formula} x</p>'
        (folder / "index.html").write_text(body, encoding="utf-8")
        return mute(folder)

    def test_a_letter_without_a_mark(self, tmp_path: Path) -> None:
        told, mute = '<span data-s="0"><span class="mathnormal">W</span></span>', '<span class="mathnormal">x</span>'
        assert self.found(tmp_path, told, mute) == ["index.html: under a: x tells nothing"]

    def test_a_capital_greek_letter_and_a_blackboard_letter(self, tmp_path: Path) -> None:
        assert len(self.found(tmp_path, '<span class="mord">Λ</span>', '<span class="mord mathbb">E</span>')) == 2

    def test_words_numbers_and_tables_of_symbols(self, tmp_path: Path) -> None:
        words = '<span class="mord"><span class="mord mathrm">in</span></span><span class="mop">max</span>'
        table = '<details class="symbols nnlit-symbols"><span class="mord mathnormal">y</span></details>'
        assert self.found(tmp_path, words, table, '<span data-s="0">2a</span><span class="mord">2∂</span>') == []

    def test_a_site_without_formulas(self, tmp_path: Path) -> None:
        assert "no formula" in self.found(tmp_path)[0]


class TestProblems:
    def found(self, folder: Path, body: str) -> list[str]:
        (folder / "page").mkdir(exist_ok=True)
        (folder / "index.html").write_text("<p id=here>", encoding="utf-8")
        (folder / "page" / "index.html").write_text(body, encoding="utf-8")
        return problems(folder)

    def test_good_links(self, tmp_path: Path) -> None:
        body = (
            '<p id="there"><a href="../#here">a</a><a href="#there">b</a><a href="/nnlit/page/">c</a><img src="data:,">'
        )
        assert self.found(tmp_path, body + '<a href="https://example.org/">d</a>') == []

    def test_missing_page(self, tmp_path: Path) -> None:
        assert self.found(tmp_path, "<a href='../gone/'>") == ["page/index.html: ../gone/ leads nowhere"]

    def test_missing_place(self, tmp_path: Path) -> None:
        message = "page/index.html: ../#gone leads to no place on its page"
        assert self.found(tmp_path, "<a href='../#gone'>") == [message]

    def test_mathml_with_a_child_too_many(self, tmp_path: Path) -> None:
        math = "<math xmlns='http://www.w3.org/1998/Math/MathML'><msub><mi>a</mi><mi>max</mi><mo>!</mo></msub></math>"
        (message,) = self.found(tmp_path, math)
        assert message.startswith("page/index.html: msub with 3 children in <math")

    @pytest.mark.parametrize(
        ("inside", "wrong"),
        [
            ("<mtable><mtd/></mtable>", "mtd in mtable"),
            ("<mtable><mtr><mi>a</mi></mtr></mtable>", "mi in mtr"),
            ("<mrow>a</mrow>", "text in mrow"),
            ("<mrow><mi>a</mi>b</mrow>", "text in mrow"),
            ("<mfenced><mi>a</mi></mfenced>", "mfenced in math"),
        ],
    )
    def test_mathml_that_is_none(self, tmp_path: Path, inside: str, wrong: str) -> None:
        (message,) = self.found(tmp_path, f"<math xmlns='http://www.w3.org/1998/Math/MathML'>{inside}</math>")
        assert message.startswith(f"page/index.html: {wrong} in <math")

    def test_a_line_that_no_file_has(self, tmp_path: Path) -> None:
        link = "https://example.org/a.py#L{}-L{}"
        message = f"page/index.html: {link.format(0, 0)} leads to a line that no file has"
        links = f"<a href='{link.format(0, 0)}'>a</a><a href='{link.format(10, 12)}'>b</a>"
        assert self.found(tmp_path, links) == [message]

    def test_another_host(self, tmp_path: Path) -> None:
        message = "page/index.html: https://example.org/x.js is loaded from another host"
        assert self.found(tmp_path, "<script src='https://example.org/x.js'>") == [message]

    def test_doubled_id(self, tmp_path: Path) -> None:
        assert self.found(tmp_path, "<p id=a><p id=a>") == ["page/index.html: two elements have the id a"]


if __name__ == "__main__":
    found = [*problems(Path(sys.argv[1])), *mute(Path(sys.argv[1]))]
    said = "every link leads somewhere, nothing is loaded from another host, every letter of a formula tells something"
    print("\n".join(found) or said)
    sys.exit(bool(found))
