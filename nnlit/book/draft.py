"""A Symbols table for a text that has none: every name without a value, its guessed shape, and why it was guessed."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from nnlit.book.assembly import Assembly
from nnlit.book.evaluation.environment import constant
from nnlit.book.evaluation.values import Mistake
from nnlit.book.language import nodes as n
from nnlit.book.source import documents
from nnlit.book.source.chapter import Display
from nnlit.book.source.place import BookError

KINDS = "number, size, integer, labels, function, $n$ for a vector, $m \\times n$ for a matrix"
USUAL = {"i": "m", "j": "n", "k": "k", "l": "d", "p": "p", "q": "q"}  # how long the axis of an index often is called


def table(path: Path, text: str | None = None) -> str:
    """The table as Markdown, with a remark on how to go on.

    Raises:
        BookError: the file cannot be read.
        OSError: it cannot be opened.
    """
    assembly = Assembly(documents.read(path if text is None else Path("standard-input.md"), text))
    names = undeclared(assembly)
    if not names:
        return "every name has a value: no table is needed"
    rows = [f"| ${name}$ | {shape} | | guessed: {why} |" for name, (shape, why) in names.items()]
    where = "at its head" if path.suffix in (".md", ".ipynb", "") else f"in {path.name}.symbols.md beside it"
    head = [f"Put this into the file {where} and correct it; a shape is one of {KINDS}.", ""]
    return "\n".join([*head, "| symbol | shape | code | meaning |", "|---|---|---|---|", *rows])


def undeclared(assembly: Assembly) -> dict[str, tuple[str, str]]:
    """Every name that no row and no display gives a value, with a guess and its reason; sizes need no row."""
    used, bounds = dict[str, list[n.Symbol]](), dict[str, str]()
    for display in assembly.chapter.displays:
        for node in _nodes(assembly, display):
            if isinstance(node, n.Symbol):
                used.setdefault(node.name, []).append(node)
            elif isinstance(node, n.Big) and isinstance(node.high, n.Symbol):
                bounds |= dict.fromkeys(node.letters, node.high.name)
    found = {name: guess(name, nodes, bounds) for name, nodes in used.items()}
    sizes = {word for shape, _ in found.values() for word in re.findall(r"\\?[a-zA-Z]+", shape.strip("$"))}
    return {name: row for name, row in found.items() if name not in sizes}


def _nodes(assembly: Assembly, display: Display) -> Iterator[n.Symbol | n.Big]:
    """The symbols of a display that have no value, and its sums."""
    try:
        equation, scope = assembly.analysis.equation(display), assembly.analysis.part(display).scope
    except BookError:
        return
    for side in (side for step in equation.steps for side in (step.left, step.right)):
        for node in side.walk():
            if isinstance(node, n.Big):
                yield node
            elif isinstance(node, n.Symbol) and not (scope.kind(node.name) or node.name in scope.definitions):
                yield from [] if _is_constant(node.name) else [node]


def _is_constant(name: str) -> bool:
    try:
        constant(name)
    except Mistake:
        return False
    return True


def guess(name: str, nodes: list[n.Symbol], bounds: Mapping[str, str]) -> tuple[str, str]:
    """A shape for a name, from how it is written and used; `bounds` has the upper bounds of index letters."""
    longest = max(nodes, key=lambda node: len(node.indices))
    if longest.indices:
        letters = [index.name if isinstance(index, n.Letter) else "" for index in longest.indices]
        sizes = [bounds.get(letter) or USUAL.get(letter, "n") for letter in letters]
        shape, indices = " \\times ".join(sizes), "".join(letters)
        return f"${shape}$", f"written as ${name}_{{{indices}}}$"
    letter = re.sub(r"\\(?:mathbf|boldsymbol|bm|mathrm|vec|hat|bar|tilde)|[{}\s]", "", name)
    bold = any(font in name for font in (r"\mathbf", r"\boldsymbol", r"\bm", r"\vec"))
    if len(letter) == 1 and letter.isupper():
        return r"$m \times n$", "a capital letter"
    return ("$n$", "a bold letter") if bold else ("number", "nothing says that it is more")
