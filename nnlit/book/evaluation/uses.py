"""What the pages of symbols and formulas ask of an equation: the rows that it holds, and what it is the gradient of."""

from collections.abc import Iterator, Mapping

from nnlit.book.evaluation.analysis import Analysis
from nnlit.book.evaluation.noted import Uses
from nnlit.book.language import nodes as n
from nnlit.book.language.declarations import Declared
from nnlit.book.source.chapter import Display
from nnlit.book.source.marks import Unchecked
from nnlit.book.source.place import BookError


def uses_of(page: Analysis, display: Display) -> Uses:
    """The rows of an equation; what is not executed, or cannot be read, is not looked into."""
    if isinstance(display.mark, Unchecked):
        return Uses()
    try:
        rows, equation = page.part(display).rows, page.equation(display)
    except BookError:
        return Uses()
    names = dict.fromkeys(name for side in equation.sides for name in _names(side, rows))
    held = tuple(rows[name].row.symbol for name in names if name in rows)
    left = equation.steps[0].left
    if not isinstance(left, n.Derivative):
        return Uses(held)
    named = [name for name in (*left.own_names(), left.denominators[0].name) if name in rows]
    return Uses(held, gradient=True, shape=rows[named[0]].row.symbol if named else "")


def _names(node: n.Node, rows: Mapping[str, Declared]) -> Iterator[str]:
    """The names in an expression; a derivative that has a row of its own is one name."""
    own = node.own_names() if not isinstance(node, n.Letter) else (node.name,)
    yield from own
    if not (isinstance(node, n.Derivative) and any(name in rows for name in own)):
        for part in node.parts:
            yield from _names(part, rows)
