"""The pytest plugin: a Markdown file's examples, its equations and the code lines that carry their labels."""

# The machinery is imported when a Markdown file is collected, so that other runs of pytest do not load it.
# ruff: noqa: PLC0415

import doctest
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from _pytest._code.code import ExceptionInfo

    from nnlit.book.examples import Examples


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "MarkdownFile | None":
    """Collect Markdown files below docs/ and those named on the command line."""
    below_docs = file_path.is_relative_to(parent.config.rootpath / "docs")
    if file_path.suffix == ".md" and (below_docs or parent.session.isinitpath(file_path)):
        return MarkdownFile.from_parent(parent, path=file_path)
    return None


class MarkdownFile(pytest.File):
    """One Markdown file: its examples share a namespace and run in order."""

    examples: "Examples"

    def collect(self) -> Iterator[pytest.Item]:
        """One item per example, then the equations, then the tagged lines."""
        try:
            from nnlit.book.examples import Examples
        except ImportError as error:
            raise pytest.UsageError("the examples in Markdown files need Sybil: pip install 'nnlit[test]'") from error
        self.examples = Examples(self.path, _flags(self.config))
        for index in range(len(self.examples.all)):
            yield ExampleItem.of(self, index)


class ExampleItem(pytest.Item):
    """One `>>>` example or Python block."""

    examples: "Examples"
    index: int

    @classmethod
    def of(cls, parent: "MarkdownFile", index: int) -> "ExampleItem":
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

    def repr_failure(self, excinfo: "ExceptionInfo[BaseException]", style: object = None) -> str:  # noqa: ARG002
        """Expected and got for a doctest; for a Python block the traceback from its first line on."""
        from sybil.example import SybilFailure

        example, error = self.examples.all[self.index], excinfo.value
        if isinstance(error, SybilFailure):
            where = f"{_shown(self.path, self.config)}:{example.line}"
            return f"{where}: {str(example.parsed.source).rstrip()}\n{error.result}"
        trace = error.__traceback__
        while trace and trace.tb_frame.f_code.co_filename != str(self.path):
            trace = trace.tb_next
        return "".join(traceback.format_exception(error.with_traceback(trace or error.__traceback__)))


def _flags(config: pytest.Config) -> int:
    names = config.getini("doctest_optionflags")
    unknown = [name for name in names if name not in doctest.OPTIONFLAGS_BY_NAME]
    if unknown:
        raise pytest.UsageError(f"doctest_optionflags: {', '.join(unknown)} is not a flag that Markdown examples know")
    return sum({doctest.OPTIONFLAGS_BY_NAME[name] for name in names})


def _shown(path: Path, config: pytest.Config) -> Path:
    """The path as the reader of a report wants it: from the project's folder on."""
    return path.relative_to(config.rootpath) if path.is_relative_to(config.rootpath) else path
