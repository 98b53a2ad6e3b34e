r"""What a text differentiates and never defines: `\frac{\partial L}{\partial y}` is given, others follow from it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from nnlit.book.drafts.used import Text
from nnlit.book.language import nodes as n


def given(text: Text) -> dict[str, list[str]]:
    """Of everything without a value that is only differentiated, the names in which its gradient has to be given.

    These are the last of the displayed values that it is differentiated in or, if it is in none, those that rest on
    what it is differentiated in.
    """
    nodes = [x for left, right, _ in text.claims for side in (left, right) for x in side.walk()]
    stands = Counter(x.name for x in nodes if isinstance(x, n.Symbol))
    taken = list(pairs(nodes))
    tops = Counter(top for top, _ in taken)
    rests = dict(rests_on(text.claims, text.used))
    found = dict[str, list[str]]()
    free = text.used.keys() - text.said.defined.keys()
    for top in (top for top, count in tops.items() if top in free and stands[top] == count):
        below = {name: None for one, name in (*taken, *pairs(text.said.nodes)) if one == top}
        last = [x for x in rests if top not in reached(x, rests)]
        values = [x for x in below if x in rests] or [x for x in last if reached(x, rests) & {*below}]
        needed = set().union(*(reached(x, rests) for x in last))
        found[top] = [x for x in values if x not in needed]
    return found


def pairs(nodes: Iterable[n.Node]) -> Iterator[tuple[str, str]]:
    """What is differentiated in which name."""
    for node in nodes:
        if isinstance(node, n.Derivative) and isinstance(node.numerator, n.Symbol) and len(node.denominators) == 1:
            yield node.numerator.name, node.denominators[0].name


def rests_on(
    claims: Iterable[tuple[n.Node, n.Node, str]], free: Mapping[str, object]
) -> Iterator[tuple[str, set[str]]]:
    """Of every name that a display gives a value the names in its definition."""
    for left, right, _ in claims:
        if isinstance(left, n.Symbol) and left.name not in free:
            yield left.name, {x.name for x in right.walk() if isinstance(x, n.Symbol)} - {left.name}


def reached(name: str, rests: Mapping[str, set[str]]) -> set[str]:
    """All that a name rests on, step by step."""
    found, ahead = set[str](), [name]
    while ahead:
        new = rests.get(ahead.pop(), set()) - found
        found |= new
        ahead += new
    return found - {name}
