"""How a display falls apart: lines, equations that share a line, chains of sides; what is printed beside them goes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from nnlit.book.language import remarks
from nnlit.book.language.arguments import range_of
from nnlit.book.language.inline import spelled_out
from nnlit.book.language.remarks import OPERATORS, Piece, is_remark, pieces_of, trimmed
from nnlit.book.language.spans import Source, Span
from nnlit.book.language.spelling import Token
from nnlit.book.language.tokens import CONDITIONS, GAP, RELATIONS, depths, lex, pairs, split

NARROW_TYPED = re.compile(r"(?:\\[,;:>! ]|~)\s*\(\s*(?:\d+(?:\.\d+)*[a-z]?|\*+)\s*\)\s*[.,;]?\s*(?=\\\\|\\end|\Z)")
BLOCKS = re.compile(r"\\(begin|end)\{(aligned|align|split|gather|gathered|equation|alignedat)\*?\}")
ALTERNATIVE = {"or", "or equivalently", "equivalently"}


@dataclass
class Chain:
    """Sides `a = b = c`, each with the relation before it, and what is said of where they are equal.

    Attributes:
        sides: the relation before each side, and the side's words.
        where: conditions under which it holds.
        assumed: whether something is concluded from it, or it is one of several alternatives: it need not be claimed.
        asides: what stands beside it and is not executed: for which values it holds, where a name lies.
        otherwise: whether it holds where no condition of the chains before it does.
    """

    sides: list[tuple[str, list[Token]]]
    where: list[list[Token]] = field(default_factory=list)
    assumed: bool = False
    asides: list[list[Token]] = field(default_factory=list)
    otherwise: bool = False


def chains(source: Source, *, goes_on: bool = False) -> list[Chain]:
    """The chains of a display; a side that goes on in the next line is put together.

    Where the display goes on from another one, the first side of the first chain is empty.
    """
    refuse_narrow_number(source)
    found: list[Chain] = []
    for line in lines_of(lex(source), source):
        for chain in statements(line, source):
            first = chain.sides[0][1]
            if not first and not found and not goes_on:
                raise source.error(line[0].span, "the first line of a display needs a left side")
            if found and (len(chain.sides) == 1 or not first or not found[-1].sides[-1][1]):
                _append(found[-1], chain, source)
            else:
                found.append(chain)
    return found


def _append(chain: Chain, more: Chain, source: Source) -> None:
    """Go on with a chain: with a relation, or in the middle of a side."""
    last, first = chain.sides[-1][1], more.sides[0][1]
    if last and first and last[-1].text not in OPERATORS and first[0].text not in OPERATORS:
        message = "a line that begins here is no product with the one above: write an operator, a relation or one line"
        raise source.error(first[0].span, message)
    last.extend(first)
    chain.sides.extend(more.sides[1:])
    chain.where.extend(more.where)
    chain.asides.extend(more.asides)
    chain.otherwise |= more.otherwise


LETTERED = re.compile(
    r"(?:\\q?quad|\\hfill?|\\[hm]space\*? *\{[^}]*\})\s*([(\[] *([A-Za-z]{1,4}) *[)\]])\s*[.,;]?\s*(?=\\\\|\\end|\Z)"
)


def lettered_numbers(source: Source) -> Iterator[tuple[str, Span]]:
    """The letters in brackets behind a wide space, at the end of a line: numbers, if they are not declared."""
    for found in LETTERED.finditer(source.tex):
        line, column = source.origins[source.tex.count("\n", 0, found.start(1))]
        begin = column + found.start(1) - source.tex.rfind("\n", 0, found.start(1)) - 1
        yield found[2], Span(line, begin, line, begin + len(found[1]))


def refuse_narrow_number(source: Source) -> None:
    """A number in parentheses behind a narrow space, at the end of a line, is a factor to one reader only."""
    found = NARROW_TYPED.search(source.tex)
    if found and not source.tex[: found.start()].rstrip().endswith(("~", "\\")):
        line, column = source.origins[source.tex.count("\n", 0, found.start())]
        begin = column + found.start() - source.tex.rfind("\n", 0, found.start()) - 1
        number = found[0].strip()
        ask = rf"is {number} a factor or this equation's number? write \tag for a number, \cdot for a factor"
        raise source.error(Span(line, begin, line, begin + len(number)), ask)


def lines_of(tokens: list[Token], source: Source) -> list[list[Token]]:
    r"""The lines of a display, set apart by `\\` in an environment or without one; without alignment marks."""
    tokens = aligned(tokens)
    block = any(BLOCKS.fullmatch(t.text) for t in tokens)
    lines = [x for x in split([t for t in tokens if not BLOCKS.fullmatch(t.text)], {r"\\"}) if x]
    loose = [t for t, d in zip(tokens, depths(tokens), strict=True) if not d and t.text == "&"]
    if loose and not block and len(lines) < 2:
        raise source.error(loose[0].span, r"an & outside \begin{aligned} ... \end{aligned}")
    return [line for line in map(unboxed, map(columns, map(unbroken, lines))) if line]


def aligned(tokens: list[Token]) -> list[Token]:
    r"""A display that is an `array` from end to end, or a system of equations in `cases`, as lines."""
    inner = trimmed(tokens)
    whole = inner and inner[0].text in SYSTEMS and pairs(inner)[0] == len(inner) - 1
    if not whole or not any(t.text in RELATIONS for t in inner):
        return tokens
    if inner[0].text == r"\begin{cases}" and not all(map(claims, split(inner[1:-1], {r"\\"}))):
        return tokens
    return [Token(r"\begin{aligned}", inner[0].span), *inner[1:-1], Token(r"\end{aligned}", inner[-1].span)]


SYSTEMS = {r"\begin{array}", r"\begin{cases}"}


def claims(line: list[Token]) -> bool:
    """Whether a relation stands in the first column of a line: it is no value with its condition."""
    first = split(line, {"&"})[0] if line else []
    return not line or any(t.text in RELATIONS for t in first)


def unbroken(line: list[Token]) -> list[Token]:
    """A line without breaks, marks and indents inside of brackets; those of an environment stay."""
    kept, environments, broken = list[Token](), 0, False
    for token, depth in zip(line, depths(line), strict=True):
        environments += token.text.startswith(r"\begin")
        environments -= token.text.startswith(r"\end")
        broken = depth > 0 and not environments and (token.text == r"\\" or (broken and token.text in {"&", GAP}))
        kept += [] if broken else [token]
    return kept


def columns(line: list[Token]) -> list[Token]:
    """A line with its alignment marks as wide spaces, but for those beside a relation or an operator."""
    kept, joints = list[Token](), RELATIONS | OPERATORS
    for k, (token, depth) in enumerate(zip(line, depths(line), strict=True)):
        if depth or token.text != "&":
            kept.append(token)
        elif kept and kept[-1].text not in joints and k + 1 < len(line) and line[k + 1].text not in joints:
            kept.append(Token(GAP, token.span))
    return kept


def unboxed(line: list[Token]) -> list[Token]:
    """A line without braces around the whole of it, such as those of a box."""
    while line and line[0].text == "{" and pairs(line)[0] == len(trimmed(line)) - 1:
        line = trimmed(line)[1:-1]
    return line


def statements(line: list[Token], source: Source) -> list[Chain]:
    """The equations that share a line, set apart by a wide space, a comma or a word; numbers and remarks go."""
    found: list[Chain] = []
    waiting: list[list[Token]] = []  # conditions in front of what they are for
    asides: list[list[Token]] = []
    pieces, conditional = spelled_out(list(pieces_of(line))), False
    for piece in pieces:
        words = remarks.without_brackets(trimmed(piece.words))
        if found and remarks.is_rest(piece):
            found[-1].otherwise = True
        if not words or (len(pieces) > 1 and remarks.is_number(words)):
            continue
        if found and (ranges := ranges_behind(piece, words, found[-1])):
            found[-1].where += ranges
            conditional = True
            continue
        if len(pieces) > 1 and is_remark(piece, first=not found):
            asides += [words] if remarks.lies(words) else []
            continue
        refuse_unread(piece, words, source)
        words, where = without_set(words)
        asides += [where] if where else []
        bracketed = bool(found) and remarks.is_bracketed(piece)
        if remarks.is_condition(piece) or bracketed or (conditional and piece.word == "and"):
            conditional = True
            (found[-1].where if found else waiting).append(words)
        elif found and piece.goes_on(found[-1].sides[-1][1]):
            _go_on(found[-1], words, source)
        elif len(relations(words)) > 1 or not found:
            found.append(Chain(relations(words), waiting))
            waiting, conditional = [], False
            _conclude(found, piece)
        else:
            before = "arrow" if piece.cut == "follows" else "wide space"
            message = f"what stands behind this {before} is no equation, no number of one and no remark"
            span = words[0].span.to(words[-1].span)
            raise source.error(span, rf"{message}: write \text{{...}} or a product without it")
    if found:
        found[-1].asides.extend(asides)
    return found


def ranges_behind(piece: Piece, words: list[Token], chain: Chain) -> list[list[Token]]:
    r"""The conditions in words behind a chain that say for which arguments it holds, or for all of which numbers."""
    if piece.follows or piece.word in AND or any(x.fullmatch(piece.word) for x in (remarks.UNREAD, remarks.REASON)):
        return []
    signs = {t.text for t, depth in zip(words, depths(words), strict=True) if not depth} & CONDITIONS
    if words[0].text == r"\forall" and signs and signs <= remarks.BOUNDS:
        return [words[1:]]
    return range_of(words, [side for _, side in chain.sides])


AND = {"and", "or", "so", "but", "because"}


def without_set(words: list[Token]) -> tuple[list[Token], list[Token]]:
    r"""A chain without the set in which its sides lie, `y = 2 x - 1 \in \{-1, 1\}`, and what is said of that."""
    level = depths(words)
    signs = [k for k, token in enumerate(words) if not level[k] and token.text in RELATIONS]
    sets = [k for k, token in enumerate(words) if not level[k] and token.text == r"\in"]
    if not signs or len(sets) != 1 or sets[0] < signs[-1] or sets[0] == signs[-1] + 1:
        return words, []
    return words[: sets[0]], [*words[: signs[0]], *words[sets[0] :]]


def refuse_unread(piece: Piece, words: list[Token], source: Source) -> None:
    """A relation behind a word that turns it round is neither claimed nor a condition that is read."""
    if remarks.UNREAD.fullmatch(piece.word) and len(relations(words)) > 1:
        what = f"cannot read what stands behind {piece.word!r}"
        raise source.error(words[0].span.to(words[-1].span), rf"{what}: write \text{{if}} and a relation")


def _go_on(chain: Chain, words: list[Token], source: Source) -> None:
    """The rest of a side behind a space, with what follows it."""
    more = relations(words)
    chain.sides[-1][1].extend(more[0][1])
    chain.sides.extend(more[1:])


def _conclude(found: list[Chain], piece: Piece) -> None:
    """What stands in front of a conclusion, and alternatives, need not be claimed."""
    either = piece.word in ALTERNATIVE
    if len(found) > 1 and (either or piece.follows):
        found[-2].assumed = True
        found[-1].assumed = either
    found[-1].assumed |= bool(remarks.REASON.fullmatch(piece.word))


def relations(tokens: list[Token], words: set[str] = RELATIONS) -> list[tuple[str, list[Token]]]:
    """The sides of a chain with the relation before each; the first has none."""
    out: list[tuple[str, list[Token]]] = [("", [])]
    for token, depth in zip(tokens, depths(tokens), strict=True):
        if depth == 0 and token.text in words:
            out.append((token.text, []))
        else:
            out[-1][1].append(token)
    return out


def beginning(source: Source) -> str:
    """The relation that a display begins with, or nothing."""
    tokens: Iterator[str] = (t.text for t in lex(source) if t.text not in {"&", GAP} and not BLOCKS.fullmatch(t.text))
    first = next(tokens, "")
    return first if first in RELATIONS else ""
