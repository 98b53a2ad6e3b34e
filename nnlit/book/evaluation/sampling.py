"""Random data for the rows of a Symbols table, so that wrong equations show: all sizes differ, every class occurs."""

import itertools
import math
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

import numpy as np

from nnlit.book.evaluation.calls import collapses, open_parameters
from nnlit.book.evaluation.chance import tables
from nnlit.book.evaluation.definitions import Part
from nnlit.book.evaluation.environment import World
from nnlit.book.evaluation.together import ENTRIES, SYMMETRIC, broken, mirrored, reflection
from nnlit.book.evaluation.values import Array, Later, Mistake, Value
from nnlit.book.language import nodes as n
from nnlit.book.language.declarations import SUBSET, Declared, classes, size_names
from nnlit.book.language.vocabulary import NO_DATA, Condition, Kind
from nnlit.book.source.place import BookError

MOST_AXES = 12
MOST_ENTRIES = 100_000
DRAWS = 20  # random data for what must agree or hold on many
WITHOUT_ZEROS = range(2, DRAWS)  # the draws in which nothing is 0 because it bends there
ONES = DRAWS - 1  # the draw in which whole numbers are one, if what is claimed has a value there
TRIALS = 3002  # sets of sizes that are tried before the best of them is taken
POOLS = ((5, 4, 3, 6, 7, 2, 8, 9, 10, 11), (6, 5, 4, 7, 8, 3, 9, 10, 11, 2))  # an odd size is even the second time


Sizes = tuple[tuple[str, int], ...]  # some that are not those of a draw


def drawn(part: Part, seed: int, other: Sizes = ()) -> World:
    """Bind every row that no displayed equation defines; its numbers are drawn when they are asked for.

    Some sizes may be others than those of the draw.
    """
    world = World(part.scope, {})
    sizes = sizes_of(part, seed) | dict(other)
    world.bound |= {name: Value(np.array(float(size))) for name, size in sizes.items()}
    for row in part.rows.values():
        if not world.knows(row.name) and row.kind not in NO_DATA:
            zero = row.name in part.zeros and seed not in WITHOUT_ZEROS  # two zeros at one place are a tie
            world.bound[row.name] = Later(partial(sample, row, world, seed, zero=zero))
    for name in {part.scope.chances.key(x) for x, kind in part.scope.names.kinds.items() if kind == Kind.DISTRIBUTION}:
        world.bound |= tables(world, name, seed)
    for name in parameters(part) - set(world.bound) - set(part.scope.definitions):
        world.bound[name] = Later(partial(several, name, seed))
    return world


def tried(part: Part, seed: int) -> None:
    """Draw what may have no data, so that a row for which there are none is known; BookError for such a row.

    Plain numbers, and arrays whose axes are sizes, always have some.
    """
    world = drawn(part, seed)
    for row in part.rows.values():
        plain = row.kind in {Kind.NUMBER, Kind.ARRAY, Kind.GRADIENT} and not row.conditions
        if not (plain and all(is_size(axis, part) for axis in row.axes) and row.name not in part.scope.random):
            world.lookup(row.name)


def is_size(axis: n.Node, part: Part) -> bool:
    """Whether an axis is a size that is drawn."""
    return isinstance(axis, n.Symbol) and part.scope.kind(axis.name) == Kind.SIZE


def generator(name: str, seed: int) -> np.random.Generator:
    """A generator of its own for every name: a new row does not change the data of the others."""
    return np.random.default_rng((seed, zlib.crc32(name.encode())))


def parameters(part: Part) -> set[str]:
    """Names that stand only for a function's argument, or under a differential."""
    scope = part.scope
    found = [d for d in scope.definitions.values() if not collapses(d, scope)]
    compared = {x.name for x in left_arguments(part) if scope.kind(x.name) in {None, Kind.MARKED} and not x.indices}
    of_arrays = {p for d in scope.definitions.values() if collapses(d, scope) for p in open_parameters(d, scope)}
    own = {p for d in found for one in (d, *d.pieces) for p in one.parameters}
    drawn = {p for p in own if scope.kind(p) in {None, Kind.NUMBER, Kind.MARKED}}
    return drawn - of_arrays | compared


def left_arguments(part: Part) -> Iterator[n.Symbol]:
    """The names that are arguments, on a left side, of functions that a row names."""
    for equation in part.equations.values():
        for step in equation.steps if isinstance(equation, n.Equation) else ():
            if isinstance(step.left, n.Call) and step.left.function in part.scope.aliases:
                yield from (x for x in step.left.arguments if isinstance(x, n.Symbol))


def several(name: str, seed: int) -> Value:
    """Several numbers at once, one of them exactly zero where zeros are drawn."""
    zero = np.ones(1) if seed in WITHOUT_ZEROS else np.zeros(1)
    return Value(np.concatenate([generator(name, seed).normal(size=5), zero]), ("sample",))


def sample(row: Declared, world: World, seed: int, *, zero: bool) -> Value:
    """Random data for a row, under its conditions."""
    rng = generator(row.name, seed)
    if row.name in world.scope.random:
        outcomes = world.scope.random[row.name](world)
        return Value(outcomes.values[rng.integers(len(outcomes.weights))])
    if row.kind == Kind.INTEGER:
        return Value(np.array(float(counted(row.name, rng, seed))))
    shape = shape_under(row, world)
    if row.kind == Kind.LABELS:
        return Value(labels(shape, class_count(row, world), rng).astype(float))
    if row.kind == Kind.RANDOM and row.name in world.scope.chances.valued:
        return Value(np.arange(shape[0], dtype=float))
    data = conditioned(row, shape, rng)
    if data is None and zero and row.kind == Kind.NUMBER:
        return several(row.name, seed)
    return unconditioned(row, shape, rng, zero=zero) if data is None else Value(data)


def counted(name: str, rng: np.random.Generator, seed: int) -> int:
    """A whole number: in the first two draws a small one, even and odd, later also larger ones and one."""
    if seed > 1:
        return 1 if seed == ONES else int(rng.integers(2, 8 if seed > 3 else 5))
    first = int(generator(name, 0).integers(2, 5))
    return first if seed == 0 else {2: 3, 3: int(rng.choice([2, 4])), 4: 3}[first]


def unconditioned(row: Declared, shape: tuple[int, ...], rng: np.random.Generator, *, zero: bool) -> Value:
    """Normal entries, or a number away from zero; exact zeros where they are asked for."""
    data = rng.normal(size=shape) if shape else np.array(rng.choice([-1, 1]) * rng.uniform(0.5, 1.5))
    if shape and (zero or Condition.HOLDS_ZEROS in row.conditions):
        data.flat[rng.integers(data.size)] = 0.0
    return Value(data)


def labels(shape: tuple[int, ...], count: int, rng: np.random.Generator) -> Array:
    """Labels in which every class stands at least once, where there is room; else any of them, others in each draw."""
    size = math.prod(shape)
    if size < count:
        return np.asarray(rng.permutation(count)[:size].reshape(shape))
    every = np.concatenate([np.arange(count), rng.integers(0, count, size)])[:size]
    return np.asarray(rng.permutation(every).reshape(shape))


def one_hot(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """Rows with a single one; every class stands at least once, where there is room."""
    return np.asarray(np.eye(shape[-1])[labels(shape[:-1], shape[-1], rng)])


def simplex(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """Positive rows that sum to one."""
    data = rng.uniform(0.1, 1.0, size=shape)
    return np.asarray(data / data.sum(axis=-1, keepdims=True))


def definite(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """A symmetric matrix with positive eigenvalues."""
    a = rng.normal(size=shape)
    return np.asarray(a @ a.T / shape[0] + 0.5 * np.eye(shape[0]))


def symmetric(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """A symmetric matrix."""
    a = rng.normal(size=shape)
    return np.asarray((a + a.T) / 2)


def orthogonal(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """A matrix whose columns are orthonormal."""
    if shape[0] < shape[1]:
        raise ValueError("more columns than rows are not orthonormal")
    return np.asarray(np.linalg.qr(rng.normal(size=shape))[0])


CONDITIONS: dict[Condition, Callable[[tuple[int, ...], np.random.Generator], Array]] = {
    Condition.ONE_HOT_ROWS: one_hot,
    Condition.ONE_HOT: one_hot,
    Condition.ROWS_SUM_TO_ONE: simplex,
    Condition.ENTRIES_SUM_TO_ONE: simplex,
    Condition.DEFINITE: definite,
    Condition.SYMMETRIC: symmetric,
    Condition.SYMMETRIC_MATRIX: symmetric,
    Condition.A_SYMMETRIC_MATRIX: symmetric,
    Condition.ORTHOGONAL: orthogonal,
    Condition.POSITIVE: lambda shape, rng: np.asarray(rng.uniform(0.3, 1.7, size=shape)),
    Condition.UNIT_INTERVAL: lambda shape, rng: np.asarray(rng.uniform(0.1, 0.9, size=shape)),
    Condition.BINARY: lambda shape, rng: np.asarray(labels(shape, 2, rng).astype(float)),
    Condition.SIGNS: lambda shape, rng: np.asarray(2.0 * labels(shape, 2, rng) - 1.0),
    Condition.ONES: lambda shape, _: np.ones(shape),
    Condition.ZEROS: lambda shape, _: np.zeros(shape),
    Condition.IDENTITY: lambda shape, _: np.asarray(np.eye(shape[0], shape[1])),
    Condition.IMAGINARY_UNIT: lambda shape, _: np.full(shape, 1j),
}


def together(row: Declared, shape: tuple[int, ...], rng: np.random.Generator) -> Array | None:
    """Data of a square matrix that is symmetric, and of whose entries something is said; None for any other row."""
    if not SYMMETRIC & row.conditions or len(shape) != 2 or shape[0] != shape[1]:
        return None
    if Condition.ORTHOGONAL in row.conditions:
        return reflection(shape[0], rng)
    of_entries = next((x for x in ENTRIES if x in row.conditions), None)
    return mirrored(CONDITIONS[of_entries](shape, rng)) if of_entries else None


def conditioned(row: Declared, shape: tuple[int, ...], rng: np.random.Generator) -> Array | None:
    """Data under the conditions that the meaning holds; a row whose conditions are not met at once is refused."""
    found = together(row, shape, rng)
    found = first_conditioned(row, shape, rng) if found is None else found
    other = broken(row.conditions, found) if found is not None else None
    if other is not None:
        what = f"{row.row.symbol}: an array that is {other!s} and all else that its row says is not drawn"
        raise row.row.error(f"{what}: keep one condition, or display how it is made")
    return found


def first_conditioned(row: Declared, shape: tuple[int, ...], rng: np.random.Generator) -> Array | None:
    """Data under the first condition that the meaning holds."""
    for condition, make in CONDITIONS.items():
        if condition in row.conditions:
            try:
                return make(shape, rng)
            except (ValueError, IndexError, TypeError):
                raise row.row.error(f"{row.row.symbol} of shape {shape} cannot be {condition}") from None
    return None


def sizes_of(part: Part, seed: int) -> dict[str, int]:
    """Sizes for a draw: one set for even seeds, another for odd ones."""
    if seed % 2 not in part.sizes:
        part.sizes[seed % 2] = chosen_sizes(part, seed)
    return part.sizes[seed % 2]


def chosen_sizes(part: Part, seed: int) -> dict[str, int]:
    """Sizes such that all axes differ, every class has a row, and no axis is empty."""
    best: dict[str, int] = {}
    score, rows = -1, telling(part)
    counts = {r.name: Value(np.array(3.0)) for r in part.rows.values() if r.kind == Kind.INTEGER}
    for trial in trials(part, seed):
        bound = {name: Value(np.array(float(size))) for name, size in trial.items()}
        found = quality(rows, trial, World(part.scope, bound | counts))
        if found > score:
            best, score = trial, found
        if score == 2:
            break
    if score < 0:
        raise misfit(part, seed)
    return best


def misfit(part: Part, seed: int) -> BookError:
    """The error of shapes that no sizes fit: of the one row that has no entries under any of them, or of all."""
    worlds = [
        World(part.scope, {name: Value(np.array(float(size))) for name, size in trial.items()})
        for trial in itertools.islice(trials(part, seed), DRAWS)
    ]
    for row in part.rows.values():
        if all(min(shape_under(row, world), default=1) < 1 for world in worlds):
            return row.row.error(
                f"no sizes fit the shape of {row.row.symbol}: an axis would be shorter than 1", row.row.shape
            )
    return BookError(part.tables[0].place, "no sizes fit all shapes of this table")


def trials(part: Part, seed: int) -> Iterator[dict[str, int]]:
    """Sizes for all names, no two the same, in the order of the pool."""
    names = size_names(part.rows)
    pool = POOLS[seed % 2][: max(len(names) + 3, 6)]
    for pick in itertools.islice(itertools.permutations(pool, len(names)), TRIALS):
        yield dict(zip(names, pick, strict=True))


def telling(part: Part) -> list[Declared]:
    """The rows that tell whether sizes fit: one of each shape, and those that ask for more than their shape says."""
    first = {row.axes: row for row in reversed([*part.rows.values()])}
    asking = {Kind.LABELS, Condition.ONE_HOT_ROWS}
    return [
        row
        for row in part.rows.values()
        if first[row.axes] is row or {row.kind, *row.conditions} & asking or SUBSET.search(row.row.meaning)
    ]


def quality(rows: Sequence[Declared], trial: Mapping[str, int], world: World) -> int:
    """2 where all axes differ and classes fit, 1 where some axes agree, 0 where classes do not, -1 if impossible."""
    seen: dict[n.Node, int] = {}
    shapes = {row.name: shape_under(row, world, seen) for row in rows}
    if any(size < 1 for size in seen.values()):
        return -1
    if not all(roomy(row, shapes[row.name], trial, world) for row in rows):
        return 0
    return 2 if len(set(seen.values())) == len(seen) and all(size > 1 for size in seen.values()) else 1


def shape_under(row: Declared, world: World, known: dict[n.Node, int] | None = None) -> tuple[int, ...]:
    """The shape of a row under some sizes; most of its axes are those of other rows, and known from them."""
    known = {} if known is None else known
    known |= {axis: whole(row, "shape", axis, world) for axis in row.axes if axis not in known}
    shape = tuple(known[axis] for axis in row.axes)
    if len(shape) > MOST_AXES or math.prod(max(s, 0) for s in shape) > MOST_ENTRIES:
        drawn = " x ".join(map(str, shape[:MOST_AXES]))
        message = f"more than {MOST_ENTRIES} entries or {MOST_AXES} axes are not drawn"
        raise row.row.error(f"{message}: {row.row.symbol} of the shape ${row.row.shape}$ would be {drawn}")
    return shape


def class_count(row: Declared, world: World) -> int:
    """How many classes the labels of a row have under some sizes."""
    return whole(row, "classes", classes(row), world)


def whole(row: Declared, what: str, node: n.Node, world: World) -> int:
    """A whole number that a row states; what is wrong with it is said with the row's place."""
    plain = isinstance(node, n.Symbol) and not node.indices and world.scope.kind(node.name) == Kind.SIZE
    if plain and (size := world.lookup(node.names[0])) is not None:
        return int(size.data)  # most axes are a size that was drawn
    try:
        with np.errstate(all="ignore"):
            return world.integer(node)
    except (Mistake, TypeError, ValueError, OverflowError, ZeroDivisionError) as error:
        raise row.row.error(f"{what} of {row.row.symbol}: {error}") from None


def roomy(row: Declared, shape: tuple[int, ...], trial: Mapping[str, int], world: World) -> bool:
    """Whether every class finds a place, and batches are few enough to list."""
    if row.kind == Kind.LABELS:
        return math.prod(shape) >= class_count(row, world)
    if Condition.ONE_HOT_ROWS in row.conditions and len(shape) == 2:
        return shape[0] > shape[1]
    match = SUBSET.search(row.row.meaning)
    return not match or 1 < trial.get(match[1], 2) < trial.get(match[2].strip(), 99) < 7


def sizes(world: World) -> dict[str, int]:
    """The sizes that were drawn."""
    kinds = world.scope.names.kinds
    found = {k: v for k, v in world.bound.items() if kinds.get(k) == Kind.SIZE and isinstance(v, Value)}
    return {k: int(v.data) for k, v in found.items() if not v.shape}
