"""Factors side by side: what is a function and its argument, what a derivative and what it is taken of."""

from dataclasses import replace
from itertools import zip_longest

from nnlit.book.language import nodes as n
from nnlit.book.language import syntax as s
from nnlit.book.language.atoms import FUNCTIONS, NORMS
from nnlit.book.language.cursor import DEEPEST
from nnlit.book.language.differentials import Differentials
from nnlit.book.language.entropies import Entropies
from nnlit.book.language.guide import see
from nnlit.book.language.names import EIGENVALUES, TRANSPOSES, Scripts, outward
from nnlit.book.language.operators import ExpressionResolver, Found
from nnlit.book.language.probabilities import SETS
from nnlit.book.language.reach import COUNTS, EXTREMES, MOMENTS, NAMED, SPELLED, reach
from nnlit.book.language.spans import Span
from nnlit.book.language.stuck import refuse_product
from nnlit.book.language.tokens import FONTS
from nnlit.book.language.unparse import write
from nnlit.book.language.vocabulary import Kind, Moment

INVERSE = r"or the inverse function, which is not computed? Write \frac{1}{...} for the first"


def joined(joint: str, left: n.Node, right: n.Node, span: Span | None) -> n.Node:
    """Two factors and what stands between them as one."""
    if joint == "/":
        return n.Fraction(left, right, span=span)
    kind = {"*": n.Star, r"\times": n.Times}.get(joint, n.Product)
    return kind(left, right, bool(joint), span=span)


def is_listed(node: n.Node) -> bool:
    r"""Whether a node is `(x_1, \dots, x_n)`, which is neither a column nor a row by what is written."""
    return isinstance(node, n.Big) and node.operator == "list"


def is_tuple(tree: s.Tree) -> bool:
    r"""Whether a factor is `(x_1, \dots, x_n)`, with a transpose or without."""
    base, scripts = outward(tree)
    listed = isinstance(base, s.Group) and base.opening in {"(", "["} and len(base.parts) == 1
    only = base.parts[0] if isinstance(base, s.Group) and listed else None
    plain = all(script.words in TRANSPOSES for script in scripts)
    return plain and len(scripts) < 2 and isinstance(only, s.Fold) and only.operator == "list"


def weighed(base: s.Size, script: s.Script, resolver: ExpressionResolver) -> n.Node:
    r"""`\lVert x \rVert_A`, the root of $x^\top A x$, where A is a matrix."""
    part = script.parts[0] if len(script.parts) == 1 else None
    weight = None if part is None or isinstance(part, s.Opaque) else resolver.node(part)
    name = weight.base if isinstance(weight, n.Power) else weight
    if weight is None or not isinstance(name, n.Symbol) or resolver.kind(name.name) is not Kind.ARRAY:
        resolver.fail(rf"norm of kind {script.text}: only 2, F, 1, \infty and a matrix are known", script)
    body = resolver.node(base.body)
    square = n.Inner(body, n.Product(weight, body, span=base.span), span=base.span)
    return n.Power(square, n.Number("0.5"), span=base.span)


def based(script: s.Script, resolver: ExpressionResolver) -> n.Node:
    r"""By what the natural logarithm is divided where a base stands below it: `\log_2 x`."""
    if script.text.isdecimal() and int(script.text) > 1:
        return n.Call(r"\log", (n.Number(script.text),), span=script.span)
    base = resolver.node(script.parts[0]) if len(script.parts) == 1 else None
    if not isinstance(base, n.Symbol | n.Letter) or not resolver.kind(base.name):
        quotient = rf"write \frac{{\log x}}{{\log {script.text}}}"
        resolver.fail(rf"\log with this base is not read: {quotient}", script)
    return n.Call(r"\log", (base,), span=script.span)


class Factors(Entropies, Differentials):
    """Some factors, resolved from left to right; `resolver` does what stands inside of them."""

    def product(self) -> n.Node:
        """All factors that are left."""
        start = self.at
        node = self.factor()
        while self.at < len(self.items):
            joint = self.joints[self.at - 1]
            if joint in SETS:
                self.resolver.fail(f"{joint} joins events, in the brackets of a probability", self.items[self.at])
            right = self.factor()
            if isinstance(right, n.At) and joint != "/" and self.for_all(node, right):
                node = replace(right, body=n.Product(node, right.body, bool(joint), span=self.span(start)))
                continue
            if joint == "/" and self.at < len(self.items) and not self.joints[self.at - 1]:
                ask = f"is {write(node)} divided by {write(right)} alone, or by what follows too?"
                message = rf"{ask} write \frac{{a}}{{b}} or parentheses" + see("quotient")
                raise self.resolver.source.error(self.span(start, self.at), message)
            node = joined(joint, node, right, self.span(start))
        return node

    def factor(self) -> n.Node:
        """One factor, with its powers and transposes."""
        start = self.at
        node, scripts = self.atom()
        for script, behind in zip_longest(ordered := self.ordered(node, scripts), ordered[1:]):
            if behind and behind.mark == "^" and any(isinstance(part, s.Compare) for part in script.parts):
                self.resolver.fail("the limits of an integral, or a power of what is evaluated: write brackets", behind)
            node = self.resolver.raised(node, script, self.span(start))
            if isinstance(node, n.Transpose) and is_listed(node.body) and not self.goes_on():
                node = node.body
        return self.laid_out(node, start) if self.is_pair(start) else node

    def is_pair(self, at: int) -> bool:
        r"""Whether a factor is one of `(x_1, \dots, x_n) (x_1, \dots, x_n)^\top`: one has a transpose, one has none."""
        beside = [k for k in (at - 1, at + 1) if 0 <= k < len(self.items) and not self.joints[min(k, at)]]
        turned = {bool(outward(self.items[k])[1]) for k in beside if is_tuple(self.items[k])}
        return is_tuple(self.items[at]) and turned == {not outward(self.items[at])[1]}

    def laid_out(self, node: n.Node, start: int) -> n.Node:
        """A list of entries beside one with a transpose: which of them is a row depends on what a list is."""
        ask = "is (x_1, ..., x_n) a row here, or a column? give it a name whose row says so, such as $x$ | $n$"
        turned = bool(outward(self.items[start])[1])
        is_row = self.resolver.doubtful("tuple", ask, self.items[start])
        body = node.body if isinstance(node, n.Transpose) else node
        return body if turned is is_row else n.Transpose(body, span=node.span)

    def atom(self) -> Found:
        """One factor, and the scripts that are left for it."""
        self.resolver.deep += 1
        if self.resolver.deep > DEEPEST:
            self.resolver.fail(f"more than {DEEPEST} operators act on each other here", self.items[self.at])
        found = self.bounded_atom()
        self.resolver.deep -= 1
        return found

    def bounded_atom(self) -> Found:
        """The same, not too deep in others."""
        item = self.taken()
        base, scripts = self.labelled(item)
        if isinstance(base, s.Accent) and isinstance(base.body, s.Run) and base.command in FONTS:
            letters = tuple(replace(base, body=x, span=x.span) for x in base.body.items)  # a bold product, \mathbf{Cr}
            return Factors(self.resolver, letters, base.body.joints).product(), scripts
        if slope := self.differential(base, scripts, item):
            return slope
        if isinstance(base, s.Name) and base.text in FUNCTIONS | EXTREMES and not self.is_function(base.text):
            return self.builtin(base.text, scripts, item)
        if isinstance(base, s.Word | s.Accent) and (special := self.special(base, scripts, item)):
            return special
        if isinstance(base, s.Name | s.Word | s.Accent):
            return self.member(name := self.resolver.base(base), scripts, item) or self.named(name, scripts, item)
        return self.other(base, scripts)

    def other(self, base: s.Tree, scripts: tuple[s.Script, ...]) -> Found:
        """What is no name: a fraction that may be a derivative, a norm with its kind, anything else."""
        if base == s.Numeral("1") and (counted := self.indicator(scripts, r"{")):
            return counted
        if isinstance(base, s.Group) and len(base.parts) > 1 and (column := self.column(base, scripts)):
            return column
        if isinstance(base, s.Size) and base.kind:
            kinds = [x for x in scripts if x.mark == "_" and x.text in NORMS]
            if scripts and scripts[0].mark == "_" and not kinds:
                return weighed(base, scripts[0], self.resolver), scripts[1:]
            kind = NORMS[kinds[0].text] if kinds else base.kind
            return self.resolver.node(replace(base, kind=kind)), tuple(x for x in scripts if x not in kinds[:1])
        if isinstance(base, s.Frac):
            quotient = not self.resolver.mark_of(base)
            return (self.resolver.frac(base), scripts) if quotient else self.derivative(base, scripts)
        return self.resolver.node(base), scripts

    # names and functions

    def named(self, base: str, scripts: tuple[s.Script, ...], item: s.Tree) -> Found:
        """A function with its arguments, or a bare name."""
        if base == "E" and self.opens_mean(scripts):
            return self.averaged(Moment.MEAN, scripts, item)
        refuse_product(base, item, self.resolver)
        own = self.primed(base, self.resolver.own(base, scripts, item))
        symbol = self.resolver.name(base, own, item)
        if isinstance(symbol, n.Letter) and not own.rest and symbol.name not in self.resolver.bound:
            chance = self.of_chance(symbol.name)
            if chance is None:
                self.refuse_at(symbol, symbol.name, own, item)
            return chance or (symbol, own.rest)
        if not isinstance(symbol, n.Symbol) or symbol.indices:
            return symbol, own.rest
        if not own.rest and (called := self.of_chance(symbol.name) or self.of_the_language(symbol.name)):
            return called
        if higher := self.of_order(base, own, symbol):
            return higher
        function = symbol.name.removesuffix("'" * own.primes) if own.primes else symbol.name
        if not self.is_function(function):
            self.refuse_at(symbol, function, own, item)
        return self.called(function, symbol, own) if self.is_function(function) else (symbol, own.rest)

    def of_the_language(self, name: str) -> Found | None:
        r"""`O(h)` and `\lambda_{\max}(A)`, where no row and no display gives the name another meaning."""
        if name in self.resolver.names.kinds or name not in {"O", r"\mathcal{O}", *EIGENVALUES}:
            return None
        start = self.at - 1
        argument = self.argument()
        if argument is None:
            return None
        values = self.values(argument[0])
        if name not in EIGENVALUES:
            return n.Order(values[0], span=self.span(start)), argument[1]
        return n.Call(name, values, span=self.span(start)), argument[1]

    def called(self, function: str, symbol: n.Symbol, own: Scripts) -> Found:
        """A function of the page at its arguments; an exponent may stand before them."""
        start = self.at - 1
        power = own.rest[0] if len(own.rest) == 1 and own.rest[0].mark == "^" else None
        if power is not None and power.words == ("-", "1"):
            ask = r"is this one over the function, or its inverse, which is not computed? write \frac{1}{...}"
            self.resolver.fail(ask, power)
        argument = None if own.rest and power is None else self.argument("( [")
        if argument is None:
            bare: n.Node = n.Call(function, (), own.primes, span=symbol.span) if own.primes else symbol
            return bare, own.rest
        node: n.Node = n.Call(function, self.values(argument[0], joined=True), own.primes, span=self.span(start))
        if power is not None:
            node = n.Power(node, self.resolver.node(power.parts[0]), span=self.span(start))
        return node, argument[1]

    def builtin(self, name: str, scripts: tuple[s.Script, ...], item: s.Tree) -> Found:
        """A function of the language: with brackets, or applied to the next factor."""
        start = self.at - 1
        primes = sum(script.mark == "'" for script in scripts)
        left = [script for script in scripts if script.mark != "'"]
        under = based(left.pop(0), self.resolver) if name == r"\log" and left and left[0].mark == "_" else None
        if left and (left[0].mark != "^" or len(left) > 1):
            self.resolver.fail(f"cannot read {left[-1].mark!r} here", left[-1])
        if left and left[0].words == ("-", "1"):
            self.resolver.fail(rf"is this one over {name}, {INVERSE}", left[0])
        power = self.resolver.node(left[0].parts[0]) if left else None
        argument = self.argument("( {") or self.argument("( [")
        if argument and name in EXTREMES and argument[0].opening == r"\{" and self.indexed_set(argument[0]):
            self.resolver.fail(rf"over which index? write {name}_i with the index below", argument[0])
        if argument is None and (self.at >= len(self.items) or self.joints[self.at - 1]):
            self.resolver.fail(f"the equation ends too early: of what is {name} taken?", item)
        values = self.values(argument[0]) if argument else (self.unbracketed(name, item),)
        call = n.Call(name, values, primes, span=self.span(start))
        node = n.Fraction(call, under, span=call.span) if under else call
        return n.Power(node, power, span=call.span) if power else node, argument[1] if argument else ()

    def unbracketed(self, name: str, item: s.Tree) -> n.Node:
        r"""The argument of a function without brackets: `\sin 2 u` is that of 2 u, `\sin u v` has two readings."""
        first = self.at
        last, doubtful = reach(self.items, self.joints, first, self.resolver.names)
        ask = f"does {name} take all that follows here, or the first of it alone? write {name}(...)"
        ask += see("function-reach")
        if last - first < 2 or (doubtful and self.resolver.doubtful("function", ask, item)):
            return self.factor()
        self.at = last
        return Factors(self.resolver, self.items[first:last], self.joints[first : last - 1]).product()

    def averaged(self, kind: Moment, scripts: tuple[s.Script, ...], item: s.Tree) -> Found:
        """An expectation and its kin, over random variables or over the random arrays of the Symbols table."""
        return (self.mean if self.has_chance(scripts) else self.moment)(kind, scripts, item)

    def special(self, base: s.Word | s.Accent, scripts: tuple[s.Script, ...], item: s.Tree) -> Found | None:
        """A word or a blackboard letter that the language knows."""
        if isinstance(base, s.Word):
            if base.operator and base.text in MOMENTS:
                return self.averaged(MOMENTS[base.text], scripts, item)
            if base.text in COUNTS and base.text not in self.resolver.names.kinds and not self.resolver.labels:
                return self.members(scripts, item)
            name = SPELLED.get(base.text, base.text)
            known = (base.text in NAMED or base.text in SPELLED) and base.text not in self.resolver.names.kinds
            known = known and not self.resolver.labels  # a row may be about it
            return self.builtin(name, scripts, item) if known else None
        text = base.body.text if isinstance(base.body, s.Name | s.Numeral) else ""
        if base.command == r"\mathbb" and text == "E":
            return self.averaged(Moment.MEAN, scripts, item)
        lettered = text == "I" and base.command == r"\mathbb" and r"\mathbb{I}" not in self.resolver.names.kinds
        if not lettered and (text != "1" or base.command not in {r"\mathbb", r"\mathbf", r"\vec"}):
            return None
        ones = None if lettered else self.ones(base, scripts, item)
        return ones or (self.indicator(scripts) if base.command != r"\vec" else None)
