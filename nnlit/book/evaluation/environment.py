"""The values of the names of a part, the ranges of index letters, and what evaluates an equation."""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace

import numpy as np

from nnlit.book.evaluation.builtins import BUILTIN, entrywise
from nnlit.book.evaluation.constants import CONSTANTS, constant, ones, ones_of
from nnlit.book.evaluation.ranks import miswritten, unranged
from nnlit.book.evaluation.rules import evaluate
from nnlit.book.evaluation.scope import Definition, Scope, starts_of
from nnlit.book.evaluation.smooth import smooth
from nnlit.book.evaluation.steps import stacked, without
from nnlit.book.evaluation.values import Later, Misfit, Mistake, Value, combine, sized, spread
from nnlit.book.language import nodes as n
from nnlit.book.language.guide import see
from nnlit.book.language.letters import free
from nnlit.book.language.totals import MEMBERS
from nnlit.book.language.vocabulary import Kind
from nnlit.book.source.place import line_words

__all__ = ["CONSTANTS", "Env", "Range", "World", "axes_of", "constant", "evaluate", "partners"]


@dataclass(frozen=True)
class Range:
    """The values of an index letter; `base` is the value that stands for the first entry of an axis."""

    start: int
    size: int
    base: int = 1


class World:
    """The values of all names, some bound, the others computed from their definitions when asked for."""

    def __init__(
        self, scope: Scope, bound: Mapping[str, Value | Later], memo: dict[object, Value] | None = None
    ) -> None:
        self.scope, self.bound = scope, dict(bound)
        self.memo: dict[object, Value] = {} if memo is None else memo
        self.active: list[str] = []
        self.calls = [0]  # of functions within the one that is computed; all copies of a world share this
        self.depth = 0
        self.outside: complex | None = None  # what stands for a value where none is displayed
        self.independent = False  # whether all random variables are taken for independent ones
        self.held: set[tuple[str, str]] | None = None  # what a derivative holds fixed; None where derivatives are total

    def partial(self) -> "World":
        """The same world, in which a derivative of a name stops at what stands in its own definition."""
        world = World(self.scope, self.bound, {k: v for k, v in self.memo.items() if isinstance(k, str)})
        world.held = set()
        return world

    def replaced(self, name: str, value: Value) -> "World":
        """The same world with one name bound to another value; what rests on it is computed anew."""
        world = copy(self)
        world.bound, world.memo, world.active = {**self.bound, name: value}, self.kept(name), list(self.active)
        return world

    def kept(self, name: str) -> dict[object, Value]:
        """The computed values that do not rest on a name."""
        return {k: v for k, v in self.memo.items() if isinstance(k, str) and name not in self.scope.depends(k)}

    def copied(self) -> "World":
        """The same world, in which names can be bound without changing this one."""
        world = copy(self)
        world.bound, world.memo, world.active = dict(self.bound), dict(self.memo), list(self.active)
        return world

    def function(self, name: str) -> Callable[[list[Value]], Value] | None:
        """A function that no displayed equation defines: a row says that it is any smooth one, or which one it is."""
        if name in self.scope.definitions:
            return None
        if name in self.scope.aliases:
            return BUILTIN.get(self.scope.aliases[name]) or entrywise(self.scope.aliases[name])
        signature = self.scope.smooth.get(name)
        return smooth(name, signature, self.shape) if signature else None

    def shape(self, axes: Sequence[n.Node]) -> tuple[int, ...]:
        """The numbers of a shape."""
        return tuple(map(self.integer, axes))

    def lookup(self, name: str) -> Value | None:
        """The value that a name is bound to, if any."""
        found = self.bound.get(name)
        return found.value if isinstance(found, Later) else found

    def knows(self, name: str) -> bool:
        """Whether a name has a value."""
        return self.lookup(name) is not None or name in self.scope.definitions or bool(ones_of(name))

    def value(self, name: str) -> Value:
        """The value of a name."""
        value = self.upright(name)
        row, upright = name in self.scope.rows, name in self.scope.columns
        return replace(value, row=row, upright=upright) if (row or upright) and len(value.shape) == 1 else value

    def upright(self, name: str) -> Value:
        """The value of a name, a vector as a column."""
        found = self.lookup(name)
        if found is not None:
            return found
        if name not in self.memo:
            self.memo[name] = self.computed(name)
        return self.memo[name]

    def computed(self, name: str) -> Value:
        """The value that a name has by its definition, or as a constant."""
        definition = self.scope.definitions.get(name)
        if definition is None and (axes := ones_of(name)):
            return ones(self.shape(axes))
        if definition is None and name in self.scope.refused:
            line = self.scope.refused[name]
            raise Mistake(f"{name} has no value, since the display at {line_words(line)} was refused", because=line)
        if definition is None:
            return constant(name, table=self.scope.tables)
        if definition.function:
            return self.at_its_arguments(definition)
        if name in self.scope.recurrent and name not in self.active:
            return self.unrolled(definition)
        if self.active and self.active[-1] == name:
            what = f"{name} rests on itself: a recurrence is not unrolled, but with an integer row for its step"
            raise Mistake(f"{what} one step can be checked, with a row for the value before it{see('recurrence')}")
        if name in self.active:
            raise Mistake(f"the definitions of {' and '.join(self.active[self.active.index(name) :])} use each other")
        self.active.append(name)
        try:
            return self.shaped(name, self.whole(definition))
        finally:
            self.active.pop()

    def at_its_arguments(self, definition: Definition) -> Value:
        r"""`J` alone, of a displayed `J(\theta)`: its value, a number, at what its arguments are called."""
        arguments = tuple(map(n.Symbol, definition.parameters))
        call, known = n.Call(definition.name, arguments), all(map(self.knows, definition.parameters))
        value = evaluate(call, Env(self, {}, arguments)) if known else None
        if value is None or value.shape or value.letters:
            raise Mistake(f"{definition.name} is a function: write its argument")
        return value

    def unrolled(self, definition: Definition) -> Value:
        """All values of a recurrence, the start first, along the first axis."""
        (letter,) = definition.letters
        known = [start for start in starts_of(definition.name) if self.knows(start)]
        if len(known) > 1:
            raise Mistake(f"with which of {' and '.join(known)} does {definition.name} begin?{see('recurrence')}")
        if not known:
            ask = f"where does {definition.name} begin? give {definition.name}_0 a row, or display it"
            raise Mistake(ask + see("recurrence"))
        (start,) = known
        count = Env(self, {}, (definition.body,)).inferred(letter, None)
        if not count:
            raise Mistake(
                f"how many steps has {definition.name}? nothing beside it is indexed by {letter}{see('recurrence')}"
            )
        found = [self.value(start)]
        for k in range(1, count + 1):
            inner = self.replaced(definition.name, stacked(found))
            value = evaluate(definition.body, Env(inner, {letter: Range(k, 1, 1)}, (definition.body,)))
            found.append(without(value, letter))
            if found[-1].shape != found[0].shape:
                what = f"{start} is of shape {found[0].shape}, {definition.name} of shape {found[-1].shape}"
                raise Misfit(f"a step of {definition.name} does not fit its start: {what}")
        return stacked(found)

    def whole(self, definition: Definition) -> Value:
        """A definition's body as an array: its letters become axes, in the order of the left side."""
        env = Env(self, self.declared(definition), (definition.body,))
        env = env.with_letters([x for x in definition.letters if x not in env.ranges])
        return env.gathered(definition.body, definition.letters)

    def declared(self, definition: Definition) -> dict[str, Range]:
        """Ranges of the left side's letters as far as the Symbols table gives them."""
        axes = self.scope.shapes.get(definition.name, ())
        if len(axes) != len(definition.letters):
            return {}
        sizes = [self.integer(axis) for axis in axes]
        return {x: Range(self.base(x), s, self.base(x)) for x, s in zip(definition.letters, sizes, strict=True)}

    def base(self, letter: str) -> int:
        """What a letter without written bounds counts from: zero, as in Python, unless the Symbols table says one."""
        return self.scope.bases.get(letter, 0)

    def integer(self, node: n.Node) -> int:
        """The value of an expression that must be a whole number."""
        value = evaluate(node, Env(self, {}, (node,)))
        if value.data.size != 1 or float(value.data.real.flat[0]) != round(float(value.data.real.flat[0])):
            raise Mistake("a size or a bound must be one whole number")
        return round(float(value.data.real.flat[0]))

    def has_size(self, node: n.Node) -> bool:
        """Whether all names in an expression for a size have values: a code line may not hold them."""
        return all(self.knows(name) for name in node.names)

    def shaped(self, name: str, value: Value) -> Value:
        """A defined value against the shape that the Symbols table declares."""
        axes = self.scope.shapes.get(name)
        if axes is None:
            return value
        want = tuple(self.integer(axis) for axis in axes)
        if value.shape != want and tuple(s for s in want if s != 1) == value.shape and len(value.shape) == 1:
            return Value(value.data.reshape((*value.data.shape[: len(value.letters)], *want)), value.letters)
        if value.shape != want:
            raise Misfit(f"{name} is declared with shape {want} but its equation is {sized(value.shape)}")
        return value


@dataclass(frozen=True)
class Env:
    """A world, the ranges of the letters in force, the whole equation, and for which letters' values it counts."""

    world: World
    ranges: Mapping[str, Range]
    context: tuple[n.Node, ...]
    domain: Value | None = None

    def within(self, mask: Value) -> "Env":
        """The same where a condition holds."""
        return replace(self, domain=mask if self.domain is None else combine(np.logical_and, self.domain, mask))

    def with_letters(self, letters: Sequence[str], near: n.Node | None = None) -> "Env":
        """The same with ranges for more letters, from the axes that they are indices of."""
        found = dict(self.ranges)
        for letter in letters:
            found[letter] = self.range(letter, near)
        return replace(self, ranges=found)

    def range(self, letter: str, near: n.Node | None) -> Range:
        """The range of a letter: declared, or from the axes in its own sum, or from the whole equation."""
        base = 1 if self.counts_steps(letter, near) else self.world.base(letter)
        named = self.world.scope.chances.variable(letter) or letter
        if named in self.world.scope.ranges:
            size = self.world.integer(self.world.scope.ranges[named])
            self.crossed(letter, (near,) if near else self.context, size)
            return Range(base, size, base)
        size = self.inferred(letter, near)
        if not size:
            raise Mistake(unranged(letter, (*((near,) if near else ()), *self.context)))
        return Range(base, size, base)

    def counts_steps(self, letter: str, near: n.Node | None) -> bool:
        """Whether a letter stands at a step of a recurrence: these count from one."""
        steps = self.world.scope.recurrent
        nodes = (x for node in (near, *self.context) if node and steps for x in node.walk())
        indexed = [x for x in nodes if isinstance(x, n.Symbol) and x.indices and x.name in steps]
        return any(n.Letter(letter) in x.indices[0].walk() for x in indexed)

    def inferred(self, letter: str, near: n.Node | None) -> int:
        """The size of the axes that a letter, or else one it is compared with, indexes; zero where there is none."""
        own = ((letter, nodes) for nodes in ((near,) if near else (), self.context))
        others = ((other, self.context) for other in partners(letter, self.context))
        sizes = (self.crossed(x, nodes, 0) for x, nodes in itertools.chain(own, others))
        return next((size for size in sizes if size), 0)

    def crossed(self, letter: str, nodes: Sequence[n.Node], size: int) -> int:
        """The size that all axes indexed by a letter agree on; zero where there is none."""
        weak = 0
        for axis, name, found in itertools.chain(*(axes_of(x, letter, self.world) for x in nodes)):
            if name in self.world.scope.padded:
                weak = weak or found
            elif size and size != found:
                raise Misfit(f"index {letter} ranges over {size} but axis {axis} of {name} has {found}")
            else:
                size = found
        return size or weak

    def gathered(self, node: n.Node, letters: Sequence[str]) -> Value:
        """A value of which some letters have become the axes of an array, in this order."""
        value = evaluate(node, self)
        rest = tuple(x for x in value.letters if x not in letters)
        data = spread(value, (*rest, *letters), len(value.shape))
        sizes = [value.size(x) for x in rest] + [self.ranges[x].size for x in letters]
        data = np.broadcast_to(data, (*sizes, *value.shape))
        return Value(data, rest, value.row and not letters, value.upright and not letters)


def partners(letter: str, nodes: Sequence[n.Node]) -> Iterator[str]:
    """The letters that a letter is compared with."""
    for node in (x for side in nodes for x in side.walk() if isinstance(x, n.Relation)):
        if (
            isinstance(node.left, n.Letter)
            and isinstance(node.right, n.Letter)
            and letter in {node.left.name, node.right.name}
        ):
            yield node.right.name if node.left.name == letter else node.left.name


def axes_of(node: n.Node, letter: str, world: World) -> Iterator[tuple[int, str, int]]:
    """Where a letter alone indexes an axis: its number, the array's name, its size."""
    for found in node.indexed.get(letter, ()):
        if isinstance(found, n.Relation):
            yield from labelled(found, letter, world)
        elif isinstance(found, n.Symbol | n.Entry):
            yield from indexed_axes(found, letter, world)


def indexed_axes(node: n.Symbol | n.Entry, letter: str, world: World) -> Iterator[tuple[int, str, int]]:
    """The axes of an array, or of an expression in brackets, that a letter indexes."""
    if isinstance(node, n.Symbol) and world.scope.kind(node.name) == Kind.KRONECKER:
        return
    name = node.name if isinstance(node, n.Symbol) else "the expression"
    if name in world.scope.recurrent:
        yield 0, name, world.value(name).shape[0] - 1
        return
    for axis, index in enumerate(node.indices):
        if index == n.Letter(letter):
            yield axis, name, axis_size(world, node, axis)


def labelled(node: n.Relation, letter: str, world: World) -> Iterator[tuple[int, str, int]]:
    """A letter compared with a class label ranges over the classes, one in a set over what the set is taken from."""
    for one, other in ((node.left, node.right), (node.right, node.left)):
        if one != n.Letter(letter) or not isinstance(other, n.Symbol | n.Letter):
            continue
        if variable := world.scope.chances.variable(other.name):
            yield 0, other.name, world.integer(world.scope.ranges[variable])
        elif node.counts:
            shape = world.value(other.name).shape
            yield from ((0, other.name, size) for size in shape[:1])
        elif other.name in world.scope.classes and world.has_size(world.scope.classes[other.name]):
            yield 0, other.name, world.integer(world.scope.classes[other.name])


def axis_size(world: World, node: n.Symbol | n.Entry, axis: int) -> int:
    """The length of one axis of what is written with indices."""
    if isinstance(node, n.Entry):
        shifted = [x for x in free(node.body) if x not in node.body.indexed]  # its shape is the same at every step
        inside = Env(world, dict.fromkeys(shifted, Range(1, 1, 1)), (node.body,))
        name, value = "the expression", evaluate(node.body, inside.with_letters(list(node.body.indexed)))
    else:
        name, value = node.name, world.value(node.name)
    if len(value.shape) != len(node.indices) and not name.endswith(MEMBERS):
        raise miswritten(name, len(value.shape), node.indices, world.scope)
    return int(value.shape[axis])
