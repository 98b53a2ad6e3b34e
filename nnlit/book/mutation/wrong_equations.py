"""Wrong versions of displayed equations: for every kind of node what can go wrong there.

A new kind of slip is a function here, registered for the node that it happens to.
"""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import singledispatch

import numpy as np

from nnlit.book.checks.equations import PageCheck
from nnlit.book.evaluation.definitions import Part
from nnlit.book.evaluation.environment import World
from nnlit.book.evaluation.values import Mistake
from nnlit.book.language import nodes as n
from nnlit.book.language.unparse import write
from nnlit.book.language.vocabulary import Kind, Measure, Moment, NormKind
from nnlit.book.source.chapter import Display

SAME = 1e-12
CodeCheck = Callable[[PageCheck, str], bool]
VALUED = {None, Kind.ARRAY, Kind.NUMBER, Kind.SIZE, Kind.INTEGER}  # names of these kinds may be taken for each other


@dataclass(frozen=True)
class Mutant:
    """One wrong right-hand side: what was done, the new side as TeX, in which claim of the display."""

    kind: str
    source: str
    node: n.Node
    step: int


@dataclass(frozen=True)
class Surroundings:
    """What a wrong version may use: letters, names of the same shape as a name, names of matrices and of numbers."""

    letters: tuple[str, ...]
    alike: dict[str, list[str]]
    matrices: frozenset[str]
    numbers: frozenset[str]

    def is_number(self, node: n.Node) -> bool:
        """Whether something is one number, or one for every value of its letters."""
        if isinstance(node, n.Symbol | n.Entry) and node.indices:
            return n.Whole() not in node.indices
        if isinstance(node, n.Symbol):
            return node.name in self.numbers
        if isinstance(node, n.Number | n.Letter | n.Norm | n.Inner) or (isinstance(node, n.Relation) and node.counts):
            return True
        return not isinstance(node, n.Matrix) and bool(node.parts) and all(map(self.is_number, node.parts))


def equation_mutants(page: PageCheck, display: Display) -> Iterator[Mutant]:
    """Every wrong version of every right-hand side of a display, each once."""
    part, equation = page.analysis.part(display), page.analysis.equation(display)
    around = surroundings(part, equation, page.data.world(display, page.seed))
    for step in equation.steps:
        seen = {step.right, n.Negative(n.Number("0"))}  # minus zero is zero
        opposite = [] if isinstance(step.right, n.Domain) else [("sign", n.Negative(step.right))]
        for kind, node in [*variants(step.right, around), *opposite]:
            if node not in seen:
                seen.add(node)
                yield Mutant(kind, write(node), node, step.number)


def surroundings(part: Part, equation: n.Equation, world: World) -> Surroundings:
    """Letters and names that could be mistaken for each other."""
    every = [x for side in equation.sides for x in side.walk()]
    letters = tuple(dict.fromkeys(x.name for x in every if isinstance(x, n.Letter)))
    used = dict.fromkeys(x.name for x in every if isinstance(x, n.Symbol))
    shapes = {name: shape for name in [*used, *part.rows] if (shape := shape_of(name, part, world)) is not None}
    alike = {a: [b for b in shapes if b != a and shapes[b] == shapes[a]] for a in used if a in shapes}
    matrices, numbers = (frozenset(a for a in shapes if len(shapes[a]) == rank) for rank in (2, 0))
    return Surroundings(letters, alike, matrices, numbers)


def shape_of(name: str, part: Part, world: World) -> tuple[int, ...] | None:
    """The shape of a name that has a value; sizes and labels are not taken for anything else."""
    if part.scope.kind(name) not in VALUED or name.startswith(r"\partial"):
        return None
    try:
        with np.errstate(all="ignore"):
            return world.value(name).shape
    except Mistake:
        return None


def variants(node: n.Node, around: Surroundings) -> Iterator[tuple[str, n.Node]]:
    """Wrong versions of a node: of itself, then of each of its children."""
    yield from wrong(node, around)
    for k, child in enumerate(() if isinstance(node, n.Order | n.Domain) else node.children()):
        for kind, changed in variants(child, around):
            if not (isinstance(node, n.Derivative) and isinstance(changed, n.Transpose)):
                yield kind, with_child(node, k, changed)


def with_child(node: n.Node, k: int, new: n.Node) -> n.Node:
    """The same node with its k-th child exchanged."""
    count = itertools.count()
    return node.map(lambda child: new if next(count) == k else child)


@singledispatch
def wrong(node: n.Node, around: Surroundings) -> Iterator[tuple[str, n.Node]]:
    """What can go wrong at this node."""
    yield from ()


@wrong.register
def _(node: n.Number, around: Surroundings) -> Iterator[tuple[str, n.Node]]:
    if "." in node.text:
        yield "constant", n.Number(str(float(node.text) + 1))
        return
    yield "constant", n.Number(str(int(node.text) + 1))
    yield "constant", n.Number(str(int(node.text) - 1)) if int(node.text) else n.Negative(n.Number("1"))


@wrong.register
def _(node: n.Order, around: Surroundings) -> Iterator[tuple[str, n.Node]]:
    """A remainder that is claimed to be smaller than it is; a larger one, or its sign, would not be wrong."""
    base, exponent = node.power
    if isinstance(exponent, n.Number):
        yield "smaller remainder", n.Order(n.Power(base, n.Number(str(int(exponent.text) + 1))))


@wrong.register
def _(node: n.Domain, around: Surroundings) -> Iterator[tuple[str, n.Node]]:
    """A smaller set, or one of arrays of another shape; a larger one would not be wrong."""
    for k in range(len(node.members)) if node.kind == "{}" and len(node.members) > 1 else ():
        yield "dropped member", replace(node, members=node.members[:k] + node.members[k + 1 :])
    if len(node.members) == 2 and node.kind != "{}":
        low, high = node.members
        yield "lower bound", replace(node, members=(n.Add(low, n.Number("1")), high))
        yield "upper bound", replace(node, members=(low, n.Subtract(high, n.Number("1"))))
    if len(node.axes) > 1:
        yield "swapped axes", replace(node, axes=node.axes[::-1])


@wrong.register
def _(node: n.Negative, around: Surroundings) -> Iterator[tuple[str, n.Node]]:
    yield "sign", node.body


@wrong.register
def _(node: n.Add, around: Surroundings) -> Iterator[tuple[str, n.Node]]:
    if not isinstance(node.right, n.Order):
        yield "sign", n.Subtract(node.left, node.right)
    yield "dropped term", node.left
    yield "dropped term", node.right


@wrong.register
def _(node: n.Subtract, around: Surroundings) -> Iterator[tuple[str, n.Node]]:
    yield "sign", n.Add(node.left, node.right)
    yield "dropped term", node.left


@wrong.register
def _(node: n.Product, around: Surroundings) -> Iterator[tuple[str, n.Node]]:
    yield "dropped factor", node.right
    yield "dropped factor", node.left
    if not (around.is_number(node.left) or around.is_number(node.right)):  # beside a number all products are one
        yield "swapped factors", n.Product(node.right, node.left, node.dot)
        yield "entrywise for a product", n.Hadamard(node.left, node.right)


@wrong.register
def _(node: n.Hadamard, around: Surroundings) -> Iterator[tuple[str, n.Node]]:
    if not (around.is_number(node.left) or around.is_number(node.right)):
        yield "product for entrywise", n.Product(node.left, node.right)
    yield "dropped factor", node.left
    yield "dropped factor", node.right


@wrong.register
def _(node: n.Fraction, around: Surroundings) -> Iterator[tuple[str, n.Node]]:
    yield "inverted fraction", n.Fraction(node.bottom, node.top)
    yield "dropped denominator", node.top


@wrong.register
def _(node: n.Power, around: Surroundings) -> Iterator[tuple[str, n.Node]]:
    yield "dropped exponent", node.base
    if not isinstance(node.exponent, n.Number):
        yield "exponent", replace(node, exponent=n.Add(node.exponent, n.Number("1")))
        yield "exponent", replace(node, exponent=n.Negative(node.exponent))


@wrong.register
def _(node: n.Transpose, around: Surroundings) -> Iterator[tuple[str, n.Node]]:
    yield "dropped transpose", node.body


@wrong.register
def _(node: n.Symbol, around: Surroundings) -> Iterator[tuple[str, n.Node]]:
    if not node.indices and node.name in around.matrices:
        yield "added transpose", n.Transpose(node)
    for other in around.alike.get(node.name, ())[:2]:
        yield "wrong symbol", replace(node, name=other)
    for k, index in enumerate(node.indices):
        if isinstance(index, n.Letter):
            for letter in [x for x in around.letters if x != index.name][:2]:
                yield "wrong index", with_child(node, k, n.Letter(letter))
    if len(node.indices) >= 2 and node.indices[0] != node.indices[1]:
        yield "swapped indices", replace(node, indices=(node.indices[1], node.indices[0], *node.indices[2:]))


@wrong.register
def _(node: n.Big, around: Surroundings) -> Iterator[tuple[str, n.Node]]:
    yield f"dropped {node.operator}", node.body
    other = {"max": "min", "min": "max", "argmax": "argmin", "argmin": "argmax", "prod": "sum"}.get(node.operator)
    if other:
        yield "wrong operator", replace(node, operator=other)
    if node.condition is not None and not node.condition.counts:
        yield "dropped condition", replace(node, condition=None)
    if node.low is not None:
        yield "lower bound", replace(node, low=n.Add(node.low, n.Number("1")))


@wrong.register
def _(node: n.Relation, around: Surroundings) -> Iterator[tuple[str, n.Node]]:
    others = {
        r"\notin": [r"\in"],
        "=": [r"\ne"],
        r"\ne": ["="],
        "<": [r"\le", ">"],
        ">": [r"\ge", "<"],
        r"\le": ["<", r"\ge"],
        r"\ge": [">", r"\le"],
    }
    for operator in others.get(node.operator, []):
        yield "relation", replace(node, operator=operator)


@wrong.register
def _(node: n.Indicator, around: Surroundings) -> Iterator[tuple[str, n.Node]]:
    yield "dropped indicator", n.Number("1")


@wrong.register
def _(node: n.Cases, around: Surroundings) -> Iterator[tuple[str, n.Node]]:
    values = [case.value for case in node.rows]
    swapped = zip(node.rows, [*values[1:], values[0]], strict=True)
    yield "swapped cases", n.Cases(tuple(n.Case(value, case.condition) for case, value in swapped))


@wrong.register
def _(node: n.Call, around: Surroundings) -> Iterator[tuple[str, n.Node]]:
    if node.arguments:
        yield "dropped function", node.arguments[-1]
    if node.function in {r"\max", r"\min"}:
        yield "wrong operator", replace(node, function=r"\min" if node.function == r"\max" else r"\max")
    if node.primes:
        yield "dropped prime", replace(node, primes=node.primes - 1)
    if len(node.arguments) == 2 and node.function not in {r"\max", r"\min"}:  # these have no order
        yield "swapped arguments", replace(node, arguments=node.arguments[::-1])


@wrong.register
def _(node: n.At, around: Surroundings) -> Iterator[tuple[str, n.Node]]:
    yield "evaluated elsewhere", node.body


@wrong.register
def _(node: n.Norm, around: Surroundings) -> Iterator[tuple[str, n.Node]]:
    root = node.kind in {NormKind.EUCLIDEAN, NormKind.TWO}
    yield "wrong norm", replace(node, kind=NormKind.SUM if root else NormKind.EUCLIDEAN)


@wrong.register
def _(node: n.Absolute, around: Surroundings) -> Iterator[tuple[str, n.Node]]:
    yield "dropped absolute value", node.body


@wrong.register
def _(node: n.Expectation | n.Mean, around: Surroundings) -> Iterator[tuple[str, n.Node]]:
    if len(node.arguments) == 1:
        yield "dropped expectation", node.arguments[0]
        yield "wrong moment", replace(node, kind=Moment.VARIANCE if node.kind is Moment.MEAN else Moment.MEAN)


@wrong.register
def _(node: n.Chance, around: Surroundings) -> Iterator[tuple[str, n.Node]]:
    if node.given:
        yield "swapped condition", replace(node, of=node.given, given=node.of)
        yield "dropped condition", replace(node, given=())
    elif len(node.of) > 1:
        yield "dropped outcome", replace(node, of=node.of[:-1])


@wrong.register
def _(node: n.Set, around: Surroundings) -> Iterator[tuple[str, n.Node]]:
    if node.operator == "^c":
        yield "dropped complement", node.events[0]
    else:
        yield "wrong operator", replace(node, operator=r"\cup" if node.operator == r"\cap" else r"\cap")
    if node.operator == r"\setminus":
        yield "swapped events", replace(node, events=node.events[::-1])


@wrong.register
def _(node: n.Information, around: Surroundings) -> Iterator[tuple[str, n.Node]]:
    if node.second is not None and node.kind is not Measure.MUTUAL:
        yield "swapped distributions", replace(node, first=node.second, second=node.first)
    if isinstance(node.first, n.Chance) and node.first.given and node.kind is Measure.ENTROPY:
        yield "dropped condition", replace(node, first=replace(node.first, given=()))
