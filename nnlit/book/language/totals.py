r"""Names that stand for a total and, with an index, for what is added: `L = \sum_i L_i`."""

from collections.abc import Iterator

from nnlit.book.language import syntax as s

MEMBERS = r"_{\cdot}"  # ends the name of what has an index where the bare name is a number


def totals(formula: s.Formula) -> Iterator[s.Tree]:
    """The bare left sides of a display that are a sum of their own members, or hold one."""
    for chain in formula.chains:
        bare = chain[0].tree
        if isinstance(bare, s.Name | s.Accent) and any(_adds(side.tree, bare, ()) for side in chain[1:]):
            yield bare


def _adds(tree: object, bare: s.Tree, letters: tuple[str, ...]) -> bool:
    """Whether a sum over a letter holds a name with that letter below it."""
    if isinstance(tree, tuple):
        return any(_adds(part, bare, letters) for part in tree)
    if isinstance(tree, s.Scripted) and tree.base == bare and tree.scripts[0].mark == "_":
        return tree.scripts[0].text in letters
    if isinstance(tree, s.Fold):
        letters += tree.letters
    return isinstance(tree, s.Tree) and any(_adds(part, bare, letters) for part in vars(tree).values())
