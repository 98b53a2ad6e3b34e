"""`nnlit check FILE --explain LABEL`: how one display is understood, the shapes of its parts, one draw's numbers."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np

from nnlit.book.assembly import Assembly
from nnlit.book.checks.comparison import settled
from nnlit.book.checks.equations import PageCheck
from nnlit.book.checks.inequalities import read_as
from nnlit.book.checks.readings import Around, Readings
from nnlit.book.checks.sides import side_value
from nnlit.book.evaluation.definitions import Part, definition_of, is_definition
from nnlit.book.evaluation.environment import Env, Range, World, axes_of, evaluate
from nnlit.book.evaluation.sampling import sizes
from nnlit.book.evaluation.scope import Definition
from nnlit.book.evaluation.values import UNCOMPUTED, Array, Value
from nnlit.book.language import nodes as n
from nnlit.book.language.unparse import write
from nnlit.book.language.vocabulary import Measure, Moment
from nnlit.book.origins import origins
from nnlit.book.report import Judged, said_of, unread_as
from nnlit.book.source.chapter import Chapter, Display
from nnlit.book.source.marks import Unchecked
from nnlit.book.source.place import BookError, CellLine, Place, line_words

FAILS = (*UNCOMPUTED, RecursionError, MemoryError)
MOST_PARTS = 200  # of a tree that are shown
WIDEST = 70  # characters of a part's TeX
BIG = {"sum": "sum", "prod": "product", "max": "largest", "min": "smallest"}
BIG |= {"argmax": "place of the largest", "argmin": "place of the smallest"}
BIG |= {"list": "vector of entries", "rows": "rows one below the other", "columns": "columns side by side"}
INFORMATION = {Measure.ENTROPY: "entropy", Measure.DIVERGENCE: "divergence", Measure.MUTUAL: "mutual information"}
MOMENTS = {Moment.MEAN: "mean", Moment.VARIANCE: "variance", Moment.COVARIANCE: "covariance"}
WORDS: dict[type[n.Node], str] = {
    n.Number: "written number",
    n.Letter: "index",
    n.Whole: "whole axis",
    n.Entry: "entry of an expression",
    n.Negative: "minus",
    n.Add: "plus",
    n.Subtract: "difference",
    n.Hadamard: "product of entries",
    n.Kronecker: "Kronecker product",
    n.Stack: "arrays put together",
    n.Fraction: "quotient",
    n.Transpose: "transpose",
    n.Indicator: "1 or 0",
    n.Cases: "by cases",
    n.Case: "case",
    n.Relation: "condition",
    n.Limit: "limit",
    n.Infinity: "infinity",
    n.Matrix: "matrix, written out",
    n.Inner: "inner product",
    n.Binomial: "binomial coefficient",
    n.Factorial: "factorial",
    n.Order: "remainder",
    n.Rest: "terms left out",
    n.Count: "number of members",
    n.Domain: "set of values",
    n.Event: "event",
    n.Set: "events put together",
    n.Chance: "probability",
    n.Integral: "integral",
}


@dataclass
class Seen:
    """What an evaluation met: the first value of each part of a tree, by its identity, and the ranges of indices."""

    values: dict[int, Value] = field(default_factory=dict)
    ranges: dict[str, Range] = field(default_factory=dict)

    def __call__(self, node: n.Node, env: Env, value: Value) -> None:
        """Keep what an evaluation tells."""
        self.values.setdefault(id(node), value)
        self.ranges = {**env.ranges, **self.ranges}


def explained(chapter: Chapter, wanted: str, around: Around = iter) -> tuple[Judged, list[str]]:
    """What is said of the display with a label, or at a line, and the lines that explain it.

    Raises:
        BookError: there is no such display.
    """
    assembly = Assembly(chapter)
    display = display_of(assembly, wanted)
    if isinstance(display, Judged):
        return display, []
    lines, found = list[str](), None
    readings = Readings(assembly.analysis, assembly.formulas)
    for one in around([display]):
        found = said_of(assembly.chapter, one, readings.outcome(one))
    for one in around([display]):
        lines = explanation(assembly, one, readings)
    assert found is not None
    return found, lines


def display_of(assembly: Assembly, wanted: str) -> Display | Judged:
    """The display with a label, or the first one at a line."""
    chapter = assembly.chapter
    found: list[Display | Judged] = [d for d in chapter.displays if wanted == d.label]
    lines = {d.place: {d.place.line, *(number for number, _ in d.origins)} for d in chapter.displays}
    found += [d for d in chapter.displays if any(is_meant(wanted, line) for line in lines[d.place])]
    found += [unread_as(chapter, one) for one in chapter.unread if is_meant(wanted, one.place.line)]
    if found:
        return found[0]
    shown = ", ".join(d.label or line_words(d.place.line) for d in chapter.displays[:20])
    more = f" and {len(chapter.displays) - 20} more" if len(chapter.displays) > 20 else ""
    has = f"it has displays at {shown}{more}" if shown else "it has no display"
    raise BookError(Place(chapter.path, 1), f"expected the label or the line of a display, got {wanted!r}; {has}")


WHERE = re.compile(r"(?:cell )?(\d{1,9})(?:(?::|, line )(\d{1,9}))?|line (\d{1,9})")


def is_meant(wanted: str, line: int) -> bool:
    """Whether words such as `12`, or `7:3` and `cell 7, line 3` in a notebook, mean a line; `7` alone is a cell."""
    found = WHERE.fullmatch(wanted)
    if found and isinstance(line, CellLine):
        return int(found[1] or 0) == line.cell and int(found[2] or line.within) == line.within
    return bool(found) and wanted.removeprefix("line ") == f"{line:d}"


def explanation(assembly: Assembly, display: Display, readings: Readings) -> list[str]:
    """The tree of a display as it is understood, and what every part of it is."""
    if isinstance(display.mark, Unchecked):
        return ["It is marked unchecked and is not read."]
    analysis = assembly.analysis
    try:
        equation, part = analysis.equation(display), analysis.part(display)
    except BookError:
        return [
            "There is no tree: this display, or the table that it needs, cannot be read. The message above says why."
        ]
    check = PageCheck(analysis, strict=False)
    try:
        world = check.data.world(display, check.seed)
    except FAILS as error:
        return [f"There are no random data for its names: {error}"]
    drawn = ", ".join(f"{name} = {size}" for name, size in sizes(world).items())
    lines = [f"One draw of random data{': ' * bool(drawn)}{drawn}"]
    for step in equation.steps:
        where = f"Step {step.number}, {line_words(step.place.line)}" if len(equation.steps) > 1 else "Understood as"
        lines += ["", f"{where}: {write(step.left)} {step.relation} {write(step.right)}"]
        lines += claim(step, part, world)
    return [*lines, *origins(equation, part, world), *doubts(display, equation, readings)]


# one claim


def claim(step: n.Step, part: Part, world: World) -> list[str]:
    """The parts of both sides with their shapes, the indices, and the numbers of both sides."""
    seen, said, sides = Seen(), list[str](), list[tuple[str, Array]]()
    definition = definition_of(step) if is_definition(part, step) else None
    with np.errstate(all="ignore"), evaluate.watched(seen):
        for name, node in (("left", step.left), ("right", step.right)):
            try:
                value = defined(definition, step, world) if definition and name == "left" else None
                value = side_value(node, step, world) if value is None else value
            except FAILS as error:
                said.append(f"  no value: {error}")
                continue
            sides.append((name, value.data))
            if definition and name == "left":
                seen.values[id(node)] = Value(value.data, definition.letters)
    if definition and definition.function:
        said = [f"  {definition.name} is a function that is defined here: it has a value where it is called"]
        sides = sides[1:]
    with suppress(*FAILS):
        said += [f"  {words}"] if (words := read_as(step, world)) else []
    rows = [row for node in (step.left, step.right) for row in parts(node, 1, seen, world)]
    lines = [*table(rows), *ways(step, world), *indices(step, seen, world), *numbers(sides)]
    return [*lines, *dict.fromkeys(said)]


def defined(definition: Definition, step: n.Step, world: World) -> Value:
    """The value that a definition gives its name; of a function its right side."""
    if definition.function:
        return side_value(step.right, step, world)
    settled(step, world)
    return world.value(definition.name)


Row = tuple[str, str, str]  # what a part is, indented; its shape; its TeX


def parts(node: n.Node, depth: int, seen: Seen, world: World) -> Iterator[Row]:
    """A part and the parts below it; the indices of a name belong to the name."""
    tex = write(node)
    shown = tex if len(tex) <= WIDEST else f"{tex[: WIDEST - 3]}..."
    yield "  " * depth + word_of(node, seen), shape_of(node, seen, world), shown
    if isinstance(node, n.Symbol | n.Derivative):
        inside: Iterable[n.Node] = () if isinstance(node, n.Symbol) else (node.numerator,)
    else:
        inside = node.parts
    for child in inside:
        yield from parts(child, depth + 1, seen, world)


def word_of(node: n.Node, seen: Seen) -> str:
    """What a part is, in a few words."""
    kind = next(x for x in type(node).__mro__ if x in WORDS or x in TELLING)
    return WORDS[kind] if kind in WORDS else TELLING[kind](node, seen)


def shape_seen(node: n.Node, seen: Seen) -> tuple[int, ...]:
    """The shape of a part; empty for a number and for what has no value."""
    value = seen.values.get(id(node))
    return value.shape if value is not None else ()


def _product(node: n.Product, seen: Seen) -> str:
    return "matrix product" if shape_seen(node.left, seen) and shape_seen(node.right, seen) else "product"


def _absolute(node: n.Absolute, seen: Seen) -> str:
    shape = shape_seen(node.body, seen)
    return "determinant" if len(shape) == 2 and shape[0] == shape[1] else "absolute value"


def _derivative(node: n.Derivative, seen: Seen) -> str:
    return f"derivative in {', then in '.join(d.name for d in reversed(node.denominators))} of"


TELLING: dict[type[n.Node], Callable[..., str]] = {
    n.Symbol: lambda node, _: "entry" if node.indices else "name",
    n.Product: _product,
    n.Absolute: _absolute,
    n.Derivative: _derivative,
    n.Power: lambda node, _: "power of every entry" if node.entries else "power",
    n.Call: lambda node, _: f"function {node.function}" + "'" * node.primes,
    n.Big: lambda node, _: f"{BIG[node.operator]} over {', '.join(node.letters)}",
    n.Norm: lambda node, _: f"norm of kind {node.kind}",
    n.Gradient: lambda node, _: "gradient" if node.order == 1 else "matrix of second derivatives",
    n.Expectation: lambda node, _: MOMENTS[node.kind],
    n.Mean: lambda node, _: MOMENTS[node.kind],
    n.Information: lambda node, _: INFORMATION[node.kind],
    n.At: lambda node, _: f"with other values of {', '.join(node.places)}",
}


def shape_of(node: n.Node, seen: Seen, world: World) -> str:
    """The shape of a part: in the letters of sizes where a letter has that size."""
    value = seen.values.get(id(node))
    if value is None and isinstance(node, n.Symbol) and not node.indices:
        try:
            value = world.value(node.name)
        except FAILS:
            return "no value"
    if value is None:
        return "" if isinstance(node, n.Letter | n.Whole | n.Infinity | n.Rest | n.Case) else "not computed"
    letters = [x for x in value.letters if " " not in x and x != "sample"]
    each = f" for each {', '.join(letters)}" if letters else ""
    return f"{shape_words(value, sizes(world))}{each}"


def shape_words(value: Value, drawn: Mapping[str, int]) -> str:
    """A shape in words: `number`, `n`, `m x n`."""
    if not value.shape:
        return "number"
    named = {size: name for name, size in reversed(list(drawn.items()))}
    words = " x ".join(named.get(size, str(size)) for size in value.shape)
    return f"{words}, a row" if value.row else words


def table(rows: list[Row]) -> list[str]:
    """Rows in columns; of very many the first."""
    wide = [max(len(row[k]) for row in rows) for k in (0, 1)]
    lines = [f"{word:{wide[0]}}  {shape:{wide[1]}}  {tex}" for word, shape, tex in rows[:MOST_PARTS]]
    return lines if len(rows) <= MOST_PARTS else [*lines, f"  and {len(rows) - MOST_PARTS} more parts"]


def ways(step: n.Step, world: World) -> Iterator[str]:
    """Through which displayed equations a derivative goes."""
    scope = world.scope
    for node in (x for side in (step.left, step.right) for x in side.walk() if isinstance(x, n.Derivative)):
        top, below = node.numerator, node.denominators[-1].name
        given = isinstance(top, n.Symbol) and world.lookup(n.upstream(top.name, below)) is not None
        through = {} if given else {x: scope.definitions.get(x) for x in sorted(scope.uses(top)) if x != below}
        found = [f"{x} at {line_words(d.place.line)}" for x, d in through.items() if d and below in scope.depends(x)]
        if found:
            yield f"  derivative in {below}: computed through {', '.join(found)}"


def indices(step: n.Step, seen: Seen, world: World) -> list[str]:
    """What every index letter runs over."""
    lines, every = list[str](), [x for side in (step.left, step.right) for x in side.walk()]
    own = {x.name for x in every if isinstance(x, n.Letter)} | {
        y for x in every if isinstance(x, n.Big) for y in x.letters
    }
    for letter, found in ((x, r) for x, r in seen.ranges.items() if x in own):
        axes = list[str]()
        try:
            for side in (step.left, step.right):
                axes += [f"axis {axis} of {name}" for axis, name, _ in axes_of(side, letter, world)]
        except FAILS:
            axes = []
        of = f", {' and '.join(dict.fromkeys(axes))}" if axes else ""
        last = found.start + found.size - 1
        lines.append(f"  index {letter} runs from {found.start} to {last}{of}")
    return lines


def numbers(sides: list[tuple[str, Array]]) -> list[str]:
    """The numbers of the sides, and their largest difference."""
    lines = list[str]()
    for name, data in sides:
        text = np.array2string(np.asarray(data), precision=6, threshold=60, edgeitems=3, max_line_width=88)
        lines += [f"  {name:5} = {line}" if not k else f"          {line}" for k, line in enumerate(text.split("\n"))]
    if len(sides) == 2 and sides[0][1].shape == sides[1][1].shape:
        gap = np.max(np.abs(sides[0][1] - sides[1][1]), initial=0.0)
        lines.append(f"  largest difference {float(gap):.3g}")
    return lines


# readings


def doubts(display: Display, equation: n.Equation, readings: Readings) -> list[str]:
    """The notations that have two readings, and what comes out under each of them."""
    if not equation.doubts:
        return []
    lines = ["", "Two readings:", *dict.fromkeys(f"  {doubt.ask}" for doubt in equation.doubts)]
    for number, check in enumerate(readings.checks.values(), 1):
        found = said_of(check.analysis.chapter, display, check.outcome(display))
        read = check.analysis.equation(display)
        tex = "; ".join(f"{write(step.left)} {step.relation} {write(step.right)}" for step in read.steps)
        lines.append(f"  {number}. {tex}: {found.verdict}")
    return lines
