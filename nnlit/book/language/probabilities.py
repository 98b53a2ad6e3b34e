r"""Probabilities and means among factors: `p(y | x)`, `P(A \cap B)`, `\mathbb E_{x \sim p}[...]`."""

from collections.abc import Sequence
from dataclasses import replace

from nnlit.book.language import nodes as n
from nnlit.book.language import syntax as s
from nnlit.book.language.guide import see
from nnlit.book.language.letters import loose
from nnlit.book.language.operators import Found, Operators
from nnlit.book.language.probability import IMPLIED, Chances
from nnlit.book.language.vocabulary import Kind, Moment

SETS = (r"\cap", r"\cup", r"\setminus")
NOT = r"\neg"
Pair = tuple[tuple[s.Tree, ...], tuple[s.Tree, ...]]


class Probabilities(Operators):
    """Reads what has to do with chance."""

    @property
    def chances(self) -> Chances:
        """The random variables of the scope."""
        return self.resolver.names.chances

    def default(self) -> str:
        """The distribution that is meant where none is named."""
        return next((x for x in IMPLIED if self.resolver.kind(x) == Kind.DISTRIBUTION), "p")

    # what is of, what is given

    def chance(self, distribution: str, group: s.Group, start: int) -> n.Chance:
        """The chance of what stands in brackets under a distribution."""
        last = group.after(";")
        parts, extra = group.parts[:last], group.parts[last:]
        of, given = self.sides(replace(group, parts=parts, joints=group.joints[: max(last - 1, 0)]))
        if "||" in group.joints or any(joint == "|" for joint in group.joints[last:]):
            self.resolver.fail("which of these signs means 'given'? write p(y \\mid x; \\theta)", group)
        behind = tuple(map(self.outcome, given))
        fixed = [x for x in behind if not self.is_random(x) and all(self.resolver.kind(name) for name in x.names)]
        parameters = (*fixed, *map(self.resolver.node, extra)) or self.parameters(distribution)
        known = tuple(x for x in behind if x not in fixed)
        return n.Chance(distribution, tuple(map(self.outcome, of)), known, parameters, span=self.span(start))

    def parameters(self, distribution: str) -> tuple[n.Node, ...]:
        """What a distribution depends on, by its row."""
        return tuple(n.Symbol(name) for name in self.chances.parameters.get(distribution, ()))

    def sides(self, group: s.Group) -> Pair:
        """What stands before the bar and behind it."""
        cut = group.after("|")
        return group.parts[:cut], group.parts[cut:]

    def is_random(self, node: n.Node) -> bool:
        """Whether something in brackets is an outcome or an event, no number that a distribution depends on."""
        if isinstance(node, n.Letter):
            return bool(self.chances.variable(node.name))
        return isinstance(node, n.Event | n.Set | n.Whole) or self.is_event(node)

    def is_event(self, node: n.Node) -> bool:
        """Whether a name is that of an event."""
        return isinstance(node, n.Symbol) and node.name in self.chances.events

    def outcome(self, tree: s.Tree) -> n.Node:
        r"""One piece in the brackets of a probability: a variable, a relation, events put together, a dot."""
        if isinstance(tree, s.Colon):
            return n.Whole(span=tree.span)
        if isinstance(tree, s.Compare):
            return self.event(tree)
        if isinstance(tree, s.Group) and tree.opening in {"(", "{"} and len(tree.parts) == 1:
            return self.outcome(tree.parts[0])
        if isinstance(tree, s.Run) and is_joined(tree):
            if len(set(tree.joints)) > 1:
                self.resolver.fail(r"\cap and \cup side by side have two readings: write brackets" + see("event"), tree)
            if tree.joints[0] == SETS[2] and len(tree.items) > 2:
                self.resolver.fail(r"several \setminus side by side have two readings: write brackets", tree)
            return n.Set(tree.joints[0], tuple(map(self.outcome, tree.items)), span=tree.span)
        apart = self.complement(tree)
        if apart:
            return n.Set("^c", (self.outcome(apart),), span=tree.span)
        node = self.resolver.node(tree)
        unknown = isinstance(node, n.Letter) and not self.is_random(node) and node.name not in self.resolver.bound
        return n.Symbol(node.name, span=node.span) if unknown and isinstance(node, n.Letter) else node

    def complement(self, tree: s.Tree) -> s.Tree | None:
        r"""The event whose complement something is: `\bar A`, `A^c`, `\neg A`."""
        inner: s.Tree | None = None
        if isinstance(tree, s.Accent) and tree.command == r"\bar":
            inner = tree.body
        elif isinstance(tree, s.Scripted) and tree.scripts[-1].words in {("c",), (r"\complement",), ("'",)}:
            rest = tree.scripts[:-1]
            inner = replace(tree, scripts=rest) if rest else tree.base
        elif isinstance(tree, s.Run) and tree.items[0] == s.Name(NOT) and len(tree.items) == 2:
            return tree.items[1]
        return inner if inner is not None and self.happens(inner) else None

    def happens(self, tree: s.Tree) -> bool:
        """Whether something is an event by its form: not a variable, whose prime is another outcome of it."""
        if isinstance(tree, s.Name | s.Accent | s.Scripted):
            return self.is_event(self.resolver.node(tree))
        if isinstance(tree, s.Group):
            return self.happens(tree.parts[0])
        return isinstance(tree, s.Compare) or is_joined(tree)

    def event(self, tree: s.Compare) -> n.Event:
        """A relation that random variables may fulfil; in `X = x` the capital is the variable, `x` its outcome."""
        relations = self.resolver.relations((tree,))
        letters = {x.name for r in relations for x in r.every if isinstance(x, n.Letter)}
        named = [x for x in sorted(letters) if self.chances.variable(x)]
        owners = {self.chances.variable(x) for x in named}
        bound = tuple(min(x for x in named if self.chances.variable(x) == owner) for owner in sorted(owners))
        return n.Event(relations, bound, span=tree.span)

    # means

    def mean(self, kind: Moment, scripts: tuple[s.Script, ...], item: s.Tree) -> Found:
        r"""`\mathbb E_{x \sim p(x)}[...]`, `\mathbb E_p[...]`, `\mathbb E_X[...]`, `\mathbb E[... | ...]`."""
        start = self.at - 1
        script = scripts[0] if [x.mark for x in scripts] == ["_"] else None
        argument = self.argument("[ ( {") if script or not scripts else None
        if argument is None:
            self.resolver.fail(f"write the argument of {kind} in brackets", item)
        front, back = self.sides(argument[0])
        values, given = tuple(map(self.resolver.node, front)), tuple(map(self.outcome, back))
        self.counted(kind, values, item)
        plain = {x.name for x in given if isinstance(x, n.Letter)}
        free = tuple(dict.fromkeys(x for v in values for x in loose(v, self.chances) if x not in plain))
        chance = self.over(script, free, given, item) if script else self.of_letters(self.default(), free, given)
        letters = letters_of(chance)
        if not letters and not script and not given:
            self.at = start + 1
            return self.moment(kind, scripts, item)  # over the random arrays of the Symbols table
        if not letters and self.chances.variables:
            self.resolver.fail(f"nothing in the brackets of {kind} is a random variable of the Symbols table", item)
        return n.Mean(kind, values, chance, letters, span=self.span(start)), argument[1]

    def has_chance(self, scripts: tuple[s.Script, ...]) -> bool:
        r"""Whether an expectation is one over random variables: not over a batch, as `\mathbb E_B` is."""
        if any(word in {r"\sim", "|", r"\mid", "("} for script in scripts for word in script.words):
            return True
        if not self.chances.variables or self.at >= len(self.items):
            return False
        labels = [label for script in scripts for label in script.labels]
        return not labels or not all(self.resolver.kind(x) in {Kind.SET, Kind.ARRAY, Kind.LABELS} for x in labels)

    def of_letters(self, distribution: str, letters: Sequence[str], given: tuple[n.Node, ...]) -> n.Chance:
        """The chance of outcomes."""
        of = tuple(n.Letter(x) for x in letters)
        return n.Chance(distribution, of, given, self.parameters(distribution))

    def over(self, script: s.Script, free: tuple[str, ...], given: tuple[n.Node, ...], item: s.Tree) -> n.Chance:
        """What the subscript of an expectation says."""
        parts = [p for p in script.parts if not isinstance(p, s.Opaque)]
        if "|" in script.words or r"\mid" in script.words:
            return self.conditional(script, item)
        if any(isinstance(p, s.Compare) and p.operators == (r"\sim",) for p in parts):
            return self.distributed(parts, given, item)
        named = parts[0] if parts else item
        name = self.distribution(named)
        if len(parts) == 2 and isinstance(parts[1], s.Group):
            return self.chance(name or self.resolver.label(named), parts[1], max(self.at - 1, 0))
        if name and len(parts) == 1:
            return self.of_letters(name, free, given)
        letters = tuple(x.name for x in map(self.resolver.node, parts) if isinstance(x, n.Letter))
        if len(letters) != len(script.parts) or not all(map(self.chances.variable, letters)):
            self.resolver.fail(r"over what is this mean? write \mathbb E_{x \sim p(x)} with a random variable x", item)
        others = tuple(n.Letter(x) for x in free if x not in letters)
        if others and not given:
            names = " and ".join(x.name for x in others)
            ask = rf"does this mean hold {names} fixed, or is {names} given? write E_{{x \sim p(x)}}, or p(x \mid y)"
            ask += see("mean-of-one")
            given = others if self.resolver.doubtful("mean", ask, item) else given
        return self.of_letters(self.default(), letters, given)

    def conditional(self, script: s.Script, item: s.Tree) -> n.Chance:
        r"""`\mathbb E_{Y | X}` and `\mathbb E_{q(z | x)}`."""
        if isinstance(script.parts[-1], s.Group) and len(script.parts) == 2:
            name = self.distribution(script.parts[0]) or self.resolver.label(script.parts[0])
            return self.chance(name, script.parts[-1], max(self.at - 1, 0))
        if any(isinstance(p, s.Compare) for p in script.parts):
            return self.distributed(list(script.parts), (), item)
        cut = next(k for k, word in enumerate(script.words) if word in {"|", r"\mid"})
        words = [x for x in script.words if x not in {"{", "}", ","}]
        cut = words.index(script.words[cut])
        letters = [n.Letter(x) for x in words[:cut]], tuple(n.Letter(x) for x in words[cut + 1 :])
        if not all(self.chances.variable(x.name) for x in [*letters[0], *letters[1]]):
            self.resolver.fail(r"over what is this mean? write \mathbb E_{x \sim p(x \mid y)}", item)
        return self.of_letters(self.default(), [x.name for x in letters[0]], letters[1])

    def distributed(self, parts: Sequence[s.Tree], given: tuple[n.Node, ...], item: s.Tree) -> n.Chance:
        r"""`x \sim p`, `x, y \sim p(x, y)`, `y \sim p(\cdot | x)`."""
        compare = parts[-1]
        if not isinstance(compare, s.Compare) or any(isinstance(p, s.Compare) for p in parts[:-1]):
            self.resolver.fail(r"several distributions below one sign: write one \mathbb E for each", item)
        letters = [self.resolver.node(p) for p in (*parts[:-1], compare.sides[0])]
        names = tuple(x.name for x in letters if isinstance(x, n.Letter | n.Symbol))
        right = compare.sides[1]
        items = right.items if isinstance(right, s.Run) else (right,)
        name = self.distribution(items[0]) or self.resolver.label(items[0])
        group = items[1] if len(items) == 2 else None
        if not isinstance(group, s.Group):
            return self.of_letters(name, names, given)
        found = self.chance(name, group, max(self.at - 1, 0))
        written = tuple(x.name for x in found.of if isinstance(x, n.Letter))
        if written and set(written) != set(names):
            self.resolver.fail(f"{', '.join(names)} is drawn, but the chance is that of {', '.join(written)}", item)
        return replace(found, of=tuple(n.Letter(x) for x in names))

    def distribution(self, tree: s.Tree) -> str:
        """The name of a distribution, or nothing."""
        if not isinstance(tree, s.Name | s.Word | s.Accent | s.Scripted):
            return ""
        node = self.resolver.node(tree)
        known = isinstance(node, n.Symbol) and not node.indices and self.resolver.kind(node.name) == Kind.DISTRIBUTION
        return node.name if known and isinstance(node, n.Symbol) else ""


def is_joined(tree: s.Tree) -> bool:
    """Whether a tree is events put together."""
    return isinstance(tree, s.Run) and bool(tree.joints) and set(tree.joints) <= set(SETS)


def letters_of(node: n.Node) -> tuple[str, ...]:
    """The letters that a chance is of."""
    return tuple(x.name for x in node.of if isinstance(x, n.Letter)) if isinstance(node, n.Chance) else ()
