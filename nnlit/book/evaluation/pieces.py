r"""Definitions that hold in a range, `f(x) = \sqrt{x}, \quad x > 0`, and those in pieces that belong together.

Displays of one name whose ranges exclude each other are one definition by cases. Outside of all ranges it has no value.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product

from nnlit.book.evaluation.scope import Definition, Scope
from nnlit.book.language import nodes as n
from nnlit.book.source.place import BookError, Place

TURNED = {"<": ">", ">": "<", r"\le": r"\ge", r"\ge": r"\le"}
STARTS = {n.Number("0"), n.Number("1")}
OPPOSITE = {"<": r"\ge", ">": r"\le", r"\le": ">", r"\ge": "<", "=": r"\ne", r"\ne": "="}
EXCLUDED = {  # what does not hold beside a relation of the same sides, or at one point alone
    "<": {r"\ge", ">", "="},
    ">": {r"\le", "<", "="},
    r"\le": {">", r"\ge"},
    r"\ge": {"<", r"\le"},
    "=": {"<", ">", r"\ne"},
    r"\ne": {"="},
}


def with_range(definition: Definition, step: n.Step) -> Definition | None:
    """A definition with the conditions of its claim; None where these are none of its arguments, or of itself.

    That an index is at most a number says how far it counts.
    """
    where = tuple(x for x in step.where if not counts(x))
    if any(definition.name in x.names or is_of_index(x) for x in where):
        return None
    return replace(definition, where=where, otherwise=step.otherwise)


def counts(relation: n.Relation) -> bool:
    r"""Whether a relation says from where an index counts: `i \ge 1`."""
    pairs = ((x.left, x.operator, x.right) for x in relations([relation]))
    return any(isinstance(a, n.Letter) and sign == r"\ge" and b in STARTS for a, sign, b in pairs)


def is_of_index(relation: n.Relation) -> bool:
    """Whether a relation compares an index with something else than another one."""
    return isinstance(relation.left, n.Letter) is not isinstance(relation.right, n.Letter)


def with_rest(equations: Mapping[Place, n.Equation | BookError]) -> dict[Place, n.Equation | BookError]:
    """Displays in which what holds `otherwise` has a condition, where the claims of its left side above have one.

    These are those of its own display or else the last ones above, from the one behind another `otherwise` on.
    """
    found, above, closed = dict(equations), dict[n.Node, list[n.Step]](), set[n.Node]()
    if not any(step.otherwise for e in equations.values() if isinstance(e, n.Equation) for step in e.steps):
        return found
    for place in sorted(equations):
        equation = equations[place]
        if isinstance(equation, n.Equation):
            steps = list[n.Step]()
            for step in equation.steps:
                own = [x for x in steps if x.left == step.left and x.where]
                steps.append(conditioned(step, own or above.get(step.left, [])))
                if step.otherwise:
                    closed.add(step.left)
                else:
                    before = [] if step.left in closed else above.get(step.left, [])
                    above[step.left] = [*before, step] if step.where else []
                    closed.discard(step.left)
            found[place] = replace(equation, steps=tuple(steps))
    return found


def conditioned(step: n.Step, above: Sequence[n.Step]) -> n.Step:
    """A claim that holds otherwise with the opposites of the conditions above; as it is where these are several."""
    single = all(len(x.where) == 1 and x.where[0].operator in OPPOSITE for x in above)
    if not step.otherwise or step.where or not above or not single:
        return step
    where = tuple(replace(x.where[0], operator=OPPOSITE[x.where[0].operator]) for x in above)
    return replace(step, where=where, otherwise=False)


def gives(scope: Scope, definition: Definition | None) -> bool:
    """Whether a definition is that of its name, or a piece of it."""
    known = scope.definitions.get(definition.name) if definition is not None else None
    return known is not None and (known == definition or definition in known.pieces)


def with_body(scope: Scope, old: Definition, body: n.Node) -> Definition | None:
    """The definition of a name in which one, or one of its pieces, has another body; None where it is none."""
    known = scope.definitions.get(old.name)
    if known is None or not gives(scope, old):
        return None
    if known == old:
        return replace(old, body=body)
    return joined([replace(piece, body=body) if piece == old else piece for piece in known.pieces])


def assembled(given: Sequence[Definition]) -> Definition | None:
    """Those of some definitions of one name, each with its range, that belong together; None where there are none."""
    found = list[Definition]()
    for one in given:
        is_last = bool(found) and found[-1].otherwise
        if not is_last and (bool(found) if one.otherwise else all(excludes(one, other) for other in found)):
            found.append(one)
    return joined(found) if found and not found[0].otherwise else None


def joined(pieces: Sequence[Definition]) -> Definition:
    """One definition by cases."""
    first = pieces[0]
    like = [alike(piece, first) for piece in pieces]
    rows = tuple(n.Case(piece.body, piece.where, span=piece.body.span) for piece in like)
    body = n.Cases(rows, partial=not pieces[-1].otherwise, span=first.body.span)
    return replace(first, body=body, where=(), pieces=tuple(pieces))


def alike(piece: Definition, first: Definition) -> Definition:
    """A piece with the letters and arguments of the first one."""
    if (piece.letters, piece.parameters) == (first.letters, first.parameters):
        return piece
    own, others = (*piece.letters, *piece.parameters), (*first.letters, *first.parameters)
    names = dict(zip(own, others, strict=True))
    where = tuple(n.Relation(x.operator, renamed(x.left, names), renamed(x.right, names)) for x in piece.where)
    return replace(piece, body=renamed(piece.body, names), where=where)


def renamed(node: n.Node, names: Mapping[str, str]) -> n.Node:
    """An expression in other letters."""
    node = node.map(lambda part: renamed(part, names))
    return replace(node, name=names.get(node.name, node.name)) if isinstance(node, n.Symbol | n.Letter) else node


def excludes(one: Definition, other: Definition) -> bool:
    """Whether two pieces never hold at once, but at a point between them."""
    if form(one) != form(other):
        return False
    pairs = product(relations(alike(one, other).where), relations(other.where))
    return any(apart(a, b) for a, b in pairs)


def form(definition: Definition) -> tuple[int, int, bool]:
    """How many letters and arguments a definition has."""
    return len(definition.letters), len(definition.parameters), definition.function


def relations(where: Sequence[n.Relation]) -> Iterator[n.Relation]:
    """Relations, each in both directions."""
    for x in where:
        yield x
        yield n.Relation(TURNED.get(x.operator, x.operator), x.right, x.left)


def apart(one: n.Relation, other: n.Relation) -> bool:
    """Whether two relations of one thing exclude each other."""
    if one.left != other.left:
        return False
    if one.right == other.right:
        return other.operator in EXCLUDED.get(one.operator, set())
    low, high = number(one.right), number(other.right)
    if low is None or high is None:
        return False
    if low > high:
        return apart_in_order(other.operator, one.operator)
    return apart_in_order(one.operator, other.operator)


def apart_in_order(below: str, above: str) -> bool:
    r"""Whether nothing is related so to a number and to a larger one: `x \le 0` and `x > 1`."""
    return below in {"<", r"\le", "="} and above in {">", r"\ge", "="}


def number(node: n.Node) -> float | None:
    """A written number."""
    if isinstance(node, n.Negative):
        inner = number(node.body)
        return None if inner is None else -inner
    return float(node.text) if isinstance(node, n.Number) else None
