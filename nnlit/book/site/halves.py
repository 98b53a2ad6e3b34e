"""The pages are converted by two processes: one from the first page on, the other from the last, until they meet.

What the second process finds is put where MkDocs would have put it, page by page in the order of the book, so the site
is the same to the byte whichever process has converted a page. A page that fails there, or of which anything is said to
the log, is converted once more in the first process, where MkDocs listens. If the second one dies, so does the build.

Each process also reads for the search what it has converted. The search plugin would do that later, in one process and
when the links are complete, which changes no word of a page. What a search passes over anyway is hidden from it, see
shield.py: not in a site by Zensical, which looks for links in the HTML that is hidden.
"""

import logging
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, partial
from multiprocessing.connection import Connection
from multiprocessing.context import ForkContext
from multiprocessing.sharedctypes import SynchronizedArray
from typing import NamedTuple

from griffe import Alias, AliasResolutionError, CyclicAliasError, Object
from material.plugins.search.plugin import SearchIndex, SearchPlugin
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import BuildError
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs_autorefs import AutorefsPlugin
from mkdocstrings import Handlers, InventoryItem, MkdocstringsPlugin

from nnlit.book.site.extension import Book, PageError
from nnlit.book.source.place import BookError

EXTENSION = "nnlit.book.site.extension"
MADE = ("content", "toc", "_title_from_render", "present_anchor_ids")  # what `Page.render` puts on a page


class Anchor(NamedTuple):
    """A place on a page that mkdocs-autorefs is told of."""

    identifier: str
    anchor: str | None
    title: str | None
    primary: bool


class Converted(NamedTuple):
    """What the conversion of a page leaves behind: on the page, in mkdocs-autorefs, mkdocstrings and the search."""

    made: dict[str, object]
    links: dict[str, dict[str, str]]  # to anchors, by the file that they lead to
    anchors: list[Anchor]
    objects: dict[str, InventoryItem]
    found: list[dict[str, object]]  # by a search


@dataclass(frozen=True)
class Work:
    """A build, as both processes know it."""

    config: MkDocsConfig
    files: Files
    pages: list[Page]

    @property
    def autorefs(self) -> AutorefsPlugin:
        """The plugin that knows every anchor."""
        plugin = self.config.plugins["autorefs"]
        assert isinstance(plugin, AutorefsPlugin)
        return plugin

    @property
    def handlers(self) -> Handlers:
        """What reads the package, and the inventory of its names."""
        plugin = self.config.plugins["mkdocstrings"]
        assert isinstance(plugin, MkdocstringsPlugin)
        return plugin.handlers

    @cached_property
    def index(self) -> SearchIndex:
        """What a search will find: the plugin's, or one of no use if there is no search."""
        plugin = self.config.plugins.get("material/search")
        return plugin.search_index if isinstance(plugin, SearchPlugin) and plugin.config.enabled else SearchIndex()


class Noted(logging.Handler):
    """Whether anything is said to the log."""

    said = False

    def emit(self, record: logging.LogRecord) -> None:
        """Something is."""
        self.said = True


class Middle:
    """Where the two processes meet."""

    def __init__(self, context: ForkContext, pages: int) -> None:
        self.bounds: SynchronizedArray[int] = context.Array("i", (0, pages))  # the pages between are nobody's

    def first(self, number: int) -> bool:
        """Whether the first process has to convert this page, the first one that is nobody's."""
        with self.bounds.get_lock():
            mine = number < self.bounds[1]
            if mine:
                self.bounds[0] = number + 1
            return mine

    def second(self) -> int | None:
        """The last page that is nobody's: from now on it is the second process's."""
        with self.bounds.get_lock():
            if self.bounds[0] == self.bounds[1]:
                return None
            self.bounds[1] -= 1
            return self.bounds[1]


class Second:
    """What the second process does: it converts pages, and says nothing but what came of them.

    Args:
        work: the build.
    """

    def __init__(self, work: Work) -> None:
        self.work, self.noted, self.anchors = work, Noted(), list[Anchor]()
        for logger in (logging.getLogger(), logging.getLogger("mkdocs")):
            logger.handlers = [self.noted]
        self.register = work.autorefs.register_anchor
        work.autorefs.register_anchor = self.registered  # type: ignore[method-assign]

    def registered(
        self, page: Page, identifier: str, anchor: str | None = None, *, title: str | None = None, primary: bool = True
    ) -> None:
        """Register an anchor, and remember it."""
        self.anchors.append(Anchor(identifier, anchor, title, primary))
        self.register(page, identifier, anchor, title=title, primary=primary)

    def run(self, middle: Middle, results: Connection) -> None:
        """Convert pages from the last one on, and hand them over when the first process needs them."""
        done = dict[int, Converted | None]()
        while (number := middle.second()) is not None:
            done[number] = self.convert(self.work.pages[number])
        results.send(done)

    def convert(self, page: Page) -> Converted | None:
        """What comes of a page; None if the first process has to convert it."""
        config, files, inventory = self.work.config, self.work.files, self.work.handlers.inventory
        self.noted.said = False
        self.anchors.clear()
        inventory.clear()
        self.work.index.entries.clear()
        try:
            page = config.plugins.on_pre_page(page, config=config, files=files)
            page.read_source(config)
            page.markdown = config.plugins.on_page_markdown(page.markdown or "", page=page, config=config, files=files)
            page.render(config, files)
            self.work.index.add_entry_from_context(page)
        except Exception:  # noqa: BLE001 - the first process meets it again
            return None
        if self.noted.said:
            return None
        links = {file.src_uri: anchors for file, anchors in (page.links_to_anchors or {}).items()}
        made = {name: getattr(page, name) for name in MADE}
        return Converted(made, links, list(self.anchors), dict(inventory), list(self.work.index.entries))


@dataclass
class First:
    """What the first process does: it is MkDocs, which asks for page after page."""

    work: Work
    middle: Middle
    results: Connection

    def take_over(self) -> None:
        """Be asked for every page; the search plugin then has nothing left to read."""
        self.read: Callable[[Page], None] = self.work.index.add_entry_from_context
        self.work.index.add_entry_from_context = lambda _: None
        for number, page in enumerate(self.work.pages):
            page.render = partial(self.render, number, page)  # type: ignore[method-assign]

    @cached_property
    def done(self) -> dict[int, Converted | None]:
        """The pages of the second process; it is waited for."""
        try:
            found: dict[int, Converted | None] = self.results.recv()
        except EOFError:
            raise BuildError("the second process, which converts pages from the last one on, has died") from None
        return found

    def render(self, number: int, page: Page, config: MkDocsConfig, files: Files) -> None:
        """Convert a page, or take it from the second process."""
        converted = None if self.middle.first(number) else self.done[number]
        if converted:
            self._put(page, converted)
        else:
            Page.render(page, config, files)
            self.read(page)

    def _put(self, page: Page, converted: Converted) -> None:
        """Put what the second process has found where MkDocs and its plugins look for it."""
        vars(page).update(converted.made)
        page.links_to_anchors = {self.work.files.src_uris[uri]: links for uri, links in converted.links.items()}
        for identifier, anchor, title, primary in converted.anchors:
            self.work.autorefs.register_anchor(page, identifier, anchor, title=title, primary=primary)
        self.work.index.entries += converted.found
        inventory = self.work.handlers.inventory
        for name, item in converted.objects.items():
            if item.priority == 1 or name not in inventory:  # as in mkdocstrings: an alias gives way
                inventory[name] = item


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> Navigation:
    """MkDocs calls this when it knows all pages and has read none."""
    config.mdx_configs.setdefault(EXTENSION, {})["shield"] = True
    work = Work(config, files, [file.page for file in files.documentation_pages() if file.page])
    read(work)
    if can_share():
        share(work)
    return nav


def share(work: Work) -> None:
    """Start the second process; it ends with this one at the latest."""
    context = multiprocessing.get_context("fork")
    middle, (results, sender) = Middle(context, len(work.pages)), context.Pipe(duplex=False)

    def second() -> None:
        results.close()
        Second(work).run(middle, sender)

    context.Process(target=second, daemon=True).start()
    sender.close()
    First(work, middle, results).take_over()


def can_share() -> bool:
    """Whether there are two cores, and a process can be doubled: it can as long as it has one thread."""
    return sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1 and threading.active_count() == 1


def read(work: Work) -> None:
    """Read the book and the package, which both processes need."""
    book = Book(**work.config.mdx_configs[EXTENSION])
    try:
        book.contents()
    except BookError as error:
        raise PageError(error.place, error.message) from None
    python = work.handlers.get_handler("python")
    resolve(python.collect(book.getConfig("package"), python.get_options({})))


def resolve(found: Object | Alias) -> None:
    """Find what every name that a package imports or inherits stands for, whichever page asks for it first."""
    for member in found.all_members.values():
        if not isinstance(member, Alias):
            resolve(member)
            continue
        with suppress(AliasResolutionError, CyclicAliasError):
            member.final_target  # noqa: B018 - the target then knows this name of its own
