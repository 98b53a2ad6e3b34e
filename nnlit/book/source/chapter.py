"""A chapter as the checker and the site see it: Symbols tables, displayed equations, labels and marks."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path

from nnlit.book.source.layout import Declared
from nnlit.book.source.lines import trimmed
from nnlit.book.source.markdown import Heading, Markdown, last_line, markdown
from nnlit.book.source.marks import CHECKED, Mark, Unread, mark_in
from nnlit.book.source.place import BookError, Place

GUESSED = "guessed"  # the word with which a drafted meaning begins
HEADER = ("symbol", "shape", "code", "meaning")
LABEL = re.compile(r"\\label\{([^{}]*)\}")
NAME = re.compile(r"[a-z][a-z0-9_]*:[A-Za-z0-9][A-Za-z0-9-]*")
CODE_SPAN = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
BARE = re.compile(
    r"\\begin\{((?:equation|align|alignat|flalign|gather|multline|eqnarray|displaymath|aligned|split)\*?)\}.*?\\end\{\1\}"
    r"|\\{1,2}\[(?=(?:(?!\\{1,2}\]).)*?(?:[=^_<>]|\\[a-zA-Z])).*?\\{1,2}\]",
    re.DOTALL,
)
WIDEST, LONGEST = 100, 300  # characters of a row, and of a message on it, that are shown
FILE = re.compile(r"(\d\d)-([a-z_]+)\.md")


@dataclass(frozen=True)
class Row:
    """One symbol of a Symbols table; `symbol` and `shape` are TeX without their dollar signs."""

    symbol: str
    shape: str
    code: str
    meaning: str
    place: Place
    text: str = field(default="", compare=False)  # the whole line

    @property
    def is_guessed(self) -> bool:
        """Whether it comes from a draft and nobody has confirmed it."""
        return self.meaning.lower().startswith(GUESSED)

    def error(self, message: str, culprit: str = "") -> "RowError":
        """An error that names this row and underlines some words of it; all of it if they are not found."""
        return RowError(self, message, culprit)


class RowError(BookError):
    """A row of a Symbols table that cannot be used."""

    def __init__(self, row: Row, message: str, culprit: str) -> None:
        at = row.text.lower().find(culprit.lower()) if culprit else -1
        start, stop = (at, at + len(culprit)) if at >= 0 else (0, len(row.text))
        column = row.place.column and row.place.column + start
        left = max(0, min(start - WIDEST // 2, len(row.text) - WIDEST))
        shown, length = row.text[left : left + WIDEST], min(stop - left, WIDEST) - (start - left)
        excerpt = f"    {shown}\n    {' ' * (start - left)}{'^' * length}" if row.text else ""
        message = message if len(message) <= LONGEST else f"{message[:LONGEST]}..."
        super().__init__(Place(row.place.path, row.place.line, column), message, excerpt)
        self.row, self.culprit = row, culprit


@dataclass(frozen=True)
class Fault:
    """What of a Symbols table cannot be read, and the symbols that are lost with it, as far as they can be seen."""

    symbols: tuple[str, ...]
    error: BookError


@dataclass(frozen=True)
class Table:
    """A Symbols table and the lines it is valid for; `depth` is 0 for the chapter's own."""

    rows: tuple[Row, ...]
    first: int
    last: int
    depth: int
    place: Place
    faults: tuple[Fault, ...] = field(default=(), compare=False)

    def __hash__(self) -> int:
        """Of where it stands: it is asked for often, and the rows are many."""
        return hash((self.place, self.last))


@dataclass(frozen=True)
class Display:
    """A displayed equation: its TeX without dollars and label, where it stands and how it is marked."""

    label: str
    tex: str
    place: Place
    heading: str
    number: str = ""
    mark: Mark = CHECKED
    in_exercise: bool = False
    in_solution: bool = False
    origins: tuple[tuple[int, int], ...] = ()
    range: str = ""  # what the text behind it says of its names, as in "for $0 < x < 1$"
    is_anew: bool = False  # whether the text before it may give its name another meaning

    @property
    def stem(self) -> str:
        """The part of the label before the colon."""
        return self.label.partition(":")[0]


@dataclass(frozen=True)
class Chapter:
    """A Markdown file: `stem` and `number` come from its name (`04-dense.md`), `title` from its first heading."""

    path: Path
    number: int
    stem: str
    title: str
    tables: tuple[Table, ...]
    displays: tuple[Display, ...]
    unread: tuple[Unread, ...]
    markdown: Markdown = field(compare=False, repr=False)
    strict: bool = True  # a row that cannot be read makes its table useless
    faults: tuple[Fault, ...] = ()  # tables that begin nowhere
    spoken: tuple[tuple[str, Place, str], ...] = ()  # formulas of running text, not executed, and words around
    layout: Declared | None = None  # of derivatives
    summed: bool = False  # whether the text says that repeated indices are summed over

    def tables_at(self, line: int) -> list[Table]:
        """The Symbols tables that are valid at a line, the outermost first."""
        return sorted((t for t in self.tables if t.first <= line <= t.last), key=lambda t: (t.depth, t.first))

    def row(self, display: Display, symbol: str) -> Row | None:
        """The row that a symbol has where a display stands, in the innermost table that has one."""
        rows = (row for table in reversed(self.tables_of(display)) for row in table.rows)
        return next((row for row in rows if row.symbol == symbol), None)

    def tables_of(self, display: Display) -> tuple[Table, ...]:
        """The Symbols tables that are valid for a display, the outermost first."""
        line = display.place.line
        if line not in self._tables_of:
            self._tables_of[line] = tuple(self.tables_at(line))
        return self._tables_of[line]

    @cached_property
    def under(self) -> dict[tuple[Table, ...], list[Display]]:
        """The displays for which these tables and no others are valid."""
        found: dict[tuple[Table, ...], list[Display]] = {}
        for display in self.displays:
            found.setdefault(self.tables_of(display), []).append(display)
        return found

    @cached_property
    def _tables_of(self) -> dict[int, tuple[Table, ...]]:
        """What `tables_of` has found, by line."""
        return {}


def chapters(docs: Path) -> list[Chapter]:
    """Every numbered chapter of a folder, in order; a label that stands twice in the book is an error."""
    found = [read(p) for p in sorted(docs.glob("[0-9][0-9]-*.md"))]
    seen: dict[str, Display] = {}
    for display in (d for c in found for d in c.displays if d.label):
        if display.label in seen:
            raise BookError(display.place, f"label {display.label} stands already at {seen[display.label].place}")
        seen[display.label] = display
    return found


def read(path: Path) -> Chapter:
    """Read a Markdown file; malformed markup raises BookError with its file and line."""
    return parse(path, path.read_text(encoding="utf-8-sig"))


@lru_cache(maxsize=64)
def parse(path: Path, text: str) -> Chapter:
    """What `read` returns, from the text itself; a text that has not changed is not parsed again."""
    blocks = markdown(text)
    headings, plain = blocks.headings, blocks.plain
    named = FILE.fullmatch(path.name)
    number, stem = (int(named[1]), named[2]) if named else (0, path.stem)
    title = next((h.title for h in headings if h.level == 1), stem)
    bounds, unread = _bounds(path, plain, strict=named is not None)
    shown = [_display(path, blocks.lines, *b, headings) for b in bounds]
    displays = tuple(_number(shown, number, stem, strict=named is not None))
    unread = sorted([*unread, *_math_fences(path, blocks), *_bare(path, plain, bounds)], key=lambda u: u.place)
    return Chapter(path, number, stem, title, _strictly(path, blocks), displays, tuple(unread), blocks)


def _bounds(path: Path, lines: list[str], *, strict: bool) -> tuple[list[tuple[int, int]], list[Unread]]:
    """The two lines `$$` around each display, and the displays that do not stand between two such lines."""
    found, unread, start, hugged = list[tuple[int, int]](), list[Unread](), 0, False
    for i, line in enumerate(lines, 1):
        alone = line.strip() == "$$"
        if strict and not alone and "$$" in line:
            raise BookError(Place(path, i), "a displayed equation stands between two lines that hold $$ alone")
        for _ in range(line.count("$$") if alone or start else CODE_SPAN.sub("", line).count("$$")):
            if not start:
                start, hugged = i, not alone
            elif hugged or not alone:
                unread.append(Unread("$$ that shares its line with text", Place(path, start)))
                start = 0
            else:
                found.append((start, i))
                start = 0
    if start:
        raise BookError(Place(path, start), "this $$ is never closed: a displayed equation ends with a line $$")
    return found, unread


def _math_fences(path: Path, blocks: Markdown) -> Iterator[Unread]:
    """Code fences that hold mathematics."""
    for fence in blocks.fences:
        if fence.language == "math":
            yield Unread("a code fence with mathematics", Place(path, fence.first))


def _bare(path: Path, lines: list[str], bounds: list[tuple[int, int]]) -> Iterator[Unread]:
    r"""Environments and `\[ ... \]` that stand outside of dollar signs."""
    inside = {i for first, last in bounds for i in range(first, last + 1)}
    plain = "\n".join("" if i in inside else CODE_SPAN.sub("", line) for i, line in enumerate(lines, 1))
    shown = re.sub(r"\$\$.*?\$\$", lambda m: "\n" * m[0].count("\n"), plain, flags=re.DOTALL)
    for found in BARE.finditer(shown):
        form = found[1] and rf"\begin{{{found[1]}}} without $$"
        yield Unread(form or r"\[ ... \]", Place(path, 1 + shown.count("\n", 0, found.start())))


def _display(path: Path, lines: list[str], start: int, end: int, headings: Sequence[Heading]) -> Display:
    """The display between the lines `start` and `end`, with what stands around it."""
    tex = "\n".join(lines[start : end - 1])
    place = Place(path, start)
    label = _label(tex, place)
    above = [(level, title) for line, level, title in headings if line < start]
    exercise = next((title == "Exercises" for level, title in reversed(above) if level <= 2), False)
    indented = lines[start - 1][:1].isspace()
    tex, origins = _stripped(lines[start : end - 1], start + 1)
    heading, mark = above[-1][1] if above else "", _mark(path, lines, start)
    return Display(label, tex, place, heading, "", mark, exercise, exercise and indented, origins)


def _stripped(lines: list[str], first: int) -> tuple[str, tuple[tuple[int, int], ...]]:
    """A display's lines without label, indent and blank ends, and for each its line and column in the file."""
    kept = []
    for number, line in enumerate(lines, first):
        words = LABEL.sub("", line).strip()
        begin = LABEL.sub(lambda m: " " * len(m[0]), line)
        kept.append((words, (number, 1 + len(begin) - len(begin.lstrip()))))
    kept = trimmed(kept)
    return "\n".join(words for words, _ in kept), tuple(origin for _, origin in kept)


def _label(tex: str, place: Place) -> str:
    """The label in a display's TeX, or nothing."""
    labels = LABEL.findall(tex)
    if len(labels) > 1:
        raise BookError(place, f"a display has one label, not {len(labels)}: {', '.join(labels)}")
    if labels and not NAME.fullmatch(labels[0]):
        raise BookError(place, f"label {labels[0]!r} is not of the form stem:name, such as dense:grad-W")
    return labels[0] if labels else ""


def _mark(path: Path, lines: list[str], start: int) -> Mark:
    """The mark whose comment ends on the line before `start` (blank lines between them do not count)."""
    first, comment = _comment_above(lines, start)
    return mark_in(comment, Place(path, first))


def _comment_above(lines: list[str], start: int) -> tuple[int, str]:
    """The first line and the text of the comment above `start`; where there is none, of the one line above."""
    end = start - 1
    while end and not lines[end - 1].strip():
        end -= 1
    first = end
    while first and "-->" in lines[end - 1] and "<!--" not in lines[first - 1]:
        first -= 1
    return first, "\n".join(lines[max(first - 1, 0) : end])


def _number(displays: list[Display], number: int, stem: str, *, strict: bool) -> list[Display]:
    """Give labelled displays their numbers (chapter.k), in order; a chapter's labels begin with its stem."""
    numbered, k = [], 0
    for display in displays:
        if strict and display.label and display.stem != stem:
            raise BookError(display.place, f"label {display.label} stands in chapter {stem}: write {stem}:...")
        k += bool(display.label)
        numbered.append(replace(display, number=f"{number}.{k}" if number else f"{k}") if display.label else display)
    return numbered


def _strictly(path: Path, blocks: Markdown) -> tuple[Table, ...]:
    """The tables of a chapter of the book; what cannot be read is raised."""
    found = list(tables_in(path, blocks, strict=True))
    for fault in (f for one in found for f in ([one] if isinstance(one, Fault) else one.faults)):
        raise fault.error
    return tuple(one for one in found if isinstance(one, Table))


def tables_in(path: Path, blocks: Markdown, *, strict: bool = False) -> Iterator[Table | Fault]:
    """Every table whose header is `symbol | shape | code | meaning`; what cannot be read is a fault."""
    inside = {table.first: table for table in blocks.tables}
    for first in (i for i, line in enumerate(blocks.plain, 1) if tuple(c.lower() for c in split_cells(line)) == HEADER):
        if first not in inside:
            message = "this header begins no table: below it stands a line |---|---|---|---|"
            yield Fault((), BookError(Place(path, first), message))
            continue
        rows, faults = list[Row](), list[Fault]()
        for number, line in enumerate(blocks.lines[first + 1 : inside[first].last], first + 2):
            if "|" not in line and not strict:
                break  # what follows a table without a blank line is no row of it
            try:
                rows += _rows(Place(path, number), line)
            except BookError as error:
                faults.append(Fault(tuple(re.findall(r"\$([^$]+)\$", split_cells(line)[0])), error))
        yield Table(tuple(rows), *_scope(first, len(blocks.lines), blocks.headings), Place(path, first), tuple(faults))


def split_cells(line: str) -> list[str]:
    """The cells of a table row; a bar inside a formula is written with a backslash or as TeX's own word for it."""
    inner = line.strip().removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith(r"\|") else inner
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", inner)]


def _rows(place: Place, line: str) -> list[Row]:
    """The rows that a line of a table is: one for each of its symbols."""
    cells, text = split_cells(line), line.rstrip()
    whole = Row("", "", "", "", place, text)
    if len(cells) != len(HEADER):
        raise whole.error(f"a Symbols row has {len(HEADER)} cells ({' | '.join(HEADER)}), this one {len(cells)}")
    symbols = re.findall(r"\$([^$]+)\$", cells[0])
    if not symbols:
        message = f"the symbol {cells[0]!r} is not inline mathematics: write it between dollar signs"
        raise whole.error(message, cells[0])
    if (codes := re.findall(r"`([^`]+)`", cells[2])) and len(codes) != len(symbols):
        raise whole.error(f"{len(symbols)} symbols but {len(codes)} names in code", cells[2])
    shape = cells[1].replace("$", "").strip()
    if not shape:
        message = f"{cells[0]} has no shape: write $m \\times n$, $K$, number, size, integer or function"
        raise whole.error(message, cells[0])
    return [Row(s.strip(), shape, codes[k] if codes else "", cells[3], place, text) for k, s in enumerate(symbols)]


def _scope(line: int, end: int, headings: Sequence[Heading]) -> tuple[int, int, int]:
    """First line, last line and depth of what a table at `line` is valid for."""
    above = [h for h in headings if h[0] < line]
    if not above or above[-1][2] == "Symbols" or above[-1][1] == 1:
        return 1, end, 0
    start, depth, _ = above[-1]
    return start, last_line(headings, line, depth, end), depth
