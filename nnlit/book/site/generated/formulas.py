"""The page of formulas: every derivative that a line of the package computes."""

from nnlit.book.assembly import Assembly
from nnlit.book.language import nodes as n
from nnlit.book.site.catalog import Contents
from nnlit.book.site.generated.cells import formula, link, shape, sides
from nnlit.book.source.chapter import Display
from nnlit.book.source.marks import Checked

HEAD = "| gradient | shape | code | equation |\n|---|---|---|---|"


def formulas(book: Contents) -> str:
    """Every derivative that a line of the package computes, with its shape."""
    parts = []
    for whole in book.assemblies:
        coded = (d for d in whole.chapter.displays if isinstance(d.mark, Checked) and d.label in book.tags)
        rows = [_line(book, whole, d, left) for d in coded if (left := _derivative(whole, d))]
        if rows:
            parts += [f"## {link(whole.chapter)}", "", HEAD, *rows, ""]
    return "\n".join(parts)


def _derivative(whole: Assembly, display: Display) -> n.Derivative | None:
    """The left side of a display, if it is a derivative."""
    left = whole.analysis.equation(display).steps[0].left
    return left if isinstance(left, n.Derivative) else None


def _line(book: Contents, whole: Assembly, display: Display, left: n.Derivative) -> str:
    (_, first), *_, (relation, last) = sides(display)
    code = "<br>".join(f"`{tag.source.partition('#')[0].strip()}`" for tag in book.tags[display.label])
    shown = formula(rf"\displaystyle {first} {relation} {last}")
    return rf"| ${shown}$ | {_gradient_shape(whole, display, left)} | {code} | \eqref{{{display.label}}} |"


def _gradient_shape(whole: Assembly, display: Display, left: n.Derivative) -> str:
    """A gradient has the shape of what it is the gradient of; for one entry, the shape of the whole is given."""
    rows = whole.analysis.part(display).rows
    named = [name for name in (*left.own_names(), left.denominators[0].name) if name in rows]
    return shape(rows[named[0]].row) if named else ""
