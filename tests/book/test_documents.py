# ruff: noqa: E501 (an equation stands on one line)
r"""Anybody's file: every form of a display is found where it stands, in every kind of file, within limits."""

import contextlib
import json
from pathlib import Path

import pytest

from nnlit.book.checks.verdicts import Verdict
from nnlit.book.drafts import draft
from nnlit.book.report import checked
from nnlit.book.source import documents, lines, macros
from nnlit.book.source.finder import displays
from nnlit.book.source.marks import Unchecked, Wrong
from nnlit.book.source.place import BookError
from tests.pace import within
from tests.tiers import mostly_long


@pytest.fixture
def read(tmp_path):
    def reading(text, name="own.md"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return documents.read(path)

    return reading


def shown(chapter):
    return [display.tex for display in chapter.displays]


# --- forms ----------------------------------------------------------------------------------------------------------


FORMS = {
    "alone": "$$\nX\n$$",
    "on one line": "$$X$$",
    "in a sentence": "So $$ X $$ holds.",
    "hugging": "$$X\n$$",
    "hugging the end": "$$\nX$$",
    "in a list": "- a point\n\n  $$\n  X\n  $$",
    "numbered by d2l": "$$X$$\n:eqlabel:`eq_x`",
    "in a quote": "> $$\n> X\n> $$",
    "quote on one line": "> so $$X$$",
    "in a table": "| a | b |\n|---|---|\n| one | $$X$$ |",
    "brackets": "\\[ X \\]",
    "brackets of Markdown": "\\\\[ X \\\\]",
    "brackets on lines": "\\[\nX\n\\]",
    "equation": "\\begin{equation}\nX\n\\end{equation}",
    "starred": "\\begin{equation*} X \\end{equation*}",
    "displaymath": "\\begin{displaymath}X\\end{displaymath}",
    "environment between dollars": "$$\\begin{equation}X\\end{equation}$$",
    "fence of GitHub": "```math\nX\n```",
    "fence of MyST": "```{math}\n:label: eq-x\nX\n```",
    "longer fence": "~~~~ math\nX\n~~~~",
    "fence in a list": "- a\n\n  ```math\n  X\n  ```",
    "colons of MyST": ":::{math}\n:label: eq-x\nX\n:::",
    "reStructuredText": ".. math::\n   :label: eq-x\n\n   X\n\ntext",
    "on the line of the directive": ".. math:: X",
    "after a broken pair": "a price of 5 $$ and then four more words of prose here\n\nnext paragraph\n\n$$X$$",
    "escaped dollar before": "it costs \\$$5\n\n$$X$$",
    "after an empty pair": "$$$$\n\n$$ $$\n\n$$X$$",
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_display_is_found_in_every_form(read, form):
    chapter = read(f"# Own\n\n{form.replace('X', 'x = y^2')}\n\nThe end.\n")
    assert shown(chapter) == ["x = y^2"]


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.long_but_one_in(3)
def test_its_place_is_that_of_the_file(read, form):
    text = f"# Own\n\n{form.replace('X', 'x = y^2')}\n"
    display = read(text).displays[0]
    lines = text.split("\n")
    for words, (line, column) in zip(display.tex.split("\n"), display.origins, strict=True):
        assert lines[line - 1][column - 1 :].startswith(words)


NONE = {
    "code span": "`$$x = y$$`",
    "fence": "```python\n$$\nx = y\n$$\n```",
    "comment": "<!--\n$$\nx = (\n$$\n-->",
    "comment in a line": "a <!-- $$x = y$$ --> b",
    "link": "see \\[1\\] and \\[the text\\]",
    "inline": "the symbol $x = y$ and $5",
    "environment in a code span": "`\\begin{align}x\\end{align}`",
    "front matter": "",
    "definitions alone": "$$\n\\newcommand{\\R}{\\mathbb R}\n\\def\\bx{\\mathbf x}\n$$",
}


@pytest.mark.parametrize("text", NONE.values(), ids=NONE)
def test_what_is_no_display_is_none(read, text):
    chapter = read(f"---\ntitle: $$x$$\n---\n\n# Own\n\n{text}\n")
    assert (shown(chapter), chapter.unread) == ([], ())


@pytest.mark.parametrize(
    "text",
    [
        r"\begin{align}\includegraphics[width=0.5\paperwidth]{../fig/start.png}\end{align}",
        "\\begin{align*}\n\\begin{tabular}{lll}\nA & (-3, -3) & n/a \\\\\n\\end{tabular}\n\\end{align*}",
        r"$$\includegraphics{a.png} \label{fig:a}$$",
    ],
)
def test_pictures_and_tables_of_words_are_no_displays(read, text):
    assert not read(f"{text}\n\n$$a = 1$$\n", name="own.tex").unread
    assert [d.tex for d in read(f"{text}\n\n$$a = 1$$\n", name="own.tex").displays] == ["a = 1"]
    assert len(read(text.replace(r"\includegraphics", r"a = \includegraphics"), name="own.tex").displays) == (
        r"\includegraphics" in text
    )


def test_what_never_ends_is_listed_and_the_rest_is_read(read):
    chapter = read("$$\nx = (\n\nHere begins a new paragraph of prose.\n\n$$x = y$$\n\n\\begin{align}\na = b\n")
    assert shown(chapter) == ["x = y"]
    assert [(u.why, u.place.line) for u in chapter.unread] == [
        ("this $$ is never closed", 1),
        (r"this \begin{align} is never closed: \end{align} is missing", 8),
    ]


def test_labels_of_every_kind_name_a_display(read):
    text = (
        "$$a = b \\label{eq:my_loss}$$\n\n$$a = c$$ {#eq-two}\n\n$$a = d$$ (three)\n\n$$a = e$$\n:eqlabel:`eq_four`\n"
    )
    text += "\n```{math}\n:label: five\na = f\n```\n\n"
    text += "\\begin{align}\na &= g \\label{six} \\\\\na &= h \\label{seven}\n\\end{align}\n"
    labels = [display.label for display in read(text).displays]
    assert labels == ["eq:my_loss", "eq-two", "three", "eq_four", "five", "six"]


def test_marks_are_read_before_every_form(read):
    text = "<!-- unchecked: it is an integral -->\n$$a = b$$\n\n<!-- wrong: own:a, a book, 2026 -->\n\n\\[ a = c \\]\n"
    unchecked, wrong = (display.mark for display in read(text).displays)
    assert isinstance(unchecked, Unchecked)
    assert isinstance(wrong, Wrong)


OURS = {
    r"\begin{align*} a &= b \\ &= c \end{align*}": r"\begin{aligned} a &= b \\ &= c \end{aligned}",
    r"\begin{alignat*}{2} a &= b \end{alignat*}": r"\begin{aligned} a &= b \end{aligned}",
    r"\begin{eqnarray} a &=& b \\ &\le& c \end{eqnarray}": r"\begin{aligned} a & = b \\ & \le c \end{aligned}",
    r"\begin{multline} a = b \\ + c \end{multline}": "a = b   + c",
    r"\begin{displaymath} a = b \end{displaymath}": "a = b",
}


@pytest.mark.parametrize(("form", "ours"), OURS.items())
def test_environments_come_in_the_languages_own_words(read, form, ours):
    assert shown(read(form)) == [ours]


# --- files ----------------------------------------------------------------------------------------------------------


TABLE = "| symbol | shape | code | meaning |\n|---|---|---|---|\n| $x$ | $n$ | | |\n"


def test_a_notebook_is_read_cell_by_cell(read):
    code = {"cell_type": "code", "source": ["print('$$x$$')"], "outputs": [], "metadata": {}}
    cells = [{"cell_type": "markdown", "source": [TABLE, "\n", "$$q = é x$$"]}, code]
    cells.append({"cell_type": "markdown", "source": "two\n\n\\begin{align}\nq &= x \\\\\n\\end{align}"})
    text = json.dumps({"cells": cells, "nbformat": 4}, indent=1)
    chapter = read(text, "own.ipynb")
    assert shown(chapter)[0] == "q = é x"
    assert len(chapter.displays) == 2
    assert len(chapter.tables_of(chapter.displays[1])) == 1
    assert [str(d.place).split(":", 1)[1] for d in chapter.displays] == ["cell 1:6:3", "cell 3:3:1"]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"cells": 3}', '{"cells": [{}]}', "[" * 100_000])
def test_what_is_no_notebook_is_said(read, text):
    with pytest.raises(BookError, match=r"own\.ipynb:1: expected a notebook"):
        read(text, "own.ipynb")


def test_docstrings_are_read_as_they_stand(read):
    text = 'r"""Module.\n\n$$a = \\theta$$\n"""\n\ndef f():\n    """Plain.\n\n'
    text += "    .. math::\n\n        b = \\\\frac{1}{2}\n"
    text += '    """\n    x = "$$c = d$$"\n\nclass A:\n    async def g(self):\n        "$$e = f$$"\n'
    chapter = read(text, "own.py")
    assert shown(chapter) == [r"a = \theta", r"b = \frac{1}{2}", "e = f"]
    assert [d.origins[0][0] for d in chapter.displays] == [3, 11, 17]
    with pytest.raises(BookError, match=r"own\.py:1: expected Python"):
        read("def (:\n", "own.py")


def test_latex_with_commands_comments_and_tables(read, tmp_path):
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "two.tex").write_text("\\begin{equation}\nb = \\half{c} % c\n\\end{equation}\n")
    text = "% | symbol | shape | code | meaning |\n% |---|---|---|---|\n% | $x$ | $n$ | | |\n"
    text += "\\newcommand{\\half}[1]{\\frac{#1}{2}}\n\\DeclareMathOperator{\\mean}{mean}\n\\def\\R{\\mathbb{R}}\n"
    text += "% $$ old = 1 $$\n100\\% of $$a = \\half x$$\n\\begin{verbatim}\n$$no = 1$$\n\\end{verbatim}\n"
    text += (
        "\\input{parts/two}\n\\input{../outside}\n\\input{missing}\n\\iffalse\n$$no = 2$$\n\\fi\n\\[ d = \\mean \\]\n"
    )
    chapter = read(text, "own.tex")
    assert shown(chapter) == [r"a = \frac{x}{2}", r"b = \frac{c}{2}", r"d = \operatorname{mean}"]
    assert [d.place.path.name for d in chapter.displays] == ["own.tex", "two.tex", "own.tex"]
    assert [len(chapter.tables_of(d)) for d in chapter.displays] == [1, 1, 1]
    whys = [u.why for u in chapter.unread]
    assert "outside of the folder" in whys[0]
    assert "there is no file missing" in whys[1]


ENTRIES = "$$P_{ik} = S_{i y_i}$$\n\n"


@pytest.mark.parametrize(
    ("text", "is_condition"),
    [
        ("If $$k = y_i$$, then", True),
        (r"for all $$k \ne y_i$$.", True),
        (r"$$\forall k \neq i$$", True),
        ("and $$k = x_i$$", False),  # x is no index: it may define k
        ("$$k = 3$$", False),
        ("$$q = y_i$$", False),
    ],
)
def test_a_condition_on_an_index_is_no_claim_and_defines_nothing(read, text, is_condition):
    mark = read(ENTRIES + text).displays[1].mark
    assert isinstance(mark, Unchecked) is is_condition
    row = "| symbol | shape | code | meaning |\n|---|---|---|---|\n| $k$ | number | | a name |\n\n"
    assert not isinstance(read(row + ENTRIES + text).displays[1].mark, Unchecked)


@pytest.mark.parametrize(
    ("between", "holds"),
    [("$$,\n\n$$\n", True), ("$$, we have $$", True), ("$$. Later $$", False), ("$$ or\n\n$$\n", False)],
)
def test_the_next_display_of_the_sentence_holds_under_the_condition(read, between, holds):
    chapter = read(f"{ENTRIES}If $$k = y_i{between}a_{{ik}} = 1.$$\n")
    assert chapter.displays[2].tex == (r"a_{ik} = 1 \quad \text{if } k = y_i" if holds else "a_{ik} = 1.")
    assert read(f"{ENTRIES}Let $$k = y_i{between}a_{{ik}} = 1.$$\n").displays[2].tex == "a_{ik} = 1."


def test_headings_of_latex_are_known(read):
    text = "\\section{One}\n$$a = 1$$\n\\subsection*{Two}\n\\[b = 2\\]\n"
    assert [d.heading for d in read(text, "own.tex").displays] == ["One", "Two"]


def test_a_table_may_stand_in_a_file_beside(read, tmp_path):
    (tmp_path / "own.tex.symbols.md").write_text(TABLE)
    chapter = read("$$q = x$$\n", "own.tex")
    assert [row.symbol for row in chapter.tables_of(chapter.displays[0])[0].rows] == ["x"]


def test_a_web_page_is_read_without_its_tags(read):
    text = "<html><script>$$no = 1$$</script><p>So <b>it</b> is $$a &lt; b$$</p>\n<pre>$$no$$</pre><!-- $$no = 2$$ -->"
    assert shown(read(text, "own.html")) == ["a < b"]


ENCODED = {
    "mark of UTF-8": "\ufeff# é\n\n$$a = b$$\n".encode(),
    "UTF-16": "# é\n\n$$a = b$$\n".encode("utf-16"),
    "Windows-1252": "# é\n\n$$a = b$$\n".encode("cp1252"),
    "ends of lines": b"# e\r\n\r\n$$\r\na = b\r\n$$\r\n",
    "old ends of lines": b"# e\r\r$$a = b$$\r",
}


@pytest.mark.parametrize("data", ENCODED.values(), ids=ENCODED)
def test_text_in_other_encodings_is_read(read, data):
    chapter = read(data)
    assert shown(chapter) == ["a = b"]
    assert chapter.displays[0].place.line == 3


def test_what_is_no_text_or_of_no_kind_is_named(read, monkeypatch):
    with pytest.raises(BookError, match=r"own\.md:1: expected text, but it holds zero bytes"):
        read(b"\x00\x01")
    with pytest.raises(BookError, match=r"own\.md:2: expected text in UTF-8 or Windows-1252"):
        read(b"a\n\x81\xff\x8d")
    with pytest.raises(BookError, match=r"own\.docx:1: expected a file that ends in"):
        read("x", "own.docx")
    monkeypatch.setattr(lines, "MOST", 10)
    with pytest.raises(BookError, match="expected at most 10 bytes"):
        read("x" * 11)


# --- commands of TeX ------------------------------------------------------------------------------------------------


EXPANDED = {
    r"\newcommand{\a}{b} \a": "b",
    r"\newcommand\a{b} \a c": "b c",
    r"\renewcommand*{\a}[2]{#2/#1} \a{x}y": "y/x",
    r"\newcommand{\a}[2][z]{#1+#2} \a{x} \a[w]{x}": "z+x w+x",
    r"\def\a#1{(#1)} \a{\a{x}}": "((x))",
    r"\let\a\alpha \a": r"\alpha",
    r"\DeclareMathOperator*{\am}{arg\,min} \am_x": r"\operatorname*{arg\,min}_x",
    r"\def\a{\alpha} \ab": r"\ab",
    r"\def\a{\alpha} \a b": r"\alpha b",
    r"\newcommand{\a}{{x}_{\text{in}}} \a": r"{x}_{\text{in}}",
    r"\newcommand{\a}[1]{\cos#1} \a{h}": r"\cos h",
    r"\newcommand{\a}[1]{\left\lVert#1\right\rVert} \a{x}": r"\left\lVert x\right\rVert",
}


@pytest.mark.parametrize(("text", "tex"), EXPANDED.items())
def test_commands_are_expanded(text, tex):
    found = macros.defined_in(text)
    assert macros.expanded(text[found[-1].stop :], macros.Commands(found).at(len(text))).strip() == tex


def test_a_command_that_calls_itself_ends_with_a_message(read):
    for body in (r"\a\a", r"x\a", r"{\a}"):
        chapter = read(f"\\newcommand{{\\a}}{{{body}}}\n\n$$x = \\a$$\n\n$$y = z$$\n")
        assert shown(chapter) == ["y = z"]
        assert "expand to more than" in chapter.unread[0].why
    twice = "".join(rf"\def\{a}{{\{b}\{b}}}" for a, b in zip("abcdefghijklmnopqrs", "bcdefghijklmnopqrst", strict=True))
    assert "expand to more than" in read(f"{twice}\n\n$$x = \\a$$\n").unread[0].why


# --- limits ---------------------------------------------------------------------------------------------------------


LARGE = {
    "formulas of AsciiDoc": "latexmath:[a] " * 20_000,
    "notes that open": ":::{note}\n" * 20_000,
    "fences that open": "```{note}\n" * 20_000,
    "shortcodes": "{{< math " * 20_000,
    "opened comments": "<!--" * 60_000,
    "dollars": "$$" * 100_001,
    "dollars apart": "$$ a\n\n" * 20_000,
    "brackets": "\\[ x = " * 40_000,
    "environments": "\\begin{align} x = " * 20_000,
    "backticks": "`" * 200_001,
    "backticks apart": "` " * 100_000,
    "quotes": ">" * 100_000,
    "definitions": "\\newcommand{\\a}{" * 20_000,
    "tables": "| " * 100_000,
    "a long line": "a" * 1_000_000,
    "directives": ".. math::\n\n" * 20_000,
}


@pytest.mark.parametrize("part", mostly_long([5, 1]))
@pytest.mark.parametrize("text", LARGE.values(), ids=LARGE)
@pytest.mark.long_but_one_in(4)
def test_large_and_odd_files_take_seconds(read, text, part):
    def work():
        with contextlib.suppress(BookError):
            read(text[: len(text) // part])

    within(10 / part, work)


def test_a_thousand_displays_are_found_in_linear_time():
    text = "Some words and $$x_{1} = y^2$$ more of them.\n\n" * 1000
    assert len(within(2, lambda: list(displays(text)))) == 1000


TABLE = "| symbol | shape | code | meaning |\n|---|---|---|---|\n| $x$ | number | | |\n\n"
PACKAGES = {
    "IEEEtran": r"\begin{IEEEeqnarray}{rCl} 2 x &=& 3 x \end{IEEEeqnarray}",
    "empheq": r"\begin{empheq}[box=\fbox]{align} 2 x &= 3 x \end{empheq}",
    "a short beginning": r"\def\be{\begin{equation}} \def\ee{\end{equation}} \be 2 x = 3 x \ee",
    "a minus of Unicode": "$$2 x = 5 x \u2212 2 x$$",
    "a blank of no width": "$$2 x\u200b = 3 x$$",
}


@pytest.mark.parametrize("form", PACKAGES.values(), ids=PACKAGES)
def test_what_packages_and_short_commands_display_is_checked(form):
    assert [one.verdict for one in checked(Path("t.md"), TABLE + form).judged] == [Verdict.FALSE]


def test_mathematics_in_a_script_of_a_web_page_is_displayed():
    text = '<p>so</p><script type="math/tex; mode=display">2 x = 3 x</script>'
    assert [d.tex for d in documents.read(Path("t.html"), text).displays] == ["2 x = 3 x"]


def test_a_command_means_what_it_was_defined_to_mean_last():
    shown = r"\[2 x = \a\]"
    text = rf"% {TABLE.strip()}".replace("\n", "\n% ")
    text += f"\n\\newcommand{{\\a}}{{2 x}}\n{shown}\n\\renewcommand{{\\a}}{{3 x}}\n{shown}\n"
    found = checked(Path("t.tex"), text).judged
    assert [one.verdict for one in found] == [Verdict.TRUE, Verdict.FALSE]


def test_a_table_is_written_with_the_commands_of_its_author():
    rows = TABLE.replace("$x$", r"$\vx$, $\a$")
    text = f"{rows}\n\n" + r"\def\a{\mathbf{a}}" + "\n\n" + r"$$\a + \vx = \mathbf{x} + \mathbf{a}$$"
    assert [one.verdict for one in checked(Path("t.md"), text).judged] == [Verdict.TRUE]


def test_a_left_side_that_is_too_long_is_refused_with_its_line():
    (found,) = checked(Path("t.md"), TABLE + "$$\n" + "x " * 1200 + "= x\n$$").judged
    assert (found.verdict, found.place.line) == (Verdict.NOT_READ, 6)


@pytest.mark.parametrize(
    "tex", [r"\arg\max_k \partial_k = 3", r"x = \partial_x", r"x = " + r"\lim_{h \to 0} " * 12 + "h"]
)
def test_what_ends_too_early_or_nests_limits_is_said(tex):
    (found,) = checked(Path("t.md"), f"{TABLE}$$\n{tex}\n$$\n").judged
    assert found.verdict in {Verdict.NOT_READ, Verdict.NOT_CHECKED}
    assert found.said


def test_a_table_is_drafted_beside_a_display_that_is_not_checked():
    text = "<!-- unchecked: why -->\n$$\na = (\n$$\n\n$$\nb = 2 c\n$$\n"
    assert "$c$" in draft.table(Path("t.md"), text)


def test_a_transpose_makes_vectors_in_a_draft():
    found = draft.table(Path("t.md"), "$$p = e^{-w^\\top x}$$\n")
    assert "| $w$ | $n$ | | guessed: a transpose stands at it |" in found
    assert "| $x$ | $n$ | | guessed: it stands behind a transpose |" in found


def test_of_two_displays_on_a_line_the_right_one_is_underlined():
    found = checked(Path("t.md"), TABLE + r"$$2 x = x + x$$ and $$3 x = x \foo$$").judged
    assert found[1].excerpt.splitlines()[0].strip() == r"3 x = x \foo"
    found = checked(Path("t.md"), TABLE + "$$2 x = x + x$$ and $$3 x = 4 x$$").judged
    assert found[1].excerpt.splitlines()[0].strip() == "3 x = 4 x"


@pytest.mark.parametrize("letter", "ijklpq")
def test_a_size_in_a_draft_is_no_index_of_the_text(letter):
    row = draft.table(Path("t.md"), f"$$a = \\sum_{letter} z_{letter}$$\n").splitlines()[-1]
    assert row.startswith("| $z$ | $")
    assert f"| ${letter}$ |" not in row


ONE_LINE = r"Let $$L = \frac{1}{2} x^\top x$$ then $$\frac{\partial L}{\partial x} = -x$$ and $$\frac{\partial L}{\partial x} = x$$ hold."
TABLE_OF_X = "| symbol | shape | code | meaning |\n|---|---|---|---|\n| $x$ | $n$ | | |\n"


def cells(*sources, indent=1):
    return json.dumps({"cells": [{"cell_type": "markdown", "metadata": {}, "source": s} for s in sources]}, indent=indent)


def bracketed(text):
    pieces = text.split("$$")
    return "".join(piece + (r"\[", r"\]")[k % 2] * (k < len(pieces) - 1) for k, piece in enumerate(pieces))


WHOLE = f"{TABLE_OF_X}\n{ONE_LINE}"
CROWDED = {
    "own.md": WHOLE,
    "list.ipynb": cells([f"{line}\n" for line in WHOLE.split("\n")]),
    "string.ipynb": cells(WHOLE),
    "minified.ipynb": cells(WHOLE, indent=None),
    "blocks.ipynb": cells(TABLE_OF_X, ONE_LINE.split(" and ", maxsplit=1)[0].split("\n"), ["$$\n", ONE_LINE.split("$$")[5] + "\n", "$$"]),
    "own.html": f"<p>{bracketed(ONE_LINE)}</p>",
    "own.tex": "\\begin{document}\n" + bracketed(ONE_LINE) + "\n\\end{document}\n",
    "renamed.tex": "\\def\\be{\\begin{equation}}\\def\\ee{\\end{equation}}\n\\begin{document}\n"
    + bracketed(ONE_LINE).replace(r"\[", r"\be ").replace(r"\]", r" \ee")
    + "\n\\end{document}\n",
    "own.py": f'r"""A module.\n\n{WHOLE}\n"""\n',
    "own.qmd": WHOLE,
    "quoted.md": f"{TABLE_OF_X}\n> {ONE_LINE}\n",
    "in_a_table.md": f"{TABLE_OF_X}\n| a | b |\n|---|---|\n| {ONE_LINE} | c |\n",
}  # fmt: skip


@pytest.mark.parametrize("name", CROWDED)
def test_displays_of_one_line_are_judged_each(tmp_path, name):
    """Where no columns are known, the last of them was judged for all: what was wrong passed."""
    path = tmp_path / name
    path.write_text(CROWDED[name], encoding="utf-8")
    if "$x$" not in CROWDED[name]:
        path.with_name(f"{name}.symbols.md").write_text(TABLE_OF_X, encoding="utf-8")
    found = checked(path).judged
    assert [one.verdict for one in found] == [Verdict.DEFINED, Verdict.FALSE, Verdict.TRUE], [one.said for one in found]
    assert len({one.place for one in found}) == 3
