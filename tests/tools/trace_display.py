"""`python tests/tools/trace_display.py [FILE.md [LABEL]]`: the walk of one displayed equation through the machine.

Prints the files whose functions work on it, in the order in which they are entered first, room by room: reading,
resolving, checking with the line that carries the label, wrong versions, the page. Doors and assembly, which put the
rooms' work together, are left out.
"""

import shutil
import sys
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "nnlit" / "book"
ROOMS = ("source", "language", "evaluation", "checks", "mutation", "site")


class Walk:
    """The files of the machine in the order of their first call, and every change from one file to another, once."""

    def __init__(self) -> None:
        self.files: list[str] = []
        self.moves: dict[tuple[str, str], int] = {}
        self._last = ""
        self._known: dict[str, str] = {}

    def __call__(self, frame: FrameType, event: str, argument: object) -> None:
        """What `sys.setprofile` calls."""
        if event != "call" or frame.f_code.co_name == "<module>":
            return
        name = frame.f_code.co_filename
        if name not in self._known:
            self._known[name] = Path(name).relative_to(BOOK).as_posix() if Path(name).is_relative_to(BOOK) else ""
        file = self._known[name]
        if file.partition("/")[0] not in ROOMS or file == self._last:
            return
        if self._last:
            self.moves[self._last, file] = self.moves.get((self._last, file), 0) + 1
        if file not in self.files:
            self.files.append(file)
        self._last = file

    def over(self, work: Callable[[], object]) -> None:
        """Follow a piece of work."""
        sys.setprofile(self)
        try:
            work()
        finally:
            sys.setprofile(None)


def room(file: str) -> int:
    """The number of the room that a file stands in."""
    return ROOMS.index(file.partition("/")[0])


def rooms(files: list[str]) -> list[str]:
    """The rooms of some files, each once, in the order of their first file."""
    return list(dict.fromkeys(file.partition("/")[0] for file in files))


def walk(path: Path, label: str) -> Walk:
    """Follow a display from its file to its element on a page."""
    from markdown import Markdown

    from nnlit.book.assembly import Assembly
    from nnlit.book.mutation.judge import EquationJudge
    from nnlit.book.mutation.wrong_equations import equation_mutants
    from nnlit.book.site.catalog import load
    from nnlit.book.site.html import Elements

    def work() -> None:
        whole = Assembly.of(path)
        display = whole.analysis.by_label[label]
        whole.equations.check(display)
        code = whole.recorded()
        for tag in whole.lines(label):
            assert code is not None
            code.compare(whole.equations, label, tag)
        mutant = next(iter(equation_mutants(whole.equations, display)))
        EquationJudge(whole.equations, display).verdict_on(mutant)
        Elements(Markdown(), book, display.place, shield=False).equation(display, copy=False)

    with TemporaryDirectory() as folder:  # a book of this chapter alone
        shutil.copy(path, folder)
        book = load(Path(folder), ROOT / "nnlit", preview=True)
    found = Walk()
    found.over(work)
    return found


def main(arguments: list[str]) -> int:
    """Print the walk; 1 where a room is entered first after one that comes later."""
    path = Path(arguments[0]) if arguments else ROOT / "docs" / "04-dense.md"
    found = walk(path, arguments[1] if len(arguments) > 1 else "dense:grad-W")
    for name, files in groupby(found.files, key=lambda file: file.partition("/")[0]):
        print(f"{name + '/':12}{', '.join(file.partition('/')[2].removesuffix('.py') for file in files)}")
    back = sum(room(after) < room(before) for before, after in found.moves)
    print(f"{len(found.files)} files, {len(found.moves)} ways from one file to another, {back} to an earlier room")
    print(f"rooms in the order of their first entry: {', '.join(rooms(found.files))}")
    order = [ROOMS.index(name) for name in rooms(found.files)]
    return int(order != sorted(order))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
