"""What a text may leave unsaid: what is held fixed in a derivative, what is independent, what a distribution is."""

from collections import Counter
from collections.abc import Iterator

import numpy as np

from nnlit.book.checks.comparison import vanishes, verdict
from nnlit.book.checks.draws import BOUNDS
from nnlit.book.checks.sides import Difference
from nnlit.book.evaluation.definitions import Part, is_definition
from nnlit.book.evaluation.environment import World
from nnlit.book.evaluation.identities import scaled
from nnlit.book.evaluation.values import Mistake
from nnlit.book.language import nodes as n
from nnlit.book.language.guide import see
from nnlit.book.language.unparse import write
from nnlit.book.language.vocabulary import Condition

INDEPENDENT = "the variables are independent, false in general: say in their rows which are 'independent of the others'"
TOTAL = "false for the total derivative: say which of them is meant"
FIXED = "false for the total derivative: is the step before held fixed? that is not computed" + see("step-derivative")
GIVEN = "it says what a distribution is, and here every distribution is drawn at random" + see("specification")


def condition(equation: n.Equation, world: World) -> str:
    """What makes a display true that is false as it stands; empty if nothing.

    In the graph of a computation the derivative of a node in one of its arguments holds its other arguments fixed.
    """
    if any(step.relation in BOUNDS for step in equation.steps):
        return ""  # that one draw lies within bounds says nothing
    sides = [side for step in equation.steps for side in (step.left, step.right)]
    if any(is_drawn(x) for side in sides for x in side.every):
        apart = world.copied()
        apart.independent, apart.memo = True, {}
        supposed = all(is_true(step, apart) and not vanishes(step, apart) for step in equation.steps)
        return INDEPENDENT + see("independent") if supposed else ""
    held: set[tuple[str, str]] = set()
    for step in equation.steps:
        partial = world.partial()
        if not is_true(step, partial):
            return ""
        held |= partial.held or set()
    fixed = " and ".join(f"{name} is held fixed in the derivative in {moved}" for name, moved in sorted(held))
    return f"{fixed}, {TOTAL}" if fixed else ""


def is_true(step: n.Step, world: World) -> bool:
    """Whether a claim holds in a world."""
    try:
        with np.errstate(all="ignore"):
            verdict(step, world)
    except (Mistake, Difference, ArithmeticError, ValueError):
        return False
    return True


def specifies(step: n.Step) -> bool:
    """Whether a claim says what a chance, a mean or an entropy is, in terms that are none of these."""
    if step.relation == r"\sim":
        return True
    left, right = unlogged(step.left), unlogged(step.right)
    one, other = (left, step.right) if is_drawn(left) else (right, step.left)
    inside = (x for part in getattr(one, "arguments", ()) for x in part.every)
    plain = not any(is_drawn(x) for x in (*other.every, *inside))
    return step.relation in {"=", r"\approx"} and is_drawn(one) and plain


def unlogged(node: n.Node) -> n.Node:
    """What stands in a logarithm, with a minus sign before it or without."""
    inner = node.body if isinstance(node, n.Negative) else node
    logarithm = isinstance(inner, n.Call) and inner.function in {r"\log", r"\ln"} and len(inner.arguments) == 1
    return inner.arguments[0] if isinstance(inner, n.Call) and logarithm else node


def of_a_step(part: Part, step: n.Step) -> bool:
    """Whether a claim holds a derivative of a step of a recurrence: the step before it may be meant to be fixed."""
    nodes = [x for side in (step.left, step.right) for x in side.every if isinstance(x, n.Derivative)]
    tops = [x.numerator.name for x in nodes if isinstance(x.numerator, n.Symbol)]
    return bool(part.scope.recurrent & set(tops))


def is_drawn(node: n.Node) -> bool:
    """Whether a node speaks of a distribution that is drawn at random."""
    return isinstance(node, n.Chance | n.Mean) or (isinstance(node, n.Information) and isinstance(node.first, n.Chance))


def specified(part: Part, step: n.Step, world: World) -> int:
    """The line that says what the chances of a claim are; zero where none does.

    A definition of a name, and what is true of all distributions, say nothing of one.
    """
    if not any(is_drawn(x) for side in (step.left, step.right) for x in side.every):
        return 0
    said = (other for other in claims(part) if specifies(other) and not is_definition(part, other))
    return next((other.place.line for other in said if other is step or not is_true(other, world)), 0)


def another_identity(part: Part, step: n.Step) -> str:
    """What is asked where shapes do not fit and an identity stands, which may be that of another size.

    One that is added to a matrix is as large as that matrix.
    """
    nodes = [x for side in (step.left, step.right) for x in side.every]
    names = Counter(x.name for x in nodes if isinstance(x, n.Symbol))
    terms = [scaled(term) for x in nodes if isinstance(x, n.Add | n.Subtract) for term in x.parts]
    names -= Counter(x.name for x in terms if isinstance(x, n.Symbol))
    known = sorted(names.keys() & part.rows.keys())
    found = next((x for x in known if Condition.IDENTITY in part.rows[x].conditions), "")
    if not found:
        return ""
    axes = r" \times ".join(map(write, part.rows[found].axes))
    return f"{found} is the identity of size {axes}: if one of another size is meant here, give it a name and a row"


def claims(part: Part) -> Iterator[n.Step]:
    """The claims of all displays that are known in a part of a chapter."""
    for equation in part.equations.values():
        yield from equation.steps if isinstance(equation, n.Equation) else ()
