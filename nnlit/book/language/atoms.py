"""The atoms of the equation language: what begins with a bracket, a command or an environment."""

from collections.abc import Sequence

from nnlit.book.language import syntax as s
from nnlit.book.language.ellipsis import DOTS, UNCLEAR, series
from nnlit.book.language.folds import FOLDS, GREEK, INTEGRALS, Folds
from nnlit.book.language.guide import see
from nnlit.book.language.tokens import ACCENTS, FONTS, GAP, WORDS
from nnlit.book.language.vocabulary import NormKind

FUNCTIONS = {r"\exp", r"\log", r"\tanh", r"\sinh", r"\cosh", r"\sin", r"\cos", r"\tan", r"\det"}
OPERATORS = frozenset({r"\nabla", r"\partial"})
NAMES = GREEK | FUNCTIONS | OPERATORS | set(FOLDS) | {r"\Pr", r"\neg", r"\infty"}
ELLIPSIS = {r"\dots", r"\cdots", r"\ldots", r"\vdots", r"\ddots", r"\dotsb", r"\dotsc"}
SEPARATORS = {",", r"\wedge", r"\land", r"\text{ and }", r"\text{and}"}
NORMS = {str(kind): kind for kind in NormKind}


class Atoms(Folds):
    """Reads atoms; the expressions inside are read by the class that is derived from it."""

    def atom(self) -> s.Tree:
        """A number, a name, or something in brackets."""
        start, word = self.at, self.peek()
        if word in SPECIAL:
            return SPECIAL[word](self)
        if word[:1].isdecimal():
            return s.Numeral(self.next(), span=self.span(start))
        if word in FOLDS and self.below():
            return self.fold(FOLDS[self.next()], start)
        if word[:1].isalpha() or word in NAMES:
            return s.Name(self.next(), span=self.span(start))
        return self.environment() if word.startswith(r"\begin") else self.named(word)

    def named(self, word: str) -> s.Tree:
        """A name that is written with a command of its own."""
        start = self.at
        if word in ACCENTS | FONTS:
            self.next()
            return s.Accent(word, self.group().whole(), span=self.span(start))
        if word in WORDS or (word.startswith(r"\text") and len(word) > len(r"\text{}")):
            return self.word()
        return self.unknown(word)

    def below(self) -> bool:
        r"""Whether the sign that stands here is a sum or one of its kin: `\max(a, b)` is a function."""
        return self.peek() in {r"\sum", r"\prod"} or self.peek(1) == "_"

    def unknown(self, word: str) -> s.Tree:
        """Say what is wrong with a word that begins nothing."""
        if word in ELLIPSIS:
            self.fail(f"{word} cannot be executed here: write the sum with its bounds{see('ellipsis')}")
        if word == GAP:
            self.fail("a wide space inside brackets is no product: write the product without it")
        if not word:
            self.ended_early()
        if word[0] == "\\" and word[1:].isalpha():
            self.fail(f"unknown command {word}: it is not in the equation language")
        return self.fail(f"cannot read '{word}' here")

    def brackets(self) -> s.Tree:
        """Brackets, round, square, curly or only grouping."""
        start, opening = self.at, self.peek()
        inside = self.enclosed()
        cuts = dict.fromkeys(inside.cuts(SEPARATORS), ",")
        cuts |= inside.given() if opening != "{" else {}
        joints = tuple(cuts[k] for k in sorted(cuts))
        pieces = inside.parted(cuts)
        if any(piece.texts[0] in DOTS and len(piece.texts) == 1 for piece in pieces if piece.texts):
            parts, joints = self.listed(pieces, joints)
        else:
            parts = tuple(map(Atoms.piece, pieces, ("", *joints)))
        return s.Group(opening, parts, joints if set(joints) - {","} else (), span=self.span(start))

    def listed(
        self, pieces: Sequence["Atoms"], joints: tuple[str, ...], operator: str = "list"
    ) -> tuple[tuple[s.Tree, ...], tuple[str, ...]]:
        r"""Pieces with dots among them, as in `f(x_1, \ldots, x_n)`: the vector of those that they stand for."""
        dots = [k for k, piece in enumerate(pieces) if len(piece.texts) == 1 and piece.texts[0] in ELLIPSIS]
        at = dots[0]
        words = [self.words.tokens[p.start : p.stop] for p in pieces]
        begin = next((k for k in range(at - 1, -1, -1) if joints[k] != ","), -1) + 1
        found = series(words[begin:at], words[at + 1]) if at + 1 < len(pieces) else None
        if found is None or len(dots) > 1 or {joints[at - 1], joints[at]} != {","}:
            self.fail(UNCLEAR, pieces[at].start)
        first = at - found.count
        high, body = (self.anew(x).whole() for x in (found.high, found.term))
        span = words[first][0].span.to(words[at + 1][-1].span)
        whole = s.Fold(operator, (found.letter,), "=", s.Numeral(found.low.text), high, body, span=span)
        marks = ("", *joints)
        front = tuple(map(Atoms.piece, pieces[:first], marks[:first]))
        back = tuple(map(Atoms.piece, pieces[at + 2 :], marks[at + 2 :]))
        return (*front, whole, *back), (*joints[:first], *joints[at + 1 :])

    def piece(self, joint: str = "") -> s.Tree:
        r"""What stands behind a joint; a dot alone, as in `p(\cdot | x)`, stands for every value."""
        if joint == "||":
            self.accept("|", r"\mid")  # the second of two bars
        alone = self.peek() == r"\cdot" and self.at == self.stop - 1
        return s.Colon(span=self.span()) if alone else self.claim()

    def absolute(self) -> s.Tree:
        """`|x|`."""
        start = self.at
        return s.Size(self.enclosed().whole(), span=self.span(start))

    def count(self) -> s.Tree:
        r"""`\# S`."""
        start = self.at
        self.next()
        self.group()
        while self.accept("_"):
            self.group()
        return s.Members(self.sub(start + 1, self.at).whole(), span=self.span(start))

    def norm(self) -> s.Tree:
        r"""`\|x\|`, with its kind as a subscript."""
        start = self.at
        body, kind = self.enclosed().whole(), str(NormKind.EUCLIDEAN)
        if self.peek() == "_" and self.sub(self.at + 1, self.stop).group().text in NORMS:
            self.next()
            kind = self.group().text
        return s.Size(body, NORMS[kind], span=self.span(start))

    def whole_number(self) -> s.Tree:
        r"""`\lfloor x \rfloor`, `\lceil x \rceil`."""
        start, word = self.at, self.peek().removeprefix(r"\l")
        inside = self.enclosed().whole()
        span = self.span(start)
        return s.Run((s.Word(word, operator=True, span=span), s.Group("(", (inside,), span=span)), ("",), span=span)

    def inner(self) -> s.Tree:
        r"""`\langle a, b \rangle`."""
        start = self.at
        parts = self.enclosed().split({","})
        if len(parts) != 2:
            self.fail(f"an inner product has two parts, a comma between them, and this one has {len(parts)}", start)
        return s.Angles(parts[0].whole(), parts[1].whole(), span=self.span(start))

    def fraction(self) -> s.Tree:
        r"""`\frac{a}{b}`."""
        start = self.at
        self.next()
        top = self.group()
        if self.at >= self.stop:
            self.fail(r"\frac needs two parts, \frac{a}{b}: the second one is missing", start)
        bottom = self.group()
        return s.Frac(top.whole(), bottom.whole(), span=self.span(start))

    def root(self) -> s.Tree:
        r"""`\sqrt{x}`, `\sqrt[n]{x}`."""
        start = self.at
        self.next()
        degree = self.enclosed().whole() if self.peek() == "[" else None
        return s.Root(self.group().whole(), degree, span=self.span(start))

    def binomial(self) -> s.Tree:
        r"""`\binom{n}{k}`."""
        start = self.at
        self.next()
        top, bottom = self.group(), self.group()
        return s.Choose(top.whole(), bottom.whole(), span=self.span(start))

    def brace(self) -> s.Tree:
        r"""`\underbrace{x}_{remark}`: the remark is not read."""
        self.next()
        node = self.group().whole()
        if self.accept("_", "^"):
            self.group()
        return node

    def word(self) -> s.Tree:
        r"""`\operatorname{name}`, `\mathrm{name}`, `\text{name}`."""
        start, operator = self.at, self.peek() in WORDS
        word = self.next()
        name = self.group().text if operator else self.sub(start, self.at).text
        if not name:
            self.fail(f"cannot read {word} here", start)
        folded = name in {"argmax", "argmin"} or ("\\" + name in FOLDS and self.peek() == "_")
        return self.fold(name, start) if folded else s.Word(name, operator, span=self.span(start))

    def environment(self) -> s.Tree:
        """`cases` or a matrix."""
        raise NotImplementedError


SPECIAL = {
    "(": Atoms.brackets,
    "{": Atoms.brackets,
    "[": Atoms.brackets,
    r"\{": Atoms.brackets,
    "|": Atoms.absolute,
    r"\lvert": Atoms.absolute,
    r"\|": Atoms.norm,
    r"\langle": Atoms.inner,
    r"\lfloor": Atoms.whole_number,
    r"\lceil": Atoms.whole_number,
    r"\frac": Atoms.fraction,
    r"\sqrt": Atoms.root,
    r"\binom": Atoms.binomial,
    r"\underbrace": Atoms.brace,
    r"\overbrace": Atoms.brace,
    r"\lim": Atoms.limit,
    **dict.fromkeys(INTEGRALS, Atoms.integral),
    r"\arg": Atoms.arg,
    r"\#": Atoms.count,
}
