"""The PDF beside the pages: printed whole, with links that lead somewhere, no page that ends with a head.

What it needs is told in test_pages.py; besides `pip install pypdfium2`.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest

SITE = Path(os.environ.get("SITE", Path(__file__).parents[2] / "site"))
CHAPTERS = sorted(path.stem for path in (Path(__file__).parents[2] / "docs").glob("[0-9][0-9]-*.md"))
HOME = b"https://nnlit.github.io/nnlit/"
PAPERS = {**{name: SITE / name / f"{name}.pdf" for name in CHAPTERS}, "the whole book": SITE / "nnlit.pdf"}


@pytest.mark.parametrize("name", PAPERS)
def test_what_is_printed_is_whole_and_leads_to_the_site(name: str) -> None:
    assert PAPERS[name].exists(), "not printed: run python -m nnlit.book publish on the site"
    paper = PAPERS[name].read_bytes()
    assert paper.startswith(b"%PDF-")
    assert paper.rstrip().endswith(b"%%EOF")
    links = re.findall(rb"/URI \(([^)]*)\)", paper)
    assert links
    assert not [link for link in links if re.match(rb"http://(127|localhost)|file:", link)]
    if name in CHAPTERS:
        assert any(link.startswith(HOME) for link in links)
    assert len(re.findall(rb"/Type /Page\b", paper)) >= (300 if name not in CHAPTERS else 5)
    assert not list(SITE.rglob("print.html"))


def test_pages_are_no_wider_than_paper_and_have_bookmarks() -> None:
    paper = PAPERS["the whole book"].read_bytes()
    boxes = set(re.findall(rb"/MediaBox \[0 0 ([\d. ]+)\]", paper))
    assert {tuple(round(float(x)) for x in box.split()) for box in boxes} == {(595, 842)}
    assert b"/Outlines" in paper


# The heads of listings, of tables, of sections.
HEADS = re.compile(r"nnlit/\w+\.py, lines \d+ to \d+$|^Symbols:|^(?:Solutions|Exercises|Sources)$")


def pages(name: str) -> Iterator[list[str]]:
    """The lines of every page, in the order in which they are printed."""
    with pypdfium2.PdfDocument(PAPERS[name]) as paper:
        for page in paper:
            text = page.get_textpage().get_text_range()
            yield [line for one in text.splitlines() if (line := one.strip())]


@pytest.mark.parametrize("name", PAPERS)
def test_no_page_of_paper_ends_with_a_head_or_holds_next_to_nothing(name: str) -> None:
    told = []
    for number, found in enumerate(pages(name), 1):
        if len(found) < 3:
            told.append(f"page {number} holds only {found}")
        elif HEADS.search(found[-1]):
            told.append(f"page {number} ends with {found[-1]!r}")
    assert told == []
