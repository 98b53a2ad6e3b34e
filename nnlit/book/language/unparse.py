"""Nodes back to TeX that can be read again, for messages and lists of wrong versions."""

import re
from functools import singledispatch

from nnlit.book.language import nodes as n
from nnlit.book.language.vocabulary import Measure, Moment, NormKind

SUMS = (n.Add, n.Subtract, n.Negative)
ENTRIES = (n.Hadamard, n.Kronecker)
SIGNS = {n.Whole: ":", n.Infinity: r"\infty", n.Rest: r"\cdots"}
LAST = (*SUMS, n.At)  # a derivative in front would take the bar of the last factor for its own
ALONE = (n.Letter, n.Whole, n.Symbol, n.Add, n.Subtract, n.Number)
LABELLED = re.compile(r"(.*)_\{(.*?)\}(\^\{.*\})?('*)")
MARKED = re.compile(r"\^\{[^([<*+]")  # without brackets: nothing else may stand above it
LONG = re.compile(r"([A-Za-z]{2,})(.*)", re.DOTALL)


@singledispatch
def write(node: n.Node) -> str:
    """A node as TeX; brackets stand where they are needed to read it again."""
    return type(node).__name__


def grouped(node: n.Node, *kinds: type[n.Node]) -> str:
    """A part of a product or power, in parentheses if it is of one of these kinds."""
    return f"({write(node)})" if isinstance(node, kinds) else write(node)


def closed(node: n.Node, *kinds: type[n.Node]) -> str:
    """What stands in front of something, in parentheses if it is of one of these kinds or would take that in."""
    return f"({write(node)})" if isinstance(node, kinds) or reaches_on(node) else write(node)


def reaches_on(node: n.Node) -> bool:
    """Whether an expression ends in a sum or a limit, which reaches as far as it can."""
    while isinstance(node, n.Product | n.Hadamard | n.Kronecker | n.Negative):
        node = node.body if isinstance(node, n.Negative) else node.right
    return isinstance(node, n.Big | n.Limit)


def named(name: str) -> str:
    """A name as it is written: one of several letters is a word."""
    found = LONG.fullmatch(name)
    return rf"\operatorname{{{found[1]}}}{found[2]}" if found else name


@write.register
def _(node: n.Number) -> str:
    return node.text


@write.register
def _(node: n.Letter) -> str:
    return node.name


@write.register
def _(node: n.Whole | n.Infinity | n.Rest) -> str:
    return SIGNS[type(node)]


@write.register
def _(node: n.Symbol) -> str:
    if not node.indices:
        return named(node.name)
    label = LABELLED.fullmatch(node.name)
    if label:
        return f"{named(label[1])}_{{{label[2]},{below(node.indices)}}}{label[3] or ''}{label[4]}"
    return f"{named(node.name)}_{{{below(node.indices)}}}"


def below(indices: tuple[n.Node, ...]) -> str:
    """Indices as a subscript; a single one stands in braces where it would be taken for several."""
    text = ",".join(map(write, indices))
    several = any(not isinstance(x, ALONE) or (isinstance(x, n.Number) and len(x.text) > 1) for x in indices[0].walk())
    return f"{{{text}}}" if len(indices) == 1 and several else text


@write.register
def _(node: n.Entry) -> str:
    return f"({write(node.body)})_{{{below(node.indices)}}}"


@write.register
def _(node: n.Negative) -> str:
    return f"-{grouped(node.body, *SUMS)}"


@write.register
def _(node: n.Add | n.Subtract) -> str:
    return f"{write(node.left)} {'+' if isinstance(node, n.Add) else '-'} {grouped(node.right, *SUMS)}"


@write.register
def _(node: n.Product) -> str:
    dot = r" \cdot " if node.dot or isinstance(node.right, n.Number) else " "
    return closed(node.left, *SUMS, *ENTRIES) + dot + grouped(node.right, *LAST, *ENTRIES, n.Product)


@write.register
def _(node: n.Star | n.Times) -> str:
    sign = " * " if isinstance(node, n.Star) else r" \times "
    return closed(node.left, *SUMS, *ENTRIES) + sign + grouped(node.right, *LAST, *ENTRIES, n.Product)


@write.register
def _(node: n.Count) -> str:
    return rf"\# {write(node.body)}"


@write.register
def _(node: n.Hadamard | n.Kronecker) -> str:
    sign = r"\odot" if isinstance(node, n.Hadamard) else r"\otimes"
    return f"{closed(node.left, *SUMS)} {sign} {grouped(node.right, *LAST, *ENTRIES)}"


@write.register
def _(node: n.Stack) -> str:
    return f"[{('; ' if node.below else ', ').join(map(write, node.items))}]"


@write.register
def _(node: n.Fraction) -> str:
    return rf"\frac{{{write(node.top)}}}{{{write(node.bottom)}}}"


@write.register
def _(node: n.Power) -> str:
    mark = r"\odot " if node.entries else ""
    return f"{base(node.base)}^{{{mark}{write(node.exponent)}}}"


def base(node: n.Node) -> str:
    """What stands under an exponent."""
    if isinstance(node, n.Symbol) and MARKED.search(node.name):
        return f"({write(node)})"
    return write(node) if isinstance(node, n.Number | n.Letter | n.Symbol | n.Norm | n.Absolute) else f"({write(node)})"


@write.register
def _(node: n.Transpose) -> str:
    return rf"{base(node.body)}^\top"


@write.register
def _(node: n.Call) -> str:
    primes = f"^{{({write(node.order)})}}" if node.order else chr(39) * node.primes
    if not node.arguments:
        return f"{{{named(node.function)}{primes}}}"  # in braces, or brackets that follow would be its argument
    return f"{named(node.function)}{primes}({', '.join(map(write, node.arguments))})"


@write.register
def _(node: n.Relation) -> str:
    return f"{write(node.left)} {node.operator} {write(node.right)}"


@write.register
def _(node: n.Big) -> str:
    if node.operator in LISTS and node.low is not None and node.high is not None:
        return listing(node, node.low, node.high)
    word = {"argmax": r"\arg\max", "argmin": r"\arg\min"}.get(node.operator, "\\" + node.operator)
    letters = ",".join(node.letters)
    if node.low and node.high and (held := node.condition):
        out = write(held.right) if held.counts else rf"\{{{write(held.right)}\}}"
        ends = rf"\{{{write(node.low)}, \dots, {write(node.high)}\}} \setminus {out}"
        below = write(held) if isinstance(held.right, n.Domain) else rf"{write(held.left)} \in {ends}"
        return f"{word}_{{{below}}} {grouped(node.body, *SUMS)}"
    low = f"{letters}={write(node.low)}" if node.low else write(node.condition) if node.condition else letters
    high = f"^{{{write(node.high)}}}" if node.high else ""
    return f"{word}_{{{low}}}{high} {grouped(node.body, *SUMS)}"


LISTS = {"list": (r", ", r"\ldots"), "rows": (r" \\ ", r"\vdots"), "columns": (" & ", r"\cdots")}


def listing(node: n.Big, low: n.Node, high: n.Node) -> str:
    """A vector or a matrix with dots in it."""
    joint, dots = LISTS[node.operator]
    ends = [exchanged(node.body, node.letters[0], x) for x in (low, high)]
    if isinstance(node.body, n.Big) and (node.operator, node.body.operator) == ("columns", "rows"):
        inner, rows = node.body, list[str]()
        for end in (inner.low, inner.high):
            cells = [exchanged(x.body, inner.letters[0], end) for x in ends if isinstance(x, n.Big) and end]
            rows.append(rf"{write(cells[0])} & \cdots & {write(cells[1])}")
        return rf"\begin{{pmatrix}} {rows[0]} \\ \vdots & \ddots & \vdots \\ {rows[1]} \end{{pmatrix}}"
    text = f"{write(ends[0])}{joint}{dots}{joint}{write(ends[1])}"
    return f"({text})" if node.operator == "list" else rf"\begin{{pmatrix}} {text} \end{{pmatrix}}"


def exchanged(node: n.Node, letter: str, other: n.Node) -> n.Node:
    """An expression with something in the place of a letter."""
    return other if node == n.Letter(letter) else node.map(lambda part: exchanged(part, letter, other))


@write.register
def _(node: n.Indicator) -> str:
    return f"[{', '.join(map(write, node.relations))}]"


@write.register
def _(node: n.Cases) -> str:
    return r"\begin{cases} " + r" \\ ".join(map(write, node.rows)) + r" \end{cases}"


@write.register
def _(node: n.Case) -> str:
    return f"{write(node.value)} & {', '.join(map(write, node.condition)) or chr(92) + 'text{otherwise}'}"


@write.register
def _(node: n.Norm) -> str:
    kind = "" if node.kind is NormKind.EUCLIDEAN else f"_{{{node.kind}}}"
    text = write(node.body)
    nested = any(isinstance(x, n.Norm) for x in node.body.walk())  # bars do not say which of them closes which
    return rf"\lVert {f'{{{text}}}' if nested else text} \rVert{kind}"


@write.register
def _(node: n.Absolute) -> str:
    return rf"\lvert {write(node.body)} \rvert"


@write.register
def _(node: n.Derivative) -> str:
    if node.nabla:
        above = f"^{len(node.denominators)}" if len(node.denominators) > 1 else ""
        return rf"\nabla_{{{write(node.denominators[0])}}}{above} {write(node.numerator)}"
    order = f"^{len(node.denominators)}" if len(node.denominators) > 1 else ""
    bottom = " ".join(rf"\partial {write(d)}" for d in node.denominators)
    return rf"\frac{{\partial{order} {grouped(node.numerator, *SUMS, *ENTRIES)}}}{{{bottom}}}"


@write.register
def _(node: n.Gradient) -> str:
    return rf"\nabla{'^2' if node.order > 1 else ''} {write(node.body)}"


@write.register
def _(node: n.At) -> str:
    said = ", ".join(f"{named(name)} = {write(value)}" for name, value in zip(node.places, node.values, strict=True))
    return f"({write(node.body)})|_{{{said}}}"


@write.register
def _(node: n.Limit) -> str:
    side = f"^{node.side}" if node.side else ""
    return rf"\lim_{{{node.symbol} \to {write(node.target)}{side}}} {grouped(node.body, *SUMS)}"


@write.register
def _(node: n.Matrix) -> str:
    return r"\begin{pmatrix} " + r" \\ ".join(" & ".join(map(write, row)) for row in node.rows) + r" \end{pmatrix}"


@write.register
def _(node: n.Inner) -> str:
    return rf"\langle {write(node.left)}, {write(node.right)} \rangle"


@write.register
def _(node: n.Expectation) -> str:
    word = r"\mathbb E" if node.kind is Moment.MEAN else rf"\operatorname{{{node.kind}}}"
    over = f"_{{{', '.join(map(named, node.over))}}}" if node.over else ""
    return f"{word}{over}[{', '.join(map(write, node.arguments))}]"


@write.register
def _(node: n.Binomial) -> str:
    return rf"\binom{{{write(node.top)}}}{{{write(node.bottom)}}}"


@write.register
def _(node: n.Factorial) -> str:
    return f"{base(node.body)}!"


@write.register
def _(node: n.Order) -> str:
    return f"O({write(node.body)})"


@write.register
def _(node: n.Domain) -> str:
    inside = ", ".join(map(write, node.members))
    base = rf"\{{{inside}\}}" if node.kind == "{}" else f"{node.kind[0]}{inside}{node.kind[-1]}"
    base = base if node.members else rf"\mathbb {node.kind}"
    axes = r" \times ".join(map(write, node.axes))
    return f"{base}^{{{axes}}}" if axes else base


# chance


@write.register
def _(node: n.Event) -> str:
    return ", ".join(map(write, node.relations))


@write.register
def _(node: n.Set) -> str:
    parts = [f"({write(x)})" if isinstance(x, n.Set) else write(x) for x in node.events]
    return rf"\neg {parts[0]}" if node.operator == "^c" else f" {node.operator} ".join(parts)


def listed(nodes: tuple[n.Node, ...]) -> str:
    """Several nodes between commas."""
    return ", ".join(map(write, nodes))


@write.register
def _(node: n.Chance) -> str:
    given = rf" \mid {listed(node.given)}" if node.given else ""
    extra = f"; {listed(node.parameters)}" if node.parameters else ""
    return f"{named(node.distribution)}({listed(node.of)}{given}{extra})"


@write.register
def _(node: n.Integral) -> str:
    low = f"_{{{write(node.low)}}}" if node.low else ""
    high = f"^{{{write(node.high)}}}" if node.high else ""
    return rf"\int{low}{high} {write(node.body)} \, d {node.letters[0] if node.letters else 'x'}"


@write.register
def _(node: n.Mean) -> str:
    word = r"\mathbb E" if node.kind is Moment.MEAN else rf"\operatorname{{{node.kind}}}"
    return rf"{word}_{{{', '.join(node.letters)} \sim {write(node.chance)}}}[{listed(node.arguments)}]"


@write.register
def _(node: n.Information) -> str:
    first, second = node.first, node.second
    if node.kind is Measure.DIVERGENCE and second is not None:
        return rf"\operatorname{{KL}}({write(first)} \| {write(second)})"
    if not isinstance(first, n.Chance):
        return f"H({listed(tuple(x for x in (first, second) if x is not None))})"
    given = rf" \mid {listed(first.given)}" if first.given else ""
    if node.kind is Measure.MUTUAL and isinstance(second, n.Chance):
        return f"I({listed(first.of)}; {listed(second.of)}{given})"
    averaged = any(isinstance(x, n.Letter) and x.name in node.letters for x in first.given)
    if averaged:
        return f"H({listed(first.of)}{given})"
    return f"H({listed(tuple(x for x in (first, second) if x is not None))})"
