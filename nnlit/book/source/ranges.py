r"""Ranges in the text right behind a display: `$$ \sqrt{x^2} = x $$ for $x > 0$`."""

import re

from nnlit.book.source.blocks import Piece, Text

RANGE = re.compile(
    r"\s*+(?:\$\$|\\\]|\\end\{[a-z]+\*?\})?[ \t]*+,?[ \t]*+\n?[ \t>]*+"
    r"(?:for|where|if|with|when|whenever|provided(?:\s+that)?)\s+"
    r"(?:(?:all|every|any)\s+)?\$([^$\n]{1,80})\$(?:\s*(?:,|and|,\s+and)\s+\$([^$\n]{1,80})\$)?"
)
BOUND = re.compile(r"[<>]|\\(?:le|ge|leq|geq|ne|neq|lt|gt)(?![a-zA-Z])")


def range_behind(text: Text, piece: Piece) -> str:
    """What the rest of a display's sentence says of where it holds: relations, none of them an equation."""
    is_over = text.string[max(0, piece.stop - 50) : piece.stop].rstrip().endswith(".")
    found = None if is_over else RANGE.match(text.string, piece.stop)
    relations = [x for x in found.groups() if x] if found else []
    return r" \text{ and } ".join(relations) if relations and all(map(is_range, relations)) else ""


def is_range(tex: str) -> bool:
    """Whether a formula says that something is smaller or larger than another thing, or not the same."""
    return bool(BOUND.search(tex)) and not re.search(r"=|\\(?:in|ll|gg|to|dots|text)(?![a-zA-Z])", tex)
