"""Chance on finite sets: every distribution is one random joint table, of which all others are sums and quotients."""

import itertools
import zlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from nnlit.book.evaluation.environment import Env, Range, World, evaluate
from nnlit.book.evaluation.values import Array, Misfit, Mistake, Unknown, Value, combine, spread
from nnlit.book.language import nodes as n
from nnlit.book.language.guide import see
from nnlit.book.language.probability import CONTINUOUS
from nnlit.book.language.vocabulary import Measure, Moment

MOST = 200_000  # entries of a joint table
SERIAL = itertools.count()


def hidden(variable: str) -> str:
    """The axis of a variable's outcomes in a table."""
    return f"outcome of {variable}"


def count(variable: str, world: World) -> int:
    """How many outcomes a variable has."""
    return 2 if variable in world.scope.chances.events else world.integer(world.scope.ranges[variable])


def tables(world: World, distribution: str, seed: int) -> dict[str, Value]:
    """Random numbers from which the chances of a distribution are made: one array for every variable."""
    chances, found = world.scope.chances, dict[str, Value]()
    for variable in chances.variables:
        around = (*chances.parents[variable], variable)
        sizes = [count(x, world) for x in around]
        if np.prod([float(count(x, world)) for x in chances.variables]) > MOST:
            raise Mistake(f"the random variables have more than {MOST} outcomes together: declare fewer")
        rng = np.random.default_rng((seed, zlib.crc32(f"{distribution} {variable}".encode())))
        found[table_name(distribution, variable)] = Value(rng.normal(size=sizes), tuple(map(hidden, around)))
    return found


def table_name(distribution: str, variable: str) -> str:
    """Under which name a table is bound."""
    return f"chances {distribution} {variable}"


def joint(world: World, distribution: str, parameters: Sequence[Value]) -> Value:
    """The joint chances of all variables; with parameters they depend on these smoothly."""
    chances = world.scope.chances
    key = chances.key(distribution)
    known = f"joint {key} {world.independent}"
    if not parameters and known in world.memo:
        return world.memo[known]
    total = Value(np.array(0.0))
    for variable in chances.variables:
        table = world.lookup(table_name(key, variable))
        if table is None:
            raise Unknown(distribution, f"{distribution} has no value: give it a row of the shape distribution")
        if world.independent:
            table = averaged(table, hidden(variable))
        for k, parameter in enumerate(parameters):
            table = combine(np.add, table, moved(table, parameter, f"{key} {variable} {k}"))
        total = combine(np.add, total, normalized(table, hidden(variable)))
    found = replace(total, data=np.exp(total.data))
    if not parameters:
        world.memo[known] = found
    return found


def averaged(table: Value, own: str) -> Value:
    """A variable's numbers without what they depend on."""
    data = spread(table, (own, *(x for x in table.letters if x != own)), 0)
    return Value(data.reshape(len(data), -1).mean(axis=1), (own,))


def normalized(table: Value, own: str) -> Value:
    """The logarithms of chances that sum to one along an axis."""
    letters = (*(x for x in table.letters if x != own), own)
    data = spread(table, letters, 0)
    return Value(data - np.log(np.exp(data).sum(axis=-1, keepdims=True)), letters)


def moved(table: Value, parameter: Value, name: str) -> Value:
    """A smooth function of a parameter for every entry of a table; the same wherever the parameter has this shape."""
    flat = parameter.data.reshape(*parameter.data.shape[: len(parameter.letters)], -1)
    rng = np.random.default_rng(zlib.crc32(f"{name} {flat.shape[-1]} {table.data.shape}".encode()))
    slopes, shifts = rng.normal(size=(2, *table.data.shape, *(1,) * len(parameter.letters), flat.shape[-1]))
    data = np.sin(slopes * flat.reshape(*(1,) * table.data.ndim, *flat.shape) + shifts).sum(axis=-1)
    return Value(data, (*table.letters, *parameter.letters))


# outcomes


def outcomes(letter: str, env: Env) -> Value:
    """The values of a letter that is an outcome of a random variable."""
    variable = env.world.scope.chances.variable(letter)
    values = env.world.value(variable)
    return Value(values.data[positions(letter, env)], (letter, *values.letters))


def positions(letter: str, env: Env) -> Array:
    """Which outcomes a letter runs over."""
    found = env.ranges[letter]
    chances = env.world.scope.chances
    variable = chances.variable(letter)
    if found.base and variable in chances.valued:
        raise Mistake(f"{letter} counts from 0 in its row, and from {found.start} here: write the sum from 0")
    places = np.arange(found.start - found.base, found.start - found.base + found.size)
    if variable and (places.min() < 0 or places.max() >= count(variable, env.world)):
        raise Misfit(f"{letter} runs outside the {count(variable, env.world)} outcomes of {variable}")
    return places


def with_outcomes(env: Env, letters: Sequence[str]) -> Env:
    """The same with letters that run over all outcomes of their variables."""
    chances = env.world.scope.chances
    found = {x: Range(0, count(variable, env.world), 0) for x in letters if (variable := chances.variable(x))}
    return replace(env, ranges={**env.ranges, **found})


@evaluate.register
def _(node: n.Order, env: Env) -> Value:
    what = "O(...) for large numbers says nothing of any of them: only a remainder, a = b + O(h^2), is executed"
    raise Mistake(what + see("asymptotic"))


@evaluate.register
def _(node: n.Rest, env: Env) -> Value:
    raise Mistake("terms that are left out have no value: write the sum with its bounds" + see("series"))


@evaluate.register
def _(node: n.Integral, env: Env) -> Value:
    raise Mistake("an integral is not computed: chance is executed on finite sets alone, with sums" + see("integral"))


# probabilities


@evaluate.register
def _(node: n.Chance, env: Env) -> Value:
    if node.distribution in CONTINUOUS:
        what = f"{node.distribution} is a continuous distribution: chance is executed on finite sets alone"
        raise Mistake(what + see("continuous"))
    if not env.world.scope.chances.variables:
        raise Unknown(node.distribution, f"{node.distribution} is a probability of what? {ASK}")
    table = joint(env.world, node.distribution, [evaluate(x, env) for x in node.parameters])
    chance = mass(table, (*node.of, *node.given), env)
    return combine(np.divide, chance, mass(table, node.given, env)) if node.given else chance


ASK = "give every random variable a row with the shape random, $n$" + see("probability")


def mass(table: Value, parts: Sequence[n.Node], env: Env) -> Value:
    """The chance that several things happen together."""
    plain = [x.name for x in parts if isinstance(x, n.Letter)]
    for part in parts:
        if not isinstance(part, n.Letter):
            table = combine(np.multiply, table, happening(part, env))
    seen = dict[str, str]()
    for letter in plain:
        variable = env.world.scope.chances.variable(letter)
        if not variable:
            raise Unknown(letter, f"{letter} is no random variable: {ASK}")
        whole = letter in env.ranges and len(positions(letter, env)) == count(variable, env.world)
        if variable in seen or not whole:
            table = combine(np.multiply, table, same(letter, variable, env))
        else:
            seen[variable] = letter
    rest = [x for x in table.letters if x.startswith("outcome of ") and x[len("outcome of ") :] not in seen]
    kept = tuple(x for x in table.letters if x not in rest)
    data = spread(table, (*rest, *kept), 0).sum(axis=tuple(range(len(rest))))
    renamed = tuple(seen.get(x.removeprefix("outcome of "), x) if x.startswith("outcome of ") else x for x in kept)
    return Value(data, renamed)


def happening(part: n.Node, env: Env) -> Value:
    """One where something happens, zero elsewhere, along the axes of the variables that it speaks of."""
    chances = env.world.scope.chances
    if isinstance(part, n.Symbol) and part.name in chances.events:
        return Value(np.array([0.0, 1.0]), (hidden(part.name),))
    if isinstance(part, n.Set):
        return together(part, [happening(x, env) for x in part.events])
    if isinstance(part, n.Event):
        inner = with_outcomes(env, part.letters)
        mask = Value(np.array(1.0))
        for relation in part.relations:
            mask = combine(np.multiply, mask, truth(relation, part.letters, inner))
        owners = {x: hidden(chances.variable(x)) for x in part.letters}
        return Value(mask.data, tuple(owners.get(x, x) for x in mask.letters))
    if isinstance(part, n.Letter):
        return same(part.name, chances.variable(part.name), env)
    if isinstance(part, n.Whole):
        raise Mistake(r"a dot stands for every outcome: write the letter, as in p(x \mid y)")
    name = part.name if isinstance(part, n.Symbol) else "this"
    raise Unknown(name, f"{name} is neither a random variable nor an event: {ASK}")


def together(part: n.Set, masks: Sequence[Value]) -> Value:
    """Where both, one or none of some events happen."""
    if part.operator == "^c":
        return replace(masks[0], data=1 - masks[0].data)
    mask = masks[0]
    if part.operator == r"\setminus":
        return combine(lambda a, b: a * (1 - b), mask, masks[1])
    for other in masks[1:]:
        mask = combine(np.minimum if part.operator == r"\cap" else np.maximum, mask, other)
    return mask


def same(letter: str, variable: str, env: Env) -> Value:
    """One where a variable has the outcome that a letter stands for."""
    size = np.arange(count(variable, env.world))
    if letter in env.ranges:
        return Value((size[:, None] == positions(letter, env)).astype(float), (hidden(variable), letter))
    if not env.world.knows(letter) or letter == variable:
        raise Mistake(f"for which outcomes of {variable} does this hold? {letter} stands on one side alone")
    value, listed = env.world.value(letter), env.world.value(variable)
    if listed.shape[1:] or value.shape:
        raise Mistake(f"the chance of a vector that is an argument of a function is not computed: {letter}")
    equal = np.abs(value.data.real[None] - listed.data.reshape(-1, *(1,) * value.data.ndim)) < 1e-12
    return Value(equal.astype(float), (hidden(variable), *value.letters))


def truth(relation: n.Node, bound: Sequence[str], env: Env) -> Value:
    """Where a relation between outcomes and numbers holds."""
    assert isinstance(relation, n.Relation)
    sides = (relation.left, relation.right)
    for one, other in (sides, sides[::-1]):
        if isinstance(one, n.Letter) and one.name in bound and isinstance(other, n.Letter) and other.name in env.ranges:
            return by_place(relation, one.name, other.name, env)
    names = [x.name for side in sides for x in side.every if isinstance(x, n.Letter) and x.name in bound]
    chances = env.world.scope.chances
    unvalued = [x for x in names if chances.variable(x) not in chances.valued]
    if unvalued and relation.operator in {"=", r"\ne"}:
        what = f"which numbers are the outcomes of {unvalued[0]}? write 'labels 0..K-1' or '0 or 1' in its row"
        raise Mistake(what, relation.span)
    mask = evaluate(relation, env)
    return replace(mask, data=mask.data.astype(float))


def by_place(relation: n.Relation, variable: str, letter: str, env: Env) -> Value:
    """A variable against a letter that runs over its outcomes."""
    if relation.operator not in {"=", r"\ne"} and env.world.scope.chances.variable(letter):
        mask = evaluate(relation, env)
        return replace(mask, data=mask.data.astype(float))
    if relation.operator not in {"=", r"\ne"}:
        raise Mistake(f"{letter} counts outcomes of {variable}: they are compared with = alone", relation.span)
    owner = env.world.scope.chances.variable(variable)
    size, places = count(owner, env.world), positions(letter, env)
    if owner in env.world.scope.chances.valued and env.ranges[letter].base:
        raise Mistake(f"{owner} counts from 0 in its row, and {letter} from 1 here: write the sum from 0")
    if len(places) and places.max() >= size:
        raise Misfit(f"{letter} runs over {len(places)} values, but {variable} has {size} outcomes", relation.span)
    equal = np.arange(size)[:, None] == places
    return Value((equal if relation.operator == "=" else ~equal).astype(float), (variable, letter))


# means and entropies


def summed(value: Value, letters: Sequence[str]) -> Value:
    """A sum along letters."""
    rest = tuple(x for x in value.letters if x not in letters)
    present = [x for x in letters if x in value.letters]
    data = spread(value, (*present, *rest), len(value.shape))
    return Value(data.sum(axis=tuple(range(len(present)))), rest, value.row)


@evaluate.register
def _(node: n.Mean, env: Env) -> Value:
    inner = with_outcomes(env, node.letters)
    chance = evaluate(node.chance, inner)
    values = [evaluate(x, inner) for x in node.arguments]
    means = [summed(combine(np.multiply, chance, x), node.letters) for x in values]
    if node.kind is Moment.MEAN:
        return means[0]
    a, b = (combine(np.subtract, v, m) for v, m in zip((values * 2)[:2], (means * 2)[:2], strict=True))
    return summed(combine(np.multiply, chance, combine(np.multiply, a, b, "Cov")), node.letters)


@evaluate.register
def _(node: n.Information, env: Env) -> Value:
    if not isinstance(node.first, n.Chance):
        return of_arrays(node, env)
    inner = with_outcomes(env, node.letters)
    own = evaluate(node.first, inner)
    second = evaluate(node.second, inner) if node.second is not None else None
    averaged_over = [x for x in node.first.given if isinstance(x, n.Letter) and x.name in node.letters]
    of, given = [*node.first.of, *averaged_over], [x for x in node.first.given if x not in averaged_over]
    if node.kind is Measure.MUTUAL and isinstance(node.second, n.Chance):
        of = [*node.second.of, *of]
        together = evaluate(replace(node.first, of=(*node.first.of, *node.second.of)), inner)
    weight = evaluate(replace(node.first, of=tuple(of), given=tuple(given)), inner)
    logs = [replace(x, data=np.log(x.data)) for x in (own, second) if x is not None]
    if node.kind is Measure.MUTUAL:
        apart = combine(np.add, logs[0], logs[1])
        inside = combine(np.subtract, replace(together, data=np.log(together.data)), apart)
    else:
        inside = combine(np.subtract, logs[0], logs[1]) if node.kind is Measure.DIVERGENCE else negative(logs[-1])
    return summed(combine(np.multiply, weight, inside), node.letters)


def negative(value: Value) -> Value:
    """The same with the other sign."""
    return replace(value, data=-value.data)


def of_arrays(node: n.Information, env: Env) -> Value:
    """An entropy, or a divergence, of vectors of chances; of every row of a matrix."""
    found = [evaluate(x, env) for x in (node.first, node.second) if x is not None]
    for value in found:
        if not value.shape or np.abs(value.data.sum(axis=-1) - 1).max() > 1e-9 or (value.data.real <= 0).any():
            what = "chances that are positive and sum to one: say 'entries sum to one' in the row"
            raise Mistake(f"{node.word} needs {what}")
    logs = [replace(x, data=np.log(x.data)) for x in found]
    inside = combine(np.subtract, logs[0], logs[1]) if node.kind is Measure.DIVERGENCE else negative(logs[-1])
    product = combine(np.multiply, found[0], inside)
    return Value(product.data.sum(axis=-1), product.letters)
