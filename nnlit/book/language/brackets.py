r"""Indices in square brackets, as programs write them: `X[i, j]`, `C[i][j]`, `W_1[:, k]`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from nnlit.book.language import syntax as s
from nnlit.book.language.vocabulary import Kind

INDEXED = {Kind.ARRAY, Kind.LABELS, None}
USUAL = set("ijklmnpqrst")  # letters of an index behind a name that nothing declares
OPERATORS = {"E", "H", "I", "P", "D", "K", "V", "Q"}  # names that have other arguments in brackets
COUNTING = {None, Kind.INDEX, Kind.INTEGER, Kind.SIZE}


def entries(
    items: Sequence[s.Tree], joints: Sequence[str], kinds: Mapping[str, Kind], names: Sequence[str]
) -> tuple[list[s.Tree], list[str]]:
    """Factors in which brackets behind an array are its indices; `names` has the factors as names, empty for others."""
    found, between = list[s.Tree](), list[str]()
    known = list[str]()
    for k, item in enumerate(items):
        joint = joints[k - 1] if k else ""
        group, behind = (item.base, item.scripts) if isinstance(item, s.Scripted) else (item, ())
        before = known[-1] if known else ""
        if not joint and before and isinstance(group, s.Group) and is_index(group, kinds, before):
            found[-1] = with_indices(found[-1], group, behind)
            continue
        if k:
            between.append(joint)
        found.append(item)
        known.append(names[k])
    return found, between


def is_index(group: s.Group, kinds: Mapping[str, Kind], name: str) -> bool:
    """Whether square brackets behind a name hold indices, and neither a condition nor a factor nor an argument."""
    if group.opening != "[" or kinds.get(name) not in INDEXED or set(group.joints) - {","}:
        return False
    usual = any(isinstance(x, s.Name) and x.text in USUAL and x.text not in kinds for x in map(first, group.parts))
    return all(counts(part, kinds) for part in group.parts) and (name in kinds or (usual and name not in OPERATORS))


def first(tree: s.Tree) -> s.Tree:
    """The first part of an index."""
    return first(tree.terms[0]) if isinstance(tree, s.Sum) else tree


def counts(tree: s.Tree, kinds: Mapping[str, Kind]) -> bool:
    """Whether an expression can be an index: a letter, a number, a colon, a class label, sums of these."""
    if isinstance(tree, s.Sum):
        return all(counts(term, kinds) for term in tree.terms)
    if isinstance(tree, s.Scripted):
        return isinstance(tree.base, s.Name) and kinds.get(tree.base.text) is Kind.LABELS
    if isinstance(tree, s.Name):
        return kinds.get(tree.text) in COUNTING and (len(tree.text) == 1 or tree.text == r"\ell")
    return isinstance(tree, s.Colon) or (isinstance(tree, s.Numeral) and tree.text.isdecimal())


def with_indices(tree: s.Tree, group: s.Group, behind: tuple[s.Script, ...]) -> s.Tree:
    """An array with the contents of brackets as its subscript; further brackets are further indices."""
    base, scripts = (tree.base, tree.scripts) if isinstance(tree, s.Scripted) else (tree, ())
    labels = tuple(map(label, group.parts))
    lower = s.Script("_", ("", *labels), labels, group.parts, span=group.span)
    if scripts and scripts[-1].words[:1] == ("",) and scripts[-1].mark == "_":
        last = scripts[-1]
        lower = replace(last, labels=last.labels + labels, parts=last.parts + group.parts)
        scripts = scripts[:-1]
    span = tree.span.to(group.span) if tree.span and group.span else tree.span
    return s.Scripted(base, (*scripts, lower, *behind), span=span)


def label(tree: s.Tree) -> str:
    """An index as a label."""
    if isinstance(tree, s.Sum):
        return "".join(sign + label(term) for sign, term in zip(tree.signs, tree.terms, strict=True))
    if isinstance(tree, s.Scripted):
        return label(tree.base) + "".join(f"_{script.text}" for script in tree.scripts)
    return tree.text if isinstance(tree, s.Name | s.Numeral) else ":"


def holds(tree: object, name: str) -> bool:
    """Whether a name stands in a tree as a value: neither in an index nor, below a name, in a label."""
    if isinstance(tree, s.Name):
        return tree.text == name
    if isinstance(tree, s.Group) and tree.opening == "[":
        return any(holds(part, name) for part in tree.parts if not isinstance(part, s.Name))
    if isinstance(tree, s.Script) and tree.mark == "_":
        return False
    if isinstance(tree, tuple):
        return any(holds(part, name) for part in tree)
    return isinstance(tree, s.Tree) and any(holds(value, name) for value in vars(tree).values())
