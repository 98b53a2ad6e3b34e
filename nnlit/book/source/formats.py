"""Anybody's file as lines of text that know where they stand: Markdown, notebooks, LaTeX, docstrings, HTML.

What is no text of the author's (code, comments of TeX) becomes empty lines or is left out; nothing is executed.
"""

import ast
import html
import io
import json
import re
import tokenize
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from nnlit.book.source.lines import Line, bounded, require_text, text_of
from nnlit.book.source.markdown import Heading
from nnlit.book.source.place import BookError, CellLine, Place

FILES = 200  # that a LaTeX file may bring in
MARKDOWN = (".md", ".markdown", ".qmd", ".mdx", ".rmd", ".txt", ".rst")


@dataclass(frozen=True)
class Document:
    """A file as text.

    Attributes:
        path: the file.
        lines: its text.
        is_tex: whether a table stands in its comments, and a macro is defined in its text.
        notes: what was left out and should be known, such as a file that is not there.
    """

    path: Path
    lines: tuple[Line, ...]
    is_tex: bool = False
    notes: tuple[tuple[Place, str], ...] = ()


def read(path: Path, text: str | None = None) -> Document:
    """Read a file by its ending; its text may be handed over.

    Raises:
        BookError: it is of no kind that is read, is no text, or is too large.
        OSError: it cannot be opened.
    """
    suffix = path.suffix.lower()
    if suffix not in READERS:
        kinds = ", ".join(sorted(READERS))
        raise BookError(Place(path, 1), f"expected a file that ends in {kinds}; give a text its ending, such as .md")
    text = text_of(path) if text is None else text
    if suffix not in WRAPPING:
        require_text(path, text)
    return READERS[suffix](path, text)


WRAPPING = {".ipynb", ".html", ".htm"}  # files that hold more than text


def markdown(path: Path, text: str) -> Document:
    """The file as it is."""
    return Document(path, tuple(Line(line, Place(path, k, 1)) for k, line in enumerate(text.split("\n"), 1)))


# Notebooks


def notebook(path: Path, text: str) -> Document:
    """The Markdown cells of a notebook, an empty line between them; places are cells and their lines.

    Up to format 3 the cells stand in worksheets, and a heading is a cell of its own.
    """
    try:
        whole = json.loads(text)
        sheets = [whole] if "cells" in whole else whole["worksheets"]
        cells = enumerate((cell for sheet in sheets for cell in sheet["cells"]), 1)
        sources = [(k, *_source(cell)) for k, cell in cells if cell["cell_type"] in TEXTS]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BookError(Place(path, 1), f"expected a notebook (JSON with cells), but it is none: {error}") from error
    return Document(path, tuple(bounded(path, _cells(path, sources))))


TEXTS = ("markdown", "raw", "heading", "html")  # the cells of a notebook that hold text


def _source(cell: dict[str, Any]) -> tuple[str, str]:
    """The marks of a heading that is a cell of its own, and the text of a cell."""
    marks = "#" * min(int(cell["level"]), 6) + " " if cell["cell_type"] == "heading" else ""
    text = "".join(cell["source"]).encode("utf-8", "replace").decode("utf-8")  # half a character
    return marks, text.replace("\r\n", "\n").replace("\r", "\n")


def _cells(path: Path, sources: Iterable[tuple[int, str, str]]) -> Iterator[Line]:
    """The lines of cells, each with its cell and its line there; a column is that of the cell's text."""
    number = 0
    for cell, marks, text in sources:
        for within, line in enumerate([*f"{marks}{text}".split("\n"), ""], 1):
            number += 1
            yield Line(line, Place(path, CellLine(number, cell, within), int(not marks)))


# Docstrings


def docstrings(path: Path, text: str) -> Document:
    """The docstrings of a Python file, all strings that stand alone, and comments that hold mathematics.

    They are found by the syntax tree and the tokens; nothing of the file runs. In comments stand the texts of
    notebooks that are kept as Python, such as those of Jupytext.
    """
    try:
        tree = ast.parse(text)
        comments = list(_comments(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError, tokenize.TokenError) as error:
        line = getattr(error, "lineno", None) or 1
        raise BookError(Place(path, line), f"expected Python, but it cannot be parsed: {error}") from error
    raw, lines = text.split("\n"), list[Line]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            lines += _docstring(path, raw, node)
    for block in comments:
        if any(MATHEMATICAL.search(words) for words, _, _ in block):
            lines += [Line(words, Place(path, line, column)) for words, line, column in block]
            lines.append(Line("", Place(path, block[-1][1], 1)))
    return Document(path, tuple(sorted(lines, key=lambda line: line.place.line)))


MATHEMATICAL = re.compile(r"\$\$|\\\[|\\begin\{|^\s*\|.*\|\s*$|\.\. math::")


def _comments(text: str) -> Iterator[list[tuple[str, int, int]]]:
    """The blocks of comments that have their lines for themselves: words, line and column."""
    block = list[tuple[str, int, int]]()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.COMMENT or token.line[: token.start[1]].strip():
            continue
        line, column = token.start
        if block and line != block[-1][1] + 1:
            yield block
            block = []
        mark = 2 if token.string.startswith("# ") else 1
        block.append((token.string[mark:], line, column + mark + 1))
    if block:
        yield block


def _docstring(path: Path, raw: list[str], statement: ast.stmt) -> Iterator[Line]:
    """The lines of a docstring as they stand in the file, without its indent; doubled backslashes are one."""
    if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)):
        return
    if not isinstance(statement.value.value, str):
        return
    first, last = statement.lineno, statement.end_lineno or statement.lineno
    body = "\n".join(raw[first - 1 : last])
    opened = re.match(r"\s*([a-zA-Z]*)(\"\"\"|'''|\"|')", body)
    if not opened:
        return
    body = " " * opened.end() + body[opened.end() :].rstrip()[: -len(opened[2])]
    if "r" not in opened[1].lower():
        body = body.replace("\\\\", "\\")
    indent = statement.col_offset
    for k, line in enumerate(body.split("\n")):
        blank = len(line) - len(line.lstrip(" "))
        cut = min(indent, blank) if k else blank
        yield Line(line[cut:], Place(path, first + k, 1 + cut))
    yield Line("", Place(path, last, 1))


# LaTeX


def latex(path: Path, text: str) -> Document:
    """A LaTeX file with what it brings in from its own folder and below, without comments and verbatim text."""
    notes, seen = list[tuple[Place, str]](), [path.resolve()]
    lines = tuple(bounded(path, _included(path, text, path.resolve().parent, seen, notes)))
    return Document(path, lines, is_tex=True, notes=tuple(notes))


INPUT = re.compile(r"\\(?:input|include|subfile)\s*\{([^{}]*)\}")
QUOTED = re.compile(r"\\(?:verb\*?|lstinline)([^a-zA-Z\s*{\[])(.*?)\1")  # code in a line
HIDDEN = re.compile(r"\\begin\{(verbatim\*?|lstlisting|minted|comment|Verbatim|tikzpicture)\}|\\iffalse\b")


def _included(path: Path, text: str, root: Path, seen: list[Path], notes: list[tuple[Place, str]]) -> Iterator[Line]:
    ending = ""
    for k, line in enumerate(text.split("\n"), 1):
        place = Place(path, k, 1)
        if ending:
            ending = "" if ending in line else ending
            yield Line("", place)
            continue
        bare = uncommented(QUOTED.sub(lambda found: " " * len(found[0]), line))
        hidden = HIDDEN.search(bare)
        if hidden:
            closing = rf"\end{{{hidden[1]}}}" if hidden[1] else r"\fi"
            ending = "" if closing in bare[hidden.end() :] else closing
            yield Line(bare[: hidden.start()], place)
            continue
        if r"\end{document}" in bare:  # what stands below is not printed
            ending, bare = r"\begin{document}", bare.partition(r"\end{document}")[0]
        yield Line(line if line.lstrip().startswith("%") and "|" in line else bare, place)
        for found in INPUT.finditer(bare):
            yield from _brought_in(found[1].strip(), place, root, seen, notes)


def uncommented(line: str) -> str:
    """A line of TeX up to its comment."""
    found = re.search(r"(?<!\\)(?:\\\\)*%", line)
    return line[: found.end() - 1] if found else line


def _brought_in(
    name: str, place: Place, root: Path, seen: list[Path], notes: list[tuple[Place, str]]
) -> Iterator[Line]:
    """The lines of a file that another one brings in, if it lies in the folder of the first or below."""
    target = (root / name).resolve()
    target = target if target.suffix else target.with_suffix(".tex")
    if not target.is_relative_to(root):
        notes.append((place, f"{name} lies outside of the folder of the file and is not read"))
    elif target in seen or len(seen) >= FILES:
        notes.append(
            (place, f"{name} is not read again" if target in seen else f"more than {FILES} files are not read")
        )
    elif not target.is_file():
        notes.append((place, f"there is no file {name} beside it"))
    else:
        seen.append(target)
        shown = (
            Path(place.path.parent, target.relative_to(place.path.resolve().parent))
            if (target.is_relative_to(place.path.resolve().parent))
            else target
        )
        yield from _included(shown, text_of(target), root, seen, notes)


LEVELS = ("part", "chapter", "section", "subsection", "subsubsection", "paragraph")
SECTION = re.compile(rf"^[ \t]*\\({'|'.join(LEVELS)})\*?[ \t]*\{{([^{{}}\n]*)\}}", re.MULTILINE)


def sections(text: str) -> Iterator[Heading]:
    """The headings of a LaTeX file."""
    line, at = 1, 0
    for found in SECTION.finditer(text):
        line, at = line + text.count("\n", at, found.start()), found.start()
        yield Heading(line, LEVELS.index(found[1]), found[2])


# HTML


OPENED = re.compile(r"<(script|style|pre|code)\b(?![^<>]{0,300}math/tex)|<!--", re.IGNORECASE)
SCRIPT = re.compile(
    r"<script\b[^<>]{0,300}math/tex[^<>]{0,300}mode=display[^<>]{0,300}>(.*?)</script>", re.DOTALL | re.IGNORECASE
)
INLINE_SCRIPT = re.compile(r"<script\b[^<>]{0,300}math/tex[^<>]{0,300}>(.*?)</script>", re.DOTALL | re.IGNORECASE)
CDATA = re.compile(r"% *<!\[CDATA\[|% *\]\]>")  # as Jekyll writes it around the TeX
MATHML = re.compile(r"<math\b[^<>]{0,1000}>", re.IGNORECASE)
BLOCK = re.compile(r"""display=["'](?:block|true)["']|katex-display""")
TEX = re.compile(r"""<annotation\s+encoding=["']application/x-tex["']\s*>([^<]*)</annotation>""")
WITHOUT_TEX = "an element of MathML without TeX: its formula is not read"


def _rendered(text: str) -> Iterator[str]:
    """A page in which displayed mathematics that is rendered is the TeX that stands beside it."""
    at = 0
    while found := MATHML.search(text, at):
        end = text.find("</math>", found.end())
        if end < 0:
            break
        inside = text[found.start() : end]
        tex = TEX.search(inside) if BLOCK.search(text[max(at, found.start() - 200) : found.end()]) else None
        yield text[at : found.start()]
        yield "\n" * inside.count("\n") + f"$${tex[1]}$$" if tex else inside
        at = end
    yield text[at:]


def _shown(text: str) -> Iterator[str]:
    """A page without comments, scripts and code, whose lines stay; what is never closed hides nothing."""
    at, searched, missing = 0, 0, set[str]()
    while found := OPENED.search(text, searched):
        closing, searched = f"</{found[1].lower()}>" if found[1] else "-->", found.end()
        end = None if closing in missing else re.compile(closing, re.IGNORECASE).search(text, searched)
        if end is None:
            missing.add(closing)
            continue
        yield text[at : found.start()]
        yield "\n" * text.count("\n", found.start(), end.end())
        at = searched = end.end()
    yield text[at:]


def _in_a_script(found: re.Match[str]) -> str:
    """The TeX in a script, in which no entity stands and nothing is a tag."""
    return html.escape(CDATA.sub("", found[1]), quote=False)


def web_page(path: Path, text: str) -> Document:
    """The text of a web page, its tags taken away and its entities read; scripts and code are left out.

    Of rendered mathematics the TeX is read that stands beside it; MathML without TeX is named.
    """
    text = "".join(_rendered(text))
    blocks = islice((m for m in MATHML.finditer(text) if BLOCK.search(m[0])), FILES)
    lost = [(Place(path, 1 + text.count("\n", 0, m.start())), WITHOUT_TEX) for m in blocks]
    stop = text.lower().rfind("</script>") + len("</script>")  # behind it no script is closed
    begun = SCRIPT.sub(lambda m: f"$${_in_a_script(m)}$$", text[:stop])
    text = INLINE_SCRIPT.sub(lambda m: rf"\({_in_a_script(m)}\)", begun) + text[stop:]
    plain = "".join(_shown(text))
    plain = re.sub(r"</?[a-zA-Z][^<>]*>", lambda m: "\n" * m[0].count("\n"), plain)
    lines = html.unescape(plain).split("\n")
    shown = tuple(bounded(path, (Line(line, Place(path, k, 0)) for k, line in enumerate(lines, 1))))
    return Document(path, shown, notes=tuple(lost))


READERS: dict[str, Callable[[Path, str], Document]] = {
    **dict.fromkeys(MARKDOWN, markdown),
    ".ipynb": notebook,
    ".py": docstrings,
    ".tex": latex,
    ".html": web_page,
    ".htm": web_page,
}
