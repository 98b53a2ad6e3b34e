"""What every name of a display is, and which line says so, for `nnlit check FILE --explain LABEL`."""

from nnlit.book.evaluation.definitions import Part
from nnlit.book.evaluation.environment import World, constant
from nnlit.book.evaluation.sampling import sizes
from nnlit.book.evaluation.values import Mistake
from nnlit.book.language import nodes as n
from nnlit.book.language.vocabulary import NO_DATA, Kind
from nnlit.book.source.place import line_words

TIMES = r"\times"


def origins(equation: n.Equation, part: Part, world: World) -> list[str]:
    """A line for every name of a display and for those that they rest on."""
    every = [x for step in equation.steps for side in (step.left, step.right) for x in side.walk()]
    names = dict.fromkeys(x.name for x in every if isinstance(x, n.Symbol))
    names |= dict.fromkeys(x.function for x in every if isinstance(x, n.Call))
    names |= dict.fromkeys(x for name in tuple(names) for x in sorted(world.scope.depends(name)) if x not in names)
    rows = [(f"  {name}", said) for name in names if (said := origin(name, part, world))]
    wide = max((len(name) for name, _ in rows), default=0)
    return ["", "Names:", *(f"{name:{wide}}  {said}" for name, said in rows)] if rows else []


def origin(name: str, part: Part, world: World) -> str:
    """What a name is, and which line says so; nothing for a function of the language."""
    if name in part.lost:
        return f"row at {line_words(part.lost[name].error.place.line)}, which cannot be used"
    row, definition = part.rows.get(name), part.scope.definitions.get(name)
    said = f"row at {line_words(row.row.place.line)}, {row.row.shape.replace(TIMES, 'x')}" if row else ""
    if definition is None:
        drawn = row is not None and row.kind not in NO_DATA | {Kind.SIZE}
        return f"{said}{', drawn at random' * drawn}" if row else without_row(name, part, world)
    gradients = [x for x in part.rows.values() if x.gradient and x.row.place == definition.place]
    if gradients and not row:
        return f"any function that has the gradients of the table, {line_words(definition.place.line)}"
    return f"defined at {line_words(definition.place.line)}{'; ' * bool(row)}{said}"


def without_row(name: str, part: Part, world: World) -> str:
    """What a name is that neither a row nor a display gives a value."""
    if part.scope.kind(name) == Kind.SIZE:
        return f"a size, {sizes(world)[name]} in this draw" if name in sizes(world) else "a size"
    if world.lookup(name) is not None:
        return "the argument of a function: several numbers at once, drawn at random"
    if any(name in definition.parameters for definition in part.scope.definitions.values()):
        return "the argument of a function: its calls say what it is"
    try:
        return f"the constant {float(constant(name).data.real):.6g}"
    except Mistake:
        line = part.scope.refused.get(name)
        return f"no value: the display at {line_words(line)} was refused" if line else undeclared(name, part)


def undeclared(name: str, part: Part) -> str:
    """What is said of a name that nothing declares; nothing of a function, which the language has."""
    sides = (side for e in part.equations.values() if isinstance(e, n.Equation) for side in e.sides)
    called = any(isinstance(x, n.Call) and x.function == name for side in sides for x in side.walk())
    return "" if called or name.startswith(r"\partial") else "no value: no row and no display gives it one"
