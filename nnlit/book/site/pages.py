"""Pages that are made from the chapters: symbols, formulas, errata, exercises and the ledger.

Each is Markdown, put where a page has the marker `[[symbols]]`, so that all links and equations go the usual way.
"""

import base64
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from markdown.extensions.toc import slugify

from nnlit.book.mutation.verdicts import Counts
from nnlit.book.site.catalog import Contents
from nnlit.book.source import recordings
from nnlit.book.source.chapter import LABEL, Chapter, Display, Row, Table
from nnlit.book.source.marks import Wrong
from nnlit.book.source.place import BookError, Place

WORD = re.compile(r"\\(?:mathrm|operatorname\*?|text\w*)\{[^}]*\}|\\[a-zA-Z]+|[^\s{}]")
PIECE = re.compile(r"\\\\(?:\[[^\]]*\])?|\\(?:begin|end)\{\w+\}|\\[a-zA-Z]+|\\.|.", re.DOTALL)
ALIGNED = re.compile(r"\\(?:begin|end)\{aligned\}")
DERIVATIVE = re.compile(
    r"\\[dt]?frac\{(?:\\partial|d|\\mathrm\{d\})\s*([^{}]*(?:\{[^{}]*\})?)\}\{(?:\\partial|d|\\mathrm\{d\})\s*(.*)\}"
)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
SYMBOLS = "| symbol | meaning | shape | declared in | used in |\n|---|---|---|---|---|"
LEDGER = "| equation | section | check | error | code | wrong versions rejected |\n|---|---|---|---|---|---|"
REFERENCE = """\
    options:
      extra: {{listing: false, repository: "{repository}"}}
      skip_local_inventory: false
      show_root_heading: true
      show_root_toc_entry: true
      show_root_full_path: false
      show_if_no_docstring: true
      members: null"""
PARALLEL = ("memory", "blocks", "products", "threads", "cluster", "law")  # tables of docs/parallel.json
FORMULAS = "| gradient | shape | code | equation |\n|---|---|---|---|"


def symbols(book: Contents) -> str:
    """Every symbol of every Symbols table, with its place and the equations of its scope that hold it."""
    rows = [(row, _symbol_row(c, t, row, held)) for c, held in _held(book) for t in c.tables for row in t.rows]
    rows.sort(key=lambda pair: (_letter(pair[0].symbol).lower(), pair[0].symbol, pair[0].place))
    return "\n".join([SYMBOLS, *(text for _, text in rows)])


def _held(book: Contents) -> Iterator[tuple[Chapter, dict[Display, set[str]]]]:
    """The chapters with the symbols of their labelled equations."""
    for chapter in book.chapters:
        yield chapter, {d: _symbols_of(chapter, d) for d in chapter.displays if d.label}


def _symbol_row(chapter: Chapter, table: Table, row: Row, held: dict[Display, set[str]]) -> str:
    within = (d for d in held if table.first <= d.place.line <= table.last and row.symbol in held[d])
    used = " ".join(rf"\eqref{{{d.label}}}" for d in within)
    return f"| ${row.symbol}$ | {row.meaning} | {_shape(row)} | {_link(chapter)} | {used} |"


def _letter(symbol: str) -> str:
    """The letter that a symbol is sorted by: the last name in a derivative, the letter below an accent."""
    plain = re.sub(r"\\(?:frac|partial|hat|bar|tilde|mathrm|mathbf|mathcal)(?![a-zA-Z])|[{}\s]", "", symbol)
    return plain.lstrip("\\")


def _shape(row: Row) -> str:
    words = ("number", "size", "integer", "function", "index")
    if row.shape in words:
        return row.shape
    kind, _, shape = row.shape.rpartition(", ")
    return f"{kind}, ${shape}$" if kind else f"${row.shape}$"


def _link(chapter: Chapter, anchor: str = "") -> str:
    return f"[{chapter.title}]({chapter.path.name}{anchor})"


def _symbols_of(chapter: Chapter, display: Display) -> set[str]:
    """The declared symbols that a display holds; of two that fit at one place the longer one counts."""
    declared = {row.symbol: WORD.findall(row.symbol) for t in chapter.tables_at(display.place.line) for row in t.rows}
    words, found, k = WORD.findall(display.tex), set(), 0
    while k < len(words):
        here = [s for s, w in declared.items() if words[k : k + len(w)] == w]
        longest = max(here, key=lambda s: len(declared[s]), default=None)
        k += len(declared[longest]) if longest else 1
        found |= {longest} if longest else set()
    return found


def formulas(book: Contents) -> str:
    """Every derivative that a line of the package computes, with its shape."""
    parts = []
    for chapter in book.chapters:
        rows = [_formula(book, chapter, d) for d in chapter.displays if _is_result(book, d)]
        if rows:
            parts += [f"## {_link(chapter)}", "", FORMULAS, *rows, ""]
    return "\n".join(parts)


def _is_result(book: Contents, display: Display) -> bool:
    right = not isinstance(display.mark, Wrong)
    return right and display.label in book.tags and bool(DERIVATIVE.fullmatch(sides(display.tex)[0].strip()))


def _formula(book: Contents, chapter: Chapter, display: Display) -> str:
    first, *_, last = sides(display.tex)
    code = "<br>".join(f"`{tag.source.partition('#')[0].strip()}`" for tag in book.tags[display.label])
    formula = _cell(rf"\displaystyle {first.strip()} = {last.strip()}")
    return rf"| ${formula}$ | {_gradient_shape(chapter, display, first)} | {code} | \eqref{{{display.label}}} |"


def _gradient_shape(chapter: Chapter, display: Display, left: str) -> str:
    """A gradient has the shape of what it is the gradient of; for one entry, the shape of the whole is given."""
    rows = {row.symbol: row for t in chapter.tables_at(display.place.line) for row in t.rows}
    name = DERIVATIVE.fullmatch(left.strip())
    of = name[2].strip() if name else ""
    row = rows.get(left.strip()) or rows.get(of) or rows.get(of.partition("_")[0])
    return _shape(row) if row else ""


def sides(tex: str) -> list[str]:
    r"""The sides of the first chain in a display, as written.

    Examples:
        >>> sides(r"\begin{aligned} a &= [k = l] \\ &= c \end{aligned}")
        [' a ', ' [k = l] ', ' c ']
    """
    out, depth = [""], 0
    for piece in PIECE.findall(ALIGNED.sub("", tex)):
        depth += (piece in "{[(" or piece.startswith(r"\begin")) - (piece in "}])" or piece.startswith(r"\end"))
        if depth == 0 and piece == "=":
            out.append("")
        elif depth or not (piece == "&" or piece.startswith(r"\\")):
            out[-1] += piece
    return [" " + " ".join(side.split()) + " " for side in out]


def _cell(tex: str) -> str:
    """TeX for a cell of a table, where a bar would end the cell."""
    return tex.replace(r"\|", r"\Vert ").replace("|", r"\vert ").replace("\n", " ")


def errata(book: Contents) -> str:
    """The wrong equations of the chapters beside the right ones: the published first, then common slips."""
    shown = [(c, d) for c in book.chapters for d in c.displays if not d.in_exercise]
    wrong = [(c, d, d.mark) for c, d in shown if isinstance(d.mark, Wrong)]
    published = [_erratum(book, *one) for one in wrong if not _is_slip(one[2])]
    slips = [_erratum(book, *one) for one in wrong if _is_slip(one[2])]
    return "\n".join(["## Published", "", *published, "## Common slips", "", *slips])


def _is_slip(mark: Wrong) -> bool:
    """A source that begins with an article names no publication: "a slip that a square W does not show"."""
    return mark.source.startswith(("a ", "an "))


def _erratum(book: Contents, chapter: Chapter, display: Display, mark: Wrong) -> str:
    """A wrong equation beside the right one, under its source, and what the chapter says of it."""
    right, source = book.display(mark.of, mark.place), mark.source
    title = source[0].upper() + source[1:] if _is_slip(mark) else source
    facts = f"Read: {mark.date}. Discussed in {_link(chapter, '#' + slugify(display.heading, '-'))}."
    both = [*_block("wrong", "Wrong", display), *_block("right", "Right", right)]
    pair = ['<div class="nnlit-pair" markdown>', *both, "</div>"]
    return "\n\n".join([f"### {title}", facts, *pair, _remark(chapter, display), ""])


def _block(kind: str, title: str, display: Display) -> list[str]:
    """A display without its steps, under a title."""
    first, *_, last = sides(display.tex)
    tex = f"{first} = {last}" if ALIGNED.search(display.tex) else display.tex
    label = rf"\label{{{display.label}}}"
    return [f'<div class="nnlit-{kind}" markdown>', f"**{title}**", f"$$\n{tex}\n{label}\n$$", "</div>"]


def _remark(chapter: Chapter, display: Display) -> str:
    """The paragraph after a wrong equation, which says what it does; a sentence that leads on to code is left out."""
    text = chapter.markdown.lines[display.place.line :]
    after = "\n".join(text[text.index("$$") + 1 :]).strip().partition("\n\n")[0]
    if re.match(r"```|\$\$|#|<!--|\?\?\?|\|", after):
        return ""
    return _absolute(chapter, re.sub(r"(^|(?<=[.?])\s)[^.?]*:$", "", after))


def _absolute(chapter: Chapter, text: str) -> str:
    """Links to places on the chapter's page, as another page writes them."""
    return re.sub(r"\]\(#", f"]({chapter.path.name}#", text)


def exercises(book: Contents) -> str:
    """Every chapter's exercises without their solutions, on one page, each chapter's also to keep as a file."""
    parts = []
    for chapter in book.chapters:
        sheet = _sheet(chapter) if chapter.number else ""
        if sheet:
            plain = f"# {chapter.title}: exercises\n\n{_plain(book, sheet)}\n"
            data = base64.b64encode(plain.encode()).decode()
            href, name = f"data:text/markdown;charset=utf-8;base64,{data}", f"{chapter.path.stem}-exercises.md"
            keep = f'[As a Markdown file]({href}){{ .nnlit-noprint download="{name}" }}'
            parts += [f"## {_link(chapter)} {{ .nnlit-sheet }}", "", keep, "", _absolute(chapter, sheet), ""]
    return "\n".join(parts)


def _sheet(chapter: Chapter) -> str:
    """The section Exercises of a chapter without solutions and without comments."""
    blocks = chapter.markdown
    lines, tops = blocks.without(blocks.comments), [h for h in blocks.headings if h.level <= 2]
    parts: list[str] = []
    for heading, stop in zip(tops, [*(h.line for h in tops[1:]), len(lines) + 1], strict=True):
        if heading.title == "Exercises":
            parts += _without_solutions(lines[heading.line : stop - 1])
    return COMMENT.sub("", "\n".join(parts)).strip()


def _without_solutions(lines: list[str]) -> Iterator[str]:
    folded = False
    for line in lines:
        folded = line.startswith("???") or (folded and (not line.strip() or line[0] == " "))
        if not folded:
            yield line


def _plain(book: Contents, text: str) -> str:
    """Exercises for paper: references and labels become numbers."""
    text = LABEL.sub(lambda m: rf"\tag{{{book.displays[m[1]].number}}}", text)
    return re.sub(r"\\eqref\{([^}]*)\}", lambda m: f"({book.displays[m[1]].number})", text)


def ledger(book: Contents) -> str:
    """Every labelled equation with its check, and the totals."""
    parts = [_totals(book), ""]
    for chapter in book.chapters:
        rows = [_ledger_row(book, chapter, d) for d in chapter.displays if d.label]
        if rows:
            parts += [f"## {_link(chapter)}", "", LEDGER, *rows, ""]
    return "\n".join(parts)


def _ledger_row(book: Contents, chapter: Chapter, display: Display) -> str:
    entry = book.ledger.get(display.label)
    where = f"[{display.heading}]({chapter.path.name}#{slugify(display.heading, '-')})"
    lines = "<br>".join(f"`{tag.place.path.name}:{tag.place.line}`" for tag in book.tags.get(display.label, ()))
    how, error, versions = "not verified yet", "", ""
    if display.in_exercise and not display.in_solution:
        how = "see the exercise"  # whether it is right is for the reader to find out
    elif entry:
        how = f"{entry.how}: {entry.why}" if entry.why else str(entry.how)
        error = f"`{entry.error}`" if entry.error else ""
        versions = _versions([entry.mutants, *(line.mutants for line in entry.lines)])
    return rf"| \eqref{{{display.label}}} | {where} | {how} | {error} | {lines} | {versions} |"


def _versions(counts: list[Counts]) -> str:
    """Rejected of made; those that mean the same as the right one are not counted as wrong."""
    made, same = sum(c.made for c in counts), sum(c.equivalent for c in counts)
    rejected = sum(sum(c.rejected.values()) for c in counts)
    return f"{rejected} of {made - same}" if made else ""


def _totals(book: Contents) -> str:
    """How many equations there are, how each was checked, and how many wrong versions were tried."""
    entries = list(book.ledger.values())
    ways = Counter(str(entry.how) for entry in entries)
    lines = [line for entry in entries for line in entry.lines]
    rows = [
        ("equations with a number", str(len(book.displays))),
        *((f"of them: {way}", str(count)) for way, count in sorted(ways.items())),
        ("lines of code compared with their equation", str(len(lines))),
        ("wrong versions of equations rejected", _versions([entry.mutants for entry in entries])),
        ("wrong versions of code lines rejected", _versions([line.mutants for line in lines])),
    ]
    return "\n".join(["| of all pages | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)])


def reference(book: Contents) -> str:
    """Every module of the package, those of the chapters first and in their order."""
    order = {chapter.stem: chapter.number for chapter in book.chapters if chapter.number}
    paths = sorted(
        (p for p in book.modules if not p.stem.startswith("_")), key=lambda p: (order.get(p.stem, 99), p.stem)
    )
    options = REFERENCE.format(repository=book.repository)
    return "\n\n".join(f"::: {path.parent.name}.{path.stem}\n{options}" for path in paths)


def recorded(name: str, part: str = "") -> Callable[[Contents], str]:
    """The tables of a recorded run, `docs/NAME.json`: a sentence about it, then captions, heads and rows.

    With a part, the table of that name alone; the sentence stands above the first one of the run. Where the code has
    changed since, a warning stands above the sentence.
    """

    def page(book: Contents) -> str:
        path = book.docs / f"{name}.json"
        run = recordings.read(path)
        tables = [table for table in run["tables"] if part in ("", table.get("name"))]
        if not tables:
            raise BookError(Place(path, 1), f"the recorded run has no table {part}: record it again")
        above = _about(run, book) if tables[0] is run["tables"][0] else []
        return "\n\n".join([*above, *(text for table in tables for text in _table(table))])

    return page


def _about(run: dict[str, Any], book: Contents) -> list[str]:
    """The sentence about a recorded run, below a warning where the run is of earlier code."""
    late = recordings.outdated(run, book.docs.parent)
    notice = f'!!! warning "Recorded with earlier code"\n    These numbers were {late}.'
    return [notice, run["about"]] if late else [run["about"]]


def _table(table: dict[str, Any]) -> list[str]:
    """The caption of a recorded table and its Markdown."""
    marks = ["---:" if cell[:1].isdigit() else "---" for cell in table["rows"][0]]  # numbers to the right
    lines = [table["head"], marks, *table["rows"]]
    return [table["caption"], "\n".join(f"| {' | '.join(cells)} |" for cells in lines)]


PAGES: dict[str, Callable[[Contents], str]] = {
    "symbols": symbols,
    "formulas": formulas,
    "errata": errata,
    "exercises": exercises,
    "ledger": ledger,
    "reference": reference,
    "arc": recorded("arc"),
    "benchmark": recorded("benchmark"),
    **{f"parallel-{part}": recorded("parallel", part) for part in PARALLEL},
}
