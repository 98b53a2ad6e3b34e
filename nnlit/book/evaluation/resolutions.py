"""Displays with their names resolved: once for all parts of a chapter in which their names are of the same kinds.

A display of the whole chapter is valid in each of its sections, which have tables of their own. What the resolver asks
about names while it reads a display is noted; where another section gives the same answers, the result is the same.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Generic, TypeVar

from nnlit.book.language import nodes as n
from nnlit.book.language import tex
from nnlit.book.language.vocabulary import Kind
from nnlit.book.source.chapter import Display
from nnlit.book.source.place import BookError, Place

Kinds = Mapping[str, Kind]
Made = TypeVar("Made")


class Asked(Kinds):
    """Kinds of names that note what was asked for."""

    def __init__(self, kinds: Kinds) -> None:
        self.kinds = kinds
        self.answers: dict[str, Kind | None] = {}
        self.every = False  # whether all names were looked through

    def get(self, name: str, default: Kind | None = None) -> Kind | None:  # type: ignore[override]
        """The kind of a name, if it is known."""
        self.answers[name] = found = self.kinds.get(name)
        return default if found is None else found

    def __contains__(self, name: object) -> bool:
        return self.get(str(name)) is not None

    def __getitem__(self, name: str) -> Kind:
        self.get(name)
        return self.kinds[name]

    def __iter__(self) -> Iterator[str]:
        self.every = True
        return iter(self.kinds)

    def __len__(self) -> int:
        self.every = True
        return len(self.kinds)

    def same(self, kinds: Kinds) -> bool:
        """Whether others would have answered the same."""
        return self.kinds == kinds if self.every else all(kinds.get(x) == kind for x, kind in self.answers.items())


class Once(Generic[Made]):
    """Something that is made of what is known of names: once for all that would answer the same."""

    def __init__(self, make: Callable[[tex.Names], Made]) -> None:
        self.make = make
        self.made: list[tuple[Asked, tex.Names, Made]] = []

    def of(self, names: tex.Names) -> Made:
        """What is made of these names."""
        for asked, others, made in self.made:
            if (others.chances, others.second) == (names.chances, names.second) and asked.same(names.kinds):
                return made
        asked = Asked(names.kinds)
        self.made.append((asked, names, self.make(replace(names, kinds=asked))))
        return self.made[-1][2]


class Resolutions:
    """The displays of a chapter, parsed, and what they are in its sections.

    Args:
        formulas: the trees without names.
        second: the kinds of notation with two readings that are taken in the second one.
    """

    def __init__(self, formulas: tex.Formulas, second: frozenset[str]) -> None:
        self.formulas, self.second = formulas, second
        self.without_sums = False
        self._equations = {place: Once(partial(_resolved, read)) for place, read in formulas.items()}
        self._lefts = {place: Once(partial(left_sides, read)) for place, read in formulas.items()}

    def equations(self, displays: list[Display], names: tex.Names) -> dict[Place, n.Equation | BookError]:
        """Displays with their names resolved, or why they cannot be."""
        return {display.place: self._equations[display.place].of(names) for display in displays}

    def lefts(self, display: Display, names: tex.Names) -> list[n.Step]:
        """The left sides of a display's claims."""
        return self._lefts[display.place].of(names)


def _resolved(formula: tex.Formula | BookError, names: tex.Names) -> n.Equation | BookError:
    """A display with its names resolved, or why it cannot be."""
    try:
        return formula if isinstance(formula, BookError) else tex.resolve(formula, names)
    except BookError as error:
        return error


def left_sides(formula: tex.Formula | BookError | None, names: tex.Names) -> list[n.Step]:
    """The left sides of a display's claims; of one that cannot be read or resolved none."""
    try:
        return tex.left_sides(formula, names) if isinstance(formula, tex.Formula) else []
    except BookError:
        return []
