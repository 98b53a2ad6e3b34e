"""The door of this room: LaTeX to a tree, and a tree with the names of its scope to nodes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

from nnlit.book.language import nodes as n
from nnlit.book.language import syntax as s
from nnlit.book.language.asides import unexecuted
from nnlit.book.language.contracted import conventional
from nnlit.book.language.functions import function_names
from nnlit.book.language.guide import see
from nnlit.book.language.letters import BINDING
from nnlit.book.language.lines import lettered_numbers
from nnlit.book.language.names import (
    NameResolver,
    Names,
    base_of,
    is_word,
    label_of,
    outward,
    sorted_scripts,
    with_mark,
)
from nnlit.book.language.parser import parse, parse_expression
from nnlit.book.language.resolver import Resolver
from nnlit.book.language.spans import Source
from nnlit.book.language.totals import totals
from nnlit.book.language.vocabulary import Kind
from nnlit.book.source.chapter import Display
from nnlit.book.source.marks import Unchecked
from nnlit.book.source.place import BookError, NoClaimError, Place

__all__ = [
    "Formula",
    "Formulas",
    "Names",
    "Source",
    "function_names",
    "index_letters",
    "left_sides",
    "parse",
    "parsed",
    "read",
    "read_expression",
    "read_symbol",
    "resolve",
    "settled",
]
Formula = s.Formula
Formulas = Mapping[Place, Formula | BookError]


def parsed(displays: Iterable[Display]) -> Formulas:
    """Displays as trees that know no names, or why they cannot be read; one that is not checked is left out."""
    found: dict[Place, Formula | BookError] = {}
    above: Formula | BookError | None = None
    heading = ""
    for display in (d for d in displays if not isinstance(d.mark, Unchecked)):
        above = above if display.heading == heading else None
        try:
            above = within(display, parse(Source.at(display.tex, display.place, display.origins), above))
        except BookError as error:
            above = error
        assert display.place not in found, f"two displays of {display.place} would be one"
        heading, found[display.place] = display.heading, above
    return found


def within(display: Display, formula: Formula) -> Formula:
    """A function's equation with the range of its argument that the text behind it gives; any other as it is."""
    if not display.range or len(formula.chains) > 1 or not function_names(formula) or r"\end" in display.tex:
        return formula
    text = rf"{display.tex.rstrip(' .,;')} \quad {display.range}"
    try:
        found = parse(Source.at(text, display.place, display.origins))
    except BookError:
        return formula
    return found if len(found.chains) == 1 and found.where[0] else formula


def read(tex: str, place: Place, names: Names | None = None) -> n.Equation:
    """A display as nodes, parsed and resolved at once.

    Raises:
        BookError: with file and line, for everything that is not in the equation language.
    """
    return resolve(parse(Source.at(tex, place)), names or Names())


def read_symbol(tex: str, place: Place) -> n.Node:
    """The symbol of a Symbols row: a name, or a derivative of one name in another."""
    source = Source.on(tex, place)
    return Resolver(Names(), source, labels=True, marks=True).node(parse_expression(source))


def read_expression(tex: str, place: Place) -> n.Node:
    """An expression in names that stands alone, such as one axis of a shape; every letter is a name."""
    source = Source.on(tex, place)
    node = Resolver(Names(), source, labels=True).node(parse_expression(source))
    n.bounded_depth(node, place)
    return settled(node, frozenset())


def refuse_declared_number(source: Source, names: Names) -> None:
    """A letter in brackets behind a wide space is a factor to one reader where the letter has a meaning."""
    for letters, span in lettered_numbers(source):
        if letters in names.kinds or all(letter in names.kinds for letter in letters):
            ask = rf"is ({letters}) a factor or this equation's number? {letters} is declared: write \tag or \cdot"
            raise source.error(span, ask)


def resolve(formula: Formula, names: Names) -> n.Equation:
    """The claims of a display: an `aligned` block's steps are compared with the first side of their chain.

    Raises:
        BookError: for names and indices that do not fit, with the words underlined.
    """
    refuse_declared_number(formula.source, names)
    resolver, steps = Resolver(names, formula.source), list[n.Step]()
    rest = zip_longest(formula.chains, formula.where, formula.assumed, formula.otherwise)
    for chain, where, assumed, otherwise in rest:
        sides = with_argument([resolver.node(side.tree) for side in chain], names)
        for node, side in zip(sides, chain, strict=True):
            n.bounded_depth(node, Place(formula.source.path, side.line))
        found = steps_of(chain, sides, len(steps), formula.source)
        if steps and is_range(found, names) and is_counted(found, steps[-1]):
            said = tuple(n.Relation(x.relation, x.left, x.right, span=x.left.span) for x in found)
            steps[-1] = replace(steps[-1], where=(*steps[-1].where, *said))
            continue
        conditions = resolver.relations(where or ())
        steps += [replace(x, where=conditions, assumed=bool(assumed), otherwise=bool(otherwise)) for x in found]
    refuse_declaration(steps, names)
    letters = index_letters([x for step in steps for x in (step.left, step.right, *step.where)], names)
    place = Place(formula.source.path, formula.source.place.line)
    claims, doubts = conventional(tuple(settled_step(step, letters) for step in steps), names)
    return n.Equation(claims, place, (*resolver.doubts, *doubts), unexecuted(formula, names))


def refuse_declaration(steps: Sequence[n.Step], names: Names) -> None:
    """What says of a name without a meaning, or of an index, in which set it lies declares it, and claims nothing."""
    for step in (step for step in steps if step.relation == r"\in"):
        every = [x for side in (step.left, step.right) for x in side.walk()]
        needed = {x.name for x in every if isinstance(x, n.Symbol)} - {r"\infty", r"\pi", "e"}
        unknown = any(isinstance(x, n.Letter) for x in step.right.walk()) or isinstance(step.left, n.Letter)
        if unknown or not all(map(names.kinds.get, needed)):
            raise NoClaimError(step.place, "this display states no relation: it claims nothing" + see("declared-in"))


def with_argument(sides: list[n.Node], names: Names) -> list[n.Node]:
    """`F = f(z) = ...` of a function F: its name alone stands for its value at the argument beside it."""
    first, second = sides[0], sides[1] if len(sides) > 1 else None
    if not isinstance(first, n.Symbol) or first.indices or not isinstance(second, n.Call) or second.primes:
        return sides
    bare = all(isinstance(x, n.Symbol | n.Letter) and not getattr(x, "indices", ()) for x in second.arguments)
    if not bare or not names.is_function(first.name) or not second.arguments:
        return sides
    return [n.Call(first.name, second.arguments, span=first.span), *sides[1:]]


def is_range(found: Sequence[n.Step], names: Names) -> bool:
    """Whether relations behind an equation say for which indices it holds: they hold nothing but letters and sizes."""
    sides = [side for step in found for side in (step.left, step.right)]
    letters = any(isinstance(side, n.Letter) for side in sides)
    return letters and all(
        isinstance(x, n.Letter | n.Number) or (isinstance(x, n.Symbol) and names.kinds.get(x.name) == Kind.SIZE)
        for x in sides
    )


def is_counted(found: Sequence[n.Step], before: n.Step) -> bool:
    """Whether the letters of a condition stand in the equation before it."""
    inside = {x.name for side in (before.left, before.right) for x in side.walk() if isinstance(x, n.Letter)}
    return any(x.name in inside for step in found for x in (step.left, step.right) if isinstance(x, n.Letter))


def settled_step(step: n.Step, letters: frozenset[str]) -> n.Step:
    """A claim in which letters that are no index are names."""
    where = tuple(replace(x, left=settled(x.left, letters), right=settled(x.right, letters)) for x in step.where)
    return replace(step, left=settled(step.left, letters), right=settled(step.right, letters), where=where)


def steps_of(chain: tuple[s.Side, ...], sides: list[n.Node], before: int, source: Source) -> list[n.Step]:
    """Every side against the first one, or against the one before it once a relation was not `=`."""
    steps, first = list[n.Step](), sides[0]
    for k in range(1, len(chain)):
        relation = as_update(chain[k].relation, first, sides[k])
        near = relation in {"=", r"\approx"}
        place = Place(source.path, chain[k].line)
        steps.append(n.Step(first if near else sides[k - 1], relation, sides[k], before + k, place))
        first = first if relation == "=" else sides[k]
    return steps


def as_update(relation: str, left: n.Node, right: n.Node) -> str:
    """`:=` is an assignment where the name on its left stands on its right too, else it defines."""
    if relation != ":=":
        return relation
    return r"\leftarrow" if isinstance(left, n.Symbol) and left.name in right.names else "="


def index_letters(sides: list[n.Node], names: Names) -> frozenset[str]:
    """The letters that are an index of something: of an array, of a sum, in a condition, or by a row of their own."""
    found, compared = set[str](), set[str]()
    for node in (x for side in sides for x in side.walk()):
        if isinstance(node, n.Letter):
            indexed = names.kinds.get(node.name) in {Kind.INDEX, Kind.RANDOM} or names.chances.variable(node.name)
            found |= {node.name} if indexed else set()
        elif isinstance(node, n.Symbol | n.Entry):
            found |= {x.name for index in node.indices for x in index.walk() if isinstance(x, n.Letter)}
        elif isinstance(node, BINDING):
            found |= set(node.letters)
        elif isinstance(node, n.Relation):
            compared |= compared_letters(node)
    first = sides[0]
    parameters = {x.name for x in first.arguments if isinstance(x, n.Letter)} if isinstance(first, n.Call) else set()
    return frozenset(found | (compared - parameters))


def compared_letters(node: n.Relation) -> set[str]:
    """The letters of sides that are a letter alone, or hold no name."""
    found = set[str]()
    for side in (node.left, node.right):
        every = side.walk()
        if isinstance(side, n.Letter) or not any(isinstance(x, n.Symbol) for x in every):
            found |= {x.name for x in every if isinstance(x, n.Letter)}
    return found


def settled(node: n.Node, letters: frozenset[str]) -> n.Node:
    """Letters that are never an index of anything are names after all."""
    if isinstance(node, n.Letter) and node.name not in letters:
        return n.Symbol(node.name, span=node.span)
    if all(x.name in letters for x in node.walk() if isinstance(x, n.Letter)):
        return node
    return node.map(lambda part: settled(part, letters))


def products(formulas: Sequence[Formula]) -> set[str]:
    """The names in front of brackets, as in `s (1 - s) = s - s^2`, that a left side is alone: they are factors."""
    firsts = [chain[0].tree for formula in formulas for chain in formula.chains if len(chain) > 1]
    alone = {label.partition("_")[0] for tree in firsts if isinstance(label := label_of(tree), str)}
    called = dict[str, bool]()
    for tree in (side.tree for formula in formulas for chain in formula.chains for side in chain):
        letter = isinstance(tree, s.Run) and len(tree.items) == 2 and not isinstance(tree.items[0], s.Word)
        if letter and isinstance(tree, s.Run) and isinstance(label := label_of(tree.items[0]), str):
            group = tree.items[1].base if isinstance(tree.items[1], s.Scripted) else tree.items[1]
            parts = group.parts if isinstance(group, s.Group) else ()
            computed = any(isinstance(part, s.Sum | s.Run) for part in parts)
            called[label] = called.get(label, True) and computed
    return {label for label, computed in called.items() if computed and label.partition("_")[0] in alone}


def bare_names(formula: Formula) -> list[str]:
    """The left sides of a display that are a bare letter."""
    return [chain[0].tree.text for chain in formula.chains if isinstance(chain[0].tree, s.Name)]


def marked_names(formula: Formula) -> list[tuple[str, str]]:
    """The left sides of a display that are a name with a superscript without brackets: the name, and what is above."""
    found = list[tuple[str, str]]()
    for tree in (chain[0].tree for chain in formula.chains):
        base, scripts = outward(tree)
        marked, name = with_mark(scripts), base_of(base)
        if marked is not None and not marked.rest and isinstance(name, str) and name != "e" and not is_word(scripts):
            found.append((name, marked.tag[2:-1]))
    return found


def stepping_names(formula: Formula) -> list[tuple[str, str]]:
    """The names on left sides with a letter above them that stand elsewhere at the letter less one, with the letter."""
    found = list[tuple[str, str]]()
    for chain in formula.chains:
        name, step = above(chain[0].tree)
        letter = step.strip("()[]<>")
        if letter.isalpha() and step.replace(letter, f"{letter}-1") in set(others(chain, name)):
            found.append((name, letter))
    return found


def above(tree: s.Tree) -> tuple[str, str]:
    """A name, and the mark above it, with or without brackets; empty where there is none."""
    base, scripts = outward(tree)
    name, own = base_of(base), sorted_scripts(scripts)
    own = own if own.tag else with_mark(scripts) or own
    return (name, own.tag[2:-1]) if isinstance(name, str) and own.tag else ("", "")


def others(part: object, name: str) -> Iterator[str]:
    """The marks above a name in all sides of a chain."""
    if isinstance(part, s.Scripted) and above(part)[0] == name:
        yield above(part)[1]
    if isinstance(part, s.Tree | s.Side | tuple):
        for inner in part if isinstance(part, tuple) else vars(part).values():
            yield from others(inner, name)


def total_names(formula: Formula) -> list[str]:
    """The left sides of a display that are the sum of their own members."""
    resolver = NameResolver(Names(), formula.source, labels=True)
    return [resolver.label(tree) for tree in totals(formula)]


def updates(chain: tuple[s.Side, ...], k: int, resolver: Resolver) -> bool:
    """Whether a side is a new value of the first one."""
    return as_update(":=", resolver.node(chain[0].tree), resolver.node(chain[k].tree)) != "="


def left_sides(formula: Formula, names: Names) -> list[n.Step]:
    """The claims of a display with their left sides alone resolved: enough to see what it defines."""
    resolver, found = Resolver(names, formula.source), list[n.Step]()
    for number, chain in enumerate(formula.chains):
        first = 0
        if number and all(isinstance(side.tree, s.Name | s.Numeral) for side in chain):
            sides = [resolver.node(side.tree) for side in chain]
            before = resolver.node(formula.chains[number - 1][0].tree)
            ranged = steps_of(chain, sides, 0, formula.source)
            if is_range(ranged, names) and is_counted(ranged, replace(ranged[0], left=before, right=before)):
                continue
        for k in range(1, len(chain)):
            same = chain[k].relation in {"=", ":="}
            if chain[k].relation == "=" or (chain[k].relation == ":=" and not updates(chain, k, resolver)):
                node = resolver.node(chain[first].tree)
                if isinstance(node, n.Symbol) and names.is_function(node.name):
                    node = with_argument([node, resolver.node(chain[first + 1].tree)], names)[0]
                n.bounded_depth(node, Place(formula.source.path, chain[first].line))
                left = settled(node, index_letters([node], names))
                found.append(n.Step(left, "=", n.Number("0"), 0, Place(formula.source.path, chain[k].line)))
            first = first if same else k
    return found
