"""What names mean in one part of a chapter: their kinds, shapes, ranges and definitions, and what rests on what."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from nnlit.book.evaluation.values import Array
from nnlit.book.language import nodes as n
from nnlit.book.language.declarations import Signature
from nnlit.book.language.names import Names
from nnlit.book.language.probability import Chances
from nnlit.book.language.vocabulary import Kind
from nnlit.book.source.place import Place


@dataclass(frozen=True)
class Definition:
    r"""A displayed equation with a name on its left: letters for index form, parameters for a function.

    Of the parameters that are `squared`, as in `f(\mu, \sigma^2)`, an argument is the square. One that holds in a range
    has the relations `where` it does; one by cases is made of `pieces` of this kind, the last one may be `otherwise`.
    """

    name: str
    body: n.Node
    place: Place
    letters: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    function: bool = False
    root: bool = False  # the body is the square root of what is displayed
    squared: frozenset[str] = frozenset()
    logarithm: bool = False  # the body is the exponential of what is displayed
    diagonal: bool = False  # what is displayed is the diagonal of a matrix that is 0 elsewhere
    where: tuple[n.Relation, ...] = ()
    otherwise: bool = False
    pieces: tuple["Definition", ...] = ()

    @property
    def is_spare(self) -> bool:
        """Whether it only counts where no row and no other display gives the name its value."""
        return self.logarithm or self.diagonal

    @property
    def is_partial(self) -> bool:
        """Whether it has no value outside of its ranges."""
        return isinstance(self.body, n.Cases) and self.body.partial


def is_recurrence(definition: Definition | None) -> bool:
    """Whether a definition holds its own name at the step before."""
    if definition is None or definition.function or len(definition.letters) != 1:
        return False
    before = n.Subtract(n.Letter(definition.letters[0]), n.Number("1"))
    own = [x for x in definition.body.walk() if isinstance(x, n.Symbol) and x.name == definition.name]
    return bool(own) and all(x.indices == (before,) for x in own)


def starts_of(name: str) -> tuple[str, ...]:
    """The names that the value with which a recurrence begins may have."""
    return f"{name}_{{0}}", f"{name}^{{(0)}}", f"{name}^{{[0]}}", f"{name}^{{<0>}}", f"{name}^{{0}}"


@dataclass(frozen=True)
class Outcomes:
    """All outcomes of a random symbol, stacked along the first axis, with their probabilities."""

    values: Array
    weights: Array


@dataclass(frozen=True)
class Scope:
    """What names mean in one part of a chapter."""

    names: Names
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    shapes: Mapping[str, tuple[n.Node, ...]] = field(default_factory=dict)
    ranges: Mapping[str, n.Node] = field(default_factory=dict)
    bases: Mapping[str, int] = field(default_factory=dict)
    padded: frozenset[str] = frozenset()
    sets: frozenset[str] = frozenset()
    classes: Mapping[str, n.Node] = field(default_factory=dict)
    random: Mapping[str, Callable[[Any], Outcomes]] = field(default_factory=dict)
    rows: frozenset[str] = frozenset()  # the vectors that are rows
    columns: frozenset[str] = frozenset()  # those that are columns by their shape
    chances: Chances = field(default_factory=Chances)
    refused: Mapping[str, int] = field(default_factory=dict)  # names, and the lines of what fails to define them
    smooth: Mapping[str, Signature] = field(default_factory=dict)  # functions of which one is drawn
    aliases: Mapping[str, str] = field(default_factory=dict)  # functions that a row names
    small: Mapping[str, n.Node] = field(default_factory=dict)  # numbers, and what they are near
    probes: frozenset[str] = frozenset()  # what is known by its gradient alone
    repeated: frozenset[str] = frozenset()  # sets in which a member may be there more than once
    nilpotent: frozenset[str] = frozenset()  # numbers whose square is zero
    tables: bool = True
    reach: dict[str, frozenset[str]] = field(default_factory=dict)
    whole: dict[str, bool] = field(default_factory=dict)  # which functions take their arguments as a whole

    def kind(self, name: str) -> Kind | None:
        """The kind of a name, if it is known."""
        return self.names.kinds.get(name)

    @cached_property
    def recurrent(self) -> frozenset[str]:
        """The names that are defined step by step; it is asked at every index."""
        return frozenset(name for name, found in self.definitions.items() if is_recurrence(found))

    @cached_property
    def partial(self) -> frozenset[str]:
        """The names that have a value in some ranges alone."""
        return frozenset(name for name, found in self.definitions.items() if found.is_partial)

    def depends(self, name: str) -> frozenset[str]:
        """Every name that a name's value rests on, itself included."""
        if name not in self.reach:
            seen, stack = set(), [name]
            while stack:
                current = stack.pop()
                if current not in seen:
                    seen.add(current)
                    definition = self.definitions.get(current)
                    stack += definition.body.names if definition else []
                    stack += starts_of(current) if is_recurrence(definition) else ()
            self.reach[name] = frozenset(seen)
        return self.reach[name]

    def uses(self, node: n.Node) -> frozenset[str]:
        """Every name that an expression rests on."""
        return frozenset().union(*(self.depends(name) for name in node.names))

    def rests(self, node: n.Node) -> frozenset[str]:
        """The same, but that the parameters of a function are no names where it is called."""
        return frozenset().union(*map(self._reached, _items(node)))

    def _reached(self, item: tuple[str, bool]) -> frozenset[str]:
        key = "{}({})".format(*item)
        if key not in self.reach:
            seen, stack = set(), [item]
            while stack:
                current = stack.pop()
                if current not in seen:
                    seen.add(current)
                    name, called = current
                    found = self.definitions.get(name)
                    inside = _items(found.body) if found else set()
                    own = found.parameters if found and found.function and called else ()
                    stack += [x for x in inside if x[0] not in own]
                    stack += [(x, False) for x in starts_of(name)] if is_recurrence(found) else []
            self.reach[key] = frozenset(name for name, _ in seen)
        return self.reach[key]

    def but(self, **changes: Any) -> "Scope":
        """The same scope with other fields; what was found of its definitions is found anew."""
        return replace(self, **changes, reach={}, whole={})

    def with_definition(self, definition: Definition) -> "Scope":
        """The same scope with one definition put in or exchanged."""
        return self.but(definitions={**self.definitions, definition.name: definition})


def _items(node: n.Node) -> set[tuple[str, bool]]:
    """The names in an expression, each with whether it is that of a function at its arguments."""
    return {(name, isinstance(x, n.Call)) for x in node.walk() for name in x.own_names()}
