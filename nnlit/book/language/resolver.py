"""A formula and the declarations of its scope to the nodes that are evaluated."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from nnlit.book.language import nodes as n
from nnlit.book.language import syntax as s
from nnlit.book.language.factors import Factors
from nnlit.book.language.guide import see
from nnlit.book.language.names import sorted_scripts
from nnlit.book.language.ranges import Ranges, whole_number, whole_numbers
from nnlit.book.language.spans import Span
from nnlit.book.language.tokens import MEMBERSHIP
from nnlit.book.language.vocabulary import Kind

JOINED = {r"\odot": n.Hadamard, r"\oslash": n.Fraction, r"\otimes": n.Kronecker}
MOST_TERMS = 50  # one above the other
BRACKETS = {"[", r"\{", r"\langle"}


class Resolver(Ranges):
    """Resolves the expressions of one formula."""

    def node(self, tree: s.Tree) -> n.Node:
        """What a tree means."""
        return RULES[type(tree)](self, tree)

    def factors(self, tree: s.Tree) -> n.Node:
        """Factors side by side, or a single one."""
        return Factors(self, *((tree.items, tree.joints) if isinstance(tree, s.Run) else ((tree,), ()))).product()

    def numeral(self, tree: s.Numeral) -> n.Node:
        """A number."""
        return n.Number(tree.text, span=tree.span)

    def opaque(self, tree: s.Opaque) -> n.Node:
        """Words that are no expression, where one is needed."""
        raise tree.error

    def colon(self, tree: s.Colon) -> n.Node:
        """A colon, where an expression is needed."""
        return self.fail("cannot read ':' here", tree)

    def sum(self, tree: s.Sum) -> n.Node:
        """Terms joined by plus and minus."""
        for term in tree.terms[:-1]:
            self.refuse_reach(term)
        node = self.node(tree.terms[0])
        first = tree.terms[0].span
        signed = tree.span.to(first) if tree.span and first else first
        node = n.Negative(node, span=signed) if tree.signs[0] == "-" else node
        if len(tree.terms) > MOST_TERMS:
            more = zip(tree.signs[1:], map(self.node, tree.terms[1:]), strict=True)
            return halved([node, *(n.Negative(x, span=x.span) if sign == "-" else x for sign, x in more)])
        for sign, term in zip(tree.signs[1:], tree.terms[1:], strict=True):
            joined = tree.span.to(term.span) if tree.span and term.span else None
            node = (n.Add if sign == "+" else n.Subtract)(node, self.node(term), span=joined)
        return node

    def dots(self, tree: s.Dots) -> n.Node:
        """The terms that are left out at the end of a sum."""
        return n.Rest(span=tree.span)

    def entrywise(self, tree: s.Entrywise) -> n.Node:
        r"""Products joined by `\odot` and `\oslash`."""
        node = self.node(tree.terms[0])
        for operator, term in zip(tree.operators, tree.terms[1:], strict=True):
            joined = tree.span.to(term.span) if tree.span and term.span else None
            node = JOINED[operator](node, self.node(term), span=joined)
        return node

    def group(self, tree: s.Group) -> n.Node:
        """Iverson's brackets where they hold a relation, else plain ones."""
        if tree.opening != "[" or set(tree.joints) != {";"}:
            self.refuse_joints(tree)
        if tree.opening == "[" and any(isinstance(part, s.Compare) for part in tree.parts):
            return n.Indicator(self.relations(tree.parts), span=tree.span)
        if tree.opening == r"\{":
            self.fail(rf"cannot read '{tree.opening}' here", tree)
        if len(tree.parts) > 1 and tree.opening == "[" and set(tree.joints) <= {";"}:
            return n.Stack(tuple(map(self.node, tree.parts)), bool(tree.joints), span=tree.span)
        if len(tree.parts) != 1:
            row = "'any smooth function from $n$ and number to number'"
            what = "cannot read ',' here: brackets with several parts are arguments of a function"
            self.fail(f"{what}: display it, or give it a row of the shape function with a meaning such as {row}", tree)
        return self.node(tree.parts[0])

    def compare(self, tree: s.Compare) -> n.Node:
        """A relation where an expression is needed."""
        return self.fail(f"cannot read '{tree.operators[0]}' here", tree)

    def relations(self, parts: Sequence[s.Tree]) -> tuple[n.Relation, ...]:
        """Relations that must all hold: `i = j, k = l` or `0 < z < 1`."""
        found: list[n.Relation] = []
        for part in parts:
            if isinstance(part, s.Opaque):
                raise part.error
            if not isinstance(part, s.Compare):
                self.fail("a condition must be a relation", part)
            sides = [self.member_side(*pair) for pair in zip(("", *part.operators), part.sides, strict=True)]
            zipped = zip(part.operators, sides[:-1], sides[1:], strict=True)
            found += [n.Relation(operator, left, right, span=part.span) for operator, left, right in zipped]
        return tuple(found)

    def member_side(self, operator: str, tree: s.Tree) -> n.Node:
        r"""A side of a relation; behind `\in` the numbers of a set may be written out."""
        if operator in MEMBERSHIP and isinstance(tree, s.Group) and (numbers := whole_numbers(tree)):
            return n.Domain("{}", tuple(map(whole_number, numbers)), span=tree.span)
        return self.node(tree)

    def raised(self, node: n.Node, script: s.Script, span: Span | None) -> n.Node:
        """Something with what stands above, below or behind it."""
        if script.mark == "'":
            self.fail('cannot read "\'" here', script)
        if script.mark != "^":
            return self.beside(node, script, span)
        words = script.words
        if words in ((r"\top",), ("T",)) and not (words == ("T",) and "T" in self.names.kinds):
            return n.Transpose(node, span=span)
        counted = self.kind("T") in {Kind.INTEGER, Kind.SIZE}
        if words == ("T",) and counted and isinstance(node, n.Symbol) and self.kind(node.name) == Kind.ARRAY:
            text = r"is T a power or a transpose here? write ^\top for a transpose, or rename the number"
            text += see("transpose")
            if self.doubtful("transpose", text, script):
                return n.Transpose(node, span=span)
        if words == ("-", r"\top") or (words == ("-", "T") and "T" not in self.names.kinds):
            return n.Transpose(n.Power(node, n.Negative(n.Number("1")), span=span), span=span)
        self.refuse_marks(node, script)
        return n.Power(node, self.node(script.parts[0]), entries=words[:1] == (r"\odot",), span=span)

    def beside(self, node: n.Node, script: s.Script, span: Span | None) -> n.Node:
        """Something with what stands below or behind it."""
        if script.mark == "!":
            return n.Factorial(node, span=span)
        if script.mark == "|" or any(isinstance(x, s.Compare) for x in script.parts):
            return self.evaluated(node, script, span)
        if script.words == ("+",) and not isinstance(node, n.Symbol | n.Letter):  # [1 - x]_+
            return n.Call(r"\max", (n.Number("0"), node), span=span)
        if isinstance(node, n.Symbol) and "_" in node.name and not node.indices:  # a labelled name: O_1[i, j]
            return replace(node, indices=self.indices(script), span=span)
        return n.Entry(node, self.indices(script), span=span)

    def evaluated(self, node: n.Node, script: s.Script, span: Span | None) -> n.Node:
        """Something where names have the values that are said behind a bar."""
        places, values = list[str](), list[n.Node]()
        for relation in self.relations(script.parts):
            name = n.Symbol(relation.left.name) if isinstance(relation.left, n.Letter) else relation.left
            if relation.operator != "=" or not isinstance(name, n.Symbol) or name.indices:
                self.fail("behind the bar of an evaluation stands a name with its value, such as x = a", script)
            places.append(name.name)
            values.append(relation.right)
        return n.At(node, tuple(places), tuple(values), span=span)

    def refuse_marks(self, node: n.Node, script: s.Script) -> None:
        """A superscript in brackets is the mark of a layer or a step: never a power."""
        words = script.words
        if words == ("*",):
            self.fail("a star is part of a name: declare the starred symbol in the Symbols table", script)
        while words[:1] == ("{",) and words[-1:] == ("}",):
            words = words[1:-1]
        if not words:
            self.fail("nothing stands above this: write the exponent or the mark, or leave the ^ out", script)
        if node == n.Symbol("e") and "e" not in self.names.kinds and words[0] not in BRACKETS:
            return  # e^{S[i, k]}: the exponential of an entry
        marked = words[:1] == ("(",) and not isinstance(node, n.Number) and sorted_scripts((script,)).tag
        square = holds_mark(script.parts[0]) or (isinstance(script.parts[0], s.Opaque) and words[0] in BRACKETS)
        if marked or square or words[:1] == ("<",):
            mark = "".join(words)
            self.fail(
                f"{mark} above something is a mark, not a power: declare the marked name in the Symbols table", script
            )

    def frac(self, tree: s.Frac) -> n.Node:
        """A quotient; derivatives are resolved with the factors around them."""
        return n.Fraction(self.node(tree.top), self.node(tree.bottom), span=tree.span)

    def root(self, tree: s.Root) -> n.Node:
        """A root as a power."""
        degree = self.node(tree.degree) if tree.degree else None
        exponent = n.Fraction(n.Number("1"), degree) if degree else n.Number("0.5")
        return n.Power(self.node(tree.body), exponent, span=tree.span)

    def choose(self, tree: s.Choose) -> n.Node:
        """A binomial coefficient."""
        return n.Binomial(self.node(tree.top), self.node(tree.bottom), span=tree.span)

    def size(self, tree: s.Size) -> n.Node:
        """An absolute value or a norm."""
        body = self.node(tree.body)
        if not tree.kind and isinstance(body, n.Symbol) and self.kind(body.name) is Kind.SET:
            return n.Count(body, span=tree.span)
        return n.Norm(body, tree.kind, span=tree.span) if tree.kind else n.Absolute(body, span=tree.span)

    def members(self, tree: s.Members) -> n.Node:
        """How many members a set has."""
        return n.Count(self.node(tree.body), span=tree.span)

    def angles(self, tree: s.Angles) -> n.Node:
        """An inner product."""
        return n.Inner(self.node(tree.left), self.node(tree.right), span=tree.span)

    def domain(self, tree: s.Domain) -> n.Node:
        """A set in which something lies."""
        members, axes = (tuple(map(self.node, parts)) for parts in (tree.members, tree.axes))
        return n.Domain(tree.kind, members, axes, span=tree.span)

    def choice(self, tree: s.Choice) -> n.Node:
        """A value by cases."""
        rows = tuple(n.Case(self.node(value), self.relations(conditions)) for value, conditions in tree.rows)
        return n.Cases(rows, span=tree.span)

    def table(self, tree: s.Table) -> n.Node:
        """A matrix written out."""
        return n.Matrix(tuple(tuple(map(self.node, row)) for row in tree.rows), span=tree.span)


RULES: dict[type[s.Tree], Callable[[Resolver, Any], n.Node]] = {
    **dict.fromkeys((s.Name, s.Word, s.Accent, s.Scripted, s.Run, s.Frac), Resolver.factors),
    s.Numeral: Resolver.numeral,
    s.Opaque: Resolver.opaque,
    s.Colon: Resolver.colon,
    s.Sum: Resolver.sum,
    s.Dots: Resolver.dots,
    s.Entrywise: Resolver.entrywise,
    s.Group: Resolver.group,
    s.Compare: Resolver.compare,
    s.Root: Resolver.root,
    s.Choose: Resolver.choose,
    s.Size: Resolver.size,
    s.Members: Resolver.members,
    s.Angles: Resolver.angles,
    s.Fold: Resolver.fold,
    s.Area: Resolver.area,
    s.Tends: Resolver.tends,
    s.Choice: Resolver.choice,
    s.Table: Resolver.table,
    s.Domain: Resolver.domain,
}


def halved(terms: Sequence[n.Node]) -> n.Node:
    """A long sum as that of its halves, so that no term stands deep."""
    if len(terms) == 1:
        return terms[0]
    left, right = halved(terms[: len(terms) // 2]), halved(terms[len(terms) // 2 :])
    return n.Add(left, right, span=left.span.to(right.span) if left.span and right.span else None)


def holds_mark(tree: s.Tree) -> bool:
    """Whether an exponent holds square brackets that are neither Iverson's nor behind a name such as that of a mean."""
    parts = [tree]
    while parts:
        part = parts.pop()
        base = part.base if isinstance(part, s.Scripted) else part
        if isinstance(base, s.Group):
            if base.opening == "[" and not any(isinstance(inside, s.Compare) for inside in base.parts):
                return True
            parts += base.parts if base.opening == "{" else ()
        elif isinstance(base, s.Run):
            names = (item.base if isinstance(item, s.Scripted) else item for item in base.items)
            after = [False, *(isinstance(name, s.Word | s.Accent) for name in names)]
            parts += [item for item, named in zip(base.items, after, strict=False) if not named]
        elif isinstance(base, s.Sum | s.Entrywise):
            parts += base.terms
    return False
