"""Nodes back to TeX, for messages and lists of wrong versions."""

from functools import singledispatch

from nnlit.book.language import nodes as n


@singledispatch
def write(node: n.Node) -> str:
    """A node as TeX; brackets stand where they are needed to read it again."""
    return type(node).__name__


def grouped(node: n.Node, *kinds: type[n.Node]) -> str:
    """A part of a product or power, in parentheses if it is of one of these kinds."""
    return f"({write(node)})" if isinstance(node, kinds) else write(node)


SUMS = (n.Add, n.Subtract, n.Negative)


@write.register
def _(node: n.Number) -> str:
    return node.text


@write.register
def _(node: n.Letter) -> str:
    return node.name


@write.register
def _(node: n.Whole) -> str:
    return ":"


@write.register
def _(node: n.Symbol) -> str:
    return f"{node.name}_{{{','.join(map(write, node.indices))}}}" if node.indices else node.name


@write.register
def _(node: n.Entry) -> str:
    return f"({write(node.body)})_{{{','.join(map(write, node.indices))}}}"


@write.register
def _(node: n.Negative) -> str:
    return f"-{grouped(node.body, *SUMS)}"


@write.register
def _(node: n.Add) -> str:
    return f"{write(node.left)} + {write(node.right)}"


@write.register
def _(node: n.Subtract) -> str:
    return f"{write(node.left)} - {grouped(node.right, *SUMS)}"


@write.register
def _(node: n.Product) -> str:
    dot = r" \cdot " if node.dot or isinstance(node.right, n.Number) else " "
    return grouped(node.left, *SUMS, n.Hadamard, n.Big) + dot + grouped(node.right, *SUMS, n.Hadamard, n.Product)


@write.register
def _(node: n.Hadamard) -> str:
    return rf"{grouped(node.left, *SUMS)} \odot {grouped(node.right, *SUMS, n.Hadamard)}"


@write.register
def _(node: n.Fraction) -> str:
    return rf"\frac{{{write(node.top)}}}{{{write(node.bottom)}}}"


@write.register
def _(node: n.Power) -> str:
    mark = r"\odot " if node.entries else ""
    return f"{base(node.base)}^{{{mark}{write(node.exponent)}}}"


def base(node: n.Node) -> str:
    """What stands under an exponent."""
    return write(node) if isinstance(node, n.Number | n.Letter | n.Symbol | n.Norm | n.Absolute) else f"({write(node)})"


@write.register
def _(node: n.Transpose) -> str:
    return rf"{base(node.body)}^\top"


@write.register
def _(node: n.Call) -> str:
    name = (
        node.function
        if not node.function.isalpha() or len(node.function) == 1
        else rf"\operatorname{{{node.function}}}"
    )
    return f"{name}{chr(39) * node.primes}({', '.join(map(write, node.arguments))})"


@write.register
def _(node: n.Relation) -> str:
    return f"{write(node.left)} {node.operator} {write(node.right)}"


@write.register
def _(node: n.Big) -> str:
    word = {"argmax": r"\arg\max", "argmin": r"\arg\min"}.get(node.operator, "\\" + node.operator)
    letters = ",".join(node.letters)
    low = f"{letters}={write(node.low)}" if node.low else write(node.condition) if node.condition else letters
    high = f"^{{{write(node.high)}}}" if node.high else ""
    return f"{word}_{{{low}}}{high} {grouped(node.body, *SUMS)}"


@write.register
def _(node: n.Indicator) -> str:
    return f"[{', '.join(map(write, node.relations))}]"


@write.register
def _(node: n.Cases) -> str:
    lines = (
        f"{write(c.value)} & {', '.join(map(write, c.condition)) or chr(92) + 'text{otherwise}'}" for c in node.rows
    )
    return r"\begin{cases} " + r" \\ ".join(lines) + r" \end{cases}"


@write.register
def _(node: n.Norm) -> str:
    kind = "" if node.kind == "2" else f"_{{{node.kind}}}"
    return rf"\lVert {write(node.body)} \rVert{kind}"


@write.register
def _(node: n.Absolute) -> str:
    return rf"\lvert {write(node.body)} \rvert"


@write.register
def _(node: n.Derivative) -> str:
    order = f"^{len(node.denominators)}" if len(node.denominators) > 1 else ""
    bottom = " ".join(rf"\partial {write(d)}" for d in node.denominators)
    return rf"\frac{{\partial{order} {write(node.numerator)}}}{{{bottom}}}"


@write.register
def _(node: n.Gradient) -> str:
    return rf"\nabla{'^2' if node.order > 1 else ''} {write(node.body)}"


@write.register
def _(node: n.Limit) -> str:
    side = f"^{node.side}" if node.side else ""
    return rf"\lim_{{{node.symbol} \to {write(node.target)}{side}}} {grouped(node.body, *SUMS)}"


@write.register
def _(node: n.Infinity) -> str:
    return r"\infty"


@write.register
def _(node: n.Matrix) -> str:
    return r"\begin{pmatrix} " + r" \\ ".join(" & ".join(map(write, row)) for row in node.rows) + r" \end{pmatrix}"


@write.register
def _(node: n.Inner) -> str:
    return rf"\langle {write(node.left)}, {write(node.right)} \rangle"


@write.register
def _(node: n.Expectation) -> str:
    word = r"\mathbb E" if node.kind == "E" else rf"\operatorname{{{node.kind}}}"
    over = f"_{{{', '.join(node.over)}}}" if node.over else ""
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
