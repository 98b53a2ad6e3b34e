"""Names with what stands below and above them: a subscript is a label, or the indices of an array."""

import re
from collections.abc import Sequence
from contextlib import suppress

from nnlit.book.language import nodes as n
from nnlit.book.language.cursor import ACCENTS, FONTS, Cursor, Shared
from nnlit.book.language.tokens import WORDS, Token, split, text_of
from nnlit.book.source.place import BookError

EIGENVALUES = {r"\lambda_{\max}", r"\lambda_{\min}"}
LETTER = re.compile(r"(?:[a-z]|\\ell)'*")
BIG = {r"\sum": "sum", r"\prod": "prod", r"\max": "max", r"\min": "min"}


BRACKETS = {("(", ")"), ("[", "]"), ("<", ">"), (r"\{", r"\}"), (r"\langle", r"\rangle")}


def bracketed(words: Sequence[str]) -> bool:
    """Whether words are a mark in brackets, such as the `(l)`, `[2]` or `<t>` of a layer, an example or a step."""
    simple = all(re.fullmatch(r"[\w+-]+|\\ell", w) for w in words[1:-1])
    return len(words) > 2 and (words[0], words[-1]) in BRACKETS and simple


class Scripts(Cursor):
    """Reads names; the expressions inside their scripts are read by the class that is derived from it."""

    def sub(self, tokens: Sequence[Token]) -> n.Node:
        """The expression that some tokens are, all of them."""
        return type(self)(tokens, self.shared).whole()

    def whole(self) -> n.Node:
        """An expression up to the end of the tokens."""
        raise NotImplementedError

    def factor(self) -> n.Node:
        """A factor of a product."""
        raise NotImplementedError

    def arguments(self) -> tuple[n.Node, ...]:
        """What stands in the parentheses of a function."""
        return tuple(self.sub(part) for part in split(self.enclosed(), {","}))

    def name(self) -> str:
        """All the tokens as one bare name."""
        node = self.whole()
        if isinstance(node, n.Letter) or (isinstance(node, n.Symbol) and not node.indices):
            return node.name
        self.at = 0
        return self.fail("a name is expected here")

    def base(self) -> str:
        """A letter with its accent or font."""
        word = self.next()
        if word not in ACCENTS | FONTS:
            return word
        inner = type(self)(self.group(), Shared(self.shared.place, self.shared.names, labels=True))
        if len(inner.tokens) == 1 and inner.peek()[0].isdigit():
            return f"{word}{{{inner.next()}}}"
        return f"{word}{{{inner.name()}}}"

    def symbol(self, base: str) -> n.Node:
        """A name with its scripts, called where it is a function and parentheses follow."""
        primes, tag, lower = 0, "", None
        while True:
            if self.accept("'"):
                primes += 1
            elif lower is None and self.accept("_"):
                lower = self.subscript(base)
            elif self.peek() == "^" and not tag and self.tagged():
                self.next()
                tag = "^{" + text_of(self.group()) + "}"
            else:
                break
        return self.called(self.resolve(base, tag, lower, primes), primes)

    def tagged(self) -> bool:
        r"""Whether a tag follows: `^{(l)}`, `^{*}`."""
        words = [t.text for t in type(self)(self.tokens[self.at + 1 :], self.shared).group()]
        while words[:1] == ["{"] and words[-1:] == ["}"]:
            words = words[1:-1]
        return words in (["*"], ["+"]) or bracketed(words)

    def called(self, symbol: n.Node, primes: int) -> n.Node:
        """A function with its arguments, or a bare name."""
        if not isinstance(symbol, n.Symbol) or symbol.indices:
            return symbol
        if symbol.name == "O" and "O" not in self.shared.names.kinds and self.peek() == "(":
            return n.Order(self.sub(self.enclosed()))
        function = symbol.name.removesuffix("'" * primes) if primes else symbol.name
        if not self.shared.names.is_function(function):
            return symbol
        power = self.power_of_call()
        if self.peek() != "(":
            return n.Call(function, (), primes) if primes else symbol
        node = n.Call(function, self.arguments(), primes)
        return n.Power(node, power) if power else node

    def power_of_call(self) -> n.Node | None:
        r"""The exponent in `\sigma^2(z)`, which stands before the argument."""
        if self.peek() != "^":
            return None
        after = type(self)(self.tokens[self.at + 1 :], self.shared)
        after.group()
        if after.peek() != "(":
            return None
        self.next()
        return self.sub(self.group())

    def subscript(self, base: str) -> list[Token]:
        """The tokens below a name."""
        return self.group() or self.fail(f"the subscript of {base} is empty")

    def resolve(self, base: str, tag: str, lower: list[Token] | None, primes: int) -> n.Node:
        """A subscript is a label where the whole name is known, an index where the base is an array."""
        kinds = self.shared.names.kinds
        end = tag + "'" * primes
        if lower is None:
            return self.bare(base + end)
        full = f"{base}_{{{text_of(lower)}}}{end}"
        if full in EIGENVALUES and full not in kinds and self.peek() == "(":
            return n.Call(full, self.arguments())
        words = lower[0].text in WORDS | set(BIG) or lower[0].text.startswith(r"\text")
        if full in kinds or self.shared.labels or words:
            return n.Symbol(full)
        return self.indexed(base, end, full, split(lower, {","}))

    def indexed(self, base: str, end: str, full: str, parts: list[list[Token]]) -> n.Node:
        """A name whose subscript is not a label as a whole: indices, or a label and indices."""
        kinds = self.shared.names.kinds
        for label, rest in ((parts[:1], parts[1:]), (parts[-1:], parts[:-1])):
            named = f"{base}_{{{text_of(label[0])}}}{end}"
            if rest and named in kinds:
                return n.Symbol(named, self.indices(rest))
        if kinds.get(base + end) not in {None, "number", "size", "integer", "index", "function"}:
            return n.Symbol(base + end, self.indices(parts))
        return self.guess(base + end, full, parts)

    def bare(self, name: str) -> n.Node:
        """A name or an index letter without subscript."""
        kind = self.shared.names.kinds.get(
            name.rstrip("'") if self.shared.names.is_function(name.rstrip("'")) else name
        )
        if kind == "index" or name in self.shared.bound or (kind is None and LETTER.fullmatch(name) and name != "e"):
            return n.Letter(name)
        return n.Symbol(name)

    def guess(self, name: str, full: str, parts: list[list[Token]]) -> n.Node:
        """An undeclared name: indices where the subscript holds index letters and nothing declared, else a label."""
        before, indices = set(self.shared.indices), tuple[n.Node, ...]()
        with suppress(BookError):
            indices = self.indices(parts)
        lettered = [any(isinstance(x, n.Letter) for x in index.walk()) for index in indices]
        declared = [self.is_declared(index) for index in indices]
        if any(lettered) and not any(declared):
            return n.Symbol(name, indices)
        self.shared.indices = before
        if len(parts) > 1 and any(declared) and any(lettered) and not any(map(min, lettered, declared)):
            return self.labelled(name, parts, declared)
        return n.Symbol(full)

    def labelled(self, name: str, parts: list[list[Token]], declared: list[bool]) -> n.Node:
        """A name of whose subscripts the declared ones are a label, the others indices."""
        label = ",".join(text_of(p) for p, d in zip(parts, declared, strict=True) if d)
        rest = [p for p, d in zip(parts, declared, strict=True) if not d]
        return n.Symbol(f"{name}_{{{label}}}", self.indices(rest))

    def is_declared(self, index: n.Node) -> bool:
        """Whether an index holds a name that is not a class label."""
        kinds = self.shared.names.kinds
        return any(isinstance(x, n.Symbol) and kinds.get(x.name) != "labels" for x in index.walk())

    def indices(self, parts: list[list[Token]]) -> tuple[n.Node, ...]:
        """`ij`, `i+u,j+v`, `i y_i`, `i:`."""
        for words in ([t.text for t in part] for part in parts):
            if bracketed(words) and sum(w.isalpha() for w in words) < 2:
                mark = "".join(words)
                self.fail(f"{mark} below a name is a mark, not an index: declare the marked name, or drop the brackets")
        if len(parts) > 1:
            return tuple(self.index(part) for part in parts)
        parser, found = type(self)(parts[0], self.shared), []
        while parser.peek():
            start = parser.at
            self.skip_index(parser)
            found.append(self.index(parser.tokens[start : parser.at]))
        return tuple(found)

    def skip_index(self, parser: "Scripts") -> None:
        """Move over one index: an atom, and what is added to it."""
        if parser.accept(":"):
            return
        if parser.peek()[:1].isdigit():
            parser.group()
        else:
            parser.factor()
        while parser.peek() in {"+", "-"}:
            parser.next()
            parser.factor()

    def index(self, tokens: list[Token]) -> n.Node:
        """One index."""
        if [t.text for t in tokens] == [":"]:
            return n.Whole()
        node = self.sub(tokens)
        if (
            isinstance(node, n.Symbol)
            and LETTER.fullmatch(node.name)
            and self.shared.names.kinds.get(node.name) == "size"
        ):
            self.fail(f"{node.name} is a size in the Symbols table: take another letter for the index")
        self.shared.indices |= {x.name for x in node.walk() if isinstance(x, n.Letter)}
        return node
