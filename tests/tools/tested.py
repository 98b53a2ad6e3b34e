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
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
RECORD = ROOT / "docs" / "tested.json"
HEAD = ["what was done", "how often", "what came out", "seed, day"]
COUNTS = {"inputs": 100_000, "kills": 100, "mutants": 300, "branches": 0}
SUITE = ["nnlit", "tests", "--ignore=nnlit/book", "--ignore=tests/book", "--ignore=tests/project"]
REACHED = 98  # percent of the branches
Row = tuple[list[str], list[str]]  # how often and what came out; what went wrong


def inputs(count: int, seed: int) -> Row:
    """Files with faults."""
    import mutated_files

    found = mutated_files.run(count, seed)
    calls = f"{count:,} files, read {found.calls:,} times"
    bad = f"{len(found.wrong)} ended otherwise" if found.wrong else "none ended otherwise"
    gave = (
        f"{found.read:,} times the reader gave data, {found.calls - found.read - len(found.wrong):,} times it refused"
    )
    most = f"the longest call took {found.seconds:.1f} s, the largest {found.megabytes:.0f} MB"
    return [calls, f"{gave} the file by its name; {bad}; {most}"], found.wrong


def kills(count: int, seed: int) -> Row:
    """Killed trainings."""
    import kills as tool

    acts, wrong = tool.run(count, seed)
    wrote, ended = acts.get("while it wrote", 0), f"{len(wrong)} ended otherwise" if wrong else "none ended otherwise"
    what = "every training ended as if nobody had disturbed it, to the last bit" if not wrong else ended
    return [f"{count} kills", f"{wrote} fell while the checkpoint was written; {what}; nothing was left behind"], wrong


def mutants(count: int, seed: int) -> Row:
    """Wrong versions of the library."""
    import mutants as tool

    reached = os.environ.get("NNLIT_REACHED")  # a file with what reaches what, from an earlier run
    verdicts = tool.run(count, seed, known=Path(reached) if reached else None)
    found = tool.counts(verdicts)
    real = found["killed"] + found["alive"]
    text = f"{found['same']} mean the same; of the other {real} the tests rejected {found['killed']}"
    wrong = [str(v.wrong) for v in verdicts if v.alive]
    enough = found["killed"] >= tool.WANTED * real
    return [f"{found['tried']} versions", f"{text}, {found['killed'] / real:.1%}"], [] if enough else wrong


def branches(count: int, seed: int) -> Row:
    """Lines and branches."""
    with tempfile.TemporaryDirectory() as folder:
        data, report = Path(folder, "coverage"), Path(folder, "report.json")
        words = [sys.executable, "-m", "coverage"]
        rules = [f"--data-file={data}", "--rcfile=tests/tools/branches.toml"]
        subprocess.run([*words, "run", *rules, "-m", "pytest", "-q", *SUITE], cwd=ROOT, check=True)
        subprocess.run([*words, "json", "-q", *rules, "-o", str(report)], cwd=ROOT, check=False)
        total = json.loads(report.read_text(encoding="utf-8"))["totals"]
    reached = 100 * total["covered_branches"] / total["num_branches"]
    text = f"{total['covered_branches']:,} reached, {reached:.1f} %; of {total['num_statements']:,} statements"
    found = [f"{total['num_branches']:,} branches", f"{text} {total['percent_statements_covered']:.1f} %"]
    return found, [f"{reached:.2f} % of the branches"] if reached < REACHED else []


RUNS: dict[str, tuple[str, Callable[[int, int], Row]]] = {
    "inputs": ("files with faults given to every reader", inputs),
    "kills": ("trainings killed at random moments and resumed", kills),
    "mutants": ("wrong versions of the library put in place of the right one", mutants),
    "branches": ("branches of the library followed while its tests run", branches),
}


def keep(name: str, row: list[str], wrong: list[str], seconds: float) -> None:
    """Write the row of a run into the record."""
    from nnlit.book.source.digests import module_digest
    from nnlit.files import write_atomically

    kept: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {"rests_on": {}}
    rows = {cells[0]: cells for table in kept.get("tables", []) for cells in table["rows"]}
    rows[RUNS[name][0]] = [RUNS[name][0], *row]
    modules = sorted((ROOT / "nnlit").glob("*.py"))
    kept["rests_on"][name] = {path.relative_to(ROOT).as_posix(): module_digest(path) for path in modules}
    kept.setdefault("wrong", {})[name] = wrong
    kept.setdefault("seconds", {})[name] = round(seconds)
    ordered = [rows[text] for text, _ in RUNS.values() if text in rows]
    kept["about"] = "Recorded by `python tests/tools/tested.py`; each row can be repeated with its seed."
    kept["tables"] = [{"caption": "What the long runs found.", "head": HEAD, "rows": ordered}]
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
        start = time.monotonic()
        (often, out), wrong = RUNS[name][1](options.count or COUNTS[name], options.seed)
        day = datetime.now(UTC).date().isoformat()
        keep(name, [often, out, f"{options.seed}, {day}" if COUNTS[name] else day], wrong, time.monotonic() - start)
        print(f"{name}: {often}: {out}", *wrong, sep="\n", flush=True)
        status |= bool(wrong)
    sys.exit(status)


if __name__ == "__main__":
    main()
