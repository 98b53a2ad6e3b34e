r"""What a letter counts from where it has no bounds: from what its sums say elsewhere in the text, `\sum_{a=1}^k`."""

from collections import defaultdict
from collections.abc import Iterable

from nnlit.book.language import nodes as n

ONE = n.Number("1")


def counted_from_one(equations: Iterable[object]) -> frozenset[str]:
    """The letters that count from 1 in every sum that says where they begin."""
    lows = defaultdict[str, set[n.Node]](set)
    read = (equation for equation in equations if isinstance(equation, n.Equation))
    for node in (x for equation in read for side in equation.sides for x in side.every):
        if isinstance(node, n.Big) and node.low is not None:
            for letter in node.letters:
                lows[letter].add(node.low)
    return frozenset(letter for letter, found in lows.items() if found == {ONE})
