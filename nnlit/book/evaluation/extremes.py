"""Data that are far from those drawn first: rows 1000 apart, large and small numbers, conditions kept at their ends."""

import math
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from nnlit.book.evaluation.definitions import Part
from nnlit.book.evaluation.environment import World
from nnlit.book.evaluation.sampling import CONDITIONS, generator, parameters
from nnlit.book.evaluation.together import SYMMETRIC, broken
from nnlit.book.evaluation.values import Array, Later, Value
from nnlit.book.language.declarations import Declared
from nnlit.book.language.vocabulary import Condition, Kind

FAREST = 4096.0  # a factor as far from one as this takes numbers under a condition to the ends of what it allows
EACH = -1.0  # instead of a factor: every row has its own, times the size of this
WIDEST = 8.0  # such a factor is at most this power of two, or one divided by that
SHARP = 8.0  # what chances are raised to there
MOST = 2.0**20  # what whole numbers are multiplied by at most: by the root of what others are
SHIFT = 4.0  # more than the eigenvalues that are drawn


def far(world: World, part: Part, k: int) -> World:
    """In every fourth draw the rows of arrays without a condition are 1000 apart."""
    drawn = [row for row in part.rows.values() if row.kind == Kind.ARRAY and row.axes and row.name in world.bound]
    free = {row.name for row in drawn if not has_condition(row.conditions, row.name, world)}
    return moved(world, free, apart) if k % 4 == 0 else world


def apart(value: Value) -> Value:
    """An array with its rows 1000 apart."""
    return Value(value.data + 1000.0 * np.arange(value.shape[0]).reshape((-1, *(1,) * (len(value.shape) - 1))))


def scaled(world: World, part: Part, factor: float, seed: int = 0) -> World:
    """Numbers and arrays without a condition, and positive ones, times a factor; the arguments of functions as well.

    With a factor that is far from one, what has a condition goes to the ends of what that allows.
    """
    if factor == 1.0:
        return world
    if factor < 0:
        return each(world, part, -factor, seed)
    free = {
        row.name
        for row in part.rows.values()
        if row.kind in {Kind.NUMBER, Kind.ARRAY, Kind.GRADIENT}
        and not has_condition(row.conditions - {Condition.POSITIVE}, row.name, world)
        and Condition.NILPOTENT not in row.conditions
    }
    other = moved(world, (free | parameters(part)) & set(world.bound), times(factor))
    return at_the_ends(other, part, factor) if abs(math.log(factor)) > math.log(FAREST) - 1 else other


def each(world: World, part: Part, factor: float, seed: int = 0) -> World:
    """The same with a factor for every row; numbers between 0 and 1 go to either end, each to its own."""
    for row in part.rows.values():
        own = 2.0 ** generator(f"factor of {row.name}", seed).uniform(-WIDEST, WIDEST)
        if row.name not in world.bound or row.name in world.scope.random or Condition.NILPOTENT in row.conditions:
            continue
        if Condition.UNIT_INTERVAL in row.conditions:
            world = moved(world, {row.name}, alike(partial(parted, power=own)))
        elif Condition.ENTRIES_SUM_TO_ONE in row.conditions or Condition.ROWS_SUM_TO_ONE in row.conditions:
            world = moved(world, {row.name}, alike(sharpened))
        elif row.kind in SCALED and not has_condition(row.conditions - SIZED, row.name, world):
            world = moved(world, {row.name}, times(own * factor))
    return world


SCALED = {Kind.NUMBER, Kind.ARRAY, Kind.GRADIENT}
SIZED = {Condition.POSITIVE, Condition.DEFINITE}


def parted(data: Array, power: float) -> Array:
    """Numbers between 0 and 1, those above a half nearer to 1 and the others nearer to 0, or all nearer to a half."""
    return np.asarray(1 / (1 + ((1 - data) / data) ** power))


def times(factor: float) -> Callable[[Value], Value]:
    """The change to a multiple."""
    return lambda value: replace(value, data=value.data * factor)


def at_the_ends(world: World, part: Part, factor: float) -> World:
    """Numbers under a condition, whole numbers, outcomes and chances, near the ends of what they may be."""
    kept = {x for row in part.rows.values() for axis in row.axes for x in axis.names}  # lengths of arrays
    kept |= set(part.scope.random) | part.scope.chances.valued
    for row in part.rows.values():
        change = end(row, factor)
        if change and row.name in world.bound and row.name not in kept:
            world = moved(world, {row.name}, change)
    chances = {name for name in world.bound if name.startswith("chances ")}
    return moved(world, chances, times(SHARP if factor < 1 else 4 * SHARP))


def end(row: Declared, factor: float) -> Callable[[Value], Value] | None:
    """How the numbers of a row are taken to an end of what its condition allows."""
    if row.kind == Kind.INTEGER:
        return times(min(round(math.sqrt(factor)), MOST)) if factor > 1 else alike(np.ones_like)
    if row.kind == Kind.RANDOM:
        return times(factor)
    change = next((ENDS[x](factor) for x in ENDS if x in row.conditions), None)
    return within(row, change) if change and len(row.conditions) > 1 else change


def within(row: Declared, change: Callable[[Value], Value]) -> Callable[[Value], Value]:
    """A change where all conditions of a row are met behind it as well; else none."""

    def one(value: Value) -> Value:
        other = change(value)
        return value if broken(row.conditions, other.data) else other

    return one


def alike(change: Callable[[Array], Array]) -> Callable[[Value], Value]:
    """A change of the numbers alone."""
    return lambda value: replace(value, data=change(value.data))


def sharpened(data: Array) -> Array:
    """Chances of which nearly all goes to the largest."""
    powers = data**SHARP
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def shifted(data: Array, by: float) -> Array:
    """A symmetric matrix whose eigenvalues have one sign."""
    return np.asarray(data + by * np.eye(data.shape[-1]))


ENDS: dict[Condition, Callable[[float], Callable[[Value], Value]]] = {
    Condition.ROWS_SUM_TO_ONE: lambda _: alike(sharpened),
    Condition.ENTRIES_SUM_TO_ONE: lambda _: alike(sharpened),
    Condition.UNIT_INTERVAL: lambda f: alike(lambda x: np.asarray(f * x / (1 - x + f * x))),
    Condition.DEFINITE: times,
    **dict.fromkeys(sorted(SYMMETRIC), lambda f: alike(lambda x: shifted(x, -SHIFT if f > 1 else SHIFT))),
}


def of_one_class(world: World, part: Part) -> World:
    """A world in which all labels and one-hot rows are of the first class, which no draw has."""
    bound = [row for row in part.rows.values() if row.name in world.bound]
    labels = {row.name for row in bound if row.kind == Kind.LABELS}
    hot = {row.name for row in bound if row.conditions & {Condition.ONE_HOT_ROWS, Condition.ONE_HOT}}
    return moved(moved(world, labels, alike(np.zeros_like)), hot, alike(first_hot))


def first_hot(data: Array) -> Array:
    """Rows with a one in front."""
    return np.asarray(np.eye(data.shape[-1])[np.zeros(data.shape[:-1], dtype=int)])


def moved(world: World, names: set[str], change: Callable[[Value], Value]) -> World:
    """A world in which the values of some names are others; what was drawn with them is as before."""
    other = world.copied()
    other.bound |= {name: Later(partial(_changed, world, name, change)) for name in names}
    return other


def _changed(world: World, name: str, change: Callable[[Value], Value]) -> Value:
    value = world.lookup(name)
    assert value is not None  # it is bound
    return change(value)


def has_condition(conditions: frozenset[Condition], name: str, world: World) -> bool:
    """Whether the numbers of a row are bound by a condition."""
    return bool(conditions & set(CONDITIONS)) or name in world.scope.random
