"""LaTeX to words with their lines, and where a list of words falls apart into sides, lines and arguments."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from nnlit.book.source.place import BookError, Place

TOKEN = re.compile(
    r"%[^\n]*|\\mathrm *(?:d(?![a-zA-Z])|\{d\}) *|\\(?:begin|end)\{\w+\*?\}"
    r"|\\(?:label|tag|color|hspace|vphantom)\{[^}]*\}|\\text\w*\{[^}]*\}"
    r"|\\operatorname\*?|\\[a-zA-Z]+|\\\\(?:\[[\d.]+\w\w\])?|\\.|\d+(?:\{,\}\d{3})*(?:\.\d+)?|\S"
)
DIFFERENTIAL = re.compile(r"\\mathrm *(?:d|\{d\}) *")
IGNORED = {
    *(r"\left", r"\right", r"\big", r"\Big", r"\bigl", r"\bigr", r"\Bigl", r"\Bigr", r"\bigg", r"\Bigg", r"\biggl"),
    *(r"\biggr", r"\middle", r"\,", r"\;", r"\!", r"\:", r"\ ", "~", r"\displaystyle", r"\textstyle", r"\limits"),
    *(r"\nolimits", r"\boxed", r"\mathstrut", r"\notag", r"\nonumber", r"\,", r"\>"),
}
UNREAD = ("%", r"\label", r"\tag", r"\color", r"\hspace", r"\vphantom")
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
WORDS = {r"\operatorname", r"\operatorname*", r"\mathrm"}
BLOCKS = re.compile(r"\\(begin|end)\{(aligned|align|split|gather|gathered|equation|alignedat)\*?\}")


@dataclass(frozen=True)
class Token:
    """A word of TeX and the line of the file on which it stands."""

    text: str
    line: int


def lex(tex: str, place: Place) -> list[Token]:
    """Words of TeX without spacing, sizes of brackets and comments."""
    tokens: list[Token] = []
    for offset, line in enumerate(tex.split("\n")):
        read = (x for x in TOKEN.findall(line) if not (x in IGNORED or x.startswith(UNREAD)))
        tokens += [Token(canonical(x), place.line + 1 + offset) for x in read]
    _balanced(tokens, place)
    return tokens


def canonical(text: str) -> str:
    """One spelling for words that mean the same."""
    if text.startswith(r"\\"):
        return r"\\"
    if DIFFERENTIAL.fullmatch(text):
        return "d"
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


def statements(line: list[Token]) -> list[list[Token]]:
    r"""Equations that share a line, set apart by a comma and a `\quad`."""
    out: list[list[Token]] = [[]]
    for k, token in enumerate(line):
        gap = token.text in {r"\quad", r"\qquad"}
        if gap and out[-1] and out[-1][-1].text in {",", ";"} and k + 1 < len(line):
            out[-1].pop()
            out.append([])
        elif not gap:
            out[-1].append(token)
    return [s for s in out if s]


def trimmed(line: list[Token]) -> list[Token]:
    r"""A line without its closing punctuation and without a remark `\quad \text{...}` at its end."""
    for k in range(1, len(line)):
        if line[k].text.startswith(r"\text") and line[k - 1].text in {r"\quad", r"\qquad"} and not depths(line)[k]:
            line = line[:k]
            break
    while line and line[-1].text in {".", ",", ";", r"\quad", r"\qquad"}:
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
