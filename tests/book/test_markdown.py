"""Markdown is read with exact lines: what is text, what is code, what is a comment, where a heading ends."""

import subprocess
import sys
from pathlib import Path

import pytest

from nnlit.book.source import chapter
from nnlit.book.source.examples import Says, directives
from nnlit.book.source.markdown import markdown
from nnlit.book.source.place import BookError

ROWS = "| symbol | shape | code | meaning |\n|---|---|---|---|\n"


def read(text):
    return chapter.parse(Path("own.md"), text)


def shown(text):
    """The displays of a text, with their lines."""
    return [(d.place.line, d.tex) for d in read(text).displays]


@pytest.mark.parametrize(
    "hidden",
    [
        "<!--\n$$\nx = 2\n$$\n-->",
        "<!-- two\n\nparagraphs\n\n$$\nx = 2\n$$\n-->",
        "```\n$$\nx = 2\n$$\n```",
        "~~~text\n$$\nx = 2\n$$\n~~~",
        "````\n```\n$$\nx = 2\n$$\n```\n````",
        "- a list\n\n  ```\n  $$\n  x = 2\n  $$\n  ```",
        "> ```\n> $$\n> ```",
        '!!! note "A box"\n\n    ```\n    $$\n    x = 2\n    $$\n    ```',
    ],
)
def test_what_is_code_or_a_comment_is_no_display(hidden):
    lines = hidden.count("\n") + 1
    assert shown(f"{hidden}\n\n$$\nx = 1\n$$\n") == [(lines + 2, "x = 1")]


@pytest.mark.parametrize(
    "tex",
    ["a\n- b\n= c", "x\n= y", "# x", "    a + b", "a\n\n= b", "> 0", "1. x", "```", "| a | b |\n|---|---|", "<!-- x"],
)
def test_within_a_display_nothing_is_markdown(tex):
    found = read(f"# Own\n\n$$\n{tex}\n$$\n\n## After\n")
    assert [(d.place.line, d.heading) for d in found.displays] == [(3, "Own")]
    assert [h.title for h in found.markdown.headings] == ["Own", "After"]
    assert found.markdown.fences == found.markdown.tables == found.markdown.comments == ()


@pytest.mark.parametrize(
    "box",
    ['!!! note "A box"', '??? success "Solution"', '???+ success "Solution"', "[^1]: A footnote.", "- a list"],
)
def test_a_display_stands_in_boxes_footnotes_and_lists(box):
    assert shown(f"Text.[^1]\n\n{box}\n\n    $$\n    x = 1\n    $$\n\nAfter.\n") == [(5, "x = 1")]


def test_headings_are_those_of_the_page():
    front = "---\ntitle: x\n# no heading\n---\n"
    text = f"{front}First\n=====\n\n#no heading\n\n<!--\n# no\n-->\n\nSecond\n---\n\n### Third ###\n"
    assert markdown(text).headings == ((5, 1, "First"), (14, 2, "Second"), (17, 3, "Third"))
    assert markdown(text).front.last == 4


def test_a_heading_of_either_form_ends_the_scope_of_a_table():
    text = f"# Own\n\n## Inner\n\n{ROWS}| $x$ | number | | |\n\n$$\nx = x\n$$\n\nOuter\n-----\n\n$$\ny = y\n$$\n"
    found = read(text)
    inner, outer = found.displays
    assert (len(found.tables_of(inner)), len(found.tables_of(outer))) == (1, 0)
    assert outer.heading == "Outer"


@pytest.mark.parametrize(
    "table",
    [
        ROWS + "| $x$ | number | `x` | a number |",
        "symbol | shape | code | meaning\n---|---|---|---\n$x$ | number | `x` | a number",
        "  | Symbol | Shape | Code | Meaning |\n  |:--|:-:|--:|---|\n  | $x$ | number | `x` | a number |",
        "Text before.\n" + ROWS + "| $x$ | number | `x` | a number |",
    ],
)
def test_a_table_is_read_in_every_form_that_is_one(table):
    rows = [row for found in read(table + "\n\nAfter.\n").tables for row in found.rows]
    assert [(r.symbol, r.shape, r.code, r.meaning) for r in rows] == [("x", "number", "x", "a number")]
    assert rows[0].place.line == table.count("\n") + 1


def test_a_bar_with_a_backslash_ends_no_cell():
    found = read(ROWS + r"| $\|x\|$ | number | | at most $\|y\|$ |" + "\n")
    assert [(row.symbol, row.meaning) for row in found.tables[0].rows] == [(r"\|x\|", r"at most $\|y\|$")]


def test_a_header_without_a_table_is_said():
    with pytest.raises(BookError, match=r"own.md:3: this header begins no table: below it stands a line \|---"):
        read("# Own\n\n| symbol | shape | code | meaning |\n| $x$ | number | | |\n")


def test_text_directly_below_a_table_is_said():
    with pytest.raises(BookError, match=r"own.md:4: a Symbols row has 4 cells"):
        read(f"{ROWS}| $x$ | number | | |\nText.\n")


def test_directives_and_fences_come_in_order_with_their_lines():
    text = (
        '<!-- invisible-code-block: python\nimport math\n-->\n\n```pycon title="x"\n>>> 1\n1\n```\n\n'
        "- item\n\n    ~~~{.python}\n    x = 1\n    ~~~\n\n<!-- skip: slow -->\n\n"
        "````text\n```pycon\n>>> 2\n```\n````\n"
        "\nText <!-- needs: torch --> text\n\n```python\nnever closed"
    )
    found = [(d.kind, d.argument, d.line, d.body) for d in directives(markdown(text))]
    assert found == [
        (Says.HIDDEN, "python", 1, ["import math"]),
        (Says.FENCE, "pycon", 5, [">>> 1", "1"]),
        (Says.FENCE, "python", 12, ["    x = 1"]),
        (Says.SKIP, "slow", 16, []),
        (Says.FENCE, "text", 18, ["```pycon", ">>> 2", "```"]),
        (Says.FENCE, "python", 26, ["never closed"]),
    ]


def test_a_mark_is_a_comment_above_its_display_and_nothing_else():
    mark = "<!-- unchecked: why -->"
    assert [d.mark.why for d in read(f"{mark}\n\n$$\nx = 1\n$$\n").displays] == ["why"]
    assert [d.mark.why for d in read("<!-- unchecked:\nmany\nlines -->\n$$\nx = 1\n$$\n").displays] == ["many lines"]
    assert "why" not in vars(read(f"{mark}\n\nText.\n\n$$\nx = 1\n$$\n").displays[0].mark)


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(tmp_path):
    text = f"# Own\n\n{ROWS}| $x$ | number | | |\n\n$$\nx = x\n$$\n"
    one, other = tmp_path / "a" / "own.md", tmp_path / "b" / "own.md"
    for path, data in ((one, text.encode()), (other, b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())):
        path.parent.mkdir()
        path.write_bytes(data)
    first, second = chapter.read(one), chapter.read(other)
    assert (first.title, first.displays[0].tex, first.tables[0].rows[0].symbol) == ("Own", "x = x", "x")
    assert second.markdown == first.markdown


def test_without_markdown_it_the_command_says_what_to_install(tmp_path):
    path = tmp_path / "own.md"
    path.write_text("$$\nx = x\n$$\n", encoding="utf-8")
    hidden = "import sys; sys.modules['markdown_it'] = None"
    code = f"{hidden}; from nnlit.book.__main__ import main; main(['check', {str(path)!r}])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == (
        "python -m nnlit.book: Markdown files are read with markdown-it-py: pip install 'nnlit[check]'\n"
    )
