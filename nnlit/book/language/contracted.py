r"""The summation convention: `O_{bk} = X_{bi} W_{ik}` is a sum over i, where a text writes no sums.

A letter that stands twice in a term, and not on the left side, is summed. A text may say so; one that does not, and has
no sum at all, may mean it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from nnlit.book.language import nodes as n
from nnlit.book.language.letters import free
from nnlit.book.language.names import Names

SUMMED = "summed"  # the reading, and the kind of doubt
TWICE = 2


def conventional(steps: Sequence[n.Step], names: Names) -> tuple[tuple[n.Step, ...], tuple[n.Doubt, ...]]:
    """The claims of a display by the convention where a text keeps to it, and what is asked of one that may do so."""
    letters = ((step, repeated(step)) for step in steps) if names.without_sums else ()
    doubts = tuple(n.Doubt(SUMMED, asked(found), step.right.span) for step, found in letters if found)
    return tuple(map(contracted, steps) if SUMMED in names.second else steps), doubts


def asked(letters: Sequence[str]) -> str:
    """What is asked of a text that does not say that it keeps to the convention."""
    ask = rf"is {letters[0]} summed over? write \sum_{letters[0]}, or say for the whole text"
    return f"{ask} 'repeated indices are summed'"


def repeated(step: n.Step) -> list[str]:
    """The letters that are free on the right side alone, and stand at least twice in every term that has them."""
    extra = [x for x in free(step.right) if x not in free(step.left)]
    terms = list(terms_of(step.right))
    return [x for x in extra if all(count(term, x) >= TWICE for term in terms if x in free(term))]


def contracted(step: n.Step) -> n.Step:
    """The same claim with its sums written out."""
    letters = repeated(step)
    return replace(step, right=summed(step.right, letters)) if letters else step


def terms_of(node: n.Node) -> Iterator[n.Node]:
    """The terms of a sum, without their signs."""
    if isinstance(node, n.Add | n.Subtract | n.Negative):
        for part in node.parts:
            yield from terms_of(part)
    else:
        yield node


def summed(node: n.Node, letters: Sequence[str]) -> n.Node:
    """An expression with a sum before each term that has some letters."""
    if isinstance(node, n.Add | n.Subtract | n.Negative):
        return node.map(lambda part: summed(part, letters))
    own = tuple(x for x in letters if x in free(node))
    return n.Big("sum", own, node, span=node.span) if own else node


def count(node: n.Node, letter: str) -> int:
    """In how many indices of a product a letter stands; what is added in brackets counts once for all its terms."""
    if isinstance(node, n.Add | n.Subtract | n.Hadamard):
        return max(count(part, letter) for part in node.parts)
    if isinstance(node, n.Power) and node.exponent == n.Number("2"):
        return TWICE * count(node.base, letter)
    if isinstance(node, n.Letter):
        return int(node.name == letter)
    return sum(count(part, letter) for part in node.parts if letter in free(part))
