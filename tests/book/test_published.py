"""What is made of a built site: plain Markdown, notebooks, the page that is printed, the archive."""

import ast
import contextlib
import io
import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from nnlit.book.site.catalog import Contents, load
from nnlit.book.site.published import command, drawings, fonts, index, light, lines, paper, styles
from nnlit.book.site.published.notebook import notebook
from nnlit.book.site.published.plain import plain

ROOT = Path(__file__).parents[2]
ADDRESS = "https://example.org/"
CHAPTERS = sorted(path.name for path in (ROOT / "docs").glob("[0-9][0-9]-*.md"))


@pytest.fixture(scope="module")
def book() -> Contents:
    return load(ROOT / "docs", ROOT / "nnlit", preview=True)


def cells(book: Contents, name: str) -> list[dict]:
    return json.loads(notebook(book, book.by_path[ROOT / "docs" / name], ADDRESS))["cells"]


def text_of(cell: dict) -> str:
    return "".join(cell["source"])


@pytest.mark.parametrize("name", CHAPTERS)
@pytest.mark.long_but_one_in(10)
def test_a_page_in_plain_markdown_needs_nothing_of_the_project(book: Contents, name: str) -> None:
    text = plain(book, book.by_path[ROOT / "docs" / name], ADDRESS)
    words = re.sub(r"^ *(`{3,}).*?^ *\1`*$|`[^`]*`", "", text, flags=re.DOTALL | re.MULTILINE)
    assert not re.search(r"\\eqref|\\label|<!--|:::|\?\?\?|!!!|<div|\]\([\w-]+\.md", words)
    assert text.startswith("# ")
    assert len(text) > 0.8 * len((ROOT / "docs" / name).read_text(encoding="utf-8"))


def test_in_plain_markdown_the_list_of_names_needs_no_site(book: Contents) -> None:
    text = plain(book, book.by_path[ROOT / "docs" / "reference.md"], ADDRESS)
    assert re.search(r"^\| `dense` \| .*`Dense`", text, re.MULTILINE)
    assert "][" not in text


@pytest.mark.parametrize("name", CHAPTERS)
@pytest.mark.long_but_one_in(4)
def test_a_notebook_has_every_example_of_its_chapter(book: Contents, name: str) -> None:
    source = (ROOT / "docs" / name).read_text(encoding="utf-8")
    needs = re.findall(r"<!-- (?:needs|skip):.*?-->\n\s*```pycon\n(.*?)```", source, re.DOTALL)
    prompts = re.findall(r"^ *>>> (.*)$", source, re.MULTILINE)
    left_out = re.findall(r"^ *>>> (.*)$", "".join(needs), re.MULTILINE)
    code = [line for cell in cells(book, name) if cell["cell_type"] == "code" for line in text_of(cell).split("\n")]
    missing = [line for line in prompts if line.split("# doctest")[0].rstrip() not in map(str.rstrip, code)]
    assert sorted(missing) == sorted(line for line in left_out if line not in code)


@pytest.mark.parametrize("name", CHAPTERS)
@pytest.mark.long_but_one_in(4)
def test_what_a_notebook_says_it_shows_is_printed_or_the_value_of_the_last_line(book: Contents, name: str) -> None:
    for cell in cells(book, name):
        if cell["cell_type"] == "code" and cell["outputs"] and not cell["metadata"]:
            last = ast.parse(text_of(cell)).body[-1]
            assert isinstance(last, ast.Expr) or "print" in ast.unparse(last), text_of(cell)


@pytest.mark.parametrize("name", ["02-slopes.md", "04-dense.md"])
def test_a_notebook_runs_from_top_to_bottom_and_shows_what_it_says(book: Contents, name: str, monkeypatch) -> None:
    monkeypatch.chdir(ROOT)
    names: dict = {"__name__": "__main__"}
    compared = 0
    for cell in (cell for cell in cells(book, name) if cell["cell_type"] == "code"):
        shown = io.StringIO()
        raises = "raises-exception" in cell["metadata"].get("tags", [])
        with contextlib.redirect_stdout(shown), pytest.raises(Exception) if raises else contextlib.nullcontext():  # noqa: PT011
            for part in re.split(r"\n(?=[^\s)\]}])", text_of(cell)):
                exec(compile(part + "\n", name, "single"), names)  # noqa: S102 - it is our own code
        said = "".join(line for output in cell["outputs"] for line in output["text"])
        if said and not raises and "..." not in said:
            compared += said.split() == shown.getvalue().split()
    assert compared >= 10


def test_a_notebook_has_the_form_of_one(book: Contents) -> None:
    whole = json.loads(notebook(book, book.by_path[ROOT / "docs" / "04-dense.md"], ADDRESS))
    assert (whole["nbformat"], whole["nbformat_minor"]) == (4, 5)
    ids = [cell["id"] for cell in whole["cells"]]
    assert len(set(ids)) == len(ids)
    assert {cell["cell_type"] for cell in whole["cells"]} == {"markdown", "code"}
    assert r"\tag{4.2}" in "".join(map(text_of, whole["cells"]))


def small(folder: Path, name: str, article: str) -> None:
    (folder / name).mkdir(parents=True, exist_ok=True)
    page = f'<html><head></head><body><article class="a">{article}</article></body></html>'
    (folder / name / "index.html").write_text(page, encoding="utf-8")


def test_on_the_page_that_holds_all_links_stay_inside(tmp_path: Path) -> None:
    small(
        tmp_path,
        "one",
        '<h1 id="top">1</h1><a href="../two/#x">to</a><a href="#top">up</a><img src="../figures/f.svg">',
    )
    small(
        tmp_path, "two", '<h1 id="x">2</h1><a href="https://h/">out</a><a href="../one/">back</a><a href="..">home</a>'
    )
    small(tmp_path, "", '<a href="one/">one</a>')
    text = paper.whole(tmp_path, ["", "one", "two"])
    assert 'href="#two--x"' in text
    assert 'href="#one--top"' in text
    assert 'id="one--top"' in text
    assert 'href="https://h/"' in text
    assert 'href="#one">back' in text
    assert 'href="#home">home' in text
    assert 'src="../figures/f.svg"' in text
    assert text.count("<section") == 3


LINK = '<link rel="stylesheet" href="{0}assets/%s.css">\n'
STYLED = f"<head>\n  {LINK % 'a'}{LINK % 'b'}</head>"


def test_the_styles_of_a_page_become_one_file_in_their_order(tmp_path: Path) -> None:
    (tmp_path / "assets/nnlit").mkdir(parents=True)
    (tmp_path / "assets/a.css").write_text("p { color: red }", encoding="utf-8")
    (tmp_path / "assets/b.css").write_text("p { color: blue; src: url(fonts/f.woff2) }", encoding="utf-8")
    other = '<head><link rel="stylesheet" href="../assets/b.css"></head>'
    home, one, two = (tmp_path / name for name in ("index.html", "one/index.html", "two/index.html"))
    pages = light.with_one_style(tmp_path, {home: STYLED.format(""), one: STYLED.format("../"), two: other})
    joined = (tmp_path / light.JOINED).read_text(encoding="utf-8")
    assert joined.index("red") < joined.index("blue")
    assert re.findall(r'href="([^"]*)"', pages[home]) == ["assets/nnlit/all.css"]
    assert re.findall(r'href="([^"]*)"', pages[one]) == ["../assets/nnlit/all.css"]
    assert pages[two] == other
    assert light.with_one_style(tmp_path, pages) == pages  # a second time there is nothing to join


def test_styles_that_lead_to_other_files_stay_where_they_are(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets/a.css").write_text('p { background: url("../x.png") }', encoding="utf-8")
    (tmp_path / "assets/b.css").touch()
    pages = {tmp_path / "index.html": STYLED.format("")}
    assert light.with_one_style(tmp_path, pages) == pages
    assert not (tmp_path / light.JOINED).exists()


FORMULA = (
    '<p>Qq&Omega;</p><span class="katex-html"><span class="mord mathnormal">W</span><span class="mbin">&amp;</span>'
    '<span class="mord mathbf">0</span></span>'
)


def test_a_page_loses_the_spaces_in_which_lines_begin_and_code_keeps_them(tmp_path: Path) -> None:
    (tmp_path / "assets/nnlit").mkdir(parents=True)
    page = "<p>\n   one\n\n   two </p>\n<pre>a\n   b</pre>\n  <script>\n  x</script>\n  <b>c</b>"
    (tmp_path / "index.html").write_text(page, encoding="utf-8")
    script = "// why\nlet a = 1; // one\n\n  // and\nlet b = '//';\n"
    (tmp_path / "assets/nnlit/a.js").write_text(script, encoding="utf-8")
    light.lighten(tmp_path)
    left = "<p>\none\ntwo </p>\n<pre>a\n   b</pre>\n<script>\n  x</script>\n<b>c</b>"
    assert (tmp_path / "index.html").read_text(encoding="utf-8") == left
    assert (tmp_path / "assets/nnlit/a.js").read_text(encoding="utf-8") == "let a = 1; // one\nlet b = '//';\n"


def test_a_long_line_of_code_knows_where_it_begins_and_an_underlined_one_stays_whole() -> None:
    long = ">>> <b>for</b> a in b:\n...     print(&quot;{}&quot;)\nyes\n".format("a word " * 6)
    under = f"{'a message ' * 6}\n    \\frac{{d}}{{d x}} (g(x) r(x)) = g(x) r(x) + 0\n{' ' * 40}<i>^^^^</i>\n"
    found = text = f"<pre><span></span><code>{long}</code></pre><pre><code>{under}</code></pre>"
    for _ in range(2):  # a site that is published twice is the same
        found = lines.with_lines(found)
        assert re.findall(r"--in:(\d+)", found) == ["8", "0"]
        assert re.findall(r'"nnlit-whole">\s*(?:<i>)?(\S)', found) == ["\\", "^"]
        assert found.count("data-aligned") == 1
        bare = re.sub('<span class="nnlit-(?:line|whole)"[^>]*>|</span>', "", found)
        assert bare.replace(" data-aligned", "") == text.replace("</span>", "")


def test_a_font_keeps_the_letters_of_the_formulas_and_no_others(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "nnlit/book/site/theme/assets/nnlit/fonts", tmp_path / "fonts")
    whole = {path.stem: TTFont(path) for path in (tmp_path / "fonts").iterdir()}
    fonts.subset_fonts([FORMULA], tmp_path / "fonts")
    cut = {path.stem: TTFont(path) for path in (tmp_path / "fonts").iterdir()}
    assert {chr(code) for code in cut["KaTeX_Math-Italic"].getBestCmap()} == {"W"}
    assert {chr(code) for code in cut["KaTeX_Main-Regular"].getBestCmap()} == {"&", "0"}
    for name, letter in (("KaTeX_Math-Italic", "W"), ("KaTeX_Main-Regular", "&"), ("KaTeX_Main-Bold", "0")):
        glyphs = [font[name].getBestCmap()[ord(letter)] for font in (whole, cut)]
        assert whole[name]["hmtx"][glyphs[0]] == cut[name]["hmtx"][glyphs[1]]
        outlines = [
            font[name]["glyf"][glyph].getCoordinates(font[name]["glyf"])[0]
            for font, glyph in zip((whole, cut), glyphs, strict=True)
        ]
        assert list(outlines[0]) == list(outlines[1])


@pytest.mark.parametrize(
    ("rule", "kept"),
    [
        (".a{top:0}", ".a{top:0}"),
        (".gone{top:0}", ""),
        (".gone,.a b{top:0}", ".a b{top:0}"),
        (".a:not(.gone){top:0}", ".a:not(.gone){top:0}"),
        (".a:is(.gone,.made){top:0}", ".a:is(.gone,.made){top:0}"),
        (".a:is(.gone,#gone){top:0}", ""),
        (".part--x{top:0}", ".part--x{top:0}"),
        ("[open] .a,[hidden] .a{top:0}", "[hidden] .a{top:0}"),
        ('[data-x="1"],[data-x="2"],[data-x^="2"]{top:0}', '[data-x="1"],[data-x^="2"]{top:0}'),
        ("@media print{.gone{top:0}}", ""),
        ("@media print{.gone{top:0}.a{top:0}}", "@media print{.a{top:0}}"),
        ("@font-face{font-family:f;src:url(f.woff2)}", "@font-face{font-family:f;src:url(f.woff2)}"),
        ('.a::before{content:"}.gone{"}', '.a::before{content:"}.gone{"}'),
        (
            ":root{--one:var(--two);--two:1;--three:2}.a{top:var(--one)}",
            ":root{--one:var(--two);--two:1}.a{top:var(--one)}",
        ),
        (":root{--one:var(--two);--two:1}", ""),
        (".a{top:0!important;--three:2}", ".a{top:0!important}"),
        (".nnlit-later{top:0}", ".nnlit-later{top:0}"),  # the links at the foot are written afterwards
    ],
)
@pytest.mark.long_but_one_in(4)
def test_a_style_stays_if_an_element_may_be_meant(rule: str, kept: str) -> None:
    page = '<p class="a b" data-x="1" hidden>gone 2 open</p>'
    program = 'node.className = "part--" + kind; other.classList.add("made")'
    assert styles.purged(rule, styles.vocabulary([page], [program])) == kept


def test_a_style_sheet_that_cannot_be_read_is_an_error() -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        styles.purged(".a{top:0}}", styles.vocabulary([], []))


def test_a_drawing_keeps_its_factors_and_what_is_referred_to() -> None:
    drawing = """<?xml version="1.0"?><!-- one --><svg width="10.12345"> <g id="gone"><g id="kept">
    <path d="M 0.0049 -1.005
L 10.999 2" transform="translate(1.23456 -0.001) scale(0.015625)"/></g></g><use href="#kept" x="1.5" y="2.25"/></svg>"""
    assert drawings.slim(drawing) == (
        '<svg width="10.12345"><g><g id="kept"><path d="M0 -1L11 2" transform="translate(1.23 0) scale(0.015625)"/>'
        '</g></g><use href="#kept" x="1.5" y="2.25"/></svg>'
    )


def test_the_scripts_of_a_page_s_figures_become_one(tmp_path: Path) -> None:
    tags = '<script src="../assets/a.js"></script>\n<script src="../interactive/play.js"></script>\n{}<p>'
    (tmp_path / "interactive").mkdir()
    (tmp_path / "interactive/play.js").write_text("const play = 1;", encoding="utf-8")
    (tmp_path / "interactive/break.js").write_text("play;", encoding="utf-8")
    one = light.with_one_script(tmp_path, tags.format('<script src="../interactive/break.js"></script>'))
    assert re.findall(r'src="([^"]*)"', one) == ["../assets/a.js", "../interactive/play+break.js"]
    assert (tmp_path / "interactive/play+break.js").read_text(encoding="utf-8") == "const play = 1;\nplay;"
    assert light.with_one_script(tmp_path, tags.format("")) == tags.format("")


def test_the_search_finds_labels_and_symbols(tmp_path: Path, book: Contents) -> None:
    (tmp_path / "search").mkdir()
    path = tmp_path / "search" / "search_index.json"
    there = [{"location": location, "title": "", "text": ""} for location in ("04-dense/", "symbols/")]
    path.write_text(json.dumps({"config": {"lang": ["en"]}, "docs": there}), encoding="utf-8")
    index.add_entries(tmp_path, book)
    first = path.read_text(encoding="utf-8")
    found = json.loads(first)
    titles = {entry["title"].partition(" (")[0]: entry for entry in found["docs"]}
    assert found["config"] == {"lang": ["en"]}
    assert titles["dense:grad-W"]["location"] == "04-dense/#eq-dense-grad-W"
    assert re.search(r"grad_W = X.T @ grad_Z \(\S*nnlit/dense.py:\d+\)", titles["dense:grad-W"]["text"])
    assert "losses:mse" not in titles  # the index knows no such page
    rates = [one["location"] for one in found["docs"] if one["title"].startswith("η:")]
    assert len(rates) > 3  # a row of every chapter that has one
    assert all(re.fullmatch(r"symbols/#symbol-\d+", place) for place in rates)
    index.add_entries(tmp_path, book)
    assert path.read_text(encoding="utf-8") == first


def test_what_is_printed_has_each_formula_once_and_no_script_but_its_own() -> None:
    page = (
        '<body><script src="a.js"></script><article><span class="katex"><span class="katex-mathml"><math>x</math>'
        '</span><span class="katex-html">x</span></span></article><script>run()</script></body>'
    )
    seen = '<span class="katex"><span class="katex-html">x</span></span>'
    own = '<script src="../assets/nnlit/print.js" data-home="https://example.org/"></script>'
    assert paper.sheet(page, "../", ADDRESS) == f"<body><article>{seen}</article>{own}</body>"
    assert Path(paper.__file__).parents[1].joinpath("theme/assets/nnlit/print.js").is_file()


@pytest.mark.parametrize("program", ["", "/bin/false"])
def test_without_a_browser_that_prints_there_is_no_pdf_and_it_is_said(
    tmp_path: Path, monkeypatch, program: str
) -> None:
    monkeypatch.setattr(paper, "browser", lambda: program)
    site = tmp_path / "site"
    site.mkdir()
    chapter = load(ROOT / "docs", ROOT / "nnlit", preview=True).by_path[ROOT / "docs" / "04-dense.md"]
    small(site, "04-dense", "x")
    said = command._print(site, [chapter], ADDRESS)
    assert said
    assert said[0].startswith("no PDF")
    assert not list(site.rglob("*.pdf"))


def test_a_browser_that_never_ends_is_stopped(tmp_path: Path, monkeypatch) -> None:
    def forever(*_: object, **options: float) -> None:
        raise subprocess.TimeoutExpired("chromium", options["timeout"])

    monkeypatch.setattr(subprocess, "run", forever)
    assert not paper._printed("chromium", "http://127.0.0.1/", tmp_path / "x.pdf", 1)


def test_the_foot_of_a_page_names_only_what_is_there(tmp_path: Path, book: Contents) -> None:
    page = book.by_path[ROOT / "docs" / "04-dense.md"]
    small(tmp_path, "04-dense", command.PLACE)
    (tmp_path / "04-dense" / "index.md").touch()
    command._link(tmp_path, page, "abc1234")
    text = (tmp_path / "04-dense" / "index.html").read_text(encoding="utf-8")
    assert '<a href="index.md">Markdown</a>' in text
    assert "PDF" not in text
    assert re.search(r"Checked on \d+ \w+ 20\d\d at <code>abc1234</code>", text)


def test_the_archive_names_pages_as_a_disk_does(tmp_path: Path) -> None:
    small(tmp_path, "one", '<a href="../two/#x">a</a><a href="..">b</a><img src="../f.svg"><a href="#top">c</a>')
    (tmp_path / "f.svg").touch()
    (tmp_path / "x.pdf").touch()
    index = '{"docs": [{"location": "", "text": "π"}, {"location": "one/"}, {"location": "one/#x"}]}'
    (tmp_path / "search_index.json").write_text(index, encoding="utf-8")
    command._archive(tmp_path)
    with zipfile.ZipFile(tmp_path / command.ARCHIVE) as archive:
        text = archive.read("nnlit/one/index.html").decode()
        assert set(archive.namelist()) == {
            "nnlit/one/index.html",
            "nnlit/f.svg",
            "nnlit/search_index.json",
            "nnlit/search_index.js",
        }
        found = archive.read("nnlit/search_index.js").decode()
        entries = json.loads(found.removeprefix("var __index = "))["docs"]
        assert [entry["location"] for entry in entries] == ["index.html", "one/index.html", "one/index.html#x"]
        assert entries[0]["text"] == "π"
    for link in ('"../two/index.html#x"', '"../index.html"', '"../f.svg"', '"#top"'):
        assert link in text
