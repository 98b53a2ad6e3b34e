"""LaTeX to nodes: the practical subset that matrix calculus is written in, with messages that name file and line."""

from functools import lru_cache

from nnlit.book.language import nodes as n
from nnlit.book.language.cursor import Known, Names, Shared, words_of
from nnlit.book.language.parser import FUNCTIONS, NAMED, Parser
from nnlit.book.language.tokens import (
    BLOCKS,
    GAP,
    NARROW_TYPED,
    WORDS,
    Token,
    depths,
    lex,
    relations,
    split,
    statements,
    text_of,
)
from nnlit.book.source.place import BookError, Place

__all__ = ["Names", "function_names", "parse", "parse_expression", "parse_symbol"]


def parse(tex: str, place: Place, names: Names | None = None) -> n.Equation:
    """Read a display; an `aligned` block becomes steps, each compared with the first side of its chain.

    Raises:
        BookError: with file and line, for everything that is not in the equation language.
    """
    return _parsed(tex, place, (names or Names()).within(_words(tex, place)))


@lru_cache(8192)
def _parsed(tex: str, place: Place, known: Known) -> n.Equation:
    """A display is read again for every Symbols table around and below it, mostly with the same names."""
    refuse_narrow_number(tex, place)
    return Reader(place, Names(dict(known))).equation(lex(tex, place))


def refuse_narrow_number(tex: str, place: Place) -> None:
    """A number in parentheses behind a narrow space, at the end of a line, is a factor to one reader only."""
    found = NARROW_TYPED.search(tex)
    if found and not tex[: found.start()].rstrip().endswith(("~", "\\")):
        line = place.line + 1 + tex.count("\n", 0, found.start())
        number = found[0].strip()
        raise BookError(
            Place(place.path, line),
            rf"is {number} a factor or this equation's number? write \tag for a number, \cdot for a factor",
        )


@lru_cache(8192)
def _words(tex: str, place: Place) -> frozenset[str]:
    """The letters and commands that a display is made of."""
    return words_of(" ".join(token.text for token in lex(tex, place)))


def parse_symbol(tex: str, place: Place, names: Names | None = None) -> n.Node:
    """Read the symbol of a Symbols row: a name, or a derivative of one name in another."""
    tokens = lex(tex, place)
    parser = Parser(tokens, Shared(place, names or Names(), labels=True))
    return parser.whole()


def parse_expression(tex: str, place: Place) -> n.Node:
    """Read an expression in names that stands alone, such as one axis of a shape; every subscript is a label."""
    shared = Shared(place, Names(), labels=True)
    return shared.settle(Parser(lex(tex, place), shared).whole())


class Reader(Shared):
    """Reads one display: its lines, its chains of sides, its claims."""

    def equation(self, tokens: list[Token]) -> n.Equation:
        """All claims of a display."""
        chains = self.chains(tokens)
        if not any(len(chain) > 1 for chain in chains):
            self.fail("this display states no relation: nothing can be checked", self.place.line)
        steps: list[n.Step] = []
        for chain in chains:
            steps += self.steps(chain, len(steps))
        for step in steps:
            n.bounded_depth(step.left, step.place)
            n.bounded_depth(step.right, step.place)
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
            for pieces in map(relations, statements(line, self.place)):
                if not pieces[0][1] and not chains:
                    self.fail("the first line of a display needs a left side", line[0].line)
                if chains and (len(pieces) == 1 or not pieces[0][1] or not chains[-1][-1][1]):
                    chains[-1][-1][1].extend(pieces[0][1])
                    chains[-1].extend(pieces[1:])
                else:
                    chains.append(pieces)
        return chains

    def lines(self, tokens: list[Token]) -> list[list[Token]]:
        """The lines of an `aligned` block, or the one line there is, without alignment marks and trailing words."""
        block = any(BLOCKS.fullmatch(t.text) for t in tokens)
        if "&" in {t.text for t, d in zip(tokens, depths(tokens), strict=True) if not d}:
            self.fail(r"an & outside \begin{aligned} ... \end{aligned}", tokens[0].line)
        tokens = [t for t in tokens if not BLOCKS.fullmatch(t.text)]
        lines = split(tokens, {r"\\"})
        if len(lines) > 1 and not block:
            self.fail(r"several lines need \begin{aligned} ... \end{aligned}", lines[1][0].line if lines[1] else 0)
        return [line for line in map(self.columns, lines) if line]

    def columns(self, line: list[Token]) -> list[Token]:
        """A line without its alignment marks; every second one begins a new column, as a wide space does."""
        kept: list[Token] = []
        marks = 0
        for token, depth in zip(line, depths(line), strict=True):
            if depth or token.text != "&":
                kept.append(token)
                continue
            marks += 1
            kept += [Token(GAP, token.line)] if marks % 2 == 0 else []
        return kept


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
        name = Parser(tokens, Shared(reader.place, reader.names, labels=True)).name()
    except BookError:
        return ""
    return "" if name.endswith("'") or name in FUNCTIONS else name
