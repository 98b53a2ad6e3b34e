"""Long lines of code say where they begin: one that does not fit goes on in the next line, further in."""

import html
import re
from itertools import accumulate

LONG = 34  # characters that a line of the narrowest page has room for; a wider one breaks only what does not fit
FIRST = 26  # and the first line of a listing, which leaves room for a button
DEEP = 16  # how far in what goes on begins at most
CODE = re.compile(r"(<pre[^>]*>(?:<span></span>)?<code)([^>]*>)(.*?)(?=</code></pre>)", re.DOTALL)
TAG = re.compile(r"<(/?)[a-z][^>]*>")
UNDERLINE = re.compile(r" *\^+\s*")  # below something, which has to stay above
BEGIN = re.compile(r"(?:(?:>>>|\.\.\.) ?|\$ )? *")


def with_lines(page: str) -> str:
    """A page on which every long line of code is in an element that knows how far in it begins."""
    return CODE.sub(_block, page)


def _block(found: re.Match[str]) -> str:
    """Some code with its long lines marked; where words are underlined it is said that some lines may not be broken."""
    aligned = any(map(_underlines, found[3].splitlines())) and "data-aligned" not in found[2]
    return f"{found[1]}{' data-aligned' if aligned else ''}{found[2]}{marked_lines(found[3])}"


def _underlines(line: str) -> bool:
    return UNDERLINE.fullmatch(TAG.sub("", line)) is not None


def marked_lines(code: str) -> str:
    r"""The HTML of some code, with an element around each long line; what is copied of it stays the same.

    Examples:
        >>> marked_lines("a = 1\n    <b>return</b> a_long_name.of_a_function(it)\n")
        'a = 1\n<span class="nnlit-line" style="--in:4">    <b>return</b> a_long_name.of_a_function(it)\n</span>'
        >>> marked_lines("<b>a line with an element that goes on\nin the next line</b>")
        '<b>a line with an element that goes on\nin the next line</b>'
        >>> print(marked_lines("wrong is\n    x y\n      ^\n"), end="")
        wrong is
        <span class="nnlit-whole">    x y
        </span><span class="nnlit-whole">      ^
        </span>
    """
    lines = code.splitlines(keepends=True)
    below = [_underlines(line) for line in lines]
    whole = [one or other for one, other in zip(below, [*below[1:], False], strict=True)]
    rooms = [FIRST, *(LONG for _ in lines[1:])]
    return "".join(_line(line, 0 if kept else room) for line, kept, room in zip(lines, whole, rooms, strict=False))


def _line(line: str, room: int) -> str:
    """A line in its element, or as it is where it is short or an element goes on in the next; whole without room."""
    shown = html.unescape(TAG.sub("", line))
    depths = list(accumulate((-1 if end else 1 for end in TAG.findall(line)), initial=0))
    if len(shown.rstrip("\n")) <= room or min(depths) < 0 or depths[-1]:
        return line
    if not room:
        return f'<span class="nnlit-whole">{line}</span>'
    begin = BEGIN.match(shown)
    return f'<span class="nnlit-line" style="--in:{min(len(begin[0]), DEEP) if begin else 0}">{line}</span>'
