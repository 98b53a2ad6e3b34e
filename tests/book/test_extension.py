"""The Markdown extension, on a book of two chapters."""

import base64
import html
import json
import re
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import markdown
import pytest
from material.plugins.search.plugin import Parser

from nnlit.book import site
from nnlit.book.checks.verdicts import How
from nnlit.book.mutation import ledger
from nnlit.book.mutation.ledger import Entry, Ledger, Line
from nnlit.book.mutation.verdicts import Counts
from nnlit.book.site.catalog import load
from nnlit.book.site.generated import PAGES
from nnlit.book.source import chapter as reading
from nnlit.book.source.digests import module_digest
from nnlit.book.source.markdown import markdown as blocks
from nnlit.book.source.place import BookError

ONE = r"""# One

## Symbols

| symbol | shape | code | meaning |
|---|---|---|---|
| $A$ | $m \times n$ | | a table |
| $\frac{\partial L}{\partial B}$ | $m \times n$ | `grad_B` | from above |
| $B$ | $m \times n$ | | twice the table |

## Text

It costs \$5 or `$6`, and $A_{ij}$ is $5$.

$$
B = 2 A
\label{one:double}
$$

$$
\begin{aligned}
\frac{\partial L}{\partial A} &= 2 [1 = 1] \frac{\partial L}{\partial B} \\
&= 2 \frac{\partial L}{\partial B}
\end{aligned}
\label{one:grad-A}
$$

<!-- wrong: one:grad-A, somebody/notes issue 3, autumn 2026 -->
$$
\frac{\partial L}{\partial A} = \frac{\partial L}{\partial B}
\label{one:grad-A-lost-factor}
$$

The factor is *lost*. See [below](#exercises). It shows in code:

```pycon
>>> "$$ and \eqref{one:double} and $x$"
'...'
```

## Exercises

### 1. Find the error

See [Text](#text) and \eqref{one:double}.

<!-- wrong: one:double, an exercise, 2026 -->
$$
B = 3 A
\label{one:exercise}
$$

??? success "Solution"
    It is two:

    $$
    B = A + A
    \label{one:solution}
    $$

### 2. Another

No solution text here.

??? success "Solution"
    None.

## Sources
"""

TWO = r"""---
description: the second
---

# Two

Back to \eqref{one:double}.

- in a list $x^2$:

    $$
    x = 1
    \label{two:list}
    $$

!!! note
    In a note

    $$
    y = 2
    \label{two:note}
    $$

<!-- unchecked: a limit of $n$ -->
$$
z = 3
\label{two:open}
$$

$$
1 = 1
$$

| a | b |
|---|---|
| $\|x\|$ | \eqref{two:list} |

### The $X$ of it

[[listing package/one.py 3 14 package.one.double]]
"""

MODULE = '''"""A module."""


def double(A):
    """Twice a table.

    Returns:
        The table.
    """
    B = (
        2  # twice
        * A
    )  # eq one:double
    return B


def double_back(grad_B):
    """The way back."""
    return 2 * grad_B  # eq one:grad-A
'''


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs").mkdir()
    (tmp_path / "package").mkdir()
    write("docs/01-one.md", ONE)
    write("docs/02-two.md", TWO)
    write("package/one.py", MODULE)
    monkeypatch.setattr(ledger, "machine", lambda known: "machine")
    monkeypatch.setattr(ledger, "digests", lambda page: dict.fromkeys((d.label for d in page.chapter.displays), "now"))
    return tmp_path


def write(path: str, text: str) -> None:
    Path(path).write_text(text, encoding="utf-8")


def convert(text: str, *, preview: bool = True, shield: bool = False) -> str:
    options = {"package": "package", "repository": "https://host/blob/main", "preview": preview, "shield": shield}
    extensions = ["tables", "admonition", "attr_list", "md_in_html", "toc", "pymdownx.details", "pymdownx.superfences"]
    md = markdown.Markdown(
        extensions=[*extensions, "nnlit.book.site.extension"], extension_configs={"nnlit.book.site.extension": options}
    )
    return md.convert(text)


def two(text: str) -> str:
    """The page of chapter two with more text at its end."""
    write("docs/02-two.md", TWO + text)
    return convert(TWO.split("---\n", 2)[2] + text)


def restored(page: str) -> str:
    """A page as the theme shows it."""
    theme = (Path(site.__file__).parent / "theme" / "main.html").read_text(encoding="utf-8")
    content = theme[theme.index("{% block content %}") :].replace(r"\ue0f0", "\ue0f0").replace(r"\ue0f1", "\ue0f1")
    content = content.replace(r"\ue0f2", "\ue0f2").replace(r"\ue0f3", "\ue0f3")
    plain, colored = re.findall(r'split\("(.*?)"\)', content)
    page = "".join(part.split(colored)[-1] for part in page.split(plain))
    for old, new in re.findall(r'replace\("([^"]*)", "([^"]*)"\)', content):
        page = page.replace(old, new)
    return page


def searched(page: str) -> list[tuple[str, str]]:
    """What the search plugin finds on a page, section by section."""
    parser = Parser()
    parser.feed(page)
    return [("".join(part.title), "".join(part.text)) for part in parser.data if not part.is_excluded()]


def visible(page: str) -> str:
    """The text of a page, each formula once."""
    page = re.sub(r'<span class="katex-html".*?(?=</div>)|<var.*?</var>|<annotation.*?</annotation>', "", page)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def figure(page: str, label: str) -> str:
    return next(f for f in re.findall(r"<figure.*?</figure>", page, re.DOTALL) if f'id="eq-{label}"' in f)


@pytest.mark.usefixtures("book")
class TestTheShield:
    MORE = """

<!-- a remark with <span>tags</span> -->

A <span title="a > b">word</span>, $x$ in `code`.

```python
>>> [f"{k:2}" for k in (1, 2) if k < 2 and not "-->"]  # one
['1 ']


def forward(A, *, name: str = "a & b") -> float:
    return 2 * A
```

| a | b |
|---|---|
| $A_{ij}$ | 2 |
"""

    HIDDEN = "\n\nA <span data-search-exclude>secret</span>.\n"

    @pytest.mark.parametrize("more", ["", MORE, HIDDEN, MORE + HIDDEN])
    def test_readers_and_the_search_find_the_same_as_without_it(self, more: str) -> None:
        write("docs/01-one.md", ONE + more)
        plain, shielded = convert(ONE + more), convert(ONE + more, shield=True)
        assert restored(shielded) == plain
        assert searched(shielded) == searched(plain)
        assert "secret" not in str(searched(shielded))

    def test_the_search_reads_colored_code_as_one_text(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "zensical", ModuleType("zensical"))  # another test may have imported it
        write("docs/01-one.md", ONE + self.MORE)
        shielded = convert(ONE + self.MORE, shield=True)
        (code,) = [code for code in re.findall(r"<pre>.*?</pre>", shielded, re.DOTALL) if "k:2" in code]
        assert len(re.findall("<(?!!--)", code)) < 10
        assert "def forward(A, *, name: str" in re.sub("<!--.*?-->", "", code)

    def test_the_search_reads_few_tags_of_a_formula(self) -> None:
        tags = re.compile(r"<[a-z]")
        assert len(tags.findall(convert(ONE))) > 4 * len(tags.findall(convert(ONE, shield=True)))


@pytest.mark.usefixtures("book")
class TestPages:
    def test_numbers_come_from_the_file_and_the_order(self) -> None:
        assert re.findall(r'href="#eq-[^"]*">(\(\d+\.\d+\))', convert(ONE)) == [f"(1.{k})" for k in range(1, 6)]
        page = two("")
        assert re.findall(r'id="(eq-[^"]*)"', page) == ["eq-two-list", "eq-two-note", "eq-two-open"]
        assert visible(figure(page, "two-open")).startswith("z = 3 (2.3)")

    def test_a_reference_is_written_as_an_author_would(self) -> None:
        assert 'Back to <a class="nnlit-ref" href="01-one.md#eq-one-double">(1.1)</a>.' in two("")

    def test_displays_stand_where_they_were_written(self) -> None:
        page = two("")
        assert re.search(r"<li>.*?eq-two-list.*?</li>", page, re.DOTALL)
        assert re.search(r'class="admonition note">.*?eq-two-note.*?</div>', page, re.DOTALL)
        assert "$$" not in page

    def test_a_display_without_label_has_no_number(self) -> None:
        assert visible(re.findall(r"<figure.*?</figure>", two(""), re.DOTALL)[-1]) == "1 = 1"

    def test_a_build_reads_every_page_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        read: list[str] = []
        monkeypatch.setattr(reading, "markdown", lambda text: read.append(text) or blocks(text))
        reading.parse.cache_clear()
        assert "eq-one-double" in convert(ONE)
        assert "eq-two-list" in convert(TWO.split("---\n", 2)[2])
        assert "Twice" in convert("Twice a table.")  # a docstring
        texts = [Path(path).read_text(encoding="utf-8") for path in ("docs/01-one.md", "docs/02-two.md")]
        assert sorted(read) == sorted(texts)

    def test_mathematics_in_a_table(self) -> None:
        assert re.search(r"<td><span class=\"nnlit-math\">.*?∥.*?</td>", two(""))

    def test_dollars_that_are_no_mathematics(self) -> None:
        text = visible(convert(ONE))
        assert "It costs $5 or $6 , and A i j is 5 ." in text
        assert r'"$$ and \eqref{one:double} and $x$"' in text

    def test_a_comma_stays_with_a_short_formula(self) -> None:
        tied = r'<span class="nnlit-tied"><span class="nnlit-math">.*?</span>,</span> so'
        assert re.search(tied, two("\nLet $q$, so.\n"))
        assert not re.search(tied, two(f"\nLet ${' + '.join('abcdefghijklmnop')}$, so.\n"))

    def test_a_heading_with_mathematics_has_a_plain_name(self) -> None:
        assert '<h3 id="the-x-of-it">' in two("")

    def test_the_keyboard_reaches_every_table(self) -> None:
        page = convert(ONE)
        assert page.count("<table") == page.count('<table tabindex="0">') > 0

    def test_a_corner_without_a_word_is_no_head(self) -> None:
        page = two("\n| | ms |\n|---|--:|\n| ours | 2 |\n")
        assert re.search(r"<thead>\s*<tr>\s*<td></td>\s*<th[^>]*>ms</th>", page)

    def test_a_picture_keeps_its_place_while_it_loads(self) -> None:
        Path("docs/figures").mkdir()
        write("docs/figures/f.svg", '<svg width="30pt" height="60pt" viewBox="0 0 30.3 60" xmlns="x"></svg>')
        page = two("\n![one](figures/f.svg#only-light) ![two](figures/gone.svg)\n")
        (one, gone) = re.findall(r"<img [^>]*>", page)
        assert {'width="40"', 'height="80"', 'loading="lazy"'} <= set(one.split())
        assert 'loading="lazy"' in gone
        assert "width" not in gone

    def test_search_gets_a_formula_once(self) -> None:
        page = convert(ONE)
        assert "<annotation" not in re.sub(r"<figure.*?</figure>", "", page, flags=re.DOTALL)
        assert page.count("<var data-search-exclude>") == page.count('class="nnlit-math"')
        own = page.count(' data-search-exclude=""') - page.count("nnlit-more")  # which is a table of symbols
        assert page.count("<figure") == page.count('<figure class="nnlit-eq') == own

    def test_a_changed_file_is_read_again(self) -> None:
        two("")
        assert "(2.4)" in two("\n$$\nq = 4\n\\label{two:late}\n$$\n\nby \\eqref{two:late}\n")


@pytest.mark.usefixtures("book")
class TestCaptions:
    def test_the_code_line_stands_under_the_equation(self) -> None:
        caption = figure(convert(ONE), "one-grad-A")
        assert "return 2 * grad_B package/one.py:19" in visible(caption)
        assert 'href="https://host/blob/main/package/one.py#L19"' in caption

    def test_a_statement_of_several_lines_keeps_its_form(self) -> None:
        code = re.search(r"<code[^>]*>(.*?)</code>", figure(convert(ONE), "one-double"), re.DOTALL)
        assert code is not None
        assert re.sub(r"<[^>]*>", "", code[1]) == "B = (\n    2  # twice\n    * A\n)"

    def test_a_wrong_equation_says_so(self) -> None:
        wrong = figure(convert(ONE), "one-grad-A-lost-factor")
        assert 'class="nnlit-eq nnlit-wrong"' in wrong
        assert "Meant to be wrong: somebody/notes issue 3, autumn 2026. The right one is (1.2) ." in visible(wrong)

    def test_an_unchecked_equation_gives_its_reason(self) -> None:
        text = visible(figure(two(""), "two-open"))
        assert "Not executed: a limit of n" in text

    def test_an_exercise_does_not_give_the_answer_away(self) -> None:
        page = convert(ONE)
        assert "figcaption" not in figure(page, "one-exercise")
        assert "nnlit-wrong" not in figure(page, "one-exercise")
        question, answer = page.split('<details class="success">')[:2]
        assert "an exercise, 2026" not in question
        assert "Equation (1.4) is meant to be wrong: an exercise, 2026. See (1.1) ." in visible(answer)
        assert "figcaption" in figure(answer, "one-solution")

    def test_without_a_ledger_a_preview_says_that_nothing_is_verified(self) -> None:
        assert "not verified yet" in visible(figure(convert(ONE), "one-double"))


@pytest.mark.usefixtures("book")
class TestLedger:
    DOUBLE = Entry(
        "now", How.DEFINITION, "", Counts(5, {"page": 3}, 1), (Line("f", "B", "< 1e-13", Counts(7, {"code": 7})),)
    )
    GRAD = Entry("now", How.COMPLEX_STEP, "< 1e-12", Counts(20, {"page": 19}, 1))
    LOST = Entry("now", How.WRONG, "off by 1.0e+00", Counts())

    def write(self, **entries: Entry) -> None:
        named = {label.replace("_", ":", 1).replace("_", "-"): entry for label, entry in entries.items()}
        ledger.write(Path("docs/ledger.json"), Ledger("machine", named))

    def badge(self, label: str) -> str:
        fold = r"nnlit-badge[^>]*>\s*<summary>(.*?)</summary>\s*<span>(.*?)</span>"
        head, detail = re.findall(fold, figure(convert(ONE), label))[0]
        return html.unescape(detail if head == "checked" else head)

    def test_a_badge_says_how_it_was_checked(self) -> None:
        self.write(one_double=self.DOUBLE, one_grad_A=self.GRAD, **{"one_grad-A-lost-factor": self.LOST})
        assert self.badge("one-double") == "definition · code < 1e-13 · 10 wrong versions rejected"
        assert self.badge("one-grad-A") == "complex step < 1e-12 · 19 wrong versions rejected"
        assert self.badge("one-grad-A-lost-factor") == "differs from the right one"

    def test_what_has_changed_since_is_not_verified(self) -> None:
        self.write(one_double=replace(self.DOUBLE, hash="then"))
        assert self.badge("one-double") == "not verified yet"

    def test_what_another_machine_has_verified_is_not_verified(self) -> None:
        ledger.write(Path("docs/ledger.json"), Ledger("another", {"one:double": self.DOUBLE}))
        assert self.badge("one-double") == "not verified yet"

    def test_the_ledger_page(self) -> None:
        self.write(one_double=self.DOUBLE, one_grad_A=self.GRAD, one_exercise=self.LOST)
        write("docs/ledger.md", "# Ledger\n\n[[ledger]]\n")
        text = visible(convert("# Ledger\n\n[[ledger]]\n"))
        assert "(1.1) Text definition one.py:10 10 of 11" in text
        assert "(1.2) Text complex step < 1e-12 one.py:19 19 of 19" in text
        assert "(1.4) 1. Find the error see the exercise" in text
        assert "wrong versions of equations rejected 22 of 23 wrong versions of code lines rejected 7 of 7" in text

    def test_without_preview_a_stale_ledger_stops_the_build(self) -> None:
        with pytest.raises(
            BookError, match=r"docs/ledger.json:1: not verified as it stands: .*: run python .* NNLIT_PREVIEW=1"
        ):
            convert(ONE, preview=False)


@pytest.mark.usefixtures("book")
class TestListings:
    def test_the_text_is_the_text_of_the_file(self) -> None:
        codes = re.findall(r"<pre>.*?<code[^>]*>(.*?)</code></pre>", two(""), re.DOTALL)
        text = html.unescape(re.sub(r"<[^>]*>", "", "".join(codes)))
        expected = "\n".join(MODULE.split("\n")[2:14]) + "\n"
        assert text.replace("one:double (1.1)", "one:double") == expected

    def test_lines_have_their_numbers(self) -> None:
        assert re.findall(r'data-linenos="\s*(\d+) "', two("")) == [str(k) for k in range(3, 15)]

    def test_labels_are_links(self) -> None:
        listing = two("").split('class="nnlit-listing ')[1]
        assert '# eq <a class="nnlit-ref" href="01-one.md#eq-one-double">one:double (1.1)</a></span>' in listing

    def test_a_long_docstring_is_folded_after_its_first_line(self) -> None:
        folded = re.search(r'<details class="nnlit-fold">.*?</details>', two(""), re.DOTALL)
        assert folded is not None
        assert "4 more lines of docstring" in folded[0]
        assert "Returns" in folded[0]
        assert "Twice a table" not in folded[0]


@pytest.mark.usefixtures("book")
class TestGenerated:
    def generated(self, name: str) -> str:
        write(f"docs/{name}.md", f"# Page\n\n[[{name}]]\n")
        return convert(f"# Page\n\n[[{name}]]\n")

    def test_symbols(self) -> None:
        text = visible(self.generated("symbols"))
        assert "B twice the table m × n One (1.1) (1.4) (1.5)" in text
        assert "A a table m × n One (1.1) (1.2) (1.3)" in text

    def test_a_symbol_that_a_section_declares_anew_is_used_there_and_not_outside(self) -> None:
        head = "| symbol | shape | code | meaning |\n|---|---|---|---|\n"
        first = f"# Three\n\n{head}| $x$ | number | | outer |\n\n$$\ny = \\max(x, 2)\n\\label{{three:y}}\n$$\n\n"
        second = f"## Section\n\n{head}| $x$ | number | | inner |\n\n$$\nz = x^2\n\\label{{three:z}}\n$$\n"
        write("docs/03-three.md", first + second)
        text = visible(self.generated("symbols"))
        assert "x outer number Three (3.1) x inner number Three (3.2)" in text
        assert "a table" in text  # of another page

    def test_formulas(self) -> None:
        page = self.generated("formulas")
        assert visible(page).count("(1.") == 1
        assert "∂ L ∂ A = 2 ∂ L ∂ B (1.2) m × n return 2 * grad_B" in visible(page)

    def test_errata(self) -> None:
        page = self.generated("errata")
        text = visible(page)
        assert "Published or reported somebody/notes issue 3 Read: autumn 2026. Discussed in One . Wrong" in text
        assert 'href="01-one.md#text"' in page
        assert 'The factor is <em>lost</em>. See <a href="01-one.md#exercises">below</a>.' in page
        assert "shows in code" not in text
        assert "an exercise" not in text

    @pytest.mark.parametrize("name", ["errata", "symbols"])
    def test_a_page_without_a_number_is_no_chapter(self, name: str) -> None:
        table = "| symbol | shape | code | meaning |\n|---|---|---|---|\n| $q$ | number | | of theirs |\n\n"
        wrong = "<!-- wrong: other:z, them, autumn 2026 -->\n$$\nz = 3 q\n\\label{other:z-wrong}\n$$\n"
        write("docs/other.md", f"# Other\n\n{table}$$\nz = 2 q\n\\label{{other:z}}\n$$\n\n{wrong}")
        text = visible(self.generated(name))
        assert "One" in text
        assert "Other" not in text
        assert "theirs" not in text

    def test_a_published_erratum_says_when_it_was_read_and_a_slip_does_not(self, book: Path) -> None:
        chapter = book / "docs" / "01-one.md"
        text = chapter.read_text(encoding="utf-8")
        chapter.write_text(text.replace("somebody/notes issue 3, autumn 2026", "a lost factor, 2026"), encoding="utf-8")
        page = visible(self.generated("errata"))
        assert "A lost factor Discussed in One" in page
        assert page.index("Slips that we built") < page.index("A lost factor")
        chapter.write_text(text.replace("issue 3, autumn 2026", "issue 3, 2016"), encoding="utf-8")
        with pytest.raises(BookError, match="2016 does not say when the source was read"):
            self.generated("errata")

    def test_an_extract_begins_with_a_sentence(self, book: Path) -> None:
        chapter = book / "docs" / "01-one.md"
        text = chapter.read_text(encoding="utf-8")
        chapter.write_text(text.replace("The factor is *lost*.", "is half. It *learns*."), encoding="utf-8")
        page = visible(self.generated("errata"))
        assert "It learns . See below" in page
        assert "is half" not in page

    def test_an_erratum_may_stand_in_a_fold(self, book: Path) -> None:
        chapter = book / "docs" / "01-one.md"
        text = chapter.read_text(encoding="utf-8")
        start, end = text.index("<!-- wrong: one:grad-A, somebody"), text.index("The factor is *lost*.")
        end = text.index("\n\n", end)
        inside = "".join(f"    {line}\n" if line else "\n" for line in text[start:end].split("\n"))
        chapter.write_text(text[:start] + '??? note "One more"\n\n' + inside + text[end:], encoding="utf-8")
        page = self.generated("errata")
        assert "Published or reported somebody/notes issue 3 Read: autumn 2026." in visible(page)
        assert "The factor is <em>lost</em>." in page

    def test_exercises_stand_without_solutions(self) -> None:
        page = self.generated("exercises")
        text = visible(page)
        assert "1. Find the error See Text and (1.1) ." in text
        assert "It is two" not in text
        assert "meant to be wrong" not in text
        exercises, _, symbols = text.partition(" Symbols of this page that stand in no table of it ")
        assert exercises.endswith("2. Another No solution text here.")
        assert symbols.endswith("A m × n a table")
        assert 'href="01-one.md#text"' in page
        assert 'id="eq-' not in page

    def test_exercises_can_be_kept_as_a_file(self) -> None:
        link = re.search(r'<a [^>]*download="01-one-exercises.md"[^>]*>', self.generated("exercises"))
        assert link is not None
        data = re.search(r"base64,([^\"]*)", link[0])
        assert data is not None
        sheet = base64.b64decode(data[1]).decode()
        assert r"\tag{1.4}" in sheet
        assert "See [Text](#text) and (1.1)." in sheet

    def test_the_reference_names_every_module(self) -> None:
        write("package/two.py", "LIMIT = 3\nArray = list\n\n\ndef twice(x):\n    return 2 * x\n")
        files = "def read():\n    return 0\n\n\ndef open_():\n    return 1\n\n\nready = read()\nlimit = 3\n"
        write("package/files.py", files)
        write("package/inner.py", "def helper():\n    return 0\n")
        write("package/_private.py", "")
        write("package/__init__.py", '__all__ = ["twice", "read", "ready"]\n')
        book = load(Path("docs"), Path("package"), "https://host", preview=True)
        text, around = PAGES["reference"](book), PAGES["reference-around"](book)
        assert re.findall(r"^::: (\S+)$", text, re.MULTILINE) == ["package.one", "package.two"]
        assert re.findall(r"^::: (\S+)$", around, re.MULTILINE) == ["package.files"]
        assert PAGES["reference-better"](book) == ""  # of part II, which this book has not
        assert "members: ['Array', 'twice']" in text  # of a chapter all but constants
        assert "members: ['read', 'ready']" in around  # of another module what the package offers
        row = "| [`two`][package.two] | [`Array`][package.two.Array], [`twice`][package.two.twice] |"
        assert row in PAGES["reference-names"](book).split("\n")
        assert 'repository: "https://host"' in text

    def recording(self, **changes: object) -> None:
        table = {"caption": "Times", "head": ["", "ms"], "rows": [["ours", "2"]]}
        tables = [{**table, "name": "memory"}, {**table, "name": "blocks", "caption": "Blocks"}]
        basis = {"": {"package/one.py": module_digest(Path("package/one.py"))}}
        run = {"about": "Measured once.", "tables": tables, "rests_on": basis} | changes
        write("docs/parallel.json", json.dumps(run))

    def test_the_sentence_about_a_recording_stands_above_its_first_table(self) -> None:
        self.recording()
        assert visible(self.generated("parallel-memory")) == "Page Measured once. Times ms ours 2"
        assert visible(self.generated("parallel-blocks")) == "Page Blocks ms ours 2"

    def test_a_recording_of_earlier_code_says_so(self) -> None:
        self.recording()
        write("package/one.py", MODULE.replace("return B", "return 2 * B"))
        text = visible(self.generated("parallel-memory"))
        assert "Recorded with earlier code These numbers were measured before package/one.py changed." in text

    def test_a_recording_without_a_table_or_a_basis_is_an_error(self) -> None:
        self.recording(tables=[])
        with pytest.raises(BookError, match="the recorded run has no table blocks: record it again"):
            self.generated("parallel-blocks")
        self.recording(rests_on={})
        with pytest.raises(BookError, match="does not say what code it rests on"):
            self.generated("parallel-blocks")


@pytest.mark.usefixtures("book")
class TestErrors:
    def fails(self, text: str) -> str:
        with pytest.raises(BookError) as error:
            two(text)
        return str(error.value).replace("\\", "/") if "\\" in str(Path("a/b")) else str(error.value)

    def line(self, text: str) -> int:
        return (TWO + text).count("\n", 0, (TWO + text).index("HERE")) + 1

    def test_unknown_label(self) -> None:
        text = "\nHERE \\eqref{one:duoble}\n"
        place = f"docs/02-two.md:{self.line(text)}"
        assert (
            self.fails(text) == f"{place}: no displayed equation has the label 'one:duoble'; did you mean one:double?"
        )

    def test_doubled_label(self) -> None:
        text = "\n$$\na = b\n\\label{two:list}\n$$\n"
        message = self.fails(text)
        assert re.fullmatch(r"docs/02-two.md:\d+: label two:list stands already at docs/02-two.md:11", message)

    def test_inline_formula_that_cannot_be_set(self) -> None:
        text = "\nHERE $\\gradient x$\n"
        message = self.fails(text)
        assert message.startswith(f"docs/02-two.md:{self.line(text)}: this formula cannot be set: Undefined control")
        assert r"\gradient" in message

    def test_display_that_cannot_be_set(self) -> None:
        text = "\n$$\n\\frac{1}{\n$$\n"
        assert self.fails(text).startswith(f"docs/02-two.md:{TWO.count(chr(10)) + 2}: this formula cannot be set")

    def test_label_of_another_chapter(self) -> None:
        assert "label one:new stands in chapter two: write two:..." in self.fails("\n$$\na = b\n\\label{one:new}\n$$\n")

    def test_display_in_a_docstring(self) -> None:
        write("package/one.py", MODULE + "\nHELP = '''\n$$\na = c\n$$\n'''\n")
        with pytest.raises(BookError, match=r"one.py:23: a displayed equation in a docstring"):
            convert("$$\na = c\n$$")

    def test_reference_in_a_docstring(self) -> None:
        write("package/one.py", MODULE + r"""HELP = r'''see \eqref{one:nothing}'''""")
        with pytest.raises(BookError, match=r"one.py:20: no displayed equation has the label 'one:nothing'"):
            convert(r"see \eqref{one:nothing}")

    def test_no_pages(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "empty").mkdir()
        monkeypatch.chdir(tmp_path / "empty")
        with pytest.raises(BookError, match="no Markdown file here"):
            convert("text")

    def test_wrong_equation_in_an_exercise_without_solution(self) -> None:
        text = "\n## Exercises\n\n<!-- wrong: one:double, a slip, 2026 -->\n$$\na = b\n\\label{two:bad}\n$$\n"
        assert "needs a solution that says so" in self.fails(text)
