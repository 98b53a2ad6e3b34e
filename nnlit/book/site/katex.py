"""TeX to HTML and MathML by KaTeX, in this process: neither Node nor a network is needed."""

import atexit
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element

from py_mini_racer import DEFAULT_V8_FLAGS, JSEvalException, MiniRacer, init_mini_racer

SOURCE = Path(__file__).parent / "katex" / "katex.min.js"
# with the keys of newer processors its memory could be closed by the thread alone that began it, and others crash
FLAGS = (*DEFAULT_V8_FLAGS, "--no-memory-protection-keys")
MATHML = "http://www.w3.org/1998/Math/MathML"
MATH = re.compile(r"<math .*?</math>", re.DOTALL)
APPLIED = "\N{FUNCTION APPLICATION}"  # what KaTeX writes behind the name of a function, for screen readers
PARTS = {  # elements of MathML that have so many children, and no others
    **dict.fromkeys(("mfrac", "mover", "mroot", "msub", "msup", "munder"), 2),
    **dict.fromkeys(("msubsup", "munderover"), 3),
}
RENDER = """
const options = {
  output: "htmlAndMathml", throwOnError: true,
  strict: (kind) => kind === "htmlExtension" ? "ignore" : "error",  // the marks of symbols, see explained.py
  trust: (used) => used.command === "\\\\htmlData",
}
const render = (tex, displayMode) => katex.renderToString(tex, {...options, displayMode})
const renderAll = (formulas) => formulas.map(([tex, displayMode]) => {
  try { return render(tex, displayMode) } catch { return null }
})
"""


class TeXError(ValueError):
    """KaTeX cannot read a formula; the message says where in it."""


rendered: dict[tuple[str, bool], str] = {}  # what `prepare` has rendered


def prepare(formulas: Iterable[tuple[str, bool]]) -> None:
    """Render many formulas in one call, which is faster than one by one; `render` says what is wrong with one.

    Args:
        formulas: the formulas, each with whether it is displayed.
    """
    wanted = [formula for formula in dict.fromkeys(formulas) if formula not in rendered]
    found = _context().call("renderAll", [list(formula) for formula in wanted]) if wanted else []
    rendered.update({formula: str(html) for formula, html in zip(wanted, found, strict=True) if html})


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
        >>> "<msub><mi>λ</mi><mrow><mi>max</mi>" in render(r"\lambda_{\max}")
        True
        >>> render(r"\gradient")
        Traceback (most recent call last):
        nnlit.book.site.katex.TeXError: Undefined control sequence: \gradient at position 1: \gradient
    """
    try:
        html = rendered.get((tex, display)) or str(_context().call("render", tex, display))
        return MATH.sub(lambda math: _grouped(math[0]), html) if APPLIED in html else html
    except JSEvalException as error:
        raise TeXError(_reason(str(error))) from None


@cache
def _context() -> MiniRacer:
    """V8 with KaTeX in it, started once, in any thread: Zensical draws formulas in one of its own."""
    init_mini_racer(flags=FLAGS, ignore_duplicate_init=True)
    context = MiniRacer()
    atexit.register(context.close)  # left to the end of Python 3.13, it would wait for a thread that stands still
    context.eval(SOURCE.read_text(encoding="utf-8") + RENDER)
    return context


def _grouped(math: str) -> str:
    r"""MathML in which a function's name counts as one child: KaTeX writes the `\max` of `\lambda_{\max}` as two."""
    ET.register_namespace("", MATHML)
    root = ET.fromstring(math)  # noqa: S314 - KaTeX has written it
    for parent in list(root.iter()):
        if len(parent) > PARTS.get(parent.tag.rpartition("}")[2], len(parent)):
            _group(parent)
    return ET.tostring(root, encoding="unicode", short_empty_elements=False)


def _group(parent: Element) -> None:
    """Put every function's name and the sign behind it into a row of their own."""
    for child in [child for child in parent if child.text == APPLIED]:
        k = list(parent).index(child)
        row = Element(f"{{{MATHML}}}mrow")
        row.extend([parent[k - 1], child])
        parent[k - 1 : k + 1] = [row]


def _reason(message: str) -> str:
    """KaTeX's message without its stack, and without the lines that it draws under letters."""
    first = message.partition("\n")[0].replace("\N{COMBINING LOW LINE}", "")
    return first.partition("KaTeX parse error: ")[2] or first
