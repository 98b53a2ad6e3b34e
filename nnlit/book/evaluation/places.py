"""Where a derivative is taken: behind a bar, or in the argument of the function that it is taken of."""

from dataclasses import replace

import numpy as np

from nnlit.book.evaluation.environment import Env, Range, evaluate
from nnlit.book.evaluation.slopes import refuse_probes
from nnlit.book.evaluation.values import Misfit, Value, sized
from nnlit.book.language import nodes as n

ZERO = "place"  # the reading in which a derivative in a name that a function's argument does not hold is zero


def elsewhere(node: n.Derivative, env: Env) -> n.Node | None:
    r"""What a derivative means whose name does not stand in the argument of its function: `\nabla_w L(u)`.

    It is the derivative of the function in its parameter of that name, taken at the argument; of a function of one
    argument the parameter may have another name. None where the argument rests on the name, or nothing fits.
    """
    top, name = node.numerator, node.denominators[-1].name
    if of_last := at_its_layer(node, env):
        return of_last
    if not isinstance(top, n.Call) or top.primes or any(d.name != name for d in node.denominators):
        return None
    if name in env.world.scope.rests(top) or (not node.nabla and ZERO in env.world.scope.names.second):
        return None
    found = env.world.scope.definitions.get(top.function)
    own = found.parameters if found and found.function and not found.squared else ()
    if name in own and len(own) == len(top.arguments):
        slope = n.Derivative(n.Call(top.function, tuple(map(n.Symbol, own))), node.denominators)
        return n.At(slope, own, top.arguments)
    known = bool(own) or env.world.function(top.function) is not None
    plain = known and len(top.arguments) == 1 and not any(d.indices for d in node.denominators)
    return n.Gradient(top, len(node.denominators)) if plain else None


def at_its_layer(node: n.Derivative, env: Env) -> n.Derivative | None:
    r"""`\nabla_a C` where a has values in layers alone, and C is displayed with one of them: `a^L`."""
    top, (*outer, inner) = node.numerator, node.denominators
    found = env.world.scope.definitions.get(top.name) if isinstance(top, n.Symbol) else None
    if outer or found is None or env.world.knows(inner.name):
        return None
    marked = {name for name in found.body.names if name.startswith(f"{inner.name}^{{") and env.world.knows(name)}
    return replace(node, denominators=(replace(inner, name=marked.pop()),)) if len(marked) == 1 else None


@evaluate.register
def _(node: n.At, env: Env) -> Value:
    key = ("at", node, letters_in(node, env))
    if key not in env.world.memo:
        env.world.memo[key] = placed(node, env)
    return env.world.memo[key]


def letters_in(node: n.Node, env: Env) -> tuple[tuple[str, Range], ...]:
    """The letters of an expression with their ranges: where these are the same, so is its value."""
    inside = {x.name for x in node.walk() if isinstance(x, n.Letter)}
    return tuple(sorted((x, r) for x, r in env.ranges.items() if x in inside))


def placed(node: n.At, env: Env) -> Value:
    """What is evaluated where names have other values."""
    world = env.world
    refuse_probes(node.body, node.places, world.scope)
    for name, place in zip(node.places, node.values, strict=True):
        value, before = evaluate(place, env), env.world.lookup(name)
        if before is not None and value.shape != before.shape:
            if place != n.Number("0"):
                raise Misfit(f"{name} is {sized(before.shape)}, but it is set to what is {sized(value.shape)}")
            value = Value(np.zeros(before.shape))
        world = world.replaced(name, value)
    return evaluate(node.body, replace(env, world=world))
