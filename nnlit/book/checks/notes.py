"""What may be behind a claim that is false: a second meaning, or a new value of the name on its left."""

from nnlit.book.evaluation.definitions import Part, definition_of
from nnlit.book.evaluation.environment import Env, World, evaluate
from nnlit.book.evaluation.values import UNCOMPUTED
from nnlit.book.language import nodes as n
from nnlit.book.language.contracted import terms_of
from nnlit.book.language.declarations import ROW
from nnlit.book.language.guide import see
from nnlit.book.language.unparse import write


def note(step: n.Step, part: Part, equation: n.Equation) -> str:
    """What may be behind a left side that is not what the equation says."""
    definition = definition_of(step)
    if definition is None:
        return ""
    other = part.scope.definitions.get(definition.name)
    if other is not None and any(own.place == other.place for own in equation.steps):
        return ""  # a wrong side of the chain that defines it
    if other is not None:
        where = f"; {other.name} is defined at {other.place}"
        return f"{where}: a second meaning needs a section with its own Symbols table"
    if definition.name in step.right.names:
        return rf"; {definition.name} stands on both sides: give the new value another name, or write \leftarrow"
    return ""


def behind(step: n.Step, part: Part, world: World) -> str:
    """What in the text may be behind a difference that no sign of the claim shows."""
    return f"{laid(step, part)}{spread_number(step, world)}{paths(step, part)}"


def laid(step: n.Step, part: Part) -> str:
    """Which vectors of a claim are rows by words of a meaning in which the author may not have meant that."""
    used = part.scope.uses(step.left) | part.scope.uses(step.right)
    for name in sorted(used & part.scope.rows & set(part.rows)):
        row = part.rows[name]
        words = ROW.search(row.row.meaning)
        said = words[0].strip(" ,;:.") if words and row.thin is None else ""
        if said not in {"", "a row", "a row vector", "one row", "one row vector"}:
            return f"; {name} lies as a row, since its meaning says {said!r}: write 'a column' there if it does not"
    return ""


def paths(step: n.Step, part: Part) -> str:
    """Through which names a loss that rows give by its gradients reaches the one that it is derived in, if several."""
    every = [x for side in (step.left, step.right) for x in side.walk() if isinstance(x, n.Derivative)]
    for node in (x for x in every if isinstance(x.numerator, n.Symbol) and x.numerator.name in part.scope.probes):
        top, below = getattr(node.numerator, "name", ""), node.denominators[-1].name
        rows = [row.gradient.denominators[0].name for row in part.rows.values() if row.gradient is not None]
        ends = [end for end in rows if n.upstream(top, end) in part.rows and below in part.scope.depends(end)]
        if len(ends) > 1:
            ways = " and ".join(ends)
            ask = "if these are two losses, give one another name, or each its section with a Symbols table"
            return f"; {top} reaches {below} through {ways}, of which rows give gradients: {ask}"
    return ""


def spread_number(step: n.Step, world: World) -> str:
    """Whether a number is added to every entry of an array in a claim, which no sign says."""
    for side in (step.left, step.right):
        for node in (x for x in side.walk() if isinstance(x, n.Add | n.Subtract)):
            try:
                one, other = (evaluate(x, Env(world, {}, (side,))).shape for x in (node.left, node.right))
            except UNCOMPUTED:
                continue
            if bool(one) is not bool(other):
                number, array = (node.right, node.left) if one else (node.left, node.right)
                return f"; the number {write(number)} is added to every entry of {write(array)}"
    return ""


def is_update(step: n.Step) -> bool:
    """Whether a claim gives a name a new value made of the old one, as programs write it: `w = w - h g`."""
    if step.relation != "=" or not isinstance(step.left, n.Symbol) or not isinstance(step.right, n.Add | n.Subtract):
        return False
    return any(step.left in factors for factors in map(factors_of, terms_of(step.right)))


def step_names(step: n.Step) -> str:
    """How a new value is written, so that it is one."""
    name = step.left.name if isinstance(step.left, n.Symbol) else ""
    return rf"write \leftarrow, or {name}_{{t+1}} and {name}_t, or {name}^{{\text{{new}}}}" + see("new-value")


def factors_of(node: n.Node) -> list[n.Node]:
    """The factors of a product."""
    if isinstance(node, n.Product | n.Hadamard):
        return [*factors_of(node.left), *factors_of(node.right)]
    return [node]
