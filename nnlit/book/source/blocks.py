r"""Mathematics in blocks of its own: fences, directives of reStructuredText and MyST; and blocks that hold text."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from nnlit.book.source.lines import Line
from nnlit.book.source.markdown import Markdown
from nnlit.book.source.place import Place

CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)[^\n]{0,5000}?(?<!`)\1(?!`)")
OPTION = re.compile(r"\s*:(\w+):\s*(.*)")
DIRECTIVE = re.compile(r"( *)(?:\.\. +math::|:{3,} *\{math\}) *(.*)")

ARGUMENT = re.compile(r"[ >]*(`{3,}|~{3,})\s*\{math\} *(.*)")
FENCE = re.compile(r"[ \t]*(`{3,}|~{3,}|:{3,})[ \t]*(.*)")
WORDED = re.compile(  # directives whose body is text, as of MyST and Jupyter Book
    r"\{(?:prf:[\w-]+|admonition|note|tip|hint|important|warning|caution|attention|danger|error|seealso|dropdown|details"
    r"|margin|sidebar|aside|topic|epigraph|card|tab-set|tab-item|grid|grid-item|grid-item-card|toggle|div|proof|theorem"
    r"|lemma|definition|corollary|proposition|example|remark|exercise(?:-start|-end)?|solution(?:-start|-end)?)\}.*"
)
QUOTES = re.compile(r"[ \t]*(?:>[ \t]*)+")
LITERAL = re.compile(  # what opens code in reStructuredText: a paragraph with two colons at its end, or a directive
    r"( *)(?:(?!\.\. |:).*\S)?(?<!:)::\s*|( *)\.\. (?:(?:source)?code|code-block|parsed-literal|prompt|testcode)::.*"
)
RAW = re.compile(r"\{=(?:la)?tex\}\s*")  # Pandoc's, for what goes into LaTeX as it is
FOREIGN = (
    (re.compile(r"^\[(?:stem|latexmath|asciimath)\b[^\]\n]{0,99}\] *\n\+{4,}", re.MULTILINE), "a block of AsciiDoc"),
    (re.compile(r"\b(?:stem|latexmath|asciimath):{1,2}\["), "a formula of AsciiDoc"),
    (re.compile(r"\{%-?\s*(?:math|katex|mathjax|latex|equation)\b[^%\n]{0,99}%\}"), "a tag of a template"),
    (re.compile(r"\{\{[<%]\s*(?:math|katex|mathjax|latex|equation)\b[^}\n]{0,99}\}\}"), "a shortcode"),
    (re.compile(r"<math\b[^>\n]{0,99}>"), "an element of MathML"),
    (re.compile(r"<(?:Math|BlockMath|MathBlock|(?:La)?[Tt]e[Xx]|Ka[Tt]e[Xx]|Equation)\b[^>\n]{0,99}>"), "a component"),
    (re.compile(r"https?://latex\.codecogs\.com/|/render/math\?math="), "a picture of a formula"),
)
DOLLARS_FOLLOW = re.compile(r"\s*\$\$")  # what is read all the same


@dataclass(frozen=True)
class Text:
    """The lines of a document as one string, and where each of its characters stands."""

    lines: Sequence[Line]
    string: str
    starts: Sequence[int]

    @classmethod
    def of(cls, lines: Sequence[Line]) -> "Text":
        """Lines as one text."""
        string = "\n".join(line.text for line in lines)
        return cls(lines, string, [0, *accumulate(len(line.text) + 1 for line in lines)][:-1])

    def number(self, position: int) -> int:
        """The line of a position, counted from 0."""
        return bisect_right(self.starts, position) - 1

    def place(self, position: int) -> Place:
        """Where a position stands in the file; the column is known where it is that of the file."""
        line = self.lines[self.number(position)]
        column = line.place.column and line.place.column + position - self.starts[self.number(position)]
        return replace(line.place, column=column)


@dataclass(frozen=True)
class Piece:
    """The TeX of a display as it stands in the text, line by line with the position of each, and its label."""

    lines: tuple[tuple[str, int], ...]
    start: int
    label: str = ""
    why: str = ""

    @property
    def stop(self) -> int:
        """Where its last line ends."""
        return self.lines[-1][1] + len(self.lines[-1][0]) if self.lines else self.start


def fences(text: Text, blocks: Markdown) -> Iterator[Piece]:
    """Code fences that hold mathematics; options such as `:label:` stand in their first lines."""
    for fence in blocks.fences:
        if fence.language == "math" and fence.last > fence.first:
            numbers = range(fence.first, fence.first + len(blocks.body(fence)))
            opened = ARGUMENT.fullmatch(text.lines[fence.first - 1].text)
            yield from _block(text, text.starts[fence.first - 1], numbers, opened)


def _block(
    text: Text, start: int, numbers: Sequence[int], opened: re.Match[str] | None = None, label: str = ""
) -> Iterator[Piece]:
    """The lines of a block (counted from 0) as one display, its options taken away; it may begin where it is opened."""
    first = opened and opened[2].strip()
    is_quoted = text.lines[text.number(start)].text.lstrip().startswith(">")
    lines, body = ([(opened[2], start + opened.start(2))] if opened and first else []), False
    for k in numbers:
        line = QUOTES.sub(lambda m: " " * len(m[0]), text.lines[k].text) if is_quoted else text.lines[k].text
        option = OPTION.fullmatch(line)
        body = body or not (option or not line.strip())
        if option and not body:
            label = option[2].strip() if option[1] in ("label", "name") else label
        else:
            lines.append((line, text.starts[k]))
    if lines:
        yield Piece(tuple(lines), start, label)


def directives(text: Text, blocks: Markdown) -> Iterator[Piece]:
    """`.. math::` of reStructuredText with its indented lines, and `:::{math}` of MyST."""
    for k, line in enumerate(blocks.plain):
        found = DIRECTIVE.fullmatch(line)
        if found and ".." in line:
            yield from _indented(text, k, found)
        elif found:
            stop = next((j for j in range(k + 1, len(text.lines)) if text.lines[j].text.strip().startswith(":::")), k)
            yield from _block(text, text.starts[k], range(k + 1, stop), found)


def _indented(text: Text, k: int, found: re.Match[str]) -> Iterator[Piece]:
    """The displays of one directive: what stands behind it, and each paragraph below that is indented more."""
    if found[2].strip():
        yield Piece(((found[2], text.starts[k] + found.start(2)),), text.starts[k])
    paragraph, label, j = list[int](), "", k + 1
    while j < len(text.lines) and (not text.lines[j].text.strip() or _indent(text.lines[j].text) > len(found[1])):
        option = OPTION.fullmatch(text.lines[j].text)
        if option and not paragraph:
            label = option[2].strip() if option[1] == "label" else label
        elif text.lines[j].text.strip():
            paragraph.append(j)
        elif paragraph:
            yield from _block(text, text.starts[paragraph[0]], paragraph, label=label)
            paragraph, label = [], ""
        j += 1
    if paragraph:
        yield from _block(text, text.starts[paragraph[0]], paragraph, label=label)


def literals(text: Text) -> Iterator[tuple[int, int]]:
    """The stretches of code in reStructuredText: what is indented more than the line that opens it."""
    k = 0
    while k < len(text.lines):
        found = LITERAL.fullmatch(text.lines[k].text)
        k += 1
        if found:
            deep, first = len(found[1] or found[2] or ""), k
            while k < len(text.lines) and (not text.lines[k].text.strip() or _indent(text.lines[k].text) > deep):
                k += 1
            if k > first:
                yield text.starts[first], text.starts[k - 1] + len(text.lines[k - 1].text)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def unwrapped(text: str) -> str:
    """A text in which the lines that open and close a block of text, such as a note, are empty."""
    lines, opened = text.split("\n"), list[tuple[str, bool]]()
    for k, line in enumerate(lines):
        found = FENCE.fullmatch(line)
        if not found:
            continue
        mark, info = found[1], found[2].strip()
        if opened and not info and mark[0] == opened[-1][0][0] and len(mark) >= len(opened[-1][0]):
            lines[k] = "" if opened.pop()[1] else line
        elif (not opened or opened[-1][1]) and (info or mark[0] != ":"):  # nothing is opened in code
            opened.append((mark, _holds_text(mark, info)))
            lines[k] = "" if opened[-1][1] else line
    return "\n".join(lines)


def _holds_text(mark: str, info: str) -> bool:
    """Whether a block is text that a page shows as such, and no code."""
    if mark[0] == ":":
        return not info.startswith(("{math", "{code"))
    return bool(WORDED.fullmatch(info) or RAW.fullmatch(info))


def foreign(plain: str) -> Iterator[Piece]:
    """Formulas in forms that are not read, each named."""
    bare = CODE_SPAN.sub(lambda m: " " * len(m[0]), plain)
    for form, what in FOREIGN:
        for found in form.finditer(bare):
            if not DOLLARS_FOLLOW.match(bare, found.end()):
                yield Piece((), found.start(), why=f"{what}: write the formula between $$, or in a fence ```math")
