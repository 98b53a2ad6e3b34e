"""The runnable examples of a Markdown file: `>>>` lines, Python blocks and hidden set-up, in one namespace."""

import importlib.util
import re
import textwrap
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from enum import Enum
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from sybil import Document, Region
from sybil.evaluators.doctest import DocTestEvaluator, DocTestRunner
from sybil.evaluators.python import PythonEvaluator
from sybil.example import Example
from sybil.parsers.abstract.doctest import DocTestStringParser
from sybil.region import Lexeme

from nnlit.book.source.markdown import Markdown
from nnlit.book.source.place import BookError, Place
from nnlit.book.source.roundings import RoundingChecker

COMMENT = re.compile(r"\s*<!--\s*(invisible-code-block|needs|skip):(.*?)(?:-->|$)")


class Says(Enum):
    """What a block says to the runner of examples: that it is code, shown or hidden, or something of the next one."""

    FENCE = "fence"
    HIDDEN = "invisible-code-block"
    NEEDS = "needs"
    SKIP = "skip"


class Directive(NamedTuple):
    """A fence, or a comment with a directive: what it says, of which language or of what, and the lines inside."""

    kind: Says
    argument: str
    line: int
    body: list[str]


def directives(blocks: Markdown) -> list[Directive]:
    """The fences and the comments with a directive, in their order; what a longer fence quotes is text."""
    fences = (Directive(Says.FENCE, fence.language, fence.first, blocks.body(fence)) for fence in blocks.fences)
    said = ((comment, COMMENT.match(blocks.lines[comment.first - 1])) for comment in blocks.comments)
    comments = (Directive(Says(m[1]), m[2].strip(), block.first, blocks.body(block)) for block, m in said if m)
    return sorted([*fences, *comments], key=lambda directive: directive.line)


class _Evaluator(DocTestEvaluator):
    """Sybil's, but that a printed decimal has to be a correct rounding."""

    def __init__(self, flags: int) -> None:
        self.runner = _Runner(flags)


class _Runner(DocTestRunner):
    def __init__(self, flags: int) -> None:
        super().__init__(flags)
        self._checker = RoundingChecker()


class Examples:
    """The examples of a file, each run at most once and in order.

    Args:
        path: the file.
        blocks: its text.
        flags: the doctest flags that its examples are compared with.

    `around()` is entered for each run (the code check records there); `reasons` says by line why an example is skipped.
    """

    def __init__(self, path: Path, blocks: Markdown, flags: int = 0) -> None:
        self.path, self._blocks = path, blocks
        self.around: Callable[[], AbstractContextManager[object]] = nullcontext
        self._results: list[BaseException | None] = []
        self._document = Document(blocks.text, str(path))
        self.reasons: dict[int, str] = {}
        self._evaluate, self._execute = _Evaluator(flags), PythonEvaluator()
        for region in self._regions():
            self._document.add(region)
        self.all: list[Example] = list(self._document.examples())

    def run(self, index: int) -> None:
        """Run the example at `index` after all before it; raises what it raises, again when asked again."""
        while len(self._results) <= index:
            self._results.append(self._run(self.all[len(self._results)]))
        result = self._results[index]
        if result is not None:
            raise result

    def run_all(self) -> None:
        """Run what has not run yet; what fails is raised by `run`, not here."""
        while len(self._results) < len(self.all):
            self._results.append(self._run(self.all[len(self._results)]))

    @property
    def failed(self) -> list[Place]:
        """Where the examples stand that have failed so far."""
        results = zip(self.all, self._results, strict=False)  # the last ones may not have run yet
        return [Place(self.path, example.line) for example, error in results if error is not None]

    def _run(self, example: Example) -> BaseException | None:
        if example.line in self.reasons:
            return None
        try:
            with self.around():
                example.evaluate()
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # noqa: BLE001 - kept, and raised where the example is reported
            return error
        return None

    def _regions(self) -> Iterator[Region]:
        starts = [0, *accumulate(len(line) + 1 for line in self._blocks.lines)]
        reason = ""
        for block in directives(self._blocks):
            if block.kind in {Says.NEEDS, Says.SKIP}:
                reason = self._reason(block) or reason
                continue
            for first, last, parsed, evaluator in self._parts(block):
                self.reasons.update({first: reason} if reason else {})
                yield Region(starts[first - 1], starts[last] - 1, parsed, evaluator)
            reason = ""

    def _parts(self, block: Directive) -> Iterator[tuple[int, int, object, Callable[[Example], str | None]]]:
        """First line, last line, parsed source and evaluator of each example in a block."""
        source = textwrap.dedent("\n".join(block.body)) + "\n"
        session = block.argument == "pycon" or (block.argument == "python" and source.lstrip().startswith(">>>"))
        if block.kind is Says.FENCE and session:
            for region in DocTestStringParser(self._evaluate)(source, str(self.path)):
                first = block.line + 1 + region.parsed.lineno
                size = (region.parsed.source + region.parsed.want).count("\n")
                yield first, first + size - 1, region.parsed, self._evaluate
        elif block.argument == "python":
            yield block.line, block.line + len(block.body), Lexeme(source, 0, 0), self._execute
        elif block.kind is Says.HIDDEN:
            raise BookError(
                Place(self.path, block.line), "write <!-- invisible-code-block: python, then the code, then -->"
            )

    def _reason(self, block: Directive) -> str:
        """Why the next block is not run: `<!-- needs: torch, jax -->` or `<!-- skip: why -->`; empty if it is."""
        if block.kind is Says.NEEDS:
            missing = [name for n in block.argument.split(",") if not _found(name := n.strip())]
            return f"needs {', '.join(missing)}, not installed here" if missing else ""
        if block.argument.split(" ")[0] in ("", "next", "start", "end"):
            raise BookError(Place(self.path, block.line), "say why: <!-- skip: why --> skips the next block")
        return block.argument


def _found(name: str) -> bool:
    return importlib.util.find_spec(name) is not None
