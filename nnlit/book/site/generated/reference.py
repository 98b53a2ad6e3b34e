"""The page of the library: every module of the package, with what mkdocstrings makes of it."""

import ast
import re
from collections.abc import Callable
from pathlib import Path

from nnlit.book.site.catalog import Contents
from nnlit.book.source.digests import syntax

TYPE = re.compile(r"[A-Z][a-z]")  # the name of a type of arrays or functions; a constant has capitals alone
OUTSIDE = 99  # the number of modules that are no chapter's
DOCUMENTED = {"estimator", "recipes", "results"}  # modules that are imported by their own names
OPTIONS = """\
    options:
      extra: {{listing: false, repository: "{repository}"}}
      skip_local_inventory: false
      show_root_heading: true
      show_root_toc_entry: true
      show_root_full_path: false
      show_if_no_docstring: true
      merge_init_into_class: true
      filters: ["!^_(?!_call__$)"]
      members: {members}"""


def reference(first: int, last: int) -> Callable[[Contents], str]:
    """The names that others may use in the modules of some chapters, from one number to another."""

    def page(book: Contents) -> str:
        return "\n\n".join(
            f"::: {path.parent.name}.{path.stem}\n{OPTIONS.format(repository=book.repository, members=names)}"
            for number, path, names in _modules(book)
            if first <= number <= last
        )

    return page


def names(book: Contents) -> str:
    """All these names, module by module, each a link to where it is told of."""
    rows = []
    for _, path, members in _modules(book):
        links = (f"[`{name}`][{path.parent.name}.{path.stem}.{name}]" for name in members)
        rows.append(f"| [`{path.stem}`][{path.parent.name}.{path.stem}] | {', '.join(links)} |")
    return "\n".join(["| module | names |", "|---|---|", *rows])


def _modules(book: Contents) -> list[tuple[int, Path, list[str]]]:
    """The modules that others may use, by their chapters' numbers: all of a chapter's, else what the package offers."""
    order = {chapter.stem: chapter.number for chapter in book.chapters if chapter.number}
    paths = sorted((order.get(p.stem, OUTSIDE), p.stem, p) for p in book.modules if not p.stem.startswith("_"))
    shown = [(k, path, _members(path, every=k < OUTSIDE or stem in DOCUMENTED)) for k, stem, path in paths]
    return [one for one in shown if one[2]]


def _members(path: Path, *, every: bool) -> list[str]:
    """The functions, classes, types and ready-made values of a module that others may use; no constants."""
    public, found = _exported(path.parent / "__init__.py"), []
    for node in syntax(path).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.append(node.name)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            found += [name] if TYPE.match(name) or (name in public and name.islower()) else []
    return [name for name in found if not name.startswith("_") and (every or name in public)]


def _exported(path: Path) -> set[str]:
    """What a package offers; nothing if it does not say."""
    if not path.exists():
        return set()
    lists = (n.value for n in syntax(path).body if isinstance(n, ast.Assign) and ast.unparse(n.targets[0]) == "__all__")
    return {name for found in lists for name in ast.literal_eval(found)}
