"""The page of formulas: every derivative that a line of the package computes."""

from nnlit.book.assembly import Assembly
from nnlit.book.site.catalog import Contents
from nnlit.book.site.generated.cells import formula, link, shape, sides
from nnlit.book.source.chapter import Display
from nnlit.book.source.marks import Checked

HEAD = "| gradient | equation | shape | code |\n|---|---|---|---|"


def formulas(book: Contents) -> str:
    """Every derivative that a line of the package computes, with its shape."""
    parts = []
    for whole in book.assemblies:
        coded = (d for d in whole.chapter.displays if isinstance(d.mark, Checked) and d.label in book.tags)
        rows = [_line(book, whole, d, uses.shape) for d in coded if (uses := book.uses(whole, d)).gradient]
        if rows:
            parts += [f"## {link(whole.chapter)}", "", HEAD, *rows, ""]
    return "\n".join(parts)


def _line(book: Contents, whole: Assembly, display: Display, symbol: str) -> str:
    (_, first), *_, (relation, last) = sides(display)
    row = whole.chapter.row(display, symbol)  # a gradient has the shape of what it is the gradient of
    code = "<br>".join(f"`{tag.source.partition('#')[0].strip()}`" for tag in book.tags[display.label])
    shown = formula(rf"\displaystyle {first} {relation} {last}")
    return rf"| ${shown}$ | \eqref{{{display.label}}} | {shape(row) if row else ''} | {code} |"
