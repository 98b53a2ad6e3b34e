"""Symbols that tell what they mean: which row of which table, and what KaTeX makes of a marked formula."""

import re
from collections.abc import Callable
from pathlib import Path

import markdown
import pytest

from nnlit.book.site import katex, scopes
from nnlit.book.site.catalog import load
from nnlit.book.site.explained import Meanings, items, marked, named
from nnlit.book.site.implied import section
from nnlit.book.source.chapter import Row
from nnlit.book.source.place import BookError, Place

ROOT = Path(__file__).parents[2]
NOTATION = (
    "# Notation\n\n| symbol | shape | in code | meaning |\n|---|---|---|---|\n| $m$, $i$ | a size | `m` | size |\n"
)
PAGE = r"""# One

## Symbols

| symbol | shape | code | meaning |
|---|---|---|---|
| $A$ | $m \times n$ | `self.A` | the *outer* table |
| $x$, $y$ | number | | two numbers |

Here $A$ and $A_{ij}$, and $x$.

$$
x = 2
\label{one:x}
$$

## Inner

| symbol | shape | code | meaning |
|---|---|---|---|
| $A$ | number | | the inner number |

Now $A$, and $m$, and $q$.

$$
y = A \\
\label{one:y}
$$

## After

Again $A$.
"""


def rows(*symbols: str) -> list[Row]:
    return [Row(symbol, "number", "", "", Place(Path("x.md"), k)) for k, symbol in enumerate(symbols)]


def marks(tex: str, *symbols: str) -> str:
    text, found = marked(tex, Meanings(rows(*symbols)))
    return re.sub(r"\\htmlData\{s=(\d+)\}", lambda m: f"<{found[int(m[1])].symbol}>", text)


@pytest.mark.parametrize(
    ("tex", "symbols", "shown"),
    [
        ("W_j", ["W", "j"], "<W>{W_{<j>{j}}}"),
        ("W_{jk}^2 W", ["W", "k"], "<W>{W_{j<k>{k}}^{2}} <W>{W}"),
        (r"\hat{Y} Y", [r"\hat Y", "Y"], r"<\hat Y>{\hat{Y}} <Y>{Y}"),
        (r"\hat Y", ["Y"], r"\hat Y"),  # a hat makes another name
        (r"n_{\mathrm{in}} n", ["n", r"n_{\mathrm{in}}"], r"<n_{\mathrm{in}}>{n_{\mathrm{in}}} <n>{n}"),
        ("p_{t-1} + p_t", ["p_{t-1}", "p_t", "t"], "<p_{t-1}>{p_{t-1}} + <p_t>{p_t}"),
        (r"\frac{\partial L}{\partial Z_{ik}}", [r"\frac{\partial L}{\partial Z}", "Z", "k"],
         r"<\frac{\partial L}{\partial Z}>{\frac{\partial L}{\partial Z_{i<k>{k}}}}"),
        (r"\frac{\partial L}{\partial W}", [r"\frac{\partial L}{\partial Z}", "W"],
         r"\frac{\partial L}{\partial <W>{W}}"),
        (r"\sqrt[3]{x} \frac12", ["x", "1"], r"\sqrt[3]{<x>{x}} \frac12"),
        (r"\sum_{i=1}^m x_i", ["i", "m", "x"], r"\sum_{<i>{i}=1}^{<m>{m}} <x>{x_{<i>{i}}}"),
        (r"\max(0, a) \operatorname{max} \text{a max}", ["a", "m"], r"\max(0, <a>{a}) \operatorname{max} \text{a max}"),
        (r"\begin{aligned} a &= e \\[6em] &= m \end{aligned}", ["a", "e", "m"],
         r"\begin{aligned} <a>{a} &= <e>{e} \\[6em] &= <m>{m} \end{aligned}"),
        (r"f'(x) W^{(1)\top}", ["f", "W"], r"<f>{f'}(x) <W>{W^{(1)\top}}"),
        (r"X^\top Y", ["X"], r"<X>{X^{\top}} Y"),
        ("x", [], "x"),
    ],
)  # fmt: skip
@pytest.mark.long_but_one_in(4)
def test_every_symbol_with_a_row_is_marked_and_nothing_else(tex: str, symbols: list[str], shown: str) -> None:
    assert marks(tex, *symbols) == shown


def test_of_two_rows_the_innermost_counts() -> None:
    inner, outer = rows("A", "A")
    assert marked("A", Meanings([inner, outer]))[1] == (inner,)


def test_braces_that_do_not_fit_are_left_to_katex() -> None:
    assert [item.norm for item in items("a}b")] == ["a", "}", "b"]


def plain(rendered: str) -> str:
    """KaTeX's HTML without what a mark adds."""
    before = None
    while before != rendered:
        before = rendered
        rendered = re.sub(
            r'<span class="enclosing[^"]*" data-s="[^"]*">((?:(?!<span|</span>).)*)</span>', r"\1", rendered
        )
        rendered = re.sub(
            r"<span(?! class=\"enclosing)([^<>]*)>((?:(?!<span|</span>).)*)</span>",
            r"⟨\1⟩\2⟨/⟩",
            rendered,
            flags=re.DOTALL,
        )
    return rendered


@pytest.mark.parametrize(
    "tex", [r"W_{jk} + b_{k}", r"\frac{\partial L}{\partial W}", r"\sum_{j=1}^{k} W_{j}^{2}", r"-W\,\exp(-b)"]
)
@pytest.mark.parametrize("display", [False, True])
def test_a_mark_moves_no_letter(tex: str, display: bool) -> None:
    text, found = marked(tex, Meanings(rows("W", "b", "j", "k", "L")))
    shown = named(katex.render(text, display=display), tex, [row.symbol for row in found])
    assert found
    assert plain(shown) == plain(katex.render(tex, display=display))


@pytest.mark.long
def test_all_formulas_of_the_book_with_marks_are_set() -> None:
    from nnlit.book.site.meanings import Symbols

    book = load(ROOT / "docs", ROOT / "nnlit", preview=True)
    symbols = [Symbols(book, chapter) for chapter in book.chapters if chapter.number]
    shown = [(s.explained(d.tex, d.place), d) for s in symbols for d in s.chapter.displays]
    katex.prepare([(formula.marked, True) for formula, _ in shown])
    refused = [str(d.place) for formula, d in shown if (formula.marked, True) not in katex.rendered]
    assert refused == []
    without = [d for formula, d in shown if not formula.names and re.search("[A-Za-z]", re.sub(r"\\[a-z]+", "", d.tex))]
    assert len(without) < 0.1 * len(shown)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("book")
    (folder / "docs").mkdir()
    (folder / "docs" / "01-one.md").write_text(PAGE, encoding="utf-8")
    (folder / "docs" / "notation.md").write_text(NOTATION, encoding="utf-8")
    options = {"docs": str(folder / "docs"), "package": str(folder / "none"), "preview": True}
    extension = "nnlit.book.site.extension"
    return markdown.Markdown(extensions=["tables", extension], extension_configs={extension: options}).convert(PAGE)


def said(page: str, number: str) -> str:
    """The row that a number names."""
    (row,) = re.findall(rf'<tr data-row="{number}"[^>]*>(.*?)</tr>', page, re.DOTALL)
    return re.sub(r"<annotation.*?</annotation>|<var.*?</var>|<[^>]*>", "", row, flags=re.DOTALL)


def numbers(page: str, start: str) -> list[str]:
    """The marks between a word and the next paragraph's end."""
    return re.findall(r'data-s="(\d+)"', page.split(start)[1].split("</p>", maxsplit=1)[0])


def test_a_symbol_means_the_row_of_its_section(page: str) -> None:
    assert [("outer" in said(page, k), "inner" in said(page, k)) for k in numbers(page, "Here ")[:1]] == [(True, False)]
    assert "inner" in said(page, numbers(page, "Now ")[0])
    assert "outer" in said(page, numbers(page, "Again ")[0])


def test_what_no_table_of_the_page_explains_comes_from_the_page_of_notation(page: str) -> None:
    assert len(numbers(page, "Now ")) == 2  # A and m; nothing is known of q
    assert "size" in said(page, numbers(page, "Now ")[1])
    extra = page[page.index('class="symbols nnlit-symbols nnlit-more"') :]
    assert extra.count("<tr data-row") == 2  # and y, which the display of its section defines


def test_tables_are_folded_and_the_formula_is_kept_as_it_was_written(page: str) -> None:
    assert page.count('<details class="symbols nnlit-symbols">') == 2
    assert "<summary>Symbols: " in page
    assert "htmlData" not in page
    assert '<annotation encoding="application/x-tex">x = 2</annotation>' in page


def test_only_a_number_that_something_names_stands_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "01-one.md").write_text(PAGE, encoding="utf-8")
    (tmp_path / "docs" / "words.md").write_text("# Words\n\nSee \\eqref{one:x}.\n", encoding="utf-8")
    extension = "nnlit.book.site.extension"
    options = {"preview": True, "package": "none"}
    page = markdown.Markdown(extensions=["tables", extension], extension_configs={extension: options}).convert(PAGE)
    assert 'class="nnlit-ref" href="#eq-one-x"' in re.sub(r'(href="[^"]*") (class="[^"]*")', r"\2 \1", page)
    assert 'class="nnlit-ref nnlit-uncited" href="#eq-one-y"' in re.sub(
        r'(href="[^"]*") (class="[^"]*")', r"\2 \1", page
    )


def test_a_table_inside_a_note_is_folded_too(tmp_path: Path) -> None:
    head = "| symbol | shape | code | meaning |\n|---|---|---|---|\n"
    text = f"# One\n\n## Symbols\n\n{head}| $a$ | number | | outer |\n\n<details markdown='1'>\n\n#### Two\n\n"
    text += f"{head}| $b$ | number | | inner |\n\n$$\nb = 2 a\n\\label{{one:b}}\n$$\n\n</details>\n"
    (tmp_path / "01-one.md").write_text(text, encoding="utf-8")
    options = {"docs": str(tmp_path), "package": str(tmp_path / "none"), "preview": True}
    extension = "nnlit.book.site.extension"
    shown = markdown.Markdown(
        extensions=["tables", "md_in_html", extension], extension_configs={extension: options}
    ).convert(text)
    inside = shown[shown.index("Two</h4>") :]
    assert inside.index('<details class="symbols nnlit-symbols">') < inside.index("inner</td>")


SHEET = """## Exercises

### 1. Half of $A$

What is $A$, and what is $x$?

$$
x = A
$$

??? success "Solution"
    One.
"""
MODULE = """class Doubling:
    def forward(self, A):
        return 2 * A
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """Makes a page of a book whose chapter has two tables and an exercise; a text that is no page is a docstring."""
    folder = tmp_path_factory.mktemp("made")
    for name in ("docs", "small"):
        (folder / name).mkdir()
    (folder / "docs" / "01-one.md").write_text(PAGE + SHEET, encoding="utf-8")
    (folder / "small" / "one.py").write_text(MODULE, encoding="utf-8")
    pages = {
        "notation": NOTATION,
        "exercises": "# Exercises\n\n[[exercises]]\n",
        "symbols": "# Symbols\n\n[[symbols]]\n",
    }
    for name, text in pages.items():
        (folder / "docs" / f"{name}.md").write_text(text, encoding="utf-8")
    options = {"docs": str(folder / "docs"), "package": str(folder / "small"), "preview": True}
    extensions = ["tables", "attr_list", "pymdownx.superfences", "pymdownx.details", "nnlit.book.site.extension"]
    maker = markdown.Markdown(extensions=extensions, extension_configs={"nnlit.book.site.extension": options})
    return lambda text: maker.reset().convert(pages.get(text, text))


def test_on_the_page_of_exercises_a_symbol_means_what_it_means_in_its_chapter(made: Callable[[str], str]) -> None:
    page = made("exercises")
    assert "outer" in said(page, numbers(page, "What is ")[0])
    assert "two numbers" in said(page, numbers(page, "What is ")[1])
    heading = re.findall(r'data-s="(\d+)"', page[page.index("Half of") : page.index("</h3>")])
    assert "outer" in said(page, heading[0])
    figure = re.findall(r'data-s="(\d+)"', page[page.index("<figure") : page.index("</figure>")])
    assert ["two numbers" in said(page, figure[0]), "outer" in said(page, figure[1])] == [True, True]


def test_on_the_page_of_symbols_every_row_says_what_its_own_symbols_mean(made: Callable[[str], str]) -> None:
    page = made("symbols")
    body = page[: page.index("nnlit-more")] if "nnlit-more" in page else page
    rows_of_page = re.findall(r'<tr[^>]*id="symbol-\d+"[^>]*>.*?</tr>', body, re.DOTALL)
    assert len(rows_of_page) == 4  # A twice, x and y
    for row in rows_of_page:
        first = re.search(r'data-s="(\d+)"', row)
        number = re.search(r'data-row="(\d+)"', row)
        assert first
        assert not number or number[1] == first[1]
        assert re.sub(r"<[^>]*>", "", row.split("<td>")[2]).strip() in said(page, first[1])
    assert sum("data-row" in row for row in rows_of_page) == 3  # x and y share one


def test_a_docstring_speaks_of_the_equation_that_it_names_or_of_its_module_s_chapter(tmp_path: Path) -> None:
    (tmp_path / "01-one.md").write_text(PAGE + SHEET, encoding="utf-8")
    book = load(tmp_path, tmp_path / "none", preview=True)
    inner = scopes.docstring(r"The $A$ of \eqref{one:y}.", Place(Path("small/one.py"), 1), book)
    assert inner == book.displays["one:y"].place
    assert scopes.docstring("The $A$.", Place(Path("small/one.py"), 1), book).path == tmp_path / "01-one.md"
    assert scopes.docstring("The $A$.", Place(Path("small/two.py"), 7), book) == Place(Path("small/two.py"), 7)


TEXT = r"""# One

## Symbols

| symbol | shape | code | meaning |
|---|---|---|---|
| $X$ | $m \times h$ | | a table |
| $x$ | number | | a number |

## Definition

$$
f(a) = a^2
\label{one:f}
$$

## Two

Here $u$, $a$, $h$, $c$, and $r$.

$$
u_i = \sum_c X_{ic}
\label{one:u}
$$

## Three

Here $u$, and $r$, and $\frac{d}{d x} x^2$.

| symbol | shape | code | meaning |
|---|---|---|---|
| $q$ | number | | the number of this section |

$$
x = 2 q - q
\label{one:q}
$$

## Four

<!-- wrong: one:q, somebody, autumn 2026 -->
$$
x = 2 q
\label{one:q-wrong}
$$
"""
LETTERS = """["01-one.md"."Two"]
'r' = ["number", "the end of an interval"]
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[str]]:
    """What is told under a heading of a page whose letters are explained by displays, shapes and a list."""
    folder = tmp_path_factory.mktemp("told")
    (folder / "01-one.md").write_text(TEXT, encoding="utf-8")
    (folder / "letters.toml").write_text(LETTERS, encoding="utf-8")
    slope = NOTATION + r"| $\frac{d}{d x}$ | as what follows | | the slope |" + "\n"
    (folder / "notation.md").write_text(slope, encoding="utf-8")
    options = {"docs": str(folder), "package": str(folder / "none"), "preview": True}
    extension = "nnlit.book.site.extension"
    page = markdown.Markdown(extensions=["tables", extension], extension_configs={extension: options}).convert(TEXT)


    def under(heading: str) -> list[str]:
        part = re.split("<h2|<details", page.split(f">{heading}</h2>")[1])[0]
        rows = (said(page, number) for number in re.findall(r'data-s="(\d+)"', part))
        return [re.sub(r"<annotation.*?</annotation>|<var.*?</var>|<[^>]*>|\s", "", row) for row in rows]

    return under


def test_what_no_table_has_is_told_by_displays_shapes_and_the_list_of_letters(told: Callable[[str], list[str]]) -> None:
    line = told("Two")[:4]
    assert "ui=∑cXi,c,equation(1.2)" in line[0]
    assert line[0].startswith("um")  # the shape: one number for each row of X
    assert "columnsofX" in line[1]
    assert "countswhat" in line[2]
    assert "theendofaninterval" in line[3]


def test_what_a_display_or_the_list_says_holds_under_its_heading_alone(told: Callable[[str], list[str]]) -> None:
    line = told("Three")
    assert "theslope" in line[0]
    assert not [text for text in line if text.startswith(("um", "r"))]


def test_a_wrong_equation_speaks_of_what_the_right_one_speaks_of(told: Callable[[str], list[str]]) -> None:
    assert "thenumberofthissection" in told("Four")[1]


def test_the_argument_of_a_function_is_told_where_the_function_is_defined(told: Callable[[str], list[str]]) -> None:
    assert "theargumentoff" in "".join(told("Definition"))


def test_a_list_of_letters_names_headings_that_are_there(tmp_path: Path) -> None:
    (tmp_path / "01-one.md").write_text(PAGE, encoding="utf-8")
    (tmp_path / "letters.toml").write_text(LETTERS.replace("Two", "Nowhere"), encoding="utf-8")
    book = load(tmp_path, tmp_path / "none", preview=True)
    with pytest.raises(BookError, match="names the heading 'Nowhere'"):
        book.implied(tmp_path / "01-one.md")


def test_every_letter_of_the_list_stands_under_its_heading() -> None:
    book = load(ROOT / "docs", ROOT / "nnlit", preview=True)
    pages = {chapter.path.name: chapter for chapter in book.chapters}
    for name, headings in book.letters.items():
        lines = pages[name].markdown.lines
        for row in book.implied(ROOT / "docs" / name).spoken:
            first, last = section(pages[name], row.place.line)
            text = re.sub(r"```.*?```|`[^`\n]*`", "", "\n".join(lines[first - 1 : last]), flags=re.DOTALL)
            formulas = [a or b for a, b in re.findall(r"\$\$(.*?)\$\$|\$([^$]+)\$", text, re.DOTALL)]
            assert any(marked(formula, Meanings([row]))[1] for formula in formulas), (name, row.symbol, *headings)
