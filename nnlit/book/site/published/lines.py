"""Long lines of code say where they begin: one that does not fit goes on in the next line, further in."""

import html
import re
from itertools import accumulate

LONG = 34  # characters that a line of the narrowest page has room for; a wider one breaks only what does not fit
FIRST = 26  # and the first line of a listing, which leaves room for a button
DEEP = 16  # how far in what goes on begins at most
CODE = re.compile(r"(<pre[^>]*>(?:<span></span>)?<code)([^>]*>)(.*?)(?=</code></pre>)", re.DOTALL)
TAG = re.compile(r"<(/?)[a-z][^>]*>")
UNDERLINED = re.compile(r"^ *\^+ *$", re.MULTILINE)  # something above, which has to stay above
BEGIN = re.compile(r"(?:(?:>>>|\.\.\.) ?|\$ )? *")


def with_lines(page: str) -> str:
    """A page on which every long line of code is in an element that knows how far in it begins."""
    return CODE.sub(_block, page)


def _block(found: re.Match[str]) -> str:
    """Some code with its long lines marked; where words are underlined it is said that no line may be broken."""
    if UNDERLINED.search(TAG.sub("", found[3])):
        return found[0] if "data-aligned" in found[2] else f"{found[1]} data-aligned{found[2]}{found[3]}"
    return f"{found[1]}{found[2]}{marked_lines(found[3])}"


def marked_lines(code: str) -> str:
    r"""The HTML of some code, with an element around each long line; what is copied of it stays the same.

    Examples:
        >>> marked_lines("a = 1\n    <b>return</b> a_long_name.of_a_function(it)\n")
        'a = 1\n<span class="nnlit-line" style="--in:4">    <b>return</b> a_long_name.of_a_function(it)\n</span>'
        >>> marked_lines("<b>a line with an element that goes on\nin the next line</b>")
        '<b>a line with an element that goes on\nin the next line</b>'
    """
    lines = code.splitlines(keepends=True)
    return "".join(_line(line, LONG if k else FIRST) for k, line in enumerate(lines))


def _line(line: str, room: int) -> str:
    """A line as it is, or in its element; not where another element goes on in the next line."""
    shown = html.unescape(TAG.sub("", line))
    depths = list(accumulate((-1 if end else 1 for end in TAG.findall(line)), initial=0))
    if len(shown.rstrip("\n")) <= room or min(depths) < 0 or depths[-1]:
        return line
    begin = BEGIN.match(shown)
    return f'<span class="nnlit-line" style="--in:{min(len(begin[0]), DEEP) if begin else 0}">{line}</span>'
