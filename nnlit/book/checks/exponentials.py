r"""The exponential of a square matrix, `e^{t A}`: that of every entry, or that of the matrix as a whole."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from nnlit.book.checks.draws import bodies
from nnlit.book.checks.equations import PageCheck
from nnlit.book.checks.layouts import read_as
from nnlit.book.checks.verdicts import AmbiguityError, EquationError, Result, Verdict
from nnlit.book.evaluation.environment import World
from nnlit.book.evaluation.matrices import WHOLE
from nnlit.book.evaluation.values import UNCOMPUTED
from nnlit.book.language import nodes as n
from nnlit.book.language.guide import see
from nnlit.book.language.unparse import write
from nnlit.book.source.chapter import Display


class Exponentials:
    """What is found of displays with the exponential of a square matrix, by both of its readings.

    Args:
        check: the page check of the text, in which it is that of every entry.
    """

    def __init__(self, check: PageCheck) -> None:
        self.analysis, self.data = check.analysis, check.data

    def outcome(self, display: Display, found: Result | EquationError) -> Result | EquationError:
        """What is found of a display; one that is true in one reading alone is asked about.

        What a definition means by it is not asked where a display that rests on it is true.
        """
        part = self.analysis.parts[self.analysis.chapter.tables_of(display)]
        equation = part.equations.get(display.place)
        if part.strict or not isinstance(equation, n.Equation) or found.verdict not in {Verdict.TRUE, Verdict.FALSE}:
            return found
        is_true = found.verdict is Verdict.TRUE
        nodes = [x for step in equation.steps for side in (step.left, step.right) for x in side.every]
        if not is_true:
            sides = (side for step in equation.steps for side in bodies(step, part))
            nodes += [x for side in sides for x in side.every]
        shown = next((x for x in nodes if self.is_whole(x, display)), None)
        if shown is None or isinstance(self.whole.outcome(display), EquationError) is not is_true:
            return found
        ask = f"is {write(shown)} the exponential of every entry, or of the matrix?"
        ways = r"write \operatorname{expm}(...) for that of the matrix, or indices for entries"
        ways += see("matrix-exponential")
        message = f"true in one reading of a notation and false in another: {ask} {ways}"
        return AmbiguityError(self.analysis.name(display), display.place, message)

    def is_whole(self, node: n.Node, display: Display) -> bool:
        """Whether a node is the exponential of something that is made of a square matrix without indices."""
        power = isinstance(node, n.Power) and node.base == n.Symbol("e")
        if not power and not (isinstance(node, n.Call) and node.function == r"\exp"):
            return False
        argument = node.exponent if isinstance(node, n.Power) else node.parts[0]
        return any(is_square(self.data.world(display, 0), x) for x in arrays(argument))

    @cached_property
    def whole(self) -> PageCheck:
        """The page check in the reading in which it is that of the matrix."""
        parts = {key: read_as(part, WHOLE) for key, part in self.analysis.parts.items()}
        return PageCheck(replace(self.analysis, parts=parts), strict=False)


def arrays(node: n.Node) -> Iterator[n.Symbol]:
    """The names without indices in an expression, but for those inside of what makes a number of them."""
    if isinstance(node, n.Symbol) and not node.indices:
        yield node
    elif not isinstance(node, n.Norm | n.Inner | n.Entry | n.Call | n.Derivative | n.Absolute):
        for part in node.parts:
            yield from arrays(part)


def is_square(world: World, node: n.Symbol) -> bool:
    """Whether a name is a square matrix on some data."""
    try:
        shape = world.value(node.name).shape
    except UNCOMPUTED:
        return False
    return len(shape) == 2 and shape[0] == shape[1] > 1
