"""Factors side by side: what is a function and its argument, what a derivative and what it is taken of."""

from collections.abc import Sequence

from nnlit.book.language import nodes as n
from nnlit.book.language import syntax as s
from nnlit.book.language.atoms import FUNCTIONS
from nnlit.book.language.derivatives import DerivativeResolver
from nnlit.book.language.names import EIGENVALUES, Scripts, sorted_scripts
from nnlit.book.language.spans import Span

NAMED = {"softmax", "ReLU", "relu", "diag", "tr", "sign", "logsumexp", "erf", "Re", "Im"}
MOMENTS = {"E": "E", "Var": "Var", "Cov": "Cov"}
EXTREMES = {r"\max", r"\min"}
Found = tuple[n.Node, tuple[s.Script, ...]]  # a node, and the scripts behind it that are not applied yet


class Factors:
    """Some factors, resolved from left to right; `resolver` does what stands inside of them."""

    def __init__(self, resolver: "ExpressionResolver", items: Sequence[s.Tree], joints: Sequence[str]) -> None:
        self.resolver, self.items, self.joints, self.at = resolver, items, joints, 0

    def product(self) -> n.Node:
        """All factors that are left."""
        start = self.at
        node = self.factor()
        while self.at < len(self.items):
            joint = self.joints[self.at - 1]
            right = self.factor()
            if joint == "/" and self.at < len(self.items) and not self.joints[self.at - 1]:
                message = r"a/b c is ambiguous on the page: write \frac{a}{b} or parentheses"
                raise self.resolver.source.error(self.span(start, self.at), message)
            span = self.span(start)
            node = (
                n.Fraction(node, right, span=span) if joint == "/" else n.Product(node, right, bool(joint), span=span)
            )
        return node

    def span(self, start: int, end: int | None = None) -> Span | None:
        """From one factor to another one, or to the last one that was read."""
        first, last = self.items[start].span, self.items[self.at - 1 if end is None else end].span
        return first.to(last) if first and last else first

    def factor(self) -> n.Node:
        """One factor, with its powers and transposes."""
        start = self.at
        node, scripts = self.atom()
        for script in scripts:
            node = self.resolver.raised(node, script, self.span(start))
        return node

    def atom(self) -> Found:
        """One factor, and the scripts that are left for it."""
        item = self.items[self.at]
        self.at += 1
        base, scripts = (item.base, item.scripts) if isinstance(item, s.Scripted) else (item, ())
        if isinstance(base, s.Name) and base.text == r"\nabla":
            return self.nabla(scripts, item)
        if isinstance(base, s.Name) and base.text in FUNCTIONS | EXTREMES and not self.is_function(base.text):
            return self.builtin(base.text, scripts, item)
        if isinstance(base, s.Word | s.Accent) and (special := self.special(base, scripts, item)):
            return special
        if isinstance(base, s.Name | s.Word | s.Accent):
            return self.named(self.resolver.base(base), scripts, item)
        if isinstance(base, s.Frac):
            quotient = not self.resolver.mark_of(base)
            return (self.resolver.frac(base), scripts) if quotient else self.derivative(base, scripts)
        return self.resolver.node(base), scripts

    def is_function(self, name: str) -> bool:
        """Whether a name is a function of this scope."""
        return self.resolver.names.is_function(name)

    def argument(self, openings: str = "(") -> tuple[s.Group, tuple[s.Script, ...]] | None:
        """The brackets that come next, if they are of some kind and nothing stands between; they are consumed."""
        if self.at >= len(self.items) or (self.at and self.joints[self.at - 1]):
            return None
        item = self.items[self.at]
        group, scripts = (item.base, item.scripts) if isinstance(item, s.Scripted) else (item, ())
        if not isinstance(group, s.Group) or group.opening.lstrip("\\") not in openings.split():
            return None
        if group.opening == "{":
            return None
        self.at += 1
        return group, scripts

    def values(self, group: s.Group) -> tuple[n.Node, ...]:
        """The arguments in brackets."""
        return tuple(map(self.resolver.node, group.parts))

    # names and functions

    def named(self, base: str, scripts: tuple[s.Script, ...], item: s.Tree) -> Found:
        """A function with its arguments, or a bare name."""
        own = sorted_scripts(scripts)
        symbol = self.resolver.name(base, own, item)
        if not isinstance(symbol, n.Symbol) or symbol.indices:
            return symbol, own.rest
        if not own.rest and (called := self.of_the_language(symbol.name)):
            return called
        function = symbol.name.removesuffix("'" * own.primes) if own.primes else symbol.name
        return self.called(function, symbol, own) if self.is_function(function) else (symbol, own.rest)

    def of_the_language(self, name: str) -> Found | None:
        r"""`O(h)` and `\lambda_{\max}(A)`, where no row and no display gives the name another meaning."""
        if name in self.resolver.names.kinds or name not in {"O", *EIGENVALUES}:
            return None
        start = self.at - 1
        argument = self.argument()
        if argument is None:
            return None
        values = self.values(argument[0])
        if name == "O":
            return n.Order(values[0], span=self.span(start)), argument[1]
        return n.Call(name, values, span=self.span(start)), argument[1]

    def called(self, function: str, symbol: n.Symbol, own: Scripts) -> Found:
        """A function of the page at its arguments; an exponent may stand before them."""
        start = self.at - 1
        power = own.rest[0] if len(own.rest) == 1 and own.rest[0].mark == "^" else None
        argument = None if own.rest and power is None else self.argument()
        if argument is None:
            bare: n.Node = n.Call(function, (), own.primes, span=symbol.span) if own.primes else symbol
            return bare, own.rest
        node: n.Node = n.Call(function, self.values(argument[0]), own.primes, span=self.span(start))
        if power is not None:
            node = n.Power(node, self.resolver.node(power.parts[0]), span=self.span(start))
        return node, argument[1]

    def builtin(self, name: str, scripts: tuple[s.Script, ...], item: s.Tree) -> Found:
        """A function of the language: with brackets, or applied to the next factor."""
        start = self.at - 1
        primes = sum(script.mark == "'" for script in scripts)
        left = [script for script in scripts if script.mark != "'"]
        if left and (left[0].mark != "^" or len(left) > 1):
            self.resolver.fail(f"cannot read {left[-1].mark!r} here", left[-1])
        power = self.resolver.node(left[0].parts[0]) if left else None
        argument = self.argument("( {")
        if argument is None and (self.at >= len(self.items) or self.joints[self.at - 1]):
            self.resolver.fail("the equation ends too early: something is missing here", item)
        values = self.values(argument[0]) if argument else (self.factor(),)
        node: n.Node = n.Call(name, values, primes, span=self.span(start))
        node = n.Power(node, power, span=self.span(start)) if power else node
        return node, argument[1] if argument else ()

    def special(self, base: s.Word | s.Accent, scripts: tuple[s.Script, ...], item: s.Tree) -> Found | None:
        """A word or a blackboard letter that the language knows."""
        if isinstance(base, s.Word):
            if base.operator and base.text in MOMENTS:
                return self.moment(MOMENTS[base.text], scripts, item)
            known = base.text in NAMED and not self.is_function(base.text)
            return self.builtin(base.text, scripts, item) if known else None
        text = base.body.text if isinstance(base.body, s.Name | s.Numeral) else ""
        if base.command == r"\mathbb" and text == "E":
            return self.moment("E", scripts, item)
        return self.indicator(scripts) if text == "1" and base.command in {r"\mathbb", r"\mathbf"} else None

    def moment(self, kind: str, scripts: tuple[s.Script, ...], item: s.Tree) -> Found:
        r"""`\mathbb E_B[...]`, `\operatorname{Var}(...)`, `\operatorname{Cov}(a, b)`."""
        start = self.at - 1
        argument = self.argument("[ ( {") if not scripts or [x.mark for x in scripts] == ["_"] else None
        if argument is None:
            self.resolver.fail(f"write the argument of {kind} in brackets", item)
        over = tuple(self.resolver.label(part) for part in scripts[0].parts) if scripts else ()
        values = self.values(argument[0])
        if len(values) != (2 if kind == "Cov" else 1):
            self.resolver.fail(f"{kind} has {2 if kind == 'Cov' else 1} arguments", item)
        return n.Expectation(kind, values, over, span=self.span(start)), argument[1]

    def indicator(self, scripts: tuple[s.Script, ...]) -> Found | None:
        r"""`\mathbb 1[...]`, `\mathbb 1\{...\}`, `\mathbb 1_{...}`."""
        start = self.at - 1
        if scripts and scripts[0].mark == "_":
            return n.Indicator(self.resolver.relations(scripts[0].parts), span=self.span(start)), scripts[1:]
        argument = None if scripts else self.argument("[ ( {")
        if argument is None or not any(isinstance(part, s.Compare) for part in argument[0].parts):
            self.at = start + 1
            return None
        return n.Indicator(self.resolver.relations(argument[0].parts), span=self.span(start)), argument[1]

    # derivatives

    def derivative(self, tree: s.Frac, scripts: tuple[s.Script, ...]) -> Found:
        r"""`\frac{\partial L}{\partial W}`, `\frac{d}{dx}` of the factors that follow."""
        start = self.at - 1
        under = self.resolver.denominators(tree)
        if isinstance(tree.top, s.Run):
            numerator = Factors(self.resolver, tree.top.items[1:], tree.top.joints[1:]).product()
            return n.Derivative(numerator, under, span=tree.span), scripts
        if isinstance(tree.top, s.Sum | s.Entrywise):
            self.resolver.fail("a derivative of several terms: put them in parentheses", tree.top)
        if scripts or self.at >= len(self.items) or self.joints[self.at - 1] == "/":
            self.resolver.fail("the equation ends too early: something is missing here", tree)
        body = self.product()
        return n.Derivative(body, under, span=self.span(start)), ()

    def nabla(self, scripts: tuple[s.Script, ...], item: s.Tree) -> Found:
        r"""`\nabla_W L`, `\nabla f(x)`, `\nabla^2 f(x)`."""
        start = self.at - 1
        order, over = 1, None
        for script in scripts:
            if script.mark == "_":
                over = self.resolver.as_symbol(self.resolver.node(script.parts[0]), script)
            else:
                order = self.resolver.times(script)
        if self.at >= len(self.items) or self.joints[self.at - 1]:
            self.resolver.fail("the equation ends too early: something is missing here", item)
        body, left = self.atom()
        if over is not None:
            return n.Derivative(body, (over,) * order, span=self.span(start)), left
        if not isinstance(body, n.Call):
            message = r"\nabla needs to know in which symbol: write \nabla_W L, or \nabla f(x) with a displayed f(x)"
            self.resolver.fail(message, item)
        return n.Gradient(body, order, span=self.span(start)), left


class ExpressionResolver(DerivativeResolver):
    """What `Factors` needs of the class that resolves expressions."""

    def raised(self, node: n.Node, script: s.Script, span: Span | None) -> n.Node:
        """Something with what stands above, below or behind it."""
        raise NotImplementedError

    def relations(self, parts: Sequence[s.Tree]) -> tuple[n.Relation, ...]:
        """Relations that must all hold."""
        raise NotImplementedError

    def frac(self, tree: s.Frac) -> n.Node:
        """A quotient."""
        raise NotImplementedError
