"""The part of a claim at which its numbers cease to be finite ones, and why they do there."""

from collections.abc import Callable, Iterator

import numpy as np

from nnlit.book.checks.sides import InfiniteError, side_value
from nnlit.book.evaluation.environment import Env, World, evaluate
from nnlit.book.evaluation.values import UNCOMPUTED, Array, Mistake, Value
from nnlit.book.language import nodes as n
from nnlit.book.language.spans import Span
from nnlit.book.language.totals import MEMBERS
from nnlit.book.language.unparse import write

WIDEST = 60  # characters of a part that are shown
POSITIVE = r"say 'positive' in the row of what it is taken of, or write when it holds, with \text{if}"
DEFINITE = "say 'symmetric positive definite' in the row of the matrix whose determinant it is"
ZERO = r"say 'positive' in the row of what is zero, or write when it holds, with \text{if}"
LARGE = "write smaller numbers, or letters for them"
GROWING = {r"\exp", r"\sinh", r"\cosh"}


def told(mistake: Mistake, step: n.Step, world: Callable[[], World]) -> tuple[str, Span | None]:
    """What is said of a claim that has no value, and where that shows; `world` gives data if the mistake has none."""
    found = None
    if isinstance(mistake, InfiniteError):
        found = Traced(step, mistake.world or world()).culprit(mistake.side)
    if found is None or not isinstance(mistake, InfiniteError):
        return str(mistake).replace(MEMBERS, ""), mistake.span
    node, why = found
    text = write(node)
    shown = text if len(text) <= WIDEST else f"{text[: WIDEST - 3]}..."
    return f"the {mistake.side} side is not a finite number everywhere: {shown} {why}", node.span


class Traced:
    """One claim on some data, with the values of all its parts."""

    def __init__(self, step: n.Step, world: World) -> None:
        self.step, self.world = step, world.copied()
        self.world.memo = {}
        self.values: dict[int, Value] = {}

    def seen(self, node: n.Node, env: Env, value: Value) -> None:
        """Keep the value of a part; of several one that is not finite."""
        if id(node) not in self.values or not np.isfinite(value.data).all():
            self.values[id(node)] = value

    def culprit(self, side: str) -> tuple[n.Node, str] | None:
        """The innermost part that is not finite, and why; None where it cannot be told."""
        node = self.step.left if side == "left" else self.step.right
        try:
            with np.errstate(all="ignore"), evaluate.watched(self.seen):
                side_value(node, self.step, self.world)
        except (*UNCOMPUTED, RecursionError):
            return None
        if not self.lost(node):
            return None
        while inner := next((part for part in self.within(node) if self.lost(part)), None):
            node = inner
        why = self.why(node)
        return (node, why) if why else None

    def lost(self, node: n.Node) -> bool:
        """Whether a part has a value that is not finite."""
        value = self.values.get(id(node))
        return value is not None and not bool(np.isfinite(value.data).all())

    def within(self, node: n.Node) -> Iterator[n.Node]:
        """What a part is made of: its own parts, and what a name in it is."""
        yield from node.parts
        name = node.name if isinstance(node, n.Symbol) else node.function if isinstance(node, n.Call) else ""
        if name in self.world.scope.definitions:
            yield self.world.scope.definitions[name].body

    def numbers(self, node: n.Node) -> Array:
        """The numbers of a part; none where it has no value."""
        value = self.values.get(id(node))
        return np.asarray(value.data if value is not None else []).real

    def why(self, node: n.Node) -> str:
        """Why a part is no finite number although its own parts are; nothing where it is not known."""
        if isinstance(node, n.Call) and node.function == r"\log":
            of_a_matrix = any(isinstance(x, n.Call) and x.function == r"\det" for x in node.arguments[0].walk())
            if of_a_matrix:
                return f"is the logarithm of a negative number or of zero: {DEFINITE}"
            below = (self.numbers(node.arguments[0]) < 0).any()
            return f"is the logarithm of {f'a negative number: {POSITIVE}' if below else f'zero: {ZERO}'}"
        if isinstance(node, n.Fraction):
            top, bottom = self.numbers(node.top), self.numbers(node.bottom)
            both = top.shape == bottom.shape and ((top == 0) & (bottom == 0)).any()
            return f"is {'zero divided by zero' if both else 'a number divided by zero'}: {ZERO}"
        if isinstance(node, n.Power) and node.base != n.Symbol("e"):
            return self.of_power(node)
        large = isinstance(node, n.Power | n.Product | n.Hadamard | n.Number | n.Big | n.Add | n.Subtract)
        large = large or (isinstance(node, n.Call) and node.function in GROWING)
        return f"grows beyond 1e308: {LARGE}" if large else ""

    def of_power(self, node: n.Power) -> str:
        """Why a power is no finite number."""
        base, top = self.numbers(node.base), self.numbers(node.exponent)
        if (base == 0).any() and (top < 0).any():
            return f"is zero to a negative power: {ZERO}"
        if (base < 0).any() and (top != np.rint(top)).any():
            is_root = top.size == 1 and top.flat[0] == 0.5
            what = "the square root of a negative number" if is_root else "a negative number to a broken power"
            return f"is {what}: {POSITIVE}"
        return f"grows beyond 1e308: {LARGE}"
