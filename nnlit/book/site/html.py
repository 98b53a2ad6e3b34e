"""What the site shows of an equation and of the code: elements that the Markdown extension puts into a page."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.util import AtomicString
from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexers.python import PythonLexer

from nnlit.book.checks.verdicts import How
from nnlit.book.mutation.ledger import Entry
from nnlit.book.site import katex
from nnlit.book.site.catalog import Contents, anchor
from nnlit.book.site.meanings import Explained, pieces
from nnlit.book.site.named import inventory, known, linked
from nnlit.book.site.shield import shielded
from nnlit.book.source import tags
from nnlit.book.source.chapter import Display
from nnlit.book.source.digests import syntax
from nnlit.book.source.marks import Checked, Unchecked, Wrong
from nnlit.book.source.place import BookError, Place
from nnlit.book.source.tags import Tag

ANNOTATION = re.compile(r"<annotation.*?</annotation>", re.DOTALL)
ROW_END = re.compile(r"\\\\\n")
PYTHON, HTML = PythonLexer(stripnl=False, ensurenl=False), HtmlFormatter(nowrap=True)
COMMENT = re.compile(r"(?<=# eq )[^<]+(?=</span>)")


@dataclass(frozen=True)
class Elements:
    """Makes the elements of one page.

    Args:
        md: keeps their HTML until the page is written.
        book: knows the labels, the tagged lines and the ledger.
        place: where the page's text begins, for messages.
        shield: hide the tags of formulas from the search plugin.
    """

    md: Markdown
    book: Contents
    place: Place
    shield: bool

    def raw(self, html: str) -> AtomicString:
        """HTML as text that Markdown leaves alone."""
        return AtomicString(self.md.htmlStash.store(html))

    def prepare(self, formulas: Iterable[Explained], *, display: bool) -> None:
        """Render many formulas at once."""
        katex.prepare((formula.marked, display) for formula in formulas)

    def tex(self, formula: Explained, place: Place, *, display: bool = False) -> str:
        """The HTML of a formula; KaTeX's complaint gets file and line."""
        try:
            html = formula.named(katex.render(formula.marked, display=display))
        except katex.TeXError:
            html = self._complaint(formula, place, display=display)
        return self.shielded(html) if display else html

    def _complaint(self, formula: Explained, place: Place, *, display: bool) -> str:
        """The same without marks, so that a message shows what the author wrote."""
        try:
            return katex.render(formula.tex, display=display)
        except katex.TeXError as error:
            raise BookError(place, f"this formula cannot be set: {error}") from None

    def inline(self, formula: Explained, place: Place) -> str:
        """The HTML of a formula within a line; a search index gets its letters once, not twice."""
        letters, _, visible = ANNOTATION.sub("", self.tex(formula, place)).partition('<span class="katex-html"')
        visible = self.shielded(f'<span class="katex-html"{visible.removesuffix("</span>")}')
        return f"{letters}<var data-search-exclude>{visible}</var></span>"

    def prepare_cells(self, texts: Iterable[str]) -> None:
        """Render the formulas of many cells at once."""
        katex.prepare((value, False) for text in texts for kind, value in pieces(text) if kind == "tex")

    def cell(self, text: str, place: Place) -> str:
        """The HTML of a cell of a table that stands on another page."""
        html = ""
        for kind, value in pieces(text):
            if kind == "tex":
                html += f'<span class="nnlit-math">{self.inline(Explained(value, value), place)}</span>'
            else:
                tag = {"code": "code", "strong": "strong"}.get(kind, "")
                html += f"<{tag}>{escape(value)}</{tag}>" if tag else escape(value)
        return self.raw(html)

    def shielded(self, html: str) -> str:
        """HTML whose tags the search plugin does not see, if that is wanted."""
        return shielded(html) if self.shield else html

    def reference(self, label: str, place: Place) -> Element:
        """The link (4.3) to a displayed equation."""
        display = self.book.display(label, place)
        link = Element("a", {"href": self.book.href(display), "class": "nnlit-ref"})
        link.text = AtomicString(f"({display.number})")
        return link

    def equation(self, display: Display, formula: Explained | None = None, *, copy: bool) -> Element:
        """A displayed equation with number, code lines and badge; a copy has only a link to the original."""
        formula = formula or Explained(set_apart(display.tex), set_apart(display.tex))
        figure = Element("figure", {"class": "nnlit-eq", "data-search-exclude": ""})
        row = SubElement(figure, "div", {"class": "nnlit-eq-row"})
        row.append(self._formula(display, formula, copy=copy))
        if display.label:
            row.append(self._number(display, copy=copy))
        if display.label and not copy:
            figure.set("id", anchor(display.label))
            if not display.in_exercise or display.in_solution:
                self._caption(figure, display)
        return figure

    def _formula(self, display: Display, formula: Explained, *, copy: bool) -> Element:
        """The formula of an equation, which the keyboard reaches and a screen reader announces."""
        name = f"Equation {display.number}" if display.label and not copy else "Formula"
        tex = Element("div", {"class": "nnlit-eq-tex", "tabindex": "0", "role": "group", "aria-label": name})
        tex.text = self.raw(self.tex(formula, display.place, display=True))
        return tex

    def _number(self, display: Display, *, copy: bool) -> Element:
        """The number beside an equation, a link to the original; the original's own link stays on its page."""
        number = self.reference(display.label, display.place)
        if not copy:
            number.set("href", f"#{anchor(display.label)}")
            if display.label not in self.book.cited:
                number.set("class", "nnlit-ref nnlit-uncited")
        return number

    def _caption(self, figure: Element, display: Display) -> None:
        """Below an equation: the lines of the package that carry its label, and how it was checked."""
        caption = SubElement(figure, "figcaption")
        for tag in self.book.tags.get(display.label, ()):
            caption.append(self._code_line(tag))
        if not isinstance(display.mark, Checked):
            figure.set("class", f"nnlit-eq nnlit-{type(display.mark).__name__.lower()}")
            caption.append(self._remark(display.mark))
        if not isinstance(display.mark, Unchecked):
            entry = self.book.ledger.get(display.label)
            state = "checked" if entry else "open"
            badge = SubElement(caption, "details", {"class": f"nnlit-badge nnlit-{state}"})
            SubElement(badge, "summary").text = AtomicString("checked" if entry else "not verified yet")
            SubElement(badge, "span").text = AtomicString(badge_of(entry) if entry else "run verify")

    def _remark(self, mark: Wrong | Unchecked) -> Element:
        """What a mark says to the reader."""
        remark = Element("p", {"class": "nnlit-mark"})
        if isinstance(mark, Unchecked):
            SubElement(remark, "strong").text = "Not executed:"
            remark[0].tail = f" {mark.why}"
            return remark
        SubElement(remark, "strong").text = "Meant to be wrong:"
        remark[0].tail = f" {mark.source}, {mark.date}. The right one is "
        remark.append(self.reference(mark.of, mark.place))
        remark[-1].tail = "."
        return remark

    def _code_line(self, tag: Tag) -> Element:
        """A tagged statement, with its file and line."""
        row = Element("div", {"class": "nnlit-eq-code highlight"})
        first, *more = tags.TAG.sub("", tag.source).rstrip().split("\n")
        source = "\n".join([first, *(line[tag.statement.col_offset :] for line in more)])
        SubElement(row, "code", {"tabindex": "0"}).text = self.raw("\n".join(_highlight(source)))
        row.append(self.lines_of(tag.place.path, tag.lines[0], tag.lines[-1], str(tag.place)))
        return row

    def lines_of(self, path: Path, first: int, last: int, text: str) -> Element:
        """The link to lines of a file in the repository."""
        lines = f"#L{first}" if first == last else f"#L{first}-L{last}"
        link = Element("a", {"href": f"{self.book.repository}/{path.as_posix()}{lines}", "class": "nnlit-place"})
        link.text = AtomicString(text)
        return link

    def listing(self, path: Path, first: int, last: int, name: str) -> Element:
        """Lines of a module exactly as the file has them; of a long docstring all but the first line is folded."""
        box = Element("div", {"class": "nnlit-listing highlight", "id": name})
        box.append(self._head(path, first, last, name))
        text = path.read_text(encoding="utf-8")
        names, others = known(path), inventory(self.book.docs / "inventory.toml")
        lines = [linked(line, names, others) for line in _highlight("\n".join(text.split("\n")[first - 1 : last]))]
        for start, stop, folded in _segments(syntax(path), first, last + 1):
            code = _code(_fold(box, stop - start) if folded else box)
            numbered = enumerate(lines[start - first : stop - first], start)
            self._fill(code, (piece for k, line in numbered for piece in self._linked(line, Place(path, k))))
        return box

    def _head(self, path: Path, first: int, last: int, name: str) -> Element:
        """The line above a listing: whose code it is, and where that stands."""
        head = Element("p", {"class": "nnlit-listing-head"})
        short = name.partition(".")[2]
        head.text = f"`{short}`" if "._" in name else f"[`{short}`][{name}]"  # the reference has the public names
        head.append(self.lines_of(path, first, last, f"{path.as_posix()}, lines {first} to {last}"))
        return head

    def _linked(self, line: str, place: Place) -> Iterator[str | Element]:
        """The pieces of a highlighted line: HTML, and links for the labels in its `# eq` comment."""
        number = f'<span class="linenos" data-linenos="{place.line:3} "></span>'
        comment = COMMENT.search(line)
        if not comment:
            yield f"{number}{line}\n"
            return
        before = f'<span class="nnlit-tagged">{number}{line[: comment.start()]}'
        for label in comment[0].split(", "):
            link = self.reference(label, place)
            link.text = AtomicString(f"{label} {link.text}")
            yield from (before, link)
            before = ", "
        yield f"{line[comment.end() :]}</span>\n"

    def _fill(self, parent: Element, pieces: Iterable[str | Element]) -> None:
        """Put HTML and elements into an element, in order."""
        html = ""
        for piece in [*pieces, None]:
            if isinstance(piece, str):
                html += piece
                continue
            if len(parent):
                parent[-1].tail = self.raw(html)
            else:
                parent.text = self.raw(html)
            html = ""
            if piece is not None:
                parent.append(piece)


def set_apart(tex: str) -> str:
    """A displayed formula with more space between its rows: fractions in neighboring rows would touch."""
    return ROW_END.sub(r"\\\\[.4em]\n", tex)


def _fold(box: Element, lines: int) -> Element:
    """A new part of a listing that is open only when the reader wants it."""
    fold = SubElement(box, "details", {"class": "nnlit-fold"})
    SubElement(fold, "summary").text = AtomicString(f"{lines} more lines of docstring")
    return fold


def _code(parent: Element) -> Element:
    """A new place for lines of code."""
    pre = SubElement(parent, "pre")
    SubElement(pre, "span")  # a pre that holds nothing but code would be highlighted a second time
    return SubElement(pre, "code", {"tabindex": "0"})


def badge_of(entry: Entry) -> str:
    """How an equation was checked, in one line."""
    said = {How.WRONG: "differs from the right one", How.DEFINITION: "definition"}
    parts = [said.get(entry.how, f"{entry.how} {entry.error}")]
    parts += [f"code {line.error}" for line in entry.lines]
    rejected = sum(sum(counts.rejected.values()) for counts in (entry.mutants, *(line.mutants for line in entry.lines)))
    return " · ".join([*dict.fromkeys(parts), *([f"{rejected} wrong versions rejected"] if rejected else [])])


def _highlight(source: str) -> list[str]:
    """Lines of HTML; every line closes what it opens."""
    return str(highlight(source, PYTHON, HTML)).removesuffix("\n").split("\n")


def _segments(tree: ast.Module, first: int, stop: int) -> Iterator[tuple[int, int, bool]]:
    """The lines from `first` to before `stop` in pieces (start, stop, folded): docstrings fold after their first."""
    start = first
    for begin, end in _docstrings(tree):
        if start <= begin < end <= stop:
            yield start, begin, False
            yield begin, end, True
            start = end
    if start < stop:
        yield start, stop, False


@lru_cache(maxsize=64)
def _docstrings(tree: ast.Module) -> list[tuple[int, int]]:
    """The lines of every docstring below its first line, from the first to behind the last; a module is walked once."""
    found = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef))
    docs = [node.body[0] for node in found if ast.get_docstring(node, clean=False) is not None]
    return sorted((doc.lineno + 1, (doc.end_lineno or doc.lineno) + 1) for doc in docs)
