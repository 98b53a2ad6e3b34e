r"""Entropies and their kin among factors: `H(X)`, `H(p, q)`, `D_{KL}(p \| q)`, `I(X; Y)`."""

from dataclasses import replace

from nnlit.book.language import nodes as n
from nnlit.book.language import syntax as s
from nnlit.book.language.guide import see
from nnlit.book.language.operators import DENSITIES, Found
from nnlit.book.language.probabilities import Probabilities, letters_of
from nnlit.book.language.probability import CONTINUOUS
from nnlit.book.language.vocabulary import Kind, Measure

ENTROPY = {"H", r"\mathcal{H}", r"\mathbb{H}", r"\mathrm{H}"}
DIVERGENCE = {"KL", "D_{KL}", r"\mathrm{D}_{KL}", r"\mathbb{D}_{KL}", r"\mathcal{D}_{KL}", r"\mathbb{D}", r"\mathrm{D}"}
MUTUAL = {"I", r"\mathrm{I}", "MI"}
MEASURES = {
    **dict.fromkeys(ENTROPY, Measure.ENTROPY),
    **dict.fromkeys(DIVERGENCE, Measure.DIVERGENCE),
    **dict.fromkeys(MUTUAL, Measure.MUTUAL),
}


class Entropies(Probabilities):
    """Reads what is measured of distributions."""

    def information(self, name: str, start: int) -> Found | None:
        r"""`H(X)`, `H(p, q)`, `D_{KL}(p \| q)`, `I(X; Y)`."""
        before = self.at
        argument = self.argument("( [ {") if name in MEASURES else None
        if argument is None:
            return None
        kind, group = MEASURES[name], argument[0]
        reader = {
            Measure.ENTROPY: self.entropy,
            Measure.DIVERGENCE: self.divergence,
            Measure.MUTUAL: self.mutual,
        }
        found = reader[kind](group)
        if found is None and kind is Measure.DIVERGENCE and "||" in group.joints:
            self.resolver.fail(f"{DENSITIES}{see('probability')}", group)
        if found is None:
            self.at = before
            return None
        return replace(found, word=name, span=self.span(start)), argument[1]

    def entropy(self, group: s.Group) -> n.Information | None:
        """The entropy of variables or of a distribution, or the cross-entropy of two."""
        front, back = self.sides(group)
        values = tuple(map(self.outcome, front))
        if values and all(isinstance(x, n.Letter) and self.is_random(x) for x in values):
            given = tuple(map(self.outcome, back))
            chance = n.Chance(self.default(), values, given, self.parameters(self.default()))
            plain = tuple(x.name for x in given if isinstance(x, n.Letter))
            return n.Information(Measure.ENTROPY, chance, letters=(*letters_of(chance), *plain))
        if back or not 1 <= len(values) <= 2:
            return None
        first, *second = (self.as_distribution(x, tree) for x, tree in zip(values, front, strict=True))
        if first is None or None in second:
            return None
        if second and second[0]:
            self.of_the_same(first, second[0], group)
        return n.Information(Measure.ENTROPY, first, second[0] if second else None, letters=letters_of(first))

    def of_chance(self, name: str) -> Found | None:
        """A probability, or an entropy and its kin, where no row and no display gives the name another meaning."""
        start, kind = self.at - 1, self.resolver.kind(name)
        if kind == Kind.DISTRIBUTION and (argument := self.argument("( [ {")):
            return self.chance(name, argument[0], start), argument[1]
        if kind is not None:
            return None
        found = self.information(name, start)
        return found or self.undeclared(name, start)

    def undeclared(self, name: str, start: int) -> Found | None:
        """A chance that no row makes one: a bar in its brackets says so, or the name of a continuous distribution."""
        before = self.at
        argument = self.argument()
        if argument and (name in CONTINUOUS or "|" in argument[0].joints):
            return self.chance(name, argument[0], start), argument[1]
        self.at = before
        return None

    def divergence(self, group: s.Group) -> n.Information | None:
        """The divergence of one distribution from another."""
        if len(group.parts) != 2 or group.joints not in {("||",), ()}:
            return None
        first, second = (self.as_distribution(self.outcome(x), x) for x in group.parts)
        if first is None or second is None:
            return None
        self.of_the_same(first, second, group)
        return n.Information(Measure.DIVERGENCE, first, second, letters=letters_of(first))

    def of_the_same(self, first: n.Node, second: n.Node, group: s.Group) -> None:
        """Two distributions are compared over the same outcomes."""
        if set(letters_of(first)) != set(letters_of(second)) or type(first) is not type(second):
            self.resolver.fail("these two distributions are not of the same variables", group)

    def mutual(self, group: s.Group) -> n.Information | None:
        """The mutual information of variables, also given others."""
        front, back = self.sides(group)
        values, given = tuple(map(self.outcome, front)), tuple(map(self.outcome, back))
        cut = group.after(";") if ";" in group.joints else 1
        if len(values) < 2 or not all(isinstance(x, n.Letter) and self.is_random(x) for x in values):
            return None
        if len(values) > 2 and ";" not in group.joints:
            self.resolver.fail("between which variables is this information? write I(x; y, z)", group)
        first, second = (n.Chance(self.default(), part, given) for part in (values[:cut], values[cut:]))
        plain = tuple(x.name for x in given if isinstance(x, n.Letter))
        return n.Information(Measure.MUTUAL, first, second, letters=(*letters_of(first), *letters_of(second), *plain))

    def as_distribution(self, node: n.Node, tree: s.Tree) -> n.Node | None:
        """A distribution of which an entropy is taken: named, with its outcomes, or an array of chances."""
        if isinstance(node, n.Chance):
            return node
        if isinstance(node, n.Symbol) and self.resolver.kind(node.name) == Kind.DISTRIBUTION:
            over = self.chances.over.get(node.name, self.chances.variables)
            if len(over) != 1 and node.name not in self.chances.over:
                ask = f"{node.name} is of which variables? write {node.name}(x), or 'of $x$' in its row"
                self.resolver.fail(ask + see("of-which"), tree)
            return self.of_letters(node.name, over, ())
        array = isinstance(node, n.Symbol) and self.resolver.kind(node.name) == Kind.ARRAY
        return node if array else None
