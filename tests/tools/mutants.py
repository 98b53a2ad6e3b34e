"""Wrong versions of the library, and whether a test notices: `python tests/tools/mutants.py COUNT [--seed N]`.

A sample of all wrong versions (see `wrong_library.py`) is drawn by the seed. Each is put into a copy of the project,
and the tests that reach its statement are run until one fails: those of its own module first, then the others that are
quick, then for a chapter's module its page, and at last those of its own module that were not seen to reach it, in
case another process of theirs does. A test that fails with the right version too rejects nothing. What survives is a
fault of the tests unless `equivalent.toml`, beside this file, says why nobody could notice.

With a folder in which it is kept what reaches what, and what was rejected, a run goes on where an earlier one ended.
"""

import argparse
import ast
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from forking import LATE
from selected import LONG, digest
from warm import ANEW, NOTHING, QUIET
from wrong_library import Wrong, is_real, wrong_versions

ROOT = Path(__file__).parents[2]
REVIEWED = Path(__file__).with_name("equivalent.toml")
WANTED = 0.97  # of the versions that could be noticed
BUDGET = 60  # seconds that tests may take which are not the module's own or were not seen to reach the statement
NO_TESTS = 5  # pytest's status where none was selected
TESTS = ["nnlit", "tests", "--ignore=nnlit/book", "--ignore=tests/book", "--ignore=tests/project"]
TESTS += ["--ignore=tests/browser", "-k", LONG]


@dataclass
class Verdict:
    """What became of a wrong version: killed by a test, equivalent for a reason, or alive."""

    wrong: Wrong
    by: str = ""
    reason: str = ""

    @property
    def alive(self) -> bool:
        """Whether nothing noticed it and nobody said why."""
        return not self.by and not self.reason


class Server:
    """A process that answers lines of JSON with lines of JSON."""

    def __init__(self, root: Path, *words: str) -> None:
        paths = [str(root), str(root / "tests" / "tools")]
        settings = os.environ | {"PYTHONPATH": os.pathsep.join(paths), "PYTHONDONTWRITEBYTECODE": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", *words], cwd=root, env=settings, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def ask(self, request: Any) -> Any:
        """Send a request, and wait for the answer."""
        print(json.dumps(request), file=self.process.stdin, flush=True)
        return self.answer()

    def answer(self) -> Any:
        """The next answer."""
        line = self.process.stdout.readline() if self.process.stdout else ""
        if not line:
            raise SystemExit(f"{self.process.args} ended")
        return json.loads(line)


class Copy:
    """A copy of the project in which versions are tried.

    Args:
        folder: where it is made.
        known: a file with what reaches what, from an earlier run; measured if it is not there. A module that has
            changed since is asked by its functions instead of its lines.
    """

    def __init__(self, folder: Path, known: Path | None = None) -> None:
        self.root, self.known = folder / "nnlit", known or folder / "reached.json"
        kept = shutil.ignore_patterns(".*", "site", "build", "dist", "__pycache__", "node_modules")
        shutil.copytree(ROOT, self.root, ignore=kept)
        self.fresh = Server(self.root, "forking")
        if not self.known.exists():
            status, out = self.pytest(*TESTS, "--reached", str(self.known), "--maxfail=100000", seconds=3600)
            if not self.known.exists():
                raise SystemExit(f"pytest ended with {status} and did not measure:\n{out[-3000:]}")
        self.found = json.loads(self.known.read_text(encoding="utf-8"))
        self.seconds, self.failed = dict(self.found["tests"]), set(self.found["failed"])
        self.numbered = [name for name, _ in self.found["tests"]]
        self.warm = Server(self.root, "warm", str(folder / "warm.txt"), *TESTS)
        there = self.warm.answer()
        if there["failed"]:
            raise SystemExit((folder / "warm.txt").read_text(encoding="utf-8")[-3000:])
        self.new = set(there["tests"]) - self.seconds.keys() - self.failed  # written since it was measured
        self.seconds = {name: t for name, t in self.seconds.items() if name in set(there["tests"])}
        self.seconds |= dict.fromkeys(self.new, 0.0)  # they come first
        shutil.rmtree(self.root / ".hypothesis", ignore_errors=True)

    def pytest(self, *words: str, seconds: float) -> tuple[int, str]:
        """Run pytest; its status, or 99 where it did not end in time, and its last lines."""
        out = self.root.parent / "out.txt"
        status = self.fresh.ask([[*QUIET, "-x", "-p", "selected", *words], seconds, str(out)])
        return status, out.read_text(encoding="utf-8", errors="replace")

    def reaching(self, wrong: Wrong, raw: bytes) -> tuple[set[str], bool]:
        """The tests that run a statement, and whether it runs when its module is imported."""
        functions = self.found["functions"].get(wrong.path, {})
        lines, imported = self.found["lines"].get(wrong.path, {}), set(self.found["imported"].get(wrong.path, ()))
        if self.found["digests"].get(wrong.path) == digest(raw):
            at = statement(raw, wrong)
            found = {k for line in at for k in lines.get(str(line), ())}
            early = not wrong.function or any(line in imported for line in at)
        else:
            found, early = set(functions.get(wrong.function, ())), not wrong.function
        if early and not found:
            found = {k for tests in functions.values() for k in tests}
        return {self.numbered[k] for k in found} & self.seconds.keys(), early

    def own(self, wrong: Wrong) -> list[str]:
        """The files with the tests of a module."""
        stem = Path(wrong.path).stem
        test = "tests/project/test_package.py" if stem == "__init__" else f"tests/test_{stem}.py"
        return [name for name in (f"nnlit/{stem}.py", test) if (self.root / name).exists()]

    def quickest(self, names: set[str], budget: float) -> list[str]:
        """Tests, the quick ones first, as many as fit into so many seconds."""
        order = sorted(names, key=self.seconds.__getitem__)
        sums = accumulate(map(self.seconds.__getitem__, order))
        return [name for name, total in zip(order, sums, strict=True) if total < budget]

    def killer(self, wrong: Wrong) -> str:
        """The first test that fails with a wrong version and passes with the right one, or nothing."""
        path = self.root / wrong.path
        raw = path.read_bytes()
        names, early = self.reaching(wrong, raw)
        mine = {name for name in self.seconds if name.split("::")[0] in self.own(wrong)}
        order = self.quickest(mine & names | self.new, float("inf")) + self.quickest(names - mine, BUDGET)
        while not early and order:
            by, text = self.warmly(wrong, raw, order)
            if by == ANEW:
                early = True
            elif by == NOTHING:
                break
            elif self.warmly(None, raw, [by])[0] == NOTHING:
                return f"{by} - {text}"
            else:  # it fails by itself, here and now
                order.remove(by)
        return self.freshly(wrong, raw, names, early=early)

    def warmly(self, wrong: Wrong | None, raw: bytes, order: list[str]) -> tuple[str, str]:
        """The first of some tests that fails in a fork of the process that has collected them."""
        path = self.root / (wrong.path if wrong else "nnlit/__init__.py")
        folder = self.root.parent / "place"
        if wrong:
            path.write_bytes(wrong.applied(raw))
        limits = [(name, 30 + 10 * self.seconds[name]) for name in order]
        try:
            found = self.warm.ask({"path": f"nnlit/{path.name}", "order": limits, "folder": str(folder)})
        finally:
            if wrong:
                path.write_bytes(raw)
            shutil.rmtree(folder, ignore_errors=True)
        return found["by"], found.get("text", "")

    def freshly(self, wrong: Wrong, raw: bytes, names: set[str], *, early: bool) -> str:
        """The first test that fails where the module is imported anew, or nothing.

        Args:
            wrong: the version.
            raw: the module as it is.
            names: tests that reach it; the chapter's page comes after them, and the module's other tests, in case
                another process of theirs runs it.
            early: whether the tests that reach it are still to be run.
        """
        for files, order, seconds in self.stages(wrong, names, early=early):
            status, out = self.ordered(files, order, seconds, wrong, raw)
            by = _first(out).removeprefix("FAILED ").partition(" - ")[0]
            if status == LATE:
                return "in time"
            if status in (0, NO_TESTS) or (by in self.seconds and self.warmly(None, raw, [by])[0] != NOTHING):
                continue
            if order or self.ordered(files, order, seconds)[0] == 0:  # a page is run with the right version too
                return _first(out)
        return ""

    def ordered(
        self, files: list[str], order: list[str], seconds: float, wrong: Wrong | None = None, raw: bytes = b""
    ) -> tuple[int, str]:
        """Run tests of some files in their order, with a wrong version or without."""
        chosen = self.root.parent / "selected.json"
        chosen.write_text(json.dumps({"order": order, "known": [*self.seconds, *self.failed]}), encoding="utf-8")
        if wrong:
            (self.root / wrong.path).write_bytes(wrong.applied(raw))
        try:
            return self.pytest(*files, "--selected", str(chosen), seconds=seconds)
        finally:
            if wrong:
                (self.root / wrong.path).write_bytes(raw)

    def stages(self, wrong: Wrong, names: set[str], *, early: bool) -> Iterator[tuple[list[str], list[str], float]]:
        """Files, tests of them in their order, and the seconds that they may take."""
        files = self.own(wrong)
        own = {name for name in self.seconds if name.split("::")[0] in files}
        pages = [str(path) for path in sorted((self.root / "docs").glob(f"[0-9][0-9]-{Path(wrong.path).stem}.md"))]
        first = self.quickest(own & names if early else set(), float("inf"))
        if first or "tests/project/test_package.py" in files:
            yield files, first, self.limit(first)
        others = self.quickest(names - own if early else set(), BUDGET)
        if others:
            yield list(dict.fromkeys(name.split("::")[0] for name in others)), others, self.limit(others)
        if pages:
            yield pages, [], 600
        rest = self.quickest(own - names, BUDGET)
        if rest:
            yield files, rest, self.limit(rest)

    def limit(self, names: list[str]) -> float:
        """The seconds that tests may take here."""
        return 120 + 10 * sum(map(self.seconds.__getitem__, names))


def statement(raw: bytes, wrong: Wrong) -> range:
    """The lines of the innermost statement around a change; of a compound one, those of its head."""
    first, last = (raw[:place].count(b"\n") + 1 for place in wrong.span)
    kinds = ast.stmt | ast.ExceptHandler
    every = (node for node in ast.walk(ast.parse(raw)) if isinstance(node, kinds))
    around = [node for node in every if node.lineno <= first and last <= node.end_lineno]
    if not around:  # a decorator stands before its statement
        return range(first, last + 1)
    inner = min(around, key=lambda node: node.end_lineno - node.lineno)
    body = getattr(inner, "body", None)
    return range(inner.lineno, max(inner.lineno, body[0].lineno - 1) + 1 if body else inner.end_lineno + 1)


def _first(out: str) -> str:
    """What failed first, as pytest's last lines say it."""
    lines = [line for line in out.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return (lines or out.splitlines()[-1:] or ["ended without a word"])[0][:200]


class Reviewed:
    """The reasons why some wrong versions mean the same."""

    def __init__(self, path: Path = REVIEWED) -> None:
        self.entries = tomllib.loads(path.read_text(encoding="utf-8")).get("same", []) if path.exists() else []

    def reason(self, wrong: Wrong) -> str:
        """The reason, or nothing."""
        module = wrong.path.removeprefix("nnlit/")
        for entry in self.entries:
            place = entry["module"] in ("*", module) and entry["function"] in ("*", wrong.function)
            if place and wrong.was == entry["was"] and wrong.becomes in entry["becomes"]:
                return entry["reason"]
        return ""


def sample(root: Path, count: int, seed: int, modules: list[Path]) -> list[Wrong]:
    """So many wrong versions, drawn by the seed; another module that changes does not change which of the others."""
    every = [wrong for path in modules for wrong in wrong_versions(root, path)]
    times = Counter[str]()
    lots = dict[str, Wrong]()
    for wrong in every:
        name = f"{seed}|{wrong.path}|{wrong.function}|{wrong.kind}|{wrong.was}|{wrong.becomes}"
        times[name] += 1
        lots[digest(f"{name}|{times[name]}".encode())] = wrong
    raws = {path.relative_to(root).as_posix(): path.read_bytes() for path in modules}
    found = (wrong for _, wrong in sorted(lots.items()) if is_real(wrong, raws[wrong.path]))
    return [wrong for wrong, _ in zip(found, range(count), strict=False)]


class Kept:
    """What was rejected in earlier runs: a line of JSON each, which counts as long as the module stands as it did."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        lines = path.read_text(encoding="utf-8").splitlines() if path and path.exists() else []
        self.by = {tuple(key): by for key, by in map(json.loads, lines)}

    def key(self, wrong: Wrong, raw: bytes) -> tuple[str, ...]:
        """By which a version is known again."""
        return (wrong.path, digest(raw), str(wrong.span), wrong.becomes)

    def keep(self, wrong: Wrong, raw: bytes, by: str) -> None:
        """Note which test has rejected a version."""
        if self.path and by:
            with self.path.open("a", encoding="utf-8") as file:
                print(json.dumps([self.key(wrong, raw), by]), file=file)


def tried(copy: Copy, versions: list[Wrong], kept: Kept) -> Iterator[Verdict]:
    """The verdicts, one after the other."""
    reviewed = Reviewed()
    for wrong in versions:
        raw, reason = (copy.root / wrong.path).read_bytes(), reviewed.reason(wrong)
        by = "" if reason else kept.by.get(kept.key(wrong, raw), "")
        if not reason and not by:
            by = copy.killer(wrong)
            kept.keep(wrong, raw, by)
        yield Verdict(wrong, by, reason)


def run(count: int, seed: int, *, only: list[str] | None = None, folder: Path | None = None) -> list[Verdict]:
    """Try a sample, and print what happens."""
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        copy = Copy(Path(place), folder and folder / "reached.json")
        verdicts, start, kept = [], time.monotonic(), Kept(folder and folder / "rejected.jsonl")
        modules = [path for path in sorted((copy.root / "nnlit").glob("*.py")) if not only or path.stem in only]
        print(f"{len(copy.seconds)} tests; {len(copy.failed)} say nothing: {sorted(copy.failed)[:9]}", flush=True)
        for k, verdict in enumerate(tried(copy, sample(copy.root, count, seed, modules), kept), 1):
            verdicts.append(verdict)
            word = "ALIVE" if verdict.alive else (verdict.reason and f"same: {verdict.reason}") or f"by {verdict.by}"
            print(f"{k} {time.monotonic() - start:.0f} s {verdict.wrong}\n    {word}", flush=True)
    return verdicts


def counts(verdicts: list[Verdict]) -> dict[str, int]:
    """How many were tried, are equivalent, were noticed, and live."""
    same = sum(bool(v.reason) for v in verdicts)
    alive = sum(v.alive for v in verdicts)
    return {"tried": len(verdicts), "same": same, "killed": len(verdicts) - same - alive, "alive": alive}


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="+", help="modules, such as cli doors")
    parser.add_argument("--folder", type=Path, help="where it is kept what reaches what, and what was rejected")
    options = parser.parse_args()
    verdicts = run(options.count, options.seed, only=options.only, folder=options.folder)
    found = counts(verdicts)
    print(*(f"ALIVE {v.wrong}" for v in verdicts if v.alive), sep="\n")
    print(found, Counter(v.wrong.path for v in verdicts if v.alive))
    sys.exit(found["killed"] < WANTED * (found["killed"] + found["alive"]))


if __name__ == "__main__":
    main()
