"""Which derivatives are not computed: those too large, too many within each other, and of what is not known."""

from collections.abc import Iterable

from nnlit.book.evaluation.scope import Scope
from nnlit.book.evaluation.values import Mistake
from nnlit.book.language import nodes as n
from nnlit.book.language.guide import see

MOST_SLOPES = 4_000_000  # entries of a perturbed array
MOST_WITHIN = 3  # derivatives around a derivative; each one takes eight values, or more, of what it holds


def bounded_slopes(entries: int, within: int, name: str) -> None:
    """Refuse a derivative that is too large to be computed.

    Args:
        entries: how many numbers the perturbed symbol would have.
        within: how many derivatives stand around this one; one more for a second derivative.
        name: of the symbol.

    Raises:
        Mistake: with what to write instead.
    """
    if entries > MOST_SLOPES:
        text = f"a derivative in {name} with {entries:,} perturbed numbers is too large"
        raise Mistake(f"{text}: declare smaller sizes, or take fewer derivatives within each other")
    if within > MOST_WITHIN:
        text = f"so many derivatives within each other, as here in {name}, are not computed"
        raise Mistake(f"{text}: declare a row for an inner one, and check that for itself")


def refuse_probes(node: n.Node, moved: Iterable[str], scope: Scope, *, derived: bool = False) -> None:
    """Refuse to move what a given gradient rests on: where a row gives a gradient, nothing is known of it elsewhere.

    Args:
        node: what is evaluated while names are moved.
        moved: these names.
        scope: where it stands.
        derived: whether it is differentiated twice.

    Raises:
        Mistake: it holds a derivative of what is known by its gradient alone.
    """
    if scope.probes.isdisjoint(scope.uses(node)):
        return
    bodies = [node, *(found.body for x in scope.uses(node) if (found := scope.definitions.get(x)))]
    slopes = [x for body in bodies for x in body.every if isinstance(x, n.Derivative | n.Gradient)]
    known = frozenset().union(*map(scope.uses, slopes), scope.uses(node) if derived else ()) & scope.probes
    for probe in sorted(known):
        reach = scope.depends(probe)
        name = next((x for x in moved if x in reach), None)
        if name is not None:
            what = f"a row gives the gradient of {probe}, so how that changes with {name} is not known"
            raise Mistake(f"{what}: display {probe} for it, and drop the row" + see("given-gradient"))
