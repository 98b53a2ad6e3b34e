r"""What the text around a display says of it: a range right behind it, `$$ \sqrt{x^2} = x $$ for $x > 0$`.

And before it that a name is defined anew: "Now let", "we redefine".
"""

import re
from dataclasses import replace

from nnlit.book.source.blocks import Piece, Text
from nnlit.book.source.chapter import Display

RANGE = re.compile(
    r"\s*+(?:\$\$|\\\]|\\end\{[a-z]+\*?\})?[ \t]*+,?[ \t]*+\n?[ \t>]*+(?P<apart>\n[ \t>]*+)?"
    r"(?:for|where|if|with|when|whenever|provided(?:\s+that)?)\s+"
    r"(?:(?:all|every|any)\s+)?\$([^$\n]{1,80})\$(?:\s*(?:,|and|,\s+and)\s+\$([^$\n]{1,80})\$)?"
    r"(?(apart)(?=\s*(?:[.,;:]|and\b|\n\s*\n|\Z)))"  # in a line of its own nothing follows it
)
BOUND = re.compile(r"[<>]|\\(?:le|ge|leq|geq|ne|neq|lt|gt)(?![a-zA-Z])")

GIVES = r"(?:let|define|consider|set|take|choose|use|suppose|replace)"
ANEW = re.compile(
    rf"\bnow,?\s+(?:we\s+|let\s+us\s+)?{GIVES}\b|\b{GIVES}\b[^.]*\b(?:now|instead)\b|\binstead\b[^.]*\b{GIVES}\b"
    r"|\bre-?defin(?:e|es|ed|ing)\b|\bfrom\s+(?:now|here)\s+on\b|\banother\s+(?:choice|definition|version)\b",
    re.IGNORECASE,
)
WORDS_BEFORE = 300  # characters


def with_words(display: Display, text: Text, piece: Piece) -> Display:
    """A display with what the text around it says."""
    return replace(display, range=range_behind(text, piece), is_anew=defines_anew(text, piece))


def defines_anew(text: Text, piece: Piece) -> bool:
    """Whether the sentence in front of a display may give a name another meaning."""
    before = text.string[max(0, piece.start - WORDS_BEFORE) : piece.start].rstrip("$\\[ \n")
    sentence = re.split(r"\$\$|\\\]|\\end\{|\n\s*\n|[.?!]\s", before)[-1]
    return bool(ANEW.search(sentence))


def range_behind(text: Text, piece: Piece) -> str:
    """What the rest of a display's sentence says of where it holds: relations, none of them an equation."""
    is_over = text.string[max(0, piece.stop - 50) : piece.stop].rstrip().endswith(".")
    found = None if is_over else RANGE.match(text.string, piece.stop)
    relations = [x for x in found.groups()[1:] if x] if found else []
    return r" \text{ and } ".join(relations) if relations and all(map(is_range, relations)) else ""


def is_range(tex: str) -> bool:
    """Whether a formula says that something is smaller or larger than another thing, or not the same."""
    return bool(BOUND.search(tex)) and not re.search(r"=|\\(?:in|ll|gg|to|dots|text)(?![a-zA-Z])", tex)
