"""The page of the library: every module of the package, with what mkdocstrings makes of it."""

import ast
import re
from pathlib import Path

from nnlit.book.site.catalog import Contents
from nnlit.book.source.digests import syntax

TYPE = re.compile(r"[A-Z][a-z]")  # the name of a type of arrays or functions; a constant has capitals alone
DOCUMENTED = {"estimator", "recipes", "results"}  # modules that are imported by their own names
OPTIONS = """\
    options:
      extra: {{listing: false, repository: "{repository}"}}
      skip_local_inventory: false
      show_root_heading: true
      show_root_toc_entry: true
      show_root_full_path: false
      show_if_no_docstring: true
      members: {members}"""


def reference(book: Contents) -> str:
    """The names that others may use: of the chapters in their order all, of other modules those of the package."""
    order = {chapter.stem: chapter.number for chapter in book.chapters if chapter.number}
    paths = sorted(
        (p for p in book.modules if not p.stem.startswith("_")), key=lambda p: (order.get(p.stem, 99), p.stem)
    )
    shown = [(path, _members(path, every=path.stem in order or path.stem in DOCUMENTED)) for path in paths]
    return "\n\n".join(
        f"::: {path.parent.name}.{path.stem}\n{OPTIONS.format(repository=book.repository, members=names)}"
        for path, names in shown
        if names
    )


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
