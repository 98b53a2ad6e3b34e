"""Tags that the search plugin would read one by one, only to leave them out: they reach it as comments.

A page has thousands of them, in its formulas and in the colors of its code, and an HTML parser written in Python takes
as long for them as for all the rest. A comment is passed over at once. Of colored code the search reads the plain text,
which stands before the comment. `theme/main.html` has the other half: it makes tags of the comments again and drops the
plain text, so a reader's page is the same to the byte, and so is the search index.
"""

import re

from markdown.postprocessors import Postprocessor

OPEN, CLOSE = "\ue0f0", "\ue0f1"  # stand for the brackets of a tag; no font has letters there
PLAIN, COLORED = "<!--\ue0f2-->", "<!--\ue0f3-->"  # begin the text of code, and the same text with its colors
TAGS = "(?:span|m[a-z]+|semantics|t[dhr])"  # of code, MathML and tables; none of them holds a heading
SAID = re.compile(rf"<{TAGS}\b[^>]*\bdata-search-")  # an author's word to the search plugin
PASSED_OVER = re.compile(
    rf"""<!--.*?-->                                      # stays: a comment within a comment would end it
    | <figure\ class="nnlit-eq.*?</figure>               # a displayed equation, which the search leaves out as a whole
    | (?: <var\ data-search-exclude>[^<]*</var>          # so are the letters of a formula that are drawn
        | </?{TAGS} (?: \s (?: [^<>"] | "[^"]*" )* )? > )+""",
    re.DOTALL | re.VERBOSE,
)
CODE = re.compile(r"<pre\b.*?</pre>", re.DOTALL)
COLOR = "</?span(?: [^<>]*)?>"
COLORS = re.compile(f"{COLOR}(?:[^<]*{COLOR})+")


def shielded(html: str) -> str:
    """HTML as plain text, for formulas that the search leaves out as a whole.

    Examples:
        >>> shielded("<b>x</b>") == f"{OPEN}b{CLOSE}x{OPEN}/b{CLOSE}"
        True
    """
    return html.replace("<", OPEN).replace(">", CLOSE)


class Shield(Postprocessor):
    """Makes comments of the tags of a page that say nothing to a search."""

    def run(self, text: str) -> str:
        """The page's HTML, once all of it is there; one that speaks to the search plugin itself stays as it is.

        Examples:
            >>> Shield().run("<b>b</b> <span>c</span>").replace(OPEN, "[").replace(CLOSE, "]")
            '<b>b</b> <!--[span]-->c<!--[/span]-->'
        """
        if SAID.search(text):
            return text
        return PASSED_OVER.sub(_comment, CODE.sub(lambda code: COLORS.sub(_plain, code[0]), text))


def _plain(found: re.Match[str]) -> str:
    """Colored code as plain text and a comment."""
    text = re.sub("<[^>]*>", "", found[0])
    return f"{PLAIN}{text}{COLORED}<!--{shielded(found[0])}-->" if text else found[0]


def _comment(found: re.Match[str]) -> str:
    """What is passed over, as a comment."""
    return found[0] if found[0].startswith("<!--") else f"<!--{shielded(found[0])}-->"
