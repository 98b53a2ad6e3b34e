"""Where the symbols of a formula are declared, if it stands on a page that is made from chapters, or in a docstring."""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from xml.etree.ElementTree import Element

from nnlit.book.site.catalog import Contents
from nnlit.book.source.chapter import Chapter
from nnlit.book.source.place import Place

HEADING = re.compile(r"h([1-6])")
OF_CHAPTER = re.compile(r"## \[[^\]]*\]\(([\w-]+\.md)\)")
EXERCISE = re.compile(r"### ([^$`*]+)")
LABELLED = re.compile(r'<details [^>]*data-label="([^"]*)"')
CITED = re.compile(r"\\eqref\{([^}]*)\}")


class Scopes:
    """Goes down a page and knows which place of which chapter it speaks of.

    A heading that links to a chapter says which chapter it is, and one that stands there says where. The number of an
    equation says it until the next heading, a row of a table with such a number says it for itself.

    Args:
        book: knows chapters and labels.
        rows: places that rows of tables are known to speak of.
        page: the page itself, of which a heading of its own speaks.
    """

    def __init__(self, book: Contents, rows: Mapping[Element, Place], page: Chapter) -> None:
        self.book, self.rows, self.page = book, rows, page
        self.otherwise = Place(page.path, 1)
        self.chapter: Chapter | None = None
        self.here: Place | None = None
        self.found: dict[Element, Place] = {}

    @cached_property
    def _equations(self) -> dict[str, Place]:
        return {self.book.href(display): display.place for display in self.book.displays.values()}

    def formulas(self, root: Element) -> dict[Element, Place]:
        """The place of every formula within a line."""
        self._walk(root)
        return self.found

    def _walk(self, element: Element) -> None:
        for child in element:
            if "mkdocstrings" in child.get("class", ""):  # for the table of contents alone
                continue
            if HEADING.fullmatch(str(child.tag)):
                self._heading(child)
            before, own = self.here, self._own(child)
            self.here = own or before
            if child.get("class") == "nnlit-math":
                self.found[child] = self.here or self.otherwise
            elif child.get("class") == "nnlit-ref":
                self.here = self.here or self._equations.get(child.get("href", ""))
            self._walk(child)
            self.here = before if own else self.here

    def _own(self, element: Element) -> Place | None:
        """What an element says of what is in it, and of nothing else."""
        if element.get("data-label"):
            return self.book.displays[element.get("data-label", "")].place
        if element.tag != "tr":
            return None
        cited = (self._equations.get(link.get("href", "")) for link in element.iter("a"))
        return self.rows.get(element) or next(filter(None, cited), None)

    def _heading(self, heading: Element) -> None:
        link = heading.find("a")
        page = self.book.docs / link.get("href", "") if link is not None else None
        if heading.tag in {"h1", "h2"}:
            self.chapter = self.book.by_path.get(page) if page else None
        self.here = place_of(self.chapter, heading.text or "") if self.chapter else None
        self.otherwise = self._own_heading(heading.text or "")

    def _own_heading(self, words: str) -> Place:
        """Where the page itself has a heading; its beginning, if that is generated."""
        lines = (h.line for h in self.page.markdown.headings if words.strip() and h.title == words.strip())
        return Place(self.page.path, next(lines, 1))


def place_of(chapter: Chapter, words: str) -> Place:
    """Where a heading stands that begins so, the last one: exercises stand at the end; else the chapter's beginning."""
    begun = [h.line for h in chapter.markdown.headings if words.strip() and h.title.startswith(words.strip())]
    exercises = [h.line for h in chapter.markdown.headings if h.title == "Exercises"]
    return Place(chapter.path, [1, *exercises, *begun][-1])


def displays(lines: Iterable[str], book: Contents) -> dict[int, Place]:
    """The place that a line of a generated page speaks of, by its number; for displays that have no label there."""
    found, here, chapter = dict[int, Place](), None, None
    for number, line in enumerate(lines, 1):
        if labelled := LABELLED.match(line):
            here = book.displays[labelled[1]].place
        elif head := OF_CHAPTER.match(line):
            chapter = book.by_path.get(book.docs / head[1])
            here = place_of(chapter, "") if chapter else None
        elif chapter and (exercise := EXERCISE.match(line)):
            here = place_of(chapter, exercise[1])
        elif line.startswith("</details>"):
            here = None
        if here:
            found[number] = here
    return found


def docstring(text: str, place: Place, book: Contents) -> Place:
    """What a docstring speaks of: the equation that it names first, else the chapter of its module."""
    cited = next((book.displays[label].place for label in CITED.findall(text) if label in book.displays), None)
    chapter = next((one for one in book.chapters if one.stem == place.path.stem and one.number), None)
    return cited or (place_of(chapter, "") if chapter else place)
