r"""Claims of a displayed function with another letter: `\sigma(x) = ...` below `\sigma(z) = \frac{1}{1 + e^{-z}}`.

A letter that has no value stands for any argument where a left side holds it in the brackets of a displayed function,
and the right side is made of it. It is drawn like the argument of the definition: `w` in `J(w)` like the `\theta` of
`J(\theta)`. What is said of one value, as in `f'(x^*) = 0` and `f(c) = c`, is no claim for all.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from nnlit.book.checks.larger import Worlds
from nnlit.book.evaluation.builtins import PLAIN
from nnlit.book.evaluation.calls import collapses
from nnlit.book.evaluation.definitions import Part
from nnlit.book.evaluation.environment import CONSTANTS, World
from nnlit.book.evaluation.sampling import WITHOUT_ZEROS, Sizes, generator, sample
from nnlit.book.evaluation.scope import Definition
from nnlit.book.evaluation.values import Mistake, Value
from nnlit.book.language import nodes as n

LETTER = re.compile(r"(?:\\(?:mathbf|boldsymbol|bm|mathrm|vec)\{)?(?:[a-zA-Z]|\\[a-zA-Z]+)\}?")
Arguments = Mapping[str, tuple[Definition | None, int]]  # of a letter its function, if displayed, and which argument


def open_arguments(step: n.Step, part: Part) -> Arguments:
    """The letters without a value on the left side of a claim, where it says something of all their values."""
    if step.relation != "=" or (isinstance(step.right, n.Symbol | n.Number | n.Letter) and not step.where):
        return {}
    found = dict[str, tuple[Definition | None, int]]()
    for call in (x for x in step.left.walk() if isinstance(x, n.Call)):
        given = part.scope.definitions.get(call.function)
        if given is None and not is_spelled(call, part):
            continue
        if given is None or len(given.parameters) == len(call.arguments):
            pairs = ((name, k) for k, argument in enumerate(call.arguments) for name in argument.names)
            found |= {name: (given, k) for name, k in pairs if name not in found and is_open(name, part)}
    held = {x.name for side in (step.right, *step.where) for x in side.walk() if isinstance(x, n.Symbol)}
    of_all = set(found) <= held and (held <= {*found, *CONSTANTS} or all(given for given, _ in found.values()))
    return found if of_all else {}


def is_spelled(call: n.Call, part: Part) -> bool:
    r"""Whether a function of the language is spelled out, or differentiated: `\cos(x) = 2 x` may be to be solved."""
    return (call.primes > 0 or call.function.isalpha()) and call.function in PLAIN and call.function not in part.rows


def is_open(name: str, part: Part) -> bool:
    """Whether a name is a letter that nothing gives a value, and nothing was meant to."""
    scope = part.scope
    given = bool(scope.kind(name)) or name in scope.definitions or name in scope.refused or name in CONSTANTS
    return not given and bool(LETTER.fullmatch(name))


@dataclass(frozen=True)
class Renamed:
    """Worlds in which letters have values such as the arguments of functions have."""

    worlds: Worlds
    part: Part
    arguments: Arguments

    def __call__(self, k: int, factor: float, sizes: Sizes = ()) -> World:
        """One draw."""
        world = self.worlds(k, factor, sizes)
        for name, given in self.arguments.items():
            if world.lookup(name) is None:
                world = world.replaced(name, self.drawn(name, given, world, k, factor))
        return world

    def drawn(self, name: str, given: tuple[Definition | None, int], world: World, k: int, factor: float) -> Value:
        """Numbers for a letter: under the conditions of the row of the argument whose place it takes."""
        function, place = given
        if function is None:
            return normal(name, (), k, factor)
        parameter = function.parameters[place]
        row = self.part.rows.get(parameter)
        if row is not None:
            zero = parameter in self.part.zeros and k not in WITHOUT_ZEROS
            value = sample(replace(row, name=name), world, k, zero=zero)
            return value if row.conditions else replace(value, data=factor * value.data)
        if collapses(function, self.part.scope):
            raise Mistake(f"of which shape the arguments of {function.name} are is not known")
        known = parameter in world.scope.definitions and not world.scope.definitions[parameter].function
        shape = world.value(parameter).shape if known else ()
        return normal(name, shape, k, factor)


def normal(name: str, shape: tuple[int, ...], k: int, factor: float) -> Value:
    """Numbers of a name's own in every draw."""
    return Value(np.asarray(factor * generator(name, k).normal(size=shape)))
