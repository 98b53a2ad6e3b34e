"""Wrong versions of the library, and whether a test notices: `python tests/tools/mutants.py COUNT [--seed N]`.

A sample of all wrong versions (see `wrong_library.py`) is drawn by the seed. Each is put into a copy of the project,
and the tests that reach its function are run until one fails: those of its own module first, then the others that are
quick, then for a chapter's module its page, and at last those of its own module that were not seen to reach it, in
case another process of theirs does. A version that survives is a fault of the tests unless `equivalent.toml`,
beside this file, says why nobody could notice.
"""

import argparse
import json
import os
import random
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

from wrong_library import Wrong, is_real, wrong_versions

ROOT = Path(__file__).parents[2]
REVIEWED = Path(__file__).with_name("equivalent.toml")
WANTED = 0.97  # of the versions that could be noticed
BUDGET = 60  # seconds that tests may take which are not the module's own or were not seen to reach the function
TESTS = ["nnlit", "tests", "--ignore=nnlit/book", "--ignore=tests/book", "--ignore=tests/project"]
TESTS += ["--ignore=tests/browser"]
QUIET = ["-q", "-x", "-p", "selected", "-p", "no:cacheprovider", "--no-header", "--tb=line"]


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


class Copy:
    """A copy of the project in which versions are tried.

    Args:
        folder: where it is made.
        known: a file with what reaches what, from an earlier run of the same code; measured if it is not there.
    """

    def __init__(self, folder: Path, known: Path | None = None) -> None:
        self.root, self.known = folder / "nnlit", known or folder / "reached.json"
        kept = shutil.ignore_patterns(".*", "site", "build", "dist", "__pycache__", "node_modules")
        shutil.copytree(ROOT, self.root, ignore=kept)
        paths = [str(self.root), str(self.root / "tests" / "tools")]
        settings = os.environ | {"PYTHONPATH": os.pathsep.join(paths), "PYTHONDONTWRITEBYTECODE": "1"}
        self.server = subprocess.Popen(
            [sys.executable, "-m", "forking"], cwd=self.root, env=settings, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        if not self.known.exists():
            status, out = self.pytest(*TESTS, "--reached", str(self.known), "--maxfail=100000", seconds=3600)
            if not self.known.exists():
                raise SystemExit(f"pytest ended with {status} and did not measure:\n{out[-3000:]}")
        found = json.loads(self.known.read_text(encoding="utf-8"))
        self.seconds, self.failed, self.functions = found["seconds"], found["failed"], found["functions"]
        self.known_tests = [*self.seconds, *self.failed]
        shutil.rmtree(self.root / ".hypothesis", ignore_errors=True)

    def pytest(self, *words: str, seconds: float) -> tuple[int, str]:
        """Run pytest; its status, or 99 where it did not end in time, and its last lines."""
        out = self.root.parent / "out.txt"
        print(json.dumps([[*QUIET, *words], seconds, str(out)]), file=self.server.stdin, flush=True)
        answer = self.server.stdout.readline() if self.server.stdout else ""
        return int(answer or "98"), out.read_text(encoding="utf-8", errors="replace")

    def stages(self, wrong: Wrong) -> Iterator[tuple[list[str], list[str], float]]:
        """The files and tests that reach the function, those of the module's own first; then the chapter's page."""
        stem, reached = Path(wrong.path).stem, self.functions.get(wrong.path, {})
        names = set(reached.get(wrong.function, ()))
        if not names:  # run when the module is imported, or by another process
            names = {name for tests in reached.values() for name in tests}
        test = "tests/project/test_package.py" if stem == "__init__" else f"tests/test_{stem}.py"
        files = [name for name in (f"nnlit/{stem}.py", test) if (self.root / name).exists()]
        own = {name for name in self.seconds if name.split("::")[0] in files}
        pages = [str(path) for path in sorted((self.root / "docs").glob(f"[0-9][0-9]-{stem}.md"))]
        yield files, *self.quickest(own & names, float("inf"))
        order, seconds = self.quickest(names - own, BUDGET)
        yield [*dict.fromkeys(name.split("::")[0] for name in order)], order, seconds
        yield pages, [], 600
        yield files, *self.quickest(own - names, BUDGET)

    def quickest(self, names: set[str], budget: float) -> tuple[list[str], float]:
        """Tests, the quick ones first, as many as fit into so many seconds; and how long they may take here."""
        order = sorted(names, key=self.seconds.__getitem__)
        sums = list(accumulate(map(self.seconds.__getitem__, order)))
        kept = [name for name, total in zip(order, sums, strict=True) if total < budget]
        return kept, 120 + 10 * sum(map(self.seconds.__getitem__, kept))

    def killer(self, wrong: Wrong) -> str:
        """The first test that fails with a wrong version, or nothing."""
        path = self.root / wrong.path
        raw = path.read_bytes()
        path.write_bytes(wrong.applied(raw))
        try:
            for files, names, seconds in self.stages(wrong):
                if not names and any(
                    name.split("::")[0] in files for name in self.known_tests
                ):  # none of them is wanted
                    continue
                chosen = self.root.parent / "selected.json"
                chosen.write_text(json.dumps({"order": names, "known": self.known_tests}), encoding="utf-8")
                status, out = self.pytest(*files, "--selected", str(chosen), seconds=seconds) if files else (0, "")
                if status not in (0, 5):  # 5: none of the tests is there
                    return _first(out)
            return ""
        finally:
            path.write_bytes(raw)


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
        text = (wrong.path.removeprefix("nnlit/"), wrong.function, wrong.was)
        for entry in self.entries:
            if text == (entry["module"], entry["function"], entry["was"]) and wrong.becomes in entry["becomes"]:
                return entry["reason"]
        return ""


def sample(root: Path, count: int, seed: int, modules: list[Path]) -> list[Wrong]:
    """So many wrong versions, drawn by the seed."""
    every = [wrong for path in modules for wrong in wrong_versions(root, path)]
    random.Random(seed).shuffle(every)  # noqa: S311
    raws = {path.relative_to(root).as_posix(): path.read_bytes() for path in modules}
    found = (wrong for wrong in every if is_real(wrong, raws[wrong.path]))
    return [wrong for wrong, _ in zip(found, range(count), strict=False)]


def tried(copy: Copy, versions: list[Wrong]) -> Iterator[Verdict]:
    """The verdicts, one after the other."""
    reviewed = Reviewed()
    for wrong in versions:
        reason = reviewed.reason(wrong)
        yield Verdict(wrong, "" if reason else copy.killer(wrong), reason)


def run(count: int, seed: int, *, only: list[str] | None = None, known: Path | None = None) -> list[Verdict]:
    """Try a sample, and print what happens."""
    with tempfile.TemporaryDirectory() as folder:
        copy, verdicts, start = Copy(Path(folder), known), [], time.monotonic()
        modules = [path for path in sorted((copy.root / "nnlit").glob("*.py")) if not only or path.stem in only]
        print(f"{len(copy.seconds)} tests; {len(copy.failed)} say nothing: {copy.failed[:9]}", flush=True)
        for k, verdict in enumerate(tried(copy, sample(copy.root, count, seed, modules)), 1):
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
    parser.add_argument("--reached", type=Path, help="what reaches what, kept from run to run of the same code")
    options = parser.parse_args()
    verdicts = run(options.count, options.seed, only=options.only, known=options.reached)
    found = counts(verdicts)
    print(*(f"ALIVE {v.wrong}" for v in verdicts if v.alive), sep="\n")
    print(found, Counter(v.wrong.path for v in verdicts if v.alive))
    sys.exit(found["killed"] < WANTED * (found["killed"] + found["alive"]))


if __name__ == "__main__":
    main()
