"""LaTeX to words with their places, and which bracket closes which."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from nnlit.book.language.fonts import unfonted
from nnlit.book.language.spans import Source, Span
from nnlit.book.language.spelling import Token, respelled
from nnlit.book.language.unicode import in_tex

TOKEN = re.compile(
    r"%[^\n]*|\\mathrm *(?:d(?![a-zA-Z])|\{d\}) *|\\(?:begin|end)\{\w+\*?\}"
    r"|(?<![_^])\\(?:text|textrm|mathit|operatorname) *\{d\} *(?=[a-zA-Z\\])"
    r"|\\(?:label|tag\*?|color(?![a-zA-Z])|vphantom) *(?:\{[^}]*\}|[^{\s])|\\[hm]space\*? *\{[^}]*\}"
    r"|\\[hm]skip *-?[\d.]+ *[a-z]{2}|(?:\\ |~)(?: *(?:\\ |~))+"
    r"|\\(?:text(?!color|style|width)\w*|mbox|hbox)\{(?:[^{}$]|\$[^$]*\$)*\}|\|\|"
    r"|\\operatorname(?![a-zA-Z])\*?|\\[a-zA-Z]+|\\\\(?:\[[\d.]+\w\w\])?|\\.|\d+(?:\{,\}\d{3})*(?:\.\d+)?|\S"
)
DIFFERENTIAL = re.compile(r"\\mathrm *(?:d|\{d\}) *|\\(?:text|textrm|mathit|operatorname) *\{d\} *")
UNREAD = re.compile(r"%|\\(?:label|tag|color|vphantom)(?![a-zA-Z])")
WIDE = re.compile(r"\\(?:q?quad|enspace|enskip|hfill?|l?eqno|[hm](?:space|skip)\*? *\{? *[^-{ ].*)|(?:\\ |~| )+")
TEXT = re.compile(r"\\(text\w*|mbox|hbox)\{(.*)\}")
IN_A_TEXT = re.compile(r"\s*(if|when|for)\s+(\S.*(?:[=<>]|\\(?:neq?|leq?|geq?|lt|gt|in)(?![a-zA-Z])).*)")
SYMBOLS = re.compile(r"\s*(?:if|when|for)\s+(?:[A-Za-z](?:_\w)?'*(?:\s+|$))*")
NEGATIVE = re.compile(r"\\[hm](?:space|skip)\*? *\{? *-.*")
GAP = r"\quad"  # what every wide space becomes
MOST_CHARACTERS = 100_000
MOST_WORDS = 20_000
MOST_BRACKETS = 30
SPLIT = "display a part of it with a name of its own, and write the name"
SAME = {
    r"\parallel": r"\|",
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
    r"\triangleq": "=",
    r"\doteq": "=",
    r"\coloneqq": ":=",
    r"\coloneq": ":=",
    r"\colonequals": ":=",
    r"\defeq": ":=",
    r"\eqdef": "=",
    r"\colon": ":",
    r"\vcentcolon": ":",
    r"\simeq": r"\approx",
    r"\cong": r"\approx",
    r"\leqslant": r"\le",
    r"\geqslant": r"\ge",
    r"\leqq": r"\le",
    r"\geqq": r"\ge",
    r"\preccurlyeq": r"\preceq",
    r"\succcurlyeq": r"\succeq",
    r"\longleftarrow": r"\leftarrow",
    r"\longrightarrow": r"\to",
    r"\operatornamewithlimits": r"\operatorname*",
    r"\pmb": r"\mathbf",
    r"\mathbbm": r"\mathbb",
    r"\mathds": r"\mathbb",
    r"\newline": r"\\",
    r"\cr": r"\\",
    r"\dotsi": r"\dots",
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
    r"\lnot": r"\neg",
    r"\lor": r"\cup",
    r"\vee": r"\cup",
    r"\gt": ">",
    "\u2212": "-",
}
RELATIONS = {"=", ":=", r"\ne", "<", ">", r"\le", r"\ge", r"\approx", r"\leftarrow"}
RELATIONS |= {r"\sim", r"\propto", r"\ll", r"\gg", r"\preceq", r"\succeq", r"\prec", r"\succ"}
MEMBERSHIP = {r"\in", r"\notin"}
CONDITIONS = RELATIONS | MEMBERSHIP
OPEN = {"(": ")", "[": "]", "{": "}", r"\{": r"\}", r"\lvert": r"\rvert", r"\langle": r"\rangle"}
OPEN |= {r"\lfloor": r"\rfloor", r"\lceil": r"\rceil"}
CLOSE = set(OPEN.values())
BARS = {"|", r"\|"}
WORDS = {r"\operatorname", r"\operatorname*", r"\mathrm"}
ACCENTS = {r"\hat", r"\bar", r"\tilde", r"\dot", r"\ddot", r"\vec", r"\check"}
FONTS = {r"\mathbf", r"\mathcal", r"\mathbb", r"\mathsf", r"\mathfrak", r"\mathit", r"\mathscr"}
SIGNS_BELOW = {"*", r"\dagger", r"\perp"}  # below a name they are no index
MARKS = {("(", ")"), ("[", "]"), ("<", ">"), (r"\{", r"\}"), (r"\langle", r"\rangle")}
ONE, TWO = {"^", "_", r"\sqrt", *ACCENTS, *FONTS}, {r"\frac", r"\binom"}  # how many arguments follow


def lex(source: Source) -> list[Token]:
    """Words of TeX without narrow spaces, sizes of brackets and comments; a wide space is the word `GAP`."""
    return list(_lexed(source))


@lru_cache(16)
def _lexed(source: Source) -> tuple[Token, ...]:
    """The words of a formula: its first word, its relations and its lines are asked for one after the other."""
    if len(source.tex) > MOST_CHARACTERS:
        count = f"{len(source.tex):,} characters in one formula"
        raise source.error(None, f"{count}: more than {MOST_CHARACTERS:,} are not read; {SPLIT}")
    begun = zip(source.lines, source.origins, strict=True)
    tokens = barred(percents(token for text, (line, column) in begun for token in words(text, line, column)))
    if len(tokens) > MOST_WORDS:
        count = f"{len(tokens):,} words of TeX in one formula"
        raise source.error(None, f"{count}: more than {MOST_WORDS:,} are not read; {SPLIT}")
    _refuse_nesting(tokens, source)
    tokens = parted(unfonted(respelled(tokens, source), source))
    _refuse_nesting(tokens, source)
    return tuple(tokens)


def percents(tokens: Iterable[Token]) -> list[Token]:
    r"""The same with `50\%` as the number that it is, `(50 \cdot 10^{-2})`."""
    out = list[Token]()
    for token in tokens:
        if token.text == r"\%" and out and out[-1].text[0].isdigit():
            number, sign = out.pop(), token.span
            before, behind = ("(",), ("\\cdot", "10", "^", "{", "-", "2", "}", ")")
            out += [*(Token(x, number.span) for x in before), number, *(Token(x, sign) for x in behind)]
        else:
            out.append(token)
    return out


def barred(tokens: list[Token]) -> list[Token]:
    """The same with two bars side by side as a norm's; where such pairs do not pair up, one closes and one opens."""
    count = sum(token.text in {"||", r"\|"} for token in tokens)
    if count % 2 == 0:
        return [replace(token, text=r"\|") if token.text == "||" else token for token in tokens]
    out = list[Token]()
    for token in tokens:
        if token.text == "||":
            middle = token.span.column + 1
            out += [Token("|", replace(token.span, end=middle)), Token("|", replace(token.span, column=middle))]
        else:
            out.append(token)
    return out


def _refuse_nesting(tokens: list[Token], source: Source) -> None:
    """Braces that do not fit together, or brackets that stand too deep."""
    _balanced(tokens, source)
    level = depths(tokens)
    if level and max(level) > MOST_BRACKETS:
        at = tokens[level.index(MOST_BRACKETS + 1)].span
        count = f"brackets stand {max(level):,} deep in each other"
        raise source.error(at, f"{count}: more than {MOST_BRACKETS} are not read; {SPLIT}")


def words(text: str, line: int, column: int) -> Iterator[Token]:
    r"""The words of a line that begins at a column; mathematics inside of `\text{...}` is taken out of it."""
    text, places = (text, range(len(text) + 1)) if text.isascii() else in_tex(text)
    for found in TOKEN.finditer(text):
        word, start = found[0], column + places[found.start()]
        stop = column + places[found.start() + len(word.rstrip()) - 1] + 1
        prose = TEXT.fullmatch(word)
        condition = _condition(prose) if prose else None
        if prose and condition:
            at = start + prose.start(2) + condition.start(2)
            yield Token(r"\text{if }", Span(line, start, line, at))
            yield from words(condition[2], line, at)
        elif prose and "$" in word:
            yield from _mixed(prose, line, start)
        elif not (UNREAD.match(word) or NEGATIVE.fullmatch(word)):
            shown = rf"\text{{{prose[2]}}}" if prose and prose[1] in {"mbox", "hbox"} else word
            yield Token(canonical(shown), Span(line, start, line, max(stop, start + 1)))


def _condition(prose: re.Match[str]) -> re.Match[str] | None:
    r"""The relation in `\text{if k = y_i}`, also where its sign alone stands between dollars."""
    if "$" in prose[2] and not SYMBOLS.fullmatch(" ".join(prose[2].split("$")[::2])):
        return None
    return IN_A_TEXT.fullmatch(prose[2].replace("$", " "))


def _mixed(prose: re.Match[str], line: int, start: int) -> Iterator[Token]:
    """The words of a text with mathematics between single dollars."""
    at = start + prose.start(2)
    for k, piece in enumerate(prose[2].split("$")):
        if k % 2:
            yield from words(piece, line, at)
        elif piece.strip():
            yield Token(rf"\text{{{piece}}}", Span(line, at, line, at + len(piece)))
        at += len(piece) + 1


def canonical(text: str) -> str:
    """One spelling for words that mean the same."""
    if text.startswith(r"\\"):
        return r"\\"
    if DIFFERENTIAL.fullmatch(text):
        return "d"
    if text not in {"\\ ", "~"} and WIDE.fullmatch(text):
        return GAP
    return text.replace("{,}", "") if text[0].isdigit() else SAME.get(text, text)


def parted(tokens: list[Token]) -> list[Token]:
    r"""The same with the first digit of a number apart where TeX takes one digit as an argument: `x^12`, `\frac12`."""
    out: list[Token] = []
    opened, closed = list[str](), ""
    for token in tokens:
        before, second = (out[-1].text if out else ""), (out[-2].text if len(out) > 1 else "")
        alone = before in ONE | TWO or (second in TWO and before != "{") or (before == "}" and closed in TWO)
        if token.text == "{":
            opened.append(before)
        elif token.text == "}":
            closed = opened.pop() if opened else ""
        if alone and token.text[0].isdigit() and len(token.text) > 1:
            at = token.span
            out.append(Token(token.text[0], Span(at.line, at.column, at.line, at.column + 1)))
            out.append(Token(token.text[1:], Span(at.line, at.column + 1, at.line, at.end)))
        else:
            out.append(token)
    return out


def _balanced(tokens: list[Token], source: Source) -> None:
    stack: list[Token] = []
    for token in tokens:
        if token.text == "{" or token.text.startswith(r"\begin"):
            stack.append(token)
        elif token.text == "}" or token.text.startswith(r"\end"):
            want = "}" if stack and stack[-1].text == "{" else stack[-1].text.replace("begin", "end") if stack else ""
            if token.text != want:
                raise source.error(token.span, f"{token.text} closes nothing: unbalanced braces")
            stack.pop()
    if stack:
        raise source.error(stack[-1].span, f"unbalanced braces: this {stack[-1].text} is never closed")


@lru_cache(4096)
def opens(text: str) -> bool:
    """Whether a word opens a bracket or an environment."""
    return text in OPEN or text.startswith(r"\begin")


@lru_cache(4096)
def closes(text: str) -> bool:
    """Whether a word closes a bracket or an environment."""
    return text in CLOSE or text.startswith(r"\end")


def pairs(tokens: Sequence[Token]) -> list[int]:
    """For every opening word the position of the one that closes it; -1 elsewhere, and where nothing closes it.

    A brace or an environment is closed by its own kind alone, and closes with it what is still open inside.
    """
    found, stack = [-1] * len(tokens), list[int]()
    for k, token in enumerate(tokens):
        if opens(token.text):
            stack.append(k)
        elif closes(token.text):
            hard = token.text == "}" or token.text.startswith(r"\end")
            while hard and stack and not _hard(tokens[stack[-1]].text):
                stack.pop()
            if stack and (hard or not _hard(tokens[stack[-1]].text)):
                found[stack.pop()] = k
    return found


def _hard(text: str) -> bool:
    return text == "{" or text.startswith(r"\begin")


def depths(tokens: Sequence[Token]) -> list[int]:
    """How deep in brackets every token stands; an opening and its closing bracket count as inside."""
    match, depth, out = pairs(tokens), 0, list[int]()
    ends = {end for end in match if end >= 0}
    for k in range(len(tokens)):
        depth += match[k] >= 0
        out.append(depth)
        depth -= k in ends
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


def text_of(words: Sequence[str]) -> str:
    """Words as one canonical string, without braces: `m_{t - 1}` has the label `t-1`."""
    kept = [re.sub(r"\\text\w*\{(.*)\}", r"\1", w) for w in words if w not in {"{", "}", *WORDS}]
    spaced = (" " if a[:1] == "\\" and a[-1:].isalpha() and b[:1].isalpha() else "" for a, b in pairwise(["", *kept]))
    return "".join(space + word for space, word in zip(spaced, kept, strict=True)).strip()


def is_mark(words: Sequence[str]) -> bool:
    """Whether words are a mark in brackets, such as the `(l)`, `[2]` or `<t>` of a layer, an example or a step."""
    while words[:1] == ("{",) and words[-1:] == ("}",):
        words = words[1:-1]
    simple = all(re.fullmatch(r"[\w+-]+|\\ell", w) for w in words[1:-1])
    return len(words) > 2 and (words[0], words[-1]) in MARKS and simple
