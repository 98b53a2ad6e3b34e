"""LaTeX to words with their lines, and where a list of words falls apart into sides, lines and arguments."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from nnlit.book.source.place import BookError, Place

TOKEN = re.compile(
    r"%[^\n]*|\\mathrm *(?:d(?![a-zA-Z])|\{d\}) *|\\(?:begin|end)\{\w+\*?\}"
    r"|\\(?:label|tag\*?|color|vphantom) *(?:\{[^}]*\}|[^{\s])|\\[hm]space\*? *\{[^}]*\}"
    r"|\\[hm]skip *-?[\d.]+ *[a-z]{2}|(?:\\ |~)(?: *(?:\\ |~))+|\\text\w*\{[^}]*\}"
    r"|\\operatorname(?![a-zA-Z])\*?|\\[a-zA-Z]+|\\\\(?:\[[\d.]+\w\w\])?|\\.|\d+(?:\{,\}\d{3})*(?:\.\d+)?|\S"
)
DIFFERENTIAL = re.compile(r"\\mathrm *(?:d|\{d\}) *")
IGNORED = {
    *(r"\left", r"\right", r"\big", r"\Big", r"\bigl", r"\bigr", r"\Bigl", r"\Bigr", r"\bigg", r"\Bigg", r"\biggl"),
    *(r"\biggr", r"\middle", r"\,", r"\;", r"\!", r"\:", r"\ ", "~", r"\displaystyle", r"\textstyle", r"\limits"),
    *(r"\nolimits", r"\boxed", r"\mathstrut", r"\notag", r"\nonumber", r"\,", r"\>"),
}
UNREAD = ("%", r"\label", r"\tag", r"\color", r"\vphantom")
WIDE = re.compile(r"\\(?:q?quad|hfill?|l?eqno|[hm](?:space|skip)\*? *\{? *[^-{ ].*)|(?:\\ |~| )+")
NEGATIVE = re.compile(r"\\[hm](?:space|skip)\*? *\{? *-.*")
GAP = r"\quad"  # what every wide space becomes
TYPED = re.compile(r"[(\[](?:(?:[A-Za-z]{0,4}\.?)?\d*(?:[.:-]\d+)*[a-z]?'*|\*+|\\dagger)[)\]]")
NARROW_TYPED = re.compile(r"(?:\\[,;:>! ]|~)\s*\(\s*(?:\d+(?:\.\d+)*[a-z]?|\*+)\s*\)\s*[.,;]?\s*(?=\\\\|\\end|\Z)")
JOINERS = re.compile(r"\\text\w*\{\s*,?\s*(?:and|so|so that|thus|hence|therefore|where|with|but|while|then)\s*,?\s*\}")
OPERATORS = {"+", "-", r"\cdot", r"\times", r"\odot", r"\oslash", "/"}
MOST_CHARACTERS = 100_000
MOST_WORDS = 4000
MOST_BRACKETS = 30
SAME = {
    r"\Vert": r"\|",
    r"\lVert": r"\|",
    r"\rVert": r"\|",
    r"\vert": "|",
    r"\leq": r"\le",
    r"\geq": r"\ge",
    r"\neq": r"\ne",
    r"\gets": r"\leftarrow",
    r"\tfrac": r"\frac",
    r"\dfrac": r"\frac",
    r"\cfrac": r"\frac",
    r"\ln": r"\log",
    r"\circ": r"\odot",
    r"\ast": "*",
    r"\star": "*",
    r"\lbrack": "[",
    r"\rbrack": "]",
    r"\prime": "'",
    r"\equiv": "=",
    r"\lbrace": r"\{",
    r"\rbrace": r"\}",
    r"\intercal": r"\top",
    r"\to": r"\to",
    r"\rightarrow": r"\to",
    r"\widehat": r"\hat",
    r"\widetilde": r"\tilde",
    r"\overline": r"\bar",
    r"\bm": r"\mathbf",
    r"\boldsymbol": r"\mathbf",
    r"\tbinom": r"\binom",
    r"\dbinom": r"\binom",
    r"\lt": "<",
    r"\gt": ">",
}
RELATIONS = {"=", r"\ne", "<", ">", r"\le", r"\ge", r"\approx", r"\leftarrow"}
CONDITIONS = RELATIONS | {r"\in"}
OPEN = {"(": ")", "[": "]", "{": "}", r"\{": r"\}", r"\lvert": r"\rvert", r"\langle": r"\rangle"}
CLOSE = set(OPEN.values())
BARS = {"|", r"\|"}
PUNCTUATION = {".", ",", ";", GAP}
WORDS = {r"\operatorname", r"\operatorname*", r"\mathrm"}
BLOCKS = re.compile(r"\\(begin|end)\{(aligned|align|split|gather|gathered|equation|alignedat)\*?\}")


@dataclass(frozen=True)
class Token:
    """A word of TeX and the line of the file on which it stands."""

    text: str
    line: int


def lex(tex: str, place: Place) -> list[Token]:
    """Words of TeX without narrow spaces, sizes of brackets and comments; a wide space is the word `GAP`."""
    if len(tex) > MOST_CHARACTERS:
        raise BookError(place, f"this formula has {len(tex)} characters; more than {MOST_CHARACTERS} are not read")
    tokens: list[Token] = []
    for offset, line in enumerate(tex.split("\n")):
        read = (x for x in TOKEN.findall(line) if not (x in IGNORED or x.startswith(UNREAD) or NEGATIVE.fullmatch(x)))
        tokens += [Token(canonical(x), place.line + 1 + offset) for x in read]
    if len(tokens) > MOST_WORDS:
        raise BookError(place, f"this formula has {len(tokens)} words of TeX; more than {MOST_WORDS} are not read")
    _balanced(tokens, place)
    deep = max(depths(tokens), default=0)
    if deep > MOST_BRACKETS:
        raise BookError(place, f"brackets stand {deep} deep in each other; more than {MOST_BRACKETS} are not read")
    return tokens


def canonical(text: str) -> str:
    """One spelling for words that mean the same."""
    if text.startswith(r"\\"):
        return r"\\"
    if DIFFERENTIAL.fullmatch(text):
        return "d"
    if WIDE.fullmatch(text):
        return GAP
    return text.replace("{,}", "") if text[0].isdigit() else SAME.get(text, text)


def _balanced(tokens: list[Token], place: Place) -> None:
    stack: list[Token] = []
    for token in tokens:
        if token.text == "{" or token.text.startswith(r"\begin"):
            stack.append(token)
        elif token.text == "}" or token.text.startswith(r"\end"):
            want = "}" if stack and stack[-1].text == "{" else stack[-1].text.replace("begin", "end") if stack else ""
            if token.text != want:
                raise BookError(Place(place.path, token.line), f"{token.text} closes nothing: unbalanced braces")
            stack.pop()
    if stack:
        raise BookError(Place(place.path, stack[-1].line), f"unbalanced braces: this {stack[-1].text} is never closed")


def depths(tokens: Sequence[Token]) -> list[int]:
    """How deep in brackets every token stands; an opening and its closing bracket count as inside."""
    depth, out = 0, []
    for token in tokens:
        opens = token.text in OPEN or token.text.startswith(r"\begin")
        closes = token.text in CLOSE or token.text.startswith(r"\end")
        depth += opens
        out.append(depth)
        depth -= closes
    return out


def split(tokens: Sequence[Token], at: set[str]) -> list[list[Token]]:
    """The pieces between separators that stand outside all brackets."""
    pieces: list[list[Token]] = [[]]
    for token, depth in zip(tokens, depths(tokens), strict=True):
        if depth == 0 and token.text in at:
            pieces.append([])
        else:
            pieces[-1].append(token)
    return pieces


def text_of(tokens: Sequence[Token]) -> str:
    """The words as one canonical string, without braces: `m_{t - 1}` has the label `t-1`."""
    words = [re.sub(r"\\text\w*\{(.*)\}", r"\1", t.text) for t in tokens if t.text not in {"{", "}", *WORDS}]
    spaced = (" " if a[:1] == "\\" and a[-1:].isalpha() and b[:1].isalpha() else "" for a, b in pairwise(["", *words]))
    return "".join(space + word for space, word in zip(spaced, words, strict=True)).strip()


def statements(line: list[Token], place: Place) -> list[list[Token]]:
    """The equations that share a line, set apart by a wide space or a joining word; typed numbers and remarks go."""
    found: list[list[Token]] = []
    pieces = [p for p in _pieces(line) if p]
    for whole in pieces:
        joined = bool(JOINERS.fullmatch(whole[0].text))
        piece = whole[1:] if joined else whole
        remark = bool(found) and whole[0].text.startswith(r"\text") and not joined
        if not piece or remark or (len(pieces) > 1 and typed(piece)):
            continue
        if not found or joined:
            found.append(piece)
        elif piece[0].text in OPERATORS | RELATIONS or found[-1][-1].text in OPERATORS | RELATIONS:
            found[-1] = found[-1] + piece
        elif len(relations(piece)) > 1:
            found.append(piece)
        else:
            message = "what stands behind this wide space is no equation, no number of one and no remark"
            raise BookError(Place(place.path, piece[0].line), rf"{message}: write \text{{...}} or a product without it")
    return [kept for kept in map(trimmed, found) if kept]


def _pieces(line: list[Token]) -> list[list[Token]]:
    """A line in pieces: a wide space ends one, a joining word begins one."""
    pieces: list[list[Token]] = [[]]
    for token, depth in zip(line, depths(line), strict=True):
        if depth == 0 and token.text == GAP:
            pieces.append([])
        elif depth == 0 and JOINERS.fullmatch(token.text):
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
