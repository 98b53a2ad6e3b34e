r"""An author's own commands of TeX: `\newcommand`, `\def`, `\DeclareMathOperator`, `\let`, expanded to a limit."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

MOST = 2000  # expansions in a display
LONGEST = 50_000  # characters that a display may grow to
BODY = 2_000  # characters of a command's body or argument
DEFINING = re.compile(
    r"\\(?:(?P<new>(?:re)?newcommand|providecommand|DeclareRobustCommand)\*?\s*+\{?\s*+\\(?P<newname>[a-zA-Z]+|.)\s*+\}?"
    r"\s*+(?:\[(?P<count>\d)\])?\s*+(?:\[(?P<default>[^\]\n]{0,100})\])?\s*+(?=\{)"
    r"|[gex]?def\s*+\\(?P<defname>[a-zA-Z]+)\s*+(?P<parameters>[^{}\\\n]{0,60})\s*+(?=\{)"
    r"|DeclareMathOperator(?P<star>\*?)\s*+\{?\s*+\\(?P<opname>[a-zA-Z]+)\s*+\}?\s*+(?=\{)"
    r"|(?:New|Renew|Provide|Declare)DocumentCommand\s*+\{?\s*+\\(?P<docname>[a-zA-Z]+)\s*+\}?"
    r"\s*+\{\s*+(?:O\s*+\{(?P<first>[^{}]*)\})?\s*+(?P<each>(?:m\s*+)*+)\}\s*+(?=\{)"
    r"|DeclarePairedDelimiter\s*+\{?\s*+\\(?P<pairname>[a-zA-Z]+)\s*+\}?\s*+\{(?P<left>[^{}]*)\}\s*+\{(?P<right>[^{}]*)\}"
    r"|let\s*+\\(?P<letname>[a-zA-Z]+)\s*+=?\s*+(?P<letbody>\\[a-zA-Z]+|[^\\\s{}]))"
)
SIZED = re.compile(r"\s*\*?\s*(?:\[\\[a-zA-Z]+\])?")
BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
ENVIRONMENT = re.compile(r"\\(?:begin|end)\{\w+\*?\}")

OWN_ENVIRONMENT = re.compile(
    r"\\(?:re)?newenvironment\*?\s*\{(\w+\*?)\}\s*\{\s*\\begin\{(\w+\*?)\}\s*\}\s*\{\s*\\end\{\2\}\s*\}"
)


@dataclass(frozen=True)
class Macro:
    r"""A command's body, how many arguments it takes, and what stands for the first one if it is left out.

    Behind one that is `sized` a star or a size in square brackets may stand. `around` is what has to stand before,
    between and behind the arguments, as in `\def\pair(#1,#2){...}`. One with a `slope` is a derivative with this d.
    """

    body: str
    arguments: int = 0
    default: str | None = None
    sized: bool = False
    around: tuple[str, ...] = ()
    slope: str = ""


WORDS = (
    *("argmax", "argmin", "softmax", "relu", "ReLU", "sigmoid", "softplus"),
    *("tr", "Tr", "diag", "sign", "sgn", "Var", "Cov"),
)


def _usual() -> dict[str, Macro]:
    """Commands that many authors define elsewhere, in a style of their own, to mean the same everywhere."""
    found = {word: Macro(rf"\operatorname{{{word}}}") for word in WORDS}
    found |= {short: Macro(rf"\mathbb{{{short[0]}}}") for short in ("R", "E", "RR", "EE", "Reals")}
    found |= {"T": Macro(r"\top"), "tp": Macro(r"\top"), "grad": Macro(r"\nabla"), "eps": Macro(r"\epsilon")}
    found |= {"norm": Macro(r"\lVert #1 \rVert", 1, sized=True), "abs": Macro(r"\lvert #1 \rvert", 1, sized=True)}
    found |= {name: Macro(r"\langle #1, #2 \rangle", 2) for name in ("inner", "ip", "innerprod", "innerproduct")}
    found |= {name: Macro("", 1, slope=r"\partial") for name in ("pdv", "pderiv", "pderivative", "partialderivative")}
    found |= {name: Macro("", 1, slope="d") for name in ("dv", "deriv", "derivative")}
    found |= {name: Macro("", 2, slope=r"\partial") for name in ("pd", "diffp")}
    found |= {name: Macro("", 2, slope="d") for name in ("odv", "od", "diff")}
    found |= {name: Macro(r"\frac{#1}{#2}", 2) for name in ("nicefrac", "sfrac", "flatfrac", "xfrac")}
    found |= {name: Macro(r"\mathbf{#1}", 1, sized=True) for name in ("vect", "mat", "vb")}
    found |= {"eval": Macro(r"\left. #1 \right|", 1, sized=True), "order": Macro("O(#1)", 1)}
    found |= {"dd": Macro(r"\mathrm{d} #1", 1)}
    found |= {"qq": Macro(r"\quad \text{#1} \quad", 1, sized=True)}
    found |= {f"{side}mqty": Macro(rf"\begin{{{side}matrix}} #1 \end{{{side}matrix}}", 1) for side in "pbv"}
    letters = "abcdefghijklmnopqrstuvwxyz"
    found |= {f"v{x}": Macro(rf"\mathbf{{{x}}}") for x in letters}
    return found | {f"{mark}{x.upper()}": Macro(rf"\mathbf{{{x.upper()}}}") for mark in "mb" for x in letters}


class TooLongError(ValueError):
    """Commands that expand to more than the limit, such as one that calls itself."""


USUAL = _usual()


@dataclass(frozen=True)
class Defined:
    """A command that a text defines between two positions."""

    start: int
    stop: int
    name: str
    macro: Macro


def defined_in(text: str) -> list[Defined]:
    """The commands that a text defines, in order; one may be defined again."""
    found, at = list[Defined](), 0
    ends = groups(text) if DEFINING.search(text) else {}
    while match := DEFINING.search(text, at):
        at = match.end()
        if match["letname"]:
            found.append(Defined(match.start(), at, match["letname"], Macro(match["letbody"])))
        elif match["pairname"]:
            around = Macro(f"{match['left']} #1 {match['right']}", 1, sized=True)
            found.append(Defined(match.start(), at, match["pairname"], around))
        elif (end := ends.get(match.end(), -1)) >= 0:
            found.append(Defined(match.start(), end, _name(match), _macro(match, text[match.end() + 1 : end - 1])))
            at = end
    return found


class Commands:
    """The commands that are known at each place of a text: as defined last before it, else as defined first."""

    def __init__(self, defined: Sequence[Defined]) -> None:
        self.rest = list(defined)
        self.known = {**USUAL, **{one.name: one.macro for one in reversed(defined)}}

    def at(self, position: int) -> Mapping[str, Macro]:
        """Those that are known at a position; positions are asked for in order."""
        while self.rest and self.rest[0].stop <= position:
            one = self.rest.pop(0)
            self.known[one.name] = one.macro
        return self.known


@lru_cache(4)
def _known(text: str) -> Mapping[str, Macro]:
    return Commands(defined_in(text)).known


def written_out(tex: str, text: str) -> str:
    """Some TeX of a text, with its author's commands expanded."""
    try:
        return expanded(tex, _known(text)) if "\\" in tex else tex
    except TooLongError:
        return tex


def spelled_out(text: str) -> str:
    r"""A text in which a command that an author has for `\begin{equation}`, such as `\be`, is written so."""
    text = renamed(text)
    defined = defined_in(text)
    short = {one.name: body for one in defined if ENVIRONMENT.fullmatch(body := one.macro.body.strip())}
    if not short:
        return text
    name = re.compile(rf"\\({'|'.join(sorted(map(re.escape, short), key=len, reverse=True))})(?![a-zA-Z])")
    out, at = list[str](), 0
    for start, stop in [*((one.start, one.stop) for one in defined), (len(text), len(text))]:
        out += [name.sub(lambda m: short[m[1]], text[at:start]), text[start:stop]]
        at = stop
    return "".join(out)


def renamed(text: str) -> str:
    r"""A text in which an environment of an author's that is another one, by `\newenvironment`, is called as that."""
    own = {found[1]: found[2] for found in OWN_ENVIRONMENT.finditer(text)}
    if not own:
        return text
    text = OWN_ENVIRONMENT.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)
    names = "|".join(sorted(map(re.escape, own), key=len, reverse=True))
    return re.sub(rf"\\(begin|end)\{{({names})\}}", lambda m: rf"\{m[1]}{{{own[m[2]]}}}", text)


def _name(match: re.Match[str]) -> str:
    return match["newname"] or match["defname"] or match["opname"] or match["docname"]


def _macro(match: re.Match[str], body: str) -> Macro:
    body = " ".join(body.split("\n"))
    if match["opname"]:
        return Macro(rf"\operatorname{match['star']}{{{body}}}")
    if match["docname"]:
        return Macro(body, match["each"].count("m") + (match["first"] is not None), match["first"])
    if match["new"]:
        return Macro(body, int(match["count"] or 0), match["default"])
    around = [words.strip() for words in re.split(r"#\d", match["parameters"] or "")]
    return Macro(body, len(around) - 1, around=tuple(around) if any(around) else ())


def groups(text: str, start: int = 0, stop: int | None = None) -> dict[int, int]:
    """For every opening brace in a stretch of a text the position behind the one that closes it."""
    found, opened = dict[int, int](), list[int]()
    for brace in BRACE.finditer(text, start, len(text) if stop is None else stop):
        if brace[0] == "{":
            opened.append(brace.start())
        elif brace[0] == "}" and opened:
            found[opened.pop()] = brace.end()
    return found


@lru_cache(maxsize=64)
def _called(names: tuple[str, ...]) -> re.Pattern[str]:
    """What finds commands of these names, the longest first; a text asks for the same ones at each of its displays."""
    words = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    return re.compile(rf"\\({words})(?![a-zA-Z])")


def expanded(tex: str, macros: Mapping[str, Macro]) -> str:
    """TeX with an author's commands replaced by their bodies, again and again; lines stay where they are.

    Raises:
        TooLongError: if it does not end within the limits.
    """
    if not macros or "\\" not in tex:
        return tex
    pattern, at = _called(tuple(macros)), 0
    for _ in range(MOST):
        found = pattern.search(tex, at)
        if not found:
            return tex
        macro = macros[found[1]]
        values, end = _delimited(tex, found.end(), macro) if macro.around else _arguments(tex, found.end(), macro)
        if (macro.around or macro.slope) and not values:
            at = found.end()  # TeX would stop here: what does not stand behind it cannot be put in
            continue
        form = _slope(values, macro.slope) if macro.slope else macro.body
        body = re.sub(r"(\\[a-zA-Z]+)?#(\d)", lambda m, v=values: _put_in(m, v), form)  # type: ignore[misc]
        lost = "\n" * (tex.count("\n", found.start(), end) - body.count("\n"))
        gap = " " if body[-1:].isalpha() and tex[end : end + 1].isalpha() else ""
        tex, at = tex[: found.start()] + body + gap + lost + tex[end:], found.start()
        if len(tex) > LONGEST:
            break
    raise TooLongError(f"its commands expand to more than {LONGEST:,} characters, or more than {MOST:,} times")


def _slope(values: list[str], sign: str) -> str:
    """A derivative with its order, of what it is taken and in what; of one argument it is the operator in that."""
    order, *rest = values
    above = f"^{{{order}}}" if order else ""
    if len(rest) == 1:
        return rf"\frac{{{sign}{above}}}{{{sign} #2{above}}}"
    if len(rest) == 3:
        return rf"\frac{{{sign}^2 #2}}{{{sign} #3 {sign} #4}}"
    return rf"\frac{{{sign}{above} #2}}{{{sign} #3{above}}}"


def _of_a_slope(tex: str, at: int, macro: Macro) -> tuple[list[str], int]:
    """The order of a derivative and its arguments in braces: of what, and in what; a mixed one has two of these.

    Physics also has an operator with one argument, and with two that are letters, without braces.
    """
    optional = re.compile(r"\s*(?:\*\s*)?(?:\[\s*(?:order\s*=)?\s*(\w{1,20})\s*\])?").match(tex, at)
    start = optional.end() if optional else at
    order, braced, end = (optional[1] or "") if optional else "", 0, start
    ends, most = groups(tex, start, start + 3 * BODY), 3 if macro.slope != "d" else 2
    while braced < most and (begin := _behind(tex, end, "{")) >= 0 and begin - 1 in ends:
        end, braced = ends[begin - 1], braced + 1
    letters = re.compile(r"\s*(?:[A-Za-z]|\\[a-zA-Z]+)\s*(?:[A-Za-z]|\\[a-zA-Z]+)").match(tex, start)
    if braced < macro.arguments and not (macro.arguments == 1 and letters):
        return [], at
    found, end = _arguments(tex, start, Macro("", braced or 2))
    return [order, *found], end


def _put_in(found: re.Match[str], values: list[str]) -> str:
    r"""An argument in its place; `\cos` and a letter are two words."""
    value = values[int(found[2]) - 1] if int(found[2]) <= len(values) else ""
    return (found[1] or "") + (" " if found[1] and value[:1].isalpha() else "") + value


def _delimited(tex: str, at: int, macro: Macro) -> tuple[list[str], int]:
    """The arguments behind a command between which other words stand, and where they end; as far as these do stand."""
    values, (first, *others), ends = list[str](), macro.around, groups(tex, at, at + BODY)
    start = _behind(tex, at, first)
    for words in others if start >= 0 else ():
        stop, one = start, Macro("", 1)
        while words and stop < min(len(tex), at + BODY) and not tex.startswith(words, stop):
            stop = max(ends.get(stop, 0), stop + 1)
        if not words:
            found, stop = _arguments(tex, start, one)
            values += found
        elif tex.startswith(words, stop):
            values.append(tex[start:stop].strip())
        else:
            break
        start = stop + len(words)
    return (values, start) if len(values) == macro.arguments and start >= 0 else ([], at)


def _behind(tex: str, at: int, words: str) -> int:
    """Where what stands behind some words begins, blanks before them left out; -1 where they do not stand."""
    begun = at + len(tex[at : at + BODY]) - len(tex[at : at + BODY].lstrip())
    return begun + len(words) if tex.startswith(words, begun) else -1


def _arguments(tex: str, at: int, macro: Macro) -> tuple[list[str], int]:
    """The arguments behind a command, and where they end."""
    if macro.slope:
        return _of_a_slope(tex, at, macro)
    values, wanted = list[str](), macro.arguments
    at = SIZED.match(tex, at).end() if macro.sized else at  # type: ignore[union-attr]
    if macro.default is not None:
        optional = re.compile(r"\s*\[([^\]]{0,2000})\]").match(tex, at)
        values.append(optional[1] if optional else macro.default)
        at = optional.end() if optional else at
    while len(values) < wanted:
        found = re.compile(r"\s*(?:(\{)|(\\[a-zA-Z]+|\\?[^\s]))").match(tex, at)
        if not found:
            break
        start = found.start(1)
        end = groups(tex, start, start + BODY).get(start, -1) if found[1] else found.end()
        if end < 0:
            break
        values.append(tex[start + 1 : end - 1] if found[1] else found[2])
        at = end
    return values, at
