"""One rule for every kind of node: its value in an environment."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import singledispatch
from typing import Any

from nnlit.book.evaluation.values import Mistake, Value
from nnlit.book.language import nodes as n

Rule = Callable[[Any, Any], Value]


class Evaluate:
    """The value of a node; its letters that the environment ranges over become named axes.

    Every kind of node has its own rule; a mistake is marked with the innermost node in which it shows.
    """

    def __init__(self) -> None:
        self.by_kind = singledispatch(unknown)
        self.known: dict[type[n.Node], Rule] = {}  # what `by_kind` looks up in three calls
        self.rules: Rule = self.apply

    def register(self, rule: Rule) -> Rule:
        """Make a function the rule of the kind of node that its first argument is."""
        self.known.clear()
        return self.by_kind.register(rule)

    def apply(self, node: n.Node, env: Any) -> Value:
        """The value of a node by the rule of its kind."""
        kind = type(node)
        if kind not in self.known:
            self.known[kind] = self.by_kind.dispatch(kind)
        return self.known[kind](node, env)

    def __call__(self, node: n.Node, env: Any) -> Value:
        """Apply the rule of a node."""
        try:
            return self.rules(node, env)
        except Mistake as mistake:
            mistake.span = mistake.span or node.span
            raise

    @contextmanager
    def watched(self, seen: Callable[[n.Node, Any, Value], None]) -> Iterator[None]:
        """Tell a function of every node that is evaluated meanwhile, with its value."""
        rules = self.rules

        def told(node: n.Node, env: Any) -> Value:
            value = rules(node, env)
            seen(node, env, value)
            return value

        self.rules = told
        try:
            yield
        finally:
            self.rules = rules


def unknown(node: n.Node, env: Any) -> Value:
    """A node without a rule has no value."""
    raise Mistake(f"{type(node).__name__} has no value here")


evaluate = Evaluate()
