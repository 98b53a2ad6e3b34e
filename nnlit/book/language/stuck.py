r"""A `d` stuck to a letter as one name: `dW = X^\top dZ` says what the gradients dW and dZ are, no product with d."""

from collections.abc import Sequence
from dataclasses import replace

from nnlit.book.language import syntax as s
from nnlit.book.language.names import NameResolver, base_of
from nnlit.book.language.vocabulary import Kind

COUNTS = {Kind.NUMBER, Kind.SIZE, Kind.INTEGER}
VALUES = {Kind.ARRAY, Kind.LABELS, Kind.NUMBER}


def named(tree: s.Tree) -> s.Tree:
    """A left side that is such a name alone as one; any other as it is."""
    pair = isinstance(tree, s.Run) and len(tree.items) == 2 and tree.joints == ("",)
    return (one(*tree.items) or tree) if pair and isinstance(tree, s.Run) else tree


def joined(items: Sequence[s.Tree], joints: Sequence[str], resolver: NameResolver) -> tuple[list[s.Tree], list[str]]:
    """Factors in which such names are one; not in a quotient of differentials."""
    found, between = list(items), list(joints)
    below = (k + 1 for k, joint in enumerate(joints) if joint == "/" and is_d(items[k + 1]))
    if not any(is_d(item) for item in items) or any(k < len(joints) and not joints[k] for k in below):
        return found, between
    for k in range(len(items) - 2, -1, -1):
        name = one(items[k], items[k + 1]) if not joints[k] else None
        if name is not None and is_name(name, items[k + 1], resolver):
            found[k : k + 2], between[k : k + 1] = [name], []
    return found, between


def one(first: s.Tree, second: s.Tree) -> s.Tree | None:
    """A `d` and the letter that it is stuck to as one name, with what stands beside the letter; None for others."""
    base = second.base if isinstance(second, s.Scripted) else second
    text = base_of(base) if isinstance(base, s.Name | s.Accent) else None
    at, behind = first.span, second.span
    if not is_d(first) or not isinstance(text, str) or at is None or behind is None or is_d(base):
        return None
    upright = at.end - at.column > 1
    if not upright and (at.line, at.end) != (behind.line, behind.column):
        return None
    name = s.Name(f"d{text}", span=at.to(base.span) if base.span else at)
    return replace(second, base=name, span=at.to(behind)) if isinstance(second, s.Scripted) else name


def is_name(tree: s.Tree, second: s.Tree, resolver: NameResolver) -> bool:
    """Whether a `d` and a letter are a name where they stand; where that is not known it is asked."""
    name, letter = (base_of(x.base if isinstance(x, s.Scripted) else x) for x in (tree, second))
    kinds = resolver.names.kinds
    if resolver.labels or any(known == name or known.startswith((f"{name}_", f"{name}^")) for known in kinds):
        return True
    if "d" in resolver.bound or kinds.get("d") not in {None, *COUNTS}:
        return False
    if kinds.get("d") in {Kind.SIZE, Kind.INTEGER} and isinstance(letter, str) and kinds.get(letter) in VALUES:
        resolver.fail(ask(str(name), letter), tree)
    return "d" not in kinds


def refuse_product(name: str, tree: s.Tree, resolver: NameResolver) -> None:
    """A left side such as `dn` of two numbers is a name to one reader, their product to another."""
    kinds, letter = resolver.names.kinds, name[1:]
    at = tree.base.span if isinstance(tree, s.Scripted) else tree.span
    if name == "d" and at and at.end - at.column > 1 and kinds.get("d") is not None:
        resolver.fail(r"an upright d is that of a differential, and d has a meaning of its own: rename one", tree)
    if name[:1] == "d" and letter and name not in kinds and {kinds.get("d"), kinds.get(letter)} <= COUNTS:
        resolver.fail(ask(name, letter), tree)


def ask(name: str, letter: str) -> str:
    """What is asked of a `d` in front of a letter."""
    what = f"is {name} a name, such as that of a gradient, or d times {letter}?"
    return rf"{what} give ${name}$ a row, or write d \cdot {letter}"


def is_d(tree: s.Tree) -> bool:
    """Whether a factor is a bare `d`."""
    return isinstance(tree, s.Name) and tree.text == "d"
