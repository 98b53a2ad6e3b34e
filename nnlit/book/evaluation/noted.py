"""What the ledger notes of equations for the pages that show them: values, apart from what finds them.

A build of the site reads them as long as no page has changed, and then loads no more of this room.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Uses:
    """What an equation has to do with the Symbols tables; rows are named by their symbols.

    Args:
        rows: the symbols whose rows the equation holds.
        gradient: whether its first left side is a derivative.
        shape: the symbol whose shape that gradient has; empty if it has no row.
    """

    rows: tuple[str, ...] = ()
    gradient: bool = False
    shape: str = ""


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
