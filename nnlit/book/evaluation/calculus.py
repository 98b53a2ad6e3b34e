"""Derivatives by complex step, a derivative inside another by differences; limits.

A perturbed symbol is an array with one more axis, so that a whole Jacobian is one evaluation.
"""

import itertools
import math
from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from nnlit.book.evaluation.differences import STEP, differences, step_slopes
from nnlit.book.evaluation.environment import Env, World, evaluate
from nnlit.book.evaluation.indexing import entries, filled
from nnlit.book.evaluation.places import ZERO, elsewhere, letters_in
from nnlit.book.evaluation.ranks import miswritten
from nnlit.book.evaluation.slopes import bounded_slopes, refuse_probes
from nnlit.book.evaluation.values import SMALLEST, Array, Mistake, Value, combine, spread, weighed
from nnlit.book.language import nodes as n
from nnlit.book.language.guide import see
from nnlit.book.language.totals import MEMBERS
from nnlit.book.language.unparse import write
from nnlit.book.language.vocabulary import Kind
from nnlit.book.source.layout import Layout

MOVED = {Kind.ARRAY, Kind.NUMBER}  # what a gradient may be taken in without naming it
TOGETHER = 100  # slopes of slopes in one evaluation, or as many as one point takes
MOST_LIMITS = 3  # each takes six values of what stands behind it
SERIAL = itertools.count()
DENOMINATOR, NUMERATOR = map(str, (Layout.DENOMINATOR, Layout.NUMERATOR))  # second readings of first derivatives


def differentiated(apply: Callable[[list[Value]], Value], arguments: list[Value], node: n.Call, env: Env) -> Value:
    """f', or f'', of a function of one number: complex step first, differences of eighth order inside."""
    if len(arguments) != 1:
        raise Mistake(f"{node.function}' needs a function of one number")
    (x,) = arguments
    refuse_complex(env.world.scope.depends(node.function), node, env)
    if node.primes == 1 and not np.iscomplexobj(x.data):
        value = apply([replace(x, data=x.data + 1j * STEP)])
        return replace(value, data=step_slopes(value.data))
    letter, inner = f"difference {next(SERIAL)}", replace(node, primes=node.primes - 1)

    def moved(offsets: Array) -> Value:
        values = Value(np.stack([x.data + h for h in offsets]), (letter, *x.letters), x.row)
        return differentiated(apply, [values], inner, env) if node.primes > 1 else apply([values])

    return differences(moved, letter, lambda: write(inner))


def refuse_complex(names: Iterable[str], shown: n.Node, env: Env) -> None:
    """A complex step tells a slope from a value by the imaginary part: what is complex itself is not differentiated."""
    for name in sorted(names):
        value = env.world.lookup(name)
        if value is not None and np.iscomplexobj(value.data) and (np.abs(value.data.imag) >= SMALLEST).any():
            what = f"the derivative of {write(shown)} is not computed, since {name} is a complex number"
            raise Mistake(f"{what}: write the two parts for themselves")


@evaluate.register
def _(node: n.Derivative, env: Env) -> Value:
    if there := elsewhere(node, env):
        return evaluate(there, env)
    numerator = called(node.numerator, env, node.denominators)
    if isinstance(numerator, n.Symbol) and len(node.denominators) == 1:
        given = n.upstream(numerator.name, node.denominators[0].name)
        if env.world.lookup(given) is not None:
            return entry_of(env.world.value(given), (*numerator.indices, *node.denominators[0].indices), node, env)
    *outer, inner = node.denominators
    refuse_probes(numerator, [symbol.name for symbol in node.denominators], env.world.scope, derived=len(outer) > 0)
    refuse_complex(env.world.scope.uses(numerator), numerator, env)
    if len(outer) > 1:
        return higher(numerator, node.denominators, env)
    if outer:
        return second(numerator, outer[0], inner, env)
    jacobian = sloped(numerator, inner.name, env)
    if not inner.indices:
        jacobian = laid_out(jacobian, inner, env)
    return slotted(turned(jacobian, inner, env, nabla=node.nabla), inner.indices, inner.name, env)


def laid_out(jacobian: Value, under: n.Symbol, env: Env) -> Value:
    """Slopes in the layout that is read: of a vector in a vector, or of a number in a matrix, they may be laid down."""
    rank = len(env.world.value(under.name).shape) if len(jacobian.shape) == 2 else 0
    layout = {1: DENOMINATOR, 2: NUMERATOR}.get(rank)
    is_read = layout in env.world.scope.names.second
    return replace(jacobian, data=np.swapaxes(jacobian.data, -1, -2)) if is_read else jacobian


def turned(jacobian: Value, under: n.Symbol, env: Env, *, nabla: bool) -> Value:
    r"""Slopes of a number in a row as a row; written with `\nabla`, those in a column as a column."""
    plain = len(jacobian.shape) == 1 and len(env.world.value(under.name).shape) == 1
    laid = plain and env.world.value(under.name).row
    return replace(jacobian, row=laid, upright=plain and nabla and not laid and not under.indices)


def called(numerator: n.Node, env: Env, under: tuple[n.Symbol, ...]) -> n.Node:
    """A function's name over a differential stands for the function at its own parameters."""
    if isinstance(numerator, n.Symbol) and env.world.function(numerator.name):
        return n.Call(numerator.name, (n.Symbol(under[0].name),))
    definition = env.world.scope.definitions.get(numerator.name) if isinstance(numerator, n.Symbol) else None
    if definition is None or not definition.function:
        return numerator
    squared, two = definition.squared, n.Number("2")
    own = (n.Power(n.Symbol(p), two) if p in squared else n.Symbol(p) for p in definition.parameters)
    return n.Call(definition.name, tuple(own))


def entry_of(bound: Value, indices: tuple[n.Node, ...], node: n.Derivative, env: Env) -> Value:
    """The entries of a given gradient, or all of it."""
    return entries(bound, indices, upstream_of(node), env) if indices else bound


def upstream_of(node: n.Derivative) -> str:
    """A derivative's name, for messages."""
    top = node.numerator.name if isinstance(node.numerator, n.Symbol) else "..."
    return n.upstream(top, node.denominators[0].name)


def sloped(numerator: n.Node, name: str, env: Env) -> Value:
    """All slopes of an expression in all entries of a symbol, which is cut loose from its own definition."""
    if name in env.world.scope.recurrent:
        what = f"a derivative in a step of {name}, on which later steps rest, is not computed"
        raise Mistake(what + see("step-derivative"))
    key = ("slope", numerator, name, letters_in(numerator, env))
    if key not in env.world.memo:
        env.world.memo[key] = perturbed(numerator, name, env)
    return env.world.memo[key]


def perturbed(numerator: n.Node, name: str, env: Env) -> Value:
    """Slopes by complex step; inside another derivative by differences of eighth order."""
    x = env.world.value(name)
    if not numerator.names:  # a number, which an author differentiates to show that nothing is left
        value = evaluate(numerator, env)
        return Value(np.zeros((*value.data.shape, *x.shape)), value.letters)
    require_dependence(numerator, name, env)
    shape, letter = x.shape, f"slope {next(SERIAL)}"
    size = math.prod(shape)
    bounded_slopes(size * x.data.size, env.world.depth, name)
    unit = np.eye(size).reshape((size, *(1,) * len(x.letters), *shape))
    if env.world.depth == 0 and not np.iscomplexobj(x.data):
        value = _in(env, name, Value(x.data + 1j * STEP * unit, (letter, *x.letters)), numerator)
        return unpacked(replace(value, data=step_slopes(value.data)), letter, shape)
    offset = f"difference {next(SERIAL)}"

    def moved(offsets: Array) -> Value:
        steps = offsets.reshape(-1, *(1,) * unit.ndim) * unit
        return _in(env, name, Value(x.data + steps, (offset, letter, *x.letters)), numerator)

    return unpacked(differences(moved, offset, lambda: write(numerator)), letter, shape)


def _in(env: Env, name: str, value: Value, node: n.Node) -> Value:
    world = holding(env.world, node, name).replaced(name, value)
    world.depth += 1
    return evaluate(node, replace(env, world=world))


def holding(world: World, numerator: n.Node, name: str) -> World:
    """Of a world in which a derivative stops at the definition itself, one in which the other names in it are fixed.

    Where the definition does not hold the name that is moved, nothing is fixed: the derivative is a total one.
    """
    found = world.scope.definitions.get(numerator.name) if isinstance(numerator, n.Symbol) else None
    if world.held is None or found is None or name not in found.body.names:
        return world
    for other in set(found.body.names) - {name}:
        if name in world.scope.depends(other) and other in world.scope.definitions:
            world.held.add((other, name))
            world = world.replaced(other, world.value(other))
    return world


def require_dependence(numerator: n.Node, name: str, env: Env) -> None:
    """A derivative in something that the numerator does not depend on is a slip, not a zero."""
    scope = env.world.scope
    top = numerator.name if isinstance(numerator, n.Symbol) else "the expression"
    if isinstance(numerator, n.Symbol) and not env.world.knows(top):
        raise Mistake(
            f"{top} has no displayed definition, and no row gives an upstream gradient: "
            f"the derivative of {top} in {name} cannot be computed"
        )
    if name not in scope.rests(numerator) and not (ZERO in scope.names.second and isinstance(numerator, n.Call)):
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
    if name.endswith(MEMBERS):
        indices = filled(indices, len(env.world.value(name).shape), name)
    front = len(jacobian.shape) - len(indices)
    if front < 0:
        raise miswritten(name, len(jacobian.shape), indices, env.world.scope)
    return entries(jacobian, (*(n.Whole(),) * front, *indices), name, env)


def second(numerator: n.Node, first: n.Symbol, inner: n.Symbol, env: Env) -> Value:
    """Second derivatives; axes of the first symbol come first."""
    key = ("curve", numerator, first.name, inner.name, letters_in(numerator, env))
    if key not in env.world.memo:
        env.world.memo[key] = curved(numerator, first.name, inner.name, env)
    value = env.world.memo[key]
    ahead, behind = (len(env.world.value(symbol.name).shape) for symbol in (first, inner))
    data = np.moveaxis(value.data, range(-ahead, 0), range(-ahead - behind, -behind))
    return slotted(Value(data, value.letters), (*first.indices, *inner.indices), first.name, env)


def higher(numerator: n.Node, under: tuple[n.Symbol, ...], env: Env) -> Value:
    """A derivative of third or fourth order in a number: differences of the one below it."""
    x = env.world.value(under[0].name)
    if math.prod(x.shape) != 1:
        raise Mistake("a derivative of an order above two is computed in one number alone")
    offset, inner = f"difference {next(SERIAL)}", n.Derivative(numerator, under[1:])

    def moved(offsets: Array) -> Value:
        points = (env.world.replaced(under[0].name, replace(x, data=x.data + h)) for h in offsets)
        found = [evaluate(inner, replace(env, world=world)) for world in points]
        letters = found[0].letters
        return Value(np.stack([spread(value, letters, len(value.shape)) for value in found]), (offset, *letters))

    return differences(moved, offset, lambda: write(inner))


def curved(numerator: n.Node, first: str, inner: str, env: Env) -> Value:
    """Differences of eighth order, in the first symbol, of complex-step slopes; its axes come last."""
    x = env.world.value(first)
    size, letter, offset = math.prod(x.shape), f"slope {next(SERIAL)}", f"difference {next(SERIAL)}"
    bounded_slopes(size * x.data.size, env.world.depth + 1, first)
    unit = np.eye(size).reshape(size, *(1,) * len(x.letters), *x.shape)
    some = max(1, TOGETHER // size)  # points at once

    def moved(offsets: Array) -> Value:
        points = [x.data + h * unit[k : k + some] for h in offsets for k in range(0, size, some)]
        worlds = [env.world.replaced(first, Value(point, (letter, *x.letters))) for point in points]
        slopes = [sloped(numerator, inner, replace(env, world=world)) for world in worlds]
        letters = tuple(dict.fromkeys(y for s in slopes for y in s.letters if y != letter))
        data = [spread(s, (letter, *letters), len(s.shape)) for s in slopes]
        data = [np.broadcast_to(d, (len(p), *d.shape[1:])) for d, p in zip(data, points, strict=True)]
        together = np.concatenate(data)
        return Value(together.reshape(len(offsets), size, *together.shape[1:]), (offset, letter, *letters))

    return unpacked(differences(moved, offset, lambda: f"the derivative of {write(numerator)}"), letter, x.shape)


@evaluate.register
def _(node: n.Gradient, env: Env) -> Value:
    if not isinstance(node.body, n.Call):
        symbol = n.Symbol(only_symbol(node.body, env))
        return evaluate(n.Derivative(node.body, (symbol,) * node.order, nabla=True), env)
    if len(node.body.arguments) != 1:
        raise Mistake(r"\nabla f needs one argument, or the symbol as a subscript: \nabla_x f")
    point = f"point {next(SERIAL)}"
    world = env.world.replaced(point, evaluate(node.body.arguments[0], env))
    symbol = n.Symbol(point)
    inner = n.Derivative(n.Call(node.body.function, (symbol,)), (symbol,) * node.order, nabla=True)
    return evaluate(inner, replace(env, world=world))


def only_symbol(body: n.Node, env: Env) -> str:
    """The one symbol that an expression depends on, for a gradient that does not name it."""
    scope = env.world.scope
    found = scope.definitions.get(body.name) if isinstance(body, n.Symbol) else None
    names = found.parameters if found and found.function else scope.uses(body)
    moved = sorted(x for x in names if env.world.lookup(x) is not None and scope.kind(x) in MOVED)
    refused = sorted((scope.uses(body) | set(body.names)) & scope.refused.keys()) if not moved else []
    if refused:
        env.world.value(refused[0])
    if len(moved) != 1:
        what = f"it depends on {', '.join(moved)}" if moved else "it depends on no symbol with a row"
        raise Mistake(rf"in which symbol is this gradient? {what}: write \nabla_x with the symbol below")
    return moved[0]


# limits


@evaluate.register
def _(node: n.Limit, env: Env) -> Value:
    if sum(isinstance(x, n.Limit) for x in node.every) > MOST_LIMITS:
        raise Mistake(f"more than {MOST_LIMITS} limits inside each other are not computed: display one with a name")
    sides = [s for s in ("+", "-") if node.side in {"", s}]
    if isinstance(node.target, n.Infinity):
        sides = ["+"]
    found = [limit(node, env, 1.0 if side == "+" else -1.0) for side in sides]
    gap = float(np.max(np.abs(found[0].data - found[-1].data), initial=0.0))
    if gap > 1e-5:
        ask = r"if there is one from one side, write \lim_{x \to 0^+}"
        raise Mistake(f"the limit from the right and the limit from the left differ by {gap:.3g}: {ask}")
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
