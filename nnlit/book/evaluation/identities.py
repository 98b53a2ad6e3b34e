"""Which identity is meant where one is added to a square matrix: the one that fits."""

from dataclasses import replace

import numpy as np

from nnlit.book.evaluation.environment import Env
from nnlit.book.evaluation.values import Array, Value
from nnlit.book.language import nodes as n


def scaled(node: n.Node) -> n.Node:
    """What stands behind signs and factors."""
    while isinstance(node, n.Negative | n.Product):
        node = node.body if isinstance(node, n.Negative) else node.right
    return node


def is_identity(data: Array) -> bool:
    """Whether a matrix is the identity."""
    return data.ndim == 2 and np.array_equal(data, np.eye(len(data)))


def of_size(node: n.Node, other: Value, env: Env) -> Env:
    """An environment in which the identity in a term, alone or with numbers in front of it, is as large as another."""
    node = scaled(node)
    if not isinstance(node, n.Symbol) or node.indices:
        return env
    one = env.world.lookup(node.name)
    if one is None or one.letters or not is_identity(one.data):
        return env
    return replace(env, world=env.world.replaced(node.name, Value(np.eye(other.shape[0]))))
