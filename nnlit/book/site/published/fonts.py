"""The fonts of formulas, with the letters that the formulas of this site have and no others."""

import html
import io
import re
from collections.abc import Iterable
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

# What KaTeX draws is made of these tags and text alone, so that the first other tag ends it.
DRAWN = re.compile(r'<span class="katex-html"(?:[^<]|</?(?:span|svg|path)\b)*')
LETTERS = re.compile(r"<(/?)span([^>]*)>([^<]+)")
SLANTED = "mathnormal"  # the class of letters of the font below
ITALIC = "KaTeX_Math-Italic"


def letters(pages: Iterable[str]) -> tuple[set[str], set[str]]:
    """The characters of all formulas: those in italic, and the others; what stands behind a part may be either.

    Examples:
        >>> drawn = '<span class="mord mathnormal">x</span><span class="mrel">&gt;</span>'
        >>> letters([f'<p>word <span class="katex-html">{drawn}</span></p>'])
        ({'x'}, {'>'})
    """
    italic, upright = set[str](), set[str]()
    for page in pages:
        for formula in DRAWN.findall(page):
            for closes, attributes, written in LETTERS.findall(formula):
                text = html.unescape(written)
                if closes or SLANTED in attributes:
                    italic.update(text)
                if closes or SLANTED not in attributes:
                    upright.update(text)
    return italic, upright


def subset_fonts(pages: Iterable[str], fonts: Path) -> None:
    """Write the fonts of a site anew, each with the letters of the site's formulas that it has.

    Args:
        pages: the HTML of the site.
        fonts: the folder of its fonts.
    """
    italic, upright = letters(pages)
    for path in sorted(fonts.glob("*.woff2")):
        path.write_bytes(_subset(path, italic if path.stem == ITALIC else upright))


def _subset(path: Path, kept: set[str]) -> bytes:
    """A font with these letters, their shapes and widths; hints for coarse screens, which weigh more, go."""
    options = Options(notdef_outline=True, name_IDs=[1, 2], hinting=False)
    font = TTFont(path, recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[ord(letter) for letter in kept])
    subsetter.subset(font)
    out = io.BytesIO()
    font.flavor = "woff2"
    font.save(out)
    return out.getvalue()
