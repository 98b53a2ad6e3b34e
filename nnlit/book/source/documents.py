r"""Anybody's file as a chapter: its Symbols tables and every displayed equation, in whatever form it stands.

Our own chapters are read by `chapter.read`, which is strict: one form, one label. Here nothing is refused because of
its form; what cannot be read is listed.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from nnlit.book.source import finder, formats, macros
from nnlit.book.source.blocks import CODE_SPAN, Piece, Text, directives, fences, foreign, literals, unwrapped
from nnlit.book.source.chapter import LABEL, Chapter, Display, Fault, RowError, Table, tables_in
from nnlit.book.source.layout import declared, is_summed
from nnlit.book.source.lines import Line, text_of, trimmed
from nnlit.book.source.markdown import Markdown, last_line, markdown
from nnlit.book.source.marks import CHECKED, Mark, Unchecked, Unread, mark_in
from nnlit.book.source.place import BookError, Place
from nnlit.book.source.ranges import with_words

NAMED = re.compile(rf"{LABEL.pattern}|\(\\#([\w:.-]+)\)")  # the second is bookdown's
LABELLED = re.compile(
    r"\s*(?::eqlabel:`([^`]{1,200})`|\{#([\w:.-]{1,200})[^}]{0,500}\}|\(([\w:.-]{1,200})\)[ \t]*$)", re.MULTILINE
)
TABLE_IN_COMMENT = re.compile(r"^\s*%+ ?(?=\s*\|)")
RENAMED = re.compile(r"\\(begin|end)\{(align|alignat|flalign|eqnarray|alignedat|dmath)(\*?)\}(\{\d+\})?")
OUTSIDE = re.compile(  # environments of packages, with what they say of boxes and columns
    r"\\(?:begin\{(?:IEEEeqnarray\*?\}(?:\[[^\]]*\])?\{[a-zA-Z]*\}|empheq\}(?:\[[^\]]*\])?\{\w+\*?\})|(end)\{(?:IEEEeqnarray\*?|empheq)\})"
)
NUMBERED_CASES = re.compile(r"\\begin\{(?:sub)?numcases\}\s*\{((?:[^{}]|\{[^{}]*\})*)\}|\\end\{(?:sub)?numcases\}")
INTERTEXT = re.compile(r"(?:(\\\\)\s*|(?<!\s)\s*)\\(?:short)?intertext\s*\{[^{}]*\}")
UNNAMED = re.compile(r"\\(?:begin|end)\{(?:equation|displaymath|multline|math|dmath)\*?\}")
WHICH_INDEX = re.compile(
    r"\s*(?:\\(?:forall|text\{if\})\s*)?([a-z])\s*(?:=|\\neq?(?![a-zA-Z])|\\not\s*=)\s*(?:([a-z])_\{?)?([a-z])\}?\s*[,.;]?\s*"
)
IF = re.compile(r"\b(?:[Ii]f|[Ff]or|[Ww]hen|[Ww]here)\s*\$\$\s*$")
GOES_ON = re.compile(r"\s*\$\$[\s,:]*(?:then|we have|we get|we obtain)?[\s,:]*(?:\$\$|\\\[)?\s*")
LONE = re.compile(r"(?<![a-zA-Z\\])[a-z](?![a-zA-Z])")
INDICES = re.compile(r"_\{([^{}]{1,40})\}|_([a-z])(?![a-zA-Z])|(?<=[a-zA-Z0-9}])\[([^\[\]]{1,40})\]")
OBSIDIAN = re.compile(  # a comment between percent signs: whole lines, or a part of one
    r"^[ \t]*%%(?!%)[^%]*(?:%(?!%)[^%]*)*+%%[ \t]*$|(?:^|(?<=[ \t]))%%(?!%)[^%\n]+%%(?!%)", re.MULTILINE
)
ROLE = (":math:", "{math}", "$")  # in front of a formula between backticks: reStructuredText, MyST, GitHub
INLINE = re.compile(
    r"(?::math:|\{math\})`([^`]{1,200})`|\$`([^`]{1,200})`\$|(?<!\\)\\{1,2}\(([^$]{1,200}?)\\{1,2}\)"
    r"|(?<![\\$])\$(?![$\s])([^$]{1,200}?)(?<![\\$\s])\$(?!\$)"
)
NAME = re.compile(r"\\?[a-zA-Z]+(?:\s*\{\\?[a-zA-Z]+\})?(?:\s*_(?:\w|\{\w+\}))?(?:\s*\((?:\\cdot|\w)\))?")
SAYS = re.compile(r"=|[<>]|[∈≥]|\\g(?:eq?|t)(?![a-zA-Z])|\\in(?![a-zA-Z])")  # what a formula says of a name
LONGEST, DISPLAYS = 100_000, 10_000  # characters of a display, displays of a text
THREE_COLUMNS = re.compile(r"&\s*(=|\\[a-zA-Z]+|[<>])\s*&")


def read(path: Path, text: str | None = None) -> Chapter:
    """Read anybody's file; its text may be handed over.

    Raises:
        BookError: it is no text, or of no kind that is read, or a Symbols table in it is malformed.
        OSError: it cannot be opened.
    """
    document = formats.read(path, text)
    whole = Text.of(_spelled_out(document.lines))
    # the finder sees to dollars: the parser of Markdown would look for the end of each pair that is never closed
    plain = tables_alone(whole.string) if document.is_tex else unwrapped(whole.string)
    blocks = markdown(plain.replace("$$", "  "))
    if document.is_tex:
        blocks = replace(blocks, headings=tuple(formats.sections(whole.string)))
    shown, unread = list[Display](), [Unread(why, place) for place, why in document.notes]
    tied = set[Place]()  # displays that go on with the sentence of the one before
    defined = macros.defined_in(whole.string)
    plain, pieces = _pieces(whole, blocks, defined)
    if len(pieces) + len(unread) > DISPLAYS:
        raise BookError(Place(path, 1), f"expected at most {DISPLAYS:,} displays, but there are more; split the file")
    for display, is_tied in _displays(whole, blocks, pieces, macros.Commands(defined)):
        (shown if isinstance(display, Display) else unread).append(display)  # type: ignore[arg-type]
        tied |= {display.place} if is_tied else set()
    title = next((h.title for h in blocks.headings if h.level == 1), path.stem)
    found = [*_inside(path, whole, blocks, is_tex=document.is_tex), *_beside(path, whole, blocks)]
    tables = tuple(_written_out(one, whole.string) for one in found if isinstance(one, Table))
    stray = tuple(one for one in found if isinstance(one, Fault))
    named = frozenset(row.symbol for table in tables for row in table.rows if row.shape != "index")
    held = tuple(_conditions(shown, named, tied))
    layout = declared(whole, plain)
    said = tuple(_spoken(whole, plain, pieces, macros.Commands(defined)))
    return Chapter(
        path,
        0,
        path.stem,
        title,
        tables,
        held,
        tuple(unread),
        blocks,
        strict=False,
        faults=stray,
        spoken=said,
        layout=layout,
        summed=is_summed(plain),
    )


def _written_out(table: Table, text: str) -> Table:
    """A table in which symbols are written as the displays are, the author's commands expanded."""
    return replace(table, rows=tuple(replace(x, symbol=macros.written_out(x.symbol, text)) for x in table.rows))


def _spelled_out(lines: Sequence[Line]) -> Sequence[Line]:
    r"""Lines in which `\be` is `\begin{equation}`, where an author defines it so; their columns are not known."""
    before = "\n".join(line.text for line in lines)
    text = macros.spelled_out(before)
    changed = zip(text.split("\n"), lines, strict=True) if text != before else ()
    return [x if x.text == new else Line(new, replace(x.place, column=0)) for new, x in changed] or lines


def _conditions(shown: Sequence[Display], named: frozenset[str], tied: set[Place]) -> Iterator[Display]:
    """The displays; `k = y_i` in "if k = y_i" claims nothing, if k is an index elsewhere and no name.

    The next display holds under this condition where it goes on with the sentence.
    """
    letters, condition = {letter for display in shown for letter in _index_letters(display.tex)}, ""
    for display in shown:
        found = WHICH_INDEX.fullmatch(display.tex)
        held = {letter for letter in (found.groups() if found else ()) if letter}
        if found and held <= letters and found[1] not in named and display.mark == CHECKED:
            why = f"it says which {found[1]} is meant, and claims nothing: ${display.tex}$"
            yield replace(display, mark=Unchecked(why, display.place))
            condition = display.tex.strip(" ,.;")
        else:
            under = condition and display.place in tied and rf" \quad \text{{if }} {condition}"
            yield replace(display, tex=display.tex.rstrip(" .,") + under) if under else display
            condition = ""


def _index_letters(tex: str) -> Iterator[str]:
    """The letters that stand in a subscript, or between square brackets behind a name."""
    for found in INDICES.finditer(tex):
        inside = (found[1] or found[2] or found[3]).replace("_", " ")
        yield from inside if re.fullmatch("[a-z]{1,3}", inside) else LONE.findall(inside)


def _inside(path: Path, whole: Text, blocks: Markdown, *, is_tex: bool) -> Iterator[Table | Fault]:
    """The tables of a file; the only one of a LaTeX file, and those of several files, are valid for all of it."""
    headings = tuple(h._replace(level=h.level + 2 * is_tex) for h in blocks.headings)  # a chapter is no title
    found = list(tables_in(path, replace(blocks, headings=headings)))
    several = len({line.place.path for line in whole.lines}) > 1
    return (_placed(one, whole, everywhere=is_tex and (several or len(found) < 2)) for one in found)


def _beside(path: Path, whole: Text, blocks: Markdown) -> Iterator[Table | Fault]:
    """The tables of `FILE.symbols.md`, for a file that cannot hold one.

    One that stands under a heading of the file itself is valid there, any other for all of it.
    """
    other = path.with_name(f"{path.name}.symbols.md")
    if other.is_file():
        inside = markdown(text_of(other))
        for table in tables_in(other, inside):
            if isinstance(table, Table):
                title = next((h.title for h in reversed(inside.headings) if h.line < table.place.line), "")
                first, last, depth = _under(title, whole, blocks)
                yield replace(table, first=first, last=last, depth=depth)
            else:
                yield table


def _under(title: str, whole: Text, blocks: Markdown) -> tuple[int, int, int]:
    """First line, last line and depth of what stands under a heading; all lines where there is no such heading."""
    found = next((h for h in blocks.headings if h.title.strip().lower() == title.strip().lower()), None)
    if found is None or found.level == 1:
        return 1, 10**9, 0
    last = last_line(blocks.headings, found.line, found.level, len(whole.lines))
    return whole.lines[found.line - 1].place.line, whole.lines[last - 1].place.line, found.level + 1


def tables_alone(text: str) -> str:
    """The lines of tables in the comments of a LaTeX file as tables, all others empty."""
    lines = text.split("\n")
    return "\n".join(TABLE_IN_COMMENT.sub("", line) if TABLE_IN_COMMENT.match(line) else "" for line in lines)


def _placed(table: Table | Fault, text: Text, *, everywhere: bool) -> Table | Fault:
    """A table that knows its lines in the file."""

    def place(there: Place, line: str = "") -> Place:
        """Where a line of the text, or a part of it, stands in the file."""
        found = text.lines[min(there.line, len(text.lines)) - 1]
        shift = max(0, found.text.find(line)) if line else 0
        return replace(found.place, column=found.place.column and found.place.column + shift)

    def moved(fault: Fault) -> Fault:
        error = fault.error
        if isinstance(error, RowError):
            row = replace(error.row, place=place(error.row.place, error.row.text))
            return replace(fault, error=row.error(error.message, error.culprit))
        return replace(fault, error=BookError(place(error.place), error.message, error.excerpt))

    if isinstance(table, Fault):
        return moved(table)
    rows = tuple(replace(row, place=place(row.place, row.text)) for row in table.rows)
    lines = Place(text.lines[0].place.path, table.first), Place(text.lines[0].place.path, table.last)
    first, last = (1, 10**9) if everywhere else (place(lines[0]).line, place(lines[1]).line)
    faults = tuple(map(moved, table.faults))
    return replace(table, rows=rows, first=first, last=last, place=place(table.place), faults=faults)


# Finding


def _pieces(text: Text, blocks: Markdown, defined: Iterable[macros.Defined]) -> tuple[str, list[Piece]]:
    """The text with all blank that is no text of the author's, and every display in it, in order."""
    defining = [(one.start, one.stop) for one in defined]
    fenced = [*fences(text, blocks), *directives(text, blocks)]
    hidden = [*defining, *_hidden(text, blocks), *((p.start, p.stop) for p in fenced)]
    plain = blanked(text.string, hidden)
    found = [*fenced, *(_piece(text, plain, f) for f in finder.displays(plain)), *foreign(plain)]
    return plain, sorted(found, key=lambda p: p.start)


def _displays(
    text: Text, blocks: Markdown, pieces: Iterable[Piece], commands: macros.Commands
) -> Iterator[tuple[Display | Unread, bool]]:
    """Every display, the author's commands expanded, and whether it goes on with the one before."""
    before, stop, seen = False, 0, Counter[Place]()
    for piece in pieces:
        if piece.why or any(line.strip() for line, _ in piece.lines):
            is_tied = before and bool(GOES_ON.fullmatch(text.string[stop : min(piece.start, stop + 80)]))
            shown = _display(text, blocks, piece, commands.at(piece.start))
            shown = with_words(shown, text, piece) if isinstance(shown, Display) else shown
            yield replace(shown, place=replace(shown.place, order=seen[shown.place])), is_tied
            seen[shown.place] += 1
            before = bool(IF.search(text.string[max(0, piece.start - 20) : piece.start]))
            stop = piece.stop


def _spoken(
    text: Text, plain: str, pieces: Iterable[Piece], commands: macros.Commands
) -> Iterator[tuple[str, Place, str]]:
    """The formulas of running text that say something of a name, or are one; and the words around a dollar."""
    for found in INLINE.finditer(blanked(plain, ((p.start, p.stop) for p in pieces))):
        tex = next(filter(None, found.groups()))
        if SAYS.search(tex) or "\\" in tex or NAME.fullmatch(tex):
            with suppress(macros.TooLongError):
                tex = macros.expanded(tex.replace("\n", " "), commands.at(found.start()))
                if SAYS.search(tex) or NAME.fullmatch(tex.strip()):
                    words = plain[max(0, found.start() - 60) : found.start()], plain[found.end() : found.end() + 60]
                    yield tex.strip(), text.place(found.start()), " $ ".join(words).replace("\n", " ")


def blanked(text: str, hidden: Iterable[tuple[int, int]]) -> str:
    """A text with blanks in some stretches, so that positions and lines stay."""
    out, at = list[str](), 0
    for start, stop in sorted(hidden):
        if stop > at:
            begin = max(start, at)
            out += [text[at:begin], re.sub(r"[^\n]", " ", text[begin:stop])]
            at = stop
    return "".join([*out, text[at:]])


def _hidden(text: Text, blocks: Markdown) -> Iterator[tuple[int, int]]:
    """The stretches that are no text: code, comments, front matter."""
    for block in (*blocks.fences, *([blocks.front] if blocks.front else [])):
        last = text.lines[block.last - 1].text
        yield text.starts[block.first - 1], text.starts[block.last - 1] + len(last)
    ending = text.lines[0].place.path.suffix.lower() if text.lines else ""
    yield from comments(text.string)
    yield from comments(text.string, "{/*", "*/}") if ending == ".mdx" else ()
    yield from ((m.start(), m.end()) for m in OBSIDIAN.finditer(text.string) if ending in {".md", ".markdown"})
    yield from literals(text) if ending in {".rst", ".py"} else ()
    spans = (m for m in CODE_SPAN.finditer(text.string) if "$$" in m[0] or "\\" in m[0])
    yield from ((m.start(), m.end()) for m in spans if not text.string.endswith(ROLE, 0, m.start()))


def comments(text: str, opening: str = "<!--", closing: str = "-->") -> Iterator[tuple[int, int]]:
    """The stretches of comments; one that is never closed hides nothing."""
    at = text.find(opening)
    while at >= 0:
        end = text.find(closing, at + len(opening))
        if end < 0:
            return
        yield at, end + len(closing)
        at = text.find(opening, end + len(closing))


def _piece(text: Text, plain: str, found: finder.Found) -> Piece:
    """What the finder has found, line by line; a label may stand behind it."""
    lines, at = list[tuple[str, int]](), found.start
    for line in plain[found.start : found.stop].split("\n"):
        lines.append((line, at))
        at += len(line) + 1
    behind = LABELLED.match(text.string, found.end)
    label = next((g for g in behind.groups() if g), "") if behind else ""
    return Piece(tuple(lines), found.start, label, found.why)


# Reading


def _display(text: Text, blocks: Markdown, piece: Piece, commands: Mapping[str, macros.Macro]) -> Display | Unread:
    """A display with its commands expanded and its environments in the language's own words."""
    place = text.place(piece.start)
    length = sum(len(line) for line, _ in piece.lines)
    if piece.why or length > LONGEST:
        return Unread(piece.why or f"it has {length:,} characters: at most {LONGEST:,} are read", place)
    try:
        tex = macros.expanded("\n".join(line for line, _ in piece.lines), commands)
    except macros.TooLongError as error:
        return Unread(str(error), place)
    label = next((a or b for a, b in NAMED.findall(tex)), piece.label)
    quoted = text.lines[text.number(piece.start)].text.lstrip().startswith(">")
    words, origins = _stripped(text, in_our_words(tex).split("\n"), piece, quoted=quoted)
    number = text.number(piece.start)
    heading = next((h.title for h in reversed(blocks.headings) if h.line <= number), "")
    return Display(label, words, place, heading, mark=_mark(text, piece.start, place), origins=origins)


def in_our_words(tex: str) -> str:
    """Environments that mean the same under one name; lines stay where they are."""
    is_broken_line = r"\begin{multline" in tex
    tex = INTERTEXT.sub(lambda m: (m[1] or r"\\") + " ", NUMBERED_CASES.sub(_cases, tex))
    tex = OUTSIDE.sub(lambda m: rf"\{m[1] or 'begin'}{{eqnarray}}", tex)
    tex = THREE_COLUMNS.sub(r"& \1", tex) if "eqnarray" in tex else tex
    tex = RENAMED.sub(r"\\\1{aligned}", UNNAMED.sub(lambda m: " " * len(m[0]), tex))
    return tex.replace(r"\\", " ") if is_broken_line else tex


def _cases(found: re.Match[str]) -> str:
    """Cases with a number each as plain ones behind their left side."""
    return rf"{found[1]} \begin{{cases}}" if found[1] is not None else r"\end{cases}"


def _stripped(text: Text, lines: list[str], piece: Piece, *, quoted: bool) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Lines without labels, marks of quotation and blanks around them, and where each begins in the file."""
    kept = list[tuple[str, tuple[int, int]]]()
    for line, (_, start) in zip(lines, piece.lines, strict=False):
        bare = NAMED.sub(lambda m: " " * len(m[0]), line)
        bare = re.sub(r"^[ >]+", lambda m: " " * len(m[0]), bare) if quoted and kept else bare
        place = text.place(start)
        kept.append((bare.strip(), (place.line, max(1, place.column) + len(bare) - len(bare.lstrip()))))
    kept = trimmed(kept)
    return "\n".join(words for words, _ in kept), tuple(origin for _, origin in kept)


def _mark(text: Text, start: int, place: Place) -> Mark:
    """The mark in the comment that stands before a display, with nothing but blanks and its dollars between."""
    before = text.string[max(0, start - 2000) : start].rstrip("$\\[ \n")
    return mark_in(before[before.rfind("<!--") :], place) if before.endswith("-->") else CHECKED
