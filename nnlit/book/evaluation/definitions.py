"""What a part of a chapter knows: which names its displays define, and which gradients come from above."""

import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from nnlit.book.evaluation.builtins import BUILTIN, NOT_COMPUTED, PLAIN
from nnlit.book.evaluation.constants import ones_of
from nnlit.book.evaluation.environment import CONSTANTS, World
from nnlit.book.evaluation.outcomes import outcomes_of
from nnlit.book.evaluation.pieces import assembled, gives, with_body, with_range
from nnlit.book.evaluation.resolutions import left_sides
from nnlit.book.evaluation.scope import Definition, Scope
from nnlit.book.evaluation.solved import body_of, diagonal, solved, varies
from nnlit.book.language import nodes as n
from nnlit.book.language import tex
from nnlit.book.language.chances import chances_of
from nnlit.book.language.declarations import (
    Declared,
    Lost,
    bare,
    classes,
    is_row,
    is_sequence,
    is_set,
    limit_of,
    named_function,
    signature,
)
from nnlit.book.language.letters import free
from nnlit.book.language.vocabulary import Condition, Kind
from nnlit.book.source.chapter import Display, Table
from nnlit.book.source.place import BookError, Place

KNOWN = frozenset(BUILTIN) | frozenset(PLAIN) | frozenset(NOT_COMPUTED)
SHAPED = {Kind.ARRAY, Kind.LABELS, Kind.NUMBER, Kind.GRADIENT}
Tables = Callable[[Display], tuple[Table, ...]]


@dataclass(frozen=True)
class Part:
    """What one part of a chapter knows: its rows, its displays as read, what they define."""

    tables: tuple[Table, ...]
    rows: Mapping[str, Declared]
    scope: Scope
    equations: Mapping[Place, n.Equation | BookError]
    sources: Mapping[str, Display]
    zeros: frozenset[str] = frozenset()
    strict: bool = True  # whether it is of a chapter of the book
    error: BookError | None = None
    lost: Mapping[str, Lost] = field(default_factory=dict)  # names whose rows cannot be used
    sizes: dict[int, dict[str, int]] = field(default_factory=dict)

    @cached_property
    def first_places(self) -> dict[tuple[Path, str], Place]:
        """Where every name stands first in a file."""
        found = dict[tuple[Path, str], Place]()
        read = (e for e in self.equations.values() if isinstance(e, n.Equation))
        for step in sorted((step for e in read for step in e.steps), key=lambda one: one.place):
            for name in (*step.left.names, *step.right.names):
                found.setdefault((step.place.path, name), step.place)
        return found


def definition_of(step: n.Step) -> Definition | None:
    r"""What a claim defines, if its left side is a bare name, a name with index letters, or a function's.

    The square of a name, as in `\sigma^2 = ...`, defines its positive root, and its logarithm the name.
    """
    left = step.left
    if step.relation != "=":
        return None
    if step.where or step.otherwise:
        whole = definition_of(replace(step, where=(), otherwise=False))
        return with_range(whole, step) if whole else None
    if other := solved(step):
        found = definition_of(other)
        root = isinstance(left, n.Power)
        return replace(found, root=root, logarithm=not root) if found else None
    if named := of_name(step):
        return named
    if isinstance(left, n.Entry) and isinstance(left.body, n.Call) and plain(left.indices):
        return function_of(left.body, step, letters_of(left.indices))
    return function_of(left, step, ()) if isinstance(left, n.Call) else None


def of_name(step: n.Step) -> Definition | None:
    """What a name defines that stands on the left side alone or with index letters."""
    left = step.left
    if not isinstance(left, n.Symbol) or (left.name in CONSTANTS and not varies(step.right)) or ones_of(left.name):
        return None
    if plain(in_front(left.indices)):
        return Definition(left.name, step.right, step.place, letters_of(left.indices))
    return diagonal(step)


def function_of(left: n.Call, step: n.Step, letters: tuple[str, ...]) -> Definition | None:
    """The function that a left side such as `f(x, y)` defines, unless the language knows it already."""
    squares = [isinstance(x, n.Power) and x.exponent == n.Number("2") and not x.entries for x in left.arguments]
    bases = [x.parts[0] if square else x for x, square in zip(left.arguments, squares, strict=True)]
    names = tuple(x.name for x in bases if isinstance(x, n.Letter | n.Symbol) and not getattr(x, "indices", ()))
    bare_names = len(set(names)) == len(left.arguments) > 0
    if not bare_names or left.primes or left.function in KNOWN:
        return None
    squared = frozenset(name for name, square in zip(names, squares, strict=True) if square)
    return Definition(left.function, step.right, step.place, letters, names, function=True, squared=squared)


def letters_of(indices: tuple[n.Node, ...]) -> tuple[str, ...]:
    """The names of index letters."""
    return tuple(x.name for x in indices if isinstance(x, n.Letter))


def in_front(indices: tuple[n.Node, ...]) -> tuple[n.Node, ...]:
    """Indices without those behind them that stand for a whole axis: row k of a matrix is defined by its letter."""
    while len(indices) > 1 and isinstance(indices[-1], n.Whole):
        indices = indices[:-1]
    return indices


def plain(indices: tuple[n.Node, ...]) -> bool:
    """Whether indices are letters, each another."""
    return all(isinstance(x, n.Letter) for x in indices) and len(set(indices)) == len(indices)


def gradients_on_the_left(equations: list[n.Equation]) -> set[str]:
    """The derivatives that stand on a left side, by name."""
    found = set()
    for step in (s for e in equations for s in e.steps):
        left = step.left
        if isinstance(left, n.Derivative) and isinstance(left.numerator, n.Symbol) and len(left.denominators) == 1:
            found.add(n.upstream(left.numerator.name, left.denominators[0].name))
    return found


def is_definition(part: Part, step: n.Step) -> bool:
    """Whether a claim is the one that defines its left side."""
    return gives(part.scope, definition_of(step))


def exchanged(part: Part, display: Display, number: int, node: n.Node, old: Definition | None) -> Part:
    """A part with one right-hand side of a display exchanged, also where it is a definition."""
    equation = part.equations.get(display.place)
    if not isinstance(equation, n.Equation):
        return part
    steps = tuple(replace(s, right=node) if s.number == number else s for s in equation.steps)
    equations = {**part.equations, display.place: n.Equation(steps, equation.place)}
    new = with_body(part.scope, old, body_of(old, node)) if old is not None else None
    if new is None:
        return replace(part, equations=equations)
    return replace(part, equations=equations, scope=part.scope.with_definition(new))


def fresh(world: World, scope: Scope, name: str) -> World:
    """A world in another scope, without the values that rest on a name."""
    if scope is world.scope:
        return world
    return World(scope, world.bound, world.kept(name))


def definitions(
    displays: list[Display],
    equations: Mapping[Place, n.Equation | BookError],
    tables: Tables,
    rows: Mapping[str, Declared],
    kinds: Mapping[str, Kind],
) -> tuple[dict[str, Definition], dict[str, Display]]:
    """The first display of the innermost part that has a name on its left defines it; an inner row hides outer ones.

    Displays that say what a name is in some ranges define it together where none does so for all.
    """
    found: dict[str, Definition] = {}
    sources: dict[str, Display] = {}
    ranged: dict[str, list[tuple[Definition, Display]]] = {}
    plain_names = {d.name for x in displays for d in defined_by(equations[x.place]) if not d.is_spare}
    for display in displays:
        for definition in defined_by(equations[display.place]):
            spare = definition.is_spare and (definition.name in plain_names or kinds.get(definition.name) == Kind.SIZE)
            if spare or hidden(definition.name, display, tables, rows) or is_named(definition, rows):
                continue
            if definition.name in rows and not sets(definition, equations[display.place], found, kinds):
                continue
            if definition.where or definition.otherwise:
                ranged.setdefault(definition.name, []).append((definition, display))
                continue
            inner = definition.name in sources and tables(display) != tables(sources[definition.name])
            if definition.name not in found or inner:
                found[definition.name], sources[definition.name] = definition, display
    for name, given in ranged.items():
        own = [pair for pair in given if tables(pair[1]) == tables(given[-1][1])]
        whole = assembled([definition for definition, _ in own]) if name not in rows else None
        if whole is not None and (name not in found or is_claimed(found[name], whole)):
            found[name], sources[name] = whole, own[0][1]
    return found, sources


def sets(
    definition: Definition,
    equation: n.Equation | BookError,
    found: Mapping[str, Definition],
    kinds: Mapping[str, Kind],
) -> bool:
    """Whether what a display says of a name with a row gives it its value."""
    supposed = is_supposed(definition, equation) or names_entries(definition, kinds)
    return not (supposed or definition.root or definition.is_spare or reaches(definition, found))


def is_claimed(definition: Definition, before: Definition) -> bool:
    """Whether what would define a name by its square, or by that of an argument, stands below its ranges: a claim."""
    return before.place < definition.place and (definition.root or bool(definition.squared))


def names_entries(definition: Definition, kinds: Mapping[str, Kind]) -> bool:
    """Whether a matrix that is written out only says what the entries of an array with a row are called."""
    written = isinstance(definition.body, n.Matrix | n.Big) and getattr(definition.body, "operator", "rows") in WRITTEN
    return written and any(isinstance(x, n.Symbol) and not kinds.get(x.name) for x in definition.body.walk())


WRITTEN = {"rows", "columns"}


def is_supposed(definition: Definition, equation: n.Equation | BookError) -> bool:
    r"""Whether a number or a name is what a name is only supposed to be: `x = 0` in front of `\Rightarrow`."""
    steps = equation.steps if isinstance(equation, n.Equation) else ()
    fixed = not definition.body.names or isinstance(definition.body, n.Symbol)
    return fixed and any(step.assumed for step in steps)


def fits(step: n.Step) -> bool:
    """Whether the right side has no index that the left side lacks."""
    return set(free(step.right)) <= set(free(step.left))


def loose(equation: n.Equation) -> bool:
    """Whether a claim of a display has an index that does not fit."""
    return not all(map(fits, equation.steps))


def refusals(displays: list[Display], formulas: tex.Formulas, names: tex.Names) -> dict[str, int]:
    """The names on left sides, with their lines; where such a name has no value, its display was refused."""
    steps: list[n.Step] = []
    for display in reversed(displays):
        formula = formulas[display.place]
        steps += left_sides(formula if isinstance(formula, tex.Formula) else first_side(display), names)
    return {made.name: step.place.line for step in steps if (made := definition_of(step))}


def first_side(display: Display) -> tex.Formula | None:
    """What stands in front of the first equals sign of a display that cannot be read as a whole."""
    left, equals, _ = display.tex.partition("=")
    origins = display.origins[: left.count("\n") + 1]
    try:
        return tex.parse(tex.Source.at(f"{left.rstrip(' &')} = 0", display.place, origins)) if equals else None
    except BookError:
        return None


def defined_by(equation: n.Equation | BookError) -> list[Definition]:
    """What the claims of a display define; one that cannot be read, or whose indices do not fit, nothing.

    In a chain `s = f(r) = ...` the side behind `f(r)` defines f.
    """
    steps = equation.steps if isinstance(equation, n.Equation) else ()
    found = [definition for step in steps if fits(step) and (definition := definition_of(step))]
    calls = [replace(b, left=a.right) for a, b in pairwise(steps) if isinstance(a.right, n.Call) and a.left == b.left]
    return [*found, *(definition for step in calls if (definition := definition_of(step)))]


def reaches(definition: Definition, found: Mapping[str, Definition]) -> bool:
    """Whether a definition would use itself; it then follows from those before it, and its row gives the data."""
    trial = Scope(tex.Names(), {**found, definition.name: definition})
    return any(definition.name in trial.depends(x) for x in definition.body.names)


def is_named(definition: Definition, rows: Mapping[str, Declared]) -> bool:
    """Whether a row says already which function of the language it is: what is displayed of it is then compared."""
    return definition.function and definition.name in rows and bool(named_function(rows[definition.name]))


def hidden(name: str, display: Display, tables: Tables, rows: Mapping[str, Declared]) -> bool:
    """Whether a table further in declares the name anew."""
    row = rows.get(name)
    return row is not None and all(row.row not in table.rows for table in tables(display)) and bool(tables(display))


def probes(rows: Mapping[str, Declared], found: Mapping[str, Definition], left: set[str]) -> dict[str, Definition]:
    """For upstream gradients, L as a linear probe that has exactly these gradients, and some value where all is 0."""
    bodies: dict[str, tuple[n.Node, Place]] = {}
    for row in rows.values():
        if row.gradient is None or row.name in left:
            continue
        top, denominator = _name(row.gradient.numerator), row.gradient.denominators[0]
        if top in found:
            message = f"{row.row.symbol} is an upstream gradient, but {top} has a displayed definition"
            raise row.row.error(f"{message} at {found[top].place}: keep one of the two")
        probe = n.Inner(n.Symbol(row.name), denominator)
        before = bodies.get(top)
        some = n.Number(f"0.{zlib.crc32(top.encode()):010}")
        bodies[top] = n.Add(before[0] if before else some, probe), row.row.place
    return {top: Definition(top, body, place) for top, (body, place) in bodies.items()}


def _name(node: n.Node) -> str:
    assert isinstance(node, n.Symbol | n.Letter)
    return node.name


def scope_of(rows: Mapping[str, Declared], kinds: Mapping[str, Kind], found: Mapping[str, Definition]) -> Scope:
    """What the evaluator has to know."""
    held = (r for r in rows.values() if r.kind in SHAPED and not is_set(r))
    shaped = {r.name: r.axes for r in held}
    shaped = {_name(r.gradient.denominators[0]): r.axes for r in rows.values() if r.gradient} | shaped
    ranges = {r.name: end for r in rows.values() if r.kind == Kind.INDEX and (end := end_of(r))}
    ranges |= {r.name: r.axes[0] for r in rows.values() if r.kind == Kind.RANDOM}
    bases = {r.name: k for r in rows.values() for k in (0, 1) if f"counts from {k}" in r.conditions}
    padded = frozenset(r.name for r in rows.values() if Condition.ZERO_OUTSIDE in r.conditions)
    sets = frozenset(r.name for r in rows.values() if is_set(r))
    random = {r.name: outcomes for r in rows.values() if (outcomes := outcomes_of(r))}
    counts = {r.name: node for r in rows.values() if r.kind == Kind.LABELS and (node := classes(r))}
    laid = frozenset(r.name for r in rows.values() if is_row(r))
    columns = frozenset(r.name for r in rows.values() if r.thin == 1)
    known = Scope(tex.Names(kinds), found, shaped, ranges, bases, padded, sets, counts, random)
    drawn = {r.name: given for r in rows.values() if (given := signature(r))}
    named = {r.name: word for r in rows.values() if (word := named_function(r))}
    dual = frozenset(r.name for r in rows.values() if Condition.NILPOTENT in r.conditions)
    small = {r.name: point for r in rows.values() if (point := limit_of(r)) is not None}
    known = replace(known, nilpotent=dual, small=small, rows=laid, columns=columns, smooth=drawn, aliases=named)
    repeated = frozenset(r.name for r in rows.values() if is_sequence(r))
    return known.but(chances=chances_of(rows), repeated=repeated, tables=bool(rows))


def end_of(row: Declared) -> n.Node | None:
    """The size that an index letter's meaning says it runs over."""
    match = re.search(r"runs over \$([^$]+)\$", row.row.meaning)
    return bare(tex.read_expression(match[1], row.row.place)) if match else None
