"""Means, variances and covariances by enumeration: an axis more for the outcomes of every random symbol."""

from dataclasses import replace

import numpy as np

from nnlit.book.evaluation.calculus import SERIAL
from nnlit.book.evaluation.environment import Env, evaluate
from nnlit.book.evaluation.scope import Scope
from nnlit.book.evaluation.values import Array, Mistake, Value, combine, spread
from nnlit.book.language import nodes as n
from nnlit.book.language.vocabulary import Kind, Moment

__all__ = ["averaged", "evaluate"]
FIXED = {Kind.ARRAY, Kind.NUMBER, Kind.FUNCTION, Kind.SIZE, Kind.INTEGER}
MOST_OUTCOMES = 200_000


@evaluate.register
def _(node: n.Expectation, env: Env) -> Value:
    world, weights = env.world, np.array(1.0)
    letters = []
    for name in averaged(node, env.world.scope):
        outcomes = env.world.scope.random[name](env.world)
        if weights.size * outcomes.weights.size > MOST_OUTCOMES:
            raise Mistake(f"{weights.size * outcomes.weights.size} outcomes are too many to enumerate")
        letters.append(f"outcome {next(SERIAL)}")
        world = world.replaced(name, Value(outcomes.values, (letters[-1],)))
        weights = np.multiply.outer(weights, outcomes.weights)
    return moment(node, [evaluate(x, replace(env, world=world)) for x in node.arguments], letters, weights)


def averaged(node: n.Expectation, scope: Scope) -> tuple[str, ...]:
    """The random symbols that an expectation is taken over: those it names, or all that its arguments rest on."""
    reach = frozenset().union(*(scope.uses(x) for x in node.arguments))
    over = node.over or tuple(sorted(reach & set(scope.random)))
    unknown = [x for x in over if x not in scope.random]
    if not over and scope.random and all(scope.kind(x) in FIXED for x in reach):
        return ()  # what is declared, and is not random, is its own mean
    if unknown or not over:
        what = f"{unknown[0]} is not random" if unknown else f"nothing in the brackets of {node.kind} is random"
        raise Mistake(f"{what}: say in the Symbols table what is, as in 'is random: 1 with probability $p$'")
    return over


def moment(node: n.Expectation, values: list[Value], letters: list[str], weights: Array) -> Value:
    """Mean, variance or covariance under the weights."""
    means = [mean(v, letters, weights) for v in values]
    if node.kind is Moment.MEAN:
        return means[0]
    a, b = (combine(np.subtract, v, m) for v, m in zip((values * 2)[:2], (means * 2)[:2], strict=True))
    return mean(combine(np.multiply, a, b, "Cov"), letters, weights)


def mean(value: Value, letters: list[str], weights: Array) -> Value:
    """A weighted mean along all letters of outcomes."""
    rest = tuple(x for x in value.letters if x not in letters)
    data = spread(value, (*letters, *rest), len(value.shape))
    data = np.broadcast_to(data, (*weights.shape, *data.shape[len(letters) :]))
    return Value(np.tensordot(weights, data, axes=len(letters)), rest, value.row)
