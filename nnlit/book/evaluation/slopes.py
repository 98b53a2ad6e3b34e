"""How large a derivative may become, and how many may stand within each other, before it takes time and memory."""

from nnlit.book.evaluation.values import Mistake

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
