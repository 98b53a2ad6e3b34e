r"""Derivatives among the factors around them: `\frac{\partial L}{\partial W}`, `dL/dw`, `\partial_w L`, `\nabla L`."""

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any

from nnlit.book.language import nodes as n
from nnlit.book.language import syntax as s
from nnlit.book.language.derivatives import DIFFERENTIALS, HIGHEST, alone, leading, too_high
from nnlit.book.language.names import TRANSPOSES, Scripts
from nnlit.book.language.operators import Found, Operators
from nnlit.book.language.vocabulary import Kind

OF_VECTORS = {
    r"\cdot": r"a divergence is written as the sum of its derivatives, \sum_i \frac{\partial v_i}{\partial x_i}",
    r"\times": r"a curl is not in the equation language: write its entries with \frac{\partial v_i}{\partial x_j}",
}


class Differentials(Operators):
    """Reads derivatives and gradients, from left to right."""

    def differential(self, base: s.Tree, scripts: tuple[s.Script, ...], item: s.Tree) -> Found | None:
        r"""A gradient, or what begins with a differential: `\partial_u q`, `\partial q / \partial u`, `dq/du`."""
        if isinstance(base, s.Name) and base.text == r"\nabla":
            return self.nabla(scripts, item)
        if isinstance(base, s.Name) and base.text == r"\partial" and [x.mark for x in scripts] == ["_"]:
            start = self.at - 1
            over = self.resolver.as_symbol(self.resolver.node(scripts[0].parts[0]), scripts[0])
            body, left = self.atom()
            return n.Derivative(body, (over,), span=self.span(start)), left
        operator = self.operator_of(base) if isinstance(base, s.Group) else None
        if operator:
            return self.repeated(operator, scripts, item)
        fraction = self.grouped(base) if isinstance(base, s.Group) else self.slashed(base)
        return self.derivative(fraction, ()) if fraction else None

    def operator_of(self, base: s.Group) -> s.Frac | None:
        r"""A derivative in brackets that is taken of nothing yet: `\left(\frac{d}{dx}\right)^2`, `(d/dx)^2`."""
        part = base.parts[0] if len(base.parts) == 1 else None
        if isinstance(part, s.Run) and part.joints[:1] == ("/",) and not any(part.joints[1:]):
            part = s.Frac(part.items[0], s.Run(part.items[1:], part.joints[1:], span=part.span), span=part.span)
        if not isinstance(part, s.Frac) or alone(part.top) not in DIFFERENTIALS or not self.resolver.mark_of(part):
            return None
        return None if alone(part.top) == "d" and "d" in self.resolver.names.kinds else part

    def repeated(self, tree: s.Frac, scripts: tuple[s.Script, ...], item: s.Tree) -> Found:
        """A derivative that is taken as often as the exponent of its brackets says, of all factors that follow."""
        start = self.at - 1
        if len(scripts) > 1 or self.at >= len(self.items) or self.joints[self.at - 1]:
            self.resolver.fail("of what is this derivative taken? write it behind the brackets", item)
        under = self.resolver.denominators(tree) * (self.resolver.times(scripts[0]) if scripts else 1)
        if not under or len(under) > HIGHEST:
            self.resolver.fail(too_high(str(len(under))), item)
        left = self.bar_at_the_end()
        return n.Derivative(self.product(), under, span=self.span(start)), left

    def slashed(self, base: s.Tree) -> s.Frac | None:
        r"""`\partial q / \partial u` as a fraction; `d q / d u` where `d` has no meaning of its own."""
        mark, start = alone(base), self.at - 1
        if mark not in DIFFERENTIALS or (mark == "d" and "d" in self.resolver.names.kinds):
            return None
        line = next((k for k in range(self.at, len(self.items)) if self.joints[k - 1]), len(self.items))
        below = line + 1
        if line - self.at not in {1, 2} or below >= len(self.items) or self.joints[line - 1] != "/":
            return None
        if leading(self.items[line]) != mark or self.joints[line]:
            return None
        top = s.Run(
            tuple(self.items[start:line]), tuple(self.joints[start : line - 1]), span=self.span(start, line - 1)
        )
        bottom = s.Run(tuple(self.items[line : below + 1]), ("",), span=self.span(line, below))
        self.at = below + 1
        return s.Frac(top, bottom, span=self.span(start))

    def grouped(self, base: s.Group) -> s.Frac | None:
        r"""`{\partial q}/{\partial u}` as a fraction."""
        start = self.at - 1
        behind = self.items[self.at] if self.at < len(self.items) and self.joints[self.at - 1] == "/" else None
        if not isinstance(behind, s.Group) or len(base.parts) != 1 or len(behind.parts) != 1:
            return None
        mark = leading(base.parts[0])
        if mark not in DIFFERENTIALS or leading(behind.parts[0]) != mark or alone(behind.parts[0]) == mark:
            return None
        self.at += 1
        return s.Frac(base.parts[0], behind.parts[0], span=self.span(start))

    def derivative(self, tree: s.Frac, scripts: tuple[s.Script, ...]) -> Found:
        r"""`\frac{\partial L}{\partial W}`, `\frac{d}{dx}` of the factors that follow."""
        start = self.at - 1
        under = self.resolver.denominators(tree)
        squared = self.resolver.in_a_square(tree, len(under))
        if isinstance(tree.top, s.Sum | s.Entrywise):
            self.resolver.fail("a derivative of several terms: put them in parentheses", tree.top)
        if isinstance(tree.top, s.Run):
            body, left = type(self)(self.resolver, tree.top.items[1:], tree.top.joints[1:]).product(), scripts
        elif scripts or self.at >= len(self.items) or self.joints[self.at - 1] == "/":
            self.resolver.fail("the equation ends too early: of what is this derivative taken?", tree)
        else:
            left = self.bar_at_the_end()
            body = self.product()
        if squared:
            slope = n.Derivative(body, under[:1], span=self.span(start))  # the chain rule, through the square
            return n.Fraction(slope, n.Product(n.Number("2"), under[0]), span=self.span(start)), left
        slope = n.Derivative(body, under, span=self.span(start))
        return self.taken_at(slope, tree, start) if isinstance(tree.top, s.Run) and not left else (slope, left)

    def bar_at_the_end(self) -> tuple[s.Script, ...]:
        """The bar behind the last factor, taken from it: it says where the derivative is evaluated."""
        last = self.items[-1]
        if not isinstance(last, s.Scripted) or last.scripts[-1].mark != "|":
            return ()
        rest = last.scripts[:-1]
        self.items = [*self.items[:-1], replace(last, scripts=rest) if rest else last.base]
        return last.scripts[-1:]

    def taken_at(self, slope: n.Derivative, tree: s.Frac, start: int) -> Found:
        r"""The derivative of a function, with the brackets behind it as its argument: `\frac{df}{dx}(x_0)`."""
        top, under = slope.numerator, slope.denominators
        behind = self.items[self.at] if self.at < len(self.items) and not self.joints[self.at - 1] else None
        group = behind.base if isinstance(behind, s.Scripted) else behind
        if not isinstance(group, s.Group) or group.opening != "(" or not isinstance(top, n.Symbol):
            return slope, ()
        if not self.is_function(top.name):
            same = len(group.parts) == 1 and self.resolver.node(group.parts[0]) in under
            ask = r"is this a product, or the derivative taken there? write \cdot, or a bar |_{x = ...}"
            if not same or not self.resolver.doubtful("slope", ask, group):
                return slope, ()
        if len(group.parts) != 1 or len(set(under)) != 1 or under[0].indices:
            self.resolver.fail(r"where is this derivative taken? write \frac{\partial f(a, b)}{\partial a}", tree)
        self.at += 1
        value = self.resolver.node(group.parts[0])
        scripts = behind.scripts if isinstance(behind, s.Scripted) else ()
        return n.At(slope, (under[0].name,), (value,), span=self.span(start)), scripts

    def nabla(self, scripts: tuple[s.Script, ...], item: s.Tree) -> Found:
        r"""`\nabla_W L`, `\nabla f(x)`, `\nabla^2 f(x)`, and `\nabla L` where L depends on one symbol alone."""
        start = self.at - 1
        order, over = 1, None
        for script in scripts:
            if script.mark == "_":
                over = self.resolver.as_symbol(self.resolver.node(script.parts[0]), script)
            else:
                order = self.resolver.times(script)
        joint = self.joints[self.at - 1] if self.at < len(self.items) else "="
        if joint in OF_VECTORS:
            self.resolver.fail(OF_VECTORS[joint], item)
        if joint:
            self.resolver.fail(r"the equation ends too early: of what is \nabla taken?", item)
        ahead = gradients(self.items[self.at :])
        if ahead >= HIGHEST:  # each is read in two ways, so that the readings double
            self.resolver.fail(too_high(str(ahead + 1)), item)
        left = self.bar_at_the_end()
        body, own = self.operand(over, item)
        if over is not None:
            return n.Derivative(body, (over,) * order, nabla=True, span=self.span(start)), own or left
        return n.Gradient(body, order, span=self.span(start)), own or left

    def operand(self, over: n.Symbol | None, item: s.Tree) -> Found:
        """What a gradient is taken of: the next factor; or all that follow, where it is a number, or they say both."""
        first = self.at
        body, left = self.powered(over, *self.atom())
        if left or self.at >= len(self.items) or self.joints[self.at - 1] == "/":
            return body, left
        behind, self.at = self.at, first
        whole = self.product()
        plain = not body.names and not any(isinstance(x, n.Letter) for x in body.walk())
        plain = plain or (over is not None and set(body.names) == {over.name} and not isinstance(body, n.Call))
        rest = type(self)(self.resolver, self.items[behind:], self.joints[behind:]).product()
        both = over is not None and over.name in rest.names
        ask = "does this gradient take all that follows, or the first factor alone? write brackets"
        if plain or (both and self.resolver.doubtful("nabla", ask, item)):
            return whole, ()
        self.at = behind
        return body, left

    def powered(self, over: n.Symbol | None, body: n.Node, scripts: tuple[s.Script, ...]) -> Found:
        """A factor with its powers; a transpose is that of the gradient, but for the symbol that it is taken in."""
        own = isinstance(body, n.Symbol) and over is not None and body.name == over.name
        while scripts and scripts[0].mark == "^" and (own or scripts[0].words not in TRANSPOSES):
            body, scripts = self.resolver.raised(body, scripts[0], body.span), scripts[1:]
        return body, scripts

    def for_all(self, left: n.Node, right: n.At) -> bool:
        """Whether the bar behind the last factor is meant for all of them, where that makes a difference."""
        ask = r"is the last factor evaluated there, or all of them? write brackets, or \left. ... \right|"
        last = self.items[self.at - 1]
        barred = isinstance(last, s.Scripted) and last.scripts[-1].mark == "|"
        inside = set(right.places) & set(left.names)
        return barred and bool(inside) and self.resolver.doubtful("bar", ask, self.items[self.at - 1])

    # derivatives of functions whose order stands above them

    def primed(self, base: str, own: Scripts) -> Scripts:
        """A number in brackets above a function that has no such mark is that of its derivative: `f^{(3)}(x)`."""
        order, function = own.tag[3:-2], base + (f"_{{{own.lower.text}}}" if own.lower else "")
        counted = own.tag.startswith("^{(") and order.isdecimal() and int(order[:3]) > 0
        if not counted or own.primes or not self.is_function(function) or self.resolver.kind(function + own.tag):
            return own
        if int(order[:3]) > HIGHEST:
            self.resolver.fail(too_high(order), self.items[self.at - 1])
        return replace(own, tag="", primes=int(order))

    def of_order(self, base: str, own: Scripts, symbol: n.Symbol) -> Found | None:
        """A derivative of a function of which a letter says the order: `f^{(n)}(x)`."""
        start, letter = self.at - 1, own.tag[3:-2]
        counted = letter in self.resolver.bound or self.resolver.kind(letter) == Kind.INTEGER
        known = self.resolver.kind(symbol.name) or own.lower or own.primes or own.rest
        if not own.tag.startswith("^{(") or not counted or known or not self.is_function(base):
            return None
        argument = self.argument("( [")
        if argument is None:
            return None
        order = n.Letter(letter) if letter in self.resolver.bound else n.Symbol(letter)
        return n.Call(base, self.values(argument[0]), 0, order, span=self.span(start)), argument[1]


def gradients(parts: Iterable[Any]) -> int:
    r"""How many `\nabla` stand in parts of a formula, at any depth."""
    found, left = 0, list(parts)
    while left:
        part = left.pop()
        if isinstance(part, s.Tree):
            found += alone(part) == r"\nabla"
            left += [getattr(part, field.name) for field in fields(part) if field.name != "span"]
        elif isinstance(part, tuple):
            left += part
    return found
