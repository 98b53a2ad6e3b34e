"""Sums and their kin, integrals and limits: over which letters they go, and between which bounds."""

from nnlit.book.language import nodes as n
from nnlit.book.language import syntax as s
from nnlit.book.language.guide import see
from nnlit.book.language.operators import ExpressionResolver
from nnlit.book.language.vocabulary import Kind

EXTREMES = {"min", "max", "argmin", "argmax"}
VALUES = {Kind.ARRAY, Kind.NUMBER}  # a name of these kinds below an extreme takes all values


class Ranges(ExpressionResolver):
    """Resolves what runs over something; the expressions inside are resolved by the class that is derived from it."""

    def fold(self, tree: s.Fold) -> n.Node:
        """A sum with its letters, bounds and condition."""
        upper = self.node(tree.upper) if tree.upper else None
        start = self.node(tree.lower) if tree.lower and tree.relation == "=" else None
        outside, self.bound = self.bound, self.bound + tree.letters
        condition = None
        if tree.lower and tree.relation == r"\in" and is_listed(tree.lower):
            node = self.over_a_set(tree)
            self.bound = outside
            return node
        if tree.lower and tree.relation != "=":
            condition = n.Relation(
                tree.relation, n.Letter(tree.letters[0]), self.node(tree.lower), span=tree.lower.span
            )
        body = self.node(tree.body)
        self.bound = outside
        return n.Big(tree.operator, tree.letters, body, start, upper, condition, span=tree.span)

    def refuse_reach(self, term: s.Tree) -> None:
        r"""`\arg\min_w a(w) + b` takes both terms to one reader and the first alone to another."""
        last = term.items[-1] if isinstance(term, s.Run) else term
        if isinstance(last, s.Fold) and last.operator in EXTREMES and self.kind(last.letters[0]) in VALUES:
            ask = "does this take the first term alone, or all that follow? write brackets around what is meant"
            self.fail(ask + see("extreme-reach"), last)

    def over_a_set(self, tree: s.Fold) -> n.Node:
        r"""A sum over `\{1, \dots, n\}`, or without some members: `j \in S \setminus \{i\}`."""
        assert tree.lower is not None
        (letter, *more), (whole, left_out) = tree.letters, without(tree.lower)
        if more:
            self.fail("members are left out of a sum over one letter alone", tree.lower)
        body, low, high, condition = self.node(tree.body), None, None, None
        if isinstance(whole, s.Group):
            low, high, condition = self.ends(whole, letter)
        else:
            condition = n.Relation(r"\in", n.Letter(letter), self.node(whole), span=whole.span)
        others = tuple(self.other_than(letter, x) for x in left_out)
        if others and tree.operator != "sum":
            if condition is not None or len(others) > 1:
                self.fail("of a maximum, a minimum or a product one condition is read, of a sum several", tree.lower)
            return n.Big(tree.operator, (letter,), body, low, high, others[0], span=tree.span)
        body = n.Product(n.Indicator(others, span=tree.lower.span), body, span=body.span) if others else body
        return n.Big(tree.operator, (letter,), body, low, high, condition, span=tree.span)

    def other_than(self, letter: str, tree: s.Tree) -> n.Relation:
        r"""A member that is left out, or all members of a set, as in `S \setminus B`."""
        node = self.node(tree)
        kind = self.kind(node.name) if isinstance(node, n.Symbol) else Kind.INDEX
        one = kind not in {Kind.SET, Kind.ARRAY, None}
        return n.Relation(r"\ne" if one else r"\notin", n.Letter(letter), node, span=tree.span)

    def ends(self, tree: s.Group, letter: str) -> tuple[n.Node, n.Node, n.Relation | None]:
        r"""The first and the last of the whole numbers in `\{1, \dots, n\}`, `[n]` or `\{1, 3\}`, and which of them."""
        if tree.opening == "[":
            return n.Number("1"), self.node(tree.parts[0]), None
        if numbers := whole_numbers(tree):
            members = tuple(map(whole_number, numbers))
            listed = n.Relation(r"\in", n.Letter(letter), n.Domain("{}", members, span=tree.span), span=tree.span)
            gaps = len(numbers) <= numbers[-1] - numbers[0]
            return members[0], members[-1], listed if gaps else None
        only = tree.parts[0] if len(tree.parts) == 1 else None
        counted = isinstance(only, s.Fold) and only.operator == "list" and only.body == s.Name(only.letters[0])
        if not counted or not isinstance(only, s.Fold) or not only.lower or not only.upper:
            self.fail(r"over which numbers? write \{1, \dots, n\}, or the name of a set with a row", tree)
        return self.node(only.lower), self.node(only.upper), None

    def area(self, tree: s.Area) -> n.Node:
        """An integral."""
        low, high = (self.node(x) if x else None for x in (tree.lower, tree.upper))
        outside, self.bound = self.bound, self.bound + tree.letters
        body = self.node(tree.body)
        self.bound = outside
        return n.Integral(body, tree.letters, low, high, span=tree.span)

    def tends(self, tree: s.Tends) -> n.Node:
        """A limit."""
        target = self.node(tree.target) if tree.target else n.Infinity()
        return n.Limit(tree.symbol, target, tree.side, self.node(tree.body), span=tree.span)


def is_listed(tree: s.Tree) -> bool:
    """Whether a set is written out, or with members left out, and no name alone."""
    listed = isinstance(tree, s.Group) and (tree.opening == r"\{" or (tree.opening == "[" and len(tree.parts) == 1))
    return listed or (isinstance(tree, s.Run) and tree.joints == (r"\setminus",))


def whole_numbers(tree: s.Group) -> list[int]:
    r"""The whole numbers that are written out between curly brackets, in order; none where anything else is."""
    found = set[int]()
    for part in tree.parts:
        negative = isinstance(part, s.Sum) and part.signs == ("-",)
        one = part.terms[0] if isinstance(part, s.Sum) and negative else part
        if not isinstance(one, s.Numeral) or not one.text.isdecimal():
            return []
        found.add(-int(one.text) if negative else int(one.text))
    return sorted(found)


def whole_number(value: int) -> n.Node:
    """A whole number as it is written."""
    return n.Number(str(value)) if value >= 0 else n.Negative(n.Number(str(-value)))


def without(tree: s.Tree) -> tuple[s.Tree, tuple[s.Tree, ...]]:
    r"""A set, and the members that are left out: `S \setminus \{i, k\}`."""
    if not isinstance(tree, s.Run):
        return tree, ()
    whole, out = tree.items
    return whole, out.parts if isinstance(out, s.Group) and out.opening == r"\{" else (out,)
