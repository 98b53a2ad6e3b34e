"""Operators that take what stands behind them: expectations, indicators, derivatives."""

from collections.abc import Sequence

from nnlit.book.language import nodes as n
from nnlit.book.language import syntax as s
from nnlit.book.language.atoms import FUNCTIONS
from nnlit.book.language.brackets import entries
from nnlit.book.language.derivatives import DerivativeResolver, alone
from nnlit.book.language.guide import see
from nnlit.book.language.names import TRANSPOSES, Scripts, outward, sorted_scripts
from nnlit.book.language.spans import Span
from nnlit.book.language.spelled import spelled
from nnlit.book.language.stuck import joined
from nnlit.book.language.vocabulary import Kind, Moment

Found = tuple[n.Node, tuple[s.Script, ...]]  # a node, and the scripts behind it that are not applied yet


DENSITIES = (
    "a divergence is computed of two distributions over finite outcomes, and these have no such rows: of densities"
    " neither it nor its integral is computed, so display its closed form under a name of its own, such as K = ...,"
    " and its derivatives are checked"
)


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

    def indexed(self, items: Sequence[s.Tree], joints: Sequence[str]) -> tuple[list[s.Tree], list[str]]:
        """Factors in which square brackets behind an array are its indices."""
        if not any(isinstance(outward(x)[0], s.Group) for x in items):
            return list(items), list(joints)
        return entries(items, joints, self.names.kinds, [self.named_by(x) for x in items])

    def named_by(self, tree: s.Tree) -> str:
        """A factor as a name, where it is one with nothing raised behind it."""
        base, scripts = outward(tree)
        if not isinstance(base, s.Name | s.Word | s.Accent) or alone(base) in {r"\partial", r"\nabla"}:
            return ""
        if isinstance(base, s.Accent) and (base.command == r"\mathbb" or not isinstance(base.body, s.Name | s.Numeral)):
            return ""
        own = self.own(self.base(base), scripts, tree)
        if own.rest:
            return ""
        if alone(base) in FUNCTIONS or (isinstance(base, s.Word) and self.base(base) not in self.names.kinds):
            return ""
        lower = f"_{{{own.lower.text}}}" if own.lower else ""
        return f"{self.base(base)}{lower}{own.end}"

    def refuse_joints(self, group: s.Group) -> None:
        """Bars and semicolons join the arguments of functions alone."""
        joint = next((joint for joint in group.joints if joint != ","), "")
        if joint == "||":
            self.fail(f"cannot read '||' here: {DENSITIES}{see('probability')}", group)
        if joint:
            self.fail(f"cannot read {joint!r} here: it joins the arguments of a function", group)


class Operators:
    """Some factors, read from left to right, and the operators among them; `resolver` does what stands inside."""

    def __init__(self, resolver: ExpressionResolver, items: Sequence[s.Tree], joints: Sequence[str]) -> None:
        self.resolver, self.at = resolver, 0
        self.items, self.joints = resolver.indexed(*joined(*spelled(items, joints, resolver), resolver))

    def taken(self) -> s.Tree:
        """The next factor, which is consumed."""
        if self.at >= len(self.items):
            self.resolver.fail("the equation ends too early: something is missing behind this", self.items[-1])
        self.at += 1
        return self.items[self.at - 1]

    def product(self) -> n.Node:
        """All factors that are left."""
        raise NotImplementedError

    def atom(self) -> Found:
        """One factor, and the scripts that are left for it."""
        raise NotImplementedError

    def goes_on(self) -> bool:
        """Whether another factor follows: a list of entries with a transpose is a row in front of it, else a column."""
        return self.at < len(self.items) and self.joints[self.at - 1] != "/"

    def column(self, base: s.Group, scripts: tuple[s.Script, ...]) -> Found | None:
        r"""`(a, b, c)^\top`, a vector whose entries are written out."""
        plain = base.opening in {"(", "["} and set(base.joints) <= {","}
        if not plain or not scripts or scripts[0].words not in TRANSPOSES:
            return None
        cells = tuple((self.resolver.node(part),) for part in base.parts)
        return n.Matrix(cells, span=base.span), scripts[not self.goes_on() :]

    def labelled(self, item: s.Tree) -> tuple[s.Tree, tuple[s.Script, ...]]:
        r"""An atom and its scripts; a transpose comes behind a label, but before the indices of a matrix."""
        base, scripts = outward(item)
        written = item.scripts if isinstance(item, s.Scripted) else ()
        if scripts == written or not isinstance(base, s.Name | s.Accent | s.Word) or len(scripts) != len(written):
            return base, scripts
        known = self.resolver.name(self.resolver.base(base), sorted_scripts(scripts[:1]), item)
        return base, scripts if isinstance(known, n.Symbol) and not known.indices else written

    def span(self, start: int, end: int | None = None) -> Span | None:
        """From one factor to another one, or to the last one that was read."""
        first, last = self.items[start].span, self.items[self.at - 1 if end is None else end].span
        return first.to(last) if first and last else first

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
        condition = group.opening == "[" and any(isinstance(part, s.Compare) for part in group.parts)
        if group.opening == "{" or (condition and "{" not in openings):
            return None
        self.at += 1
        return group, scripts

    def member(self, base: str, scripts: tuple[s.Script, ...], item: s.Tree) -> Found | None:
        """One of several functions that a display defines with a letter, `f_k(x)`: entry k of the value of f."""
        if not self.is_function(base) or [x.mark for x in scripts[:1]] != ["_"]:
            return None
        own, start = self.resolver.own(base, scripts, item), self.at - 1
        known = own.lower is None or self.resolver.kind(f"{base}_{{{own.lower.text}}}")
        argument = None if known or own.tag or own.rest else self.argument("(")
        if argument is None or own.lower is None:
            return None
        call = n.Call(base, self.values(argument[0], joined=True), own.primes, span=self.span(start))
        return n.Entry(call, self.resolver.indices(own.lower), span=call.span), argument[1]

    def values(self, group: s.Group, *, joined: bool = False) -> tuple[n.Node, ...]:
        """The arguments in brackets; only those of a function of the page may be joined by bars and semicolons."""
        if group.joints and not joined:
            self.resolver.refuse_joints(group)
        return tuple(map(self.resolver.node, group.parts))

    def opens_mean(self, scripts: tuple[s.Script, ...]) -> bool:
        """Whether an E without a meaning of its own stands before square brackets: a mean in plain letters."""
        behind = self.items[self.at] if self.at < len(self.items) and not self.joints[self.at - 1] else None
        group = behind.base if isinstance(behind, s.Scripted) else behind
        own = [self.resolver.names.kinds.get(x) for x in ("E", *(f"E_{{{script.text}}}" for script in scripts))]
        return isinstance(group, s.Group) and group.opening == "[" and not any(own)

    def refuse_at(self, symbol: n.Symbol | n.Letter, function: str, own: Scripts, item: s.Tree) -> None:
        """A name before several parts in brackets; one with a prime before one: a product, or a derivative?"""
        behind = self.items[self.at] if self.at < len(self.items) and not self.joints[self.at - 1] else None
        if own.rest or not isinstance(behind, s.Group) or behind.opening != "(":
            return
        if len(behind.parts) > 1 and not set(behind.joints) - {","}:
            what = f"brackets with several parts are arguments of a function, and {symbol.name} is none"
            row = "'any smooth function from $n$ and number to number'"
            ask = f"display {symbol.name} with them, or give it a row of the shape function with a meaning such as"
            ask = f"{ask} {row}"
            self.resolver.fail(f"cannot read ',' here: {what}: {ask}", behind)
        if own.primes and isinstance(behind.parts[0], s.Name | s.Numeral):
            ask = f"is {symbol.name} multiplied here, or is this the derivative of {function} at a place?"
            self.resolver.fail(rf"{ask} write \cdot for a product, or display {function} with its argument", item)

    def members(self, scripts: tuple[s.Script, ...], item: s.Tree) -> Found:
        """How many members a set has, as a function."""
        start = self.at - 1
        argument = self.argument("( [")
        if scripts or (argument and len(argument[0].parts) != 1):
            self.resolver.fail("the members of one set are counted: card(S)", item)
        body = self.resolver.node(argument[0].parts[0]) if argument else self.resolver.node(self.taken())
        return n.Count(body, span=self.span(start)), argument[1] if argument else ()

    def moment(self, kind: Moment, scripts: tuple[s.Script, ...], item: s.Tree) -> Found:
        r"""`\mathbb E_B[...]`, `\operatorname{Var}(...)`, `\operatorname{Cov}(a, b)`."""
        start = self.at - 1
        argument = self.argument("[ ( {") if not scripts or [x.mark for x in scripts] == ["_"] else None
        if argument is None:
            self.resolver.fail(f"write the argument of {kind} in brackets", item)
        over = tuple(self.resolver.label(part) for part in scripts[0].parts) if scripts else ()
        values = self.values(argument[0])
        self.counted(kind, values, item)
        return n.Expectation(kind, values, over, span=self.span(start)), argument[1]

    def counted(self, kind: Moment, values: tuple[n.Node, ...], item: s.Tree) -> None:
        """A covariance is that of two values, a mean or a variance that of one."""
        count = 2 if kind is Moment.COVARIANCE else 1
        if len(values) != count:
            self.resolver.fail(f"{kind} has {count} arguments", item)

    def indicator(self, scripts: tuple[s.Script, ...], openings: str = "[ ( {") -> Found | None:
        r"""`\mathbb 1[...]`, `\mathbb 1\{...\}`, `\mathbb 1_{...}`, and with curly brackets a plain `1\{...\}`."""
        start = self.at - 1
        if scripts and scripts[0].mark == "_":
            return n.Indicator(self.resolver.relations(listed(scripts[0].parts)), span=self.span(start)), scripts[1:]
        argument = None if scripts else self.argument(openings)
        if argument is None or not any(isinstance(part, s.Compare) for part in argument[0].parts):
            self.at = start + 1
            return None
        self.resolver.refuse_joints(argument[0])
        return n.Indicator(self.resolver.relations(argument[0].parts), span=self.span(start)), argument[1]

    def ones(self, base: s.Accent, scripts: tuple[s.Script, ...], item: s.Tree) -> Found | None:
        r"""`\mathbf 1_N` and `\mathbf 1_{m \times n}`: an array of ones whose sizes stand below it, as a name."""
        own = self.resolver.own(self.resolver.base(base), scripts, item)
        if own.lower is None or any(isinstance(part, s.Compare) for part in listed(own.lower.parts)):
            return None
        if any(isinstance(part, s.Opaque) for part in own.lower.parts) and r"\times" not in own.lower.words:
            return None
        name = f"{self.resolver.base(base)}_{{{own.lower.text}}}"
        sizes = [word for word in own.lower.words if word not in {"{", "}", r"\times", ","}]
        counted = all(word.isdecimal() or self.resolver.kind(word) in {Kind.SIZE, Kind.INTEGER} for word in sizes)
        own_row = self.resolver.kind(self.resolver.base(base)) is not None and not counted
        return None if own_row and name not in self.resolver.names.kinds else (n.Symbol(name, span=item.span), own.rest)

    def indexed_set(self, group: s.Group) -> bool:
        r"""Whether curly brackets hold one thing with an index, as in `\max\{r_i\}`: a set over that index."""
        values = self.values(group)
        letters = {x.name for value in values for x in value.walk() if isinstance(x, n.Letter)}
        return len(values) == 1 and bool(letters - set(self.resolver.bound))

    def ordered(self, node: n.Node, scripts: tuple[s.Script, ...]) -> tuple[s.Script, ...]:
        """Scripts in the order in which they count: `C^2_{ij}` is an entry of the square, or the square of an entry."""
        marks = [script.mark for script in scripts]
        number = marks == ["^", "_"] and scripts[0].text.isdecimal()
        if not number or not isinstance(node, n.Symbol) or self.resolver.kind(node.name) != Kind.ARRAY:
            return scripts
        ask = f"is this an entry of the power, or the power of an entry? write ({node.name}^{scripts[0].text})_{{...}}"
        ask += see("power-of-entry")
        return scripts[::-1] if self.resolver.doubtful("power", ask, scripts[0]) else scripts


def listed(parts: tuple[s.Tree, ...]) -> tuple[s.Tree, ...]:
    r"""The conditions below an indicator, without braces around all of them: `\mathbf 1_{\{x > 0\}}`."""
    only = parts[0] if len(parts) == 1 else None
    return only.parts if isinstance(only, s.Group) and only.opening in {r"\{", "{", "(", "["} else parts
