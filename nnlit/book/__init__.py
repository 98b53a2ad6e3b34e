"""The machinery of the book: reads chapters, executes their equations, renders them for the site.

`nnlit/book/README.md` says which room does what. From outside, one function is enough.
"""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nnlit.book.report import Report


def check(path: str | Path) -> "Report":
    r"""Execute every displayed equation of a Markdown file, as the checker does with the chapters of this book.

    A displayed equation stands between two lines `$$`; a table with the header `symbol | shape | code | meaning`
    declares what is random. Nothing of the file is run but its mathematics.

    Args:
        path: the file.

    Returns:
        A report with a verdict on each displayed equation; what is wrong with one is in the report, not raised.

    Raises:
        OSError: the file cannot be opened.
        ValueError: it is not UTF-8 text, has no displayed equation, or has one that begins and never ends; the message
            begins with file and line.

    Examples:
        >>> from tempfile import TemporaryDirectory
        >>> text = r'''
        ... | symbol | shape | code | meaning |
        ... |---|---|---|---|
        ... | $x$ | number | | any number |
        ...
        ... $$
        ... f = x^3 \label{own:cube}
        ... $$
        ...
        ... $$
        ... \frac{\partial f}{\partial x} = 3 x^2 \label{own:slope}
        ... $$
        ...
        ... $$
        ... \frac{\partial f}{\partial x} = 6 x^2 \label{own:slip}
        ... $$
        ... '''
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "own.md")
        ...     written = path.write_text(text, encoding="utf-8")
        ...     report = check(path)
        >>> print(report)
        2 of 3 displayed equations true, 1 failed
        >>> [str(verdict.how) for verdict in report.verdicts[:2]]
        ['definition', 'complex step']
        >>> [(error.label, error.place.line) for error in report.errors]
        [('own:slip', 15)]
        >>> "the right side is 2 times the left" in str(report.errors[0])
        True
    """
    from nnlit.book.report import checked

    return checked(Path(path))
