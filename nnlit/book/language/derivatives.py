"""Derivatives as they are printed: which fraction is one, and what it is taken in."""

from collections.abc import Sequence
from dataclasses import replace

from nnlit.book.language import nodes as n
from nnlit.book.language import syntax as s
from nnlit.book.language.guide import see
from nnlit.book.language.names import NameResolver, outward

DIFFERENTIALS = {r"\partial", "d"}
HIGHEST = 4  # order of a derivative
MIXED = "more than two derivatives in several symbols are not computed: give the first one a name, and derive that"


def too_high(order: str) -> str:
    """What is said of a derivative of an order that is not computed, and what to write."""
    said = f"{int(order):,}" if len(order) < 20 else f"{order[:3]}..."
    what = f"a derivative of order {said} is not computed: at most {HIGHEST} are"
    return f"{what}; give one of them a name, and take the rest of it"


class DerivativeResolver(NameResolver):
    """Resolves what stands below the line of a derivative."""

    def indexed(self, items: Sequence[s.Tree], joints: Sequence[str]) -> tuple[list[s.Tree], list[str]]:
        """Factors in which square brackets behind an array are its indices."""
        raise NotImplementedError

    def mark_of(self, tree: s.Frac) -> str:
        """The d of a derivative, or nothing where a fraction is a quotient."""
        first = leading(tree.top)
        self.refuse_half(tree)
        if isinstance(tree.bottom, s.Sum):
            return ""  # of a size d: d / (d - 1)
        return first if first in DIFFERENTIALS and leading(tree.bottom) == first and first != alone(tree.bottom) else ""

    def refuse_half(self, tree: s.Frac) -> None:
        r"""Fail at a derivative of which only one side of the line is written: `\frac{\partial L}{w}`."""
        above, below = (begins(x) for x in (tree.top, tree.bottom))
        if above and alone(tree.bottom) == r"\partial":
            self.fail(r"in what is this derivative taken? write its name behind the \partial below the line", tree)
        if above is not below:
            here, there = ("above", "below") if above else ("below", "above")
            self.fail(rf"a \partial stands {here} this line and none {there} it: a derivative has both", tree)

    def in_a_square(self, tree: s.Frac, below: int) -> bool:
        r"""Whether a derivative is taken in the square of a symbol, as in `\frac{\partial L}{\partial \sigma^2}`."""
        first = tree.top.items[0] if isinstance(tree.top, s.Run) else tree.top
        scripts = first.scripts if isinstance(first, s.Scripted) else ()
        above = self.times(scripts[0]) if scripts else 1
        items = tree.bottom.items if isinstance(tree.bottom, s.Run) else ()
        if above != below and not (above == 1 and len(items) == below == 2):
            self.fail(f"a derivative of order {above} above the line and of order {below} below it", tree)
        return above != below

    def denominators(self, tree: s.Frac) -> tuple[n.Symbol, ...]:
        """The symbols under a differential."""
        mark, found = self.mark_of(tree), list[n.Symbol]()
        items, joints = (
            self.indexed(tree.bottom.items, tree.bottom.joints) if isinstance(tree.bottom, s.Run) else ([], [])
        )
        if len(items) == 3 and isinstance(outward(items[2])[0], s.Group):
            ask = "a derivative is taken in a symbol: display this expression with a name, and write the name"
            self.fail(ask + see("in-an-expression"), tree.bottom)
        for k, item in enumerate(items):
            if k % 2 == 0 and alone(item) == mark:
                continue
            if k % 2 == 0 or not isinstance(tree.bottom, s.Run) or any(joints):
                self.fail(f"a derivative's denominator is {mark} and a symbol", item)
            found += self.denominator(laid_down(item) if k == len(items) - 1 == 3 else item)
        if not found or len(items) % 2:
            self.fail(f"a derivative's denominator is {mark} and a symbol", tree.bottom)
        if len(found) > 2 and len(set(found)) > 1:
            self.fail(MIXED, tree.bottom)
        if len(found) > HIGHEST:
            self.fail(too_high(str(len(found))), tree.bottom)
        return tuple(found)

    def denominator(self, item: s.Tree) -> list[n.Symbol]:
        """One symbol under a differential, as often as the power behind it says."""
        base, scripts = outward(item)
        if not isinstance(base, s.Name | s.Word | s.Accent):
            what = f"the number {base.text}" if isinstance(base, s.Numeral) else "an expression: give it a name"
            self.fail(f"a derivative is taken in a symbol, not in {what}", item)
        own = self.own(self.base(base), scripts, item)
        symbol = self.as_symbol(self.name(self.base(base), own, item), item)
        if own.rest and own.rest[0].mark == "_" and not symbol.indices:  # behind a label: W_1[i, j]
            symbol = replace(symbol, indices=self.indices(own.rest[0]))
            own = replace(own, rest=own.rest[1:])
        if len(own.rest) > 1 or (own.rest and own.rest[0].mark != "^"):
            self.fail(f"cannot read {own.rest[0].mark!r} here", own.rest[0])
        return [symbol] * (self.times(own.rest[0]) if own.rest else 1)

    def times(self, script: s.Script) -> int:
        """How often a derivative is taken: the number after `^`."""
        if script.mark != "^" or not script.text.isdecimal():
            text = script.text or "nothing"
            self.fail(f"{text} is no number of derivatives, such as the 2 of a second derivative", script)
        if int(script.text[:3]) > HIGHEST:
            self.fail(too_high(script.text), script)
        if not int(script.text[:3]):
            self.fail("a derivative of order 0 is what it is taken of: write that", script)
        return int(script.text[:3])

    def as_symbol(self, node: n.Node, tree: s.Tree) -> n.Symbol:
        """A bare letter under a differential is a name."""
        if isinstance(node, n.Letter):
            return n.Symbol(node.name, span=node.span)
        if not isinstance(node, n.Symbol):
            self.fail("a derivative is taken in a symbol, and this is none", tree)
        return node


def begins(tree: s.Tree) -> bool:
    r"""Whether an expression begins with a `\partial` below which nothing stands."""
    first = tree.items[0] if isinstance(tree, s.Run) else tree
    below = isinstance(first, s.Scripted) and any(x.mark == "_" for x in first.scripts)
    return leading(tree) == r"\partial" and not below


def laid_down(tree: s.Tree) -> s.Tree:
    r"""The symbol of the second differential, which a Hessian may have with a transpose: `\partial x^\top`."""
    if isinstance(tree, s.Scripted) and len(tree.scripts) == 1:
        script = tree.scripts[0]
        return tree.base if script.mark == "^" and script.text in {r"\top", "T"} else tree
    return tree


def leading(tree: s.Tree) -> str:
    """The letter or command that an expression begins with, or nothing."""
    if isinstance(tree, s.Run | s.Sum | s.Entrywise):
        return leading(tree.items[0] if isinstance(tree, s.Run) else tree.terms[0])
    return alone(tree.base if isinstance(tree, s.Scripted) else tree)


def alone(tree: s.Tree) -> str:
    """The letter or command that an expression is, or nothing."""
    return tree.text if isinstance(tree, s.Name) else ""
