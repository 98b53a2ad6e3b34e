r"""Names that carry an index letter in their label: `x^{(i)}` under \sum_i is one example of many, not one vector.

A letter that is bound anywhere in the scope makes a name with that letter in its label a family over it, unless the
letter has an `integer` row: then it is one step. The members are the rows or columns of an array of the Symbols table.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from nnlit.book.evaluation.values import Mistake
from nnlit.book.language import nodes as n
from nnlit.book.language import tex
from nnlit.book.language.declarations import Declared
from nnlit.book.language.totals import MEMBERS
from nnlit.book.language.vocabulary import Kind
from nnlit.book.source.place import BookError, Place

LABEL = re.compile(r"_\{(?P<low>[^{}]*)\}|\^\{(?:[(\[<](?P<high>[^{}]*)[)\]>]|(?P<mark>[^{}()\[\]<>]*))\}")
CARRIED = re.compile(r"([a-z]|\\ell)(?:[+-]\d+)?")
BOLD = re.compile(r"\\(?:mathbf|vec)\{([^{}]*)\}")
PLAIN = re.compile(
    r"(?:[a-zA-Z]|\\[a-z]+|\\(?:hat|bar|tilde)\{(?:[a-zA-Z]|\\[a-z]+)\}"  # and a layer above it
    r")(?:_\{[^{}]*\})?(?:\^\{[^{}]*\})?"
)
MEMBER = re.compile(r"(row|column|entry) \$?([a-z]|\\ell)\$? of \$([^$]+)\$")


@dataclass(frozen=True)
class Family:
    """The members of an array along one of its axes; `name` is that of the member with the letter."""

    name: str
    letter: str
    array: str
    axis: int
    rank: int

    def member(self, symbol: n.Symbol) -> n.Symbol:
        """The entries of the array that a member is."""
        own = iter(symbol.indices or (n.Whole(),) * (self.rank - 1))
        places = tuple(n.Letter(self.letter) if k == self.axis else next(own, n.Whole()) for k in range(self.rank))
        return replace(symbol, name=self.array, indices=places)


def labels(name: str) -> Iterator[re.Match[str]]:
    """The labels of a name, and the pieces between commas in each."""
    for label in LABEL.finditer(name):
        yield from re.finditer(r"[^,]+", label["low"] or label["high"] or label["mark"] or "")


def carried(name: str) -> dict[str, str]:
    """The letters that the labels of a name carry, each with the name without the label, if that is one letter."""
    found = {
        letter[1]: LABEL.sub("", name, count=1) if len(list(labels(name))) == 1 else ""
        for piece in labels(name)
        if (letter := CARRIED.fullmatch(piece[0].strip()))
    }
    run = {x: "" for piece in labels(name) if len(piece[0]) < 3 and piece[0].isalpha() for x in piece[0]}
    return run | found


def bound_letters(equation: n.Equation) -> set[str]:
    """The letters that a sum binds, or that are an index of a left side."""
    nodes = [x for side in equation.sides for x in side.walk()]
    lefts = [index for x in equation.steps[0].left.walk() if isinstance(x, n.Symbol) for index in x.indices]
    bound = {letter for x in nodes if isinstance(x, n.Big) for letter in x.letters}
    return bound | {x.name for x in lefts if isinstance(x, n.Letter)}


def with_families(
    equations: Mapping[Place, n.Equation | BookError],
    rows: Mapping[str, Declared],
    formulas: tex.Formulas,
) -> dict[Place, n.Equation | BookError]:
    """The equations of a scope with the members of families as entries of their arrays."""
    equations = with_entries(without_thin_axes(equations, rows, formulas), rows)
    read = [x for x in equations.values() if isinstance(x, n.Equation)]
    bound = set().union(*map(bound_letters, read)) - {r.name for r in rows.values() if r.kind == Kind.INTEGER}
    carrying = ((x, letter, base) for x in rows for letter, base in carried(x).items() if base and letter in bound)
    names = {x: letter for x, letter, base in carrying if not is_one_of(x, letter, base, rows, read)}
    lefts = {step.left.name for e in read for step in e.steps if isinstance(step.left, n.Symbol)}
    families = {x: family_of(rows[x], letter, rows, lefts) for x, letter in names.items()}
    found = {x: _rewritten(e, families, formulas[x]) if names else e for x, e in equations.items()}
    found = dict(with_members(found, bound, frozenset(rows)))
    drawn = frozenset(rows) - lefts  # what is displayed may rest on a letter
    return {place: _settled(equation, formulas[place], drawn) for place, equation in found.items()}


def is_one_of(name: str, letter: str, base: str, rows: Mapping[str, Declared], read: list[n.Equation]) -> bool:
    """Whether the letter of a name is a label: no display with the name binds it, and others, bound nowhere, stand so.

    The i of `b_i` beside `b_f`, `b_o` and `b_c` is no index where a sum over i stands elsewhere.
    """
    bound = set().union(*map(bound_letters, read))
    others = {x for row in rows if row != name for x, own in carried(row).items() if own == base} - bound
    uses = (e for e in read if letter in bound_letters(e))
    return bool(others) and not any(x.name == name for e in uses for x in symbols_of(e))


def symbols_of(equation: n.Equation) -> Iterator[n.Symbol]:
    """The names of an equation, wherever they stand."""
    return (x for side in equation.sides for x in side.every if isinstance(x, n.Symbol))


def without_thin_axes(
    equations: Mapping[Place, n.Equation | BookError], rows: Mapping[str, Declared], formulas: tex.Formulas
) -> Mapping[Place, n.Equation | BookError]:
    r"""The equations in which an entry of a column of shape $n \\times 1$, or of such a row, has one index."""
    thin = {name: row.thin for name, row in rows.items() if row.thin is not None}

    def named(node: n.Node) -> n.Node:
        node = node.map(named)
        if not isinstance(node, n.Symbol) or node.name not in thin or len(node.indices) != 2:
            return node
        axis = thin[node.name]
        if node.indices[axis] not in {n.Number("1"), n.Whole()}:
            what = f"{node.name} is a {('row', 'column')[axis]} by its shape: write its entries with one index"
            raise Mistake(what, node.span)
        return replace(node, indices=(node.indices[1 - axis],))

    return {place: _changed(e, named, formulas[place]) for place, e in equations.items()} if thin else equations


def _changed(
    equation: n.Equation | BookError, named: Callable[[n.Node], n.Node], formula: tex.Formula | BookError
) -> n.Equation | BookError:
    """An equation with both sides of every claim changed, or why they cannot be."""
    if isinstance(equation, BookError) or isinstance(formula, BookError):
        return equation
    try:
        steps = (replace(s, left=named(s.left), right=named(s.right)) for s in equation.steps)
        return replace(equation, steps=tuple(steps))
    except Mistake as mistake:
        return formula.source.error(mistake.span, str(mistake))


def with_entries(
    equations: Mapping[Place, n.Equation | BookError], rows: Mapping[str, Declared]
) -> Mapping[Place, n.Equation | BookError]:
    r"""The equations in which a bold letter and the plain one of its entries, as `x_i` of `\\mathbf{x}`, are one name.

    An entry has the name of the array, or the array that of its entries if these are what a display defines. Where the
    plain letter has a meaning of its own (a row, a definition, a place without an index), it is another name.
    """
    read = [e for e in equations.values() if isinstance(e, n.Equation)]
    every = [x for e in read for step in e.steps for side in (step.left, step.right) for x in side.every]
    symbols = [x for x in every if isinstance(x, n.Symbol)]
    bare = {x.name for x in symbols if not x.indices} | set(rows)
    lefts = {step.left.name for e in read for step in e.steps if isinstance(step.left, n.Symbol)}
    found = {x.name: known for x in symbols if (known := bold_of(x, bare, lefts, rows))}
    found |= {x.name: known for x in symbols if (known := entries_of(x, bare, lefts))}
    found |= {x.name: plain(x.name) for x in symbols if is_plain_array(x, lefts, rows)}
    arrays = {x.name: known for x in symbols if (known := _array_of(x, bare | lefts, rows))}
    if not found and not arrays:
        return equations
    ranks = {array: len(rows[array].axes) for array in arrays.values()}
    return {
        place: e if isinstance(e, BookError) else _named(e, found | arrays, ranks) for place, e in equations.items()
    }


def plain(name: str) -> str:
    """A name in which no letter is bold."""
    return BOLD.sub(r"\1", name)


def is_plain_array(symbol: n.Symbol, lefts: set[str], rows: Mapping[str, Declared]) -> bool:
    r"""Whether a bold name is that of an array whose row has the plain letter, as bold `\\mu` beside `\\mu`."""
    row = rows.get(plain(symbol.name))
    return plain(symbol.name) != symbol.name not in {*lefts, *rows} and row is not None and bool(row.axes)


def capital_of(name: str) -> str:
    """A name with its letter as a capital: the X of x."""
    return re.sub(r"(?<![\\a-zA-Z])([a-z])(?![a-zA-Z])", lambda m: m[1].upper(), name)


def bold_of(symbol: n.Symbol, bare: set[str], lefts: set[str], rows: Mapping[str, Declared]) -> str:
    """The bold letter of which a name with indices is an entry; nothing where there is none, or the name is another."""
    if not symbol.indices or symbol.name in bare or not PLAIN.fullmatch(symbol.name):
        return ""
    names = [x for x in dict.fromkeys([*rows, *lefts]) if x != symbol.name and plain(x) == symbol.name]
    fits = [x for x in names if (x in rows and len(rows[x].axes) == len(symbol.indices)) or x in lefts - set(rows)]
    return fits[0] if len(fits) == 1 else ""


def entries_of(symbol: n.Symbol, bare: set[str], lefts: set[str]) -> str:
    """The plain letter whose entries a display defines, of a bold one that nothing defines."""
    name = plain(symbol.name)
    is_open = name != symbol.name and symbol.name not in lefts and name in lefts - bare
    return name if is_open and bool(PLAIN.fullmatch(name)) else ""


def _array_of(symbol: n.Symbol, taken: set[str], rows: Mapping[str, Declared]) -> str:
    """The array X of which a row says that `x_i` is row i, of names `x_{ij}` and `x_k` that have no other meaning."""
    if not symbol.indices or symbol.name in taken:
        return ""
    said = (
        MEMBER.search(row.row.meaning)
        for row in rows.values()
        if plain(LABEL.sub("", row.name, count=1)) == plain(symbol.name)
    )
    arrays = {found[3].strip() for found in said if found and found[1] == "row"} & set(rows)
    return min(arrays) if len(arrays) == 1 else ""


def _named(equation: n.Equation, found: Mapping[str, str], ranks: Mapping[str, int]) -> n.Equation:
    """An equation in which some names are others; a row of an array is written with all its columns."""

    def named(node: n.Node) -> n.Node:
        node = node.map(named)
        if not isinstance(node, n.Symbol) or node.name not in found:
            return node
        name = found[node.name]
        rest = (n.Whole(),) * (ranks.get(name, 0) - len(node.indices))
        return replace(node, name=name, indices=(*node.indices, *rest))

    steps = (replace(s, left=named(s.left), right=named(s.right)) for s in equation.steps)
    return replace(equation, steps=tuple(steps))


def with_members(
    equations: Mapping[Place, n.Equation | BookError], bound: set[str], rows: frozenset[str]
) -> Iterator[tuple[Place, n.Equation | BookError]]:
    """The equations in which what a display defines for each member, such as a prediction, is an array over them."""
    read = [e for e in equations.values() if isinstance(e, n.Equation)]
    lefts = {step.left.name for e in read for step in e.steps if isinstance(step.left, n.Symbol)} - rows
    defined = {base for x in lefts for letter, base in carried(x).items() if base and letter in bound}
    for place, equation in equations.items():
        if defined and isinstance(equation, n.Equation):
            steps = (replace(s, left=_member(s.left, defined), right=_member(s.right, defined)) for s in equation.steps)
            yield place, replace(equation, steps=tuple(steps))
        else:
            yield place, equation


def _member(node: n.Node, defined: set[str]) -> n.Node:
    """A node in which the members of what is defined for each of them carry their letter as an index."""
    node = node.map(lambda part: _member(part, defined))
    found = LABEL.search(node.name) if isinstance(node, n.Symbol) else None
    if found is None or not isinstance(node, n.Symbol) or not re.fullmatch(r"[a-z]|\\ell", found["high"] or ""):
        return node
    base = LABEL.sub("", node.name, count=1)
    indices = (n.Letter(found["high"]), *node.indices)
    return replace(node, name=base + MEMBERS, indices=indices) if base in defined else node


def _settled(
    equation: n.Equation | BookError, formula: tex.Formula | BookError, drawn: frozenset[str]
) -> n.Equation | BookError:
    """An equation in which no letter runs that a name carries in its label: the name would be one value for all."""
    if isinstance(equation, BookError) or isinstance(formula, BookError):
        return equation
    for node in (x for step in equation.steps for side in (step.left, step.right) for x in side.every):
        letters, inside = running(node)
        for symbol in (x for x in inside.every if isinstance(x, n.Symbol)) if letters else ():
            fixed = [x for x in carried(symbol.name) if x in letters]
            if fixed and (isinstance(node, n.Big) or symbol.name in drawn):
                what = f"{symbol.name} is one value, but {fixed[0]} takes many in this {OPERATION[type(node)]}"
                return formula.source.error(symbol.span, f"{what}: write an index of an array, or another letter")
    return equation


OPERATION = {n.Big: "sum or its kin", n.Limit: "limit", n.Derivative: "derivative"}


def running(node: n.Node) -> tuple[set[str], n.Node]:
    """The letters that take many values in a node, and where."""
    if isinstance(node, n.Big):
        return set(node.letters), node.body
    if isinstance(node, n.Limit):
        return {node.symbol}, node.body
    if isinstance(node, n.Derivative):
        return {x.name for x in node.denominators}, node.numerator
    return set(), node


def _rewritten(
    equation: n.Equation | BookError, found: Mapping[str, "Family | str"], formula: tex.Formula | BookError
) -> n.Equation | BookError:
    """One equation with its members as entries, or what is missing to see them so."""
    if isinstance(equation, BookError) or isinstance(formula, BookError):
        return equation
    every = [x for side in reversed(equation.sides) for x in reversed(side.walk())]  # so that the first one stays
    used = {x.name: x for x in every if isinstance(x, n.Symbol) and x.name in found}
    families: dict[str, Family] = {}
    for name, symbol in used.items():
        family = found[name]
        if isinstance(family, str):
            return formula.source.error(symbol.span, family)
        families[name] = family
    changed = (replace(s, left=_entries(s.left, families), right=_entries(s.right, families)) for s in equation.steps)
    return replace(equation, steps=tuple(changed)) if used else equation


def _entries(node: n.Node, families: Mapping[str, Family]) -> n.Node:
    node = node.map(lambda part: _entries(part, families))
    return families[node.name].member(node) if isinstance(node, n.Symbol) and node.name in families else node


def family_of(row: Declared, letter: str, rows: Mapping[str, Declared], defined: Collection[str]) -> Family | str:
    """The family that a row declares a member of; what to write where that cannot be told."""
    found = list(_said(row, letter, rows, defined)) or list(_alike(row, letter, rows))
    if len(found) == 1:
        return found[0]
    name, what = row.row.symbol, "several numbers" if not row.axes else "several vectors"
    one = f"{name} is one of {what}, since {letter} runs over many values here"
    if found:
        array = found[0].array
        return f"{one}: say in its row which, 'row {letter} of ${array}$' or 'column {letter} of ${array}$'"
    single = f"; where one {letter} alone is meant, give it the row | ${letter}$ | integer | | |"
    if not row.axes:
        return f"{one}: declare the vector that holds them, and drop the row of {name}{single}"
    ask = f"declare the array whose rows they are, and say 'row {letter} of $X$' in the meaning of {name}"
    return f"{one}: {ask}{single}"


def _said(row: Declared, letter: str, rows: Mapping[str, Declared], defined: Collection[str]) -> Iterator[Family]:
    """The family that the meaning names: row i of X, column i of X, entry i of v; a display may define the array."""
    found = MEMBER.search(row.row.meaning)
    array = found[3].strip() if found and found[2] == letter else ""
    if found and (array in rows or array in defined):
        rank = len(rows[array].axes) if array in rows else len(row.axes) + 1
        yield Family(row.name, letter, array, int(found[1] == "column"), rank)


def _alike(row: Declared, letter: str, rows: Mapping[str, Declared]) -> Iterator[Family]:
    """The array with the same letter as a capital, along each axis that can be the family's."""
    base = carried(row.name)[letter]
    capital = capital_of(base)
    plain = re.sub(r"\\math\w+\{(.*)\}", r"\1", capital)
    for array in (rows[x] for x in dict.fromkeys((capital, plain)) if x in rows):
        rest = [array.axes[:k] + array.axes[k + 1 :] for k in range(len(array.axes))]
        axes = [k for k in range(len(rest)) if row.axes and rest[k] == row.axes]
        yield from (Family(row.name, letter, array.name, k, len(array.axes)) for k in axes)
