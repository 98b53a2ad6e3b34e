"""Expressions on given numbers, for the tests of the evaluation."""

from pathlib import Path

import numpy as np
import pytest

from nnlit.book.evaluation.environment import Env, World
from nnlit.book.evaluation.expressions import evaluate
from nnlit.book.evaluation.scope import Definition, Scope
from nnlit.book.evaluation.values import Value
from nnlit.book.language import tex
from nnlit.book.language.names import Names
from nnlit.book.source.place import Place

HERE = Place(Path("test.md"), 1)


def kind_of(value):
    """An array has indices, a number none."""
    return "array" if np.ndim(value) else "number"


@pytest.fixture
def valued():
    """The value of an expression; `letters` become axes of the result, `rules` define further names."""

    def value(expression, letters=(), rules=(), kinds=None, scope=None, **given):
        names = {name: kind_of(v) for name, v in given.items()} | (kinds or {})
        equations = [tex.read(rule, HERE, Names(names)).steps[0] for rule in rules]
        found = {s.left.name: Definition(s.left.name, s.right, HERE) for s in equations}
        node = tex.read(f"Q = {expression}", HERE, Names(names)).steps[0].right
        bound = {name: Value(np.asarray(v)) for name, v in given.items()}
        world = World(Scope(Names(names), definitions=found, **(scope or {})), bound)
        with np.errstate(all="ignore"):
            env = Env(world, {}, (node,)).with_letters(letters)
            return (env.gathered(node, letters) if letters else evaluate(node, env)).data

    return value
