r"""Where displayed mathematics stands in a text: dollars anywhere, `\[ \]`, environments, fences, directives.

The text is one string in which everything that is no text (code, comments) is blank, so that a position in it is a
position in the file. One pass from left to right: what a display holds is not looked at again.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

ENVIRONMENTS = (
    "equation|align|alignat|flalign|gather|multline|eqnarray|displaymath|aligned|alignedat|gathered|split|dmath|"
    "IEEEeqnarray|empheq|numcases|subnumcases"
)
OPENING = re.compile(
    rf"(?P<pair>\\\\(?!\[))|(?P<escaped>\\\$)|(?P<dollars>\$\$)|(?P<bracket>\\{{1,2}}\[)|\\begin\{{(?P<name>(?:{ENVIRONMENTS})\*?)\}}"
)
DOLLARS = re.compile(r"(?<!\\)(?:\\\\)*\$\$")
PROSE = re.compile(r"(?:\b[a-zA-Z]+\s+){4}")
WORDS = re.compile(r"\\(?:text\w*|mbox|mathrm|operatorname\*?|label|tag)\s*\{[^{}]*\}|\\[a-zA-Z]+")
MATHEMATICAL = re.compile(r"[=^_<>]|\\[a-zA-Z]")

LONGEST = 20_000  # characters of a display that is looked through for pictures
PICTURE = re.compile(
    r"\\includegraphics\*?\s*(?:\[[^\]]*\])?\s*\{[^{}]*\}|\\begin\{(tabularx?|tikzpicture|picture)\}.*?\\end\{\1\}",
    re.DOTALL,
)
BARE = re.compile(
    rf"\\(?:begin|end)\{{(?:{ENVIRONMENTS}|center)\*?\}}|\\(?:label|caption)\{{[^{{}}]*\}}|\\centering|&|\\\\"
)


@dataclass(frozen=True)
class Found:
    """A display, or what looks like the beginning of one; `start` and `stop` are positions of its TeX in the text.

    Attributes:
        start: where its TeX begins; with an environment, the environment is part of it.
        stop: where its TeX ends.
        end: where it ends with its dollars or brackets.
        why: why it cannot be read, if it cannot.
    """

    start: int
    stop: int
    end: int
    why: str = ""


def displays(text: str) -> Iterator[Found]:
    """Every display of a text, in order."""
    at, missing = 0, set[str]()
    while found := OPENING.search(text, at):
        shown = _display(text, found, missing)
        if shown and (shown.why or not is_picture(text[shown.start : shown.stop])):
            yield shown
        at = shown.end if shown else found.end()


def is_picture(tex: str) -> bool:
    """Whether what is displayed is only pictures, or tables of words: no formula is left without them."""
    return len(tex) < LONGEST and bool(PICTURE.search(tex)) and not BARE.sub("", PICTURE.sub("", tex)).strip()


def _display(text: str, found: re.Match[str], missing: set[str]) -> Found | None:
    """The display that begins with a match; closings that are nowhere below are searched for once only."""
    if found["pair"] or found["escaped"]:
        return None
    if found["dollars"]:
        return _between_dollars(text, found)
    closing = rf"\end{{{found['name']}}}" if found["name"] else found["bracket"].replace("[", "]")
    stop = -1 if closing in missing else text.find(closing, found.end())
    if stop < 0:
        missing.add(closing)
        why = f"this {found[0]} is never closed: {closing} is missing"
        return Found(found.end(), found.end(), found.end(), why) if found["name"] else None
    if found["name"]:
        return Found(found.start(), stop + len(closing), stop + len(closing))
    inside = text[found.end() : stop]
    if "\n\n" in inside or not MATHEMATICAL.search(inside):  # an escaped bracket of Markdown
        return None
    return Found(found.end(), stop, stop + len(closing))


def _between_dollars(text: str, found: re.Match[str]) -> Found | None:
    """From two dollars to the next two; a paragraph of prose between them means that a pair is broken."""
    closing = DOLLARS.search(text, found.end())
    inside = text[found.end() : closing.end() - 2] if closing else ""
    if closing is None or ("\n\n" in inside.strip() and PROSE.search(WORDS.sub("", inside))):
        return Found(found.end(), found.end(), found.end(), "this $$ is never closed")
    return Found(found.end(), closing.end() - 2, closing.end())
