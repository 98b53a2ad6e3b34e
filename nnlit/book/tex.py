"""LaTeX to nodes: the practical subset that matrix calculus is written in, with messages that name file and line."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NoReturn

from nnlit.book import nodes as n
from nnlit.book.chapter import BookError, Place
from nnlit.book.tokens import (
    BARS,
    BLOCKS,
    CLOSE,
    CONDITIONS,
    OPEN,
    RELATIONS,
    WORDS,
    Token,
    depths,
    lex,
    relations,
    split,
    statements,
    text_of,
    trimmed,
)

ACCENTS = {r"\hat", r"\bar", r"\tilde", r"\dot", r"\ddot", r"\vec", r"\check"}
FONTS = {r"\mathbf", r"\mathcal", r"\mathbb", r"\mathsf", r"\mathfrak", r"\mathit", r"\mathscr"}
FUNCTIONS = {r"\exp", r"\log", r"\tanh", r"\sinh", r"\cosh", r"\sin", r"\cos", r"\tan", r"\det"}
EIGENVALUES = {r"\lambda_{\max}", r"\lambda_{\min}"}
NAMED = {"softmax", "ReLU", "relu", "diag", "tr", "sign", "logsumexp", "erf", "Re", "Im"}
MOMENTS = {"E": "E", "Var": "Var", "Cov": "Cov", r"\mathbb{E}": "E"}
BIG = {r"\sum": "sum", r"\prod": "prod", r"\max": "max", r"\min": "min"}
GREEK_WORDS = (
    r"\alpha \beta \gamma \delta \epsilon \varepsilon \zeta \eta \theta \vartheta \iota \kappa \lambda \mu \nu \xi \pi "
    r"\rho \varrho \sigma \varsigma \tau \upsilon \phi \varphi \chi \psi \omega \Gamma \Delta \Theta \Lambda \Xi \Pi "
    r"\Sigma \Upsilon \Phi \Psi \Omega \ell \emptyset"
)
GREEK = frozenset(GREEK_WORDS.split())
ELLIPSIS = {r"\dots", r"\cdots", r"\ldots", r"\vdots", r"\ddots", r"\dotsb", r"\dotsc"}
MATRICES = re.compile(r"\\begin\{([pbBvV]?matrix|smallmatrix)\}")
LETTER = re.compile(r"(?:[a-z]|\\ell)'*")
WORD = re.compile(r"\\[a-zA-Z]+|[a-zA-Z]")


@dataclass(frozen=True)
class Names:
    """What is known of names before an equation is read: canonical name to kind.

    Kinds are `array`, `number`, `size`, `integer`, `labels`, `function`, `kronecker` and `index`.
    """

    kinds: Mapping[str, str] = field(default_factory=dict)

    def is_function(self, name: str) -> bool:
        """Whether `name(` opens an argument list."""
        return self.kinds.get(name) == "function"

    def within(self, words: frozenset[str]) -> "Known":
        """The names that can be written with some words of TeX: no other one matters to an equation made of these."""
        return frozenset((name, kind) for name, kind in self.kinds.items() if _words_of(name) <= words)


Known = frozenset[tuple[str, str]]


def parse(tex: str, place: Place, names: Names | None = None) -> n.Equation:
    """Read a display; an `aligned` block becomes steps, each compared with the first side of its chain.

    Raises:
        BookError: with file and line, for everything that is not in the equation language.
    """
    return _parsed(tex, place, (names or Names()).within(_words(tex, place)))


@lru_cache(8192)
def _parsed(tex: str, place: Place, known: Known) -> n.Equation:
    """A display is read again for every Symbols table around and below it, mostly with the same names."""
    return Reader(place, Names(dict(known))).equation(lex(tex, place))


@lru_cache(8192)
def _words(tex: str, place: Place) -> frozenset[str]:
    """The letters and commands that a display is made of."""
    return _words_of(" ".join(token.text for token in lex(tex, place)))


@lru_cache(8192)
def _words_of(text: str) -> frozenset[str]:
    return frozenset(WORD.findall(text))


def parse_symbol(tex: str, place: Place, names: Names | None = None) -> n.Node:
    """Read the symbol of a Symbols row: a name, or a derivative of one name in another."""
    tokens = lex(tex, place)
    parser = Parser(tokens, Reader(place, names or Names(), labels=True))
    return parser.whole()


def parse_expression(tex: str, place: Place) -> n.Node:
    """Read an expression in names that stands alone, such as one axis of a shape; every subscript is a label."""
    reader = Reader(place, Names(), labels=True)
    return reader.settle(Parser(lex(tex, place), reader).whole())


class Reader:
    """What the parsers of one display share: names, letters seen as indices, and where the display stands."""

    def __init__(self, place: Place, names: Names, *, labels: bool = False) -> None:
        self.place, self.names, self.labels = place, names, labels
        self.indices: set[str] = {name for name, kind in names.kinds.items() if kind == "index"}
        self.bound: list[str] = []

    def fail(self, message: str, line: int) -> NoReturn:
        """Raise BookError at a line."""
        raise BookError(Place(self.place.path, line), message)

    def settle(self, node: n.Node) -> n.Node:
        """Letters that are never an index of anything are names after all."""
        if isinstance(node, n.Letter) and node.name not in self.indices:
            return n.Symbol(node.name)
        return node.map(self.settle)

    def equation(self, tokens: list[Token]) -> n.Equation:
        """All claims of a display."""
        chains = self.chains(tokens)
        if not any(len(chain) > 1 for chain in chains):
            self.fail("this display states no relation: nothing can be checked", self.place.line)
        steps: list[n.Step] = []
        for chain in chains:
            steps += self.steps(chain, len(steps))
        settled = (n.Step(self.settle(s.left), s.relation, self.settle(s.right), s.number, s.place) for s in steps)
        return n.Equation(tuple(settled), self.place)

    def steps(self, chain: list[tuple[str, list[Token]]], before: int) -> list[n.Step]:
        """Every side against the first one, or against the one before it once a relation was not `=`."""
        sides = [self.side(tokens) for _, tokens in chain]
        steps, first = [], sides[0]
        for k in range(1, len(chain)):
            relation, tokens = chain[k]
            left = sides[k - 1] if relation not in {"=", r"\approx"} else first
            place = Place(self.place.path, tokens[0].line)
            steps.append(n.Step(left, relation, sides[k], before + k, place))
            first = first if relation in {"=", r"\approx"} else sides[k]
        return steps

    def side(self, tokens: list[Token]) -> n.Node:
        """One side of a relation."""
        if not tokens:
            self.fail("one side of a relation is empty", self.place.line)
        return Parser(tokens, self).whole()

    def chains(self, tokens: list[Token]) -> list[list[tuple[str, list[Token]]]]:
        """Chains `a = b = c`, each a list of (relation before it, its tokens)."""
        chains: list[list[tuple[str, list[Token]]]] = []
        for line in self.lines(tokens):
            for pieces in map(relations, statements(line)):
                if not pieces[0][1] and not chains:
                    self.fail("the first line of a display needs a left side", line[0].line)
                if len(pieces) == 1 and chains:
                    chains[-1][-1][1].extend(pieces[0][1])
                elif pieces[0][1] and not (chains and not chains[-1][-1][1]):
                    chains.append(pieces)
                else:
                    chains[-1][-1][1].extend(pieces[0][1])
                    chains[-1].extend(pieces[1:])
        return chains

    def lines(self, tokens: list[Token]) -> list[list[Token]]:
        """The lines of an `aligned` block, or the one line there is, without alignment marks and trailing words."""
        block = any(BLOCKS.fullmatch(t.text) for t in tokens)
        tokens = [t for t in tokens if not BLOCKS.fullmatch(t.text)]
        lines = split(tokens, {r"\\"})
        if len(lines) > 1 and not block:
            self.fail(r"several lines need \begin{aligned} ... \end{aligned}", lines[1][0].line if lines[1] else 0)
        kept = [[t for t, d in zip(line, depths(line), strict=True) if d or t.text != "&"] for line in lines]
        return [line for line in map(trimmed, kept) if line]


class Parser:
    """Recursive descent over some tokens of a display."""

    def __init__(self, tokens: Sequence[Token], reader: Reader) -> None:
        self.tokens, self.reader, self.at = list(tokens), reader, 0

    # tokens

    def peek(self, ahead: int = 0) -> str:
        """The text of a token ahead, empty at the end."""
        k = self.at + ahead
        return self.tokens[k].text if k < len(self.tokens) else ""

    def next(self) -> str:
        """The text of the next token, which is consumed."""
        if self.at >= len(self.tokens):
            self.fail("the equation ends too early: something is missing here")
        self.at += 1
        return self.tokens[self.at - 1].text

    def fail(self, message: str) -> NoReturn:
        """Raise BookError at the current line."""
        if not self.tokens:
            self.reader.fail(message, self.reader.place.line)
        self.reader.fail(message, self.tokens[min(self.at, len(self.tokens) - 1)].line)

    def group(self) -> list[Token]:
        """The tokens of `{...}`, or one token; of digits without braces TeX takes the first."""
        if self.peek() == "{":
            return self.enclosed()
        word = self.next()
        token = self.tokens[self.at - 1]
        if word[0].isdigit() and len(word) > 1:
            self.at -= 1
            self.tokens[self.at : self.at + 1] = [Token(word[0], token.line), Token(word[1:], token.line)]
            token = self.tokens[self.at]
            self.at += 1
        elif word in ACCENTS | FONTS | WORDS | {r"\frac"}:
            start = self.at - 1
            self.group()
            if word == r"\frac":
                self.group()
            return self.tokens[start : self.at]
        return [token]

    def enclosed(self) -> list[Token]:
        """The tokens between the bracket that stands here and the one that closes it."""
        start, opening = self.at, self.next()
        level = depths(self.tokens[start:])
        for k, depth in enumerate(level):
            text = self.tokens[start + k].text
            bar = opening in BARS and k and depth == 0 and text == opening
            if bar or (opening not in BARS and k and depth == 1 and text in CLOSE):
                if not bar and text != OPEN[opening]:
                    self.at = start + k
                    self.fail(f"{opening} is closed by {text}")
                self.at = start + k + 1
                return self.tokens[start + 1 : start + k]
        self.at = start
        return self.fail(f"this {opening} is never closed")

    def sub(self, tokens: Sequence[Token]) -> n.Node:
        """The expression that some tokens are, all of them."""
        return Parser(tokens, self.reader).whole()

    def whole(self) -> n.Node:
        """An expression up to the end of the tokens."""
        if not self.tokens:
            self.fail("an expression is missing here")
        node = self.expression()
        if self.peek():
            self.fail(f"cannot read {self.peek()!r} here")
        return node

    # expressions

    def expression(self) -> n.Node:
        """Terms joined by plus and minus."""
        sign = self.next() if self.peek() in {"+", "-"} else ""
        node = self.term()
        node = n.Negative(node) if sign == "-" else node
        while self.peek() in {"+", "-"}:
            kind = n.Add if self.next() == "+" else n.Subtract
            node = kind(node, self.term())
        return node

    def term(self) -> n.Node:
        r"""Products joined by `\odot`, which binds weaker than juxtaposition."""
        node = self.product()
        while self.peek() in {r"\odot", r"\oslash"}:
            kind = n.Hadamard if self.next() == r"\odot" else n.Fraction
            node = kind(node, self.product())
        return node

    def product(self) -> n.Node:
        """Factors side by side."""
        node = self.factor()
        while True:
            if self.peek() in {r"\cdot", r"\times"}:
                self.next()
                node = n.Product(node, self.factor(), dot=True)
            elif self.peek() == "/":
                self.next()
                node = n.Fraction(node, self.factor())
                if self.starts():
                    self.fail(r"a/b c is ambiguous on the page: write \frac{a}{b} or parentheses")
            elif self.starts():
                node = n.Product(node, self.factor())
            else:
                return node

    def starts(self) -> bool:
        """Whether the next token begins a factor."""
        word = self.peek()
        if not word or word in RELATIONS | CLOSE | {r"\odot", r"\oslash", r"\cdot", r"\times", r"\to", r"\in", r"\mid"}:
            return False
        command = word[0] == "\\" and word[1].isalpha() and not word.startswith((r"\end", r"\quad", r"\qquad"))
        return word[0].isalnum() or word in OPEN or word in BARS or command

    def factor(self) -> n.Node:
        """An atom with its powers and transposes."""
        node = self.atom()
        while self.peek() in {"^", "!", "_"}:
            mark = self.next()
            if mark == "!":
                node = n.Factorial(node)
            elif mark == "_":
                node = n.Entry(node, self.indices(split(self.group(), {","})))
            else:
                node = self.raised(node, self.group())
        return node

    def raised(self, node: n.Node, tokens: list[Token]) -> n.Node:
        """Something with what stands above it."""
        words = [t.text for t in tokens]
        if words in ([r"\top"], ["T"]) and not (words == ["T"] and "T" in self.reader.names.kinds):
            return n.Transpose(node)
        if words == ["-", r"\top"]:
            return n.Transpose(n.Power(node, n.Negative(n.Number("1"))))
        if words[:1] == [r"\odot"]:
            return n.Power(node, self.sub(tokens[1:]), entries=True)
        if words == ["*"]:
            self.fail("a star is part of a name: declare the starred symbol in the Symbols table")
        return n.Power(node, self.sub(tokens))

    # atoms

    def atom(self) -> n.Node:
        """A number, a symbol, or something in brackets."""
        word = self.peek()
        special = ATOMS.get(word)
        if special:
            return special(self)
        if word[:1].isdigit():
            return n.Number(self.next())
        if word in FUNCTIONS and not self.reader.names.is_function(word):
            self.next()
            return self.builtin(word)
        if word[:1].isalpha() or word in GREEK | ACCENTS | FONTS:
            return self.symbol(self.base())
        return self.command(word)

    def command(self, word: str) -> n.Node:
        """What begins with a command that is neither a function nor a name."""
        if word.startswith(r"\begin"):
            return self.environment()
        if word in BIG:
            return self.big(BIG[word])
        if word in WORDS or (word.startswith(r"\text") and len(word) > len(r"\text{}")):
            return self.word()
        return self.unknown(word)

    def unknown(self, word: str) -> NoReturn:
        """Say what is wrong with a word that begins nothing."""
        if word in ELLIPSIS:
            self.fail(f"{word} cannot be executed: write the sum with its bounds, or mark the display unchecked")
        if not word:
            self.fail("the equation ends too early: something is missing here")
        if word[0] == "\\" and word[1:].isalpha():
            self.fail(f"unknown command {word}: it is not in the equation language")
        self.fail(f"cannot read {word!r} here")

    def parenthesis(self) -> n.Node:
        """`( ... )` and `{ ... }`."""
        return self.sub(self.enclosed())

    def bracket(self) -> n.Node:
        """Iverson's bracket where it holds a relation, else a plain one."""
        tokens = self.enclosed()
        if len(relations(tokens, CONDITIONS)) > 1:
            return n.Indicator(self.relations(tokens))
        return self.sub(tokens)

    def relations(self, tokens: list[Token]) -> tuple[n.Relation, ...]:
        """Relations that must all hold: `i = j, k = l` or `0 < z < 1`; their letters are indices."""
        found: list[n.Relation] = []
        for piece in split(tokens, {",", r"\wedge", r"\land", r"\text{ and }", r"\text{and}"}):
            sides = relations(piece, CONDITIONS)
            if len(sides) < 2:
                self.fail("a condition must be a relation")
            read = [self.marked(part) for _, part in sides]
            found += [n.Relation(sides[k][0], read[k - 1], read[k]) for k in range(1, len(sides))]
        return tuple(found)

    def marked(self, tokens: list[Token]) -> n.Node:
        """An expression whose bare letters are index letters."""
        node = self.sub(tokens)
        if isinstance(node, n.Letter) or not any(isinstance(x, n.Symbol) for x in node.walk()):
            self.reader.indices |= {x.name for x in node.walk() if isinstance(x, n.Letter)}
        return node

    def indicator(self) -> n.Node:
        r"""`\mathbb 1[...]`, `\mathbb 1\{...\}`, `\mathbb 1_{...}`."""
        self.next()
        if self.peek() == "{":
            self.next(), self.next()
        self.next()
        tokens = self.enclosed() if self.peek() != "_" else (self.next(), self.group())[1]
        return n.Indicator(self.relations(tokens))

    def blackboard(self) -> n.Node:
        r"""`\mathbb E[...]`, an indicator, or a name in blackboard letters."""
        plain = self.peek(1) != "{"
        word, after = (self.peek(1), 2) if plain else (self.peek(2), 4)
        if word == "1" and (self.peek(after) in {"[", r"\{", "("} or (self.peek(after) == "_")):
            inside = Parser(self.tokens[self.at + after :], self.reader)
            if inside.peek() == "_" or len(relations(inside.enclosed())) > 1:
                return self.indicator()
        if word == "E" and self.peek() == r"\mathbb":
            self.at += after
            return self.moment("E")
        return self.symbol(self.base())

    def absolute(self) -> n.Node:
        """`|x|`."""
        return n.Absolute(self.sub(self.enclosed()))

    def norm(self) -> n.Node:
        r"""`\|x\|`, with its kind as a subscript."""
        body = self.sub(self.enclosed())
        if self.peek() != "_":
            return n.Norm(body)
        self.next()
        kind = text_of(self.group())
        if kind not in {"2", "F", "1", r"\infty"}:
            self.fail(rf"norm of kind {kind}: only 2, F, 1 and \infty are known")
        return n.Norm(body, kind.replace("F", "2"))

    def inner(self) -> n.Node:
        r"""`\langle a, b \rangle`."""
        parts = split(self.enclosed(), {","})
        if len(parts) != 2:
            self.fail("an inner product has two parts")
        return n.Inner(self.sub(parts[0]), self.sub(parts[1]))

    def root(self) -> n.Node:
        r"""`\sqrt{x}`."""
        self.next()
        if self.peek() == "[":
            degree = self.sub(self.enclosed())
            return n.Power(self.sub(self.group()), n.Fraction(n.Number("1"), degree))
        return n.Power(self.sub(self.group()), n.Number("0.5"))

    def binomial(self) -> n.Node:
        r"""`\binom{n}{k}`."""
        self.next()
        return n.Binomial(self.sub(self.group()), self.sub(self.group()))

    def brace(self) -> n.Node:
        r"""`\underbrace{x}_{remark}`: the remark is not read."""
        self.next()
        node = self.sub(self.group())
        if self.peek() in {"_", "^"}:
            self.next()
            self.group()
        return node

    def fraction(self) -> n.Node:
        """A quotient or a derivative."""
        self.next()
        top, bottom = self.group(), self.group()
        mark = self.differential(top, bottom)
        if not mark:
            return n.Fraction(self.sub(top), self.sub(bottom))
        numerator = Parser(top[1:], self.reader)
        if numerator.peek() == "^":
            numerator.next(), numerator.group()
        tokens = numerator.tokens[numerator.at :]
        body = self.sub(tokens) if tokens else self.operand()
        return n.Derivative(body, self.denominators(bottom, mark))

    def differential(self, top: list[Token], bottom: list[Token]) -> str:
        """The d of a derivative, or nothing where the fraction is a quotient."""
        first = top[0].text if top else ""
        same = bool(bottom) and bottom[0].text == first and len(bottom) > 1
        return first if first in {r"\partial", "d"} and same else ""

    def operand(self) -> n.Node:
        r"""What `\frac{d}{dx}` is applied to: the rest of the product."""
        return self.product()

    def denominators(self, tokens: list[Token], mark: str) -> tuple[n.Symbol, ...]:
        """The symbols under a differential."""
        found: list[n.Symbol] = []
        parser = Parser(tokens, self.reader)
        while parser.peek():
            if parser.next() != mark:
                parser.fail(f"a derivative's denominator is {mark} and a symbol")
            symbol = self.as_symbol(parser.atom())
            power = 1
            if parser.peek() == "^":
                parser.next()
                power = int(text_of(parser.group()))
            found += [symbol] * power
        if len(found) > 2:
            self.fail("derivatives of third and higher order are not in the equation language")
        return tuple(found)

    def as_symbol(self, node: n.Node) -> n.Symbol:
        """A bare letter under a differential is a name."""
        if isinstance(node, n.Letter):
            return n.Symbol(node.name)
        if not isinstance(node, n.Symbol):
            self.fail("a derivative is taken in a symbol")
        return node

    def nabla(self) -> n.Node:
        r"""`\nabla_W L`, `\nabla f(x)`, `\nabla^2 f(x)`."""
        self.next()
        order, over = 1, None
        while self.peek() in {"_", "^"}:
            if self.next() == "_":
                over = self.as_symbol(self.sub(self.group()))
            else:
                order = int(text_of(self.group()))
        body = self.atom()
        if over is not None:
            return n.Derivative(body, (over,) * order)
        if not isinstance(body, n.Call):
            self.fail(r"\nabla needs to know in which symbol: write \nabla_W L, or \nabla f(x) with a displayed f(x)")
        return n.Gradient(body, order)

    def limit(self) -> n.Node:
        r"""`\lim_{h \to 0}`."""
        self.next()
        if self.next() != "_":
            self.fail(r"\lim needs its variable: \lim_{h \to 0}")
        parts = split(self.group(), {r"\to"})
        if len(parts) != 2:
            self.fail(r"\lim needs its variable and target: \lim_{h \to 0}")
        target, side = parts[1], ""
        if len(target) >= 2 and target[-2].text == "^" and target[-1].text in {"+", "-"}:
            side, target = target[-1].text, target[:-2]
        goal = n.Infinity() if text_of(target) == r"\infty" else self.sub(target)
        return n.Limit(text_of(parts[0]), goal, side, self.term())

    def moment(self, kind: str) -> n.Node:
        r"""`\mathbb E_B[...]`, `\operatorname{Var}(...)`, `\operatorname{Cov}(a, b)`."""
        over: tuple[str, ...] = ()
        if self.peek() == "_":
            self.next()
            over = tuple(Parser(p, self.reader).name() for p in split(self.group(), {","}))
        if self.peek() not in {"[", "(", r"\{"}:
            self.fail(f"write the argument of {kind} in brackets")
        parts = split(self.enclosed(), {","})
        if len(parts) != (2 if kind == "Cov" else 1):
            self.fail(f"{kind} has {2 if kind == 'Cov' else 1} arguments")
        return n.Expectation(kind, tuple(self.sub(p) for p in parts), over)

    # sums and their kin

    def arg(self) -> n.Node:
        r"""`\arg\max_k`."""
        self.next()
        word = self.peek()
        if word not in {r"\max", r"\min"}:
            self.fail(r"\arg stands before \max or \min")
        return self.big("arg" + BIG[word])

    def big(self, operator: str) -> n.Node:
        r"""`\sum`, `\prod`, `\max`, `\min` with an index; `\max(a, b)` is a function."""
        word = self.next()
        if self.peek() != "_":
            if operator not in {"max", "min"}:
                self.fail(f"{word} needs an index: {word}_i")
            return self.builtin(word)
        low: list[Token] = []
        high: list[Token] | None = None
        while self.peek() in {"_", "^"}:
            if self.next() == "_":
                low = self.group()
            else:
                high = self.group()
        return self.bind(operator, low, high)

    def bind(self, operator: str, low: list[Token], high: list[Token] | None) -> n.Node:
        """A sum with its letters, bounds and condition."""
        sides = relations(low) if r"\in" not in {t.text for t in low} else [("", low)]
        letters = self.letters(sides[0][1])
        upper = self.sub(high) if high is not None else None
        condition, start = None, None
        if len(sides) == 2 and sides[1][0] == "=":
            start = self.sub(sides[1][1])
        self.reader.bound += letters
        self.reader.indices |= set(letters)
        if len(sides) == 2 and sides[1][0] != "=":
            condition = n.Relation(sides[1][0], n.Letter(letters[0]), self.marked(sides[1][1]))
        elif r"\in" in {t.text for t in low}:
            condition = n.Relation(r"\in", n.Letter(letters[0]), self.sub(split(low, {r"\in"})[1]))
        body = self.term()
        for letter in letters:
            self.reader.bound.remove(letter)
        return n.Big(operator, tuple(letters), body, start, upper, condition)

    def letters(self, tokens: list[Token]) -> list[str]:
        """The letters that a sum binds."""
        tokens = split(tokens, {r"\in"})[0]
        found: list[str] = []
        for token in tokens:
            if token.text == "'" and found:
                found[-1] += "'"
            elif token.text != ",":
                found.append(token.text)
        wrong = [x for x in found if not (x.rstrip("'").isalpha() or x in GREEK)]
        if not found or wrong:
            self.fail(f"an index is a letter, not {(wrong or ['nothing'])[0]!r}")
        return found

    # functions

    def builtin(self, name: str) -> n.Node:
        """A function of the language: with parentheses, or applied to the next factor."""
        power, primes = None, 0
        while self.peek() == "'":
            primes += len(self.next())
        if self.peek() == "^":
            self.next()
            power = self.sub(self.group())
        arguments = self.arguments() if self.peek() in {"(", r"\{"} else (self.factor(),)
        node = n.Call(name, arguments, primes)
        return n.Power(node, power) if power else node

    def arguments(self) -> tuple[n.Node, ...]:
        """What stands in the parentheses of a function."""
        return tuple(self.sub(part) for part in split(self.enclosed(), {","}))

    def word(self) -> n.Node:
        r"""`\operatorname{name}`, `\mathrm{name}`, `\text{name}`."""
        start = self.at
        word = self.next()
        name = text_of(self.group()) if word in WORDS else text_of([Token(word, 0)])
        if name in {"argmax", "argmin"}:
            self.at -= 1
            return self.big(name)
        if name in MOMENTS and word in WORDS:
            return self.moment(MOMENTS[name])
        if name in NAMED and not self.reader.names.is_function(name):
            return self.builtin(name)
        if not name:
            self.at = start
            self.fail(f"cannot read {word} here")
        return self.symbol(rf"\mathrm{{{name}}}" if len(name) == 1 else name)

    # names

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
        inner = Parser(self.group(), Reader(self.reader.place, self.reader.names, labels=True))
        if len(inner.tokens) == 1 and inner.peek()[0].isdigit():
            return f"{word}{{{inner.next()}}}"
        return f"{word}{{{inner.name()}}}"

    def symbol(self, base: str) -> n.Node:
        """A name with its scripts, called where it is a function and parentheses follow."""
        primes, tag, lower = 0, "", None
        while True:
            if self.peek() == "'":
                self.next()
                primes += 1
            elif self.peek() == "_" and lower is None:
                self.next()
                lower = self.group()
            elif self.peek() == "^" and not tag and self.tagged():
                self.next()
                tag = "^{" + text_of(self.group()) + "}"
            else:
                break
        return self.called(self.resolve(base, tag, lower, primes), primes)

    def tagged(self) -> bool:
        r"""Whether a tag follows: `^{(l)}`, `^{*}`."""
        words = [t.text for t in Parser(self.tokens[self.at + 1 :], self.reader).group()]
        simple = all(re.fullmatch(r"[\w+-]+|\\ell", w) for w in words[1:-1])
        return words in (["*"], ["+"]) or (len(words) > 2 and words[0] == "(" and words[-1] == ")" and simple)

    def called(self, symbol: n.Node, primes: int) -> n.Node:
        """A function with its arguments, or a bare name."""
        if not isinstance(symbol, n.Symbol) or symbol.indices:
            return symbol
        if symbol.name == "O" and "O" not in self.reader.names.kinds and self.peek() == "(":
            return n.Order(self.sub(self.enclosed()))
        function = symbol.name.removesuffix("'" * primes) if primes else symbol.name
        if not self.reader.names.is_function(function):
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
        after = Parser(self.tokens[self.at + 1 :], self.reader)
        after.group()
        if after.peek() != "(":
            return None
        self.next()
        return self.sub(self.group())

    def resolve(self, base: str, tag: str, lower: list[Token] | None, primes: int) -> n.Node:
        """A subscript is a label where the whole name is known, an index where the base is an array."""
        kinds = self.reader.names.kinds
        end = tag + "'" * primes
        if lower is None:
            return self.bare(base + end)
        full = f"{base}_{{{text_of(lower)}}}{end}"
        if full in EIGENVALUES and full not in kinds and self.peek() == "(":
            return n.Call(full, self.arguments())
        words = lower[0].text in WORDS | set(BIG) or lower[0].text.startswith(r"\text")
        if full in kinds or self.reader.labels or words:
            return n.Symbol(full)
        return self.indexed(base, end, full, split(lower, {","}))

    def indexed(self, base: str, end: str, full: str, parts: list[list[Token]]) -> n.Node:
        """A name whose subscript is not a label as a whole: indices, or a label and indices."""
        kinds = self.reader.names.kinds
        for label, rest in ((parts[:1], parts[1:]), (parts[-1:], parts[:-1])):
            named = f"{base}_{{{text_of(label[0])}}}{end}"
            if rest and named in kinds:
                return n.Symbol(named, self.indices(rest))
        if kinds.get(base + end) not in {None, "number", "size", "integer", "index", "function"}:
            return n.Symbol(base + end, self.indices(parts))
        return self.guess(base + end, full, parts)

    def bare(self, name: str) -> n.Node:
        """A name or an index letter without subscript."""
        kind = self.reader.names.kinds.get(
            name.rstrip("'") if self.reader.names.is_function(name.rstrip("'")) else name
        )
        if kind == "index" or name in self.reader.bound or (kind is None and LETTER.fullmatch(name) and name != "e"):
            return n.Letter(name)
        return n.Symbol(name)

    def guess(self, name: str, full: str, parts: list[list[Token]]) -> n.Node:
        """An undeclared name: indices where the subscript holds index letters and nothing declared, else a label."""
        before = set(self.reader.indices)
        try:
            indices = self.indices(parts)
        except BookError:
            indices = ()
        lettered = [any(isinstance(x, n.Letter) for x in index.walk()) for index in indices]
        declared = [self.is_declared(index) for index in indices]
        if any(lettered) and not any(declared):
            return n.Symbol(name, indices)
        self.reader.indices = before
        if len(parts) > 1 and any(declared) and any(lettered) and not any(map(min, lettered, declared)):
            label = ",".join(text_of(p) for p, d in zip(parts, declared, strict=True) if d)
            rest = [p for p, d in zip(parts, declared, strict=True) if not d]
            return n.Symbol(f"{name}_{{{label}}}", self.indices(rest))
        return n.Symbol(full)

    def is_declared(self, index: n.Node) -> bool:
        """Whether an index holds a name that is not a class label."""
        kinds = self.reader.names.kinds
        return any(isinstance(x, n.Symbol) and kinds.get(x.name) != "labels" for x in index.walk())

    def indices(self, parts: list[list[Token]]) -> tuple[n.Node, ...]:
        """`ij`, `i+u,j+v`, `i y_i`, `i:`."""
        if len(parts) > 1:
            return tuple(self.index(part) for part in parts)
        parser, found = Parser(parts[0], self.reader), []
        while parser.peek():
            start = parser.at
            self.skip_index(parser)
            found.append(self.index(parser.tokens[start : parser.at]))
        return tuple(found)

    def skip_index(self, parser: "Parser") -> None:
        """Move over one index: an atom, and what is added to it."""
        if parser.peek() == ":":
            parser.next()
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
            and self.reader.names.kinds.get(node.name) == "size"
        ):
            self.fail(f"{node.name} is a size in the Symbols table: take another letter for the index")
        self.reader.indices |= {x.name for x in node.walk() if isinstance(x, n.Letter)}
        return node

    # environments

    def environment(self) -> n.Node:
        """`cases` or a matrix."""
        start = self.at
        opening = self.next()
        level = depths(self.tokens[start:])
        end = start + next(
            k for k, d in enumerate(level) if k and d == 1 and self.tokens[start + k].text[:4] == r"\end"
        )
        body, self.at = self.tokens[start + 1 : end], end + 1
        lines = [split(line, {"&"}) for line in split(body, {r"\\"}) if line]
        if opening == r"\begin{cases}":
            return n.Cases(tuple(self.case(line) for line in lines))
        if not MATRICES.fullmatch(opening):
            self.at = start
            self.fail(f"{opening} is not in the equation language")
        return self.matrix(lines)

    def matrix(self, lines: list[list[list[Token]]]) -> n.Node:
        """A matrix written out."""
        if len({len(line) for line in lines}) != 1:
            self.fail("the rows of this matrix have different lengths")
        return n.Matrix(tuple(tuple(self.sub(cell) for cell in line) for line in lines))

    def case(self, cells: list[list[Token]]) -> n.Case:
        """One line of `cases`."""
        value = [t for t in cells[0] if t.text != "," or depths(cells[0])[cells[0].index(t)]]
        words = [t for cell in cells[1:] for t in cell if t.text not in {r"\quad", r"\qquad"}]
        otherwise = any("otherwise" in t.text or "else" in t.text for t in words)
        plain = [t for t in words if not t.text.startswith(r"\text") or "and" in t.text]
        while plain and plain[-1].text in {",", ".", ";"}:
            plain.pop()
        if not otherwise and not plain:
            self.fail(r"a line of cases needs a condition or \text{otherwise}")
        return n.Case(self.sub(value), () if otherwise else self.relations(plain))


ATOMS = {
    "(": Parser.parenthesis,
    "{": Parser.parenthesis,
    "[": Parser.bracket,
    "|": Parser.absolute,
    r"\lvert": Parser.absolute,
    r"\|": Parser.norm,
    r"\langle": Parser.inner,
    r"\frac": Parser.fraction,
    r"\sqrt": Parser.root,
    r"\binom": Parser.binomial,
    r"\underbrace": Parser.brace,
    r"\overbrace": Parser.brace,
    r"\nabla": Parser.nabla,
    r"\lim": Parser.limit,
    r"\arg": Parser.arg,
    r"\mathbb": Parser.blackboard,
    r"\mathbf": Parser.blackboard,
}


def function_names(tex: str, place: Place, names: Names | None = None) -> list[str]:
    """The names of functions that a display defines: left sides such as `f(x)` and `f(z)_i`."""
    return list(_function_names(tex, place, (names or Names()).within(_words(tex, place))))


@lru_cache(8192)
def _function_names(tex: str, place: Place, known: Known) -> tuple[str, ...]:
    reader, found = Reader(place, Names(dict(known))), list[str]()
    for chain in reader.chains(lex(tex, place)):
        side = chain[0][1]
        level = depths(side)
        opening = next((k for k, t in enumerate(side) if t.text == "(" and level[k] == 1), 0)
        closing = next((k for k, t in enumerate(side) if k > opening and t.text == ")" and level[k] == 1), -1)
        ends = closing == len(side) - 1 or (0 < closing < len(side) - 1 and side[closing + 1].text == "_")
        if opening and len(chain) > 1 and ends:
            name = _function_name(side[:opening], reader)
            found += [name] if name else []
    return tuple(found)


def _function_name(tokens: list[Token], reader: Reader) -> str:
    if tokens[0].text in WORDS:
        return "" if text_of(tokens[1:]) in NAMED else text_of(tokens[1:])
    try:
        name = Parser(tokens, Reader(reader.place, reader.names, labels=True)).name()
    except BookError:
        return ""
    return "" if name.endswith("'") or name in FUNCTIONS else name
