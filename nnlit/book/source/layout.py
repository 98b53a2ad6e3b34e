r"""Which layout of derivatives a text declares: `<!-- layout: denominator -->`, or a sentence of its author's.

In the denominator layout a derivative of a vector in a vector has a row for every entry below the line, in the
numerator layout for every entry above. Sentences count that say it of the whole text, such as "we use the denominator
layout"; what is said of other texts, or with "not", does not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from nnlit.book.source.blocks import CODE_SPAN, Text
from nnlit.book.source.place import Place


class Layout(Enum):
    """How the derivative of a vector in a vector is laid out, and that of a number in a matrix."""

    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"

    def __str__(self) -> str:
        return f"{self.value} layout"


@dataclass(frozen=True)
class Declared:
    """A layout, and where it is declared."""

    layout: Layout
    place: Place


COMMENT = re.compile(r"<!--\s*layout:\s*(numerator|denominator)\s*-->")
NAME = r"(?:the\s+)?(?:\\\w+\{|[*_\"']{1,3})?(numerator|denominator)[\s-]+layout"
SENTENCE = re.compile(
    rf"\b(?:we|I)\s+(?:(?:will|shall|always|consistently|therefore|thus|here)\s+)?(?:use|adopt|follow|choose|employ)\s+{NAME}"
    rf"|\b(?:derivatives|gradients|Jacobians)\s+(?:are|stand)\s+(?:(?:all|always|given|written)\s+)?in\s+{NAME}"
    rf"|\b(?:in|uses?)\s+{NAME}\W{{0,3}}\s+throughout"
    rf"|{NAME}\W{{0,3}}\s+is\s+used(?:\s+throughout|[.,;])",
    re.IGNORECASE,
)


CONVENTION = re.compile(
    r"\b(?:repeated|double|dummy|twice-repeated)\s+(?:indices|index|subscripts)\s+(?:are|is)\s+(?:\w+\s+)?(?:summed|sum)"
    r"|\b(?:sum(?:mation|med)?|sums?)\s+(?:is\s+)?(?:implied\s+)?over\s+(?:all\s+)?repeated\s+(?:indices|index|subscripts)"
    r"|\b(?:we|I)\s+(?:\w+\s+)?(?:use|adopt|follow|employ)\s+(?:the\s+)?(?:Einstein(?:'s)?\s+)?(?:summation|sum|Einstein)"
    r"\s+(?:summation\s+)?(?:convention|notation)"
    r"|\b(?:using|with|in)\s+(?:the\s+)?Einstein(?:'s)?\s+(?:summation\s+)?(?:convention|notation)",
    re.IGNORECASE,
)


def is_summed(plain: str) -> bool:
    """Whether a text says that it sums over repeated indices without a sign."""
    return bool(CONVENTION.search(CODE_SPAN.sub(lambda m: " " * len(m[0]), plain)))


def declared(text: Text, plain: str) -> Declared | None:
    """The layout that a text declares; none where it declares both. `plain` is the text without code and comments."""
    found = list(_declared(text, plain))
    return found[0] if len({one.layout for one in found}) == 1 else None


def _declared(text: Text, plain: str) -> Iterator[Declared]:
    comments = (m for m in COMMENT.finditer(text.string) if not plain[m.start() : m.end()].strip())
    words = CODE_SPAN.sub(lambda m: " " * len(m[0]), plain)
    for found in sorted((*comments, *SENTENCE.finditer(words)), key=lambda m: m.start()):
        word = next(filter(None, found.groups())).lower()
        yield Declared(Layout(word), text.place(found.start()))
