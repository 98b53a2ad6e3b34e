"""How the book is tested, measured: `python tests/tools/tested.py [RUN ...] [--seed N] [--count N]`.

    inputs     files with faults, for every reader
    kills      trainings that are killed and resumed
    mutants    wrong versions of the library, tried on the tests
    branches   which branches of the library its tests reach

Each writes its row of `docs/tested.json`, from which the site makes the page "How this book is tested". Without names
all four are run, which takes hours. The exit status is 1 if a run found a fault.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from selected import LONG

ROOT = Path(__file__).parents[2]
RECORD = ROOT / "docs" / "tested.json"
ABOUT = "Recorded by `python tests/tools/tested.py`. A row with a seed can be repeated."
HEAD = ["what was done", "how often", "what came out", "seed, day"]
COUNTS = {"inputs": 100_000, "kills": 100, "mutants": 300, "branches": 0}
SUITE = ["--ignore=nnlit/book", "-k", LONG]
REACHED = 98  # percent of the branches
Found = dict[str, Any]  # numbers by name; under "wrong" what went wrong, one line each


def inputs(count: int, seed: int) -> Found:
    """Files with faults."""
    import mutated_files

    found = mutated_files.run(count, seed)
    numbers = {name: getattr(found, name) for name in ("calls", "read", "wrong")}
    more = {"repeated": found.repeated, "again": round(found.again, 1), "megabytes": round(found.megabytes)}
    return numbers | {"files": count, "seconds": round(found.seconds, 1)} | more


def kills(count: int, seed: int) -> Found:
    """Killed trainings."""
    import kills as tool

    acts, wrong = tool.run(count, seed)
    return {"kills": count, "wrote": acts.get("while it wrote", 0), "wrong": wrong}


def mutants(count: int, seed: int) -> Found:
    """Wrong versions of the library."""
    import mutants as tool

    folder = os.environ.get("NNLIT_MUTANTS")  # where it is kept what reaches what, and what was rejected
    verdicts = tool.run(count, seed, folder=Path(folder) if folder else None)
    found, alive = tool.counts(verdicts), [str(v.wrong) for v in verdicts if v.alive]
    enough = found["killed"] >= tool.WANTED * (found["killed"] + found["alive"])
    return found | {"lives": alive, "wrong": [] if enough else alive, "first": first_found(found, seed)}


def first_found(found: Found, seed: int) -> int:
    """How many versions of a sample were rejected when it was tried first, before tests were written for the others."""
    kept: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {}
    before, when = kept.get("found", {}).get("mutants", {}), kept.get("when", {}).get("mutants", "")
    if before.get("tried") != found["tried"] or not when.startswith(f"seed {seed},"):
        return int(found["killed"])
    return int(before.get("first", before["killed"]))


def branches(count: int, seed: int) -> Found:
    """Lines and branches; the files of tests are dealt out to the cores."""
    with tempfile.TemporaryDirectory() as folder:
        report, words = Path(folder, "report.json"), [sys.executable, "-m", "coverage"]
        rules = [f"--data-file={Path(folder, 'coverage')}", "--rcfile=tests/tools/branches.toml"]
        files = sorted((ROOT / "tests").glob("test_*.py"), key=lambda path: -path.stat().st_size)
        names, parts = ["nnlit", *map(str, files)], os.cpu_count() or 1
        with ThreadPoolExecutor(parts) as pool:
            failed = list(pool.map(lambda k: followed(names[k::parts], Path(folder), k), range(parts)))
        for step in (["combine", *rules, folder], ["report", *rules], ["json", "-q", *rules, "-o", str(report)]):
            subprocess.run([*words, *step], cwd=ROOT, check=False)
        total = json.loads(report.read_text(encoding="utf-8"))["totals"]
    numbers = ("num_branches", "covered_branches", "num_statements", "covered_lines")
    short = total["covered_branches"] < REACHED / 100 * total["num_branches"]
    wrong = ["too few branches"] * short + ["a test failed"] * any(failed)
    return {name: total[name] for name in numbers} | {"wrong": wrong}


def followed(names: list[str], folder: Path, part: int) -> int:
    """Whether a test of some files fails while its branches are followed, twice: a busy machine may be late once."""
    settings = os.environ | {"CI": "1"}  # by which hypothesis does not look at the clock
    run = [sys.executable, "-m", "coverage", "run", "--rcfile=tests/tools/branches.toml"]
    test = ["-m", "pytest", "-q", *SUITE, "-o", f"cache_dir={folder / f'cache{part}'}", *names]
    status = 0
    for again in ([], ["--last-failed"]):
        data = f"--data-file={folder / f'coverage.{part}{len(again)}'}"
        status = subprocess.run([*run, data, *test, *again], cwd=ROOT, env=settings, check=False).returncode
        if not status:
            return 0
    return status


RUNS: dict[str, tuple[str, Callable[[int, int], Found]]] = {
    "inputs": ("files with faults given to every reader", inputs),
    "kills": ("trainings killed at random moments and resumed", kills),
    "mutants": ("wrong versions of the library put in place of the right one", mutants),
    "branches": ("branches of the library followed while its tests run", branches),
}


def cells(name: str, found: Found) -> list[str]:
    """How often something was done, and what came out, in words."""
    wrong = len(found["wrong"])
    if name == "inputs":
        refused = found["calls"] - found["read"] - wrong
        every = f"{wrong} calls ended in a fault" if wrong else "no call ended in a fault"
        gave = f"of {found['calls']:,} calls {found['read']:,} gave data and {refused:,} refused the file by its name"
        slow = f"the longest took {found['seconds']} s"
        if found["repeated"]:
            slow = f"{found['repeated']} took up to {found['seconds']} s beside other work of the machine, and at most "
            slow += f"{found['again']} s when repeated"
        return [f"{found['files']:,}", f"{every}; {gave}; {slow}; the largest took {found['megabytes']} MB"]
    if name == "kills":
        same = "every training, resumed, gave the same bits as one that nobody disturbed, and left nothing behind"
        what = f"not so: {wrong} ended otherwise" if wrong else same
        return [f"{found['kills']}", f"{what}; of the kills {found['wrote']} fell while the checkpoint was written"]
    if name == "mutants":
        real = found["killed"] + found["alive"]
        share = found["killed"] / real
        part = f"of {real} that mean something else a test rejected {found['killed']}, which is {share:.1%}"
        first = found.get("first", found["killed"])
        if first < found["killed"]:
            part += f" (when the sample was drawn {first}, {first / real:.1%}; then tests were written)"
        return [f"{found['tried']}", f"{part}; the other {found['same']} mean the same"]
    part, lines = found["covered_branches"] / found["num_branches"], found["covered_lines"] / found["num_statements"]
    return [f"{found['num_branches']:,}", f"of the branches {part:.1%} were followed, of the statements {lines:.1%}"]


def tables(kept: dict[str, Any]) -> list[dict[str, Any]]:
    """The table of a record, as the site shows it."""
    rows = [[RUNS[n][0], *cells(n, kept["found"][n]), kept["when"][n]] for n in RUNS if n in kept["found"]]
    rows += [[RUNS[n][0], "", "not recorded yet", ""] for n in RUNS if n not in kept["found"]]
    return [{"caption": "What the long runs found.", "head": HEAD, "rows": rows}]


def digests() -> dict[str, str]:
    """The hashes of the library's modules as they are now."""
    from nnlit.book.source.digests import module_digest

    modules = [path for path in sorted((ROOT / "nnlit").glob("*.py")) if path.stem != "__init__"]
    return {path.relative_to(ROOT).as_posix(): module_digest(path) for path in modules}


def keep(name: str, found: Found, when: str, basis: dict[str, str]) -> None:
    """Write what a run found into the record, and on which code."""
    from nnlit.files import write_atomically

    empty = {"about": ABOUT, "rests_on": {}, "found": {}, "when": {}}
    kept: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else empty
    kept["rests_on"][name], kept["found"][name], kept["when"][name] = basis, found, when
    kept["tables"] = tables(kept)
    with write_atomically(RECORD) as file:
        file.write((json.dumps(kept, indent=1, ensure_ascii=False) + "\n").encode())


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", nargs="*", metavar="RUN", help=", ".join(RUNS))
    parser.add_argument("--seed", type=int, default=14)
    parser.add_argument("--count", type=int, help="how many, if not as many as the book asks for")
    options = parser.parse_args()
    status = 0
    for name in options.runs or RUNS:
        basis = digests()
        found = RUNS[name][1](options.count or COUNTS[name], options.seed)
        day = datetime.now(UTC).date().isoformat()
        keep(name, found, f"seed {options.seed}, {day}" if COUNTS[name] else day, basis)
        print(f"{name}: {'; '.join(cells(name, found))}", *found["wrong"], sep="\n", flush=True)
        status |= bool(found["wrong"])
    sys.exit(status)


if __name__ == "__main__":
    main()
