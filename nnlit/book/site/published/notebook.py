"""A chapter as a notebook: the same text, the same examples, made from the same file."""

import doctest
import json
import re
from collections.abc import Iterator
from typing import Any

from nnlit.book.site.catalog import Contents
from nnlit.book.site.published.plain import plain
from nnlit.book.source.chapter import Chapter
from nnlit.book.source.examples import Says, directives
from nnlit.book.source.markdown import markdown

Cell = dict[str, Any]
PARSER = doctest.DocTestParser()
ABOVE = "This notebook is [a chapter of nnlit]({page}). To run it: `pip install nnlit`, or open it in a clone."
RAISES = {"tags": ["raises-exception"]}


def notebook(book: Contents, chapter: Chapter, address: str) -> str:
    """The notebook of a chapter, as the text of its file (nbformat 4.5)."""
    cells = [
        _text(ABOVE.format(page=f"{address}{chapter.path.stem}/")),
        *_cells(plain(book, chapter, address, directives=True)),
    ]
    for k, cell in enumerate(cells):
        cell["id"] = f"{chapter.stem}-{k}"
    about = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    about["language_info"] = {"name": "python"}
    whole = {"cells": cells, "metadata": about, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _cells(text: str) -> Iterator[Cell]:
    """The cells of a page: its examples as code, everything between them as text."""
    blocks, at, skip = markdown(text), 0, False
    ends = {block.first: block.last for block in (*blocks.fences, *blocks.comments)}
    for directive in directives(blocks):
        runs = directive.kind is Says.HIDDEN or (
            directive.kind is Says.FENCE and directive.argument in {"pycon", "python"}
        )
        if directive.kind in {Says.NEEDS, Says.SKIP} or (runs and not skip):
            yield from _between(blocks.lines[at : directive.line - 1])
            at = ends[directive.line]
        if runs and not skip:
            body = "\n".join(directive.body).rstrip()
            yield from _examples(body) if directive.argument == "pycon" else [_code(body)]
        skip = directive.kind in {Says.NEEDS, Says.SKIP} or (skip and not runs)
    yield from _between(blocks.lines[at:])


def _between(lines: list[str]) -> Iterator[Cell]:
    """The text between two examples, a cell for every section."""
    for part in re.split(r"\n(?=#{1,3} )", "\n".join(lines)):
        if part.strip():
            yield _text(part.strip())


def _examples(body: str) -> Iterator[Cell]:
    """The examples of a fence: what shows something ends a cell."""
    source = ""
    for example in PARSER.get_examples(body + "\n"):
        source += example.source
        if example.want:
            yield _code(source.rstrip(), example.want, raises=example.exc_msg is not None)
            source = ""
    if source:
        yield _code(source.rstrip())


def _text(source: str) -> Cell:
    return {"cell_type": "markdown", "id": "", "metadata": {}, "source": source.splitlines(keepends=True)}


def _code(source: str, shown: str = "", *, raises: bool = False) -> Cell:
    """A cell of code with what the chapter says that it shows."""
    outputs = [{"output_type": "stream", "name": "stdout", "text": shown.splitlines(keepends=True)}] if shown else []
    kept: Cell = {"cell_type": "code", "id": "", "execution_count": None, "metadata": RAISES if raises else {}}
    return {**kept, "outputs": outputs, "source": source.splitlines(keepends=True)}
