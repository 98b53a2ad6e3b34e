"""The whole book as the site needs it: every page, label and tagged line, and what the ledger says about them."""

import difflib
import gc
import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

from nnlit.book.assembly import Assembly
from nnlit.book.evaluation.noted import Introduced, Uses
from nnlit.book.mutation import ledger
from nnlit.book.mutation.ledger import Entry
from nnlit.book.site.implied import Implied, Letters
from nnlit.book.source import tags
from nnlit.book.source.chapter import Chapter, Display, Row, split_cells
from nnlit.book.source.markdown import Markdown
from nnlit.book.source.place import BookError, Place
from nnlit.book.source.tags import Tag

CITED = re.compile(r"\\eqref\{([^}]*)\}")
COMMON = ("symbol", "shape", "in code", "meaning")  # the head of a table that holds for the whole book
LETTERS = "letters.toml"  # what letters mean that running text alone names


@dataclass(frozen=True)
class Contents:
    """All pages of a folder, and the tagged lines of a package.

    Args:
        docs: the folder of the Markdown files.
        assemblies: every page, numbered or not, in the order of their names.
        bodies: the text of a page as a site generator hands it over, with its chapter and the lines left out above.
        displays: the displayed equation of every label.
        modules: the modules of the package.
        tags: the tagged statements of every label.
        ledger: what is verified of every label, as it stands now.
        repository: the address that a path and a line are appended to.
        common: what symbols mean where no table of a page says so, from the tables of notation.md.
        letters: what the letters mean that running text alone names, by page and heading.
        introduced: what the displays of a page define, for pages of which the ledger knows it.
    """

    docs: Path
    assemblies: tuple[Assembly, ...]
    bodies: Mapping[str, tuple[Chapter, int]]
    displays: Mapping[str, Display]
    modules: tuple[Path, ...]
    tags: Mapping[str, tuple[Tag, ...]]
    ledger: Mapping[str, Entry]
    repository: str
    common: tuple[Row, ...] = ()
    letters: Mapping[str, Letters] = field(default_factory=dict)
    introduced: Mapping[Path, Sequence[Sequence[Introduced]]] = field(default_factory=dict)

    @cached_property
    def by_path(self) -> dict[Path, Chapter]:
        """Every page by its file."""
        return {chapter.path: chapter for chapter in self.chapters}

    def implied(self, path: Path) -> Implied:
        """What the symbols of a page mean beside its Symbols tables; read once for each page."""
        if path not in self._implied:
            letters = self.letters.get(path.name, {})
            self._implied[path] = Implied(self.by_path[path], self._introduced(path), letters)
        return self._implied[path]

    def _introduced(self, path: Path) -> Sequence[Sequence[Introduced]]:
        """What each display of a page defines: as the ledger says, or as the page is read now."""
        whole = next(one for one in self.assemblies if one.chapter.path == path)
        known = self.introduced.get(path, ())
        if len(known) == len(whole.chapter.displays):
            return known
        from nnlit.book.evaluation.introduced import introduced

        return [introduced(whole.analysis, display) for display in whole.chapter.displays]

    @cached_property
    def _implied(self) -> dict[Path, Implied]:
        """What `implied` has read."""
        return {}

    @cached_property
    def cited(self) -> frozenset[str]:
        """The labels that a page, a docstring or a line of code names."""
        texts = [*(chapter.markdown.text for chapter in self.chapters), *self.sources.values()]
        return frozenset(label for text in texts for label in CITED.findall(text)) | frozenset(self.tags)

    @cached_property
    def sources(self) -> dict[Path, str]:
        """The text of every module."""
        return {path: path.read_text(encoding="utf-8") for path in self.modules}

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """Every page as read."""
        return tuple(whole.chapter for whole in self.assemblies)

    def display(self, label: str, place: Place) -> Display:
        """The displayed equation with this label; `place` is where it is asked for."""
        if label not in self.displays:
            near = difflib.get_close_matches(label, self.displays, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise BookError(place, f"no displayed equation has the label {label!r}{hint}")
        return self.displays[label]

    def uses(self, whole: Assembly, display: Display) -> Uses:
        """What an equation has to do with the Symbols tables: as the ledger says, or as the page is read now."""
        entry = self.ledger.get(display.label)
        if entry and entry.uses:
            return entry.uses
        from nnlit.book.evaluation.uses import uses_of

        return uses_of(whole.analysis, display)

    def href(self, display: Display) -> str:
        """The link to a display, as an author would write it in any page."""
        return f"{display.place.path.relative_to(self.docs).as_posix()}#{anchor(display.label)}"

    def find(self, fragment: str) -> Place:
        """Where a piece of a docstring stands in the package."""
        for path, text in self.sources.items():
            if fragment in text:
                return Place(path, text.count("\n", 0, text.index(fragment)) + 1)
        return Place(self.docs, 0)

    def page(self, text: str) -> tuple[Chapter, int] | None:
        """The page that has this text, and how many lines of its file stand above; None for a docstring."""
        return self.bodies.get(normal(text))


def anchor(label: str) -> str:
    """The id of a display on its page."""
    return "eq-" + label.replace(":", "-")


def normal(text: str) -> str:
    """Text without what Markdown does not see: blanks at the ends of lines, blank lines at both ends."""
    return "\n".join(line.rstrip() for line in text.expandtabs(4).split("\n")).strip("\n")


def load(docs: Path, package: Path, repository: str = "", *, preview: bool = False) -> Contents:
    """Read the book; files that have not changed since the last time are not read again.

    Args:
        docs: the folder of the Markdown files.
        package: the folder of the modules.
        repository: the address of its files.
        preview: leave out of the ledger what is not verified as it stands, instead of raising.

    Raises:
        BookError: if a page or a module cannot be read, or if the ledger is not up to date.
    """
    pages = _stamped(docs, ".md")
    if not pages:
        raise BookError(Place(docs, 0), "there is no Markdown file here: build the site from the folder of mkdocs.yml")
    others = (*_stamped(docs, "ledger.json"), *_stamped(docs, LETTERS))
    return _load(docs, pages, _stamped(package, ".py"), others, repository, preview=preview)


Stamped = tuple[tuple[str, int, int], ...]


def _stamped(folder: Path, ending: str) -> Stamped:
    """The files of a folder, in order, with time and size; it is asked for every docstring, so it has to be fast."""
    if not folder.is_dir():
        return ()
    with os.scandir(folder) as files:
        stats = [(file.path, file.stat()) for file in files if file.name.endswith(ending)]
    return tuple(sorted((path, stat.st_mtime_ns, stat.st_size) for path, stat in stats))


@lru_cache(maxsize=2)
def _load(
    docs: Path, pages: Stamped, modules: Stamped, _others: Stamped, repository: str, *, preview: bool
) -> Contents:
    gc.unfreeze()  # a book that was read before may go
    gc.set_threshold(50_000, 20, 20)  # trees are many, and go with their page: looking for them takes longer
    assemblies, paths = tuple(Assembly.of(Path(p)) for p, *_ in pages), tuple(Path(p) for p, *_ in modules)
    displays, tagged = _displays(assemblies), _tagged(paths)
    entries, names = _verified(docs, assemblies, preview=preview)
    bodies = dict(_body(whole.chapter) for whole in assemblies)
    common = _common([whole.chapter for whole in assemblies])
    gc.freeze()  # what was read stays: it is not walked through again and again while the pages are made
    letters = tomllib.loads((docs / LETTERS).read_text("utf-8")) if (docs / LETTERS).exists() else {}
    return Contents(docs, assemblies, bodies, displays, paths, tagged, entries, repository, common, letters, names)


def _common(chapters: list[Chapter]) -> tuple[Row, ...]:
    """The symbols that have one meaning in the whole book."""
    pages = [chapter for chapter in chapters if chapter.path.name == "notation.md"]
    return tuple(row for page in pages for row in rows_of(page.path, page.markdown, COMMON))


def _displays(assemblies: tuple[Assembly, ...]) -> dict[str, Display]:
    """The displayed equation of every label; no label may stand twice."""
    displays: dict[str, Display] = {}
    for display in (d for whole in assemblies for d in whole.chapter.displays if d.label):
        if display.label in displays:
            first = displays[display.label].place
            raise BookError(display.place, f"label {display.label} stands already at {first}")
        displays[display.label] = display
    return displays


def _tagged(modules: tuple[Path, ...]) -> dict[str, tuple[Tag, ...]]:
    """The tagged statements of every label."""
    found: dict[str, tuple[Tag, ...]] = {}
    for tag in (tag for path in modules for tag in tags.read(path)):
        for label in tag.labels:
            found[label] = (*found.get(label, ()), tag)
    return found


Introductions = dict[Path, tuple[tuple[Introduced, ...], ...]]


def _verified(docs: Path, assemblies: tuple[Assembly, ...], *, preview: bool) -> tuple[dict[str, Entry], Introductions]:
    """What the ledger says of equations and of pages that have not changed since.

    Outside a preview that must be all equations.
    """
    path, now, names = docs / "ledger.json", dict[str, str](), Introductions()
    found = ledger.load(path)
    machine = ledger.machine(found)
    for whole in assemblies:
        same, page = ledger.unchanged(whole, found, machine), whole.chapter.path
        if same is not None and page.name in found.introduced:
            names[page] = found.introduced[page.name]
        with suppress(BookError) if preview else nullcontext():  # a page that cannot be checked has no entries
            now |= ledger.digests(whole) if same is None else same
    stale = ledger.compared(found, now, machine)
    if stale and not preview:
        raise BookError(Place(path, 1), f"{stale}, or set NNLIT_PREVIEW=1")
    return {} if stale.machine else {k: e for k, e in found.entries.items() if now.get(k) == e.hash}, names


def _body(page: Chapter) -> tuple[str, tuple[Chapter, int]]:
    above = page.markdown.front.last if page.markdown.front else 0
    body = "\n".join(page.markdown.lines[above:])
    return normal(body), (page, above + len(body) - len(body.lstrip("\n")))


def rows_of(path: Path, blocks: Markdown, header: tuple[str, ...]) -> Iterator[Row]:
    """The rows, one for each symbol, of tables with another header, which are for readers and not for the checker."""
    for table in blocks.tables:
        if tuple(cell.lower() for cell in split_cells(blocks.lines[table.first - 1])) == header:
            for number in range(table.first + 2, table.last + 1):
                text = blocks.lines[number - 1]
                symbol, shape, code, meaning = split_cells(text)
                for one in re.findall(r"\$([^$]+)\$", symbol):
                    yield Row(one.strip(), shape, code, meaning, Place(path, number), text)
