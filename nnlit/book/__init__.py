"""The machinery of the book: reads chapters, executes their equations, renders them for the site.

`nnlit/book/README.md` says which room does what. From outside, one function is enough.
"""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nnlit.book.report import Report


def check(path: str | Path) -> "Report":
    r"""Execute every displayed equation of anybody's file: what `nnlit check` prints, as a value.

    The file is Markdown, a notebook, LaTeX, Python with docstrings or a web page. A table with the header
    `symbol | shape | code | meaning` declares what is random. Nothing of the file is run but its mathematics.

    Args:
        path: the file.

    Returns:
        A report with a verdict on each displayed equation; what is wrong with one is in the report, not raised.

    Raises:
        OSError: the file cannot be opened.
        ValueError: it is no text, of no kind that is read, or its Symbols table is malformed; the message begins with
            file and line.

    Examples:
        >>> from tempfile import TemporaryDirectory
        >>> text = r'''
        ... | symbol | shape | code | meaning |
        ... |---|---|---|---|
        ... | $x$ | number | | any number |
        ...
        ... $$f = x^3$$
        ...
        ... $$\frac{\partial f}{\partial x} = 3 x^2 \label{own:slope}$$
        ...
        ... $$\frac{\partial f}{\partial x} = 6 x^2 \label{own:slip}$$
        ... '''
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "own.md")
        ...     written = path.write_text(text, encoding="utf-8")
        ...     report = check(path)
        >>> print(report)
        3 displays: 1 true, 1 defined, 1 false
        >>> [(one.label, one.place.line, str(one.verdict)) for one in report.judged[1:]]
        [('own:slope', 8, 'true'), ('own:slip', 10, 'false')]
        >>> "the right side is 2 times the left" in report.false[0].said
        True
    """
    from nnlit.book.report import checked

    return checked(Path(path))
