"""Recursive descent: the words of a formula to a tree that knows no names."""

import re
from collections.abc import Callable
from itertools import pairwise

from nnlit.book.language import syntax as s
from nnlit.book.language.atoms import SEPARATORS
from nnlit.book.language.braced import claims_of
from nnlit.book.language.cursor import DEEPEST, Words
from nnlit.book.language.domains import membership
from nnlit.book.language.dotted import JOINTS, TIMES, Dotted
from nnlit.book.language.ellipsis import DOTS
from nnlit.book.language.lines import Chain, beginning, chains
from nnlit.book.language.spans import Source
from nnlit.book.language.spelling import Token
from nnlit.book.language.stuck import named
from nnlit.book.language.tokens import BARS, CLOSE, CONDITIONS, GAP, MEMBERSHIP, OPEN, RELATIONS, depths, is_mark, lex
from nnlit.book.source.place import BookError, NoClaimError, line_words

CONSTRAINT = re.compile(r"\\(?:text|mbox|mathrm|textrm)\{\s*(?:subject to|such that|s\.\s?t\.)\s*:?\s*\}")
BETWEEN = {*SEPARATORS, GAP, "."}
SET = re.compile(r"[\[(] .*,.* [\])](?: \^ .*)?|\\\{ .* \\\}|(?:\\math\w+ )?(?:\{ )?\\?\w+(?: \})?(?: \^ .*)?")
THOUSANDS = 3  # digits of a group, as in 1,000
ENDS = RELATIONS | CLOSE | JOINTS | {r"\odot", r"\oslash", r"\otimes", r"\to", *MEMBERSHIP, r"\mid", GAP}
SCRIPTS = {"^", "_", "!", "'"}
STARS, TRANSPOSED = {("*",), ("+",)}, {(r"\top",), ("T",)}


def parse(source: Source, above: s.Formula | BookError | None = None) -> s.Formula:
    """A display as a tree; where it begins with a relation, it goes on from the one above.

    Raises:
        BookError: with file, line, column and the words underlined, for what is not in the equation language.
    """
    relation = beginning(source)
    if CONSTRAINT.search(source.tex):
        raise NoClaimError(source.place, "this display states a constraint, and claims nothing")
    words = lex(source)
    if not any(token.text in RELATIONS and not depth for token, depth in zip(words, depths(words), strict=True)):
        lies = membership(source, lambda tokens: Parser(Words(tokens, source)).whole())
        if lies is not None:
            line = source.place.line
            return s.Formula(((s.Side("", lies[0], line), s.Side(r"\in", lies[1], line)),), source)
    if not any(token.text in RELATIONS for token in words):
        raise without_claim(source)
    plain = chains(source, goes_on=bool(relation))
    found = [x for chain in plain for x in (chain, *_braced(chain))]
    braced = frozenset(chain.sides[0][1][0].span for chain in found if chain not in plain)
    if not relation and not any(len(chain.sides) > 1 for chain in found):
        raise without_claim(source)
    start = [s.Side("", _left(relation, source, above), source.place.line)] if relation else []
    first = [*start, *_sides(found[0].sides[bool(relation) :], source)] if relation else []
    rest = [_sides(chain.sides, source) for chain in found[bool(relation) :]]
    sides = tuple(map(tuple, [first, *rest] if relation else rest))
    where = tuple(_conditions(chain.where, source) for chain in found)
    asides = tuple(tuple(t.text for t in x) for chain in found for x in chain.asides)
    assumed, otherwise = (tuple(getattr(chain, x) for chain in found) for x in ("assumed", "otherwise"))
    return s.Formula(sides, source, where, assumed, asides, braced, otherwise)


def _braced(chain: Chain) -> list[Chain]:
    """What braces in a chain claim beside it, under its conditions."""
    pairs = (pair for _, tokens in chain.sides for pair in claims_of(tokens))
    return [Chain([("", label), ("=", body)], chain.where, chain.assumed) for label, body in pairs if label and body]


def without_claim(source: Source) -> BookError:
    """What is said of a display without a relation: it claims nothing, or it cannot be read besides."""
    words = [t for t in lex(source) if t.text not in {"&", r"\\"} and not t.text.startswith((r"\begin", r"\end"))]
    at = next((k for k, token in enumerate(words) if token.text == r"\in"), len(words))
    if at == len(words) - 1:
        return source.error(words[at].span, r"this display states no relation, and nothing stands behind \in")
    if at < len(words) and not SET.fullmatch(" ".join(token.text for token in words[at + 1 :])):
        return source.error(words[at].span, r"this display states no relation, and what stands behind \in is no set")
    try:
        for part in Parser(Words(words[:at], source)).split(BETWEEN):
            if part.texts and not part.texts[0].startswith(r"\text"):
                part.whole()
    except BookError as error:
        return BookError(error.place, f"this display states no relation, and besides: {error.message}", error.excerpt)
    if at < len(words):
        return NoClaimError(source.place, r"this display says with \in of which kind something is: it claims nothing")
    only = "holds nothing but its label or number" if not lex(source) else "states no relation"
    if words and all(token.text.startswith(r"\text") for token in words):
        only = "holds words alone"
    return NoClaimError(source.place, f"this display {only}: it claims nothing")


def _left(relation: str, source: Source, above: s.Formula | BookError | None) -> s.Tree:
    """What a display that begins with a relation goes on from: the left side above, the last one of an inequality."""
    at = lex(source)[0].span
    if above is None:
        raise source.error(at, f"this display begins with {relation}, and none stands above it in its section")
    if isinstance(above, BookError):
        raise source.error(
            at, f"this display goes on from the one above, at {line_words(above.place.line)}, which is not read"
        )
    chain = above.chains[-1]
    equal = all(side.relation in {"", "=", ":="} for side in chain)
    return (chain[0] if equal else chain[-1]).tree


def _sides(chain: list[tuple[str, list[Token]]], source: Source) -> list[s.Side]:
    lines = [tokens[0].span for _, tokens in chain if tokens]
    if len(lines) < len(chain):
        relation = next(relation for relation, tokens in chain if not tokens)
        after = next((k for k in range(1, len(chain)) if not chain[k][1]), 0)
        between = f"between {relation} and {chain[after + 1][0]}" if 0 < after < len(chain) - 1 else ""
        where = between or f"behind {relation}" if relation else f"before {chain[1][0]}" if len(chain) > 1 else "here"
        raise source.error(lines[0] if lines else None, f"one side of a relation is empty: nothing stands {where}")
    trees = [Parser(Words(tokens, source)).whole() for _, tokens in chain]
    trees[:1] = map(named, trees[:1])
    return [s.Side(relation, tree, tokens[0].span.line) for tree, (relation, tokens) in zip(trees, chain, strict=True)]


def _conditions(conditions: list[list[Token]], source: Source) -> tuple[s.Tree, ...]:
    pieces = [part for tokens in conditions for part in Parser(Words(tokens, source)).split(SEPARATORS)]
    return tuple(part.claim() for part in pieces)


def parse_expression(source: Source) -> s.Tree:
    """An expression that stands alone, such as the symbol or one axis of a Symbols row."""
    return Parser(Words(lex(source), source)).whole()


class Parser(Dotted):
    """A range of words, read as an expression."""

    def whole(self) -> s.Tree:
        """An expression up to the end of the range."""
        self.nonempty()
        return self.ended(self.expression())

    def claim(self) -> s.Tree:
        """An expression, or several with relations between them, up to the end of the range."""
        self.nonempty()
        start = self.at
        sides, operators = [self.expression()], list[str]()
        while self.peek() in CONDITIONS:
            operators.append(self.next())
            sides.append(self.expression())
        return self.ended(
            s.Compare(tuple(sides), tuple(operators), span=self.span(start)) if operators else sides[0],
        )

    def nonempty(self) -> None:
        """An expression has words."""
        if self.at >= self.stop:
            before = self.words.tokens[self.at - 1].text if self.at else ""
            self.fail(f"an expression is missing here{f', behind {before}' if before not in {'', '{'} else ''}")

    def ended(self, tree: s.Tree) -> s.Tree:
        """A tree behind which nothing is left."""
        if self.peek() == GAP:
            self.unknown(GAP)
        if self.peek() == "," and self.peek(1).isdecimal() and len(self.peek(1)) >= THOUSANDS:
            self.fail("cannot read ',' here: a number of several groups of digits is written without commas")
        if self.peek():
            self.fail(f"cannot read '{self.peek()}' here")
        return tree

    def expression(self) -> s.Tree:
        """Terms joined by plus and minus."""
        start = self.at
        signs = [self.next() if self.peek() in {"+", "-"} else ""]
        begins, terms = [self.at], [self.term()]
        while self.peek() in {"+", "-"}:
            signs.append(self.next())
            begins.append(self.at)
            if self.peek() in DOTS and self.peek(1) == signs[-1]:
                self.continued(begins, terms, signs)
            elif self.peek() in DOTS and not self.peek(1):
                self.next()
                terms.append(s.Dots(span=self.span(begins[-1])))
            else:
                terms.append(self.term())
        return s.Sum(tuple(terms), tuple(signs), span=self.span(start)) if len(terms) > 1 or signs[0] else terms[0]

    def term(self) -> s.Tree:
        r"""Products joined by `\odot`, which binds weaker than juxtaposition."""
        start = self.at
        terms, operators = [self.product()], list[str]()
        while self.peek() in {r"\odot", r"\oslash", r"\otimes"}:
            operators.append(self.next())
            terms.append(self.product())
        return s.Entrywise(tuple(terms), tuple(operators), span=self.span(start)) if operators else terms[0]

    def product(self) -> s.Tree:
        """Factors side by side."""
        start = self.at
        begins, items, joints = [start], [self.factor()], list[str]()
        while self.peek() in JOINTS or self.starts():
            joints.append(self.next() if self.peek() in JOINTS else "")
            begins.append(self.at)
            if self.peek() in DOTS:
                self.multiplied(begins, items, joints)
                break
            items.append(self.signed() if joints[-1] in TIMES and self.peek() == "-" else self.factor())
        return s.Run(tuple(items), tuple(joints), span=self.span(start)) if joints else items[0]

    def signed(self) -> s.Tree:
        r"""A factor with a minus sign, behind a dot: `2 \cdot -1`."""
        start, sign = self.at, self.next()
        return s.Sum((self.factor(),), (sign,), span=self.span(start))

    def starts(self) -> bool:
        """Whether the next word begins a factor."""
        word = self.peek()
        if not word or word in ENDS:
            return False
        command = word[0] == "\\" and word[1:2].isalpha() and not word.startswith(r"\end")
        return word[0].isalnum() or word in OPEN or word in BARS or command or word == r"\#"

    def factor(self) -> s.Tree:
        """An atom with what stands above, below and behind it."""
        start = self.at
        self.deep += 1
        if self.deep > DEEPEST:
            self.fail(f"this expression is more than {DEEPEST} deep: give a part of it a name")
        base, scripts = self.atom(), list[s.Script]()
        while self.peek() in SCRIPTS or self.at_bar():
            scripts += self.evaluated() if self.at_bar() else self.script()
        self.deep -= 1
        self.refuse_double(scripts)
        return s.Scripted(base, tuple(scripts), span=self.span(start)) if scripts else base

    def refuse_double(self, scripts: list[s.Script]) -> None:
        """Two exponents, or two subscripts, one behind the other: TeX refuses them, for they have two readings."""
        for one, other in pairwise(scripts):
            bare = one.mark == "^" and not is_mark(one.words) and one.words not in STARS | TRANSPOSED
            if one.mark == other.mark == "_" or (bare and other.mark == "^" and other.words not in TRANSPOSED):
                what = f"{one.mark}{one.text} and {other.mark}{other.text} stand behind each other"
                raise self.words.source.error(other.span, f"{what}: write brackets, or braces, around what is first")

    def at_bar(self) -> bool:
        r"""Whether a bar stands here behind which it is said where something is evaluated: `|_{x = a}`."""
        if self.peek() not in {"|", r"\rvert", r"\mid"} or self.peek(1) != "_" or self.peek(2) != "{":
            return False
        return "=" in self.sub(self.at + 2, self.stop).enclosed().texts

    def evaluated(self) -> list[s.Script]:
        """Where something is evaluated."""
        start = self.at
        self.next()
        self.next()
        parts = tuple(part.claim() for part in self.group().split({","}))
        if self.peek() == "^":
            self.fail("the limits of an integral, or a power of what is evaluated: write the difference, or brackets")
        return [s.Script("|", ("|",), (), parts, span=self.span(start))]

    def script(self) -> list[s.Script]:
        """What stands above, below or behind an atom; a transpose may stand behind a mark in one exponent."""
        start, mark = self.at, self.next()
        if mark in {"!", "'"}:
            return [s.Script(mark, (mark,), span=self.span(start))]
        inside = self.group()
        if mark == "_" and not inside.texts:
            self.fail("this subscript is empty", start)
        if mark == "^" and inside.texts[-1:] in ((r"\top",), ("T",)) and is_mark(inside.texts[:-1]):
            last = inside.stop - 1
            return [*inside.sub(inside.start, last).raised(), *inside.sub(last, inside.stop).raised()]
        return inside.raised() if mark == "^" else inside.lowered(start)

    def raised(self) -> list[s.Script]:
        """The range as an exponent."""
        return [s.Script("^", self.texts, (self.text,), self.above(), span=self.sub(self.start, self.stop).span())]

    def lowered(self, start: int) -> list[s.Script]:
        """The range as a subscript."""
        pieces = self.split({","})
        parts = tuple(p.below_one() for p in pieces) if len(pieces) > 1 else self.below_all()
        span = self.sub(start, self.stop).span(start)
        return [s.Script("_", self.texts, tuple(p.text for p in pieces), parts, span=span)]

    def above(self) -> tuple[s.Tree, ...]:
        r"""What stands above a name, if it is an expression; of `\odot 2` the number."""
        return (self.sub(self.at + (self.peek() == r"\odot"), self.stop).attempt(),)

    def below_one(self) -> s.Tree:
        """One of several indices."""
        return s.Colon(span=self.span()) if self.texts == (":",) else self.attempt()

    def below_all(self) -> tuple[s.Tree, ...]:
        """Indices without commas, one after the other: `ij`, `i+u`, `i y_i`, `i:`; or a relation."""
        if any(t.text in CONDITIONS and d == self.level for t, d in self.inside()):
            return (self.attempt(),)
        return self.kept(self.listed_indices)

    def listed_indices(self) -> tuple[s.Tree, ...]:
        """Indices up to the end of the range."""
        found = list[s.Tree]()
        while self.peek():
            found += self.index()
        return tuple(found)

    def inside(self) -> list[tuple[Token, int]]:
        """The words of the range, each with its depth."""
        return list(
            zip(self.words.tokens[self.start : self.stop], self.words.depth[self.start : self.stop], strict=True)
        )

    def index(self) -> list[s.Tree]:
        """One index: a colon, a digit, or a factor, with what is added to it."""
        start = self.at
        if self.accept(":"):
            return [s.Colon(span=self.span(start))]
        if self.peek().isdigit() and len(self.peek()) > 1:
            return [s.Numeral(digit, span=self.span(start)) for digit in self.next()]
        terms, signs = [self.factor()], [""]
        while self.peek() in {"+", "-"}:
            signs.append(self.next())
            terms.append(self.factor())
        return [s.Sum(tuple(terms), tuple(signs), span=self.span(start)) if len(terms) > 1 else terms[0]]

    def attempt(self) -> s.Tree:
        """The range as an expression or a relation, or as words of which is kept why they are none."""
        return self.kept(lambda: (self.claim(),))[0]

    def kept(self, read: Callable[[], tuple[s.Tree, ...]]) -> tuple[s.Tree, ...]:
        """What the range is read as; a name may carry any words, so why they are no expression is kept with them."""
        try:
            return read()
        except BookError as error:
            return (s.Opaque(error, span=self.sub(self.start, self.stop).span()),)
