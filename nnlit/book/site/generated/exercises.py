"""The page of exercises: those of all chapters without their solutions, also as files."""

import base64
import re
from collections.abc import Iterator

from nnlit.book.site.catalog import Contents
from nnlit.book.site.generated.cells import inner_links, link
from nnlit.book.source.chapter import LABEL, Chapter

COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


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
            parts += [f"## {link(chapter)} {{ .nnlit-sheet }}", "", keep, "", inner_links(chapter, sheet), ""]
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
