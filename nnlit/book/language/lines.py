"""How a display falls apart: lines, equations that share a line, chains of sides; what is printed beside them goes."""

import re

from nnlit.book.language.spans import Source, Span
from nnlit.book.language.tokens import GAP, RELATIONS, Token, depths, lex, pairs, split

TYPED = re.compile(r"[(\[](?:(?:[A-Za-z]{0,4}\.?)?\d*(?:[.:-]\d+)*[a-z]?'*|\*+|\\dagger)[)\]]")
NARROW_TYPED = re.compile(r"(?:\\[,;:>! ]|~)\s*\(\s*(?:\d+(?:\.\d+)*[a-z]?|\*+)\s*\)\s*[.,;]?\s*(?=\\\\|\\end|\Z)")
JOINERS = re.compile(r"\\text\w*\{\s*,?\s*(?:and|so|so that|thus|hence|therefore|where|with|but|while|then)\s*,?\s*\}")
FOLLOWS = {r"\Rightarrow", r"\implies", r"\iff", r"\Longrightarrow", r"\Leftrightarrow", r"\Longleftrightarrow"}
DOTS = {r"\dots", r"\ldots", r"\cdots", r"\dotsc"}
OPERATORS = {"+", "-", r"\cdot", r"\times", r"\odot", r"\oslash", "/"}
PUNCTUATION = {".", ",", ";", GAP}
BLOCKS = re.compile(r"\\(begin|end)\{(aligned|align|split|gather|gathered|equation|alignedat)\*?\}")


Chain = list[tuple[str, list[Token]]]  # the relation before each side, and the side's words


def chains(source: Source) -> list[Chain]:
    """The chains `a = b = c` of a display; a side that goes on in the next line is put together."""
    refuse_narrow_number(source)
    found: list[Chain] = []
    for line in lines_of(lex(source), source):
        for pieces in map(relations, statements(line, source)):
            if not pieces[0][1] and not found:
                raise source.error(line[0].span, "the first line of a display needs a left side")
            if found and (len(pieces) == 1 or not pieces[0][1] or not found[-1][-1][1]):
                found[-1][-1][1].extend(pieces[0][1])
                found[-1].extend(pieces[1:])
            else:
                found.append(pieces)
    return found


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
    """The lines of an `aligned` block, or the one line there is, without alignment marks."""
    block = any(BLOCKS.fullmatch(t.text) for t in tokens)
    loose = [t for t, d in zip(tokens, depths(tokens), strict=True) if not d and t.text == "&"]
    if loose:
        raise source.error(loose[0].span, r"an & outside \begin{aligned} ... \end{aligned}")
    lines = split([t for t in tokens if not BLOCKS.fullmatch(t.text)], {r"\\"})
    if len(lines) > 1 and not block:
        at = lines[1][0].span if lines[1] else tokens[-1].span
        raise source.error(at, r"several lines need \begin{aligned} ... \end{aligned}")
    return [line for line in map(unboxed, map(columns, lines)) if line]


def columns(line: list[Token]) -> list[Token]:
    """A line without its alignment marks; every second one begins a new column, as a wide space does."""
    kept, marks = list[Token](), 0
    for token, depth in zip(line, depths(line), strict=True):
        if depth or token.text != "&":
            kept.append(token)
            continue
        marks += 1
        kept += [Token(GAP, token.span)] if marks % 2 == 0 else []
    return kept


def statements(line: list[Token], source: Source) -> list[list[Token]]:
    """The equations that share a line, set apart by a wide space or a joining word; typed numbers and remarks go."""
    found: list[list[Token]] = []
    pieces = [p for p in _pieces(line) if p]
    for whole in pieces:
        joined = joins(whole[0].text)
        piece = whole[1:] if joined else whole
        remark = bool(found) and whole[0].text.startswith(r"\text") and not joined
        if not piece or remark or (len(pieces) > 1 and (typed(piece) or (found and is_range(piece)))):
            continue
        if not found or joined:
            found.append(piece)
        elif piece[0].text in OPERATORS | RELATIONS or found[-1][-1].text in OPERATORS | RELATIONS:
            found[-1] = found[-1] + piece
        elif len(relations(piece)) > 1:
            found.append(piece)
        else:
            message = "what stands behind this wide space is no equation, no number of one and no remark"
            span = piece[0].span.to(piece[-1].span)
            raise source.error(span, rf"{message}: write \text{{...}} or a product without it")
    return [kept for kept in map(trimmed, found) if kept]


def joins(word: str) -> bool:
    """Whether a word stands between two equations."""
    return word in FOLLOWS or bool(JOINERS.fullmatch(word))


def is_range(piece: list[Token]) -> bool:
    r"""Whether a piece of a line says for which values it holds: `i = 1, \dots, n`, also in brackets, `\forall i`."""
    words = [t.text for t in piece if t.text not in {"(", ")", "{", "}"}]
    counted = len(words) > 3 and words[1] in {"=", r"\in"} and bool(DOTS & set(words[2:]))
    return words[:1] == [r"\forall"] or counted


def unboxed(line: list[Token]) -> list[Token]:
    """A line without braces around the whole of it, such as those of a box."""
    while line and line[0].text == "{" and pairs(line)[0] == len(trimmed(line)) - 1:
        line = trimmed(line)[1:-1]
    return line


def _pieces(line: list[Token]) -> list[list[Token]]:
    """A line in pieces: a wide space ends one, a joining word begins one."""
    pieces: list[list[Token]] = [[]]
    for token, depth in zip(line, depths(line), strict=True):
        if depth == 0 and token.text == GAP:
            pieces.append([])
        elif depth == 0 and joins(token.text):
            pieces.append([token])
        else:
            pieces[-1].append(token)
    return pieces


def typed(piece: list[Token]) -> bool:
    """Whether a piece of a line is an equation's number, typed by hand: `(3)`, `(2.1)`, `[A.4]`, `(*)`."""
    words = [t.text for t in piece if t.text not in {"{", "}", r"\mathrm"}]
    while words and words[-1] in PUNCTUATION:
        words.pop()
    return bool(TYPED.fullmatch("".join(words)))


def trimmed(line: list[Token]) -> list[Token]:
    """A line without its closing punctuation."""
    while line and line[-1].text in PUNCTUATION:
        line = line[:-1]
    return line


def relations(tokens: list[Token], words: set[str] = RELATIONS) -> list[tuple[str, list[Token]]]:
    """The sides of a chain with the relation before each; the first has none."""
    out: list[tuple[str, list[Token]]] = [("", [])]
    level = depths(tokens)
    for k, token in enumerate(tokens):
        if token.text == ":" and k + 1 < len(tokens) and tokens[k + 1].text == "=":
            continue
        if level[k] == 0 and token.text in words:
            out.append((token.text, []))
        else:
            out[-1][1].append(token)
    return out
