r"""Claims of a function at its own argument, `\sigma'(z) = \sigma(z) (1 - \sigma(z))`: the argument is any number.

Elsewhere its letter may be the name of a vector. Such a claim is of that vector if it can be, else of a number.
"""

import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from nnlit.book.checks.attained import AttainedError
from nnlit.book.checks.comparison import settled
from nnlit.book.checks.draws import holds_elsewhere, is_one_of_few, largest, softened
from nnlit.book.checks.inequalities import SLACK
from nnlit.book.checks.larger import Worlds, tried
from nnlit.book.checks.margins import is_strict
from nnlit.book.checks.renamed import Renamed, open_arguments
from nnlit.book.checks.searched import searched
from nnlit.book.checks.sides import Difference, checked_letters
from nnlit.book.checks.unequal import unequal
from nnlit.book.evaluation.definitions import Part, is_definition
from nnlit.book.evaluation.environment import CONSTANTS, World
from nnlit.book.evaluation.sampling import Sizes
from nnlit.book.evaluation.scope import Scope
from nnlit.book.evaluation.values import Mistake, Value
from nnlit.book.language import nodes as n
from nnlit.book.language.vocabulary import Kind


def evaluated(step: n.Step, part: Part, world: Worlds) -> float:
    """How far a claim's sides are apart, where it stands or with numbers for its functions' arguments."""
    try:
        return apart(step, part, world)
    except Mistake:
        for data in () if part.strict else with_arguments(step, part, world):
            try:
                with suppress(Mistake):
                    return apart(step, part, data)
            except Difference as difference:
                names = " and ".join(data.arguments) if isinstance(data, Renamed) else ""
                said = f"; {names}, without a value, stands for any argument" if names else ""
                raise Difference(f"{difference}{said}", difference.size, measured=difference.measured) from None
        raise


def with_arguments(step: n.Step, part: Part, world: Worlds) -> Iterator[Worlds]:
    """Worlds in which the arguments of functions that a claim holds have other values, or have one at all."""
    if names := own_arguments(step, part.scope):
        yield Numbered(world, names)
    if arguments := open_arguments(step, part):
        yield Renamed(world, part, arguments)


def apart(step: n.Step, part: Part, world: Worlds) -> float:
    """The same in these worlds; a definition needs only to have a value."""
    if is_definition(part, step) or step.relation == r"\leftarrow":
        checked_letters(step)
        return settled(step, world(0, 1.0))
    try:
        error = largest(step, part, world)
    except Difference as difference:
        refuse_equal(step, part, world, difference)
        raise
    try:
        tried(step, part, world)
    except Mistake:
        searched(step, part, world)  # what is not known for all sizes and numbers may be false for some
        raise
    searched(step, part, world)
    unequal(step, part, world)
    return error


def refuse_equal(step: n.Step, part: Part, world: Worlds, difference: Difference) -> None:
    """AttainedError where a strict bound fails by nothing on some draw, and is true if its sides may be equal.

    Of whole numbers, one of a few is no exception: q^2 > q is false for 1.
    """
    counted = any(is_one_of_few(x, part) for x in part.scope.uses(step.left) | part.scope.uses(step.right))
    if is_strict(step) and difference.size <= SLACK and not counted and holds_elsewhere(step, world, -1):
        apart(softened(step), part, world)
        searched(step, part, world)  # it may know where
        raise AttainedError("", softened(step).relation) from None


def own_arguments(step: n.Step, scope: Scope) -> tuple[str, ...]:
    """The names of a claim that holds functions, constants, and letters that are arguments of these functions alone."""
    every = [x for side in (step.left, step.right) for x in side.walk()]
    called = {x.function for x in every if isinstance(x, n.Call)}
    functions = called | {name for x in every for name in x.own_names() if scope.kind(name) == Kind.FUNCTION}
    found = [scope.definitions[name] for name in functions if name in scope.definitions]
    own = {name for d in found if d.function and not d.squared for name in d.parameters}
    if isinstance(step.left, n.Call) and step.left.function not in scope.definitions:  # of the language
        own |= {x.name for x in step.left.arguments if isinstance(x, n.Symbol)}
    held = {x.name for x in every if isinstance(x, n.Symbol)} - functions - set(CONSTANTS)
    known = any(name in scope.definitions or name in scope.shapes for name in held)
    return tuple(sorted(held)) if known and held <= own and not step.where and not indexed(step) else ()


def indexed(step: n.Step) -> bool:
    """Whether an index stands in a claim."""
    return any(isinstance(x, n.Letter | n.Entry | n.Whole) for side in (step.left, step.right) for x in side.walk())


@dataclass(frozen=True)
class Numbered:
    """Worlds in which some names are numbers."""

    worlds: Worlds
    names: tuple[str, ...]

    def __call__(self, k: int, factor: float, sizes: Sizes = ()) -> World:
        """One draw."""
        return with_numbers(self.worlds(k, factor, sizes), self.names, k, factor)


def with_numbers(world: World, names: tuple[str, ...], seed: int, factor: float) -> World:
    """A world in which some names are numbers."""
    for name in names:
        rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
        world = world.replaced(name, Value(np.array(factor * rng.normal())))
    return world
