"""The names in a listing as links: those of the package to the reference, those of NumPy and pandas to their pages."""

import ast
import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from nnlit.book.source.digests import syntax

DOTTED = re.compile(
    r'(?P<before><span class="o">\.</span>)?(?P<name><span class="n">(?P<first>\w+)</span>'
    r'(?:<span class="o">\.</span><span class="n">\w+</span>)*)'
)
WORD = re.compile(r"<[^>]*>")


def inventory(path: Path) -> Mapping[str, str]:
    """The address of every name that an inventory lists, by the name as code writes it, `np.zeros`.

    Examples:
        >>> inventory(Path("docs/inventory.toml"))["np.abs"]
        'https://numpy.org/doc/stable/reference/generated/numpy.absolute.html'
    """
    return _listed(path.resolve())  # the folder one stands in may be another at the next call


@lru_cache
def _listed(path: Path) -> Mapping[str, str]:
    found: dict[str, str] = {}
    if path.exists():
        for short, library in tomllib.loads(path.read_text(encoding="utf-8")).items():
            own = {name: library["page"].format(name) for name in library["names"].split()}
            found |= {f"{short}.{name}": library["site"] + page for name, page in (own | library["pages"]).items()}
    return found


@lru_cache
def known(path: Path) -> Mapping[str, str]:
    """The public functions and classes that a module defines or takes from its package, by their full names."""
    package, found = path.parent.name, dict[str, str]()
    for node in syntax(path).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found[node.name] = f"{package}.{path.stem}.{node.name}"
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(f"{package}."):
            found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return {name: full for name, full in found.items() if not name.startswith("_") and "._" not in full}


def linked(line: str, own: Mapping[str, str], others: Mapping[str, str]) -> str:
    """A highlighted line of code whose names are links; a name behind a dot is somebody's attribute.

    Examples:
        >>> linked('<span class="n">np</span><span class="o">.</span><span class="n">exp</span>', {}, {"np.exp": "u"})
        '<a class="nnlit-name" href="u"><span class="n">np</span><span class="o">.</span><span class="n">exp</span></a>'
        >>> linked('<span class="o">.</span><span class="n">Dense</span>', {"Dense": "nnlit.dense.Dense"}, {})
        '<span class="o">.</span><span class="n">Dense</span>'
    """

    def link(found: re.Match[str]) -> str:
        text, full = found["name"], WORD.sub("", found["name"])
        parts = full.split(".")
        address = next((url for k in range(len(parts), 1, -1) if (url := others.get(".".join(parts[:k])))), "")
        if found["before"]:
            return found[0]
        if address:
            return f'<a class="nnlit-name" href="{address}">{text}</a>'
        if full in own:
            return f'<autoref identifier="{own[full]}" optional>{text}</autoref>'
        return found[0]

    return DOTTED.sub(link, line)
