"""Which functions displays define, as it is seen before names are resolved."""

from nnlit.book.language import syntax as s
from nnlit.book.language.atoms import FUNCTIONS
from nnlit.book.language.brackets import holds
from nnlit.book.language.names import label_of
from nnlit.book.language.reach import COUNTS, NAMED, SPELLED
from nnlit.book.language.syntax import Formula


def function_names(formula: Formula, *, inner: bool = False) -> list[str]:
    """The names of functions that a display defines: left sides such as `f(x)` and `f(z)_i`.

    With `inner` those of the sides between the first and the last one of a chain, as in `s = f(x) = ...`.
    """
    chains = [chain for chain in formula.chains if len(chain) > 1]
    sides = [side for chain in chains for side in (chain[1:-1] if inner else chain[:1])]
    every = tuple(side.tree for chain in chains for side in chain)
    return [name for side in sides if (name := function_name(side.tree, every))]


def function_name(tree: s.Tree, sides: tuple[s.Tree, ...]) -> str:
    """The name of the function that a left side such as `f(x)` is one of; nothing for any other."""
    if not isinstance(tree, s.Run) or len(tree.items) != 2 or tree.joints != ("",):
        return ""
    name, argument = tree.items
    group, scripts = (argument.base, argument.scripts) if isinstance(argument, s.Scripted) else (argument, ())
    if not isinstance(group, s.Group) or group.opening not in "([" or any(script.mark != "_" for script in scripts):
        return ""
    if group.opening == "[" and not any(
        isinstance(part, s.Name) and holds(tuple(side for side in sides if side is not tree), part.text)
        for part in group.parts
    ):
        return ""  # entries of an array: the letter stands in an index alone
    mean = group.opening == "[" and isinstance(name, s.Name) and name.text == "E"
    if mean or (isinstance(name, s.Word) and name.text in NAMED | set(SPELLED) | COUNTS):
        return ""
    label = label_of(name)
    return label if isinstance(label, str) and not label.endswith("'") and label not in FUNCTIONS else ""
