"""What a Symbols table says of chance: random variables, events, distributions, and what depends on what."""

import re
from collections.abc import Iterable, Mapping

from nnlit.book.language import nodes as n
from nnlit.book.language import tex
from nnlit.book.language.declarations import Declared, classes
from nnlit.book.language.probability import Chances
from nnlit.book.language.vocabulary import Condition, Kind

LISTED = r"((?:\$[^$]+\$(?:,? and |, ?)?)+)"
ALONE = re.compile(rf"depends on {LISTED} alone")
DEPENDS = re.compile(rf"depends on {LISTED}(?! alone)")
OF = re.compile(rf"\bof {LISTED}")
APART = "independent of the others"


def chances_of(rows: Mapping[str, Declared]) -> Chances:
    """What the rows of a scope say of chance.

    Raises:
        BookError: a row names what is no random variable before it.
    """
    drawn = {r.name: r for r in rows.values() if r.kind in {Kind.RANDOM, Kind.EVENT}}
    given = [r for r in rows.values() if r.kind == Kind.DISTRIBUTION]
    if not drawn and not given:
        return Chances()
    valued = {r.name for r in drawn.values() if is_valued(r)}
    return Chances(
        tuple(drawn),
        frozenset(r.name for r in drawn.values() if r.kind == Kind.EVENT),
        frozenset(r.name for r in drawn.values() if len(r.axes) > 1),
        frozenset(valued),
        parents_of(drawn),
        {r.name: named(r, OF, tuple(drawn)) for r in given if OF.search(r.row.meaning)},
        {r.name: named(r, DEPENDS, tuple(rows)) for r in given if DEPENDS.search(r.row.meaning)},
        frozenset(rows),
    )


def is_valued(row: Declared) -> bool:
    """Whether the outcomes of a random variable are the numbers 0, 1, 2 ...; its shape says how many there are."""
    if Condition.BINARY not in row.conditions and "labels 0" not in row.row.meaning:
        return False
    size = n.Number("2") if Condition.BINARY in row.conditions else classes(row)
    if row.axes != (size,):
        raise row.row.error(f"{row.row.symbol}: its shape and its meaning say different numbers of outcomes")
    return True


def parents_of(drawn: Mapping[str, Declared]) -> dict[str, tuple[str, ...]]:
    """On which variables each one depends: on all before it, unless its row or theirs says otherwise."""
    found, before = dict[str, tuple[str, ...]](), list[str]()
    for row in drawn.values():
        if ALONE.search(row.row.meaning):
            found[row.name] = named(row, ALONE, before)
        else:
            found[row.name] = () if APART in row.row.meaning else tuple(before)
        if APART not in row.row.meaning:
            before.append(row.name)
    return found


def named(row: Declared, pattern: re.Pattern[str], known: Iterable[str]) -> tuple[str, ...]:
    """The names that a meaning lists."""
    match = pattern.search(row.row.meaning)
    read = (tex.read_symbol(x, row.row.place) for x in re.findall(r"\$([^$]+)\$", match[1] if match else ""))
    names = tuple(x.name for x in read if isinstance(x, n.Symbol | n.Letter))
    wrong = [name for name in names if name not in known]
    if wrong:
        raise row.row.error(f"{row.row.symbol}: {wrong[0]} is no random variable with a row above this one")
    return names
