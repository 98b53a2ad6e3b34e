"""The page of errata: the wrong equations of the chapters beside the right ones."""

import re

from markdown.extensions.toc import slugify

from nnlit.book.site.catalog import Contents
from nnlit.book.site.generated.cells import ALIGNED, inner_links, link, sides
from nnlit.book.source.chapter import Chapter, Display
from nnlit.book.source.marks import Wrong


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
    facts = f"Read: {mark.date}. Discussed in {link(chapter, '#' + slugify(display.heading, '-'))}."
    both = [*_block("wrong", "Wrong", display), *_block("right", "Right", right)]
    pair = ['<div class="nnlit-pair" markdown>', *both, "</div>"]
    return "\n\n".join([f"### {title}", facts, *pair, _remark(chapter, display), ""])


def _block(kind: str, title: str, display: Display) -> list[str]:
    """A display without its steps, under a title."""
    (_, first), *_, (relation, last) = sides(display)
    tex = f"{first} {relation} {last}" if ALIGNED.search(display.tex) else display.tex
    label = rf"\label{{{display.label}}}"
    return [f'<div class="nnlit-{kind}" markdown>', f"**{title}**", f"$$\n{tex}\n{label}\n$$", "</div>"]


def _remark(chapter: Chapter, display: Display) -> str:
    """The paragraph after a wrong equation, which says what it does; a sentence that leads on to code is left out."""
    text = chapter.markdown.lines[display.place.line :]
    after = "\n".join(text[text.index("$$") + 1 :]).strip().partition("\n\n")[0]
    if re.match(r"```|\$\$|#|<!--|\?\?\?|\|", after):
        return ""
    return inner_links(chapter, re.sub(r"(^|(?<=[.?])\s)[^.?]*:$", "", after))
