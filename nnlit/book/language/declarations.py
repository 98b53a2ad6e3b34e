r"""The rows of Symbols tables: shapes, conditions, and what is random.

A Symbols table says what is random. Its shapes are products of sizes (`$m \times n$`, `$K$`,
`$(H - h + 1) \times 2$`), or one of the words `number`, `size`, `integer`, `labels, $m$`, `function`, `index`.
Its meanings may hold conditions, set off by commas or semicolons:

    one-hot rows; rows sum to one; entries sum to one; positive; between 0 and 1; 0 or 1; -1 or 1; holds exact zeros;
    all ones; all zeros; identity; symmetric; symmetric positive definite; orthogonal; the imaginary unit;
    labels 0..K-1; Kronecker delta; zero outside; nilpotent; counts from 0; counts from 1; runs over $m$

and, for the expectation `\mathbb E`, `\operatorname{Var}` and `\operatorname{Cov}`, which go through all outcomes:

    1 with probability $p$                       every entry is one or zero, independently
    $-a$ or $a$ with equal chances               every entry is one of the values, independently
    labels 0..m-1 with equal chances             every entry of a vector of labels is any of them, independently
    every subset of size $b$ of $1..m$           a batch without replacement: \sum_{i \in B}
    every sequence of length $b$ from $1..m$     a batch with replacement: repeated members count as often
"""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nnlit.book.language import nodes as n
from nnlit.book.language import tex
from nnlit.book.language.phrases import canonical, nearly_constant
from nnlit.book.language.spans import Source
from nnlit.book.language.tokens import lex, split
from nnlit.book.language.vocabulary import FUNCTIONS_BY_NAME, STATED, Condition, Kind
from nnlit.book.source.chapter import Row, Table
from nnlit.book.source.place import BookError, Place, line_words

SIZED = (n.Number, n.Symbol, n.Letter, n.Negative, n.Add, n.Subtract, n.Product, n.Fraction, n.Power)  # of an axis
PHRASES = [condition.value for condition in Condition]
ALIKE = 0.8  # a phrase that is as near as this to a condition, and is none, is taken for a slip
ROW = re.compile(r"(?:^|[,;:]\s*)(?:a|one) row(?: vector)?(?: of [^,;]*)?\s*(?=$|[,;.])")
SMOOTH = re.compile(
    r"any (?:smooth |differentiable |twice differentiable )?(?:vector |scalar )?function"
    r"(?: of (?P<of>an? number|numbers|two numbers)| from (?P<from>[^,;.]*?)(?: to (?P<to>[^,;.]*))?)?\s*(?=$|[,;.])"
)
NAMED = re.compile(
    rf"(?:^|[;:])\s*(?:the )?({'|'.join(sorted(FUNCTIONS_BY_NAME, key=len, reverse=True))})(?: function)?\s*(?=$|[,;.])"
)
SMALL = re.compile(
    r"(?:^|[,;:]\s*)(?:an? )?(?:very |infinitesimally |arbitrarily )?small\b[^,;.$]*(?=$|[,;.])"
    r"|(?:near|close to|goes to|tends to) (?:zero|\$?0\$?)(?=$|[,;. ])"
)
NEAR = re.compile(r"(?:near|close to) \$([^$]+)\$")
SUBSET = re.compile(r"every subset of size \$([^$]+)\$ of \$1\s*(?:\.\.|\\[lc]?dots)\s*([^$]+)\$")
SEQUENCE = re.compile(r"every sequence of length \$([^$]+)\$ from \$1\s*(?:\.\.|\\[lc]?dots)\s*([^$]+)\$")
BERNOULLI = re.compile(r"1 with probability \$([^$]+)\$")
CHANCES = re.compile(r"((?:\$[^$]+\$(?: or |, )?)+) with equal chances")


@dataclass(frozen=True)
class Declared:
    """A row of a Symbols table, read."""

    row: Row
    name: str
    kind: Kind
    axes: tuple[n.Node, ...] = ()
    conditions: frozenset[Condition] = frozenset()
    gradient: n.Derivative | None = None
    thin: int | None = None  # the axis of length one that is left out of `axes`: 0 of a row, 1 of a column


@dataclass(frozen=True)
class Signature:
    """What a row says of a function that no display defines: any smooth one, from what to what.

    Attributes:
        arguments: the shapes of its arguments; None where they are numbers, as many as are written.
        result: the shape of its value.
        entries: whether it is meant on every entry of an array.
        positive: whether its values are positive.
        rising: 1 where it increases, -1 where it decreases, else 0.
    """

    arguments: tuple[tuple[n.Node, ...], ...] | None = None
    result: tuple[n.Node, ...] = ()
    entries: bool = False
    positive: bool = False
    rising: int = 0


def signature(row: Declared) -> Signature | None:
    """The smooth function that a row stands for, if it is one."""
    found = SMOOTH.search(row.row.meaning) if row.kind == Kind.FUNCTION else None
    if found is None:
        return None
    rising = int(Condition.INCREASING in row.conditions) - int(Condition.DECREASING in row.conditions)
    positive = Condition.POSITIVE in row.conditions
    if found["from"] is None:
        if positive and rising:
            raise row.row.error(f"{row.row.symbol}: positive and increasing at once is not drawn")
        return Signature(None, (), found["of"] in {"a number", "an number"}, positive, rising)
    if rising:
        raise row.row.error(f"{row.row.symbol}: only a function of one number increases or decreases")
    pieces = re.split(r"\s+and\s+|\s*&\s*", found["from"])
    return Signature(tuple(_space(p, row) for p in pieces), _space(found["to"] or "number", row), positive=positive)


def _space(text: str, row: Declared) -> tuple[n.Node, ...]:
    r"""The axes of an argument or a value: `a number`, `$n$`, `$m \times n$`, `$\mathbb R^n$`."""
    bare_text = text.replace("$", "").strip()
    if re.fullmatch(r"(?:an? )?(?:real )?numbers?|\\mathbb\s*\{?R\}?", bare_text):
        return ()
    inside = re.fullmatch(r"\\mathbb\s*\{?R\}?\s*\^\s*(?:\{(.*)\}|(\w))", bare_text)
    return thinned(axes((inside[1] or inside[2]) if inside else bare_text, row.row))[0]


def named_function(row: Declared) -> str:
    """The function of the language that a row of the kind `function` names, or nothing."""
    found = NAMED.search(row.row.meaning.lower().replace("$", "")) if row.kind == Kind.FUNCTION else None
    return FUNCTIONS_BY_NAME[found[1]] if found else ""


@lru_cache(maxsize=4096)
def declared(row: Row) -> Declared:
    """A row's symbol, kind, axes and conditions; a row of the whole chapter is asked for in each of its parts."""
    symbol, conditions = symbol_of(row), conditions_of(row)
    if isinstance(symbol, n.Derivative):
        shape, thin = thinned(axes(row.shape, row))
        return Declared(row, gradient_name(symbol, row), Kind.GRADIENT, shape, conditions, symbol, thin)
    if isinstance(symbol, n.Entry | n.Symbol | n.Letter):
        name = symbol.name if not isinstance(symbol, n.Entry) else ""
        kind, text = kind_of(row, conditions)
        name = name.partition("_")[0] if kind == Kind.KRONECKER else name
        shape, thin = thinned(axes(text, row))
        return Declared(row, name, kind, shape, conditions, thin=thin)
    raise row.error(f"{row.symbol} is neither a symbol nor a derivative of one in another")


def thinned(shape: tuple[n.Node, ...]) -> tuple[tuple[n.Node, ...], int | None]:
    """A shape without the axis that makes a matrix of a vector, and which one that is: of `n x 1` or `1 x n`."""
    one = n.Number("1")
    if len(shape) != 2 or one not in shape:
        return shape, None
    return ((), 1) if shape == (one, one) else ((shape[0],), 1) if shape[1] == one else ((shape[1],), 0)


@dataclass(frozen=True)
class Lost:
    """A name whose row cannot be used: why, and of which kind the name probably is."""

    error: BookError
    kind: Kind | None = None


def declarations(table: Table) -> tuple[dict[str, Declared], dict[str, Lost]]:
    """The rows of one table by name, and the names whose rows cannot be used.

    Two rows for one name would contradict each other without a word: neither of them is used.
    """
    found: dict[str, Declared] = {}
    lost: dict[str, Lost] = {}
    for fault in table.faults:
        lost |= {name: Lost(fault.error, Kind.ARRAY) for name in map(name_of, fault.symbols) if name}
        lost.setdefault(line_words(fault.error.place.line), Lost(fault.error))
    for row in table.rows:
        try:
            read = declared(row)
        except BookError as error:
            lost[name_of(row.symbol) or line_words(row.place.line)] = Lost(error, probably(row))
            continue
        if read.name in found:
            message = f"{read.row.symbol} has a row already, at {line_words(found[read.name].row.place.line)}"
            lost[read.name] = Lost(row.error(message), read.kind)
        found[read.name] = read
    for name, read in found.items():
        base = re.sub(r"_\{\d+\}", "", name)
        first = "_{0}" not in name or "counts from 0" in getattr(found.get(base), "conditions", ())
        if base != name and base in found and found[base].kind == Kind.ARRAY and first:
            entry = f"{read.row.symbol} is an entry of {found[base].row.symbol}, which has a row, or a name of its own?"
            both = read.row.error(f"{entry} Drop one of the two rows, or rename one")
            lost |= {name: Lost(both, read.kind), base: Lost(both, Kind.ARRAY)}
    return {name: read for name, read in found.items() if name not in lost}, lost


def name_of(symbol: str) -> str:
    """The name that a symbol's TeX is, of a gradient the name of that; empty if it cannot be read."""
    row = Row(symbol, "", "", "", Place(Path(), 1))
    try:
        node = symbol_of(row)
        return gradient_name(node, row) if isinstance(node, n.Derivative) else getattr(node, "name", "")
    except BookError:
        return ""


def probably(row: Row) -> Kind | None:
    """The kind of a name whose row cannot be used; that of a gradient is none."""
    if "partial" in row.symbol:
        return None
    word = row.shape.partition(",")[0].strip()
    return Kind(word) if word in {*STATED, Kind.LABELS, Kind.RANDOM} else Kind.ARRAY


def symbol_of(row: Row) -> n.Node:
    """A row's symbol as read."""
    try:
        return tex.read_symbol(row.symbol, row.place)
    except BookError as error:
        raise row.error(f"symbol {row.symbol}: {error.message}", row.symbol) from None


def conditions_of(row: Row) -> frozenset[Condition]:
    """The conditions in a meaning; what is nearly one is an error, since it would be read as prose."""
    pieces = re.split(r"[,;]", row.meaning.lower().replace("$", "").removeprefix("guessed:"))
    phrases = [" ".join(p.strip().rstrip(".").split()) for p in pieces]
    phrases = phrases if row.shape == Kind.FUNCTION else list(map(canonical, phrases))
    constant = {"all ones", "all zeros", "identity"} & set(phrases)
    for phrase in phrases:
        near = phrase if phrase in PHRASES else nearest(phrase) or ("" if constant else nearly_constant(phrase))
        if near not in {"", phrase}:
            message = f"{phrase!r} is no condition, but nearly {near!r}: write that, or other words"
            raise row.error(f"{row.symbol}: {message}", phrase)
    return frozenset(Condition(phrase) for phrase in phrases if phrase in PHRASES)


@lru_cache(maxsize=4096)
def nearest(phrase: str) -> str:
    """The condition whose words these nearly are, or nothing; the same words stand in many rows."""
    return next(iter(difflib.get_close_matches(phrase, PHRASES, 1, ALIKE)), "")


def gradient_name(symbol: n.Derivative, row: Row) -> str:
    """The name of an upstream gradient."""
    top = symbol.numerator
    if not isinstance(top, n.Symbol | n.Letter) or len(symbol.denominators) != 1:
        raise row.error(f"{row.symbol}: an upstream gradient is the derivative of one symbol in another")
    return n.upstream(top.name, symbol.denominators[0].name)


def kind_of(row: Row, conditions: frozenset[Condition]) -> tuple[Kind, str]:
    """The kind of a row and what its shape cell leaves to be read as axes."""
    word, _, rest = row.shape.partition(",")
    if Condition.KRONECKER_DELTA in conditions:
        return Kind.KRONECKER, ""
    if word.strip() == Kind.LABELS:
        if not rest.strip():
            raise row.error("labels need a shape: labels, $m$", row.shape)
        return Kind.LABELS, rest
    if word.strip() == Kind.RANDOM:
        if not rest.strip():
            raise row.error(f"how many outcomes has {row.symbol}? write its shape as: random, $n$")
        return Kind.RANDOM, rest
    if row.shape in STATED:
        return Kind(row.shape), ""
    return Kind.ARRAY, row.shape


def axes(shape: str, row: Row) -> tuple[n.Node, ...]:
    """The axes of a shape, each an expression in sizes."""
    if not shape.strip() or shape in STATED:
        return ()
    if re.search(r"(?<![\\{a-zA-Z])[a-zA-Z]{3,}", shape):
        raise row.error(f"shape {shape!r} is neither mathematics nor one of {', '.join(STATED)}, labels", shape)
    try:
        pieces = split(lex(Source.on(shape, row.place)), {r"\times"})
        read = [tex.read_expression(" ".join(t.text for t in p), row.place) for p in pieces]
    except BookError as error:
        raise row.error(f"shape ${shape}$ cannot be read: {error.message}", shape.strip()) from None
    if not all(isinstance(node, SIZED) for axis in read for node in axis.walk()):
        raise row.error(
            f"shape ${shape}$: an axis is made of sizes with plus, minus, products, quotients", shape.strip()
        )
    return tuple(bare(x) for x in read)


def bare(node: n.Node) -> n.Node:
    """Letters in a shape are names of sizes."""
    return n.Symbol(node.name) if isinstance(node, n.Letter) else node.map(bare)


def size_names(rows: Mapping[str, Declared]) -> list[str]:
    """All sizes, in the order in which the table mentions them."""
    found: dict[str, None] = {}
    for row in rows.values():
        if row.kind == Kind.SIZE:
            found[row.name] = None
        for axis in (*row.axes, *(axis for space in spaces(row) for axis in space)):
            found.update((x.name, None) for x in axis.walk() if isinstance(x, n.Symbol))
    return [x for x in found if x not in rows or rows[x].kind == Kind.SIZE]


def spaces(row: Declared) -> tuple[tuple[n.Node, ...], ...]:
    """The shapes between which a smooth function goes."""
    found = signature(row)
    return (*(found.arguments or ()), found.result) if found else ()


def is_row(row: Declared) -> bool:
    """Whether a vector is a row, as its shape or its meaning says; any other is a column."""
    return row.thin == 0 or bool(ROW.search(row.row.meaning))


def is_set(row: Declared) -> bool:
    """Whether a row is a random batch of indices."""
    return bool(SUBSET.search(row.row.meaning) or SEQUENCE.search(row.row.meaning))


def is_sequence(row: Declared) -> bool:
    """Whether a row is a random batch in which an index may be there more than once."""
    return bool(SEQUENCE.search(row.row.meaning))


def limit_of(row: Declared) -> n.Node | None:
    """What a number is near, as its meaning says: zero where it is small, or a point."""
    near = NEAR.search(row.row.meaning)
    if row.kind not in {Kind.NUMBER, Kind.ARRAY}:
        return None
    if SMALL.search(row.row.meaning):
        return n.Number("0")
    return bare(tex.read_expression(near[1], row.row.place)) if near else None


def classes(row: Declared) -> n.Node:
    """The number of classes that `labels 0..K-1` says."""
    match = re.search(r"labels \$?0\s*(?:\.\.|\\[lc]?dots)\s*([^,;$]+?)\s*-\s*1\$?(?:$|[,;.]| with)", row.row.meaning)
    if not match:
        raise row.row.error(f"how many classes has {row.row.symbol}? write labels 0..K-1 in its meaning")
    return bare(tex.read_expression(match[1], row.row.place))
