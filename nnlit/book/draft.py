"""A Symbols table for a text that has none: every name without a value, its guessed shape, and why it was guessed."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from nnlit.book.assembly import Assembly
from nnlit.book.evaluation.environment import constant
from nnlit.book.evaluation.values import Mistake
from nnlit.book.language import nodes as n
from nnlit.book.source import documents
from nnlit.book.source.chapter import Display
from nnlit.book.source.formats import MARKDOWN
from nnlit.book.source.marks import Unchecked
from nnlit.book.source.place import BookError

KINDS = "number, size, integer, labels, function, $n$ for a vector, $m \\times n$ for a matrix"
USUAL = {"i": "m", "j": "n", "k": "K", "l": "d", "p": "P", "q": "Q"}  # how long an axis often is called

BOLD = (r"\mathbf", r"\boldsymbol", r"\bm", r"\vec")
ARRAYS = (n.Transpose, n.Entry, n.Norm, n.Inner, n.Hadamard)
CAPITAL = "a capital letter"


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
    holds_tables = path.suffix.lower() in (*MARKDOWN, ".ipynb", "")
    where = "at the head of the file" if holds_tables else f"into {path.name}.symbols.md beside the file"
    head = [f"Put this {where} and correct it; a shape is one of {KINDS}.", ""]
    return "\n".join([*head, "| symbol | shape | code | meaning |", "|---|---|---|---|", *rows])


def undeclared(assembly: Assembly) -> dict[str, tuple[str, str]]:
    """Every name that no row and no display gives a value, with a guess and its reason; sizes need no row."""
    used, bounds, places = dict[str, list[n.Symbol]](), dict[str, str](), dict[str, str]()
    vectors, has_arrays = dict[str, str](), False
    for display in assembly.chapter.displays:
        for node in _nodes(assembly, display):
            if isinstance(node, n.Symbol):
                used.setdefault(node.name, []).append(node)
            elif isinstance(node, n.Big) and isinstance(node.high, n.Symbol):
                bounds |= dict.fromkeys(node.letters, node.high.name)
            for name, where in _numbers(node).items():
                places[name] = where if "positive" in where else places.get(name, where)
            vectors |= _laid_down(node)
            has_arrays |= isinstance(node, ARRAYS) or (isinstance(node, n.Symbol) and _is_array(node))
    found = {name: guess(name, nodes, bounds, places) for name, nodes in used.items()}
    if not has_arrays:
        found = {name: ("number", "no array in sight") if row[1] == CAPITAL else row for name, row in found.items()}
    found |= {name: ("$n$", vectors[name]) for name, row in found.items() if name in vectors and row[0] == "number"}
    sizes = {word for shape, _ in found.values() for word in re.findall(r"\\?[a-zA-Z]+", shape.strip("$"))}
    return {name: row for name, row in found.items() if name not in sizes}


def _nodes(assembly: Assembly, display: Display) -> Iterator[n.Node]:
    """The nodes of a display that is read, of symbols only those that have no value."""
    if isinstance(display.mark, Unchecked):
        return
    try:
        equation, scope = assembly.analysis.equation(display), assembly.analysis.part(display).scope
    except BookError:
        return
    for side in (side for step in equation.steps for side in (step.left, step.right)):
        for node in side.walk():
            given = isinstance(node, n.Symbol) and (scope.kind(node.name) or node.name in scope.definitions)
            if not given and not (isinstance(node, n.Symbol) and _is_constant(node.name)):
                yield node


def _is_array(symbol: n.Symbol) -> bool:
    """Whether a name is written as that of an array."""
    return bool(symbol.indices) or any(font in symbol.name for font in BOLD)


def _is_constant(name: str) -> bool:
    try:
        constant(name)
    except Mistake:
        return False
    return True


def _laid_down(node: n.Node) -> dict[str, str]:
    """The names that a transpose makes vectors: those it stands at, and those behind one."""
    if isinstance(node, n.Transpose):
        return _bare([node.body], "a transpose stands at it")
    if isinstance(node, n.Product) and isinstance(node.left, n.Transpose):
        return _bare([node.right], "it stands behind a transpose")
    return {}


def _numbers(node: n.Node) -> dict[str, str]:
    """The names that can only be numbers where a node holds them, and where that is; some have to be positive."""
    if isinstance(node, n.Fraction):
        return _bare([node.bottom], "it stands below a line")
    if isinstance(node, n.Call) and node.function in {r"\log", r"\ln"}:
        return _bare(node.arguments, "it stands in a logarithm; positive")
    if isinstance(node, n.Power) and not _is_whole(node.exponent):
        base = _bare(_factors(node.base), "it stands under a root or a power; positive")
        return base | _bare(node.exponent.walk(), "it stands in an exponent")
    return {}


def _factors(node: n.Node) -> Iterator[n.Node]:
    """The factors of a product or a quotient."""
    if isinstance(node, n.Product | n.Fraction):
        for part in node.parts:
            yield from _factors(part)
    else:
        yield node


def _is_whole(exponent: n.Node) -> bool:
    """Whether an exponent is a whole number, or a letter that may be one or a transpose."""
    inner = exponent.body if isinstance(exponent, n.Negative) else exponent
    return inner.text.isdigit() if isinstance(inner, n.Number) else isinstance(inner, n.Symbol) and inner.name == "T"


def _bare(nodes: Iterable[n.Node], where: str) -> dict[str, str]:
    """The names among some nodes that have no index."""
    return {node.name: where for node in nodes if isinstance(node, n.Symbol) and not node.indices}


def guess(name: str, nodes: list[n.Symbol], bounds: Mapping[str, str], places: Mapping[str, str]) -> tuple[str, str]:
    """A shape for a name, from how it is written and used.

    Args:
        name: the name.
        nodes: where it stands.
        bounds: the upper bounds of index letters.
        places: the names that can only be numbers, and why.
    """
    longest = max(nodes, key=lambda node: len(node.indices))
    if longest.indices:
        letters = [index.name if isinstance(index, n.Letter) else "" for index in longest.indices]
        sizes = [bounds.get(letter) or USUAL.get(letter, "n") for letter in letters]
        shape, indices = " \\times ".join(sizes), "".join(letters)
        return f"${shape}$", f"written as ${name}_{{{indices}}}$"
    if name in places:
        return "number", places[name]
    letter = re.sub(r"\\(?:mathbf|boldsymbol|bm|mathrm|vec|hat|bar|tilde)|[{}\s]", "", name)
    bold = any(font in name for font in BOLD)
    if len(letter) == 1 and letter.isupper():
        return r"$m \times n$", CAPITAL
    return ("$n$", "a bold letter") if bold else ("number", "nothing says that it is more")
