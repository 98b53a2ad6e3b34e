"""What stands on a line beside an equation: its number, for which values it holds, words, and other equations."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from nnlit.book.language.spelling import Token
from nnlit.book.language.tokens import CONDITIONS, GAP, RELATIONS, depths, pairs, split

TYPED = re.compile(r"[(\[](?:(?:[A-Za-z]{0,4}\.?)?\d*(?:[.:-]\d+)*[a-z]?'*|\*+|\\dagger)[)\]]")
FOLLOWS = {
    *(r"\Rightarrow", r"\implies", r"\iff", r"\Longrightarrow", r"\Leftrightarrow", r"\Longleftrightarrow"),
    *(r"\therefore", r"\impliedby", r"\Leftarrow", r"\leadsto", r"\rightsquigarrow", r"\to"),
}
CONCLUDING = re.compile(r"(?:and )?(?:so|so that|thus|hence|therefore|then|implies|which gives|which implies|iff)")
IF = re.compile(
    r"(?:and |only )?(?:if|when|whenever|provided(?: that)?|as long as|assuming|given|for(?: all| any| every| each)?|"
    r"in case|at)(?: that)?"
)
REASON = re.compile(r"(?:and )?(?:since|because|as|by|using|recalling|due to|from)(?: that)?")
UNREAD = re.compile(r".*\b(?:unless|not|except|without|until|near|around|close to)\b.*")
WORDS = re.compile(
    r"and|or|so|thus|hence|therefore|where|with|but|while|then|if|when|for|since|because|as|by|else|otherwise|"
    r"elsewhere|s\.t\.|i\.e\.|that is|respectively|resp\.|let|given|assuming|iff"
)
REST = {"otherwise", "else", "elsewhere"}
BOUNDS = {"<", ">", r"\le", r"\ge", r"\ne"}
DOTS = {r"\dots", r"\ldots", r"\cdots", r"\dotsc", r"\dotsb"}
OPERATORS = {"+", "-", r"\cdot", r"\times", r"\odot", r"\oslash", r"\otimes", "/"}
PUNCTUATION = {".", ",", ";", ":", GAP}
WRAPPERS = {"(", ")", "{", "}", "[", "]", r"\{", r"\}"}
SIMPLE = re.compile(r"[A-Za-z]|\\ell|\\infty|\d+|[_^{}+-]|\\lvert|\\rvert|\\mathcal|\|")
OPENINGS = {"(", "[", "{", r"\{", r"\lvert", "|", r"\|", r"\langle"}


@dataclass(frozen=True)
class Piece:
    """Some words of a line, and what stands before them: nothing, a wide space, a comma, a word or a sign."""

    words: list[Token]
    cut: str = ""
    word: str = ""

    @property
    def follows(self) -> bool:
        """Whether it is concluded from what stands before it."""
        return self.cut == "follows" or bool(CONCLUDING.fullmatch(self.word))

    def goes_on(self, before: list[Token]) -> bool:
        """Whether the words continue an expression across a wide space."""
        if self.cut in {"text", "follows"}:
            return False
        last = before[-1].text if before else ""
        return not last or self.words[0].text in OPERATORS | RELATIONS or last in OPERATORS


def pieces_of(line: list[Token]) -> Iterator[Piece]:
    """A line in pieces."""
    level, at, cut, word = depths(line), 0, "", ""
    while at <= len(line):
        stop = _hard_end(line, level, at)
        if not is_range(line[at:stop]):
            stop = _comma(line, level, at, stop)
        yield Piece(line[at:stop], cut, word)
        if stop >= len(line):
            return
        if stop > at or line[stop].text != GAP:  # a space behind a word belongs to the word
            cut, word = _cut(line[stop])
        at = stop + 1


def _hard_end(line: list[Token], level: list[int], start: int) -> int:
    """Where the next wide space, word or sign of conclusion stands."""
    for k in range(start, len(line)):
        if level[k]:
            continue
        quantified = line[k].text == ":" and line[start].text == r"\forall"
        if line[k].text == GAP or quantified or _concludes(line, k, start) or _is_prose(line, k, start):
            return k
    return len(line)


def _concludes(line: list[Token], k: int, start: int) -> bool:
    """Whether a word concludes an equation from another; an arrow does so between two equations alone."""
    if line[k].text != r"\to":
        return line[k].text in FOLLOWS
    return all(any(t.text in RELATIONS for t in side) for side in (line[start:k], line[k + 1 :]))


def _comma(line: list[Token], level: list[int], start: int, stop: int) -> int:
    """The first comma behind which another equation, a range or a quantifier stands; `stop` where there is none."""
    for k in range(start, stop):
        if not level[k] and line[k].text in {",", ";"}:
            rest = line[k + 1 : stop]
            following = next((j for j in range(k + 1, stop) if not level[j] and line[j].text in {",", ";"}), stop)
            claims = any(t.text in CONDITIONS and not d for t, d in zip(line[k + 1 : following], level[k + 1 :]))  # noqa: B905
            if not rest or is_range(rest) or claims:
                return k
    return stop


def _cut(token: Token) -> tuple[str, str]:
    """What kind of a cut a word is."""
    if token.text.startswith(r"\text"):
        return "text", said(token)
    return ("follows" if token.text in FOLLOWS else "gap"), ""


def said(token: Token) -> str:
    r"""The words in a `\text{...}`, small and without punctuation around them."""
    inner = re.sub(r"\\text\w*\{(.*)\}", r"\1", token.text)
    return inner.lower().strip(" ,;:.~()[]")


def _is_prose(line: list[Token], k: int, start: int) -> bool:
    r"""Whether a `\text{...}` is a remark, and no name: it stands behind an expression, or it is a word for one."""
    text = line[k].text
    if not text.startswith(r"\text{") and not re.match(r"\\text\w+\{", text):
        return False
    inner = re.sub(r"\\text\w*\{(.*)\}", r"\1", text)
    behind = line[k + 1].text if k + 1 < len(line) else ""
    joined = line[k - 1].text if k > start else ""
    worded = bool(WORDS.fullmatch(said(line[k])))
    if behind in {"(", "_", "^", "'"} and not worded:
        return False
    if not joined:
        named = behind in RELATIONS | OPERATORS | {GAP, r"\in"} and not worded and k > 0
        numbered = k > 0 and inner[:1] in {"(", "["}
        return worded or numbered or ((inner != inner.strip() or " " in inner or ":" in inner) and not named)
    if joined in OPERATORS | RELATIONS | OPENINGS | {"_", "^"} or behind in OPERATORS:
        return worded
    return worded or inner != inner.strip() or inner[:1] in {"(", "["}


# which pieces claim nothing


def is_remark(piece: Piece, *, first: bool) -> bool:
    """Whether a piece claims nothing: a range, a set that a name is in, words about what stands before it."""
    words = trimmed(piece.words)
    claims = any(t.text in RELATIONS for t, depth in zip(words, depths(words), strict=True) if not depth)
    if piece.cut == "text" and not claims and not first:
        return True
    if not first and is_distributed(words):
        return True
    return (not first or [t.text for t in words[:1]] == [r"\forall"]) and is_range(words)


def is_distributed(words: list[Token]) -> bool:
    r"""Whether words say how one thing is distributed, `\epsilon \sim \mathcal{N}(0, I)`: nothing is compared."""
    found = [t.text for t, depth in zip(words, depths(words), strict=True) if not depth and t.text in CONDITIONS]
    return found == [r"\sim"]


def is_range(words: list[Token]) -> bool:
    r"""Whether words say for which values something holds.

    `i = 1, \\dots, n`, also in brackets, `\\forall i`, `i \\in \\{1, 2\\}`, `1 \\le i \\le n`.
    """
    words = bare(trimmed(words))
    texts = [t.text for t in words if t.text not in WRAPPERS]
    if texts[:1] == [r"\forall"]:
        return not RELATIONS & set(texts) or is_range([t for t in words if t.text != r"\forall"])
    if len(texts) < 3:
        return False
    bounded = len(texts) == 5 and texts[0] in {"0", "1"} and texts[1] == texts[3] == r"\le" and texts[2].isalpha()
    bounded = bounded and (texts[4].isalpha() or (texts[4].isdecimal() and texts[4] != "1"))
    listed = "," in texts and r"\in" in texts and all(t.isalpha() for t in texts[: texts.index(r"\in")] if t != ",")
    inside = r"\in" in texts and not set(texts) & RELATIONS
    return is_counted(words) or bounded or (listed and not set(texts) & RELATIONS) or inside


def is_counted(words: list[Token]) -> bool:
    r"""Whether words count what a letter is: `i = 1, \dots, n`, each of these a number or a letter with one beside it.

    A list in brackets is none: `v = (r_1, \dots, r_n)` says what v is.
    """
    if len(words) < 3 or words[1].text not in {"=", r"\in"}:
        return False
    behind = words[2:]
    if words[1].text == r"\in" or behind[0].text == r"\{":
        behind = bare(behind, {r"\{", "{", "["})
    parts = [[t.text for t in part] for part in split(behind, {",", ";"})]
    dots = [part for part in parts if len(part) == 1 and part[0] in DOTS]
    if not dots and words[1].text == "=" and words[0].text.isalpha():  # l = 1, 2
        return len(parts) > 1 and all(len(part) == 1 and part[0].isdecimal() for part in parts)
    plain = all(all(SIMPLE.fullmatch(t) for t in part) for part in parts if part not in dots)
    return bool(dots) and len(parts) > len(dots) and plain


def bare(words: list[Token], openings: Collection[str] = ("(", "{", "[")) -> list[Token]:
    """Words without brackets around the whole of them."""
    while len(words) > 2 and words[0].text in openings and pairs(words)[0] == len(words) - 1:
        words = words[1:-1]
    return words


def is_condition(piece: Piece) -> bool:
    """Whether a piece says when something holds: a relation behind `if` or `for`."""
    claims = any(t.text in CONDITIONS for t in piece.words)
    return piece.cut == "text" and claims and bool(IF.fullmatch(piece.word))


def is_rest(piece: Piece) -> bool:
    """Whether a piece says that something holds in all other cases."""
    return piece.cut == "text" and not trimmed(piece.words) and piece.word in REST


def is_bracketed(piece: Piece) -> bool:
    """Whether a piece is a relation in brackets behind a wide space: for which numbers what stands before it holds."""
    words = trimmed(piece.words)
    return piece.cut == "gap" and words[:1] != without_brackets(words)[:1]


def is_number(words: list[Token]) -> bool:
    """Whether a piece of a line is an equation's number, typed by hand: `(3)`, `(2.1)`, `[A.4]`, `(*)`."""
    texts = [t.text for t in words if t.text not in {"{", "}", r"\mathrm"}]
    while texts and texts[-1] in PUNCTUATION:
        texts.pop()
    return bool(TYPED.fullmatch("".join(texts)))


def lies(words: list[Token]) -> bool:
    """Whether words say something that could be claimed: where a name lies, or a relation."""
    return any(t.text in CONDITIONS for t in words)


def trimmed(line: list[Token]) -> list[Token]:
    """A line without its closing punctuation."""
    while line and line[-1].text in PUNCTUATION:
        line = line[:-1]
    return line


def without_brackets(words: list[Token]) -> list[Token]:
    """A relation without brackets around the whole of it; anything else as it is."""
    inner = bare(words)
    related = any(t.text in CONDITIONS for t, depth in zip(inner, depths(inner), strict=True) if not depth)
    return inner if related and not is_number(words) else words
