r"""The Python-Markdown extension of the book: `$...$`, `$$` blocks with numbers, `\eqref`, listings, generated pages.

It needs nothing of a site generator. A link is written as an author would write it (`04-dense.md#eq-dense-grad-W`), and
the generator resolves it.
"""

import os
import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from pathlib import Path
from xml.etree.ElementTree import Element

import markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions.toc import slugify, unique
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from mkdocs.exceptions import PluginError

from nnlit.book.site import scopes
from nnlit.book.site.catalog import Contents, load
from nnlit.book.site.generated import PAGES
from nnlit.book.site.html import Elements, set_apart
from nnlit.book.site.meanings import Explained, Symbols, cells_of, fold_tables, lines_of, number_rows, table_of
from nnlit.book.site.origin import origin
from nnlit.book.site.pictures import Pictures
from nnlit.book.site.shield import Shield
from nnlit.book.source.chapter import Display, parse
from nnlit.book.source.marks import Checked, Wrong
from nnlit.book.source.place import BookError, Place

MATH = r"(?<!\\)\$((?:[^\s\\$\x02]|\\.)(?:(?:[^\\$\x02]|\\.)*?(?:[^\s\\$\x02]|\\.))?)\$([,.;:?!)]*)"
REFERENCE = r"\\eqref\{([^}]*)\}"
TIED = 45  # a formula of so many letters stays on one line with its comma, which must not begin the next
MARKER = re.compile(r"\[\[([a-z-]+)\]\]")
BLOCK = re.compile(r" {0,3}\[\[display (\d+)\]\]\s*")
LISTING = re.compile(r"\[\[listing (\S+) (\d+) (\d+) (\S+)\]\]\s*")
ORIGIN = re.compile(r"\[\[origin (\S+) (\d+) (\d+)\]\]\s*")
SOLUTION = re.compile(r'\?\?\?\+? success "Solution"')
TAGS = re.compile(r"<[^>]*>")
READ: ContextVar[Contents | None] = ContextVar("READ", default=None)  # the book, while a page is converted
SYMBOLS: ContextVar[Symbols | None] = ContextVar("SYMBOLS", default=None)  # of the page, for the docstrings on it
Match = re.Match[str]
Found = tuple[Element, int, int]


class Book(markdown.Extension):
    """The extension and its options; `page` is what is being converted."""

    page: "Page"

    def __init__(self, **options: str | bool) -> None:
        self.config = {
            "docs": ["docs", "the folder of the Markdown files"],
            "package": ["nnlit", "the folder of the modules whose lines carry labels"],
            "repository": ["", "the address of the repository's files"],
            "shield": [False, "hide tags from MkDocs' search plugin; the theme shows them again, see halves.py"],
            "preview": [bool(os.environ.get("NNLIT_PREVIEW")), "build although the ledger is missing or stale"],
        }
        super().__init__(**options)

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802
        """Register the processors; the name is Python-Markdown's."""
        md.registerExtension(self)
        md.preprocessors.register(Displays(md, self), "nnlit-displays", 27)
        md.parser.blockprocessors.register(Blocks(md.parser, self), "nnlit-blocks", 95)
        md.inlinePatterns.register(Math(MATH, md, self), "nnlit-math", 186)
        md.inlinePatterns.register(Reference(REFERENCE, md, self), "nnlit-eqref", 187)
        md.treeprocessors.register(Formulas(md, self), "nnlit-formulas", 18)
        md.treeprocessors.register(Headings(md), "nnlit-headings", 15)
        md.treeprocessors.register(Tables(md), "nnlit-tables", 14)
        md.treeprocessors.register(Pictures(md, Path(self.getConfig("docs"))), "nnlit-pictures", 13)
        md.postprocessors.register(Shielded(md, self), "nnlit-shield", 0)
        md.ESCAPED_CHARS.append("$")
        md.convert = self._whole(md.convert)  # type: ignore[method-assign, assignment]

    def contents(self) -> Contents:
        """The book, read anew when a file has changed: for a page, and not for the docstrings that stand in it."""
        found = READ.get()
        if found is None:
            docs, package = Path(self.getConfig("docs")), Path(self.getConfig("package"))
            found = load(docs, package, self.getConfig("repository"), preview=self.getConfig("preview"))
            READ.set(found)
        return found

    def _whole(self, convert: Callable[[str], str]) -> Callable[[str], str]:
        """The same, but what an author did wrong stops the build with its message alone.

        The book that was read for a page is let go with the page.
        """

        def converted(text: str) -> str:
            token, symbols = READ.set(READ.get()), SYMBOLS.set(SYMBOLS.get())
            try:
                return convert(text)
            except BookError as error:
                raise PageError(error.place, error.message) from None
            finally:
                READ.reset(token)
                SYMBOLS.reset(symbols)

        return converted


class PageError(BookError, PluginError):  # type: ignore[misc]
    """An author's error in the form that MkDocs shows without a traceback."""

    def __str__(self) -> str:
        return str(self.args[0])


class Page:
    """One text being converted: a page of the book or, without `path`, a docstring."""

    def __init__(self, md: markdown.Markdown, book: Book, text: str) -> None:
        self.text, self.book = text, book.contents()
        found = self.book.page(text)
        self.chapter = found[0] if found else None
        self.above = found[1] if found else 0
        self.path = self.chapter.path if self.chapter else None
        self.displays: tuple[Display, ...] = ()
        self.symbols = self._symbols()
        self.generated = False  # whether there is more in it than in its file
        self.scopes: dict[int, Place] = {}  # what its generated lines speak of
        self.formulas: dict[Element, tuple[str, Place]] = {}
        self.elements = Elements(md, self.book, self.place(""), book.getConfig("shield"))

    def _symbols(self) -> Symbols:
        """The symbols of this page; those of a docstring are its page's."""
        found = Symbols(self.book, self.chapter) if self.chapter else SYMBOLS.get() or Symbols(self.book, None)
        SYMBOLS.set(found)
        return found

    def shown(self, display: Display) -> Explained:
        """A displayed equation with its symbols marked."""
        made = any(display is one for one in self.displays)  # and not that of the file, whose lines are other ones
        place = self.scopes.get(display.place.line, display.place) if made else display.place
        right = self.book.displays.get(display.mark.of) if isinstance(display.mark, Wrong) else None
        found = self.symbols.explained(display.tex, place, *([right.place] if right else []))
        return Explained(set_apart(found.tex), set_apart(found.marked), found.names)

    def place(self, fragment: str) -> Place:
        """Where a piece of the text stands; a docstring is looked for in the package."""
        if self.path:
            return Place(self.path, self.above + self.text.count("\n", 0, max(self.text.find(fragment), 0)) + 1)
        return self.book.find(fragment)


class Displays(Preprocessor):
    """Puts generated text where a marker `[[name]]` stands, and a placeholder where a displayed equation stands."""

    def __init__(self, md: markdown.Markdown, book: Book) -> None:
        super().__init__(md)
        self.book = book

    def run(self, lines: list[str]) -> list[str]:
        """The lines without displays, marks and markers."""
        self.book.page = page = Page(self.md, self.book, "\n".join(lines).strip("\n"))
        written = page.text.split("\n")
        made = [self._generated(line, page.book) if page.path else [line] for line in written]
        lines = [line for new in made for line in new]
        page.generated = any(MARKER.fullmatch(line) for line in written) and lines != written
        if page.generated and page.path:
            own = [Place(page.path, page.above + number) for number, new in enumerate(made, 1) for _ in new]
            page.scopes = dict(enumerate(own, 1)) | scopes.displays(lines, page.book)
        above, page.displays = self._shown(page, lines, generated=page.generated)
        if page.displays and not page.path:
            raise BookError(page.place(page.displays[0].tex.split("\n")[0]), "a displayed equation in a docstring")
        page.elements.prepare((page.shown(display) for display in page.displays), display=True)
        for index, display in reversed(list(enumerate(page.displays))):
            self._replace(lines, display, above, f"[[display {index}]]")
        return lines

    def _shown(self, page: Page, lines: list[str], *, generated: bool) -> tuple[int, tuple[Display, ...]]:
        """The displays of a page, and how many lines stand above the first of these; generated text is read here."""
        if page.chapter and not generated:
            return page.above, page.chapter.displays
        text = "\n".join(lines)
        return 0, parse(page.path or Path("docstring"), text).displays if "$$" in text else ()

    def _generated(self, line: str, book: Contents) -> list[str]:
        marker = MARKER.fullmatch(line)
        return PAGES[marker[1]](book).split("\n") if marker and marker[1] in PAGES else [line]

    def _replace(self, lines: list[str], display: Display, above: int, placeholder: str) -> None:
        """Put the placeholder where the display and its mark stand; in an exercise the mark goes to the solution."""
        start = display.place.line - above - 1
        stop = next(i for i in range(start + 1, len(lines)) if lines[i].strip() == "$$") + 1
        first = start if isinstance(display.mark, Checked) else display.mark.place.line - above - 1
        if isinstance(display.mark, Wrong) and display.in_exercise and not display.in_solution:
            self._confess(lines, display, display.mark, stop)
        indent = lines[start][: len(lines[start]) - len(lines[start].lstrip())]
        lines[first:stop] = ["", indent + placeholder, ""]

    def _confess(self, lines: list[str], display: Display, mark: Wrong, start: int) -> None:
        """Say at the head of the exercise's solution which equation is meant to be wrong."""
        solution = next((i for i in range(start, len(lines)) if SOLUTION.match(lines[i])), None)
        if solution is None:
            raise BookError(display.place, "a wrong equation in an exercise needs a solution that says so")
        said = rf"{mark.source}, {mark.date}. See \eqref{{{mark.of}}}."
        text = rf"**Equation \eqref{{{display.label}}} is meant to be wrong:** {said}"
        lines[solution + 1 : solution + 1] = ["", f"    {text}", ""]


class Blocks(BlockProcessor):
    """Displayed equations and listings."""

    def __init__(self, parser: markdown.blockparser.BlockParser, book: Book) -> None:
        super().__init__(parser)
        self.book = book

    def test(self, parent: Element, block: str) -> bool:
        """Is this block a placeholder?"""
        return bool(BLOCK.fullmatch(block) or LISTING.fullmatch(block) or ORIGIN.fullmatch(block))

    def run(self, parent: Element, blocks: list[str]) -> None:
        """Put the element of the placeholder into the page."""
        block, page = blocks.pop(0), self.book.page
        if listing := LISTING.fullmatch(block):
            path, first, last, name = listing.groups()
            parent.append(page.elements.listing(Path(path), int(first), int(last), name))
        elif found := ORIGIN.fullmatch(block):
            parent.append(origin(page.elements, Path(found[1]), int(found[2]), int(found[3])))
        elif display := BLOCK.fullmatch(block):
            shown = page.displays[int(display[1])]
            shown = page.book.displays.get(shown.label, shown)
            parent.append(page.elements.equation(shown, page.shown(shown), copy=shown.place.path != page.path))


class Math(InlineProcessor):
    """`$...$` within a line."""

    def __init__(self, pattern: str, md: markdown.Markdown, book: Book) -> None:
        super().__init__(pattern, md)
        self.book = book

    def handleMatch(self, m: Match, data: str) -> Found:  # type: ignore[override]  # noqa: N802
        """The formula; the name is Python-Markdown's."""
        page = self.book.page
        formula = Element("span", {"class": "nnlit-math"})
        page.formulas[formula] = m[1], page.place(f"${m[1]}$")
        if not m[2] or len(m[1]) > TIED:
            return formula, m.start(0), m.start(2)
        tied = Element("span", {"class": "nnlit-tied"})
        tied.append(formula)
        formula.tail = m[2]
        return tied, m.start(0), m.end(0)


class Formulas(Treeprocessor):
    """Renders the formulas within lines, once it is known under which heading each stands; numbers the symbols."""

    def __init__(self, md: markdown.Markdown, book: Book) -> None:
        super().__init__(md)
        self.book = book

    def run(self, root: Element) -> None:
        """Before headings get their names."""
        page = self.book.page
        rows = number_rows(root, page.symbols) if page.chapter else {}
        told = self._places(page, root, rows)
        found = {
            element: (page.symbols.explained(tex, told[element]) if element in told else Explained(tex, tex), place)
            for element, (tex, place) in page.formulas.items()
        }
        page.elements.prepare((formula for formula, _ in found.values()), display=False)
        for element, (formula, place) in found.items():
            element.text = page.elements.raw(page.elements.inline(formula, place))
        page.elements.prepare_cells(cells_of(page.symbols))
        if page.chapter and page.chapter.number:
            fold_tables(root, page.chapter, page.elements.cell)
        if page.chapter and page.symbols.elsewhere():
            root.append(table_of(page.symbols, page.elements.cell))

    def _places(self, page: Page, root: Element, rows: Mapping[Element, Place]) -> Mapping[Element, Place]:
        """Where the symbols of every formula are declared; a generated page speaks of many chapters."""
        if not page.chapter:
            return {one: scopes.docstring(page.text, place, page.book) for one, (_, place) in page.formulas.items()}
        if page.generated and not page.chapter.number:
            return scopes.Scopes(page.book, rows, page.chapter).formulas(root)
        return {one: Place(page.chapter.path, line) for one, line in lines_of(root, page.chapter).items() if line}


class Reference(Math):
    r"""`\eqref{stem:name}`."""

    def handleMatch(self, m: Match, data: str) -> Found:  # type: ignore[override]  # noqa: N802
        """The link with the equation's number; the name is Python-Markdown's."""
        page = self.book.page
        return page.elements.reference(m[1], page.place(m[0])), m.start(0), m.end(0)


class Headings(Treeprocessor):
    """Gives a heading with mathematics a plain name for the table of contents."""

    def run(self, root: Element) -> None:
        """Before the table of contents is made."""
        used = {element.get("id", "") for element in root.iter()}
        for heading in root.iter():
            if not re.fullmatch("h[1-6]", str(heading.tag)) or heading.find(".//span[@class='nnlit-math']") is None:
                continue
            html = self.md.serializer(heading)
            for processor in self.md.postprocessors:
                html = processor.run(html)
            name = TAGS.sub("", re.sub(r"<var.*?</var>", "", html, flags=re.DOTALL)).strip()
            heading.set("data-toc-label", name)
            heading.set("id", unique(slugify(name, "-"), used))


class Shielded(Shield):
    """The shield of pages; a docstring becomes part of one."""

    def __init__(self, md: markdown.Markdown, book: Book) -> None:
        super().__init__(md)
        self.book = book

    def run(self, text: str) -> str:
        """The HTML, shielded if that is wanted."""
        return super().run(text) if self.book.getConfig("shield") and self.book.page.path else text


class Tables(Treeprocessor):
    """Lets the keyboard into tables: on a phone they may be wider than the page, and arrow keys then scroll them.

    A head without a word is none: a corner that is left empty is a plain cell.
    """

    def run(self, root: Element) -> None:
        """Every table of the page."""
        for table in root.iter("table"):
            table.set("tabindex", "0")
            for cell in table.iter("th"):
                if not len(cell) and not (cell.text or "").strip():
                    cell.tag = "td"
                    cell.attrib.pop("scope", None)


def makeExtension(**options: str | bool) -> Book:  # noqa: N802
    """Python-Markdown calls this; the name is its."""
    return Book(**options)
