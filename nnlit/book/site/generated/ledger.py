"""The page of the ledger: every equation with a number, and how it was checked."""

from collections import Counter

from markdown.extensions.toc import slugify

from nnlit.book.site.catalog import Contents
from nnlit.book.site.generated.cells import link, versions
from nnlit.book.source.chapter import Chapter, Display

HEAD = "| equation | section | check | error | code | wrong versions rejected |\n|---|---|---|---|---|---|"


def ledger(book: Contents) -> str:
    """Every labelled equation with its check, and the totals."""
    parts = [totals(book), ""]
    for chapter in book.chapters:
        rows = [_ledger_row(book, chapter, d) for d in chapter.displays if d.label]
        if rows:
            parts += [f"## {link(chapter)}", "", HEAD, *rows, ""]
    return "\n".join(parts)


def _ledger_row(book: Contents, chapter: Chapter, display: Display) -> str:
    entry = book.ledger.get(display.label)
    where = f"[{display.heading}]({chapter.path.name}#{slugify(display.heading, '-')})"
    lines = "<br>".join(f"`{tag.place.path.name}:{tag.place.line}`" for tag in book.tags.get(display.label, ()))
    how, error, rejected = "not verified yet", "", ""
    if display.in_exercise and not display.in_solution:
        how = "see the exercise"  # whether it is right is for the reader to find out
    elif entry:
        how = f"{entry.how}: {entry.why}" if entry.why else str(entry.how)
        error = f"`{entry.error}`" if entry.error else ""
        rejected = versions([entry.mutants, *(line.mutants for line in entry.lines)])
    return rf"| \eqref{{{display.label}}} | {where} | {how} | {error} | {lines} | {rejected} |"


def totals(book: Contents) -> str:
    """How many equations there are, how each was checked, and how many wrong versions were tried."""
    entries = list(book.ledger.values())
    ways = Counter(str(entry.how) for entry in entries)
    lines = [line for entry in entries for line in entry.lines]
    rows = [
        ("equations with a number", str(len(book.displays))),
        *((f"of them: {way}", str(count)) for way, count in sorted(ways.items())),
        ("lines of code compared with their equation", str(len(lines))),
        ("wrong versions of equations rejected", versions([entry.mutants for entry in entries])),
        ("wrong versions of code lines rejected", versions([line.mutants for line in lines])),
    ]
    return "\n".join(["| of all pages | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)])
