"""A chapter put together: what was read of it, its equations, the tagged lines of its module, its examples.

pytest, `verify`, the ledger, the site and `check` all get a chapter from here. Each part is made when it is asked for,
and what makes it is loaded then: who only reads loads neither Sybil nor what evaluates equations, and who only checks
equations imports no module of the project.
"""

from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from nnlit.book.source import tags
from nnlit.book.source.chapter import Chapter, read
from nnlit.book.source.tags import Tag

if TYPE_CHECKING:
    from nnlit.book.checks.code import CodeCheck
    from nnlit.book.checks.equations import PageCheck
    from nnlit.book.checks.readings import Around
    from nnlit.book.checks.verdicts import EquationError, Result
    from nnlit.book.evaluation.analysis import Analysis
    from nnlit.book.language.tex import Formulas
    from nnlit.book.source.examples import Examples


class Assembly:
    """One Markdown file with everything that belongs to it.

    Args:
        chapter: the file as read.
        flags: the doctest flags that its examples are compared with.
    """

    def __init__(self, chapter: Chapter, flags: int = 0) -> None:
        self.chapter, self.flags = chapter, flags

    @classmethod
    def of(cls, path: Path, flags: int = 0) -> "Assembly":
        """A file, read; malformed markup raises BookError with its file and line."""
        return cls(read(path), flags)

    @cached_property
    def analysis(self) -> "Analysis":
        """Its displays as equations: parsed without names, then resolved against the Symbols tables."""
        from nnlit.book.evaluation.analysis import analysed

        return analysed(self.chapter, self.formulas)

    @cached_property
    def formulas(self) -> "Formulas":
        """Its displays as trees without names."""
        from nnlit.book.language.tex import parsed

        return parsed(self.chapter.displays)

    def verdicts(self, around: "Around" = iter) -> "list[Result | EquationError]":
        """What is found of every display, of a notation with two readings under both; `around` as in `Readings`."""
        from nnlit.book.checks.readings import verdicts

        return verdicts(self.analysis, self.formulas, around)

    @cached_property
    def equations(self) -> "PageCheck":
        """Its page check."""
        from nnlit.book.checks.equations import PageCheck

        return PageCheck(self.analysis)

    @cached_property
    def module(self) -> Path | None:
        """The file of its module, if it has one."""
        return tags.module_path(self.chapter.path)

    @cached_property
    def tags(self) -> list[Tag]:
        """The tags of its module; none where it has no module."""
        return tags.read(self.module) if self.module else []

    def lines(self, label: str) -> list[Tag]:
        """The tagged lines that carry a label."""
        return [tag for tag in self.tags if label and label in tag.labels]

    @cached_property
    def code(self) -> "CodeCheck | None":
        """Its code check, if its module has tags."""
        from nnlit.book.checks.code import CodeCheck

        return CodeCheck(self.chapter, self.module, self.tags) if self.module and self.tags else None

    @cached_property
    def examples(self) -> "Examples":
        """Its examples, which run under the code check's recorder."""
        from nnlit.book.source.examples import Examples

        examples = Examples(self.chapter.path, self.chapter.markdown, self.flags)
        examples.around = self._recording
        return examples

    def _recording(self) -> AbstractContextManager[object]:
        try:
            return self.code.recorder if self.code else nullcontext()
        except Exception:  # noqa: BLE001 - who asks for the code check is told; the examples run all the same
            return nullcontext()

    def recorded(self) -> "CodeCheck | None":
        """The code check after all examples have run under its recorder, those of the module's docstrings as needed."""
        if self.code:
            self.examples.run_all()
            self.code.run_docstrings(self.flags)
        return self.code
