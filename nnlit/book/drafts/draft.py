"""A Symbols table for a text that has none: every name without a value, its guessed shape, and why it was guessed.

A drafted row says that it is guessed, and what rests on it is not called false until somebody has confirmed it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from nnlit.book.drafts import hints
from nnlit.book.drafts.gradients import given
from nnlit.book.drafts.lengths import Lengths
from nnlit.book.drafts.naming import Naming, Rows, shape
from nnlit.book.drafts.said import LOGISTIC_SAID
from nnlit.book.drafts.sections import apart
from nnlit.book.drafts.used import NOTHING, Text, letters_of, plain
from nnlit.book.language.tex import Formulas, parsed
from nnlit.book.source import documents
from nnlit.book.source.chapter import GUESSED, Chapter, Row, Table
from nnlit.book.source.formats import MARKDOWN
from nnlit.book.source.place import Place, line_words

SQUARE = re.compile(r"(.*)_\{(\w)\s*\\times\s*\2\}")  # an identity with both of its sizes
KINDS = "number, size, integer, labels, function, $n$ for a vector, $m \\times n$ for a matrix"


def table(path: Path, text: str | None = None) -> str:
    """The table of a file, or of its text, as Markdown, with a remark on how to go on.

    Raises:
        BookError: the file cannot be read.
        OSError: it cannot be opened.
    """
    return table_of(documents.read(path, text))


def table_of(chapter: Chapter) -> str:
    """The same of a text that is read."""
    path = chapter.path
    formulas = parsed(chapter.displays)
    chapter, more = apart(chapter, formulas)
    names, hidden = drafted(chapter, formulas)
    remarks = [
        f"{line_words(place.line).capitalize()} says ${tex}$ in running text, which is not executed: "
        f"display it, ${name}$ has no row here."
        for name, (tex, place) in hidden.items()
    ]
    if not names and not more:
        return "\n".join(remarks or ["every name has a value: no table is needed"])
    holds_tables = path.suffix.lower() in (*MARKDOWN, ".ipynb", "")
    where = "at the head of the file" if holds_tables else f"into {path.name}.symbols.md beside the file"
    head = [
        f"Put this {where} and correct it; a shape is one of {KINDS}.",
        f"Take the word '{GUESSED}' out of the rows that are right: what rests on a guess is not called false.",
        "",
    ]
    lines = [*head, *written(names)]
    for heading, (section, letters) in more.items():
        own = {x: row for x, row in drafted(section)[0].items() if x in letters or not known(x, chapter, names)}
        why = f"where {', '.join(f'${x}$' for x in sorted(letters))} is another thing than above"
        lines += ["", f"And this below the heading {heading!r}, {why}:", "", *written(own)]
    return "\n".join([*lines, *([""] if remarks else []), *remarks])


def written(rows: Rows) -> list[str]:
    """Rows as a table."""
    shown = [f"| ${name}$ | {shape} | | {GUESSED}: {why} |" for name, (shape, why) in rows.items()]
    return ["| symbol | shape | code | meaning |", "|---|---|---|---|", *shown]


def known(name: str, chapter: Chapter, rows: Rows) -> bool:
    """Whether the rest of a text gives a name a value."""
    return name in rows or Text(chapter, parsed(chapter.displays)).gives(name)


def drafted(chapter: Chapter, formulas: Formulas | None = None) -> tuple[Rows, dict[str, tuple[str, Place]]]:
    """Every name that nothing gives a value: with a guess and its reason, or where running text defines it.

    Sizes need no row.
    """
    formulas = parsed(chapter.displays) if formulas is None else formulas
    text = Text(chapter, formulas)
    told = _told(chapter, text)
    text = Text(_with_rows(chapter, told), formulas) if told else text
    rows, vectors = _rows(text)
    rows = told | {name: of_vectors(told[name], size) for name, size in vectors.items() if name in told} | rows
    hidden = text.said.spoken(rows)
    return {name: row for name, row in rows.items() if name not in hidden}, hidden


def _rows(text: Text) -> tuple[Rows, dict[str, str]]:
    """The rows that are missing, and the functions that are called with vectors alone, with their size."""
    calls = hints.functions(text.shown)
    names = [name for name in text.used if calls.get(name, True) or not is_chance(name, text)]
    ranks = text.ranks([name for name in names if not text.is_size(name)])
    members = hints.members(ranks, text.shown)
    open_names = {name for name, (rank, why) in ranks.items() if not rank and why == NOTHING}
    found = Lengths(text.forms(ranks), open_names, {name: letter for name, (letter, _) in members.items()})
    found.tie()
    _join(text, ranks, found)
    before = -1
    while text.has_arrays and len(found.open) != before:
        before = len(found.open)
        for left, right, where in text.claims:
            found.walk(left, right, where)
    naming = Naming(text, found, members)
    rows = naming.rows({name: found.seen.get(name, why) for name, (_, why) in ranks.items()})
    for top, below in given(text).items():
        known = [x for x in below if x in found.forms or not text.has_arrays]
        ahead = {rf"\frac{{\partial {top}}}{{\partial {x}}}": naming.shape(x) for x in known}
        rows[top] = "number", "it is only differentiated"
        if ahead:
            del rows[top]
            rows |= {name: (shape, f"nothing says how ${top}$ is computed") for name, shape in ahead.items()}
    return rows, naming.vectors()


def is_chance(name: str, text: Text) -> bool:
    """Whether a letter that stands in front of brackets is a chance or a mean, and no array."""
    return name in hints.CHANCES and name not in text.said.sizes and not hints.multiplied(name, text.shown)


def _join(text: Text, ranks: Mapping[str, tuple[int, str]], found: Lengths) -> None:
    """Let axes have the sizes that the words around the displays give them, and rows those of their matrix."""
    for name, (rank, _) in ranks.items():
        sizes = text.said.sizes.get(name, ())
        for k, size in enumerate(sizes if len(sizes) == rank else ()):
            if size:
                found.join(f"size:{size}", f"{name}:{k}")
        if rank == 2 and any(len(x.indices) == 2 and x.indices[0] == x.indices[1] for x in text.used[name]):
            found.join(f"{name}:0", f"{name}:1")  # an entry of the diagonal
        held = text.holder(name) if rank == 2 else ""
        for k in range(rank if held in ranks else 0):
            found.join(f"{held}:{k}", f"{name}:{k}")


def of_vectors(row: tuple[str, str], size: str) -> tuple[str, str]:
    """The row of a function that is called with vectors of a size alone."""
    of_numbers = row[1].endswith(("number", LOGISTIC_SAID))
    return row if of_numbers else (row[0], f"{row[1]} from ${size}$")


def _told(chapter: Chapter, text: Text) -> Rows:
    """What the writing alone shows: steps, functions, Kronecker's delta."""
    shown = text.shown
    labelled = {
        name: (shape(list(axes)), f"{line_words(line)} says so{condition}")
        for name, axes, line, condition in text.said.labelled(hints.bound(shown))
        if not text.gives(name)
    }
    free = {name.rstrip("'") for name in text.used}
    told = {letter: ("integer", "it counts steps") for letter in hints.steps(shown) if not text.gives(letter)}
    told |= {letter: ("integer", "it counts layers") for letter in hints.layers(shown) if not text.gives(letter)}
    for name, is_function in hints.functions(shown).items():
        if is_function and not text.gives(name) and (name in free or name.partition("_")[0] in hints.USUAL_FUNCTIONS):
            of = " of a number" if name.partition("_")[0] in hints.ON_ENTRIES else ""
            is_logistic = text.said.conditions.get(name) == LOGISTIC_SAID
            which = LOGISTIC_SAID if is_logistic else f"any smooth function{of}"
            told[name] = ("function", f"it stands in front of brackets; {which}")
    for name, letter in labels(text):
        below = any(f"{name}_{letter}" in one and ("sqrt" in one or "log" in one) for one in shown)
        told[f"{name}_{{{letter}}}"] = ("number", f"{letter} is a name of its own" + "; positive" * below)
    told |= labelled
    told |= {name: (rf"${size} \times {size}$", "of this size, identity") for name, size in identities(text)}
    if r"\delta" in free and hints.has_delta(shown):
        told[r"\delta"] = ("number", r"written as $\delta_{ij}$; Kronecker delta")
    return told


def labels(text: Text) -> Iterator[tuple[str, str]]:
    """The names whose only index is itself a name in the text, as the k in `d_k` where `k_j` stands."""
    over = hints.bound(text.shown)
    for name, nodes in text.used.items():
        written = {letters_of(node) for node in nodes}
        if len(written) == 1 and min(written) in text.used and len(nodes[0].indices) == 1 and not written & over:
            yield name, min(written)


def identities(text: Text) -> Iterator[tuple[str, str]]:
    r"""The identity matrices that are written with their size: `I_n`, or `I_{n \times n}`."""
    over = hints.bound(text.shown)
    for name, nodes in text.used.items():
        if plain(name) == "I":
            sizes = dict.fromkeys(letters_of(node) for node in nodes if len(node.indices) == 1)
            yield from ((f"{name}_{{{size}}}", size) for size in sizes if size and size not in over)
        if (found := SQUARE.fullmatch(name)) and plain(found[1]) == "I":
            yield name, found[2]


def _with_rows(chapter: Chapter, rows: Rows) -> Chapter:
    """A chapter with some rows more."""
    place = Place(chapter.path, 1)
    read = tuple(Row(name, shape, "", why, place) for name, (shape, why) in rows.items())
    more = (Table(read, 1, 10**9, 0, place),) if read else ()
    return replace(chapter, tables=(*more, *chapter.tables))
