"""What the page of a symbol asks of a display: the names that it defines, their shapes, and a function's arguments."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from nnlit.book.evaluation.analysis import Analysis
from nnlit.book.evaluation.definitions import Part, definition_of
from nnlit.book.evaluation.sampling import drawn, sizes_of
from nnlit.book.evaluation.scope import Definition
from nnlit.book.evaluation.values import Mistake
from nnlit.book.language.unparse import write
from nnlit.book.source.chapter import Display
from nnlit.book.source.marks import Checked
from nnlit.book.source.place import BookError

BELOW = re.compile(r"_\{([a-zA-Z]{2,})\}")
TIMES = r" \times "


@dataclass(frozen=True)
class Introduced:
    """A name that a display defines.

    Args:
        name: as the reader of equations writes it.
        equation: what defines it.
        shape: in the letters of the Symbols tables; empty if that cannot be seen, None if a row explains the name.
        arguments: those of a function that no row explains.
    """

    name: str
    equation: str
    shape: str | None
    arguments: tuple[str, ...] = ()


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
        if found and part.scope.definitions.get(found.name) == found:
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
