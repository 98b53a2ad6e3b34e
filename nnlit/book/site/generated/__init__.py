"""Pages that are made from the chapters.

Each is Markdown, put where a page has the marker `[[symbols]]`, so that all links and equations go the usual way. A new
page is a module here, a line in `PAGES`, and a file in docs/ with its marker.
"""

from collections.abc import Callable

from nnlit.book.site.catalog import Contents
from nnlit.book.site.generated.broken import broken
from nnlit.book.site.generated.errata import errata
from nnlit.book.site.generated.exercises import exercises
from nnlit.book.site.generated.formulas import formulas
from nnlit.book.site.generated.ledger import ledger, totals
from nnlit.book.site.generated.recorded import recorded
from nnlit.book.site.generated.reference import OUTSIDE, names, reference
from nnlit.book.site.generated.symbols import symbols

RUNS = ("arc", "autodiff", "benchmark", "tested", "lighthouse")  # recordings whose tables stand together
PARALLEL = ("memory", "blocks", "products", "threads", "cluster", "law")  # tables of docs/parallel.json
PAGES: dict[str, Callable[[Contents], str]] = {
    "symbols": symbols,
    "formulas": formulas,
    "errata": errata,
    "exercises": exercises,
    "ledger": ledger,
    "reference-names": names,
    "reference": reference(1, 9),  # as the book has its parts
    "reference-better": reference(10, OUTSIDE - 1),
    "reference-around": reference(OUTSIDE, OUTSIDE),
    **{name: recorded(name) for name in RUNS},
    "tested-equations": totals,
    "broken": broken(),
    "broken-dense": broken("dense"),
    **{f"parallel-{part}": recorded("parallel", part) for part in PARALLEL},
}
