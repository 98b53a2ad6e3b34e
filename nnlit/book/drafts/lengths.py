"""Which axes of a text's arrays have one length: those that meet in a sum, a product or an equation."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from nnlit.book.drafts.hints import stem
from nnlit.book.language import nodes as n


@dataclass(frozen=True)
class Form:
    """The axes of a value; a row is a vector laid down."""

    axes: tuple[str, ...] = ()
    row: bool = False


NUMBER = Form()


@dataclass
class Lengths:
    """Axes, and which of them have one length.

    Attributes:
        forms: the axes of each name that is known.
        open: the names of which nothing says that they are more than numbers.
        members: the names that are one of many, each with the letter that says which.
        seen: why a name is a vector all the same.
        above: for an axis another one that is as long.
        calls: the axes of what each function of one argument is called with.
    """

    forms: dict[str, Form]
    open: set[str]
    members: Mapping[str, str]
    seen: dict[str, str] = field(default_factory=dict)
    above: dict[str, str] = field(default_factory=dict)
    calls: dict[str, set[tuple[str, ...]]] = field(default_factory=dict)

    @property
    def axes(self) -> list[str]:
        """Every axis that has met another one."""
        return list(dict.fromkeys([*self.above, *self.above.values()]))

    def root(self, axis: str) -> str:
        """The axis that stands for all that are as long as this one."""
        while axis in self.above:
            axis = self.above[axis]
        return axis

    def join(self, one: str, other: str) -> None:
        """Let two axes have one length, unless the text gives them two: then one of its displays is wrong."""
        one, other = sorted((self.root(one), self.root(other)), key=lambda axis: not axis.startswith("size:"))
        if one != other and not other.startswith("size:"):
            self.above[other] = one

    def tie(self) -> None:
        """Let names of one stem, as those at two steps, have axes of one length."""
        for name, form in list(self.forms.items()):
            self.alike(name, form)

    def meet(self, one: Form | None, other: Form | None) -> Form | None:
        """What comes of two values that are added, compared or multiplied entry by entry."""
        if one is None or other is None:
            return one or other
        for a, b in zip(reversed(one.axes), reversed(other.axes), strict=False):
            self.join(a, b)
        return one if len(one.axes) >= len(other.axes) else other

    def walk(self, left: n.Node, right: n.Node, where: str) -> None:
        """Let the axes meet that meet in a claim of a display; a name that it defines gets its form."""
        if not isinstance(left, n.Symbol) or left.name in self.forms:
            self.both(left, right, where)
            return
        value = self.form(right, where)
        if left.indices:
            own = [self.index(left.name, k, index, where) for k, index in enumerate(left.indices)]
            self.forms[left.name] = Form((*own, *(value.axes if value else ())))
        elif value is not None:
            self.forms[left.name] = value
            self.alike(left.name, value)

    def alike(self, name: str, value: Form) -> None:
        """What is defined at one step has the form that it has at the others, and a gradient that of what it is in."""
        for one in (f"d{name}", name[1:] if name[:1] == "d" else ""):
            self.meet(self.forms.get(one), value)
        if stem(name) != name:
            for other in [other for other in self.forms if stem(other) == stem(name)]:
                if value.axes and other in self.open:
                    self.raised(n.Symbol(other), value.axes[-1:], "it is an array at another step")
                self.meet(self.forms[other], value)

    def both(self, left: n.Node, right: n.Node, where: str) -> Form | None:
        """Two values of one form; a small letter beside a vector is one."""
        one, other = self.form(left, where), self.form(right, where)
        for node, mine, its in ((left, one, other), (right, other, one)):
            if mine == NUMBER and its is not None and its.axes:
                self.raised(node, its.axes[-1:], "it is added to an array or set equal to one")
        return self.meet(one, other)

    def raised(self, node: n.Node, axes: tuple[str, ...], why: str) -> None:
        """Take a name for a vector of which nothing said that it is more than a number."""
        if isinstance(node, n.Symbol) and node.name in self.open and not node.indices:
            for name in {name for name in self.open if stem(name) == stem(node.name)}:
                self.open.discard(name)
                self.seen[name], self.forms[name] = why, Form((f"{name}:0",))
                self.join(axes[0], f"{name}:0")

    def form(self, node: n.Node, where: str) -> Form | None:
        """The axes of an expression; None where they are not known."""
        rule = next((RULES[kind] for kind in type(node).__mro__ if kind in RULES), None)
        if rule is not None:
            return rule(self, node, where)
        for part in node.parts:
            self.form(part, where)
        return None

    def index(self, name: str, axis: int, index: n.Node, where: str) -> str:
        """An axis of a name; it is as long as the range of the letter that runs over it."""
        if isinstance(index, n.Letter):
            self.join(f"{where}|{index.name}", f"{name}:{axis}")
        return f"{name}:{axis}"

    def symbol(self, node: n.Symbol, where: str) -> Form | None:
        """A name, or what its indices leave of it."""
        known = self.forms.get(node.name)
        if known is None:
            return None
        if node.name in self.members:
            self.join(f"many:{stem(node.name)}", f"{where}|{self.members[node.name]}")
        if node.indices and len(known.axes) < len(node.indices):
            return None
        for k, index in enumerate(node.indices):
            if isinstance(index, n.Letter):
                self.join(f"{where}|{index.name}", known.axes[k])
        kept = (a for k, a in enumerate(known.axes) if k >= len(node.indices) or isinstance(node.indices[k], n.Whole))
        return Form(tuple(kept), known.row and not node.indices)

    def entry(self, node: n.Entry, where: str) -> Form | None:
        """An entry of an expression."""
        body = self.form(node.body, where)
        if body is None or len(body.axes) < len(node.indices):
            return None
        for axis, index in zip(body.axes, node.indices, strict=False):
            if isinstance(index, n.Letter):
                self.join(f"{where}|{index.name}", axis)
        return Form(body.axes[len(node.indices) :])

    def transpose(self, node: n.Transpose, where: str) -> Form | None:
        """A transposed matrix, or a vector laid down."""
        body = self.form(node.body, where)
        if body is None or len(body.axes) != 1:
            return body and Form(tuple(reversed(body.axes)))
        return Form(body.axes, not body.row)

    def product(self, node: n.Product, where: str) -> Form | None:
        """A matrix product, or one with a number; a small letter behind a matrix is a vector."""
        left, right = self.form(node.left, where), self.form(node.right, where)
        if left is None or right is None:
            return None
        if len(left.axes) == 2 and right == NUMBER and not node.dot:
            self.raised(node.right, left.axes[1:], "it stands behind a matrix")
            right = self.form(node.right, where) or right
        if not left.axes or not right.axes:
            return right if not left.axes else left
        if len(left.axes) == 1 and not left.row:  # a column: behind it a row, or what is asked about
            return Form((*left.axes, *right.axes)) if right.row else self.meet(left, right)
        self.join(left.axes[-1], right.axes[0])
        axes = (*left.axes[:-1], *right.axes[1:])
        return Form(axes, row=left.row and len(axes) == 1)

    def power(self, node: n.Power, where: str) -> Form | None:
        """A power; of a matrix only where it is square."""
        base = self.form(node.base, where)
        self.form(node.exponent, where)
        if base is not None and len(base.axes) == 2 and not node.entries:
            self.join(*base.axes)
        return base

    def call(self, node: n.Call, where: str) -> Form | None:
        """A function; that of a square matrix is a number, any other is meant on every entry."""
        found = [self.form(part, where) for part in node.arguments]
        self.calls.setdefault(node.function, set()).add(found[0].axes if found and found[0] else ())
        if node.function in OF_MATRICES:
            for form in found:
                if form is not None and len(form.axes) == 2:
                    self.join(*form.axes)
            return NUMBER
        return found[0] if len(found) == 1 and (node.function.startswith("\\") or len(node.function) > 2) else None

    def derivative(self, node: n.Derivative, where: str) -> Form | None:
        """The derivative of a number has the axes of what it is taken in."""
        top = self.form(node.numerator, where)
        below = [self.form(part, where) for part in node.denominators]
        return below[0] if top == NUMBER and len(below) == 1 else None

    def big(self, node: n.Big, where: str) -> Form | None:
        """A sum and its kin; its upper bound is the length of what its letter runs over."""
        body = self.form(node.body, where)
        if isinstance(node.high, n.Symbol) and node.low == n.Number("1"):
            for letter in node.letters:
                self.join(f"size:{node.high.name}", f"{where}|{letter}")
        return body


OF_MATRICES = {r"\det", "tr", "trace", r"\operatorname{tr}"}


def _same(of: Lengths, node: Any, where: str) -> Form | None:
    return of.form(node.body, where)


def _number(of: Lengths, node: n.Node, where: str) -> Form:
    for part in node.parts:
        of.form(part, where)
    return NUMBER


def _meet(of: Lengths, node: Any, where: str) -> Form | None:
    return of.both(node.left, node.right, where)


def _fraction(of: Lengths, node: n.Fraction, where: str) -> Form | None:
    return of.meet(of.form(node.top, where), of.form(node.bottom, where))


def _inner(of: Lengths, node: n.Inner, where: str) -> Form:
    of.both(node.left, node.right, where)
    return NUMBER


RULES: Mapping[type, Callable[[Lengths, Any, str], Form | None]] = {
    n.Number: _number,
    n.Letter: _number,
    n.Norm: _number,
    n.Binomial: _number,
    n.Indicator: _number,
    n.Factorial: _number,
    n.Negative: _same,
    n.Absolute: _same,
    n.Add: _meet,
    n.Subtract: _meet,
    n.Relation: _meet,
    n.Hadamard: _meet,
    n.Fraction: _fraction,
    n.Inner: _inner,
    n.Symbol: Lengths.symbol,
    n.Entry: Lengths.entry,
    n.Transpose: Lengths.transpose,
    n.Product: Lengths.product,
    n.Power: Lengths.power,
    n.Call: Lengths.call,
    n.Derivative: Lengths.derivative,
    n.Big: Lengths.big,
}
