"""Recursive descent: the words of one side of an equation to nodes."""

import re
from typing import NoReturn

from nnlit.book.language import nodes as n
from nnlit.book.language.cursor import ACCENTS, FONTS
from nnlit.book.language.scripts import BIG, Scripts, bracketed
from nnlit.book.language.tokens import (
    BARS,
    CLOSE,
    CONDITIONS,
    GAP,
    OPEN,
    RELATIONS,
    WORDS,
    Token,
    depths,
    relations,
    split,
    text_of,
)

FUNCTIONS = {r"\exp", r"\log", r"\tanh", r"\sinh", r"\cosh", r"\sin", r"\cos", r"\tan", r"\det"}
NAMED = {"softmax", "ReLU", "relu", "diag", "tr", "sign", "logsumexp", "erf", "Re", "Im"}
MOMENTS = {"E": "E", "Var": "Var", "Cov": "Cov", r"\mathbb{E}": "E"}
GREEK_WORDS = (
    r"\alpha \beta \gamma \delta \epsilon \varepsilon \zeta \eta \theta \vartheta \iota \kappa \lambda \mu \nu \xi \pi "
    r"\rho \varrho \sigma \varsigma \tau \upsilon \phi \varphi \chi \psi \omega \Gamma \Delta \Theta \Lambda \Xi \Pi "
    r"\Sigma \Upsilon \Phi \Psi \Omega \ell \emptyset"
)
GREEK = frozenset(GREEK_WORDS.split())
ELLIPSIS = {r"\dots", r"\cdots", r"\ldots", r"\vdots", r"\ddots", r"\dotsb", r"\dotsc"}
MATRICES = re.compile(r"\\begin\{([pbBvV]?matrix|smallmatrix)\}")


DEEPEST = 50


class Parser(Scripts):
    """Some tokens of a display, read as an expression."""

    def whole(self) -> n.Node:
        """An expression up to the end of the tokens."""
        if not self.tokens:
            self.fail("an expression is missing here")
        node = self.expression()
        if self.peek() == GAP:
            self.unknown(GAP)
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
            if self.accept(r"\cdot", r"\times"):
                node = n.Product(node, self.factor(), dot=True)
            elif self.accept("/"):
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
        command = word[0] == "\\" and word[1:2].isalpha() and not word.startswith((r"\end", GAP))
        return word[0].isalnum() or word in OPEN or word in BARS or command

    def factor(self) -> n.Node:
        """An atom with its powers and transposes."""
        self.shared.deep += 1
        if self.shared.deep > DEEPEST:
            self.fail(f"this expression is more than {DEEPEST} deep: give a part of it a name")
        node = self.scripted_atom()
        self.shared.deep -= 1
        return node

    def scripted_atom(self) -> n.Node:
        """An atom, and what stands above, below and behind it."""
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
        if words in ([r"\top"], ["T"]) and not (words == ["T"] and "T" in self.shared.names.kinds):
            return n.Transpose(node)
        if words == ["-", r"\top"]:
            return n.Transpose(n.Power(node, n.Negative(n.Number("1"))))
        if words[:1] == [r"\odot"]:
            return n.Power(node, self.sub(tokens[1:]), entries=True)
        self.refuse_marks(words, node)
        if words == ["*"]:
            self.fail("a star is part of a name: declare the starred symbol in the Symbols table")
        return n.Power(node, self.sub(tokens))

    def refuse_marks(self, words: list[str], node: n.Node) -> None:
        """A superscript in brackets is the mark of a layer or a step: never a power."""
        while words[:1] == ["{"] and words[-1:] == ["}"]:
            words = words[1:-1]
        relation = any(w in CONDITIONS for w in words if w not in {"<", ">"} or words[0] != "<")
        round_ = words[:1] == ["("] and bracketed(words) and not isinstance(node, n.Number)
        if round_ or (not relation and any(w in {"[", r"\{", r"\langle"} for w in words)) or words[:1] == ["<"]:
            mark = "".join(words)
            self.fail(f"{mark} above something is a mark, not a power: declare the marked name in the Symbols table")

    # atoms

    def atom(self) -> n.Node:
        """A number, a symbol, or something in brackets."""
        word = self.peek()
        special = ATOMS.get(word)
        if special:
            return special(self)
        if word[:1].isdigit():
            return n.Number(self.next())
        if word in FUNCTIONS and not self.shared.names.is_function(word):
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
        if word == GAP:
            self.fail("a wide space inside brackets is no product: write the product without it")
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
            self.shared.indices |= {x.name for x in node.walk() if isinstance(x, n.Letter)}
        return node

    def indicator(self) -> n.Node:
        r"""`\mathbb 1[...]`, `\mathbb 1\{...\}`, `\mathbb 1_{...}`."""
        self.next()
        if self.peek() == "{":
            self.next(), self.next()
        self.next()
        tokens = self.group() if self.accept("_") else self.enclosed()
        return n.Indicator(self.relations(tokens))

    def blackboard(self) -> n.Node:
        r"""`\mathbb E[...]`, an indicator, or a name in blackboard letters."""
        plain = self.peek(1) != "{"
        word, after = (self.peek(1), 2) if plain else (self.peek(2), 4)
        if word == "1" and (self.peek(after) in {"[", r"\{", "("} or (self.peek(after) == "_")):
            inside = Parser(self.tokens[self.at + after :], self.shared)
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
        if not self.accept("_"):
            return n.Norm(body)
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
        if self.accept("_", "^"):
            self.group()
        return node

    def fraction(self) -> n.Node:
        """A quotient or a derivative."""
        self.next()
        top, bottom = self.group(), self.group()
        mark = self.differential(top, bottom)
        if not mark:
            return n.Fraction(self.sub(top), self.sub(bottom))
        numerator = Parser(top[1:], self.shared)
        if numerator.accept("^"):
            numerator.group()
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
        parser = Parser(tokens, self.shared)
        while parser.peek():
            if parser.next() != mark:
                parser.fail(f"a derivative's denominator is {mark} and a symbol")
            symbol = self.as_symbol(parser.atom())
            power = parser.times() if parser.accept("^") else 1
            found += [symbol] * power
        if len(found) > 2:
            self.fail("derivatives of third and higher order are not in the equation language")
        return tuple(found)

    def times(self) -> int:
        """How often a derivative is taken: the number after `^`."""
        text = text_of(self.group())
        if not text.isdecimal():
            self.fail(f"{text or 'nothing'} is no number of derivatives, such as the 2 of a second derivative")
        return int(text)

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
                order = self.times()
        body = self.atom()
        return self.gradient(body, order) if over is None else n.Derivative(body, (over,) * order)

    def gradient(self, body: n.Node, order: int) -> n.Gradient:
        r"""`\nabla f(x)`: where no symbol stands below, it is taken in the argument of a function."""
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
        if self.accept("_"):
            over = tuple(Parser(p, self.shared).name() for p in split(self.group(), {","}))
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
        if self.peek() != "_" and operator in {"max", "min"}:
            return self.builtin(word)
        return self.scripted(operator, word)

    def scripted(self, operator: str, word: str) -> n.Node:
        """A sum or one of its kin, after its sign: the index below and the bound above, in either order."""
        scripts: dict[str, list[Token]] = {}
        while self.peek() in {"_", "^"}:
            mark = self.next()
            scripts[mark] = self.group()
        if not scripts.get("_"):
            self.fail(f"{word} needs an index: {word}_i")
        return self.bind(operator, scripts["_"], scripts.get("^"))

    def bind(self, operator: str, low: list[Token], high: list[Token] | None) -> n.Node:
        """A sum with its letters, bounds and condition."""
        sides = relations(low, {r"\in"})[:2] if r"\in" in {t.text for t in low} else relations(low)
        letters = self.letters(sides[0][1])
        relation, tokens = sides[1] if len(sides) == 2 else ("", [])
        upper = self.sub(high) if high is not None else None
        start = self.sub(tokens) if relation == "=" else None
        self.shared.bound += letters
        self.shared.indices |= set(letters)
        condition = self.restriction(letters[0], relation, tokens) if relation not in {"", "="} else None
        body = self.term()
        for letter in letters:
            self.shared.bound.remove(letter)
        return n.Big(operator, tuple(letters), body, start, upper, condition)

    def restriction(self, letter: str, relation: str, tokens: list[Token]) -> n.Relation:
        r"""The condition on a sum's letter: `k \ne i`, whose letters are indices, or `b \in B`."""
        return n.Relation(relation, n.Letter(letter), self.sub(tokens) if relation == r"\in" else self.marked(tokens))

    def letters(self, tokens: list[Token]) -> list[str]:
        """The letters that a sum binds."""
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
        primes = 0
        while self.peek() == "'":
            primes += len(self.next())
        power = self.sub(self.group()) if self.accept("^") else None
        arguments = self.arguments() if self.peek() in {"(", r"\{"} else (self.factor(),)
        node = n.Call(name, arguments, primes)
        return n.Power(node, power) if power else node

    def word(self) -> n.Node:
        r"""`\operatorname{name}`, `\mathrm{name}`, `\text{name}`."""
        operator, name = self.peek() in WORDS, self.written()
        if name in {"argmax", "argmin"}:
            return self.scripted(name, name)
        if operator and name in MOMENTS:
            return self.moment(MOMENTS[name])
        if name in NAMED and not self.shared.names.is_function(name):
            return self.builtin(name)
        return self.symbol(rf"\mathrm{{{name}}}" if len(name) == 1 else name)

    def written(self) -> str:
        r"""The name in `\operatorname{name}` or `\text{name}`."""
        start, word = self.at, self.next()
        name = text_of(self.group()) if word in WORDS else text_of([Token(word, 0)])
        if not name:
            self.at = start
            self.fail(f"cannot read {word} here")
        return name

    # environments

    def environment(self) -> n.Node:
        """`cases` or a matrix."""
        start, opening = self.at, self.peek()
        lines = [split(line, {"&"}) for line in split(self.block(), {r"\\"}) if line]
        if opening == r"\begin{cases}":
            return n.Cases(tuple(self.case(line) for line in lines))
        if not MATRICES.fullmatch(opening):
            self.at = start
            self.fail(f"{opening} is not in the equation language")
        return self.matrix(lines)

    def block(self) -> list[Token]:
        r"""The tokens between the `\begin` that stands here and its `\end`."""
        rest = self.tokens[self.at :]
        level = depths(rest)
        end = next((k for k in range(1, len(rest)) if level[k] == 1 and rest[k].text.startswith(r"\end")), 0)
        if not end:
            self.fail(f"{rest[0].text} is never ended, or a bracket in it is never closed")
        self.at += end + 1
        return rest[1:end]

    def matrix(self, lines: list[list[list[Token]]]) -> n.Node:
        """A matrix written out."""
        if len({len(line) for line in lines}) != 1:
            self.fail("the rows of this matrix have different lengths")
        return n.Matrix(tuple(tuple(self.sub(cell) for cell in line) for line in lines))

    def case(self, cells: list[list[Token]]) -> n.Case:
        """One line of `cases`."""
        value = [t for t in cells[0] if t.text != GAP and (t.text != "," or depths(cells[0])[cells[0].index(t)])]
        words = [t for cell in cells[1:] for t in cell if t.text != GAP]
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
