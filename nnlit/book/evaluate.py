r"""Nodes and bindings to numbers, as a reader would compute them; derivatives by complex step.

Index form means what it says, entry by entry, for every value of its letters. It is computed with one array axis per
letter instead of loops: the same values. A perturbed symbol is an array with one more such axis, so that a whole
Jacobian is one evaluation; an expectation has one for the outcomes.
"""

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from functools import singledispatch

import numpy as np

from nnlit.book import nodes as n
from nnlit.book.chapter import Place
from nnlit.book.functions import BUILTIN, entrywise
from nnlit.book.tex import Names
from nnlit.book.values import (
    Array,
    Mistake,
    Value,
    absolute,
    combine,
    power,
    product,
    reduced,
    sized,
    spread,
    union,
    weighed,
)

STEP = 1e-30
OFFSETS = np.array([-4, -3, -2, -1, 1, 2, 3, 4]) * 0.02
WEIGHTS = np.array([1 / 280, -4 / 105, 1 / 5, -4 / 5, 4 / 5, -1 / 5, 4 / 105, -1 / 280]) / 0.02
SERIAL = itertools.count()
CONSTANTS = {"e": math.e, r"\pi": math.pi}


@dataclass(frozen=True)
class Range:
    """The values of an index letter; `base` is the value that stands for the first entry of an axis."""

    start: int
    size: int
    base: int = 1


@dataclass(frozen=True)
class Definition:
    """A displayed equation with a name on its left: letters for index form, parameters for a function."""

    name: str
    body: n.Node
    place: Place
    letters: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    function: bool = False


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
    random: Mapping[str, Callable[["World"], Outcomes]] = field(default_factory=dict)
    tables: bool = True
    reach: dict[str, frozenset[str]] = field(default_factory=dict)

    def kind(self, name: str) -> str:
        """The kind of a name, or nothing."""
        return self.names.kinds.get(name, "")

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
            self.reach[name] = frozenset(seen)
        return self.reach[name]

    def uses(self, node: n.Node) -> frozenset[str]:
        """Every name that an expression rests on."""
        return frozenset().union(*(self.depends(name) for name in node.names))

    def with_definition(self, definition: Definition) -> "Scope":
        """The same scope with one definition put in or exchanged."""
        return replace(self, definitions={**self.definitions, definition.name: definition}, reach={})


class World:
    """The values of all names, some bound, the others computed from their definitions when asked for."""

    def __init__(self, scope: Scope, bound: Mapping[str, Value], memo: dict[object, Value] | None = None) -> None:
        self.scope, self.bound = scope, dict(bound)
        self.memo: dict[object, Value] = {} if memo is None else memo
        self.active: list[str] = []
        self.depth = 0

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
        """A function that is given, not defined by a displayed equation: only a code line has such."""
        return None

    def lookup(self, name: str) -> Value | None:
        """The value that a name is bound to, if any."""
        return self.bound.get(name)

    def knows(self, name: str) -> bool:
        """Whether a name has a value."""
        return self.lookup(name) is not None or name in self.scope.definitions

    def value(self, name: str) -> Value:
        """The value of a name."""
        found = self.lookup(name)
        if found is not None:
            return found
        if name not in self.memo:
            self.memo[name] = self.computed(name)
        return self.memo[name]

    def computed(self, name: str) -> Value:
        """The value that a name has by its definition, or as a constant."""
        definition = self.scope.definitions.get(name)
        if definition is None:
            return constant(name, table=self.scope.tables)
        if definition.function:
            raise Mistake(f"{name} is a function: write its argument")
        if name in self.active:
            raise Mistake(f"the definitions of {' and '.join(self.active[self.active.index(name) :])} use each other")
        self.active.append(name)
        try:
            return self.shaped(name, self.whole(definition))
        finally:
            self.active.pop()

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
            raise Mistake(f"{name} is declared with shape {want} but its equation gives {sized(value.shape)}")
        return value


def constant(name: str, *, table: bool = True) -> Value:
    """The value of e and of pi."""
    if name in CONSTANTS:
        return Value(np.array(CONSTANTS[name]))
    if not table:
        raise Mistake(f"{name} has no value: no Symbols table (symbol | shape | code | meaning) is valid here")
    raise Mistake(f"{name} has no value: it is neither in the Symbols table nor defined by a displayed equation")


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
        base = self.world.base(letter)
        if letter in self.world.scope.ranges:
            size = self.world.integer(self.world.scope.ranges[letter])
            self.crossed(letter, (near,) if near else self.context, size)
            return Range(base, size, base)
        for nodes in ((near,) if near else (), self.context):
            size = self.crossed(letter, nodes, 0)
            if size:
                return Range(base, size, base)
        for other in partners(letter, self.context):
            size = self.crossed(other, self.context, 0)
            if size:
                return Range(base, size, base)
        raise Mistake(
            f"the range of index {letter} cannot be inferred: no axis of an array is indexed by {letter} alone "
            f"(a time step is declared as integer; a range is stated in a row with the shape index)"
        )

    def crossed(self, letter: str, nodes: Sequence[n.Node], size: int) -> int:
        """The size that all axes indexed by a letter agree on; zero where there is none."""
        weak = 0
        for axis, name, found in itertools.chain(*(axes_of(x, letter, self.world) for x in nodes)):
            if name in self.world.scope.padded:
                weak = weak or found
            elif size and size != found:
                raise Mistake(f"index {letter} ranges over {size} but axis {axis} of {name} has {found}")
            else:
                size = found
        return size or weak

    def gathered(self, node: n.Node, letters: Sequence[str]) -> Value:
        """A value of which some letters have become the axes of an array, in this order."""
        value = evaluate(node, self)
        rest = tuple(x for x in value.letters if x not in letters)
        data = spread(value, (*rest, *letters), len(value.shape))
        sizes = [value.size(x) for x in rest] + [self.ranges[x].size for x in letters]
        return Value(np.broadcast_to(data, (*sizes, *value.shape)), rest, value.row and not letters)


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
    if isinstance(node, n.Big) and letter in node.letters and node.low is not None:
        return
    if isinstance(node, n.Symbol | n.Entry) and n.Letter(letter) in node.indices:
        yield from indexed_axes(node, letter, world)
    if isinstance(node, n.Relation):
        yield from labelled(node, letter, world)
    for child in () if isinstance(node, n.Relation) and node.operator == r"\in" else node.children():
        yield from axes_of(child, letter, world)


def indexed_axes(node: n.Symbol | n.Entry, letter: str, world: World) -> Iterator[tuple[int, str, int]]:
    """The axes of an array, or of an expression in brackets, that a letter indexes."""
    if isinstance(node, n.Symbol) and world.scope.kind(node.name) == "kronecker":
        return
    name = node.name if isinstance(node, n.Symbol) else "the expression"
    for axis, index in enumerate(node.indices):
        if index == n.Letter(letter):
            yield axis, name, axis_size(world, node, axis)


def labelled(node: n.Relation, letter: str, world: World) -> Iterator[tuple[int, str, int]]:
    """A letter compared with a class label ranges over the classes, one in a set over what the set is taken from."""
    for one, other in ((node.left, node.right), (node.right, node.left)):
        if one != n.Letter(letter) or not isinstance(other, n.Symbol):
            continue
        if node.operator == r"\in":
            yield 0, other.name, world.value(other.name).shape[0]
        elif other.name in world.scope.classes and world.has_size(world.scope.classes[other.name]):
            yield 0, other.name, world.integer(world.scope.classes[other.name])


def axis_size(world: World, node: n.Symbol | n.Entry, axis: int) -> int:
    """The length of one axis of what is written with indices."""
    if isinstance(node, n.Entry):
        name, value = "the expression", evaluate(node.body, Env(world, {}, (node.body,)))
    else:
        name, value = node.name, world.value(node.name)
    if len(value.shape) != len(node.indices):
        raise Mistake(f"{name} has {len(value.shape)} axes but is written with {len(node.indices)} indices")
    return int(value.shape[axis])


@singledispatch
def evaluate(node: n.Node, env: Env) -> Value:
    """The value of a node; its letters that the environment ranges over become named axes."""
    raise Mistake(f"{type(node).__name__} has no value here")


@evaluate.register
def _(node: n.Number, env: Env) -> Value:
    return Value(np.array(float(node.text)))


@evaluate.register
def _(node: n.Letter, env: Env) -> Value:
    if node.name in env.ranges:
        found = env.ranges[node.name]
        return Value(np.arange(found.start, found.start + found.size, dtype=float), (node.name,))
    if env.world.knows(node.name):
        return env.world.value(node.name)
    raise Mistake(f"index {node.name} has no range here")


@evaluate.register
def _(node: n.Symbol, env: Env) -> Value:
    if env.world.scope.kind(node.name) == "kronecker":
        return kronecker(node, env)
    value = env.world.value(node.name)
    return entries(value, node.indices, node.name, env) if node.indices else value


@evaluate.register
def _(node: n.Entry, env: Env) -> Value:
    return entries(evaluate(node.body, env), node.indices, "the expression", env)


@evaluate.register
def _(node: n.Negative, env: Env) -> Value:
    value = evaluate(node.body, env)
    return replace(value, data=-value.data)


@evaluate.register
def _(node: n.Add, env: Env) -> Value:
    return combine(np.add, evaluate(node.left, env), evaluate(node.right, env), "+")


@evaluate.register
def _(node: n.Subtract, env: Env) -> Value:
    return combine(np.subtract, evaluate(node.left, env), evaluate(node.right, env), "-")


@evaluate.register
def _(node: n.Product, env: Env) -> Value:
    return product(evaluate(node.left, env), evaluate(node.right, env), dot=node.dot)


@evaluate.register
def _(node: n.Hadamard, env: Env) -> Value:
    return combine(np.multiply, evaluate(node.left, env), evaluate(node.right, env), r"\odot")


@evaluate.register
def _(node: n.Fraction, env: Env) -> Value:
    return combine(np.divide, evaluate(node.top, env), evaluate(node.bottom, env), r"\frac")


@evaluate.register
def _(node: n.Power, env: Env) -> Value:
    exponent = evaluate(node.exponent, env)
    if node.base == n.Symbol("e") and not env.world.knows("e"):
        return replace(exponent, data=np.exp(exponent.data))
    base = evaluate(node.base, env)
    if len(base.shape) == 2 and not node.entries:
        return matrix_power(base, exponent)
    return combine(power, base, exponent, "a power")


def matrix_power(base: Value, exponent: Value) -> Value:
    """Of a square matrix the product with itself or the inverse; of another one entry by entry."""
    square = base.shape[0] == base.shape[1]
    whole = exponent.data.size == 1 and float(exponent.data.real.flat[0]).is_integer()
    if not square and whole and float(exponent.data.real.flat[0]) < 0:
        raise Mistake(f"inverse of a matrix of shape {base.shape}")
    if not square or exponent.shape:
        return combine(power, base, exponent, "a power")
    if not whole:
        raise Mistake(r"a square matrix to a broken power: write ^{\odot 0.5} if every entry is meant")
    return replace(base, data=np.linalg.matrix_power(base.data, round(float(exponent.data.real.flat[0]))))


@evaluate.register
def _(node: n.Transpose, env: Env) -> Value:
    value = evaluate(node.body, env)
    if len(value.shape) == 1:
        return replace(value, row=not value.row)
    if len(value.shape) != 2:
        raise Mistake(rf"^\top on {sized(value.shape) if value.shape else 'a number'}")
    return Value(np.swapaxes(value.data, -1, -2), value.letters)


@evaluate.register
def _(node: n.Matrix, env: Env) -> Value:
    cells = [evaluate(cell, env) for row in node.rows for cell in row]
    if any(cell.shape for cell in cells):
        raise Mistake("the entries of a written-out matrix must be numbers")
    letters = union(*cells)
    arrays = np.broadcast_arrays(*(spread(cell, letters, 0) for cell in cells))
    rows, columns = len(node.rows), len(node.rows[0])
    shape = (len(cells),) if 1 in {rows, columns} else (rows, columns)
    data = np.stack(arrays, axis=-1)
    return Value(data.reshape((*data.shape[:-1], *shape)), letters, row=rows == 1 and columns > 1)


@evaluate.register
def _(node: n.Norm, env: Env) -> Value:
    value = evaluate(node.body, env)
    axes = tuple(range(len(value.letters), value.data.ndim))
    if node.kind == "2":
        return Value(np.sqrt((value.data * value.data).sum(axis=axes)), value.letters)
    size = absolute(value.data)
    if node.kind == "1":
        return Value(size.sum(axis=axes), value.letters)
    return reduced("max", Value(size.reshape(*size.shape[: len(value.letters)], -1), value.letters))


@evaluate.register
def _(node: n.Absolute, env: Env) -> Value:
    value = evaluate(node.body, env)
    return replace(value, data=absolute(value.data))


@evaluate.register
def _(node: n.Inner, env: Env) -> Value:
    value = combine(np.multiply, evaluate(node.left, env), evaluate(node.right, env), r"\langle a, b \rangle")
    return Value(value.data.sum(axis=tuple(range(len(value.letters), value.data.ndim))), value.letters)


@evaluate.register
def _(node: n.Factorial, env: Env) -> Value:
    value = evaluate(node.body, env)
    return replace(value, data=np.vectorize(lambda x: math.gamma(x + 1), otypes=[float])(value.data.real))


@evaluate.register
def _(node: n.Binomial, env: Env) -> Value:
    def choose(a: Array, b: Array) -> Array:
        return np.asarray(np.vectorize(lambda x, y: math.comb(round(x), round(y)), otypes=[float])(a.real, b.real))

    return combine(choose, evaluate(node.top, env), evaluate(node.bottom, env), r"\binom")


# indices


def entries(value: Value, indices: tuple[n.Node, ...], name: str, env: Env) -> Value:
    """The entries of an array at its indices, for all values of their letters."""
    if len(indices) != len(value.shape):
        raise Mistake(f"{name} has {len(value.shape)} axes but is written with {len(indices)} indices")
    plain = tuple(x.name for x in indices if isinstance(x, n.Letter))
    whole = [Range(r.base, size, r.base) == r for r, size in zip(map(env.ranges.get, plain), value.shape) if r]  # noqa: B905
    new = len(set(plain)) == len(indices) and not set(plain) & set(value.letters)
    if new and len(whole) == len(indices) and all(whole):
        return Value(value.data, value.letters + plain)
    return picked(value, indices, name, env)


def picked(value: Value, indices: tuple[n.Node, ...], name: str, env: Env) -> Value:
    """Entries at computed positions; outside the array they are zero where the Symbols table says so."""
    kept = [f"axis{k}" for k, index in enumerate(indices) if isinstance(index, n.Whole)]
    first = env.world.scope.bases.get(name, 1)
    sizes = enumerate(zip(indices, value.shape, strict=True))
    places = [position(x, env, f"axis{k}", size, first) for k, (x, size) in sizes]
    letters = tuple(x for x in union(value, *places) if x not in kept) + tuple(kept)
    index = [spread(p, letters, 0) for p in places]
    own = [spread(Value(np.arange(value.size(x)), (x,)), letters, 0) for x in value.letters]
    clipped = [np.clip(p, 0, size - 1) for p, size in zip(index, value.shape, strict=True)]
    data = value.data[tuple(own + clipped)]
    return Value(cleared(data, index, value, letters=letters, name=name, env=env), letters[: len(letters) - len(kept)])


def cleared(data: Array, index: list[Array], value: Value, *, letters: tuple[str, ...], name: str, env: Env) -> Array:
    """Entries with zeros where an index lies outside the array, if it may."""
    inside = np.ones((1,) * len(letters), dtype=bool)
    for p, size in zip(index, value.shape, strict=True):
        inside = inside & (p >= 0) & (p < size)
    if inside.all():
        return data
    if name not in env.world.scope.padded:
        guard(Value(inside, letters), index, name, value, env)
    return np.where(inside, data, 0)


def guard(inside: Value, index: list[Array], name: str, value: Value, env: Env) -> None:
    """An index outside an array is an error unless a condition excludes it."""
    if env.domain is not None:
        both = union(inside, env.domain)
        outside = ~spread(inside, both, 0) & spread(env.domain, both, 0)
        if not outside.any():
            return
    axis = next(
        k for k, (p, size) in enumerate(zip(index, value.shape, strict=True)) if (p < 0).any() or (p >= size).any()
    )
    raise Mistake(f"an index runs outside axis {axis} of {name}, which has {value.shape[axis]} entries")


def position(index: n.Node, env: Env, axis: str, size: int, first: int) -> Value:
    """Positions along an axis, counted from zero; `first` is what a written number counts from."""
    if isinstance(index, n.Whole):
        return Value(np.arange(size), (axis,))
    value = evaluate(index, env)
    if value.shape:
        raise Mistake("an index must be a number")
    return Value(np.rint(value.data.real).astype(int) - base_of(index, env, first), value.letters)


def base_of(index: n.Node, env: Env, first: int = 1) -> int:
    """What an index counts from: as its letters do, class labels from zero, written numbers from `first`."""
    bases = [env.ranges[x.name].base for x in index.walk() if isinstance(x, n.Letter) and x.name in env.ranges]
    if any(isinstance(x, n.Symbol) and env.world.scope.kind(x.name) == "labels" for x in index.walk()):
        return 0
    return max(bases) if bases else first


def is_index(node: n.Node, env: Env) -> bool:
    """Whether something counts along an axis: an index letter, or a class label."""
    return any(
        (isinstance(x, n.Letter) and x.name in env.ranges)
        or (isinstance(x, n.Symbol) and env.world.scope.kind(x.name) == "labels")
        for x in node.walk()
    )


def kronecker(node: n.Symbol, env: Env) -> Value:
    """One where both indices agree."""
    if len(node.indices) != 2:
        raise Mistake(f"the Kronecker delta {node.name} has two indices")
    return evaluate(n.Indicator((n.Relation("=", *node.indices),)), env)


COMPARE: dict[str, Callable[[Array, Array], Array]] = {
    "=": np.equal,
    r"\ne": np.not_equal,
    "<": np.less,
    ">": np.greater,
    r"\le": np.less_equal,
    r"\ge": np.greater_equal,
}


@evaluate.register
def _(node: n.Relation, env: Env) -> Value:
    if node.operator == r"\in":
        counts = membership(node, env)
        return replace(counts, data=counts.data > 0)
    if node.operator not in COMPARE:
        raise Mistake(f"{node.operator} cannot be a condition")
    left, right = evaluate(node.left, env), evaluate(node.right, env)
    if is_index(node.left, env) and is_index(node.right, env):
        left = replace(left, data=left.data - base_of(node.left, env))
        right = replace(right, data=right.data - base_of(node.right, env))
    return combine(lambda a, b: COMPARE[node.operator](a.real, b.real), left, right, node.operator)


@evaluate.register
def _(node: n.Indicator, env: Env) -> Value:
    mask = conjunction(node.relations, env)
    return replace(mask, data=mask.data.astype(float))


def conjunction(relations: Sequence[n.Relation], env: Env) -> Value:
    """Where all relations hold."""
    mask = Value(np.array(True))
    for relation in relations:
        mask = combine(np.logical_and, mask, evaluate(relation, env), "a condition")
    return mask


@evaluate.register
def _(node: n.Cases, env: Env) -> Value:
    result, rest = Value(np.array(0.0)), Value(np.array(True))
    for case in node.rows:
        mask = combine(np.logical_and, rest, conjunction(case.condition, env), "a condition")
        value = evaluate(case.value, env.within(mask) if not mask.shape else env)
        shown = combine(lambda m, v: np.where(m, v, 0), mask, value, "cases")
        result = combine(np.add, result, shown, "cases")
        rest = combine(lambda r, m: r & ~m, rest, mask, "cases")
    return result


# sums and their kin

NEUTRAL = {"sum": 0.0, "prod": 1.0, "max": -np.inf, "min": np.inf, "argmax": -np.inf, "argmin": np.inf}


@evaluate.register
def _(node: n.Big, env: Env) -> Value:
    inner, mask = (bounded if node.low is not None else unbounded)(node, env)
    if any(inner.ranges[x].size <= 0 for x in node.letters):
        return Value(np.array(NEUTRAL[node.operator]))
    counts = None
    if node.condition is not None and node.condition.operator == r"\in":
        counts = membership(node.condition, inner)
        mask = replace(counts, data=counts.data > 0)
    elif node.condition is not None:
        mask = combine(np.logical_and, mask, evaluate(node.condition, inner), "a condition")
    value = evaluate(node.body, inner.within(mask))
    if counts is not None and node.operator == "sum":
        value = combine(np.multiply, value, counts)
    if mask.letters:
        value = combine(lambda v, m: np.where(m, v, NEUTRAL[node.operator]), value, mask)
    return folded(node, value, inner)


def bounded(node: n.Big, env: Env) -> tuple[Env, Value]:
    """Letters from a lower to an upper bound; the upper one may depend on letters outside."""
    if node.low is None or node.high is None:
        raise Mistake(f"the range of {', '.join(node.letters)} has a lower bound and no upper one")
    low = env.world.integer(node.low)
    high = evaluate(node.high, env)
    shift = base_of(node.high, env) if is_index(node.high, env) else 1
    top = round(float(high.data.real.max())) + (min(low, 1) - shift if high.letters else 0)
    ranges = {**env.ranges, **{x: Range(low, top - low + 1, 0 if low == 0 else 1) for x in node.letters}}
    inner = replace(env, ranges=ranges)
    mask = Value(np.array(True))
    for letter in node.letters if high.letters else ():
        mask = combine(np.logical_and, mask, evaluate(n.Relation(r"\le", n.Letter(letter), node.high), inner))
    return inner, mask


def unbounded(node: n.Big, env: Env) -> tuple[Env, Value]:
    """Letters over the whole of the axes that they index."""
    whole = n.Big(node.operator, (), node.body, condition=node.condition)
    return env.with_letters(node.letters, whole), Value(np.array(True))


def membership(condition: n.Relation, env: Env) -> Value:
    """How often each value of the letter is in a set."""
    if not isinstance(condition.right, n.Symbol) or condition.right.name not in env.world.scope.sets:
        raise Mistake(r"after \in stands a random set of the Symbols table, such as a batch")
    return entries(env.world.value(condition.right.name), (condition.left,), condition.right.name, env)


def folded(node: n.Big, value: Value, env: Env) -> Value:
    """The body's values put together along the letters."""
    rest = tuple(x for x in value.letters if x not in node.letters)
    sizes = [value.size(x) for x in rest] + [env.ranges[x].size for x in node.letters]
    data = np.broadcast_to(spread(value, (*rest, *node.letters), len(value.shape)), (*sizes, *value.shape))
    data = data.reshape((*sizes[: len(rest)], -1, *value.shape))
    data = np.moveaxis(data, len(rest), -1)
    if node.operator.startswith("arg"):
        first = np.argmax(data.real, axis=-1) if node.operator == "argmax" else np.argmin(data.real, axis=-1)
        return Value(first.astype(float) + env.ranges[node.letters[0]].start, rest)
    return reduced(node.operator, Value(data, rest), row=value.row)


# functions


@evaluate.register
def _(node: n.Call, env: Env) -> Value:
    arguments = [evaluate(x, env) for x in node.arguments]
    definition = env.world.scope.definitions.get(node.function)
    given = env.world.function(node.function)
    apply = given or (user(definition, env) if definition else BUILTIN.get(node.function) or entrywise(node.function))
    if node.primes:
        return differentiated(apply, arguments, node, env)
    return apply(arguments)


def differentiated(apply: Callable[[list[Value]], Value], arguments: list[Value], node: n.Call, env: Env) -> Value:
    """f', or f'', of a function of one number: complex step first, differences of eighth order inside."""
    if len(arguments) != 1:
        raise Mistake(f"{node.function}' needs a function of one number")
    (x,) = arguments
    if node.primes == 1 and not np.iscomplexobj(x.data):
        value = apply([replace(x, data=x.data + 1j * STEP)])
        return replace(value, data=value.data.imag / STEP)
    letter = f"difference {next(SERIAL)}"
    moved = Value(np.stack([x.data + h for h in OFFSETS]), (letter, *x.letters), x.row)
    value = (
        differentiated(apply, [moved], replace(node, primes=node.primes - 1), env)
        if node.primes > 1
        else apply([moved])
    )
    return weighed(value, letter, WEIGHTS)


def user(definition: Definition, env: Env) -> Callable[[list[Value]], Value]:
    """A function that a displayed equation defines; one of numbers works on every entry of an array."""

    def apply(arguments: list[Value]) -> Value:
        if len(arguments) != len(definition.parameters):
            raise Mistake(f"{definition.name} has {len(definition.parameters)} arguments, not {len(arguments)}")
        if definition.name in env.world.active:
            raise Mistake(f"the definition of {definition.name} uses itself")
        serial, world, taken = next(SERIAL), env.world.copied(), 0
        for parameter, argument in zip(definition.parameters, arguments, strict=True):
            extra = len(argument.shape) - len(env.world.scope.shapes.get(parameter, ()))
            taken = max(taken, extra)
            names = tuple(f"entry {serial}.{k}" for k in range(extra, 0, -1))
            world = world.replaced(
                parameter, Value(argument.data, argument.letters + names, argument.row and not names)
            )
        world.active.append(definition.name)
        return restored(world.whole(definition), [f"entry {serial}.{k}" for k in range(taken, 0, -1)], arguments)

    return apply


def restored(value: Value, names: list[str], arguments: list[Value]) -> Value:
    """A result for every entry, as an array of the arguments' shape again."""
    if not names:
        return value
    largest = max(arguments, key=lambda a: len(a.shape)).shape
    rest = tuple(x for x in value.letters if x not in names)
    data = spread(value, (*rest, *names), len(value.shape))
    sizes = [value.size(x) for x in rest]
    return Value(np.broadcast_to(data, (*sizes, *largest[: len(names)], *value.shape)), rest)


# derivatives


@evaluate.register
def _(node: n.Derivative, env: Env) -> Value:
    numerator = called(node.numerator, env)
    if isinstance(numerator, n.Symbol) and len(node.denominators) == 1:
        bound = env.world.lookup(n.upstream(numerator.name, node.denominators[0].name))
        if bound is not None:
            return entry_of(bound, (*numerator.indices, *node.denominators[0].indices), node, env)
    *outer, inner = node.denominators
    if outer:
        return second(numerator, outer[0], inner, env)
    jacobian = sloped(numerator, inner.name, env)
    return slotted(jacobian, inner.indices, inner.name, env)


def called(numerator: n.Node, env: Env) -> n.Node:
    """A function's name over a differential stands for the function at its own parameters."""
    definition = env.world.scope.definitions.get(numerator.name) if isinstance(numerator, n.Symbol) else None
    if definition is None or not definition.function:
        return numerator
    return n.Call(definition.name, tuple(n.Symbol(p) for p in definition.parameters))


def entry_of(bound: Value, indices: tuple[n.Node, ...], node: n.Derivative, env: Env) -> Value:
    """The entries of a given gradient, or all of it."""
    return entries(bound, indices, upstream_of(node), env) if indices else bound


def upstream_of(node: n.Derivative) -> str:
    """A derivative's name, for messages."""
    top = node.numerator.name if isinstance(node.numerator, n.Symbol) else "..."
    return n.upstream(top, node.denominators[0].name)


def sloped(numerator: n.Node, name: str, env: Env) -> Value:
    """All slopes of an expression in all entries of a symbol, which is cut loose from its own definition."""
    letters = tuple(
        sorted((x, r) for x, r in env.ranges.items() if any(y == n.Letter(x) for y in numerator.walk())),
    )
    key = ("slope", numerator, name, letters)
    if key not in env.world.memo:
        env.world.memo[key] = perturbed(numerator, name, env)
    return env.world.memo[key]


def perturbed(numerator: n.Node, name: str, env: Env) -> Value:
    """Slopes by complex step; inside another derivative by differences of eighth order."""
    x = env.world.value(name)
    require_dependence(numerator, name, env)
    shape, letter = x.shape, f"slope {next(SERIAL)}"
    size = math.prod(shape)
    unit = np.eye(size).reshape((size, *(1,) * len(x.letters), *shape))
    if env.world.depth == 0 and not np.iscomplexobj(x.data):
        moved = Value(x.data + 1j * STEP * unit, (letter, *x.letters))
        value = _in(env, name, moved, numerator)
        return unpacked(replace(value, data=value.data.imag / STEP), letter, shape)
    offset = f"difference {next(SERIAL)}"
    steps = OFFSETS.reshape(-1, *(1,) * unit.ndim) * unit
    moved = Value(x.data + steps, (offset, letter, *x.letters))
    return unpacked(weighed(_in(env, name, moved, numerator), offset, WEIGHTS), letter, shape)


def _in(env: Env, name: str, value: Value, node: n.Node) -> Value:
    world = env.world.replaced(name, value)
    world.depth += 1
    return evaluate(node, replace(env, world=world))


def require_dependence(numerator: n.Node, name: str, env: Env) -> None:
    """A derivative in something that the numerator does not depend on is a slip, not a zero."""
    scope = env.world.scope
    top = numerator.name if isinstance(numerator, n.Symbol) else "the expression"
    if isinstance(numerator, n.Symbol) and not env.world.knows(top):
        raise Mistake(
            f"{top} has no displayed definition, and no row gives an upstream gradient: "
            f"the derivative of {top} in {name} cannot be computed"
        )
    if name not in scope.uses(numerator):
        raise Mistake(f"{top} does not depend on {name} through the displayed equations")


def unpacked(value: Value, letter: str, shape: tuple[int, ...]) -> Value:
    """Slopes with the perturbed symbol's axes behind the numerator's own."""
    rest = tuple(x for x in value.letters if x != letter)
    data = spread(value, (letter, *rest), len(value.shape))
    data = np.broadcast_to(data, (math.prod(shape), *data.shape[1:]))
    data = np.moveaxis(data, 0, -1)
    return Value(data.reshape((*data.shape[:-1], *shape)), rest)


def slotted(jacobian: Value, indices: tuple[n.Node, ...], name: str, env: Env) -> Value:
    """Slopes at the indices of the denominator; the numerator's axes stay."""
    if not indices:
        return jacobian
    front = len(jacobian.shape) - len(indices)
    if front < 0:
        raise Mistake(f"{name} has {len(jacobian.shape)} axes but is written with {len(indices)} indices")
    return entries(jacobian, (*(n.Whole(),) * front, *indices), name, env)


def second(numerator: n.Node, first: n.Symbol, inner: n.Symbol, env: Env) -> Value:
    """Second derivatives: differences of eighth order of complex-step slopes; axes of the first symbol come first."""
    x = env.world.value(first.name)
    size, letter, offset = math.prod(x.shape), f"slope {next(SERIAL)}", f"difference {next(SERIAL)}"
    unit = np.eye(size).reshape(size, *x.shape)
    columns = []
    for h in OFFSETS:
        parts = []
        for k in range(size):
            world = env.world.replaced(first.name, Value(x.data + h * unit[k]))
            parts.append(sloped(numerator, inner.name, replace(env, world=world)))
        letters = parts[0].letters
        columns.append(np.stack([spread(p, letters, len(p.shape)) for p in parts]))
    value = weighed(Value(np.stack(columns), (offset, letter, *letters)), offset, WEIGHTS)
    rank = len(env.world.value(inner.name).shape)
    moved = unpacked(value, letter, x.shape)
    data, front = moved.data, moved.data.ndim - len(x.shape) - rank
    order = (*range(front), *range(front + rank, data.ndim), *range(front, front + rank))
    return slotted(Value(data.transpose(order), moved.letters), (*first.indices, *inner.indices), first.name, env)


@evaluate.register
def _(node: n.Gradient, env: Env) -> Value:
    if len(node.body.arguments) != 1:
        raise Mistake(r"\nabla f needs one argument, or the symbol as a subscript: \nabla_x f")
    point = f"point {next(SERIAL)}"
    world = env.world.replaced(point, evaluate(node.body.arguments[0], env))
    symbol = n.Symbol(point)
    inner = n.Derivative(n.Call(node.body.function, (symbol,)), (symbol,) * node.order)
    return evaluate(inner, replace(env, world=world))


# limits and expectations


@evaluate.register
def _(node: n.Limit, env: Env) -> Value:
    sides = [s for s in ("+", "-") if node.side in {"", s}]
    if isinstance(node.target, n.Infinity):
        sides = ["+"]
    found = [limit(node, env, 1.0 if side == "+" else -1.0) for side in sides]
    gap = float(np.max(np.abs(found[0].data - found[-1].data), initial=0.0))
    if gap > 1e-5:
        raise Mistake(f"the limit from the right and the limit from the left differ by {gap:.3g}")
    return found[0]


def limit(node: n.Limit, env: Env, sign: float) -> Value:
    """A limit from one side: values at five small steps, extrapolated (Richardson)."""
    steps = 2e-3 * 2.0 ** -np.arange(6)
    letter = f"limit {next(SERIAL)}"
    if isinstance(node.target, n.Infinity):
        points = Value(1 / steps, (letter,))
    else:
        points = combine(np.add, evaluate(node.target, env), Value(sign * steps, (letter,)))
    value = evaluate(node.body, replace(env, world=env.world.replaced(node.symbol, points)))
    weights = np.array([math.prod(other / (other - h) for other in steps if other != h) for h in steps])
    return weighed(value, letter, weights)


@evaluate.register
def _(node: n.Expectation, env: Env) -> Value:
    random = env.world.scope.random
    reach = frozenset().union(*(env.world.scope.uses(x) for x in node.arguments))
    over = node.over or tuple(sorted(reach & set(random)))
    unknown = [x for x in over if x not in random]
    if unknown or not over:
        what = unknown[0] if unknown else "nothing in the brackets"
        raise Mistake(f"{what} is random: say so in the Symbols table, with its outcomes")
    world, weights = env.world, np.array(1.0)
    letters = []
    for name in over:
        outcomes = random[name](env.world)
        letters.append(f"outcome {next(SERIAL)}")
        world = world.replaced(name, Value(outcomes.values, (letters[-1],)))
        weights = np.multiply.outer(weights, outcomes.weights)
    if weights.size > 200_000:
        raise Mistake(f"{weights.size} outcomes are too many to enumerate")
    return moment(node, [evaluate(x, replace(env, world=world)) for x in node.arguments], letters, weights)


def moment(node: n.Expectation, values: list[Value], letters: list[str], weights: Array) -> Value:
    """Mean, variance or covariance under the weights."""
    means = [mean(v, letters, weights) for v in values]
    if node.kind == "E":
        return means[0]
    a, b = (combine(np.subtract, v, m) for v, m in zip((values * 2)[:2], (means * 2)[:2], strict=True))
    return mean(combine(np.multiply, a, b, "Cov"), letters, weights)


def mean(value: Value, letters: list[str], weights: Array) -> Value:
    """A weighted mean along all letters of outcomes."""
    rest = tuple(x for x in value.letters if x not in letters)
    data = spread(value, (*letters, *rest), len(value.shape))
    data = np.broadcast_to(data, (*weights.shape, *data.shape[len(letters) :]))
    return Value(np.tensordot(weights, data, axes=len(letters)), rest, value.row)
