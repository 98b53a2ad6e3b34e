"""A Markdown file as blocks with their exact lines: headings, code fences, comments and tables.

markdown-it finds them, by the rules of CommonMark with tables, front matter, footnotes, admonitions and mathematics
between dollar signs; a line of mathematics is never taken for a heading or a list. Everything else that reads Markdown
asks here.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from typing import NamedTuple

try:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token
    from mdit_py_plugins.admon import admon_plugin
    from mdit_py_plugins.dollarmath import dollarmath_plugin
    from mdit_py_plugins.footnote import footnote_plugin
    from mdit_py_plugins.front_matter import front_matter_plugin
except ImportError as error:
    raise ImportError("Markdown files are read with markdown-it-py: pip install 'nnlit[check]'") from error

LANGUAGE = re.compile(r"\{?\s*\.?([\w-]+)")


class Heading(NamedTuple):
    """A heading, and the line where it begins."""

    line: int
    level: int
    title: str


def last_line(headings: Iterable[Heading], line: int, level: int, end: int) -> int:
    """The last line of what stands at a line under a heading: to the next one of its level or above, or to the end."""
    return next((h.line - 1 for h in headings if h.line > line and h.level <= level), end)


@dataclass(frozen=True)
class Block:
    """A code fence, a comment or a table with its first and last line; `info` is what a fence says of its content."""

    first: int
    last: int
    info: str = ""
    fence: str = ""

    @property
    def language(self) -> str:
        """The first word of a fence's info, without the dots and braces of attribute lists."""
        found = LANGUAGE.match(self.info.strip())
        return found[1] if found else ""


@dataclass(frozen=True)
class Markdown:
    """The text of a file and its blocks."""

    text: str
    headings: tuple[Heading, ...]
    fences: tuple[Block, ...]
    comments: tuple[Block, ...]
    tables: tuple[Block, ...]
    front: Block | None = None

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text."""
        return self.text.split("\n")

    @cached_property
    def plain(self) -> list[str]:
        """The same lines, those of fences, comments and front matter empty: what a reader sees as text."""
        return self.without(self.fences, self.comments, [self.front] if self.front else [])

    def without(self, *hidden: Iterable[Block]) -> list[str]:
        """The lines of the text, those of some blocks empty, so that line numbers stay."""
        lines = list(self.lines)
        for block in (b for blocks in hidden for b in blocks):
            lines[block.first - 1 : block.last] = [""] * (block.last - block.first + 1)
        return lines

    def body(self, block: Block) -> list[str]:
        """The lines between the first and the last one of a fence or a comment, as they stand in the file."""
        inner = self.lines[block.first : block.last]
        closing = block.fence or "-->"
        marks = " \t>" if self.lines[block.first - 1].lstrip().startswith(">") else " \t"  # in a quotation
        return inner[:-1] if inner and self._closes(inner[-1].strip(marks), closing) else inner

    @staticmethod
    def _closes(line: str, closing: str) -> bool:
        """Whether a line is the last of a block and no part of its body; a longer fence closes a shorter one."""
        return line.endswith("-->") if closing == "-->" else line.startswith(closing) and not line.strip(closing[0])


@cache
def _parser() -> MarkdownIt:
    """Blocks only: what stands within a line is read by those who need it."""
    parser = MarkdownIt("commonmark").enable("table").use(front_matter_plugin).use(footnote_plugin).use(admon_plugin)
    parser.use(dollarmath_plugin, allow_labels=True, allow_blank_lines=True)
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


def markdown(text: str) -> Markdown:
    """Find the blocks of a text."""
    tokens = _parser().parse(text)
    return Markdown(
        text,
        tuple(_headings(tokens)),
        tuple(_block(t) for t in tokens if t.type == "fence"),
        tuple(_block(t) for t in tokens if t.type == "html_block" and t.content.lstrip().startswith("<!--")),
        tuple(_block(t) for t in tokens if t.type == "table_open"),
        next((_block(t) for t in tokens if t.type == "front_matter"), None),
    )


def _block(token: Token) -> Block:
    first, stop = token.map or (0, 0)
    kept = len(token.content.rstrip("\n").split("\n")) if token.type == "html_block" else stop - first
    return Block(first + 1, first + min(kept, stop - first), token.info, token.markup if token.type == "fence" else "")


def _headings(tokens: list[Token]) -> Iterator[Heading]:
    for token, inline in pairwise(tokens):
        if token.type == "heading_open" and token.map:
            yield Heading(token.map[0] + 1, int(token.tag[1]), inline.content)
