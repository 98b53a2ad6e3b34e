"""What the generated pages have in common: links to chapters, shapes and formulas in the cells of tables."""

import re
from typing import TYPE_CHECKING

from nnlit.book.language.spans import Source, Span
from nnlit.book.language.vocabulary import STATED
from nnlit.book.mutation.verdicts import Counts
from nnlit.book.source.chapter import Chapter, Display, Row

if TYPE_CHECKING:
    from nnlit.book.language.syntax import Tree

BREAK = re.compile(r"\\\\(?:\[[^\]]*\])?\s*&?")  # a line of an aligned block that goes on with the side before
ALIGNED = re.compile(r"\\(?:begin|end)\{aligned\}")


def link(chapter: Chapter, anchor: str = "") -> str:
    """A link to a chapter."""
    return f"[{chapter.title}]({chapter.path.name}{anchor})"


def inner_links(chapter: Chapter, text: str) -> str:
    """Links to places on the chapter's page, as another page writes them."""
    return re.sub(r"\]\(#", f"]({chapter.path.name}#", text)


def shape(row: Row) -> str:
    """The shape of a row, as the chapter writes it."""
    if row.shape in STATED:
        return row.shape
    kind, _, axes = row.shape.rpartition(", ")
    return f"{kind}, ${axes}$" if kind else f"${row.shape}$"


def formula(tex: str) -> str:
    """TeX for a cell of a table, where a bar would end the cell."""
    return tex.replace(r"\|", r"\Vert ").replace("|", r"\vert ").replace("\n", " ")


def sides(display: Display) -> list[tuple[str, str]]:
    r"""The sides of the first chain in a display as they are written, each with the relation before it.

    Examples:
        >>> from pathlib import Path
        >>> from nnlit.book.source.place import Place
        >>> tex = r"\begin{aligned} a &= [k = l] \\ &\le \left( c \right)^2 \\ &\quad + d. \end{aligned}"
        >>> sides(Display("", tex, Place(Path("x.md"), 1), ""))
        [('', 'a'), ('=', '[k = l]'), ('\\le', '\\left( c \\right)^2 \\quad + d')]
    """
    from nnlit.book.language.tex import parse  # the page of formulas and that of errata load it

    source = Source.at(display.tex, display.place)
    return [(side.relation, _written(source, side.tree)) for side in parse(source).chains[0]]


def _written(source: Source, tree: "Tree") -> str:
    """A part of a formula as its author wrote it, on one line."""
    span, first = tree.span or Span(0, 1, 0, 1), source.place.line
    before = source.lines[span.line - first][: span.column - 1]
    lines = source.lines[span.line - first : span.last - first + 1]
    lines[-1] = lines[-1][: span.end - 1]
    lines[0] = lines[0][span.column - 1 :]
    opened = r"\left" if before.rstrip().endswith(r"\left") else ""  # a bracket's size is no part of the tree
    text = opened + " ".join("\n".join(lines).split())
    return text if r"\begin" in text else " ".join(BREAK.sub(" ", text).split())


def versions(counts: list[Counts]) -> str:
    """Rejected of made; those that mean the same as the right one are not counted as wrong."""
    made, same = sum(c.made for c in counts), sum(c.equivalent for c in counts)
    rejected = sum(sum(c.rejected.values()) for c in counts)
    return f"{rejected} of {made - same}" if made else ""
