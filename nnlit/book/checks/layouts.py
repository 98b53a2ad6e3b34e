r"""Layouts of derivatives: the slopes of a vector in a vector, and of a number in a vector or a matrix, have two.

`\frac{\partial z}{\partial x}` of $z = W x$ is W in one and its transpose in the other; `\frac{\partial L}{\partial x}`
is a row or a column. A text that is in one here and in the other there is told so, and is not false for that alone.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from nnlit.book.checks.equations import PageCheck
from nnlit.book.checks.sides import side_value
from nnlit.book.checks.verdicts import AmbiguityError, EquationError, Result, Verdict
from nnlit.book.evaluation.calculus import DENOMINATOR, NUMERATOR
from nnlit.book.evaluation.definitions import Part
from nnlit.book.evaluation.environment import Env, World
from nnlit.book.evaluation.expressions import evaluate
from nnlit.book.evaluation.values import UNCOMPUTED
from nnlit.book.language import nodes as n
from nnlit.book.language.guide import see
from nnlit.book.language.unparse import write
from nnlit.book.source.chapter import Display
from nnlit.book.source.layout import Declared, Layout
from nnlit.book.source.place import BookError, line_words

Slopes = dict[tuple[int, int], n.Derivative]  # derivatives by how many axes stand above and below them
TURN = r"write ^\top behind it where it is the other one"
DECLARE = f"{TURN}, or say for the whole text 'we use the denominator layout', or <!-- layout: denominator -->"
WAYS = {True: "a row", False: "a column"}


class Layouts:
    """What is found of displays with derivatives, by the layouts in which they are true.

    Args:
        check: the page check of the text.
    """

    def __init__(self, check: PageCheck) -> None:
        self.analysis, self.data = check.analysis, check.data
        self.jacobians: dict[str, int] = {}  # in which line a Jacobian stands first in a layout

    def outcome(self, display: Display, found: Result | EquationError) -> Result | EquationError:
        """What is found of a display; one that is true in another layout alone is not false."""
        part = self.analysis.parts[self.analysis.chapter.tables_of(display)]
        equation = part.equations.get(display.place)
        if part.strict or not isinstance(equation, n.Equation) or found.verdict not in {Verdict.TRUE, Verdict.FALSE}:
            return found
        slopes = [x for side in equation.sides for x in side.every if isinstance(x, n.Derivative) and is_whole(x)]
        if not slopes:
            return found
        shapes = {shapes_of(x, self.data.world(display, 0)): x for x in reversed(slopes)}
        if isinstance(found, Result):
            return replace(found, said="; ".join(filter(None, [found.said, self.told(display, equation, shapes)])))
        return self.other(display, found, shapes)

    def told(self, display: Display, equation: n.Equation, shapes: Slopes) -> str:
        """What is said of a true display in another layout than the one before."""
        line, told = display.place.line, ""
        if self.declared is None and (1, 1) in shapes and not self.is_true(display, DENOMINATOR):
            self.jacobians.setdefault(NUMERATOR, line)
            other = self.jacobians.get(DENOMINATOR, 0)
            told = f"a Jacobian stands here as it does not at {line_words(other)}: two layouts" if other else ""
        ways = dict(self.ways)
        first = min(ways, default=0)
        own = [way for step in equation.steps if (way := ways.get(step.place.line)) is not None]
        if own and own[0] is not ways[first]:
            ways_told = f"{WAYS[own[0]]} here and {WAYS[ways[first]]} at {line_words(first)}"
            mixed = f"the derivative of a number in a vector is {ways_told}: two layouts"
            return f"{told}; {mixed}" if told else mixed
        return told

    def other(self, display: Display, found: EquationError, shapes: Slopes) -> EquationError:
        """What is found of a false display; of one that is true in another layout, that."""
        if self.declared is not None:
            return self.undeclared(display, found, shapes, self.declared)
        rows = [line for line, is_row in self.ways if is_row]
        if (1, 1) in shapes and self.is_true(display, DENOMINATOR):
            self.jacobians.setdefault(DENOMINATOR, display.place.line)
            slope = shapes[1, 1]
            what = f"true where {write(slope)} has a column for every entry above, and false where it has a row"
            known = self.jacobians.get(NUMERATOR, 0)
            where = f", as at {line_words(known)}: two layouts in one text" if known else ""
        elif (0, 2) in shapes and rows and self.is_true(display, NUMERATOR):
            slope = shapes[0, 2]
            what = f"true where {write(slope)} is laid down, and false where it is not"
            where = f"; at {line_words(rows[0])} the derivative of a number in a vector is a row"
        else:
            return found
        place, excerpt = self.analysis.culprit(slope.span, self.analysis.equation(display).steps[0])
        message = f"{what}{where}: which layout is meant? {DECLARE}" + see("layout")
        return AmbiguityError(found.label, place, message, excerpt=excerpt)

    def undeclared(self, display: Display, found: EquationError, shapes: Slopes, declared: Declared) -> EquationError:
        """What is found of a display that is false in the layout that the text declares."""
        other = Layout.DENOMINATOR if declared.layout is Layout.NUMERATOR else Layout.NUMERATOR
        where = f"{line_words(declared.place.line)} declares the {declared.layout}"
        if (1, 1) in shapes and self.is_true(display, DENOMINATOR):
            said = found.message.removeprefix(f"{found.label}: ")
            message = f"{said}; it is true in the {other}, but {where}"
            return EquationError(found.label, found.place, message, found.difference, found.excerpt)
        if declared.layout is Layout.NUMERATOR and (0, 2) in shapes and self.is_true(display, NUMERATOR):
            slope = shapes[0, 2]
            place, excerpt = self.analysis.culprit(slope.span, self.analysis.equation(display).steps[0])
            what = f"true where {write(slope)} has the shape of what stands below, false where it is laid down; {where}"
            return AmbiguityError(found.label, place, f"{what}: which is meant? {TURN}", excerpt=excerpt)
        return found

    def is_true(self, display: Display, layout: str) -> bool:
        """Whether a display is true where a layout is read if it was not, and not read if it was."""
        return not isinstance(self.in_layout[layout].outcome(display), EquationError)

    @property
    def declared(self) -> Declared | None:
        """The layout that the text declares."""
        return self.analysis.chapter.layout

    @cached_property
    def in_layout(self) -> dict[str, PageCheck]:
        """The page check in the other layout of Jacobians, and in that of slopes of a number in a matrix."""
        parts = {x: {k: turned(p, x) for k, p in self.analysis.parts.items()} for x in (DENOMINATOR, NUMERATOR)}
        return {x: PageCheck(replace(self.analysis, parts=parts[x]), strict=False) for x in parts}

    @cached_property
    def ways(self) -> tuple[tuple[int, bool], ...]:
        """Every line that gives the derivative of a number in a vector, and whether it is a row there."""
        return tuple(sorted(way for display in self.analysis.chapter.displays for way in self.ways_in(display)))

    def ways_in(self, display: Display) -> Iterator[tuple[int, bool]]:
        """The same of one display."""
        part = self.analysis.parts[self.analysis.chapter.tables_of(display)]
        equation = part.equations.get(display.place)
        for step in equation.steps if isinstance(equation, n.Equation) else ():
            left, right = step.left, step.right
            if not isinstance(left, n.Derivative) or left.nabla or not is_whole(left) or not has_way(right):
                continue
            world = self.data.world(display, 0)
            if shapes_of(left, world) == (0, 1) and left.denominators[0].name not in part.scope.rows:
                try:
                    value = side_value(right, step, world)
                except (*UNCOMPUTED, BookError):
                    continue
                if len(value.shape) == 1 and not value.letters:
                    yield step.place.line, value.row


def has_way(node: n.Node) -> bool:
    """Whether an expression lies or stands: a name alone, and another derivative, may be both."""
    return not isinstance(node, n.Symbol) and not any(isinstance(x, n.Derivative | n.Gradient) for x in node.every)


def is_whole(node: n.Derivative) -> bool:
    """Whether a derivative is a first one, and none of entries."""
    entries = any(isinstance(x, n.Symbol) and x.indices for x in (*node.denominators, node.numerator))
    return len(node.denominators) == 1 and not entries


def shapes_of(node: n.Derivative, world: World) -> tuple[int, int]:
    """How many axes what is above a derivative has, and what is below; minus one where that is not known."""
    try:
        above = evaluate(node.numerator, Env(world, {}, (node.numerator,)))
        below = world.value(node.denominators[0].name)
    except (*UNCOMPUTED, BookError):
        return -1, -1
    return len(above.shape), len(below.shape)


def read_as(part: Part, second: str) -> Part:
    """A part in which a kind of notation is taken in its second reading."""
    return reading(part, part.scope.names.second | {second})


def reading(part: Part, second: frozenset[str]) -> Part:
    """A part in which these kinds of notation are taken in their second reading."""
    return replace(part, scope=part.scope.but(names=replace(part.scope.names, second=second)))


def turned(part: Part, layout: str) -> Part:
    """A part in which a layout is read if it was not, and not read if it was."""
    return reading(part, part.scope.names.second ^ {layout})
