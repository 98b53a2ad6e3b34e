"""Claims that their author may not claim: an assumption, or a relation that may be the condition of another one."""

from collections.abc import Callable
from dataclasses import replace

from nnlit.book.checks.sides import INEQUALITIES, Difference
from nnlit.book.checks.verdicts import EquationError
from nnlit.book.evaluation.definitions import Part, is_definition
from nnlit.book.evaluation.values import UNCOMPUTED
from nnlit.book.language import nodes as n
from nnlit.book.language.unparse import write


def supposed(step: n.Step, equation: n.Equation) -> str:
    """What is asked where a claim fails that its author may not claim: an assumption, or a condition behind a space."""
    if step.assumed:
        shown = f"{write(step.left)} {step.relation} {write(step.right)}"
        ask = f"{shown} does not hold for all values: is it assumed for what follows, or one of two cases?"
        return f"{ask} say so, or claim it"
    before = equation.steps[step.number - 2] if step.number > 1 else step
    behind = before is not step and not goes_on(before, step)
    if behind and step.relation in INEQUALITIES and before.relation not in INEQUALITIES:
        return r"a claim, or a condition of what stands before it? it does not always hold: write \text{if} before it"
    return ""


def fails_within(step: n.Step, equation: n.Equation, part: Part, compared: Callable[[n.Step], float]) -> bool:
    """Whether the claim in front of one that may be its condition is false where that holds, too."""
    before = equation.steps[step.number - 2]
    if step.assumed or is_definition(part, before):
        return False
    where = (*before.where, n.Relation(step.relation, step.left, step.right))
    try:
        compared(replace(before, where=where))
    except Difference:
        return True
    except (EquationError, *UNCOMPUTED):
        return False
    return False


def goes_on(before: n.Step, step: n.Step) -> bool:
    """Whether a claim begins with the side that the one before it ends with, not with the same words further on."""
    return before.right == step.left and before.right.span == step.left.span
