"""The pytest plugin: a text's examples, its equations and the code lines that carry their labels."""

# The machinery is imported when a Markdown file is collected, so that other runs of pytest do not load it.

import os
import traceback
from collections.abc import Generator, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from _pytest.doctest import DoctestModule
from threadpoolctl import threadpool_limits

if TYPE_CHECKING:
    from typing import Self

    from _pytest._code.code import ExceptionInfo
    from _pytest.terminal import TerminalReporter

    from nnlit.book.assembly import Assembly
    from nnlit.book.report import Judged
    from nnlit.book.source.chapter import Display
    from nnlit.book.source.examples import Examples
    from nnlit.book.source.tags import Tag

TEXTS = (".md", ".qmd", ".mdx", ".ipynb", ".tex")  # that are collected where they are named
PROPERTY = "nnlit"  # reports carry ("nnlit", "equation") or ("nnlit", "code nnlit/dense.py:119")


def pytest_configure() -> None:
    """One thread for the matrix products of the examples: they are small, and two lose where cores are shared.

    NumPy is loaded with the package that this plugin stands in, and asks the environment then: it is told by
    threadpoolctl. What is loaded later, and what other processes load, reads the environment.
    """
    names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    if not any(name in os.environ for name in names):
        os.environ.update(dict.fromkeys(names, "1"))
        threadpool_limits(1, "blas")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The setting without which nothing of a project's Markdown files is run but its mathematics."""
    text = "run the Python examples of Markdown files, and read the files as strictly as the book"
    parser.addini("nnlit_examples", text, type="bool", default=False)


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(
    file_path: Path, parent: pytest.Collector
) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    """Collect Markdown files below docs/, and the texts named on the command line: also notebooks and LaTeX.

    In the book, a module without any example is not imported to look for one.
    """
    found = yield
    is_named = parent.session.isinitpath(file_path)
    below_docs = file_path.is_relative_to(parent.config.rootpath / "docs")
    in_book = parent.config.getini("nnlit_examples")
    if (file_path.suffix == ".md" and below_docs) or (file_path.suffix in TEXTS and is_named):
        kind = MarkdownFile if file_path.suffix == ".md" and in_book else TextFile
        return [*found, kind.from_parent(parent, path=file_path)]
    if file_path.suffix == ".py" and in_book and b">>>" not in file_path.read_bytes():
        return [one for one in found if not isinstance(one, DoctestModule)]
    return found


def pytest_itemcollected(item: pytest.Item) -> None:
    """Examples in docstrings are compared as those in the Markdown files of the book are."""
    if isinstance(item, pytest.DoctestItem) and item.runner and item.config.getini("nnlit_examples"):
        from nnlit.book.source.roundings import RoundingChecker

        item.runner._checker = RoundingChecker()  # type: ignore[attr-defined]  # noqa: SLF001


def pytest_terminal_summary(terminalreporter: "TerminalReporter") -> None:
    """Say how many of the displayed equations were executed, and how many tagged lines compared."""
    seen = [(p[1], r.outcome) for r in _reports(terminalreporter) for p in r.user_properties if p[0] == PROPERTY]
    equations = [outcome for what, outcome in seen if what == "equation"]
    lines = {what for what, outcome in seen if what != "equation" and outcome == "passed"}
    if seen:
        executed = f"{equations.count('passed')} of {len(equations)} displayed equations executed"
        terminalreporter.write_line(f"{executed}, {len(lines)} tagged lines compared")


def _reports(terminalreporter: "TerminalReporter") -> list[pytest.TestReport]:
    return [r for outcome in ("passed", "failed", "skipped") for r in terminalreporter.stats.get(outcome, [])]


class TextFile(pytest.File):
    """Anybody's Markdown file: one item for each displayed equation; none of its examples is run."""

    def collect(self) -> Iterator[pytest.Item]:
        """One item per display, and one per row of a Symbols table that cannot be used."""
        try:
            from nnlit.book.report import checked
        except ImportError as error:
            raise pytest.UsageError(str(error)) from error
        from nnlit.book.source.place import BookError, line_words

        try:
            report = checked(self.path)
        except BookError as error:
            raise self.CollectError(_local(str(error), self.config)) from error
        for fault in report.faults:
            yield FaultItem.about(self, f"row at {line_words(fault.place.line)}", fault.place.line, str(fault))
        for one in report.judged:
            yield VerdictItem.of(self, one)


class MarkdownFile(pytest.File):
    """One Markdown file: its examples share a namespace and run in order; its equations and tagged lines follow."""

    def collect(self) -> Iterator[pytest.Item]:
        """One item per example, one per displayed equation, one per label of a tagged line."""
        from nnlit.book.source.place import BookError

        try:
            equations = [EquationItem.of(self, display) for display in self.whole.chapter.displays]
            lines = [CodeItem.of(self, label, tag) for tag in self.whole.tags for label in tag.labels]
            yield from [ExampleItem.of(self, index) for index in range(len(self.examples.all))]
        except BookError as error:
            raise self.CollectError(_local(str(error), self.config)) from error
        yield from equations
        yield from lines

    @cached_property
    def whole(self) -> "Assembly":
        """The file with everything that belongs to it."""
        try:
            from nnlit.book.assembly import Assembly
        except ImportError as error:
            raise pytest.UsageError(str(error)) from error

        return Assembly.of(self.path, _flags(self.config))

    @property
    def examples(self) -> "Examples":
        """Its examples."""
        try:
            return self.whole.examples
        except ImportError as error:
            raise pytest.UsageError("the examples in Markdown files need Sybil: pip install 'nnlit[test]'") from error


class BookItem(pytest.Item):
    """A check of the book; what is wrong is told in one message that begins with file and line."""

    place: tuple[Path, int]

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where pytest says that this item stands."""
        from nnlit.book.source.place import Place

        path, line = self.place
        return path, line - 1, f"{Place(Path(path.name), line)} {self.name}"

    def repr_failure(self, excinfo: "ExceptionInfo[BaseException]", style: object = None) -> str:
        """The message of what is wrong; a traceback only where nobody foresaw it."""
        from nnlit.book.source.place import BookError

        error = excinfo.value
        return _local(str(error) if isinstance(error, BookError) else _trace(error, __file__), self.config)


class FaultItem(BookItem):
    """Something that cannot be used as it stands: it fails with a message."""

    message: str

    @classmethod
    def about(cls, parent: pytest.File, name: str, line: int, message: str) -> "Self":
        """The item of what stands at a line; without a message it passes."""
        item: Self = cls.from_parent(parent, name=name)
        item.place, item.message = (parent.path, line), message
        return item

    def runtest(self) -> None:
        """Fail with what is wrong."""
        from nnlit.book.source.place import BookError, Place

        if self.message:
            raise BookError(Place(*self.place), self.message)

    def repr_failure(self, excinfo: "ExceptionInfo[BaseException]", style: object = None) -> str:
        """The message, as `nnlit check` prints it."""
        return _local(self.message, self.config)


class VerdictItem(FaultItem):
    """What `nnlit check --strict` says of one displayed equation."""

    @classmethod
    def of(cls, parent: TextFile, one: "Judged") -> "VerdictItem":
        """The item of a display; one that its author marked as unchecked is skipped, and says why."""
        from nnlit.book.checks.verdicts import Result, Verdict
        from nnlit.book.command import steps
        from nnlit.book.source.place import line_words

        passed = one.verdict in (Verdict.TRUE, Verdict.DEFINED)
        name = f"equation {line_words(one.place.line) if ', line ' in one.label else one.label}"
        item = cls.about(parent, name, one.place.line, "" if passed else "\n".join(steps(one)))
        item.user_properties.append((PROPERTY, "equation"))
        if not passed and isinstance(one.found, Result):
            item.add_marker(pytest.mark.skip(reason=f"unchecked: {one.said}"))
        return item


class EquationItem(BookItem):
    """The page check of one displayed equation."""

    file: MarkdownFile
    display: "Display"

    @classmethod
    def of(cls, parent: MarkdownFile, display: "Display") -> "EquationItem":
        """The item of a display; one that is not checked is skipped, and says why."""
        item: EquationItem = cls.from_parent(parent, name=f"equation {display.label or f'line {display.place.line}'}")
        item.file, item.display, item.place = parent, display, (display.place.path, display.place.line)
        item.user_properties.append((PROPERTY, "equation"))
        _skip_unchecked(item, display)
        return item

    def runtest(self) -> None:
        """Execute the equation."""
        self.file.whole.equations.check(self.display, every=True)


class CodeItem(BookItem):
    """The code check of one label of a tagged line."""

    file: MarkdownFile
    label: str
    tag: "Tag"

    @classmethod
    def of(cls, parent: MarkdownFile, label: str, tag: "Tag") -> "CodeItem":
        """The item of a label and a line that carries it; one whose equation is unchecked is skipped.

        Of several lines with one label each has a name of its own: pytest-xdist runs one item of a name.
        """
        several = len(parent.whole.lines(label)) > 1
        name = f"code {label} at line {tag.place.line}" if several else f"code {label}"
        item: CodeItem = cls.from_parent(parent, name=name)
        item.file, item.label, item.tag, item.place = parent, label, tag, (tag.place.path, tag.place.line)
        item.user_properties.append((PROPERTY, f"code {tag.place}"))
        for display in parent.whole.chapter.displays:
            if display.label == label:
                _skip_unchecked(item, display)
        return item

    def runtest(self) -> None:
        """Run the examples that have not run, then compare the line with its equation."""
        code = self.file.whole.recorded()
        assert code is not None  # it has a tag: this one
        code.compare(self.file.whole.equations, self.label, self.tag)


def _skip_unchecked(item: pytest.Item, display: "Display") -> None:
    """Skip what belongs to a display that its author marked as unchecked, and say why."""
    from nnlit.book.source.marks import Unchecked

    if isinstance(display.mark, Unchecked):
        item.add_marker(pytest.mark.skip(reason=f"unchecked: {display.mark.why}"))


class ExampleItem(pytest.Item):
    """One `>>>` example or Python block."""

    examples: "Examples"
    index: int

    @classmethod
    def of(cls, parent: MarkdownFile, index: int) -> "ExampleItem":
        """The item of the example at `index`; a block that is not to be run here is skipped, and says why."""
        example = parent.examples.all[index]
        item: ExampleItem = cls.from_parent(parent, name=f"line:{example.line}")
        item.examples, item.index = parent.examples, index
        if example.line in parent.examples.reasons:
            item.add_marker(pytest.mark.skip(reason=parent.examples.reasons[example.line]))
        return item

    def runtest(self) -> None:
        """Run the examples up to this one, as far as they have not run yet."""
        self.examples.run(self.index)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where pytest says that this item stands."""
        line = self.examples.all[self.index].line
        return self.path, line - 1, f"{self.path.name}:{line}"

    def repr_failure(self, excinfo: "ExceptionInfo[BaseException]", style: object = None) -> str:
        """Expected and got for a doctest; for a Python block the traceback from its first line on."""
        from sybil.example import SybilFailure

        example, error = self.examples.all[self.index], excinfo.value
        if isinstance(error, SybilFailure):
            text = f"{self.path}:{example.line}: {str(example.parsed.source).rstrip()}\n{error.result}"
            return _local(text, self.config)
        return _local(_trace(error, str(self.path)), self.config)


def _flags(config: pytest.Config) -> int:
    """The doctest flags of the project, for the examples in Markdown files."""
    from nnlit.book.source.flags import flags_named

    try:
        return flags_named(config.getini("doctest_optionflags"))
    except ValueError as error:
        raise pytest.UsageError(str(error)) from error


def _trace(error: BaseException, path: str) -> str:
    """The traceback of an error from the first line of a file on; what pytest did before is left out."""
    trace = error.__traceback__
    while trace and trace.tb_frame.f_code.co_filename != path:
        trace = trace.tb_next
    return "".join(traceback.format_exception(error.with_traceback(trace or error.__traceback__)))


def _local(text: str, config: pytest.Config) -> str:
    """A message whose paths begin at the project's folder, as a reader wants them."""
    return text.replace(f"{config.rootpath}{os.sep}", "")
