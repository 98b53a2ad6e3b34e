r"""The conditions that formulas need of their names: `\log(1 - p)` a number below one, `U^\top U = I` orthogonality."""

from collections.abc import Iterator

from nnlit.book.drafts.used import Text, above_zero, plain
from nnlit.book.language import nodes as n
from nnlit.book.language.vocabulary import Condition

ONE, INVERSE = n.Number("1"), n.Negative(n.Number("1"))


def needed(text: Text) -> dict[str, Condition]:
    """The condition of every name without a value whose formulas show one; the first that is met counts."""
    found = dict[str, Condition]()
    for left, right, _ in text.claims:
        pairs = [*orthogonal(left, right), *sums(left, right)]
        nodes = [node for side in (left, right) for node in side.walk()]
        pairs += [pair for node in nodes for pair in (*below_one(node), *definite(node))]
        for name, condition in pairs:
            found.setdefault(name, condition)
    return {name: condition for name, condition in found.items() if name in text.used}


def below_one(node: n.Node) -> Iterator[tuple[str, Condition]]:
    r"""The p of `\log(1 - p)` and `\sqrt{1 - p^2}`."""
    for inner in above_zero(node):
        if isinstance(inner, n.Subtract) and inner.left == ONE:
            base = inner.right.base if isinstance(inner.right, n.Power) else inner.right
            yield from of(base, Condition.UNIT_INTERVAL)


def definite(node: n.Node) -> Iterator[tuple[str, Condition]]:
    r"""The \Sigma that stands inverted between two vectors, or whose determinant has a logarithm or a root."""
    inside = node.arguments if isinstance(node, n.Call) and node.function in {r"\log", r"\ln"} else ()
    inside = (node.base,) if isinstance(node, n.Power) and node.exponent == n.Number("0.5") else inside
    for x in (x for part in inside for x in part.walk()):
        bodies = x.arguments if isinstance(x, n.Call) and x.function == r"\det" else ()
        for body in (x.body,) if isinstance(x, n.Absolute) else bodies:
            yield from covariance(body)
    if isinstance(node, n.Product) and isinstance(node.left, n.Product) and isinstance(node.left.left, n.Transpose):
        middle = node.left.right
        if isinstance(middle, n.Power) and middle.exponent == INVERSE and node.left.left.body == node.right:
            yield from covariance(middle.base)


def of(node: n.Node, condition: Condition) -> Iterator[tuple[str, Condition]]:
    """A name with its condition; nothing for what is none."""
    if isinstance(node, n.Symbol) and node.name != "e":
        yield node.name, condition


def covariance(node: n.Node) -> Iterator[tuple[str, Condition]]:
    """The same for a covariance matrix, which its letter shows."""
    if isinstance(node, n.Symbol) and plain(node.name).partition("_")[0] == r"\Sigma":
        yield node.name, Condition.DEFINITE


def orthogonal(left: n.Node, right: n.Node) -> Iterator[tuple[str, Condition]]:
    r"""The U of a claim `U^\top U = I`."""
    for product, identity in ((left, right), (right, left)):
        is_one = isinstance(identity, n.Symbol) and plain(identity.name).partition("_")[0] in {"I", "1"}
        if is_one and isinstance(product, n.Product) and isinstance(product.left, n.Transpose):
            yield from of(product.right, Condition.ORTHOGONAL) if product.left.body == product.right else ()


def sums(left: n.Node, right: n.Node) -> Iterator[tuple[str, Condition]]:
    r"""The P of a claim `\sum_k P_{ik} = 1`."""
    body = left.body if isinstance(left, n.Big) and left.operator == "sum" else None
    if isinstance(left, n.Big) and isinstance(body, n.Symbol) and right == ONE and len(body.indices) == 2:
        is_last = len(left.letters) == 1 and body.indices[1] == n.Letter(left.letters[0])
        yield from of(body, Condition.ROWS_SUM_TO_ONE) if is_last else ()
