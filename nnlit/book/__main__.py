"""`python -m nnlit.book verify`, `mutate [FILE...]`, `publish SITE` and `check FILE.md`."""

import argparse
import multiprocessing
import os
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from nnlit.book.mutation.reviewed import Reviewed
    from nnlit.book.mutation.verify import Verified

# NumPy and what needs it are imported in the commands: a mistyped command is answered at once.
PROCESSES = 2


class Parser(argparse.ArgumentParser):
    """Says in one line what is wrong with a command, and exits with status 2."""

    def error(self, message: str) -> NoReturn:
        """One line, and status 2."""
        sys.stderr.write(f"{self.prog}: {message}\n")
        sys.exit(2)


def main(arguments: list[str] | None = None) -> int:
    """Run a command; 0 where all is well, 1 where something is wrong in the book, 2 where the command is."""
    parser = Parser(prog="python -m nnlit.book", description="Execute the equations of a book.")
    options = _options(parser, arguments)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # for the processes: the arrays are tiny
    for path in options.files:
        if not path.is_file():
            parser.error(f"{path}: there is no such file")
    if options.command == "publish":
        from nnlit.book.site.published.command import run

        return run(options.site, Path("mkdocs.yml"), options.commit, paged=not options.no_pdf)
    if options.command == "check":
        return _check(parser, options.files[0])
    if not options.docs.is_dir():
        parser.error(f"there is no folder {options.docs} here: run this where the book is, or name it with --docs")
    return _run(options.docs, options.files, write=options.command == "verify")


def _check(parser: Parser, path: Path) -> int:
    """Check a file of anybody's; the exit status."""
    try:
        from nnlit.book import command
    except ImportError as error:
        parser.error(str(error))
    sys.stderr.write(f"python -m nnlit.book check has moved and will go: write nnlit check {path}\n")
    return command.run([str(path)])


def _options(parser: Parser, arguments: list[str] | None) -> argparse.Namespace:
    """The command with its files and its folder."""
    commands = parser.add_subparsers(dest="command", required=True, parser_class=Parser)
    verify = commands.add_parser("verify", help="check and mutate all chapters, and write docs/ledger.json")
    verify.set_defaults(files=[])
    mutate = commands.add_parser("mutate", help="try wrong versions of equations and tagged lines")
    mutate.add_argument("files", nargs="*", type=Path, metavar="FILE", help="chapters; all of docs/ if none is named")
    for command in (verify, mutate):
        command.add_argument("--docs", type=Path, default=Path("docs"), help="the folder of the chapters")
    publish = commands.add_parser("publish", help="make plain Markdown, notebooks, PDF and an archive of a built site")
    publish.add_argument("site", type=Path, metavar="SITE", help="the folder that mkdocs build has written")
    publish.add_argument("--commit", default="", help="what was checked today, to be named at the foot of every page")
    publish.add_argument("--no-pdf", action="store_true", help="print nothing; printing takes minutes and a browser")
    publish.set_defaults(files=[])
    check = commands.add_parser("check", help="check the equations of a Markdown file of your own")
    check.add_argument("files", nargs=1, type=Path, metavar="FILE.md")
    return parser.parse_args(arguments)


def _run(docs: Path, files: list[Path], *, write: bool) -> int:
    """Try the files, or the whole book, and write the ledger if that is wanted and all is well; the exit status."""
    from nnlit.book.mutation.reviewed import Reviewed
    from nnlit.book.source.place import BookError

    try:
        reviewed = Reviewed(docs / "equivalent.toml")
    except BookError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    reports, wrong = _tried(docs, files, reviewed, every=not write)
    if write and not wrong:
        _write(docs / "ledger.json", reports)
    return 1 if wrong else 0


def _tried(docs: Path, files: list[Path], reviewed: "Reviewed", *, every: bool) -> "tuple[list[Verified], int]":
    """Print the reports of the files, or of the whole book, and the number of things that are wrong in them."""
    from nnlit.book.mutation import ledger

    reports, wrong = [], 0
    for report in _reports(files or ledger.pages(docs)):
        wrong += _told(report, reviewed, every=every)
        reports.append(report)
    if not files:
        wrong += _printed(reviewed.unused()) + _printed(_too_many(reports))
    sys.stdout.write(_total(reports) + "\n")
    return reports, wrong


def _write(path: Path, reports: "list[Verified]") -> None:
    """Write the ledger, and say so."""
    from nnlit.book.mutation import ledger

    entries = {label: entry for report in reports for label, entry in report.entries.items()}
    pages = {report.path.name: report.digest for report in reports}
    names = {report.path.name: report.introduced for report in reports if report.introduced}
    ledger.write(path, ledger.Ledger(ledger.machine(), entries, pages, ledger.files(), names))
    sys.stdout.write(f"{path} is written\n")


def _reports(paths: list[Path]) -> "Iterator[Verified]":
    """The reports of the files, in order, made by two processes; the longest files are begun first."""
    from threadpoolctl import threadpool_limits

    from nnlit.book.mutation.verify import verify

    if len(paths) == 1:
        with threadpool_limits(1, "blas"):
            yield verify(paths[0])
        return
    with ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("spawn")) as pool:
        tasks = {p: pool.submit(verify, p) for p in sorted(paths, key=lambda p: -p.stat().st_size)}
        yield from (tasks[path].result() for path in paths)


def _told(report: "Verified", reviewed: "Reviewed", *, every: bool) -> int:
    """Print a report; the number of things that are wrong in it."""
    from nnlit.book.mutation.verify import complaints

    if report.displays or report.failures:
        sys.stdout.write(f"{report.path}: {_summary([report])}\n")
    wrong = _printed(complaints(report, reviewed))
    for survivor in report.survivors if every else ():
        reason = reviewed.reason(survivor)
        if reason:
            sys.stdout.write(f"  same: {survivor.label}: {survivor.kind}: {survivor.source}: {reason}\n")
    return wrong


def _too_many(reports: "list[Verified]") -> Iterator[str]:
    from nnlit.book.mutation.verify import ALLOWED, unnoticed

    found, tried = unnoticed(reports)
    if found > ALLOWED * tried:
        yield f"{found} of {tried} wrong equations go unnoticed, more than one in a hundred"


def _printed(lines: Iterable[str]) -> int:
    count = 0
    for count, line in enumerate(lines, 1):  # noqa: B007 - it is returned
        sys.stdout.write(f"  {line}\n")
    return count


def _summary(reports: "list[Verified]") -> str:
    """What was executed, compared and rejected, in one line."""
    equations = _rejected(reports, "equation", sum(r.equations_tried for r in reports))
    lines = _rejected(reports, "code", sum(r.lines_tried for r in reports))
    executed = f"{sum(r.executed for r in reports)} of {sum(r.displays for r in reports)} displayed equations executed"
    return f"{executed}, {sum(r.lines for r in reports)} tagged lines compared, {equations}, {lines}"


def _rejected(reports: "list[Verified]", subject: str, tried: int) -> str:
    """How many wrong versions of equations or of code lines were rejected."""
    survivors = [s for r in reports for s in r.survivors if s.subject == subject]
    wrong = tried - sum(s.equivalent for s in survivors)
    name = "equations" if subject == "equation" else "code lines"
    return f"{tried - len(survivors)} of {wrong} wrong {name} rejected ({tried - wrong} mean the same)"


def _total(reports: "list[Verified]") -> str:
    return f"all: {_summary(reports)}"


if __name__ == "__main__":
    sys.exit(main())
