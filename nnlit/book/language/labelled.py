r"""A letter below a matrix that is no index: `K_y = K + s I` gives K_y its value, since nothing is indexed by y."""

from collections.abc import Collection

from nnlit.book.language import syntax as s
from nnlit.book.language.atoms import FUNCTIONS
from nnlit.book.language.names import base_of, outward, sorted_scripts


def labelled_names(formula: s.Formula, matrices: Collection[str]) -> list[str]:
    """The left sides that are a matrix with one letter below it which no other side holds."""
    found = list[str]()
    for chain in formula.chains:
        base, scripts = outward(chain[0].tree)
        name, own = base_of(base), sorted_scripts(scripts)
        lower = own.lower
        if not isinstance(name, str) or name not in matrices or lower is None or own.rest or len(lower.parts) != 1:
            continue
        (letter,) = lower.parts
        if isinstance(letter, s.Name) and not any(holds(side.tree, letter.text) for side in chain[1:]):
            found.append(f"{name}_{{{lower.text}}}{own.end}")
    return found


def holds(tree: object, name: str) -> bool:
    """Whether a name stands anywhere in a tree."""
    if isinstance(tree, tuple):
        return any(holds(part, name) for part in tree)
    return tree == s.Name(name) or (isinstance(tree, s.Tree) and any(holds(x, name) for x in vars(tree).values()))


def holds_names(formula: s.Formula) -> bool:
    """Whether a side behind the first one of a chain holds more than numbers."""
    return any(is_named(side.tree) for chain in formula.chains for side in chain[1:])


def is_named(tree: object) -> bool:
    """Whether a name that is no function of the language stands anywhere in a tree."""
    if isinstance(tree, tuple):
        return any(map(is_named, tree))
    if isinstance(tree, s.Name | s.Word):
        return tree.text not in FUNCTIONS
    return isinstance(tree, s.Tree) and any(map(is_named, vars(tree).values()))


def is_index_in(formula: s.Formula, letter: str) -> bool:
    """Whether a letter stands below names on the right sides, and nowhere else there."""
    sides = [side.tree for chain in formula.chains for side in chain[1:]]
    return any(holds(below(side), letter) for side in sides) and not any(outside(x, letter) for x in sides)


def below(tree: object) -> tuple[object, ...]:
    """What stands below names in a tree."""
    if isinstance(tree, tuple):
        return tuple(x for part in tree for x in below(part))
    if isinstance(tree, s.Script) and tree.mark == "_":
        return (tree.parts,)
    return tuple(x for part in vars(tree).values() for x in below(part)) if isinstance(tree, s.Tree) else ()


def outside(tree: object, name: str) -> bool:
    """Whether a name stands in a tree and not below another one."""
    if isinstance(tree, tuple):
        return any(outside(part, name) for part in tree)
    if isinstance(tree, s.Script) and tree.mark == "_":
        return False
    return tree == s.Name(name) or (isinstance(tree, s.Tree) and any(outside(x, name) for x in vars(tree).values()))
