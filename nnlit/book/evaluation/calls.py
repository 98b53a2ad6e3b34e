"""Functions that a displayed equation defines: of numbers, which work entry by entry, or of vectors and matrices."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from nnlit.book.evaluation.builtins import PLAIN
from nnlit.book.evaluation.calculus import SERIAL
from nnlit.book.evaluation.environment import Env, World
from nnlit.book.evaluation.scope import Definition, Scope
from nnlit.book.evaluation.values import Mistake, Value, spread
from nnlit.book.language import nodes as n

MOST_CALLS = 2000


def user(definition: Definition, env: Env) -> Callable[[list[Value]], Value]:
    """A function that a displayed equation defines; one of numbers works on every entry of an array."""
    whole = collapses(definition, env.world.scope)

    def apply(arguments: list[Value]) -> Value:
        if len(arguments) != len(definition.parameters):
            raise Mistake(miscalled(definition, len(arguments)))
        if definition.name in env.world.active:
            raise Mistake(f"the definition of {definition.name} uses itself")
        world = env.world
        world.calls[0] = world.calls[0] + 1 if world.active else 0
        if world.calls[0] > MOST_CALLS:
            ask = "display a value in between with a name of its own"
            raise Mistake(f"functions call each other more than {MOST_CALLS:,} times here, at {definition.name}: {ask}")
        if not whole:
            refuse_square(definition, arguments, env.world.scope)
        pairs = zip(definition.parameters, arguments, strict=True)
        arguments = [rooted(value) if name in definition.squared else value for name, value in pairs]
        world, names = inside(definition, arguments, env.world, whole=whole)
        return restored(world.whole(definition), names, arguments)

    return apply


def miscalled(definition: Definition, count: int) -> str:
    """What is said of a function with too many arguments, or too few, or of a name that is displayed without any."""
    name, own = definition.name, len(definition.parameters)
    if own:
        return f"{name} has {own} argument{'s' * (own > 1)}, not {count}"
    ask = rf"display {name}(x) = ... for a function, or write \cdot for a product"
    return f"{name} is displayed without an argument, and written with one here: {ask}"


def rooted(value: Value) -> Value:
    """The root of an argument that stands for the square of a parameter."""
    return replace(value, data=np.sqrt(value.data))


def inside(
    definition: Definition, arguments: list[Value], world: World, *, whole: bool
) -> tuple[World, tuple[str, ...]]:
    """The world in which a function is computed; axes that a parameter does not have are letters, with these names.

    Where the function takes a parameter as a `whole`, one without a row has the axes of its argument.
    """
    parameters, shapes = definition.parameters, world.scope.shapes
    taken = [(p in shapes or not whole, len(shapes.get(p, ()))) for p in parameters]
    extra = [len(a.shape) - rank if known else 0 for (known, rank), a in zip(taken, arguments, strict=True)]
    serial, world = next(SERIAL), world.copied()
    names = tuple(f"entry {serial}.{k}" for k in range(max([0, *extra]), 0, -1))
    for parameter, argument, count in zip(parameters, arguments, extra, strict=True):
        own = names[len(names) - count :]
        world = world.replaced(parameter, Value(argument.data, argument.letters + own, argument.row and not own))
    world.active.append(definition.name)
    return world, names


def restored(value: Value, names: tuple[str, ...], arguments: list[Value]) -> Value:
    """A result for every entry, as an array of the arguments' shape again."""
    if not names:
        return value
    largest = max(arguments, key=lambda a: len(a.shape)).shape
    rest = tuple(x for x in value.letters if x not in names)
    data = spread(value, (*rest, *names), len(value.shape))
    sizes = [value.size(x) for x in rest]
    return Value(np.broadcast_to(data, (*sizes, *largest[: len(names)], *value.shape)), rest)


def open_parameters(definition: Definition, scope: Scope) -> frozenset[str]:
    """The parameters of a function of which no row tells the shape."""
    return frozenset(p for p in definition.parameters if definition.function and p not in scope.shapes)


def collapses(definition: Definition, scope: Scope) -> bool:
    """Whether a function takes a parameter without a row as a whole: its norm, its entries, or with an array."""
    if definition.name not in scope.whole:
        scope.whole[definition.name] = False  # of a function that uses itself
        names = open_parameters(definition, scope)
        found = bool(names) and any(takes_whole(node, names, scope) for node in definition.body.walk())
        scope.whole[definition.name] = found
    return scope.whole[definition.name]


def takes_whole(node: n.Node, names: frozenset[str], scope: Scope) -> bool:
    """Whether a node makes something of these names that is not computed entry by entry."""
    if isinstance(node, n.Symbol):
        return node.name in names and bool(node.indices)
    if not names & set(node.names):
        return False
    if isinstance(node, n.Call):
        inner = scope.definitions.get(node.function)
        if node.function in scope.smooth and not inner:
            return scope.smooth[node.function].arguments is not None
        return collapses(inner, scope) if inner else not works_on_entries(node)
    if isinstance(node, n.Product | n.Hadamard | n.Add | n.Subtract):
        others = [side for side in node.parts if not names & set(side.names)]
        return any(is_array(x, scope) for side in others for x in side.walk())
    return isinstance(node, n.Norm | n.Inner | n.Transpose | n.Entry)


def works_on_entries(node: n.Call) -> bool:
    """Whether a function of the language works entry by entry."""
    return node.function in PLAIN or (node.function in {r"\max", r"\min"} and len(node.arguments) > 1)


def is_array(node: n.Node, scope: Scope) -> bool:
    """Whether a name is an array, not one entry of it."""
    return isinstance(node, n.Symbol) and not node.indices and bool(scope.shapes.get(node.name))


def refuse_square(definition: Definition, arguments: list[Value], scope: Scope) -> None:
    """Of a square matrix a power or a product is that of the matrix to one reader, of every entry to another."""
    names = open_parameters(definition, scope)
    square = {
        p
        for p, a in zip(definition.parameters, arguments, strict=True)
        if p in names and len(a.shape) == 2 and a.shape[0] == a.shape[1]
    }
    for node in definition.body.walk():
        power = isinstance(node, n.Power) and not node.entries and square & set(node.base.names)
        product = isinstance(node, n.Product) and all(square & set(side.names) for side in node.parts)
        if power or product or (isinstance(node, n.Absolute) and square & set(node.names)):
            name = min(square)
            ask = f"is {definition.name} of a square matrix meant entry by entry, or of the matrix as a whole?"
            raise Mistake(rf"{ask} give {name} a row: number, or a shape such as $n \times n$")
