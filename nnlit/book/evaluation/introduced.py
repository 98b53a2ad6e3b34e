"""What the page of a symbol asks of a display: the names that it defines, their shapes, and a function's arguments."""

import re
from collections.abc import Iterator
from contextlib import suppress

from nnlit.book.evaluation.analysis import Analysis
from nnlit.book.evaluation.definitions import Part, definition_of
from nnlit.book.evaluation.noted import Introduced
from nnlit.book.evaluation.pieces import gives
from nnlit.book.evaluation.sampling import drawn, sizes_of
from nnlit.book.evaluation.scope import Definition
from nnlit.book.evaluation.values import Mistake
from nnlit.book.language.unparse import write
from nnlit.book.source.chapter import Display
from nnlit.book.source.marks import Checked
from nnlit.book.source.place import BookError

BELOW = re.compile(r"_\{([a-zA-Z]{2,})\}")
TIMES = r" \times "


def introduced(page: Analysis, display: Display) -> tuple[Introduced, ...]:
    """The names that a display defines, without those of which a row of a table says all."""
    found = list[Introduced]()
    with suppress(BookError):
        part = page.part(display)
        for one, equation in _definitions(page, part, display):
            shape = None if one.name in part.rows else shape_of(one, part)
            arguments = tuple(x for x in one.parameters if x not in part.rows)
            found += [Introduced(one.name, equation, shape, arguments)] if shape is not None or arguments else []
    return tuple(found)


def _definitions(analysis: Analysis, part: Part, display: Display) -> Iterator[tuple[Definition, str]]:
    """What a display defines, each with the equation that does it."""
    for step in analysis.equation(display).steps if isinstance(display.mark, Checked) else ():
        found = definition_of(step)
        if found and gives(part.scope, found):
            yield found, f"{write(step.left)} = {write(step.right)}"


def shape_of(definition: Definition, part: Part) -> str:
    """The shape of a defined name in the letters of its tables; nothing if that cannot be seen."""
    if definition.function:
        return "function"
    try:
        names = {size: BELOW.sub(r"_{\\mathrm{\1}}", name) for name, size in sizes_of(part, 0).items()}
        axes = [names.get(size, "") for size in drawn(part, 0).value(definition.name).shape]
    except (BookError, Mistake, ArithmeticError, LookupError):
        return ""
    return "" if "" in axes else rf"${TIMES.join(axes)}$" if axes else "number"
