"""The names of a text that have no value: where they stand, and what that shows of them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from nnlit.book.drafts import hints
from nnlit.book.drafts.lengths import Form
from nnlit.book.drafts.said import Said, said
from nnlit.book.evaluation.analysis import analysed
from nnlit.book.evaluation.environment import constant
from nnlit.book.evaluation.families import capital_of
from nnlit.book.evaluation.families import plain as plain_font
from nnlit.book.evaluation.resolutions import Resolutions
from nnlit.book.evaluation.scope import Scope
from nnlit.book.evaluation.values import Mistake
from nnlit.book.language import nodes as n
from nnlit.book.language.contracted import terms_of
from nnlit.book.language.tex import Formulas, Names
from nnlit.book.language.unicode import in_tex
from nnlit.book.language.unparse import write
from nnlit.book.source.chapter import Chapter
from nnlit.book.source.place import BookError, line_words

BOLD = (r"\mathbf", r"\boldsymbol", r"\bm", r"\vec")
ARRAYS = (n.Transpose, n.Entry, n.Norm, n.Inner, n.Hadamard)
CAPITALS = {rf"\{name}" for name in ("Sigma", "Lambda", "Phi", "Psi", "Gamma", "Theta", "Omega", "Pi", "Xi")}
CAPITAL, NOTHING, COUNTED = "a capital letter", "nothing says that it is more", "a sum goes up to it"


@dataclass
class Text:
    """The names of a text that have no value, and how they are used.

    Attributes:
        chapter: the text as read.
        formulas: its displays as trees without names.
        used: where each of these names stands.
        places: the names that can only be numbers, and why.
        vectors: the names that can only be vectors, and why.
        has_arrays: whether anything is written as an array.
        claims: the sides of every claim, each with the number of its display.
        scopes: what is known in the parts of the text.
        positive: the arrays that stand with an index in a logarithm or under a root.
        bounds: the names that stand above a sum.
        said: what the words around the displays say.
        constants: the numbers e and pi, where they stand without an index.
    """

    chapter: Chapter
    formulas: Formulas
    used: dict[str, list[n.Symbol]] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    vectors: dict[str, str] = field(default_factory=dict)
    has_arrays: bool = False
    claims: list[tuple[n.Node, n.Node, str]] = field(default_factory=list)
    scopes: list[Scope] = field(default_factory=list)
    positive: set[str] = field(default_factory=set)
    bounds: set[str] = field(default_factory=set)
    said: Said = field(default_factory=Said)
    constants: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        read = list(_read(self.chapter, self.formulas))
        of_entries = {x.function for equation, _ in read for x in _calls(equation.sides) if _takes_an_entry(x)}
        for number, (equation, scope) in enumerate(read):
            whole = [x for x in equation.steps if not of_entries & {call.function for call in _calls([x.left])}]
            self.claims += [(step.left, step.right, str(number)) for step in whole]
            self.scopes += [scope] if scope not in self.scopes else []
            self.has_arrays |= any(scope.shapes.values())
            for node in (node for step in equation.steps for side in (step.left, step.right) for node in side.walk()):
                self.note(node, scope)
        self.said = said(self.chapter, self.scopes[0].names if self.scopes else Names())
        self.has_arrays |= any(self.said.sizes.values())

    @property
    def shown(self) -> list[str]:
        """Its displays as they are written."""
        return [in_tex(display.tex)[0] for display in self.chapter.displays]

    def is_number(self, name: str) -> bool:
        """Whether a name stands in the text as a number does, and nothing gives it a value."""
        return name in self.used and not self.rank(name)[0]

    def is_size(self, name: str) -> bool:
        """Whether a name with a letter below is the size that running text calls so: the `d_k` of `m x d_k`."""
        sizes = {size for axes in self.said.sizes.values() for size in axes}
        return all(node.indices and f"{name}_{{{letters_of(node)}}}" in sizes for node in self.used[name])

    def gives(self, name: str) -> bool:
        """Whether a row or a display gives a name a value."""
        return any(has_value(scope, name) for scope in self.scopes)

    def note(self, node: n.Node, scope: Scope) -> None:
        """Note what a node shows of names that have no value."""
        if isinstance(node, n.Symbol) and not (has_value(scope, node.name) or _is_constant(node)):
            self.used.setdefault(node.name, []).append(node)
        elif isinstance(node, n.Symbol) and _is_constant(node):
            self.constants.add(node.name)
        if isinstance(node, n.Big) and isinstance(node.high, n.Symbol):
            self.bounds.add(node.high.name)
        for name, where in _numbers(node).items():
            self.places[name] = where if "positive" in where else self.places.get(name, where)
        self.vectors |= _laid_down(node)
        self.has_arrays |= isinstance(node, ARRAYS) or (isinstance(node, n.Symbol) and _is_array(node))
        self.has_arrays |= _is_matrix_product(node)
        self.positive |= _positive(node)

    def ranks(self, names: list[str]) -> dict[str, tuple[int, str]]:
        """How many axes each name has, and why; a number below a name that has entries is one of them."""
        found = {name: self.rank(name) for name in names}
        found = {name: row for name, row in found.items() if not self.bold(name)}
        entries = {x for x in found if (base := re.sub(r"_\{\d+\}", "", x)) != x and found.get(base, (0, ""))[0]}
        found = {name: row for name, row in found.items() if name not in entries}
        most = dict[str, tuple[int, str]]()
        for name, row in found.items():
            most[hints.stem(name)] = max(row, most.get(hints.stem(name), row), key=lambda one: one[0])
        return {name: row if hints.stem(name) == name else most[hints.stem(name)] for name, row in found.items()}

    def holder(self, name: str) -> str:
        """The matrix of the text whose rows the vectors of a name are: the X of `x_i`, if there is one."""
        capital = capital_of(plain_font(name))
        return next((x for x in self.used if x != name and plain_font(x) == capital and self.is_matrix(x)), "")

    def is_matrix(self, name: str) -> bool:
        """Whether a name has two axes, and stands without indices."""
        return self.rank(name)[0] == 2 and not all(node.indices for node in self.used[name])

    def bold(self, name: str) -> str:
        """The bold letter of which a plain one with indices is an entry, if there is one."""
        if name not in self.used or not all(node.indices for node in self.used[name]):
            return ""
        bare = {x for x, nodes in self.used.items() if not all(node.indices for node in nodes)}
        return next((x for font in BOLD if (x := f"{font}{{{name}}}") in bare or self.gives(x)), "")

    def rank(self, name: str) -> tuple[int, str]:
        """How many axes a name has, from how it is written and used, and why."""
        nodes = self.used[name]
        longest = max(nodes, key=lambda node: len(node.indices))
        sizes = self.said.sizes.get(name)
        if sizes is not None and len(sizes) >= len(longest.indices):
            return len(sizes), f"{line_words(self.said.lines[name])} says so"
        is_capital = names_a_matrix(name)
        is_vector = any(font in name for font in BOLD) and not is_capital
        if longest.indices:
            is_vector |= name in self.vectors and len(longest.indices) == 1
            one_of_many = is_vector and all(node.indices for node in nodes)
            return len(longest.indices) + one_of_many, f"written as ${name}_{{{letters_of(longest)}}}$"
        if name in self.bounds or any(name in sizes for sizes in self.said.sizes.values()):
            return 0, COUNTED
        if (name in self.vectors and not is_capital) or name in self.places:
            return (1, self.vectors[name]) if name in self.vectors and not is_capital else (0, self.places[name])
        if is_capital:
            return (2, CAPITAL) if self.has_arrays else (0, "no array in sight")
        return (1, "a bold letter") if is_vector else (0, NOTHING)

    def forms(self, ranks: Mapping[str, tuple[int, str]]) -> dict[str, Form]:
        """The axes of all names whose rank is guessed or that rows give a shape."""
        found = {name: Form(tuple(f"{name}:{k}" for k in range(rank))) for name, (rank, _) in ranks.items()}
        for scope in self.scopes:
            for name, axes in scope.shapes.items():
                known = (f"size:{write(axis)}" for axis in axes)
                found.setdefault(name, Form(tuple(known)))
        return found | {x: found[bold] for x in self.used if (bold := self.bold(x)) in found}


def has_value(scope: Scope, name: str) -> bool:
    """Whether a row or a display gives a name a value."""
    return bool(scope.kind(name)) or name in scope.definitions


def plain(name: str) -> str:
    """A name without accents, fonts and braces."""
    return re.sub(r"\\(?:mathbf|mathbb|boldsymbol|bm|mathrm|vec|hat|bar|tilde)(?![a-zA-Z])|[{}\s]", "", name)


def names_a_matrix(name: str) -> bool:
    """Whether a name is a capital letter, or that of the gradient in one, `dO`."""
    letter = plain(hints.stem(name))
    letter = letter[1:] if letter[:1] == "d" else letter
    return letter in CAPITALS or (len(letter) == 1 and letter.isupper())


def letters_of(symbol: n.Symbol) -> str:
    """The index letters of a name, as they are written."""
    return "".join(index.name if isinstance(index, n.Letter) else "" for index in symbol.indices)


def _read(chapter: Chapter, formulas: Formulas) -> Iterator[tuple[n.Equation, Scope]]:
    """The displays that can be read, each with what is known where it stands; members need not have rows."""
    analysis, resolutions = analysed(chapter, formulas), Resolutions(formulas, frozenset())
    for display in chapter.displays:
        part = analysis.parts[chapter.tables_of(display)]
        read = part.equations.get(display.place)
        if isinstance(read, BookError):
            read = resolutions.equations([display], part.scope.names)[display.place]
        if isinstance(read, n.Equation):
            yield read, part.scope


def _calls(sides: Iterable[n.Node]) -> Iterator[n.Call]:
    """The functions at their arguments that stand somewhere."""
    return (x for side in sides for x in side.walk() if isinstance(x, n.Call))


def _takes_an_entry(call: n.Call) -> bool:
    """Whether a function is called with one of many, as p in `p(x_i)`: what `p(x)` says, it says of a number."""
    return any(isinstance(x, n.Symbol) and bool(x.indices) for x in call.arguments)


def _is_array(symbol: n.Symbol) -> bool:
    """Whether a name is written as that of an array."""
    return bool(symbol.indices) or any(font in symbol.name for font in BOLD)


def _is_constant(node: n.Symbol) -> bool:
    """Whether a name is a number by itself; with an index it is none, as the weights of a mixture are."""
    try:
        constant(node.name)
    except Mistake:
        return False
    return not node.indices


def _is_matrix_product(node: n.Node) -> bool:
    """Whether a capital letter stands in front of a name that changes from step to step."""
    if not isinstance(node, n.Product) or not isinstance(node.left, n.Symbol) or not isinstance(node.right, n.Symbol):
        return False
    return names_a_matrix(node.left.name) and hints.stem(node.right.name) != node.right.name


def _laid_down(node: n.Node) -> dict[str, str]:
    """The names that can only be vectors, with an index or without: what is laid down or behind that, or has a norm."""
    found = dict[str, str]()
    if isinstance(node, n.Transpose | n.Norm):
        why = "a transpose stands at it" if isinstance(node, n.Transpose) else "it has a norm"
        found |= {x.name: why for x in terms_of(node.body) if isinstance(x, n.Symbol)}
    if isinstance(node, n.Product) and isinstance(_last(node.left), n.Transpose):
        why = "it stands behind a transpose"
        found |= {x.name: why for x in terms_of(node.right) if isinstance(x, n.Symbol)}
    return found


def _last(node: n.Node) -> n.Node:
    """The last factor of a product."""
    return _last(node.right) if isinstance(node, n.Product) else node


def _numbers(node: n.Node) -> dict[str, str]:
    """The names that can only be numbers where a node holds them, and where that is; some have to be positive."""
    if isinstance(node, n.Fraction):
        return _bare([node.bottom], "it stands below a line")
    where = "in a logarithm" if isinstance(node, n.Call) else "under a root or a power"
    found = _bare(above_zero(node), f"it stands {where}; positive")
    if isinstance(node, n.Power) and not _is_whole(node.exponent):
        found |= _bare(node.exponent.walk(), "it stands in an exponent")
    return found


def _positive(node: n.Node) -> set[str]:
    """The names with an index that have to be positive where a node holds them."""
    return {x.name for x in above_zero(node) if isinstance(x, n.Symbol) and x.indices}


def above_zero(node: n.Node) -> Iterator[n.Node]:
    """What has to be positive: the factors in a logarithm, or under a power that is no whole number."""
    if isinstance(node, n.Call) and node.function in {r"\log", r"\ln"}:
        for argument in node.arguments:
            yield from _factors(argument)
    elif isinstance(node, n.Power) and not _is_whole(node.exponent):
        yield from _factors(node.base)


def _factors(node: n.Node) -> Iterator[n.Node]:
    """The factors of a product or a quotient, and the terms of a sum: where all are positive, it is."""
    if isinstance(node, n.Product | n.Fraction | n.Add):
        for part in node.parts:
            yield from _factors(part)
    else:
        yield node


def _is_whole(exponent: n.Node) -> bool:
    """Whether an exponent is a whole number, or a letter that may be one or a transpose."""
    inner = exponent.body if isinstance(exponent, n.Negative) else exponent
    return inner.text.isdigit() if isinstance(inner, n.Number) else isinstance(inner, n.Symbol) and inner.name == "T"


def _bare(nodes: Iterable[n.Node], where: str) -> dict[str, str]:
    """The names among some nodes that have no index."""
    return {node.name: where for node in nodes if isinstance(node, n.Symbol) and not node.indices}
