"""What every node of an equation can do: name its parts, its names and its letters, and be rebuilt."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from nnlit.book.language.spans import Span
from nnlit.book.source.place import BookError, Place

DEEPEST = 100  # nodes above each other that the walks of this package can carry


@dataclass(frozen=True)
class Node:
    """A piece of an equation; its children are the nodes in its fields, also those inside tuples.

    `span` is where it stands in the file; two nodes that differ in this alone are the same.
    """

    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)

    def __init_subclass__(cls) -> None:
        """A class of nodes keeps this hash; `dataclass` would give it one that walks the whole tree every time."""
        cls.__hash__ = Node.__hash__  # type: ignore[method-assign]

    def __hash__(self) -> int:
        """The hash of what is compared, which is computed once."""
        return self.hashed

    def __getstate__(self) -> dict[str, Any]:
        """The fields alone: what is computed from them may be another number in another process."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    @cached_property
    def hashed(self) -> int:
        """See `__hash__`."""
        compared = (name for name, found in self.__dataclass_fields__.items() if found.compare)
        return hash((type(self), *(getattr(self, name) for name in compared)))

    @cached_property
    def parts(self) -> tuple["Node", ...]:
        """The nodes directly below this one, in the order in which they are read."""
        return tuple(part for name in self.__dataclass_fields__ for part in _nodes(getattr(self, name)))

    @cached_property
    def every(self) -> tuple["Node", ...]:
        """This node and all nodes below it, each before its children."""
        return (self, *(node for part in self.parts for node in part.every))

    @cached_property
    def names(self) -> tuple[str, ...]:
        r"""The names that stand in this expression; of a derivative also `\partial L/\partial W` itself."""
        return tuple(name for node in self.every for name in node.own_names())

    @cached_property
    def indexed(self) -> dict[str, tuple["Node", ...]]:
        """For every letter that is free here the nodes that tell its range: arrays it indexes, comparisons it is in."""
        found: dict[str, tuple[Node, ...]] = dict.fromkeys(self.own_letters(), (self,))
        for part in self.searched():
            for letter, nodes in part.indexed.items():
                found[letter] = found.get(letter, ()) + nodes
        return {letter: nodes for letter, nodes in found.items() if letter not in self.bounded()}

    def own_names(self) -> tuple[str, ...]:
        """The names that this node itself says."""
        return ()

    def own_letters(self) -> tuple[str, ...]:
        """The letters of whose range this node itself tells something."""
        return ()

    def searched(self) -> tuple["Node", ...]:
        """The parts whose letters are letters of this node."""
        return self.parts

    def bounded(self) -> tuple[str, ...]:
        """The letters that have written bounds here."""
        return ()

    def children(self) -> tuple["Node", ...]:
        """The nodes directly below this one."""
        return self.parts

    def walk(self) -> tuple["Node", ...]:
        """This node and all nodes below it."""
        return self.every

    def map(self, change: Callable[["Node"], "Node"]) -> "Node":
        """The same node with every child replaced by `change(child)`."""
        if not self.parts:
            return self
        return replace(self, **{name: _mapped(getattr(self, name), change) for name in self.__dataclass_fields__})


@dataclass(frozen=True)
class Rest(Node):
    r"""The terms of a series that are left out: `1 + x + \cdots`."""


@dataclass(frozen=True)
class Infinity(Node):
    """The target of a limit without bound."""


def _nodes(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _nodes(part)


def _mapped(value: Any, change: Callable[[Node], Node]) -> Any:
    if isinstance(value, Node):
        return change(value)
    return tuple(_mapped(part, change) for part in value) if isinstance(value, tuple) else value


def bounded_depth(node: Node, place: Place) -> None:
    """Raise BookError for an expression too deep to be walked: it is measured floor by floor."""
    floor, deep = [node], 0
    while floor:
        deep += 1
        if deep > DEEPEST:
            message = f"this expression has more than {DEEPEST} operations on top of each other, or terms in a row"
            raise BookError(place, f"{message}: give a part of it a name")
        floor = [part for x in floor for name in x.__dataclass_fields__ for part in _nodes(getattr(x, name))]


def upstream(numerator: str, denominator: str) -> str:
    r"""The name of a gradient: `\partial L/\partial Z`."""
    return rf"\partial {numerator}/\partial {denominator}"
