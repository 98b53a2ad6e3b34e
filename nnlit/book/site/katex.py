"""TeX to HTML and MathML by KaTeX, in this process: neither Node nor a network is needed."""

import atexit
from functools import cache
from pathlib import Path

from py_mini_racer import JSEvalException, MiniRacer

SOURCE = Path(__file__).parent / "katex" / "katex.min.js"
OPTIONS = {"output": "htmlAndMathml", "throwOnError": True, "strict": "error"}


class TeXError(ValueError):
    """KaTeX cannot read a formula; the message says where in it."""


@cache
def render(tex: str, *, display: bool = False) -> str:
    r"""The HTML of a formula, complete without JavaScript.

    Args:
        tex: the formula without dollar signs.
        display: large and centered instead of within a line.

    Raises:
        TeXError: if KaTeX does not know a command or a brace is missing.

    Examples:
        >>> "<mfrac>" in render(r"\frac{1}{m}")
        True
        >>> render(r"\gradient")
        Traceback (most recent call last):
        nnlit.book.site.katex.TeXError: Undefined control sequence: \gradient at position 1: \gradient
    """
    try:
        return str(_context().call("katex.renderToString", tex, OPTIONS | {"displayMode": display}))
    except JSEvalException as error:
        raise TeXError(_reason(str(error))) from None


@cache
def _context() -> MiniRacer:
    """V8 with KaTeX in it, started once."""
    context = MiniRacer()
    atexit.register(context.close)  # left to the end of Python 3.13, it would wait for a thread that stands still
    context.eval(SOURCE.read_text(encoding="utf-8"))
    return context


def _reason(message: str) -> str:
    """KaTeX's message without its stack, and without the lines that it draws under letters."""
    first = message.partition("\n")[0].replace("\N{COMBINING LOW LINE}", "")
    return first.partition("KaTeX parse error: ")[2] or first
