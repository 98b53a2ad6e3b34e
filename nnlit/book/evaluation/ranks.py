"""What is said of a name that is written with more or fewer indices than it has axes."""

from collections.abc import Sequence

from nnlit.book.evaluation.scope import Scope
from nnlit.book.evaluation.values import Misfit, Mistake, Unknown
from nnlit.book.language import nodes as n
from nnlit.book.language.unparse import write
from nnlit.book.source.place import line_words


def unranged(letter: str, nodes: Sequence[n.Node]) -> str:
    """What is said of an index whose range no array tells: it stands in a shifted index alone, or in none."""
    ways = "a time step is declared as integer; a range is stated in a row with the shape index"
    symbols = [x for node in nodes for x in node.every if isinstance(x, n.Symbol) and x.indices]
    shifted = [x for x in symbols if any(n.Letter(letter) in index.walk() for index in x.indices)]
    what = f"no axis of an array is indexed by {letter} alone"
    if shifted:
        what += f", {write(shifted[0])} is shifted"
    elif not any(n.Letter(letter) in node.walk() for node in nodes):
        what = f"{letter} stands in nothing that is added, multiplied or compared"
    label = rf"a label is a word, _{{\text{{{letter}}}}}, or has a row with its name"
    return f"the range of index {letter} cannot be inferred: {what} ({ways}; {label})"


def counted(indices: Sequence[n.Node], rank: int) -> str:
    """What may be behind too many indices: the digits of one number, or a range."""
    if len(indices) <= rank:
        return ""
    whole = any(isinstance(x, n.Whole) for x in indices)
    return ", since a colon is a whole axis and no range: write a sum with bounds, or an index" if whole else ""


def miswritten(name: str, rank: int, indices: Sequence[n.Node], scope: Scope) -> Mistake:
    """The error: what is false, or what is asked where the author may mean another thing of that name."""
    said = f"{name} has {rank} axes but is written with {len(indices)} indices{counted(indices, rank)}"
    found = scope.definitions.get(name)
    called = next((d for d in scope.definitions.values() if name in d.parameters), None)
    if rank == 0 and found is None and called is not None and name not in scope.shapes:
        where = f"{name} is a number of its own as the argument of {called.name} at {line_words(called.place.line)}"
        return Unknown(name, f"{where}, and is written with an index here: give it a row, or rename one of the two")
    if rank == 0 and found is not None and name not in scope.shapes:
        where = line_words(found.place.line)
        return Mistake(f"{name} is a number at {where}, and is written with an index here: rename one")
    if rank == 2 and len(indices) == 1 and not isinstance(indices[0], n.Whole) and name != "the expression":
        one = indices[0].name if isinstance(indices[0], n.Letter) else "k"
        meaning = f"row ${one}$ of ${name}$, or column ${one}$ of ${name}$"  # to one reader this, to another that
        return Mistake(f"{said}: give ${name}_{one}$ a row of its own: {meaning}")
    return Misfit(said)
