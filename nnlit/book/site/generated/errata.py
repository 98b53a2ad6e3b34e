"""The page of errata: the wrong equations of the chapters beside the right ones."""

import re

from markdown.extensions.toc import slugify

from nnlit.book.site.catalog import Contents
from nnlit.book.site.generated.cells import ALIGNED, inner_links, link, sides
from nnlit.book.source.chapter import Chapter, Display
from nnlit.book.source.marks import Wrong
from nnlit.book.source.place import BookError

BUILT = "Nobody is quoted here. Each is a mistake that is easy to make, made on purpose to show what it does."


def errata(book: Contents) -> str:
    """The wrong equations of the chapters beside the right ones: first those of others, then slips of our own."""
    shown = [(c, d) for c in book.chapters if c.number for d in c.displays if not d.in_exercise]
    wrong = [(c, d, d.mark) for c, d in shown if isinstance(d.mark, Wrong)]
    published = [_erratum(book, *one) for one in wrong if not _is_slip(one[2])]
    slips = [_erratum(book, *one) for one in wrong if _is_slip(one[2])]
    return "\n".join(["## Published or reported", "", *published, "## Slips that we built", "", BUILT, "", *slips])


def _is_slip(mark: Wrong) -> bool:
    """A source that begins with an article names no publication: "a slip that a square W does not show"."""
    return mark.source.startswith(("a ", "an "))


def _erratum(book: Contents, chapter: Chapter, display: Display, mark: Wrong) -> str:
    """A wrong equation beside the right one, under its source, and what the chapter says of it."""
    right, source = book.display(mark.of, mark.place), mark.source
    title = source[0].upper() + source[1:] if _is_slip(mark) else source
    facts = f"{_when_read(mark)}Discussed in {link(chapter, '#' + slugify(display.heading, '-'))}."
    both = [*_block("wrong", "Wrong", display), *_block("right", "Right", right)]
    pair = ['<div class="nnlit-pair" markdown>', *both, "</div>"]
    return "\n\n".join([f"### {title}", facts, *pair, _remark(chapter, display), ""])


def _when_read(mark: Wrong) -> str:
    """When a published error was seen at its source; a slip of the book's own was read nowhere."""
    if _is_slip(mark):
        return ""
    if re.fullmatch(r"\d{4}", mark.date):
        raise BookError(mark.place, f"{mark.date} does not say when the source was read: write autumn 2026, or a day")
    return f"Read: {mark.date}. "


def _block(kind: str, title: str, display: Display) -> list[str]:
    """A display without its steps, under a title."""
    (_, first), *_, (relation, last) = sides(display)
    tex = f"{first} {relation} {last}" if ALIGNED.search(display.tex) else display.tex
    label = rf"\label{{{display.label}}}"
    return [f'<div class="nnlit-{kind}" markdown>', f"**{title}**", f"$$\n{tex}\n{label}\n$$", "</div>"]


def _remark(chapter: Chapter, display: Display) -> str:
    """The whole sentences of the paragraph after a wrong equation, without one that leads on to code."""
    text = [line.strip() for line in chapter.markdown.lines[display.place.line :]]  # a fold is indented
    after = "\n".join(text[text.index("$$") + 1 :]).strip().partition("\n\n")[0]
    if re.match(r"```|\$\$|#|<!--|\?\?\?|\|", after):
        return ""
    return inner_links(chapter, re.sub(r"(^|(?<=[.?])\s)[^.?]*:$", "", _from_sentence(after)))


def _from_sentence(text: str) -> str:
    """The text from the first sentence that begins in it: a paragraph may go on with the one of the equation.

    Examples:
        >>> _from_sentence("which is half. The rest learns.")
        'The rest learns.'
        >>> _from_sentence("The rest learns.")
        'The rest learns.'
    """
    begun = re.search(r"[.?!]\s+(?=[A-Z*`])", text) if text[:1].islower() else None
    return text[begun.end() :] if begun else "" if text[:1].islower() else text
